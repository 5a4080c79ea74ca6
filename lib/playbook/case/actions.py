"""What to do next: where the company's last quarter falls short of its own best, what the case did
about it, who acts by when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import customers as contracts_of
from playbook.page import Action, Col, Result, Table, Worksheet, actions_sheet, section, table

from .course import BY_KEY
from .indicators import RATES, Indicators

QUARTERS = 8
# What the case did about an indicator, and whose it is.
MEASURES = {
    "renewal": (
        "Value review with every large customer due; value report 30 days before renewal",
        "customer success",
    ),
    "churn": (
        "Usage diagnosis and self-service for small and medium customers due",
        "customer success",
    ),
    "match": (
        "Cut or cap the channels whose leads match least; move the money to those that match",
        "marketing",
    ),
    "objection": (
        "Value calculator in every negotiation; script library for the commonest objection",
        "sales training",
    ),
    "cycle": (
        "Take the slowest stage apart: list deals stuck there and decide on each",
        "regional managers",
    ),
    "first_deal": (
        "A mentor for each hire; real deals rehearsed and reviewed weekly",
        "sales training",
    ),
    "growth": ("Re-plan the rest of the year from what was reached", "sales director"),
    "returning": (
        "Repurchase offers to customers with a deal in the last 30 to 90 days",
        "account managers",
    ),
}


@dataclass(frozen=True)
class Decisions(Result):
    """table: indicator, label, last, best (values), best_quarter, gap, unit, what, owner, due,
    worth, why. Largest worth first, then by gap relative to the best.
    """

    section: ClassVar[str] = "decisions"
    table: pd.DataFrame
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
def decisions(book: Book, course: Indicators) -> Decisions:
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
                "rank": gap / abs(best.value) if best.value else 0.0,
            }
        )
    frame = pd.DataFrame(
        rows,
        columns=[
            "indicator",
            "label",
            "last",
            "best",
            "best_quarter",
            "gap",
            "unit",
            "what",
            "owner",
            "due",
            "worth",
            "why",
            "rank",
        ],
    )
    frame["worth"] = frame["worth"].astype(float)
    ordered = (
        frame.sort_values(
            ["worth", "rank", "indicator"],
            ascending=[False, False, True],
            kind="stable",
            na_position="last",
        )
        .drop(columns="rank")
        .reset_index(drop=True)
    )
    return Decisions(ordered, newest, book.as_of, book.fmt)


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


def _worth(book: Book, key: str, gap: float, course: Indicators) -> float | None:
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
