"""Published against recomputed: each figure of the case beside the same figure from the book's
tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.contracts import Frame, count, flag, number, share, text
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import say, term
from playbook.case.alignment import aligned
from playbook.case.course.indicators import CaseIndicators, indicators
from playbook.data.book import Book
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi

from .published import CASE
from .recompute import known, recompute
from .verdict import checked_row


class CheckedClaims(Frame):
    """One row per published figure of the case, in the order of the text."""

    id = text("key of the figure")
    claim = text("what it is")
    period = text("the span it is read as")
    unit = text("share or days")
    published = number("the published value")
    below = flag("published as an upper bound")
    recomputed = number("the value from the book's tables", low="low", high="high")
    low = share("lower end of the Wilson 95 % interval, for shares with a count")
    high = share("upper end of it")
    k = count("what was counted, for shares with a count")
    n = count("what it was counted of")
    parts = text("the two sums of a ratio, written out; empty for counts")
    verdict = text("match, near, differs or not computed")
    gap = number("recomputed − published; of an upper bound what lies above it")
    reason = text("why it is off, or not computed")
    reading = text("how the figure is read where the text leaves it open")
    place = text("where it stands in the text")
    sentence = text("the sentence of the text")


@dataclass(frozen=True)
class ClaimCheck(Result):
    """The published figures of the case beside those of the book's tables."""

    section: ClassVar[str] = "claims"
    table: Annotated[pd.DataFrame, CheckedClaims]
    as_of: date
    fmt: Formats
    own: bool

    def figure(self) -> Figure | None:
        from playbook.case.figures.claims import claims_dots

        if self.table.recomputed.isna().all():
            return None
        return claims_dots(self.table, self.fmt, as_of=self.as_of)

    def tables(self) -> Sequence[Table]:
        shown = self.table.assign(
            published_text=[
                self._text(r.published, r.unit, r.below) for r in self.table.itertuples()
            ],
            text=[self._recomputed(r) for r in self.table.itertuples()],
        )
        tone = {"match": "good", "near": "warn", "differs": "bad"}
        columns = [
            Col("claim", "term", "Figure of the case", weight=2),
            Col("period", "term", "Read as", weight=1.2),
            Col("published_text", label="Published"),
            Col("text", label="Recomputed", weight=1.6),
            Col("verdict", "term", "Verdict", tone=lambda r: tone.get(r["verdict"], "muted")),
        ]
        note = say(
            "match = within the rounding of the text, near = within three times"
            " that; shares with their counts and Wilson 95 % interval; as of"
            " {as_of}",
            as_of=self.fmt.text(self.as_of, "date"),
        )
        return [
            aligned(
                table(
                    shown, columns, self.fmt, title=say("Published against recomputed"), note=note
                ),
                "lrr",
            ),
            self._known(),
            self._sources(),
        ]

    def _known(self) -> Table:
        """How each recomputed figure is known: what was counted, in which tables, over which span,
        and the call that counts it.
        """
        rows = [
            {"claim": r.claim, **known(claim, r, self.fmt)}
            for claim, r in zip(CASE, self.table.itertuples(), strict=True)
        ]
        columns = [
            Col("claim", "term", "Figure of the case", weight=1.4),
            Col("counted", label="What was counted", weight=2.2),
            Col("tables", label="In which tables", weight=1.6),
            Col("span", label="Span", weight=1.1),
            Col("n", label="Count or sums", weight=1.2),
            Col("call", label="Counted by", weight=1.4),
        ]
        return table(
            pd.DataFrame(rows),
            columns,
            self.fmt,
            title=say("How do you know? What each recomputed figure is made of"),
            note=(
                say(
                    "rows known on {as_of}; counted by: function of playbook.data.measures",
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
        )

    def _sources(self) -> Table:
        columns = [
            Col("claim", "term", "Figure of the case", weight=1.4),
            Col("sentence", label="Sentence of the text", weight=2),
            Col("place", label="Part", context="source text"),
            Col("reading", "term", "How we read it", weight=2),
        ]
        return table(
            self.table,
            columns,
            self.fmt,
            title=say("Where each figure stands and how it is read"),
            note=say("parts of the first source text"),
        )

    def _text(self, value: float, unit: str, below: bool = False) -> str:
        return ("< " if below else "") + self.fmt.text(value, unit, decimals=0)

    def _recomputed(self, row: Any) -> str:
        if pd.isna(row.recomputed):
            return f"– {row.reason}"
        text = self.fmt.text(row.recomputed, row.unit, decimals=1 if row.unit == "share" else None)
        if pd.notna(row.k) and pd.notna(row.n):
            return say(
                "{text} ({k} of {n}; {low})",
                text=text,
                k=self.fmt.count(row.k),
                n=self.fmt.count(row.n),
                low=self.fmt.interval(row.low, row.high, "share"),
            )
        return (
            say("{text} (n = {n})", text=text, n=self.fmt.count(row.n)) if pd.notna(row.n) else text
        )

    def count(self, verdict: str) -> int:
        """Number of figures with a verdict."""
        return int((self.table.verdict == verdict).sum())

    def reading(self) -> str:
        made = int(self.table.recomputed.notna().sum())
        text = say(
            "Of {published_figures}, {made} can be recomputed on this day:"
            " {value} match within rounding, {value_2} are near, {value_3}"
            " differ.",
            published_figures=plural(len(self.table), "published figure"),
            made=made,
            value=self.count("match"),
            value_2=self.count("near"),
            value_3=self.count("differs"),
        )
        off = self.table[self.table.verdict == "differs"]
        off = off.assign(size=(off.gap / off.published).abs()).sort_values("size", ascending=False)
        return text + (
            say(
                " Furthest off, as a share of what is published: {claim} ({reason}).",
                claim=term(off.iloc[0].claim),
                reason=off.iloc[0].reason,
            )
            if len(off)
            else ""
        )

    def headline(self) -> str:
        return say(
            "Case: {value} of {published_figures} recomputed within rounding.",
            value=self.count("match"),
            published_figures=plural(len(self.table), "published figure"),
        )

    def kpis(self) -> Sequence[Kpi]:
        found = []
        for r in self.table.itertuples():
            by, why = {"claim": r.id}, None if pd.notna(r.recomputed) else r.reason
            found.append(
                Kpi(
                    "claim.stated",
                    "all",
                    r.published,
                    r.unit,
                    by,
                    method="upper bound" if r.below else "as published",
                )
            )
            counted = pd.notna(r.k) and pd.notna(r.n)
            found.append(
                Kpi(
                    "claim.recomputed",
                    "all",
                    None if why else float(r.recomputed),
                    r.unit,
                    by,
                    *(
                        (float(r.low), float(r.high), float(r.k), float(r.n))
                        if counted
                        else (None,) * 4
                    ),
                    n=int(r.n) if pd.notna(r.n) else None,
                    method="Wilson 95 %" if counted else None,
                    why=why,
                )
            )
        return found

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "The text names no sample, no definition and often no span; the"
                    " column 'read as' is our reading. A match says that the simulated"
                    " tables carry the published figure under our definitions, not that"
                    " the firm existed or that the measures caused it."
                )
            ),
        )


@section("claims")
def claims(book: Book, course: CaseIndicators) -> ClaimCheck:
    """Every published figure of the case recomputed from ``book``'s tables.

    course: the result of ``case.indicators`` on the same book. Not available for another company's
    book, on which the text says nothing; ``[case] company = true`` in the settings says that a book
    is the case's.
    """
    if not book.settings.case.company:
        raise NotAvailable(
            {},
            say("each published figure beside the one recomputed from the tables"),
            say(
                "stands on the case company's own tables, and this book is another"
                " company's; its figures are set beside the published ones above"
            ),
        )
    rows = [checked_row(claim, recompute(claim, book, course.course)) for claim in CASE]
    return ClaimCheck(CheckedClaims.make(rows), book.as_of, book.fmt, True)


def published_figures(folder: str | Path) -> pd.DataFrame:
    """The published figures beside those recomputed from the book in ``folder``."""
    book = Book.open(folder)
    return claims(book, indicators(book)).table
