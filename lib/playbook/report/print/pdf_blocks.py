"""Blocks ready for the printed page: widths of columns and numbers decided, drawings named, words
that are too long given places to break.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from playbook.base.language import say

from .columns import AFTER_FIGURES, GUTTER, PORTRAIT, Setting, breakable, kept, narrow, setting
from .glyphs import width

Json = dict[str, Any]
HEAVY, SPARE = 1.08, 0.6  # how much wider semibold is, and what a measured text may be off [em]
KPI_GUTTER = 14.0  # between two numbers of a row [pt]
MEASURE = 40.0  # no line of prose holds a longer word [em]
PRINTED, LONG = 8, 12  # rows printed of a list, and how many make it one
MATRIX = 12  # columns from which a table of many rows is looked up, not read
DRAWN = 0.88  # of its size a figure has in print [ratio]
PAIRED = 20.0  # between two tables beside each other [pt]
SHORT, NOTE, MOST_LINES = 9, 8.0, 4  # their lines, the type size and lines of their notes
TABLE_KEPT = 8  # a table of at most so many lines is never split between pages
LINES_KEPT = 25  # a row of fewer lines is never split between pages
FRAME = re.compile(r"[a-z_]+\.[a-z_]+")  # how a notebook names the frame of a result
PROSE = ("heading", "paragraph", "list", "quote")


def cut(thing: Any, room: float) -> Any:
    """Every string of ``thing`` with break points in words wider than ``room`` [em]; addresses of
    links and drawings stay.
    """
    if isinstance(thing, str):
        return breakable(thing, room)
    if isinstance(thing, dict):
        return {
            key: value if key in ("href", "svg", "alt", "type") else cut(value, room)
            for key, value in thing.items()
        }
    return [cut(value, room) for value in thing] if isinstance(thing, list) else thing


def arranged(blocks: Iterable[Json], drawings: dict[str, str]) -> list[Json]:
    """Blocks ready for the template; a table too wide for an upright page takes its heading and
    prose along onto a turned one.
    """
    made: list[Json] = []
    waiting = [block for block in blocks if not (is_matrix(block) or is_method(block))]
    while waiting:
        block = waiting.pop(0)
        if waiting and (how := _beside(block, waiting[0])):
            both = (block, waiting.pop(0))
            tables = [table(b, how=h) for b, h in zip(both, how, strict=True)]
            made.append({"type": "pair", "blocks": tables})
            continue
        ready = READY.get(block["type"], lambda b, _: cut(b, MEASURE))(block, drawings)
        if not ready.get("landscape"):
            made.append(ready)
        elif made and made[-1]["type"] == "across":
            made[-1]["blocks"].append(ready)
        else:
            start = _start_of_prose(made)
            made[start:] = [{"type": "across", "blocks": [*made[start:], ready]}]
    return made


def is_matrix(block: Json) -> bool:
    """Whether a block is a table of many columns and rows, which nobody reads on paper: it stands
    in the HTML page and the workbook.
    """
    table = block["type"] == "table"
    return table and len(block["head"]) >= MATRIX and len(block["rows"]) >= LONG // 2


def is_method(block: Json) -> bool:
    """Whether a paragraph says how something is computed and in which frame it stands: for whoever
    works in the notebook; its HTML page has it, and the glossary the terms.
    """
    return block["type"] == "paragraph" and any(
        part["t"] == "code" and FRAME.fullmatch(part["s"]) for part in block["inlines"]
    )


def first_rows(block: Json) -> Json:
    """A long list with its first rows, its totals, and a word on where the others are."""
    if len(block["rows"]) <= LONG or block.get("whole"):
        return block
    said = say(
        "the first {n} of {all} rows; all of them stand in the page of the chapter",
        n=PRINTED,
        all=len(block["rows"]),
    )
    note = " · ".join(filter(None, (block["note"], said)))
    return {**block, "rows": block["rows"][:PRINTED], "note": note}


def _beside(*blocks: Json) -> list[Setting] | None:
    """How two short tables are set that stand beside each other; None where they do not fit, or
    where a note would be many lines high.
    """
    for block in blocks:
        if block["type"] != "table" or not block["title"] or block.get("whole"):
            return None
        if not 0 < len(block["rows"]) + len(block["total"]) <= SHORT:
            return None
    how = [narrow(block) for block in blocks]
    free = PORTRAIT - PAIRED - sum(sum(h.widths) for h in how)
    if free < 0:
        return None
    more = free / sum(len(h.widths) for h in how)  # the room left goes to all columns alike
    how = [replace(h, widths=tuple(w + more for w in h.widths)) for h in how]
    lines = [width(b["note"]) * NOTE / sum(h.widths) for b, h in zip(blocks, how, strict=True)]
    return how if max(lines) <= MOST_LINES else None


def _start_of_prose(blocks: list[Json]) -> int:
    """Where the heading begins under which nothing but prose stands yet; the end when there is
    none.
    """
    for i in range(len(blocks) - 1, -1, -1):
        if blocks[i]["type"] == "heading":
            return i
        if blocks[i]["type"] not in PROSE:
            break
    return len(blocks)


def table(
    block: Json, drawings: dict[str, str] | None = None, *, how: Setting | None = None
) -> Json:
    block = first_rows(block)
    how = how or setting(block)
    after = [i > 0 and block["align"][i - 1 : i + 1] == "rl" for i in range(len(how.widths))]
    rooms = [
        w / how.size - GUTTER - 0.1 - (AFTER_FIGURES if more else 0.0)
        for w, more in zip(how.widths, after, strict=True)
    ]

    def fitted(row: list[Json]) -> list[Json]:
        return [
            {
                **cell,
                "text": breakable(cell["text"], room),
                "kept": _may_part(cell, room) and kept(cell["text"], align),
            }
            for cell, room, align in zip(row, rooms, block["align"], strict=True)
        ]

    lines = [
        max(
            1.0,
            *(math.ceil(width(cell["text"]) / room) for cell, room in zip(row, rooms, strict=True)),
        )
        for row in block["rows"]
    ]

    return {
        **block,
        "after_figures": after,
        "size": how.size,
        "widths": list(how.widths),
        "landscape": how.landscape,
        "title": breakable(block["title"], MEASURE),
        "above": breakable(block["note"], MEASURE),
        "head": [breakable(text, room) for text, room in zip(block["head"], rooms, strict=True)],
        "rows": [fitted(row) for row in block["rows"]],
        "total": [fitted(row) for row in block["total"]],
        "unbroken": [count < LINES_KEPT for count in lines],
        "small": sum(lines) + len(block["total"]) <= TABLE_KEPT,
    }


def _may_part(cell: Json, room: float) -> bool:
    """Whether a line could end inside the cell's figure though that fits its room: then it is set
    as one piece. A box costs as much as all the rest of a cell, and most have room to spare.
    """
    figure = width(cell["text"].partition(" [")[0])
    whole = HEAVY * width(cell["text"]) + 2 * SPARE if cell.get("tone") else width(cell["text"])
    return figure <= room < whole + SPARE


def _figure(block: Json, drawings: dict[str, str]) -> Json:
    src = f"figure-{len(drawings) + 1}.svg"
    drawings[src] = block["svg"]
    wide = re.search(r'<svg[^>]*?\swidth="([\d.]+)pt"', block["svg"])
    return {
        **cut(
            {key: block[key] for key in ("type", "title", "note", "alt") if key in block}, MEASURE
        ),
        "src": src,
        "width": DRAWN * min(float(wide[1]), PORTRAIT) if wide else PORTRAIT,
    }


def _kpis(block: Json, drawings: dict[str, str]) -> Json:
    """Rows of equal length; the largest size at which every value stands on one line, each column
    as wide as it needs.
    """
    n = max(len(block["items"]), 1)
    across = -(-n // -(-n // 5))
    columns = [block["items"][i::across] for i in range(across)]
    room = PORTRAIT - KPI_GUTTER * (across - 1)
    for size in (19, 17, 15, 13, 12):
        needs = [
            max((1.1 * size * width(item["value"]) for item in column), default=1.0)
            for column in columns
        ]
        if sum(needs) <= room:
            break
    even = room / across
    shares = (
        [even] * across
        if max(needs) <= even
        else [need + max(0.0, room - sum(needs)) / across for need in needs]
    )
    shares = [share * room / sum(shares) for share in shares]
    items = [
        {
            **item,
            "label": breakable(item["label"], share / 8.5),
            "value": breakable(item["value"], share / 1.1 / size),
            "detail": breakable(item["detail"], share / 8.5),
            "size": size,
        }
        for item, share in zip(block["items"], shares * n, strict=False)
    ]
    return {**block, "shares": shares, "items": items}


READY = {"table": table, "figure": _figure, "kpis": _kpis}
