"""What leaked beyond the price ladder, by product line and by month."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures.sales import NOT_GIVEN
from playbook.methods.intervals import wilson
from playbook.page import Col, Table, table

from .discounts import orders_of


class LeakByProduct(Frame):
    """One row per product line, orders of the last 12 months, the largest leak first."""

    product_line = col.text(later("the product line; not given where the line names none"))
    orders = col.count(later("priced orders with a line of it"))
    beyond = col.count(later("of these, with a part of a leak on it"))
    rate = col.share(later("beyond ÷ orders"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    list = col.money(later("its list amounts"))
    given = col.share(later("discount given on it, weighted by list amount"))
    leak = col.money(later("its part of what leaked"))


class LeakByMonth(Frame):
    """One row per month of the last 12 that the data cover, oldest first."""

    month = col.month(later("the month"))
    orders = col.count(later("priced orders"))
    beyond = col.count(later("of these, beyond the ladder"))
    rate = col.share(later("beyond ÷ orders"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    given = col.share(later("discount given, weighted by list amount"))
    leak = col.money(later("what leaked"))


def leaks_by_product(orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """LeakByProduct: an order's leak belongs to its lines in proportion to the discount given on
    each; the parts sum to the whole.

    orders: checked orders, one row each (order, leak). lines: order, product_line, list, amount of
    the same orders.
    """
    rows = lines.merge(orders[["order", "leak"]], on="order")
    if rows.empty:
        return LeakByProduct.make([])
    off = (rows.list - rows.amount).clip(lower=0)
    whole = off.groupby(rows.order).transform("sum")
    part = (rows.leak * off / whole.where(whole > 0)).fillna(0.0)
    rows = rows.assign(
        part=part, product_line=rows.product_line.fillna(NOT_GIVEN), given=rows.list - rows.amount
    )
    each = rows.groupby(["product_line", "order"], as_index=False)[["part", "list", "given"]].sum()
    sums = each.groupby("product_line").agg(
        orders=("part", "size"),
        beyond=("part", lambda parts: int((parts > 0).sum())),
        list=("list", "sum"),
        given=("given", "sum"),
        leak=("part", "sum"),
    )
    low, high = wilson(sums.beyond.to_numpy(), sums.orders.to_numpy())
    found = sums.assign(
        rate=sums.beyond / sums.orders, low=low, high=high, given=sums.given / sums.list
    ).reset_index()
    return found.sort_values(
        ["leak", "product_line"], ascending=[False, True], kind="stable", ignore_index=True
    )[LeakByProduct.names()]


def leaks_by_month(orders: pd.DataFrame, book: Book) -> pd.DataFrame:
    """LeakByMonth; an order with lines in two months is one of both, each with its part of the
    leak. orders: checked orders of the last 12 months, in parts (order, day, list, discount, leak).
    """
    covered, rows = sales_coverage(book), []
    numbers = np.array([Month.of(day).number for day in orders.day], dtype=int)
    for month in (book.month - back for back in range(11, -1, -1)):
        if covered.state(month) == "outside":
            continue
        part = orders_of(orders[numbers == month.number])
        k, n, total = int((part.leak > 0).sum()), len(part), float(part.list.sum())
        low, high = wilson(k, n)
        rows.append(
            {
                "month": str(month),
                "orders": n,
                "beyond": k,
                "rate": k / n if n else None,
                "low": low,
                "high": high,
                "given": float((part.list * part.discount).sum()) / total if total else None,
                "leak": float(part.leak.sum()),
            }
        )
    return LeakByMonth.make(rows)


def leak_tables(
    products: pd.DataFrame,
    months: pd.DataFrame,
    year: pd.Series,
    example: bool,
    fmt: Formats,
    as_of: date,
) -> list[Table]:
    """Both tables, for the page. year: orders (deals) of the last 12 months and those beyond, of
    which some may stand in two months. example: whether the ladder is made up.
    """
    day = fmt.text(as_of, "date")
    columns = [
        Col("orders", "count", "Orders"),
        Col("given", "share", "Discount on average"),
        Col("beyond", "count", "Beyond the ladder"),
        Col("rate", "share", "Share beyond", low="low", high="high"),
        Col("leak", "money", "Leaked"),
    ]
    found = []
    if len(products) > 1:
        total = {"product_line": "All", "leak": products.leak.sum()}
        note = say(
            "{currency}; an order's leak belongs to its lines by the discount on"
            " each; last 12 months; Wilson 95 %; as of {day}",
            currency=fmt.currency,
            day=day,
        )
        head = [Col("product_line", "name", "Product line", weight=2), *columns]
        found.append(
            table(
                products,
                head,
                fmt,
                title=say("Illustration: what leaked by product line")
                if example
                else say("What leaked by product line"),
                note=note,
                total=total,
            )
        )
    if len(months) > 1:
        total = {
            "month": None,
            "orders": year.deals,
            "beyond": year.beyond,
            "leak": months.leak.sum(),
        }
        note = say(
            "{currency}; by day of the order; Wilson 95 %; as of {day}",
            currency=fmt.currency,
            day=day,
        )
        found.append(
            table(
                months,
                [Col("month", "month"), *columns],
                fmt,
                title=say("Illustration: what leaked by month")
                if example
                else say("What leaked by month"),
                note=note,
                total=total,
            )
        )
    return found
