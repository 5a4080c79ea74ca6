"""Customers that came back after a year without an order, or without a running contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import later, named, say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.comebacks import comebacks
from playbook.data.measures.names import customer_names
from playbook.data.measures.recurring import mrr
from playbook.methods.intervals import Rate
from playbook.page import Col, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.population import orders_of, population, sums
from playbook.segments.running_contracts import contracts_of

GIVES = later("which customers came back after a time without buying, and what they bring")


class WonBackCustomers(column.Frame):
    """One row per customer that came back in the trailing 12 months, the largest first."""

    customer_id = column.text("the customer")
    name = column.text("the customer's name, its id where no name is known")
    owner = column.text("who looks after it; a dash where nobody does")
    left = column.day("last order, or end of the last contract, before it stayed away")
    back = column.day("first order, or start of the contract, with which it came back")
    away = column.days("from the one to the other")
    net = column.money("net amount of the trailing 12 months; of contracts the yearly value now")


@dataclass(frozen=True)
class WonBack(Result):
    """Customers back in ``window``; asked: customers that were away when it began; total: net
    sales of the window, or yearly value of the contracts that run; by_contracts: from contracts,
    because the book has no orders.
    """

    section: ClassVar[str] = "won-back"
    table: Annotated[pd.DataFrame, WonBackCustomers]
    asked: int
    total: float
    by_contracts: bool
    window: Window
    as_of: date
    fmt: Formats
    currency: str
    top: int = 15

    @property
    def rate(self) -> Rate:
        """Customers back of those that were away when the window began."""
        return Rate(len(self.table), self.asked)

    @property
    def worth(self) -> float:
        """What the customers that are back bring together."""
        return float(self.table["net"].sum())

    def tables(self) -> Sequence[Table]:
        if self.table.empty:
            return []
        owners = self.table["owner"].ne("–").any()
        columns = [
            Col("name", label="Customer", weight=2),
            *([Col("owner", "name")] if owners else []),
            Col("left", "date", "Last seen"),
            Col("back", "date", "Back on"),
            Col("away", "days", "Away"),
            Col("net", "money", "Yearly value" if self.by_contracts else "Brought since"),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("Customers that came back"),
                limit=self.top,
                note=say(
                    "{currency} · {label} · n = {back} back of {asked} that were away · as of"
                    " {as_of}",
                    currency=self.currency,
                    label=self.window.label,
                    back=self.fmt.count(len(self.table)),
                    asked=self.fmt.count(self.asked),
                    as_of=self.fmt.text(self.as_of, "date"),
                ),
                total={"name": "All", "net": self.worth},
            )
        ]

    def reading(self) -> str:
        if not self.asked:
            return say("No customer was away when {label} began.", label=self.window.label)
        if self.table.empty and self.asked == 1:
            return say(
                "The one customer that was away when {label} began did not come back in it.",
                label=self.window.label,
            )
        if self.table.empty:
            return say(
                "None of the {customers} that were away when {label} began came back in it.",
                customers=plural(self.asked, "customer"),
                label=self.window.label,
            )
        first, money = self.table.iloc[0], self.fmt.money(self.worth, compact=True)
        low, high = self.rate.interval
        said = {
            "rate": self.fmt.rate(len(self.table), self.asked),
            "low": self.fmt.interval(low, high, "share"),
            "money": money,
            "share": self.fmt.share(self.worth / self.total) if self.total > 0 else "–",
            "name": first["name"],
            "net": self.fmt.money(first["net"], compact=True),
            "away": self.fmt.text(first["away"], "days"),
        }
        return (
            say(
                "{rate} of the customers without a contract came back [{low}]; their contracts"
                " bring {money} a year, {share} of all that run. The largest, {name}, had been"
                " away for {away} and brings {net} a year.",
                **said,
            )
            if self.by_contracts
            else say(
                "{rate} of the customers that had stayed away for a year came back [{low}] and"
                " brought {money}, {share} of the sales. The largest, {name}, had been away for"
                " {away} and brought {net}.",
                **said,
            )
        )

    def headline(self) -> str:
        if self.table.empty:
            return ""
        return say(
            "Won back: {rate} of customers away, {money}.",
            rate=self.fmt.rate(len(self.table), self.asked),
            money=self.fmt.money(self.worth, compact=True),
        )

    def notes(self) -> Sequence[str]:
        if self.by_contracts:
            return (
                say(
                    "Away: had a contract before {label}, and none that ran on its eve. Back: pays"
                    " for a contract on the as-of date. What brought them back is not in the"
                    " tables.",
                    label=self.window.label,
                ),
            )
        return (
            say(
                "Away: ordered before, but not in the 12 months before {label}. Back: ordered in"
                " it; their money is the part “back” of the revenue bridge. What brought them"
                " back is not in the tables.",
                label=self.window.label,
            ),
        )

    def kpis(self) -> Sequence[Kpi]:
        n = self.asked
        return [
            Kpi("won_back.customers", "trailing_12m", len(self.table), "count", n=n),
            Kpi.rate("won_back.rate", "trailing_12m", self.rate),
            Kpi("won_back.revenue", "trailing_12m", self.worth, self.currency, n=len(self.table)),
        ]


@section("won-back")
def won_back(book: Book, top: int = 15) -> WonBack:
    """Customers that came back in the trailing 12 months, ``top`` of them on the page.

    Needs orders (customer_id, date, amount) that cover the 12 months and those before, or in a book
    without orders contracts (customer_id, start, annual_value) from before the 12 months.
    """
    window = book.window("trailing_12m")
    start: date = window.start or book.as_of  # of a year it is always known
    if not book.has("orders", "customer_id", "date", "amount"):
        if book.has("contracts", "customer_id", "start", "annual_value"):
            return _by_contracts(book, window, start, top)
        book.need("orders", "customer_id", "date", "amount", gives=GIVES)
    base, covered = window.year_before(), coverage(book, "orders")
    if gap := covered.gap(base.start, window.end, book.fmt):
        raise NotAvailable(
            {}, GIVES, say("the two years to look at are not covered: {gap}", gap=gap)
        )
    grouped = sums(book)
    away = grouped[
        grouped["customer_id"].notna()
        & (grouped["first"] < pd.Timestamp(start))
        & ~(grouped["orders_base"] > 0)
    ]
    back = away[away["orders_year"] > 0]
    days = comebacks(orders_of(book), start, window.end).set_index("customer_id")
    people = population(book).frame.dropna(subset=["customer_id"]).set_index("customer_id")
    rows = back[["customer_id"]].assign(net=back["net_year"].astype(float))
    rows = rows.assign(
        name=rows["customer_id"].map(people["name"]),
        owner=rows["customer_id"].map(people["owner"]),
        left=rows["customer_id"].map(days["left"]),
        back=rows["customer_id"].map(days["back"]),
    )
    total = float(grouped["net_year"].astype(float).sum())
    return _made(rows, len(away), total, False, window, book, top)


def _by_contracts(book: Book, window: Window, start: date, top: int) -> WonBack:
    eve = start - timedelta(days=1)
    known = coverage(book, "contracts", "start")
    if known.first is None or known.first > eve:
        raise NotAvailable(
            {"contracts": ("start",)},
            GIVES,
            say("contracts from before {start}", start=book.fmt.text(start, "date")),
        )
    contracts, _ = contracts_of(book)
    before, now = mrr(book, eve), mrr(book, book.as_of)
    old = contracts[contracts["start"] <= pd.Timestamp(eve)]
    had = pd.Index(old["customer_id"].dropna().unique())
    away = had.difference(before.index[before > 0])
    ids = away.intersection(now.index[now > 0])
    new = contracts[contracts["start"] > pd.Timestamp(eve)]
    rows = pd.DataFrame({"customer_id": ids}).assign(
        net=12 * now.reindex(ids).to_numpy(float),
        left=old.groupby("customer_id")["end"].max().reindex(ids).to_numpy(),
        back=new.groupby("customer_id")["start"].min().reindex(ids).to_numpy(),
        owner="–",
    )
    names = customer_names(book, set(ids), set(ids))
    rows = rows.assign(name=[names.get(one, one) for one in ids])
    return _made(rows, len(away), float(12 * now.sum()), True, window, book, top)


def _made(
    rows: pd.DataFrame,
    asked: int,
    total: float,
    by_contracts: bool,
    window: Window,
    book: Book,
    top: int,
) -> WonBack:
    rows = rows.assign(
        away=(rows["back"] - rows["left"]).dt.days.astype(float),
        owner=[named(owner) for owner in rows["owner"]],
    ).sort_values(["net", "customer_id"], ascending=[False, True], kind="stable")
    frame = WonBackCustomers.make(
        {name: rows[name].reset_index(drop=True) for name in WonBackCustomers.names()}
    )
    return WonBack(
        frame, asked, total, by_contracts, window, book.as_of, book.fmt, book.currency, top
    )
