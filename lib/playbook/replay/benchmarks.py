"""Published figures of the case and of six short cases beside the book's own, with what may and may not be concluded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pandas as pd

from playbook import funnel, goals, segments
from playbook.base.formats import Formats, is_missing
from playbook.data.book import Book
from playbook.page import Col, Figure, Result, Table, section, table

from .claims import CASE, SHORT_CASES, ShortCase
from .indicators import Indicators

# Case figures that a client's book can stand beside: (indicator, claim before, claim after, what must not be concluded)
PAIRS = (
    ("growth", "growth.2023-Q1", "growth.after", "one quarter after a weak one; the base was low"),
    ("returning", "returning.before", "returning.after", "a higher share can mean fewer new customers"),
    ("match", "match.before", "match.after", "who judged the match, and when, is not told"),
    ("objection", "objection.before", "objection.after", "depends on what is noted as an objection"),
    ("cycle", "cycle.before", "cycle.after", "only deals already won; open ones are left out"),
    ("renewal", "renewal.crisis", "renewal.after", "which customers count as large is not told"),
    ("churn", "churn.crisis", None, "the span is not told"),
    ("first_deal", "first_deal.before", "first_deal.after", "a handful of hires; the intervals overlap"),
)
WARNING = ("What may be concluded: where you stand beside published figures, and which of your own numbers to look at first. What may not: that a firm in the text was as it says, that a measure caused "
           "its change, or that the same measure would bring the same change to you. No sample, definition or control group is published; firms write about what went well.")


@dataclass(frozen=True)
class Benchmarks(Result):
    """table: source, figure, before, after, unit, own, own_before, period, caution. Published values as stated; own values from the book."""

    section: ClassVar[str] = "benchmarks"
    table: pd.DataFrame
    as_of: date
    fmt: Formats

    def figure(self) -> Figure | None:
        from .figures import benchmark_spans
        shown = self.table[self.table.own.notna() & (self.table.unit == "share") & self.table.after.notna()]
        return benchmark_spans(self, shown) if len(shown) else None

    def tables(self) -> Sequence[Table]:
        shown = self.table.assign(published=[self._span(r) for r in self.table.to_dict("records")], yours=[self.fmt.text(r.own, self._unit(r.unit)) for r in self.table.itertuples()],
                                  earlier=[self.fmt.text(r.own_before, self._unit(r.unit)) for r in self.table.itertuples()])
        columns = [Col("source", label="Published by", weight=1.4), Col("figure", label="Figure", weight=1.8), Col("published", label="Before → after"), Col("yours", label="This book"), Col("period", label="Span"),
                   Col("earlier", label="A year before"), Col("caution", label="Do not conclude", weight=2)]
        return [table(shown, columns, self.fmt, title="Published figures beside this book's", note=f"– where the book has no table for it or the text no figure · as of {self.fmt.text(self.as_of, 'date')}")]

    def _unit(self, unit: str) -> str:
        return "number" if unit == "months" else unit

    def _span(self, row: dict[str, Any]) -> str:
        sign = row["before"] is None or is_missing(row["before"])
        after = self.fmt.text(row["after"], self._unit(row["unit"]), decimals=0 if row["unit"] != "ratio" else 1, sign=sign and row["change"])
        after += " months" if row["unit"] == "months" else ""
        if is_missing(row["after"]):
            return self.fmt.text(row["before"], row["unit"], decimals=0)
        return after if sign else f"{self.fmt.text(row['before'], self._unit(row['unit']), decimals=0)} → {after}"

    def reading(self) -> str:
        have = self.table[self.table.own.notna()]
        return f"{len(have)} of {len(self.table)} published figures have a counterpart in this book. {WARNING}"

    def headline(self) -> str:
        return f"Benchmarks: {int(self.table.own.notna().sum())} of {len(self.table)} published figures have a counterpart in this book."


@section("benchmarks")
def benchmarks(book: Book, course: Indicators) -> Benchmarks:
    """The library of published figures, each beside the book's own latest value where the tables give one."""
    value = {claim.id: claim.value for claim in CASE}
    rows = []
    for key, before, after, caution in PAIRS:
        own = _latest(course, key)
        label = next(i.label for i in _indicators() if i.key == key)
        rows.append({"source": "The case", "figure": label, "before": value[before], "after": value[after] if after else None, "change": False,
                     "unit": next(c.unit for c in CASE if c.id == before), "caution": caution, **own})
    others = _own(book, course)
    rows += [_short(case, others) for case in SHORT_CASES]
    return Benchmarks(pd.DataFrame(rows), book.as_of, book.fmt)


