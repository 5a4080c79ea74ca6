"""Who belonged to whom, what was shared, paid and exchanged, by days: assignments, deal splits,
payments, rates.
"""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .frames import collect

PEOPLE = ("team", "manager", "region", "role")  # what a person is assigned


def assigned(book: Book, subject: str = "rep") -> pd.DataFrame:
    """Assignments of people (or customers): subject_id, role, value, from, to (both days
    inclusive; without a first day from ever, without a last one until now); empty without any.
    """
    columns = ["subject_id", "role", "value", "from", "to"]
    if not book.has("assignments"):
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    rows = book.table("assignments").filter(nw.col("subject") == subject).select(*columns)
    frame = collect(rows, sort=["subject_id", "role", "from", "value"])
    for day, open_ in (("from", "1800-01-01"), ("to", "2200-01-01")):
        frame[day] = pd.to_datetime(frame[day]).astype("datetime64[s]").fillna(pd.Timestamp(open_))
    return frame


def deal_splits(book: Book) -> pd.DataFrame:
    """Who shares the credit of single deals or orders: order_id, opportunity_id, rep_id, share
    [share], kind (split or overlay); empty without any.
    """
    columns = ["order_id", "opportunity_id", "rep_id", "share", "kind"]
    if not book.has("deal_splits"):
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    frame = collect(book.table("deal_splits").select(*columns), sort=columns)
    return frame.assign(kind=frame["kind"].fillna("split"))


def payments(book: Book) -> pd.DataFrame:
    """Money received for orders: order_id, date (datetime64[s]), amount [ten-thousandths of a
    currency unit], by day; paid back is negative. Without the table, what orders say was paid.
    """
    columns = ["order_id", "date", "amount"]
    if book.has("payments", "order_id"):
        rows = book.table("payments").filter(~nw.col("order_id").is_null())
        frame = collect(rows.select(*columns, "payment_id"), sort=["date", "payment_id"])
    elif book.has("orders", "paid_date"):
        rows = book.table("orders").filter(~nw.col("paid_date").is_null())
        rows = rows.with_columns(nw.coalesce("paid_amount", "amount").alias("paid"))
        rows = rows.group_by("order_id", "paid_date").agg(nw.col("paid").sum())
        frame = collect(
            rows.select(
                "order_id", nw.col("paid_date").alias("date"), nw.col("paid").alias("amount")
            ),
            sort=["date", "order_id"],
        )
    else:
        return pd.DataFrame(
            {"order_id": [], "date": pd.Series(dtype="datetime64[s]"), "amount": []}
        )
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    frame["amount"] = [round(value * 10_000) for value in frame["amount"]]
    return frame[columns]


def rates(book: Book) -> pd.DataFrame:
    """Rates of other currencies: month (first day), currency, rate [book currency per unit]; empty
    without any.
    """
    columns = ["month", "currency", "rate"]
    if not book.has("rates"):
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    frame = collect(book.table("rates").select(*columns), sort=["currency", "month"])
    return frame.assign(month=pd.to_datetime(frame["month"]).astype("datetime64[s]"))
