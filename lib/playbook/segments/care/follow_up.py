"""Follow-up: is the promised rhythm kept, what is overdue, where do contacts lead nowhere, and what
do the records lack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.data.measures import customers as measures
from playbook.methods.intervals import Rate, wilson
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi
from playbook.segments.population import rep_labels

from .attention import Attention, attention

GIVES = (
    "which customers and leads are not contacted as promised, and which agreed actions are overdue"
)
TOUCHES = 3


@dataclass(frozen=True)
class FollowUp(Result):
    """``table``: one row per group (A, B, C, intents): subjects, promised_days, kept, share with
    interval, never.
    ``overdue``: agreed next actions past their due day, latest first by worth. ``stalled``:
    subjects whose last three contacts moved nothing.
    ``record``: what the log lacks: check, n, of.
    """

    section: ClassVar[str] = "follow-up"
    table: pd.DataFrame
    overdue: pd.DataFrame
    stalled: pd.DataFrame
    checks: pd.DataFrame
    top: int
    as_of: date
    fmt: Formats

    @property
    def note(self) -> str:
        return f"contacts of the trailing 12 months · as of {self.fmt.text(self.as_of, 'date')}"

    def tables(self) -> Sequence[Table]:
        rhythm = [
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
                rhythm,
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
def follow_up(book: Book, top: int = 15) -> FollowUp:
    """Rhythm, overdue actions and record quality. Needs activities (date, kind) with customers or
    leads.
    """
    book.need("activities", "date", "kind", gives=GIVES)
    found = attention(book)
    names = _named(book, found)
    return FollowUp(
        _rhythm(found.subjects),
        _overdue(book, found.log, names),
        _stalled(found.log, found.subjects),
        _checks(found.log, book.settings.segments.record_days),
        top,
        book.as_of,
        book.fmt,
    )


def _named(book: Book, found: Attention) -> pd.DataFrame:
    """subject → name and worth: those to be contacted first, then every customer and lead, for an
    action agreed with one of them may still be open.
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


def _rhythm(subjects: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for group in dict.fromkeys(["A", "B", "C", "high intent", "medium intent", "low intent"]):
        of = subjects[subjects["group"] == group]
        if of.empty:
            continue
        k, n = int((of["silent_days"] <= of["promised_days"]).sum()), len(of)
        low, high = wilson(k, n)
        rows.append(
            {
                "group": group,
                "promised_days": of["promised_days"].iloc[0],
                "subjects": n,
                "kept": k,
                "share": k / n,
                "low": low,
                "high": high,
                "never": int(of["last"].isna().sum()),
                "silent_days": of["silent_days"].median(),
            }
        )
    return pd.DataFrame(
        rows,
        columns=[
            "group",
            "promised_days",
            "subjects",
            "kept",
            "share",
            "low",
            "high",
            "never",
            "silent_days",
        ],
    )


def _overdue(book: Book, log: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    today = pd.Timestamp(book.as_of)
    late = log[(log["status"] == "open") & (log["due"] < today)]
    owner = late["next_owner"].where(late["next_owner"].notna(), late["rep_id"])
    rows = late.assign(
        name=late["subject"].map(names["name"]).fillna(late["subject"]).fillna("–"),
        owner_id=owner,
        owner=rep_labels(book, owner),
        late=(today - late["due"]).dt.days,
        worth=pd.to_numeric(late["subject"].map(names["worth"])),
    )
    return rows.sort_values(
        ["worth", "late", "activity_id"], ascending=[False, False, True], na_position="last"
    ).reset_index(drop=True)


def _stalled(log: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Subjects still to be contacted whose newest contacts, three or more in a row, are all marked
    without progress.
    """
    told = log[
        log["progressed"].notna() & log["subject"].isin(set(subjects["subject"]))
    ].sort_values(["subject", "date", "activity_id"], ascending=[True, False, False])
    moved = told["progressed"].astype(bool)
    since = (
        moved.groupby(told["subject"]).cumsum() == 0
    )  # newest contacts up to the last one that moved something
    touches = since.groupby(told["subject"]).sum()
    rows = subjects.assign(touches=subjects["subject"].map(touches).fillna(0).astype(int))
    rows = rows[rows["touches"] >= TOUCHES]
    return rows.sort_values(
        ["worth", "touches", "subject"], ascending=[False, False, True], na_position="last"
    ).reset_index(drop=True)


def _checks(log: pd.DataFrame, late_days: int) -> pd.DataFrame:
    newest = log.sort_values(["date", "activity_id"]).drop_duplicates("subject", keep="last")
    recorded = log[log["recorded_after"].notna()]
    tests = [
        ("Newest contact without a next action", newest["next_action"].isna()),
        ("Newest contact without an owner of the next action", newest["next_owner"].isna()),
        ("Newest contact without a due day", newest["due"].isna()),
        (
            f"Recorded more than {plural(late_days, 'day')} after the contact",
            recorded["recorded_after"] > late_days,
        ),
    ]
    rows = []
    for check, hit in tests:
        k, n = int(hit.sum()), len(hit)
        low, high = Rate(k, n).interval
        rows.append(
            {
                "check": check,
                "n": k,
                "of": n,
                "share": k / n if n else None,
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(rows)
