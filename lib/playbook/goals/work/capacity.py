"""What the team can do in a month against what a number of deals needs: the limit that binds first,
and at how many deals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, listing, plural
from playbook.data.book import Book
from playbook.data.measures import sales, work
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


def limits(capacity: Capacity, deals: int, entries: tuple[str, int, int] | None) -> list[Limit]:
    """The limits the book knows, the binding one (covered least) first.

    entries: (name, needed a month, deals that those at hand are enough for).
    """
    found = []
    if capacity.entries_a_month is not None and entries is not None:
        found.append(Limit(entries[0], entries[1], capacity.entries_a_month, entries[2]))
    for kind in capacity.work:
        there = capacity.there(kind)
        if there is not None and kind.a_deal:
            found.append(
                Limit(kind.name, deals * kind.a_deal, there, math.floor(there / kind.a_deal + 1e-9))
            )
    return sorted(
        found, key=lambda limit: (limit.covered is None, limit.covered or 0.0, limit.name)
    )


def binding_limit(found: list[Limit], fmt: Formats) -> str:
    """The binding limit in a sentence."""
    if not found:
        return ""
    tight = found[0]
    at_most = plural(int(tight.enough_for), "deal")
    if tight.covered is not None and tight.covered < 1:
        return (
            f" The binding limit is {tight.name}: {fmt.count(tight.there, decimals=0)} a month"
            f" against {fmt.count(tight.needed, decimals=0)} needed"
            f" ({fmt.share(tight.covered, decimals=0)}), enough for {at_most} a month."
        )
    return (
        f" The team has enough {listing([limit.name for limit in found], 5)} for that; {tight.name}"
        f" would bind first, at {at_most} a month."
    )


def capacity_of(book: Book) -> Capacity:
    """The next month's working days; reps, work and entries to the funnel as the trailing 12 months
    show them.
    """
    ahead = book.month + 1
    days = len(book.calendar.working_days(ahead.start, ahead.end))
    reps = work.rep_rows(book) if book.has("reps") else pd.DataFrame(columns=["left"])
    return Capacity(int(reps["left"].isna().sum()) or None, days, _entries(book), _work(book))


def _entries(book: Book) -> float | None:
    """Entries to the funnel a month over the trailing 12 months: deals created, else leads."""
    if book.has("opportunities", "outcome", "created"):
        return float(
            sales.in_window(work.deals_by_month(book), book.window("trailing_12m"))["created"].sum()
            / 12
        )
    return (
        float(
            sales.in_window(work.leads_by_month(book), book.window("trailing_12m"))["leads"].sum()
            / 12
        )
        if book.has("leads", "created")
        else None
    )


def _work(book: Book) -> tuple[WorkKind, ...]:
    """All contacts, and visits alone: a day of one rep (median of the reps, last three months), and
    per deal won (trailing 12 months).
    """
    if not book.has("activities", "rep_id"):
        return ()
    quarter, year = (book.month - 2).start, book.window("trailing_12m")
    worked = len(book.calendar.working_days(quarter, book.as_of))
    each = work.contacts(book, quarter, book.as_of)
    total = work.contacts(book, year.start or book.as_of - timedelta(days=365), book.as_of)
    won = (
        int(sales.in_window(work.deals_by_month(book), year)["won"].sum())
        if book.has("opportunities", "outcome")
        else 0
    )
    kinds = [
        ("contacts", each, total),
        *(
            [("visits", each[each["kind"] == "visit"], total[total["kind"] == "visit"])]
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
    columns = [
        Col("name", label="Limit"),
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
            title="Does the team have it? The first limit binds",
            note=(
                "entries: deals created (without a day of creation, leads) a month over the"
                f" trailing 12 months · contacts and visits: {fmt.count(capacity.reps or 0)} reps ×"
                f" {capacity.days} working days of the next month × what a rep does a day (median,"
                " last three months), against all of them in 12 months ÷ deals won"
            ),
        )
    ]
