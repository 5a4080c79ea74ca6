"""Sections a book has no tables for, gathered as one line each at the end of a printed chapter."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import joined
from playbook.base.language import say

Json = dict[str, Any]
PROSE = ("heading", "paragraph", "list", "quote", "code", "rule")


def gathered(chapter: Json, labels: dict[str, str]) -> Json:
    """The chapter without sections in which nothing but "not available" stands; each of them is a
    line of one list at the end: its title and what it needs.

    A section begins at a heading of level two. Prose belongs to its section; a section with
    anything generated beside such notes stays as it is.
    """
    kept: list[Json] = []
    lines: list[str] = []
    for section in _sections(chapter["blocks"]):
        head = section[0] if section[0]["type"] == "heading" else None
        notes = [b for b in section if b.get("role") == "missing"]
        made = [b for b in section if b["type"] not in PROSE and b.get("role") != "missing"]
        if head is None or head["level"] != 2 or not notes or made:
            kept += section
            continue
        texts = dict.fromkeys(b["text"] for b in notes)
        lines.append(say("{title}: {text}", title=head["text"], text=joined(texts, " ")))
    if not lines:
        return chapter
    return {**chapter, "blocks": [*kept, *absent_list(lines, labels)]}


def absent_list(lines: list[str], labels: dict[str, str]) -> list[Json]:
    """A heading and one note per absent section; nothing where none is absent."""
    title = {"type": "heading", "level": 2, "text": labels["absent"]}
    listed = [{"type": "text", "role": "note", "title": "", "text": line} for line in lines]
    return [title, *listed] if lines else []


def without_absent(pieces: list[Json]) -> tuple[list[Json], list[str]]:
    """Pieces of a page without those of sections in which nothing but "not available" stands, and
    a line for each of these. Code stays: it is what the reader may run again.

    pieces: with ``kind`` ("prose", "made", "missing" with what is ``said``, "code") and headings'
    ``level`` and ``text``.
    """
    kept: list[Json] = []
    lines: list[str] = []
    section: list[Json] = []
    for piece in [*pieces, {"level": 0}]:
        if section and piece.get("level", 9) <= 2:
            kinds = {one.get("kind", "made") for one in section if one is not section[0]}
            head = section[0]
            if head.get("level") == 2 and "missing" in kinds and "made" not in kinds:
                said = dict.fromkeys(one["said"] for one in section if one["kind"] == "missing")
                lines.append(say("{title}: {text}", title=head["text"], text=joined(said, " ")))
                section = [one for one in section if one["kind"] == "code"]
            kept += section
            section = []
        section.append(piece)
    return kept, lines


def _sections(blocks: list[Json]) -> list[list[Json]]:
    found: list[list[Json]] = []
    for block in blocks:
        if not found or (block["type"] == "heading" and block["level"] <= 2):
            found.append([])
        found[-1].append(block)
    return found
