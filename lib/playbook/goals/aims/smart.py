"""Five questions to every goal: specific, measurable, achievable, relevant, time-bound; each
answered with the reason and what to add.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.contracts import (
    Frame,
    text,
    thing,
)
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, joined, listing, plural
from playbook.base.language import english, later, say
from playbook.base.periods import Calendar
from playbook.data.book import Book
from playbook.goals.actuals import TRACKED, Actuals
from playbook.goals.due_dates import soon
from playbook.goals.labels import has_left, metric_label, named, period_name
from playbook.goals.track.tracking import Tracking
from playbook.page import Action, Result, Table, Worksheet, section
from playbook.page.blocks import Cell, Tone

from .links import linked_metrics, unlinked_objectives
from .objectives import Objectives
from .verdicts import COUNTS, Verdict, judge_goal, reasons, shown
from .visit_pace import visit_pace

SHOWN = 12
MARK = later({True: "yes", False: "no", None: "not known"})


class SmartGoals(Frame):
    """One row per goal: key results, and the year's targets above people."""

    goal = text("the goal in words")
    listed = text("the goal in English words, by which goals are listed")
    owner = text("who answers for it, or empty")
    specific = thing("Verdict: it has a metric, someone or something it is for, and an owner")
    measurable = thing("Verdict: it has a target, a unit, a baseline and a source")
    achievable = thing("Verdict: its chance or confidence, and the visits it takes")
    relevant = thing("Verdict: it serves an objective of the company, or is its result")
    time_bound = thing("Verdict: it has a start and a due date after it")
    why = text("why the counts that fail do")
    missing = text("what to add or decide")


@dataclass(frozen=True)
class Smart(Result):
    """Five verdicts on every goal, with the reasons and what to add."""

    section: ClassVar[str] = "smart"
    fmt: Formats
    as_of: date
    calendar: Calendar
    table: Annotated[pd.DataFrame, SmartGoals]

    def tables(self) -> list[Table]:
        head = (
            say("Goal"),
            *(shown(count).capitalize() for count in COUNTS),
            say("Why"),
            say("What to add or decide"),
        )
        order = self.table.assign(
            open=[
                sum(row[c].passed is not True for c in COUNTS)
                for row in self.table.to_dict("records")
            ]
        ).sort_values(["open", "listed"], ascending=[False, True], kind="stable")
        order = order[
            [any(row[c].passed is not True for c in COUNTS) for row in order.to_dict("records")]
        ]
        rows = tuple(
            (
                Cell(row["goal"]),
                *(self._cell(row[c]) for c in COUNTS),
                Cell(row["why"]),
                Cell(row["missing"] or say("nothing")),
            )
            for row in order.head(SHOWN).to_dict("records")
        )
        if not rows:
            return []
        more = (
            say(" · first {shown} of {n}, all in the worksheet", shown=SHOWN, n=len(order))
            if len(order) > SHOWN
            else ""
        )
        return [
            Table(
                say("Goals that do not pass all five counts"),
                head,
                rows,
                "lcccccll",
                say(
                    "specific: metric, whom it is for, owner · measurable: target,"
                    " baseline or history, unit, source · achievable: chance or"
                    " confidence, and the visits it takes · relevant: serves an"
                    " objective of the company, or is its result · time-bound: start and"
                    " due"
                )
                + more,
                weights=(3.0, 0, 0, 0, 0, 0, 3.0, 3.0),
            )
        ]

    def _cell(self, verdict: Verdict) -> Cell:
        tones: dict[bool | None, Tone] = {True: "good", False: "bad", None: "muted"}
        return Cell(say(MARK[verdict.passed]), tones[verdict.passed])

    def reading(self) -> str:
        full = sum(all(row[c].passed for c in COUNTS) for row in self.table.to_dict("records"))
        fails = {
            c: sum(row[c].passed is False for row in self.table.to_dict("records")) for c in COUNTS
        }
        text = say(
            "{full} of {goals} {en_pass} all five counts.",
            full=full,
            goals=plural(len(self.table), "goal"),
            en_pass="passes" if full == 1 else "pass",
        )
        worst = [
            say("{count} ({n})", count=shown(c), n=n)
            for c, n in sorted(fails.items(), key=lambda x: (-x[1], COUNTS.index(x[0])))
            if n
        ]
        return text + (
            say(" Most often failed: {worst}.", worst=listing(worst, 3)) if worst else ""
        )

    def headline(self) -> str:
        full = sum(all(row[c].passed for c in COUNTS) for row in self.table.to_dict("records"))
        return say(
            "SMART: {full} of {goals} {en_pass} all five counts.",
            full=full,
            goals=plural(len(self.table), "goal"),
            en_pass="passes" if full == 1 else "pass",
        )

    def worksheets(self) -> list[Worksheet]:
        columns = (
            ("goal", say("Goal"), "text"),
            ("owner", say("Owner"), "text"),
            *((english(shown(c)), shown(c).capitalize(), "term") for c in COUNTS),
            ("missing", say("What to add or decide"), "text"),
        )
        return [
            Worksheet(
                say("SMART check"),
                columns,
                tuple(
                    (r["goal"], r["owner"], *(MARK[r[c].passed] for c in COUNTS), r["missing"])
                    for r in self.table.to_dict("records")
                ),
            )
        ]

    def actions(self) -> list[Action]:
        due = soon(self.as_of, self.calendar)
        return [
            Action(
                say(
                    "Complete the goal '{goal}': {missing}",
                    goal=row["goal"],
                    missing=row["missing"],
                ),
                row["owner"],
                due,
                say("a goal that is not complete cannot be followed"),
                None,
            )
            for row in self.table.to_dict("records")
            if any(
                row[c].passed is False for c in ("specific", "measurable", "relevant", "time_bound")
            )
        ]


