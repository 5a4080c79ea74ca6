"""The review of the day: what was met, what was decided, what to say tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, listing, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.day_counts import AGAIN, contacts_on, day_counts
from playbook.data.measures.days import day_of
from playbook.funnel.deal_lists import with_names
from playbook.funnel.talk.scripts import find, in_words
from playbook.funnel.talk.wording import tidy
from playbook.page import Col, Table, table

from .decisions import ROWS, DayDecisions, deals_or_none, decisions, decisions_table
from .words import counted_word

GIVES = later("the review of the day, filled from the data")
WORK = ("contacts", "deals won", "deals lost")  # what makes a day one to review


class DayQuestions(Frame):
    """One row per contact of the day that met an objection; where none did, that did not get on."""

    customer = col.text(later("the customer as a page names it"))
    owner = col.text(later("the rep as a page names it"))
    opportunity_id = col.text(later("the deal, where the contact names one"))
    met = col.text(later("the objection, else what the customer said"))
    tomorrow = col.text(later("the script's answer, else the next action agreed"))


@dataclass(frozen=True)
class DayReview(page.Result):
    """The last day on which somebody worked: what was met, what was decided, what to do tomorrow.

    objected: whether the questions are objections. counts: what → how often on the day.
    """

    questions: Annotated[pd.DataFrame, DayQuestions]
    decided: Annotated[pd.DataFrame, DayDecisions]
    objected: bool
    counts: dict[str, int]
    day: date
    as_of: date
    fmt: Formats
    section = "day-review"

    def tables(self) -> list[Table]:
        fmt, found, day = self.fmt, [], self.fmt.text(self.day, "date")
        if len(self.questions):
            columns = [
                Col("customer", "name", "Customer", weight=2),
                Col("owner", "name", "Owner"),
                Col("opportunity_id", "text", "Deal"),
                Col("met", "text", "What came up"),
                Col("tomorrow", "text", "For tomorrow", weight=4),
            ]
            found.append(
                table(
                    self.questions,
                    columns,
                    fmt,
                    title=say("Review of the day: what came up"),
                    note=say("Contacts of {day} that met an objection", day=day)
                    if self.objected
                    else say("Contacts of {day} that did not get on", day=day),
                    limit=ROWS,
                )
            )
        return found + decisions_table(self.decided, say("Decided on the day"), fmt)

    def reading(self) -> str:
        fmt = self.fmt
        done = [counted_word(n, what, fmt) for what, n in self.counts.items() if n]
        day = fmt.text(self.day, "date")
        text = (
            say("{day}: {done}.", day=day, done=listing(done, 8))
            if done
            else say("{day}: nothing on record.", day=day)
        )
        if len(self.questions):
            met = self.questions.met.value_counts()
            first = sorted(met[met == met.max()].index)[0]
            said = {
                "contacts": plural(len(self.questions), "contact"),
                "first": first,
                "met": fmt.count(int(met.max())),
            }
            text += (
                say(" {contacts} met an objection; most often: {first} ({met}).", **said)
                if self.objected
                else say(" {contacts} did not get on; most often: {first} ({met}).", **said)
            )
        return text

    def notes(self) -> list[str]:
        early = (self.as_of - self.day).days
        return (
            [
                say(
                    "No contact and no decision is on record for the {days} after it.",
                    days=plural(early, "day"),
                )
            ]
            if early
            else []
        )


@page.section("day-review")
def day_review(book: Book) -> DayReview:
    """The last day of the month with a contact or a decision (else with anything at all) on record.
    Needs deals, leads, orders or activities.
    """
    deals = deals_or_none(book)
    counts = day_counts(deals, book, book.month.start, book.as_of)
    if counts.empty:
        raise NotAvailable({"opportunities": ("outcome",)}, GIVES, say("nothing in the month"))
    work = counts[counts.what.isin(WORK)]
    last = (work if len(work) else counts).day.max()
    day, here = day_of(last), counts[counts.day == last].set_index("what").n
    questions, objected = _questions(book, day)
    return DayReview(
        questions,
        decisions(deals, book, day, day),
        objected,
        {what: int(n) for what, n in here.items() if what not in ("sales", AGAIN)},
        day,
        book.as_of,
        book.fmt,
    )


def _questions(book: Book, day: date) -> tuple[pd.DataFrame, bool]:
    """Contacts of the day that met an objection; where none did, those that did not get on."""
    if not book.has("activities", "date"):
        return DayQuestions.make([]), False
    rows = contacts_on(book, day)
    objected = rows.objection.notna()
    stood = rows.progressed.eq(False).fillna(False).astype(bool)
    chosen = rows[objected] if objected.any() else rows[stood & rows.feedback.notna()]
    if chosen.empty:
        return DayQuestions.make([]), False
    named = with_names(chosen, book)
    met = [
        tidy(o) if isinstance(o, str) else said
        for o, said in zip(named.objection, named.feedback, strict=True)
    ]
    scripts = [
        find(o, book.settings.funnel.scripts) if isinstance(o, str) else None
        for o in named.objection
    ]
    plain = say("see the script library")
    tomorrow = [
        in_words(s, s.say).replace("{ownership}", say("compare what a year of use costs."))
        if s is not None
        else (
            a if isinstance(a, str) else plain if isinstance(o, str) else say("agree the next step")
        )
        for s, a, o in zip(scripts, named.next_action, named.objection, strict=True)
    ]
    found = named.assign(met=met, tomorrow=tomorrow).reset_index(drop=True)
    return found[DayQuestions.names()], bool(objected.any())
