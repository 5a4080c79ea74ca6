"""Five questions to every goal: specific, measurable, achievable, relevant, time-bound; each
answered with the reason and what to add.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable, ParameterProblem, Problem
from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.periods import Calendar
from playbook.data.book import Book
from playbook.goals.actions import soon
from playbook.goals.actuals import TRACKED
from playbook.goals.track.tracking import Tracking, metric_label, named
from playbook.page import Action, Result, Table, Worksheet, section
from playbook.page.blocks import Cell

from .objectives import Objectives

COUNTS = ("specific", "measurable", "achievable", "relevant", "time-bound")
DOUBTFUL = 0.2  # chance or confidence below which a goal is not called achievable
SHOWN = 12
MARK = {True: "yes", False: "no", None: "not known"}


@dataclass(frozen=True)
class Verdict:
    """One of the five answers: passed (None = cannot be judged), why, and what to add where it is
    not passed.
    """

    passed: bool | None
    why: str
    add: str = ""


@dataclass(frozen=True)
class Smart(Result):
    """table: goal, owner, then per count the verdict and its reason, missing (what to add)."""

    section: ClassVar[str] = "smart"
    fmt: Formats
    as_of: date
    calendar: Calendar
    table: pd.DataFrame

    def tables(self) -> list[Table]:
        head = ("Goal", *(count.capitalize() for count in COUNTS), "Why", "What to add or decide")
        order = self.table.assign(
            open=[
                sum(row[c].passed is not True for c in COUNTS)
                for row in self.table.to_dict("records")
            ]
        ).sort_values(["open", "goal"], ascending=[False, True], kind="stable")
        order = order[
            [any(row[c].passed is not True for c in COUNTS) for row in order.to_dict("records")]
        ]
        rows = tuple(
            (
                Cell(row["goal"]),
                *(self._cell(row[c]) for c in COUNTS),
                Cell(row["why"]),
                Cell(row["missing"] or "nothing"),
            )
            for row in order.head(SHOWN).to_dict("records")
        )
        if not rows:
            return []
        more = (
            f" · first {SHOWN} of {len(order)}, all in the worksheet" if len(order) > SHOWN else ""
        )
        return [
            Table(
                "Goals that do not pass all five counts",
                head,
                rows,
                "lcccccll",
                "specific: metric, whom it is for, owner · measurable: target, baseline or history,"
                " unit, source · achievable: chance or confidence · relevant: serves an objective"
                " or is the company's result · time-bound: start and due" + more,
                weights=(3.0, 0, 0, 0, 0, 0, 3.0, 3.0),
            )
        ]

    def _cell(self, verdict: Verdict) -> Cell:
        return Cell(
            MARK[verdict.passed], {True: "good", False: "bad", None: "muted"}[verdict.passed]
        )  # type: ignore[arg-type]

    def reading(self) -> str:
        full = sum(all(row[c].passed for c in COUNTS) for row in self.table.to_dict("records"))
        fails = {
            c: sum(row[c].passed is False for row in self.table.to_dict("records")) for c in COUNTS
        }
        text = f"{full} of {plural(len(self.table), 'goal')} pass all five counts."
        worst = [
            f"{c} ({n})"
            for c, n in sorted(fails.items(), key=lambda x: (-x[1], COUNTS.index(x[0])))
            if n
        ]
        return text + (f" Most often missing: {listing(worst, 3)}." if worst else "")

    def headline(self) -> str:
        full = sum(all(row[c].passed for c in COUNTS) for row in self.table.to_dict("records"))
        return f"SMART: {full} of {plural(len(self.table), 'goal')} pass all five counts."

    def worksheets(self) -> list[Worksheet]:
        columns = (
            ("goal", "Goal", "text"),
            ("owner", "Owner", "text"),
            *((c, c.capitalize(), "text") for c in COUNTS),
            ("missing", "What to add or decide", "text"),
        )
        return [
            Worksheet(
                "SMART check",
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
                f"Complete the goal '{row['goal']}': {row['missing']}",
                row["owner"],
                due,
                "a goal that is not complete cannot be followed",
                None,
            )
            for row in self.table.to_dict("records")
            if any(
                row[c].passed is False for c in ("specific", "measurable", "relevant", "time-bound")
            )
        ]


def reasons(verdicts: Mapping[str, Verdict]) -> str:
    """Why the counts that fail do."""
    return "; ".join(
        f"{count}: {verdicts[count].why}" for count in COUNTS if verdicts[count].passed is False
    )


def judge_goal(goal: Mapping[str, Any]) -> dict[str, Verdict]:
    """The five verdicts of one goal.

    goal: metric, target, unit, baseline, owner, subject (whom or what it is for), source (where the
    number comes from), chance [share or None],
    chance_of (what the chance is, in words), serves (objective it is linked to), start, due. Absent
    keys count as missing.
    """

    def missing(*names: str) -> list[str]:
        return [
            name
            for name in names
            if is_missing(goal.get(name)) or str(goal.get(name)).strip() == ""
        ]

    found = {
        "specific": _complete(missing("metric", "subject", "owner")),
        "measurable": _complete(missing("target", "unit", "baseline", "source")),
        "relevant": _complete(missing("serves")),
        "time-bound": _complete(missing("start", "due")),
    }
    if not missing("start", "due") and goal["start"] >= goal["due"]:
        found["time-bound"] = Verdict(
            False, "it is due before it starts", "a due date after the start"
        )
    if (
        goal.get("baseline") is not None
        and not missing("target", "baseline")
        and float(goal["baseline"]) == float(goal["target"])
    ):
        found["measurable"] = Verdict(
            False,
            "the target equals the baseline: nothing is to change",
            "a target that differs from the baseline",
        )
    found["achievable"] = _achievable(goal)
    return {count: found[count] for count in COUNTS}


def _achievable(goal: Mapping[str, Any]) -> Verdict:
    """By the chance where one is known; a goal already missed says so."""
    chance, told = goal.get("chance"), goal.get("chance_of", "chance")
    if is_missing(chance):
        return Verdict(None, f"no {told} is known", "a history or a confidence")
    share = Formats().share(float(chance), decimals=0)  # type: ignore[arg-type]
    if float(chance) >= DOUBTFUL:  # type: ignore[arg-type]
        return Verdict(True, f"{told} {share}")
    return (
        Verdict(False, told, goal["remedy"])
        if "remedy" in goal
        else Verdict(False, f"{told} only {share}", "more means, or a lower target")
    )


def _complete(missing: list[str]) -> Verdict:
    return (
        Verdict(False, f"no {listing(missing, 5)}", listing(missing, 5))
        if missing
        else Verdict(True, "complete")
    )


def check_goal(text: str, **goal: Any) -> dict[str, Verdict]:
    """Verdicts of a goal told in words; a vague one ("lift sales") is refused with what is missing.

    Raises ParameterProblem when it has no metric, no target or no due date: such a sentence cannot
    be followed at all.
    """
    verdicts = judge_goal(goal)
    essential = [name for name in ("metric", "target", "due") if is_missing(goal.get(name))]
    if essential:
        add = [verdict.add for verdict in verdicts.values() if verdict.passed is False]
        raise ParameterProblem(
            Problem(
                found=f"the goal '{text}' has no {listing(essential, 3)}",
                expected="a metric, a target and a due date",
                try_=(
                    f"add {', '.join(add)}; for example +20 customers a quarter by 31 March, from 5"
                    " visits a week, 3 of them into negotiation"
                ),
            )
        )
    return verdicts


@section("smart")
def smart(
    book: Book, tracked: Tracking | Result | None = None, tree: Objectives | Result | None = None
) -> Smart:
    """The SMART check of every key result and of the year's targets above people."""
    rows = [*_key_results(tree), *_targets(book, tracked)]
    if not rows:
        raise NotAvailable(
            {
                "key_results": ("objective", "key_result", "target", "due"),
                "targets": ("period", "metric", "target"),
            },
            gives="the SMART check of each goal",
        )
    return Smart(book.fmt, book.as_of, book.calendar, pd.DataFrame(rows))


