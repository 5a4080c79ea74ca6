"""What channels cost and bring: cost, leads and matched leads by month, new customers won, what
their customers earn and how many stay.
"""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.memo import kept

from . import performance
from .deals import Deals, day_in, month_in, packed, packed_day
from .frames import collect


def costs_by_month(book: Book) -> pd.DataFrame:
    """Cost per month (number) and channel."""
    rows = book.table("channel_costs").select("channel", "cost", month=month_in(packed("month")))
    return collect(
        rows.group_by("channel", "month").agg(cost=nw.col("cost").sum()), sort=["channel", "month"]
    )


def leads_by_month(book: Book) -> pd.DataFrame:
    """Leads by month (number) and channel: n, matched, assessed (a need match is recorded on the
    lead's deal), won.
    """
    leads = book.table("leads").select(
        "lead_id", "channel", "converted_opportunity_id", month=month_in(packed("created"))
    )
    deals = (
        book.table("opportunities").select("opportunity_id", "lead_id", "need_match", "outcome")
        if book.has("opportunities")
        else None
    )
    if deals is None:
        leads = leads.with_columns(
            match=nw.lit(None, dtype=nw.Boolean), outcome=nw.lit(None, dtype=nw.String)
        )
    else:
        by_lead = book.has("opportunities", "lead_id")
        key = "lead_id" if by_lead else "converted_opportunity_id"
        other = deals.rename({} if by_lead else {"opportunity_id": key}).filter(
            ~nw.col(key).is_null()
        )
        one = other.group_by(key).agg(
            match=nw.col("need_match").max(), won=(nw.col("outcome") == "won").max()
        )
        leads = leads.join(one, on=key, how="left")
    flags = leads.with_columns(
        matched=_one(nw.col("match")),
        assessed=_one(~nw.col("match").is_null()),
        wins=_one(nw.col("won")) if deals is not None else nw.lit(0),
    )
    sums = {name: nw.col(name).sum() for name in ("matched", "assessed", "wins")}
    return collect(
        flags.group_by("channel", "month").agg(n=nw.len(), **sums), sort=["channel", "month"]
    )


