"""Who moved between two months, from segment to segment and from value tier to value tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar

import narwhals as nw
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.acquisition import short_history
from playbook.data.measures.customers import is_order
from playbook.data.measures.frames import collect
from playbook.page import Change, Figure, Result, Table, section
from playbook.segments.figures.movement import flow
from playbook.segments.illustrations import illustration, not_set
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
from .maps import maps_of
from .movers import best_text, cause_text, ends_text
from .rfm import segmented
from .scores import Thresholds
from .tiers import tiered
from .transitions import TIERS, balance_table, transition_table

SILENT = later("no order this year")
COLUMNS = ["segment", "net", "name", "owner", "idle", "bought", "returned"]


@dataclass(frozen=True)
class CustomerMovement(Result):
    """Customers followed from an earlier date to the as-of date.

    between: what the states are, segments or value tiers; best: states whose losses are reported
    first; before: the earlier date; basis: which net amount counts; fixed: what holds the edges of
    the states the same on both dates; months: length of the window; unset: settings of the edges
    that nobody set, which makes them an illustration; caveats: sentences on how far the data reach.
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
    months: int
    unset: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    def figure(self) -> Figure:
        states = list(self.table["state"])
        return flow(states, self.flows, self.between, self._unit, self.note, self.fmt)

    @property
    def _unit(self) -> str:
        """How the names of states are written."""
        return "tier" if self.between == TIERS else "term"

    @property
    def note(self) -> str:
        return say(
            "customers and {basis} · from {before} to {as_of} · n = {customers}"
            " customers · {fixed}",
            basis=self.basis,
            before=self.fmt.text(self.before, "date"),
            as_of=self.fmt.text(self.as_of, "date"),
            customers=self.fmt.count(len(self.customers)),
            fixed=self.fixed,
        )

    def tables(self) -> Sequence[Table]:
        return [
            balance_table(self.table, self.between, self.note, self.fmt),
            transition_table(
                list(self.table["state"]), self.flows, self.between, self.note, self.fmt
            ),
        ]

    def sentence(self) -> str:
        """How many customers left and joined the best states, with what they brought by then."""
        return best_text(self.customers, self.best, self._unit, self.fmt)

    def reading(self) -> str:
        return joined(
            filter(
                None,
                (
                    illustration(self.unset),
                    self.sentence(),
                    cause_text(self.customers, self.before, self.fmt),
                    ends_text(self.customers, self.months, self.fmt),
                    self._stayed_text(),
                ),
            ),
            " ",
        )

    def _stayed_text(self) -> str:
        if self.customers.empty:
            return ""
        stay = (self.customers["before"] == self.customers["after"]).mean()
        return say("{stay} stayed where they were.", stay=self.fmt.share(stay))

    def headline(self) -> str:
        if self.unset:
            return ""
        since = self.fmt.text(self.before, "date")
        return say(
            "Movement of {between} since {since}: {sentence}",
            between=term(self.between),
            since=since,
            sentence=self.sentence(),
        )

    def changes(self) -> Sequence[Change]:
        if self.unset:
            return []
        out = self.customers[
            self.customers["before"].isin(list(self.best))
            & ~self.customers["after"].isin(list(self.best))
        ]
        base = self.table["net_start"].sum()
        lost = out["net_before"].sum()
        return (
            [
                Change(
                    say(
                        "{customers} fell below {best} since {before} ({lost} before)",
                        customers=plural(len(out), "customer"),
                        best=joined(map(term, self.best), " and "),
                        before=self.fmt.text(self.before, "date"),
                        lost=self.fmt.money(lost, compact=True),
                    ),
                    -lost / base,
                )
            ]
            if len(out) and base > 0
            else []
        )

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "Both dates are judged by the same edges ({fixed}), so a customer"
                    " moves because it bought or because time passed, not because others"
                    " did. “new” had not ordered by the earlier date; “gone” has no"
                    " order left in the later window; those who left are counted with"
                    " what they brought before, those who joined with what they bring"
                    " now.{caveats}",
                    fixed=self.fixed,
                    caveats="".join((f" {text}" for text in self.caveats)),
                )
            ),
        )


