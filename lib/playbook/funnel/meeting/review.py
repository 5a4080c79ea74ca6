"""The review meeting: an agenda filled from the data, the actions agreed last time and their state,
and the actions proposed now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.data.measures.process import agreed
from playbook.funnel.actions import proposals
from playbook.funnel.money.channels import Channels
from playbook.funnel.money.gap import Gap
from playbook.funnel.money.performance import Performance
from playbook.funnel.money.price_ladder import LadderCheck
from playbook.funnel.places.bottleneck import Bottleneck
from playbook.funnel.steps.stuck import StuckDeals
from playbook.funnel.talk.reasons import Reasons
from playbook.page import Action, Col, Table, Worksheet, actions_sheet, table


class AgendaItems(Frame):
    """One row per item of the agenda."""

    item = col.text("Result, Highlight, Problem or Lesson")
    text = col.text("what to say")


class FollowUp(Frame):
    """Actions of the last meeting and all still open."""

    meeting_date = col.day("day it was agreed")
    topic = col.text("what the meeting was about", optional=True)
    action = col.text("what was agreed")
    owner = col.text("who does it")
    due = col.day("by when")
    done_on = col.day("day it was done")
    decision = col.text("what was decided", optional=True)
    state = col.text("done, late, open or overdue")


@dataclass(frozen=True)
class Review(page.Result):
    """The agenda of the review meeting, the actions proposed, and the state of those agreed before.

    done_rate: (done by their day, all) of the actions agreed in the last 12 months and due by now.
    """

    agenda: Annotated[pd.DataFrame, AgendaItems]
    actions: tuple[Action, ...]
    follow_up: Annotated[pd.DataFrame, FollowUp]
    done_rate: tuple[int, int] | None
    as_of: date
    fmt: Formats
    section = "review-meeting"

    def tables(self) -> list[Table]:
        fmt, day = self.fmt, self.fmt.text(self.as_of, "date")
        found = (
            []
            if self.agenda.empty
            else [
                table(
                    self.agenda,
                    [Col("item", "text", "Item"), Col("text", "text", "From the data", weight=5)],
                    fmt,
                    title="Agenda of the review meeting",
                    note=f"As of {day}",
                )
            ]
        )
        if self.actions:
            rows = pd.DataFrame(
                [
                    {"what": a.what, "owner": a.owner, "due": a.due, "worth": a.worth, "why": a.why}
                    for a in self.actions
                ]
            )
            columns = [
                Col("what", "text", "Action", weight=3),
                Col("owner", "text", "Owner"),
                Col("due", "date", "Due"),
                Col("worth", "money", "Worth", compact=True),
                Col("why", "text", "Why", weight=3),
            ]
            found.append(
                table(
                    rows,
                    columns,
                    fmt,
                    title="Actions proposed",
                    note=(
                        "Worth where the page can state it; to be agreed in the meeting; as of"
                        f" {day}"
                    ),
                )
            )
        if len(self.follow_up):
            columns = [
                Col("meeting_date", "date", "Agreed"),
                Col("action", "text", "Action", weight=3),
                Col("owner", "text", "Owner"),
                Col("due", "date", "Due"),
                Col(
                    "state",
                    "text",
                    "State",
                    tone=lambda r: (
                        "bad"
                        if r["state"].startswith("overdue")
                        else "good"
                        if r["state"].startswith("done")
                        else ""
                    ),
                ),
            ]
            found.append(
                table(
                    self.follow_up,
                    columns,
                    fmt,
                    title="What was agreed, and its state",
                    note=f"The last meeting and everything still open; as of {day}",
                    limit=12,
                )
            )
        return found

    def reading(self) -> str:
        late = (
            self.follow_up[self.follow_up.state.str.startswith("overdue")]
            if len(self.follow_up)
            else self.follow_up
        )
        if self.actions:
            text = f"{plural(len(self.actions), 'action')} proposed."
        elif (self.agenda["item"] == "Problem").any():
            text = (
                "No action is proposed by itself; the problems of the agenda are to be discussed."
            )
        else:
            text = "Nothing on this page calls for an action."
        if self.done_rate:
            text += (
                " Of the actions agreed in the last 12 months and due by now"
                f" {self.fmt.rate(*self.done_rate)} were done by their day"
            )
            text += (
                f"; {plural(len(late), 'is', 'are')} overdue."
                if len(late)
                else "; none is overdue."
            )
        return text

    def headline(self) -> str:
        return f"Review: {plural(len(self.actions), 'action')} proposed" + (
            f"; done by their day {self.fmt.rate(*self.done_rate)}" if self.done_rate else ""
        )

    def worksheets(self) -> list[Worksheet]:
        agenda = Worksheet(
            "Review meeting",
            (("item", "Item", "text"), ("text", "From the data", "text")),
            tuple((r["item"], r["text"]) for r in self.agenda.to_dict("records")),
        )
        keys = (
            ("meeting_date", "Agreed", "date"),
            ("action", "Action", "text"),
            ("owner", "Owner", "text"),
            ("due", "Due", "date"),
            ("done_on", "Done", "date"),
            ("state", "State", "text"),
        )
        sheets = [agenda, actions_sheet("Review actions", self.actions)]
        if len(self.follow_up):
            sheets.append(
                Worksheet(
                    "Follow-up",
                    keys,
                    tuple(
                        tuple(r[k] for k, _, _ in keys) for r in self.follow_up.to_dict("records")
                    ),
                )
            )
        return sheets


@page.section("review-meeting")
def review(book: Book, *results: page.Result) -> Review:
    """The review pack from the other findings of the page (any of them may be missing):
    performance, gap, bottleneck, channels, stuck deals.
    """
    given = {type(r): r for r in results}
    agenda = [row for row in _agenda(results, given) if row[1]]
    actions = proposals(given, book)
    follow, done = _follow_up(book)
    return Review(
        AgendaItems.make({"item": item, "text": text} for item, text in agenda),
        actions,
        follow,
        done,
        book.as_of,
        book.fmt,
    )


def _agenda(results: tuple, given: dict) -> list[tuple[str, str]]:
    """Result, highlights, problems, lessons: one line per finding that has something to say."""
    rows = [("Result", given[k].headline()) for k in (Performance, Gap) if k in given]
    if Performance in given:
        rows += _best_and_worst(given[Performance])
    if Bottleneck in given and len(given[Bottleneck].places):
        rows.append(("Problem", given[Bottleneck].headline()))
    if StuckDeals in given and given[StuckDeals].stuck + given[StuckDeals].overdue:
        rows.append(("Problem", given[StuckDeals].headline()))
    lessons = (
        given[Channels].headline() if Channels in given else "",
        given[Reasons].lesson() if Reasons in given else "",
        given[LadderCheck].lesson() if LadderCheck in given else "",
    )
    return rows + [("Lesson", lesson) for lesson in lessons]


def _best_and_worst(found: Performance) -> list[tuple[str, str]]:
    """The best and the worst member against target, or last year without targets, where that is
    beyond chance; not by rep.
    """
    rows = found.table[
        (found.table.window == found.window) & (~found.table.dimension.isin(["all", "rep"]))
    ]
    measure = rows.gap if rows.gap.notna().any() else rows.actual - rows.last_year
    rows = (
        rows.assign(measure=measure)
        .dropna(subset=["measure"])
        .sort_values(["measure", "label"], kind="stable")
    )
    if rows.empty:
        return []
    items = []
    for item, row in (("Highlight", rows.iloc[-1]), ("Problem", rows.iloc[0])):
        beyond = (row.dimension, row.member) in found.beyond
        if beyond and row.measure and (row.measure > 0) == (item == "Highlight"):
            items.append(
                (
                    item,
                    (
                        f"{row.label} ({row.dimension.replace('_', ' ')}):"
                        f" {found.fmt.money(row.measure, compact=True, sign=True)} against"
                        f" {'target' if rows.gap.notna().any() else 'last year'}; {row.reason}"
                    ),
                )
            )
    return items


def _follow_up(book: Book) -> tuple[pd.DataFrame, tuple[int, int] | None]:
    """The last meeting's actions and all still open, with their state; how many of the last year's
    were done by their day.
    """
    if not book.has("meetings", "action", "due"):
        return FollowUp.make([]), None
    rows, today = agreed(book), pd.Timestamp(book.as_of)
    rows = rows.assign(state=[_state(r, today, book.fmt) for r in rows.to_dict("records")])
    year = rows[(rows.meeting_date >= today - timedelta(days=365)) & (rows.due <= today)]
    done = (int((year.done_on <= year.due).sum()), len(year)) if len(year) else None
    shown = rows[(rows.meeting_date == rows.meeting_date.max()) | rows.done_on.isna()]
    shown = shown.assign(late=(shown.done_on.isna() & (shown.due < today))).sort_values(
        ["late", "due", "owner", "action"], ascending=[False, True, True, True], kind="stable"
    )
    return shown.drop(columns="late").reset_index(drop=True), done


def _state(row: dict, today: pd.Timestamp, fmt: Formats) -> str:
    if row["done_on"] == row["done_on"] and row["done_on"] is not None and row["done_on"] <= today:
        late = (row["done_on"] - row["due"]).days
        return f"done, {plural(late, 'day')} late" if late > 0 else "done"
    late = (today - row["due"]).days
    return f"overdue by {plural(late, 'day')}" if late > 0 else "open"
