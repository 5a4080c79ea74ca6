"""One target: metric, members, period, owner, and what of its period has passed."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.errors import did_you_mean
from playbook.base.formats import is_missing
from playbook.base.periods import Month, Period, Window, fiscal_year
from playbook.base.settings import Adjustment
from playbook.data.book import Book
from playbook.goals.actuals import Actuals

KEYS = ("region", "product_line", "customer_type", "rep", "team")


WINDOW_OF = {12: "year_to_date", 3: "quarter_to_date", 1: "month"}


@dataclass(frozen=True)
class Target:
    """A target of one metric, period and part of the company.

    members: (dimension, member) pairs, none for the company; derived: summed from shorter periods
    or finer members.
    """

    metric: str
    members: tuple[tuple[str, str], ...]
    period: Period
    target: float
    owner: str
    remark: str
    derived: bool = False

    @property
    def window(self) -> str:
        """The window its actual is measured in."""
        return WINDOW_OF[len(self.period.months)]


@dataclass(frozen=True)
class Move:
    """A logged change of a target: the entry, the members and period it is for, and the target of
    the table it changes (None where the table has none).
    """

    change: Adjustment
    members: tuple[tuple[str, str], ...]
    period: Period
    original: Target | None


def period_of(first: Month, last: Month, fiscal_year_start: int) -> Period:
    """A fiscal year, quarter or month, named as targets name it."""
    year = fiscal_year(first, fiscal_year_start)[0]
    text = {12: f"{year.year}", 3: f"{year.year}-Q{(first - year) // 3 + 1}", 1: str(first)}[
        last - first + 1
    ]
    return Period(text, first, last)


def window_of(book: Book, target: Target) -> Window:
    """What of the target's period has passed."""
    return Window(
        target.window,
        target.period.first.start,
        min(target.period.last.end, book.as_of),
        book.settings.book.language,
    )


def unknown_member(target: Target, reached: Actuals) -> str:
    """Why a target can have no actual: its member is nowhere in orders or reps. Empty when all are
    known.
    """
    for key, member in target.members:
        known = reached.members(key)
        if known and member not in known:
            return (
                f"no {key.replace('_', ' ')} '{member}' in orders or reps;"
                f" {did_you_mean(member, known)}"
            )
    return ""


def owner_of(target: Target, reached: Actuals) -> str:
    """Owner as given, else the rep the target is for, by name; "(has left)" is added where so."""
    owner = target.owner or dict(target.members).get("rep", "")
    for rep in reached.people:
        if owner and owner in (rep["rep_id"], rep["name"]):
            name = owner if is_missing(rep["name"]) else rep["name"]
            return f"{name} (has left)" if not is_missing(rep["left"]) else name
    return owner
