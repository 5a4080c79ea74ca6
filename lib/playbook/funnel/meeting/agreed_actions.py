"""Actions agreed in meetings, and what became of them."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import plural
from playbook.base.language import english, later, say
from playbook.data.book import Book
from playbook.data.measures.process import agreed


class FollowUp(Frame):
    """Actions of the last meeting and all still open."""

    meeting_date = col.day(later("day it was agreed"))
    topic = col.text(later("what the meeting was about"), optional=True)
    action = col.text(later("what was agreed"))
    owner = col.text(later("who does it"))
    due = col.day(later("by when"))
    done_on = col.day(later("day it was done"))
    decision = col.text(later("what was decided"), optional=True)
    state = col.text(later("done, late, open or overdue"))


def follow_up(book: Book) -> tuple[pd.DataFrame, tuple[int, int] | None]:
    """The last meeting's actions and all still open, with their state; how many of the last year's
    were done by their day.
    """
    if not book.has("meetings", "action", "due"):
        return FollowUp.make([]), None
    rows, today = agreed(book), pd.Timestamp(book.as_of)
    rows = rows.assign(state=[english(text) for text in states(rows, today)])
    year = rows[(rows.meeting_date >= today - timedelta(days=365)) & (rows.due <= today)]
    done = (int((year.done_on <= year.due).sum()), len(year)) if len(year) else None
    shown = rows[(rows.meeting_date == rows.meeting_date.max()) | rows.done_on.isna()]
    shown = shown.assign(late=(shown.done_on.isna() & (shown.due < today))).sort_values(
        ["late", "due", "owner", "action"], ascending=[False, True, True, True], kind="stable"
    )
    return shown.drop(columns="late").reset_index(drop=True), done


def states(rows: pd.DataFrame, today: pd.Timestamp) -> list[str]:
    """The state of each agreed action, as the page says it."""
    return [_state(row, today) for row in rows.to_dict("records")]


def _state(row: dict, today: pd.Timestamp) -> str:
    if row["done_on"] == row["done_on"] and row["done_on"] is not None and row["done_on"] <= today:
        late = (row["done_on"] - row["due"]).days
        return say("done, {days} late", days=plural(late, "day")) if late > 0 else say("done")
    late = (today - row["due"]).days
    return (
        say("overdue by {days}", days=plural(late, "day"))
        if late > 0
        else say("open", context="action")
    )
