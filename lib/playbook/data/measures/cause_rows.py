"""Rows in which causes are searched: won amounts, matches and discounts, with their dimensions."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .days import month_in
from .deals import Deals
from .frames import collect
from .order_ids import with_order


def won_amounts(deals: Deals, dims: Sequence[str], since: int) -> pd.DataFrame:
    """Won deals with an amount above 0 closed from month number ``since`` on: opportunity_id,
    amount [currency] and the dimensions, in the order of ids.
    """
    rows = deals.rows.filter(
        (nw.col("outcome") == "won")
        & (month_in(nw.col("closed")) >= since)
        & (nw.col("amount") > 0)
    )
    chosen = rows.select("opportunity_id", *dims, amount=nw.col("amount").cast(nw.Float64))
    return collect(chosen, sort=["opportunity_id"])


def match_by(deals: Deals, dimension: str, since: int) -> pd.DataFrame:
    """Deals created from month number ``since`` on whose match is on record, by member: member, n,
    matched, won_matched, decided_matched, won_other, decided_other.
    """
    rows = deals.rows.filter(
        ~nw.col("need_match").is_null()
        & ~nw.col(dimension).is_null()
        & (month_in(nw.col("created")) >= since)
    )

    def count(condition: nw.Expr) -> nw.Expr:
        return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))

    yes, won, done = nw.col("need_match"), nw.col("outcome") == "won", nw.col("outcome") != "open"
    rows = rows.select(
        member=nw.col(dimension),
        matched=count(yes),
        won_matched=count(yes & won),
        decided_matched=count(yes & done),
        won_other=count(~yes & won),
        decided_other=count(~yes & done),
    )
    names = ("matched", "won_matched", "decided_matched", "won_other", "decided_other")
    sums = {name: nw.col(name).sum() for name in names}
    found = collect(rows.group_by("member").agg(n=nw.len(), **sums), sort=["member"])
    return found.astype(dict.fromkeys(("n", *names), int))


def discounts_by(book: Book, dims: Sequence[str]) -> pd.DataFrame:
    """Orders of the last 12 months with a list amount, by order and member: order (the key that
    orders are counted by), kind, list, amount [currency] and the dimensions as the order gives them
    (null where it does not). Refunds are none.
    """
    orders = with_order(book, book.table("orders")).with_columns(rep=nw.col("rep_id"))
    rows = orders.filter(
        (nw.col("list_amount") > 0)
        & (nw.col("amount") > 0)
        & ~(nw.col("kind") == "refund").fill_null(False)
        & (nw.col("date").cast(nw.Date) >= (book.month - 11).start)
    )
    keys = ["order", "kind", *dims]
    sums = {
        "list": nw.col("list_amount").cast(nw.Float64).sum(),
        "amount": nw.col("amount").cast(nw.Float64).sum(),
    }
    return collect(rows.group_by(*keys).agg(**sums), sort=keys)
