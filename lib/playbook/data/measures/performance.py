"""Sales by month and member, and the targets set for them: what the performance table and the gap
analysis start from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from playbook.base.periods import Month, Period, Window
from playbook.data.book import Book
from playbook.data.memo import kept, once

from . import sales
from .frames import collect

DIMENSIONS = ("region", "product_line", "customer_type", "rep", "channel")
TARGET_COLUMN = {"rep": "rep_id"}
NOT_GIVEN = sales.NOT_GIVEN


def order_rows(book: Book) -> nw.LazyFrame:
    """Order rows with every dimension filled: the order's own, else the customer's (channel too),
    else the rep's.
    """
    return kept(book, "orders", lambda: _order_rows(book))


def _order_rows(book: Book) -> nw.LazyFrame:
    rows = sales.order_rows(book)
    if book.has("customers", "channel"):
        known = book.table("customers").select("customer_id", customer_channel=nw.col("channel"))
        rows = rows.join(known, on="customer_id", how="left").with_columns(
            channel=nw.coalesce(nw.col("channel"), nw.col("customer_channel"))
        )
    return rows.with_columns(channel=nw.coalesce(nw.col("channel"), nw.lit(NOT_GIVEN)))


def known_dimensions(book: Book) -> list[str]:
    """Dimensions of which the book's orders know more than one member."""
    members = once(
        book,
        "dimensions",
        lambda: collect(order_rows(book).select(*(nw.col(d).n_unique() for d in DIMENSIONS))),
    )
    return [d for d in DIMENSIONS if members[d].iloc[0] > 1]


def sales_by_month(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """Net sales per month and member.

    Returns
    -------
    month (Month), the dimensions of ``by``, amount [currency, float], orders (rows with a positive
    amount).
    """
    return once(book, ("sales", *by), lambda: _sales_by_month(book, by))


def _sales_by_month(book: Book, by: Sequence[str]) -> pd.DataFrame:
    rows = order_rows(book).with_columns(
        bought=nw.when(nw.col("amount") > 0).then(nw.lit(1)).otherwise(nw.lit(0))
    )
    frame = collect(
        rows.group_by("month", *by).agg(
            amount=nw.col("amount").sum(), orders=nw.col("bought").sum()
        ),
        sort=["month", *by],
    )
    return frame.assign(month=[Month(day.year, day.month) for day in pd.to_datetime(frame.month)])


@dataclass(frozen=True)
class Targets:
    """Sales targets: member (None = the whole book) → list of (period, amount). ``summed``: the
    finer targets they are sums of, where none are given as such.
    """

    dimension: str | None
    rows: dict[str | None, list[tuple[Period, float]]]
    summed: tuple[str, ...] = ()

    def monthly(self, curve: dict[int, float]) -> dict[str | None, dict[Month, float]]:
        """Each member's target by month. The finest period given wins where periods overlap; a
        longer one spreads what the finer ones leave
        over its other months by ``curve`` (calendar month → weight)."""
        return {member: _spread(rows, curve) for member, rows in self.rows.items()}


def _spread(rows: list[tuple[Period, float]], curve: dict[int, float]) -> dict[Month, float]:
    months: dict[Month, float] = {}
    for period, amount in sorted(rows, key=lambda row: (len(row[0].months), row[0].first)):
        free = [m for m in period.months if m not in months]
        rest = amount - sum(months[m] for m in period.months if m in months)
        weights = [curve.get(m.month, 1.0) for m in free]
        total = sum(weights)
        months |= {
            m: rest * w / total if total else rest / len(free)
            for m, w in zip(free, weights, strict=True)
        }
    return months


def sales_targets(book: Book, dimension: str | None = None) -> Targets:
    """Targets of metric ``sales`` for the whole book, or for each member of one dimension (rows
    that name no other).

    Where a book has none such, those of the next finer cut (by region and product line, say) are
    summed.
    """
    return once(book, ("targets", dimension), lambda: _sales_targets(book, dimension))


def _sales_targets(book: Book, dimension: str | None) -> Targets:
    if not book.has("targets", "metric", "target"):
        return Targets(dimension, {})
    columns = ["region", "product_line", "customer_type", "rep_id", "team"]
    rows = collect(
        book.table("targets")
        .filter(nw.col("metric") == "sales")
        .select("period", "target", *columns),
        sort=["period", *columns],
    )
    wanted = TARGET_COLUMN.get(dimension or "", dimension)
    cuts: dict[tuple[str, ...], list[dict]] = {}
    for row in rows.to_dict("records"):
        cuts.setdefault(tuple(c for c in columns if isinstance(row[c], str)), []).append(row)
    own = (wanted,) if wanted else ()
    finer = sorted(
        (cut for cut in cuts if set(cut) > set(own)),
        key=lambda cut: (len(cut), [columns.index(c) for c in cut]),
    )
    cut = own if own in cuts or not finer else finer[0]
    sums: dict[tuple[str | None, str], float] = {}
    for row in cuts.get(cut, []):
        key = (row[wanted] if wanted else None, row["period"])
        sums[key] = sums.get(key, 0.0) + float(row["target"])
    found: dict[str | None, list[tuple[Period, float]]] = {}
    for (member, period), amount in sums.items():
        found.setdefault(member, []).append(
            (Period.parse(period, book.settings.book.fiscal_year_start), amount)
        )
    return Targets(dimension, found, () if cut == own else cut)


def customer_cells(book: Book, now: Window, then: Window) -> pd.DataFrame:
    """Sales of two spans per product line and kind of customer.

    New: bought now, and never up to the end of the earlier span. Lost: bought then, and nothing in
    the 12 months to the end of the later one. All others are kept, whether or
    not they happened to buy in both spans. Bought = a positive amount. Units are ``quantity`` where
    the book gives it, else order lines;
    a refund takes its units back.

    Returns
    -------
    line, state (new, lost, kept), q0, q1 [units], r0, r1 [currency].
    """
    units = nw.col("quantity") if book.has("orders", "quantity") else nw.lit(1.0)
    orders = book.table("orders").select(
        "customer_id",
        "date",
        amount=nw.col("amount").cast(nw.Float64),
        units=units,
        line=nw.coalesce(nw.col("product_line"), nw.lit(NOT_GIVEN)),
    )
    orders = orders.with_columns(day=nw.col("date").cast(nw.Date))
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
    flags = {
        "past": bought & (nw.col("day") <= then.end),
        "recent": bought & (nw.col("day") >= year) & (nw.col("day") <= now.end),
    }
    flagged = orders.with_columns(
        **{
            name: nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))
            for name, condition in flags.items()
        }
    )
    who = flagged.group_by("customer_id").agg(
        past=nw.col("past").max(), recent=nw.col("recent").max()
    )
    state = (
        nw.when(nw.col("past") == 0)
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


def cube(book: Book, dims: Sequence[str]) -> pd.DataFrame:
    """Sales per month and all dimensions at once, for drilling down."""
    return sales_by_month(book, list(dims))
