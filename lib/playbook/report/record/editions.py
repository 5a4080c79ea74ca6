"""The brief and the director's pages, put together from what the chapters recorded for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playbook.base.action_ids import EVENTS, FINDING
from playbook.base.formats import joined, plural
from playbook.base.language import later, say, term
from playbook.report.run.plan import Source

from .results import Outcome
from .summary import actions, day_text

Json = dict[str, Any]
TILES, DECISIONS, OPEN = 8, 5, 24
ORDER = ("forecast", "goals", "regions", "customers", "funnel", "people", "pay")
# Events of the daily rhythm: the lists of their owners have them, a director's decisions do not.
ROUTINE = later(
    (
        "value check",
        "satisfaction call",
        "follow-up",
        "care visit",
        "care call",
        "care plan",
        "greeting",
    )
)
OTHERS = later(("renewal", "change of approach", "win back", "task", "meeting"))  # said by term()
KINDS = {number: kind for kind, number in EVENTS.items()} | {FINDING: later("finding of a chapter")}
NUMBERS = later(("No", "One", "Two", "Three", "Four", "Five"))
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
    parts = parts or [f"{tile['label']} {tile['value']}" for tile in tiles[:2]]
    bridge = next((told(c["bridge"]) for c in given if c["bridge"]), None)
    prose = [
        {"title": title, "parts": bold(joined((c[key] for c in given if c[key]), " "))}
        for title, key in (
            (say("What happened"), "happened"),
            (say("Why"), "why"),
            (say("What to do"), "todo"),
        )
    ]
    return {
        "title": _sentence(parts),
        "note": _note(source, given),
        "tiles": _compared(tiles),
        "bridge": bridge,
        "prose": [p for p in prose if p["parts"]],
        "decisions": decisions(source, outcomes),
        "more": joined((c["more"] for c in given if c.get("more")), " "),
        "checks": [{"ok": ok, "text": text} for c in given for ok, text in c["checks"]][:6],
    }


def sheets(source: Source, outcomes: Sequence[Outcome], changes: Json | None) -> list[Json]:
    """The director's pages after the brief, always in the same order; absent ones close up."""
    found: dict[str, Json] = {}
    for sheet in (s for c in contributions(outcomes) for s in c["sheets"]):
        panels = [told(panel) for panel in sheet["panels"]]
        first = found.setdefault(sheet["name"], {**sheet, "panels": []})
        first["panels"] += panels  # a later chapter adds to the page of the one before
    pages = [changes, *(found[name] for name in ORDER if name in found)]
    last = open_actions(source, outcomes)
    return [page for page in (*pages, last) if page]


def told(panel: Json) -> Json:
    """A panel without the columns of numbers in which no line has one (a book without a plan)."""
    if panel["type"] != "rows":
        return panel
    keep = [
        i
        for i, column in enumerate(panel["columns"])
        if column["kind"] != "num"
        or any(line["cells"][i]["text"] not in ("", "–") for line in panel["lines"])
    ]
    lines = [{**line, "cells": [line["cells"][i] for i in keep]} for line in panel["lines"]]
    return {**panel, "columns": [panel["columns"][i] for i in keep], "lines": lines}


def bold(text: str) -> list[Json]:
    """``**words**`` as parts: text and whether it is bold."""
    parts = BOLD.split(text)
    return [{"text": part, "bold": i % 2 == 1} for i, part in enumerate(parts) if part]


def decisions(source: Source, outcomes: Sequence[Outcome]) -> Json | None:
    """The five actions worth most, at most two of one chapter before another's turn."""
    chosen: list[Json] = []
    rest: list[Json] = []
    for outcome in outcomes:
        ranked = sorted(_unusual(actions([outcome])), key=_most)
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
        "title": _decided(lines, first),
        "note": "",
        "foot": say("Rows may cut the same money in several ways: they are not summed.")
        if _priced(first) > 1
        else "",
        "columns": _columns(),
        "lines": lines,
    }


def _decided(lines: Sequence[Json], first: Sequence[Json]) -> str:
    if len(lines) == 1:
        return say("One thing to decide or to do")
    number = say(NUMBERS[len(lines)])
    if _priced(first):
        return say("{number} to decide or to do, worth most first", number=number)
    return say("{number} to decide or to do, by the day they are due", number=number)


def _priced(every: Sequence[Json]) -> int:
    """How many of the actions say what they are worth."""
    return sum(action["worth"] is not None for action in every)


