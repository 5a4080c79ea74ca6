"""Sections a book has no tables for, gathered as one line each at the end of a printed chapter."""

from __future__ import annotations

from typing import Any

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
        lines.append(f"{head['text']}: {' '.join(texts)}")
    if not lines:
        return chapter
    title = {"type": "heading", "level": 2, "text": labels["absent"]}
    listed = [{"type": "text", "role": "note", "title": "", "text": line} for line in lines]
    return {**chapter, "blocks": [*kept, title, *listed]}


def _sections(blocks: list[Json]) -> list[list[Json]]:
    found: list[list[Json]] = []
    for block in blocks:
        if not found or (block["type"] == "heading" and block["level"] <= 2):
            found.append([])
        found[-1].append(block)
    return found
