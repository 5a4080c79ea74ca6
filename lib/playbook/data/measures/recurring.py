"""Recurring revenue from contracts: the one definition every chapter asks.

A contract brings a twelfth of its annual value a month (MRR) on every day from its start to its
end, both inclusive; without an end it runs on; one that another replaces during its term, to the
day before that begins. A trial brings nothing; one that is paused or cancelled by its status brings
nothing on the newest day of the data, for a status carries no day. Between two days, customer by
customer: open + new + expansion − contraction − churn = close. Net and gross revenue retention
(NRR, GRR) and logo churn stand on the customers that paid on the first day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, count, money, month, text
from playbook.base.errors import NotAvailable
from playbook.base.periods import Month, months_between
from playbook.data.book import Book
from playbook.data.memo import once

from . import renewal
from .undated import is_newest

PARTS = ("new", "expansion", "contraction", "churn")
GIVES = "recurring revenue by month, and what of it stays"


class MrrByCustomer(Frame):
    """One row per customer that paid on either day; MRR in the book's currency."""

    customer_id = text("the customer")
    open = money("MRR on the first day")
    new = money("MRR on the last day of a customer that paid nothing on the first")
    expansion = money("MRR more than on the first day")
    contraction = money("MRR less than on the first day, of a customer that still pays")
    churn = money("MRR on the first day of a customer that pays nothing on the last")
    close = money("MRR on the last day")
    returned = money("of new: customers that had a contract before the first day")
    awaiting = money("of churn: contracts that ended so recently that a renewal may still come")
    paused = money("of churn and contraction: contracts that are paused or cancelled by status")
    past_due = money("of the close: contracts whose payment is past due by status")


class MrrByMonth(Frame):
    """One row per month: the bridge from the evening before it to its last evening."""

    month = month("the month")
    open = money("MRR on the evening before the month")
    new = money("MRR of customers that paid nothing before")
    expansion = money("MRR more from customers that paid before")
    contraction = money("MRR less from customers that still pay")
    churn = money("MRR of customers that no longer pay")
    close = money("MRR on the last day of the month")
    customers = count("customers that pay on the last day")
    lost = count("customers that paid before the month and no longer do")


@dataclass(frozen=True)
class MrrBridge:
    """Recurring revenue between two days: sums over ``customers`` (``MrrByCustomer``).

    nrr: what the customers of the first day pay on the last ÷ what they paid; grr: the same without
    what any of them pays more, never above 1; logo_churn: customers lost ÷ customers of the first
    day. None where nobody paid on the first day.
    """

    start: date
    end: date
    customers: pd.DataFrame

    def total(self, part: str) -> float:
        """Sum of a column of ``customers`` [currency a month]."""
        return float(self.customers[part].sum())

    @property
    def paying(self) -> int:
        """Customers that paid on the first day."""
        return int((self.customers["open"] > 0).sum())

    @property
    def lost(self) -> int:
        """Those of them that pay nothing on the last day."""
        return int((self.customers["churn"] > 0).sum())

    @property
    def nrr(self) -> float | None:
        kept = self.total("open") + self.total("expansion") - self._less()
        return kept / self.total("open") if self.paying else None

    @property
    def grr(self) -> float | None:
        return (self.total("open") - self._less()) / self.total("open") if self.paying else None

    @property
    def logo_churn(self) -> float | None:
        return self.lost / self.paying if self.paying else None

    def _less(self) -> float:
        return self.total("contraction") + self.total("churn")


def mrr(book: Book, day: date) -> pd.Series:
    """MRR of each paying customer on a day up to the as-of date, index customer_id, sorted.

    Raises NotAvailable without contracts, ValueError for a day after the as-of date.
    """
    if day > book.as_of:
        raise ValueError(f"contracts are known to {book.as_of}, not to {day}")
    return _on(_contracts(book), day, book)


