"""The year's figure split to regions, lines, customer types and months, exact to the minor unit,
with the proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.plan_curves import Curve
from playbook.goals.actuals import Actuals
from playbook.goals.figures import decomposition_months
from playbook.goals.labels import dimension_label
from playbook.methods.apportionment import from_units, split, to_units
from playbook.methods.raking import fit
from playbook.page import Col, Figure, Result, Table, Worksheet, section, table
from playbook.page.tables import DATA

from .cross import TINY, MembersByMembers, MembersByMonth, members_by_members, members_by_month
from .cross_tables import grid_tables, members_said, months_tables
from .member_split import MemberTargets, orders_for, split_members
from .shares import member_weights, split_dimensions
from .split_proof import proof_table, split_sums
from .year import YearFigure, plan_in_force, year_curve, year_figure

ROWS = 12  # members shown below each other


@dataclass(frozen=True)
class Decomposition(Result):
    """The year's figure by member of each dimension, by month, and by two dimensions at once.

    sources: dimension → where its shares come from.
    """

    section: ClassVar[str] = "decomposition"
    fmt: Formats
    as_of: date
    planned: YearFigure
    table: Annotated[pd.DataFrame, MemberTargets]
    sources: dict[str, str]
    curve: Curve
    cross: Annotated[pd.DataFrame, MembersByMonth]
    grid: Annotated[pd.DataFrame, MembersByMembers]

    @property
    def digits(self) -> int:
        """Decimal digits of the currency's minor unit."""
        return self.fmt.minor_digits

    @property
    def units(self) -> int:
        """The year's figure in minor units."""
        return to_units(self.planned.amount, self.digits)

    def figure(self) -> Figure:
        """The year by month, stacked by member of the first dimension."""
        due = pd.Series(self.curve.shares, index=list(self.curve.months))
        return decomposition_months(
            members_said(self.cross),
            due,
            self.planned.amount,
            self.planned.name,
            self.curve.source,
            self.fmt,
            self.as_of,
        )

    def tables(self) -> list[Table]:
        return [
            *(self._members(d) for d in self.sources),
            *self.by_month(),
            *grid_tables(self.grid, self.planned.name, self.fmt),
            self.proof(),
        ]

    def _members(self, dimension: str) -> Table:
        rows = self.table[self.table["dimension"] == dimension]
        frame = rows.assign(target=[from_units(u, self.digits) for u in rows["units"]])
        total = {
            "member": "All",
            "weight": 1.0,
            "target": from_units(self.units, self.digits),
            "actual": float(rows["actual"].sum()),
        }
        return table(
            frame,
            limit=ROWS + 3,
            columns=[
                Col("member", "name", dimension_label(dimension), context=DATA),
                Col("weight", "share", "Share"),
                Col("target", "money.exact", say("Target {name}", name=self.planned.name)),
                Col("actual", "money", "Trailing 12 months"),
                Col("lift", "share", "Lift asked", sign=True),
                Col("size", "money", "Order size"),
                Col("orders", "count", "Orders needed"),
            ],
            fmt=self.fmt,
            title=say(
                "{name} by {dimension}",
                name=self.planned.name,
                dimension=dimension_label(dimension).lower(),
            ),
            total=total,
            note=(
                say(
                    "shares: {sources} · orders needed: target ÷ order size, rounded up;"
                    " size: of the settings where given, else the part's average order;"
                    " not summed, for each cut has other sizes · as of {as_of}",
                    sources=self.sources[dimension],
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
        )

    def by_month(self) -> list[Table]:
        """The year by month and member."""
        return months_tables(self.cross, self.curve, self.planned.name, self.fmt)

    def proof(self) -> Table:
        """Sums of parts beside their totals."""
        return proof_table(self.sums(), self.cross, self.grid, self.fmt)

    def sums(self) -> list[tuple[str, int, int, int]]:
        """(split, parts, sum of parts, total) of every split on the page, in minor units."""
        return split_sums(self.table, self.cross, self.grid, self.units)

    def reading(self) -> str:
        said = ("" if self.planned.given else say("Illustration: ")) + say(
            "{amount} for {name} ({source})",
            amount=self.fmt.money(self.planned.amount),
            name=self.planned.name,
            source=self.planned.source,
        )
        exact = (
            say("Every split sums to its whole exactly")
            if all(parts == total for _, _, parts, total in self.sums())
            else say("A split does not sum to its whole")
        )
        cuts = [say("by {dimension}", dimension=dimension_label(d).lower()) for d in self.sources]
        text = say(
            "{said} is split {cuts}. {exact}.",
            said=said,
            cuts=listing([*cuts, say("by month")], 4),
            exact=exact,
        )
        return text + lift_asked(self.table, self.fmt)

    def worksheets(self) -> list[Worksheet]:
        """The year by member and month, every member, exact."""
        if self.cross.empty:
            return []
        columns = (
            ("member", dimension_label(self.cross.index.name), "text"),
            *((str(m), str(m), "money.exact") for m in self.cross.columns),
            ("all", say("Year", context="total"), "money.exact"),
        )
        rows = tuple(
            (
                str(member),
                *(from_units(u, self.digits) for u in units),
                from_units(int(units.sum()), self.digits),
            )
            for member, units in members_said(self.cross).iterrows()
        )
        return [Worksheet(say("Plan {name} by month", name=self.planned.name), columns, rows)]

    def headline(self) -> str:
        if not self.planned.given:
            return say(
                "No target for {name} is given: its split is an illustration.",
                name=self.planned.name,
            )
        wrong = sum(parts != total for _, _, parts, total in self.sums())
        return say(
            "Decomposition of {amount} for {name}: {sums} checked, {wrong} off.",
            amount=self.fmt.money(self.planned.amount),
            name=self.planned.name,
            sums=plural(len(self.sums()), "sum"),
            wrong=wrong,
        )

    def notes(self) -> list[str]:
        return (
            []
            if self.planned.given
            else [
                say(
                    "No company target for {name} is in the book: the split uses"
                    " {source}. Name your own with the parameter year_target.",
                    name=self.planned.name,
                    source=self.planned.source,
                )
            ]
        )


def lift_asked(parts: pd.DataFrame, fmt: Formats) -> str:
    """What is asked of the parts against their trailing 12 months (columns member and lift, NaN
    where a part has none); empty where no part has a history.
    """
    lifts = parts[parts["lift"].notna()]
    if not len(lifts):
        return ""
    if lifts["lift"].max() - lifts["lift"].min() < 0.0005:
        return say(
            " Each part is asked for {lift} on its trailing 12 months.",
            lift=fmt.share(lifts["lift"].iloc[0], sign=True),
        )
    most = lifts.sort_values(["lift", "member"], ascending=[False, True], kind="stable").iloc[0]
    asked = (
        later(" The largest lift is asked of {member}: {lift} on its trailing 12 months.")
        if most["lift"] > 0
        else later(
            " No part is asked for more than its trailing 12 months; nearest to them is"
            " {member}: {lift}."
        )
    )
    return say(asked, member=most["member"], lift=fmt.share(most["lift"], sign=True))


@section("decomposition")
def decomposition(book: Book, year_target: float = 0.0) -> Decomposition:
    """The year's figure by region, product line and customer type (where the book knows them) and
    by month.
    """
    book.need(
        "orders", "amount", gives=say("the year split to regions, lines, customer types and months")
    )
    actuals = Actuals(book)
    planned = year_figure(book, year_target, actuals)
    plan = plan_in_force(book)
    units = to_units(planned.amount, book.fmt.minor_digits)
    frames, sources = [], {}
    for dimension in split_dimensions(book):
        frame, source = member_weights(book, actuals, plan, dimension, planned)
        if len(frame) > 1:
            frames.append(split_members(frame, dimension, units, book))
            fixed = book.settings.goals.held.get(dimension)
            there = set(frame["member"])
            if held := sorted(set(fixed or ()) & there):
                source += say("; held fixed: {held}", held=listing(held, 4))
            if waits := sorted(set(fixed or ()) - there):
                source += say("; waiting for their first sale: {waits}", waits=listing(waits, 4))
            sources[dimension] = source
    parts = pd.concat(frames, ignore_index=True) if frames else MemberTargets.make([])
    curve = year_curve(book, plan, actuals, planned)
    return Decomposition(
        book.fmt,
        book.as_of,
        planned,
        parts,
        sources,
        curve,
        members_by_month(parts, curve, units, book, actuals, plan),
        members_by_members(parts, book, actuals),
    )


def resplit(made: Decomposition, amount: float, shares: Mapping[str, float]) -> Decomposition:
    """The first dimension and the months at another figure, some members held at a share of it and
    the others sharing the rest by their weights.

    The other dimensions are left out: their weights say nothing about the change.
    """
    dimension = next(iter(made.sources))
    mine = made.table[made.table["dimension"] == dimension].reset_index(drop=True)
    weights = mine["weight"].to_numpy(dtype=float).copy()
    held = np.array([member in shares for member in mine["member"]])
    free = weights[~held].sum()
    weights[~held] *= max(0.0, 1 - sum(shares.values())) / free if free else 0.0
    weights[held] = [shares[member] for member in mine.loc[held, "member"]]
    units = to_units(round(amount, made.digits), made.digits)
    parts = split(units, weights)
    target = parts / 10**made.digits
    mine = mine.assign(
        weight=weights / weights.sum(),
        units=parts,
        lift=[
            t / a - 1 if a > 0 and not is_missing(was) else None
            for t, a, was in zip(target, mine["actual"], mine["lift"], strict=True)
        ],
        orders=[orders_for(t, s) for t, s in zip(target, mine["size"], strict=True)],
    )
    cross = fit(
        np.maximum(made.cross.to_numpy(dtype=float), TINY),
        [parts, split(units, made.curve.shares)],
        [dimension_label(dimension).lower(), say("month")],
    )
    return replace(
        made,
        planned=replace(made.planned, amount=amount, source=say("the figure chosen")),
        table=mine,
        sources={dimension: say("the shares chosen, the others by their weights")},
        cross=pd.DataFrame(cross, index=made.cross.index, columns=made.cross.columns),
        grid=made.grid.iloc[:0, :0],
    )
