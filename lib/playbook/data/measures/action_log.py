"""What became of the actions of earlier packs, as their workbook was filled in.

An action is over when it is marked as done or dropped, or has a day on which it was, not after the
as-of date. A mark without a day counts from the day after the pack that it was made on.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd

from playbook.base.contracts import Frame, count, day, flag, money, text
from playbook.base.formats import is_missing
from playbook.data.book import Book
from playbook.data.memo import once

from .frames import collect

TEXTS = ("action_id", "chapter", "whom", "what", "owner", "why", "done", "note")
DAYS = ("as_of", "due", "listed", "done_on")
OPEN = ("", "no", "n", "false", "0", "open", "-", "–", "否", "未完成", "待办")  # marks of no end


class LoggedActions(Frame):
    """One row per action of an earlier pack, by its number."""

    action_id = text("number of the action")
    as_of = day("day of the pack that the workbook belongs to")
    chapter = text("where the pack lists it")
    whom = text("the customer or lead it is for")
    what = text("what is to be done")
    owner = text("who does it")
    due = day("until when")
    worth = money("what it is worth")
    why = text("why")
    listed = day("day of the pack that listed it first")
    age = count("days from then to the as-of date")
    over = flag("done or dropped by the as-of date")
    done_on = day("when it was")
    note = text("what was written down")


def action_log(book: Book) -> pd.DataFrame:
    """The actions of earlier packs known on the as-of date, as ``LoggedActions``; empty where the
    book has no filled workbook.
    """
    return once(book, "action_log", lambda: _log(book))


def _log(book: Book) -> pd.DataFrame:
    if not book.has("action_log", "action_id", "as_of"):
        return LoggedActions.make([])
    days = nw.col(*DAYS).cast(nw.Datetime("us"))
    rows = collect(
        book.table("action_log").select(*TEXTS, days, nw.col("worth").cast(nw.Float64)),
        sort=["action_id"],
    )
    today = pd.Timestamp(book.as_of)
    mark = rows["done"].astype("str").str.strip().str.casefold()
    marked = rows["done"].notna() & ~mark.isin(OPEN)
    when = rows["done_on"].where(
        rows["done_on"].notna(), pd.to_datetime(mark, format="%Y-%m-%d", errors="coerce")
    )
    over = (when <= today) | (marked & when.isna() & (rows["as_of"] < today))
    listed = rows["listed"].where(rows["listed"].notna(), rows["as_of"])
    return LoggedActions.make(
        rows.assign(
            listed=listed,
            age=(today - listed).dt.days,
            over=over.astype(bool),
            done_on=when.where(over),
        )[LoggedActions.names()].to_dict("list")
    )


def done_lately(book: Book) -> frozenset[str]:
    """Numbers of actions done or dropped in the month of the as-of date. Figures of that month
    still show what was wrong before; what they ask for again in a later month is asked for again.
    """
    rows = action_log(book)
    late = rows["done_on"].isna() | (rows["done_on"] >= pd.Timestamp(book.month.start))
    return frozenset(rows.loc[rows["over"].astype(bool) & late, "action_id"])


def plain_rows(book: Book) -> tuple[dict[str, Any], ...]:
    """The same as dicts of texts and numbers, days as YYYY-MM-DD, what is missing as None; what the
    run hands on without opening the book again.
    """
    return tuple(
        {key: _plain(value) for key, value in row.items()}
        for row in action_log(book).to_dict("records")
    )


def _plain(value: Any) -> Any:
    if is_missing(value):
        return None
    return value.isoformat()[:10] if isinstance(value, date) else value
