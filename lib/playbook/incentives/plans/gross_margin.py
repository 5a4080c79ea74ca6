"""The gross margin that a year's sales are counted at, and what may be said on it."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures.profit import margins, profit_by, with_profit
from playbook.data.measures.sales import filled_rows


@dataclass(frozen=True)
class GrossMargin:
    """share: gross profit ÷ amount. known: False where no order carries a cost and the settings
    give
    no margin; a figure on it is then an illustration. note: what every figure on it must say.
    """

    share: float
    known: bool
    note: str


def gross_margin(book: Book, first: Month, last: Month) -> GrossMargin:
    """Margin of the orders of some months: measured where they carry cost, else the settings'."""
    found, fmt = margins(book), book.fmt
    if found.basis == "assumed":
        if "margin" in book.settings.funnel.model_fields_set:
            note = say(
                "gross profit at the margin of the settings, {book}", book=fmt.share(found.book)
            )
            return GrossMargin(found.book, True, note)
        return GrossMargin(found.book, False, found.note(0.0, fmt))
    rows = filled_rows(book).filter(
        nw.col("date") >= nw.lit(first.start), nw.col("date") <= nw.lit(last.end)
    )
    sums = profit_by(with_profit(book, rows)).iloc[0]
    share = float(sums.profit / sums.amount) if sums.amount > 0 else found.book
    note = say(
        "{note}, {share} of the amount",
        note=found.note(float(sums.filled), fmt),
        share=fmt.share(share),
    )
    return GrossMargin(share, True, note)
