"""Native tables of slides: columns as wide as their words need, rows as tall as their lines, and
no more rows on a slide than it holds.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .slide_dress import ACTUAL, GREY, POINT, WIDER, lines_of, measured, write_words

Json = dict[str, Any]
GOOD, BAD, CHANCE = "17765A", "B3261E", "6B7480"
TONES = {"good": GOOD, "bad": BAD, "warn": "8A6100", "muted": GREY, "chance": CHANCE}
DRAWN = {"bars", "delta", "pin", "dot", "band", "bridge", "spark"}
ROW, LINE = 95_000, 1.22  # around the lines of a row [EMU]; height of a line, in sizes
ASIDE = 110_000  # between two columns [EMU]
WIDEST = 26.0  # what a column of words asks for at most [em]


@dataclass(frozen=True)
class Grid:
    """A table of texts: heads, rows of cells ({"text", "tone"}), which columns stand to the
    right, and rows that a rule separates.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Json, ...], ...]
    rights: tuple[bool, ...]
    rules: frozenset[int] = frozenset()

    def part(self, first: int, last: int) -> Grid:
        kept = frozenset(i - first for i in self.rules if first <= i < last)
        return Grid(self.heads, self.rows[first:last], self.rights, kept)


def grid_of(panel: Json, without: frozenset[int] = frozenset()) -> Grid:
    """A panel's words and numbers; drawn cells give the text at their end. ``without``: places
    of the columns that a chart beside the table shows.
    """
    keep = [
        i
        for i, column in enumerate(panel["columns"])
        if i not in without
        and (column["kind"] not in DRAWN or any(r["cells"][i]["text"] for r in panel["lines"]))
    ]
    columns = [panel["columns"][i] for i in keep]
    rows, rules = [], set()
    for y, line in enumerate(panel["lines"]):
        total = line["style"] == "total"
        if line["style"] in ("total", "rule"):
            rules.add(y)
        cells = [line["cells"][i] for i in keep]
        rows.append(
            tuple({"text": c["text"], "tone": c["tone"] or "strong" * total} for c in cells)
        )
    one = sum(c["kind"] == "bars" for c in panel["columns"]) == 1  # of several, each has its name
    heads = tuple("AC" if one and c["kind"] == "bars" else c["label"] for c in columns)
    rights = tuple(c["right"] or c["kind"] in DRAWN for c in columns)
    return Grid(heads, tuple(rows), rights, frozenset(rules))


def _asked(grid: Grid, size: float) -> tuple[list[float], list[float]]:
    """What every column asks for and the least it can be read in [EMU]: numbers and words whole."""
    em = size * POINT * WIDER
    needs, least = [], []
    for i, head in enumerate(grid.heads):
        texts = [head, *(row[i]["text"] for row in grid.rows)]
        right = grid.rights[i]
        cells = texts[1:] if right else []
        # Chinese breaks between any two signs, so that its longest word is no bound
        words = [w for t in texts for w in t.split() if not any(map(_breaks, w))]
        whole = max(map(measured, texts), default=1.0)
        needs.append(min(whole, whole if right else WIDEST) * em * 1.06 + ASIDE)
        longest = max([2.0, *map(measured, cells), *map(measured, words)])
        least.append(min(longest * em * 1.06 + ASIDE, needs[-1]))
    return needs, least


