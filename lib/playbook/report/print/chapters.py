"""A chapter of the report from an executed notebook: its prose and its blocks, in order; what
failed, in one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from playbook.base.formats import joined
from playbook.base.language import say
from playbook.base.privacy import masked

from . import markdown

MIME = "application/vnd.playbook.block+json"
INSIDE = "inside"  # a cell to edit: the frame a section stands on, for the analyst alone
INTERNAL = frozenset(
    {"parameters", "injected-parameters", "hide", "internal", INSIDE, "papermill-error-cell-tag"}
)
FOOTER = frozenset({"hide-input"})
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

Json = dict[str, Any]


def chapter(node: Any, name: str, *, without: frozenset[str] = frozenset()) -> Json:
    """``{"name", "title", "blocks"}`` of an executed notebook ``node``; ``name`` is the file's
    stem.

    ``without``: tags of further cells to leave out, such as the footer, which lists parameters.

    The first level-1 heading is the title. Code, streams, records and cells tagged as internal
    leave nothing. A cell that failed
    becomes a ``failure`` block naming the section and the cause; prose of sections that were then
    never computed is left out.
    """
    title, found = "", []
    for block in _walk(node, INTERNAL | without):
        if block["type"] == "heading" and block["level"] == 1 and not title:
            title = block["text"]
            continue
        found.append(block)
    return {"name": name, "title": title or name, "blocks": levels(_without_empty_sections(found))}


def tags(cell: Any) -> set[str]:
    """The cell's tags."""
    return set(cell.get("metadata", {}).get("tags", ()))


def _walk(node: Any, unseen: frozenset[str]) -> Iterator[Json]:
    section, failed, lost = "", False, []
    idle = explains_nothing(node["cells"])
    for n, cell in enumerate(node["cells"]):
        if (tags(cell) & unseen and not _error(cell)) or n in idle:
            continue
        if cell["cell_type"] == "markdown":
            made = markdown.blocks(cell["source"])
            headings = [
                block["text"] for block in made if block["type"] == "heading" and block["level"] > 1
            ]
            if failed:
                lost += headings
                continue
            section = headings[-1] if headings else section
            yield from made
        elif cell["cell_type"] == "code" and not failed:
            last = bool(tags(cell) & FOOTER)
            yield from ({**block, "footer": True} if last else block for block in shown(cell))
            if error := _error(cell):
                failed = True
                yield {"type": "failure", "section": section, **cause(error)}
    if lost:
        yield {
            "type": "text",
            "role": "warning",
            "title": say("Not computed after this failure:"),
            "text": joined(lost),
        }


def explains_nothing(cells: Any) -> set[int]:
    """Numbers of the Markdown cells that say what the frame of a section holds (the cell after
    them is there to edit it) where that section is not available: prose and formulas for nothing.
    """
    found, absent = set(), False
    for n, cell in enumerate(cells):
        after = cells[n + 1] if n + 1 < len(cells) else None
        if cell["cell_type"] == "code" and INSIDE not in tags(cell):
            roles = [block.get("role") for block in shown(cell)]
            absent = bool(roles) and set(roles) == {"missing"}
        elif (
            absent
            and cell["cell_type"] == "markdown"
            and after is not None
            and INSIDE in tags(after)
            and not cell["source"].lstrip().startswith("#")  # a section of its own: it stays
        ):
            found.add(n)
    return found


def shown(cell: Any) -> Iterator[Json]:
    """Blocks among the outputs of a code cell; records are for the run, not for the reader."""
    for output in cell.get("outputs", ()):
        block = output.get("data", {}).get(MIME)
        if block and block.get("type") != "record":
            yield block


def _error(cell: Any) -> Json | None:
    return next(
        (output for output in cell.get("outputs", ()) if output.get("output_type") == "error"), None
    )


def cause(error: Json) -> Json:
    """One line of cause, and what to try when the error says so.

    Refusals of the house stand in their own words; anything else keeps the name of its
    exception, which is what one searches for.
    """
    name = error.get("ename", "Error")
    lines = masked(ANSI.sub("", error.get("evalue", ""))).strip().splitlines()
    first = lines[0].strip() if lines else ""
    hint = next(
        (
            line.strip().removeprefix("try:").strip()
            for line in lines[1:]
            if line.strip().startswith("try:")
        ),
        "",
    )
    ours = name.endswith(("Problem", "NotAvailable"))
    return {
        "cause": first if ours and first else f"{name}: {first}" if first else name,
        "hint": hint,
    }


def levels(blocks: Iterable[Json]) -> list[Json]:
    """Headings below a chapter start at level 2 and never skip a level: readers who navigate by
    headings depend on it.
    """
    made, last = [], 1
    for block in blocks:
        if block["type"] == "heading":
            last = max(2, min(block["level"], last + 1))
            block = {**block, "level": last}
        made.append(block)
    return made


def _without_empty_sections(blocks: list[Json]) -> list[Json]:
    """A heading whose section shows nothing (its cells are for the screen only) is not printed."""
    kept: list[Json] = []
    for block in reversed(blocks):
        follower = next((later for later in reversed(kept) if not later.get("footer")), None)
        if block["type"] == "heading" and (
            follower is None
            or (follower["type"] == "heading" and follower["level"] <= block["level"])
        ):
            continue
        kept.append(block)
    return kept[::-1]
