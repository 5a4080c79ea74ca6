"""The company's indicators month by month and quarter by quarter, before and after a programme of
measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.contracts import Frame, number, text
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say, term
from playbook.data.book import Book
from playbook.data.measures import renewal
from playbook.page import Figure, Result, Table, section

from .catalogue import BY_KEY, INDICATORS, RATES, SUMS, Indicator
from .indicator_tables import before_after, by_period
from .periods import Course, course_of

QUARTERS, MONTHS = 8, 13


class IndicatorChanges(Frame):
    """One row per indicator: the quarter before the measures, or a year before, and the last."""

    indicator = text("key of the indicator")
    label = text("its name")
    unit = text("unit of its values: share, money, days or count")
    better = text("up or down: the direction that is better")
    before = text("the quarter compared with, YYYY-Qn")
    after = text("the last quarter, YYYY-Qn")
    value_before = number("value in the quarter compared with")
    value_after = number("value in the last quarter")
    change = number("difference of shares and days, else the last value ÷ the earlier − 1")
    change_unit = text("unit of the change: pp, days or share")
    way = text("better, worse, even, or both ways: a share up as the rest of the whole fell")
    k_before = number("what was counted, in the quarter compared with")
    n_before = number("what it was counted of, in the quarter compared with")
    k_after = number("what was counted, in the last quarter")
    n_after = number("what it was counted of, in the last quarter")


@dataclass(frozen=True)
class CaseIndicators(Result):
    """The indicators of a company: ``course`` holds every period, ``table`` the comparison of two
    quarters.
    """

    section: ClassVar[str] = "indicators"
    course: Course
    table: Annotated[pd.DataFrame, IndicatorChanges]
    measures_from: date | None
    as_of: date
    fmt: Formats
    currency: str
    caveats: tuple[str, ...] = ()

    @property
    def present(self) -> list[Indicator]:
        """Indicators with a value in a quarter or a month."""
        known = set(self.course.monthly[self.course.monthly.value.notna()].indicator)
        return [indicator for indicator in INDICATORS if indicator.key in known]

    def figure(self) -> Figure | None:
        from playbook.case.figures.course import IndicatorPanel, indicator_grid

        if not self.present:
            return None
        return indicator_grid(
            self.course.monthly,
            self.course.quarterly,
            [IndicatorPanel(i.key, say(i.label), i.unit, i.key in SUMS) for i in self.present],
            self.fmt,
            measures_from=self.measures_from,
            currency=self.currency,
            as_of=self.as_of,
        )

    def tables(self) -> Sequence[Table]:
        course, shown = self.course, (self.fmt, self.currency, self.as_of)
        made = [
            before_after(self.table, self.fmt, self.measures_from, self.as_of),
            by_period(course.quarterly, QUARTERS, say("Indicators by quarter"), *shown),
            by_period(course.monthly, MONTHS, say("Indicators by month"), *shown),
        ]
        return [t for t in made if t is not None]

    def reading(self) -> str:
        if self.table.empty:
            return say("No two quarters of any indicator can be compared yet.")
        better, worse = (self.table[self.table.way == way] for way in ("better", "worse"))
        up, down = (plural(len(part), "indicator") for part in (better, worse))
        parts = [
            say("{up} moved the right way and {down} the wrong way", up=up, down=down)
            if len(better) and len(worse)
            else say("{up} moved the right way, none the wrong way", up=up)
            if len(better)
            else say("{down} moved the wrong way, none the right way", down=down)
            if len(worse)
            else say("No indicator moved for better or worse")
        ]
        named = self.table[self.table.indicator.isin(("growth", "renewal", "match", "cycle"))]
        changes = [
            say(
                "{label} from {value_before} to {value_after}",
                label=term(r.label).lower(),
                value_before=self.fmt.text(r.value_before, r.unit),
                value_after=self.fmt.text(r.value_after, r.unit),
            )
            for r in named.itertuples()
        ]
        return say("{parts}.", parts=joined([*parts, *changes], "; "))

    def headline(self) -> str:
        row = self.table[self.table.indicator == "growth"]
        if row.empty:
            return say(
                "Course: {indicators} month by month.",
                indicators=plural(len(self.present), "indicator"),
            )
        r = row.iloc[0]
        return say(
            "Growth on a year before went from {value_before} in {before} to"
            " {value_after} in {after}.",
            value_before=self.fmt.share(r.value_before),
            before=r.before,
            value_after=self.fmt.share(r.value_after),
            after=r.after,
        )

    def notes(self) -> Sequence[str]:
        absent = [
            say("{label} {why}", label=say(BY_KEY[key].label), why=why)
            for key, why in self.course.absent.items()
            if key in BY_KEY
        ]
        meanings = joined(
            (
                say("{label}: {meaning}", label=say(i.label), meaning=say(i.meaning))
                for i in self.present
            ),
            "; ",
        )
        return (
            meanings,
            *self.caveats,
            *([say("Not shown: {indicators}.", indicators=joined(absent, "; "))] if absent else []),
        )


@section("indicators")
def indicators(book: Book) -> CaseIndicators:
    """Every indicator the book's tables give, before and after ``[case] measures_from`` (else
    against a year before).
    """
    course = course_of(book)
    if not len(course.monthly) or course.monthly.value.isna().all():
        raise NotAvailable(
            {"orders": ("date", "amount"), "opportunities": ("closed",)},
            say("the company's indicators month by month, before and after its measures"),
        )
    start = book.settings.case.measures_from
    start = start if start is not None and start <= book.as_of else None
    return CaseIndicators(
        course,
        _compare(course, start),
        start,
        book.as_of,
        book.fmt,
        book.currency,
        _caveats(book),
    )


def _caveats(book: Book) -> tuple[str, ...]:
    """How renewals were read, where the tables leave it open."""
    if not book.has("contracts", "end"):
        return ()
    found = []
    n = renewal.inferred(renewal.contracts(book))
    if n:
        found.append(
            say(
                "Renewals are inferred: {contracts} count as renewed because another"
                " of the same customer starts within {renewal_days} days of the end.",
                contracts=plural(n, "contract"),
                renewal_days=book.settings.segments.renewal_days,
            )
        )
    if not book.has("customers", "customer_type"):
        found.append(
            say("The book has no customer types: all customers count among the large ones.")
        )
    return tuple(found)


def _compare(course: Course, start: date | None) -> pd.DataFrame:
    rows = []
    for indicator in INDICATORS:
        known = course.quarterly[
            (course.quarterly.indicator == indicator.key) & course.quarterly.value.notna()
        ]
        if known.empty:
            continue
        last = known.iloc[-1]
        base = _base(known, last.period, start, indicator.key)
        if base is None:
            continue
        points = indicator.unit == "share"
        days = indicator.unit == "days"
        change = (
            last.value - base.value
            if points or days
            else last.value / base.value - 1
            if base.value
            else None
        )
        way = _way(indicator, change, base, last)
        rows.append(
            {
                "indicator": indicator.key,
                "label": indicator.label,
                "unit": indicator.unit,
                "better": indicator.better,
                "before": base.period,
                "after": last.period,
                "value_before": base.value,
                "value_after": last.value,
                "change": change,
                "change_unit": "pp" if points else "days" if days else "share",
                "way": way,
                "k_before": base.k,
                "n_before": base.n,
                "k_after": last.k,
                "n_after": last.n,
            }
        )
    return IndicatorChanges.make(rows)


def _way(indicator: Indicator, change: float | None, base: pd.Series, last: pd.Series) -> str:
    """Whether a change is for the better. More of the sales from returning customers is neither
    where the new ones brought less than before, nor is less of them where the returning brought
    more: both are shares of a whole that moved.
    """
    if change is None or abs(change) < 1e-9:
        return later("even")
    if indicator.key == "returning":
        returning, new = last.k - base.k, (last.n - last.k) - (base.n - base.k)
        if (new if change > 0 else -returning) < 0:
            return later("both ways")
    return later("better") if (change > 0) == (indicator.better == "up") else later("worse")


def _base(known: pd.DataFrame, last: str, start: date | None, key: str) -> pd.Series | None:
    """The last quarter over before the measures, or the same quarter a year before; sums are only
    ever set against a year before.
    """
    year_before = f"{int(last[:4]) - 1}{last[4:]}"
    if start is None or key in ("sales", "per_head", "returning"):
        rows = known[known.period == year_before]
        if len(rows):
            return rows.iloc[-1]
        return (
            known.iloc[-2]
            if len(known) > 1 and start is None and key in (*RATES, "cycle")
            else None
        )
    quarter = f"{start.year}-Q{(start.month - 1) // 3 + 1}"
    rows = known[known.period < quarter]
    return rows.iloc[-1] if len(rows) and quarter <= last else None
