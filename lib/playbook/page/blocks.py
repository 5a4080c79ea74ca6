"""Blocks: what a page is made of. Each shows itself as plain text, as HTML and as JSON for the PDF,
from the same words.

All texts are data: HTML escapes them, the PDF reads them from JSON, so a customer called
``<script>`` or ``#panic("x")`` is just a name.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from html import escape as escaped
from typing import Any, Literal

SHORT = 16  # a text of so few characters (a date, a name, a stage) is not broken in a table
LONG = 48  # and one of more deserves a wide column even on a telephone
MIME = "application/vnd.playbook.block+json"
Tone = Literal["", "good", "bad", "warn", "muted"]


UNIT = re.compile(r"(?<=\d) (?=(?:%|pp|d)(?!\w))")


def tied(text: str) -> str:
    """``text`` whose figures never lose their unit to the next line."""
    return UNIT.sub("\u00a0", text)


def escape(text: str) -> str:
    """``text`` for HTML, as content or attribute."""
    return escaped(tied(text))


@dataclass(frozen=True)
class Block:
    """Base of all blocks. ``kind`` names the renderer."""

    kind = "block"

    def data(self) -> dict[str, Any]:
        return {"type": self.kind, **asdict(self)}

    def html(self) -> str:
        raise NotImplementedError

    def plain(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {"text/plain": self.plain(), "text/html": self.html(), MIME: self.data()}


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
        return f'<p class="pb-{self.role}">{title}{escape(self.text)}</p>'

    def plain(self) -> str:
        return (
            f"{self.title}{'' if self.title.endswith('.') else ':'} {self.text}"
            if self.title
            else self.text
        )


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
class Cell:
    text: str
    tone: Tone = ""


@dataclass(frozen=True)
class Turn:
    """A switch of a table with versions: two options make a check box (off, on), more make radio
    buttons. ``start``: option chosen at first.
    """

    label: str
    options: tuple[str, ...] = ("off", "on")
    start: int = 0


@dataclass(frozen=True)
class Table(Block):
    """A table of formatted texts. ``note`` says unit, window, n and as-of; ``total`` rows stay with
    the table's end.

    ``align`` has one of l, r, c per column; ``weights`` the relative width a column deserves (0 =
    as narrow as its words).
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    align: str
    note: str = ""
    total: tuple[tuple[Cell, ...], ...] = ()
    weights: tuple[float, ...] = field(default=())
    stepped: bool = False  # in a browser one row at a time
    folded: bool = (
        False  # in a browser behind its title, in print left out: what someone looks up, not reads
    )
    pictures: tuple[str, ...] = ()  # of a stepped table, one SVG per row
    choices: tuple[
        Turn, ...
    ] = ()  # switches that choose one of ``versions`` in a browser; elsewhere ``rows`` stand alone
    versions: dict[str, tuple[tuple[Cell, ...], ...]] = field(
        default_factory=dict
    )  # option numbers joined by "-" → rows
    turn: str = (
        ""  # title where the switches are; ``title`` names the version that stands elsewhere
    )
    kind = "table"

    def __post_init__(self) -> None:
        wide = {len(row) for row in self.rows + self.total} | {len(self.head), len(self.align)}
        if len(wide) != 1:
            raise ValueError(
                f"table '{self.title}': rows, head and alignment differ in length: {sorted(wide)}"
            )

    def html(self) -> str:
        if self.stepped:
            from .steps import stepper

            return stepper(self)
        classes = {"l": "", "r": ' class="pb-r"', "c": ' class="pb-c"'}
        head = "".join(
            f'<th scope="col"{classes[a]}>{escape(h)}</th>'
            for h, a in zip(self.head, self.align, strict=True)
        )
        body = "".join(self.row(row) for row in self.rows)
        foot = (
            f"<tfoot>{''.join(self.row(row) for row in self.total)}</tfoot>" if self.total else ""
        )
        note = f'<p class="pb-source">{escape(self.note)}</p>' if self.note else ""
        title = escape(self.title)
        caption, name = (
            (f"<caption>{title}</caption>", f' role="region" aria-label="{title}" tabindex="0"')
            if title
            else ("", "")
        )
        if self.choices:
            from .steps import turned

            return turned(
                self,
                "<div"
                f' class="pb-scroll"{name}><table><thead><tr>{head}</tr></thead><tbody>{{rows}}</tbody></table></div>',
            )
        made = (
            '<div class="pb-table"><div'
            f' class="pb-scroll"{name}><table>{caption}<thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody>{foot}</table></div>{note}</div>"
        )
        return f"<details><summary>{title}</summary>{made}</details>" if self.folded else made

    def row(self, row: tuple[Cell, ...]) -> str:
        """HTML of one row."""
        cells = []
        for i, (cell, align) in enumerate(zip(row, self.align, strict=True)):
            short = "pb-s" if len(cell.text) <= SHORT else "pb-l" if len(cell.text) > LONG else ""
            classes = " ".join(
                c
                for c in (
                    {"r": "pb-r", "c": "pb-c"}.get(align, short),
                    f"pb-{cell.tone}" if cell.tone else "",
                )
                if c
            )
            tag, scope = ("th", ' scope="row"') if i == 0 else ("td", "")
            cells.append(
                f"<{tag}{scope}{f' class={chr(34)}{classes}{chr(34)}' if classes else ''}>{escape(cell.text)}</{tag}>"
            )
        return f"<tr>{''.join(cells)}</tr>"

    def plain(self) -> str:
        grid = [list(self.head)] + [[c.text for c in row] for row in self.rows + self.total]
        widths = [max(len(row[i]) for row in grid) for i in range(len(self.head))]
        lines = [
            "  ".join(
                t.rjust(w) if a == "r" else t.ljust(w)
                for t, w, a in zip(row, widths, self.align, strict=True)
            ).rstrip()
            for row in grid
        ]
        return "\n".join([self.title, *lines, *([self.note] if self.note else [])])


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
            f'<div class="pb-scroll">{svg}</div>{note}</figure>'
        )

    def plain(self) -> str:
        return f"{self.title}\n[figure: {self.alt}]" + (f"\n{self.note}" if self.note else "")


@dataclass(frozen=True)
class Record(Block):
    """What the run collects and the reader does not see: section status, numbers for results.json,
    worksheets, changes.
    """

    section: dict[str, Any]
    kpis: list[dict[str, Any]] = field(default_factory=list)
    worksheets: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    headline: str = ""
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
