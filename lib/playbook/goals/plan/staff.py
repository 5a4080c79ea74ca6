"""Who sells and is still here, with the sales and open deals that quotas are weighed by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from playbook.base.formats import is_missing
from playbook.base.periods import Month
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.pipeline import open_sums
from playbook.goals.actuals import Actuals


def ramp_of(tenure: int | None, ramp: Sequence[float]) -> float:
    """Share of a full quota for someone with that many months of tenure when the quarter starts;
    unknown tenure counts as settled.

    >>> ramp_of(0, [0.25, 0.5, 0.75]), ramp_of(4, [0.25, 0.5, 0.75]), ramp_of(9, [0.25, 0.5, 0.75])
    (0.25, 0.5, 1.0)
    """
    if tenure is None or tenure // 3 >= len(ramp):
        return 1.0
    return float(ramp[max(0, tenure) // 3])


def selling_staff(
    book: Book, actuals: Actuals, first: Month, settings: GoalSettings
) -> pd.DataFrame:
    """People who sell and are still here: with sales in the trailing 12 months, an open deal, a
    pinned quota, or hired within the ramp. Columns: rep, name, team, region, months, ramp, history,
    pipeline, last.
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
    rows = []
    for rep in actuals.people:
        if not is_missing(rep["left"]):
            continue
        tenure = None if is_missing(rep["hired"]) else first - Month.of(rep["hired"])
        ramp = ramp_of(tenure, settings.ramp)
        known = rep["rep_id"] in own or rep["rep_id"] in pipeline or rep["rep_id"] in settings.pins
        if not known and ramp >= 1:
            continue
        rows.append(
            (
                rep["rep_id"],
                rep["rep_id"] if is_missing(rep["name"]) else rep["name"],
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
    twice = frame["name"].duplicated(keep=False)
    return frame.assign(name=frame["name"].where(~twice, frame["name"] + " (" + frame["rep"] + ")"))


def _text(value: Any) -> str:
    return "" if is_missing(value) else str(value)


def _sales_by_rep(months: pd.DataFrame) -> dict[str, float]:
    return {
        rep: float(sales.total(rows["amount"])) for rep, rows in months.groupby("rep", sort=True)
    }
