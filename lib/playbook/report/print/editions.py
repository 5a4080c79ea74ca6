"""Brief and director's pages as PDF, drawn natively by Typst from the chapters' panels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from fontTools.ttLib import TTFont

from playbook.base.language import later, say
from playbook.page.contribution import DELTAS

from .columns import breakable
from .glyphs import Cleaner, width
from .pdf import compiled
from .pdf_report import shortened

Json = dict[str, Any]
MEASURE = {"a4": 519.0, "wide": 884.0}  # width of the page's content [pt]
GUTTER, PANELS_APART = 8.0, 20.0  # between columns and between panels [pt]
SIZE = 8.2  # of a table's words [pt]
ACCENT = "#1F5FA8"
WHOLE = ("plan", "actual", "before")  # sums of a bridge; the other tones are its steps
LABELS = later(
    {
        "AC": "AC actual",
        "PL": "PL plan",
        "PY": "PY previous year",
        "PM": "PM month before",
        "FC": "FC forecast, 80 %",
        "better": "Δ better",
        "worse": "Δ worse",
        "chance": "Δ within chance",
        "usual": "usual range",
        "data": "Data",
        "page": "{x} of {y}",
    }
)


def write_edition(
    path: Path,
    *,
    title: str,
    brief: Json | None,
    sheets: Sequence[Json],
    meta: Json,
    dress: Json | None = None,
    shape: Literal["a4", "wide"] = "a4",
) -> list[str]:
    """Write the brief, the pages after it, or both; warnings of fonts and compiler.

    brief, sheets: what ``record.editions`` puts together. meta: title, company, month, as_of,
    language. dress: accent, footer, logo (a path) and fonts (paths) of the settings. shape: upright
    A4, or 16:9.
    """
    cleaner = Cleaner()
    dress = dress or {}
    logo = Path(dress["logo"]) if dress.get("logo") else None
    fonts = [Path(font) for font in dress.get("fonts") or ()]
    picture = f"logo{logo.suffix.lower()}" if logo else ""
    company = shortened(meta["company"] or meta["title"], 60)
    edition = {
        "shape": shape,
        "accent": dress.get("accent") or ACCENT,
        "logo": picture,
        "fonts": families(fonts),
        "labels": {name: str(say(text)) for name, text in LABELS.items()},
        "footer": dress.get("footer") or f"{company} · {title} · {meta['month']}",
        "meta": {
            "title": f"{title} · {company} · {meta['month']}",
            "company": company,
            "language": "zh" if str(meta["language"]).startswith("zh") else "en",
            "date": [int(part) for part in meta["as_of"].split("-")],
            "running": company,
            "edition": f"{title} · {meta['month']}",
        },
        "brief": None if brief is None else _brief(brief, shape),
        "sheets": [_sheet(sheet, MEASURE[shape]) for sheet in sheets],
    }
    text = json.dumps(cleaner.clean(edition), ensure_ascii=False)
    beside: dict[str, str | bytes] = {"edition.json": text}
    if logo:
        beside[picture] = logo.read_bytes()
    pdf, remarks = compiled("editions.typ", beside, meta, fonts)
    path.write_bytes(pdf)
    return cleaner.warnings() + remarks


def families(fonts: Sequence[Path]) -> list[str]:
    """Names of the families of font files, each once."""
    found = []
    for path in fonts:
        with TTFont(path, lazy=True) as font:
            names = font["name"]
            found.append(names.getDebugName(16) or names.getDebugName(1) or path.stem)
    return list(dict.fromkeys(found))


def _brief(brief: Json, shape: str) -> Json:
    wide = shape == "wide"
    bridge, decisions = brief["bridge"], brief["decisions"]
    return {
        **brief,
        "marks": marks_of(brief),
        "bridge": bridge and _rows(bridge, 390.0 if wide else MEASURE["a4"]),
        "decisions": decisions and _rows(decisions, 450.0 if wide else MEASURE["a4"]),
    }


def marks_of(brief: Json) -> list[str]:
    """What the page draws, in the order of the key: a mark that is not there is not explained."""
    deltas = [d for tile in brief["tiles"] for d in tile["deltas"] if d["size"] is not None]
    sparks = [tile["spark"] for tile in brief["tiles"] if tile["spark"]]
    steps = [
        cell
        for line in (brief["bridge"] or {"lines": ()})["lines"]
        for cell in line["cells"]
        if "from" in cell
    ]
    compared = {d["label"] for d in deltas}
    tones = {d["tone"] for d in deltas if d["size"]} | {s["tone"] for s in steps}
    year = any(
        _any(s["before"]) or (s["columns"] and len(s["actual"]) == 13 and s["actual"][0])
        for s in sparks
    )
    plan = any(_any(s["plan"]) for s in sparks)
    there = {
        "AC": True,
        "PL": plan or "plan" in tones or say(DELTAS[0]) in compared,
        "PY": year or "before" in tones or say(DELTAS[1]) in compared,
        "PM": say(DELTAS[2]) in compared,
        "FC": any(s["forecast"] for s in sparks),
        "better": "good" in tones,
        "worse": "bad" in tones,
        "chance": "chance" in tones,
        "usual": any(s["usual"] for s in sparks),
    }
    return [mark for mark, shown in there.items() if shown]


def _any(values: Sequence[float | None]) -> bool:
    return any(value is not None for value in values)


def _sheet(sheet: Json, measure: float) -> Json:
    panels = []
    for panel in sheet["panels"]:
        room = measure * panel["wide"] - (PANELS_APART if panel["wide"] < 1 else 0)
        panels.append(_rows(panel, room) if panel["type"] == "rows" else panel)
    return {**sheet, "panels": panels}


def _rows(panel: Json, room: float) -> Json:
    """Words wider than their column get places to break; dots leave the longest word beside them
    its room.
    """
    total = sum(c["width"] for c in panel["columns"])
    free = room - GUTTER * (len(panel["columns"]) - 1)
    widths = [free * c["width"] / total / SIZE for c in panel["columns"]]
    lines = [
        {
            **line,
            "cells": [
                {**cell, "text": breakable(cell["text"], width)}
                if column["kind"] in ("text", "num")
                else cell
                for cell, column, width in zip(line["cells"], panel["columns"], widths, strict=True)
            ],
        }
        for line in panel["lines"]
    ]
    columns = [
        {**column, "room": _room_of([line["cells"][i]["text"] for line in panel["lines"]])}
        if column["kind"] == "dot"
        else column
        for i, column in enumerate(panel["columns"])
    ]
    return {**panel, "columns": columns, "lines": _linked(lines)}


def _linked(lines: Sequence[Json]) -> list[Json]:
    """Steps of a bridge say whether the next one goes on from their end; a line is drawn there."""
    after = [*lines[1:], None]
    return [
        {
            **line,
            "cells": [
                {**cell, "linked": _goes_on(cell, then and then["cells"][i])}
                if "from" in cell
                else cell
                for i, cell in enumerate(line["cells"])
            ],
        }
        for line, then in zip(lines, after, strict=True)
    ]


def _goes_on(step: Json, then: Json | None) -> bool:
    if then is None:
        return False
    ends = (then["from"], then["to"]) if then["tone"] in WHOLE else (then["from"],)
    near = 1e-6 * max(abs(step["from"]), abs(step["to"]), 1.0)
    return any(abs(step["to"] - end) <= near for end in ends)


def _room_of(texts: Sequence[str]) -> float:
    """Room of the words at the end of a drawn cell [pt]; that of a usual number at least."""
    return max(36.0, 6.0 + 8.0 * max(map(width, texts), default=0.0))