@section("smart")
def smart(
    book: Book, tracked: Tracking | Result | None = None, tree: Objectives | Result | None = None
) -> Smart:
    """The SMART check of every key result and of the year's targets above people."""
    actuals = Actuals(book)
    rows = [*_key_results(book, actuals, tree), *_targets(book, actuals, tracked, tree)]
    if not rows:
        raise NotAvailable(
            {
                "key_results": ("objective", "key_result", "target", "due"),
                "targets": ("period", "metric", "target"),
            },
            gives=say("the SMART check of each goal"),
        )
    return Smart(book.fmt, book.as_of, book.calendar, SmartGoals.make(rows))


def _key_results(book: Book, actuals: Actuals, tree: Any) -> list[dict[str, Any]]:
    if not isinstance(tree, Objectives):
        return []
    rows, unlinked = [], unlinked_objectives(tree)
    for row in tree.results.to_dict("records"):
        reached, missed = row["state"] == "reached", row["state"] == "missed"
        rest = None if is_missing(row["value"]) else row["target"] - row["value"]
        goal = {
            **row,
            "subject": row["objective"],
            "serves": row["objective"],
            "unlinked": unlinked.get(row["objective"], ""),
            "visits": (
                visit_pace(book, actuals, row["metric"], rest, row["due"])
                if row["level"] == "company"
                else None
            ),
            "source": "" if is_missing(row["last"]) else "check-ins",
            "chance": 1.0 if reached else 0.0 if missed else row["confidence"],
            "chance_of": (
                say("reached already, chance")
                if reached
                else say("missed at its due date")
                if missed
                else say("confidence of the last check-in")
            ),
            **({"remedy": say("close it, or renew it with a new date")} if missed else {}),
        }
        rows.append(_line(row["key_result"], row["owner"], goal))
    return rows


def _targets(book: Book, actuals: Actuals, tracked: Any, tree: Any) -> list[dict[str, Any]]:
    if not isinstance(tracked, Tracking):
        return []
    first, last = book.fiscal_year
    linked, rows = linked_metrics(book, tree), []
    year = tracked.table[tracked.table["window"] == "year_to_date"]
    for row in year.to_dict("records"):
        if any(key == "rep" for key, _ in row["members"]):
            continue
        history = row["metric"] in TRACKED and row["status"] != "not measured"
        goal = {
            "metric": row["metric"],
            "target": row["target"] or None,
            "unit": row["unit"],
            "baseline": 0.0 if history else None,
            "owner": "" if has_left(row["owner"]) else row["owner"],
            "subject": row["label"],
            "source": say("orders and deals") if history else "",
            "chance": row["chance"],
            "chance_of": say("chance on today's course"),
            "serves": say("the company's result"),
            "unlinked": (
                say("no objective or strategy of the book names this metric")
                if linked is not None and row["metric"] not in linked
                else ""
            ),
            "visits": (
                None
                if row["members"]
                else visit_pace(book, actuals, row["metric"], row["gap"], last.end)
            ),
            "start": first.start,
            "due": last.end,
        }
        rows.append(
            _line(
                say(
                    "{metric} {period}, {named}",
                    metric=metric_label(row["metric"]),
                    period=period_name(row["period"]),
                    named=named(row),
                ),
                row["owner"],
                goal,
            )
        )
    return rows


def _line(name: str, owner: Any, goal: dict[str, Any]) -> dict[str, Any]:
    verdicts = judge_goal(goal)
    add = joined(
        dict.fromkeys(v.add for v in verdicts.values() if v.passed is not True and v.add), "; "
    )
    return {
        "goal": name,
        "listed": english(name),
        "owner": "" if is_missing(owner) else owner,
        **verdicts,
        "why": reasons(verdicts),
        "missing": add,
    }
