"""What the same measures do at another time: each alone three months earlier or later, and all."""

from __future__ import annotations

import pandas as pd

from playbook.base.contracts import Frame, number, text
from playbook.base.formats import Formats
from playbook.base.language import later, say, term
from playbook.case.alignment import aligned
from playbook.methods.means import mean_interval
from playbook.page import Col, Table, table
from playbook.simulator.outcomes import OUTCOMES

from .codes import LABELS, LEVERS, begins_on
from .effects import by_seed
from .wording import OUTCOME, OutcomeFormats


class LeverTiming(Frame):
    """One row per outcome and measure moved in time, the others on their dates."""

    code = text("the measures, one letter each: 1 on its date, e earlier, l later")
    lever = text("the measure moved, or all five")
    when = text("where it was moved to")
    outcome = text("outcome of the simulated company")
    effect = number("difference from all five on their dates", low="low", high="high")
    low = number("lower end of the 95 % t interval over the companies")
    high = number("upper end of it")


def moved(runs: pd.DataFrame) -> pd.DataFrame:
    """What each measure changes when it begins earlier or later, and what all five do."""
    every, rows = "1" * len(LEVERS), []
    codes = [code for code in dict.fromkeys(runs["mask"]) if set(code) & set("el")]
    timed = runs[runs["mask"].isin([*codes, every])]
    wide = {outcome: by_seed(timed, outcome) for outcome in OUTCOMES}
    for code in codes:
        places = [i for i, letter in enumerate(code) if letter in "el"]
        who = later("All five") if len(places) == len(LEVERS) else LABELS[LEVERS[places[0]]]
        when = begins_on(code[places[0]])
        for outcome in OUTCOMES:
            mean, low, high = mean_interval(wide[outcome][code] - wide[outcome][every])
            rows.append(
                {
                    "code": code,
                    "lever": who,
                    "when": when,
                    "outcome": outcome,
                    "effect": mean,
                    "low": low,
                    "high": high,
                }
            )
    return LeverTiming.make(rows)


def timing_table(moved: pd.DataFrame, seeds: int, fmt: Formats) -> Table:
    """What starting each measure earlier or later does to sales of the nine months and to the third
    quarter.
    """
    wording, shown = OutcomeFormats(fmt), ("sales_year", "growth", "renewal", "match")
    rows = []
    for _, group in moved.groupby("code", sort=False):
        by_outcome = group.set_index("outcome")
        rows.append(
            {
                "what": say(
                    "{lever}: {when}", lever=term(group.lever.iloc[0]), when=group.when.iloc[0]
                ),
                **{
                    outcome: wording.interval(
                        outcome, *by_outcome.loc[outcome, ["effect", "low", "high"]]
                    )
                    for outcome in shown
                },
            }
        )
    columns = [
        Col("what", label="Measure", weight=2.2),
        Col("sales_year", label=OUTCOME["sales_year"][0], weight=1.6),
        Col("growth", label=OUTCOME["growth"][0], weight=1.4),
        Col("renewal", label=OUTCOME["renewal"][0], weight=1.4),
        Col("match", label=OUTCOME["match"][0]),
    ]
    made = table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say("The same measures at another time"),
        note=(
            say(
                "difference from all five on their dates, {seeds} companies on the"
                " same random numbers, 95 % t interval; – = no difference",
                seeds=seeds,
            )
        ),
    )
    return aligned(made, "rrrr")
