"""The open pipeline on a day: the one definition every chapter asks.

A deal is open on a day when it was created by then and not decided by then. It is worth its
expected amount, else the amount as exported (``deals.deal_value``); deals with neither are counted
and priced apart, never at nought. Three names, never mixed: all open deals; those of them with a
planned day to come; deals created in a window.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.contracts import Frame, count, money, text
from playbook.base.language import say
from playbook.data.book import Book

from .deals import deal_value, dimensions_of, with_dimensions
from .frames import collect
from .sales import NOT_GIVEN

AHEAD, PAST, UNDATED = "ahead", "past", "undated"


class PipelineSums(Frame):
    """One row per member (one row without dimensions) of the deals asked for."""

    rest = text("member of each dimension asked for")
    deals = count("deals")
    amount = money("worth of the deals that carry an amount")
    unpriced = count("deals that carry no amount at all; they are not in ``amount``")


def open_rows(book: Book, by: Sequence[str] = ()) -> nw.LazyFrame:
    """Deals open on the book's as-of date (``book.at(day)`` for an earlier one).

    Columns: opportunity_id, customer_id, lead_id, rep_id, stage, created, expected_close, planned
    (``ahead``: the planned day is to come, ``past``: it is this day or earlier, ``undated``: none
    is given), value [currency, null = unpriced], and the dimensions of ``by`` (rep, region,
    product_line, channel, industry, customer_type; ``not given`` where empty).
    Raises NotAvailable without deals.
    """
    return _rows(book, by).filter(nw.col("outcome") == "open")


def open_sums(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """All open deals, as ``PipelineSums``."""
    return _sums(open_rows(book, by), by)


def created_sums(book: Book, start: date, end: date, by: Sequence[str] = ()) -> pd.DataFrame:
    """Deals created from start to end, both inclusive, whatever became of them, as
    ``PipelineSums``.
    """
    born = nw.col("created").cast(nw.Date)
    return _sums(_rows(book, by).filter((born >= start) & (born <= end)), by)


def by_planned(book: Book) -> pd.DataFrame:
    """All open deals by ``planned`` (ahead, past, undated), as ``PipelineSums``; the three add up
    to all open deals.
    """
    return _sums(open_rows(book), ["planned"])


def later_export(book: Book) -> str:
    """A note for amounts of open deals where the export is later than the day: deals decided since
    that carry no expected amount count with the amount of the export. Empty where there is none.
    """
    given = book.read.given.get("opportunities", set())
    if not {"closed", "amount"} <= given:
        return ""
    day = f"DATE '{book.as_of}'"
    known = f"(created IS NULL OR created <= {day})" if "created" in given else "FALSE"
    unknown = "expected_amount IS NULL AND " if "expected_amount" in given else ""
    n = book.read.connection.execute(
        f"SELECT count(*) FROM book.opportunities WHERE {unknown}amount IS NOT NULL"
        f" AND closed > {day} AND {known}"
    ).fetchall()[0][0]
    if not n:
        return ""
    some = ("deals", "carry", "stand", "their")
    deals, carry, stand, their = ("deal", "carries", "stands", "its") if n == 1 else some
    return say(
        "The export is later than {day}: {n} {en_deals} decided since {en_carry} no expected"
        " amount and {en_stand} at {en_their} amount in the export.",
        day=book.fmt.text(book.as_of, "date"),
        n=n,
        en_deals=deals,
        en_carry=carry,
        en_stand=stand,
        en_their=their,
    )


def _rows(book: Book, by: Sequence[str]) -> nw.LazyFrame:
    book.need("opportunities", "outcome", gives=say("the open pipeline"))
    rows, known = with_dimensions(book, [d for d in dimensions_of(book) if d in by])
    due = nw.col("expected_close").cast(nw.Date)
    planned = (
        nw.when(due.is_null())
        .then(nw.lit(UNDATED))
        .otherwise(nw.when(due > book.as_of).then(nw.lit(AHEAD)).otherwise(nw.lit(PAST)))
    )
    members = {
        d: nw.coalesce(nw.col(d), nw.lit(NOT_GIVEN)) if d in known else nw.lit(NOT_GIVEN)
        for d in by
        if d not in ("stage", "planned")
    }
    return rows.select(
        "opportunity_id",
        "customer_id",
        "lead_id",
        "rep_id",
        "stage",
        "outcome",
        "created",
        "expected_close",
        planned=planned,
        value=deal_value(),
        **members,
    )


def _sums(rows: nw.LazyFrame, by: Sequence[str]) -> pd.DataFrame:
    rows = rows.with_columns(
        deal=nw.lit(1), bare=nw.when(nw.col("value").is_null()).then(nw.lit(1)).otherwise(nw.lit(0))
    )
    sums = {
        "deals": nw.col("deal").sum(),
        "amount": nw.col("value").sum(),
        "unpriced": nw.col("bare").sum(),
    }
    frame = (
        collect(rows.group_by(*by).agg(**sums), sort=list(by))
        if by
        else collect(rows.select(**sums))
    )
    frame = frame.assign(
        deals=frame["deals"].fillna(0).astype(int),
        amount=frame["amount"].astype(float).fillna(0.0),
        unpriced=frame["unpriced"].fillna(0).astype(int),
    )
    return PipelineSums.make(dict(frame.items()))
