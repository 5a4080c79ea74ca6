"""The dashboard: what the team does, how deals pass, what customers cost and bring, each indicator
with an alert against its own history.
"""

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
from playbook.base.formats import Formats, joined, listing, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.funnel.figures.meeting import dashboard_panels
from playbook.funnel.windows import label
from playbook.methods.comparisons import SEARCH_LEVEL
from playbook.page import Col, Figure, Table, table

from .indicators import (
    MONTHS,
    Indicator,
    conversion_indicators,
    customer_indicators,
    process_indicators,
    sales_indicators,
)
from .words import (
    AS_USUAL,
    BETTER,
    FAMILIES,
    NO_VALUE,
    TOO_LITTLE,
    UNUSUAL,
    WORSE,
    indicator_word,
)

FEWEST = 6  # months of history an alert needs
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
                tone=lambda r: {BETTER: "good", WORSE: "bad", UNUSUAL: "warn"}.get(
                    r["alert"], "muted"
                ),
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
    judged = sum(_has_history(i, lines[i.name]) for i in found)
    frame = Indicators.make([_row(i, lines[i.name], months[-1], judged) for i in found])
    frame = (
        frame.assign(rank=[FAMILIES.index(f) for f in frame.family])
        .sort_values("rank", kind="stable")
        .drop(columns="rank")
        .reset_index(drop=True)
    )
    series = {i.name: lines[i.name] for i in found}
    return Dashboard(frame, series, tuple(label(m) for m in months), book.as_of, book.fmt)


def _has_history(indicator: Indicator, line: np.ndarray) -> bool:
    """Whether a month can be judged: it has a value, and at least six months before vary; money of
    which most months hold none is too rare to say what is usual.
    """
    past = line[:-1][np.isfinite(line[:-1])]
    if indicator.unit == "money":
        past = past[past != 0] if np.count_nonzero(past) < FEWEST else past
    return bool(np.isfinite(line[-1]) and len(past) >= FEWEST and np.ptp(past) > 1e-9)


def usual_range(
    past: np.ndarray, comparisons: int, *, least: float = 0.0, overlap: int = 1
) -> tuple[float, float]:
    """The range within which the next value stays with a chance of 99 % for all indicators of the
    page together.

    mean ± t · s · √(1 + 1/n), t the quantile of Student's distribution at SEARCH_LEVEL ÷ (2 ·
    comparisons). Values that overlap move slowly: there the range lies around the last value, and
    s, n are of the steps from month to month, each of which is new.

    Parameters
    ----------
    past : (n,) values of the months before, nan where unknown
    comparisons : indicators judged
    least : smallest standard deviation counted with, from the number of deals or events
    overlap : months that each value tells of
    """
    known = past[np.isfinite(past)]
    centre, parts = known.mean(), known
    if overlap > 1:
        steps = np.diff(past)
        centre, parts = known[-1], steps[np.isfinite(steps)]
        if len(parts) < 2:
            return np.nan, np.nan
    n = len(parts)
    spread = parts.std(ddof=1)
    t = stats.t.isf(SEARCH_LEVEL / (2 * comparisons), n - 1)
    half = t * np.sqrt(spread**2 * (1 + 1 / n)) if spread > least else t * least
    return centre - half, centre + half


def _row(indicator: Indicator, line: np.ndarray, month: int, judged: int) -> dict:
    """The month against its own history."""
    past = line[:-1][np.isfinite(line[:-1])]
    low = high = np.nan
    mean = past.mean() if len(past) >= FEWEST else np.nan
    alert = NO_VALUE if np.isnan(line[-1]) else TOO_LITTLE
    if _has_history(indicator, line):
        least = _least_spread(indicator, mean, month)
        low, high = usual_range(line[:-1], judged, least=least, overlap=indicator.overlap)
    if low == low:
        low = max(0.0, low) if past.min() >= 0 else low
        high = min(1.0, high) if indicator.unit == "share" else high
        side = 1 if line[-1] > high else -1 if line[-1] < low else 0
        alert = AS_USUAL
        if side:
            good = indicator.good
            alert = UNUSUAL if not good else BETTER if side == good else WORSE
    return {
        "family": indicator.family,
        "indicator": indicator.name,
        "unit": indicator.unit,
        "good": indicator.good,
        "value": line[-1],
        "before": line[-2],
        "mean": mean,
        "low": low,
        "high": high,
        "alert": alert,
    }


def _least_spread(indicator: Indicator, mean: float, month: int) -> float:
    """What chance alone gives: of a count its square root, of a share that of its deals."""
    if indicator.unit == "count":
        return float(np.sqrt(max(mean, 1.0)))
    if indicator.trials is not None:
        n, p = float(indicator.trials.get(month, 0)), min(max(mean, 0.0), 1.0)
        return float(np.sqrt(max(p * (1 - p), 0.25 / (n + 1)) / n)) if n else 0.0
    return 0.0
