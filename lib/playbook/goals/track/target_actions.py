"""What targets ask for: a way back to the curve, and an owner."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing
from playbook.base.language import later, say
from playbook.goals.labels import has_left, metric_label, named, owner_label, period_name
from playbook.page import Action

from .target_tables import rows_by_window

CATCH_UP = later(  # by: the metric adds up over months; less of it is better
    {
        (True, False): "Bring {named} back to its curve in {metric}: {amount} behind",
        (True, True): "Bring {named} back to its curve in {metric}: {amount} above",
        (False, False): "Bring {named} back to its target in {metric}: {amount} behind",
        (False, True): "Bring {named} back to its target in {metric}: {amount} above",
    }
)


def catching_up(table: pd.DataFrame, due: date, currency: str, fmt: Formats) -> list[Action]:
    """One action for each part of the company that is red or amber and behind its curve in the
    longest window that still runs; the company's sales themselves are what the chapter is about.

    table: ``TargetRows``; due: by when.
    """
    still = [frame for _, frame in rows_by_window(table) if frame["days"].gt(0).any()]
    return [
        _catch_up(row, due, currency, fmt)
        for frame in still[:1]
        for row in frame.to_dict("records")
        if row["status"] in ("red", "amber")
        and (row["members"] or row["metric"] != "sales")
        and _short(row) > 0
    ]


def _short(row: dict[str, Any]) -> float:
    """How far a target is from its curve, in its unit; 0 or less on or ahead of it."""
    short: float = row["to_date"] - float(row["actual"])
    return -short if row["falls"] else short


def _catch_up(row: dict[str, Any], due: date, currency: str, fmt: Formats) -> Action:
    short, is_share = _short(row), row["unit"] == "share"
    amount = fmt.text(short, "pp" if is_share else row["unit"], decimals=1 if is_share else 0)
    chance = (
        ""
        if is_missing(row["chance"])
        else say(", chance of the target {chance}", chance=fmt.chance(row["chance"]))
    )
    return Action(
        say(
            CATCH_UP[bool(row["additive"]), bool(row["falls"])],
            named=named(row),
            metric=metric_label(row["metric"]).lower(),
            amount=amount.removeprefix("+"),
        ),
        owner_label(row["owner"]),
        due,
        say(
            "pace {pace} in {period}{chance}",
            pace=fmt.text(row["pace"], "ratio"),
            period=period_name(row["period"]),
            chance=chance,
        ),
        short if row["unit"] == currency else None,
    )


def owners_to_name(table: pd.DataFrame, due: date) -> list[Action]:
    """Targets whose owner has left, or that have none. table: ``TargetRows``."""
    rows = table.drop_duplicates(["label", "owner"])
    if (rows["owner"] == "").all() and len(rows) > 1:
        return [
            Action(
                say("Name an owner for each target"), "", due, say("the targets name none"), None
            )
        ]
    rows = rows[(rows["owner"] == "") | rows["owner"].map(has_left)]
    return [
        Action(
            say("Name an owner for the targets of {named}", named=named(row)),
            "",
            due,
            owner_label(row["owner"]) or say("no owner is given"),
            None,
        )
        for row in rows.to_dict("records")
    ]
