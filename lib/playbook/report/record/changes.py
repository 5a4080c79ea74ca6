"""What changed since the last pack, by what that pack printed: never by a re-run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from playbook.base.formats import Formats
from playbook.report.run.plan import Source

from .change_cells import bare, cell, columns_of, rows_panel, total_of
from .restated import actions_panel, restated_panel
from .results import Outcome, key, kpis

Json = dict[str, Any]
SHOWN = (
    ("sales", "month", "Sales of the month"),
    ("orders", "month", "Orders"),
    ("new_customers", "month", "New customers"),
    ("win_rate.narrow", "month", "Win rate (won ÷ decided)"),
    ("renewal_rate", "month", "Renewal rate"),
    ("pipeline.open", "all", "Open pipeline"),
    ("match_rate", "month", "Need-match rate"),
    ("customers.active", "rfm_window", "Active customers"),
)
# A state without a day is today's: two months of it, printed or re-run, cannot be compared.
UNDATED = ("follow_up.overdue",)


def changes_sheet(
    source: Source, outcomes: Sequence[Outcome], given: Sequence[Json], last: Json | None
) -> Json | None:
    """The page; None for the first pack of a book."""
    if last is None:
        return None
    now = {key(k): k for k in kpis(outcomes)}
    then = {key(k): k for k in last.get("kpis", ())}
    fmt = source.fmt
    came = _came(source, now, last)
    panels = [
        came,
        _year(now, then, last, source, wide=0.42),
        _numbers(now, then, fmt, last["month"], str(source.month)),
        restated_panel(given, then, source, last["month"]),
        actions_panel(source, outcomes, last),
    ]
    shown = [panel for panel in panels if panel is not None]
    if not shown:
        return None
    return {
        "name": "changes",
        "title": _title(now, then, came, last["month"], fmt),
        "note": (
            f"pack of {fmt.text(last['month'], 'month')} as it was printed against this one ·"
            f" {source.currency}, net of refunds"
        ),
        "question": "What is new since we met?",
        "joins": False,
        "panels": shown,
    }


def _title(now: Mapping, then: Mapping, came: Json | None, month: str, fmt: Formats) -> str:
    parts = []
    a, b = (total_of(n, "attainment_probability", "year_to_date") for n in (then, now))
    if a and b:
        one, two = (f"{k['value'] * 100:.0f} %" for k in (a, b))
        way = "rose" if b["value"] > a["value"] else "fell" if b["value"] < a["value"] else "stayed"
        since = fmt.text(month, "month")
        parts.append(
            f"Since {since} the year’s chance {way} from {one} to {two}"
            if way != "stayed" and one != two
            else f"Since {since} the year’s chance stayed at {two}"
        )
    if came:
        parts.append(came["title"][:1].lower() + came["title"][1:] if parts else came["title"])
    return "; ".join(parts) or f"What the pack of {fmt.text(month, 'month')} said, and what came"


def _came(source: Source, now: Mapping, last: Json) -> Json | None:
    """Last month's forecasts of this month, and what came."""
    fmt, lines, outside = source.fmt, [], 0
    forecasts = [
        f for f in last.get("short", {}).get("forecasts", ()) if f["month"] == str(source.month)
    ]
    high = 0.0
    for f in forecasts:
        by = json.dumps({f["dimension"]: f["member"]}) if f["dimension"] else "null"
        by = json.dumps(json.loads(by), sort_keys=True, ensure_ascii=False)
        actual = now.get(("sales", "month", by))
        if actual is None or actual["value"] is None:
            continue
        value = float(actual["value"])
        where = "above" if value > f["high"] else "below" if value < f["low"] else "inside"
        outside += where != "inside"
        high = max(high, value, f["high"])
        tone = {"above": "good", "below": "bad"}.get(where, "muted")
        lines.append(
            {
                "style": "total" if not f["dimension"] else "",
                "cells": [
                    cell(f["member"] or "All"),
                    {"v": value, "lo": f["low"], "hi": f["high"], "text": "", "tone": tone},
                    cell(bare(fmt, f["middle"]), "muted"),
                    cell(bare(fmt, value), "strong"),
                    cell(where, tone),
                ],
            }
        )
    if not lines:
        return None
    expected = 0.2 * len(lines)
    return rows_panel(
        f"{outside} of {len(lines)} forecasts missed their 80 % interval;"
        f" {expected:.0f} {'was' if round(expected) == 1 else 'were'} to be expected",
        f"forecast of {fmt.text(last['month'], 'month')}, its 80 % interval, and what came",
        columns_of(
            ("", "text", 1.4, False),
            ("", "dot", 3.0, False, [0.0, high or 1.0]),
            ("FC", "num", 0.8, True),
            ("AC", "num", 0.8, True),
            ("", "text", 0.8, True),
        ),
        lines[:12],
        wide=0.58,
    )


