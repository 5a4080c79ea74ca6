"""What a channel costs and brings: acquisition cost, lifetime value, return, and a verdict."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import channels as measure
from playbook.data.measures.acquisition import new_customers
from playbook.data.measures.deals import Deals, outcome_counts
from playbook.data.measures.profit import margins
from playbook.data.measures.reasons import match_counts
from playbook.data.measures.sales import NOT_GIVEN
from playbook.methods.intervals import poisson_interval
from playbook.methods.resampling import sampled_means
from playbook.methods.shrinkage import shrink
from playbook.methods.survival import quantile

SAMPLES, SEED, DAYS_A_MONTH = 4000, 20230930, 365.25 / 12


class ChannelEconomics(Frame):
    """One row per channel, last 12 months, the best return first."""

    channel = col.text(later("the channel"))
    cost = col.money(later("its cost, taken as many months earlier as a win usually takes"))
    running = col.money(later("its cost in the last 3 months"))
    leads = col.count(later("leads (deals created where the book has no leads)"))
    matched = col.count(later("leads that match a need"))
    assessed = col.count(later("leads whose match is on record"))
    wins = col.count("deals won")
    amount = col.money(later("their amount"))
    profit = col.money(later("their gross profit, see data.measures.channels.deal_profits"))
    square = col.number(later("sum of the squared profits of the deals: gives the spread of one"))
    filled = col.money(later("part of the amount without a cost of its own"))
    new = col.count(
        later("customers who bought for the first time ever, on that day from the channel")
    )
    monthly = col.money(later("gross profit a customer brings in a month"))
    monthly_se = col.money(later("its standard error"))
    gone = col.count(later("customers of the year before who did not buy again"))
    before = col.count(later("customers of the year before"))
    churn = col.share(later("customers lost in a month, small channels drawn to the rate of all"))
    buyers = col.count(later("customers who bought"), optional=True)
    match_rate = col.share(later("matched ÷ assessed"))
    cac = col.money(later("customer acquisition cost: cost ÷ new"), low="cac_low", high="cac_high")
    cac_low = col.money(later("lower end of the Poisson 95 % interval"))
    cac_high = col.money(later("upper end of the Poisson 95 % interval"))
    ltv = col.money(later("lifetime value: monthly ÷ churn, with a longest life set"))
    roi = col.ratio(later("profit ÷ cost"), low="roi_low", high="roi_high")
    roi_low = col.ratio(later("lower end of the bootstrap 95 % interval"))
    roi_high = col.ratio(later("upper end of the bootstrap 95 % interval"))
    ltv_cac = col.ratio(later("ltv ÷ cac"), low="ltv_cac_low", high="ltv_cac_high")
    ltv_cac_low = col.ratio(later("lower end of the simulated 95 % interval"))
    ltv_cac_high = col.ratio(later("upper end of the simulated 95 % interval"))
    payback = col.number(later("months until a customer has paid its cost: cac ÷ monthly"))
    payback_low = col.number(later("lower end of the simulated 95 % interval"))
    payback_high = col.number(later("upper end of the simulated 95 % interval"))
    verdict = col.text(later("keep, watch, cut, stopped or why none is given"))
    why = col.text(later("what the verdict rests on"))


COUNTS = ("leads", "matched", "assessed", "wins", "amount", "profit", "square", "filled", "new")


def lead_to_win_days(deals: Deals, book: Book) -> float | None:
    """Median days from lead to win, all data."""
    won = measure.lead_to_win(deals, book)
    won = won[won.days >= 0]
    return quantile(won.days, won.n, 0.5)


def sum_by_channel(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows.groupby("channel")[column].sum()


def leads_by_channel(book: Book, deals: Deals, first: int, last: int) -> pd.DataFrame:
    """Leads, matched and assessed per channel; where the book has no leads, deals created stand for
    them, with the match recorded on the deal.
    """
    if book.has("leads", "channel"):
        rows = measure.leads_by_month(book)
        rows = rows[rows.month.between(first, last)]
        return (
            rows.groupby("channel")[["n", "matched", "assessed"]]
            .sum()
            .rename(columns={"n": "leads"})
        )
    if "channel" not in deals.dimensions:
        return pd.DataFrame(columns=["leads", "matched", "assessed"]).rename_axis("channel")
    counts = outcome_counts(deals, by="channel")
    made = counts[counts.created.between(first, last)].groupby("member").n.sum()
    match = match_counts(deals)
    match = match[match.month.between(first, last)]
    yes = match.match.astype(bool)
    return (
        pd.DataFrame(
            {
                "leads": made,
                "matched": match[yes].groupby("channel").n.sum(),
                "assessed": match.groupby("channel").n.sum(),
            }
        )
        .fillna(0)
        .rename_axis("channel")
    )


def wins_by_channel(book: Book, deals: Deals, first: int, last: int) -> pd.DataFrame:
    """Wins with amount, profit and its squares, and new customers, per channel."""
    columns = ["wins", "amount", "profit", "square", "filled"]
    rows = (
        measure.wins_by_month(book, deals)
        if "channel" in deals.dimensions
        else pd.DataFrame(columns=["channel", "month", *columns])
    )
    sums = rows[rows.month.between(first, last)].groupby("channel")[columns].sum()
    try:
        new = new_customers(book, ["channel"])
    except NotAvailable:  # nobody names a customer: how many are new is unknown, not none
        return sums
    inside = [first <= month.number <= last for month in new.month]
    new = new[inside].groupby("channel").new_customers.sum().rename("new")
    return sums.join(new[new.index != NOT_GIVEN], how="outer").fillna(0)


def customer_values(book: Book) -> pd.DataFrame:
    """Per acquiring channel: monthly gross profit of a customer with its standard error, and
    monthly churn with the customers it comes from (unknown where the year before is not covered).
    """
    if not book.has("orders", "amount", "date"):
        return pd.DataFrame()
    now = book.window("trailing_12m")
    rows = (
        measure.customers_by_channel(book, now, now.year_before())
        .dropna(subset=["channel"])
        .set_index("channel")
    )
    rows = rows[rows.index != NOT_GIVEN]
    before = rows.before.astype(float)
    if sales_coverage(book).window_gap(now.year_before()):
        before = before * 0
    gone = shrink(before - rows.stayed.where(before > 0, 0), before)
    churn = 1 - (1 - pd.Series(gone.value, index=rows.index).clip(0, 0.9999)) ** (1 / 12)
    months = rows.months.where(rows.months > 0)
    monthly = rows.profit / months
    # ratio estimator: the variance of profit − monthly × months over customers
    variance = rows.profit2 - 2 * monthly * rows.both + monthly**2 * rows.months2
    return pd.DataFrame(
        {
            "monthly": monthly,
            "monthly_se": np.sqrt(variance.clip(lower=0)) / months,
            "churn": churn,
            "gone": (before - rows.stayed).where(before > 0),
            "before": before,
            "buyers": rows.buyers,
        }
    )


def economics(frame: pd.DataFrame, book: Book) -> pd.DataFrame:
    """All ratios with their intervals, and the verdict."""
    settings, rng = book.settings.funnel, np.random.default_rng(SEED)
    needed = (*COUNTS, "running", "monthly", "monthly_se", "churn", "gone", "before", "cost")
    missing = [c for c in needed if c not in frame.columns]
    frame = frame.reindex(columns=[*frame.columns, *missing]).sort_index()
    frame = frame.astype({c: float for c in needed})
    known = [c for c in (*COUNTS, "running") if c != "new" or frame.new.notna().any()]
    frame[known] = frame[known].fillna(0)
    paid = frame.cost.where(frame.cost > 0)
    new = frame.new.where(frame.new > 0)
    few, many = poisson_interval(frame.new.fillna(0))
    months = np.minimum(1 / frame.churn.where(frame.churn > 0, 1e-9), settings.ltv_months)
    frame = frame.assign(
        cost=paid,
        match_rate=frame.matched / frame.assessed.where(frame.assessed > 0),
        cac=paid / new,
        cac_low=paid / np.where(new.notna(), many, np.nan),
        cac_high=paid / np.where(few > 0, few, np.nan),
        ltv=frame.monthly * months.where(frame.churn.notna()),
    )
    ltv_cac, payback = frame.ltv / frame.cac, frame.cac / frame.monthly.where(frame.monthly > 0)
    frame = frame.assign(ltv_cac=ltv_cac, payback=payback)
    rows = frame.to_dict("records")
    won = frame.wins.sum()
    each = max(float(frame.profit.sum() / won), 0.0) if won else np.nan
    ends = [{**_roi(r, each, rng), **_customer_ends(r, settings.ltv_months, rng)} for r in rows]
    frame = pd.concat([frame, pd.DataFrame(ends, index=frame.index, dtype=float)], axis=1)
    given = margins(book).basis != "assumed" or "margin" in settings.model_fields_set
    verdicts = [
        _verdict(row, settings.min_group, None if given else settings.margin, book.fmt)
        for row in frame.to_dict("records")
    ]
    return frame.assign(verdict=[v for v, _ in verdicts], why=[w for _, w in verdicts])


def _roi(row: dict, each: float, rng: np.random.Generator) -> dict[str, float]:
    """ROI with the number of wins and their average profit redrawn; unknown without any lead or win
    to tell what the cost brought.

    each: profit of a win of any channel [currency], NaN without a win: what a channel without wins
    may yet bring is as many as chance keeps from showing, each of that profit.
    """
    names = ("roi", "roi_low", "roi_high")
    if row["cost"] != row["cost"] or not (row["leads"] or row["wins"]):
        return dict.fromkeys(names, np.nan)
    if not row["wins"]:
        most = float(poisson_interval(0)[1]) * each / row["cost"]
        return dict(zip(names, (0.0, most * 0, most), strict=True))
    samples = (
        rng.poisson(row["wins"], SAMPLES)
        * sampled_means(rng, row["wins"], row["profit"], row["square"], SAMPLES)
        / row["cost"]
    )
    low, high = np.quantile(samples, [0.025, 0.975])
    value = row["profit"] / row["cost"]
    return dict(zip(names, (value, min(float(low), value), max(float(high), value)), strict=True))


def _customer_ends(row: dict, most: float, rng: np.random.Generator) -> dict[str, float]:
    """Ends of the 95 % intervals of LTV ÷ CAC and of payback: new customers as Poisson, profit of a
    customer as normal, share lost as Beta, all drawn at once.
    """
    names = ("ltv_cac_low", "ltv_cac_high", "payback_low", "payback_high")
    found = dict.fromkeys(names, np.nan)
    if row["payback"] != row["payback"]:
        return found
    cac = row["cost"] / rng.gamma(row["new"] + 0.5, 1, SAMPLES)
    monthly = rng.normal(row["monthly"], np.nan_to_num(row["monthly_se"]), SAMPLES)
    back = np.where(monthly > 0, cac / np.where(monthly > 0, monthly, 1), np.inf)
    found["payback_low"], high = np.quantile(back, [0.025, 0.975], method="nearest")
    found["payback_high"] = high if np.isfinite(high) else np.nan
    if row["ltv_cac"] == row["ltv_cac"]:
        lost = row["gone"] if row["before"] else 0.0
        gone = rng.beta(lost + 0.5, row["before"] - lost + 0.5, SAMPLES) if row["before"] else None
        churn = (
            1 - (1 - np.minimum(gone, 0.9999)) ** (1 / 12)
            if gone is not None
            else np.full(SAMPLES, row["churn"])
        )
        months = np.minimum(1 / np.maximum(churn, 1e-9), most)
        low, high = np.quantile(monthly * months / cac, [0.025, 0.975])
        found["ltv_cac_low"] = min(float(low), row["ltv_cac"])
        found["ltv_cac_high"] = max(float(high), row["ltv_cac"])
    return found


def _verdict(row: dict, small: int, illustration: float | None, fmt: Formats) -> tuple[str, str]:
    """Verdict and why. illustration: the margin taken where nobody gave one; no verdict rests on
    it, unless the whole amount is less than the cost.
    """
    if row["cost"] != row["cost"]:
        if row["running"]:
            return "too little data", say(
                "its cost is younger than a win takes: nothing to set against"
            )
        return "no cost recorded", say("no cost, no CAC or ROI")
    if not row["leads"] and not row["wins"]:
        return "cost without leads", say("unknown what it brings: do cost and leads name it alike?")
    if row["leads"] < small:
        return "too little data", say(
            "{leads}, fewer than {small}", leads=plural(int(row["leads"]), "lead"), small=small
        )
    if not row["running"]:
        return "stopped", say("no cost for 3 months")
    if illustration is not None:
        if row["roi_high"] / illustration < 1:
            return "cut", say("even the whole amount is below cost")
        return "no margin given", say("give orders.cost, or funnel.margin in the settings")
    if row["roi_high"] != row["roi_high"]:
        return "too little data", say("no deal won yet tells what one brings")
    if row["roi_high"] < 1:
        if row["ltv_cac_low"] >= 3:
            return "watch", say("below 1 in 12 months, but customers stay long enough to pay")
        return "cut", say("whole interval below 1")
    if row["roi_low"] >= 1:
        return "keep", say("whole interval above 1")
    return "watch", say("the interval holds 1")
