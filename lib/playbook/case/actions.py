"""What to do next: where the company's last quarter falls short of its own best of two years, what
the case did about it, who acts and by when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, day, money, number, text
from playbook.base.formats import Formats, plural
from playbook.base.periods import Month
from playbook.case.course.catalogue import BY_KEY, RATES
from playbook.case.course.indicators import CaseIndicators
from playbook.data.book import Book
from playbook.data.measures import customers as contracts_of
from playbook.page import Action, Col, Result, Table, Worksheet, actions_sheet, section, table

from .advice import MEASURES

QUARTERS = 8


class IndicatorGaps(Frame):
    """One row per indicator whose last quarter is worse than its best of two years: the largest
    worth first, then the largest gap relative to the best.
    """

    indicator = text("key of the indicator")
    label = text("its name")
    last = number("value in the last quarter")
    best = number("value in the best of the last eight quarters")
    best_quarter = text("that quarter, YYYY-Qn")
    gap = number("distance between the two, without sign")
    unit = text("unit of the values: share, money, days or count")
    what = text("what to do")
    owner = text("who does it")
    due = day("by when")
    worth = money("what the gap stands for in a quarter; missing where it cannot be put in money")
    why = text("the two values and their quarters")


@dataclass(frozen=True)
class CaseActions(Result):
    """What to do about indicators below the company's own best; ``quarter``: the last one over."""

    section: ClassVar[str] = "decisions"
    table: Annotated[pd.DataFrame, IndicatorGaps]
    quarter: str
    as_of: date
    fmt: Formats

    def tables(self) -> Sequence[Table]:
        if self.table.empty:
            return []
        columns = [
            Col("label", label="Indicator", weight=1.2),
            Col("why", label="Where it stands", weight=1.8),
            Col("what", label="What to do", weight=2.2),
            Col("owner"),
            Col("due", "date"),
            Col("worth", "money", "Worth a quarter", compact=True),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title="What to do, and by when",
                note=(
                    f"{self.quarter} against the best of the last {QUARTERS} quarters; worth ="
                    " contracts or matching leads the gap stands for, – where it cannot be put in"
                    f" money · as of {self.fmt.text(self.as_of, 'date')}"
                ),
            )
        ]

    def actions(self) -> list[Action]:
        return [
            Action(r.what, r.owner, r.due, r.why, None if pd.isna(r.worth) else r.worth)
            for r in self.table.itertuples()
        ]

    def worksheets(self) -> Sequence[Worksheet]:
        return [actions_sheet("Case actions", self.actions())]

    def reading(self) -> str:
        if self.table.empty:
            return "No indicator of the last quarter stands below the company's own best."
        first = self.table.iloc[0]
        return (
            f"{plural(len(self.table), 'indicator')} of {self.quarter}"
            f" {'stands' if len(self.table) == 1 else 'stand'} below the company's own best; first"
            f" {first.label.lower()}: {first.why}."
        )

    def headline(self) -> str:
        return (
            f"To do: {plural(len(self.table), 'indicator')} below the company's own best quarter."
            if len(self.table)
            else ""
        )


@section("decisions")
def decisions(book: Book, course: CaseIndicators) -> CaseActions:
    """One line per indicator whose last quarter is worse than the best of the last two years."""
    quarterly = course.course.quarterly
    rows, newest = [], quarterly.period.max() if len(quarterly) else ""
    due = Month.of(book.as_of + timedelta(days=1)).end
    for key, (what, owner) in MEASURES.items():
        known = quarterly[(quarterly.indicator == key) & quarterly.value.notna()].tail(QUARTERS)
        if len(known) < 2 or known.period.iloc[-1] != newest:
            continue
        last, best = (
            known.iloc[-1],
            known.sort_values(
                ["value", "period"], ascending=[BY_KEY[key].better == "down", True], kind="stable"
            ).iloc[0],
        )
        gap = abs(last.value - best.value)
        if best.period == last.period or gap < 1e-9:
            continue
        rows.append(
            {
                "indicator": key,
                "label": BY_KEY[key].label,
                "last": last.value,
                "best": best.value,
                "best_quarter": best.period,
                "gap": gap,
                "unit": BY_KEY[key].unit,
                "what": what,
                "owner": owner,
                "due": due,
                "worth": _worth(book, key, gap, course),
                "why": _why(last, best, key, book.fmt),
                "relative": gap / abs(best.value) if best.value else 0.0,
            }
        )
    rows.sort(key=_rank)
    for row in rows:
        del row["relative"]
    frame = IndicatorGaps.make(rows)
    frame["worth"] = frame["worth"].astype(float)
    return CaseActions(frame, newest, book.as_of, book.fmt)


def _rank(row: dict[str, Any]) -> tuple[float, float, str]:
    """Largest worth first, unknown worth last; then the largest gap relative to the best."""
    worth = np.inf if pd.isna(row["worth"]) else -row["worth"]
    return worth, -row["relative"], row["indicator"]


def _why(last: pd.Series, best: pd.Series, key: str, fmt: Formats) -> str:
    unit = BY_KEY[key].unit
    counted = (
        f" ({fmt.count(last.k)} of {fmt.count(last.n)})"
        if key in RATES and pd.notna(last.n)
        else ""
    )
    return (
        f"{fmt.text(last.value, unit)}{counted} in {last.period}, {fmt.text(best.value, unit)} in"
        f" {best.period}"
    )


def _worth(book: Book, key: str, gap: float, course: CaseIndicators) -> float | None:
    """Money a quarter: yearly value due in the next 92 days × gap; or matching leads the gap stands
    for × won amount per matching lead.
    """
    if key in ("renewal", "churn") and book.has("contracts", "annual_value", "end"):
        due = _due_soon(book, large=key == "renewal")
        return float(due * gap)
    if key == "match" and book.has("opportunities", "amount"):
        judged = course.course.quarterly[(course.course.quarterly.indicator == "match")].tail(4)
        year = course.course.quarterly[(course.course.quarterly.indicator == "sales")].tail(4)
        back = course.course.quarterly[(course.course.quarterly.indicator == "returning")].tail(4)
        if judged.k.sum() and len(year) and len(back):
            fresh = float(year.value.sum() - back.k.sum())
            return gap * float(judged.n.iloc[-1]) * max(fresh, 0.0) / float(judged.k.sum())
    return None


def _due_soon(book: Book, *, large: bool) -> float:
    rows = contracts_of.contracts(book.table("contracts"))
    if book.has("customers", "customer_type"):
        from playbook.data.measures.frames import collect

        kinds = collect(
            book.table("customers").select("customer_id", "customer_type"), sort=["customer_id"]
        ).set_index("customer_id")["customer_type"]
        rows = rows[(rows["customer_id"].map(kinds) == "large") == large]
    soon = rows[
        (rows["end"] > pd.Timestamp(book.as_of))
        & (rows["end"] <= pd.Timestamp(book.as_of) + timedelta(days=92))
    ]
    return float(soon["annual_value"].sum())