def _breaks(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def readable(grid: Grid, room: int, size: float, most: int = 2) -> bool:
    """Whether no word or number breaks and no cell has more lines than ``most``."""
    if sum(_asked(grid, size)[1]) > room:
        return False
    widths = widths_of(grid, room, size)
    return not any(
        lines_of(cell["text"], wide - ASIDE, size) > most
        for row in grid.rows
        for cell, wide in zip(row, widths, strict=True)
    )


def widths_of(grid: Grid, room: int, size: float) -> list[int]:
    """Widths of the columns [EMU], together ``room``: as their words need where there is room,
    else the widest give first, down to the longest word of each.
    """
    needs, least = _asked(grid, size)
    over = sum(needs) - room
    if over <= 0:  # what is left goes to all alike, so that numbers stay near their names
        return [int(need - over / len(needs)) for need in needs]
    low, high = 0.0, max(needs)
    for _ in range(40):
        cap = (low + high) / 2
        made = [max(few, min(need, cap)) for need, few in zip(needs, least, strict=True)]
        low, high = (low, cap) if sum(made) > room else (cap, high)
    return [int(w * room / sum(made)) for w in made]


def heights_of(grid: Grid, widths: Sequence[int], size: float) -> list[int]:
    """Heights of the head and of every row [EMU]."""
    texts = [grid.heads, *([c["text"] for c in row] for row in grid.rows)]
    return [
        int(
            ROW
            + size
            * POINT
            * LINE
            * max(map(lines_of, row, [w - ASIDE for w in widths], [size] * len(widths)))
        )
        for row in texts
    ]


def fitting(grid: Grid, room: int, height: int, size: float) -> list[Grid]:
    """The table in parts that each stand in ``height``; at least one row in each."""
    parts, first = [], 0
    heads, *rows = heights_of(grid, widths_of(grid, room, size), size)
    while first < len(rows):
        last, used = first + 1, heads + rows[first]
        while last < len(rows) and used + rows[last] <= height:
            used, last = used + rows[last], last + 1
        parts.append(grid.part(first, last))
        first = last
    return parts or [grid]


def put_table(
    slide: Any, grid: Grid, left: int, top: int, room: int, size: float, language: str
) -> int:
    """Put the table on a slide; where it ends [EMU]."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    widths = widths_of(grid, room, size)
    heights = heights_of(grid, widths, size)
    shape = slide.shapes.add_table(
        len(grid.rows) + 1, len(grid.heads), left, top, room, sum(heights)
    )
    made = shape.table
    made.horz_banding = False
    shape._element.graphic.graphicData.tbl.tblPr.find(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
    ).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
    for i, wide in enumerate(widths):
        made.columns[i].width = wide
    for i, tall in enumerate(heights):
        made.rows[i].height = tall
    for y, row in enumerate([[{"text": h, "tone": "muted"} for h in grid.heads], *grid.rows]):
        # Chinese stands in a taller line than figures: one line each, they meet at its middle
        single = all(
            lines_of(cell["text"], wide - ASIDE, size) == 1
            for cell, wide in zip(row, widths, strict=True)
        )
        for x, cell in enumerate(row):
            place = made.cell(y, x)
            if single:
                place.vertical_anchor = MSO_ANCHOR.MIDDLE
            place.margin_top = place.margin_bottom = ROW // 2 - 12_000
            place.margin_left, place.margin_right = 0, ASIDE
            bold = y == 0 or cell["tone"] in ("strong", "good", "bad")
            colour = TONES.get(cell["tone"], ACTUAL)
            write_words(
                place.text_frame, cell["text"], size, bold=bold, colour=colour, language=language
            )
            if grid.rights[x]:
                for paragraph in place.text_frame.paragraphs:
                    paragraph.alignment = PP_ALIGN.RIGHT
            _rule(place, y == 0 or y - 1 in grid.rules, y in grid.rules)
    return top + sum(heights)


def _rule(place: Any, strong: bool, next_strong: bool) -> None:
    """A hair line below a cell; a dark one below the head and above and below totals."""
    from lxml import etree

    main = "http://schemas.openxmlformats.org/drawingml/2006/main"
    ink, thick = (ACTUAL, 9_000) if strong or next_strong else ("C9CED6", 5_000)
    line = etree.SubElement(place._tc.get_or_add_tcPr(), f"{{{main}}}lnB", w=str(thick), cmpd="sng")
    fill = etree.SubElement(line, f"{{{main}}}solidFill")
    etree.SubElement(fill, f"{{{main}}}srgbClr", val=ink)