def _key_results(tree: Any) -> list[dict[str, Any]]:
    if not isinstance(tree, Objectives):
        return []
    rows = []
    for row in tree.results.to_dict("records"):
        reached, missed = row["state"] == "reached", row["state"] == "missed"
        goal = {
            **row,
            "subject": row["objective"],
            "serves": row["objective"],
            "source": "" if is_missing(row["last"]) else "check-ins",
            "chance": 1.0 if reached else 0.0 if missed else row["confidence"],
            "chance_of": (
                "reached already, chance"
                if reached
                else "missed at its due date"
                if missed
                else "confidence of the last check-in"
            ),
            **({"remedy": "close it, or renew it with a new date"} if missed else {}),
        }
        rows.append(_line(row["key_result"], row["owner"], goal))
    return rows


def _targets(book: Book, tracked: Any) -> list[dict[str, Any]]:
    if not isinstance(tracked, Tracking):
        return []
    first, last = book.fiscal_year
    rows = []
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
            "owner": "" if row["owner"].endswith("(has left)") else row["owner"],
            "subject": row["label"],
            "source": "orders and deals" if history else "",
            "chance": row["chance"],
            "chance_of": "chance on today's course",
            "serves": "the company's result",
            "start": first.start,
            "due": last.end,
        }
        rows.append(
            _line(
                f"{metric_label(row['metric'])} {row['period']}, {named(row)}", row["owner"], goal
            )
        )
    return rows


def _line(name: str, owner: Any, goal: dict[str, Any]) -> dict[str, Any]:
    verdicts = judge_goal(goal)
    add = listing(
        list(dict.fromkeys(v.add for v in verdicts.values() if v.passed is not True and v.add)), 6
    )
    return {
        "goal": name,
        "owner": "" if is_missing(owner) else owner,
        **verdicts,
        "why": reasons(verdicts),
        "missing": "" if add == "none" else add,
    }
