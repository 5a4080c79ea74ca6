"""The customer's return: present costs, what is saved of them, price and fee, as a sheet to hand
over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.page import Table, Worksheet

from .ownership import customer_return

# Figures to overwrite, in the book's currency.
EXAMPLE = (
    (later("staff hours"), 400_000.0, 0.3),
    (later("errors and rework"), 100_000.0, 0.3),
    (later("present system"), 50_000.0, 1.0),
)
EXAMPLE_PRICE, EXAMPLE_FEE = 60_000.0, 20_000.0


class Savings(Frame):
    """One row per cost of the customer."""

    item = col.text(later("the cost, as the customer calls it"))
    cost = col.money(later("what it costs a year now"))
    share = col.share(later("share of it that is saved"))
    saved = col.money(later("saved a year: cost × share"))


@dataclass(frozen=True)
class CustomerReturn(page.Result):
    """What a customer saves, against price and fee.

    given: whether the settings give the customer's figures. customer: whose they are, may be empty.
    """

    table: Annotated[pd.DataFrame, Savings]
    price: float
    fee: float
    years: int
    given: bool
    customer: str
    as_of: date
    fmt: Formats
    section = "customer-return"

    @property
    def saved(self) -> float:
        """Saved a year, before the fee."""
        return float(self.table.saved.sum())

    @property
    def net(self) -> float:
        """Saved a year less the fee."""
        return self.saved - self.fee

    @property
    def payback(self) -> float | None:
        """Months until the price is back; 0 without a price, None where it never comes back."""
        if self.net <= 0:
            return None
        return self.price / self.net * 12

    @property
    def ratio(self) -> float | None:
        """Saved ÷ spent over the years told; None without an outlay."""
        outlay = self.price + self.fee * self.years
        return self.saved * self.years / outlay if outlay else None

    def tables(self) -> list[Table]:
        costs = dict(zip(self.table.item, self.table.cost, strict=True))
        shares = dict(zip(self.table.item, self.table.share, strict=True))
        title = (
            say("What the customer saves")
            if self.given
            else say("Illustration: what a customer saves")
        )
        return [
            customer_return(costs, shares, self.price, self.fee, self.fmt, self.years, title=title)
        ]

    def reading(self) -> str:
        fmt = self.fmt
        who = self.customer or say("The customer")
        sums = {
            "who": who,
            "cost": fmt.money(self.table.cost.sum()),
            "items": plural(len(self.table), "item"),
            "saved": fmt.money(self.saved),
            "fee": fmt.money(self.fee),
            "net": fmt.money(self.net),
        }
        if self.payback is None:
            text = say(
                "{who} spends {cost} a year on {items} now and would save {saved} a year;"
                " less the fee of {fee} that is {net}: it does not pay back.",
                **sums,
            )
        elif self.price:
            text = say(
                "{who} spends {cost} a year on {items} now and would save {saved} a year;"
                " less the fee of {fee} that is {net}, and {price} once are back after"
                " {months} months.",
                price=fmt.money(self.price),
                months=fmt.text(self.payback, "number", decimals=1),
                **sums,
            )
        else:
            text = say(
                "{who} spends {cost} a year on {items} now and would save {saved} a year;"
                " less the fee of {fee} that is {net}.",
                **sums,
            )
        if self.ratio is not None:
            text += say(
                " Over {years} each unit spent brings {ratio}.",
                years=plural(self.years, "year"),
                ratio=fmt.text(self.ratio, "number", decimals=2),
            )
        if self.given:
            return text
        return say("An illustration to overwrite: {text}", text=text[:1].lower() + text[1:])

    def notes(self) -> list[str]:
        return (
            [say("Savings are the customer's own estimate; no interest, no growth.")]
            if self.given
            else [
                say(
                    "The figures are made up: give the customer's own present costs in"
                    " the settings (funnel.customer_return) for a sheet to hand over, or"
                    " move the sliders."
                )
            ]
        )

    def worksheets(self) -> list[Worksheet]:
        """The sheet to hand over."""
        keys = (
            ("line", say("Line", context="sheet"), "text"),
            ("value", say("Amount"), "money"),
            ("share", say("Saved"), "share"),
        )
        rows: list[tuple] = [
            (say("{item}: cost a year now", item=r.item), float(r.cost), float(r.share))
            for r in self.table.itertuples()
        ]
        rows += [
            (say("{item}: saved a year", item=r.item), float(r.saved), None)
            for r in self.table.itertuples()
        ]
        rows += [
            (say("Saved a year"), self.saved, None),
            (say("Fee a year"), self.fee, None),
            (say("Net saving a year"), self.net, None),
            (say("Price once"), self.price, None),
        ]
        rows += [
            (say("Left after year {year}", year=year), self.net * year - self.price, None)
            for year in range(1, self.years + 1)
        ]
        return [Worksheet(say("Customer's return"), keys, tuple(rows))] if self.given else []


def _example() -> list[tuple[str, float, float]]:
    return [(say(item), cost, share) for item, cost, share in EXAMPLE]


@page.section("customer-return")
def return_sheet(book: Book) -> CustomerReturn:
    """The customer's return from the figures of the settings; else a worked example, named as
    one.
    """
    own = book.settings.funnel.customer_return
    given = bool(own.items)
    items = [(i.item, i.cost, i.saved) for i in own.items] if given else _example()
    return CustomerReturn(
        Savings.make(
            {"item": item, "cost": cost, "share": share, "saved": cost * share}
            for item, cost, share in items
        ),
        own.price if given else EXAMPLE_PRICE,
        own.fee if given else EXAMPLE_FEE,
        own.years,
        given,
        own.customer if given else "",
        book.as_of,
        book.fmt,
    )
