"""The task board: how well each sub-task was done, what is overdue and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

import pandas as pd

from playbook.base import contracts as c
from playbook.base.action_ids import action_id
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say, term
from playbook.data.book import Book
from playbook.data.measures import people
from playbook.page import Action, Col, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi

GRADES = (
    (later("excellent"), 1.2),
    (later("good"), 1.0),
    (later("fair"), 0.8),
    (later("poor"), 0.0),
)
STATES = later(("done", "late", "overdue", "running"), context="task")


def grade(done: float | None, target: float | None) -> str | None:
    """Grade of done ÷ target: excellent from 120 %, good from 100 %, fair from 80 %, poor below;
    None without a target.

    Examples
    --------
    >>> grade(25, 20), grade(15, 15), grade(12, 15), grade(11, 15)
    ('excellent', 'good', 'fair', 'poor')
    """
    if done is None or target is None or pd.isna(done) or pd.isna(target) or target <= 0:
        return None
    return next(name for name, least in GRADES if done / target >= least - 1e-12)


class TaskGrades(Frame):
    """One row per sub-task of the task board."""

    task = c.text("the task")
    item = c.text("the sub-task")
    target = c.number("what was to be done [unit]")
    done = c.number("what was done [unit]")
    unit = c.text("unit of target and done")
    owner = c.text("who does it")
    start = c.day("first day")
    due = c.day("last day it was to be done by")
    finished = c.day("day it was finished; none while it runs")
    acceptor = c.text("who accepts it")
    remark = c.text("remark in the table")
    completion = c.share("done ÷ target; none without a target")
    state = c.text("done, late, overdue or running")
    days_late = c.days("days after the due day, 0 when in time")
    grade = c.text("excellent, good, fair or poor; none while it runs")
    state_text = c.text("state, how late, and the remark")


@dataclass(frozen=True)
class TaskBoard(Result):
    """Sub-tasks with their grade and state."""

    section = "task-board"
    table: Annotated[pd.DataFrame, TaskGrades]
    as_of: date
    fmt: Formats

    @property
    def where(self) -> str:
        return say(
            "n = {sub_tasks} · as of {as_of}",
            sub_tasks=plural(len(self.table), "sub-task"),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> list[Table]:
        columns = [
            Col("task", "text", "Task", weight=2),
            Col("item", "text", "Sub-task", weight=2),
            Col("owner", "text", "Owner", weight=1),
            Col("due", "date", "Due"),
            Col("done_of", "text", "Done of target", align="r"),
            Col("grade", "term", "Grade", tone=_tone),
            Col("state_text", "text", "State", weight=2),
        ]
        rows = self.table.assign(
            done_of=[
                say(
                    "{done} of {target} · {share}",
                    done=self.fmt.text(r.done, "number", decimals=0),
                    target=self.fmt.text(r.target, "number", decimals=0),
                    share=self.fmt.share(r.completion, decimals=0),
                )
                for r in self.table.itertuples(index=False)
            ]
        )
        return [
            table(
                rows,
                columns,
                self.fmt,
                title=say("Tasks, graded"),
                note=(
                    say(
                        "Excellent from 120 % of the target, good from 100 %, fair from 80"
                        " %, poor below; graded once finished or due · {where}",
                        where=self.where,
                    )
                ),
                limit=40,
            )
        ]

    def counts(self) -> dict[str, int]:
        """Sub-tasks per grade, every grade present."""
        return {name: int((self.table["grade"] == name).sum()) for name, _ in GRADES}

    def reading(self) -> str:
        counts, late = self.counts(), self.table[self.table["state"] == "overdue"]
        graded = sum(counts.values())
        text = say(
            "Of {tasks}, {grades}.",
            tasks=plural(graded, "graded sub-task"),
            grades=joined(
                say(
                    "{n} {en_are} {grade}",
                    n=n,
                    en_are="is" if n == 1 else "are",
                    grade=term(name),
                )
                for name, n in counts.items()
            ),
        )
        if len(late):
            first = late.sort_values(
                ["days_late", "task", "item"], ascending=[False, True, True]
            ).iloc[0]
            text += say(
                " {n} {en_are} overdue, longest {item} of {owner} ({days}).",
                n=f"{len(late):,}",
                en_are="is" if len(late) == 1 else "are",
                item=first["item"],
                owner=first["owner"],
                days=plural(int(first.days_late), "day"),
            )
        return text

    def headline(self) -> str:
        return say(
            "Tasks: {grades}, {n} overdue",
            grades=joined(
                say("{n} {grade}", n=n, grade=term(name)) for name, n in self.counts().items()
            ),
            n=int((self.table["state"] == "overdue").sum()),
        )

    def kpis(self) -> list[Kpi]:
        return [
            Kpi(
                "task.grade",
                "all",
                n,
                "count",
                {"grade": name},
                n=int(self.table["grade"].notna().sum()),
            )
            for name, n in self.counts().items()
        ]

    def actions(self) -> list[Action]:
        late = self.table[self.table["state"] == "overdue"].sort_values(
            ["days_late", "task", "item"], ascending=[False, True, True]
        )
        return [
            Action(
                say("Finish {item} ({task})", item=r["item"], task=r["task"]),
                r["owner"],
                self.as_of + timedelta(days=7),
                say(
                    "{days} overdue: {remark}",
                    days=plural(int(r["days_late"]), "day"),
                    remark=r["remark"],
                )
                if isinstance(r["remark"], str) and r["remark"]
                else say("{days} overdue", days=plural(int(r["days_late"]), "day")),
                id=action_id("task", r["task"], r["item"], r["owner"]),
            )
            for r in late.head(5).to_dict("records")
        ]

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("task", say("Task"), "text"),
            ("item", say("Sub-task"), "text"),
            ("owner", say("Owner"), "text"),
            ("due", say("Due"), "date"),
            ("done", say("Done", context="task"), "number"),
            ("target", say("Target"), "number"),
            ("grade", say("Grade"), "term"),
            ("told", say("State"), "text"),  # the key results.json has always carried
            ("remark", say("Remark"), "text"),
            ("id", say("Number"), "text"),
        )
        rows = tuple(
            tuple(
                v.date() if isinstance(v, pd.Timestamp) else v
                for v in (r["state_text" if k == "told" else k] for k, _, _ in keys)
            )
            for r in self.table.assign(id=_numbers(self.table)).to_dict("records")
        )
        return [Worksheet(later("Task board"), keys, rows)]


@section("task-board")
def task_board(book: Book) -> TaskBoard:
    """Grades and delays of the task board; needs the tasks table."""
    book.need(
        "tasks", "target", "done", gives=say("each sub-task's grade, what is overdue, and why")
    )
    rows, end = people.tasks(book), pd.Timestamp(book.as_of)
    rows["completion"] = (rows["done"].astype(float) / rows["target"].astype(float)).where(
        rows["target"].astype(float) > 0
    )
    finished, over = rows["finished"].notna(), rows["due"] < end
    rows["state"] = [
        "done" if f and not r > d else "late" if f else "overdue" if o else "running"
        for f, r, d, o in zip(finished, rows["finished"], rows["due"], over, strict=True)
    ]
    rows["days_late"] = (rows["finished"].fillna(end) - rows["due"]).dt.days.clip(lower=0)
    rows["grade"] = [
        grade(r.done, r.target) if r.state != "running" else None
        for r in rows.itertuples(index=False)
    ]
    rows["state_text"] = [_state_text(r) for r in rows.itertuples(index=False)]
    return TaskBoard(table=rows, as_of=book.as_of, fmt=book.fmt)


def _numbers(rows: pd.DataFrame) -> list[str]:
    """The number of each sub-task that is still to be done; empty for one that is finished."""
    return [
        "" if state in ("done", "late") else action_id("task", task, item, owner)
        for task, item, owner, state in zip(
            rows["task"], rows["item"], rows["owner"], rows["state"], strict=True
        )
    ]


def _state_text(row) -> str:
    """The state as text: how late, and why when that is noted."""
    text = say(row.state, context="task")
    if row.days_late and row.state != "running":
        days = plural(int(row.days_late), "day")
        text = say("{state}, {days}", state=text, days=days)
    if isinstance(row.remark, str) and row.remark:
        text = say("{state}: {remark}", state=text, remark=row.remark)
    return text


def _tone(row: dict) -> str:
    return {"excellent": "good", "good": "good", "fair": "warn", "poor": "bad"}.get(
        row["grade"], ""
    )
