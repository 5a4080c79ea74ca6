"""Where sales stand: every window with its year before, and each region, line, customer type and
rep.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.formats import Formats, is_missing, plural
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import acquisition, sales
from playbook.data.measures.names import member_names
from playbook.goals.actuals import Actuals
from playbook.goals.figures import sales_months
from playbook.goals.labels import dimension_label, window_name
from playbook.goals.outlook import there_before
from playbook.page import Change, Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi

from .caveats import caveats, short_windows
from .sales_kpis import window_kpis
from .sales_movers import movers_sentence
from .sales_windows import (
    MonthlySales,
    SalesByMember,
    SalesMonths,
    SalesWindows,
    months_on_year,
    orders_and_customers,
    sales_of_members,
    sales_of_window,
)

WINDOWS = ("month", "quarter_to_date", "year_to_date", "trailing_12m", "all")
SHOWN = 12  # members listed per table
TIMES = 10  # times the year before from which a sentence gives the ratio, not the growth


@dataclass(frozen=True)
class SalesOverview(Result):
    """Sales per window, per member and per month.

    names: dimension → member → name shown; caveats: what the data do not cover; short:
    windows with so little data before that "first ever" may only be first seen; begins: first day
    of the data where it lies inside the trailing 12 months.
    """

    section: ClassVar[str] = "sales"
    fmt: Formats
    as_of: date
    currency: str
    table: Annotated[pd.DataFrame, SalesWindows]
    members: Annotated[pd.DataFrame, SalesByMember]
    months: Annotated[pd.DataFrame, SalesMonths]
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    begins: date | None = None

    def row(self, window: str) -> dict[str, Any]:
        """The line of one window."""
        return self.table[self.table["window"] == window].iloc[0].to_dict()

    def figure(self) -> Figure:
        """Sales by month against the year before."""
        return sales_months(self.months, self.currency, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        shown = self.table.assign(
            name=[window_name(w) for w in self.table["window"]],
            span=[self._span(r) for r in self.table.to_dict("records")],
        )
        note = say(
            "net of refunds, in {currency} · as of {as_of} · growth against the"
            " same months a year earlier; – where the data do not cover both"
            " whole · orders: distinct numbers, refunds not counted · new: first"
            " order or won deal ever in the window",
            currency=self.currency,
            as_of=self.fmt.text(self.as_of, "date"),
        )
        first = table(
            shown,
            [
                Col("name", label="Window"),
                Col("span", label="Days"),
                Col("sales", "money", "Sales"),
                Col("growth", "share", "Growth", sign=True),
                Col("orders", "count", "Orders"),
                Col("customers", "count", "Buyers"),
                Col("new_customers", "count", "New customers"),
            ],
            self.fmt,
            title=say("Sales by window"),
            note=note,
        )
        return [
            first,
            *filter(
                None,
                (self._member_table(d) for d in ("region", "product_line", "customer_type", "rep")),
            ),
        ]

    def _span(self, row: dict[str, Any]) -> str:
        start = (
            self.fmt.text(row["start"], "date")
            if not is_missing(row["start"])
            else say("first order")
        )
        return f"{start} – {self.fmt.text(row['end'], 'date')}"

    def _member_table(self, dimension: str) -> Table | None:
        mine = self.members[self.members["dimension"] == dimension]
        if mine["member"].nunique() < 2:
            return None
        wide = mine.pivot(index="member", columns="window", values="sales")
        year = mine[mine["window"] == "trailing_12m"].set_index("member")
        total = float(self.row("trailing_12m")["sales"])
        frame = pd.DataFrame(
            {
                "member": [self.names.get(dimension, {}).get(m, m) for m in wide.index],
                "month": wide["month"],
                "ytd": wide["year_to_date"],
                "t12": wide["trailing_12m"],
                "share": [float(v) / total if total > 0 else None for v in wide["trailing_12m"]],
                "growth": year["growth"].reindex(wide.index),
                "key": list(wide.index),
            }
        )
        frame["size"] = -frame["t12"].astype(float)
        frame = frame.sort_values(["size", "key"], kind="stable")
        label = dimension_label(dimension)
        return table(
            frame,
            [
                Col("member", "name", label),
                Col("month", "money", "Month"),
                Col("ytd", "money", "Year to date"),
                Col("t12", "money", "12 months"),
                Col("share", "share", "Share"),
                Col("growth", "share", "Growth", sign=True),
            ],
            self.fmt,
            title=say("Sales by {dimension}", dimension=label.lower()),
            note=(
                say(
                    "{currency} · share and growth of the trailing 12 months · as of {as_of}",
                    currency=self.currency,
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
            limit=SHOWN,
            total={
                "member": "All",
                "month": self.row("month")["sales"],
                "ytd": self.row("year_to_date")["sales"],
                "t12": total,
                "share": 1.0 if total > 0 else None,
                "growth": self.row("trailing_12m")["growth"],
            },
        )

    def reading(self) -> str:
        month, year = self.row("month"), self.row("trailing_12m")
        text = say(
            "{of} brought {sales} from {orders} orders{against}. ",
            of=self.fmt.text(Month.of(self.as_of), "month"),
            sales=self.fmt.money(month["sales"]),
            orders=self.fmt.count(month["orders"]),
            against=self._against(month),
        )
        places = {"sales": self.fmt.money(year["sales"]), "against": self._against(year)}
        text += (
            say(
                "Since {begins}, when the data begin, sales stand at {sales}{against}.",
                begins=self.fmt.text(self.begins, "date"),
                **places,
            )
            if self.begins
            else say("The trailing 12 months stand at {sales}{against}.", **places)
        )
        return text + movers_sentence(self.members, year, self.fmt)

    def _against(self, row: dict[str, Any]) -> str:
        if is_missing(row["growth"]):
            return ""
        if row["growth"] >= TIMES - 1:
            return say(
                ", {growth} the year before", growth=self.fmt.text(row["growth"] + 1, "ratio")
            )
        return say(", {growth} on the year before", growth=self.fmt.share(row["growth"], sign=True))

    def notes(self) -> list[str]:
        return list(self.caveats)

    def headline(self) -> str:
        year = self.row("year_to_date")
        return say(
            "Sales of the fiscal year to date: {sales}{against}",
            sales=self.fmt.money(year["sales"]),
            against=self._against(year),
        ) + (
            "."
            if "year_to_date" in self.short
            else say(
                "; {new_customers}.",
                new_customers=plural(int(year["new_customers"]), "new customer"),
            )
        )

    def changes(self) -> list[Change]:
        month = self.row("month")
        if is_missing(month["growth"]):
            return []
        return [
            Change(
                say(
                    "Sales of the month {growth} on the year before.",
                    growth=self.fmt.share(month["growth"], sign=True),
                ),
                abs(month["growth"]),
            )
        ]

    def kpis(self) -> list[Kpi]:
        return [
            *(
                kpi
                for row in self.table.to_dict("records")
                for kpi in window_kpis(row, self.currency, self.short)
            ),
            *(
                Kpi(
                    "sales",
                    r["window"],
                    r["sales"],
                    self.currency,
                    {r["dimension"]: r["member"]},
                    n=int(r["lines"]),
                )
                for r in self.members.to_dict("records")
            ),
        ]


@section("sales")
def sales_overview(book: Book) -> SalesOverview:
    """Sales, orders and new customers of every window, as of the book's date."""
    book.need("orders", "amount", gives=say("sales by month, region, line, customer type and rep"))
    months = sales.monthly(book)
    covered = sales_coverage(book)
    windows = {name: book.window(name) for name in WINDOWS}
    firsts = acquisition.new_customers(book)
    counts = orders_and_customers(book, firsts, windows)
    whole = MonthlySales.of(months)
    lines = [
        {**sales_of_window(whole, w, covered, book.fmt), **counts[name]}
        for name, w in windows.items()
    ]
    members = SalesByMember.make(
        [
            {"dimension": d, **line}
            for d in sales.DIMENSIONS
            for line in sales_of_members(book, d, windows, covered)
        ],
    )
    return SalesOverview(
        book.fmt,
        book.as_of,
        book.currency,
        SalesWindows.make(lines),
        members,
        months_on_year(months, book.month, covered),
        member_names(book),
        (*caveats(book, windows, covered), *_unforecast(book)),
        short_windows(book, windows),
        covered.first if covered.first and covered.first > windows["trailing_12m"].start else None,
    )


def _unforecast(book: Book) -> list[str]:
    """Why new customers have no forecast, where that is not for want of months."""
    why = there_before(Actuals(book), "new_customers")
    return [say("{why}.", why=why)] if why else []
