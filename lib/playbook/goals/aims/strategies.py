"""The strategy sheet: what each strategy wants, by which lever, what it cost, and which milestones
stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pandas as pd

from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.periods import Calendar, Month
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures import work
from playbook.goals.actions import soon
from playbook.goals.actuals import Reached
from playbook.goals.track.tracking import metric_label
from playbook.page import Action, Col, Result, Table, Worksheet, section, table
from playbook.page.blocks import Cell, Tone
from playbook.page.kpi import Kpi

from .spend import Spend, spend_of

SHORT = 0.5  # share of the expected change below which a strategy is put to a decision


@dataclass(frozen=True)
class Strategies(Result):
    """table: strategy, goal, lever, owner, start, due, budget, spent, used, elapsed, done,
    milestones, late, state, spend (Spend), return_ (ratio); milestones: strategy, milestone, due,
    done, state.
    """

    section: ClassVar[str] = "strategies"
    fmt: Formats
    as_of: date
    calendar: Calendar
    settings: GoalSettings
    table: pd.DataFrame
    milestones: pd.DataFrame
    running: tuple[str, ...]

    def tables(self) -> list[Table]:
        rows = self.table.assign(
            steps=[
                f"{d} of {m}"
                for d, m in zip(self.table["done"], self.table["milestones"], strict=True)
            ]
        )
        columns = [
            Col("strategy", weight=2),
            Col("goal", label="Goal", weight=3),
            Col("lever"),
            Col("owner"),
            Col("due", "date"),
            Col("steps", label="Milestones"),
            Col("elapsed", "share", "Time gone", decimals=0),
            Col("state", label="State", tone=_tone),
        ]
        open_ = self.milestones[self.milestones["state"] != "met"]
        second = (
            [
                table(
                    open_,
                    [
                        Col("strategy", weight=2),
                        Col("milestone", weight=2),
                        Col("due", "date"),
                        Col("state", label="State", tone=_tone),
                    ],
                    self.fmt,
                    title="Milestones not met",
                )
            ]
            if len(open_)
            else []
        )
        return [
            table(
                rows,
                columns,
                self.fmt,
                title="Strategies",
                note=(
                    "levers: product, price, channel, promotion · as of"
                    f" {self.fmt.text(self.as_of, 'date')}"
                ),
            ),
            *second,
            *self._returns(),
        ]

    def _returns(self) -> list[Table]:
        """Spent, expected and measured, one line per strategy."""
        if not self.table[["budget", "spent", "indicator"]].notna().any(axis=None):
            return []
        head = (
            "Strategy",
            "Budget",
            "Spent",
            "Indicator",
            "Year before",
            "Now",
            "Change",
            "Expected",
            "Reached of it",
            "A unit cost",
            "Gross profit",
            "Return",
        )
        rows = tuple(self._return_cells(row) for row in self.table.to_dict("records"))
        return [
            Table(
                "What the spend brought",
                head,
                rows,
                "lrrlrrrrrrrr",
                "indicator: the strategy's whole months so far against the same months a year"
                " before · change with its 95 % interval (Newcombe) where it is a rate · expected:"
                " the change named in the sheet · a unit: one point of a rate, one day, customer or"
                " order · gross profit of the change, at the span's average order or win · return:"
                " gross profit ÷ spent, cut line 1 · – : not measured or not tied to money",
                weights=(2.0, *[0.0] * 11),
            )
        ]

    def _return_cells(self, row: dict[str, Any]) -> tuple[Cell, ...]:
        fmt, spend = self.fmt, row["spend"]
        unit = "pp" if spend.unit == "share" else spend.unit
        change = fmt.text(spend.gain, unit, sign=True) + (
            f" [{fmt.interval(spend.low, spend.high, 'pp')}]" if spend.low is not None else ""
        )
        back = row["return_"]
        return (
            Cell(row["strategy"]),
            Cell(fmt.money(row["budget"])),
            Cell(fmt.money(row["spent"])),
            Cell(metric_label(spend.indicator) if spend.indicator else fmt.text(None)),
            Cell(fmt.text(spend.before, spend.unit)),
            Cell(fmt.text(spend.now, spend.unit)),
            Cell(change),
            Cell(fmt.text(spend.expected, unit, sign=True)),
            Cell(fmt.share(spend.of_expected(), decimals=0)),
            Cell(fmt.money(spend.a_unit(row["spent"]))),
            Cell(fmt.money(spend.worth)),
            Cell(
                fmt.text(back, "ratio"), "" if is_missing(back) else "good" if back >= 1 else "bad"
            ),
        )

    def reading(self) -> str:
        late = self.table[self.table["late"] > 0]
        text = (
            f"{plural(len(self.running), 'strategy runs', 'strategies run')} now;"
            f" {plural(int(self.table['done'].sum()), 'milestone')} of"
            f" {int(self.table['milestones'].sum())} met."
        )
        if len(self.running) > self.settings.most_strategies:
            text += (
                f" That is more than the {self.settings.most_strategies} a team can carry at once:"
                f" {listing(list(self.running), 5)}."
            )
        return (
            text
            + (f" Late: {listing(list(late['strategy']), 3)}." if len(late) else "")
            + self._told()
        )

    def _told(self) -> str:
        """What came back for the spend, in one sentence."""
        known = [
            (row["strategy"], row["spend"].of_expected(), row["return_"])
            for row in self.table.to_dict("records")
            if row["spend"].of_expected() is not None
        ]
        said = [
            f"{name} reached {self.fmt.share(share, decimals=0)} of its expected change"
            + ("" if is_missing(back) else f", {self.fmt.text(back, 'ratio')} its spend")
            for name, share, back in known
        ]
        return f" {'; '.join(said)}." if said else ""

    def headline(self) -> str:
        return (
            f"{plural(len(self.table), 'strategy', 'strategies')}, {len(self.running)} running,"
            f" {int(self.table['late'].sum())} milestones late."
        )

    def notes(self) -> list[str]:
        crowded = [f"{self.fmt.text(Month.of(day), 'month')}: {n}" for day, n in self._crowded()]
        told = (
            [
                f"Months with more than {self.settings.most_strategies} strategies at once:"
                f" {listing(crowded, 6)}."
            ]
            if crowded
            else []
        )
        unknown = [
            f"{row['strategy']}: {row['spend'].why}"
            for row in self.table.to_dict("records")
            if row["spend"].why
        ]
        told += [f"Not measured: {'; '.join(unknown)}."] if unknown else []
        return [
            *told,
            (
                "Before against after, nothing else held equal: the whole change of the indicator"
                " is credited to the strategy, and two strategies with one indicator both claim it."
                " Read the return as what the strategy can have brought at most."
            ),
        ]

    def kpis(self) -> list[Kpi]:
        window = "all"
        return [
            kpi
            for row in self.table.to_dict("records")
            for kpi in (
                Kpi(
                    "strategy.spent",
                    window,
                    None if is_missing(row["spent"]) else row["spent"],
                    self.fmt.currency,
                    {"strategy": row["strategy"]},
                    why="no spend is given",
                ),
                Kpi(
                    "strategy.return",
                    window,
                    None if is_missing(row["return_"]) else row["return_"],
                    "ratio",
                    {"strategy": row["strategy"]},
                    numerator=row["spend"].worth,
                    denominator=None if is_missing(row["spent"]) else row["spent"],
                    why=row["spend"].why or "the indicator is not tied to money",
                ),
            )
        ]

    def _crowded(self) -> list[tuple[pd.Timestamp, int]]:
        known = self.table.dropna(subset=["start", "due"])
        if known.empty:
            return []
        months = pd.period_range(min(known["start"]), max(known["due"]), freq="M")
        counts = [
            (
                m.to_timestamp(),
                sum(
                    s <= m.end_time.date() and d >= m.start_time.date()
                    for s, d in zip(known["start"], known["due"], strict=True)
                ),
            )
            for m in months
        ]
        return [(m, n) for m, n in counts if n > self.settings.most_strategies]

    def actions(self) -> list[Action]:
        due = soon(self.as_of, self.calendar)
        owners = dict(zip(self.table["strategy"], self.table["owner"], strict=True))
        late = [
            Action(
                f"Bring in the milestone '{row['milestone']}' of {row['strategy']}, or close it",
                owners.get(row["strategy"], ""),
                due,
                f"due {self.fmt.text(row['due'], 'date')}",
                None,
            )
            for row in self.milestones[self.milestones["state"] == "late"].to_dict("records")
        ]
        late += [
            Action(
                f"Stop, change or go on with {row['strategy']}:"
                f" {self.fmt.share(row['spend'].of_expected(), decimals=0)} of the expected change",
                row["owner"],
                due,
                f"{self.fmt.money(row['spent'])} spent",
                None if is_missing(row["spent"]) else row["spent"],
            )
            for row in self.table.to_dict("records")
            if row["spend"].of_expected() is not None and row["spend"].of_expected() < SHORT
        ]
        if len(self.running) > self.settings.most_strategies:
            late.append(
                Action(
                    f"Choose at most {self.settings.most_strategies} strategies and pause the"
                    " others",
                    "sales director",
                    due,
                    f"{len(self.running)} run at once",
                    None,
                )
            )
        return late

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("strategy", "Strategy", "text"),
            ("milestone", "Milestone", "text"),
            ("due", "Due", "date"),
            ("done", "Done on", "date"),
            ("state", "State", "text"),
        )
        return [
            Worksheet(
                "Strategy milestones",
                keys,
                tuple(
                    tuple(None if is_missing(r[k]) else r[k] for k, _, _ in keys)
                    for r in self.milestones.to_dict("records")
                ),
            )
        ]


def _tone(row: dict[str, Any]) -> Tone:
    return {
        "met": "good",
        "on course": "good",
        "done": "good",
        "late": "bad",
        "over budget": "bad",
        "ended short": "bad",
        "open": "muted",
    }.get(row["state"], "")  # type: ignore[return-value]


@section("strategies")
def strategies(book: Book) -> Strategies:
    """Strategies begun by the as-of date, each with its milestones."""
    rows = work.strategy_rows(book)
    steps = rows.dropna(subset=["milestone"]) if "milestone" in rows else rows.iloc[:0]
    milestones = pd.DataFrame(
        [
            (
                r["strategy"],
                r["milestone"],
                r["milestone_due"],
                r["milestone_done"],
                _state(r, book.as_of),
            )
            for r in steps.to_dict("records")
        ],
        columns=["strategy", "milestone", "due", "done", "state"],
    )
    met = Reached(book)
    frame = pd.DataFrame(
        [
            _strategy(
                mine,
                milestones[milestones["strategy"] == name],
                book.as_of,
                spend_of(book, met, mine.iloc[0].to_dict()),
            )
            for name, mine in rows.groupby("strategy", sort=True)
        ]
    )
    running = tuple(
        r["strategy"]
        for r in frame.to_dict("records")
        if (is_missing(r["due"]) or r["due"] >= book.as_of) and r["state"] != "done"
    )
    return Strategies(
        book.fmt, book.as_of, book.calendar, book.settings.goals, frame, milestones, running
    )


def _state(row: dict[str, Any], as_of: date) -> str:
    if not is_missing(row["milestone_done"]):
        return "met"
    return (
        "late" if not is_missing(row["milestone_due"]) and row["milestone_due"] <= as_of else "open"
    )


def _strategy(rows: pd.DataFrame, steps: pd.DataFrame, as_of: date, spend: Spend) -> dict[str, Any]:
    """One line per strategy from its milestone rows."""
    head = rows.iloc[0].to_dict()
    done, late = int((steps["state"] == "met").sum()), int((steps["state"] == "late").sum())
    start, due = head["start"], head["due"]
    length = (due - start).days if not is_missing(start) and not is_missing(due) else 0
    used = (
        head["spent"] / head["budget"]
        if not is_missing(head["budget"]) and head["budget"] and not is_missing(head["spent"])
        else None
    )
    elapsed = min(1.0, max(0.0, (as_of - start).days / length)) if length > 0 else None
    over = not is_missing(due) and due < as_of
    state = (
        "done"
        if len(steps) and done == len(steps)
        else (
            "over budget"
            if used is not None and used > 1
            else "ended short"
            if over
            else "late"
            if late
            else "on course"
        )
    )
    return {
        **{
            k: head[k]
            for k in (
                "strategy",
                "goal",
                "lever",
                "owner",
                "start",
                "due",
                "budget",
                "spent",
                "expected",
                "indicator",
            )
        },
        "used": used,
        "elapsed": elapsed,
        "done": done,
        "milestones": len(steps),
        "late": late,
        "state": state,
        "spend": spend,
        "return_": spend.returned(head["spent"]),
    }
