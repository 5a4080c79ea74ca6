"""Renewed or not: the one definition every chapter asks.

A contract is renewed when ``renewed_by`` names its successor. Where a book does not fill that
column at all, a contract of the same customer (and the same product line, where both name one) that
starts within ``[segments] renewal_days`` days around the end renews it: nothing is "not renewed"
because a column is absent.
"""

from __future__ import annotations

from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.data.book import Book
from playbook.data.memo import once
from playbook.data.report_month import choose_month

from .frames import collect

DAYS = 60


def contracts(book: Book) -> pd.DataFrame:
    """One row per contract known on the as-of date, sorted by contract_id; worked out once.

    Columns of the contracts table (days as datetimes), ``successor`` (contract_id of what renewed
    it, None), ``renewed`` (flag), ``open`` (ended so recently that a follower may still come; only
    without links), ``how`` (link, following, none).
    """
    return once(book, "renewal", lambda: _contracts(book)).copy(deep=False)


STOPPED = ("cancelled", "paused")  # states in which a contract brings nothing


def stopped(book: Book, frame: pd.DataFrame) -> pd.Series:
    """Whether each contract is cancelled or paused by its status, which carries no day and so holds
    for the newest month of the data only; False for all in an earlier month.
    """
    if book.month < choose_month(book.read, ""):
        return pd.Series(False, index=frame.index)
    return frame["status"].isin(STOPPED)


def inferred(frame: pd.DataFrame) -> int:
    """How many contracts count as renewed only because another follows."""
    return int((frame["how"] == "following").sum())


def _contracts(book: Book) -> pd.DataFrame:
    columns = (
        "contract_id",
        "customer_id",
        "annual_value",
        "renewed_by",
        "product_line",
        "rep_id",
        "status",
    )
    days = nw.col("start", "end", "renewed_on").cast(nw.Datetime("us"))
    frame = collect(book.table("contracts").select(*columns, days), sort=["contract_id"])
    return follow(frame, book.as_of, book.settings.segments.renewal_days)


def follow(frame: pd.DataFrame, as_of: date, days: int = DAYS) -> pd.DataFrame:
    """Adds ``successor``, ``renewed``, ``open`` and ``how`` to contracts.

    With any ``renewed_by`` in the frame, that column decides. Without, a contract is followed by
    the contract of its customer (and product line) whose start is nearest to its end, within
    ``days`` on either side and after its own start; each contract follows one at most, the earlier
    end first.
    """
    linked = frame["renewed_by"].notna()
    successor = dict(zip(frame["contract_id"], frame["renewed_by"], strict=True))
    if not linked.any():
        successor |= _followers(frame, days)
    names = frame["contract_id"].map(successor)
    names = names.astype(object).where(names.notna(), None)
    waited = (pd.Timestamp(as_of) - frame["end"]).dt.days
    recent = names.isna() & (waited >= 0) & (waited <= days) & (not linked.any())
    how = np.where(linked, "link", np.where(names.notna(), "following", "none"))
    return frame.assign(successor=names, renewed=names.notna(), open=recent, how=how)


def _followers(frame: pd.DataFrame, days: int) -> dict[str, str]:
    """contract_id → the contract that follows it."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    by_customer = dict(list(frame.groupby("customer_id", sort=False)))
    ended = frame[frame["end"].notna() & frame["customer_id"].notna()]
    for row in ended.sort_values(["end", "contract_id"], kind="stable").itertuples():
        others = by_customer[row.customer_id]
        gap = (others["start"] - row.end).dt.days.abs()
        fits = (gap <= days) & (others["start"] > row.start)
        fits &= ~others["contract_id"].isin(taken) & (others["contract_id"] != row.contract_id)
        if isinstance(row.product_line, str):
            fits &= others["product_line"].isna() | (others["product_line"] == row.product_line)
        if fits.any():
            near = others[fits].assign(gap=gap[fits])
            chosen = near.sort_values(["gap", "contract_id"], kind="stable")["contract_id"].iloc[0]
            found[row.contract_id] = chosen
            taken.add(chosen)
    return found
