"""What changed since the last pack, by what that pack printed: never by a re-run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playbook.base.formats import Formats, plural
from playbook.base.months import Month
from playbook.report.run.plan import Source

from .results import Outcome, key, kpis
from .summary import actions

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


def printed(out: Path, name: str, month: str) -> Json | None:
    """results.json of the newest complete pack of a book before ``month``; None without one."""
    earlier = sorted((p.name for p in out.glob("????-??") if p.name < month), reverse=True)
    for folder in earlier:
        path = out / folder / name / "results.json"
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(found, dict) and found.get("month") == folder:
            return found
    return None


def short_record(outcomes: Sequence[Outcome]) -> Json:
    """What others than the reader need of the short editions: title and first tiles for the
    archive's page; forecasts and open actions, which the next pack is compared with.
    """
    given = [r["director"] for o in outcomes for r in o.records if r.get("director")]
    tiles = sorted((t for c in given for t in c["tiles"]), key=lambda t: t["rank"])
    return {
        "title": "; ".join([part for c in given for part in c["title"]][:3]),
        "tiles": [
            {
                "label": t["label"],
                "value": t["value"],
                "deltas": [
                    f"{d['label']} {d['text']}" for d in t["deltas"] if d["size"] is not None
                ],
            }
            for t in tiles[:3]
        ],
        "forecasts": [forecast for c in given for forecast in c["forecasts"]],
        "actions": [
            {"id": a["id"], "what": str(a["what"]), "owner": a["owner"], "due": str(a["due"])}
            for a in actions(outcomes)
        ],
    }


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
        _restated(given, then, source, last["month"]),
        _actions(source, outcomes, last),
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


def _total(numbers: Mapping, name: str, window: str) -> Json | None:
    found = numbers.get((name, window, "null"))
    return found if found is not None and found.get("value") is not None else None


def _title(now: Mapping, then: Mapping, came: Json | None, month: str, fmt: Formats) -> str:
    parts = []
    a, b = (_total(n, "attainment_probability", "year_to_date") for n in (then, now))
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


def _columns(*columns: tuple) -> list[Json]:
    keys = ("label", "kind", "width", "right", "scale", "mark")
    return [dict(zip(keys, (*c, *(None,) * (6 - len(c))), strict=True)) for c in columns]


def _cell(text: Any, tone: str = "") -> Json:
    return {"text": str(text), "tone": tone}


def _rows(title: str, note: str, columns: list[Json], lines: list[Json], **more: Any) -> Json:
    return {
        "type": "rows",
        "name": "",
        "wide": 1.0,
        "foot": "",
        "title": title,
        "note": note,
        "columns": columns,
        "lines": lines,
        **more,
    }


def _bare(fmt: Formats, value: float, sign: bool = False) -> str:
    return fmt.money(value, compact=True, sign=sign).replace(fmt.symbol, "")


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
                    _cell(f["member"] or "All"),
                    {"v": value, "lo": f["low"], "hi": f["high"], "text": "", "tone": tone},
                    _cell(_bare(fmt, f["middle"]), "muted"),
                    _cell(_bare(fmt, value), "strong"),
                    _cell(where, tone),
                ],
            }
        )
    if not lines:
        return None
    expected = 0.2 * len(lines)
    return _rows(
        f"{outside} of {len(lines)} forecasts missed their 80 % interval;"
        f" {expected:.0f} {'was' if round(expected) == 1 else 'were'} to be expected",
        f"forecast of {fmt.text(last['month'], 'month')}, its 80 % interval, and what came",
        _columns(
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
        made = _total(numbers, "projection", "year_to_date")
        chance = _total(numbers, "attainment_probability", "year_to_date")
        if made is None or made.get("low") is None:
            return None
        ends += [made["low"], made["high"], made["value"]]
        rows.append((label, made, chance))
    target, before = (_total(n, "target", "year_to_date") for n in (now, then))
    mark = None if target is None else float(target["value"])
    if mark is not None:
        ends.append(mark)
    room = (max(ends) - min(ends)) * 0.08 or 1.0
    lines = [
        {
            "style": "",
            "cells": [
                _cell(fmt.text(label, "month")),
                {
                    "v": made["value"],
                    "lo": made["low"],
                    "hi": made["high"],
                    "text": _bare(fmt, made["value"]),
                    "tone": "",
                },
                _cell("–" if chance is None else f"{chance['value'] * 100:.0f} %", "strong"),
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
    one, two = (_bare(fmt, made["value"]) for _, made, _ in rows)
    return _rows(
        f"The year: {one} → {two}",
        "forecast of the year with its 80 % interval; dashed: the plan in force",
        _columns(
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
        a, b = _total(then, name, window), _total(now, name, window)
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
                    _cell(label),
                    _cell(fmt.text(a["value"], unit, compact=compact), "muted"),
                    _cell(fmt.text(b["value"], unit, compact=compact), "strong"),
                    _cell(text, "chance" if overlap else ""),
                    _cell(
                        "within chance" if overlap else "beyond chance" if overlap is False else "",
                        "muted" if overlap else "",
                    ),
                ],
            }
        )
    if not lines:
        return None
    return _rows(
        "The month's numbers, as each pack printed them",
        "rates are called beyond chance where their 95 % intervals do not meet",
        _columns(
            ("", "text", 2.0, False),
            (fmt.text(before, "month"), "num", 1.0, True),
            (fmt.text(month, "month"), "num", 1.0, True),
            ("Δ", "num", 1.0, True),
            ("", "text", 1.2, True),
        ),
        lines,
    )


def _restated(given: Sequence[Json], then: Mapping, source: Source, before: str) -> Json | None:
    """Numbers of the last month that today's data give differently."""
    if str(Month.parse(source.month) - 1) != before:
        return None
    fmt, lines = source.fmt, []
    for tile in (t for c in given for t in c["tiles"]):
        old = _total(then, tile["key"], "month")
        spark = tile.get("spark") or {}
        values = spark.get("actual") or ()
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
                    _cell(tile["label"]),
                    _cell(fmt.text(old["value"], unit, compact=compact), "muted"),
                    _cell(fmt.text(new, unit, compact=compact), "strong"),
                ],
            }
        )
    if not lines:
        return None
    return _rows(
        f"Restated: {plural(len(lines), 'number')} of {fmt.text(before, 'month')} changed since"
        " printed",
        "late or corrected rows in today's data",
        _columns(
            ("", "text", 2.0, False), ("printed", "num", 1.0, True), ("today", "num", 1.0, True)
        ),
        lines,
    )


def _actions(source: Source, outcomes: Sequence[Outcome], last: Json) -> Json | None:
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
                _cell(a["what"]),
                _cell(fmt.text(a["owner"])),
                _cell(f"due {_day(a['due'], fmt)}", "bad"),
            ],
        }
        for a in late[:8]
    ]
    gone = len(old) - len(kept)
    added = len(new) - len(kept)
    return _rows(
        f"Actions: {gone} no longer open, {len(kept)} carried over, {added} new,"
        f" {len(late)} overdue",
        "the same action has the same number in both packs; the oldest overdue ones",
        _columns(("", "text", 4.0, False), ("", "text", 1.4, False), ("", "text", 1.0, True)),
        lines,
    )


def _day(text: Any, fmt: Formats) -> str:
    from datetime import date

    try:
        return fmt.text(date.fromisoformat(str(text)), "date")
    except ValueError:
        return str(text)
