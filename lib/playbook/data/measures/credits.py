"""Order lines with everyone who may be credited for them: the one place where pay touches rows.

Pay is worked out line by line, so the rows stay rows here; money leaves as whole numbers of
1/10,000 currency units ("ticks"),
which is what the tables hold, so that nothing is lost on the way.
"""

from __future__ import annotations

from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.data.book import Book
from playbook.engines.duck import DuckEngine

from .frames import collect
from .many_rows import MANY, read_many

TICKS = 10_000  # ticks in one currency unit: DECIMAL(18,4) is exact in them
COLUMNS = (
    "order_id",
    "opportunity_id",
    "date",
    "customer_id",
    "customer_type",
    "product_line",
    "channel",
    "kind",
    "region",
    "rep_id",
    "deal_rep",
    "customer_rep",
    "lead_rep",
    "amount",
    "paid_amount",
    "paid_date",
    "source",
    "cost",
    "quantity",
    "months",
    "currency",
)
FEW = (  # texts with few different values, categories where lines are millions
    "customer_type",
    "product_line",
    "channel",
    "kind",
    "region",
    "rep_id",
    "deal_rep",
    "customer_rep",
    "lead_rep",
    "source",
    "currency",
)


def credits(book: Book, start: date | None = None) -> pd.DataFrame:
    """One row per order line dated from ``start`` to the as-of date; wins stand in where a book has
    no orders.

    Columns: ``COLUMNS``; ``rep_id`` is the order's, else the deal's, else the customer's;
    ``amount`` and ``paid_amount`` in ticks.
    Sorted by date, order and what else tells lines of one order apart.
    """
    lines = _credited(book, start)
    lines = lines.with_columns(
        (nw.col("amount") < 0).alias("back")
    )  # a sale stands before its refund of the same day
    ordered = [
        "date",
        "order_id",
        "back",
        "product_line",
        "kind",
        "amount",
        "customer_id",
        "paid_date",
        "paid_amount",
        "rep_id",
    ]
    by = [*ordered, *(name for name in COLUMNS if name not in ordered)]
    rows = lines.select(*COLUMNS, "back")
    count = sum(int(file["rows"]) for file in book.read.files)
    if count >= MANY and isinstance(book.read.engine, DuckEngine):
        return _typed(read_many(rows, FEW, by).drop(columns="back"))
    rows = rows.sort(*by, nulls_last=True)
    return _typed(collect(rows, ordered=True).drop(columns="back"))


def daily_credits(book: Book) -> pd.DataFrame:
    """``credits`` added up by rep and day: date, rep_id, amount [ticks], sorted. Enough for whoever
    asks what people sold, and small where lines are millions.
    """
    sums = (
        _credited(book, None)
        .group_by("date", "rep_id")
        .agg(nw.col("amount").sum().cast(nw.Int64))
        .sort("date", "rep_id", nulls_last=True)
    )
    frame = collect(sums, ordered=True)
    days = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    return frame.assign(date=days, amount=frame["amount"].astype("int64"))


def _credited(book: Book, start: date | None) -> nw.LazyFrame:
    """Order lines, or wins in their place, with the rep who is credited and all that tells it."""
    if book.has("orders", "amount"):
        lines = order_lines(book.table("orders"))
    elif book.has("opportunities", "closed", "amount"):
        lines = won_lines(book.table("opportunities"))
    else:
        raise NotAvailable(
            {"orders": ("date", "amount"), "opportunities": ("closed", "amount")},
            gives=say("pay per rep, deal by deal"),
        )
    if start is not None:
        lines = lines.filter(nw.col("date") >= nw.lit(start))
    lines = _with_deals(lines, book.table("opportunities") if book.has("opportunities") else None)
    lines = _with_leads(lines, book)
    lines = _with_customers(lines, book.table("customers") if book.has("customers") else None)
    return lines


def order_lines(orders: nw.LazyFrame) -> nw.LazyFrame:
    """Order rows with money in ticks. A payment's day without its amount is the payment of the
    whole.
    """
    whole = (
        nw.when(~nw.col("paid_date").is_null() & nw.col("paid_amount").is_null())
        .then(nw.col("amount"))
        .otherwise(nw.col("paid_amount"))
    )
    return orders.with_columns(whole.alias("paid_amount")).select(
        "order_id",
        "opportunity_id",
        "date",
        "customer_id",
        "product_line",
        "channel",
        "kind",
        "region",
        nw.col("rep_id").alias("order_rep"),
        _ticks("amount"),
        _ticks("paid_amount"),
        "paid_date",
        nw.lit("order").alias("source"),
        _ticks("cost"),
        "quantity",
        "months",
        "currency",
    )


def won_lines(deals: nw.LazyFrame) -> nw.LazyFrame:
    """Wins as if they were orders of their closing day."""
    return deals.filter(
        nw.col("outcome") == "won", ~nw.col("closed").is_null(), ~nw.col("amount").is_null()
    ).select(
        nw.col("opportunity_id").alias("order_id"),
        "opportunity_id",
        nw.col("closed").alias("date"),
        "customer_id",
        "product_line",
        "channel",
        nw.lit("new").alias("kind"),
        "region",
        nw.col("rep_id").alias("order_rep"),
        _ticks("amount"),
        _ticks("amount", "paid_amount"),
        nw.col("closed").alias("paid_date"),
        nw.lit("deal").alias("source"),
        nw.lit(None, dtype=nw.Int64).alias("cost"),
        nw.lit(None, dtype=nw.Float64).alias("quantity"),
        nw.lit(None, dtype=nw.Int64).alias("months"),
        "currency",
    )


