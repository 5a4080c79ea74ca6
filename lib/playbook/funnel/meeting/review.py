"""The review meeting: an agenda filled from the data, the actions agreed last time and their state,
and the actions proposed now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.action_ids import action_id
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.base.language import later, named, say
from playbook.data.book import Book
from playbook.data.measures.action_log import done_lately
from playbook.funnel.actions import proposals
from playbook.funnel.dimension_words import dimension_word
from playbook.funnel.money.channels import Channels
from playbook.funnel.money.gap import Gap
from playbook.funnel.money.performance import Performance
from playbook.funnel.places.causes import Causes
from playbook.funnel.steps.stuck import StuckDeals
from playbook.page import Action, Col, Table, Worksheet, actions_sheet, still_to_do, table

from .agreed_actions import FollowUp, follow_up, states
from .lessons import lessons

SHEET = later("Review actions")
RESULT, HIGHLIGHT, PROBLEM, LESSON = later(("Result", "Highlight", "Problem", "Lesson"))


class AgendaItems(Frame):
    """One row per item of the agenda."""

    item = col.text(later("Result, Highlight, Problem or Lesson"))
    text = col.text(later("what to say"))


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
                    [
                        Col("item", "term", "Item", context="agenda"),
                        Col("text", "text", "From the data", weight=5),
                    ],
                    fmt,
                    title=say("Agenda of the review meeting"),
                    note=say("As of {day}", day=day),
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
                Col("owner", "name", "Owner"),
                Col("due", "date", "Due"),
                Col("worth", "money", "Worth", compact=True),
                Col("why", "text", "Why", weight=3),
            ]
            found.append(
                table(
                    rows,
                    columns,
                    fmt,
                    title=say("Actions proposed"),
                    note=(
                        say(
                            "Worth where the page can state it; to be agreed in the meeting; as"
                            " of {day}",
                            day=day,
                        )
                    ),
                )
            )
        if len(self.follow_up):
            columns = [
                Col("meeting_date", "date", "Agreed"),
                Col("action", "text", "Action", weight=3),
                Col("owner", "name", "Owner"),
                Col("due", "date", "Due"),
                Col(
                    "said",
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
                    self.follow_up.assign(said=self._states()),
                    columns,
                    fmt,
                    title=say("What was agreed, and its state"),
                    note=say("The last meeting and everything still open; as of {day}", day=day),
                    limit=12,
                )
            )
        return found

    def _states(self) -> list[str]:
        return states(self.follow_up, pd.Timestamp(self.as_of))

    def reading(self) -> str:
        late = (
            self.follow_up[self.follow_up.state.str.startswith("overdue")]
            if len(self.follow_up)
            else self.follow_up
        )
        if self.actions:
            text = say("{actions} proposed.", actions=plural(len(self.actions), "action"))
        elif (self.agenda["item"] == PROBLEM).any():
            text = say(
                "No action is proposed by itself; the problems of the agenda are to be discussed."
            )
        else:
            text = say("Nothing on this page calls for an action.")
        if self.done_rate:
            text += say(
                " Of the actions agreed in the last 12 months and due by now {value}"
                " were done by their day",
                value=self.fmt.rate(*self.done_rate),
            )
            text += (
                say(
                    "; {n:,} {en_are} overdue.",
                    n=len(late),
                    en_are="is" if len(late) == 1 else "are",
                )
                if len(late)
                else say("; none is overdue.")
            )
        return text

    def headline(self) -> str:
        return say("Review: {actions} proposed", actions=plural(len(self.actions), "action")) + (
            say("; done by their day {value}", value=self.fmt.rate(*self.done_rate))
            if self.done_rate
            else ""
        )

    def worksheets(self) -> list[Worksheet]:
        agenda = Worksheet(
            say("Review meeting"),
            (
                ("item", say("Item", context="agenda"), "term"),
                ("text", say("From the data"), "text"),
            ),
            tuple((r["item"], r["text"]) for r in self.agenda.to_dict("records")),
        )
        keys = (
            ("meeting_date", say("Agreed"), "date"),
            ("action", say("Action"), "text"),
            ("owner", say("Owner"), "name"),
            ("due", say("Due"), "date"),
            ("done_on", say("Done"), "date"),
            ("state", say("State"), "text"),
            ("id", say("Number"), "text"),
        )
        sheets = [agenda, actions_sheet(SHEET, self.actions)]
        if len(self.follow_up):
            sheets.append(
                Worksheet(
                    say("Follow-up", context="meeting"),
                    keys,
                    tuple(
                        tuple(r[k] for k, _, _ in keys)
                        for r in self.follow_up.assign(
                            id=_numbers(self.follow_up), state=self._states()
                        ).to_dict("records")
                    ),
                )
            )
        return sheets


@page.section("review-meeting")
def review(book: Book, *results: page.Result) -> Review:
    """The review pack from the other findings of the page, of which any may be missing:
    performance, gap, causes, stuck deals for results and problems; those of ``lessons`` for what is
    learnt; bottleneck, cycle, channels and the price ladder for actions too.
    """
    given = {type(r): r for r in results}
    agenda = [row for row in _agenda(given, book.fmt) if row[1]]
    actions = tuple(still_to_do(SHEET, proposals(given, book), done_lately(book)))
    follow, done = follow_up(book)
    return Review(
        AgendaItems.make({"item": item, "text": text} for item, text in agenda),
        actions,
        follow,
        done,
        book.as_of,
        book.fmt,
    )


def _agenda(given: dict, fmt: Formats) -> list[tuple[str, str]]:
    """Result, highlights, problems, lessons: one line per finding that has something to say."""
    rows = [(RESULT, given[k].headline()) for k in (Performance, Gap) if k in given]
    if Performance in given:
        rows += _best_and_worst(given[Performance])
    if Causes in given:
        rows += [(PROBLEM, text) for text in given[Causes].problems(leaving=_stopped(given))]
    if StuckDeals in given and given[StuckDeals].stuck + given[StuckDeals].overdue:
        rows.append((PROBLEM, given[StuckDeals].headline()))
    return rows + [(LESSON, lesson) for lesson in lessons(given, fmt)]


def _stopped(given: dict) -> set[str]:
    """Channels that were stopped already: what is found at them needs no review."""
    found = given.get(Channels)
    return set(found.table.channel[found.table.verdict == "stopped"]) if found else set()


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
    for item, row in ((HIGHLIGHT, rows.iloc[-1]), (PROBLEM, rows.iloc[0])):
        beyond = (row.dimension, row.member) in found.beyond
        if beyond and row.measure and (row.measure > 0) == (item == HIGHLIGHT):
            said = {
                "label": named(row.label),
                "dimension": dimension_word(row.dimension),
                "measure": found.fmt.money(row.measure, compact=True, sign=True),
                "reason": row.reason,
            }
            text = (
                say("{label} ({dimension}): {measure} against target; {reason}", **said)
                if rows.gap.notna().any()
                else say("{label} ({dimension}): {measure} against last year; {reason}", **said)
            )
            items.append((item, text))
    return items


def _numbers(rows: pd.DataFrame) -> list[str]:
    """The number of each agreed action that is still to be done; empty for one that is done."""
    return [
        "" if state.startswith("done") else action_id("meeting", day.date(), action, owner)
        for day, action, owner, state in zip(
            rows.meeting_date, rows.action, rows.owner, rows.state, strict=True
        )
    ]
