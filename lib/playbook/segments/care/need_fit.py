"""Need fit: how well our strengths meet a lead's needs, in bands, checked against the deals won;
buying power on its own axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.settings import SegmentSettings
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.methods.intervals import wilson
from playbook.page import Col, Result, Table, section, table
from playbook.page.kpi import Kpi

GIVES = "which leads' needs we meet, and whether good fit really wins"
BANDS = ("high", "medium", "low")
STRATEGY = {
    ("high", "high"): "Priority: senior rep, visit this week, offer",
    ("high", "medium"): "Priority: solution demo, value case",
    ("high", "low"): "Small entry offer, grow later",
    ("medium", "high"): "Priority follow-up: close the missing needs first",
    ("medium", "medium"): "Regular follow-up",
    ("medium", "low"): "Low-cost contact",
    ("low", "high"): "Clarify needs once, then decide",
    ("low", "medium"): "Mailing only",
    ("low", "low"): "Stop",
}


@dataclass(frozen=True)
class NeedFit(Result):
    """``table``: one row per band: leads, share, decided, won, win_rate with interval, other (leads
    by the other rule).
    ``leads``: one row per subject with share of maximum, total, band, band_other. ``grid``: band ×
    buying power.
    """

    section: ClassVar[str] = "need-fit"
    table: pd.DataFrame
    leads: pd.DataFrame
    grid: pd.DataFrame
    rule: str
    settings: SegmentSettings
    wrong: int
    as_of: date
    fmt: Formats

    @property
    def rules(self) -> dict[str, str]:
        high, medium = (self.fmt.share(v, decimals=0) for v in self.settings.fit_shares)
        top, middle = (self.fmt.count(v) for v in self.settings.fit_totals)
        return {
            "scaled": f"share of the maximum: high from {high}, medium from {medium}",
            "totals": f"raw totals: high from {top}, medium from {middle}",
        }

    @property
    def note(self) -> str:
        return (
            "leads and customers with scored needs · all data · n ="
            f" {self.fmt.count(len(self.leads))} · rule: {self.rules[self.rule]} · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )

    def tables(self) -> Sequence[Table]:
        bands = [
            Col("band", label="Need fit"),
            Col("leads", "count", "Leads"),
            Col("share", "share"),
            Col("decided", "count", "Decided deals"),
            Col("won", "count"),
            Col("win_rate", "share", "Win rate", low="low", high="high"),
            Col("other", "count", "Leads by the other rule"),
        ]
        grid = [
            Col("band", label="Need fit"),
            Col("power", label="Buying power"),
            Col("leads", "count", "Leads"),
            Col("strategy", label="Follow-up", weight=3),
        ]
        return [
            table(
                self.table,
                bands,
                self.fmt,
                title="Does good fit win?",
                note=f"Wilson 95 % · {self.note}",
            ),
            table(self.grid, grid, self.fmt, title="Need fit and buying power", note=self.note),
        ]

    def reading(self) -> str:
        text = f"Bands follow the {self.rules[self.rule]}; "
        differ = int((self.leads["band"] != self.leads["band_other"]).sum())
        text += f"the other rule would put {plural(differ, 'lead')} into another band. "
        rates = self.table.set_index("band")
        both = rates.loc[["high", "low"], "decided"].min() > 0
        if both and rates.loc["low", "win_rate"] > 0:
            lift = rates.loc["high", "win_rate"] / rates.loc["low", "win_rate"]
            verdict = "the score learns little" if lift < 2 else "the score is worth following"
            text += (
                f"High fit wins {self.fmt.share(rates.loc['high', 'win_rate'])}, low fit"
                f" {self.fmt.share(rates.loc['low', 'win_rate'])} ({self.fmt.text(lift, 'ratio')}):"
                f" {verdict}."
            )
        else:
            text += "There are too few decided deals to say whether good fit wins."
        return text + (
            f" {plural(self.wrong, 'score')} outside 1-5 left out." if self.wrong else ""
        )

    def headline(self) -> str:
        counts = ", ".join(
            f"{row['band']} {self.fmt.count(row['leads'])}" for _, row in self.table.iterrows()
        )
        return f"Need fit ({self.rule}): {counts}."

    def kpis(self) -> Sequence[Kpi]:
        return [
            Kpi(
                "need_fit.leads",
                "all",
                int(r["leads"]),
                "count",
                {"band": r["band"]},
                n=len(self.leads),
                method=self.rules[self.rule],
            )
            for r in self.table.to_dict("records")
        ]

    def notes(self) -> Sequence[str]:
        return (
            (
                "Fit is the weighted sum of the scores over the most they could be, so three needs"
                " and five compare. Raw totals fit a table of five needs: with fewer needs they"
                " understate. Buying power is not part of the score."
            ),
        )


@section("need-fit")
def need_fit(book: Book) -> NeedFit:
    """Bands of need fit with their win rates. Needs fit_scores (subject_id, need, score)."""
    book.need("fit_scores", "subject_id", "score", gives=GIVES)
    settings = book.settings.segments
    frame = contacts.fit(book.table("fit_scores"))
    wrong, frame = int(frame["wrong"].sum()), frame[frame["needs"] > 0]
    if frame.empty:
        raise NotAvailable({"fit_scores": ("score",)}, GIVES, "scores from 1 to 5")
    banded = frame.assign(
        share=frame["weighted"] / frame["most"],
        **{rule: bands(frame, settings, rule) for rule in ("scaled", "totals")},
    )
    other = "totals" if settings.fit_rule == "scaled" else "scaled"
    banded = banded.assign(band=banded[settings.fit_rule], band_other=banded[other])
    return NeedFit(
        _calibrated(banded, _outcome(book)),
        banded,
        _grid(banded),
        settings.fit_rule,
        settings,
        wrong,
        book.as_of,
        book.fmt,
    )


def bands(frame: pd.DataFrame, settings: SegmentSettings, rule: str) -> np.ndarray:
    """high, medium or low per row, by share of the maximum ("scaled") or by raw total ("totals");
    edges belong above.

    Three needs scored 4, 5 and 3 make 12 of 15: high as a share (80 %), medium as a raw total.
    """
    value, edges = (
        (frame["weighted"] / frame["most"], settings.fit_shares)
        if rule == "scaled"
        else (frame["total"], settings.fit_totals)
    )
    high, medium = (value >= edge - 1e-12 for edge in edges)
    return np.select([high, medium], BANDS[:2], BANDS[2])


def _outcome(book: Book) -> pd.Series:
    """subject (lead or customer) → share of its decided deals won is not asked: one row per decided
    deal, subject as index.
    """
    if not book.has("opportunities", "outcome"):
        return pd.Series(dtype="str")
    deals = contacts.outcomes(book.table("opportunities"))
    decided = deals[deals["outcome"] != "open"]
    return pd.concat(
        [
            decided.dropna(subset=side).set_index(side)["outcome"]
            for side in ("lead_id", "customer_id")
        ]
    )


def _calibrated(banded: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    decided = banded.set_index("subject_id")[["band"]].join(outcome.rename("outcome"), how="inner")
    rows = []
    for band in BANDS:
        of = decided[decided["band"] == band]["outcome"]
        k, n = int((of == "won").sum()), len(of)
        low, high = wilson(k, n)
        leads = int((banded["band"] == band).sum())
        rows.append(
            {
                "band": band,
                "leads": leads,
                "share": leads / len(banded),
                "decided": n,
                "won": k,
                "win_rate": k / n if n else np.nan,
                "low": low,
                "high": high,
                "other": int((banded["band_other"] == band).sum()),
            }
        )
    return pd.DataFrame(rows)


def _grid(banded: pd.DataFrame) -> pd.DataFrame:
    power = banded["buying_power"].fillna("not known")
    counts = banded.groupby([banded["band"], power]).size()
    rows = [
        {
            "band": b,
            "power": p,
            "leads": int(counts.get((b, p), 0)),
            "strategy": STRATEGY.get((b, p), "Ask for the buying power first"),
        }
        for b in BANDS
        for p in (*BANDS, "not known")
    ]
    return pd.DataFrame([row for row in rows if row["leads"]])
