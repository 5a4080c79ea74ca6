"""Sales by month and member: what the performance table and the gap analysis start from."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.memo import once

from . import sales
from .acquisition import first_purchases
from .frames import collect
from .order_ids import across_months, orders_by_month, repeats, several_lines, with_order
from .order_windows import as_months

DIMENSIONS = ("region", "product_line", "customer_type", "rep", "channel")
NOT_GIVEN = sales.NOT_GIVEN


def known_dimensions(book: Book) -> list[str]:
    """Dimensions, the firm's own among them, of which the orders know more than one member."""
    rows = sales.filled_rows(book)
    have = rows.collect_schema().names()
    dims = [*DIMENSIONS, *(d for d in sales.own_columns(book, "orders") if d in have)]
    dims = list(dict.fromkeys(dims))
    members = once(
        book, "dimensions", lambda: collect(rows.select(*(nw.col(d).n_unique() for d in dims)))
    )
    return [d for d in dims if members[d].iloc[0] > 1]


def sales_by_month(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """Net sales per month and member.

    Returns
    -------
    month (Month), the dimensions of ``by``, amount [currency, float], orders (distinct orders of
    the member with a line in the month; refunds are none). Longer windows: ``orders_again``.
    """
    return once(book, ("sales", *by), lambda: _sales_by_month(book, by))


def orders_again(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """What the orders of ``sales_by_month`` count twice in a longer window: month and before
    [Month], *by, orders; see ``order_ids.repeats``.
    """
    return once(book, ("again", *by), lambda: as_months(_orders_again(book, by)))


def _orders_again(book: Book, by: Sequence[str]) -> pd.DataFrame:
    rows = _sold_rows(book, by) if across_months(book) else sales.filled_rows(book)
    return repeats(book, rows, by)


def _sold_rows(book: Book, by: Sequence[str]) -> nw.LazyFrame:
    """The order rows with the members of ``by`` filled, and ``bought``, 1 but for refunds."""
    rows = sales.filled_rows(book).with_columns(
        bought=nw.when(nw.col("refund")).then(nw.lit(0)).otherwise(nw.lit(1))
    )
    own = [d for d in by if d not in DIMENSIONS and d in sales.own_columns(book, "orders")]
    for d in own:
        rows = rows.with_columns(nw.coalesce(nw.col(d).cast(nw.String), nw.lit(NOT_GIVEN)).alias(d))
    return rows


def _sales_by_month(book: Book, by: Sequence[str]) -> pd.DataFrame:
    rows = _sold_rows(book, by)
    keys = ["month", *by]
    frame = collect(
        rows.group_by(*keys).agg(amount=nw.col("amount").sum(), orders=nw.col("bought").sum()),
        sort=keys,
    )
    if several_lines(book):
        counted = orders_by_month(book, rows, by)
        frame = frame.drop(columns="orders").merge(counted, on=keys, how="left")
    return frame.assign(
        month=[Month(day.year, day.month) for day in pd.to_datetime(frame.month)],
        orders=frame.orders.fillna(0).astype(int),
    )


def customer_cells(book: Book, now: Window, then: Window) -> pd.DataFrame:
    """Sales of two spans per product line and kind of customer.

    New: the first order or won deal ever came after the end of the earlier span. Lost: bought then,
    and nothing in the 12 months to the end of the later one. All others are kept, whether or not
    they happened to buy in both spans. Bought = a positive amount. Units are those of ``unit_of``
    (an order of several lines is shared among them); a refund takes its units back.

    Returns
    -------
    line, state (new, lost, kept), q0, q1 [units], r0, r1 [currency].
    """
    unit, orders = unit_of(book, now, then), book.table("orders")
    if unit == "orders" and several_lines(book):
        orders = with_order(book, orders)
        lines = orders.group_by("order").agg(lines=nw.len())
        orders = orders.join(lines, on="order", how="left").with_columns(
            unit=nw.lit(1.0) / nw.col("lines")
        )
    else:
        orders = orders.with_columns(
            unit={
                "list": nw.coalesce(nw.col("list_amount"), nw.col("amount")),
                "quantity": nw.col("quantity"),
                "orders": nw.lit(1.0),
            }[unit].cast(nw.Float64)
        )
    orders = orders.select(
        "customer_id",
        amount=nw.col("amount").cast(nw.Float64),
        units=nw.col("unit"),
        line=nw.coalesce(nw.col("product_line"), nw.lit(NOT_GIVEN)),
        day=nw.col("date").cast(nw.Date),
    )
    sign = nw.when(nw.col("amount") < 0).then(nw.lit(-1.0)).otherwise(nw.lit(1.0))
    orders = orders.with_columns(
        units=nw.when(nw.col("units") < 0)
        .then(nw.col("units"))
        .otherwise(nw.coalesce(nw.col("units"), nw.lit(1.0)) * sign)
    )
    year = book.window("trailing_12m").start
    is_now = (nw.col("day") >= now.start) & (nw.col("day") <= now.end)
    is_then = (nw.col("day") >= then.start) & (nw.col("day") <= then.end)
    rows = orders.filter(is_now | is_then).with_columns(is_now=is_now)
    bought = nw.col("amount") > 0
    recent = bought & (nw.col("day") >= year) & (nw.col("day") <= now.end)
    flagged = orders.with_columns(recent=nw.when(recent).then(nw.lit(1)).otherwise(nw.lit(0)))
    who = flagged.group_by("customer_id").agg(recent=nw.col("recent").max())
    who = who.join(first_purchases(book), on="customer_id", how="left")
    state = (
        nw.when(nw.col("first") > then.end)
        .then(nw.lit("new"))
        .otherwise(nw.when(nw.col("recent") == 0).then(nw.lit("lost")).otherwise(nw.lit("kept")))
    )
    joined = rows.join(who.select("customer_id", state=state), on="customer_id")
    zero = nw.lit(0.0)
    split = joined.with_columns(
        **{
            f"{short}{i}": (
                nw.when(nw.col("is_now") if i else ~nw.col("is_now"))
                .then(nw.col(column))
                .otherwise(zero)
            )
            for short, column in (("q", "units"), ("r", "amount"))
            for i in (0, 1)
        }
    )
    return collect(
        split.group_by("line", "state").agg(*(nw.col(c).sum() for c in ("q0", "q1", "r0", "r1"))),
        sort=["line", "state"],
    )


def customer_sales(book: Book, dims: Sequence[str], now: Window, then: Window) -> pd.DataFrame:
    """Net sales of two spans per customer and member, for comparing members and drilling down.

    Returns customer (the order where none is named), *dims, now and then [currency]; one row per
    combination that has rows in either span.
    """
    amount, zero = nw.col("amount").cast(nw.Float64), nw.lit(0.0)
    spans = {
        name: (nw.col("date") >= s.start) & (nw.col("date") <= s.end)
        for name, s in (("now", now), ("then", then))
    }
    rows = sales.filled_rows(book).filter(spans["now"] | spans["then"])
    rows = rows.select(
        *dims,
        customer=nw.coalesce(nw.col("customer_id"), nw.col("order_id")),
        **{name: nw.when(inside).then(amount).otherwise(zero) for name, inside in spans.items()},
    )
    keys = ["customer", *dims]
    sums = rows.group_by(*keys).agg(now=nw.col("now").sum(), then=nw.col("then").sum())
    # millions of them in a large book: sorted where they were summed
    return collect(sums.sort(*keys, nulls_last=True), ordered=True)


UNITS = ("list", "quantity", "orders")
PRICED = 0.9  # share of the amount of both spans that must carry a list price


def unit_of(book: Book, now: Window, then: Window) -> str:
    """What sales of two spans are counted in: ``list`` (money at list prices, where at least nine
    tenths of the amount of each span carry them), ``quantity`` where the book gives it, else
    ``orders``.
    """
    if book.has("orders", "list_amount"):
        rows = book.table("orders").select(
            day=nw.col("date").cast(nw.Date),
            amount=nw.col("amount").cast(nw.Float64),
            priced=nw.when(nw.col("list_amount") > 0)
            .then(nw.col("amount").cast(nw.Float64))
            .otherwise(nw.lit(0.0)),
        )
        shares = []
        for span in (now, then):
            inside = (nw.col("day") >= span.start) & (nw.col("day") <= span.end)
            part = rows.filter(inside, nw.col("amount") > 0)
            sums = collect(part.select(nw.col("amount").sum(), nw.col("priced").sum())).iloc[0]
            shares.append(sums.priced / sums.amount if sums.amount > 0 else 1.0)
        if min(shares) >= PRICED:
            return "list"
    return "quantity" if book.has("orders", "quantity") else "orders"
