"""Blocks: what a page is made of. Each shows itself as plain text, as HTML and as JSON for the PDF,
from the same words.

All texts are data: HTML escapes them, the PDF reads them from JSON, so a customer called
``<script>`` or ``#panic("x")`` is just a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from .block import MIME, Block, escape, flowing, tied
from .grids import Cell, Table, Tone, Turn

__all__ = [
    "MIME",
    "Block",
    "Cell",
    "Figure",
    "Heading",
    "KpiRow",
    "Note",
    "Record",
    "Table",
    "Text",
    "Tone",
    "Turn",
    "escape",
    "from_data",
    "tied",
]


@dataclass(frozen=True)
class Heading(Block):
    text: str
    level: int = 2
    kind = "heading"

    def html(self) -> str:
        return f"<h{self.level}>{escape(self.text)}</h{self.level}>"

    def plain(self) -> str:
        return self.text


@dataclass(frozen=True)
class Text(Block):
    """A generated paragraph. ``role``: reading (what the figure or table says), note, warning,
    missing.
    """

    text: str
    role: Literal["reading", "note", "warning", "missing"] = "reading"
    title: str = ""
    kind = "text"

    def html(self) -> str:
        title = f"<strong>{escape(self.title)}</strong> " if self.title else ""
        return f'<p class="pb-{self.role}">{title}{flowing(self.text)}</p>'

    def plain(self) -> str:
        if not self.title:
            return self.text
        ended = {".": " ", "：": ""}.get(self.title[-1], ": ")
        return f"{self.title}{ended}{self.text}"


def Note(text: str, title: str = "") -> Text:
    """A definition or caveat beside a number."""
    return Text(text, role="note", title=title)


@dataclass(frozen=True)
class KpiRow(Block):
    """A row of headline numbers: (label, value as text, detail such as interval, n or base)."""

    items: tuple[tuple[str, str, str], ...]
    kind = "kpis"

    def data(self) -> dict[str, Any]:
        return {
            "type": self.kind,
            "items": [{"label": a, "value": b, "detail": c} for a, b, c in self.items],
        }

    def html(self) -> str:
        cells = "".join(
            f"<div><dt>{escape(label)}</dt><dd>{escape(value)}<small>{escape(detail)}</small></dd></div>"
            for label, value, detail in self.items
        )
        return f'<dl class="pb-kpis">{cells}</dl>'

    def plain(self) -> str:
        return "\n".join(
            f"{label}: {value} {f'({detail})' if detail else ''}".rstrip()
            for label, value, detail in self.items
        )


@dataclass(frozen=True)
class Figure(Block):
    """A drawing as SVG with a text alternative that says what it shows, not what it looks like."""

    svg: str
    alt: str
    title: str
    note: str = ""
    kind = "figure"

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError(f"figure '{self.title}' has no text alternative")

    def html(self) -> str:
        svg = self.svg[self.svg.index("<svg") :].replace(
            "<svg", f'<svg role="img" aria-label="{escape(self.alt)}"', 1
        )
        note = f'<p class="pb-source">{escape(self.note)}</p>' if self.note else ""
        return (
            f'<figure class="pb-figure"><figcaption>{escape(self.title)}</figcaption>'
            f'<div class="pb-scroll" role="region" aria-label="{escape(self.title)}" tabindex="0">'
            f"{svg}</div>{note}</figure>"
        )

    def plain(self) -> str:
        return f"{self.title}\n[figure: {self.alt}]" + (f"\n{self.note}" if self.note else "")


@dataclass(frozen=True)
class Record(Block):
    """What the run collects and the reader does not see: section status, numbers for results.json,
    worksheets, changes; what the chapter gives the short editions (``director``).
    """

    section: dict[str, Any]
    kpis: list[dict[str, Any]] = field(default_factory=list)
    worksheets: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    headline: str = ""
    director: dict[str, Any] = field(default_factory=dict)
    kind = "record"

    def html(self) -> str:
        return ""

    def plain(self) -> str:
        return ""


def from_data(data: dict[str, Any]) -> Block:
    """The block whose ``data()`` was stored in a notebook or a report."""
    kind, fields = data["type"], {key: value for key, value in data.items() if key != "type"}
    if kind == "kpis":
        return KpiRow(
            tuple((item["label"], item["value"], item["detail"]) for item in data["items"])
        )
    if kind == "table":
        rows = {
            part: tuple(tuple(Cell(**cell) for cell in row) for row in data[part])
            for part in ("rows", "total")
        }
        versions = {
            key: tuple(tuple(Cell(**cell) for cell in row) for row in part)
            for key, part in (data.get("versions") or {}).items()
        }
        choices = tuple(
            Turn(choice["label"], tuple(choice["options"]), choice["start"])
            for choice in data.get("choices") or ()
        )
        return Table(
            **{
                **fields,
                **rows,
                "head": tuple(data["head"]),
                "weights": tuple(data.get("weights") or ()),
                "pictures": tuple(data.get("pictures") or ()),
                "choices": choices,
                "versions": versions,
            }
        )
    return {"heading": Heading, "text": Text, "figure": Figure, "record": Record}[kind](**fields)
