"""What everybody has earned to date, as lines: what the engine pays, and approved adjustments."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.data.measures.adjustments import pay_adjustments
from playbook.pay.history import History, every_line, history
from playbook.pay.total import TotalPay, total_pay

KEY = ["rep_id", "date", "order_id", "customer_id", "item", "adjustment_id"]
COLUMNS = [*KEY, "plan", "credited", "pay", "why"]


@dataclass(frozen=True)
class Earned:
    """What has been earned to the end of a month.

    lines: one row per ``KEY`` (``COLUMNS``; date as YYYY-MM-DD, texts empty where there is none,
    credited [ten-thousandths of a currency unit], pay [minor units]). pending: adjustments nobody
    approved yet, as the table gives them. notes: what the engine could not judge.
    """

    past: History
    plan: CommissionPlan
    made: TotalPay
    lines: pd.DataFrame
    pending: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def book(self) -> Book:
        return self.past.book

    @property
    def month(self) -> Month:
        return Month.of(self.book.as_of)


def earned(book: Book) -> Earned:
    """Everything earned to the book's day. Raises NotAvailable without commission plans."""
    if not book.settings.commission_plans:
        raise NotAvailable(
            {"commission_plans": ("name", "tiers")},
            gives=say("a month of pay to close"),
            because=say("plans are written in playbook.toml; no pay is invented here"),
        )
    past = every_line(history(book))
    plan = past.chosen.current
    made = total_pay(past, plan, dated=True)
    given = pay_adjustments(book)
    approved = given["approved_by"] != ""
    lines = pd.concat(
        [_of_engine(made.lines), _of_adjustments(given[approved], past.minor)], ignore_index=True
    )
    return Earned(
        past, plan, made, _summed(lines), given[~approved].reset_index(drop=True), made.notes
    )


def _of_engine(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rep_id": rows["rep_id"].astype(str),
            "date": rows["date"].dt.strftime("%Y-%m-%d"),
            "order_id": _text(rows["order_id"]),
            "customer_id": _text(rows["customer_id"]),
            "item": rows["item"].astype(str),
            "adjustment_id": "",
            "plan": rows["plan"].astype(str),
            "credited": rows["amount"].astype("int64"),
            "pay": rows["pay"].astype("int64"),
            "why": _text(rows["why"]),
        }
    )


def _of_adjustments(rows: pd.DataFrame, minor: int) -> pd.DataFrame:
    """Approved adjustments as lines; their amounts are of whole minor units or refused."""
    return pd.DataFrame(
        {
            "rep_id": rows["rep_id"],
            "date": rows["date"],
            "order_id": rows["order_id"],
            "customer_id": "",
            "item": "adjustment",
            "adjustment_id": rows["adjustment_id"],
            "plan": "",
            "credited": 0,
            "pay": [int(Decimal(v).scaleb(minor)) for v in rows["amount"]],
            "why": [
                say(
                    "{reason}; asked by {asked_by}, approved by {approved_by}",
                    reason=r.reason,
                    asked_by=r.asked_by or say("not said"),
                    approved_by=r.approved_by,
                )
                for r in rows.itertuples(index=False)
            ],
        }
    )


def _text(column: pd.Series) -> pd.Series:
    return column.where(column.notna(), "").astype(str)


def _summed(lines: pd.DataFrame) -> pd.DataFrame:
    """One row per key: two lines of an order at one rule are one sum, whatever order a file has
    them in.
    """
    if not len(lines):
        return pd.DataFrame(columns=COLUMNS).astype({"credited": "int64", "pay": "int64"})
    made = lines.groupby(KEY, sort=True, as_index=False).agg(
        plan=("plan", "last"), credited=("credited", "sum"), pay=("pay", "sum"), why=("why", "last")
    )
    return made[COLUMNS]
