"""Which channel earns its money: cost, leads, matches, wins, what a customer costs and brings, and
where the next unit of budget should go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import numpy as np
import pandas as pd

from playbook import page
from playbook.base.formats import Formats, listing, plural
from playbook.data.book import Book
from playbook.data.measures import channels as measure
from playbook.data.measures.deals import Deals, deals_of
from playbook.funnel.figures.money import channel_roi
from playbook.funnel.windows import bounds
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

from .budget_moves import BudgetMoves, budget_moves, moves_table
from .channel_economics import (
    DAYS_A_MONTH,
    ChannelEconomics,
    customer_values,
    economics,
    lead_to_win_days,
    leads_by_channel,
    sum_by_channel,
    wins_by_channel,
)

VERDICTS = (
    "keep",
    "watch",
    "cut",
    "stopped",
    "too little data",
    "no cost recorded",
    "cost without leads",
)


@dataclass(frozen=True)
class Channels(page.Result):
    """What channels cost and bring, last 12 months.

    lag: months that cost is taken earlier than wins; lag_days: median days from lead to win, None
    when the lag is set. marginal: what the next unit of budget brings, as a share of the average.
    """

    table: Annotated[pd.DataFrame, ChannelEconomics]
    lag: int
    lag_days: float | None
    margin: float | None  # the set margin, when orders carry no cost
    moves: Annotated[pd.DataFrame, BudgetMoves]
    marginal: float
    span: str
    as_of: date
    currency: str
    fmt: Formats
    section = "channels"

    def figure(self) -> Figure | None:
        return channel_roi(self.table, self.span, self.lag, self.fmt)

    def tables(self) -> list[Table]:
        fmt = self.fmt
        tone = {"cut": "bad", "keep": "good", "watch": "warn"}
        columns = [
            Col("channel"),
            Col("cost", "money", "Cost", compact=True),
            Col("leads", "count"),
            Col("match_rate", "share", "Matched"),
            Col("new", "count", "New customers"),
            Col("cac", "money", "CAC", compact=True),
            Col("ltv_cac", "ratio", "LTV ÷ CAC"),
            Col("roi", "ratio", "ROI", low="roi_low", high="roi_high"),
            Col("payback", "number", "Payback, months", decimals=1),
            Col("verdict", "text", "Verdict", tone=lambda row: tone.get(row["verdict"], "muted")),
            Col("why", "text", "Why", weight=3),
        ]
        note = (
            f"{self.currency}; {self.span}; cost {plural(self.lag, 'month')} earlier; intervals 95"
            f" %; as of {fmt.text(self.as_of, 'date')}"
        )
        found = [table(self.table, columns, fmt, title="What channels cost and bring", note=note)]
        if len(self.moves):
            found.append(moves_table(self.moves, self.marginal, self.currency, fmt))
        return found

    def reading(self) -> str:
        fmt = self.fmt
        groups = {v: list(self.table.channel[self.table.verdict == v]) for v in VERDICTS}
        parts = [
            f"{word}: {listing(groups[v])}"
            for v, word in (
                ("keep", "earn their money"),
                ("cut", "do not"),
                ("watch", "undecided"),
                ("stopped", "already stopped"),
                ("too little data", "too little data"),
            )
            if groups[v]
        ]
        text = (
            f"Channels with gross profit above cost {'; '.join(parts)}."
            if parts
            else "No channel has both cost and wins."
        )
        priced = self.table.dropna(subset=["cac"])
        if len(priced) > 1:
            low, high = priced.loc[priced.cac.idxmin()], priced.loc[priced.cac.idxmax()]
            text += (
                f" A new customer costs {fmt.money(low.cac, compact=True)} by {low.channel} and"
                f" {fmt.money(high.cac, compact=True)} by {high.channel}."
            )
        if len(self.moves):
            text += (
                " Moving the budget of channels to cut would bring about"
                f" {fmt.money(self.moves.net.sum(), compact=True, sign=True)} of gross profit a"
                " year."
            )
        return text

    def headline(self) -> str:
        keep, cut = (
            list(self.table.channel[self.table.verdict.isin(v)])
            for v in (("keep",), ("cut", "stopped"))
        )
        return f"Channels: keep {listing(keep)}; cut or stopped {listing(cut)}"

    def notes(self) -> list[str]:
        lag = (
            f"the median win takes {self.fmt.text(self.lag_days, 'days')} from its lead"
            if self.lag_days is not None
            else "set in the settings"
        )
        notes = [
            (
                f"Cost is taken {plural(self.lag, 'month')} earlier than wins ({lag}). CAC = cost ÷"
                " new customers won. ROI = gross profit of all wins ÷ cost, so 1.00× is the cut"
                " line. LTV = monthly gross profit per customer ÷ monthly churn, with a longest"
                " life set; churn of small channels is drawn towards that of all. A channel of few"
                " leads is too little data, not bad."
            ),
            (
                "A deal belongs to the channel it carries (else its lead's, else its customer's):"
                " one channel gets the whole credit."
            ),
        ]
        if self.margin is not None:
            notes.append(
                f"Orders carry no cost: gross profit is taken as {self.fmt.share(self.margin)} of"
                " the amount."
            )
        return notes

    def kpis(self) -> list[Kpi]:
        return [kpi for row in self.table.to_dict("records") for kpi in self._kpis_of(row)]

    def _kpis_of(self, row: dict) -> Iterator[Kpi]:
        by, w = {"channel": row["channel"]}, "trailing_12m"
        leads, new, wins = (int(row[name]) for name in ("leads", "new", "wins"))
        yield Kpi("channel.cost", w, _val(row["cost"]), self.currency, by, why="no cost recorded")
        yield Kpi("channel.leads", w, leads, "count", by, n=leads)
        for name, unit, n, method, why in (
            ("cac", self.currency, new, "Poisson 95 %", "no cost or no new customer"),
            ("roi", "ratio", wins, "bootstrap 95 %", "no cost recorded"),
        ):
            low, high = (_val(row[f"{name}_{end}"]) for end in ("low", "high"))
            value = _val(row[name])
            yield Kpi(f"channel.{name}", w, value, unit, by, low, high, n=n, method=method, why=why)
        for name, column, why in (
            ("ltv_cac", "ltv_cac", "no CAC or no customer value"),
            ("payback_months", "payback", "no CAC or no customer profit"),
        ):
            yield Kpi(f"channel.{name}", w, _val(row[column]), "ratio", by, n=new, why=why)
        matched, why = Rate(row["matched"], row["assessed"]), "no lead of the channel was assessed"
        yield Kpi.rate("match_rate", w, matched, by, why)


def _val(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


@page.section("channels")
def channels(book: Book) -> Channels:
    """Channel economics of the last 12 months with verdicts and a reallocation.

    Needs channel_costs and leads or deals with a channel; orders for what customers bring.
    """
    book.need(
        "channel_costs",
        "month",
        "channel",
        "cost",
        gives=(
            "what a new customer costs by channel, what it brings, and which channel to keep or cut"
        ),
    )
    book.need("opportunities", "outcome", gives="wins by channel")
    return channels_of(deals_of(book), book)


def channels_of(deals: Deals, book: Book) -> Channels:
    """The same from deals made ready before."""
    settings = book.settings.funnel
    lag_days = lead_to_win_days(deals, book) if settings.channel_lag_months < 0 else None
    lag = (
        settings.channel_lag_months
        if settings.channel_lag_months >= 0
        else round((lag_days or 0) / DAYS_A_MONTH)
    )
    first, last = bounds(book, "trailing_12m")
    costs = measure.costs_by_month(book)
    frame = pd.DataFrame(
        {
            "cost": sum_by_channel(costs[costs.month.between(first - lag, last - lag)], "cost"),
            "running": sum_by_channel(costs[costs.month > last - 3], "cost"),
        }
    )
    frame = frame.join(leads_by_channel(book, deals, first, last), how="outer").join(
        wins_by_channel(deals, first, last), how="outer"
    )
    values = customer_values(book)
    frame = (
        frame.join(values, how="outer")
        if len(values)
        else frame.assign(monthly=np.nan, churn=np.nan, profit_share=np.nan)
    )
    frame = frame[frame[[c for c in ("cost", "leads", "wins") if c in frame]].notna().any(axis=1)]
    table_ = economics(frame, book).rename_axis("channel").reset_index()
    table_ = table_.sort_values(
        ["roi", "cost", "channel"],
        ascending=[False, False, True],
        na_position="last",
        kind="stable",
    ).reset_index(drop=True)
    margin = None if book.has("orders", "cost") else settings.margin
    return Channels(
        table_,
        lag,
        lag_days,
        margin,
        budget_moves(table_, settings.marginal_return),
        settings.marginal_return,
        book.window("trailing_12m").label,
        book.as_of,
        book.currency,
        book.fmt,
    )


def move(found: Channels, source: str, to: str, share: float) -> Table:
    """What moving a share of one channel's running budget to another would bring."""
    rows = found.table.set_index("channel")
    budget = rows.running[source] * 4 * share
    roi = rows.roi.fillna(0)
    line = {
        "source": source,
        "to": to,
        "budget": budget,
        "brings": budget * roi[to] * found.marginal,
        "loses": budget * roi[source],
    }
    line["net"] = line["brings"] - line["loses"]
    columns = [
        Col("source", "text", "Take from"),
        Col("to", "text", "Give to"),
        Col("budget", "money", "Budget a year"),
        Col("brings", "money", "Brings"),
        Col("loses", "money", "Gives up"),
        Col("net", "money", "Net", sign=True),
    ]
    return table(
        pd.DataFrame([line]),
        columns,
        found.fmt,
        title="Moving budget",
        note=(
            f"{found.currency} of gross profit a year; the next unit brings"
            f" {found.fmt.share(found.marginal)} of the average one"
        ),
    )
