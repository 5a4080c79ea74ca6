"""Which channel earns its money: cost, leads, matches, wins, what a customer costs and brings, and
where the next unit of budget should go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import stats

from playbook import page
from playbook.base.formats import Formats, listing, plural
from playbook.data.book import Book
from playbook.data.measures import channels as measure
from playbook.data.measures.deals import Deals, deals_of, outcome_counts
from playbook.funnel.figures.money import channel_roi
from playbook.funnel.windows import bounds
from playbook.methods.intervals import Rate
from playbook.methods.shrinkage import shrink
from playbook.methods.survival import quantile
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

DRAWS, SEED, DAYS_A_MONTH = 4000, 20230930, 365.25 / 12
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
    """Channels in the last 12 months, cost lagged.

    table: channel, cost, leads, matched, assessed, match_rate, wins, new, amount, profit, cac (low,
    high), ltv, ltv_cac, roi (low, high), payback, running, verdict, why.
    """

    table: pd.DataFrame
    lag: int
    lag_days: float | None
    margin: float | None  # the set margin, when orders carry no cost
    moves: pd.DataFrame  # source, to, budget (a year), brings, loses, net
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
            columns = [
                Col("source", "text", "Take from"),
                Col("to", "text", "Give to"),
                Col("budget", "money", "Budget a year"),
                Col("brings", "money", "Gross profit it brings"),
                Col("loses", "money", "Gross profit given up"),
                Col("net", "money", "Net", sign=True),
            ]
            found.append(
                table(
                    self.moves,
                    columns,
                    fmt,
                    title="Moving the budget of channels to cut",
                    total={
                        "source": "All",
                        **self.moves[["budget", "brings", "loses", "net"]].sum().to_dict(),
                    },
                    note=(
                        f"{self.currency} a year; the next unit in a channel is taken to bring"
                        f" {fmt.share(self.marginal)} of what it brings on average"
                    ),
                )
            )
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
        dear = self.table.dropna(subset=["cac"])
        if len(dear) > 1:
            low, high = dear.loc[dear.cac.idxmin()], dear.loc[dear.cac.idxmax()]
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
        kpis = []
        for row in self.table.to_dict("records"):
            by, w = {"channel": row["channel"]}, "trailing_12m"
            kpis.append(
                Kpi("channel.cost", w, _val(row["cost"]), self.currency, by, why="no cost recorded")
            )
            kpis.append(
                Kpi("channel.leads", w, int(row["leads"]), "count", by, n=int(row["leads"]))
            )
            kpis.append(
                Kpi(
                    "channel.cac",
                    w,
                    _val(row["cac"]),
                    self.currency,
                    by,
                    _val(row["cac_low"]),
                    _val(row["cac_high"]),
                    n=int(row["new"]),
                    method="Poisson 95 %",
                    why="no cost or no new customer",
                )
            )
            kpis.append(
                Kpi(
                    "channel.roi",
                    w,
                    _val(row["roi"]),
                    "ratio",
                    by,
                    _val(row["roi_low"]),
                    _val(row["roi_high"]),
                    n=int(row["wins"]),
                    method="bootstrap 95 %",
                    why="no cost recorded",
                )
            )
            kpis.append(
                Kpi(
                    "channel.ltv_cac",
                    w,
                    _val(row["ltv_cac"]),
                    "ratio",
                    by,
                    n=int(row["new"]),
                    why="no CAC or no customer value",
                )
            )
            kpis.append(
                Kpi(
                    "channel.payback_months",
                    w,
                    _val(row["payback"]),
                    "ratio",
                    by,
                    n=int(row["new"]),
                    why="no CAC or no customer profit",
                )
            )
            kpis.append(
                Kpi.rate(
                    "match_rate",
                    w,
                    Rate(row["matched"], row["assessed"]),
                    by,
                    "no lead of the channel was assessed",
                )
            )
        return kpis


def _val(value) -> float | None:
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
    lag_days = _lead_to_win(deals, book) if settings.channel_lag_months < 0 else None
    lag = (
        settings.channel_lag_months
        if settings.channel_lag_months >= 0
        else round((lag_days or 0) / DAYS_A_MONTH)
    )
    first, last = bounds(book, "trailing_12m")
    costs = measure.costs_by_month(book)
    frame = pd.DataFrame(
        {
            "cost": _sum(costs[costs.month.between(first - lag, last - lag)], "cost"),
            "running": _sum(costs[costs.month > last - 3], "cost"),
        }
    )
    frame = frame.join(_leads(book, deals, first, last), how="outer").join(
        _wins(deals, first, last), how="outer"
    )
    values = _customer_values(book)
    frame = (
        frame.join(values, how="outer")
        if len(values)
        else frame.assign(monthly=np.nan, churn=np.nan, profit_share=np.nan)
    )
    frame = frame[frame[[c for c in ("cost", "leads", "wins") if c in frame]].notna().any(axis=1)]
    table_ = _economics(frame, book).rename_axis("channel").reset_index()
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
        _moves(table_, settings.marginal_return),
        settings.marginal_return,
        book.window("trailing_12m").label,
        book.as_of,
        book.currency,
        book.fmt,
    )


def _lead_to_win(deals: Deals, book: Book) -> float | None:
    """Median days from lead to win, all data."""
    won = measure.lead_to_win(deals, book)
    won = won[won.days >= 0]
    return quantile(won.days, won.n, 0.5)


def _sum(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows.groupby("channel")[column].sum()


def _leads(book: Book, deals: Deals, first: int, last: int) -> pd.DataFrame:
    """Leads, matched and assessed per channel; deals created stand for leads where the book has no
    leads.
    """
    if book.has("leads", "channel"):
        rows = measure.leads_by_month(book)
        rows = rows[rows.month.between(first, last)]
        return (
            rows.groupby("channel")[["n", "matched", "assessed"]]
            .sum()
            .rename(columns={"n": "leads"})
        )
    counts = (
        outcome_counts(deals, by="channel")
        if "channel" in deals.dimensions
        else pd.DataFrame(columns=["member", "created", "n"])
    )
    made = (
        counts[counts.created.between(first, last)].groupby("member").n.sum().rename_axis("channel")
    )
    return pd.DataFrame({"leads": made, "matched": 0, "assessed": 0})


def _wins(deals: Deals, first: int, last: int) -> pd.DataFrame:
    rows = (
        measure.wins_by_month(deals)
        if "channel" in deals.dimensions
        else pd.DataFrame(columns=["channel", "month", "wins", "amount", "square", "new"])
    )
    return (
        rows[rows.month.between(first, last)]
        .groupby("channel")[["wins", "amount", "square", "new"]]
        .sum()
    )


def _customer_values(book: Book) -> pd.DataFrame:
    """Monthly gross profit per customer and monthly churn per acquiring channel."""
    if not book.has("orders", "amount", "date"):
        return pd.DataFrame()
    now = book.window("trailing_12m")
    rows = (
        measure.customers_by_channel(book, now, now.year_before())
        .dropna(subset=["channel"])
        .set_index("channel")
    )
    rows = rows[rows.index != "not given"]
    gone = shrink(rows.before - rows.stayed, rows.before)
    churn = 1 - (1 - pd.Series(gone.value, index=rows.index).clip(0, 0.9999)) ** (1 / 12)
    monthly = rows.profit / rows.months.where(rows.months > 0)
    return pd.DataFrame({"monthly": monthly, "churn": churn, "buyers": rows.buyers})


def _profit_share(book: Book) -> float:
    """Gross profit per unit of amount: from the orders' cost where they carry it, else the set
    margin.
    """
    if not book.has("orders", "cost"):
        return book.settings.funnel.margin
    sums = measure.profit_share(book)
    return sums if 0 < sums <= 1 else book.settings.funnel.margin


def _economics(frame: pd.DataFrame, book: Book) -> pd.DataFrame:
    """All ratios with their intervals, and the verdict."""
    settings, rng = book.settings.funnel, np.random.default_rng(SEED)
    counts = ["leads", "matched", "assessed", "wins", "amount", "square", "new", "running"]
    frame = frame.reindex(
        columns=[
            *frame.columns,
            *(c for c in [*counts, "monthly", "churn"] if c not in frame.columns),
        ]
    ).sort_index()
    frame[counts] = frame[counts].astype(float).fillna(0)
    paid = frame.cost.astype(float).where(frame.cost > 0)
    share = _profit_share(book)
    new = frame.new.where(frame.new > 0)
    few, many = (
        stats.chi2.ppf(0.025, 2 * frame.new) / 2,
        stats.chi2.ppf(0.975, 2 * frame.new + 2) / 2,
    )
    months = np.minimum(1 / frame.churn.astype(float).where(frame.churn > 0), settings.ltv_months)
    frame = frame.assign(
        cost=paid,
        match_rate=frame.matched / frame.assessed.where(frame.assessed > 0),
        profit=frame.amount * share,
        cac=paid / new,
        cac_low=paid / many,
        cac_high=paid / np.where(few > 0, few, np.nan),
        ltv=frame.monthly.astype(float) * months,
    )
    rois = [_roi(row, share, rng) for row in frame.to_dict("records")]
    frame = frame.assign(
        roi=[r[0] for r in rois], roi_low=[r[1] for r in rois], roi_high=[r[2] for r in rois]
    )
    frame = frame.assign(
        ltv_cac=frame.ltv / frame.cac,
        payback=frame.cac / frame.monthly.astype(float).where(frame.monthly > 0),
    )
    verdicts = [_verdict(row, settings.min_group, book.fmt) for row in frame.to_dict("records")]
    return frame.assign(verdict=[v for v, _ in verdicts], why=[w for _, w in verdicts])


def _roi(row: dict, share: float, rng: np.random.Generator) -> tuple[float, float, float]:
    """ROI with the number of wins and their average amount redrawn."""
    if row["cost"] != row["cost"]:
        return (np.nan,) * 3
    if not row["wins"]:
        return 0.0, 0.0, 0.0
    mean = row["amount"] / row["wins"]
    spread = np.sqrt(max(0.0, row["square"] / row["wins"] - mean**2) / row["wins"])
    draws = (
        rng.poisson(row["wins"], DRAWS)
        * np.maximum(0, rng.normal(mean, spread, DRAWS))
        * share
        / row["cost"]
    )
    low, high = np.quantile(draws, [0.025, 0.975])
    value = row["amount"] * share / row["cost"]
    return value, min(float(low), value), max(float(high), value)


def _verdict(row: dict, small: int, fmt: Formats) -> tuple[str, str]:
    if row["cost"] != row["cost"]:
        return "no cost recorded", "no cost, no CAC or ROI"
    if not row["leads"] and not row["wins"]:
        return "cost without leads", "check that cost and leads name the channel alike"
    if row["leads"] < small:
        return "too little data", f"{plural(int(row['leads']), 'lead')}, fewer than {small}"
    if not row["running"]:
        return "stopped", "no cost for 3 months"
    if row["roi_high"] < 1:
        if row["ltv_cac"] == row["ltv_cac"] and row["ltv_cac"] >= 3:
            return "watch", "below 1 in 12 months, but customers stay long enough to pay"
        return "cut", "whole interval below 1"
    if row["roi_low"] >= 1:
        return "keep", "whole interval above 1"
    return "watch", "the interval holds 1"


def _moves(frame: pd.DataFrame, marginal: float) -> pd.DataFrame:
    """The running budget of channels to cut, given to those to keep in proportion to what they
    bring.
    """
    keep, cut = (frame[frame.verdict == v] for v in ("keep", "cut"))
    columns = ["source", "to", "budget", "brings", "loses", "net"]
    if keep.empty or cut.empty:
        return pd.DataFrame(columns=columns)
    weights = keep.profit / keep.profit.sum()
    rows = []
    for source in cut.itertuples():
        for to, weight in zip(keep.itertuples(), weights, strict=True):
            budget = source.running * 4 * weight
            brings, loses = budget * to.roi * marginal, budget * source.roi
            rows.append((source.channel, to.channel, budget, brings, loses, brings - loses))
    return pd.DataFrame(rows, columns=columns)


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
