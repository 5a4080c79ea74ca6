"""Follow-up: promises kept, actions overdue, contacts that lead nowhere, gaps in the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi
from playbook.segments.illustrations import illustration, not_set

from .attention import attention, rhythm_settings
from .contact_records import RecordChecks, record_checks
from .known_actions import overdue_of, stalled_of
from .open_actions import (
    OverdueActions,
    StalledSubjects,
    overdue_gap,
)
from .rhythm import RhythmGroups, rhythm

GIVES = later(
    "which customers and leads are not contacted as promised, and which agreed actions are overdue"
)
RECORDED = ("next_action", "next_owner", "due", "recorded_at")


@dataclass(frozen=True)
class ContactFollowUp(Result):
    """Contacts of the trailing 12 months against the rhythm promised to customers and leads.

    gap: why overdue actions cannot be told; empty where they can. marked: whether contacts record
    progress at all; unset: settings of the rhythm that nobody set, which makes it an illustration.
    """

    section: ClassVar[str] = "follow-up"
    table: Annotated[pd.DataFrame, RhythmGroups]
    overdue: Annotated[pd.DataFrame, OverdueActions]
    stalled: Annotated[pd.DataFrame, StalledSubjects]
    checks: Annotated[pd.DataFrame, RecordChecks]
    top: int
    as_of: date
    fmt: Formats
    gap: str = ""
    marked: bool = True
    unset: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        return say(
            "contacts of the trailing 12 months · as of {as_of}",
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        kept = [
            Col("group", "term", label="Group", weight=1.5),
            Col("promised_days", "days", "A contact every"),
            Col("subjects", "count", "Customers or leads"),
            Col("kept", "count", "In time"),
            Col("share", "share", "In time", low="low", high="high"),
            Col("never", "count", "No contact in 12 months"),
            Col("silent_days", "days", "Median silence"),
        ]
        late = [
            Col("name", weight=2),
            Col("next_action", label="Agreed action", weight=2),
            Col("owner", "name", weight=1.5),
            Col("due", "date"),
            Col("late", "days", "Late by"),
            Col("worth", "money", "Worth"),
        ]
        stalled = [
            Col("name", weight=2),
            Col("owner", "name", weight=1.5),
            Col("group", "term", label="Group"),
            Col("touches", "count", "Contacts without progress"),
            Col("last", "date", "Last contact"),
            Col("worth", "money", "Worth"),
        ]
        checks = [
            Col("check", "term", label="Record", weight=3),
            Col("n", "count", "Contacts"),
            Col("share", "share", "Share", low="low", high="high"),
        ]
        title = say("Is the promised rhythm kept?")
        found = [
            table(
                self.table,
                kept,
                self.fmt,
                title=say("Illustration: {title}", title=title[0].lower() + title[1:])
                if self.unset
                else title,
                note=say("Wilson 95 % · {note}", note=self.note),
            )
        ]
        if not self.gap:
            found.append(
                table(
                    self.overdue,
                    late,
                    self.fmt,
                    title=say("Agreed actions that are overdue"),
                    note=self.note,
                    limit=self.top,
                )
            )
        if self.marked:
            found.append(
                table(
                    self.stalled,
                    stalled,
                    self.fmt,
                    title=say("Three contacts or more without progress"),
                    note=self.note,
                    limit=self.top,
                )
            )
        if len(self.checks):
            found.append(
                table(
                    self.checks,
                    checks,
                    self.fmt,
                    title=say("What the contact records lack"),
                    note=say("Wilson 95 % · {note}", note=self.note),
                )
            )
        return found

    def reading(self) -> str:
        n, late, still = self._subjects, len(self.overdue), len(self.stalled)
        overdue = (
            say("Overdue actions are not available: {gap}.", gap=self.gap)
            if self.gap
            else say(
                "{agreed_actions} {en_are} overdue.",
                agreed_actions=plural(late, "agreed action"),
                en_are="is" if late == 1 else "are",
            )
        )
        stalled = (
            say(
                "{customer_or_leads} had three contacts or more in a row without"
                " progress: change the approach or stop.",
                customer_or_leads=plural(still, "customer or lead", "customers and leads"),
            )
            if self.marked and still
            else (
                say("No customer or lead had three contacts in a row without progress.")
                if self.marked
                else say(
                    "Contacts do not record progress: which of them lead nowhere is not known."
                )
            )
        )
        rhythm = (
            say(
                "{kept} of customers and open leads were contacted in such a rhythm.",
                kept=self.fmt.rate(self._kept, n),
            )
            if n and self.unset
            else say(
                "{kept} of customers and open leads were contacted in their promised rhythm.",
                kept=self.fmt.rate(self._kept, n),
            )
            if n
            else ""
        )
        shown = (overdue, stalled, illustration(self.unset) if n else "", rhythm)
        return joined(filter(None, shown), " ")

    @property
    def _subjects(self) -> int:
        return int(self.table["subjects"].sum())

    @property
    def _kept(self) -> int:
        return int(self.table["kept"].sum())

    def headline(self) -> str:
        parts = []
        if not self.gap:
            parts.append(
                say(
                    "{agreed_actions} overdue",
                    agreed_actions=plural(len(self.overdue), "agreed action"),
                )
            )
        if self._subjects and not self.unset:
            parts.append(
                say("rhythm kept for {kept}", kept=self.fmt.rate(self._kept, self._subjects))
            )
        if self.marked:
            parts.append(say("{n} stalled", n=self.fmt.count(len(self.stalled))))
        return say("Follow-up: {parts}.", parts=joined(parts, "; ")) if parts else ""

    def kpis(self) -> Sequence[Kpi]:
        return [
            Kpi(
                "follow_up.overdue",
                "trailing_12m",
                None if self.gap else len(self.overdue),
                "count",
                n=int(self.checks["of"].max()) if len(self.checks) else 0,
                why=self.gap or None,
            ),
            *(
                Kpi(
                    "follow_up.out_of_cadence",
                    "trailing_12m",
                    int(r["subjects"] - r["kept"]),
                    "count",
                    {"cadence": r["group"]},
                    n=int(r["subjects"]),
                    method="illustration: a rhythm nobody set" if self.unset else None,
                )
                for r in self.table.to_dict("records")
            ),
        ]

    def worksheets(self) -> Sequence[Worksheet]:
        if self.gap:
            return []
        return [
            Worksheet(
                say("Overdue follow-ups"),
                (
                    ("name", say("Customer or lead"), "text"),
                    ("next_action", say("Agreed action"), "text"),
                    ("owner", say("Owner"), "name"),
                    ("due", say("Due"), "date"),
                    ("late", say("Days late"), "count"),
                    ("worth", say("Worth"), "money"),
                ),
                tuple(
                    tuple(row)
                    for row in self.overdue[
                        ["name", "next_action", "owner", "due", "late", "worth"]
                    ].itertuples(index=False)
                ),
            )
        ]

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "Customers follow the rhythm of their ABC class, open leads that of"
                    " their intent as their records say now; both rhythms are settings."
                    " A contact counts for the customer it names, and for the customer"
                    " of the deal or lead it names. In time means the last contact lies"
                    " no longer back than the promised days. An agreed action is overdue"
                    " when the contact is still open after its due day."
                )
            ),
        )


@section("follow-up")
def follow_up(book: Book, top: int = 15) -> ContactFollowUp:
    """Promised rhythm, overdue actions and quality of the records. Needs activities (date, kind)
    with customers or leads.
    """
    book.need("activities", "date", "kind", gives=GIVES)
    found, settings = attention(book), book.settings.segments
    columns = [name for name in RECORDED if book.has("activities", name)]
    return ContactFollowUp(
        rhythm(found.subjects),
        overdue_of(book),
        stalled_of(book),
        record_checks(found.log, settings.record_days, columns),
        top,
        book.as_of,
        book.fmt,
        overdue_gap(book),
        book.has("activities", "progressed"),
        not_set(settings, *rhythm_settings(found.subjects)),
    )
