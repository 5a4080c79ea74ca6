"""Sections without tables are one line each at the end of a printed chapter."""

from __future__ import annotations

from typing import Any

from playbook.page.blocks import MIME
from playbook.report.print import chapters, page_parts
from playbook.report.print.missing_parts import absent_list, gathered, without_absent

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


def test_prose_on_the_frame_of_an_absent_section_is_left_out() -> None:
    def cell(source: str, *shown: dict[str, Any], inside: bool = False) -> dict[str, Any]:
        outputs = [{"output_type": "display_data", "data": {MIME: block}} for block in shown]
        tags = {"tags": ["inside"]} if inside else {}
        return {"cell_type": "code", "source": source, "outputs": outputs, "metadata": tags}

    def text(source: str) -> dict[str, Any]:
        return {"cell_type": "markdown", "source": source, "metadata": {}}

    cells = [
        text("## Value"), cell("tiers", note("needs orders")), text("$$tier = x$$"),
        cell("look", inside=True), cell("abc", TABLE), text("$$G = x$$"), cell("look", inside=True),
        cell("rest", note("needs orders"), TABLE), text("$$y$$"), cell("look", inside=True),
        cell("gone", note("needs orders")), text("## Next"), cell("look", inside=True),
    ]  # fmt: skip
    assert chapters.explains_nothing(cells) == {2}
    made = chapters.chapter({"cells": cells}, "02")["blocks"]
    assert len([b for b in made if b["type"] == "paragraph"]) == 2


def test_a_whole_chapter_is_left_as_it_is() -> None:
    chapter = {"title": "C", "blocks": [head("Sales"), TABLE, note("x", "note")]}
    assert gathered(chapter, LABELS) is chapter


def test_a_page_gathers_what_is_absent_too_and_keeps_its_code() -> None:
    def piece(kind: str, html: str, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "html": html, **more}

    def title(text: str) -> dict[str, Any]:
        return piece("prose", f"<h2>{text}</h2>", level=2, text=text)

    pieces = [
        title("Sales"), piece("code", "c1"), piece("made", "t"), piece("missing", "m", said="x"),
        title("Renewals"), piece("prose", "p"), piece("code", "c2"),
        piece("missing", "m", said="This section needs contracts."),
        title("Limits"), piece("prose", "p"),
    ]  # fmt: skip
    kept, lines = without_absent(pieces)
    assert kept == [*pieces[:4], pieces[6], *pieces[8:]]
    assert lines == ["Renewals: This section needs contracts."]
    assert absent_list(lines, LABELS)[0] == head("What this book does not give")
    assert absent_list([], LABELS) == []


def test_both_builds_of_a_page_gather_what_is_absent() -> None:
    block = note("This section needs contracts.")
    output = {"output_type": "display_data", "data": {MIME: block}, "metadata": {}}
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "source": "# C\n\n## Renewals\n\nWhat stays.", "metadata": {}},
        {"cell_type": "code", "source": "renewals(book)", "metadata": {}, "outputs": [output]},
    ]
    labels = page_parts.LABELS
    for build in (page_parts.client, page_parts.analyst):
        made = list(build({"cells": cells, "metadata": {}}, labels))
        assert [one["text"] for one in made if one.get("level") == 2] == [labels["absent"]]
        assert "Renewals: This section needs contracts." in made[-1]["html"]
        assert "What stays" not in "".join(one["html"] for one in made)
