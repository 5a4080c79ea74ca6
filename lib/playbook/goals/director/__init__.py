"""What goal setting gives the short editions: sales against plan, the year, what is due."""

from __future__ import annotations

from playbook.base.language import say
from playbook.data.book import Book
from playbook.goals.track.likelihood import Likelihood
from playbook.goals.track.tracking import Tracking
from playbook.page import section
from playbook.page.contribution import Contribution, ShortEditions

from .months import Months, stand_in, year_to_date
from .targets import targets_sheet
from .words import chance_words, checks, happened, more
from .year import year_sheet

__all__ = ["director"]


@section("short-editions")
def director(book: Book, tracking: Tracking, likelihood: Likelihood) -> ShortEditions:
    """Tiles of sales, orders and new customers, the page on the year and the page on goals.

    Raises NotAvailable for a book without sales.
    """
    book.need("orders", "amount", "date", gives=say("the month's sales on one page"))
    months = Months(book)
    tiles = [*months.tiles(), *year_to_date(book, months)]
    sheets = [s for s in (year_sheet(book, tracking, likelihood), targets_sheet(tracking)) if s]
    ahead = months.ahead()
    return ShortEditions(
        Contribution(
            tiles=tuple(tiles),
            sheets=tuple(sheets),
            title=tuple(filter(None, (months.title(), chance_words(tracking, likelihood)))),
            happened=happened(book, months, tracking),
            checks=tuple(checks(book, tracking, likelihood)),
            forecasts=tuple(ahead),
            more=more(book),
            basis=say("amounts won") if stand_in(book) else "",
        )
    )
