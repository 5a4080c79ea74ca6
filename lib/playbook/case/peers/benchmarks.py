"""Published figures of the case and of six other firms beside the book's own, with what may and may
not be concluded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.contracts import Frame, flag, number, text
from playbook.base.formats import Formats, is_missing
from playbook.base.language import later, say
from playbook.case.alignment import aligned
from playbook.case.course.catalogue import BY_KEY
from playbook.case.course.indicators import CaseIndicators
from playbook.case.story.published import CASE
from playbook.data.book import Book
from playbook.page import Col, Figure, Result, Table, Text, section, table
from playbook.page.blocks import Block

from .counterparts import counterparts, latest
from .own_figure import OwnFigure
from .short_cases import SHORT_CASES

# Case figures that a client's book can stand beside: (indicator, claim before, claim after, what
# must not be concluded)
PAIRS = (
    (
        "growth",
        "growth.2023-Q1",
        "growth.after",
        later("one quarter after a weak one; the base was low"),
    ),
    (
        "returning",
        "returning.before",
        "returning.after",
        later("a higher share can mean fewer new customers"),
    ),
    ("match", "match.before", "match.after", later("who judged the match, and when, is not told")),
    (
        "objection",
        "objection.before",
        "objection.after",
        later("depends on what is noted as an objection"),
    ),
    (
        "cycle",
        "cycle.before",
        "cycle.after",
        later("only deals already won; open ones are left out"),
    ),
    (
        "renewal",
        "renewal.crisis",
        "renewal.after",
        later("which customers count as large is not told"),
    ),
    ("churn", "churn.crisis", None, later("the span is not told")),
    (
        "first_deal",
        "first_deal.before",
        "first_deal.after",
        later("a handful of hires; the intervals overlap"),
    ),
)
WARNING = later(
    "What may be concluded: where you stand beside published figures,"
    " and which of your own numbers to look at first. What may not: that"
    " a firm in the text was as it says, that a measure caused its"
    " change, or that the same measure would bring the same change to"
    " you. No sample, definition or control group is published; firms"
    " write about what went well."
)


class PublishedBeside(Frame):
    """One row per published figure, with the book's own value where its tables give one."""

    source = text("who published it")
    figure = text("what the figure is")
    before = number("published value before")
    after = number("published value after, or the change where ``change`` is set")
    change = flag("the figure is itself a change")
    unit = text("share, days, ratio, months or money")
    caution = text("what must not be concluded")
    own = number("the book's latest value", low="low", high="high")
    own_before = number("the book's value a year before")
    low = number("lower end of the 95 % interval of the book's value, where it has one")
    high = number("upper end of it")
    period = text("span of the book's value; empty without one")
    detail = text("what was counted; empty without a count")


