"""What the data of a book cannot say, recognised once: no losses logged, nothing decided, stages
without days, one month, one channel, one person, sales without customers.

Sections ask these facts and print their sentence; none words such a fact itself.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import narwhals as nw

from playbook.base.formats import plural
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.memo import once

from .deals import deals_of
from .frames import collect
from .names import member_names
from .sales import NOT_GIVEN, filled_rows


@dataclass(frozen=True)
class DegenerateData:
    """One sentence for each thing the data cannot say; empty where they can (or where the table is
    not there at all: then a section says which table it needs).

    no_losses: deals are won but none is lost; nothing_decided: all deals are open; undated_stages:
    no entry to a stage between the first and the won one carries a day; one_month: sales of a
    single month; one_channel, one_rep: all sales, deals and leads have the same; no_customers:
    sales name no customer.
    """

    no_losses: str = ""
    nothing_decided: str = ""
    undated_stages: str = ""
    one_month: str = ""
    one_channel: str = ""
    one_rep: str = ""
    no_customers: str = ""

    def sentences(self) -> list[str]:
        """Those that hold, in a fixed order."""
        return [text for field in fields(self) if (text := getattr(self, field.name))]


def degenerate(book: Book) -> DegenerateData:
    """The facts of the book as known on its as-of date, worked out once."""
    return once(book, "degenerate", lambda: _degenerate(book))


def _degenerate(book: Book) -> DegenerateData:
    return DegenerateData(
        **_of_deals(book),
        one_month=_one_month(book),
        one_channel=_only(book, "channel"),
        one_rep=_only(book, "rep"),
        no_customers=_no_customers(book),
    )


def _of_deals(book: Book) -> dict[str, str]:
    if not book.has("opportunities", "outcome"):
        return {}
    deals = deals_of(book)
    frame = collect(deals.rows.group_by("outcome").agg(n=nw.len()), sort=["outcome"])
    n = dict(zip(frame["outcome"], (int(k) for k in frame["n"]), strict=True))
    won, lost, still = (n.get(name, 0) for name in ("won", "lost", "open"))
    found = {}
    if won and not lost:
        found["no_losses"] = say(
            "No lost deal is recorded ({won_deals}): a win rate needs the losses too.",
            won_deals=plural(won, "won deal"),
        )
    if still and not won + lost:
        found["nothing_decided"] = (
            say("The only deal is open: nothing shows how deals end.")
            if still == 1
            else say("All {still} deals are open: nothing shows how deals end.", still=still)
        )
    if not any(0 < stage < deals.last for stage in deals.dated):
        found["undated_stages"] = say(
            "No entry to a stage carries a day: there is one step, from all"
            " decided deals to the won ones."
        )
    return found


def _one_month(book: Book) -> str:
    covered = sales_coverage(book)
    if covered.first is None or covered.last is None:
        return ""
    first, last = Month.of(covered.first), Month.of(covered.last)
    if first != last:
        return ""
    return say(
        "The data hold sales of {first} alone: there is no earlier month to compare with.",
        first=book.fmt.text(first, "month"),
    )


def _only(book: Book, dimension: str) -> str:
    """The sentence where sales, deals and leads all have one channel or one person."""
    column = "rep_id" if dimension == "rep" else dimension
    found: set[str] = set()
    if book.has("orders"):
        found |= _members(filled_rows(book), dimension)
    for table in ("opportunities", "leads"):
        if book.has(table, column):
            found |= _members(book.table(table), column)
    found -= {NOT_GIVEN}
    if len(found) != 1:
        return ""
    member = found.pop()
    if dimension == "rep":
        name = member_names(book).get("rep", {}).get(member, member)
        return say("All sales are of one person ({name}): people cannot be compared.", name=name)
    return say(
        "All sales come by one channel ({member}): channels cannot be compared.", member=member
    )


def _members(rows: nw.LazyFrame, column: str) -> set[str]:
    frame = collect(rows.select(column).unique(), sort=[column])
    return set(frame[column].dropna())


def _no_customers(book: Book) -> str:
    if not book.has("orders") or book.has("orders", "customer_id"):
        return ""
    return say("Sales name no customer: nothing can be said of new, returning or lost customers.")
