"""ABC: how many customers bring how much of the revenue, by value and by head count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.methods.inequality import gini
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.value import pareto
from playbook.segments.population import CustomerRows, Population, population

from .concentration import CLASSES, cumulative, head_codes, letters, value_codes
from .contract_customers import contract_customers


class AbcClasses(column.Frame):
    """One row per class, both rules side by side."""

    abc_class = column.text("A, B or C")
    customers = column.count("customers in the class by value")
    customer_share = column.share("of customers with a positive amount")
    revenue = column.money("net amount of these customers in the trailing 12 months")
    revenue_share = column.share("of the revenue of customers with a positive amount")
    smallest = column.money("smallest customer of the class by value")
    heads = column.count("customers in the class by head count")
    heads_revenue = column.money("net amount of the class by head count")
    heads_share = column.share("of revenue that the class by head count brings")


class RankedCustomers(CustomerRows):
    """Customers with a positive amount in the trailing 12 months, largest first."""

    share = column.share("of the revenue of all of them")
    cumulative = column.share("of revenue of this customer and all larger ones")
    class_value = column.text("A, B or C by cumulative value")
    class_heads = column.text("A, B or C by head count")


@dataclass(frozen=True)
class Abc(Result):
    """ABC classes of the customers with a positive net amount in the trailing 12 months.

    apart: number of customers whose net amount is zero or less, apart_net their sum [currency];
    gini: 0 = all alike, towards 1 = one has everything; value_rule: cumulative shares of value
    where A and B end; head_rule: shares of customers in A, B and C; short: a sentence where orders
    do not cover the 12 months whole; by_contracts: ranked by what contracts that run bring a year,
    because the book has no orders.
    """

    section: ClassVar[str] = "abc"
    table: Annotated[pd.DataFrame, AbcClasses]
    customers: Annotated[pd.DataFrame, RankedCustomers]
    apart: int
    apart_net: float
    gini: float | None
    value_rule: tuple[float, ...]
    head_rule: tuple[float, ...]
    window: Window
    as_of: date
    fmt: Formats
    currency: str
    short: str = ""
    by_contracts: bool = False

    def figure(self) -> Figure | None:
        if self.customers.empty:
            return None
        return pareto(self.table, self.customers, self.gini, self.head_rule[0], self.note, self.fmt)

    @property
    def note(self) -> str:
        if self.by_contracts:
            return say(
                "customers by descending yearly value of the contracts that run, in {currency} ·"
                " n = {customers} customers · as of {as_of}",
                currency=self.currency,
                customers=self.fmt.count(len(self.customers)),
                as_of=self.fmt.text(self.as_of, "date"),
            )
        return say(
            "customers by descending net amount in {currency} · {label} · n ="
            " {customers} customers with a positive amount · as of {as_of}",
            currency=self.currency,
            label=self.window.label,
            customers=self.fmt.count(len(self.customers)),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("abc_class", "name", label="Class"),
            Col("customers", "count"),
            Col("customer_share", "share", "of customers"),
            Col("revenue", "money"),
            Col("revenue_share", "share", "of revenue"),
            Col("smallest", "money", "Smallest in class"),
            Col("heads", "count", "Customers by head count"),
            Col("heads_share", "share", "their share of revenue"),
        ]
        total = {
            "abc_class": "All",
            "customers": self.table["customers"].sum(),
            "revenue": self.table["revenue"].sum(),
            "heads": self.table["heads"].sum(),
        }
        a, b = (self.fmt.share(v, decimals=0) for v in self.value_rule)
        heads = " / ".join(self.fmt.share(v, decimals=0) for v in self.head_rule)
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("ABC classes, by value and by head count"),
                note=(
                    say(
                        "by value: A up to and with the customer that crosses {a}, B {b} ·"
                        " by head count: {heads} of customers · {note}",
                        a=a,
                        b=b,
                        heads=heads,
                        note=self.note,
                    )
                ),
                total=total,
            )
        ]

    def reading(self) -> str:
        if self.customers.empty:
            return (
                say("No contract runs on the as-of date: there is nothing to rank.")
                if self.by_contracts
                else say(
                    "No customer has a positive net amount in the trailing 12 months:"
                    " there is nothing to rank."
                )
            )
        if same := self._same():
            return same
        first, heads = self.table.iloc[0], self.table["heads_share"].iloc[0]
        top, n = self.customers.iloc[0], int(first["customers"])
        ten = (
            say(", the ten largest {top_share}", top_share=self.fmt.share(self.top_share(10)))
            if len(self.customers) > 10
            else ""
        )
        return say(
            "{customers} ({customer_share}) {en_bring} {revenue_share} of the"
            " revenue; the best {head_rule} by head count bring {heads}. The"
            " largest, {name}, brings {share} alone{ten}. Gini {gini} (0 = all"
            " alike, 1 = one has everything).",
            customers=plural(n, "customer"),
            customer_share=self.fmt.share(first["customer_share"]),
            en_bring="brings" if n == 1 else "bring",
            revenue_share=self.fmt.share(first["revenue_share"]),
            head_rule=self.fmt.share(self.head_rule[0], decimals=0),
            heads=self.fmt.share(heads),
            name=top["name"],
            share=self.fmt.share(top["share"]),
            ten=ten,
            gini=self.fmt.text(self.gini, "score"),
        )

    def _same(self) -> str:
        """A sentence where one customer brings everything, or all bring the same: then the classes
        say nothing. Else an empty text.
        """
        n, net = len(self.customers), self.customers["net_year"]
        if n == 1:
            return say(
                "One customer, {name}, brings all of the revenue.",
                name=self.customers["name"].iloc[0],
            )
        if net.max() - net.min() > 1e-9 * net.max():
            return ""
        return say(
            "All {n} customers bring the same ({net}): their classes follow nothing but their ids.",
            n=self.fmt.count(n),
            net=self.fmt.money(net.iloc[0]),
        )

    def top_share(self, k: int) -> float:
        """Share of the positive value that the ``k`` largest customers bring."""
        return float(self.customers["share"].head(k).sum())

    def headline(self) -> str:
        if self.customers.empty:
            return say("ABC: no customer with a positive amount.")
        if same := self._same():
            return say("ABC: {same}", same=same)
        first = self.table.iloc[0]
        return say(
            "ABC: {a_customers} ({customer_share}) {en_bring} {revenue_share} of"
            " revenue; Gini {gini}.",
            a_customers=plural(int(first["customers"]), "A customer"),
            customer_share=self.fmt.share(first["customer_share"]),
            en_bring="brings" if first["customers"] == 1 else "bring",
            revenue_share=self.fmt.share(first["revenue_share"]),
            gini=self.fmt.text(self.gini, "score"),
        )

    def kpis(self) -> Sequence[Kpi]:
        n, rows = len(self.customers), self.table.to_dict("records")
        why = None if self.gini is not None else say("no customer with a positive amount")
        return [
            *(
                Kpi(
                    "abc.customers",
                    "trailing_12m",
                    int(r["customers"]),
                    "count",
                    {"class": r["abc_class"]},
                    n=n,
                )
                for r in rows
            ),
            *(
                Kpi(
                    "abc.revenue",
                    "trailing_12m",
                    float(r["revenue"]),
                    self.currency,
                    {"class": r["abc_class"]},
                    n=int(r["customers"]),
                )
                for r in rows
            ),
            Kpi("gini", "trailing_12m", self.gini, "ratio", n=n, why=why),
        ]

    def notes(self) -> Sequence[str]:
        if self.by_contracts:
            return (
                say(
                    "Value is twelve times what a customer's contracts bring a month on the as-of"
                    " date. Customers with equal values are ordered by their id."
                ),
            )
        apart = (
            say(
                " {customers} whose net amount is zero or less ({apart_net}"
                " together) stand outside the ranking.",
                customers=plural(self.apart, "customer"),
                apart_net=self.fmt.money(self.apart_net, compact=True),
            )
            if self.apart
            else ""
        )
        return (
            (
                say(
                    "Value is the net amount of {label}. Customers with equal amounts"
                    " are ordered by their id.{apart}{word}{short}",
                    label=self.window.label,
                    apart=apart,
                    word=" " if self.short else "",
                    short=self.short,
                )
            ),
        )


@section("abc")
def abc(book: Book) -> Abc:
    """ABC classes of a book. Needs orders (customer_id, amount, date); in a book without orders
    contracts (customer_id, start, annual_value) that run on the as-of date.
    """
    settings = book.settings.segments
    rules = tuple(settings.abc_value), tuple(settings.abc_heads)
    if not book.has("orders", "customer_id", "amount", "date") and book.has(
        "contracts", "customer_id", "start", "annual_value"
    ):
        return replace(
            classified(contract_customers(book), *rules, book.currency), by_contracts=True
        )
    return classified(population(book), *rules, book.currency)


def classified(
    people: Population, value_rule: tuple[float, ...], head_rule: tuple[float, ...], currency: str
) -> Abc:
    """ABC classes of the customers for given rules; see ``Abc`` for the rules."""
    named = people.frame[people.frame["customer_id"].notna()]
    apart = named[(named["net_year"] <= 0) & ((named["orders_year"] > 0) | (named["net_year"] < 0))]
    ranked = named[named["net_year"] > 0].sort_values(
        ["net_year", "customer_id"], ascending=[False, True], kind="stable"
    )
    value = ranked["net_year"].to_numpy()
    ranked = ranked.assign(
        share=value / value.sum() if value.size else value,
        cumulative=cumulative(value),
        class_value=letters(value_codes(value, value_rule)),
        class_heads=letters(head_codes(len(value), head_rule)),
    )
    return Abc(
        _profile(ranked),
        ranked,
        len(apart),
        float(apart["net_year"].sum()),
        gini(value[value > 0], least=1),
        value_rule,
        head_rule,
        people.year,
        people.as_of,
        people.fmt,
        currency,
        people.short_year,
    )


def _profile(ranked: pd.DataFrame) -> pd.DataFrame:
    by_value = ranked.groupby("class_value").agg(
        customers=("net_year", "size"), revenue=("net_year", "sum"), smallest=("net_year", "min")
    )
    by_heads = ranked.groupby("class_heads").agg(
        heads=("net_year", "size"), heads_revenue=("net_year", "sum")
    )
    table = (
        by_value.reindex(CLASSES)
        .join(by_heads.reindex(CLASSES))
        .rename_axis("abc_class")
        .reset_index()
    )
    table = table.fillna({"customers": 0, "revenue": 0.0, "heads": 0, "heads_revenue": 0.0}).astype(
        {"customers": int, "heads": int}
    )
    n, money = table["customers"].sum(), table["revenue"].sum()
    return table.assign(
        customer_share=table["customers"] / n if n else None,
        revenue_share=table["revenue"] / money if n else None,
        heads_share=table["heads_revenue"] / money if n else None,
    )
