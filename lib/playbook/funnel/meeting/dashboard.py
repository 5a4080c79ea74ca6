"""The dashboard: what the team does, how deals pass, what customers cost and bring, each indicator
with an alert against its own history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, listing, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.funnel.figures.meeting import dashboard_panels
from playbook.funnel.windows import label
from playbook.page import Col, Figure, Table, table
from playbook.page.blocks import Tone

from .indicators import (
    MONTHS,
    Indicator,
    conversion_indicators,
    customer_indicators,
    process_indicators,
    sales_indicators,
)
from .usual import has_history, row_of
from .words import (
    BETTER,
    FAMILIES,
    UNUSUAL,
    WORSE,
    indicator_word,
)

TONES: dict[str, Tone] = {BETTER: "good", WORSE: "bad", UNUSUAL: "warn"}
OUTSIDE = later({WORSE: "worse {names}", BETTER: "better {names}", UNUSUAL: "unusual {names}"})


class Indicators(Frame):
    """One row per indicator, the report month against its own history."""

    family = col.text(later("process, conversion or customer"))
    indicator = col.text(later("the indicator"))
    unit = col.text(later("unit of the numbers beside it"))
    good = col.number(later("1 = more is better, −1 = less, 0 = neither"))
    value = col.thing(later("this month, in unit"))
    before = col.thing(later("the month before"))
    mean = col.thing(later("mean of the 12 months before"))
    low = col.thing(later("lower end of the usual range"))
    high = col.thing(later("upper end of the usual range"))
    alert = col.text(later("better, worse, unusual, as usual, no value or too little history"))


@dataclass(frozen=True)
class Dashboard(page.Result):
    """Indicators of the report month, each against the range of its own last 12 months.

    series: indicator → values of the last 13 months, oldest first. months: these as YYYY-MM.
    """

    table: Annotated[pd.DataFrame, Indicators]
    series: dict[str, np.ndarray]
    months: tuple[str, ...]
    as_of: date
    fmt: Formats
    section = "dashboard"

    def figure(self) -> Figure:
        return dashboard_panels(self.table, self.series, self.months, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        fmt = self.fmt
        rows = self.table.assign(
            indicator=[indicator_word(name) for name in self.table.indicator],
            **{
                c: [
                    fmt.text(v, u, compact=u == "money")
                    for v, u in zip(self.table[c], self.table.unit, strict=True)
                ]
                for c in ("value", "before", "mean")
            },
            limits=[
                (
                    say(
                        "{low} to {high}",
                        low=fmt.text(a, u, compact=u == "money"),
                        high=fmt.text(b, u, compact=u == "money"),
                    )
                    if a == a
                    else "–"
                )
                for a, b, u in zip(self.table.low, self.table.high, self.table.unit, strict=True)
            ],
        )
        columns = [
            Col("family", "term", "Family"),
            Col("indicator", "text", "Indicator"),
            Col("value", "text", "This month"),
            Col("before", "text", "Month before"),
            Col("mean", "text", "Mean of 12"),
            Col("limits", "text", "Usual range"),
            Col(
                "alert",
                "term",
                "Alert",
                tone=lambda r: TONES.get(r["alert"], "muted"),
            ),
        ]
        return [
            table(
                rows,
                columns,
                fmt,
                title=say("Dashboard"),
                note=(
                    say(
                        "Month of {months}; usual range = where the month lies unless"
                        " something changed, allowing for the number of indicators; as of"
                        " {as_of}",
                        months=fmt.text(self.months[-1], "month"),
                        as_of=fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        judged = self.table[self.table.low.notna()]
        rest = len(self.table) - len(judged)
        outside = [
            say(OUTSIDE[alert], names=listing(names, 5))
            for alert in (WORSE, BETTER, UNUSUAL)
            if (names := self._names(alert))
        ]
        if judged.empty:
            return say("No indicator has a history of its own to be judged by yet.")
        text = (
            say(
                "Outside the range of their own last 12 months: {outside}.",
                outside=joined(outside, "; "),
            )
            if outside
            else say(
                "The one indicator with a history stays inside the range of its own last 12 months."
            )
            if len(judged) == 1
            else say(
                "All {n} indicators with a history stay inside the range of their own last 12"
                " months.",
                n=len(judged),
            )
        )
        return text + (
            say(
                " {indicators} {en_have} no value this month or too little history.",
                indicators=plural(rest, "indicator"),
                en_have="has" if rest == 1 else "have",
            )
            if rest
            else ""
        )

    def _names(self, alert: str) -> list[str]:
        rows = self.table[self.table.alert == alert]
        return [indicator_word(name) for name in rows.indicator]

    def headline(self) -> str:
        parts = [
            say(OUTSIDE[alert], names=listing(names, 4))
            for alert in (WORSE, BETTER)
            if (names := self._names(alert))
        ]
        return say("Dashboard alerts: {parts}", parts=joined(parts, "; ")) if parts else ""

    def notes(self) -> list[str]:
        return [
            say(
                "The alert compares a month with the indicator's own history, not"
                " with a fixed line. The range is wide enough that in 99 of 100"
                " companies where nothing changed no indicator leaves it. Values of"
                " several months (CAC, LTV) share most of them with the month"
                " before: their range lies around that month. Steps are taken by"
                " activity, which is complete for the month; such a ratio also rises"
                " when few new deals come in, so it is called unusual, neither"
                " better nor worse."
            )
        ]


@page.section("dashboard")
def dashboard(book: Book) -> Dashboard:
    """Process, conversion and customer indicators of 13 months with alerts. Shows what the book
    has; needs deals or orders.
    """
    months = list(range(book.month.number - MONTHS + 1, book.month.number + 1))
    found: list[Indicator] = [*process_indicators(book), *sales_indicators(book)]
    deals = deals_of(book) if book.has("opportunities", "outcome") else None
    if deals is not None:
        found += conversion_indicators(deals, book)
    found += customer_indicators(deals, book)
    lines = {i.name: i.values.reindex(months).to_numpy(float) for i in found}
    found = [i for i in found if np.isfinite(lines[i.name]).any()]
    if not found:
        raise NotAvailable(
            {"opportunities": ("outcome",)}, say("the indicators of the month with trend and alert")
        )
    judged = sum(has_history(i, lines[i.name]) for i in found)
    frame = Indicators.make([row_of(i, lines[i.name], months[-1], judged) for i in found])
    frame = (
        frame.assign(rank=[FAMILIES.index(f) for f in frame.family])
        .sort_values("rank", kind="stable")
        .drop(columns="rank")
        .reset_index(drop=True)
    )
    series = {i.name: lines[i.name] for i in found}
    return Dashboard(frame, series, tuple(label(m) for m in months), book.as_of, book.fmt)