def _year(now: Mapping, then: Mapping, last: Json, source: Source, wide: float) -> Json | None:
    fmt, rows = source.fmt, []
    ends: list[float] = []
    for label, numbers in ((last["month"], then), (source.month, now)):
        made = total_of(numbers, "projection", "year_to_date")
        chance = total_of(numbers, "attainment_probability", "year_to_date")
        if made is None or made.get("low") is None:
            return None
        ends += [made["low"], made["high"], made["value"]]
        rows.append((label, made, chance))
    target, before = (total_of(n, "target", "year_to_date") for n in (now, then))
    mark = None if target is None else float(target["value"])
    if mark is not None:
        ends.append(mark)
    room = (max(ends) - min(ends)) * 0.08 or 1.0
    lines = [
        {
            "style": "",
            "cells": [
                cell(fmt.text(label, "month")),
                {
                    "v": made["value"],
                    "lo": made["low"],
                    "hi": made["high"],
                    "text": bare(fmt, made["value"]),
                    "tone": "",
                },
                cell("–" if chance is None else f"{chance['value'] * 100:.0f} %", "strong"),
            ],
        }
        for label, made, chance in rows
    ]
    moved = ""
    if target is not None and before is not None:
        same = abs(target["value"] - before["value"]) < 0.5
        moved = (
            "The year's target has not moved."
            if same
            else f"The year's target moved from {fmt.money(before['value'], compact=True)} to"
            f" {fmt.money(target['value'], compact=True)}."
        )
    one, two = (bare(fmt, made["value"]) for _, made, _ in rows)
    return rows_panel(
        f"The year: {one} → {two}",
        "forecast of the year with its 80 % interval; dashed: the plan in force",
        columns_of(
            ("", "text", 1.0, False),
            ("", "dot", 2.6, False, [min(ends) - room, max(ends) + room], mark),
            ("chance", "num", 0.7, True),
        ),
        lines,
        wide=wide,
        foot=moved,
    )


def _numbers(now: Mapping, then: Mapping, fmt: Formats, before: str, month: str) -> Json | None:
    lines = []
    for name, window, label in SHOWN:
        a, b = total_of(then, name, window), total_of(now, name, window)
        if a is None or b is None:
            continue
        unit = b["unit"]
        compact = unit in ("money", fmt.currency)
        rate = unit in ("share", "pp")
        change = b["value"] - a["value"]
        text = (
            fmt.text(change, "pp")
            if rate
            else fmt.share(change / abs(a["value"]), sign=True)
            if abs(a["value"]) >= 5
            else f"{fmt.count(change, sign=True)} (from {fmt.count(a['value'])})"
        )
        overlap = None
        if rate and None not in (a.get("low"), b.get("low")):
            overlap = a["low"] <= b["high"] and b["low"] <= a["high"]
        lines.append(
            {
                "style": "",
                "cells": [
                    cell(label),
                    cell(fmt.text(a["value"], unit, compact=compact), "muted"),
                    cell(fmt.text(b["value"], unit, compact=compact), "strong"),
                    cell(text, "chance" if overlap else ""),
                    cell(
                        "within chance" if overlap else "beyond chance" if overlap is False else "",
                        "muted" if overlap else "",
                    ),
                ],
            }
        )
    if not lines:
        return None
    return rows_panel(
        "The month's numbers, as each pack printed them",
        "rates are called beyond chance where their 95 % intervals do not meet",
        columns_of(
            ("", "text", 2.0, False),
            (fmt.text(before, "month"), "num", 1.0, True),
            (fmt.text(month, "month"), "num", 1.0, True),
            ("Δ", "num", 1.0, True),
            ("", "text", 1.2, True),
        ),
        lines,
    )
