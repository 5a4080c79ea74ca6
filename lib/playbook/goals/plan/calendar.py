"""The next month on the calendar: its target by ten-day third, week and working day, exact to the
minor unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, listing
from playbook.base.language import later, say
from playbook.base.periods import Calendar, Month, fiscal_quarter
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.goals.actuals import Actuals
from playbook.goals.figures import phasing_days
from playbook.methods.apportionment import from_units, split, to_units
from playbook.page import Col, Figure, Result, Table, Worksheet, section, table

from .phase_work import (
    COUNTS,
    HEADS,
    PHASES,
    WORK,
    QuarterPhases,
    QuarterWork,
    phases_note,
    quarter_work,
    thirds_of,
    work_sentence,
)
from .phasing import PlanDays, by_day
from .year import plan_in_force, year_curve, year_figure

THIRDS = later(("days 1–10", "days 11–20", "day 21 on"))


@dataclass(frozen=True)
class Phasing(Result):
    """The next month's target by day, and its quarter by month.

    units: the month's target in minor units; source: where it comes from; holidays: weekdays off in
    the month; given: it is a target (else a forecast stands in for one).
    """

    section: ClassVar[str] = "phasing"
    fmt: Formats
    as_of: date
    settings: GoalSettings
    month: Month
    units: int
    source: str
    days: Annotated[pd.DataFrame, PlanDays]
    quarter: Annotated[pd.DataFrame, QuarterPhases]
    holidays: tuple[date, ...]
    given: bool
    behind: QuarterWork | None  # the work behind the quarter's target; None where not known
    phased: bool  # whether the firm works on deals or names the phases: else a quarter has none

    def figure(self) -> Figure:
        """The month's target day by day."""
        thirds = [say(third) for third in THIRDS]
        return phasing_days(self.days, self.month, self.units, self.source, thirds, self.fmt)

    def amount(self, units: int) -> Decimal:
        """Minor units as money."""
        return from_units(units, self.fmt.minor_digits)

    def tables(self) -> list[Table]:
        month = self.fmt.text(self.month, "month")
        weights = "/".join(f"{w * 100:.0f}" for w in self.settings.thirds)
        return [
            self._by(
                "third",
                say("Ten-day third"),
                say("{month} by ten-day third", month=month),
                say("thirds {weights}", weights=weights),
            ),
            self._by(
                "week",
                say("Week from"),
                say("{month} by week from", month=month),
                say("Mondays; weeks cut at the month's ends"),
            ),
            *([self._quarter()] if self.phased else []),
        ]

    def _by(self, key: str, label: str, title: str, note: str) -> Table:
        frame = (
            self.days.groupby(key, sort=True)
            .agg(days=("date", "count"), units=("units", "sum"))
            .reset_index()
        )
        frame["name"] = (
            [say(THIRDS[k - 1]) for k in frame[key]]
            if key == "third"
            else [self.fmt.text(max(k, self.month.start), "date") for k in frame[key]]
        )
        frame["target"] = [self.amount(u) for u in frame["units"]]
        frame["share"] = frame["units"] / max(1, self.units)
        counted = self._counted(frame) if key == "third" else []
        frame["day"] = [
            self.amount(round(u / n)) for u, n in zip(frame["units"], frame["days"], strict=True)
        ]
        return table(
            frame,
            [
                Col("name", label=label),
                Col("days", "count", "Working days"),
                Col("share", "share"),
                Col("target", "money.exact"),
                Col("day", "money", "A working day"),
                *(Col(name, "count", HEADS[name]) for name in counted),
            ],
            self.fmt,
            title=title,
            note=note,
            total={
                "name": say("Month", context="total"),
                "days": len(self.days),
                "share": 1.0,
                "target": self.amount(int(frame["units"].sum())),
                **{name: int(frame[name].sum()) for name in counted},
            },
        )

    def _counted(self, thirds: pd.DataFrame) -> list[str]:
        """Adds the month's visits, proposals and wins to its thirds; the kinds that are known."""
        if self.behind is None:
            return []
        mine = self.quarter[self.quarter["month"] == self.month].iloc[0]
        month = {name: None if is_missing(mine[name]) else int(mine[name]) for name in WORK}
        parts = thirds_of(month, thirds["units"].to_numpy())
        for name in WORK:
            thirds[name] = parts[name].to_numpy()
        return [name for name in WORK if month[name] is not None]

    def _quarter(self) -> Table:
        known = [name for name in COUNTS if self.quarter[name].notna().all()]
        rows = self.quarter.assign(
            target=[self.amount(u) for u in self.quarter["units"]],
            name=[self.fmt.text(m, "month") for m in self.quarter["month"]],
            phase=[say(phase, context="phase") for phase in self.quarter["phase"]],
            work=[say(work, context="phase") for work in self.quarter["work"]],
        )
        return table(
            rows,
            [
                Col("name", label="Month"),
                Col("phase", label="Phase"),
                Col("work", label="Work it is for"),
                Col("share", "share", "Weight of the work"),
                Col("target", "money.exact"),
                *(Col(name, "count", HEADS[name]) for name in known),
            ],
            self.fmt,
            title=say("The quarter's three phases"),
            note=phases_note(self.behind, self.fmt),
            total={
                "name": say("Quarter", context="total"),
                "share": 1.0,
                "target": self.amount(int(self.quarter["units"].sum())),
                **{name: int(self.quarter[name].sum()) for name in known},
            },
        )

    def reading(self) -> str:
        months = self.fmt.text(self.month, "month")
        text = ("" if self.given else say("Illustration, for want of a target: ")) + (
            say(
                "{months} asks for {amount} ({source}) over {days} working days;"
                " thirds, weeks and days each sum to it exactly.",
                months=months,
                amount=self.fmt.money(self.amount(self.units)),
                source=self.source,
                days=len(self.days),
            )
        )
        if self.holidays:
            text += say(
                " Weekdays off: {holidays}.",
                holidays=listing([self.fmt.text(day, "date") for day in self.holidays], 8),
            )
        if self.behind:
            names = [self.fmt.text(m, "month") for m in self.quarter["month"]]
            text += work_sentence(self.behind, names, self.settings.phases)
        worked = [self.fmt.text(day, "date") for day in self.days["date"] if day.weekday() >= 5]
        return text + (
            say(" Weekend days worked: {worked}.", worked=listing(worked, 8)) if worked else ""
        )

    def headline(self) -> str:
        if not self.given:
            month = self.fmt.text(self.month, "month")
            return say("No target for {month} is given: its days are an illustration.", month=month)
        off = int(self.days["units"].sum()) - self.units
        return say(
            "{month}: {amount} over {days} working days, off by {amount_2}.",
            month=self.fmt.text(self.month, "month"),
            amount=self.fmt.money(self.amount(self.units)),
            days=len(self.days),
            amount_2=self.fmt.text(self.amount(off), "money.exact"),
        )

    def notes(self) -> list[str]:
        return [
            say(
                "Working days are weekdays without the holidays of the settings, and"
                " the weekend days worked in exchange for one. A third that loses"
                " weekdays to holidays hands as much of its weight to the others."
            )
        ]

    def worksheets(self) -> list[Worksheet]:
        rows = tuple(
            (row["date"], THIRDS[row["third"] - 1], self.amount(row["units"]))
            for row in self.days.to_dict("records")
        )
        return [
            Worksheet(
                say("Targets by day"),
                (
                    ("date", say("Day"), "date"),
                    ("third", say("Third"), "term"),
                    ("target", say("Target"), "money.exact"),
                ),
                rows,
            )
        ]


