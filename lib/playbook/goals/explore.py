"""Interactive controls of the chapter. In a report each shows a fixed table instead, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from playbook.base.language import say
from playbook.goals.plan.decomposition import Decomposition, resplit
from playbook.goals.track.likelihood import Likelihood
from playbook.goals.work.backsolve import BackSolve
from playbook.methods.forecast import line, reached
from playbook.methods.planning import needed_for
from playbook.page import Col, Result, Table, table
from playbook.page.origins import explorer
from playbook.page.widgets import Slider, explore


@explorer
def try_backsolving(result: BackSolve | Result) -> None:
    """Sliders for the deals, the rate of every step, the probability and the contacts a day; in a
    report a table of rates by probabilities. Nothing where the section is not available.
    """
    if not isinstance(result, BackSolve):
        return
    made = result.capacity.a_day("contacts")

    def draw(deals: int, probability: float, contacts: float | None = None, **rates: float) -> list:
        other = result.with_(deals, list(rates.values()), probability, contacts)
        return [other.figure(), *other.tables(), other.reading()]

    explore(
        draw,
        {
            "deals": Slider(say("deals a month"), 1, max(50, 3 * result.deals), 1, result.deals),
            **{
                f"step{i}": Slider(
                    step.name, 0.01, 1.0, 0.01, round(max(step.rate, 0.01), 2), ".0%"
                )
                for i, step in enumerate(result.steps)
            },
            "probability": Slider(say("probability"), 0.5, 0.99, 0.01, result.probability, ".0%"),
            **(
                {
                    "contacts": Slider(
                        say("contacts a rep a day"),
                        0.5,
                        20.0,
                        0.5,
                        min(20.0, max(0.5, round(made * 2) / 2)),
                        ".1f",
                    )
                }
                if made
                else {}
            ),
        },
        static=what_if(result),
    )


def what_if(result: BackSolve) -> Table:
    """Entries needed where the rate is lower or higher than learnt, by probability."""
    chances = (0.5, 0.8, 0.9)
    rows = []
    for factor in (0.8, 0.9, 1.0, 1.1, 1.2):
        rate = min(1.0, result.rate * factor)
        rows.append({"rate": rate, **{str(p): needed_for(result.deals, rate, p) for p in chances}})
    columns = [
        Col("rate", "share", "Rate to a deal"),
        *(
            Col(str(p), "count", say("{p} sure", p=result.fmt.share(p, decimals=0)))
            for p in chances
        ),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        result.fmt,
        title=say(
            "If the rate were another: entries for {deals} deals",
            deals=result.fmt.count(result.deals),
        ),
        note=(
            say(
                "the rate as it is stands in the middle; in JupyterLab sliders move"
                " every figure of it"
            )
        ),
    )


@explorer
def try_target(result: Likelihood | Result) -> None:
    """Sliders for the year's figure and a probability; in a report a table of figures with their
    chances.
    """
    if not isinstance(result, Likelihood):
        return
    middle = line(result.totals, 0.5)

    def draw(target: float, probability: float) -> list:
        other = replace(result, planned=replace(result.planned, amount=target, given=True))
        sure = say(
            "With {probability} probability the year brings {line}.",
            probability=result.fmt.share(probability, decimals=0),
            line=result.fmt.money(line(result.totals, probability)),
        )
        return [
            other.figure(),
            chances(other),
            (
                say(
                    "{target} is reached on {chance} of forecast paths. {sure}",
                    target=result.fmt.money(target),
                    chance=result.fmt.share(other.chance),
                    sure=sure,
                )
            ),
        ]

    explore(
        draw,
        {
            "target": Slider(
                say("figure of the year"),
                round(0.5 * middle),
                round(1.6 * middle),
                max(1, round(middle / 200)),
                round(result.planned.amount),
                ",.0f",
            ),
            "probability": Slider(say("probability"), 0.05, 0.95, 0.05, 0.8, ".0%"),
        },
        static=chances(result),
    )


@explorer
def try_split(result: Decomposition | Result) -> None:
    """Sliders for the year's figure and the share of its largest part; nothing in a report."""
    if not isinstance(result, Decomposition) or result.cross.empty or not result.sources:
        return
    largest = (
        result.table[result.table["dimension"] == next(iter(result.sources))]
        .sort_values("weight", ascending=False, kind="stable")
        .iloc[0]
    )

    def draw(target: float, share: float) -> list:
        other = resplit(result, target, {str(largest["member"]): share})
        return [other.figure(), *other.tables()[:1], *other.by_month(), other.proof()]

    explore(
        draw,
        {
            "target": Slider(
                say("figure of the year"),
                round(0.5 * result.planned.amount),
                round(1.6 * result.planned.amount),
                max(1, round(result.planned.amount / 200)),
                round(result.planned.amount),
                ",.0f",
            ),
            "share": Slider(
                say("share of {member}", member=largest["member"]),
                0.0,
                1.0,
                0.01,
                round(float(largest["weight"]), 2),
                ".0%",
            ),
        },
        static=None,
    )


def chances(result: Likelihood) -> Table:
    """Figures around the one planned with the chance of each."""
    rows = pd.DataFrame(
        [
            {
                "share": factor - 1,
                "amount": result.planned.amount * factor,
                "chance": reached(result.totals, result.planned.amount * factor),
            }
            for factor in (0.85, 0.9, 0.95, 1.0, 1.05, 1.1)
        ]
    )
    return table(
        rows,
        [
            Col("amount", "money", say("Figure for {name}", name=result.planned.name)),
            Col("share", "share", "Against the one planned", sign=True, decimals=0)
            if result.planned.given
            else Col("share", "share", "Against the base line", sign=True, decimals=0),
            Col("chance", "share", "Chance", decimals=0),
        ],
        result.fmt,
        title=say("If the figure were another"),
        note=say("share of forecast paths that reach it; in JupyterLab a slider moves the figure"),
    )
