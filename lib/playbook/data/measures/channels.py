"""What channels cost and bring: cost, leads and matched leads by month, new customers won, what
their customers earn and how many stay.
"""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.memo import kept, once

from . import few_buyers, sales
from .days import day_in, month_in, packed, packed_day
from .deals import Deals
from .few_buyers import by_channel
from .frames import collect
from .profit import with_profit


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


def wins_by_month(book: Book, deals: Deals) -> pd.DataFrame:
    """Won deals by closing month (number) and channel: wins, amount, profit and square (of each
    deal's profit), filled (amount without a cost of its own).

    A deal's profit is that of its orders (see ``deal_profits``); refunds of them are taken off.
    """
    won = deal_profits(book, deals).with_columns(
        month=month_in(nw.col("closed")), square=nw.col("profit") * nw.col("profit")
    )
    sums = {name: nw.col(name).sum() for name in ("amount", "profit", "square", "filled")}
    return collect(
        won.group_by("channel", "month").agg(wins=nw.len(), **sums), sort=["channel", "month"]
    )


def deal_profits(book: Book, deals: Deals) -> nw.LazyFrame:
    """Won deals with their gross profit: opportunity_id, channel, closed (packed), amount, profit,
    filled (amount without a cost of its own).

    The profit is that of the orders that name the deal; where orders name no deal, of the
    customer's orders of the closing day, if it won no other deal that day. A deal without any such
    order has its amount at the measured margin of its channel, product line or the book
    (``profit``).
    """
    columns = ["opportunity_id", "channel", "customer_id", "closed"]
    won = deals.rows.filter(nw.col("outcome") == "won").select(
        *columns,
        amount=nw.col("amount").cast(nw.Float64),
        product_line=nw.col("product_line")
        if "product_line" in deals.dimensions
        else nw.lit(None, dtype=nw.String),
        cost=nw.lit(None, dtype=nw.Float64),
    )
    won = with_profit(book, won)
    found = _order_profits(book, won)
    if found is not None:
        won = won.join(found, on="opportunity_id", how="left").with_columns(
            amount=nw.coalesce(nw.col("paid"), nw.col("amount")),
            profit=nw.coalesce(nw.col("earned"), nw.col("profit")),
            filled=nw.coalesce(nw.col("unknown"), nw.col("filled")),
        )
    return won.select("opportunity_id", "channel", "closed", "amount", "profit", "filled")


def _order_profits(book: Book, won: nw.LazyFrame) -> nw.LazyFrame | None:
    """Per deal, from its orders: paid, earned (profit) and unknown (amount without own cost)."""
    if not book.has("orders", "amount", "cost"):
        return None
    rows = with_profit(book, sales.filled_rows(book))
    if book.has("orders", "opportunity_id"):
        link = book.table("orders").filter(~nw.col("opportunity_id").is_null())
        pairs = link.select("order_id", "opportunity_id").unique()
    else:
        days = won.filter(~nw.col("customer_id").is_null()).select(
            "opportunity_id", "customer_id", at=nw.col("closed")
        )
        one = days.group_by("customer_id", "at").agg(
            opportunity_id=nw.col("opportunity_id").min(), deals=nw.len()
        )
        orders = rows.filter(~nw.col("refund")).select("order_id", "customer_id", at=packed("date"))
        pairs = (
            orders.join(one.filter(nw.col("deals") == 1), on=["customer_id", "at"], how="inner")
            .select("order_id", "opportunity_id")
            .unique()
        )
    return (
        rows.join(pairs, on="order_id", how="inner")
        .group_by("opportunity_id")
        .agg(
            paid=nw.col("amount").cast(nw.Float64).sum(),
            earned=nw.col("profit").sum(),
            unknown=nw.col("filled").sum(),
        )
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
    profit (gross, of the window) [currency], profit2, both and months2 (sums of profit², profit ×
    months and months² of each customer), before (buyers of the year before), stayed (those of them
    who bought again now).
    """
    days = [packed_day(day) for day in (now.start, now.end, year_before.start)]
    some = once(book, "few buyers", lambda: few_buyers.few(_bought(book), lambda: _channels(book)))
    return _customers_by_channel(book, *days) if some is None else by_channel(some, *days)


def _bought(book: Book) -> nw.LazyFrame:
    """Order rows with what they earn: customer_id, profit, at, bought."""
    return with_profit(book, sales.filled_rows(book)).select(
        "customer_id",
        "profit",
        at=packed("date"),
        bought=(nw.col("amount").cast(nw.Float64) > 0) & ~nw.col("refund"),
    )


def _channels(book: Book) -> nw.LazyFrame:
    return kept(book, "acquired", lambda: _acquired(book, sales.filled_rows(book)))


def _customers_by_channel(book: Book, start: float, end: float, earliest: float) -> pd.DataFrame:
    orders = _bought(book)
    lo, hi, before = (nw.lit(day) for day in (start, end, earliest))
    bought = nw.col("bought")
    rows = orders.filter(nw.col("at") <= hi).with_columns(
        profit=nw.when(nw.col("at") >= lo).then(nw.col("profit")).otherwise(nw.lit(0.0)),
        now=_one(bought & (nw.col("at") >= lo)),
        earlier=_one(bought & (nw.col("at") >= before) & (nw.col("at") < lo)),
    )
    each = rows.group_by("customer_id").agg(
        profit=nw.col("profit").sum(),
        now=nw.col("now").max(),
        earlier=nw.col("earlier").max(),
        first=nw.when(bought).then(nw.col("at")).min(),
    )
    each = each.with_columns(
        months=nw.min_horizontal(nw.lit(12.0), month_in(hi) - month_in(nw.col("first")) + 1)
        * nw.col("now"),
        stayed=nw.col("now") * nw.col("earlier"),
    )
    each = each.with_columns(
        profit2=nw.col("profit") * nw.col("profit"),
        both=nw.col("profit") * nw.col("months"),
        months2=nw.col("months") * nw.col("months"),
    )
    each = each.join(_channels(book), on="customer_id", how="left")
    sums = each.group_by("channel").agg(
        buyers=nw.col("now").sum(),
        months=nw.col("months").sum(),
        **{name: nw.col(name).sum() for name in ("profit", "profit2", "both", "months2")},
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


def monthly_profit(book: Book) -> pd.Series:
    """Gross profit per buying customer, by month number (see ``profit``)."""
    rows = with_profit(book, sales.filled_rows(book)).select(
        "customer_id",
        "profit",
        month=month_in(packed("date")),
        bought=_one((nw.col("amount").cast(nw.Float64) > 0) & ~nw.col("refund")),
    )
    each = rows.group_by("month", "customer_id").agg(
        profit=nw.col("profit").sum(), bought=nw.col("bought").max()
    )
    sums = collect(
        each.group_by("month").agg(profit=nw.col("profit").sum(), n=nw.col("bought").sum()),
        sort=["month"],
    ).set_index("month")
    return sums.profit / sums.n.where(sums.n > 0)
