"""Deals created, decided and open, by month, member and stage."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book

from .deals import with_dimensions
from .frames import collect
from .pipeline import open_sums
from .sales import NOT_GIVEN


def deal_rows(book: Book, by: Sequence[str] = ()) -> nw.LazyFrame:
    """Deals with the asked dimensions filled (region, product_line, customer_type, rep, channel,
    team).
    """
    book.need("opportunities", "outcome", gives=say("deals won against their target"))
    rows, _ = with_dimensions(book, [*{*(d for d in by if d != "team"), "rep"}])
    if "team" in by:
        if not book.has("reps", "team"):
            raise NotAvailable({"reps": ("team",)}, gives=say("deals by team"))
        rows = rows.join(
            book.table("reps").select("team", rep=nw.col("rep_id")), on="rep", how="left"
        )
    have = set(rows.collect_schema().names())
    return rows.with_columns(
        is_deal=nw.lit(True),
        **{
            d: nw.coalesce(nw.col(d), nw.lit(NOT_GIVEN)) if d in have else nw.lit(NOT_GIVEN)
            for d in by
        },
    )


def deals_by_month(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """Deals created, won and lost and the amount won, by month and member: month [Month], *by,
    created, won, lost, amount.
    """
    rows = deal_rows(book, by)
    born = rows.filter(~nw.col("created").is_null()).with_columns(
        month=nw.col("created").cast(nw.Date).dt.truncate("1mo")
    )
    ended = rows.filter(
        nw.col("outcome").is_in(["won", "lost"]) & ~nw.col("closed").is_null()
    ).with_columns(
        month=nw.col("closed").cast(nw.Date).dt.truncate("1mo"), is_won=(nw.col("outcome") == "won")
    )
    created = collect(born.group_by("month", *by).agg(created=nw.len()), sort=["month", *by])
    closed = collect(
        ended.group_by("month", *by).agg(
            won=nw.col("is_won").cast(nw.Int64).sum(),
            lost=(~nw.col("is_won")).cast(nw.Int64).sum(),
            amount=nw.when(nw.col("is_won")).then(nw.col("amount")).sum(),
        ),
        sort=["month", *by],
    )
    frame = created.merge(closed, on=["month", *by], how="outer").sort_values(
        ["month", *by], kind="stable", ignore_index=True
    )
    frame["month"] = [Month.of(day) for day in frame["month"]]
    numbers = ["created", "won", "lost", "amount"]
    return frame.assign(**frame[numbers].fillna(0))


def open_by_stage(book: Book) -> pd.DataFrame:
    """All open deals per rep and stage they are in: rep, stage, deals, expected [currency],
    unpriced [deals without amount].
    """
    return open_sums(book, ["rep", "stage"]).rename(columns={"amount": "expected"})
