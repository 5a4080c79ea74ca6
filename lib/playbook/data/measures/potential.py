"""What the customers in somebody's care would buy if each bought as its kind does."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.base.contracts import Frame, count, money, text
from playbook.data.book import Book
from playbook.data.memo import once

from . import sales
from .frames import collect

LEAST = 5  # buyers below which a kind of customer has no mean of its own


class RepPotential(Frame):
    """One row per person who has customers in care."""

    rep = text("the person's key")
    customers = count("customers in care")
    potential = money("what they would buy in 12 months if each bought as its kind does")


def rep_potential(book: Book) -> pd.DataFrame:
    """Potential of each person's customers, as ``RepPotential``; no rows where the table of
    customers names no rep. Worked out once.

    A customer's kind is its industry and type (as far as the book knows them); its potential is the
    mean net amount of the trailing 12 months over the buying customers of that kind, of its type
    where the kind has fewer than five buyers, else of all. Customers that bought nothing count as
    well: they are what a territory still holds.
    """
    return once(book, "rep potential", lambda: _rep_potential(book))


def _rep_potential(book: Book) -> pd.DataFrame:
    if not book.has("customers", "rep_id") or not book.has("orders", "customer_id"):
        return RepPotential.make([])
    year = book.window("trailing_12m")
    bought = sales.by_customer(sales.between(sales.order_rows(book), year.start, year.end))
    bought = bought.dropna(subset=["customer_id"]).assign(amount=bought["amount"].astype(float))
    rows = collect(
        book.table("customers").select(
            "customer_id",
            rep=nw.col("rep_id"),
            industry=nw.coalesce(nw.col("industry"), nw.lit(sales.NOT_GIVEN)),
            customer_type=nw.coalesce(nw.col("customer_type"), nw.lit(sales.NOT_GIVEN)),
        ),
        sort=["customer_id"],
    )
    rows = rows.merge(bought[["customer_id", "amount"]], on="customer_id", how="left")
    buyers = rows[rows["amount"] > 0]
    if buyers.empty:
        return RepPotential.make([])
    mean = pd.Series(float(buyers["amount"].mean()), index=rows.index)
    for kind in (["customer_type"], ["industry", "customer_type"]):
        of_kind = buyers.groupby(kind)["amount"].agg(["mean", "size"])
        found = rows[kind].merge(of_kind, left_on=kind, right_index=True, how="left")
        mean = found["mean"].where(found["size"] >= LEAST, mean)
    rows = rows.assign(potential=mean).dropna(subset=["rep"])
    sums = rows.groupby("rep", sort=True).agg(
        customers=("customer_id", "size"), potential=("potential", "sum")
    )
    return RepPotential.make(dict(sums.reset_index().items()))
