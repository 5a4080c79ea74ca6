"""A month of pay as statements are printed from it: frozen, or a draft of what would be closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.base.settings import Settings, load_settings
from playbook.data.book import Book

from .changes import LedgerLine
from .close import Closing, closing
from .frozen import ClosedMonth, Json, closed_months


@dataclass(frozen=True)
class MonthOfPay:
    """What statements of a month are printed from: the frozen month, or a draft of one.

    record: as frozen. lines: what the close adds. earlier: closed months before it. draft: whether
    the month is not closed yet.
    """

    record: Json
    lines: tuple[LedgerLine, ...]
    earlier: tuple[ClosedMonth, ...]
    settings: Settings
    draft: bool

    @property
    def month(self) -> Month:
        return Month.parse(self.record["month"])

    @property
    def fmt(self) -> Formats:
        return self.settings.formats

    def money(self, units: int, *, sign: bool = False) -> str:
        value = Decimal(units).scaleb(-int(self.record["minor_digits"]))
        return self.fmt.text(value, "money.exact", sign=sign)


def month_of_pay(
    closed: Sequence[ClosedMonth], month: Month, settings: Settings
) -> MonthOfPay | None:
    """A closed month as statements need it; None when it is not closed."""
    for number, one in enumerate(closed):
        if one.month == month:
            lines = tuple(_line(row) for row in one.rows("lines.csv") if row["kind"] != "opening")
            return MonthOfPay(one.record, lines, tuple(closed[:number]), settings, False)
    return None


def pay_of_month(book: str | Path, folder: Path, month: str = "") -> MonthOfPay:
    """A month of a book on disk: as frozen, else as it would be closed now.

    book: its folder or toml. folder: of the closed months. month: YYYY-MM; empty = the last closed
    one, and where none is, the last month that is closed in the data.
    """
    closed = closed_months(folder)
    settings = load_settings(Path(book))
    wanted = Month.parse(month) if month else closed[-1].month if closed else None
    found = month_of_pay(closed, wanted, settings) if wanted else None
    return found or draft_of(closing(Book.open(book, month), folder, finished=True))


def draft_of(found: Closing) -> MonthOfPay:
    """A month that is not closed yet, as it would be."""
    lines = tuple(line for line in found.lines if line.kind != "opening")
    record = {**found.record, "checksum": ""}
    return MonthOfPay(record, lines, found.before, found.book.settings, True)


def _line(row: Mapping[str, str]) -> LedgerLine:
    after = int(row["after"].replace(".", "")) if row["after"] else 0
    pay = int(row["pay_minor"])
    return LedgerLine(
        row["kind"],
        row["rep_id"],
        row["date"],
        row["order_id"],
        row["customer_id"],
        row["item"],
        row["adjustment_id"],
        row["plan"],
        int(row["credited_ticks"]),
        pay,
        after - pay,
        after,
        row["why"],
    )
