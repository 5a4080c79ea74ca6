"""The director's page on people; nobody is named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say, term
from playbook.data.book import Book
from playbook.incentives.people.attrition import Attrition
from playbook.incentives.people.hires import hires_said
from playbook.incentives.people.ramp import Ramp
from playbook.incentives.people.task_board import TaskBoard
from playbook.incentives.people.training import Training
from playbook.incentives.plans.attainment import Attainment
from playbook.page.panels import Column, Line, Panel, Rows, Sheet, bars, dot, words

EDGES = ((0.0, 0.5), (0.5, 0.8), (0.8, 1.0), (1.0, 1.2), (1.2, 1.5), (1.5, np.inf))


def people_sheet(
    book: Book,
    attainment: Attainment,
    ramp: Ramp,
    attrition: Attrition,
    training: Training,
    fmt: Formats,
) -> Sheet | None:
    made: list[Panel | None] = [
        _spread(attainment, fmt),
        _leavers(attrition, fmt),
        _first_deals(ramp, fmt),
        _courses(training, fmt),
    ]
    panels = tuple(panel for panel in made if panel is not None)
    if not panels:
        return None
    return Sheet(
        "people",
        _people_title(attainment, attrition, fmt),
        say(
            "Sellers, without names · as of {as_of} · intervals 95 %",
            as_of=fmt.text(book.as_of, "date"),
        ),
        say("Can the team carry it?"),
        panels,
    )


def _people_title(attainment: Attainment, attrition: Attrition, fmt: Formats) -> str:
    parts = []
    if attainment.status == "ok":
        known = attainment.table.attainment.dropna()
        if len(known):
            met = int((known >= 1).sum())
            parts.append(
                say(
                    "{met} of {sellers} with a quota reached it",
                    met=met,
                    sellers=plural(len(known), "seller"),
                )
            )
    if attrition.status == "ok" and len(attrition.table):
        row = attrition.table.iloc[0]
        parts.append(
            say("{sellers} left in twelve months", sellers=plural(int(row.leavers), "seller"))
        )
    return joined(parts, "; ") or say("People as the book has them")


def _spread(attainment: Attainment, fmt: Formats) -> Rows | None:
    if attainment.status != "ok":
        return None
    known = attainment.table.attainment.dropna().astype(float)
    if known.empty:
        return None
    lines = []
    for low, high in EDGES:
        n = int(((known >= low) & (known < high)).sum())
        label = (
            say("{low} and more", low=fmt.share(low, decimals=0))
            if high == np.inf
            else say(
                "{low} to under {high}",
                low=fmt.share(low, decimals=0),
                high=fmt.share(high, decimals=0),
            )
        )
        lines.append(Line((words(label), bars(n, fmt.count(n)))))
    below = int((known < 0).sum())
    if below:
        lines.insert(0, Line((words(say("below 0 %")), bars(below, fmt.count(below)))))
    return Rows(
        say(
            "Attainment: half of the sellers reached {known} or more",
            known=fmt.share(float(known.median()), decimals=0),
        ),
        say(
            "credited ÷ quota, {label} · n = {n} sellers with a quota",
            label=attainment.window.label,
            n=len(known),
        ),
        (Column("", width=1.3), Column(say("sellers"), "bars", 2.6)),
        tuple(lines),
        wide=0.5,
        name="attainment",
    )


def _leavers(attrition: Attrition, fmt: Formats) -> Rows | None:
    if attrition.status != "ok" or attrition.table.empty:
        return None
    rows = attrition.table[attrition.table.rate.notna()]
    lines = [
        Line(
            (
                words(term(row.group)),
                words(
                    say(
                        "{leavers} of {exposed}",
                        leavers=fmt.count(row.leavers),
                        exposed=fmt.count(row.exposed),
                    ),
                    "muted",
                ),
                dot(row.rate, row.low, row.high, fmt.share(row.rate, decimals=0)),
            )
        )
        for row in rows.itertuples()
    ]
    if not lines:
        return None
    return Rows(
        say("Who left in twelve months"),
        say("leavers ÷ mean heads, 95 % · {label}", label=attrition.window.label),
        (
            Column("", width=1.2),
            Column("", "num", 1.0, right=True),
            Column("", "dot", 2.2, scale=(0.0, 1.0)),
        ),
        tuple(lines),
        wide=0.5,
        name="leavers",
    )


def _first_deals(ramp: Ramp, fmt: Formats) -> Rows | None:
    if ramp.status != "ok" or ramp.table.empty:
        return None
    rows = ramp.table[ramp.table.rate.notna()]
    lines = [
        Line(
            (
                words(hires_said(row.group)),
                words(f"n = {fmt.count(row.judged)}", "muted"),
                dot(row.rate, row.low, row.high, fmt.share(row.rate, decimals=0)),
                words(row.median_of, "muted"),
            )
        )
        for row in rows.itertuples()
    ]
    if not lines:
        return None
    return Rows(
        say("New sellers with a first deal in three months"),
        say(
            "share of those hired long enough ago, 95 %; days to the first deal (median, interval)"
        ),
        (
            Column("", width=1.4),
            Column("", "num", 0.8, right=True),
            Column("", "dot", 2.6, scale=(0.0, 1.0)),
            Column(say("days to it"), width=1.6),
        ),
        tuple(lines),
        name="first-deals",
    )


def _courses(training: Training, fmt: Formats) -> Rows | None:
    if training.status != "ok" or training.table.empty:
        return None
    rows = training.table[pd.to_numeric(training.table.net, errors="coerce").notna()]
    if rows.empty:
        return None
    lines = [
        Line(
            (
                words(row.course),
                words(
                    say(
                        "n = {n} and {control_n}",
                        n=fmt.count(row.n),
                        control_n=fmt.count(row.control_n),
                    ),
                    "muted",
                ),
                dot(row.net, row.net_low, row.net_high, fmt.text(row.net, "number", decimals=1)),
            )
        )
        for row in rows.itertuples()
    ]
    return Rows(
        say("What the courses taught"),
        say("points gained beyond those who did not attend, 95 %"),
        (
            Column("", width=2.2),
            Column("", "num", 1.2, right=True),
            Column("", "dot", 2.6, mark=0.0),
        ),
        tuple(lines),
        name="courses",
    )


def tasks_sheet(book: Book, tasks: TaskBoard, fmt: Formats) -> Sheet | None:
    """The late tasks of the board, for the page of the goals they serve."""
    late = _tasks(tasks, fmt)
    if late is None:
        return None
    as_of = fmt.text(book.as_of, "date")
    note = say("Task board · as of {as_of}", as_of=as_of)
    return Sheet("goals", late.title, note, say("Are we on course?"), (late,))


def _tasks(tasks: TaskBoard, fmt: Formats) -> Rows | None:
    if tasks.status != "ok" or tasks.table.empty:
        return None
    rows = tasks.table
    late = rows[rows.days_late > 0].sort_values("days_late", ascending=False)
    lines = [
        Line(
            (
                words(say("{item} ({task})", item=row.item, task=row.task)),
                words(row.owner),
                words(fmt.text(row.due, "date")),
                words(fmt.share(row.completion, decimals=0)),
                words(row.state_text, "bad"),
            )
        )
        for row in late.head(6).itertuples()
    ]
    if not lines:
        return None
    return Rows(
        say("{tasks} of {rows} late", tasks=plural(len(late), "task"), rows=len(rows)),
        say("task board, latest first"),
        (
            Column(say("Task"), width=3.0),
            Column(say("Owner"), width=1.3),
            Column(say("Due"), width=0.9),
            Column(say("Done", context="task"), "num", 0.7, right=True),
            Column(say("State"), width=1.2),
        ),
        tuple(lines),
        name="tasks",
    )
