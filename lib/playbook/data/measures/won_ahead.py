"""How many of the deals open on a day were won by a later one, by the stage they stood in."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.contracts import Frame, count, money, text
from playbook.data.book import Book
from playbook.data.memo import once

from .days import day_in, day_number
from .deals import Deals, deals_of
from .frames import collect


class WonAhead(Frame):
    """One row per stage before the win."""

    stage = text("the furthest stage a deal had reached by the day")
    open = count("deals open on the day")
    won = count("of them, won by the later day")


class WonNew(Frame):
    """One row: deals created after the day and won by the later one."""

    won = count("deals created and won in between")
    amount = money("what those with an amount brought")


def won_ahead(book: Book, day: date, until: date) -> pd.DataFrame:
    """Deals open at the end of ``day`` and how many of them were won by the end of ``until``, as
    ``WonAhead``; worked out once. Raises NotAvailable without deals.

    The stage is that of the last dated entry; where no entry is dated, deals stand in the first.
    """
    return once(book, ("won ahead", day, until), lambda: _won_ahead(deals_of(book), day, until))


def _won_ahead(deals: Deals, day: date, until: date) -> pd.DataFrame:
    today, later = day_number(day), day_number(until)
    closed, last = day_in(nw.col("closed")), len(deals.stages) - 1
    there = (day_in(nw.col("r0")) <= today) & ((nw.col("outcome") == "open") | (closed > today))
    stage = nw.lit(0)
    for k in range(1, last):
        stage = nw.when(day_in(nw.col(f"r{k}")) <= today).then(nw.lit(k)).otherwise(stage)
    won = (nw.col("outcome") == "won") & (closed <= later)
    rows = deals.rows.filter(there).with_columns(at=stage, hit=won.cast(nw.Int64))
    found = collect(
        rows.group_by("at").agg(open=nw.len(), won=nw.col("hit").sum()), sort=["at"]
    ).set_index("at")
    found = found.reindex(range(last), fill_value=0).astype(int)
    stages = list(deals.stages[:last])
    return WonAhead.make(
        {"stage": stages, "open": found["open"].to_numpy(), "won": found["won"].to_numpy()}
    )


def won_new(book: Book, day: date, until: date) -> pd.DataFrame:
    """Deals created after ``day`` and won by ``until``, as ``WonNew``."""
    return once(book, ("won new", day, until), lambda: _won_new(deals_of(book), day, until))


def _won_new(deals: Deals, day: date, until: date) -> pd.DataFrame:
    today, later = day_number(day), day_number(until)
    mine = deals.rows.filter(
        (nw.col("outcome") == "won")
        & (day_in(nw.col("r0")) > today)
        & (day_in(nw.col("closed")) <= later)
    )
    found = collect(mine.select(won=nw.len(), amount=nw.col("amount").cast(nw.Float64).sum()))
    return WonNew.make(
        {"won": found["won"].astype(int), "amount": found["amount"].astype(float).fillna(0.0)}
    )