@dataclass(frozen=True)
class Benchmarks(Result):
    """Published figures beside the book's own."""

    section: ClassVar[str] = "benchmarks"
    table: Annotated[pd.DataFrame, PublishedBeside]
    as_of: date
    fmt: Formats

    def figure(self) -> Figure | None:
        from playbook.case.figures.benchmarks import benchmark_spans

        shown = self.table[
            self.table.own.notna() & (self.table.unit == "share") & self.table.after.notna()
        ]
        if shown.empty:
            return None
        spans = [self._span(row) for row in shown.to_dict("records")]
        return benchmark_spans(shown.assign(published=spans), self.fmt, as_of=self.as_of)

    def tables(self) -> Sequence[Table]:
        shown = self.table.assign(
            published=[self._span(r) for r in self.table.to_dict("records")],
            yours=[self._own(r) for r in self.table.to_dict("records")],
            earlier=[
                self.fmt.text(r.own_before, self._unit(r.unit)) for r in self.table.itertuples()
            ],
            span=[
                say("{period}, {detail}", period=r.period, detail=r.detail)
                if r.period and r.detail
                else r.period or r.detail or "–"
                for r in self.table.itertuples()
            ],
        )
        have, none = shown[shown.own.notna()], shown[shown.own.isna()]
        columns = [
            Col("source", "term", "Published by", weight=1.3),
            Col("figure", "term", "Figure", weight=1.7),
            Col("published", label="Before → after"),
            Col("yours", label="This book", weight=1.1),
            Col("earlier", label="A year before"),
            Col("span", label="Span and count", weight=1.5),
            Col("caution", "term", "Do not conclude", weight=1.8),
        ]
        first = table(
            have,
            columns,
            self.fmt,
            title=say("Published figures beside this book's"),
            note=(
                say(
                    "intervals 95 % where the figure has one; – = no year before · as of {as_of}",
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
        )
        rest = table(
            none,
            [columns[0], columns[1], columns[2], columns[6]],
            self.fmt,
            title=say("Published figures without a counterpart here"),
            note=say("the book has no table for them, too few cases, or the text says no base"),
        )
        return [
            aligned(t, "lrrr" if len(t.head) == 7 else "lr")
            for t in (first, replace(rest, folded=True))
            if t.rows
        ]

    def _own(self, row: dict[str, Any]) -> str:
        unit = self._unit(row["unit"])
        text = self.fmt.text(
            row["own"], unit, sign=row["change"], decimals=1 if unit == "ratio" else None
        )
        return (
            text
            if is_missing(row["low"])
            else (
                say(
                    "{text} [{low}; {high}]",
                    text=text,
                    low=self.fmt.text(row["low"], unit, decimals=1 if unit == "ratio" else None),
                    high=self.fmt.text(row["high"], unit, decimals=1 if unit == "ratio" else None),
                )
            )
        )

    def _unit(self, unit: str) -> str:
        return "number" if unit == "months" else unit

    def _span(self, row: dict[str, Any]) -> str:
        sign = row["before"] is None or is_missing(row["before"])
        after = self.fmt.text(
            row["after"],
            self._unit(row["unit"]),
            decimals=0 if row["unit"] != "ratio" else 1,
            sign=sign and row["change"],
        )
        after = say("{n} months", n=after) if row["unit"] == "months" else after
        if is_missing(row["after"]):
            return self.fmt.text(row["before"], row["unit"], decimals=0)
        return (
            after
            if sign
            else f"{self.fmt.text(row['before'], self._unit(row['unit']), decimals=0)} → {after}"
        )

    def reading(self) -> str:
        have = self.table[self.table.own.notna()]
        return say(
            "{n} of {n_2} published figures have a counterpart in this book.",
            n=len(have),
            n_2=len(self.table),
        )

    def blocks(self) -> list[Block]:
        """The warning first: it holds for every line below it."""
        return [
            Text(say(WARNING), role="warning", title=say("Read this first.")),
            *super().blocks(),
        ]

    def headline(self) -> str:
        return say(
            "Benchmarks: {notna} of {n} published figures have a counterpart in this book.",
            notna=int(self.table.own.notna().sum()),
            n=len(self.table),
        )


@section("benchmarks")
def benchmarks(book: Book, course: CaseIndicators) -> Benchmarks:
    """The library of published figures, each beside the book's own latest value where the tables
    give one.
    """
    value, unit = (
        {claim.id: claim.value for claim in CASE},
        {claim.id: claim.unit for claim in CASE},
    )
    rows = [
        _row(
            later("The case"),
            BY_KEY[key].label,
            value[before],
            value[after] if after else None,
            unit[before],
            False,
            caution,
            latest(course, key),
        )
        for key, before, after, caution in PAIRS
    ]
    own = counterparts(book, course)
    rows += [
        _row(
            case.firm,
            case.what,
            case.before,
            case.after,
            case.unit,
            "change" in case.what,
            case.caution or later("one firm, no base named"),
            own.get(case.key),
        )
        for case in SHORT_CASES
    ]
    return Benchmarks(PublishedBeside.make(rows), book.as_of, book.fmt)


def _row(
    source: str,
    figure: str,
    before: float | None,
    after: float | None,
    unit: str,
    change: bool,
    caution: str,
    own: OwnFigure | None,
) -> dict[str, Any]:
    mine = (
        {
            "own": own.value,
            "own_before": own.before,
            "low": own.low,
            "high": own.high,
            "period": own.period,
            "detail": own.detail,
        }
        if own
        else dict.fromkeys(("own", "own_before", "low", "high")) | {"period": "", "detail": ""}
    )
    return {
        "source": source,
        "figure": figure,
        "before": before,
        "after": after,
        "change": change,
        "unit": unit,
        "caution": caution,
        **mine,
    }
