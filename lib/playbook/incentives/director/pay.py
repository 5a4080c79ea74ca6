"""The director's page on pay; nobody is named."""

from __future__ import annotations

import numpy as np

from playbook.base.formats import Formats, plural
from playbook.base.language import later, named, say, term
from playbook.data.book import Book
from playbook.incentives.plans.comparison import PlanComparison
from playbook.incentives.plans.simulation import Simulation
from playbook.incentives.plans.statements import Statements
from playbook.incentives.plans.without_names import FEWEST
from playbook.page.contribution import bare
from playbook.page.panels import Column, Line, Panel, Rows, Sheet, bars, dot, words

QUARTERS = later(("highest quarter", "second quarter", "third quarter", "lowest quarter"))


def pay_sheet(
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
    title = say("Pay as the plan in force gives it")
    if statements.status == "ok" and len(statements.table):
        total, sold = (float(statements.table[c].astype(float).sum()) for c in ("pay", "credited"))
        places = {
            "label": statements.window.label,
            "total": fmt.money(total, compact=True),
        }
        title = (
            say(
                "Pay of {label}: {total}, {share} of the {sold} credited",
                share=fmt.share(total / sold),
                sold=fmt.money(sold, compact=True),
                **places,
            )
            if sold
            else say("Pay of {label}: {total}", **places)
        )
    if simulation.status == "ok" and simulation.budget_given:
        row = simulation.table[simulation.table.culture == "as assumed"].iloc[0]
        title = say(
            "{title}; {over} chance to overspend the year's budget",
            title=title,
            over=fmt.share(row.over),
        )
    return Sheet(
        "pay",
        title,
        say(
            "{currency}, without names · as of {as_of}",
            currency=book.currency,
            as_of=fmt.text(book.as_of, "date"),
        ),
        say("What does pay buy?"),
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
    lines = [
        Line(
            (
                words(say(QUARTERS[i]) if len(quarters) == 4 else say("part {i}", i=i + 1)),
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
        say("The best paid quarter of {sellers} gets {top}", sellers=plural(n, "seller"), top=top),
        say("pay of {label}, sellers by pay, without names", label=statements.window.label),
        (
            Column("", width=1.2),
            Column("", "num", 0.7, right=True),
            Column(say("pay", context="sum"), "bars", 3.0),
            Column(say("share"), "num", 0.7, right=True),
            Column(say("median"), "num", 0.8, right=True),
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
                words(named(row.plan)),
                bars(float(row.payout), bare(fmt, float(row.payout))),
                words(fmt.text(row.cost_of_sales, "share"), "strong"),
                words(bare(fmt, float(row.median))),
                words(fmt.text(row.gini, "number")),
            )
        )
        for row in comparison.summary.itertuples()
    ]
    title = say("The plan in force")
    if len(comparison.summary) > 1:
        a, b = (float(v) for v in comparison.summary.payout.iloc[:2])
        one, two = comparison.summary.plan.iloc[:2]
        places = {
            "one": named(one),
            "two": named(two),
            "amount": fmt.money(abs(a - b), compact=True),
        }
        title = (
            say("“{one}” pays {amount} less than “{two}” on the same sales", **places)
            if a < b
            else say("“{one}” pays {amount} more than “{two}” on the same sales", **places)
        )
    return Rows(
        title,
        say("both plans on the sales of {label}", label=comparison.window.label),
        (
            Column(say("plan", context="pay"), width=1.2),
            Column(say("pay of the period"), "bars", 3.0),
            Column(say("cost of sales"), "num", 1.0, right=True),
            Column(say("median pay"), "num", 1.0, right=True),
            Column(say("Gini"), "num", 0.7, right=True),
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
                    words(
                        say("{plan}, {culture}", plan=named(row.plan), culture=term(row.culture))
                    ),
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
        say("What a year may cost"),
        say("pay of {years} simulated years, 80 %", years=fmt.count(simulation.years))
        if budget is None
        else say(
            "pay of {years} simulated years, 80 % · dashed: budget {budget}",
            years=fmt.count(simulation.years),
            budget=fmt.money(budget, compact=True),
        ),
        (
            Column(say("plan, team"), width=1.6),
            Column(say("pay of a year"), "dot", 3.2, scale=(low - room, high + room), mark=budget),
            Column(say("cost of sales"), "num", 0.9, right=True),
            Column(say("over budget"), "num", 0.9, right=True),
        ),
        tuple(lines),
        name="futures",
    )
