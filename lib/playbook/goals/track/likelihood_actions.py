"""What is to be decided about the year's target."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.goals.plan.year import YearFigure
from playbook.methods.forecast import line, reached
from playbook.page import Action

LATE = 3  # months left below which a year is too far gone to set a target for


def likelihood_actions(
    planned: YearFigure,
    left: int,
    lines: pd.DataFrame,
    totals: np.ndarray,
    due: date,
    fmt: Formats,
) -> list[Action]:
    """What the chance of the year asks for. left: months of the year planned after the as-of month;
    lines: ``TargetLines``; totals: simulated totals of the year.
    """
    if not planned.given and left < LATE:
        return [
            Action(
                say("Set the target for the year after {name}", name=planned.name),
                say("sales director"),
                due,
                say("the book has none, and {name} is all but over", name=planned.name),
                None,
            )
        ]
    if not planned.given:
        base, sprint = (fmt.money(amount, compact=True) for amount in lines["amount"].iloc[:2])
        return [
            Action(
                say(
                    "Set the target for {name}, between the base line ({base}) and the"
                    " sprint line ({sprint})",
                    name=planned.name,
                    base=base,
                    sprint=sprint,
                ),
                say("sales director"),
                due,
                say("the book has no target for the year planned"),
                None,
            )
        ]
    chance = reached(totals, planned.amount)
    if chance < 0.2:
        gap = planned.amount - line(totals, 0.5)
        return [
            Action(
                say(
                    "Decide on {name}: lower it in the adjustment window, or fund"
                    " measures worth {gap}",
                    name=planned.name,
                    gap=fmt.money(gap),
                ),
                say("sales director"),
                due,
                say(
                    "chance of the figure on today's course: {chance}",
                    chance=fmt.chance(chance),
                ),
                gap,
            )
        ]
    return []
