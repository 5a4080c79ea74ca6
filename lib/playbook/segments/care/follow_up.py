"""Follow-up: promises kept, actions overdue, contacts that lead nowhere, gaps in the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.data.measures import customers as measures
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi

from .attention import Attention, attention
from .contact_records import RecordChecks, record_checks
from .open_actions import OverdueActions, StalledSubjects, overdue_actions, stalled_subjects
from .rhythm import RhythmGroups, rhythm

GIVES = (
    "which customers and leads are not contacted as promised, and which agreed actions are overdue"
)


@dataclass(frozen=True)
class ContactFollowUp(Result):
    """Contacts of the trailing 12 months against the rhythm promised to customers and leads."""

    section: ClassVar[str] = "follow-up"
    table: Annotated[pd.DataFrame, RhythmGroups]
    overdue: Annotated[pd.DataFrame, OverdueActions]
    stalled: Annotated[pd.DataFrame, StalledSubjects]
    checks: Annotated[pd.DataFrame, RecordChecks]
    top: int
    as_of: date
    fmt: Formats

    @property
    def note(self) -> str:
        return f"contacts of the trailing 12 months · as of {self.fmt.text(self.as_of, 'date')}"

    def tables(self) -> Sequence[Table]:
        kept = [
            Col("group", label="Group", weight=1.5),
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
            Col("owner", weight=1.5),
            Col("due", "date"),
            Col("late", "days", "Late by"),
            Col("worth", "money", "Worth"),
        ]
        stalled = [
            Col("name", weight=2),
            Col("owner", weight=1.5),
            Col("group", label="Group"),
            Col("touches", "count", "Contacts without progress"),
            Col("last", "date", "Last contact"),
            Col("worth", "money", "Worth"),
        ]
        checks = [
            Col("check", label="Record", weight=3),
            Col("n", "count", "Contacts"),
            Col("share", "share", "Share", low="low", high="high"),
        ]
        return [
            table(
                self.table,
                kept,
                self.fmt,
                title="Is the promised rhythm kept?",
                note=f"Wilson 95 % · {self.note}",
            ),
            table(
                self.overdue,
                late,
                self.fmt,
                title="Agreed actions that are overdue",
                note=self.note,
                limit=self.top,
            ),
            table(
                self.stalled,
                stalled,
                self.fmt,
                title="Three contacts or more without progress",
                note=self.note,
                limit=self.top,
            ),
            table(
                self.checks,
                checks,
                self.fmt,
                title="What the contact records lack",
                note=f"Wilson 95 % · {self.note}",
            ),
        ]

    def reading(self) -> str:
        kept, n = int(self.table["kept"].sum()), int(self.table["subjects"].sum())
        text = (
            f"{self.fmt.rate(kept, n)} of customers and open leads were contacted in their promised"
            " rhythm. "
            if n
            else ""
        )
        text += (
            f"{plural(len(self.overdue), 'agreed action')}"
            f" {'is' if len(self.overdue) == 1 else 'are'} overdue;"
            f" {plural(len(self.stalled), 'customer or lead', 'customers and leads')} had three"
            " contacts or more in a row without progress: change the approach or stop."
        )
        return text

    def headline(self) -> str:
        kept, n = int(self.table["kept"].sum()), int(self.table["subjects"].sum())
        return (
            f"Follow-up: {plural(len(self.overdue), 'agreed action')} overdue; rhythm kept for"
            f" {self.fmt.rate(kept, n)}; {self.fmt.count(len(self.stalled))} stalled."
        )

    def kpis(self) -> Sequence[Kpi]:
        return [
            Kpi(
                "follow_up.overdue",
                "trailing_12m",
                len(self.overdue),
                "count",
                n=int(self.checks["of"].max()) if len(self.checks) else 0,
            ),
            *(
                Kpi(
                    "follow_up.out_of_cadence",
                    "trailing_12m",
                    int(r["subjects"] - r["kept"]),
                    "count",
                    {"cadence": r["group"]},
                    n=int(r["subjects"]),
                )
                for r in self.table.to_dict("records")
            ),
        ]

    def worksheets(self) -> Sequence[Worksheet]:
        return [
            Worksheet(
                "Overdue follow-ups",
                (
                    ("name", "Customer or lead", "text"),
                    ("next_action", "Agreed action", "text"),
                    ("owner", "Owner", "text"),
                    ("due", "Due", "date"),
                    ("late", "Days late", "count"),
                    ("worth", "Worth", "money"),
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
                "Customers follow the rhythm of their ABC class, open leads that of their intent"
                " today; both rhythms are settings. In time means the last contact lies no longer"
                " back than the promised days. An agreed action is overdue when the contact is"
                " still open after its due day."
            ),
        )


@section("follow-up")
def follow_up(book: Book, top: int = 15) -> ContactFollowUp:
    """Promised rhythm, overdue actions and quality of the records. Needs activities (date, kind)
    with customers or leads.
    """
    book.need("activities", "date", "kind", gives=GIVES)
    found = attention(book)
    names = _named(book, found)
    return ContactFollowUp(
        rhythm(found.subjects),
        overdue_actions(book, found.log, names),
        stalled_subjects(found.log, found.subjects),
        record_checks(found.log, book.settings.segments.record_days),
        top,
        book.as_of,
        book.fmt,
    )


def _named(book: Book, found: Attention) -> pd.DataFrame:
    """subject → name and worth of those to be contacted and of every other customer and lead, with
    whom an agreed action may still be open.
    """
    parts = [found.subjects[["subject", "name", "worth"]]]
    if found.people is not None:
        parts.append(
            found.people.frame[["customer_id", "name", "net_year"]].set_axis(
                ["subject", "name", "worth"], axis=1
            )
        )
    elif book.has("customers"):
        parts.append(
            measures.who(book.table("customers"))[["customer_id", "name"]].set_axis(
                ["subject", "name"], axis=1
            )
        )
    if book.has("leads", "lead_id", "company"):
        parts.append(
            contacts.leads(book.table("leads"))[["lead_id", "company", "budget"]].set_axis(
                ["subject", "name", "worth"], axis=1
            )
        )
    return (
        pd.concat(parts, ignore_index=True)
        .dropna(subset="subject")
        .drop_duplicates("subject")
        .set_index("subject")
    )