def open_actions(source: Source, outcomes: Sequence[Outcome]) -> Json | None:
    """The page of open actions: how many of each kind, and those beyond the daily rhythm by the
    day they are due.
    """
    every = actions(outcomes)
    if not every:
        return None
    rare = _unusual(every)
    late = [a for a in rare if _late(a, source)]
    shown = sorted(rare, key=_most)[:OPEN]
    shown.sort(key=lambda a: (str(a["due"]), -(a["worth"] or 0)))
    routine = len(every) - len(rare)
    counted = plural(len(rare), "open action")
    title = (
        say(
            "{open_actions}, {late} overdue", open_actions=counted, late=source.fmt.count(len(late))
        )
        if late
        else say("{open_actions}, none overdue", open_actions=counted)
    )
    if routine:
        behind = sum(_late(a, source) for a in every) - len(late)
        events = plural(routine, "event")
        title += (
            say(
                "; {events} of the daily rhythm beside them, {late} overdue",
                events=events,
                late=source.fmt.count(behind),
            )
            if behind
            else say("; {events} of the daily rhythm beside them", events=events)
        )
    kinds = _by_kind(source, every)
    panels = [kinds] if len(kinds["lines"]) > 1 else []  # of one kind the title tells it all
    if shown:
        panels.append(
            {
                "type": "rows",
                "name": "actions",
                "wide": 1.0,
                "title": say("Open actions beyond the daily rhythm")
                if routine
                else say("Open actions"),
                "note": say(
                    "worth as the chapter that asks for it computes it; rows are not summed"
                )
                if _priced(shown)
                else "",
                "foot": "",
                "columns": _columns(),
                "lines": [_line(source, a, str(i)) for i, a in enumerate(shown, start=1)],
            }
        )
    return {
        "name": "actions",
        "title": title,
        "note": say(
            "The {n} worth most, by the day they are due · all of them with their owners in"
            " actions.xlsx",
            n=len(shown),
        )
        if len(shown) < len(every)
        else say("By the day they are due · as a table in actions.xlsx"),
        "question": say("Who owes what?"),
        "joins": False,
        "panels": panels,
    }


def _kind(action: Mapping[str, Any]) -> str:
    return KINDS.get(str(action.get("id") or "")[:2], KINDS[FINDING])


def _unusual(every: Sequence[Json]) -> list[Json]:
    return [a for a in every if _kind(a) not in ROUTINE]


def _late(action: Mapping[str, Any], source: Source) -> bool:
    return str(action["due"]) < source.as_of.isoformat()


def _by_kind(source: Source, every: Sequence[Json]) -> Json:
    lines = []
    for kind in sorted({_kind(a) for a in every}, key=lambda k: (k in ROUTINE, k)):
        mine = [a for a in every if _kind(a) == kind]
        late = [a for a in mine if _late(a, source)]
        oldest = min((str(a["due"]) for a in late), default="")
        cells = [
            {"text": term(kind), "tone": ""},
            {"text": source.fmt.count(len(mine)), "tone": ""},
            {"text": source.fmt.count(len(late)), "tone": "bad" if late else ""},
            {"text": day_text(oldest, source.fmt) if oldest else "–", "tone": "muted"},
        ]
        lines.append({"style": "", "cells": cells})
    return {
        "type": "rows",
        "name": "kinds",
        "wide": 1.0,
        "title": say("What is open, by kind"),
        "note": say(
            "listed before it falls due and until the tables or the filled workbook say done"
        ),
        "foot": "",
        "columns": [
            _column("", 2.0),
            _column(say("Open"), 0.8, True),
            _column(say("Overdue"), 0.8, True),
            _column(say("Oldest due"), 1.2, True),
        ],
        "lines": lines,
    }


def _column(label: str, width: float, right: bool = False) -> Json:
    made = {"label": label, "kind": "num" if right else "text", "width": width, "right": right}
    return {**made, "scale": None, "mark": None}


def _columns() -> list[Json]:
    return [
        _column("", 0.18),
        _column(say("What"), 3.4),
        _column(say("Owner"), 1.3),
        _column(say("Due"), 1.05),
        _column(say("Worth"), 0.75, True),
        _column(say("Rests on"), 2.3),
    ]


def _line(source: Source, action: Mapping[str, Any], number: str) -> Json:
    fmt = source.fmt
    unit = action["unit"]
    worth = fmt.text(action["worth"], unit, compact=unit in ("money", fmt.currency))
    due = str(action["due"])
    late = _late(action, source)
    return {
        "style": "",
        "cells": [
            {"text": number, "tone": "strong"},
            {"text": str(action["what"]), "tone": ""},
            {"text": fmt.text(action["owner"]), "tone": ""},
            {"text": day_text(due, source.fmt), "tone": "bad" if late else ""},
            {"text": worth, "tone": "strong"},
            {"text": str(action["why"] or ""), "tone": "muted"},
        ],
    }


def _most(action: Mapping[str, Any]) -> tuple:
    return (-(action["worth"] or 0), str(action["due"]), str(action["what"]))


def _sentence(parts: Sequence[str]) -> str:
    text = joined(parts, "; ")
    return text[:1].upper() + text[1:]


def _compared(tiles: Sequence[Json]) -> list[Json]:
    """Tiles without the comparisons that none of them can make (a book of less than a year)."""
    made = {d["label"] for tile in tiles for d in tile["deltas"] if d["size"] is not None}
    return [{**tile, "deltas": [d for d in tile["deltas"] if d["label"] in made]} for tile in tiles]


def _note(source: Source, given: Sequence[Json]) -> str:
    return say(
        "{currency}, {basis} · {month} · as of {as_of}",
        currency=source.currency,
        basis=next((c["basis"] for c in given if c.get("basis")), say("net of refunds")),
        month=source.fmt.text(source.month, "month"),
        as_of=source.fmt.text(source.as_of, "date"),
    )
