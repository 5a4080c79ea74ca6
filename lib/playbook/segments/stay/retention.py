"""Retention: customers and revenue of the year before, followed into this year, by value tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.methods.comparisons import holm, rates_apart
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.retention import retention_dots
from playbook.segments.illustrations import not_set
from playbook.segments.population import sums
from playbook.segments.value.tiers import tier_names

from .recurring import yearly_bridge
from .retention_rows import RetentionTiers, retention_row

GIVES = later("the share of last year's customers and of their revenue that is still there")

ERROR = 0.05  # chance of naming a tier that differs from the others by luck


@dataclass(frozen=True)
class Retention(Result):
    """Customers of the year before (``base``) followed into the trailing 12 months (``window``).

    unset: settings of the tiers that nobody set: then the tiers are an illustration; by_contract:
    contracts tell what revenue stays, so that the one here is no headline.
    """

    section: ClassVar[str] = "retention"
    table: Annotated[pd.DataFrame, RetentionTiers]
    base: Window
    window: Window
    as_of: date
    fmt: Formats
    currency: str
    unset: tuple[str, ...] = ()
    by_contract: bool = False

    def figure(self) -> Figure:
        return retention_dots(self.table, self.note, self.fmt)

    @property
    def total(self) -> pd.Series:
        """The row of all customers."""
        return self.table.iloc[-1]

    @property
    def note(self) -> str:
        return say(
            "customers active in {label}, followed into {label_2} · n ="
            " {customers} customers · as of {as_of}",
            label=self.base.label,
            label_2=self.window.label,
            customers=self.fmt.count(self.total["customers"]),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        rates = [
            Col("tier", "tier", weight=1),
            Col("customers", "count", "Active before"),
            Col("kept", "count", "Active again"),
            Col("retention", "share", "Retention", low="low", high="high"),
            Col("churn", "share", "Lost", context="customers", low="churn_low", high="churn_high"),
        ]
        money = [
            Col("tier", "tier", weight=1),
            Col("start", "money", "Revenue before"),
            Col("end", "money", "Revenue of the same customers"),
            Col("lost", "money", "of it lost with them"),
            Col("nrr", "share", "Net retention", low="nrr_low", high="nrr_high"),
            Col("grr", "share", "Gross retention", low="grr_low", high="grr_high"),
            Col("revenue_churn", "share", "Revenue churn"),
        ]
        return [
            table(
                self.table,
                rates,
                self.fmt,
                title=say("Customers kept, by value tier of the year before"),
                note=say("Wilson 95 % · {note}", note=self.note),
            ),
            table(
                self.table,
                money,
                self.fmt,
                title=say("Revenue kept from the same customers"),
                note=say("bootstrap over customers, 95 % · {note}", note=self.note),
            ),
        ]

    def reading(self) -> str:
        t = self.total
        if not t["customers"]:
            return say("No customer ordered in the year before: there is nobody to keep.")
        return say(
            "{kept} of the customers of the year before ordered again (95 % {low}){money}.{worst}",
            kept=self.fmt.rate(t["kept"], t["customers"]),
            low=self.fmt.interval(t["low"], t["high"], "share"),
            money=self._money_text(),
            worst=self._worst(),
        )

    def _money_text(self) -> str:
        t = self.total
        if not t["start"] > 0:
            return say("; no revenue of theirs to compare, refunds took all of it")
        return say(
            "; by their orders they brought {nrr} of their earlier revenue",
            nrr=self.fmt.share(t["nrr"]),
        ) + (
            say(
                ", {grr} counting each customer at most with what it brought before",
                grr=self.fmt.share(t["grr"]),
            )
            if t["grr"] != t["nrr"]
            else ""
        )

    def _worst(self) -> str:
        """The tier that keeps fewest, where that is more than chance among the tiers compared."""
        big = self.table.iloc[:-1].query("customers >= 10")
        if self.unset or len(big) < 2:
            return ""
        p = holm(rates_apart(big["kept"], big["customers"]))
        place = int(np.argmin(big["retention"].to_numpy(float)))
        if not p[place] < ERROR:
            return ""
        worst = big.iloc[place]
        return say(
            " The {tier} tier loses most, beyond chance: {customers} did not come back.",
            tier=self.fmt.text(worst["tier"], "tier"),
            customers=self.fmt.rate(worst["customers"] - worst["kept"], worst["customers"]),
        )

    def headline(self) -> str:
        t = self.total
        if not t["customers"]:
            return ""
        money = (
            say("; net revenue retention by orders {nrr}", nrr=self.fmt.share(t["nrr"]))
            if not self.by_contract and t["start"] > 0
            else ""
        )
        return say(
            "Retention: {kept} of last year's customers{money}.",
            kept=self.fmt.rate(t["kept"], t["customers"]),
            money=money,
        )

    def kpis(self) -> Sequence[Kpi]:
        found = []
        for row in self.table.to_dict("records"):
            by, n, kept = (
                (None if row["tier"] == "All" else {"tier": row["tier"]}),
                int(row["customers"]),
                int(row["kept"]),
            )
            found += [
                Kpi.rate(
                    "retention",
                    "trailing_12m",
                    Rate(kept, n),
                    by,
                    say("no customer was active in the year before"),
                ),
                Kpi.rate(
                    "churn_rate",
                    "trailing_12m",
                    Rate(n - kept, n),
                    by,
                    say("no customer was active in the year before"),
                ),
            ]
            if self.by_contract:
                continue  # one name, one source: section renewals gives them from contracts
            found += [
                Kpi(
                    name,
                    "trailing_12m",
                    row[key],
                    "share",
                    by,
                    row[f"{key}_low"],
                    row[f"{key}_high"],
                    row[part],
                    row["start"],
                    n,
                    "orders, bootstrap over customers 95 %",
                    (
                        None
                        if row[key] == row[key] and row[key] is not None
                        else "no revenue to start from"
                    ),
                )
                for name, key, part in (
                    ("revenue_retention.net", "nrr", "end"),
                    ("revenue_retention.gross", "grr", "kept_revenue"),
                )
            ]
        return found

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "Active means at least one order in the twelve months. Tiers are"
                    " those of the base year, so nobody changes group while being"
                    " followed. Net retention is the revenue of the same customers now"
                    " over before; gross retention counts each customer at most with"
                    " what it brought before, so it never exceeds the whole; what is"
                    " missing from the whole is revenue churn. New customers are in"
                    " neither."
                )
            ),
        )


@section("retention")
def retention(book: Book) -> Retention:
    """Retention of the customers of the year before. Needs orders (customer_id, amount, date) that
    cover both years whole: customers kept and lost between a part and a whole are no rate.
    """
    book.need("orders", "customer_id", "date", "amount", gives=GIVES)
    window = book.window("trailing_12m")
    base = window.year_before()
    covered = coverage(book, "orders")
    if covered.first is None or covered.first > base.end:
        raise NotAvailable(
            {"orders": ("date",)},
            GIVES,
            say("orders before {start}", start=book.fmt.text(window.start, "date")),
        )
    if gap := covered.gap(base.start, window.end, book.fmt):
        raise NotAvailable({}, GIVES, say("two years to compare are not covered: {gap}", gap=gap))
    return followed(sums(book).dropna(subset="customer_id"), book, base, window)


def followed(grouped: pd.DataFrame, book: Book, base: Window, window: Window) -> Retention:
    """Retention from sums per customer: orders_base, net_base, orders_year and net_year."""
    cohort = grouped[grouped["orders_base"] > 0]
    edges = book.settings.segments.tiers
    tiers = pd.Series(
        np.asarray(tier_names(cohort["net_base"].to_numpy(), edges)),
        index=cohort.index,
        dtype="str",
    )
    groups = [(name, cohort[tiers == name]) for name in dict.fromkeys([*edges.names, *tiers])]
    rows = [
        retention_row(name, group)
        for name, group in [*groups, ("All", cohort)]
        if len(group) or name == "All"
    ]
    return Retention(
        RetentionTiers.make(rows),
        base,
        window,
        book.as_of,
        book.fmt,
        book.currency,
        not_set(book.settings.segments, "tiers"),
        yearly_bridge(book) is not None,
    )
