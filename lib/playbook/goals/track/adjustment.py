"""The adjustment window: the rest of the year planned again from what was reached, before and after
side by side, with a dated log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.periods import Calendar, Month, fiscal_quarter
from playbook.data.book import Book
from playbook.goals.actuals import Actuals
from playbook.goals.due_dates import month_end
from playbook.goals.figures import replanned_months
from playbook.goals.outlook import outlook
from playbook.goals.plan.year import YearFigure, plan_in_force, year_curve, year_figure
from playbook.methods.apportionment import from_units, split, to_units
from playbook.page import Action, Col, Figure, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi

from .moved_targets import MovedTargets, move_log, move_tables
from .replan import (
    OPTIONS,
    ReplanMembers,
    ReplanMonths,
    ReplanOptions,
    replan,
    replan_members,
    replan_options,
)
from .target_tables import LISTED

COLUMNS = later(
    {
        "plan": "Plan",
        "keep_year": "After: keep the year",
        "keep_rate": "After: keep the rate",
    }
)


@dataclass(frozen=True)
class Replan(Result):
    """The rest of the year planned again, and the targets that were moved so far.

    open: the fiscal quarter has closed with the as-of month, so the plan may be changed; opens: the
    month at whose end it may be; current: the year's target as it stands [currency].
    """

    section: ClassVar[str] = "adjustment"
    fmt: Formats
    as_of: date
    planned: YearFigure
    calendar: Calendar
    open: bool
    opens: Month
    months: Annotated[pd.DataFrame, ReplanMonths]
    options: Annotated[pd.DataFrame, ReplanOptions]
    members: Annotated[pd.DataFrame, ReplanMembers]
    log: Annotated[pd.DataFrame, MovedTargets]
    current: float

    def figure(self) -> Figure:
        """The months of the year before and after."""
        return replanned_months(self.months, self.planned.name, self.fmt, self.as_of)

    def money(self, units: Any) -> Decimal | None:
        """Minor units as an amount; None for a missing one."""
        return (
            None
            if units is None or pd.isna(units)
            else from_units(int(units), self.fmt.minor_digits)
        )

    def tables(self) -> list[Table]:
        return [self._options(), self._months(), *self._members(), *move_tables(self.log, self.fmt)]

    def _options(self) -> Table:
        rows = self.options.assign(
            name=[say(OPTIONS[option]) for option in self.options["option"]],
            rest_money=[self.money(u) for u in self.options["remaining"]],
            year_money=[self.money(u) for u in self.options["year"]],
        )
        return table(
            rows,
            [
                Col("name", label="Choice"),
                Col("rest_money", "money", "Asked of the months left"),
                Col("year_money", "money", say("Year {name}", name=self.planned.name)),
                Col("change", "share", "Against the plan", sign=True),
                Col("chance", "share", "Chance", decimals=0),
            ],
            self.fmt,
            title=say("Three ways to plan the rest of the year"),
            note=(
                say(
                    "keep the year: what is missing is spread over the months left by"
                    " the plan's curve · keep the rate: the months left times the pace"
                    " so far · chance: share of forecast paths that bring it"
                )
            ),
        )

    def _months(self) -> Table:
        rows = self.months.assign(
            name=[self.fmt.text(m, "month") for m in self.months["month"]],
            **{f"{k}_": [self.money(u) for u in self.months[k]] for k in ("actual", *OPTIONS)},
        )
        total = {
            "name": say("Year"),
            "actual_": self.money(self.months["actual"].dropna().sum()),
            **{f"{k}_": self.money(self.months[k].sum()) for k in OPTIONS},
        }
        columns = [
            Col("name", label="Month"),
            Col("actual_", "money", "Actual"),
            *(
                Col(
                    f"{k}_",
                    "money",
                    COLUMNS[k],
                )
                for k in OPTIONS
            ),
        ]
        return table(
            rows,
            columns,
            self.fmt,
            title=say("Before and after"),
            total=total,
            note=(
                say(
                    "months gone stand at what was reached in both re-plans · exact in"
                    " the minor unit of {currency}",
                    currency=self.fmt.currency,
                )
            ),
        )

    def _members(self) -> list[Table]:
        if self.members.empty:
            return []
        columns = [
            Col("name", label="For"),
            Col("target", "money", say("Target {name}", name=self.planned.name)),
            Col("actual", "money", "Reached"),
            Col("remaining", "money", "Plan for the rest"),
            Col("needed", "money", "Needed to keep its year"),
            Col("lift", "share", "More than planned", sign=True),
        ]
        return [
            table(
                self.members,
                columns,
                self.fmt,
                title=say("What keeping the year asks of each part"),
                note=say("a dash: nothing was planned for the rest"),
                limit=LISTED,
            )
        ]

    def _row(self, option: str) -> dict[str, Any]:
        return self.options[self.options["option"] == option].iloc[0].to_dict()

    def reading(self) -> str:
        keep, rate, fmt = self._row("keep_year"), self._row("keep_rate"), self.fmt
        when = (
            say("The quarter has closed: the adjustment window is open.")
            if self.open
            else (
                say(
                    "The window opens at the end of {opens}; this is what it would show today.",
                    opens=fmt.text(self.opens, "month"),
                )
            )
        )
        return say(
            "{when} Keeping the year asks {remaining} of the months left,"
            " {change} on the plan (chance {chance}); keeping the rate ends the"
            " year at {year}.",
            when=when,
            remaining=fmt.money(self.money(keep["remaining"])),
            change=fmt.share(keep["change"], sign=True),
            chance=fmt.chance(keep["chance"]),
            year=fmt.money(self.money(rate["year"])),
        )

    def headline(self) -> str:
        keep = self._row("keep_year")
        return say(
            "Adjustment of {name}: keeping the year asks {change} of the months"
            " left (chance {chance}).",
            name=self.planned.name,
            change=self.fmt.share(keep["change"], sign=True),
            chance=self.fmt.chance(keep["chance"]),
        )

    def actions(self) -> list[Action]:
        if not self.open:
            return []
        return [
            Action(
                say(
                    "Decide the rest of {name}: keep the year, keep the rate or leave"
                    " the plan, and log it with its reason",
                    name=self.planned.name,
                ),
                say("sales director"),
                month_end(self.as_of, self.calendar, 1),
                self.reading(),
                None,
            )
        ]

    def kpis(self) -> list[Kpi]:
        return [
            Kpi(
                "replan.rest",
                "year_to_date",
                self.money(row["remaining"]),
                self.fmt.currency,
                {"option": row["option"]},
            )
            for row in self.options.to_dict("records")
        ]

    def worksheets(self) -> list[Worksheet]:
        columns = (
            ("month", say("Month"), "text"),
            ("actual", say("Actual"), "money.exact"),
            *((k, v, "money.exact") for k, v in OPTIONS.items()),
        )
        rows = tuple(
            (str(r["month"]), self.money(r["actual"]), *(self.money(r[k]) for k in OPTIONS))
            for r in self.months.to_dict("records")
        )
        months = Worksheet(say("Adjustment window"), columns, rows)
        return [months, *([self._every_member()] if len(self.members) > LISTED else [])]

    def _every_member(self) -> Worksheet:
        """All parts, of which a page holds the first."""
        columns = (
            ("name", say("For"), "text"),
            ("target", say("Target {name}", name=self.planned.name), "money"),
            ("actual", say("Reached"), "money"),
            ("remaining", say("Plan for the rest"), "money"),
            ("needed", say("Needed to keep its year"), "money"),
            ("lift", say("More than planned"), "share"),
        )
        rows = self.members[[key for key, *_ in columns]]
        cells = tuple(rows.itertuples(index=False, name=None))
        return Worksheet(say("The year kept by part"), columns, cells)


@section("adjustment")
def adjustment(book: Book, year_target: float = 0.0) -> Replan:
    """The rest of the running fiscal year planned again from what was reached so far.

    year_target: the company's sales target [currency]; 0 for the book's own.
    """
    book.need(
        "orders", "amount", gives=say("the rest of the year planned again from what was reached")
    )
    actuals = Actuals(book)
    planned = year_figure(book, year_target, actuals)
    if planned.first > book.month:
        raise NotAvailable(
            {},
            gives=say("the rest of the year planned again"),
            because=say("the fiscal year is over; {name} has not begun", name=planned.name),
        )
    if not planned.given:
        because = (
            say("targets hold no sales target for the whole of {name}", name=planned.name)
            if book.has("targets", "target")
            else ""
        )
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            gives=say("the rest of the year planned again from what was reached"),
            because=because,
        )
    plan = plan_in_force(book)
    curve, digits = year_curve(book, plan, actuals, planned), book.fmt.minor_digits
    history, total = actuals.history("sales", {}), to_units(planned.amount, digits)
    by_month = split(total, curve.shares)
    actual = [
        to_units(float(history.get(m, 0.0)), digits) if m <= book.month else None
        for m in curve.months
    ]
    months = replan(list(curve.months), by_month, actual)
    made = outlook(actuals, "sales", {}, planned.last - book.month)
    options = replan_options(months, made.totals * 10**digits if made else None)
    quarter_end = fiscal_quarter(book.month, book.settings.book.fiscal_year_start)[1]
    return Replan(
        book.fmt,
        book.as_of,
        planned,
        book.calendar,
        quarter_end == book.month,
        quarter_end,
        months,
        options,
        replan_members(book, actuals, plan, planned),
        move_log(plan, actuals, book.as_of),
        planned.amount,
    )
