"""The next quarter's target handed to people: by their history and pipeline, with floors, caps,
pins and a ramp for new hires.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable, ParameterProblem, Problem, did_you_mean
from playbook.base.formats import Formats, is_missing, plural
from playbook.base.periods import Month
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures import sales, work
from playbook.goals.actions import soon
from playbook.goals.actuals import Reached
from playbook.methods.apportionment import bounded, from_units, split, to_units
from playbook.page import Action, Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi
from playbook.page.trim import filled

from .owners import SHEETS, Handed, hand_down, person_sheet, sums, weeks_of
from .phasing import Curve
from .targets import Plan, Target, period_of
from .year import Whole, whole_of, year_curve

SHOWN = 15
MOST = 10**15  # a cap that never binds, in minor units


@dataclass(frozen=True)
class People(Result):
    """table: rep, name, team, region, months (of tenure at the period's start), ramp [share],
    history, pipeline [currency], weight, quota [minor units],
    bound (floor, cap, pinned or ''), last (sales of the same length before); parents: region,
    target, carried, people, quotas [minor units]; handed: the same by owner and working day.
    """

    section: ClassVar[str] = "people"
    fmt: Formats
    as_of: date
    settings: GoalSettings
    period: str
    months: Curve
    source: str
    table: pd.DataFrame
    parents: pd.DataFrame
    handed: Handed
    due: date

    def tables(self) -> list[Table]:
        digits = self.fmt.minor_digits
        frame = self.table.assign(target=[from_units(u, digits) for u in self.table["quota"]])
        frame = frame.sort_values(["quota", "rep"], ascending=[False, True], kind="stable")
        columns = [
            Col("name", label="Person"),
            Col("region"),
            Col("ramp", "share", "Ramp", decimals=0),
            Col("history", "money", "Own 12 months"),
            Col("pipeline", "money", "Open deals"),
            Col("target", "money.exact", f"Quota {self.period}"),
            Col("last", "money", "Last quarter"),
            Col("bound", label="Bound"),
        ]
        total = {
            "name": "All",
            "target": from_units(int(self.table["quota"].sum()), digits),
            "history": float(self.table["history"].sum()),
            "pipeline": float(self.table["pipeline"].sum()),
            "last": float(self.table["last"].sum()),
        }
        first = table(
            frame,
            columns,
            self.fmt,
            title=f"Quotas for {self.period}",
            limit=SHOWN,
            total=total,
            note=(
                f"weight: {self.fmt.share(self.settings.history_weight, decimals=0)} share of own"
                " sales, the rest share of open deals, times ramp · all people in the worksheets ·"
                f" as of {self.fmt.text(self.as_of, 'date')}"
            ),
        )
        return [filled(first), self._months(), self._proof()]

    def _months(self) -> Table:
        """The quarter of each region by month, and the company's."""
        months = [str(month) for month in self.months.months]
        rows = [
            {"region": name, **self._by_month(units.to_numpy())}
            for name, units in self.handed.regions.iterrows()
        ]
        columns = [
            Col("region", label="Handed down from"),
            *(Col(m, "money.exact", self.fmt.text(m, "month")) for m in months),
            Col("all", "money.exact", f"All {self.period}"),
        ]
        return table(
            pd.DataFrame(rows),
            columns,
            self.fmt,
            title=f"{self.period} by region and month",
            total=(
                {"region": "All", **self._by_month(self.handed.company)} if len(rows) > 1 else None
            ),
            note=(
                f"curve: {self.months.source} · the same by week and day, for every person too, in"
                " the worksheets"
            ),
        )

    def _by_month(self, units: np.ndarray) -> dict[str, Any]:
        digits = self.fmt.minor_digits
        found = {
            str(m): from_units(
                int(units[[Month.of(day) == m for day in self.handed.dates]].sum()), digits
            )
            for m in self.months.months
        }
        return {**found, "all": from_units(int(units.sum()), digits)}

    def _proof(self) -> Table:
        digits = self.fmt.minor_digits
        rows = self.parents.assign(
            **{
                k: [from_units(u, digits) for u in self.parents[k]]
                for k in ("target", "carried", "quotas")
            },
            off=[
                from_units(q - c, digits)
                for q, c in zip(self.parents["quotas"], self.parents["carried"], strict=True)
            ],
        )
        columns = [
            Col("region", label="Handed down from"),
            Col("target", "money.exact"),
            Col("carried", "money.exact", "With over-assignment"),
            Col("people", "count", "People"),
            Col("quotas", "money.exact", "Sum of quotas"),
            Col("off", "money.exact", "Difference"),
        ]
        return table(
            rows,
            columns,
            self.fmt,
            title="Proof: quotas sum to what is handed down",
            note=(
                f"{self.source} · over-assignment"
                f" {self.fmt.text(self.settings.over_assignment, 'ratio')} · on each of"
                f" {len(self.handed.dates)} working days the people sum to their region and the"
                " regions to the company: largest difference"
                f" {self.fmt.text(from_units(self.handed.off(), digits), 'money.exact')}"
            ),
        )

    def reading(self) -> str:
        fmt = self.fmt
        total = from_units(int(self.table["quota"].sum()), fmt.minor_digits)
        new = self.table[self.table["ramp"] < 1]
        text = (
            f"{fmt.money(total)} for {self.period} is carried by {len(self.table)} people; the"
            " largest quota is"
            f" {fmt.money(from_units(int(self.table['quota'].max()), fmt.minor_digits))}."
        )
        if len(new):
            text += (
                f" {plural(len(new), 'of them is', 'of them are')} still ramping and"
                f" {'carries' if len(new) == 1 else 'carry'}"
                f" {fmt.share(float(new['quota'].sum()) / float(self.table['quota'].sum()))}."
            )
        held = int((self.table["bound"] != "").sum())
        return text + (
            f" {plural(held, 'quota stands', 'quotas stand')} at a floor, a cap or a pin."
            if held
            else ""
        )

    def headline(self) -> str:
        off = (
            int((self.parents["quotas"] - self.parents["carried"]).abs().sum()) + self.handed.off()
        )
        return (
            f"Quotas for {self.period}: {len(self.table)} people, sums off by"
            f" {self.fmt.text(from_units(off, self.fmt.minor_digits), 'money.exact')}."
        )

    def notes(self) -> list[str]:
        floor, cap = (
            self.fmt.text(x, "ratio") for x in (self.settings.quota_floor, self.settings.quota_cap)
        )
        return [
            f"Floor {floor} and cap {cap} of the average quota of the region, the floor times the"
            " ramp; a new hire starts with the average weight of the settled people, times the"
            f" ramp ({', '.join(self.fmt.share(r, decimals=0) for r in self.settings.ramp)} of a"
            " full quota in its first quarters). What a bound cuts or adds is re-split over the"
            " others."
        ]

    def kpis(self) -> list[Kpi]:
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
        return [
            Action(
                f"Agree the quotas of {self.period} with each person",
                "sales director",
                self.due,
                f"{len(self.table)} people; the worksheets hold one line each",
                None,
            )
        ]

    def worksheets(self) -> list[Worksheet]:
        """A sheet per region handed down: itself and its people by month and week."""
        return [
            self._sheet(parent, rows) for parent, rows in self.table.groupby("parent", sort=True)
        ]

    def own_sheets(self) -> list[Worksheet]:
        """A sheet per person, down to the days of the next month; none where there are more people
        than a workbook can be leafed through for.
        """
        if len(self.table) > SHEETS:
            return []
        dates, last = self.handed.dates, self.months.months[0].end
        return [
            person_sheet(row["name"], self._days(row), dates, self.fmt, last)
            for row in self.table.sort_values(["name", "rep"], kind="stable").to_dict("records")
        ]

    def _days(self, row: dict[str, Any]) -> np.ndarray:
        return self.handed.people.loc[(row["parent"], row["rep"])].to_numpy()

    def _sheet(self, parent: str, rows: pd.DataFrame) -> Worksheet:
        groups = [
            (str(m), [i for i, day in enumerate(self.handed.dates) if Month.of(day) == m])
            for m in self.months.months
        ] + weeks_of(self.handed.dates)
        columns = (
            ("name", "Person", "text"),
            ("team", "Team", "text"),
            ("quota", f"Quota {self.period}", "money.exact"),
            *((name, name[:1].upper() + name[1:], "money.exact") for name, _ in groups),
            ("bound", "Bound", "text"),
        )
        digits, whole = self.fmt.minor_digits, self.handed.regions.loc[parent].to_numpy()
        first = (
            f"All of {parent}",
            "",
            from_units(int(whole.sum()), digits),
            *sums(whole, groups, digits),
            "",
        )
        return Worksheet(
            f"Quotas {parent}",
            columns,
            (
                first,
                *(
                    (
                        row["name"],
                        row["team"],
                        from_units(row["quota"], digits),
                        *sums(self._days(row), groups, digits),
                        row["bound"],
                    )
                    for row in rows.to_dict("records")
                ),
            ),
        )


@section("people")
def people(book: Book, year_target: float = 0.0) -> People:
    """Quotas of the quarter after the as-of month's. Parents are the regions where each has a
    target, else the company.
    """
    book.need("orders", "amount", gives="quotas per person")
    book.need("reps", "rep_id", gives="quotas per person")
    met, settings = Reached(book), book.settings.goals
    first = Month.of(book.window("quarter_to_date").start) + 3  # type: ignore[arg-type]
    parents, source, curve = _parents(book, met, first, year_target)
    staff = _staff(book, met, first, settings)
    if staff.empty:
        raise NotAvailable(
            {"reps": ("rep_id",)},
            gives="quotas per person",
            because="nobody in it sells and is still here",
        )
    _check_pins(settings, staff)
    regions = {r: t for r, t in parents.items() if r in set(staff["region"])}
    whole = sum(parents.values())
    staffed = (
        regions
        if sum(regions.values()) == whole and set(staff["region"]) <= set(regions)
        else {"Company": whole}
    )
    made = [
        _region(
            staff if name == "Company" else staff[staff["region"] == name],
            name,
            target,
            settings,
            book.fmt,
        )
        for name, target in staffed.items()
    ]
    totals = pd.DataFrame(
        [
            (name, target, _carried(target, settings), len(quotas), int(quotas["quota"].sum()))
            for (name, target), quotas in zip(staffed.items(), made, strict=True)
        ],
        columns=["region", "target", "carried", "people", "quotas"],
    )
    period = period_of(first, first + 2, book.settings.book.fiscal_year_start).text
    quotas = pd.concat(made, ignore_index=True)
    handed = hand_down(
        {row["region"]: row["carried"] for row in totals.to_dict("records")},
        quotas,
        curve,
        settings,
        book.calendar,
    )
    return People(
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
    )


def _carried(target: int, settings: GoalSettings) -> int:
    """What the quotas sum to: the target times the hedge, in whole units."""
    return round(target * settings.over_assignment)


def _parents(
    book: Book, met: Reached, first: Month, year_target: float
) -> tuple[dict[str, int], str, Curve]:
    """Next quarter's target by region in minor units, where it comes from, and its months."""
    digits = book.fmt.minor_digits
    plan = Plan(book) if book.has("targets", "period", "metric", "target") else None
    company = plan.get("sales", (), first, first + 2) if plan else None
    moved_year = (
        _moved_year(book, met, first)
        if plan and not year_target and company and not plan.moved(company)
        else None
    )
    if plan and company and company.target > 0 and not year_target and moved_year is None:
        return (
            {**_regions(plan, first, digits, _current(plan, company))},
            f"the book's targets{' by region' if _by_region(plan, first) else ' of the company'}",
            plan.curve(company, met.history("sales", {})),
        )
    whole = moved_year or whole_of(book, year_target, met, holds=first + 2)
    year = year_curve(book, plan, met, whole)
    months = dict(zip(year.months, split(to_units(whole.amount, digits), year.shares), strict=True))
    quarter = [int(months.get(first + i, 0)) for i in range(3)]
    if not sum(quarter):
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            gives="quotas per person",
            because="the next quarter lies outside the year planned",
        )
    curve = Curve(
        tuple(first + i for i in range(3)), tuple(q / sum(quarter) for q in quarter), year.source
    )
    return (
        (_regions(plan, first, digits, sum(quarter)) if plan else {"Company": sum(quarter)}),
        f"{whole.source}, by {year.source}",
        curve,
    )


