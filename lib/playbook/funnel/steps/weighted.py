"""The open pipeline weighted by chances: those the source gives and those the book's own past
gives, and whether the given ones came true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of
from playbook.page import Col, Table, table
from playbook.page.kpi import Kpi

from .chance_bins import ChanceBins, judged
from .open_worth import open_worth
from .weighted_stages import WeightedStages, stage_row, whole

GIVES = later("what the open deals are worth by their chances, and whether given chances came true")


@dataclass(frozen=True)
class WeightedPipeline(page.Result):
    """Open deals by stage, weighted; the calibration of given chances.

    score: Brier score of the given chances and of the plain share won, both of ``decided`` deals;
    None where there are none. waiting: deals given a chance and still open. why: why the given
    chances cannot be judged, else empty. offered: whether the source gives chances at all.
    """

    table: Annotated[pd.DataFrame, WeightedStages]
    bins: Annotated[pd.DataFrame, ChanceBins]
    score: tuple[float, float] | None
    decided: int
    waiting: int
    why: str
    offered: bool
    as_of: date
    currency: str
    fmt: Formats
    section = "weighted-pipeline"

    def tables(self) -> list[Table]:
        day = self.fmt.text(self.as_of, "date")
        rows, total = self.table, whole(self.table)
        columns = [
            Col("stage", "name"),
            Col("deals", "count", "Open deals"),
            Col("unpriced", "count", "Without amount"),
            Col("amount", "money", "Amount"),
            Col("own", "money", "By its own past"),
            *([Col("undated", "count", "No day of entry")] if total["undated"] else []),
            *([Col("given", "money", "As the source gives")] if self.offered else []),
            *([Col("without", "count", "No chance given")] if self.offered else []),
        ]
        found = [
            table(
                rows,
                columns,
                self.fmt,
                title=say("The open pipeline, weighted"),
                note=(
                    say(
                        "{currency}; amount × chance; own past = chance of a deal that has"
                        " stood as long in its stage; as of {day}",
                        currency=self.currency,
                        day=day,
                    )
                ),
                total={"stage": "All", **total},
            )
        ]
        if len(self.bins):
            shown = self.bins.assign(
                span=[
                    say(
                        "{low} to {high}",
                        low=self.fmt.share(b.low, decimals=0),
                        high=self.fmt.share(b.high, decimals=0),
                    )
                    for b in self.bins.itertuples()
                ]
            )
            columns = [
                Col("span", "text", "Chance given", align="r"),
                Col("n", "count", "Decided deals"),
                Col("given", "share", "Given on average"),
                Col("rate", "share", "Won", low="rate_low", high="rate_high"),
                Col("reading", "term", "Reading"),
            ]
            found.append(
                table(
                    shown,
                    columns,
                    self.fmt,
                    title=say("Did the chances given come true?"),
                    note=(
                        say(
                            "Each decided deal once, by the first chance a snapshot gives it;"
                            " Wilson 95 %; readings allow for the number of rows (Holm); as of"
                            " {day}",
                            day=day,
                        )
                    ),
                )
            )
        return found

    def reading(self) -> str:
        fmt, t = self.fmt, self.table
        if not t.deals.sum():
            return say("No deal is open.") + self._calibrated()
        if t.deals.sum() == t.unpriced.sum():
            bare = say(
                "None of the {open_deals} carries an amount.",
                open_deals=plural(int(t.deals.sum()), "open deal"),
            )
            return bare + self._calibrated()
        priced = int(t.deals.sum() - t.unpriced.sum())
        text = say(
            "{open_deals} with an amount {en_are} worth {amount}",
            open_deals=plural(priced, "open deal"),
            en_are="is" if priced == 1 else "are",
            amount=fmt.money(t.amount.sum(), compact=True),
        )
        blind, undated = int(t.unknown.sum()), int(t.undated.sum())
        if blind < priced:
            text += say(
                " and, weighted by how such deals ended before, {own}",
                own=fmt.money(t.own.sum(), compact=True),
            )
            if more := blind - undated:
                text += say(" ({deals} of unknown chance left out)", deals=plural(more, "deal"))
        elif not undated:
            text += say("; how such deals end is not known, so they are not weighted by their past")
        if undated:
            text += say("; {undated}", undated=_undated(undated))
        if pooled := int(t.pooled.sum()):
            text += say(
                "; of {deals} the stage's own past tells nothing, so the share won of the"
                " decided deals is taken for {en_them}",
                deals=plural(pooled, "deal"),
                en_them="it" if pooled == 1 else "them",
            )
        none = int(t["without"].sum())
        if self.offered and none < priced:
            text += say(
                "; the source's chances make {given} of it",
                given=fmt.money(t.given.sum(), compact=True),
            )
            text += (
                say(" ({deals} without one left out)", deals=plural(none, "deal")) if none else ""
            )
        return text + say(".") + self._calibrated()

    def _calibrated(self) -> str:
        if self.score is None:
            return f" {self.why}" if self.why else ""
        fmt, (score, plain) = self.fmt, self.score
        text = say(
            " Of the given chances {decided} can be judged: Brier score {score},"
            " against {plain} for giving every deal the share won",
            decided=fmt.count(self.decided),
            score=fmt.text(score, "number", decimals=3),
            plain=fmt.text(plain, "number", decimals=3),
        )
        off = self.bins[self.bins.reading != "as promised"]
        if len(off):
            worst = off.iloc[(off.given - off.rate).abs().astype(float).argmax()]
            text += say(
                "; chances of {given} on average came true for {won}",
                given=fmt.share(worst.given),
                won=fmt.rate(worst.won, worst.n),
            )
        return text + say(".")

    def notes(self) -> list[str]:
        notes = [
            say(
                "A weighted sum is a mean over many deals: it says nothing of one"
                " deal. The Brier score is the mean squared distance between chance"
                " and outcome: 0 is best, lower is better."
            )
        ]
        if self.score is not None and self.waiting:
            notes.append(
                say(
                    "{deals} given a chance and still open {en_are} not judged: slow"
                    " losses are among them.",
                    deals=plural(self.waiting, "deal"),
                    en_are="is" if self.waiting == 1 else "are",
                )
            )
        return notes

    def kpis(self) -> list[Kpi]:
        t = self.table
        priced = int(t.deals.sum() - t.unpriced.sum())
        known = priced - int(t.unknown.sum())
        why = (
            say("no open deal carries an amount")
            if not priced
            else _undated(int(t.undated.sum()))
            if t.undated.sum()
            else say("how deals end is not known")
        )
        return [
            Kpi(
                "pipeline.weighted",
                "all",
                float(t.own.sum()) if known else None,
                self.currency,
                n=known,
                why=None if known else why,
            )
        ]


@page.section("weighted-pipeline")
def weighted_pipeline(book: Book) -> WeightedPipeline:
    """The open pipeline by stage times chances, and the calibration of chances the source gave.

    Needs opportunities; their ``probability`` or snapshots give the source's chances, snapshots
    also what was given before the end was known.
    """
    return weighted_of(deals_of(book), book)


def weighted_of(deals: Deals, book: Book) -> WeightedPipeline:
    """The same from deals made ready before."""
    if not any(book.has("opportunities", c) for c in ("expected_amount", "amount")) and not (
        book.has("snapshots", "amount")
    ):
        raise NotAvailable({"opportunities": ("expected_amount",)}, GIVES)
    rows = open_worth(deals, book)
    offered = bool(rows.probability.notna().any())
    bins, score, decided, waiting, why = judged(book, offered)
    return WeightedPipeline(
        WeightedStages.make(
            stage_row(rows[rows.current == k], deals.stages[k]) for k in range(deals.last)
        ),
        bins,
        score,
        decided,
        waiting,
        why,
        offered,
        book.as_of,
        book.currency,
        book.fmt,
    )


def _undated(deals: int) -> str:
    """How many deals are not weighted, and why."""
    return say(
        "on which day {deals} entered {en_their} stage is not known, so what {en_they} {en_bring}"
        " is not known and not counted",
        deals=plural(deals, "deal"),
        en_their="its" if deals == 1 else "their",
        en_they="it" if deals == 1 else "they",
        en_bring="brings" if deals == 1 else "bring",
    )
