"""The price ladder held against every deal: what was given, what was allowed, what leaked, and
whether discounts bunch at the quarter's end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.language import named, say
from playbook.data.book import Book
from playbook.data.measures.reasons import discounted_deals, priced_lines, priced_orders
from playbook.methods.comparisons import SEARCH_LEVEL
from playbook.page import Col, Table, table
from playbook.page.kpi import Kpi

from .discounts import (
    LAST_DAYS,
    LargestLeaks,
    LeakByRung,
    LeakByWindow,
    LeaksByRep,
    QuarterEnd,
    by_rung,
    check_orders,
    largest_leaks,
    leaks_by_rep,
    orders_of,
    quarter_end,
)
from .leaks import LeakByMonth, LeakByProduct, leak_tables, leaks_by_month, leaks_by_product

LEAK_WINDOWS = ("month", "trailing_12m")


@dataclass(frozen=True)
class LadderCheck(page.Result):
    """Orders against the price ladder.

    worst: the largest leaks. bunching: the end of a quarter against other days. stacking: how a
    rung and the renewal's discount join. of_orders: held against orders (else against won deals).
    """

    table: Annotated[pd.DataFrame, LeakByRung]
    worst: Annotated[pd.DataFrame, LargestLeaks]
    by_rep: Annotated[pd.DataFrame, LeaksByRep]
    windows: Annotated[pd.DataFrame, LeakByWindow]
    bunching: Annotated[pd.DataFrame, QuarterEnd]
    products: Annotated[pd.DataFrame, LeakByProduct]
    months: Annotated[pd.DataFrame, LeakByMonth]
    stacking: str
    own: bool  # whether the book sets a ladder of its own
    as_of: date
    currency: str
    fmt: Formats
    of_orders: bool = True
    section = "price-ladder"

    def tables(self) -> list[Table]:
        fmt, day = self.fmt, self.fmt.text(self.as_of, "date")
        columns = [
            Col("lower", "money", "List amount from"),
            Col("allowed", "share", "Allowed"),
            Col("deals", "count", "Orders" if self.of_orders else "Deals"),
            Col("given", "share", "Given on average"),
            Col("beyond", "count", "Beyond the ladder"),
            Col("rate", "share", "Share beyond", low="low", high="high"),
            Col("leak", "money", "Leaked"),
        ]
        note = say(
            "{currency}; orders of the last 12 months with a list amount;"
            " renewals may have more; Wilson 95 %; as of {day}",
            currency=self.currency,
            day=day,
        )
        total = {
            "lower": None,
            "deals": self.table.deals.sum(),
            "beyond": self.table.beyond.sum(),
            "leak": self.table.leak.sum(),
        }
        found = [
            table(
                self.table,
                columns,
                fmt,
                title=say("Discounts against the price ladder")
                if self.own
                else say("Illustration: discounts against the price ladder"),
                note=note,
                total=total,
            )
        ]
        year = self.windows.set_index("window").loc["trailing_12m"]
        found += leak_tables(self.products, self.months, year, not self.own, fmt, self.as_of)
        columns = [
            Col("when", "text", "Signed"),
            Col("deals", "count", "Orders" if self.of_orders else "Deals"),
            Col("given", "share", "Discount on average"),
            Col("beyond", "share", "Beyond the ladder", low="low", high="high"),
        ]
        found.append(
            table(
                self.bunching,
                columns,
                fmt,
                title=say("Discounts and the quarter's end")
                if self.own
                else say("Illustration: discounts and the quarter's end"),
                note=say("Orders of the last 24 months; Wilson 95 %; as of {day}", day=day),
            )
        )
        if len(self.worst) and self.own:
            columns = [
                Col("order_id", "text", "Order"),
                Col("customer", "name", "Customer", weight=2),
                Col("owner", "name", "Owner"),
                Col("list", "money", "List"),
                Col("discount", "share", "Given"),
                Col("allowed", "share", "Allowed"),
                Col("leak", "money", "Leaked"),
            ]
            found.append(
                table(
                    self.worst,
                    columns,
                    fmt,
                    title=say("Largest discounts beyond the ladder"),
                    note=say(
                        "{currency}; last 12 months; as of {day}", currency=self.currency, day=day
                    ),
                    limit=10,
                )
            )
        return found

    def reading(self) -> str:
        fmt, year = self.fmt, self.windows.set_index("window").loc["trailing_12m"]
        if not year.deals:
            return say("No priced order in the last 12 months.")
        text = say(
            "In the last 12 months {beyond} of the priced orders were given more"
            " than the ladder allows; that leaked {leak}.",
            beyond=fmt.rate(year.beyond, year.deals),
            leak=fmt.money(year.leak, compact=True),
        )
        if not self.own:
            return say(
                "The settings give no price ladder (funnel.ladder.rungs), so nothing"
                " says what a deal may be given. An illustration on a made-up one:"
                " {text}",
                text=text[:1].lower() + text[1:],
            )
        if len(self.bunching) == 2 and self.bunching.deals.min() > 0:
            end, rest = self.bunching.iloc[0], self.bunching.iloc[1]
            apart = end.low > rest.high or end.high < rest.low
            late, other = (fmt.rate(round(r.beyond * r.deals), r.deals) for r in (end, rest))
            said: dict[str, Any] = {"last_days": LAST_DAYS, "late": late, "other": other}
            text += (
                say(
                    " Over 24 months, {late} went beyond it in the last {last_days} days of a"
                    " quarter, on other days {other}.",
                    **said,
                )
                if apart
                else say(
                    " Over 24 months, {late} went beyond it in the last {last_days} days of a"
                    " quarter, on other days {other}, a difference within chance.",
                    **said,
                )
            )
        for row in self.named.itertuples():
            text += say(
                " More than chance gives leaked with {label}: {leak} in {beyond}.",
                label=named(row.label),
                leak=fmt.money(row.leak, compact=True),
                beyond=fmt.rate(row.beyond, row.deals),
            )
        return text

    @property
    def named(self) -> pd.DataFrame:
        """LeaksByRep: those who go further beyond the firm's own ladder than the others do, beyond
        chance.
        """
        return self.by_rep[(self.by_rep.p <= SEARCH_LEVEL) & self.own]

    def headline(self) -> str:
        year = self.windows.set_index("window").loc["trailing_12m"]
        if not self.own or not year.deals:
            return ""
        return say(
            "Price ladder: {beyond} of orders beyond it, leak {leak} in 12 months",
            beyond=self.fmt.rate(year.beyond, year.deals),
            leak=self.fmt.money(year.leak, compact=True),
        )

    def notes(self) -> list[str]:
        how = {
            "largest": say("the larger of the two counts"),
            "add": say("the two add up"),
            "multiply": say("one is taken after the other"),
        }[self.stacking]
        given = (
            []
            if self.own
            else [
                say(
                    "Give the firm's own ladder in the settings (funnel.ladder.rungs) to"
                    " find what is given beyond it, by deal and rep."
                )
            ]
        )
        return [
            *given,
            (
                say(
                    "Leak = list amount × (discount given − discount allowed), where it"
                    " is above. m free months on n paid are m ÷ (n + m). Where a rung"
                    " and the renewal's discount meet, {how}.",
                    how=how,
                )
            ),
        ]

    def kpis(self) -> list[Kpi]:
        if not self.own:
            return []
        return [
            Kpi(
                "discount.leakage",
                r["window"],
                float(r["leak"]),
                self.currency,
                numerator=int(r["beyond"]),
                denominator=int(r["deals"]),
                n=int(r["deals"]),
            )
            for r in self.windows.to_dict("records")
        ]


@page.section("price-ladder")
def price_ladder(book: Book) -> LadderCheck:
    """Every order with a list amount (or won deal with a discount) against the price ladder of the
    settings.
    """
    gives = say(
        "discounts beyond the price ladder, in money, by deal and rep, and"
        " whether they bunch at the quarter's end"
    )
    if book.has("orders", "list_amount"):
        rows, lines = priced_orders(book), priced_lines(book)
    elif book.has("opportunities", "discount", "amount"):
        rows = lines = discounted_deals(book)
    else:
        raise NotAvailable({"orders": ("list_amount",)}, gives)
    if rows.empty:
        raise NotAvailable({}, gives, say("no priced order in the last 24 months"))
    ladder = book.settings.funnel.ladder
    rows = check_orders(rows, ladder)
    first = pd.Timestamp(book.window("trailing_12m").start)
    parts = rows[rows.day >= first]
    year, month = orders_of(parts), orders_of(rows[rows.day >= pd.Timestamp(book.month.start)])
    lines = lines[pd.to_datetime(lines.date) >= first]
    windows = pd.DataFrame(
        [
            {
                "window": w,
                "leak": part.leak.sum(),
                "beyond": int((part.leak > 0).sum()),
                "deals": len(part),
            }
            for w, part in zip(LEAK_WINDOWS, (month, year), strict=True)
        ]
    )
    return LadderCheck(
        by_rung(year, ladder),
        largest_leaks(year, book),
        leaks_by_rep(parts, book),
        windows,
        quarter_end(orders_of(rows)),
        leaks_by_product(year, lines),
        leaks_by_month(parts, book),
        ladder.stacking,
        "ladder" in book.settings.funnel.model_fields_set and "rungs" in ladder.model_fields_set,
        book.as_of,
        book.currency,
        book.fmt,
        book.has("orders", "list_amount"),
    )
