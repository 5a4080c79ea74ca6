"""The adjustment window: the rest of the year planned again from what was reached, before and after
side by side, with a dated log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.periods import Calendar, Month, Window, fiscal_quarter
from playbook.data.book import Book
from playbook.goals.actions import month_end
from playbook.goals.actuals import Reached
from playbook.goals.figures import replanned_months
from playbook.goals.plan.targets import Plan
from playbook.goals.plan.year import Whole, whole_of, year_curve
from playbook.methods.apportionment import from_units, split, to_units
from playbook.methods.forecast import forecast, reached
from playbook.page import Action, Col, Figure, Result, Table, Worksheet, section, table
from playbook.page.blocks import Cell
from playbook.page.kpi import Kpi
from playbook.page.trim import filled

from .tracking import metric_label

OPTIONS = {"plan": "leave the plan", "keep_year": "keep the year", "keep_rate": "keep the rate"}


@dataclass(frozen=True)
class Replan(Result):
    """months: month, actual [minor units, None ahead], plan, keep_year, keep_rate [minor units];
    options: option, rest, year, chance, change;
    members: dimension, member, target, actual, rest, needed (to keep the member's year), lift; log:
    date, label, metric, unit, period, first (the table's), before, after, actual, original and now
    (reached of each), reason, by.
    """

    section: ClassVar[str] = "adjustment"
    fmt: Formats
    as_of: date
    whole: Whole
    calendar: Calendar
    open: bool
    opens: Month
    months: pd.DataFrame
    options: pd.DataFrame
    members: pd.DataFrame
    log: pd.DataFrame
    current: float

    def figure(self) -> Figure:
        """The months of the year before and after."""
        return replanned_months(self.months, self.whole.name, self.fmt, self.as_of)

    def money(self, units: Any):
        return (
            None
            if units is None or pd.isna(units)
            else from_units(int(units), self.fmt.minor_digits)
        )

    def tables(self) -> list[Table]:
        return [self._options(), self._months(), *self._members(), *self._log()]

    def _options(self) -> Table:
        rows = self.options.assign(
            name=self.options["option"].map(OPTIONS),
            rest_money=[self.money(u) for u in self.options["rest"]],
            year_money=[self.money(u) for u in self.options["year"]],
        )
        return table(
            rows,
            [
                Col("name", label="Choice"),
                Col("rest_money", "money", "Asked of the months left"),
                Col("year_money", "money", f"Year {self.whole.name}"),
                Col("change", "share", "Against the plan", sign=True),
                Col("chance", "share", "Chance", decimals=0),
            ],
            self.fmt,
            title="Three ways to plan the rest of the year",
            note=(
                "keep the year: what is missing is spread over the months left by the plan's curve"
                " · keep the rate: the months left times the pace so far · chance: share of"
                " forecast paths that bring it"
            ),
        )

    def _months(self) -> Table:
        rows = self.months.assign(
            name=[self.fmt.text(m, "month") for m in self.months["month"]],
            **{f"{k}_": [self.money(u) for u in self.months[k]] for k in ("actual", *OPTIONS)},
        )
        total = {
            "name": "Year",
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
                    {
                        "plan": "Plan",
                        "keep_year": "After: keep the year",
                        "keep_rate": "After: keep the rate",
                    }[k],
                )
                for k in OPTIONS
            ),
        ]
        return table(
            rows,
            columns,
            self.fmt,
            title="Before and after",
            total=total,
            note=(
                "months gone stand at what was reached in both re-plans · exact in the minor unit"
                f" of {self.fmt.currency}"
            ),
        )

    def _members(self) -> list[Table]:
        if self.members.empty:
            return []
        columns = [
            Col("name", label="For"),
            Col("target", "money", f"Target {self.whole.name}"),
            Col("actual", "money", "Reached"),
            Col("rest", "money", "Plan for the rest"),
            Col("needed", "money", "Needed to keep its year"),
            Col("lift", "share", "More than planned", sign=True),
        ]
        return [
            table(
                self.members,
                columns,
                self.fmt,
                title="What keeping the year asks of each part",
                note="a dash: nothing was planned for the rest",
            )
        ]

    def _log(self) -> list[Table]:
        if self.log.empty:
            return []
        head = (
            "Agreed on",
            "For",
            "Metric",
            "Period",
            "Original",
            "Before",
            "Changed to",
            "Reached",
            "Of the original",
            "Of this one",
            "Reason",
            "Agreed by",
        )
        rows = tuple(self._log_cells(row) for row in self.log.to_dict("records"))
        one = [
            name
            for name, key, usual in (("For", "label", "Company"), ("Metric", "metric", "sales"))
            if set(self.log[key]) == {usual}
        ]
        same = (
            ["Before"]
            if (self.log["first"].fillna(-1) == self.log["before"].fillna(-1)).all()
            else []
        )
        return [
            filled(
                Table(
                    "Targets that were moved",
                    head,
                    rows,
                    "llllrrrrrrll",
                    "log: [[goals.adjustments]] of the settings, oldest first; the table of targets"
                    " keeps the original · – : the table has no such target, or the period has not"
                    " begun",
                    weights=(*[0.0] * 10, 3.0, 0.0),
                ),
                *one,
                *same,
            )
        ]

    def _log_cells(self, row: dict[str, Any]) -> tuple[Cell, ...]:
        fmt = self.fmt
        return (
            Cell(fmt.text(row["date"], "date")),
            Cell(row["label"]),
            Cell(metric_label(row["metric"])),
            Cell(row["period"]),
            *(Cell(fmt.text(row[k], row["unit"])) for k in ("first", "before", "after", "actual")),
            Cell(fmt.share(row["original"])),
            Cell(fmt.share(row["now"])),
            Cell(row["reason"]),
            Cell(row["by"]),
        )

    def _row(self, option: str) -> dict[str, Any]:
        return self.options[self.options["option"] == option].iloc[0].to_dict()

    def reading(self) -> str:
        keep, rate, fmt = self._row("keep_year"), self._row("keep_rate"), self.fmt
        when = (
            "The quarter has closed: the adjustment window is open."
            if self.open
            else (
                f"The window opens at the end of {fmt.text(self.opens, 'month')}; this is what it"
                " would show today."
            )
        )
        return (
            f"{when} Keeping the year asks {fmt.money(self.money(keep['rest']))} of the months"
            f" left, {fmt.share(keep['change'], sign=True)} on the plan (chance"
            f" {fmt.share(keep['chance'], decimals=0)}); keeping the rate ends the year at"
            f" {fmt.money(self.money(rate['year']))}."
        )

    def headline(self) -> str:
        keep = self._row("keep_year")
        return (
            f"Adjustment of {self.whole.name}: keeping the year asks"
            f" {self.fmt.share(keep['change'], sign=True)} of the months left (chance"
            f" {self.fmt.share(keep['chance'], decimals=0)})."
        )

    def actions(self) -> list[Action]:
        if not self.open:
            return []
        return [
            Action(
                f"Decide the rest of {self.whole.name}: keep the year, keep the rate or leave the"
                " plan, and log it with its reason",
                "sales director",
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
                self.money(row["rest"]),
                self.fmt.currency,
                {"option": row["option"]},
            )
            for row in self.options.to_dict("records")
        ]

    def worksheets(self) -> list[Worksheet]:
        columns = (
            ("month", "Month", "text"),
            ("actual", "Actual", "money.exact"),
            *((k, v, "money.exact") for k, v in OPTIONS.items()),
        )
        rows = tuple(
            (str(r["month"]), self.money(r["actual"]), *(self.money(r[k]) for k in OPTIONS))
            for r in self.months.to_dict("records")
        )
        return [Worksheet("Adjustment window", columns, rows)]


@section("adjustment")
def adjustment(book: Book, year_target: float = 0.0) -> Replan:
    """The rest of the running fiscal year, planned again from what was reached by the as-of date."""
    book.need("orders", "amount", gives="the rest of the year planned again from what was reached")
    met = Reached(book)
    whole = whole_of(book, year_target, met)
    if whole.first > book.month:
        raise NotAvailable(
            {},
            gives="the rest of the year planned again",
            because=f"the fiscal year is over; {whole.name} has not begun",
        )
    if not whole.given:
        because = (
            f"targets hold no sales target for the whole of {whole.name}"
            if book.has("targets", "target")
            else ""
        )
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            gives="the rest of the year planned again from what was reached",
            because=because,
        )
    plan = Plan(book) if book.has("targets", "period", "metric", "target") else None
    curve, digits = year_curve(book, plan, met, whole), book.fmt.minor_digits
    history, total = met.history("sales", {}), to_units(whole.amount, digits)
    planned = split(total, curve.shares)
    actual = [
        to_units(float(history.get(m, 0.0)), digits) if m <= book.month else None
        for m in curve.months
    ]
    months = replan(list(curve.months), planned, actual)
    made = forecast(history, whole.last - book.month)
    options = _options(months, made.totals * 10**digits if made else None)
    quarter_end = fiscal_quarter(book.month, settings_start(book))[1]
    return Replan(
        book.fmt,
        book.as_of,
        whole,
        book.calendar,
        quarter_end == book.month,
        quarter_end,
        months,
        options,
        _members(book, met, plan, whole),
        *_log(book, plan, met, whole),
    )


def settings_start(book: Book) -> int:
    """Month the fiscal year starts in."""
    return book.settings.book.fiscal_year_start


def replan(months: list[Month], planned: np.ndarray, actual: list[int | None]) -> pd.DataFrame:
    """Whole units per month: the plan, and two re-plans whose past is what was reached.

    keep_year spreads the rest of the year's total by the plan's own shares of the months left;
    keep_rate scales them by actual ÷ plan so far.
    A year already reached asks nothing more; a plan of 0 for the past leaves the rate at 1.
    """
    ahead = np.array([a is None for a in actual])
    done = sum(a for a in actual if a is not None)
    before = int(planned[~ahead].sum())
    left = planned[ahead]
    weights = left if left.sum() > 0 else np.ones(len(left))
    missing = max(0, int(planned.sum()) - done)
    rate = max(0.0, done / before) if before > 0 else 1.0
    frame = pd.DataFrame(
        {"month": months, "actual": pd.Series(actual, dtype=object), "plan": planned}
    )
    for name, rest in (("keep_year", missing), ("keep_rate", round(int(left.sum()) * rate))):
        values = np.array([0 if a is None else a for a in actual], dtype=np.int64)
        values[ahead] = split(rest, weights) if ahead.any() else values[ahead]
        frame[name] = values
    return frame


def _options(months: pd.DataFrame, ahead: np.ndarray | None) -> pd.DataFrame:
    left = months["actual"].isna()
    done = int(sum(months["actual"].dropna()))
    planned = int(months.loc[left, "plan"].sum())
    rows = []
    for option in OPTIONS:
        rest = int(months.loc[left, option].sum())
        rows.append(
            (
                option,
                rest,
                done + rest,
                rest / planned - 1 if planned else None,
                None if ahead is None else reached(ahead, rest),
            )
        )
    return pd.DataFrame(rows, columns=["option", "rest", "year", "change", "chance"])


def _members(book: Book, met: Reached, plan: Plan | None, whole: Whole) -> pd.DataFrame:
    """Regions, lines and customer types with a target of the year: what keeping it asks."""
    columns = ["member", "name", "target", "actual", "rest", "needed", "lift"]
    if plan is None:
        return pd.DataFrame(columns=columns)
    company, rows = plan.get("sales", (), whole.first, whole.last), []
    follows = (
        whole.amount / company.target if whole.moved and company and company.target else 1.0
    )  # parts go with the company's moved year unless moved themselves
    for metric, members in plan.subjects():
        target = (
            plan.get("sales", members, whole.first, whole.last)
            if metric == "sales"
            and len(members) == 1
            and members[0][0] in ("region", "product_line", "customer_type")
            else None
        )
        if target is None or not target.target or not met.members(members[0][0]) >= {members[0][1]}:
            continue
        history, change = met.history("sales", dict(members)), plan.moved(target)
        figure = change.target if change else target.target * follows
        curve = plan.curve(target, history)
        done = sum(float(history.get(m, 0.0)) for m in curve.months if m <= book.month)
        rest = figure * sum(
            s for m, s in zip(curve.months, curve.shares, strict=True) if m > book.month
        )
        needed = max(0.0, figure - done)
        rows.append(
            (
                members[0][1],
                f"{members[0][0].replace('_', ' ')} {members[0][1]}",
                figure,
                done,
                rest,
                needed,
                needed / rest - 1 if rest else None,
            )
        )
    return pd.DataFrame(rows, columns=columns)


def _log(book: Book, plan: Plan | None, met: Reached, whole: Whole) -> tuple[pd.DataFrame, float]:
    """Changes known by the as-of date with attainment against the original and the current target,
    and the year's current figure.
    """
    rows, last = [], {}
    for move in plan.moves if plan else ():
        change, key = move.change, (move.change.metric, move.members, move.period.text)
        original = move.original.target if move.original else None
        span = Window("", move.period.first.start, min(move.period.last.end, book.as_of))
        done = (
            met.actual(change.metric, dict(move.members), span).value
            if span.start <= book.as_of
            else None
        )  # type: ignore[operator]
        rows.append(
            (
                change.date_,
                " · ".join(member for _, member in move.members) or "Company",
                change.metric,
                met.unit(change.metric),
                move.period.text,
                original,
                last.get(key, original),
                change.target,
                done,
                float(done) / original if done is not None and original else None,
                float(done) / change.target if done is not None and change.target else None,
                change.reason,
                change.by or "not said",
            )
        )
        last[key] = change.target
    return (
        pd.DataFrame(
            rows,
            columns=[
                "date",
                "label",
                "metric",
                "unit",
                "period",
                "first",
                "before",
                "after",
                "actual",
                "original",
                "now",
                "reason",
                "by",
            ],
        ),
        whole.amount,
    )
