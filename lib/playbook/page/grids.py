"""Tables as blocks: formatted texts in rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from playbook.base.terms import meaning_of

from .block import Block, escape, flowing
from .steps import stepper, turned

SHORT = 16  # a text of so few characters (a date, a name, a stage) is not broken in a table
LONG = 48  # and one of more deserves a wide column even on a telephone
Tone = Literal["", "good", "bad", "warn", "muted"]


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


def explained(term: str) -> str:
    """The attribute that explains a term where it stands, on hover; empty for plain words."""
    meaning = meaning_of(term)
    return f' title="{escape(meaning)}"' if meaning else ""


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
            return stepper(self)
        classes = {"l": "", "r": ' class="pb-r"', "c": ' class="pb-c"'}
        head = "".join(
            f'<th scope="col"{classes[a]}{explained(h)}>{escape(h)}</th>'
            if h.strip()
            else f"<td{classes[a]}></td>"
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
            return turned(
                self,
                f'<div class="pb-scroll"{name}><table><thead><tr>{head}</tr></thead>'
                "<tbody>{rows}</tbody></table></div>",
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
            classed = f' class="{classes}"' if classes else ""
            text = (flowing if align == "l" and short != "pb-s" else escape)(cell.text)
            cells.append(f"<{tag}{scope}{classed}>{text}</{tag}>")
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