def _one(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def wins_by_month(deals: Deals) -> pd.DataFrame:
    """Won deals by closing month (number) and channel: wins, amount, square (of each amount), new
    (first win of their customer).
    """
    won = deals.rows.filter(nw.col("outcome") == "won").select(
        "opportunity_id",
        "channel",
        "closed",
        amount=nw.col("amount").cast(nw.Float64),
        buyer=nw.coalesce("customer_id", "opportunity_id"),
    )
    # the first win of a customer: the earliest day, the smallest number where two fell on one day
    first = won.group_by("buyer").agg(first=nw.col("closed").min())
    ties = (
        won.join(first, on="buyer")
        .filter(nw.col("closed") == nw.col("first"))
        .group_by("buyer")
        .agg(opportunity_id=nw.col("opportunity_id").min())
        .with_columns(new=nw.lit(1))
    )
    rows = won.join(
        ties.select("opportunity_id", "new"), on="opportunity_id", how="left"
    ).with_columns(month=month_in(nw.col("closed")), square=nw.col("amount") * nw.col("amount"))
    sums = {name: nw.col(name).sum() for name in ("amount", "square", "new")}
    return collect(
        rows.group_by("channel", "month").agg(wins=nw.len(), **sums), sort=["channel", "month"]
    )


def lead_to_win(deals: Deals, book: Book) -> pd.DataFrame:
    """Won deals by days from their lead's first day (the deal's own creation where no lead is
    named) to the win: days, n.
    """
    rows = deals.rows.filter(nw.col("outcome") == "won")
    start = nw.col("created")
    if book.has("leads", "created") and book.has("opportunities", "lead_id"):
        rows = rows.join(
            book.table("leads").select("lead_id", came=packed("created")), on="lead_id", how="left"
        )
        start = nw.coalesce(nw.col("came"), nw.col("created"))
    days = rows.select(days=day_in(nw.col("closed")) - day_in(start))
    return collect(days.group_by("days").agg(n=nw.len()), sort=["days"]).dropna()


def customers_by_channel(book: Book, now: Window, year_before: Window) -> pd.DataFrame:
    """Per channel that first brought the customer: buyers now [customers], months (customer-months
    of buyers since their first order, within the window),
    profit (gross, of the window) [currency], before (buyers of the year before), stayed (those of
    them who bought again now).
    """
    margin = book.settings.funnel.margin
    priced = book.has("orders", "cost")
    orders = book.table("orders").select(
        "order_id",
        "customer_id",
        "date",
        "cost",
        "product_line",
        amount=nw.col("amount").cast(nw.Float64),
        at=packed("date"),
    )
    profit = (
        (
            nw.col("amount")
            - nw.coalesce(nw.col("cost").cast(nw.Float64), nw.col("amount") * (1 - margin))
        )
        if priced
        else nw.col("amount") * margin
    )
    lo, hi, before = (nw.lit(packed_day(day)) for day in (now.start, now.end, year_before.start))
    bought = nw.col("amount") > 0
    rows = orders.filter(nw.col("at") <= hi).with_columns(
        profit=nw.when(nw.col("at") >= lo).then(profit).otherwise(nw.lit(0.0)),
        now=_one(bought & (nw.col("at") >= lo)),
        earlier=_one(bought & (nw.col("at") >= before) & (nw.col("at") < lo)),
    )
    each = rows.group_by("customer_id").agg(
        profit=nw.col("profit").sum(),
        now=nw.col("now").max(),
        earlier=nw.col("earlier").max(),
        first=nw.col("at").min(),
    )
    each = each.with_columns(
        months=nw.min_horizontal(nw.lit(12.0), month_in(hi) - month_in(nw.col("first")) + 1)
        * nw.col("now"),
        stayed=nw.col("now") * nw.col("earlier"),
    )
    each = each.join(
        kept(book, "acquired", lambda: _acquired(book, performance.order_rows(book))),
        on="customer_id",
        how="left",
    )
    sums = each.group_by("channel").agg(
        buyers=nw.col("now").sum(),
        months=nw.col("months").sum(),
        profit=nw.col("profit").sum(),
        before=nw.col("earlier").sum(),
        stayed=nw.col("stayed").sum(),
    )
    return collect(sums, sort=["channel"])


def _acquired(book: Book, orders: nw.LazyFrame) -> nw.LazyFrame:
    """customer_id → channel: the customer's own, else that of the first order (the first in the
    alphabet where the first day had several).
    """
    day = orders.group_by("customer_id").agg(first=nw.col("date").min())
    own = (
        orders.join(day, on="customer_id")
        .filter(nw.col("date") == nw.col("first"))
        .group_by("customer_id")
        .agg(channel=nw.col("channel").min())
    )
    if not book.has("customers", "channel"):
        return own
    known = book.table("customers").select("customer_id", given=nw.col("channel"))
    return own.join(known, on="customer_id", how="left").select(
        "customer_id", channel=nw.coalesce("given", "channel")
    )


def profit_share(book: Book) -> float:
    """Gross profit ÷ amount over all orders that carry a cost."""
    rows = (
        book.table("orders")
        .filter(~nw.col("cost").is_null())
        .select(nw.col("amount").sum(), nw.col("cost").sum())
    )
    sums = collect(rows).iloc[0]
    return float(1 - sums.cost / sums.amount) if sums.amount else 0.0


def monthly_profit(book: Book) -> pd.Series:
    """Gross profit per buying customer, by month number: order cost where given, else the set
    margin.
    """
    margin = book.settings.funnel.margin
    amount = nw.col("amount").cast(nw.Float64)
    profit = (
        amount - nw.coalesce(nw.col("cost").cast(nw.Float64), amount * (1 - margin))
        if book.has("orders", "cost")
        else amount * margin
    )
    rows = book.table("orders").select("customer_id", profit=profit, month=month_in(packed("date")))
    each = rows.group_by("month", "customer_id").agg(profit=nw.col("profit").sum())
    sums = collect(
        each.group_by("month").agg(profit=nw.col("profit").sum(), n=nw.len()), sort=["month"]
    ).set_index("month")
    return sums.profit / sums.n
