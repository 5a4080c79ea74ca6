"""The tracking table: what was reached of each target, whether that is on the plan's own curve, and
where it is heading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.periods import Calendar
from playbook.base.settings import Adjustment, GoalSettings
from playbook.base.vocabulary import LOWER_IS_BETTER
from playbook.data.book import Book
from playbook.data.measures.names import member_names
from playbook.goals.actions import month_end, soon
from playbook.goals.actuals import Actual, Reached
from playbook.goals.figures import tracking_year
from playbook.goals.plan.targets import Plan, Target, owner_of, unknown_member, window_of
from playbook.methods.forecast import Forecast, band, forecast
from playbook.page import Action, Figure, Result, Table, Worksheet, section
from playbook.page.blocks import Cell, Tone
from playbook.page.kpi import Kpi
from playbook.page.trim import filled

from .judging import gap, judge, judge_falling, nothing, parts, projection
from .overview import NAMES

COLUMNS = [
    "window",
    "period",
    "metric",
    "unit",
    "additive",
    "falls",
    "members",
    "kind",
    "label",
    "target",
    "baseline",
    "actual",
    "numerator",
    "denominator",
    "completion",
    "due",
    "to_date",
    "pace",
    "status",
    "gap",
    "days",
    "per_day",
    "low",
    "middle",
    "high",
    "chance",
    "curve",
    "method",
    "owner",
    "remark",
    "moved",
    "why",
]
TONES: dict[str, Tone] = {"green": "good", "amber": "warn", "red": "bad"}
SHOWN = 12  # people listed per table
SHORT = {"product line": "line", "customer type": "type"}
OWNERS = 20  # owners with a sheet of their own
FALLING = (
    "of a falling target (less is better) completion is the way covered from the same span a year"
    " before, pace what the plan allows by now ÷ actual"
)


@dataclass(frozen=True)
class Tracking(Result):
    """One row per target in force; see COLUMNS. ``due`` is the share of the target the plan's curve
    asks for by the as-of date.
    """

    section: ClassVar[str] = "tracking"
    fmt: Formats
    as_of: date
    currency: str
    settings: GoalSettings
    calendar: Calendar
    table: pd.DataFrame
    # month, plan, actual, low, middle, high: cumulative sales of the company's year; empty without
    # such a target
    year: pd.DataFrame

    # -- the page

    def figure(self) -> Figure | None:
        """The year's sales against their curve; None without a company target of the year."""
        if self.year.empty:
            return None
        return tracking_year(self.year, self.currency, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        shown = [
            self._reached(name, part)
            for name, rows in self._by_window()
            for part in self._apart(rows)
        ]
        return [
            *shown,
            *self._people(),
            *(
                self._ahead(rows)
                for _, rows in self._by_window()
                if (rows["days"].gt(0) & rows["additive"]).any()
            ),
        ]

    @staticmethod
    def _apart(rows: pd.DataFrame) -> list[pd.DataFrame]:
        """Sales by themselves where they have parts, the other metrics together: a long mixed table
        is read by nobody.
        """
        sales = rows["metric"] == "sales"
        return [rows[sales], rows[~sales]] if sales.sum() > 1 and (~sales).sum() > 1 else [rows]

    def _by_window(self) -> list[tuple[str, pd.DataFrame]]:
        """Rows shown per window: no people, and of the month the company's alone (its parts are in
        the worksheet).
        """
        teams = self.table[
            [
                not _is_person(members) and (not members or window != "month")
                for members, window in zip(self.table["members"], self.table["window"], strict=True)
            ]
        ]
        return [
            (name, teams[teams["window"] == name])
            for name in ("year_to_date", "quarter_to_date", "month")
            if (teams["window"] == name).any()
        ]

    def _reached(self, window: str, rows: pd.DataFrame, title: str = "", more: str = "") -> Table:
        head = (
            "For",
            "Metric",
            "Target",
            "Actual",
            "Completion",
            "Due by now",
            "Pace",
            "Status",
            "Owner",
            "Remark",
        )
        cells = tuple(self._cells(row) for row in rows.to_dict("records"))
        due = (
            " · due by now: share of the target its own curve asks for"
            if (rows["due"] < 1).any()
            else " · the period is over: all of each target is due"
        )
        falling = f" · {FALLING}" if rows["falls"].any() else ""
        note = (
            f"{self.rule()}{falling}{due} · rows of different units are never summed · as of"
            f" {self.fmt.text(self.as_of, 'date')}{more}"
        )
        whole = len(self.table[self.table["window"] == window]["metric"].unique()) > 1 and not title
        what = (
            ""
            if not whole
            else (
                ", sales"
                if set(rows["metric"]) == {"sales"}
                else ", other targets"
                if "sales" not in set(rows["metric"])
                else ""
            )
        )
        table = Table(
            title or f"{NAMES[window]}: {rows['period'].iloc[0]}{what}",
            head,
            cells,
            "llrrrrrlll",
            note,
        )
        return filled(
            table,
            *(["Metric"] if what == ", sales" else []),
            *(["Due by now"] if (rows["due"] >= 1).all() else []),
            *(["Owner"] if all(_is_person(members) for members in rows["members"]) else []),
        )

    def _cells(self, row: dict[str, Any]) -> tuple[Cell, ...]:
        fmt, unit = self.fmt, row["unit"]
        tone = TONES.get(row["status"], "")
        gone = (
            "has left" if _is_person(row["members"]) and row["owner"].endswith("(has left)") else ""
        )
        remark = "; ".join(
            filter(
                None,
                (
                    row["why"] if row["status"] == "not measured" else "",
                    "moved, see below" if row["moved"] else "",
                    row["remark"],
                    gone,
                ),
            )
        )
        return (
            Cell(named(row, SHORT)),
            Cell(metric_label(row["metric"])),
            Cell(fmt.text(row["target"], unit)),
            Cell(fmt.text(row["actual"], unit)),
            Cell(fmt.share(row["completion"])),
            Cell(fmt.share(row["due"])),
            Cell(fmt.text(row["pace"], "ratio")),
            Cell(row["status"], tone),
            Cell(row["owner"] or "none named"),
            Cell(remark),
        )

    def _ahead(self, rows: pd.DataFrame) -> Table:
        head = (
            "For",
            "Metric",
            "Still to go",
            "Working days left",
            "A day",
            "Heading for",
            "80 % interval",
            "Chance",
        )
        cells = tuple(
            self._ahead_cells(row)
            for row in rows.to_dict("records")
            if row["days"] > 0 and row["additive"]
        )
        room = (
            " (of a falling target: room left under it)"
            if (rows["falls"] & rows["additive"]).any()
            else ""
        )
        note = (
            f"still to go: target less actual{room} · heading for: actual plus forecast of the"
            f" months left ({listing(sorted(set(rows['method']) - {''}), 3)}) · chance: share of"
            " simulated paths that keep the target · rates and levels are not summed over months"
            " and have no line here"
        )
        return Table(f"What is left of {rows['period'].iloc[0]}", head, cells, "llrrrrrr", note)

    def _ahead_cells(self, row: dict[str, Any]) -> tuple[Cell, ...]:
        fmt, unit = self.fmt, row["unit"]
        say = partial(fmt.text, unit=unit)
        per_day = say(row["per_day"], decimals=1) if unit == "count" else say(row["per_day"])
        return (
            Cell(named(row, SHORT)),
            Cell(metric_label(row["metric"])),
            Cell(say(row["gap"])),
            Cell(fmt.count(row["days"])),
            Cell(per_day),
            Cell(say(row["middle"], decimals=0) if row["additive"] else say(row["middle"])),
            Cell(_interval(fmt, row)),
            Cell(fmt.share(row["chance"])),
        )

    def _people(self) -> list[Table]:
        """People of the quarter (else the month, else the year), furthest behind first."""
        people = self.table[[_is_person(members) for members in self.table["members"]]]
        for window in ("quarter_to_date", "month", "year_to_date"):
            rows = people[(people["window"] == window)].sort_values(
                ["pace", "label"], kind="stable", na_position="last"
            )
            if len(rows):
                more = (
                    f" · the {SHOWN} furthest behind of {len(rows)}, all of them in the worksheet"
                    if len(rows) > SHOWN
                    else ""
                )
                return [
                    self._reached(
                        window,
                        rows.head(SHOWN),
                        f"People, {NAMES[window].lower()}: {rows['period'].iloc[0]}",
                        more,
                    )
                ]
        return []

    def rule(self) -> str:
        """The red/amber/green rule in words."""
        green, amber = (
            self.fmt.text(self.settings.green_from, "ratio"),
            self.fmt.text(self.settings.amber_from, "ratio"),
        )
        return f"green: pace {green} or more; amber: {amber} or more; red below"

    def reading(self) -> str:
        company = self._company()
        parts = (
            [self._told(company)] if company is not None and not is_missing(company["pace"]) else []
        )
        return " ".join([*parts, *self._red()])

    def _red(self) -> list[str]:
        """Who is furthest behind: parts of the company in the longest window, then how many people."""
        windows = self._by_window()
        told = []
        if windows:
            name, rows = windows[0]
            red = rows[rows["status"] == "red"].sort_values(["pace", "label"], kind="stable")
            names = [
                f"{named(row)} ({metric_label(row['metric']).lower()}, pace"
                f" {self.fmt.text(row['pace'], 'ratio')})"
                for row in red.to_dict("records")
            ]
            told.append(
                f"Red in the {NAMES[name].lower()}: {listing(names, 3)}."
                if names
                else f"No target of the {NAMES[name].lower()} is red."
            )
        people = self.table[[_is_person(members) for members in self.table["members"]]]
        if len(people):
            told.append(
                f"Of {plural(len(people), 'target')} of people, {(people['status'] == 'red').sum()}"
                " are red."
            )
        return told

    def _told(self, row: dict[str, Any]) -> str:
        text = (
            f"{metric_label(row['metric'])} of {row['period']} stand at"
            f" {self.fmt.text(row['actual'], row['unit'])}, {self.fmt.share(row['completion'])} of"
            f" the target; its curve asks for {self.fmt.share(row['due'])} by now, so the pace is"
            f" {self.fmt.text(row['pace'], 'ratio')} ({row['status']})."
        )
        if row["days"] > 0 and not is_missing(row["middle"]):
            text += (
                f" The period is heading for {self.fmt.text(row['middle'], row['unit'])}"
                f" ({_interval(self.fmt, row)}, 80 % interval) and reaches its target on"
                f" {self.fmt.share(row['chance'], decimals=0)} of forecast paths;"
                f" {self.fmt.text(row['per_day'], row['unit'])} per working day are still needed."
            )
        return text

    def _company(self) -> dict[str, Any] | None:
        rows = self.table[(self.table["metric"] == "sales") & (self.table["members"].map(len) == 0)]
        return rows.iloc[0].to_dict() if len(rows) else None

    def headline(self) -> str:
        row, states = self._company(), self.table["status"].value_counts()
        counts = ", ".join(f"{states[name]} {name}" for name in TONES if name in states)
        told = (
            ""
            if row is None or is_missing(row["completion"])
            else (
                f"Target {row['period']}: {self.fmt.share(row['completion'])} reached, pace"
                f" {self.fmt.text(row['pace'], 'ratio')}, chance {self.fmt.share(row['chance'])}; "
            )
        )
        return f"{told}{plural(len(self.table), 'target')} in force: {counts or 'none measured'}."

    def notes(self) -> list[str]:
        curves = sorted(set(self.table["curve"]) - {""})
        told = (
            [f"Curves by which targets are due: {listing(curves, len(curves))}."] if curves else []
        )
        gone = [
            f"{named(row)}: {row['why']}."
            for row in self.table.drop_duplicates(["label", "metric"]).to_dict("records")
            if row["why"]
        ]
        moved = [
            f"{named(row)}, {metric_label(row['metric']).lower()} {row['period']}: {row['moved']}."
            for row in self.table.to_dict("records")
            if row["moved"]
        ]
        return told + moved[:5] + gone[:5]

    def actions(self) -> list[Action]:
        """Who is behind in the longest open window: back to the curve by the end of next month.
        Targets without a living owner get one first.
        """
        still = [frame for _, frame in self._by_window() if frame["days"].gt(0).any()]
        rows = [row for frame in still[:1] for row in frame.to_dict("records")]
        behind = [
            self._catch_up(row)
            for row in rows
            if row["status"] in ("red", "amber") and (row["members"] or row["metric"] != "sales")
        ]
        return behind + self._owners()

    def _catch_up(self, row: dict[str, Any]) -> Action:
        short = (row["to_date"] - float(row["actual"])) * (-1 if row["falls"] else 1)
        amount = self.fmt.text(
            short,
            "pp" if row["unit"] == "share" else row["unit"],
            decimals=1 if row["unit"] == "share" else 0,
        ).removeprefix("+")
        why = f"pace {self.fmt.text(row['pace'], 'ratio')} in {row['period']}" + (
            ""
            if is_missing(row["chance"])
            else f", chance of the target {self.fmt.share(row['chance'], decimals=0)}"
        )
        return Action(
            f"Bring {named(row)} back to its {'curve' if row['additive'] else 'target'} in"
            f" {metric_label(row['metric']).lower()}: {amount}"
            f" {'above' if row['falls'] else 'behind'}",
            row["owner"],
            month_end(self.as_of, self.calendar),
            why,
            short if row["unit"] == self.currency else None,
        )

    def _owners(self) -> list[Action]:
        """Targets whose owner has left, or that have none."""
        rows = self.table.drop_duplicates(["label", "owner"])
        rows = rows[(rows["owner"] == "") | rows["owner"].str.endswith("(has left)")]
        due = soon(self.as_of, self.calendar)
        return [
            Action(
                f"Name an owner for the targets of {named(row)}",
                "",
                due,
                row["owner"] or "no owner is given",
                row["gap"] if row["unit"] == self.currency and not is_missing(row["gap"]) else None,
            )
            for row in rows.to_dict("records")
        ]

    # -- for the machine

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
            row["why"] or "a target of 0 has no completion",
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
            short = row["why"] or "fewer than three months of history"
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
        above = self.table[[not _is_person(members) for members in self.table["members"]]]
        owners = [owner for owner in dict.fromkeys(above["owner"]) if owner][:OWNERS]
        return [
            self._sheet("Target tracking", self.table),
            *(self._sheet(f"Targets {owner}", above[above["owner"] == owner]) for owner in owners),
        ]

    def _sheet(self, name: str, rows: pd.DataFrame) -> Worksheet:
        keys = (
            "label",
            "metric",
            "period",
            "target",
            "actual",
            "completion",
            "pace",
            "status",
            "gap",
            "days",
            "per_day",
            "owner",
            "remark",
        )
        units = (
            "text",
            "text",
            "text",
            "number",
            "number",
            "share",
            "ratio",
            "text",
            "number",
            "count",
            "number",
            "text",
            "text",
        )
        labels = (
            "For",
            "Metric",
            "Period",
            "Target",
            "Actual",
            "Completion",
            "Pace",
            "Status",
            "Still to go",
            "Working days left",
            "A day",
            "Owner",
            "Remark",
        )
        cells = tuple(
            tuple(None if is_missing(row[k]) else row[k] for k in keys)
            for row in rows.to_dict("records")
        )
        return Worksheet(name, tuple(zip(keys, labels, units, strict=True)), cells)


def named(row: dict[str, Any], words: Mapping[str, str] | None = None) -> str:
    """A part with what it is a part of: ``region East``; the company and people by their name.
    words: shorter words for the narrow column of a table.
    """
    kind = (words or {}).get(row["kind"], row["kind"])
    return row["label"] if kind in ("", "rep", "company") else f"{kind} {row['label']}"


def _moved(fmt: Formats, change: Adjustment, now: dict[str, Any], unit: str) -> str:
    """How the row stands against the target as it was moved."""
    return (
        f"moved to {fmt.text(change.target, unit)} on {fmt.text(change.date_, 'date')}:"
        f" {fmt.share(now['completion'])} of it, pace {fmt.text(now['pace'], 'ratio')}"
        f" ({now['status']})"
    )


def metric_label(metric: str) -> str:
    """``new_customers`` → ``New customers``."""
    return metric.replace(".", " ").replace("_", " ").capitalize()


def _is_person(members: Sequence[tuple[str, str]]) -> bool:
    return any(key == "rep" for key, _ in members)


def _interval(fmt: Formats, row: dict[str, Any]) -> str:
    if is_missing(row["low"]):
        return fmt.text(None)
    return (
        f"{fmt.text(row['low'], row['unit'], decimals=0)} –"
        f" {fmt.text(row['high'], row['unit'], decimals=0)}"
    )


@section("tracking")
def tracking(book: Book) -> Tracking:
    """Every target whose year, quarter or month holds the as-of date.

    Raises DataProblem when a period is given twice for one metric and member.
    """
    plan, met = Plan(book), Reached(book)
    names = member_names(book)
    rows = [_row(book, plan, met, target, names) for target in plan.in_force()]
    if not rows:
        raise NotAvailable(
            {},
            gives="completion, pace and projection",
            because=f"no target is given for a period that holds {book.month}",
        )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return Tracking(
        book.fmt,
        book.as_of,
        book.currency,
        book.settings.goals,
        book.calendar,
        frame,
        _year(book, plan, met),
    )


def _row(
    book: Book, plan: Plan, met: Reached, target: Target, names: dict[str, dict[str, str]]
) -> dict[str, Any]:
    additive, members = met.additive(target.metric), dict(target.members)
    strange = unknown_member(target, met)
    actual = (
        Actual(None, why=strange)
        if strange
        else met.actual(target.metric, members, window_of(book, target))
    )
    curve = plan.curve(target, met.history(target.metric, members)) if additive else None
    due = curve.elapsed(book.as_of, book.settings.goals, book.calendar) if curve else 1.0
    label = (
        " · ".join(names.get(key, {}).get(member, member) for key, member in target.members)
        or "Company"
    )
    falls = target.metric in LOWER_IS_BETTER
    base = (
        met.baseline(target.metric, members, window_of(book, target))
        if falls and not strange
        else Actual(None)
    )
    row = {
        "window": target.window,
        "period": target.period.text,
        "metric": target.metric,
        "unit": met.unit(target.metric),
        "additive": additive,
        "falls": falls,
        "members": target.members,
        "kind": " · ".join(key.replace("_", " ") for key, _ in target.members) or "company",
        "label": label,
        "target": target.target,
        "baseline": base.value,
        "actual": actual.value,
        "numerator": actual.numerator,
        "denominator": actual.denominator,
        "due": due,
        "curve": curve.source if curve else "",
        "owner": owner_of(target, met),
        "remark": target.remark or ("sum of its shorter periods" if target.derived else ""),
        "moved": "",
        "why": actual.why,
    }
    moved = plan.moved(target)
    row.update(
        judge(row["actual"], target.target, due, book.settings.goals)
        if not falls
        else judge_falling(row["actual"], target.target, due, book.settings.goals, base)
    )
    if moved:
        now = (
            judge(row["actual"], moved.target, due, book.settings.goals)
            if not falls
            else judge_falling(row["actual"], moved.target, due, book.settings.goals, base)
        )
        row["moved"] = _moved(book.fmt, moved, now, row["unit"])
    left = book.calendar.working_days(book.as_of + timedelta(days=1), target.period.last.end)
    row.update(gap(row, len(left)))
    ahead = target.period.last - book.month
    return {
        **row,
        **(
            projection(met.history(target.metric, members), row, ahead)
            if additive and not actual.why
            else nothing()
        ),
    }


def _year(book: Book, plan: Plan, met: Reached) -> pd.DataFrame:
    """Cumulative plan, actual and forecast of the company's sales in the fiscal year; empty without
    its target.
    """
    first, last = book.fiscal_year
    target = plan.get("sales", (), first, last)
    history = met.history("sales", {})
    if target is None or not len(history):
        return pd.DataFrame()
    curve = plan.curve(target, history)
    actual = np.cumsum(
        [float(history.get(month, 0.0)) for month in curve.months if month <= book.month]
    )
    made = forecast(history, last - book.month)
    frame = pd.DataFrame({"month": curve.months, "plan": np.cumsum(curve.shares) * target.target})
    frame["actual"] = pd.Series(actual).reindex(range(len(frame)))
    return frame.join(_fan(made, actual[-1], len(actual), len(frame)))


def _fan(made: Forecast | None, done: float, known: int, length: int) -> pd.DataFrame:
    fan = pd.DataFrame(np.nan, index=range(length), columns=["low", "middle", "high"])
    if made is not None:
        fan.loc[known - 1] = done
        totals = done + made.paths.cumsum(axis=1)
        for i in range(totals.shape[1]):
            fan.loc[known + i] = band(totals[:, i])
    return fan
