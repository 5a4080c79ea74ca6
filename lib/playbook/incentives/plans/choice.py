"""Both plans beside each other, for the choice between them."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base.language import named, say
from playbook.page import Col, Table, table
from playbook.page.tables import DATA

from .curve import PayCurve
from .plan_comparison import PlanComparison
from .simulated_pay import Simulation


def choice_table(
    compared: PlanComparison, curve: PayCurve | None, future: Simulation | None
) -> Table:
    """One row per criterion: both plans' values, and which plan the criterion speaks for."""
    f, current, other = compared.fmt, compared.current, compared.other
    a, b = compared.costs_of(current), compared.costs_of(other)
    names = (compared.current.name, compared.other.name)
    rows: list[dict] = []

    def add(
        what: str,
        values: tuple,
        unit: str,
        *,
        low_is_good: bool | None,
        decimals: int | None = None,
    ) -> None:
        known = (
            all(value is not None for value in values)
            and low_is_good is not None
            and values[0] != values[1]
        )
        speaks = (
            named(names[(values[0] < values[1]) != low_is_good])
            if known
            else say("neither", context="plan")
        )
        rows.append(
            {
                "what": what,
                "a": f.text(values[0], unit, decimals=decimals),
                "b": f.text(values[1], unit, decimals=decimals),
                "speaks": speaks,
            }
        )

    add(say("Pay of the last twelve months"), (a["payout"], b["payout"]), "money", low_is_good=True)
    add(
        say("Cost of sales"),
        (a["cost_of_sales"], b["cost_of_sales"]),
        "share",
        low_is_good=True,
        decimals=2,
    )
    add(
        say("Reps paid more than under the other"),
        (compared.lose, compared.gain),
        "count",
        low_is_good=False,
    )
    add(
        say("Extra pay for one more unit sold"),
        (a["slope"], b["slope"]),
        "share",
        low_is_good=None,
        decimals=2,
    )
    add(
        say("Pay differences that sales explain"),
        (a["explained"], b["explained"]),
        "share",
        low_is_good=False,
    )
    add(say("Gini of pay"), (a["gini"], b["gini"]), "score", low_is_good=None)
    if curve is not None:
        cliffs = [[c for c in curve.cliffs if c.plan == name] for name in names]
        add(say("Cliffs"), (len(cliffs[0]), len(cliffs[1])), "count", low_is_good=True)
        add(
            say("Largest jump of pay at a cliff"),
            tuple(max((c.jump for c in one), default=Decimal(0)) for one in cliffs),
            "money",
            low_is_good=True,
        )
    if future is not None:
        costs = [(future.costs if future.effort_given else future.same)[name] for name in names]
        add(
            say("Pay of a middle simulated year"),
            tuple(float(np.median(cost)) for cost in costs),
            "money",
            low_is_good=True,
        )
        add(
            say("Pay of a dear year (one in ten)"),
            tuple(float(np.quantile(cost, 0.9)) for cost in costs),
            "money",
            low_is_good=True,
        )
        if future.margin.known:
            add(
                say("Gross profit less pay, middle year"),
                tuple(float(np.median(future.profit[name])) for name in names),
                "money",
                low_is_good=False,
            )
        if future.budget_given:
            add(
                say("Simulated years over the budget"),
                tuple(float((cost > future.budget).mean()) for cost in costs),
                "share",
                low_is_good=True,
            )
        if future.margin.known:
            add(
                say("Extra sales that earn its extra pay back"),
                (0.0, future.uplift),
                "share",
                low_is_good=True,
                decimals=2,
            )
    columns = [
        Col("what", "text", "What to weigh", weight=2),
        Col("a", "text", named(names[0]), align="r", context=DATA),
        Col("b", "text", named(names[1]), align="r", context=DATA),
        Col("speaks", "text", "Speaks for", weight=1),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        f,
        title=say(
            "Choosing between {current} and {other}",
            current=named(names[0]),
            other=named(names[1]),
        ),
        note=(
            say(
                "Money in {currency}, everything the plans pay · {where} · simulated years{answer}",
                currency=f.currency,
                where=compared.where,
                answer=_answer(future),
            )
        ),
    )


def _answer(future: Simulation | None) -> str:
    """Whether simulated years hold an answer of sales to pay."""
    if future is None or not future.effort_given:
        return say(": on the same sales")
    return say(": with the assumed answer of sales to pay")
