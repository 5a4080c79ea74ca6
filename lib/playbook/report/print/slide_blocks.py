"""Panels on a slide, across it or in one of two columns: how tall each is in a size, and putting
it there.
"""

from __future__ import annotations

from typing import Any

from playbook.base.language import say

from .slide_charts import kind_of, put_chart, put_months, several, shown_by
from .slide_dress import GREY, POINT, lines_of
from .slide_page import HALF, HEAD, SIDE, SMALL, TABLE, WIDE, SlidePage
from .slide_tables import LINE, fitting, grid_of, heights_of, readable, widths_of

Json = dict[str, Any]
ACROSS = 4  # small drawings of months beside each other
GAP = 180_000  # between two panels [EMU]
ROOM = WIDE - 2 * SIDE
WORDS = 12  # of a panel of prose [pt]
MONTHS = 1_150_000  # height of a row of small drawings with its words [EMU]


def splits(panel: Json) -> bool:
    """Whether a panel is a table that may run over slides."""
    return panel["type"] == "rows" and not kind_of(panel)


def _text_tall(words: str, room: int, size: float) -> int:
    return int(size * POINT * LINE * lines_of(words, room, size)) if words else 0


def _head_tall(panel: Json, room: int, size: float) -> int:
    words = _text_tall(panel["title"], room, HEAD * size)
    return words + _text_tall(panel["note"], room, SMALL * size) + 90_000


def _foot_tall(panel: Json, room: int, size: float) -> int:
    return _text_tall(panel["foot"], room, SMALL * size) + 60_000 if panel["foot"] else 0


def _chart_tall(panel: Json, size: float) -> int:
    """Height of a panel's chart [EMU]: room for every bar and its number."""
    each = 310_000 if several(panel) else 215_000
    return int((120_000 + len(panel["lines"]) * each) * size)


def column_tall(panel: Json, size: float) -> float | None:
    """Height of a panel in one column [EMU]; None where its table cannot be read there."""
    if panel["type"] != "rows":
        return None
    kind, grid = kind_of(panel), grid_of(panel, shown_by(panel))
    total = _head_tall(panel, HALF, size) + _foot_tall(panel, HALF, size)
    total += _chart_tall(panel, size) if kind else 0
    if kind and len(grid.heads) < 2:
        return total
    if not readable(grid, HALF, TABLE * size):
        return None
    widths = widths_of(grid, HALF, TABLE * size)
    return total + sum(heights_of(grid, widths, TABLE * size))


