"""What strategies ask for: late milestones, overspent budgets, changes that did not come."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing
from playbook.base.language import say
from playbook.page import Action

from .resources import used_of
from .strategy_rows import DONE

SHORT = 0.5  # share of the expected change below which a strategy is put to a decision


def strategy_actions(
    strategies: pd.DataFrame,
    milestones: pd.DataFrame,
    due: date,
    most: int | None,
    as_of: date,
    fmt: Formats,
) -> list[Action]:
    """One action per late milestone, overspent budget, plan of people or material that is used up
    while the strategy runs, and change that did not come; and one where more strategies run than
    the team carries.

    strategies: ``StrategySheet``; milestones: ``StrategyMilestones``; due: by when to act; most:
    how many the team carries where more run, else None.
    """
    owners = dict(zip(strategies["strategy"], strategies["owner"], strict=True))
    found = [
        Action(
            say(
                "Bring in the milestone '{milestone}' of {strategy}, or close it",
                milestone=row["milestone"],
                strategy=row["strategy"],
            ),
            owners.get(row["strategy"], ""),
            due,
            say("due {due}", due=fmt.text(row["due"], "date")),
            None,
        )
        for row in milestones[milestones["state"] == "late"].to_dict("records")
    ]
    for row in strategies.to_dict("records"):
        if not is_missing(row["over"]) and row["over"] > 0:
            found.append(
                Action(
                    say(
                        "Agree more money for {strategy}, or stop its spending",
                        strategy=row["strategy"],
                    ),
                    row["owner"],
                    due,
                    say(
                        "{spent} spent of a budget of {budget}",
                        spent=fmt.money(row["spent"]),
                        budget=fmt.money(row["budget"]),
                    ),
                    None,
                )
            )
        found += _beyond_plan(row, due, as_of, fmt)
        reached = row["spend"].of_expected()
        if reached is not None and reached < SHORT:
            found.append(
                Action(
                    say(
                        "Stop, change or go on with {strategy}: {reached} of the expected change",
                        strategy=row["strategy"],
                        reached=fmt.share(reached, decimals=0),
                    )
                    if reached > 0
                    else say(
                        "Stop, change or go on with {strategy}: its indicator did not move the"
                        " way expected",
                        strategy=row["strategy"],
                    ),
                    row["owner"],
                    due,
                    ""
                    if is_missing(row["spent"])
                    else say("{spent} spent so far", spent=fmt.money(row["spent"])),
                    None,
                )
            )
    if most is not None:
        found.append(
            Action(
                say("Choose at most {most} strategies and pause the others", most=most),
                say("sales director"),
                due,
                say("more run at once"),
                None,
            )
        )
    return found


def _beyond_plan(row: dict[str, Any], due: date, as_of: date, fmt: Formats) -> list[Action]:
    """People and material of a strategy that still runs, used beyond what was planned for them."""
    ended = not is_missing(row["due"]) and row["due"] < as_of
    if ended or row["state"] == DONE:
        return []
    asked = {
        "people": say(
            "Agree more people for {strategy}, or take work from it", strategy=row["strategy"]
        ),
        "material": say(
            "Agree more material for {strategy}, or use less", strategy=row["strategy"]
        ),
    }
    return [
        Action(what, row["owner"], due, say("{used} used", used=used_of(row, kind, fmt)), None)
        for kind, what in asked.items()
        if not is_missing(row[f"{kind}_over"]) and row[f"{kind}_over"] > 0
    ]
