"""Stated against recomputed: each published figure of the case beside the same figure from the
book's tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.periods import Month, Period
from playbook.data.book import Book
from playbook.data.measures import case as measures
from playbook.data.measures import sales
from playbook.data.measures.people import reps as people_of
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi

from .benchmarks import aligned
from .course import BY_KEY, TOP_SELLERS, Course, top_attrition
from .indicators import Indicators, indicators
from .published import CASE, Claim

# Figures that are no indicator: what is counted, in which tables
OTHER = {
    "attrition": (
        f"leavers among the {TOP_SELLERS} best sellers of the twelve months before, by net sales",
        "orders (rep_id, amount), reps (hired, left)",
    ),
    "goal": (
        "the company's sales target of the year ÷ sales of the year before − 1",
        "targets (period, target), orders (date, amount)",
    ),
}
# Key → the measures that count it
CALLS = {
    "growth": "case.sales_parts",
    "returning": "case.sales_parts",
    "leads": "case.leads_by_month",
    "match": "case.matched_by_month",
    "objection": "case.objections_by_month",
    "cycle": "deals.outcome_counts",
    "renewal": "case.renewals_by_month",
    "churn": "case.renewals_by_month",
    "per_head": "case.sales_parts, case.heads_by_month",
    "first_deal": "case.first_deals_by_month",
    "attrition": "case.best_sellers",
    "goal": "sales.by_month",
}
NEAR = 3  # within this many roundings a figure is near, beyond it differs


@dataclass(frozen=True)
class Stated(Result):
    """table: id, claim, period, unit, stated, below, recomputed, low, high, k, n, parts (sums in
    words), verdict (match, near, differs, not computed), gap, reason, reading, place, sentence.
    """

    section: ClassVar[str] = "claims"
    table: pd.DataFrame
    as_of: date
    fmt: Formats
    own: bool

    def figure(self) -> Figure | None:
        from playbook.case.figures.course import claims_dots

        return claims_dots(self) if self.table.recomputed.notna().any() else None

    def tables(self) -> Sequence[Table]:
        shown = self.table.assign(
            stated_text=[self._text(r.stated, r.unit, r.below) for r in self.table.itertuples()],
            text=[self._recomputed(r) for r in self.table.itertuples()],
        )
        tone = {"match": "good", "near": "warn", "differs": "bad"}
        columns = [
            Col("claim", label="Figure of the case", weight=2),
            Col("period", label="Read as", weight=1.2),
            Col("stated_text", label="Stated"),
            Col("text", label="Recomputed", weight=1.6),
            Col("verdict", label="Verdict", tone=lambda r: tone.get(r["verdict"], "muted")),
        ]
        note = (
            "match = within the rounding of the text, near = within three times that; shares with"
            f" their counts and Wilson 95 % interval; as of {self.fmt.text(self.as_of, 'date')}"
        )
        return [
            aligned(
                table(shown, columns, self.fmt, title="Stated against recomputed", note=note), "lrr"
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
            Col("claim", label="Figure of the case", weight=1.4),
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
            title="How do you know? What each recomputed figure is made of",
            note=(
                f"rows known on {self.fmt.text(self.as_of, 'date')}; counted by: function of"
                " playbook.data.measures"
            ),
        )

    def _sources(self) -> Table:
        columns = [
            Col("claim", label="Figure of the case", weight=1.4),
            Col("sentence", label="Sentence of the text", weight=2),
            Col("place", label="Part"),
            Col("reading", label="How we read it", weight=2),
        ]
        return table(
            self.table,
            columns,
            self.fmt,
            title="Where each figure stands and how it is read",
            note="parts of the first source text",
        )

    def _text(self, value: float, unit: str, below: bool = False) -> str:
        return ("< " if below else "") + self.fmt.text(value, unit, decimals=0)

    def _recomputed(self, row: Any) -> str:
        if pd.isna(row.recomputed):
            return f"– {row.reason}"
        text = self.fmt.text(row.recomputed, row.unit, decimals=1 if row.unit == "share" else None)
        if pd.notna(row.k) and pd.notna(row.n):
            return (
                f"{text} ({self.fmt.count(row.k)} of {self.fmt.count(row.n)};"
                f" {self.fmt.interval(row.low, row.high, 'share')})"
            )
        return f"{text} (n = {self.fmt.count(row.n)})" if pd.notna(row.n) else text

    def count(self, verdict: str) -> int:
        return int((self.table.verdict == verdict).sum())

    def reading(self) -> str:
        made = int(self.table.recomputed.notna().sum())
        text = (
            f"Of {plural(len(self.table), 'published figure')}, {made} can be recomputed on this"
            f" day: {self.count('match')} match within rounding, {self.count('near')} are near,"
            f" {self.count('differs')} differ."
        )
        off = self.table[self.table.verdict == "differs"]
        return text + (
            f" Furthest off: {off.iloc[0].claim} ({off.iloc[0].reason})." if len(off) else ""
        )

    def headline(self) -> str:
        return (
            f"Case: {self.count('match')} of {plural(len(self.table), 'published figure')}"
            " recomputed within rounding."
        )

    def kpis(self) -> Sequence[Kpi]:
        found = []
        for r in self.table.itertuples():
            by, why = {"claim": r.id}, None if pd.notna(r.recomputed) else r.reason
            found.append(
                Kpi(
                    "claim.stated",
                    "all",
                    r.stated,
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
                "The text names no sample, no definition and often no span; the column 'read as' is"
                " our reading. A match says that the simulated tables carry the published figure"
                " under our definitions, not that the firm existed or that the measures caused it."
            ),
        )


@section("claims")
def claims(book: Book, course: Indicators) -> Stated:
    """Every published figure of the case recomputed from ``book``'s tables.

    course: the result of ``replay.indicators`` on the same book. Not available for a client's book,
    whose figures the text does not tell
    (``[case] company = true`` in the settings says that a book is the case's).
    """
    if not book.settings.case.company:
        raise NotAvailable(
            {},
            "each published figure beside the one recomputed from the tables",
            "stands on the case company's own tables, and this book is another company's; its"
            " figures are set beside the published ones above",
        )
    rows = [_row(claim, _recompute(claim, book, course.course)) for claim in CASE]
    return Stated(pd.DataFrame(rows), book.as_of, book.fmt, True)


def known(claim: Claim, row: Any, fmt: Formats) -> dict[str, str]:
    """Where a figure comes from: what was counted, in which tables, over which span, the counts or
    sums, the measure that counts it.
    """
    kind, *rest = claim.how.split(":")
    key = {"attrition": "attrition", "goal": "goal", "first": "first_deal"}.get(kind, rest[0])
    counted, tables = (BY_KEY[key].meaning, BY_KEY[key].needs) if key in BY_KEY else OTHER[key]
    span = (
        " against ".join(reversed(rest[1:])) if kind in ("value", "change") else " to ".join(rest)
    )
    n = (
        f"{fmt.count(row.k)} of {fmt.count(row.n)}"
        if pd.notna(row.k) and pd.notna(row.n)
        else f"n = {fmt.count(row.n)}"
        if pd.notna(row.n)
        else row.parts
    )
    return {"counted": counted, "tables": tables, "span": span, "n": n, "call": CALLS[key]}


def _row(claim: Claim, found: dict) -> dict:
    value = found.get("value")
    low, high = (
        Rate(found["k"], found["n"]).interval
        if found.get("k") is not None and claim.unit == "share"
        else (None, None)
    )
    verdict, gap, reason = _verdict(claim, value, found)
    return {
        "id": claim.id,
        "claim": claim.label,
        "period": claim.period,
        "unit": claim.unit,
        "stated": claim.value,
        "below": claim.below,
        "recomputed": value,
        "low": low,
        "high": high,
        "k": found.get("k") if low is not None else None,
        "n": found.get("n"),
        "parts": found.get("parts", ""),
        "verdict": verdict,
        "gap": gap,
        "reason": reason,
        "reading": claim.reading,
        "place": claim.place,
        "sentence": claim.sentence,
    }


def _verdict(claim: Claim, value: float | None, found: dict) -> tuple[str, float | None, str]:
    """match, near or differs, the distance to the stated figure, and the reason in words."""
    if value is None:
        return "not computed", None, found["why"]
    gap = max(0.0, value - claim.value) if claim.below else value - claim.value
    size = abs(gap) - 1e-9
    if size <= (0 if claim.below else claim.tolerance):
        return "match", gap, ""
    verdict = "near" if size <= NEAR * claim.tolerance else "differs"
    step = found.get("n")
    small = (
        f"; one of {step:.0f} moves it by {1 / step:.1%}"
        if step and found.get("k") is not None and 1 / step > 2 * claim.tolerance
        else ""
    )
    return verdict, gap, f"{'above' if gap > 0 else 'below'} the stated figure{small}"


def _recompute(claim: Claim, book: Book, course: Course) -> dict:
    """Value with counts, or why there is none."""
    kind, *rest = claim.how.split(":")
    last = rest[-1]
    end = Period.parse(last).last if kind != "goal" else Month(int(last), 1)
    if end > book.month:
        return {"value": None, "why": "lies after the report month"}
    return {
        "value": _value,
        "change": _change,
        "attrition": _attrition,
        "first": _first,
        "goal": _goal,
    }[kind](book, course, *rest)


def _value(book: Book, course: Course, key: str, quarter: str) -> dict:
    row = course.value(key, quarter)
    if row is None:
        return {"value": None, "why": course.absent.get(key, "nothing to count in that quarter")}
    counted = BY_KEY[key].unit == "share" and key not in ("growth", "returning")
    parts = (
        f"{book.fmt.money(row['k'], compact=True)} ÷ {book.fmt.money(row['n'], compact=True)}"
        if key in ("growth", "returning") and pd.notna(row["n"])
        else ""
    )
    return {
        "value": float(row["value"]),
        "k": float(row["k"]) if counted else None,
        "n": float(row["n"]) if counted or key == "cycle" else None,
        "parts": parts,
    }


def _change(book: Book, course: Course, key: str, before: str, after: str) -> dict:
    first, last = course.value(key, before), course.value(key, after)
    if first is None or last is None:
        return {
            "value": None,
            "why": course.absent.get(key, "nothing to count in one of the quarters"),
        }
    unit = BY_KEY[key].unit
    return {
        "value": float(last["value"] / first["value"] - 1),
        "parts": " ÷ ".join(
            book.fmt.text(r["value"], unit, compact=unit == "money") for r in (last, first)
        ),
    }


def _attrition(book: Book, course: Course, first: str, last: str) -> dict:
    found = top_attrition(book, Month.parse(first), Month.parse(last))
    if found is None or not found[1]:
        return {"value": None, "why": "needs orders and reps (hired, left)"}
    return {"value": found[0] / found[1], "k": found[0], "n": found[1]}


def _first(book: Book, course: Course, first: str, last: str) -> dict:
    people = people_of(book)
    if not len(people):
        return {"value": None, "why": course.absent.get("first_deal", "needs reps (hired)")}
    rows = measures.first_deals_by_month(book, people, book.settings.incentives.ramp_days)
    inside = rows[(rows.month >= Month.parse(first)) & (rows.month <= Month.parse(last))]
    k, n = int(inside.k.sum()), int(inside.n.sum())
    return (
        {"value": k / n, "k": k, "n": n}
        if n
        else {"value": None, "why": "no hire's first months were over in that span"}
    )


def _goal(book: Book, course: Course, year: str) -> dict:
    import narwhals as nw

    if not book.has("targets") or not book.has("orders"):
        return {"value": None, "why": "needs targets and orders"}
    empty = [
        nw.col(c).is_null() for c in ("region", "product_line", "customer_type", "rep_id", "team")
    ]
    target = (
        book.table("targets")
        .filter(nw.col("period") == year, nw.col("metric") == "sales", *empty)
        .select("target")
        .collect()
        .to_pandas()
    )
    sold = sales.monthly(book)
    base = float(
        sum(a for m, a in zip(sold.month, sold.amount, strict=True) if m.year == int(year) - 1)
    )
    if not len(target) or not base:
        return {"value": None, "why": "no target of the company for that year"}
    return {
        "value": float(target.target.iloc[0]) / base - 1,
        "parts": (
            f"{book.fmt.money(float(target.target.iloc[0]), compact=True)} ÷"
            f" {book.fmt.money(base, compact=True)}"
        ),
    }


def published_figures(folder: str | Path) -> pd.DataFrame:
    """The published figures beside those recomputed from the book in ``folder``: ``Stated.table``."""
    book = Book.open(folder)
    return claims(book, indicators(book)).table