def _moved_year(book: Book, met: Reached, first: Month) -> Whole | None:
    """The year's figure where it was moved and holds the quarter: the quarter then follows it, not
    its own row of the table.
    """
    whole = whole_of(book, 0.0, met)
    return whole if whole.moved and whole.first <= first <= whole.last else None


def _current(plan: Plan, target: Target) -> float:
    """The target as it stands: moved, else as the table has it."""
    change = plan.moved(target)
    return change.target if change else target.target


def _by_region(plan: Plan, first: Month) -> dict[str, Target]:
    """The quarter's targets by region; empty unless every region with any target has one."""
    regions = sorted(
        {
            members[0][1]
            for metric, members in plan.subjects()
            if metric == "sales" and len(members) == 1 and members[0][0] == "region"
        }
    )
    found = {r: plan.get("sales", (("region", r),), first, first + 2) for r in regions}
    return found if all(found.values()) else {}  # type: ignore[return-value]


def _regions(plan: Plan, first: Month, digits: int, whole: float | int) -> dict[str, int]:
    """The whole by region: the regions' own targets where they sum to it, else shared by them; the
    company where they have none.

    whole: in currency (float: the quarter's target) or minor units (int).
    """
    units = whole if isinstance(whole, int) else to_units(whole, digits)
    own = {r: to_units(_current(plan, t), digits) for r, t in _by_region(plan, first).items()}
    if not sum(own.values()):
        return {"Company": units}
    return (
        own
        if sum(own.values()) == units
        else dict(zip(own, (int(u) for u in split(units, list(own.values()))), strict=True))
    )


