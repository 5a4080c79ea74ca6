"""The year part within part: each level's shares inside the one above, with the deals each part
takes, exact at every level.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, joined, listing, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.order_windows import monthly_again, orders_in
from playbook.data.measures.splits import has_split
from playbook.goals.actuals import Actuals
from playbook.goals.labels import dimension_label
from playbook.methods.apportionment import from_units, to_units
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.tables import DATA

from .part_tree import Level, PartTree, level_sums, tree_of
from .shares import member_weights
from .year import YearFigure, plan_in_force, year_figure

BUSINESS = later(("new", "renewal", "repurchase", "upgrade"), context="business")
USUAL = ("kind", "customer_type")  # levels where the settings name none
SHOWN = 40


@dataclass(frozen=True)
class PlanParts(Result):
    """The year as a tree of parts. levels: what it is split by, from the top; sized: the level
    whose members' deal sizes are used, empty where the whole is one size.
    """

    section: ClassVar[str] = "plan-parts"
    fmt: Formats
    as_of: date
    planned: YearFigure
    levels: tuple[Level, ...]
    sized: str
    table: Annotated[pd.DataFrame, PartTree]

    @property
    def units(self) -> int:
        """The year's figure in minor units."""
        return to_units(self.planned.amount, self.fmt.minor_digits)

    def tables(self) -> list[Table]:
        digits = self.fmt.minor_digits
        rows = self.table.assign(
            name=[
                "· " * (row["level"] - 1) + _part_name(row["dimension"], row["member"])
                for row in self.table.to_dict("records")
            ],
            target=[from_units(u, digits) for u in self.table["units"]],
        )
        top = self.table[self.table["level"] == 1]
        deals = None if self.table["deals"].isna().all() else int(top["deals"].sum())
        total = {
            "name": say("All"),
            "share": 1.0,
            "target": from_units(self.units, digits),
            "deals": deals,
        }
        levels = joined((dimension_label(level.name) for level in self.levels), " › ")
        columns = [
            Col("name", label=levels, context=DATA),
            Col("share", "share", "Of the part above"),
            Col("target", "money.exact", say("Target {name}", name=self.planned.name)),
            Col("size", "money", "Order size"),
            Col("deals", "count", "Orders"),
        ]
        return [
            table(
                rows,
                columns,
                self.fmt,
                title=say("{name} part within part", name=self.planned.name),
                limit=SHOWN,
                total=total,
                note=self._note(),
            )
        ]

    def _note(self) -> str:
        shares = joined(
            (
                say(
                    "{dimension}: {source}",
                    dimension=dimension_label(level.name).lower(),
                    source=level.source,
                )
                for level in self.levels
            ),
            "; ",
        )
        by = (
            say("by {dimension}", dimension=dimension_label(self.sized).lower())
            if self.sized
            else say("of all orders")
        )
        return say(
            "shares by {shares} · orders: the target of each size ({by}; of the"
            " settings where given, else the average order of the trailing 12"
            " months) ÷ the size, rounded up once and shared by the parts'"
            " targets · every level sums to the one above, in money and in"
            " orders · as of {as_of}",
            shares=shares,
            by=by,
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def reading(self) -> str:
        top = self.table[self.table["level"] == 1]
        named = [
            say(
                "{part} {share}",
                part=_part_name(row["dimension"], row["member"]),
                share=self.fmt.share(row["share"], decimals=0),
            )
            for row in top.to_dict("records")
        ]
        start = "" if self.planned.given else say("Illustration, for want of a target: ")
        text = say(
            "{start}{amount} for {name} is {named}.",
            start=start,
            amount=self.fmt.money(self.planned.amount),
            name=self.planned.name,
            named=listing(named, 6),
        )
        if not self.table["deals"].isna().any():
            takes = int(top["deals"].sum())
            text += say(
                " It takes {orders} at {sizes}.", orders=plural(takes, "order"), sizes=self._sizes()
            )
        return text

    def _sizes(self) -> str:
        given = [level for level in self.levels if level.name == self.sized and level.typed_sizes]
        return say("the sizes of the settings") if given else say("today's average sizes")

    def headline(self) -> str:
        off = sum(parts != whole for _, parts, whole in level_sums(self.table, self.units))
        return say(
            "Parts of {name}: {parts} on {levels}, {off} sums off.",
            name=self.planned.name,
            parts=plural(len(self.table), "part"),
            levels=plural(len(self.levels), "level"),
            off=off,
        )

    def worksheets(self) -> list[Worksheet]:
        columns = (
            ("path", say("Part"), "text"),
            ("share", say("Of the part above"), "share"),
            ("target", say("Target {name}", name=self.planned.name), "money.exact"),
            ("size", say("Order size"), "money"),
            ("deals", say("Orders"), "count"),
        )
        digits = self.fmt.minor_digits
        names = [level.name for level in self.levels]
        rows = tuple(
            (
                _path_name(names, row["path"]),
                row["share"],
                from_units(row["units"], digits),
                None if is_missing(row["size"]) else row["size"],
                None if is_missing(row["deals"]) else int(row["deals"]),
            )
            for row in self.table.to_dict("records")
        )
        return [Worksheet(say("Parts {name}", name=self.planned.name), columns, rows)]


def _part_name(dimension: str, member: str) -> str:
    """A part by name; a kind of business in the language spoken."""
    known = dimension == "kind" and member in BUSINESS
    return say(member, context="business") if known else member


def _path_name(dimensions: list[str], path: str) -> str:
    """A part by its members from the top, as said. dimensions: what the levels are split by."""
    members = path.split(" › ")
    if "kind" not in dimensions or len(members) > len(dimensions):  # a name may hold the sign
        return path
    return joined(map(_part_name, dimensions, members), " › ")


@section("plan-parts")
def plan_parts(book: Book, year_target: float = 0.0) -> PlanParts:
    """The year's figure split by the levels of the settings (kind of business, then customer type,
    where none are named), with the deals of each part.
    """
    book.need("orders", "amount", gives=say("the year part within part, and the deals it takes"))
    actuals, settings = Actuals(book), book.settings.goals
    planned, plan = year_figure(book, year_target, actuals), plan_in_force(book)
    names = settings.levels or [d for d in USUAL if has_split(book, d) or d in settings.weights]
    levels = []
    for name in names:
        frame, source = member_weights(book, actuals, plan, name, planned)
        if len(frame):
            typed = bool(settings.weights.get(name))
            levels.append(Level(name, frame, source, typed, bool(settings.deal_sizes.get(name))))
    if not levels:
        named = listing([dimension_label(name).lower() for name in names], 4)
        raise NotAvailable(
            {},
            gives=say("the year part within part"),
            because=say("sales name no {named}", named=named)
            if names
            else say(
                "sales name no kind of business or customer type, and [goals] levels no dimension"
            ),
        )
    span, months = book.window("trailing_12m"), actuals.months("sales", ())
    year = sales.in_window(months, span)
    tree, sized = tree_of(
        book,
        to_units(planned.amount, book.fmt.minor_digits),
        levels,
        (float(sales.total(year["amount"])), orders_in(months, monthly_again(book), span)),
    )
    return PlanParts(book.fmt, book.as_of, planned, tuple(levels), sized, tree)
