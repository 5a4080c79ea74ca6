"""What incentive design gives the short editions: people and pay, without names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.page import section
from playbook.page.contribution import Contribution, ShortEditions, bare
from playbook.page.panels import Column, Line, Panel, Rows, Sheet, bars, dot, words

from .people.attrition import Attrition
from .people.ramp import Ramp
from .people.task_board import TaskBoard
from .people.training import Training
from .plans.attainment import Attainment
from .plans.comparison import PlanComparison
from .plans.simulation import Simulation
from .plans.statements import Statements
from .plans.without_names import FEWEST

EDGES = ((0.0, 0.5), (0.5, 0.8), (0.8, 1.0), (1.0, 1.2), (1.2, 1.5), (1.5, np.inf))


@section("short-editions")
def director(
    book: Book,
    statements: Statements,
    comparison: PlanComparison,
    attainment: Attainment,
    simulation: Simulation,
    ramp: Ramp,
    attrition: Attrition,
    training: Training,
    tasks: TaskBoard,
) -> ShortEditions:
    """The page on people and the page on pay; nobody is named on either."""
    fmt = book.fmt
    sheets = (
        _people(book, attainment, ramp, attrition, training, tasks, fmt),
        _pay(book, statements, comparison, simulation, fmt),
    )
    return ShortEditions(Contribution(sheets=tuple(s for s in sheets if s is not None)))


def _people(
    book: Book,
    attainment: Attainment,
    ramp: Ramp,
    attrition: Attrition,
    training: Training,
    tasks: TaskBoard,
    fmt: Formats,
) -> Sheet | None:
    made: list[Panel | None] = [
        _spread(attainment, fmt),
        _leavers(attrition, fmt),
        _first_deals(ramp, fmt),
        _courses(training, fmt),
        _tasks(tasks, fmt),
    ]
    panels = tuple(panel for panel in made if panel is not None)
    if not panels:
        return None
    return Sheet(
        "people",
        _people_title(attainment, attrition, fmt),
        f"Sellers, without names · as of {fmt.text(book.as_of, 'date')} · intervals 95 %",
        "Can the team carry it?",
        panels,
    )


def _people_title(attainment: Attainment, attrition: Attrition, fmt: Formats) -> str:
    parts = []
    if attainment.status == "ok":
        known = attainment.table.attainment.dropna()
        if len(known):
            met = int((known >= 1).sum())
            parts.append(f"{met} of {plural(len(known), 'seller')} with a quota reached it")
    if attrition.status == "ok" and len(attrition.table):
        row = attrition.table.iloc[0]
        parts.append(f"{plural(int(row.leavers), 'seller')} left in twelve months")
    return "; ".join(parts) or "People as the book has them"


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
            f"{fmt.share(low, decimals=0)} and more"
            if high == np.inf
            else f"{fmt.share(low, decimals=0)} to under {fmt.share(high, decimals=0)}"
        )
        lines.append(Line((words(label), bars(n, fmt.count(n)))))
    below = int((known < 0).sum())
    if below:
        lines.insert(0, Line((words("below 0 %"), bars(below, fmt.count(below)))))
    return Rows(
        f"Attainment: half of the sellers reached {fmt.share(float(known.median()), decimals=0)}"
        " or more",
        f"credited ÷ quota, {attainment.window.label} · n = {len(known)} sellers with a quota",
        (Column("", width=1.3), Column("sellers", "bars", 2.6)),
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
                words(row.group),
                words(f"{fmt.count(row.leavers)} of {fmt.count(row.exposed)}", "muted"),
                dot(row.rate, row.low, row.high, fmt.share(row.rate, decimals=0)),
            )
        )
        for row in rows.itertuples()
    ]
    if not lines:
        return None
    return Rows(
        "Who left in twelve months",
        f"leavers ÷ mean heads, 95 % · {attrition.window.label}",
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
                words(row.group),
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
        "New sellers with a first deal in three months",
        "share of those hired long enough ago, 95 %; days to the first deal (median, interval)",
        (
            Column("", width=1.4),
            Column("", "num", 0.8, right=True),
            Column("", "dot", 2.6, scale=(0.0, 1.0)),
            Column("days to it", width=1.6),
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
                words(f"n = {fmt.count(row.n)} and {fmt.count(row.control_n)}", "muted"),
                dot(row.net, row.net_low, row.net_high, fmt.text(row.net, "number", decimals=1)),
            )
        )
        for row in rows.itertuples()
    ]
    return Rows(
        "What the courses taught",
        "points gained beyond those who did not attend, 95 %",
        (
            Column("", width=2.2),
            Column("", "num", 1.2, right=True),
            Column("", "dot", 2.6, mark=0.0),
        ),
        tuple(lines),
        name="courses",
    )


def _tasks(tasks: TaskBoard, fmt: Formats) -> Rows | None:
    if tasks.status != "ok" or tasks.table.empty:
        return None
    rows = tasks.table
    late = rows[rows.days_late > 0].sort_values("days_late", ascending=False)
    lines = [
        Line(
            (
                words(f"{row.item} ({row.task})"),
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
        f"{plural(len(late), 'task')} of {len(rows)} late",
        "task board, latest first",
        (
            Column("Task", width=3.0),
            Column("Owner", width=1.3),
            Column("Due", width=0.9),
            Column("Done", "num", 0.7, right=True),
            Column("State", width=1.2),
        ),
        tuple(lines),
        name="tasks",
    )


def _pay(
    book: Book,
    statements: Statements,
    comparison: PlanComparison,
    simulation: Simulation,
    fmt: Formats,
) -> Sheet | None:
    if not book.settings.commission_plans:  # illustrations are for the analyst
        return None
    made: list[Panel | None] = [
        _distribution(statements, fmt),
        _plans(comparison, fmt),
        _futures(simulation, fmt),
    ]
    panels = tuple(panel for panel in made if panel is not None)
    if not panels:
        return None
    title = "Pay as the plan in force gives it"
    if statements.status == "ok" and len(statements.table):
        total, sold = (float(statements.table[c].astype(float).sum()) for c in ("pay", "credited"))
        title = f"Pay of {statements.window.label}: {fmt.money(total, compact=True)}"
        if sold:
            title += f", {fmt.share(total / sold)} of the {fmt.money(sold, compact=True)} credited"
    if simulation.status == "ok" and simulation.budget_given:
        row = simulation.table[simulation.table.culture == "as assumed"].iloc[0]
        title += f"; {fmt.share(row.over)} chance to overspend the year's budget"
    return Sheet(
        "pay",
        title,
        f"{book.currency}, without names · as of {fmt.text(book.as_of, 'date')}",
        "What does pay buy?",
        panels,
        joins=True,
    )


def _distribution(statements: Statements, fmt: Formats) -> Rows | None:
    if statements.status != "ok" or statements.table.empty:
        return None
    pay = np.sort(statements.table.pay.astype(float).to_numpy())[::-1]
    n, total = len(pay), float(pay.sum())
    if not total or n < FEWEST:  # a quarter of so few would be one person's pay
        return None
    quarters = np.array_split(pay, min(4, n))
    names = ("highest", "second", "third", "lowest")
    lines = [
        Line(
            (
                words(f"{names[i]} quarter" if len(quarters) == 4 else f"part {i + 1}"),
                words(f"n = {len(part)}", "muted"),
                bars(float(part.sum()), bare(fmt, float(part.sum()))),
                words(fmt.share(float(part.sum()) / total, decimals=0), "strong"),
                words(bare(fmt, float(np.median(part)))),
            )
        )
        for i, part in enumerate(quarters)
    ]
    top = fmt.share(float(quarters[0].sum()) / total, decimals=0)
    return Rows(
        f"The best paid quarter of {plural(n, 'seller')} gets {top}",
        f"pay of {statements.window.label}, sellers by pay, without names",
        (
            Column("", width=1.2),
            Column("", "num", 0.7, right=True),
            Column("pay", "bars", 3.0),
            Column("share", "num", 0.7, right=True),
            Column("median", "num", 0.8, right=True),
        ),
        tuple(lines),
        name="distribution",
    )


def _plans(comparison: PlanComparison, fmt: Formats) -> Rows | None:
    if comparison.status != "ok" or comparison.summary.empty:
        return None
    lines = [
        Line(
            (
                words(row.plan),
                bars(float(row.payout), bare(fmt, float(row.payout))),
                words(fmt.text(row.cost_of_sales, "share"), "strong"),
                words(bare(fmt, float(row.median))),
                words(fmt.text(row.gini, "number")),
            )
        )
        for row in comparison.summary.itertuples()
    ]
    title = "The plan in force"
    if len(comparison.summary) > 1:
        a, b = (float(v) for v in comparison.summary.payout.iloc[:2])
        one, two = comparison.summary.plan.iloc[:2]
        way = "less" if a < b else "more"
        title = (
            f"{one} pays {fmt.money(abs(a - b), compact=True)} {way} than {two} on the same sales"
        )
    return Rows(
        title,
        f"both plans on the sales of {comparison.window.label}",
        (
            Column("plan", width=1.2),
            Column("pay of the period", "bars", 3.0),
            Column("cost of sales", "num", 1.0, right=True),
            Column("median pay", "num", 1.0, right=True),
            Column("Gini", "num", 0.7, right=True),
        ),
        tuple(lines),
        name="plans",
    )


def _futures(simulation: Simulation, fmt: Formats) -> Rows | None:
    if simulation.status != "ok" or simulation.table.empty:
        return None
    lines = []
    for row in simulation.table.itertuples():
        over = fmt.share(row.over) if simulation.budget_given else "–"
        lines.append(
            Line(
                (
                    words(f"{row.plan}, {row.culture}"),
                    dot(row.p50, row.p10, row.p90, bare(fmt, row.p50)),
                    words(fmt.share(row.cost)),
                    words(over, "bad" if simulation.budget_given and row.over > 0.1 else ""),
                )
            )
        )
    budget = float(simulation.budget) if simulation.budget_given else None
    low, high = float(simulation.table.p10.min()), float(simulation.table.p90.max())
    if budget is not None:
        low, high = min(low, budget), max(high, budget)
    room = (high - low) * 0.06 or 1.0
    return Rows(
        "What a year may cost",
        f"pay of {fmt.count(simulation.years)} simulated years, 80 %"
        + (f" · dashed: budget {fmt.money(budget, compact=True)}" if budget is not None else ""),
        (
            Column("plan, team", width=1.6),
            Column("pay of a year", "dot", 3.2, scale=(low - room, high + room), mark=budget),
            Column("cost of sales", "num", 0.9, right=True),
            Column("over budget", "num", 0.9, right=True),
        ),
        tuple(lines),
        name="futures",
    )
