"""Need fit: how well our strengths meet what a lead needs, in bands, and whether good fit wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import english, later, say, term
from playbook.base.settings import SegmentSettings
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.methods.comparisons import rates_apart
from playbook.methods.intervals import wilson
from playbook.page import Col, Result, Table, section, table
from playbook.page.kpi import Kpi

from .fit_grid import BANDS, FitGrid, fit_grid

GIVES = later("which leads' needs we meet, and whether good fit really wins")
FEWEST = 10  # decided deals of a band, below which its win rate is not compared
ERROR = 0.05  # chance of calling a difference real that is none


class FitBands(column.Frame):
    """One row per band, the best fit first."""

    band = column.text("high, medium or low fit")
    leads = column.count("leads and customers in the band")
    share = column.share("of all with scored needs")
    decided = column.count("their decided deals")
    won = column.count("of them won")
    win_rate = column.share("won of decided", low="low", high="high")
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")
    other = column.count("leads and customers in the band by the other rule")


class FittedLeads(column.Frame):
    """One row per lead or customer with scored needs."""

    subject_id = column.text("the lead or customer")
    needs = column.count("needs scored from 1 to 5")
    wrong = column.count("scores outside 1 to 5, left out")
    total = column.score("sum of the scores")
    weighted = column.score("sum of the scores times their weights")
    most = column.score("the most that sum could be")
    buying_power = column.text("buying power: high, medium, low or missing")
    conflict = column.flag("its rows name different buying powers, of which none is taken")
    share = column.share("weighted ÷ most")
    scaled = column.text("band by the share of the maximum")
    totals = column.text("band by the raw total")
    band = column.text("band by the rule of the settings")
    band_other = column.text("band by the other rule")


@dataclass(frozen=True)
class NeedFit(Result):
    """Bands of need fit with their win rates.

    rule: scaled (share of the maximum) or totals (raw sum); wrong: number of scores outside 1 to 5,
    left out.
    """

    section: ClassVar[str] = "need-fit"
    table: Annotated[pd.DataFrame, FitBands]
    leads: Annotated[pd.DataFrame, FittedLeads]
    grid: Annotated[pd.DataFrame, FitGrid]
    rule: str
    settings: SegmentSettings
    wrong: int
    as_of: date
    fmt: Formats

    @property
    def rules(self) -> dict[str, str]:
        """Each rule with its edges, in words."""
        high, medium = (self.fmt.share(v, decimals=0) for v in self.settings.fit_shares)
        top, middle = (self.fmt.count(v) for v in self.settings.fit_totals)
        return {
            "scaled": say(
                "share of the maximum: high from {high}, medium from {medium}",
                high=high,
                medium=medium,
            ),
            "totals": say(
                "raw totals: high from {top}, medium from {middle}", top=top, middle=middle
            ),
        }

    @property
    def note(self) -> str:
        return say(
            "leads and customers with scored needs · all data · n = {leads} ·"
            " rule: {rules} · as of {as_of}",
            leads=self.fmt.count(len(self.leads)),
            rules=self.rules[self.rule],
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        bands = [
            Col("band", "term", label="Need fit"),
            Col("leads", "count", "Leads"),
            Col("share", "share"),
            Col("decided", "count", "Decided deals"),
            Col("won", "count"),
            Col("win_rate", "share", "Win rate", low="low", high="high"),
            Col("other", "count", "Leads by the other rule"),
        ]
        grid = [
            Col("band", "term", label="Need fit"),
            Col("power", "term", label="Buying power"),
            Col("leads", "count", "Leads"),
            Col("strategy", "term", label="Follow-up", weight=3),
        ]
        return [
            table(
                self.table,
                bands,
                self.fmt,
                title=say("Does good fit win?"),
                note=say("Wilson 95 % · {note}", note=self.note),
            ),
            table(
                self.grid, grid, self.fmt, title=say("Need fit and buying power"), note=self.note
            ),
        ]

    def reading(self) -> str:
        differ = int((self.leads["band"] != self.leads["band_other"]).sum())
        parts = [
            say("Bands follow the {rules};", rules=self.rules[self.rule]),
            (
                say(
                    "the other rule would put {leads} into another band.",
                    leads=plural(differ, "lead"),
                )
                if differ
                else say("the other rule would put nobody into another band.")
            ),
            self._verdict(),
            say("{scores} outside 1-5 left out.", scores=plural(self.wrong, "score"))
            if self.wrong
            else "",
            self._conflict_text(),
        ]
        return joined(filter(None, parts), " ")

    def _conflict_text(self) -> str:
        """Those whose rows contradict each other about buying power."""
        odd = self.leads.loc[self.leads["conflict"].astype(bool), "subject_id"]
        n = len(odd)
        if not n:
            return ""
        return say(
            "{leads} {en_are} given different buying powers by different needs,"
            " such as {odd}: none is taken.",
            leads=plural(n, "lead"),
            en_are="is" if n == 1 else "are",
            odd=odd.iloc[0],
        )

    def _verdict(self) -> str:
        """Whether high fit wins more often than low fit, as far as the decided deals tell."""
        rates = self.table.set_index("band")
        (k, n), (few, of) = (
            (int(rates.loc[band, "won"]), int(rates.loc[band, "decided"]))
            for band in ("high", "low")
        )
        if min(n, of) < FEWEST:
            return say(
                "There are too few decided deals to say whether good fit wins ({n:,}"
                " of high fit, {of:,} of low; at least {fewest} of each are needed).",
                n=n,
                of=of,
                fewest=FEWEST,
            )
        text = say(
            "High fit wins {k}, low fit {few}:", k=self.fmt.rate(k, n), few=self.fmt.rate(few, of)
        )
        if rates_apart([k, few], [n, of])[0] >= ERROR:
            return say(
                "{text} a difference that chance explains, so the score has not shown its worth.",
                text=text,
            )
        if k / n < few / of:
            return say("{text} low fit wins more often, so the score misleads here.", text=text)
        return say(
            "{text} high fit wins more often beyond chance, so the score is worth following.",
            text=text,
        )

    def headline(self) -> str:
        counts = joined(
            say("{grade} {n}", grade=term(row["band"]), n=self.fmt.count(row["leads"]))
            for _, row in self.table.iterrows()
        )
        return say("Need fit ({rule}): {counts}.", rule=term(self.rule), counts=counts)

    def kpis(self) -> Sequence[Kpi]:
        return [
            Kpi(
                "need_fit.leads",
                "all",
                int(r["leads"]),
                "count",
                {"band": r["band"]},
                n=len(self.leads),
                method=english(self.rules[self.rule]),
            )
            for r in self.table.to_dict("records")
        ]

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "Fit is the weighted sum of the scores over the most they could be,"
                    " so three needs and five compare. Raw totals fit a table of five"
                    " needs: with fewer needs they understate. Buying power is not part"
                    " of the score. A deal counts once: for its lead where that is"
                    " scored, else for its customer."
                )
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
        raise NotAvailable({"fit_scores": ("score",)}, GIVES, say("scores from 1 to 5"))
    banded = frame.assign(
        share=frame["weighted"] / frame["most"],
        **{rule: bands(frame, settings, rule) for rule in ("scaled", "totals")},
    )
    other = "totals" if settings.fit_rule == "scaled" else "scaled"
    banded = banded.assign(band=banded[settings.fit_rule], band_other=banded[other])
    return NeedFit(
        _win_rates(banded, _decided_deals(book, banded["subject_id"])),
        banded,
        fit_grid(banded),
        settings.fit_rule,
        settings,
        wrong,
        book.as_of,
        book.fmt,
    )


def bands(frame: pd.DataFrame, settings: SegmentSettings, rule: str) -> np.ndarray:
    """high, medium or low per row, by share of the maximum (rule ``scaled``) or by raw total
    (``totals``). A value exactly on an edge belongs to the band above it.

    Three needs scored 4, 5 and 3 make 12 of 15: high as a share (80 %), medium as a raw total.
    """
    value, edges = (
        (frame["weighted"] / frame["most"], settings.fit_shares)
        if rule == "scaled"
        else (frame["total"], settings.fit_totals)
    )
    high, medium = (value >= edge - 1e-12 for edge in edges)
    return np.select([high, medium], BANDS[:2], BANDS[2])


def _decided_deals(book: Book, scored: pd.Series) -> pd.Series:
    """won or lost per decided deal, indexed by whom its score belongs to: its lead where that is
    ``scored``, else its customer. Each deal counts once.
    """
    if not book.has("opportunities", "outcome"):
        return pd.Series(dtype="str")
    deals = contacts.outcomes(book.table("opportunities"))
    decided = deals[deals["outcome"] != "open"]
    known = decided["lead_id"].isin(set(scored))
    subject = decided["lead_id"].where(known, decided["customer_id"])
    return decided.assign(subject=subject).dropna(subset="subject").set_index("subject")["outcome"]


def _win_rates(banded: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
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
    return FitBands.make(rows)