def _staff(book: Book, met: Reached, first: Month, settings: GoalSettings) -> pd.DataFrame:
    """People who sell and are still here: with sales in the trailing 12 months, an open deal, or
    hired within the ramp.
    """
    year, quarter = book.window("trailing_12m"), book.window("quarter_to_date")
    months = met._months("sales", ("rep",))
    own = _sums(sales.in_window(months, year))
    last = _sums(sales.in_window(months, quarter))
    pipeline = (
        dict(work.open_pipeline(book)[["rep", "expected"]].to_numpy())
        if book.has("opportunities", "outcome")
        else {}
    )
    rows = []
    for rep in met.people:
        if not is_missing(rep["left"]):
            continue
        tenure = None if is_missing(rep["hired"]) else first - Month.of(rep["hired"])
        ramp = ramp_of(tenure, settings.ramp)
        if rep["rep_id"] not in own and rep["rep_id"] not in pipeline and ramp >= 1:
            continue
        rows.append(
            (
                rep["rep_id"],
                rep["rep_id"] if is_missing(rep["name"]) else rep["name"],
                _text(rep["team"]),
                _text(rep["region"]),
                tenure,
                ramp,
                max(0.0, own.get(rep["rep_id"], 0.0)),
                float(pipeline.get(rep["rep_id"], 0.0)),
                last.get(rep["rep_id"], 0.0),
            )
        )
    frame = pd.DataFrame(
        rows,
        columns=["rep", "name", "team", "region", "months", "ramp", "history", "pipeline", "last"],
    )
    twice = frame["name"].duplicated(keep=False)
    return frame.assign(name=frame["name"].where(~twice, frame["name"] + " (" + frame["rep"] + ")"))


