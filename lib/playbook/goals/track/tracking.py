"""The tracking table: what was reached of each target, whether that is on the plan's own curve, and
where it is heading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, joined, listing, plural
from playbook.base.language import say, term
from playbook.base.periods import Calendar, Month
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures.names import member_names
from playbook.data.measures.plan import plan_of
from playbook.data.measures.plan_frames import PlanSums, plan_sums
from playbook.data.measures.targets import period_of
from playbook.data.memo import once
from playbook.goals.actuals import Actuals
from playbook.goals.due_dates import month_end, soon
from playbook.goals.figures import tracking_year
from playbook.goals.labels import (
    is_person,
    metric_label,
    named,
    owner_label,
    period_name,
    window_name,
)
from playbook.page import Action, Figure, Result, Table, Worksheet, section
from playbook.page.kpi import Kpi

from .forecasts import Forecasts
from .judging import parts
from .moved_targets import moved_notes
from .sums import difference_sentence, sums_tables
from .target_actions import catching_up, owners_to_name
from .target_rows import CumulativeYear, TargetRows, cumulative_year, target_row
from .target_sheets import target_sheet
from .target_tables import TONES, rows_by_window, target_tables
from .tracking_texts import company_sentence, rule

OWNERS = 20  # owners with a sheet of their own


@dataclass(frozen=True)
class Tracking(Result):
    """Targets in force with what was reached of each, and the company's year month by month."""

    section: ClassVar[str] = "tracking"
    fmt: Formats
    as_of: date
    currency: str
    settings: GoalSettings
    calendar: Calendar
    table: Annotated[pd.DataFrame, TargetRows]
    year: Annotated[pd.DataFrame, CumulativeYear]  # empty without a company target of the year
    sums: Annotated[pd.DataFrame, PlanSums]  # of the fiscal quarter
    quarter: str

    def figure(self) -> Figure | None:
        """The year's sales against their curve; None without a company target of the year."""
        if self.year.empty:
            return None
        return tracking_year(self.year, self.currency, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        return [
            *target_tables(
                self.table, self.fmt, self.as_of, rule(self.table, self.settings, self.fmt)
            ),
            *sums_tables(self.sums, self.fmt, self.quarter),
        ]

    def reading(self) -> str:
        company = self._company()
        parts = (
            [company_sentence(company, self.fmt)]
            if company is not None and not is_missing(company["pace"])
            else []
        )
        return joined([*parts, *self._red()], " ")

    def _red(self) -> list[str]:
        """Parts of the company that are red in the longest window, then how many people are."""
        windows = rows_by_window(self.table)
        sentences = []
        if windows:
            name, rows = windows[0]
            red = rows[rows["status"] == "red"].sort_values(["pace", "label"], kind="stable")
            names = [
                say(
                    "{named} ({metric}, pace {pace}{odds})",
                    named=named(row),
                    metric=metric_label(row["metric"]).lower(),
                    pace=self.fmt.text(row["pace"], "ratio"),
                    odds=self._odds(row),
                )
                for row in red.to_dict("records")
            ]
            sentences.append(
                say(
                    "Red in the {window}: {names}.",
                    window=window_name(name).lower(),
                    names=listing(names, 3),
                )
                if names
                else say(
                    "No target of the {window} is red.",
                    window=window_name(name).lower(),
                )
            )
        people = self.table[[is_person(members) for members in self.table["members"]]]
        if len(people):
            sentences.append(
                say(
                    "Of {targets} of people, {red} are red.",
                    targets=plural(len(people), "target"),
                    red=(people["status"] == "red").sum(),
                )
            )
        return sentences

    def _odds(self, row: dict[str, Any]) -> str:
        """The chance of a target whose period runs; empty where none is known."""
        if row["days"] <= 0 or is_missing(row["chance"]):
            return ""
        return say(", chance {chance}", chance=self.fmt.chance(row["chance"]))

    def _company(self) -> dict[str, Any] | None:
        rows = self.table[(self.table["metric"] == "sales") & (self.table["members"].map(len) == 0)]
        return rows.iloc[0].to_dict() if len(rows) else None

    def headline(self) -> str:
        row, states = self._company(), self.table["status"].value_counts()
        counts = joined(
            say("{n} {state}", n=states[name], state=term(name)) for name in TONES if name in states
        )
        company = (
            ""
            if row is None or is_missing(row["completion"])
            else (
                say(
                    "Target {period}: {completion} reached, pace {pace}",
                    period=period_name(row["period"]),
                    completion=self.fmt.share(row["completion"]),
                    pace=self.fmt.text(row["pace"], "ratio"),
                )
                + (
                    say(", chance {chance}; ", chance=self.fmt.chance(row["chance"], decimals=1))
                    if row["days"] > 0
                    else say("; ")
                )
            )
        )
        return say(
            "{company}{targets} in force: {counts}.",
            company=company,
            targets=plural(len(self.table), "target"),
            counts=counts or say("none measured"),
        )

    def notes(self) -> list[str]:
        curves = sorted(set(self.table["curve"]) - {""})
        sources = (
            [say("Curves by which targets are due: {curves}.", curves=joined(curves, "; "))]
            if curves
            else []
        )
        gone = [
            say("{named}: {why}.", named=named(row), why=row["why"])
            for row in self.table.drop_duplicates(["label", "metric"]).to_dict("records")
            if row["why"]
        ]
        moved = moved_notes(self.table)
        apart = difference_sentence(self.sums, self.fmt, self.quarter)
        return [*sources, *moved[:5], *gone[:5], *self._unforecast(), *([apart] if apart else [])]

    def _unforecast(self) -> list[str]:
        """Why targets have no forecast, each reason once."""
        bare = self.table[self.table["middle"].isna()]
        return [say("{why}.", why=why) for why in sorted(set(bare["method"]) - {""})]

    def actions(self) -> list[Action]:
        """Each part that is red or amber and behind in the longest open window: back to its curve
        by the end of next month. And an owner for each target that has none, or whose owner has
        left.
        """
        return [
            *catching_up(self.table, month_end(self.as_of, self.calendar), self.currency, self.fmt),
            *owners_to_name(self.table, soon(self.as_of, self.calendar)),
        ]

    def kpis(self) -> list[Kpi]:
        return [kpi for row in self.table.to_dict("records") for kpi in self._row_kpis(row)]

    def _row_kpis(self, row: dict[str, Any]) -> list[Kpi]:
        by = {
            **({} if row["metric"] == "sales" else {"metric": row["metric"]}),
            **dict(row["members"]),
        } or None
        window, unit, why = (
            row["window"],
            row["unit"],
            row["why"] or say("a target of 0 has no completion"),
        )
        of = partial(Kpi, window=window, by=by)
        found = [
            of("target", value=row["target"], unit=unit),
            of("target.to_date", value=row["to_date"], unit=unit),
            of("completion", value=row["completion"], unit="share", **parts(row), why=why),
            of(
                "pace",
                value=row["pace"],
                unit="ratio",
                numerator=row["to_date"] if row["falls"] else row["actual"],
                denominator=row["actual"] if row["falls"] else row["to_date"],
                why=why,
            ),
        ]
        if row["additive"]:
            short = row["why"] or row["method"] or say("fewer than three months of history")
            found += [
                of(
                    "projection",
                    value=row["middle"],
                    unit=unit,
                    low=row["low"],
                    high=row["high"],
                    method="80 % of simulated paths",
                    why=short,
                ),
                of(
                    "attainment_probability",
                    value=row["chance"],
                    unit="share",
                    method="share of simulated paths",
                    why=short,
                ),
            ]
        return found

    def worksheets(self) -> list[Worksheet]:
        """All targets in force on one sheet, and a sheet per owner of more than people's own
        targets.
        """
        above = self.table[[not is_person(members) for members in self.table["members"]]]
        owners = [owner for owner in dict.fromkeys(above["owner"]) if owner][:OWNERS]
        return [
            target_sheet(say("Target tracking"), self.table),
            *(
                target_sheet(
                    say("Targets {owner}", owner=owner_label(owner)),
                    above[above["owner"] == owner],
                    owner,
                )
                for owner in owners
            ),
        ]


@section("tracking")
def tracking(book: Book) -> Tracking:
    """Every target whose year, quarter or month holds the as-of date, worked out once.

    Raises DataProblem when a period is given twice for one metric and member.
    """
    return once(book, "tracking", lambda: _tracking(book))


def _tracking(book: Book) -> Tracking:
    plan, actuals = plan_of(book), Actuals(book)
    names, forecasts = member_names(book), Forecasts(actuals)
    rows = [target_row(book, plan, actuals, forecasts, target, names) for target in plan.in_force()]
    if not rows:
        raise NotAvailable(
            {},
            gives=say("completion, pace and projection"),
            because=say("no target is given for a period that holds {month}", month=book.month),
        )
    frame, year = TargetRows.make(rows), book.settings.book
    first = Month.of(book.window("quarter_to_date").start)  # type: ignore[arg-type]
    return Tracking(
        book.fmt,
        book.as_of,
        book.currency,
        book.settings.goals,
        book.calendar,
        frame,
        cumulative_year(book, plan, actuals),
        plan_sums(book, first, first + 2),
        period_of(first, first + 2, year.fiscal_year_start, year.fiscal_year_name).label,
    )
