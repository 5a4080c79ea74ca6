"""What a reader of a live notebook may choose for everything below: a region, a product line, a
channel, a person, the report month; and the book that a choice means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playbook.base.language import later, say
from playbook.base.periods import Month, months_between
from playbook.base.settings import Audience

from .book import Book
from .measures.names import member_names
from .report_month import data_span
from .scope import Scope, members_of
from .scoped import part_of

Options = list[tuple[str, str]]  # what is shown, and what it stands for; the first is no choice

DIMENSIONS = {
    "region": later("Region"),
    "product_line": later("Product line"),
    "channel": later("Channel"),
    "rep": later("Rep"),
}
MONTH = "month"
ALL = ""


@dataclass(frozen=True)
class Choices:
    """What may be chosen of a book, for ``page.choose``."""

    book: Book

    @property
    def controls(self) -> dict[str, tuple[str, Options]]:
        """Key → label and options: dimensions with at least two members, then the months the data
        hold, the book's own first.
        """
        made = {}
        for dimension, label in DIMENSIONS.items():
            members = members_of(self.book.read, dimension)
            if len(members) > 1:
                options = self._named(dimension, members)
                made[dimension] = (say(label), [(say("all"), ALL), *options])
        made[MONTH] = (say("Report month"), self._months())
        return made

    def _named(self, dimension: str, members: list[str]) -> Options:
        """Members by name; those of one name are told apart by their ids."""
        names = member_names(self.book).get(dimension, {})
        shown = [names.get(member, member) for member in members]
        told = [
            f"{name} · {member}" if shown.count(name) > 1 else name
            for name, member in zip(shown, members, strict=True)
        ]
        return sorted(zip(told, members, strict=True))

    def _months(self) -> Options:
        book = self.book
        first, last = data_span(book.read)
        months = months_between(Month.of(first), max(Month.of(last), book.month))
        others = [month for month in reversed(months) if month != book.month]
        return [(book.fmt.text(month, "month"), str(month)) for month in (book.month, *others)]

    def narrowed(self, choice: Mapping[str, str]) -> Book:
        """The book that a choice means (key → member, ``month`` as YYYY-MM): its rows alone, as of
        the end of the month. What is nobody's (costs of channels, the market) is in no part.

        Raises ParameterProblem where no table can tell whose rows they are, or for a member there
        is not.
        """
        month = choice.get(MONTH, "")
        of_month = self.book.at(Month.parse(month).end) if month else self.book
        see = tuple((name, (choice[name],)) for name in DIMENSIONS if choice.get(name, ALL) != ALL)
        if not see:
            return of_month
        members = {name: list(chosen) for name, chosen in see}
        audience = Audience(kind="manager", see=members, pay=True)
        return part_of(of_month, Scope("choice", audience, see))
