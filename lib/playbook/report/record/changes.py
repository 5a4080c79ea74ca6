"""What changed since the last pack, by what that pack printed: never by a re-run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from playbook.base.formats import Formats, joined
from playbook.base.language import later, named, say, term
from playbook.report.run.plan import Source

from .change_cells import bare, cell, columns_of, rows_panel, total_of
from .restated import actions_panel, restated_panel
from .results import Outcome, key, kpis

Json = dict[str, Any]
SHOWN = (
    ("sales", "month", later("Sales of the month")),
    ("orders", "month", later("Orders")),
    ("new_customers", "month", later("New customers")),
    ("win_rate.narrow", "month", later("Win rate (won ÷ decided)")),
    ("renewal_rate", "month", later("Renewal rate")),
    ("pipeline.open", "all", later("Open pipeline")),
    ("match_rate", "month", later("Need-match rate")),
    ("customers.active", "rfm_window", later("Active customers")),
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
        "note": say(
            "pack of {month} as it was printed against this one · {currency}, net of refunds",
            month=fmt.text(last["month"], "month"),
            currency=source.currency,
        ),
        "question": say("What is new since we met?"),
        "joins": False,
        "panels": shown,
    }


def _title(now: Mapping, then: Mapping, came: Json | None, month: str, fmt: Formats) -> str:
    parts = []
    a, b = (total_of(n, "attainment_probability", "year_to_date") for n in (then, now))
    if a and b:
        one, two = (fmt.chance(k["value"]) for k in (a, b))
        since = fmt.text(month, "month")
        if one == two:
            told = say("Since {since} the year’s chance stayed at {two}", since=since, two=two)
        elif b["value"] > a["value"]:
            told = say(
                "Since {since} the year’s chance rose from {one} to {two}",
                since=since,
                one=one,
                two=two,
            )
        else:
            told = say(
                "Since {since} the year’s chance fell from {one} to {two}",
                since=since,
                one=one,
                two=two,
            )
        parts.append(told)
    if came:
        parts.append(came["title"][:1].lower() + came["title"][1:] if parts else came["title"])
    return joined(parts, "; ") or say(
        "What the pack of {month} said, and what came", month=fmt.text(month, "month")
    )


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
        where = later("inside")
        if value > f["high"]:
            where = later("above")
        elif value < f["low"]:
            where = later("below")
        outside += where != "inside"
        high = max(high, value, f["high"])
        tone = {"above": "good", "below": "bad"}.get(where, "muted")
        lines.append(
            {
                "style": "total" if not f["dimension"] else "",
                "cells": [
                    cell(named(f["member"] or "All")),
                    {"v": value, "lo": f["low"], "hi": f["high"], "text": "", "tone": tone},
                    cell(bare(fmt, f["middle"]), "muted"),
                    cell(bare(fmt, value), "strong"),
                    cell(term(where), tone),
                ],
            }
        )
    if not lines:
        return None
    expected = 0.2 * len(lines)
    return rows_panel(
        say(
            "{outside} of {lines} forecasts missed their 80 % interval;"
            " {expected:.0f} {en_were} to be expected",
            outside=outside,
            lines=len(lines),
            expected=expected,
            en_were="was" if round(expected) == 1 else "were",
        ),
        say(
            "forecast of {month}, its 80 % interval, and what came",
            month=fmt.text(last["month"], "month"),
        ),
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
                cell("–" if chance is None else fmt.chance(chance["value"]), "strong"),
            ],
        }
        for label, made, chance in rows
    ]
    moved = ""
    if target is not None and before is not None:
        same = abs(target["value"] - before["value"]) < 0.5
        moved = (
            say("The year's target has not moved.")
            if same
            else say(
                "The year's target moved from {before} to {now}.",
                before=fmt.money(before["value"], compact=True),
                now=fmt.money(target["value"], compact=True),
            )
        )
    one, two = (bare(fmt, made["value"]) for _, made, _ in rows)
    return rows_panel(
        say("The year: {one} → {two}", one=one, two=two),
        say("forecast of the year with its 80 % interval; dashed: the plan in force"),
        columns_of(
            ("", "text", 1.0, False),
            ("", "dot", 2.6, False, [min(ends) - room, max(ends) + room], mark),
            (say("chance"), "num", 0.7, True),
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
            else say(
                "{change} (from {value})",
                change=fmt.count(change, sign=True),
                value=fmt.count(a["value"]),
            )
        )
        overlap = None
        if rate and None not in (a.get("low"), b.get("low")):
            overlap = a["low"] <= b["high"] and b["low"] <= a["high"]
        lines.append(
            {
                "style": "",
                "cells": [
                    cell(say(label)),
                    cell(fmt.text(a["value"], unit, compact=compact), "muted"),
                    cell(fmt.text(b["value"], unit, compact=compact), "strong"),
                    cell(text, "chance" if overlap else ""),
                    cell(
                        ""
                        if overlap is None
                        else say("within chance")
                        if overlap
                        else say("beyond chance"),
                        "muted" if overlap else "",
                    ),
                ],
            }
        )
    if not lines:
        return None
    return rows_panel(
        say("The month's numbers, as each pack printed them"),
        say("rates are called beyond chance where their 95 % intervals do not meet"),
        columns_of(
            ("", "text", 2.0, False),
            (fmt.text(before, "month"), "num", 1.0, True),
            (fmt.text(month, "month"), "num", 1.0, True),
            ("Δ", "num", 1.0, True),
            ("", "text", 1.2, True),
        ),
        lines,
    )
