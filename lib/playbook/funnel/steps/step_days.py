"""How many deals pass a step within 30, 60 and 90 days of entering it, open deals kept in, and how
many hours the steps take where the source keeps the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of
from playbook.data.measures.stage_hours import keeps_clock, stage_hours
from playbook.funnel.windows import bounds
from playbook.methods.intervals import wilson
from playbook.methods.survival import aalen_johansen, quantile
from playbook.page import Col, Table, table
from playbook.page.kpi import Kpi

from .cohorts import dates_stages, steps_of

STATUS = {"open": 0, "advanced": 1, "lost": 2}
WINDOWS = ("trailing_12m", "all")
FEW_HOURS = 72  # a step that half of the deals pass within so many hours is told in hours


class PassedWithin(Frame):
    """One row per window, step and horizon: the chance to have passed the step by then."""

    window = col.text(later("which window the deals entered the step in: trailing_12m or all"))
    step = col.text(later("the step, written from→to"))
    day = col.days(later("days since the deal entered the step"))
    value = col.share(
        later("chance to have passed by that day; losses compete (Aalen-Johansen)"),
        low="low",
        high="high",
    )
    low = col.share(later("lower end of the 95 % interval"))
    high = col.share(later("upper end of the 95 % interval"))
    n = col.count(later("deals that entered the step"))
    watched = col.count(later("of these, decided by that day or watched for as long"))


class StepHours(Frame):
    """One row per stage whose way to the next one is known to the hour."""

    stage = col.text(later("the stage"))
    n = col.count(later("deals that went on"))
    hours = col.number(later("median hours from entering the stage to entering a later one"))
    slow = col.number(later("hours that 4 in 5 of them took at most"))
    day = col.share(later("of them, went on within 24 hours"))


@dataclass(frozen=True)
class StepDays(page.Result):
    """Passing a step within so many days.

    hours: empty where the source keeps days alone, or where every step takes days. small: fewest
    deals of a step that is named.
    """

    table: Annotated[pd.DataFrame, PassedWithin]
    hours: Annotated[pd.DataFrame, StepHours]
    small: int
    as_of: date
    fmt: Formats
    section = "step-days"

    def at(self, step: str, day: int, window: str = "trailing_12m") -> dict:
        """The row of one step, horizon and window."""
        found = self.table
        rows = found[(found.step == step) & (found.day == day) & (found.window == window)]
        return rows.iloc[0].to_dict()

    def tables(self) -> list[Table]:
        day = self.fmt.text(self.as_of, "date")
        year, ever = (self.table[self.table.window == w] for w in WINDOWS)
        rows = year.merge(ever, on=["step", "day"], suffixes=("", "_all"))
        columns = [
            Col("step"),
            Col("day", "days", "Within"),
            Col("value", "share", "Entered in 12 months", low="low", high="high"),
            Col("n", "count"),
            Col("watched", "count", "Known by then"),
            Col("value_all", "share", "All data", low="low_all", high="high_all"),
            Col("n_all", "count", "n"),
        ]
        found = [
            table(
                rows,
                columns,
                self.fmt,
                title=say("Passed the step within …"),
                note=(
                    say(
                        "Days since the deal entered the step; losses compete, deals still"
                        " there count as long as they were watched (Aalen-Johansen, 95 %);"
                        " as of {day}",
                        day=day,
                    )
                ),
            )
        ]
        if len(self.hours):
            columns = [
                Col("stage"),
                Col("n", "count", "Went on"),
                Col("hours", "number", "Median hours", decimals=1),
                Col("slow", "number", "4 in 5 within, hours", decimals=1),
                Col("day", "share", "Within 24 hours"),
            ]
            found.append(
                table(
                    self.hours,
                    columns,
                    self.fmt,
                    title=say("Hours to the next stage"),
                    note=say(
                        "Of the deals that went on, all data; by the clock; as of {day}", day=day
                    ),
                )
            )
        return found

    def reading(self) -> str:
        fmt = self.fmt
        known = self.table[
            (self.table.window == "trailing_12m")
            & self.table.value.notna()
            & (self.table.n >= self.small)
        ]
        if known.empty:
            return say(
                "No step has {small} deals or more of the last 12 months that were"
                " watched long enough.",
                small=self.fmt.count(self.small),
            )
        first = known.day.min()
        rows = known[known.day == first].sort_values(["value", "step"])
        low = rows.iloc[0]
        text = say(
            "Within {first} of entering it {value} of {n} deals pass {step} [{low}]",
            first=fmt.text(first, "days"),
            value=fmt.share(low.value),
            n=fmt.count(low.n),
            step=low.step,
            low=fmt.interval(low.low, low.high, "share"),
        )
        later = known[(known.step == low.step) & (known.day > first)]
        if len(later):
            last = later.iloc[-1]
            text += say(
                ", within {day} {value}",
                day=fmt.text(last.day, "days"),
                value=fmt.share(last.value),
            )
        return text + say(".")

    def kpis(self) -> list[Kpi]:
        kpis = []
        for row in self.table.to_dict("records"):
            missing = pd.isna(row["value"])
            kpis.append(
                Kpi(
                    "conversion.within",
                    row["window"],
                    None if missing else row["value"],
                    "share",
                    {"step": row["step"], "day": str(row["day"])},
                    None if missing else row["low"],
                    None if missing else row["high"],
                    n=int(row["n"]),
                    method="Aalen-Johansen 95 %",
                    why=say("no deal was watched that long") if missing else None,
                )
            )
        return kpis


@page.section("step-days")
def step_days(book: Book) -> StepDays:
    """The share of deals that pass each step within the days of ``funnel.step_days``, and the hours
    it takes where the source keeps the clock.

    Needs opportunities and dated stages.
    """
    return step_days_of(deals_of(book), book)


def step_days_of(deals: Deals, book: Book) -> StepDays:
    """The same from deals made ready before."""
    gives = say("how many deals pass each step within 30, 60 and 90 days")
    if not dates_stages(deals):
        raise NotAvailable({"stage_events": ("stage", "entered_at")}, gives)
    rows = []
    for window in WINDOWS:
        first, last = bounds(book, window)
        for step in steps_of(deals, book):
            part = step.counts[step.counts.days >= 0]
            part = part[part.month.between(first, last)]
            curve = aalen_johansen(part.days, part.status.map(STATUS), part.n)
            for day in book.settings.funnel.step_days:
                value, low, high = curve.at(day)
                known = part[(part.status != "open") | (part.days >= day)]
                watched = int(known.n.sum())
                if value in (0.0, 1.0) and watched:  # the curve's own interval has no width there
                    low, high = wilson(value * watched, watched)
                rows.append(
                    {
                        "window": window,
                        "step": step.name,
                        "day": day,
                        "value": value,
                        "low": low,
                        "high": high,
                        "n": int(part.n.sum()),
                        "watched": watched,
                    }
                )
    if not rows:
        raise NotAvailable({}, gives, say("no two stages carry a day"))
    found = PassedWithin.make(rows).astype({c: float for c in ("value", "low", "high")})
    small = book.settings.funnel.min_group
    return StepDays(found, _hours(book), small, book.as_of, book.fmt)


def _hours(book: Book) -> pd.DataFrame:
    rows = []
    if keeps_clock(book):
        for stage, part in stage_hours(book).groupby("stage", sort=False):
            rows.append(
                {
                    "stage": stage,
                    "n": int(part.n.sum()),
                    "hours": _quantile(part, 0.5),
                    "slow": _quantile(part, 0.8),
                    "day": float(part.n[part.minutes <= 24 * 60].sum() / part.n.sum()),
                }
            )
    short = any(row["hours"] <= FEW_HOURS for row in rows)
    return StepHours.make(rows if short else [])


def _quantile(part: pd.DataFrame, q: float) -> float:
    minutes = quantile(part.minutes, part.n, q)
    return float("nan") if minutes is None else minutes / 60
