"""Exceptions and disputes of pay, as the table gives them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book

from .frames import collect

TEXTS = ["rep_id", "reason", "asked_by", "approved_by", "decided_at", "order_id"]


def pay_adjustments(book: Book) -> pd.DataFrame:
    """Rows of pay_adjustments for months to the book's, by id: adjustment_id, date (last day of the
    month), the texts (days as YYYY-MM-DD, empty where there is none) and amount [Decimal,
    currency].

    Who approved one is known whenever the table says so: a month's pay is approved after its end.
    Raises DataProblem for amounts below a minor unit.
    """
    columns = ["adjustment_id", "month", *TEXTS, "amount"]
    if not book.has("pay_adjustments"):
        return pd.DataFrame(columns=["date", *columns])
    have = [c for c in columns if book.has("pay_adjustments", c)]
    rows = collect(book.table("pay_adjustments").select(*have), sort=["adjustment_id"], exact=True)
    made = pd.DataFrame({c: rows.get(c) for c in columns}, index=rows.index)
    for column in TEXTS:
        made[column] = [_text(v) for v in made[column]]
    made["date"] = [str(Month.of(v).end) for v in made["month"]]
    unit = Decimal(1).scaleb(-book.fmt.minor_digits)
    small = made[[Decimal(v) % unit != 0 for v in made["amount"]]]
    if len(small):
        raise DataProblem(
            Problem(
                found=say("{n} amounts with parts of a minor unit", n=len(small)),
                expected=say(
                    "amounts of whole {unit} {currency}",
                    unit=unit,
                    currency=book.settings.book.currency,
                ),
                try_=say("round them: nobody can be paid less than a minor unit"),
                table="pay_adjustments",
                column="amount",
                count=len(small),
                rows=tuple(f"{r.adjustment_id}: {r.amount}" for r in small.head(3).itertuples()),
            )
        )
    return made.reset_index(drop=True)


def _text(value: object) -> str:
    if value is None or value is pd.NaT or value != value:
        return ""
    return str(value)[:10] if hasattr(value, "year") else str(value).strip()
