"""What strategies ask for: late milestones, overspent budgets, changes that did not come."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base.formats import Formats, is_missing
from playbook.page import Action

SHORT = 0.5  # share of the expected change below which a strategy is put to a decision


def strategy_actions(
    strategies: pd.DataFrame, milestones: pd.DataFrame, due: date, most: int | None, fmt: Formats
) -> list[Action]:
    """One action per late milestone, overspent budget and change that did not come; and one where
    more strategies run than the team carries.

    strategies: ``StrategySheet``; milestones: ``StrategyMilestones``; due: by when to act; most:
    how many the team carries where more run, else None.
    """
    owners = dict(zip(strategies["strategy"], strategies["owner"], strict=True))
    found = [
        Action(
            f"Bring in the milestone '{row['milestone']}' of {row['strategy']}, or close it",
            owners.get(row["strategy"], ""),
            due,
            f"due {fmt.text(row['due'], 'date')}",
            None,
        )
        for row in milestones[milestones["state"] == "late"].to_dict("records")
    ]
    for row in strategies.to_dict("records"):
        if not is_missing(row["over"]) and row["over"] > 0:
            found.append(
                Action(
                    f"Agree more money for {row['strategy']}, or stop its spending",
                    row["owner"],
                    due,
                    f"{fmt.money(row['spent'])} spent of a budget of {fmt.money(row['budget'])}",
                    None,
                )
            )
        reached = row["spend"].of_expected()
        if reached is not None and reached < SHORT:
            found.append(
                Action(
                    f"Stop, change or go on with {row['strategy']}: "
                    + (
                        f"{fmt.share(reached, decimals=0)} of the expected change"
                        if reached > 0
                        else "its indicator did not move the way expected"
                    ),
                    row["owner"],
                    due,
                    "" if is_missing(row["spent"]) else f"{fmt.money(row['spent'])} spent so far",
                    None,
                )
            )
    if most is not None:
        found.append(
            Action(
                f"Choose at most {most} strategies and pause the others",
                "sales director",
                due,
                "more run at once",
                None,
            )
        )
    return found
