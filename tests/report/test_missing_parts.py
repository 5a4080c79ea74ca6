"""Sections without tables are one line each at the end of a printed chapter."""

from __future__ import annotations

from typing import Any

from playbook.report.print.missing_parts import gathered

LABELS = {"absent": "What this book does not give"}


def head(text: str, level: int = 2) -> dict[str, Any]:
    return {"type": "heading", "level": level, "text": text}


def note(text: str, role: str = "missing") -> dict[str, Any]:
    return {"type": "text", "role": role, "title": "Not available.", "text": text}


PROSE = {"type": "paragraph", "inlines": []}
TABLE = {"type": "table", "title": "t"}


def test_a_section_of_notes_alone_becomes_a_line_with_its_title() -> None:
    blocks = [
        PROSE, head("Sales"), PROSE, TABLE, note("part of it is missing"),
        head("Renewals"), PROSE, note("This section needs contracts."), head("Sub", 3),
        note("This section needs contracts."), head("Channels"), note("This section needs costs."),
        head("Limits"), PROSE,
    ]  # fmt: skip
    made = gathered({"title": "C", "blocks": blocks}, LABELS)["blocks"]
    assert made[:7] == [*blocks[:5], *blocks[12:]]  # prose without notes stays, so does a table
    assert made[7] == head("What this book does not give")
    assert [b["text"] for b in made[8:]] == [
        "Renewals: This section needs contracts.",
        "Channels: This section needs costs.",
    ]


def test_a_whole_chapter_is_left_as_it_is() -> None:
    chapter = {"title": "C", "blocks": [head("Sales"), TABLE, note("x", "note")]}
    assert gathered(chapter, LABELS) is chapter