def _ticks(column: str, name: str = "") -> nw.Expr:
    whole = nw.col(
        column
    ).floor()  # in two parts, for DECIMAL(18,4) × 10,000 overflows from 92 thousand million on
    return (
        whole.cast(nw.Int64) * TICKS + ((nw.col(column) - whole) * TICKS).round(0).cast(nw.Int64)
    ).alias(name or column)


def _with_deals(lines: nw.LazyFrame, deals: nw.LazyFrame | None) -> nw.LazyFrame:
    """Adds the deal's rep and, where the order says nothing, the deal's channel."""
    if deals is None:
        return lines.with_columns(_null("deal_rep"), _null("lead_id"))
    deals = deals.select(
        "opportunity_id",
        "lead_id",
        nw.col("rep_id").alias("deal_rep"),
        nw.col("channel").alias("deal_channel"),
    )
    joined = lines.join(deals, on="opportunity_id", how="left")
    return joined.with_columns(nw.coalesce("channel", "deal_channel").alias("channel"))


def _with_leads(lines: nw.LazyFrame, book: Book) -> nw.LazyFrame:
    """Adds the rep who had the lead."""
    if not book.has("leads", "rep_id"):
        return lines.with_columns(_null("lead_rep"))
    leads = book.table("leads").select("lead_id", nw.col("rep_id").alias("lead_rep"))
    return lines.join(leads, on="lead_id", how="left")


def _with_customers(lines: nw.LazyFrame, customers: nw.LazyFrame | None) -> nw.LazyFrame:
    """Adds the customer's type and owner, fills region and channel, and names the rep who is
    credited.
    """
    if customers is None:
        lines = lines.with_columns(_null("customer_type"), _null("customer_rep"))
    else:
        customers = customers.select(
            "customer_id",
            "customer_type",
            nw.col("rep_id").alias("customer_rep"),
            nw.col("region").alias("customer_region"),
            nw.col("channel").alias("customer_channel"),
        )
        lines = lines.join(customers, on="customer_id", how="left").with_columns(
            nw.coalesce("region", "customer_region").alias("region"),
            nw.coalesce("channel", "customer_channel").alias("channel"),
        )
    return lines.with_columns(nw.coalesce("order_rep", "deal_rep", "customer_rep").alias("rep_id"))


def _null(name: str) -> nw.Expr:
    return nw.lit(None, dtype=nw.String).alias(name)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Days as datetime64[s], ticks as int64, missing payments as 0 without a day."""
    for day in ("date", "paid_date"):
        if frame[day].dtype != "datetime64[s]":
            frame[day] = pd.to_datetime(frame[day]).astype("datetime64[s]")
    for money in ("amount", "paid_amount"):
        given = frame[money]
        if len(given) and given.isna().all():
            frame[money] = np.zeros(len(frame), dtype=np.int64)  # no memory until it is written to
            continue
        frame[money] = given.astype("Int64").fillna(0).astype("int64")
    for counted in ("cost", "months"):
        frame[counted] = frame[counted].astype("Int64")
    return frame


def best_of_month(activities: nw.LazyFrame, kind: str) -> pd.DataFrame:
    """Contacts of ``kind`` per rep and month: month, rep_id, contacts [count], progressed [count],
    known [count with a say on progress].
    """
    monthly = activities.filter(nw.col("kind") == kind).with_columns(
        nw.col("date").cast(nw.Date).dt.truncate("1mo").alias("month")
    )
    counted = monthly.group_by("month", "rep_id").agg(
        nw.len().alias("contacts"),
        nw.col("progressed").cast(nw.Int64).sum().alias("progressed"),
        nw.col("progressed").count().alias("known"),
    )
    return collect(counted, sort=["month", "rep_id"])


def first_responses(leads: nw.LazyFrame, activities: nw.LazyFrame) -> pd.DataFrame:
    """Days from a lead's creation to its first contact: lead_id, rep_id (who made contact),
    created, responded, days.

    Only first contacts on or after the creation day; leads never contacted are not in the frame.
    """
    contacts = activities.filter(~nw.col("lead_id").is_null()).select(
        "lead_id", "rep_id", nw.col("date").cast(nw.Date).alias("responded"), "activity_id"
    )
    rows = contacts.join(
        leads.select("lead_id", nw.col("created").cast(nw.Date).alias("created")),
        on="lead_id",
        how="inner",
    )
    frame = collect(
        rows.filter(nw.col("responded") >= nw.col("created")),
        sort=["lead_id", "responded", "activity_id"],
    )
    first = frame.drop_duplicates("lead_id").copy()
    first["days"] = (pd.to_datetime(first["responded"]) - pd.to_datetime(first["created"])).dt.days
    return first[["lead_id", "rep_id", "created", "responded", "days"]].reset_index(drop=True)


def won_discounts(book: Book) -> pd.DataFrame:
    """Won deals with a known discount: opportunity_id, closed (day), discount [share]; empty where
    deals carry none.
    """
    if not book.has("opportunities", "closed", "discount"):
        return pd.DataFrame(
            {"opportunity_id": [], "closed": pd.Series(dtype="datetime64[s]"), "discount": []}
        )
    rows = book.table("opportunities").filter(
        nw.col("outcome") == "won", ~nw.col("closed").is_null(), ~nw.col("discount").is_null()
    )
    frame = collect(
        rows.select("opportunity_id", "closed", "discount"), sort=["closed", "opportunity_id"]
    )
    return frame.assign(
        closed=pd.to_datetime(frame["closed"]).astype("datetime64[s]"),
        discount=frame["discount"].astype(float),
    )
