"""Sales by month, day and member, distinct orders, and who bought for the first time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.memo import held, kept, once
from playbook.data.tables import TABLES

from .frames import collect
from .order_ids import orders_by_month, several_lines

DIMENSIONS = ("region", "product_line", "customer_type", "rep")
NOT_GIVEN = "not given"


JOINED = "order_rows"  # the name ``order_rows`` are kept under where a run joined them once


def order_rows(book: Book) -> nw.LazyFrame:
    """Orders as known on the as-of date, one row as given, with what the other tables know about
    them.

    Adds ``region`` (the order's own, else the customer's, else the rep's), ``rep`` (the order's
    own; the customer's owner
    where orders carry no rep at all) and its ``team``, ``customer_type``, ``industry``,
    ``strategic`` (the customer's), ``refund``
    (kind says so, or the amount is below 0), ``month`` (its first day). Members not given anywhere
    read ``not given``.
    """
    if (joined := held(book, JOINED)) is not None:
        return joined
    # of a small book they are joined once: binding the joins again takes longer than asking
    return kept(book, JOINED, lambda: _joined(book)) if book.read.small else _joined(book)


def _joined(book: Book) -> nw.LazyFrame:
    if not book.has("orders"):
        raise NotAvailable(
            {"orders": ("order_id", "date", "customer_id", "amount")},
            gives=say("sales by month and member"),
        )
    rows = book.table("orders").select(
        "order_id",
        nw.col("date").cast(nw.Date),
        "customer_id",
        "amount",
        "rep_id",
        "region",
        "product_line",
        "channel",
        "kind",
        "cost",
        *(["opportunity_id"] if own_columns(book, "opportunities") else []),
        nw.col("team").alias("own_team"),
        *own_columns(book, "orders"),
    )
    customers = ("customer_type", "industry", "strategic", "owner", "customer_region")
    if book.has("customers"):
        known = book.table("customers").select(
            "customer_id",
            "customer_type",
            "industry",
            "strategic",
            owner=nw.col("rep_id"),
            customer_region=nw.col("region"),
        )
        rows = rows.join(known, on="customer_id", how="left")
    else:
        rows = rows.with_columns(
            **{
                name: nw.lit(None, dtype=nw.Boolean if name == "strategic" else nw.String)
                for name in customers
            }
        )
    rows = rows.with_columns(
        rep=nw.col("rep_id") if book.has("orders", "rep_id") else nw.col("owner")
    )
    return with_members(_of_reps(book, rows))


def own_columns(book: Book, table: str) -> list[str]:
    """Dimensions of the firm's own (``[book] dimensions``) that a table carries."""
    names = book.table(table).collect_schema().names() if book.has(table) else []
    return [name for name in names if name not in TABLES[table].names]


def _of_reps(book: Book, rows: nw.LazyFrame) -> nw.LazyFrame:
    """Region and team of the rep beside each row; none without a reps table."""
    if not book.has("reps"):
        return rows.with_columns(rep_region=nw.lit(None, dtype=nw.String)).rename(
            {"own_team": "team"}
        )
    reps = book.table("reps").select("team", rep=nw.col("rep_id"), rep_region=nw.col("region"))
    rows = rows.join(reps, on="rep", how="left")
    return rows.with_columns(team=nw.coalesce(nw.col("own_team"), nw.col("team"))).drop("own_team")


def with_members(rows: nw.LazyFrame) -> nw.LazyFrame:
    """Fallbacks and derived columns; rows need amount, date, kind and the columns ``order_rows``
    joins.
    """
    rows = rows.with_columns(
        region=nw.coalesce(
            nw.col("region"), nw.col("customer_region"), nw.col("rep_region"), nw.lit(NOT_GIVEN)
        ),
        refund=(nw.coalesce(nw.col("kind"), nw.lit("")) == "refund") | (nw.col("amount") < 0),
        month=nw.col("date").dt.truncate("1mo"),
    )
    return rows.with_columns(
        **{
            name: nw.coalesce(nw.col(name), nw.lit(NOT_GIVEN))
            for name in ("product_line", "customer_type", "industry", "rep", "team")
        }
    )


def filled_rows(book: Book) -> nw.LazyFrame:
    """Order rows with every dimension filled: the order's own, else the customer's (channel too),
    else the rep's.
    """
    # joined on a disk: a copy in memory would not fit
    if not book.read.small and held(book, JOINED) is not None:
        return _filled_rows(book)
    return kept(book, "orders", lambda: _filled_rows(book))


def _filled_rows(book: Book) -> nw.LazyFrame:
    rows = order_rows(book)
    if book.has("customers", "channel"):
        known = book.table("customers").select("customer_id", customer_channel=nw.col("channel"))
        rows = rows.join(known, on="customer_id", how="left").with_columns(
            channel=nw.coalesce(nw.col("channel"), nw.col("customer_channel"))
        )
    return rows.with_columns(channel=nw.coalesce(nw.col("channel"), nw.lit(NOT_GIVEN)))


def between(rows: nw.LazyFrame, start: date | None, end: date) -> nw.LazyFrame:
    """Rows dated from start to end, both inclusive; start None = since the beginning."""
    rows = rows.filter(nw.col("date") <= end)
    return rows if start is None else rows.filter(nw.col("date") >= start)


def monthly(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """``by_month`` of all the book's order rows, worked out once: many sections ask for the same
    months. An order whose lines lie in several months counts in each of them: the orders of a
    longer window are ``order_windows.orders_in``'s.
    """
    return once(book, ("monthly", *by), lambda: _monthly(book, by)).copy(deep=False)


def _monthly(book: Book, by: Sequence[str]) -> pd.DataFrame:
    rows = order_rows(book)
    if not several_lines(book):
        return by_month(rows, by, unique=True)
    frame = by_month(rows, by)
    counted = orders_by_month(book, rows, by)
    counted = counted.assign(month=[Month.of(day) for day in counted["month"]])
    found = frame[["month", *by]].merge(counted, on=["month", *by], how="left")["orders"]
    return frame.assign(orders=found.fillna(0).astype(int).to_numpy())


def by_month(rows: nw.LazyFrame, by: Sequence[str] = (), *, unique: bool = False) -> pd.DataFrame:
    """Net amount (exact), rows, distinct orders (refunds not counted) and buying customers per
    month and member.

    unique: every row that is no refund is an order of its own, so that rows are counted, which
    takes less than telling numbers apart.

    Returns month [Month], *by, amount [Decimal where the book's money is], orders [count],
    customers [count]. Months without rows are absent.
    """
    # refunds carry no order or buyer, counter sales no buyer: n_unique counts that as one value
    kept = ~nw.col("refund")
    rows = rows.with_columns(
        order=nw.when(kept).then(nw.col("order_id")),
        buyer=nw.when(kept).then(nw.col("customer_id")),
        back=nw.col("refund").cast(nw.Int64),
    ).with_columns(nobody=nw.col("buyer").is_null().cast(nw.Int64))
    grouped = rows.group_by("month", *by).agg(
        amount=nw.col("amount").sum(),
        lines=nw.len(),
        orders=nw.col("order").count() if unique else nw.col("order").n_unique(),
        customers=nw.col("buyer").n_unique(),
        back=nw.col("back").max(),
        nobody=nw.col("nobody").max(),
    )
    frame = collect(grouped, sort=["month", *by], exact=True)
    back, nobody = (frame.pop(name).astype(int) for name in ("back", "nobody"))
    return frame.assign(
        month=[Month.of(day) for day in frame["month"]],
        orders=frame["orders"] - (0 if unique else back),
        customers=frame["customers"] - nobody,
    )


def by_day(rows: nw.LazyFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Net amount per day and member: date, *by, amount."""
    return collect(
        rows.group_by("date", *by).agg(amount=nw.col("amount").sum()),
        sort=["date", *by],
        exact=True,
    )


def distinct_orders(rows: nw.LazyFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Distinct order numbers of ``rows`` per member, refunds not counted: *by, orders. Where a book
    reuses numbers, rows have to come through ``order_ids.keyed``.
    """
    return _distinct(rows.filter(~nw.col("refund")), "order_id", "orders", by)


def buyers(rows: nw.LazyFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Distinct customers with an order (not only refunds) per member: *by, customers. Sales without
    a customer count for none.
    """
    named = rows.filter(~nw.col("refund"), ~nw.col("customer_id").is_null())
    return _distinct(named, "customer_id", "customers", by)


def _distinct(rows: nw.LazyFrame, column: str, name: str, by: Sequence[str]) -> pd.DataFrame:
    if not by:  # no row at all counts as none
        return collect(rows.select(nw.col(column).n_unique().alias(name))).fillna(0).astype(int)
    return collect(rows.group_by(*by).agg(nw.col(column).n_unique().alias(name)), sort=list(by))


def first_orders(rows: nw.LazyFrame) -> nw.LazyFrame:
    """One row per customer: customer_id, first (day of the first order ever; refunds are no first
    order).
    """
    return rows.filter(~nw.col("refund")).group_by("customer_id").agg(first=nw.col("date").min())


def active(rows: nw.LazyFrame, start: date, end: date, members: Mapping[str, str]) -> list[str]:
    """Customers with an order (not only refunds) between start and end, both inclusive, of the
    members asked for.
    """
    bought = between(rows.filter(~nw.col("refund")), start, end)
    for dimension, member in members.items():
        bought = bought.filter(nw.col(dimension) == member)
    return list(
        collect(bought.select("customer_id").unique(), sort=["customer_id"])["customer_id"].dropna()
    )


def returning(rows: nw.LazyFrame, start: date, end: date, by: Sequence[str] = ()) -> pd.DataFrame:
    """Buyers between start and end, and those of them who had ordered on an earlier day: *by,
    customers, returning.
    """
    bought = (
        between(rows.filter(~nw.col("refund")), start, end)
        .select("customer_id", "date", *by)
        .unique()
    )
    flagged = bought.join(first_orders(rows), on="customer_id", how="inner").with_columns(
        again=(nw.col("date") > nw.col("first")).cast(nw.Int64)
    )
    each = flagged.group_by("customer_id", *by).agg(again=nw.col("again").max())
    sums = {"customers": nw.len(), "returning": nw.col("again").sum()}
    if by:
        return collect(each.group_by(*by).agg(**sums), sort=list(by))
    return collect(each.select(**sums))


def by_customer(rows: nw.LazyFrame) -> pd.DataFrame:
    """Net amount per customer with industry and whether strategic: customer_id, industry,
    strategic, amount.
    """
    grouped = rows.group_by("customer_id").agg(
        industry=nw.col("industry").max(),
        strategic=nw.col("strategic").max(),
        amount=nw.col("amount").sum(),
    )
    return collect(grouped, sort=["customer_id"])


def month_numbers_of(frame: pd.DataFrame) -> np.ndarray:
    """The month number of each row of a monthly frame, int64 (see ``Month.number``)."""
    months = frame["month"].to_numpy(object)
    return np.array([month.year * 12 + month.month - 1 for month in months], dtype=np.int64)


def within(frame: pd.DataFrame, first: Month | None, last: Month) -> pd.DataFrame:
    """Rows of a monthly frame from first to last, both inclusive; None = from the beginning."""
    numbers = month_numbers_of(frame)
    low, high = first.number if first else -1, last.number
    if not (numbers[1:] >= numbers[:-1]).all():  # measures give months in order
        return frame[(numbers >= low) & (numbers <= high)]
    return frame.iloc[slice(*np.searchsorted(numbers, [low, high + 1]))]  # copies nothing


def in_window(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Rows of a monthly frame inside a window of whole months."""
    first = Month.of(window.start) if window.start else None
    return within(frame, first, Month.of(window.end))


def total(values: pd.Series) -> Any:
    """Sum that stays exact for Decimals; 0 of an empty column."""
    return (
        sum(values, Decimal(0))
        if len(values) and isinstance(values.iloc[0], Decimal)
        else (values.sum() if len(values) else 0)
    )


def total_of(values: np.ndarray) -> Any:
    """``total`` of an array: thousands of members are asked for ten spans each."""
    if not len(values):
        return 0
    if isinstance(values[0], Decimal):
        return sum(values, Decimal(0))
    found = values.sum()
    return pd.Series(values).sum() if found != found else found  # missing values are left out


def _day(day: Any) -> date:
    return day.date() if isinstance(day, (datetime, pd.Timestamp)) else day
