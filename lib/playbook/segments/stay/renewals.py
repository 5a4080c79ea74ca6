"""Renewals: how many of the contracts that came due were renewed, and what comes due next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, named, say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures.recurring import MrrBridge
from playbook.methods.intervals import Rate
from playbook.page import Change, Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.contracts import quarter_lines
from playbook.segments.figures.retention import group_word, renewal_dots
from playbook.segments.running_contracts import contracts_of, how_renewed, left_out

from .next_due import HORIZON, DueContracts, next_due
from .recurring import bridge_text, yearly_bridge
from .renewal_rates import (
    RenewalGroups,
    RenewalQuarters,
    RenewalWindows,
    contracts_due,
    quarter_table,
    rates_by,
    rates_by_quarter,
    rates_by_window,
    renewal_rate,
    tier_of,
    type_of,
    window_table,
)
from .renewal_terms import RenewalTerms, survival, terms_table

GIVES = later("the renewal rate of contracts that were due, by tier, and the revenue at stake next")


@dataclass(frozen=True)
class Renewals(Result):
    """Renewal of the contracts that were due, per group of the trailing 12 months, per window, per
    quarter and per renewal number.

    next_due: contracts that end soon; wrong: number of contracts left out because they end before
    they start; waiting: contracts that ended so recently that another may still follow, not counted
    as due; how: a sentence where renewals are inferred; bridge: recurring revenue of the trailing
    12 months, None where it cannot be told.
    """

    section: ClassVar[str] = "renewals"
    table: Annotated[pd.DataFrame, RenewalGroups]
    windows: Annotated[pd.DataFrame, RenewalWindows]
    quarters: Annotated[pd.DataFrame, RenewalQuarters]
    terms: Annotated[pd.DataFrame, RenewalTerms]
    next_due: Annotated[pd.DataFrame, DueContracts]
    wrong: int
    window: Window
    as_of: date
    fmt: Formats
    currency: str
    waiting: int = 0
    how: str = ""
    bridge: MrrBridge | None = None

    def figure(self) -> Figure | None:
        return renewal_dots(self.table, self.note, self.fmt) if self.table["due"].sum() else None

    def quarter_figure(self) -> Figure | None:
        """The renewal rate quarter by quarter, per group."""
        return (
            quarter_lines(self.quarters, self.as_of, self.fmt)
            if self.quarters["due"].sum()
            else None
        )

    @property
    def note(self) -> str:
        return say(
            "contracts whose end lies in {label} · n = {due} contracts · Wilson"
            " 95 % · as of {as_of}",
            label=self.window.label,
            due=self.fmt.count(self.table["due"].iloc[-1]),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("group_shown", "text", label="Group", weight=1.5),
            Col("due", "count", "Due"),
            Col("renewed", "count", "Renewed"),
            Col("rate", "share", "Renewal rate", low="low", high="high"),
            Col("value", "money", "Yearly value due"),
            Col("value_lost", "money", "of it not renewed"),
        ]
        shown = self.table.assign(
            group_shown=[group_word(r, self.fmt) for r in self.table.to_dict("records")]
        )
        return [
            table(
                shown,
                columns,
                self.fmt,
                title=say("Contracts renewed of those due, trailing 12 months"),
                note=self.note,
            ),
            window_table(self.windows, self._day, self.fmt),
            quarter_table(self.quarters, self.as_of, self.fmt),
            terms_table(self.terms, self.fmt),
        ]

    @property
    def _day(self) -> str:
        return say("as of {as_of}", as_of=self.fmt.text(self.as_of, "date"))

    @property
    def total(self) -> pd.Series:
        """The row of all contracts due in the trailing 12 months."""
        return self.table.iloc[-1]

    def _quarter_text(self) -> str:
        """The lowest and the newest quarter of each group that has quarters of its own."""
        ends_of_groups = []
        for group, of in self.quarters[
            (self.quarters["due"] > 0) & (self.quarters["group"] != "All")
        ].groupby("group", sort=False):
            low, now = of.loc[of["rate"].astype(float).idxmin()], of.iloc[-1]
            ends = [
                say(
                    "{rate} in {quarter} ({low})",
                    rate=self.fmt.share(r["rate"], decimals=0),
                    quarter=r["quarter"],
                    low=self.fmt.interval(r["low"], r["high"], "share"),
                )
                for r in ([low] if low["quarter"] == now["quarter"] else [low, now])
            ]
            ends_of_groups.append(
                say("{group} {ends}", group=named(group), ends=joined(ends, " and "))
            )
        return (
            say(
                "Lowest and newest quarter: {ends_of_groups}.",
                ends_of_groups=joined(ends_of_groups, "; "),
            )
            if ends_of_groups
            else ""
        )

    def reading(self) -> str:
        recurring = bridge_text(self.bridge, self.fmt) if self.bridge else ""
        parts = (
            self._rate_text(),
            self.how,
            self._next_text(),
            recurring,
            self._quarter_text(),
        )
        return joined(filter(None, (*parts, left_out(self.wrong))), " ")

    def _rate_text(self) -> str:
        t = self.total
        wait = (
            say(
                " {contracts} ended so recently that another may still follow, and"
                " {en_are} not counted.",
                contracts=plural(self.waiting, "contract"),
                en_are="is" if self.waiting == 1 else "are",
            )
            if self.waiting
            else ""
        )
        if not t["due"]:
            return say("No contract was due in the trailing 12 months.{wait}", wait=wait)
        lost = (
            say(
                "; {value_lost} of yearly value was not",
                value_lost=self.fmt.money(t["value_lost"], compact=True),
            )
            if t["renewed"] < t["due"]
            else ""
        )
        return say(
            "{renewed} of the contracts due were renewed (95 % {low}){lost}.{wait}",
            renewed=self.fmt.rate(t["renewed"], t["due"]),
            low=self.fmt.interval(t["low"], t["high"], "share"),
            lost=lost,
            wait=wait,
        )

    def _next_text(self) -> str:
        n = len(self.next_due)
        if not n:
            return say(
                "No contract without a successor ends in the next {horizon} days.", horizon=HORIZON
            )
        return say(
            "{contracts} worth {annual_value} a year {en_end} in the next {horizon} days.",
            contracts=plural(n, "contract"),
            annual_value=self.fmt.money(self.next_due["annual_value"].sum(), compact=True),
            en_end="ends" if n == 1 else "end",
            horizon=HORIZON,
        )

    def headline(self) -> str:
        t = self.total
        rate = (
            say(
                "{renewed} of contracts due in 12 months",
                renewed=self.fmt.rate(t["renewed"], t["due"]),
            )
            if t["due"]
            else say("no contract was due in 12 months")
        )
        kept = (
            say("; net revenue retention by contracts {nrr}", nrr=self.fmt.share(self.bridge.nrr))
            if self.bridge
            else ""
        )
        return say("Renewals: {rate}{kept}.", rate=rate, kept=kept)

    def kpis(self) -> Sequence[Kpi]:
        why = say("no contract was due")
        groups = [
            Kpi.rate(
                "renewal_rate",
                "trailing_12m",
                Rate(r["renewed"], r["due"]),
                {r["by"]: r["group"]},
                why,
            )
            for r in self.table.iloc[:-1].to_dict("records")
        ]
        return [
            *(
                Kpi.rate("renewal_rate", r["window"], Rate(r["renewed"], r["due"]), None, why)
                for r in self.windows.to_dict("records")
            ),
            *groups,
            *self._recurring(),
        ]

    def _recurring(self) -> list[Kpi]:
        """Net and gross revenue retention from contracts, which go before those from orders."""
        if self.bridge is None:
            return []
        values = (("net", self.bridge.nrr), ("gross", self.bridge.grr))
        return [
            Kpi(
                f"revenue_retention.{name}",
                "trailing_12m",
                value,
                "share",
                denominator=self.bridge.total("open"),
                n=self.bridge.paying,
                method="contracts, recurring revenue a month",
            )
            for name, value in values
        ]

    def changes(self) -> Sequence[Change]:
        row = self.windows[self.windows["window"] == "quarter_to_date"].iloc[0]
        if pd.isna(row["change"]) or row["low"] <= row["before"] <= row["high"]:
            return []  # no rate a year before, or one within what chance makes of today's
        return [
            Change(
                say(
                    "Renewal rate of the quarter {rate} ({change} on a year before)",
                    rate=self.fmt.share(row["rate"]),
                    change=self.fmt.text(row["change"], "pp"),
                ),
                float(row["change"]),
            )
        ]

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "A contract is due on its last day; it counts as renewed when a"
                    " following contract is known by the as-of date, so contracts that"
                    " ended in the last days may still be renewed. Tiers (where orders"
                    " cover that year) follow what the customer brought in the trailing"
                    " 12 months before the window."
                )
            ),
        )


@section("renewals")
def renewals(book: Book) -> Renewals:
    """Renewal of contracts that were due. Needs contracts (customer_id, start, end,
    annual_value).
    """
    book.need("contracts", "customer_id", "start", "end", "annual_value", gives=GIVES)
    right, wrong = contracts_of(book)
    window = book.window("trailing_12m")
    due = contracts_due(right, window)
    groups = [
        *rates_by(due, "tier", tier_of(book, due, window)),
        *rates_by(due, "customer_type", type_of(book, due)),
    ]
    if right.empty:
        raise NotAvailable(
            {"contracts": ("start", "end")}, GIVES, say("every contract ends before it starts")
        )
    return Renewals(
        RenewalGroups.make([*groups, {"by": "", "group": "All", **renewal_rate(due)}]),
        rates_by_window(right, book),
        rates_by_quarter(right, book),
        survival(right, book.as_of),
        next_due(right, book.as_of),
        wrong,
        window,
        book.as_of,
        book.fmt,
        book.currency,
        int(right["open"].sum()),
        how_renewed(right, book.settings.segments.renewal_days),
        yearly_bridge(book),
    )
