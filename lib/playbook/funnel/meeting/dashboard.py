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
from playbook.base.formats import Formats, listing
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.funnel.figures.meeting import dashboard_panels
from playbook.funnel.windows import label
from playbook.page import Col, Figure, Table, table

from .indicators import (
    MONTHS,
    conversion_indicators,
    customer_indicators,
    process_indicators,
    sales_indicators,
)

FEWEST = 6  # months of history an alert needs
LIMIT = 2.66  # natural process limits: mean ± 2.66 × mean moving range
FAMILIES = ("process", "conversion", "customer")


class Indicators(Frame):
    """One row per indicator, the report month against its own history."""

    family = col.text("process, conversion or customer")
    indicator = col.text("the indicator")
    unit = col.text("unit of the numbers beside it")
    good = col.number("1 = more is better, −1 = less, 0 = neither")
    value = col.thing("this month, in unit")
    before = col.thing("the month before")
    mean = col.thing("mean of the 12 months before")
    low = col.thing("lower end of the usual range")
    high = col.thing("upper end of the usual range")
    alert = col.text("better, worse, unusual, as usual, no value or too little history")


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
            **{
                c: [
                    fmt.text(v, u, compact=u == "money")
                    for v, u in zip(self.table[c], self.table.unit, strict=True)
                ]
                for c in ("value", "before", "mean")
            },
            limits=[
                (
                    f"{fmt.text(a, u, compact=u == 'money')} to"
                    f" {fmt.text(b, u, compact=u == 'money')}"
                    if a == a
                    else "–"
                )
                for a, b, u in zip(self.table.low, self.table.high, self.table.unit, strict=True)
            ],
        )
        columns = [
            Col("family", "text", "Family"),
            Col("indicator", "text", "Indicator"),
            Col("value", "text", "This month"),
            Col("before", "text", "Month before"),
            Col("mean", "text", "Mean of 12"),
            Col("limits", "text", "Usual range"),
            Col(
                "alert",
                "text",
                "Alert",
                tone=lambda r: {"better": "good", "worse": "bad", "unusual": "warn"}.get(
                    r["alert"], "muted"
                ),
            ),
        ]
        return [
            table(
                rows,
                columns,
                fmt,
                title="Dashboard",
                note=(
                    f"Month of {fmt.text(self.months[-1], 'month')}; usual range = mean of the 12"
                    " months before ± 2.66 mean moving ranges; as of"
                    f" {fmt.text(self.as_of, 'date')}"
                ),
            )
        ]

    def reading(self) -> str:
        outside = [
            f"{word} {listing(names, 5)}"
            for word in ("worse", "better", "unusual")
            if (names := list(self.table.indicator[self.table.alert == word]))
        ]
        if not outside:
            return "Every indicator stays inside the range of its own last 12 months."
        return f"Outside the range of their own last 12 months: {'; '.join(outside)}."

    def headline(self) -> str:
        worse, better = (
            list(self.table.indicator[self.table.alert == a]) for a in ("worse", "better")
        )
        return f"Dashboard alerts: worse {listing(worse, 4)}; better {listing(better, 4)}"

    def notes(self) -> list[str]:
        return [
            "The alert compares a month with the indicator's own history, not with a fixed line."
            " Steps are taken by activity, which is complete for the month; such a ratio also rises"
            " when few new deals come in, so it is called unusual, neither better nor worse."
        ]


@page.section("dashboard")
def dashboard(book: Book) -> Dashboard:
    """Process, conversion and customer indicators of 13 months with alerts. Shows what the book
    has; needs deals or orders.
    """
    months = list(range(book.month.number - MONTHS + 1, book.month.number + 1))
    found: list[tuple] = [*process_indicators(book), *sales_indicators(book)]
    if book.has("opportunities", "outcome"):
        deals = deals_of(book)
        found += [*conversion_indicators(deals, book), *customer_indicators(deals, book)]
    rows, series = [], {}
    for family, indicator, unit, good, values in found:
        line = values.reindex(months).to_numpy(float)
        if np.isnan(line[-1]) and not np.isfinite(line).any():
            continue
        series[indicator] = line
        rows.append(_row(family, indicator, unit, good, line))
    if not rows:
        raise NotAvailable(
            {"opportunities": ("outcome",)}, "the indicators of the month with trend and alert"
        )
    frame = Indicators.make(rows)
    frame = (
        frame.assign(rank=[FAMILIES.index(f) for f in frame.family])
        .sort_values("rank", kind="stable")
        .drop(columns="rank")
        .reset_index(drop=True)
    )
    return Dashboard(frame, series, tuple(label(m) for m in months), book.as_of, book.fmt)


def _row(family: str, indicator: str, unit: str, good: int, line: np.ndarray) -> dict:
    """The month against its own history (natural process limits of individual values)."""
    past = line[:-1][np.isfinite(line[:-1])]
    low = high = mean = np.nan
    alert = "too little history"
    if len(past) >= FEWEST:
        mean, moving = past.mean(), np.abs(np.diff(past)).mean()
        low, high = mean - LIMIT * moving, mean + LIMIT * moving
        if unit != "pp":
            low = max(0.0, low)
        if unit == "share":
            high = min(1.0, high)
        side = 1 if line[-1] > high else -1 if line[-1] < low else 0
        alert = (
            "no value"
            if np.isnan(line[-1])
            else (
                "as usual"
                if not side
                else "unusual"
                if not good
                else "better"
                if side == good
                else "worse"
            )
        )
    return {
        "family": family,
        "indicator": indicator,
        "unit": unit,
        "good": good,
        "value": line[-1],
        "before": line[-2],
        "mean": mean,
        "low": low,
        "high": high,
        "alert": alert,
    }