def mrr_bridge(book: Book, start: date, end: date) -> MrrBridge:
    """The bridge from the evening of ``start`` to the evening of ``end``."""
    if start > end:
        raise ValueError(f"the bridge from {start} to {end} runs backwards")
    before, after, rows = mrr(book, start), mrr(book, end), _contracts(book)
    every = before.index.union(after.index)
    a, b = before.reindex(every, fill_value=0.0), after.reindex(every, fill_value=0.0)
    change = b - a
    first = rows.groupby("customer_id")["start"].min().reindex(every)
    left = rows[rows["end"] <= pd.Timestamp(end)].groupby("customer_id")["end"].max().reindex(every)
    waited = (pd.Timestamp(end) - left).dt.days
    off = rows[renewal.stopped(book, rows)] if end == book.as_of else rows[:0]
    stopped = _sums(off, end).reindex(every, fill_value=0.0)
    late = rows[rows["status"] == "past_due"] if is_newest(book) else rows[:0]
    late = _sums(late, end).reindex(every, fill_value=0.0) if end == book.as_of else a * 0
    churn = a.where((a > 0) & (b == 0), 0.0)
    new = b.where(a == 0, 0.0)
    frame = pd.DataFrame(
        {
            "customer_id": every,
            "open": a,
            "new": new,
            "expansion": change.where((a > 0) & (change > 0), 0.0),
            "contraction": (-change).where((b > 0) & (change < 0), 0.0),
            "churn": churn,
            "close": b,
            "returned": new.where(first < pd.Timestamp(start), 0.0),
            "awaiting": churn.where(waited <= book.settings.segments.renewal_days, 0.0),
            "paused": stopped.clip(upper=(-change).clip(lower=0.0)),
            "past_due": late,
        }
    )
    return MrrBridge(start, end, MrrByCustomer.make(dict(frame.reset_index(drop=True).items())))


def mrr_months(book: Book, first: Month, last: Month) -> pd.DataFrame:
    """The bridge of each month from first to last, as ``MrrByMonth``; the close of one is the open
    of the next.
    """
    rows = []
    for one in months_between(first, last):
        found = mrr_bridge(book, one.start - timedelta(days=1), one.end)
        rows.append(
            {
                "month": one,
                **{part: found.total(part) for part in ("open", *PARTS, "close")},
                "customers": int((found.customers["close"] > 0).sum()),
                "lost": found.lost,
            }
        )
    return MrrByMonth.make(rows)


def _contracts(book: Book) -> pd.DataFrame:
    """Contracts with their MRR: customer_id, start, end (NaT = runs on), mrr."""
    if not book.has("contracts", "customer_id", "start", "annual_value"):
        raise NotAvailable({"contracts": ("customer_id", "start", "end", "annual_value")}, GIVES)
    return once(book, "mrr_contracts", lambda: _rows(book))


def _rows(book: Book) -> pd.DataFrame:
    rows = renewal.contracts(book)
    rows = rows[rows["customer_id"].notna() & rows["start"].notna()]
    begins = rows["successor"].map(rows.set_index("contract_id")["start"].to_dict())
    before = pd.to_datetime(begins) - pd.Timedelta(days=1)
    cut = before.notna() & (before >= rows["start"]) & ~(rows["end"] <= before)
    value = rows["annual_value"].astype(float).fillna(0.0) / 12
    paid = value.where(~((rows["status"] == "trial") & is_newest(book)), 0.0)
    return pd.DataFrame(
        {
            "contract_id": rows["contract_id"],
            "customer_id": rows["customer_id"],
            "start": rows["start"],
            "end": rows["end"].where(~cut, before),
            "mrr": paid,
            "status": rows["status"],
        }
    )


def _on(rows: pd.DataFrame, day: date, book: Book) -> pd.Series:
    if day == book.as_of:
        rows = rows[~renewal.stopped(book, rows)]
    return _sums(rows, day)


def _sums(rows: pd.DataFrame, day: date) -> pd.Series:
    """MRR per customer of the contracts that run on a day."""
    at = np.datetime64(day)
    running = rows[(rows["start"] <= at) & (rows["end"].isna() | (rows["end"] >= at))]
    sums = running.groupby("customer_id", sort=True)["mrr"].sum()
    return sums[sums > 0].round(6)
