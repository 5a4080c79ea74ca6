"""Who moved between two months: states of both months by the earlier month's thresholds, by
customers and revenue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.page import Change, Col, Figure, Result, Table, section, table
from playbook.page.blocks import Turn
from playbook.segments.figures.movement import flow
from playbook.segments.population import GIVES, Population, population
from playbook.segments.states import DORMANT, NET_NEGATIVE

from .maps import MAPS
from .rfm import segmented
from .scores import Thresholds
from .tiers import tiered

NEW, GONE, SILENT = "new", "gone", "no order this year"
WIDE = 8  # states from which the columns of the matrix are numbered
COLUMNS = ["segment", "net", "name", "owner", "idle"]


@dataclass(frozen=True)
class Movement(Result):
    """``table``: one row per state: start, joined, left, end [customers] and the same in money
    [currency].
    ``flows``: from, to, customers, net_before, net_after. ``customers``: one row each with before,
    after, net_before, net_after.
    """

    section: ClassVar[str] = "migration"
    of: str  # what the states are: segments or value tiers
    best: Sequence[str]  # states whose loss a director hears about first
    table: pd.DataFrame
    flows: pd.DataFrame
    customers: pd.DataFrame
    before: date
    as_of: date
    basis: str
    fmt: Formats
    fixed: str

    def figure(self) -> Figure:
        return flow(list(self.table["state"]), self.flows, self.of, self.note, self.fmt)

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
                title=f"Movement between {self.of}",
                note=self.note,
                total={"state": "All", **total},
            ),
            self.matrix(),
        ]

    def matrix(self) -> Table:
        """From each state (rows) to each (columns), customers or, by a switch of the page, what
        they brought before; rows sum to the starting counts.

        Many states are numbered, so that their columns are narrow enough for an upright page.
        """
        counts, money = (self._grid(values) for values in ("customers", "net_before"))
        many = len(counts.columns) > WIDE
        number = (
            {
                state: f"{i} "
                for i, state in enumerate([c for c in counts.columns if c in counts.index], 1)
            }
            if many
            else {}
        )
        heads = [number.get(c, c).strip() for c in counts.columns]
        made = [
            self._matrix_of(grid, unit, heads, number)
            for grid, unit in ((counts, "count"), (money, "money"))
        ]
        versions = {str(i): one.rows + one.total for i, one in enumerate(made)}
        return replace(
            made[0],
            choices=(Turn("in revenue before instead of customers"),),
            rows=versions["0"],
            versions=versions,
            turn=f"From which to which of the {self.of}",
            total=(),
        )

    def _grid(self, values: str) -> pd.DataFrame:
        order = [
            s for s in self.table["state"] if s in set(self.flows["from"]) | set(self.flows["to"])
        ]
        grid = self.flows.pivot(index="from", columns="to", values=values)
        return grid.loc[
            [s for s in order if s in grid.index], [s for s in order if s in grid.columns]
        ].fillna(0)

    def _matrix_of(
        self, grid: pd.DataFrame, unit: str, heads: Sequence[str], number: dict[str, str]
    ) -> Table:
        frame = grid.set_axis(list(heads), axis=1).assign(total=grid.sum(axis=1)).reset_index()
        frame = frame.assign(
            **{"from": [f"{number.get(state, '')}{state}" for state in frame["from"]]}
        )
        total = {
            "from": "All",
            **dict(zip(heads, grid.sum(), strict=True)),
            "total": grid.to_numpy().sum(),
        }
        columns = [
            Col("from", label="From \\ to", weight=1.5),
            *(Col(head, unit, head, compact=unit == "money") for head in heads),
            Col("total", unit, "Before", compact=unit == "money"),
        ]
        return table(
            frame,
            columns,
            self.fmt,
            title=f"From which to which of the {self.of}",
            total=total,
            note=f"{'columns are numbered as the rows · ' if number else ''}{self.note}",
        )

    def sentence(self) -> str:
        """What a director would say: net movement of the best states first."""
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
        return (
            f"Movement of {self.of} since {self.fmt.text(self.before, 'date')}: {self.sentence()}"
        )

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
def movement(book: Book, months: int = 1) -> Movement:
    """Movement between RFM segments against the month ``months`` earlier, thresholds frozen there."""
    now, then = _two(book, months)
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
    return moved(
        "segments",
        leading.names[:2],
        before,
        after,
        order,
        (then, now),
        "net amount of the RFM window",
        f"thresholds of {book.fmt.text(then.as_of, 'date')}",
    )


@section("tier-migration")
def tier_movement(book: Book, months: int = 1) -> Movement:
    """Movement between value tiers against the month ``months`` earlier; edges are those of the
    settings.
    """
    now, then = _two(book, months)
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
    return moved(
        "value tiers",
        edges.names[:1],
        *sides,
        order,
        (then, now),
        "net amount of the trailing 12 months",
        "edges of the settings",
    )


def _two(book: Book, months: int) -> tuple[Population, Population]:
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


def moved(
    of: str,
    best: Sequence[str],
    before: pd.DataFrame,
    after: pd.DataFrame,
    order: Sequence[str],
    two: tuple[Population, Population],
    basis: str,
    fixed: str,
) -> Movement:
    """Both sides joined by customer. Idle now though not before = gone; not there before = new."""
    joined = before.add_suffix("_before").join(after.add_suffix("_after"), how="outer")
    was, now = joined["segment_before"].fillna(NEW), joined["segment_after"]
    left = joined["idle_after"].astype(bool) & ~joined["idle_before"].astype("boolean").fillna(
        True
    ).astype(bool)
    customers = (
        pd.DataFrame(
            {
                "name": joined["name_after"],
                "owner": joined["owner_after"],
                "before": was,
                "after": now.where(~left, GONE),
                "net_before": joined["net_before"].fillna(0.0),
                "net_after": joined["net_after"].fillna(0.0),
            }
        )
        .rename_axis("customer_id")
        .reset_index()
    )
    flows = customers.groupby(["before", "after"], as_index=False).agg(
        customers=("customer_id", "size"),
        net_before=("net_before", "sum"),
        net_after=("net_after", "sum"),
    )
    flows = flows.rename(columns={"before": "from", "after": "to"})
    return Movement(
        of,
        best,
        _states(customers, order),
        flows,
        customers,
        two[0].as_of,
        two[1].as_of,
        basis,
        two[1].fmt,
        fixed,
    )


def _states(customers: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Per state: before − left + joined = after, in customers and, with the stayers' change, in
    money.
    """
    stays = customers["before"] == customers["after"]
    out, into, stay = (
        customers[~stays].groupby("before"),
        customers[~stays].groupby("after"),
        customers[stays].groupby("before"),
    )
    whole_before, whole_after = customers.groupby("before"), customers.groupby("after")
    columns = {
        "start": whole_before.size(),
        "left": out.size(),
        "joined": into.size(),
        "end": whole_after.size(),
        "net_start": whole_before["net_before"].sum(),
        "net_left": out["net_before"].sum(),
        "net_joined": into["net_after"].sum(),
        "net_stayed": stay["net_after"].sum() - stay["net_before"].sum(),
        "net_end": whole_after["net_after"].sum(),
    }
    return pd.DataFrame(columns).reindex(order).fillna(0).rename_axis("state").reset_index()
