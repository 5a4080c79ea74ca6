"""The strategy sheet: what each strategy wants, by which lever, what it cost, and which milestones stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pandas as pd

from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.periods import Calendar
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures import work
from playbook.page import Action, Col, Result, Table, Worksheet, section, table
from playbook.page.blocks import Tone

from .actions import soon


@dataclass(frozen=True)
class Strategies(Result):
    """table: strategy, goal, lever, owner, start, due, budget, spent, used, elapsed, done, milestones, late, state, return_; milestones: strategy, milestone, due, done, state."""

    section: ClassVar[str] = "strategies"
    fmt: Formats
    as_of: date
    calendar: Calendar
    settings: GoalSettings
    table: pd.DataFrame
    milestones: pd.DataFrame
    running: tuple[str, ...]

    def tables(self) -> list[Table]:
        rows = self.table.assign(steps=[f"{d} of {m}" for d, m in zip(self.table["done"], self.table["milestones"], strict=True)])
        columns = [Col("strategy", weight=2), Col("goal", label="Goal", weight=2), Col("lever"), Col("owner"), Col("due", "date"), Col("steps", label="Milestones met"), Col("elapsed", "share", "Time gone", decimals=0),
                   Col("budget", "money", "Budget"), Col("used", "share", "Spent", decimals=0), Col("expected", label="Expected effect", weight=2), Col("state", label="State", tone=_tone)]
        open_ = self.milestones[self.milestones["state"] != "met"]
        second = [table(open_, [Col("strategy", weight=2), Col("milestone", weight=2), Col("due", "date"), Col("state", label="State", tone=_tone)], self.fmt, title="Milestones not met")] if len(open_) else []
        return [table(rows, columns, self.fmt, title="Strategies", note=f"levers: product, price, channel, promotion · as of {self.fmt.text(self.as_of, 'date')}"), *second]

    def reading(self) -> str:
        late = self.table[self.table["late"] > 0]
        text = f"{plural(len(self.running), 'strategy runs', 'strategies run')} now; {plural(int(self.table['done'].sum()), 'milestone')} of {int(self.table['milestones'].sum())} met."
        if len(self.running) > self.settings.most_strategies:
            text += f" That is more than the {self.settings.most_strategies} a team can carry at once: {listing(list(self.running), 5)}."
        return text + (f" Late: {listing(list(late['strategy']), 3)}." if len(late) else "")

    def headline(self) -> str:
        return f"{plural(len(self.table), 'strategy', 'strategies')}, {len(self.running)} running, {int(self.table['late'].sum())} milestones late."

    def notes(self) -> list[str]:
        crowded = [f"{day:%Y-%m}: {n}" for day, n in self._crowded()]
        told = [f"Months with more than {self.settings.most_strategies} strategies at once: {listing(crowded, 6)}."] if crowded else []
        return [*told, "Return on the spend is left out where the book does not tie sales to a strategy: the expected effect is the owner's own word, to be held against the indicator named."]

    def _crowded(self) -> list[tuple[pd.Timestamp, int]]:
        known = self.table.dropna(subset=["start", "due"])
        if known.empty:
            return []
        months = pd.period_range(min(known["start"]), max(known["due"]), freq="M")
        counts = [(m.to_timestamp(), sum(s <= m.end_time.date() and d >= m.start_time.date() for s, d in zip(known["start"], known["due"], strict=True))) for m in months]
        return [(m, n) for m, n in counts if n > self.settings.most_strategies]

    def actions(self) -> list[Action]:
        due = soon(self.as_of, self.calendar)
        owners = dict(zip(self.table["strategy"], self.table["owner"], strict=True))
        late = [Action(f"Bring in the milestone '{row['milestone']}' of {row['strategy']}, or close it", owners.get(row["strategy"], ""), due, f"due {self.fmt.text(row['due'], 'date')}", None)
                for row in self.milestones[self.milestones["state"] == "late"].to_dict("records")]
        if len(self.running) > self.settings.most_strategies:
            late.append(Action(f"Choose at most {self.settings.most_strategies} strategies and pause the others", "sales director", due, f"{len(self.running)} run at once", None))
        return late

    def worksheets(self) -> list[Worksheet]:
        keys = (("strategy", "Strategy", "text"), ("milestone", "Milestone", "text"), ("due", "Due", "date"), ("done", "Done on", "date"), ("state", "State", "text"))
        return [Worksheet("Strategy milestones", keys, tuple(tuple(None if is_missing(r[k]) else r[k] for k, _, _ in keys) for r in self.milestones.to_dict("records")))]


def _tone(row: dict[str, Any]) -> Tone:
    return {"met": "good", "on course": "good", "done": "good", "late": "bad", "over budget": "bad", "ended short": "bad", "open": "muted"}.get(row["state"], "")  # type: ignore[return-value]


@section("strategies")
def strategies(book: Book) -> Strategies:
    """Strategies begun by the as-of date, each with its milestones."""
    rows = work.strategy_rows(book)
    steps = rows.dropna(subset=["milestone"]) if "milestone" in rows else rows.iloc[:0]
    milestones = pd.DataFrame([(r["strategy"], r["milestone"], r["milestone_due"], r["milestone_done"], _state(r, book.as_of)) for r in steps.to_dict("records")],
                              columns=["strategy", "milestone", "due", "done", "state"])
    frame = pd.DataFrame([_strategy(mine, milestones[milestones["strategy"] == name], book.as_of) for name, mine in rows.groupby("strategy", sort=True)])
    running = tuple(r["strategy"] for r in frame.to_dict("records") if (is_missing(r["due"]) or r["due"] >= book.as_of) and r["state"] != "done")
    return Strategies(book.fmt, book.as_of, book.calendar, book.settings.goals, frame, milestones, running)


def _state(row: dict[str, Any], as_of: date) -> str:
    if not is_missing(row["milestone_done"]):
        return "met"
    return "late" if not is_missing(row["milestone_due"]) and row["milestone_due"] <= as_of else "open"


def _strategy(rows: pd.DataFrame, steps: pd.DataFrame, as_of: date) -> dict[str, Any]:
    """One line per strategy from its milestone rows."""
    head = rows.iloc[0].to_dict()
    done, late = int((steps["state"] == "met").sum()), int((steps["state"] == "late").sum())
    start, due = head["start"], head["due"]
    length = (due - start).days if not is_missing(start) and not is_missing(due) else 0
    used = head["spent"] / head["budget"] if not is_missing(head["budget"]) and head["budget"] and not is_missing(head["spent"]) else None
    elapsed = min(1.0, max(0.0, (as_of - start).days / length)) if length > 0 else None
    over = not is_missing(due) and due < as_of
    state = "done" if len(steps) and done == len(steps) else "over budget" if used is not None and used > 1 else "ended short" if over else "late" if late else "on course"
    return {**{k: head[k] for k in ("strategy", "goal", "lever", "owner", "start", "due", "budget", "spent", "expected", "indicator")}, "used": used, "elapsed": elapsed,
            "done": done, "milestones": len(steps), "late": late, "state": state}
