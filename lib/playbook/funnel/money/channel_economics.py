"""What a channel costs and brings: acquisition cost, lifetime value, return, and a verdict."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.data.measures import channels as measure
from playbook.data.measures.deals import Deals, outcome_counts
from playbook.methods.intervals import poisson_interval
from playbook.methods.resampling import sampled_means
from playbook.methods.shrinkage import shrink
from playbook.methods.survival import quantile

SAMPLES, SEED, DAYS_A_MONTH = 4000, 20230930, 365.25 / 12


class ChannelEconomics(Frame):
    """One row per channel, last 12 months, the best return first."""

    channel = col.text("the channel")
    cost = col.money("its cost, taken as many months earlier as a win usually takes")
    running = col.money("its cost in the last 3 months")
    leads = col.count("leads (deals created where the book has no leads)")
    matched = col.count("leads that match a need")
    assessed = col.count("leads whose match is on record")
    wins = col.count("deals won")
    amount = col.money("their amount")
    square = col.number("sum of their squared amounts: gives the spread of one")
    new = col.count("customers won for the first time")
    monthly = col.money("gross profit a customer brings in a month")
    churn = col.share("customers lost in a month, small channels drawn to the rate of all")
    buyers = col.count("customers who bought", optional=True)
    match_rate = col.share("matched ÷ assessed")
    profit = col.money("gross profit of the wins")
    cac = col.money("customer acquisition cost: cost ÷ new", low="cac_low", high="cac_high")
    cac_low = col.money("lower end of the Poisson 95 % interval")
    cac_high = col.money("upper end of the Poisson 95 % interval")
    ltv = col.money("lifetime value: monthly ÷ churn, with a longest life set")
    roi = col.ratio("profit ÷ cost", low="roi_low", high="roi_high")
    roi_low = col.ratio("lower end of the bootstrap 95 % interval")
    roi_high = col.ratio("upper end of the bootstrap 95 % interval")
    ltv_cac = col.ratio("ltv ÷ cac")
    payback = col.number("months until a customer has paid its cost: cac ÷ monthly")
    verdict = col.text("keep, watch, cut, stopped or why none is given")
    why = col.text("what the verdict rests on")


def lead_to_win_days(deals: Deals, book: Book) -> float | None:
    """Median days from lead to win, all data."""
    won = measure.lead_to_win(deals, book)
    won = won[won.days >= 0]
    return quantile(won.days, won.n, 0.5)


def sum_by_channel(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows.groupby("channel")[column].sum()


def leads_by_channel(book: Book, deals: Deals, first: int, last: int) -> pd.DataFrame:
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


def wins_by_channel(deals: Deals, first: int, last: int) -> pd.DataFrame:
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


def customer_values(book: Book) -> pd.DataFrame:
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


def economics(frame: pd.DataFrame, book: Book) -> pd.DataFrame:
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
    few, many = poisson_interval(frame.new)
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
    samples = (
        rng.poisson(row["wins"], SAMPLES)
        * sampled_means(rng, row["wins"], row["amount"], row["square"], SAMPLES)
        * share
        / row["cost"]
    )
    low, high = np.quantile(samples, [0.025, 0.975])
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