@section("phasing")
def phasing(book: Book, year_target: float = 0.0) -> Phasing:
    """The month after the as-of month, down to its working days."""
    book.need("orders", "amount", gives=say("the month's target by third, week and day"))
    actuals = Actuals(book)
    ahead = book.month + 1
    plan = plan_in_force(book)
    planned = year_figure(book, year_target, actuals)
    curve = year_curve(book, plan, actuals, planned)
    if ahead not in curve.months:
        raise NotAvailable(
            {},
            gives=say("the month's target by day"),
            because=say("{ahead} lies outside the year planned", ahead=ahead),
        )
    units = dict(
        zip(
            curve.months,
            split(to_units(planned.amount, book.fmt.minor_digits), curve.shares),
            strict=True,
        )
    )
    start = fiscal_quarter(ahead, book.settings.book.fiscal_year_start)[0]
    settings = book.settings.goals
    due = [int(units[start + i]) for i in range(3)]
    behind = quarter_work(book, sum(due) / 10**book.fmt.minor_digits)
    parts = behind.by(settings.phases, due) if behind else {name: [None] * 3 for name in COUNTS}
    quarter = QuarterPhases.make(
        {
            "month": start + i,
            "phase": phase,
            "work": work,
            "share": settings.phases[i],
            "units": due[i],
            **{name: parts[name][i] for name in COUNTS},
        }
        for i, (phase, work) in enumerate(PHASES)
    )
    return Phasing(
        book.fmt,
        book.as_of,
        settings,
        ahead,
        int(units[ahead]),
        say("{source}; {source_2}", source=planned.source, source_2=curve.source),
        by_day(int(units[ahead]), ahead, settings, book.calendar),
        quarter,
        _holidays(ahead, book.calendar),
        planned.given,
        behind,
        book.has("opportunities")
        or book.has("activities")
        or settings.phasing == "phases"
        or "phases" in settings.model_fields_set,
    )


def _holidays(month: Month, calendar: Calendar) -> tuple[date, ...]:
    """Weekdays of the month on which nobody works."""
    every = [month.start + timedelta(days=i) for i in range((month.end - month.start).days + 1)]
    return tuple(day for day in every if day.weekday() < 5 and not calendar.is_working(day))