def _indicators():
    from .course import INDICATORS
    return INDICATORS


def _latest(course: Indicators, key: str) -> dict:
    """Latest quarter of an indicator and the same quarter a year before."""
    known = course.course.quarterly[(course.course.quarterly.indicator == key) & course.course.quarterly.value.notna()]
    if known.empty:
        return {"own": None, "own_before": None, "period": ""}
    last = known.iloc[-1]
    year = known[known.period == f"{int(last.period[:4]) - 1}{last.period[4:]}"]
    return {"own": float(last.value), "own_before": float(year.value.iloc[0]) if len(year) else None, "period": last.period}


def _short(case: ShortCase, others: dict[str, dict]) -> dict:
    return {"source": case.firm, "figure": case.what, "before": case.before, "after": case.after, "change": "change" in case.what, "unit": case.unit, "caution": case.caution or "one firm, no base named",
            **others.get(case.key, {"own": None, "own_before": None, "period": ""})}


def _own(book: Book, course: Indicators) -> dict[str, dict]:
    """The book's counterparts of the short cases, from the ordinary stage functions."""
    found = {"cycle": _latest(course, "cycle")}
    match = _latest(course, "match")
    if match["own"] is not None:
        found["mismatch"] = {**match, "own": 1 - match["own"], "own_before": None if match["own_before"] is None else 1 - match["own_before"]}
    head = course.table[course.table.indicator == "per_head"]
    if len(head):
        found["per_head_change"] = {"own": float(head.iloc[0].change), "own_before": None, "period": f"{head.iloc[0].before} to {head.iloc[0].after}"}
    for key, made in (("attainment", _attainment(book)), ("high_value", _high_value(book)), ("intent_step", _intent_step(book))):
        if made is not None:
            found[key] = {"own": made[0], "own_before": None, "period": made[1]}
    return found


def _attainment(book: Book) -> tuple[float, str] | None:
    """Completion of the company's sales target, quarter to date."""
    rows = [k for k in goals.tracking(book).kpis() or () if k.name == "completion" and k.window == "quarter_to_date" and set(k.by or {}) <= {"metric"} and (k.by or {}).get("metric", "sales") == "sales"]
    return (float(rows[0].value), "quarter to date") if rows and rows[0].value is not None else None


def _high_value(book: Book) -> tuple[float, str] | None:
    """Share of the trailing twelve months' revenue from the best value tier."""
    rows = [k for k in segments.tiers(book).kpis() or () if k.name == "tier.revenue"]
    best = book.settings.segments.tiers.names[0]
    whole = sum(float(k.value) for k in rows if k.value is not None)
    mine = [float(k.value) for k in rows if (k.by or {}).get("tier") == best and k.value is not None]
    return (mine[0] / whole, "12 months") if mine and mine[0] > 0 and whole > 0 else None     # no customer in the best tier: the tiers are not this book's


def _intent_step(book: Book) -> tuple[float, str] | None:
    """Cohort conversion from intent to negotiation, where the book's stages are called so."""
    if not {"intent", "negotiation"} <= set(book.stages):
        return None
    rows = [k for k in funnel.conversion(book).kpis() or () if k.name == "conversion" and (k.by or {}) == {"step": "intent→negotiation"} and k.value is not None]
    return (float(rows[-1].value), rows[-1].window.replace("_", " ")) if rows else None
