"""Recurring revenue from contracts: month by month, by value tier, and by when customers began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.base.periods import Window, months_between
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.recurring import MrrBridge, MrrByMonth, mrr_bridge, mrr_months
from playbook.methods.intervals import wilson
from playbook.methods.resampling import ratio_interval
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.contracts import mrr_lines
from playbook.segments.figures.retention import group_word
from playbook.segments.illustrations import not_set
from playbook.segments.running_contracts import contracts_of
from playbook.segments.value.tiers import tier_names

from .recurring import bridge_table, yearly_bridge

GIVES = later("recurring revenue by month, what of it stays, by tier and by when customers began")
MONTHS = 12
ALL = "All"


class RecurringGroups(column.Frame):
    """One row per group of the customers that paid before the 12 months, then All."""

    by = column.text("tier, cohort, or empty for all")
    group = column.text("value tier by yearly value then, year of the first contract, or All")
    customers = column.count("customers that paid on the evening before the 12 months")
    open = column.money("recurring revenue a month they paid then")
    nrr = column.ratio("what they pay now ÷ what they paid", low="nrr_low", high="nrr_high")
    nrr_low = column.ratio("lower end of the bootstrap 95 % interval")
    nrr_high = column.ratio("upper end")
    grr = column.share(
        "the same without what any of them pays more", low="grr_low", high="grr_high"
    )
    grr_low = column.share("lower end of the bootstrap 95 % interval")
    grr_high = column.share("upper end")
    lost = column.count("of them no longer paying")
    logo_churn = column.share("lost ÷ customers", low="low", high="high")
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")


@dataclass(frozen=True)
class Recurring(Result):
    """Recurring revenue: ``table`` month by month, ``groups`` of the customers of a year ago.

    bridge: the trailing 12 months in one step, None where nobody paid before them or contracts are
    known only from later; past_due, paused: of the newest day, by status [currency a month].
    """

    section: ClassVar[str] = "recurring-revenue"
    table: Annotated[pd.DataFrame, MrrByMonth]
    groups: Annotated[pd.DataFrame, RecurringGroups]
    bridge: MrrBridge | None
    past_due: float
    paused: float
    window: Window
    as_of: date
    fmt: Formats
    currency: str
    unset: tuple[str, ...] = ()

    @property
    def mrr(self) -> float:
        """Recurring revenue a month on the as-of date."""
        return float(self.table["close"].iloc[-1])

    @property
    def note(self) -> str:
        return say(
            "a twelfth of the yearly value on each day a contract runs · n ="
            " {customers} customers that pay · as of {as_of}",
            customers=self.fmt.count(self.table["customers"].iloc[-1]),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def figure(self) -> Figure | None:
        return mrr_lines(self.table, self.note, self.fmt) if len(self.table) > 1 else None

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("month", "month", "Month"),
            Col("open", "money", "Open", context="recurring revenue"),
            Col("new", "money", "New", context="revenue"),
            Col("expansion", "money", "Expansion"),
            Col("contraction", "money", "Contraction"),
            Col("churn", "money", "Churn", context="recurring revenue"),
            Col("close", "money", "Close", context="recurring revenue"),
            Col("customers", "count", "Customers"),
            Col("lost", "count", "lost"),
        ]
        groups = [
            Col("group_shown", "text", label="Group", weight=1.5),
            Col("customers", "count", "Paid then"),
            Col("open", "money", "a month"),
            Col("nrr", "share", "Net retention", low="nrr_low", high="nrr_high"),
            Col("grr", "share", "Gross retention", low="grr_low", high="grr_high"),
            Col("lost", "count", "Customers lost"),
            Col("logo_churn", "share", "Logo churn", low="low", high="high"),
        ]
        found = [
            table(
                self.table,
                columns,
                self.fmt,
                title=say(
                    "Recurring revenue a month: open + new + expansion − contraction − churn"
                ),
                note=self.note,
                limit=MONTHS,
            )
        ]
        if self.bridge:
            found += [
                bridge_table(
                    self.bridge,
                    say("as of {as_of}", as_of=self.fmt.text(self.as_of, "date")),
                    self.fmt,
                ),
                table(
                    self.groups.assign(
                        group_shown=[
                            group_word(r, self.fmt) for r in self.groups.to_dict("records")
                        ]
                    ),
                    groups,
                    self.fmt,
                    title=say("What stays of the recurring revenue of a year ago"),
                    note=(
                        say(
                            "customers that paid before {label}, n = {paying} · by value tier"
                            " then and by the year of the first contract · 95 %: revenue by"
                            " bootstrap over customers, churn by Wilson · as of {as_of}",
                            label=self.window.label,
                            paying=self.fmt.count(self.bridge.paying),
                            as_of=self.fmt.text(self.as_of, "date"),
                        )
                    ),
                ),
            ]
        return found

    def reading(self) -> str:
        money = self._money
        text = say(
            "Contracts bring {mrr} a month, {mrr_2} a year, from {customers}.",
            mrr=money(self.mrr),
            mrr_2=money(12 * self.mrr),
            customers=plural(int(self.table["customers"].iloc[-1]), "customer"),
        )
        if self.bridge:
            b = self.bridge
            text += say(
                " Of {total} a month a year ago, {nrr} is paid now, {grr} without"
                " what any customer pays more; {lost} of the customers pay no more.",
                total=money(b.total("open")),
                nrr=self.fmt.share(b.nrr),
                grr=self.fmt.share(b.grr),
                lost=self.fmt.rate(b.lost, b.paying),
            )
        return f"{text}{self._status_text()}"

    def _status_text(self) -> str:
        parts = [
            say(" {money} a month is past due.", money=self._money(self.past_due))
            if self.past_due
            else "",
            say(
                " {money} a month is paused or cancelled by status and counted as lost.",
                money=self._money(self.paused),
            )
            if self.paused
            else "",
        ]
        return "".join(parts)

    def _money(self, value: float) -> str:
        return self.fmt.money(value, compact=True)

    def headline(self) -> str:
        kept = (
            say("; net retention {nrr}", nrr=self.fmt.share(self.bridge.nrr)) if self.bridge else ""
        )
        lost = (
            say(", logo churn {lost}", lost=self.fmt.rate(self.bridge.lost, self.bridge.paying))
            if self.bridge
            else ""
        )
        return say(
            "Recurring revenue: {money} a month, {money_2} a year{kept}{lost}.",
            money=self._money(self.mrr),
            money_2=self._money(12 * self.mrr),
            kept=kept,
            lost=lost,
        )

    def kpis(self) -> Sequence[Kpi]:
        n = int(self.table["customers"].iloc[-1])
        found = [
            Kpi("mrr", "month", self.mrr, self.currency, n=n),
            Kpi("arr", "month", 12 * self.mrr, self.currency, n=n),
        ]
        rows = [r for r in self.groups.to_dict("records") if r["by"] != "cohort"]
        return [
            *found,
            *(
                Kpi(
                    "logo_churn",
                    "trailing_12m",
                    r["logo_churn"],
                    "share",
                    {"tier": r["group"]} if r["by"] else None,
                    r["low"],
                    r["high"],
                    r["lost"],
                    r["customers"],
                    r["customers"],
                    "Wilson 95 %",
                )
                for r in rows
            ),
        ]

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "A contract without an end runs on; one that another replaces during"
                    " its term counts to the day before. A trial brings nothing. Whether"
                    " a contract is paused, cancelled or past due is known for the"
                    " newest day only, for a status carries no day: one that is paused"
                    " counts to the day before."
                )
            ),
        )


@section("recurring-revenue")
def recurring(book: Book) -> Recurring:
    """Recurring revenue month by month, and what stays of it. Needs contracts (customer_id, start,
    annual_value).
    """
    book.need("contracts", "customer_id", "start", "annual_value", gives=GIVES)
    window = book.window("trailing_12m")
    known = coverage(book, "contracts", "start")
    first = book.month - (MONTHS - 1)
    months = [
        month
        for month in months_between(first, book.month)
        if known.first is None or month.end >= known.first
    ]
    if not months:
        raise NotAvailable({"contracts": ("start",)}, GIVES, say("no contract had begun by then"))
    last = mrr_bridge(book, book.as_of - timedelta(days=1), book.as_of)
    bridge = yearly_bridge(book)
    unset = not_set(book.settings.segments, "tiers")
    return Recurring(
        mrr_months(book, months[0], months[-1]),
        RecurringGroups.make([] if bridge is None else _groups(bridge, book, bool(unset))),
        bridge,
        last.total("past_due"),
        last.total("paused"),
        window,
        book.as_of,
        book.fmt,
        book.currency,
        unset,
    )


def _groups(bridge: MrrBridge, book: Book, unset: bool) -> list[dict]:
    """Rows of ``RecurringGroups``."""
    rows = bridge.customers[bridge.customers["open"] > 0]
    edges = book.settings.segments.tiers
    tiers = np.asarray(tier_names(rows["open"].to_numpy(float) * 12, edges))
    begun = contracts_of(book)[0].groupby("customer_id")["start"].min()
    years = rows["customer_id"].map(begun.dt.year.to_dict())
    found = []
    if not unset:
        found += [_group("tier", name, rows[tiers == name]) for name in edges.names]
    found += [
        _group("cohort", say("since {year}", year=int(year)), rows[years == year])
        for year in sorted(years.dropna().unique())
    ]
    return [row for row in found if row["customers"]] + [_group("", ALL, rows)]


def _group(by: str, name: str, rows: pd.DataFrame) -> dict:
    n, lost, start = len(rows), int((rows["churn"] > 0).sum()), float(rows["open"].sum())
    less = float((rows["contraction"] + rows["churn"]).sum())
    low, high = wilson(lost, n)
    paid = rows["open"].to_numpy(float)
    kept = paid - (rows["contraction"] + rows["churn"]).to_numpy(float)
    _, nrr_low, nrr_high = ratio_interval(kept + rows["expansion"].to_numpy(float), paid)
    _, grr_low, grr_high = ratio_interval(kept, paid)
    return {
        "by": by,
        "group": name,
        "customers": n,
        "open": start,
        "nrr": (start + float(rows["expansion"].sum()) - less) / start if start else None,
        "grr": (start - less) / start if start else None,
        "nrr_low": nrr_low,
        "nrr_high": nrr_high,
        "grr_low": grr_low,
        "grr_high": grr_high,
        "lost": lost,
        "logo_churn": lost / n if n else None,
        "low": low,
        "high": high,
    }