@section("migration")
def movement(book: Book, months: int = 1) -> CustomerMovement:
    """Movement between RFM segments since the end of the month ``months`` earlier; that month's
    thresholds hold on both dates. Needs orders known by then.
    """
    now, then = _both_dates(book, months)
    back = _with_refund(book, then.as_of)
    leading, thresholds = (
        maps_of(book.settings.segments)[0],
        Thresholds.of(then.scored, book.settings.segments),
    )
    sides = [
        segmented(people, thresholds, (leading,), book.currency).customers for people in (then, now)
    ]
    before, after = (
        side[side["customer_id"].notna()]
        .set_index("customer_id")
        .assign(
            idle=lambda each: each["state"] == DORMANT,
            bought=lambda each: each["last"] > pd.Timestamp(then.as_of),
            returned=lambda each: each.index.isin(back),
        )[COLUMNS]
        for side in sides
    )
    order = [NEW, *leading.names, NET_NEGATIVE, DORMANT, GONE]
    return _movement(
        later("segments"),
        leading.names[:2],
        follow(before, after),
        order,
        (then, now),
        say("net amount of the RFM window"),
        say("thresholds of {as_of}", as_of=book.fmt.text(then.as_of, "date")),
        book,
    )


@section("tier-migration")
def tier_movement(book: Book, months: int = 1) -> CustomerMovement:
    """Movement between value tiers since the end of the month ``months`` earlier; edges are those
    of the settings. Needs orders known by then.
    """
    now, then = _both_dates(book, months)
    back = _with_refund(book, then.as_of)
    edges = book.settings.segments.tiers
    sides = []
    for people in (then, now):
        tier = tiered(people, edges, book.currency).customers.set_index("customer_id")["tier"]
        known = people.named.set_index("customer_id")
        segment = tier.reindex(known.index).fillna(SILENT)
        sides.append(
            known.assign(
                segment=segment,
                idle=segment == SILENT,
                net=known["net_year"],
                bought=known["last"] > pd.Timestamp(then.as_of),
                returned=known.index.isin(back),
            )[COLUMNS]
        )
    order = [NEW, *edges.names, SILENT, GONE]
    return _movement(
        TIERS,
        edges.names[:1],
        follow(*sides),
        order,
        (then, now),
        say("net amount of the trailing 12 months"),
        say("edges of the settings"),
        book,
    )


def _with_refund(book: Book, after: date) -> set[str]:
    """Customers with a refund after a day."""
    rows = book.table("orders").filter(nw.col("date") > after, ~is_order())
    return set(collect(rows.select("customer_id"))["customer_id"].dropna())


def _both_dates(book: Book, months: int) -> tuple[Population, Population]:
    earlier = (book.month - months).end
    now, then = (
        population(book),
        population(book.at(earlier)) if book.at(earlier).has("orders", "customer_id") else None,
    )
    if then is None or then.named.empty:
        raise NotAvailable(
            {"orders": ("date",)},
            GIVES,
            say("orders known by {earlier}", earlier=book.fmt.text(earlier, "date")),
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
    book: Book,
) -> CustomerMovement:
    then, now = dates
    by_tier = between == TIERS
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
        12 if by_tier else book.settings.segments.rfm_months,
        not_set(book.settings.segments, "tiers") if by_tier else (),
        _caveats(book, then.year if by_tier else then.window, then.as_of),
    )


def _caveats(book: Book, window: Window, before: date) -> tuple[str, ...]:
    """How far the data reach: an earlier window that they do not fill grows by what is bought, and
    a customer from before the data looks new.
    """
    known = coverage(book, "orders")
    grows = (
        say(
            "Because {gap}, the earlier window holds less than the later one,"
            " and amounts grow for that alone.",
            gap=known.gap(window.start, window.end, book.fmt),
        )
        if known.first is not None and not known.covers(window.start, window.end)
        else ""
    )
    return tuple(filter(None, (grows, short_history(book, before + timedelta(days=1)))))