def _text(value: Any) -> str:
    return "" if is_missing(value) else str(value)


def _sums(months: pd.DataFrame) -> dict[str, float]:
    return {
        rep: float(sales.total(rows["amount"])) for rep, rows in months.groupby("rep", sort=True)
    }


def ramp_of(tenure: int | None, ramp: Sequence[float]) -> float:
    """Share of a full quota for someone with that many months of tenure when the quarter starts;
    unknown tenure counts as settled.

    >>> ramp_of(0, [0.25, 0.5, 0.75]), ramp_of(4, [0.25, 0.5, 0.75]), ramp_of(9, [0.25, 0.5, 0.75])
    (0.25, 0.5, 1.0)
    """
    if tenure is None or tenure // 3 >= len(ramp):
        return 1.0
    return float(ramp[max(0, tenure) // 3])


def weights(staff: pd.DataFrame, history_weight: float) -> np.ndarray:
    """Quota weights: shares of own sales and of open deals blended, a ramping hire on the settled
    average, all times the ramp; equal where nothing is known.
    """
    settled = staff["ramp"] >= 1
    blend = np.zeros(len(staff))
    for column, weight in (("history", history_weight), ("pipeline", 1 - history_weight)):
        values = staff[column].to_numpy(dtype=float)
        blend += weight * (values / values.sum() if values.sum() > 0 else np.zeros(len(values)))
    average = blend[settled].mean() if settled.any() else 0.0
    base = np.where(settled, blend, max(average, 0.0))
    base = base if base.sum() > 0 else np.ones(len(staff))
    return base * staff["ramp"].to_numpy(dtype=float)


def _region(
    staff: pd.DataFrame, name: str, target: int, settings: GoalSettings, fmt: Formats
) -> pd.DataFrame:
    """Quotas of one region's people, exact."""
    digits = fmt.minor_digits
    whole, w = _carried(target, settings), weights(staff, settings.history_weight)
    average = whole / max(1e-9, float(staff["ramp"].sum()))
    low = np.floor(settings.quota_floor * average * staff["ramp"].to_numpy()).astype(np.int64)
    high = np.maximum(
        low, np.ceil(settings.quota_cap * average * np.ones(len(staff))).astype(np.int64)
    )
    pinned = np.array([rep in settings.pins for rep in staff["rep"]])
    for i in np.flatnonzero(pinned):
        low[i] = high[i] = to_units(settings.pins[staff["rep"].iloc[i]], digits)
    if high.sum() < whole:
        high = np.where(
            pinned, high, MOST
        )  # few people for the target: the cap gives way before the sum does
    quota = bounded(
        whole,
        np.maximum(w, 1e-12),
        low,
        high,
        list(staff["name"]),
        lambda u: fmt.text(from_units(u, digits), "money.exact"),
    )
    bound = np.where(
        pinned, "pinned", np.where(quota == low, "floor", np.where(quota == high, "cap", ""))
    )
    return staff.assign(parent=name, weight=w, quota=quota, bound=bound)


def _check_pins(settings: GoalSettings, staff: pd.DataFrame) -> None:
    """Pins name people who are there."""
    wrong = [rep for rep in settings.pins if rep not in set(staff["rep"])]
    if wrong:
        raise ParameterProblem(
            [
                Problem(
                    found=f"[goals] pins names '{rep}'",
                    expected="a rep who sells and has not left",
                    try_=did_you_mean(rep, staff["rep"]),
                )
                for rep in wrong
            ]
        )
