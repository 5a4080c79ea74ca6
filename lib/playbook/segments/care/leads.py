"""Leads: intent by expected purchase, validity, and what their records lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, listing, plural
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.methods.intervals import Rate, wilson
from playbook.page import Col, Result, Table, section, table
from playbook.page.kpi import Kpi

GIVES = "which leads are urgent, which are valid, and what their records lack"
GRADES = ("high", "medium", "low")
FIELDS = {
    "company": "company",
    "channel": "channel",
    "need": "need",
    "expected_purchase": "purchase plan",
    "budget": "budget",
    "decision_maker": "decision maker",
    "rep_id": "owner",
}
VAGUE = {
    "",
    "-",
    "–",
    "?",
    "n/a",
    "na",
    "none",
    "unknown",
    "tbd",
    "later",
    "soon",
    "待定",
    "不详",
    "未知",
    "无",
    "以后",
    "尽快",
}


@dataclass(frozen=True)
class Leads(Result):
    """``table``: one row per intent grade: leads, valid, share, decided, won, win_rate with
    interval. ``leads``: one row each with
    grade and valid. ``gaps``: per field the leads that lack it or hold a vague word.
    """

    section: ClassVar[str] = "leads"
    table: pd.DataFrame
    leads: pd.DataFrame
    gaps: pd.DataFrame
    window: Window
    as_of: date
    fmt: Formats

    @property
    def note(self) -> str:
        return (
            f"leads created in {self.window.label} · n = {self.fmt.count(len(self.leads))} · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )

    def tables(self) -> Sequence[Table]:
        grades = [
            Col("grade", label="Intent"),
            Col("leads", "count", "Leads"),
            Col("valid", "count", "Valid"),
            Col("valid_share", "share", "Valid share"),
            Col("decided", "count", "Decided deals"),
            Col("won", "count"),
            Col("win_rate", "share", "Win rate", low="low", high="high"),
        ]
        gaps = [
            Col("field", label="Field", weight=1.5),
            Col("missing", "count", "Missing"),
            Col("vague", "count", "Vague"),
            Col("share", "share", "of leads"),
        ]
        return [
            table(
                self.table,
                grades,
                self.fmt,
                title="Leads by intent",
                note=f"Wilson 95 % · {self.note}",
            ),
            table(self.gaps, gaps, self.fmt, title="What lead records lack", note=self.note),
        ]

    def reading(self) -> str:
        if self.leads.empty:
            return "No lead was created in the trailing 12 months."
        valid, n = int(self.leads["valid"].sum()), len(self.leads)
        worst = self.gaps.iloc[0]
        text = (
            f"{self.fmt.rate(valid, n)} of the leads are valid: purchase plan, budget and decision"
            f" maker all known. What is lacking most is the {worst['field']}"
            f" ({self.fmt.share(worst['share'])})."
        )
        shown = [
            f"{r['grade']} {self.fmt.rate(r['won'], r['decided'])}"
            for r in self.table.to_dict("records")
            if r["decided"]
        ]
        return text + (f" Win rate by intent: {listing(shown)}." if shown else "")

    def headline(self) -> str:
        if self.leads.empty:
            return "Leads: none created in 12 months."
        return (
            "Leads:"
            f" {', '.join(f'{g} {self.fmt.count(n)}' for g, n in self.table[['grade', 'leads']].itertuples(index=False))};"
            f" {self.fmt.share(self.leads['valid'].mean())} valid."
        )

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
                Rate(int(self.leads["valid"].sum()), n),
                None,
                "no lead was created",
            ),
        ]

    def notes(self) -> Sequence[str]:
        none = int(self.leads["expected_purchase"].isna().sum())
        return (
            (
                "Intent is high when the purchase was expected within one month of the lead's"
                " creation, medium within three, low beyond or without a date"
                f" ({plural(none, 'lead')} here). A word such as “unknown” or “later” in a field"
                " counts as vague, not as an answer."
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
    frame = frame.assign(
        grade=grades(frame["created"], frame["expected_purchase"]), valid=valid(frame)
    )
    return Leads(
        _by_grade(frame, won_leads(book)), frame, _gaps(frame), window, book.as_of, book.fmt
    )


def grades(created: pd.Series, expected: pd.Series) -> np.ndarray:
    """high within one calendar month of creation, medium within three, low beyond or without a
    date.
    """
    months = [expected <= created + pd.DateOffset(months=k) for k in (1, 3)]
    return np.select(months, GRADES[:2], GRADES[2])


def valid(frame: pd.DataFrame) -> pd.Series:
    """Purchase plan, budget and decision maker all known."""
    return (
        frame["expected_purchase"].notna()
        & (frame["budget"].fillna(0) > 0)
        & frame["decision_maker"].astype("boolean").fillna(False).astype(bool)
    )


def won_leads(book: Book) -> pd.Series:
    """lead_id → outcome of its deal; leads without a deal are absent."""
    if not book.has("opportunities", "lead_id"):
        return pd.Series(dtype="str")
    deals = contacts.outcomes(book.table("opportunities")).dropna(subset="lead_id")
    return deals.drop_duplicates("lead_id", keep="last").set_index("lead_id")["outcome"]


def _by_grade(frame: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    ends = (
        frame["lead_id"].map(outcome)
        if len(outcome)
        else pd.Series(pd.NA, index=frame.index, dtype="object")
    )
    rows = []
    for grade in GRADES:
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
    return pd.DataFrame(rows)


def _gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Fields by the share of leads that lack them; a decision maker marked "no" is an answer, only
    validity asks for yes.
    """
    rows = []
    for column, field in FIELDS.items():
        missing = frame[column].isna()
        words = (
            frame[column].astype("str").str.strip().str.lower()
            if column in ("company", "need", "channel")
            else pd.Series("x", index=frame.index)
        )
        vague = ~missing & words.isin(VAGUE)
        rows.append(
            {
                "field": field,
                "missing": int(missing.sum()),
                "vague": int(vague.sum()),
                "share": float((missing | vague).mean()) if len(frame) else None,
            }
        )
    return (
        pd.DataFrame(rows)
        .sort_values(["share", "field"], ascending=[False, True])
        .reset_index(drop=True)
    )
