"""The brief and the director's pages, put together from what the chapters recorded for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playbook.base.formats import plural
from playbook.report.run.plan import Source

from .results import Outcome
from .summary import actions

Json = dict[str, Any]
TILES, DECISIONS, OPEN = 8, 5, 24
ORDER = ("forecast", "goals", "regions", "customers", "funnel", "people", "pay")
BOLD = re.compile(r"\*\*(.+?)\*\*")


def contributions(outcomes: Sequence[Outcome]) -> list[Json]:
    """What each chapter gave, in the order of the book."""
    return [record["director"] for o in outcomes for record in o.records if record.get("director")]


def brief(source: Source, outcomes: Sequence[Outcome]) -> Json | None:
    """The page a director reads first; None where no chapter gave a tile."""
    given = contributions(outcomes)
    tiles = sorted((t for c in given for t in c["tiles"]), key=lambda t: t["rank"])[:TILES]
    if not tiles:
        return None
    parts = [part for c in given for part in c["title"]][:3]
    bridge = next((c["bridge"] for c in given if c["bridge"]), None)
    prose = [
        {"title": title, "parts": bold(" ".join(c[key] for c in given if c[key]))}
        for title, key in (("What happened", "happened"), ("Why", "why"), ("What to do", "todo"))
    ]
    return {
        "title": _sentence(parts),
        "note": _note(source),
        "tiles": tiles,
        "bridge": bridge,
        "prose": [p for p in prose if p["parts"]],
        "decisions": decisions(source, outcomes),
        "checks": [{"ok": ok, "text": text} for c in given for ok, text in c["checks"]][:6],
    }


def sheets(source: Source, outcomes: Sequence[Outcome], changes: Json | None) -> list[Json]:
    """The director's pages after the brief, always in the same order; absent ones close up."""
    found = {s["name"]: s for c in contributions(outcomes) for s in c["sheets"]}
    pages = [changes, *(found[name] for name in ORDER if name in found)]
    last = open_actions(source, outcomes)
    return [page for page in (*pages, last) if page]


def bold(text: str) -> list[Json]:
    """``**words**`` as parts: text and whether it is bold."""
    parts = BOLD.split(text)
    return [{"text": part, "bold": i % 2 == 1} for i, part in enumerate(parts) if part]


def decisions(source: Source, outcomes: Sequence[Outcome]) -> Json | None:
    """The five actions worth most, at most two of one chapter before another's turn."""
    chosen: list[Json] = []
    rest: list[Json] = []
    for outcome in outcomes:
        ranked = sorted(actions([outcome]), key=lambda a: (-(a["worth"] or 0), str(a["due"])))
        chosen += ranked[:2]
        rest += ranked[2:]
    first = sorted(chosen, key=_most)[:DECISIONS]
    first += sorted(rest, key=_most)[: DECISIONS - len(first)]
    if not first:
        return None
    lines = [_line(source, a, str(i)) for i, a in enumerate(sorted(first, key=_most), start=1)]
    return {
        "type": "rows",
        "name": "decisions",
        "wide": 1.0,
        "title": f"{_number(len(lines))} to decide or to do, worth most first",
        "note": "",
        "foot": "Rows may cut the same money in several ways: they are not summed.",
        "columns": _columns(),
        "lines": lines,
    }


def open_actions(source: Source, outcomes: Sequence[Outcome]) -> Json | None:
    """The page of open actions, due first."""
    every = actions(outcomes)
    if not every:
        return None
    late = [a for a in every if str(a["due"]) < source.as_of.isoformat()]
    shown = sorted(every, key=lambda a: (-(a["worth"] or 0), str(a["due"])))[:OPEN]
    shown.sort(key=lambda a: (str(a["due"]), -(a["worth"] or 0)))
    state = f", {plural(len(late), 'action')} overdue" if late else ", none overdue"
    return {
        "name": "actions",
        "title": f"{plural(len(every), 'open action')}{state}",
        "note": (
            f"The {len(shown)} worth most, by the day they are due · all of them with their owners"
            " in actions.xlsx"
        ),
        "question": "Who owes what?",
        "joins": False,
        "panels": [
            {
                "type": "rows",
                "name": "actions",
                "wide": 1.0,
                "title": "Open actions",
                "note": "worth as the chapter that asks for it computes it; rows are not summed",
                "foot": "",
                "columns": _columns(),
                "lines": [_line(source, a, str(i)) for i, a in enumerate(shown, start=1)],
            }
        ],
    }


def _columns() -> list[Json]:
    def column(label: str, width: float, right: bool = False) -> Json:
        kind = "num" if right else "text"
        return {
            "label": label,
            "kind": kind,
            "width": width,
            "right": right,
            "scale": None,
            "mark": None,
        }

    return [
        column("", 0.18),
        column("What", 3.4),
        column("Owner", 1.3),
        column("Due", 1.05),
        column("Worth", 0.75, True),
        column("Rests on", 2.3),
    ]


def _line(source: Source, action: Mapping[str, Any], number: str) -> Json:
    fmt = source.fmt
    unit = action["unit"]
    worth = fmt.text(action["worth"], unit, compact=unit in ("money", fmt.currency))
    due = str(action["due"])
    late = due < source.as_of.isoformat()
    return {
        "style": "",
        "cells": [
            {"text": number, "tone": "strong"},
            {"text": str(action["what"]), "tone": ""},
            {"text": fmt.text(action["owner"]), "tone": ""},
            {"text": _day(due, source), "tone": "bad" if late else ""},
            {"text": worth, "tone": "strong"},
            {"text": str(action["why"] or ""), "tone": "muted"},
        ],
    }


def _day(text: str, source: Source) -> str:
    from datetime import date

    try:
        return source.fmt.text(date.fromisoformat(text), "date")
    except ValueError:
        return text


def _most(action: Mapping[str, Any]) -> tuple:
    return (-(action["worth"] or 0), str(action["due"]), str(action["what"]))


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _number(n: int) -> str:
    return ("No", "One", "Two", "Three", "Four", "Five")[n]


def _note(source: Source) -> str:
    return (
        f"{source.currency}, net of refunds · {source.fmt.text(source.month, 'month')} · as of"
        f" {source.fmt.text(source.as_of, 'date')}"
    )
