"""The next quarter's target handed to people: by their history and pipeline, with floors, caps,
pins and a ramp for new hires.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures.plan_curves import Curve
from playbook.data.measures.targets import period_of
from playbook.goals.actuals import Actuals
from playbook.goals.due_dates import soon
from playbook.methods.apportionment import from_units
from playbook.page import Action, Result, Table, Worksheet, section
from playbook.page.kpi import Kpi

from .fairness import fairness_sentence, fairness_tables
from .owners import SHEETS, HandedDown, hand_down, person_sheet, region_sheet
from .quarter_target import quarter_target
from .quota_notes import (
    idle_notes,
    pipeline_notes,
    potential_notes,
    quota_rules,
    ramp_and_bounds,
    sales_of,
)
from .quota_split import PersonQuotas, carried, idle_pins, quotas_of
from .quota_tables import ParentQuotas, months_table, proof_table, quotas_table
from .staff import selling_staff
from .waiting import waiting


@dataclass(frozen=True)
class QuotaPlan(Result):
    """The next quarter's quotas.

    period: the quarter's name; months: its months with their shares; source: where its target comes
    from; handed: quotas by owner and working day; due: by when they are to be agreed; before: the
    quarter before, as far as it has gone; given: the target is the book's or the reader's (else the
    quotas are an illustration); idle: who is here and carries none; caveats: pins that hold no
    quota, and what is not known of the open deals.
    """

    section: ClassVar[str] = "people"
    fmt: Formats
    as_of: date
    settings: GoalSettings
    period: str
    months: Curve
    source: str
    table: Annotated[pd.DataFrame, PersonQuotas]
    parents: Annotated[pd.DataFrame, ParentQuotas]
    handed: HandedDown
    due: date
    before: str
    given: bool
    idle: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    def tables(self) -> list[Table]:
        return [
            quotas_table(self.table, self.settings, self.period, self.before, self.as_of, self.fmt),
            *fairness_tables(self.table, self.settings, self.fmt),
            months_table(self.handed, self.months, self.period, self.fmt),
            proof_table(
                self.parents,
                self.handed,
                self.source,
                self.settings.over_assignment,
                self.fmt,
            ),
        ]

    def reading(self) -> str:
        fmt = self.fmt
        total = from_units(int(self.table["quota"].sum()), fmt.minor_digits)
        text = (
            ""
            if self.given
            else say(
                "Illustration: the book has no target, so the quotas stand on"
                " {source}; give targets or year_target. ",
                source=self.source,
            )
        ) + (
            say(
                "{total} for {period} is carried by {n} people; the largest quota is {largest}.",
                total=fmt.money(total),
                period=self.period,
                n=len(self.table),
                largest=fmt.money(from_units(int(self.table["quota"].max()), fmt.minor_digits)),
            )
        )
        return (
            text
            + ramp_and_bounds(self.table, fmt)
            + fairness_sentence(self.table, self.settings, fmt)
        )

    def headline(self) -> str:
        if not self.given:
            return say(
                "No target for {period} is given: its quotas are an illustration.",
                period=self.period,
            )
        off = (
            int((self.parents["quotas"] - self.parents["carried"]).abs().sum()) + self.handed.off()
        )
        return say(
            "Quotas for {period}: {n} people, sums off by {off}.",
            period=self.period,
            n=len(self.table),
            off=self.fmt.text(from_units(off, self.fmt.minor_digits), "money.exact"),
        )

    def notes(self) -> list[str]:
        return [
            quota_rules(self.settings, self.fmt),
            *idle_notes(self.idle),
            *self.caveats,
            *potential_notes(self.table),
        ]

    def kpis(self) -> list[Kpi]:
        if not self.given:
            return []
        return [
            Kpi(
                "quota",
                "quarter_to_date",
                from_units(row["quota"], self.fmt.minor_digits),
                self.fmt.currency,
                {"rep": row["rep"]},
                method=f"next quarter, {self.period}",
            )
            for row in self.table.to_dict("records")
        ]

    def actions(self) -> list[Action]:
        if not self.given:
            return []
        return [
            Action(
                say("Agree the quotas of {period} with each person", period=self.period),
                say("sales director"),
                self.due,
                say("{n} people; the worksheets hold one line each", n=len(self.table)),
                None,
            )
        ]

    def worksheets(self) -> list[Worksheet]:
        """A sheet per region handed down: itself and its people by month and week."""
        return [
            region_sheet(parent, rows, self.handed, self.months.months, self.period, self.fmt)
            for parent, rows in self.table.groupby("parent", sort=True)
        ]

    def own_sheets(self) -> list[Worksheet]:
        """A sheet per person, down to the days of the next month; none where there are more people
        than a workbook can be leafed through for.
        """
        if len(self.table) > SHEETS:
            return []
        dates, last = self.handed.dates, self.months.months[0].end
        return [
            person_sheet(
                row["name"], self.handed.of(row["parent"], row["rep"]), dates, self.fmt, last
            )
            for row in self.table.sort_values(["name", "rep"], kind="stable").to_dict("records")
        ]


@section("people")
def people(book: Book, year_target: float = 0.0) -> QuotaPlan:
    """Quotas of the quarter after the as-of month's. Parents are the regions where each has a
    target, else the company.
    """
    book.need("orders", "amount", gives=say("quotas per person"))
    actuals, settings = Actuals(book), book.settings.goals
    if not actuals.people:
        nobody = say("no sale names who made it")
        raise NotAvailable({"reps": ("rep_id",)}, gives=say("quotas per person"), because=nobody)
    first = Month.of(book.window("quarter_to_date").start) + 3  # type: ignore[arg-type]
    parents, source, curve, given = quarter_target(book, actuals, first, year_target)
    left = {rep["rep_id"] for rep in actuals.people if not is_missing(rep["left"])}
    who = selling_staff(book, actuals, first, settings)
    staff = who.rows
    places = {rep["rep_id"] for rep in actuals.people} | actuals.members("region")
    waiting(settings.potential, places, "potential", say("person or region"))
    if staff.empty:
        raise NotAvailable(
            {"reps": ("rep_id",)},
            gives=say("quotas per person"),
            because=say("nobody in it sells and is still here"),
        )
    regions = {r: t for r, t in parents.items() if r in set(staff["region"])}
    total = sum(parents.values())
    staffed = (
        regions
        if sum(regions.values()) == total and set(staff["region"]) <= set(regions)
        else {"Company": total}
    )
    made = [
        quotas_of(
            staff if name == "Company" else staff[staff["region"] == name],
            name,
            target,
            settings,
            book.fmt,
        )
        for name, target in staffed.items()
    ]
    totals = ParentQuotas.make(
        {
            "region": name,
            "target": target,
            "carried": carried(target, settings),
            "people": len(quotas),
            "quotas": int(quotas["quota"].sum()),
        }
        for (name, target), quotas in zip(staffed.items(), made, strict=True)
    )
    year = book.settings.book
    period = period_of(first, first + 2, year.fiscal_year_start, year.fiscal_year_name).label
    quotas = pd.concat(made, ignore_index=True)
    handed = hand_down(
        {row["region"]: row["carried"] for row in totals.to_dict("records")},
        quotas,
        curve,
        settings,
        book.calendar,
    )
    return QuotaPlan(
        book.fmt,
        book.as_of,
        settings,
        period,
        curve,
        source,
        quotas,
        totals,
        handed,
        soon(book.as_of, book.calendar),
        sales_of(book, first - 3),
        given,
        who.idle,
        (*idle_pins(settings, staff, left), *pipeline_notes(book)),
    )
