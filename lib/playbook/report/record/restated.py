"""What an earlier pack said that today's data or lists say differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playbook.base.formats import plural
from playbook.base.language import say
from playbook.base.months import Month
from playbook.report.run.plan import Source

from .change_cells import cell, columns_of, rows_panel, total_of
from .results import Outcome
from .summary import actions, day_text

Json = dict[str, Any]


def restated_panel(
    given: Sequence[Json], then: Mapping, source: Source, before: str
) -> Json | None:
    """Numbers of the last month that today's data give differently."""
    if str(Month.parse(source.month) - 1) != before:
        return None
    fmt, lines = source.fmt, []
    for tile in (t for c in given for t in c["tiles"]):
        old = total_of(then, tile["key"], "month")
        spark = tile.get("spark") or {}
        values: list[float | None] = spark.get("actual") or []
        if old is None or len(values) < 13 or values[-2] is None:
            continue
        new = float(values[-2])
        if abs(new - float(old["value"])) < max(1e-9, 5e-7 * abs(new)):
            continue
        unit = old["unit"]
        compact = unit in ("money", fmt.currency)
        lines.append(
            {
                "style": "",
                "cells": [
                    cell(tile["label"]),
                    cell(fmt.text(old["value"], unit, compact=compact), "muted"),
                    cell(fmt.text(new, unit, compact=compact), "strong"),
                ],
            }
        )
    if not lines:
        return None
    return rows_panel(
        say(
            "Restated: {numbers} of {before} changed since printed",
            numbers=plural(len(lines), "number"),
            before=fmt.text(before, "month"),
        ),
        say("late or corrected rows in today's data"),
        columns_of(
            ("", "text", 2.0, False),
            (say("printed"), "num", 1.0, True),
            (say("today"), "num", 1.0, True),
        ),
        lines,
    )


def actions_panel(source: Source, outcomes: Sequence[Outcome], last: Json) -> Json | None:
    """Actions of the last pack that are still open, gone, and those that are new."""
    before = last.get("short", {}).get("actions")
    if before is None:
        return None
    fmt = source.fmt

    def names(rows: Sequence[Mapping]) -> dict[Any, Mapping]:
        return {a.get("id") or (str(a["what"]), a["owner"]): a for a in rows}

    old, new = names(before), names(actions(outcomes))
    kept = [a for k, a in new.items() if k in old]
    late = [a for a in new.values() if str(a["due"]) < source.as_of.isoformat()]
    late.sort(key=lambda a: str(a["due"]))
    lines = [
        {
            "style": "",
            "cells": [
                cell(a["what"]),
                cell(fmt.text(a["owner"])),
                cell(say("due {day}", day=day_text(a["due"], fmt)), "bad"),
            ],
        }
        for a in late[:8]
    ]
    gone = len(old) - len(kept)
    added = len(new) - len(kept)
    return rows_panel(
        say(
            "Actions: {gone} no longer open, {kept} carried over, {added} new, {late} overdue",
            gone=gone,
            kept=len(kept),
            added=added,
            late=len(late),
        ),
        say("the same action has the same number in both packs; the oldest overdue ones"),
        columns_of(("", "text", 4.0, False), ("", "text", 1.4, False), ("", "text", 1.0, True)),
        lines,
    )
