"""The pieces of a chapter's HTML page in order: what the analyst sees of an executed notebook, and
what the client sees of its chapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from playbook.base.language import later
from playbook.base.privacy import masked
from playbook.page.blocks import MIME, from_data

from . import chapters, frames, markdown
from .missing_parts import PROSE, absent_list, gathered, without_absent

Json = dict[str, Any]
LABELS = later(
    {
        "contents": "Contents",
        "skip": "Skip to the content",
        "code": "Show code",
        "parameters": "Parameters",
        "name": "Name",
        "value": "Value",
        "meaning": "Meaning",
        "failed": "Could not be computed:",
        "hint": "Try:",
        "trace": "Traceback",
        "printed": "Printed",
        "as_of": "Data as of",
        "filter": "Filter",
        "csv": "Save as CSV",
        "chapters": "Chapters",
        "absent": "What this book does not give",
    }
)
ABSENT = 100_000  # number of the first piece of the list of absent sections: after all others
PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][^\\/\s:'\"<>|]+)+[\\/]([^\\/\s:'\"<>|]+)")


def client(node: Any, labels: Json) -> Iterator[Json]:
    chapter = gathered(chapters.chapter(node, "", without=chapters.FOOTER), labels)
    yield {"level": 1, "text": chapter["title"], "html": ""}
    for i, block in enumerate(chapter["blocks"]):
        yield _piece(block, labels, i, client=True)


def analyst(node: Any, labels: Json) -> Iterator[Json]:
    """Prose, code and outputs in order; sections of which nothing is there are lines at the end."""
    pieces, absent = without_absent(list(_cells(node, labels)))
    yield from pieces
    for n, block in enumerate(absent_list(absent, labels)):
        yield _piece(block, labels, ABSENT + n)


def _cells(node: Any, labels: Json) -> Iterator[Json]:
    n, idle = 0, chapters.explains_nothing(node["cells"])
    for place, cell in enumerate(node["cells"]):
        if place in idle:
            continue
        if cell["cell_type"] == "markdown":
            for block in markdown.blocks(cell["source"]):
                n += 1
                yield _piece(block, labels, n)
        elif cell["cell_type"] == "code":
            if cell["source"].strip():
                yield {"html": _source(cell), "kind": "code"}
            for output in cell.get("outputs", ()):
                n += 1
                yield _output(output, labels, n)


def _source(cell: Json) -> str:
    """A cell's code: behind the page's switch, or in sight when it is there to be edited."""
    name = "pb-inside" if chapters.INSIDE in chapters.tags(cell) else "pb-code"
    return f'<pre class="{name}" tabindex="0"><code>{escape(cell["source"])}</code></pre>'


def _piece(block: Json, labels: Json, n: int, client: bool = False) -> Json:
    """HTML of one block, prose or generated."""
    made = _html_of(block, labels, n, client)
    if block.get("role") == "missing":
        return {**made, "kind": "missing", "said": block["text"]}
    prose = block["type"] in PROSE or block["type"] == "record"
    return {**made, "kind": "prose" if prose else "made"}


def _html_of(block: Json, labels: Json, n: int, client: bool) -> Json:
    kind = block["type"]
    if kind == "heading":
        inlines = block.get("inlines") or [{"t": "text", "s": block["text"]}]
        anchor = {**block, "inlines": inlines, "id": f"section-{n}"}
        return {
            "level": block["level"],
            "text": block["text"],
            "id": anchor["id"],
            "html": markdown.html([anchor]),
        }
    if kind == "failure":
        cause = PATH.sub(r"\1", block["cause"]) if client else block["cause"]
        return {
            "html": failure(
                {
                    **block,
                    "cause": cause,
                    "hint": PATH.sub(r"\1", block["hint"]) if client else block["hint"],
                },
                labels,
            )
        }
    if kind in ("paragraph", "list", "quote", "code", "rule") or (
        kind == "table" and not block["title"]
    ):
        return {"html": markdown.html([block])}
    return {"html": from_data(block).html()}


def _output(output: Json, labels: Json, n: int) -> Json:
    """HTML of one output of a cell, for the analyst."""
    kind = output.get("output_type")
    if kind == "error":
        trace = masked(chapters.ANSI.sub("", "\n".join(output.get("traceback", ()))))
        return {"html": failure({"section": "", **chapters.cause(output)}, labels, trace)}
    if kind == "stream":
        label = f"{labels['printed']}{' (stderr)' if output.get('name') == 'stderr' else ''}"
        text = escape(chapters.ANSI.sub("", output["text"]))
        folded = f"<summary>{label}</summary><pre>{text}</pre>"
        return {"html": f'<details class="pb-printed">{folded}</details>', "kind": "code"}
    data = output.get("data", {})
    if MIME in data:
        return _piece(data[MIME], labels, n)
    if "image/png" in data:
        alt = (
            output.get("metadata", {})
            .get("image/png", {})
            .get("alt", "picture drawn by the cell above")
        )
        return {
            "html": (
                f'<img alt="{escape(alt)}"'
                f' src="data:image/png;base64,{"".join(data["image/png"].split())}">'
            )
        }
    if frames.is_frame("".join(data.get("text/html", ""))):
        return {"html": frames.table("".join(data["text/html"]))}
    return {"html": f"<pre>{escape(data['text/plain'])}</pre>" if data.get("text/plain") else ""}


def failure(block: Json, labels: Json, trace: str = "") -> str:
    """A failed section: the cause in one line, the traceback folded away."""
    section = f" {escape(block['section'])}" if block["section"] else ""
    hint = (
        f"<p><strong>{labels['hint']}</strong> {escape(block['hint'])}</p>" if block["hint"] else ""
    )
    folded = (
        f"<details><summary>{labels['trace']}</summary><pre>{escape(trace)}</pre></details>"
        if trace
        else ""
    )
    return (
        '<div class="pb-failure" role="alert">'
        f"<p><strong>{labels['failed']}{section}</strong></p><p>{escape(block['cause'])}</p>"
        f"{hint}{folded}</div>"
    )
