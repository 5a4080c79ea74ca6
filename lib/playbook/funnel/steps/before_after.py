"""Deals created before and after a day: are they won sooner or more often, beyond chance?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd
from scipy import stats

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.deals import deals_of, outcome_counts
from playbook.data.measures.frames import collect
from playbook.funnel.figures.cycle import before_after_curves
from playbook.funnel.ranking import BEYOND, WITHIN
from playbook.methods.log_rank import LogRank, log_rank
from playbook.methods.survival import Incidence, aalen_johansen, quantile
from playbook.page import Col, Figure, Table, table

from .cycle import CAUSE

HORIZONS = (30, 60, 90)


class BeforeAfterMeasures(Frame):
    """One row per measure: chance of a win by each horizon, and the median of closed wins."""

    measure = col.text(later("what is compared"))
    unit = col.text(later("share or days"))
    before = col.thing(later("deals created before the day"))
    after = col.thing(later("deals created after it"))
    p = col.number(later("p-value of no difference; none for the median"))


@dataclass(frozen=True)
class BeforeAfter(page.Result):
    """Deals created in equal spans of months before and after a day.

    before, after: chance of a win by age. test: log-rank test of the two. months: length of each
    span. why: where the day comes from.
    """

    table: Annotated[pd.DataFrame, BeforeAfterMeasures]
    before: Incidence
    after: Incidence
    test: LogRank
    since: Month
    months: int
    why: str
    as_of: date
    fmt: Formats
    section = "before-after"

    def figure(self) -> Figure:
        return before_after_curves(
            self.before, self.after, self.since, self.months, self.fmt, self.as_of
        )

    def tables(self) -> list[Table]:
        fmt = self.fmt
        rows = self.table.assign(
            **{
                c: [fmt.text(v, u) for v, u in zip(self.table[c], self.table.unit, strict=True)]
                for c in ("before", "after")
            },
            change=[
                (
                    fmt.text(a - b, "pp" if u == "share" else u, sign=True)
                    if a == a and b == b
                    else "–"
                )
                for a, b, u in zip(
                    self.table.after, self.table.before, self.table.unit, strict=True
                )
            ],
            said=["–" if p != p else BEYOND if p < 0.05 else WITHIN for p in self.table.p],
        )
        columns = [
            Col("measure", "text", "Measure", context="figure"),
            Col("before", "text", "Before"),
            Col("after", "text", "After"),
            Col("change", "text", "Change"),
            Col("said", "term", "Reading"),
        ]
        return [
            table(
                rows,
                columns,
                fmt,
                title=say("Deals before and after {since}", since=fmt.text(self.since, "month")),
                note=(
                    say(
                        "Deals created in {months} months before and after; losses compete,"
                        " open deals kept; {why}; as of {as_of}",
                        months=self.months,
                        why=self.why,
                        as_of=fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        fmt = self.fmt
        row = self.table[self.table.p.notna()].iloc[-1] if self.table.p.notna().any() else None
        if row is None:
            return say(
                "Too few deals on one side of {since} to compare.",
                since=fmt.text(self.since, "month"),
            )
        first = say(
            "Of deals created in the {months} months since {since} {after} are"
            " {measure}, before it {before} ({change}).",
            months=self.months,
            since=fmt.text(self.since, "month"),
            after=fmt.share(row.after),
            measure=row.measure,
            before=fmt.share(row.before),
            change=fmt.text(row.after - row.before, "pp"),
        )
        return first + (
            say(
                " Taken over all days, wins came at another pace: a difference beyond chance"
                " (log-rank)."
            )
            if self.test.p < 0.05
            else say(
                " Taken over all days, wins came at the same pace: no more than chance (log-rank)."
            )
        )

    def notes(self) -> list[str]:
        return [
            say(
                "Comparing before and after cannot tell the measure from anything"
                " else that changed at the same time; a pilot with a control group"
                " can. The median of closed wins is shown because others will quote"
                " it; the later group had less time, so its slow wins are missing."
            )
        ]


@page.section("before-after")
def before_after(book: Book, *, since: str = "") -> BeforeAfter:
    """Win incidence and time before and after a day (default: the first strategy started in the
    last 12 months).
    """
    gives = say("whether deals got faster or likelier to be won after a measure, with a test")
    book.need("opportunities", "created", gives=gives)
    day, why = measure_day(book, since, gives)
    start = Month.of(day) if day.day == 1 else Month.of(day) + 1
    months = min(book.month - start + 1, 12)
    if months < 1:
        raise NotAvailable(
            {}, gives, say("no whole month after the day lies before the as-of date")
        )
    known = coverage(book, "opportunities", "created")
    months = min(months, known.months_before(start.start))  # equal spans, both covered
    if months < 1:
        raise NotAvailable(
            {},
            gives,
            known.gap((start - 1).start, start.start, book.fmt) or say("no month before it"),
        )
    counts = outcome_counts(deals_of(book), days=True)
    counts = counts[counts.days >= 0]
    first = start.number
    sides = [
        counts[counts.created.between(first - months, first - 1)],
        counts[counts.created.between(first, first + months - 1)],
    ]
    if min(s.n.sum() for s in sides) < book.settings.funnel.min_group:
        raise NotAvailable(
            {},
            gives,
            say(
                "fewer than {min_group} deals on one side of {day}",
                min_group=book.settings.funnel.min_group,
                day=day,
            ),
        )
    before, after = (aalen_johansen(s.days, s.outcome.map(CAUSE), s.n) for s in sides)
    both = pd.concat([s.assign(group=i) for i, s in enumerate(sides)])
    test = log_rank(both.days, both.outcome == "won", both.group, both.n)
    return BeforeAfter(
        _rows(sides, [before, after]),
        before,
        after,
        test,
        start,
        months,
        why,
        book.as_of,
        book.fmt,
    )


def measure_day(book: Book, since: str, gives: str) -> tuple[date, str]:
    """The day a measure took hold and where it comes from: ``since``, else the first strategy
    started in the last 12 months. Raises NotAvailable where there is neither.
    """
    if since:
        return date.fromisoformat(since), say("day given as a parameter")
    if book.has("strategies", "start"):
        starts = collect(book.table("strategies").select("start"), sort=["start"]).start.dropna()
        recent = [
            pd.Timestamp(s).date()
            for s in starts
            if pd.Timestamp(s).date() >= book.window("trailing_12m").start
        ]
        if recent:
            return min(recent), say("day of the first strategy started in the last 12 months")
    raise NotAvailable({"strategies": ("start",)}, gives, say("or a day in the parameter since"))


def _rows(sides: list[pd.DataFrame], curves: list[Incidence]) -> pd.DataFrame:
    """Chance of a win by each horizon both sides were watched, with a z-test on the two curves; the
    naive median beside it.
    """
    rows = []
    for day in HORIZONS:
        (a, al, ah), (b, bl, bh) = (c.at(day) for c in curves)
        if a is None or b is None:
            continue
        spread = np.hypot((ah - al) / 3.92, (bh - bl) / 3.92)
        rows.append(
            {
                "measure": say("won within {day} days", day=day),
                "unit": "share",
                "before": a,
                "after": b,
                "p": float(2 * stats.norm.sf(abs(b - a) / spread)) if spread > 0 else np.nan,
            }
        )
    medians = [quantile(w.days, w.n, 0.5) for w in (s[s.outcome == "won"] for s in sides)]
    rows.append(
        {
            "measure": say("median of closed wins"),
            "unit": "days",
            "before": medians[0],
            "after": medians[1],
            "p": np.nan,
        }
    )
    return BeforeAfterMeasures.make(rows).astype({"before": float, "after": float, "p": float})
