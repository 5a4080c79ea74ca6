"""Work that waits for each person."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    number,
    ratio,
    text,
)
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import deal_counts, lead_counts, sales, work
from playbook.data.report_month import choose_month


class WaitingWork(Frame):
    """One row per person with work waiting, or with a quota."""

    rep = text("the person's key")
    overdue = count("follow-ups due by the as-of date and still open; 0 where that is not known")
    due = count("follow-ups due by the week's end")
    proposals = count("open deals in the last stage before the win")
    lost = count("deals lost in the as-of month")
    leads = number("new leads a week over the last 13 weeks")
    name = text("the person's name")
    load = ratio("(overdue + due) ÷ what the week holds; missing where a day holds none")


def statuses_known(book: Book) -> bool:
    """Whether no later month has closed in the data: a status without a day is that of the export,
    and says nothing about an earlier month.
    """
    return book.month >= choose_month(book.read, "")


def waiting_work(book: Book, days: tuple[date, ...]) -> pd.DataFrame:
    """Open work per person with any: the columns of ``WaitingWork`` up to leads."""
    found = work.open_actions(book, days[-1])
    if not statuses_known(book):  # whether an action due by then was done is not known
        found = found[[due > book.as_of for due in found["due"]]]
    found = found.assign(late=[due <= book.as_of for due in found["due"]])
    actions = (
        found.groupby("owner")
        .agg(overdue=("late", "sum"), all=("late", "size"))
        .rename_axis("rep")
        .reset_index()
    )
    actions = actions.assign(due=actions["all"] - actions["overdue"]).drop(columns="all")
    parts = [actions]
    if book.has("opportunities", "outcome"):
        last = deal_counts.open_by_stage(book)
        parts.append(
            last[last["stage"] == book.stages[-2]][["rep", "deals"]].rename(
                columns={"deals": "proposals"}
            )
        )
        parts.append(deal_counts.lost_since(book, Month.of(book.as_of).start))
    if book.has("leads", "created"):
        recent = sales.within(
            lead_counts.leads_by_month(book, ("rep",)), book.month - 2, book.month
        )
        parts.append((recent.groupby("rep")["leads"].sum() / 13).reset_index())
    frame = parts[0]
    for part in parts[1:]:
        frame = frame.merge(part, on="rep", how="outer")
    for column in ("overdue", "due", "proposals", "leads", "lost"):
        frame[column] = frame[column].fillna(0) if column in frame else 0
    return frame[(frame["overdue"] + frame["due"] + frame["proposals"] + frame["leads"]) > 0]
