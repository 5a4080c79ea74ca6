"""Renewed or not: the one definition every chapter asks.

A contract is renewed when ``renewed_by`` names its successor. Where a book does not fill that
column at all, a contract of the same customer (and the same product line, where both name one) that
starts within ``[segments] renewal_days`` days around the end renews it: nothing is "not renewed"
because a column is absent. An upgrade in mid-term renews too: a contract of the same customer and
line that begins during the term, runs beyond its end and is worth no less.
"""

from __future__ import annotations

from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.data.book import Book
from playbook.data.memo import once

from .frames import collect
from .undated import is_newest

DAYS = 60


def contracts(book: Book) -> pd.DataFrame:
    """One row per contract known on the as-of date, sorted by contract_id; worked out once.

    Columns of the contracts table (days as datetimes), ``successor`` (contract_id of what renewed
    it, None), ``renewed`` (flag), ``open`` (ended so recently that a follower may still come; only
    without links), ``how`` (link, following, upgrade, none).
    """
    return once(book, "renewal", lambda: _contracts(book)).copy(deep=False)


STOPPED = ("cancelled", "paused")  # states in which a contract brings nothing


def stopped(book: Book, frame: pd.DataFrame) -> pd.Series:
    """Whether each contract is cancelled or paused by its status, which carries no day and so holds
    for the newest month of the data only; False for all in an earlier month.
    """
    if not is_newest(book):
        return pd.Series(False, index=frame.index)
    return frame["status"].isin(STOPPED)


def upgraded(frame: pd.DataFrame) -> int:
    """How many contracts count as renewed because another replaced them during their term."""
    return int((frame["how"] == "upgrade").sum())


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
    upgrades = _upgrades(frame, successor, both=bool(linked.any()))
    successor |= upgrades
    names = frame["contract_id"].map(successor)
    names = names.astype(object).where(names.notna(), None)
    waited = (pd.Timestamp(as_of) - frame["end"]).dt.days
    recent = names.isna() & (waited >= 0) & (waited <= days) & (not linked.any())
    how = np.where(linked, "link", np.where(names.notna(), "following", "none"))
    how = np.where(frame["contract_id"].isin(list(upgrades)), "upgrade", how)
    return frame.assign(successor=names, renewed=names.notna(), open=recent, how=how)


def _upgrades(frame: pd.DataFrame, known: dict, *, both: bool) -> dict[str, str]:
    """contract_id → the contract that replaced it during its term, for contracts without a
    successor. both: only where both name the product line, for links tell the rest.
    """
    if "annual_value" not in frame:
        return {}
    ends = frame["end"].fillna(pd.Timestamp.max.floor("D"))
    left = frame.assign(last=ends)[frame["end"].notna() & frame["customer_id"].notna()]
    if left.empty:
        return {}
    left = left[[not isinstance(known.get(i), str) for i in left["contract_id"]]]
    taken = {name for name in known.values() if isinstance(name, str)}
    right = frame.assign(last=ends)[~frame["contract_id"].isin(taken)]
    keep = ["contract_id", "customer_id", "start", "last", "annual_value", "product_line"]
    pairs = left[keep].merge(right[keep], on="customer_id", suffixes=("", "_new"))
    lines, other = pairs["product_line"], pairs["product_line_new"]
    same = (lines == other) if both else (lines.isna() | other.isna() | (lines == other))
    pairs = pairs[
        same.fillna(False).astype(bool)
        & (pairs["start_new"] > pairs["start"])
        & (pairs["start_new"] <= pairs["last"])
        & (pairs["last_new"] > pairs["last"])
        & (pairs["annual_value_new"] >= pairs["annual_value"])
    ].sort_values(["start_new", "contract_id_new", "contract_id"], kind="stable")
    found: dict[str, str] = {}
    for old, new in zip(pairs["contract_id"], pairs["contract_id_new"], strict=True):
        if old not in found and new not in found.values():
            found[old] = new
    return found


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
