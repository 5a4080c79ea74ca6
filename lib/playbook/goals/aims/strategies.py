"""The strategy sheet: what each strategy wants, by which lever, what it cost, and which milestones
stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.formats import Formats, is_missing, joined, listing, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Calendar, Month
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures import as_given
from playbook.data.measures.profit import margins
from playbook.goals.actuals import Actuals
from playbook.goals.due_dates import soon
from playbook.goals.illustrations import is_set
from playbook.page import Action, Col, Result, Table, Worksheet, section, table
from playbook.page.blocks import Tone
from playbook.page.kpi import Kpi

from .resources import beyond_plan_sentence, overspent_sentence, resource_kpis, resources_tables
from .spend import spend_of
from .spend_table import reached_sentence, return_tables
from .strategy_actions import strategy_actions
from .strategy_rows import (
    DONE,
    StrategyMilestones,
    StrategySheet,
    crowded_months,
    milestone_state,
    strategy_row,
)

LEVERS = later(("product", "price", "channel", "promotion"))


@dataclass(frozen=True)
class Strategies(Result):
    """Strategies with what they cost and brought. running: names of those that run now."""

    section: ClassVar[str] = "strategies"
    fmt: Formats
    as_of: date
    calendar: Calendar
    settings: GoalSettings
    table: Annotated[pd.DataFrame, StrategySheet]
    milestones: Annotated[pd.DataFrame, StrategyMilestones]
    running: tuple[str, ...]
    basis: str  # what gross profit rests on, in words

    def tables(self) -> list[Table]:
        rows = self.table.assign(
            steps=[
                say("{done} of {all}", done=d, all=m)
                for d, m in zip(self.table["done"], self.table["milestones"], strict=True)
            ]
        )
        rows["shown"] = [
            say(state, context="strategy") if state == DONE else term(state)
            for state in rows["state"]
        ]
        columns = [
            Col("strategy", weight=2),
            Col("goal", label="Goal", weight=3),
            Col("lever", "term"),
            Col("owner"),
            Col("due", "date"),
            Col("steps", label="Milestones"),
            Col("elapsed", "share", "Time gone", decimals=0),
            Col("shown", label="State", tone=_tone),
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
                        Col("state", "term", "State", tone=_tone),
                    ],
                    self.fmt,
                    title=say("Milestones not met"),
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
                title=say("Strategies"),
                note=(
                    say(
                        "levers: product, price, channel, promotion · as of {as_of}",
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            ),
            *second,
            *resources_tables(self.table, self.fmt),
            *return_tables(self.table, self.basis, self.fmt),
        ]

    def reading(self) -> str:
        late = self.table[self.table["late"] > 0]
        text = say(
            "{strategies} {en_run} now; {done} of {all} met.",
            strategies=plural(len(self.running), "strategy", "strategies"),
            en_run="runs" if len(self.running) == 1 else "run",
            done=plural(int(self.table["done"].sum()), "milestone"),
            all=int(self.table["milestones"].sum()),
        )
        if self._too_many():
            text += say(
                " That is more than the {most_strategies} a team can carry at once: {running}.",
                most_strategies=self.settings.most_strategies,
                running=listing(list(self.running), 5),
            )
        return (
            text
            + (
                say(" Late: {strategy}.", strategy=listing(list(late["strategy"]), 3))
                if len(late)
                else ""
            )
            + overspent_sentence(self.table, self.fmt)
            + beyond_plan_sentence(self.table, self.fmt)
            + reached_sentence(self.table, self.fmt)
        )

    def _too_many(self) -> bool:
        """Whether more strategies run than the book says the team can carry; it may say nothing."""
        limit = is_set(self.settings, "most_strategies")
        return limit and len(self.running) > self.settings.most_strategies

    def headline(self) -> str:
        return say(
            "{strategies}, {n} running, {milestones} late.",
            strategies=plural(len(self.table), "strategy", "strategies"),
            n=len(self.running),
            milestones=plural(int(self.table["late"].sum()), "milestone"),
        )

    def notes(self) -> list[str]:
        found, most = [], self.settings.most_strategies
        crowded = [
            say("{month}: {n}", month=self.fmt.text(Month.of(day), "month"), n=n)
            for day, n in crowded_months(self.table, most)
        ]
        if crowded and is_set(self.settings, "most_strategies"):
            months = listing(crowded, 6)
            found.append(
                say(
                    "Months with more than {most} strategies at once: {months}.",
                    most=most,
                    months=months,
                )
            )
        unknown = [
            say("{strategy}: {why}", strategy=row["strategy"], why=row["spend"].why)
            for row in self.table.to_dict("records")
            if row["spend"].why
        ]
        if unknown:
            found.append(say("Not measured: {unknown}.", unknown=joined(unknown, "; ")))
        return [
            *found,
            say(
                "Before against after, nothing else held equal: the whole change of"
                " the indicator is credited to the strategy, and two strategies with"
                " one indicator both claim it. Read the return as what the strategy"
                " can have brought at most."
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
                    why=say("no spend is given"),
                ),
                Kpi(
                    "strategy.return",
                    window,
                    None if is_missing(row["return_"]) else row["return_"],
                    "ratio",
                    {"strategy": row["strategy"]},
                    numerator=row["spend"].worth,
                    denominator=None if is_missing(row["spent"]) else row["spent"],
                    method="at most: all of the indicator's change credited to the strategy",
                    why=row["spend"].why or row["spend"].no_return(),
                ),
                *resource_kpis(row, window),
            )
        ]

    def actions(self) -> list[Action]:
        most = self.settings.most_strategies if self._too_many() else None
        return strategy_actions(
            self.table, self.milestones, soon(self.as_of, self.calendar), most, self.as_of, self.fmt
        )

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("strategy", say("Strategy"), "text"),
            ("milestone", say("Milestone"), "text"),
            ("due", say("Due"), "date"),
            ("done", say("Done on"), "date"),
            ("state", say("State"), "term"),
        )
        return [
            Worksheet(
                say("Strategy milestones"),
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
        "over plan": "bad",
        "ended short": "bad",
        "open": "muted",
    }.get(row["state"], "")  # type: ignore[return-value]


@section("strategies")
def strategies(book: Book) -> Strategies:
    """Strategies begun by the as-of date, each with its milestones."""
    rows = as_given.strategy_rows(book)
    steps = rows.dropna(subset=["milestone"]) if "milestone" in rows else rows.iloc[:0]
    milestones = StrategyMilestones.make(
        {
            "strategy": r["strategy"],
            "milestone": r["milestone"],
            "due": r["milestone_due"],
            "done": r["milestone_done"],
            "state": milestone_state(r, book.as_of),
        }
        for r in steps.to_dict("records")
    )
    actuals = Actuals(book)
    frame = StrategySheet.make(
        [
            strategy_row(
                mine,
                milestones[milestones["strategy"] == name],
                book.as_of,
                spend_of(book, actuals, mine.iloc[0].to_dict()),
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
        book.fmt,
        book.as_of,
        book.calendar,
        book.settings.goals,
        frame,
        milestones,
        running,
        margins(book).note(0.0, book.fmt),
    )