def wide_tall(panel: Json, size: float, room: int) -> float | None:
    """Height of a panel across the slide [EMU]; None where its table cannot be read in a larger
    type than the least. What a drawing's table has beyond ``room`` is left to the other editions.
    """
    if panel["type"] == "multiples":
        down = -(-len(panel["items"]) // ACROSS)
        return _head_tall(panel, ROOM, size) + down * MONTHS * size + _foot_tall(panel, ROOM, size)
    if panel["type"] != "rows":
        return sum(
            _text_tall(item.get("title", ""), ROOM, HEAD * size)
            + _text_tall(_words(item), ROOM, WORDS * size)
            + GAP
            for item in panel["items"]
        )
    kind, grid = kind_of(panel), grid_of(panel, shown_by(panel))
    around = _head_tall(panel, ROOM, size) + _foot_tall(panel, ROOM, size)
    if size > 1.0 and not readable(grid, HALF if kind else ROOM, TABLE * size):
        return None
    if not kind:
        return around + sum(heights_of(grid, widths_of(grid, ROOM, TABLE * size), TABLE * size))
    tall = _chart_tall(panel, size)
    if len(grid.heads) > 1:
        table = sum(heights_of(grid, widths_of(grid, HALF, TABLE * size), TABLE * size))
        tall = max(tall, table)
    return min(around + tall, room) if size == 1.0 else around + tall


def _words(item: Json) -> str:
    if item.get("parts"):
        return "".join(part["text"] for part in item["parts"])
    return str(item.get("text", ""))


def told(panel: Json) -> str:
    return say("{title}: {text}", title=panel["title"], text=panel["note"])


def in_column(page: SlidePage, panel: Json, left: int, top: int, size: float) -> int:
    """A panel in one column: its chart, and below it as a table what the chart does not say."""
    at = page.head(panel, left, HALF, top, size)
    grid = grid_of(panel, shown_by(panel))
    if kind_of(panel):
        put_chart(page.slide, panel, left, at, HALF, _chart_tall(panel, size), size)
        at += _chart_tall(panel, size)
    if not kind_of(panel) or len(grid.heads) > 1:
        at = page.table(grid, left, at, HALF, TABLE * size)
    return page.text(panel["foot"], left, at + 50_000, HALF, SMALL * size, GREY)


def across(page: SlidePage, panel: Json, top: int, size: float, end: int) -> int:
    """A panel across the slide, down to ``end`` at most; where it ends."""
    if panel["type"] == "multiples":
        return _months(page, panel, top, size)
    if panel["type"] != "rows":
        return _prose(page, panel, top, size)
    if kind_of(panel):
        return _drawn(page, panel, top, size, end)
    at = page.head(panel, SIDE, ROOM, top, size)
    at = page.table(grid_of(panel), SIDE, at, ROOM, TABLE * size)
    return page.text(panel["foot"], SIDE, at + 60_000, ROOM, SMALL * size, GREY)


def _drawn(page: SlidePage, panel: Json, top: int, size: float, end: int) -> int:
    """A chart on the left, what it does not say as a table on the right."""
    at = page.head(panel, SIDE, ROOM, top, size)
    grid = grid_of(panel, shown_by(panel))
    alone = len(grid.heads) < 2  # the names alone stand at the bars
    room = end - at - _foot_tall(panel, ROOM, size)
    tall = min(room, _chart_tall(panel, size))
    put_chart(page.slide, panel, SIDE, at, ROOM if alone else HALF, tall, size)
    last = at + tall
    if not alone:
        right = 2 * SIDE + HALF
        shown = fitting(grid, HALF, room, TABLE * size)[0]
        if left_out := len(grid.rows) - len(shown.rows):
            shown = fitting(grid, HALF, room - 220_000, TABLE * size)[0]
            left_out = len(grid.rows) - len(shown.rows)
        under = page.table(shown, right, at, HALF, TABLE * size)
        if left_out:
            more = say("{more} more in details", more=left_out)
            under = page.text(more, right, under + 40_000, HALF, SMALL * size, GREY)
        last = max(last, under)
    return page.text(panel["foot"], SIDE, last + 50_000, ROOM, SMALL * size, GREY)


def _months(page: SlidePage, panel: Json, top: int, size: float) -> int:
    """Small native charts of months, each below its name and value."""
    at = page.head(panel, SIDE, ROOM, top, size)
    room = (ROOM - SIDE // 2 * (ACROSS - 1)) // ACROSS
    tall, words = int(MONTHS * size), int(420_000 * size)
    for i, item in enumerate(panel["items"]):
        x, y = SIDE + i % ACROSS * (room + SIDE // 2), at + i // ACROSS * tall
        parts = [
            {"text": f"{item['label']}  ", "bold": False},
            {"text": item["value"], "bold": True},
        ]
        y = page.text(parts, x, y, room, TABLE * size)
        put_months(page.slide, item["spark"], x, y, room, tall - words)
        page.text(item["foot"], x, y + tall - words, room, SMALL * size, GREY)
    at += -(-len(panel["items"]) // ACROSS) * tall
    return page.text(panel["foot"], SIDE, at, ROOM, SMALL * size, GREY)


def _prose(page: SlidePage, panel: Json, top: int, size: float) -> int:
    for item in panel["items"]:
        words = item.get("parts") or item.get("text", "")
        title = item.get("title", "")
        top = page.text(title, SIDE, top, ROOM, HEAD * size, page.dress.accent)
        top = page.text(words, SIDE, top + 30_000, ROOM, WORDS * size) + GAP - 30_000
    return top
