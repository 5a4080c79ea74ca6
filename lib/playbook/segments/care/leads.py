"""Leads: how urgent they are, how many are valid, and what their records lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats, joined, listing, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.data.measures.lead_words import lead_words
from playbook.methods.intervals import Rate, wilson
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi
from playbook.segments.known import is_newest

from .lead_gaps import FIELDS, NEEDED, LeadGaps, lead_gaps
from .lead_grades import GRADES, UNKNOWN, deal_outcomes, grades, valid
from .lead_sheet import lead_sheet

GIVES = later("which leads are urgent, which are valid, and what their records lack")


class IntentGrades(column.Frame):
    """One row per grade of intent, the most urgent first."""

    grade = column.text("high, medium or low intent; unknown where leads carry no purchase day")
    leads = column.count("leads created in the trailing 12 months")
    valid = column.count("of them valid: purchase plan, budget and decision maker known")
    valid_share = column.share("valid of leads")
    decided = column.count("leads whose deal is won or lost")
    won = column.count("leads whose deal is won")
    win_rate = column.share("won of decided", low="low", high="high")
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")


class GradedLeads(column.Frame):
    """One row per lead created in the trailing 12 months."""

    lead_id = column.text("the lead")
    channel = column.text("channel it came by")
    company = column.text("company")
    industry = column.text("industry")
    region = column.text("region")
    rep_id = column.text("rep in charge")
    need = column.text("need as recorded")
    created = column.day("created")
    expected_purchase = column.day("when the purchase is expected")
    budget = column.money("budget")
    decision_maker = column.flag("the decision maker is known")
    converted_opportunity_id = column.text("the deal it became", optional=True)
    grade = column.text("high, medium or low intent; unknown where leads carry no purchase day")
    valid = column.flag("purchase plan, budget and decision maker are all known")


@dataclass(frozen=True)
class Leads(Result):
    """Leads created in the trailing 12 months by intent and validity.

    absent: fields that no lead carries at all, by their names on the page: nothing is concluded
    from them. newest: whether the records are of this month's export; words: field of a lead → the
    words the book knows for it, for the sheet to fill in.
    """

    section: ClassVar[str] = "leads"
    table: Annotated[pd.DataFrame, IntentGrades]
    leads: Annotated[pd.DataFrame, GradedLeads]
    gaps: Annotated[pd.DataFrame, LeadGaps]
    window: Window
    as_of: date
    fmt: Formats
    absent: tuple[str, ...] = ()
    newest: bool = True
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def note(self) -> str:
        return say(
            "leads created in {label} · n = {leads} · as of {as_of}",
            label=self.window.label,
            leads=self.fmt.count(len(self.leads)),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        grades = [
            Col("grade", "term", label="Intent"),
            Col("leads", "count", "Leads"),
            Col("valid", "count", "Valid"),
            Col("valid_share", "share", "Valid share"),
            Col("decided", "count", "Decided deals"),
            Col("won", "count"),
            Col("win_rate", "share", "Win rate", low="low", high="high"),
        ]
        gaps = [
            Col("field", "term", label="Field", weight=1.5),
            Col("missing", "count", "Missing"),
            Col("vague", "count", "Vague"),
            Col("share", "share", "of leads"),
        ]
        return [
            table(
                self.table,
                grades,
                self.fmt,
                title=say("Leads by intent"),
                note=say("Wilson 95 % · {note}", note=self.note),
            ),
            table(self.gaps, gaps, self.fmt, title=say("What lead records lack"), note=self.note),
        ]

    def reading(self) -> str:
        if self.leads.empty:
            return say("No lead was created in the trailing 12 months.")
        shown = [
            say(
                "{grade} {rate}",
                grade=term(r["grade"]),
                rate=self.fmt.rate(r["won"], r["decided"]),
            )
            for r in self.table.to_dict("records")
            if r["decided"] and r["grade"] != UNKNOWN
        ]
        rates = say("Win rate by intent: {shown}.", shown=listing(shown)) if shown else ""
        parts = (self._valid_text(), self._gap_text(), self._early_text(), rates)
        return joined(filter(None, parts), " ")

    @property
    def early(self) -> int:
        """Leads whose purchase is expected before they existed."""
        return int((self.leads["expected_purchase"] < self.leads["created"]).sum())

    def _early_text(self) -> str:
        n = self.early
        if not n:
            return ""
        return say(
            "{leads} {en_name} a purchase before {en_they} existed: no intent"
            " follows from that, and no plan.",
            leads=plural(n, "lead"),
            en_name="names" if n == 1 else "name",
            en_they="it" if n == 1 else "they",
        )

    def worksheets(self) -> Sequence[Worksheet]:
        """A blank sheet for new leads: the columns of the table leads, with drop-downs of the
        book's words, and no room for vague answers.
        """
        return [lead_sheet(self.words)]

    @property
    def judged(self) -> bool:
        """Whether leads carry all that makes them valid."""
        return not set(NEEDED.values()) & set(self.absent)

    @property
    def graded(self) -> bool:
        """Whether leads carry the day from which intent follows."""
        return FIELDS["expected_purchase"] not in self.absent

    def _valid_text(self) -> str:
        lacking = [name for name in NEEDED.values() if name in self.absent]
        if lacking:
            return say(
                "The leads carry no {lacking}: which of them are valid is not known.",
                lacking=" and no ".join(lacking),
            )
        valid, n = int(self.leads["valid"].sum()), len(self.leads)
        return say(
            "{valid} of the leads {en_are} valid: purchase plan, budget and"
            " decision maker all known.",
            valid=self.fmt.rate(valid, n),
            en_are="is" if valid == 1 else "are",
        )

    def _gap_text(self) -> str:
        if self.gaps.empty:
            return ""
        worst = self.gaps.iloc[0]
        if not worst["share"]:
            return say("No record lacks any of them.") if self.judged else ""
        return say(
            "What is lacking most is the {field} ({share}).",
            field=term(worst["field"]),
            share=self.fmt.share(worst["share"]),
        )

    def headline(self) -> str:
        if self.leads.empty:
            return say("Leads: none created in 12 months.")
        grades = [
            say("{grade} {n}", grade=term(grade), n=self.fmt.count(n))
            for grade, n in self.table[["grade", "leads"]].itertuples(index=False)
        ]
        counts = (
            joined(grades) if self.graded else say("{leads:,} in 12 months", leads=len(self.leads))
        )
        valid = (
            say("; {valid} valid", valid=self.fmt.share(self.leads["valid"].mean()))
            if self.judged
            else ""
        )
        return say("Leads: {counts}{valid}.", counts=counts, valid=valid)

    def kpis(self) -> Sequence[Kpi]:
        n = len(self.leads)
        return [
            *(
                Kpi(
                    "lead_grade.leads",
                    "trailing_12m",
                    int(r["leads"]),
                    "count",
                    {"grade": r["grade"]},
                    n=n,
                )
                for r in self.table.to_dict("records")
            ),
            Kpi.rate(
                "lead_valid",
                "trailing_12m",
                Rate(int(self.leads["valid"].sum()), n if self.judged else 0),
                None,
                say("no lead was created")
                if self.judged
                else say("leads lack a field that makes them valid"),
            ),
        ]

    def notes(self) -> Sequence[str]:
        none = int(self.leads["expected_purchase"].isna().sum())
        later = (
            ""
            if self.newest
            else (
                say(
                    " Plan, budget, decision maker and owner carry no day: they are"
                    " those of the export, not of this month."
                )
            )
        )
        return (
            (
                say(
                    "Intent is high when the purchase was expected within one month of"
                    " the lead's creation, medium within three, low beyond, without a"
                    " date ({leads} here), or where the date lies before the lead"
                    " existed. A word such as “unknown” or “later” in a field counts as"
                    " vague, not as an answer. A blank lead sheet with drop-downs is in"
                    " the workbook.{later}",
                    leads=plural(none, "lead"),
                    later=later,
                )
            ),
        )


@section("leads")
def leads(book: Book) -> Leads:
    """Leads of the trailing 12 months by intent and validity. Needs leads (lead_id, created)."""
    book.need("leads", "lead_id", "created", gives=GIVES)
    window = book.window("trailing_12m")
    every = contacts.leads(book.table("leads"))
    frame = every[
        (every["created"] >= pd.Timestamp(window.start))
        & (every["created"] <= pd.Timestamp(window.end))
    ]
    known = book.has("leads", "expected_purchase")
    frame = frame.assign(
        grade=grades(frame["created"], frame["expected_purchase"]) if known else UNKNOWN,
        valid=valid(frame),
    )
    absent = tuple(field for name, field in FIELDS.items() if not book.has("leads", name))
    return Leads(
        _by_grade(frame, deal_outcomes(book)),
        frame,
        lead_gaps(frame, absent),
        window,
        book.as_of,
        book.fmt,
        absent,
        is_newest(book),
        lead_words(book),
    )


def _by_grade(frame: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    ends = (
        frame["lead_id"].map(outcome)
        if len(outcome)
        else pd.Series(pd.NA, index=frame.index, dtype="object")
    )
    rows = []
    for grade in [UNKNOWN] if (frame["grade"] == UNKNOWN).any() else GRADES:
        of = frame["grade"] == grade
        k, n, ok = (
            int((of & (ends == "won")).sum()),
            int((of & ends.isin(["won", "lost"])).sum()),
            int((of & frame["valid"]).sum()),
        )
        low, high = wilson(k, n)
        rows.append(
            {
                "grade": grade,
                "leads": int(of.sum()),
                "valid": ok,
                "valid_share": ok / of.sum() if of.any() else None,
                "decided": n,
                "won": k,
                "win_rate": k / n if n else None,
                "low": low,
                "high": high,
            }
        )
    return IntentGrades.make(rows)
