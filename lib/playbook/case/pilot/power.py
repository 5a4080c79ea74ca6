"""What a pilot could show: the smallest effect seen with 80 % power, by length, outcome and
design.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, count, money, number, points, ratio, share, text
from playbook.base.formats import Formats, is_missing, plural
from playbook.base.language import say
from playbook.base.settings import PilotSettings
from playbook.case.alignment import aligned
from playbook.methods import experiment, pilot_design, staggered
from playbook.page import Col, Table, table

from .compared import NAMES, ends_without, piloted_months, stretches
from .panels import LABEL, Panel

LENGTHS = (1, 2, 3, 6)  # months a pilot may be planned for
MOST_STAGGERED = 6  # groups that may start one after the other, one a month


class PilotPower(Frame):
    """One row per outcome and length: the smallest effect seen with 80 % power."""

    outcome = text("sales, orders, buyers or win_rate")
    months = count("length of the pilot, and of the span before it")
    detectable = number("smallest effect seen: share of the level before, or points of a rate")
    log = number("the same on the scale it is judged on: log change, or points of a rate")
    scaled = ratio("smallest effect seen ÷ effect wanted; 1 or less: the effect wanted is seen")
    unit = text("unit of detectable: share or pp")


class PilotDesigns(Frame):
    """One row per design: number of piloted groups, matched pairs, what they are held against, one
    month more, or all groups one after the other.
    """

    design = text("the design")
    take = count("groups piloted; 0 for matched pairs and for all one after the other")
    months = count("length of the pilot")
    smallest = share("smallest p value the design can give")
    sales = share("smallest effect on sales seen with 80 % power")
    orders = share("smallest effect on the number of orders")
    buyers = share("smallest effect on the number of buying customers")
    win_rate = points("smallest effect on the win rate", optional=True)
    seen_money = money("the smallest effect on sales, a month in the piloted groups")
    cost = money("cost of the design, in proportion to groups and months; none without a cost")
    pays_from = share("effect on sales that brings in the cost while the pilot runs")


def power_row(
    panel: Panel, take: int, months: int, settings: PilotSettings, wanted_points: float | None
) -> dict[str, object]:
    """Smallest effect of one outcome at one length, also relative to the effect wanted, by the test
    that will decide; months of an earlier pilot are no past of no pilot.

    take: groups piloted. wanted_points: effect wanted of the win rate [points].
    """
    past = stretches(panel, months, take, settings.compare, piloted_months(panel, settings))
    seen = past.detectable(take)
    asked = np.log1p(settings.wanted) if panel.unit == "share" else wanted_points
    return {
        "outcome": panel.key,
        "months": months,
        "detectable": np.nan if seen is None else panel.as_effect(seen),
        "log": np.nan if seen is None else seen,
        "scaled": np.nan if seen is None or not asked else seen / asked,
        "unit": panel.unit,
    }


def designs_of(
    outcomes: dict[str, Panel], settings: PilotSettings, take: int, pairs: list[tuple[int, int]]
) -> pd.DataFrame:
    """Designs side by side: each number of piloted groups, matched pairs, other comparisons, one
    month more, and all groups one after the other.
    """
    n, months, how = len(outcomes["sales"].members), settings.months, settings.compare
    rows = [_row(outcomes, settings, one, months, how) for one in range(1, n // 2 + 1)]
    piloted = piloted_months(outcomes["sales"], settings)
    paired = {
        key: panel.as_effect(
            pilot_design.detectable_pairs(
                stretches(panel, months, 1, "means", piloted).changes, pairs
            )
        )
        for key, panel in outcomes.items()
    }
    name = say("one of each of {pairs} pairs", pairs=len(pairs))
    rows.append(
        _with_money(outcomes, settings, name, len(pairs), months, 2 / 2 ** len(pairs), paired)
    )
    rows[-1]["take"] = 0
    for other in NAMES:
        if other != how:
            rows.append(_row(outcomes, settings, take, months, other, say(NAMES[other])))
    longer = plural(months + 1, "month")
    rows.append(_row(outcomes, settings, take, months + 1, how, longer))
    if n <= MOST_STAGGERED:
        rows.append(_staggered(outcomes, settings, piloted))
    return PilotDesigns.make(rows)


def _row(
    outcomes: dict[str, Panel],
    settings: PilotSettings,
    take: int,
    months: int,
    how: str,
    more: str = "",
) -> dict[str, object]:
    n = len(outcomes["sales"].members)
    seen = {
        key: panel.as_effect(
            stretches(panel, months, take, how, piloted_months(panel, settings)).detectable(take)
        )
        for key, panel in outcomes.items()
    }
    name = (
        say("{take} of {n} groups, {more}", take=take, n=n, more=more)
        if more
        else say("{take} of {n} groups", take=take, n=n)
    )
    smallest = experiment.smallest_p(n, take)
    return _with_money(outcomes, settings, name, take, months, smallest, seen)


def _staggered(
    outcomes: dict[str, Panel], settings: PilotSettings, piloted: range
) -> dict[str, object]:
    """All groups start, one a month, in an order drawn by lot."""
    n, lead = len(outcomes["sales"].members), settings.months
    starts = [lead + number for number in range(n)]
    wide, seen = lead + n, {}
    for key, panel in outcomes.items():
        paths = np.log(panel.up) if panel.down is None else panel.paths()
        past = [paths[:, end - wide : end] for end in ends_without(panel, wide, piloted, spans=1)]
        seen[key] = panel.as_effect(staggered.detectable_staggered(past, starts))
    smallest = staggered.smallest_p_staggered(starts)
    name = say("all {n} groups, one a month, by lot", n=n)
    row = _with_money(outcomes, settings, name, n, n, smallest, seen)
    return {**row, "take": 0}


def _with_money(
    outcomes: dict[str, Panel],
    settings: PilotSettings,
    name: str,
    take: int,
    months: int,
    smallest: float,
    seen: dict[str, float | None],
) -> dict[str, object]:
    """A row of ``PilotDesigns``: what the effect comes to in money, and what the design costs."""
    sales = outcomes["sales"]
    base = float(sales.up[:, -12:].mean()) * take  # sales a month of so many groups
    effect = seen["sales"]
    cost = settings.cost * (take * months) / (settings.take * settings.months)
    return {
        "design": name,
        "take": take,
        "months": months,
        "smallest": smallest,
        **seen,
        "seen_money": None if effect is None else effect * base,
        "cost": cost or None,
        "pays_from": cost / (base * months) if cost and base else None,
    }


def closest_to_wanted(power: pd.DataFrame) -> pd.Series | None:
    """The outcome and length closest to the effect wanted: the shortest that shows it, else the
    one that misses it least; None where nothing is known.
    """
    known = power[power.scaled.notna()]
    if known.empty:
        return None
    enough = known[known.scaled <= 1]
    return (
        enough.sort_values(["months", "scaled"], kind="stable")
        if len(enough)
        else known.sort_values(["scaled", "months"], kind="stable")
    ).iloc[0]


def power_table(
    power: pd.DataFrame, outcomes: Sequence[str], primary: str, note: str, fmt: Formats
) -> Table:
    """Smallest effects by length and outcome; a tick where the effect wanted is seen."""
    wide = [
        {"months": months, **{o: _seen(power, o, months, fmt) for o in outcomes}}
        for months in LENGTHS
    ]
    columns = [
        Col("months", "count", "Months before and after"),
        *(
            Col(
                o, label=say("{label} (primary)", label=say(LABEL[o])) if o == primary else LABEL[o]
            )
            for o in outcomes
        ),
    ]
    made = table(
        pd.DataFrame(wide),
        columns,
        fmt,
        title=say("Smallest effect a pilot shows, before any result"),
        note=note,
    )
    return aligned(made, "r" * len(outcomes))


def _seen(power: pd.DataFrame, outcome: str, months: int, fmt: Formats) -> str:
    rows = power[(power.outcome == outcome) & (power.months == months)]
    if rows.empty or is_missing(rows.detectable.iloc[0]):
        return "–"
    return fmt.text(rows.detectable.iloc[0], rows.unit.iloc[0]) + (
        " ✓" if rows.scaled.iloc[0] <= 1 else ""
    )


def designs_table(
    designs: pd.DataFrame, outcomes: Sequence[str], length: int, fmt: Formats
) -> Table:
    """The designs side by side: what each would show, what that is in money, and what it costs."""
    costs = designs["cost"].notna().any()
    shown = designs.assign(
        one_in=[
            say("{p:.3f} (1 in {n})", p=r.smallest, n=round(1 / r.smallest))
            for r in designs.itertuples()
        ],
        **{
            o: [fmt.text(v, "pp" if o == "win_rate" else "share") for v in designs[o]]
            for o in outcomes
        },
    )
    columns = [
        Col("design", label="Design", weight=1.6),
        Col("one_in", label="Smallest p"),
        *(Col(o, label=LABEL[o]) for o in outcomes),
        Col("seen_money", "money", "Sales a month to be seen", compact=True),
        *([Col("cost", "money", "Cost", compact=True)] if costs else []),
        *([Col("pays_from", "share", "Pays from")] if costs else []),
    ]
    made = table(
        shown,
        columns,
        fmt,
        title=say(
            "Designs side by side: what {months} would show, and for how much",
            months=plural(length, "month"),
        ),
        note=(
            say(
                "smallest effect with 80 % power of the randomisation test that"
                " decides; a design whose smallest p lies above 0.050 cannot be"
                " decided, whatever the effect (–)"
            )
            + (
                say("; pays from: effect on sales that brings in the cost while it runs")
                if costs
                else ""
            )
        ),
    )
    return aligned(made, "r" * (1 + len(outcomes)))
