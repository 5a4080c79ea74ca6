"""Who sells and is still here, with the sales and open deals that quotas are weighed by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from playbook.base.formats import is_missing
from playbook.base.periods import Month
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures import deal_counts, sales
from playbook.data.measures.pipeline import open_sums
from playbook.data.measures.potential import rep_potential
from playbook.goals.actuals import Actuals
from playbook.methods.shrinkage import shrink


def ramp_of(tenure: int | None, ramp: Sequence[float]) -> float:
    """Share of a full quota for someone with that many months of tenure when the quarter starts;
    unknown tenure counts as settled.

    >>> ramp_of(0, [0.25, 0.5, 0.75]), ramp_of(4, [0.25, 0.5, 0.75]), ramp_of(9, [0.25, 0.5, 0.75])
    (0.25, 0.5, 1.0)
    """
    if tenure is None or tenure // 3 >= len(ramp):
        return 1.0
    return float(ramp[max(0, tenure) // 3])


@dataclass(frozen=True)
class Staff:
    """Who carries a quota (rows, see ``selling_staff``), and who does not, by name."""

    rows: pd.DataFrame
    idle: tuple[str, ...]


def selling_staff(book: Book, actuals: Actuals, first: Month, settings: GoalSettings) -> Staff:
    """People who sell and are still here: with sales in the trailing 12 months, an open deal, a
    pinned quota, or hired within the ramp; the others who are still here are idle.

    Columns of the rows: rep, name, team, region, months, ramp, history, pipeline, capability (share
    of decided deals won, drawn towards the team's; missing where nothing is decided), potential
    (missing where not known), last.
    """
    year, quarter = book.window("trailing_12m"), book.window("quarter_to_date")
    months = actuals.months("sales", ("rep",))
    own = _sales_by_rep(sales.in_window(months, year))
    last = _sales_by_rep(sales.in_window(months, quarter))
    pipeline = (
        dict(open_sums(book, ("rep",))[["rep", "amount"]].to_numpy())
        if book.has("opportunities", "outcome")
        else {}
    )
    rows, idle = [], []
    for rep in actuals.people:
        if not is_missing(rep["left"]):
            continue
        tenure = None if is_missing(rep["hired"]) else first - Month.of(rep["hired"])
        ramp = ramp_of(tenure, settings.ramp)
        known = rep["rep_id"] in own or rep["rep_id"] in pipeline or rep["rep_id"] in settings.pins
        name = rep["rep_id"] if is_missing(rep["name"]) else rep["name"]
        if not known and (tenure is None or ramp >= 1):
            idle.append(str(name))
            continue
        rows.append(
            (
                rep["rep_id"],
                name,
                _text(rep["team"]),
                _text(rep["region"]),
                tenure,
                ramp,
                max(0.0, own.get(rep["rep_id"], 0.0)),
                float(pipeline.get(rep["rep_id"], 0.0)),
                last.get(rep["rep_id"], 0.0),
            )
        )
    frame = pd.DataFrame(
        rows,
        columns=["rep", "name", "team", "region", "months", "ramp", "history", "pipeline", "last"],
    )
    frame = frame.assign(
        capability=_capability(book, frame["rep"]), potential=_potential(book, frame, settings)
    )
    twice = frame["name"].duplicated(keep=False)
    named = frame.assign(
        name=frame["name"].where(~twice, frame["name"] + " (" + frame["rep"] + ")")
    )
    return Staff(named, tuple(idle))


def _capability(book: Book, reps: pd.Series) -> pd.Series:
    """Share of the deals decided in the trailing 12 months that each won, shrunk towards the
    team's; missing where the team has decided none, or the book records no losses.
    """
    nothing = pd.Series(float("nan"), index=reps.index)
    if not book.has("opportunities", "outcome") or not len(reps):
        return nothing
    months = sales.in_window(
        deal_counts.deals_by_month(book, ("rep",)), book.window("trailing_12m")
    )
    sums = months.groupby("rep")[["won", "lost"]].sum().reindex(reps).fillna(0.0)
    won, decided = sums["won"].to_numpy(), (sums["won"] + sums["lost"]).to_numpy()
    if not won.sum() or won.sum() == decided.sum():
        return nothing
    return pd.Series(shrink(won, decided).value, index=reps.index)


def _potential(book: Book, staff: pd.DataFrame, settings: GoalSettings) -> pd.Series:
    """Potential of each person: given for it, its part of what is given for its region, else what
    its customers would buy; missing where neither is known.
    """
    given = settings.potential
    heads = staff["region"].map(staff["region"].value_counts())
    learnt = rep_potential(book).set_index("rep")["potential"] if not given else pd.Series()
    found = []
    for rep, region, n in zip(staff["rep"], staff["region"], heads, strict=True):
        if given:
            found.append(given.get(rep, given[region] / n if region in given else None))
        else:
            found.append(learnt.get(rep))
    return pd.Series(found, index=staff.index, dtype=float)


def _text(value: Any) -> str:
    return "" if is_missing(value) else str(value)


def _sales_by_rep(months: pd.DataFrame) -> dict[str, float]:
    return {
        rep: float(sales.total(rows["amount"])) for rep, rows in months.groupby("rep", sort=True)
    }
