"""What a won deal brings, and how much of the sales goes through deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import narwhals as nw

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import coverage, sales_coverage
from playbook.data.memo import once

from . import sales
from .frames import collect


@dataclass(frozen=True)
class DealSize:
    """Won deals of a span: how many carry an amount, what these bring, how many carry none, and
    net sales of the same span [currency].
    """

    start: date
    end: date
    deals: int
    amount: float
    unpriced: int
    sales: float

    @property
    def average(self) -> float | None:
        """Amount of a won deal; None where none carries one."""
        return self.amount / self.deals if self.deals and self.amount > 0 else None

    @property
    def share(self) -> float:
        """Share of the sales that won deals bring, at most 1; 1 where sales are not above 0."""
        return min(1.0, self.amount / self.sales) if self.sales > 0 else 1.0


def deal_size(book: Book) -> DealSize:
    """Won deals and sales of the trailing 12 months, from the first month that both cover whole on;
    worked out once. Raises NotAvailable without deals or sales.
    """
    return once(book, "deal size", lambda: _deal_size(book))


def _deal_size(book: Book) -> DealSize:
    book.need("opportunities", "outcome", gives=say("what a won deal brings"))
    start = (book.month - 11).start
    for covered in (coverage(book, "opportunities", "closed"), sales_coverage(book)):
        if covered.first is not None:
            whole = covered.first if covered.first.day == 1 else (Month.of(covered.first) + 1).start
            start = max(start, min(whole, book.month.start))
    day = nw.col("closed").cast(nw.Date)
    won = book.table("opportunities").filter(
        (nw.col("outcome") == "won") & (day >= start) & (day <= book.as_of)
    )
    found = collect(
        won.select(n=nw.len(), priced=nw.col("amount").count(), amount=nw.col("amount").sum())
    ).iloc[0]
    months = sales.within(sales.monthly(book), Month.of(start), book.month)
    return DealSize(
        start,
        book.as_of,
        int(found["priced"]),
        float(found["amount"] or 0) if found["priced"] else 0.0,
        int(found["n"] - found["priced"]),
        float(sales.total(months["amount"])),
    )
