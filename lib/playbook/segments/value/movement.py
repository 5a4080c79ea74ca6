"""Who moved between two months, from segment to segment and from value tier to value tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.page import Change, Col, Figure, Result, Table, section, table
from playbook.segments.figures.movement import flow
from playbook.segments.population import GIVES, Population, population
from playbook.segments.states import DORMANT, NET_NEGATIVE

from .flows import (
    GONE,
    NEW,
    MovedCustomers,
    MovementFlows,
    StateBalance,
    balance,
    flows_of,
    follow,
)
from .maps import MAPS
from .rfm import segmented
from .scores import Thresholds
from .tiers import tiered
from .transitions import transition_table

SILENT = "no order this year"
COLUMNS = ["segment", "net", "name", "owner", "idle"]


@dataclass(frozen=True)
class CustomerMovement(Result):
    """Customers followed from an earlier date to the as-of date.

    between: what the states are, segments or value tiers; best: states whose losses are reported
    first; before: the earlier date; basis: which net amount counts; fixed: what holds the edges of
    the states the same on both dates.
    """

    section: ClassVar[str] = "migration"
    between: str
    best: Sequence[str]
    table: Annotated[pd.DataFrame, StateBalance]
    flows: Annotated[pd.DataFrame, MovementFlows]
    customers: Annotated[pd.DataFrame, MovedCustomers]
    before: date
    as_of: date
    basis: str
    fmt: Formats
    fixed: str

    def figure(self) -> Figure:
        return flow(list(self.table["state"]), self.flows, self.between, self.note, self.fmt)

    @property
    def note(self) -> str:
        return (
            f"customers and {self.basis} · from {self.fmt.text(self.before, 'date')} to"
            f" {self.fmt.text(self.as_of, 'date')} · n = {self.fmt.count(len(self.customers))}"
            f" customers · {self.fixed}"
        )

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("state", label="State", weight=1.5),
            Col("start", "count", "Before"),
            Col("left", "count", "Left"),
            Col("joined", "count", "Joined"),
            Col("end", "count", "After"),
            Col("net_start", "money", "Revenue before"),
            Col("net_left", "money", "of those who left"),
            Col("net_joined", "money", "of those who joined"),
            Col("net_stayed", "money", "Change of stayers", sign=True),
            Col("net_end", "money", "Revenue after"),
        ]
        counted = self.table[(self.table["start"] > 0) | (self.table["end"] > 0)]
        total = {
            name: counted[name].sum()
            for name in (
                "start",
                "left",
                "joined",
                "end",
                "net_start",
                "net_left",
                "net_joined",
                "net_stayed",
                "net_end",
            )
        }
        return [
            table(
                counted,
                columns,
                self.fmt,
                title=f"Movement between {self.between}",
                note=self.note,
                total={"state": "All", **total},
            ),
            transition_table(
                list(self.table["state"]), self.flows, self.between, self.note, self.fmt
            ),
        ]

    def sentence(self) -> str:
        """How many customers left and joined the best states, with their revenue."""
        moved = self.customers[self.customers["before"] != self.customers["after"]]
        parts = []
        for name in self.best:
            out, into = moved[moved["before"] == name], moved[moved["after"] == name]
            if len(out):
                parts.append(
                    f"{plural(len(out), 'customer')} left {name}"
                    f" ({self.fmt.money(-out['net_before'].sum(), compact=True)})"
                )
            if len(into):
                parts.append(
                    f"{plural(len(into), 'customer')} joined {name}"
                    f" ({self.fmt.money(into['net_after'].sum(), compact=True, sign=True)})"
                )
        return (
            f"{'; '.join(parts)}." if parts else f"Nobody left or joined {' or '.join(self.best)}."
        )

    def reading(self) -> str:
        gone, new = self._at("after", GONE), self._at("before", NEW)
        stay = (
            (self.customers["before"] == self.customers["after"]).mean()
            if len(self.customers)
            else None
        )
        return (
            f"{self.sentence()} {plural(len(new), 'new customer')} brought"
            f" {self.fmt.money(new['net_after'].sum(), compact=True)};"
            f" {plural(len(gone), 'customer')}"
            f" ({self.fmt.money(gone['net_before'].sum(), compact=True)}) dropped out of the"
            f" window. {self.fmt.share(stay)} stayed where they were."
        )

    def _at(self, side: str, state: str) -> pd.DataFrame:
        return self.customers[self.customers[side] == state]

    def headline(self) -> str:
        since = self.fmt.text(self.before, "date")
        return f"Movement of {self.between} since {since}: {self.sentence()}"

    def changes(self) -> Sequence[Change]:
        out = self.customers[
            self.customers["before"].isin(list(self.best))
            & ~self.customers["after"].isin(list(self.best))
        ]
        base = self.table["net_start"].sum()
        lost = out["net_before"].sum()
        return (
            [
                Change(
                    f"{plural(len(out), 'customer')} left {' and '.join(self.best)} since"
                    f" {self.fmt.text(self.before, 'date')}"
                    f" ({self.fmt.money(-lost, compact=True)})",
                    -lost / base,
                )
            ]
            if len(out) and base > 0
            else []
        )

    def notes(self) -> Sequence[str]:
        return (
            (
                f"Both dates are judged by the same edges ({self.fixed}), so a customer moves only"
                " because it bought differently, not because others did. “new” had not ordered by"
                " the earlier date; “gone” has no order left in the later window; those who left"
                " are counted with what they brought before, those who joined with what they bring"
                " now."
            ),
        )


@section("migration")
def movement(book: Book, months: int = 1) -> CustomerMovement:
    """Movement between RFM segments since the end of the month ``months`` earlier; that month's
    thresholds hold on both dates. Needs orders known by then.
    """
    now, then = _both_dates(book, months)
    leading, thresholds = (
        MAPS[book.settings.segments.segment_map],
        Thresholds.of(then.scored, book.settings.segments),
    )
    sides = [
        segmented(people, thresholds, leading, book.currency).customers for people in (then, now)
    ]
    before, after = (
        side[side["customer_id"].notna()]
        .set_index("customer_id")
        .assign(idle=lambda each: each["state"] == DORMANT)[COLUMNS]
        for side in sides
    )
    order = [NEW, *leading.names, NET_NEGATIVE, DORMANT, GONE]
    return _movement(
        "segments",
        leading.names[:2],
        follow(before, after),
        order,
        (then, now),
        "net amount of the RFM window",
        f"thresholds of {book.fmt.text(then.as_of, 'date')}",
    )


@section("tier-migration")
def tier_movement(book: Book, months: int = 1) -> CustomerMovement:
    """Movement between value tiers since the end of the month ``months`` earlier; edges are those
    of the settings. Needs orders known by then.
    """
    now, then = _both_dates(book, months)
    edges = book.settings.segments.tiers
    sides = []
    for people in (then, now):
        tier = tiered(people, edges, book.currency).customers.set_index("customer_id")["tier"]
        known = people.named.set_index("customer_id")
        segment = tier.reindex(known.index).fillna(SILENT)
        sides.append(
            known.assign(segment=segment, idle=segment == SILENT, net=known["net_year"])[COLUMNS]
        )
    order = [NEW, *edges.names, SILENT, GONE]
    return _movement(
        "value tiers",
        edges.names[:1],
        follow(*sides),
        order,
        (then, now),
        "net amount of the trailing 12 months",
        "edges of the settings",
    )


def _both_dates(book: Book, months: int) -> tuple[Population, Population]:
    earlier = (book.month - months).end
    now, then = (
        population(book),
        population(book.at(earlier)) if book.at(earlier).has("orders", "customer_id") else None,
    )
    if then is None or then.named.empty:
        raise NotAvailable(
            {"orders": ("date",)}, GIVES, f"orders known by {book.fmt.text(earlier, 'date')}"
        )
    return now, then


def _movement(
    between: str,
    best: Sequence[str],
    customers: pd.DataFrame,
    order: Sequence[str],
    dates: tuple[Population, Population],
    basis: str,
    fixed: str,
) -> CustomerMovement:
    then, now = dates
    return CustomerMovement(
        between,
        best,
        balance(customers, order),
        flows_of(customers),
        customers,
        then.as_of,
        now.as_of,
        basis,
        now.fmt,
        fixed,
    )
