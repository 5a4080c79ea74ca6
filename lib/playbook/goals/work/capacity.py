"""What the team can do in a month against what a number of deals needs: the limit that binds first,
and at how many deals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, listing, plural
from playbook.base.language import english, later, say, term
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures import as_given, deal_counts, lead_counts, sales, work
from playbook.data.memo import once
from playbook.page import Col, Table, table
from playbook.page.blocks import Tone

WEEKS = 52 / 12  # weeks of a month


@dataclass(frozen=True)
class WorkKind:
    """A kind of work: how much of it one rep does on a working day, and how much was done per deal
    won; None where the book does not know.
    """

    name: str
    a_day: float | None
    a_deal: float | None


@dataclass(frozen=True)
class Capacity:
    """What the team can do in a month.

    reps: people who have not left, None where the book does not know; days: working days of the
    next month; entries_a_month: deals (else leads) created.
    """

    reps: int | None
    days: int
    entries_a_month: float | None
    work: tuple[WorkKind, ...] = ()

    def there(self, kind: WorkKind) -> float | None:
        """How much of a kind of work the team can do in the month: reps × working days × what one
        does a day.
        """
        return None if not self.reps or not kind.a_day else self.reps * self.days * kind.a_day

    def with_a_day(self, name: str, a_day: float) -> Capacity:
        """The same team at another pace of one kind of work."""
        return replace(
            self,
            work=tuple(
                replace(kind, a_day=a_day) if kind.name == name else kind for kind in self.work
            ),
        )

    def a_day(self, name: str) -> float | None:
        """How much of that kind of work a rep does on a working day; None where not known."""
        return next((kind.a_day for kind in self.work if kind.name == name), None)


@dataclass(frozen=True)
class Limit:
    """One constraint: needed and there a month, and the deals a month it is enough for."""

    name: str
    needed: float
    there: float
    enough_for: float

    @property
    def covered(self) -> float | None:
        """There ÷ needed; None where nothing is needed."""
        return self.there / self.needed if self.needed else None


def limits(
    capacity: Capacity,
    entries: tuple[str, int, int] | None,
    contacts: Mapping[str, int],
    enough: Callable[[float], int],
) -> list[Limit]:
    """The limits the book knows, the binding one (covered least) first.

    entries: (name, needed a month, deals that those at hand are enough for); contacts: kind of work
    → needed a month; enough: share of the need of a kind that is there → deals that is enough for.
    """
    found = []
    if capacity.entries_a_month is not None and entries is not None:
        found.append(Limit(entries[0], entries[1], capacity.entries_a_month, entries[2]))
    for kind in capacity.work:
        there, needed = capacity.there(kind), contacts.get(kind.name, 0)
        if there is not None and needed:
            found.append(Limit(kind.name, needed, there, enough(there / needed)))
    return sorted(
        found, key=lambda limit: (limit.covered is None, limit.covered or 0.0, english(limit.name))
    )


def binding_limit(found: list[Limit], fmt: Formats) -> str:
    """The binding limit in a sentence."""
    if not found:
        return ""
    tight = found[0]
    at_most = plural(int(tight.enough_for), "deal")
    if tight.covered is not None and tight.covered < 1:
        return say(
            " The binding limit is {name}: {there} a month against {needed}"
            " needed ({covered}), enough for {at_most} a month.",
            name=term(tight.name),
            there=fmt.count(tight.there, decimals=0),
            needed=fmt.count(tight.needed, decimals=0),
            covered=fmt.share(tight.covered, decimals=0),
            at_most=at_most,
        )
    return say(
        " The team has enough {found} for that; {name} would bind first, at {at_most} a month.",
        found=listing([term(limit.name) for limit in found], 5),
        name=term(tight.name),
        at_most=at_most,
    )


def capacity_of(book: Book) -> Capacity:
    """The next month's working days; reps, work and entries to the funnel as the trailing 12 months
    show them. Worked out once.
    """
    return once(book, "capacity", lambda: _capacity_of(book))


def _capacity_of(book: Book) -> Capacity:
    ahead = book.month + 1
    days = len(book.calendar.working_days(ahead.start, ahead.end))
    reps = as_given.rep_rows(book) if book.has("reps") else pd.DataFrame(columns=["left"])
    return Capacity(int(reps["left"].isna().sum()) or None, days, _entries(book), _work(book))


def _entries(book: Book) -> float | None:
    """Entries to the funnel a month over the trailing 12 months: deals created, else leads."""
    if book.has("opportunities", "outcome", "created"):
        return monthly_mean(book, "opportunities", deal_counts.deals_by_month(book), "created")
    if book.has("leads", "created"):
        return monthly_mean(book, "leads", lead_counts.leads_by_month(book), "leads")
    return None


def monthly_mean(book: Book, table: str, months: pd.DataFrame, column: str, by: str = "") -> Any:
    """Mean of a month over the trailing 12 months, from the first month that the table covers whole
    on; by member of a column where one is named.
    """
    first, start = coverage(book, table, "created").first, book.month - 11
    if first is not None:
        begins = Month.of(first) if first.day == 1 else Month.of(first) + 1
        start = min(max(start, begins), book.month)
    span = book.month - start + 1
    rows = sales.within(months, start, book.month)
    if by:
        return rows.groupby(by)[column].sum().astype(float) / span
    return float(rows[column].sum()) / span


def _work(book: Book) -> tuple[WorkKind, ...]:
    """All contacts, and visits alone: a day of one rep (median of the reps, last three months), and
    per deal won (trailing 12 months, of the months covered by activities and deals).
    """
    if not book.has("activities", "rep_id"):
        return ()
    acted = coverage(book, "activities")
    if acted.first is None:
        return ()
    quarter = max((book.month - 2).start, acted.first)
    worked = len(book.calendar.working_days(quarter, book.as_of))
    each = work.contacts(book, quarter, book.as_of)
    start = (book.month - 11).start
    won = 0
    if book.has("opportunities", "outcome", "closed"):
        closing = coverage(book, "opportunities", "closed")
        start = Month.of(max(start, acted.first, closing.first or start)).start
        months = deal_counts.deals_by_month(book)
        won = int(sales.within(months, Month.of(start), book.month)["won"].sum())
    total = work.contacts(book, start, book.as_of)
    kinds = [
        (later("contacts"), each, total),
        *(
            [(later("visits"), each[each["kind"] == "visit"], total[total["kind"] == "visit"])]
            if (total["kind"] == "visit").any()
            else []
        ),
    ]
    return tuple(
        WorkKind(
            name, _median(mine, worked), float(of_all["contacts"].sum()) / won if won else None
        )
        for name, mine, of_all in kinds
    )


def _median(contacts: pd.DataFrame, days: int) -> float | None:
    return (
        float(contacts.groupby("rep_id")["contacts"].sum().median() / days)
        if len(contacts) and days
        else None
    )


def per_week(frame: pd.DataFrame, capacity: Capacity) -> pd.DataFrame:
    """The sure number a week, a working day of the next month, and a rep and week."""
    sure = frame["sure"].astype(float)
    return frame.assign(
        week=sure / WEEKS,
        day=sure / capacity.days if capacity.days else None,
        rep=sure / WEEKS / capacity.reps if capacity.reps else None,
    )


def per_week_columns(capacity: Capacity) -> list[Col]:
    """Columns of the work a week, a working day and a rep."""
    return [
        Col("week", "number", "A week", decimals=1),
        Col("day", "number", "A day", decimals=1),
        *([Col("rep", "number", "A rep a week", decimals=1)] if capacity.reps else []),
    ]


def tone_of_cover(row: Mapping[str, Any]) -> Tone:
    """Bad where less than all is covered."""
    return "bad" if row["covered"] is not None and row["covered"] < 1 else ""


def limits_table(found: Sequence[Limit], capacity: Capacity, fmt: Formats) -> list[Table]:
    """What the deals need a month against what there is; no table without limits."""
    if not found:
        return []
    rows = pd.DataFrame(
        {
            "name": limit.name,
            "needed": limit.needed,
            "there": limit.there,
            "covered": limit.covered,
            "most": limit.enough_for,
        }
        for limit in found
    )
    worked = (
        say(
            " · contacts and visits: {reps} reps × {days} working days of the"
            " next month × what a rep does a day (median, last three months)",
            reps=fmt.count(capacity.reps or 0),
            days=capacity.days,
        )
        if any(limit.name in ("contacts", "visits") for limit in found)
        else ""
    )
    columns = [
        Col("name", "term", "Limit"),
        Col("needed", "number", "Needed a month", decimals=0),
        Col("there", "number", "There a month", decimals=0),
        Col("covered", "share", "Covered", decimals=0, tone=tone_of_cover),
        Col("most", "count", "Enough for deals"),
    ]
    return [
        table(
            rows,
            columns,
            fmt,
            title=say("Does the team have it? The first limit binds"),
            note=(
                say(
                    "needed: enough with the probability asked for · entries: deals"
                    " created (without a day of creation, leads) a month over the"
                    " trailing 12 months{worked}",
                    worked=worked,
                )
            ),
        )
    ]
