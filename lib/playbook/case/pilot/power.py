"""What a pilot could show: the smallest effect seen with 80 % power, by length, outcome and
design.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, count, number, points, ratio, share, text
from playbook.base.formats import Formats, is_missing, plural
from playbook.case.alignment import aligned
from playbook.methods import experiment, pilot_design
from playbook.page import Col, Table, table

from .panels import LABEL, Panel

LENGTHS = (1, 2, 3, 6)  # months a pilot may be planned for


class PilotPower(Frame):
    """One row per outcome and length: the smallest effect seen with 80 % power."""

    outcome = text("sales, orders, buyers or win_rate")
    months = count("length of the pilot, and of the span before it")
    detectable = number("smallest effect seen: share of the level before, or points of a rate")
    log = number("the same on the scale it is judged on: log change, or points of a rate")
    scaled = ratio("smallest effect seen ÷ effect wanted; 1 or less: the effect wanted is seen")
    unit = text("unit of detectable: share or pp")


class PilotDesigns(Frame):
    """One row per design at the settings' length: number of piloted groups, or matched pairs."""

    design = text("the design")
    take = count("groups piloted; 0 for matched pairs")
    smallest = share("smallest p value the design can give")
    sales = share("smallest effect on sales seen with 80 % power")
    orders = share("smallest effect on the number of orders")
    buyers = share("smallest effect on the number of buying customers")
    win_rate = points("smallest effect on the win rate", optional=True)


def power_row(
    panel: Panel, take: int, months: int, wanted: float, wanted_points: float | None
) -> dict[str, object]:
    """Smallest effect of one outcome at one length, also relative to the effect wanted.

    take: groups piloted. wanted: effect wanted [share of the level before]. wanted_points: the
    same for the win rate [points].
    """
    seen = pilot_design.detectable(panel.history(months), take)
    asked = np.log1p(wanted) if panel.unit == "share" else wanted_points
    return {
        "outcome": panel.key,
        "months": months,
        "detectable": np.nan if seen is None else panel.as_effect(seen),
        "log": np.nan if seen is None else seen,
        "scaled": np.nan if seen is None or not asked else seen / asked,
        "unit": panel.unit,
    }


def designs_of(
    outcomes: dict[str, Panel], months: int, pairs: list[tuple[int, int]]
) -> pd.DataFrame:
    """Each number of piloted groups, and matched pairs, at one length [months]."""
    n = len(outcomes["sales"].members)
    histories = {key: panel.history(months) for key, panel in outcomes.items()}
    rows: list[dict[str, object]] = [
        {
            "design": f"{take} of {n} groups",
            "take": take,
            "smallest": experiment.smallest_p(n, take),
            **{
                key: panel.as_effect(pilot_design.detectable(histories[key], take))
                for key, panel in outcomes.items()
            },
        }
        for take in range(1, n // 2 + 1)
    ]
    paired = {
        key: panel.as_effect(pilot_design.detectable_pairs(histories[key], pairs))
        for key, panel in outcomes.items()
    }
    rows.append(
        {
            "design": f"one of each of {len(pairs)} pairs",
            "take": 0,
            "smallest": 2 / 2 ** len(pairs),
            **paired,
        }
    )
    return PilotDesigns.make(rows)


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
        *(Col(o, label=f"{LABEL[o]}{' (primary)' if o == primary else ''}") for o in outcomes),
    ]
    made = table(
        pd.DataFrame(wide),
        columns,
        fmt,
        title="Smallest effect a pilot shows, before any result",
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
    """More groups, or pairs: what each design would show in ``length`` months."""
    shown = designs.assign(
        one_in=[f"{r.smallest:.3f} (1 in {round(1 / r.smallest)})" for r in designs.itertuples()],
        **{
            o: [fmt.text(v, "pp" if o == "win_rate" else "share") for v in designs[o]]
            for o in outcomes
        },
    )
    columns = [
        Col("design", label="Design", weight=1.6),
        Col("one_in", label="Smallest p"),
        *(Col(o, label=LABEL[o]) for o in outcomes),
    ]
    made = table(
        shown,
        columns,
        fmt,
        title=f"More groups, or pairs: what {plural(length, 'month')} would show",
        note=(
            "smallest effect with 80 % power of the randomisation test; a design whose smallest p"
            " lies above 0.050 cannot be decided, whatever the effect (–)"
        ),
    )
    return aligned(made, "r" * (1 + len(outcomes)))
