"""What the measures do together: the company with none and with all of them, and what is beyond
the sum of the single effects.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, number, text
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.case.alignment import aligned
from playbook.methods.means import mean_interval
from playbook.page import Col, Table, table
from playbook.simulator.outcomes import OUTCOMES

from .codes import LABELS, LEVERS, mask_of
from .effects import by_seed, switched_runs
from .wording import OUTCOME, OutcomeFormats


class LeverEnds(Frame):
    """One row per outcome: the company without any measure and with all five."""

    outcome = text("outcome of the simulated company")
    off = number("mean with no measure")
    on = number("mean with all five")
    change = number("on − off")
    interaction = number(
        "change less the sum of each measure's effect when taken alone", low="low", high="high"
    )
    low = number("lower end of the 95 % t interval of the interaction")
    high = number("upper end of it")


class LeverPairs(Frame):
    """One row per outcome and pair of measures: their Shapley interaction."""

    outcome = text("outcome of the simulated company")
    pair = text("the two measures")
    effect = number("what both add beyond each alone", low="low", high="high")
    low = number("lower end of the 95 % t interval over the companies")
    high = number("upper end of it")


def corners(runs: pd.DataFrame) -> pd.DataFrame:
    """Per outcome: mean with no measure and with all, the change, and what all give beyond the sum
    of the single effects, with its interval.
    """
    rows = []
    for outcome in OUTCOMES:
        wide = by_seed(switched_runs(runs), outcome)
        none, every = wide[mask_of(())], wide[mask_of(LEVERS)]
        beyond = every - none - sum(wide[mask_of((name,))] - none for name in LEVERS)
        mean, low, high = mean_interval(beyond)
        rows.append(
            {
                "outcome": outcome,
                "off": none.mean(),
                "on": every.mean(),
                "change": every.mean() - none.mean(),
                "interaction": mean,
                "low": low,
                "high": high,
            }
        )
    return LeverEnds.make(rows)


def pair_effect(values: pd.DataFrame, i: int, j: int, n: int) -> pd.Series:
    """Shapley interaction of measures ``i`` and ``j``: what the two add together beyond each alone,
    averaged over what else is on. values: seeds × codes.

    Source: M. Grabisch and M. Roubens, An axiomatic approach to the concept of interaction among
    players in cooperative games, 1999.
    """
    total = 0.0
    for code in values.columns:
        if code[i] == code[j] == "0":
            size = code.count("1")
            with_both, with_i, with_j = (
                _turned_on(code, places) for places in ((i, j), (i,), (j,))
            )
            total = total + factorial(size) * factorial(n - size - 2) / factorial(n - 1) * (
                values[with_both] - values[with_i] - values[with_j] + values[code]
            )
    return total  # type: ignore[return-value]


def _turned_on(code: str, places: tuple[int, ...]) -> str:
    return "".join("1" if k in places else letter for k, letter in enumerate(code))


def pairs(runs: pd.DataFrame) -> pd.DataFrame:
    """Shapley interaction per outcome and pair of measures, with its 95 % t interval."""
    kept, rows = switched_runs(runs), []
    codes, both = list(dict.fromkeys(kept["mask"])), list(combinations(range(len(LEVERS)), 2))
    units = pd.DataFrame(np.eye(len(codes)), columns=codes)
    shares = np.column_stack([pair_effect(units, i, j, len(LEVERS)) for i, j in both])
    for outcome in OUTCOMES:
        each = by_seed(kept, outcome)[codes].to_numpy() @ shares
        for (i, j), effects in zip(both, each.T, strict=True):
            mean, low, high = mean_interval(pd.Series(effects))
            rows.append(
                {
                    "outcome": outcome,
                    "pair": say(
                        "{labels} and {labels_2}",
                        labels=say(LABELS[LEVERS[i]]).lower(),
                        labels_2=say(LABELS[LEVERS[j]]).lower(),
                    ),
                    "effect": mean if abs(mean) > 1e-9 else 0.0,
                    "low": low,
                    "high": high,
                }
            )
    return LeverPairs.make(rows)


def together_table(ends: pd.DataFrame, pairs: pd.DataFrame, seeds: int, fmt: Formats) -> Table:
    """With no measure and with all, what they do beyond the single effects, the strongest pair."""
    wording = OutcomeFormats(fmt)
    strongest = {
        outcome: group.sort_values("size", ascending=False, kind="stable").iloc[0]
        for outcome, group in pairs.assign(size=pairs.effect.abs()).groupby("outcome")
    }
    rows = [
        {
            "label": OUTCOME[r.outcome][0],
            "off": wording.text(r.outcome, r.off),
            "on": wording.text(r.outcome, r.on),
            "beyond": wording.interval(r.outcome, r.interaction, r.low, r.high),
            "pair": _pair_text(strongest[r.outcome], wording),
        }
        for r in ends.itertuples()
    ]
    columns = [
        Col("label", "term", "Outcome", weight=1.4),
        Col("off", label="No measure"),
        Col("on", label="All five"),
        Col("beyond", label="Beyond the single effects", weight=1.3),
        Col("pair", label="Pair that adds most to, or takes most from, each other", weight=2.2),
    ]
    made = table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say("With no measure, with all, and what they do together"),
        note=(
            say(
                "means over {seeds} companies; beyond = all five less the sum of"
                " each measure taken alone; pair: Shapley interaction of two"
                " measures; 95 % t intervals",
                seeds=seeds,
            )
        ),
    )
    return aligned(made, "rrr")


def _pair_text(row: pd.Series, wording: OutcomeFormats) -> str:
    if row.effect == 0:
        return "–"
    return say(
        "{pair}: {outcome}",
        pair=row.pair,
        outcome=wording.interval(row.outcome, row.effect, row.low, row.high),
    )
