"""The director's edition as PowerPoint: native charts and tables that can be edited, notes with the
source of every page, in the book's own accent, fonts, logo and footer.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from playbook.base.errors import PlaybookError, Problem
from playbook.base.language import say
from playbook.page.contribution import DELTAS

from .slide_charts import kind_of, put_chart, put_months, several, shown_by
from .slide_dress import GREY, POINT, Dress, lines_of, put_theme, same_bytes
from .slide_page import (
    FOOT,
    HALF,
    HEAD,
    HIGH,
    PROSE,
    SIDE,
    SMALL,
    TABLE,
    WIDE,
    SlidePage,
    widen,
)
from .slide_tables import LINE, Grid, fitting, grid_of, heights_of, widths_of

Json = dict[str, Any]
ACROSS = 4  # small drawings of months beside each other


def write_slides(
    path: Path,
    *,
    brief: Json,
    sheets: Sequence[Json],
    meta: Json,
    title: str,
    dress: Json | None = None,
) -> list[str]:
    """Write the deck; same input, same bytes.

    brief, sheets: what ``record.editions`` puts together. meta: company, month, as_of, language.
    dress: accent, footer, logo (a path) and fonts (paths) of the settings. Raises PlaybookError
    where the extra ``slides`` is not installed.
    """
    try:
        from pptx import Presentation
    except ImportError:
        raise PlaybookError(
            Problem(
                found=say("[report] editions asks for slides, and python-pptx is not installed"),
                expected=say("the package that writes PowerPoint files"),
                try_=say('pip install "playbook[slides]"'),
            )
        ) from None
    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    core = deck.core_properties
    day = datetime.fromisoformat(meta["as_of"])
    core.title, core.author = f"{title} · {meta['month']}", meta["company"]
    core.created = core.modified = day
    core.last_modified_by, core.revision = meta["company"], 1
    worn = Dress.of(dress or {}, meta, f"{meta['company']} · {title} · {meta['month']}")
    core.language = "zh-CN" if worn.language == "zh" else "en-GB"
    put_theme(deck, worn)
    widen(deck)
    page = SlidePage(deck, worn)
    _brief(page, brief)
    for sheet in sheets:
        _sheet(page, sheet)
    buffer = io.BytesIO()
    deck.save(buffer)
    path.write_bytes(same_bytes(buffer.getvalue(), day))
    return []


def _brief(page: SlidePage, brief: Json) -> None:
    source = say(
        "{note}\nBrief: tiles, bridge, sentences and what is to be decided.", note=brief["note"]
    )
    page.new(brief["title"], brief["note"], source)
    bridge = brief["bridge"] if brief["bridge"] and kind_of(brief["bridge"]) else None
    grid = _tiles(brief["tiles"])
    left = page.table(grid, SIDE, page.top, HALF, 9.5)
    if bridge:
        at = page.head(bridge, 2 * SIDE + HALF, HALF, page.top)
        put_chart(page.slide, bridge, 2 * SIDE + HALF, at, HALF, left - at)
    # Told beside each other below both: three columns have shorter lines than one.
    told = [p for p in brief["prose"] if p["parts"]]
    room = (WIDE - 2 * SIDE - SIDE * (len(told) - 1)) // max(len(told), 1)
    ends = [left]
    for i, part in enumerate(told):
        x = SIDE + i * (room + SIDE)
        at = page.text(part["title"], x, left + 150_000, room, HEAD, page.dress.accent, bold=True)
        ends.append(page.text(part["parts"], x, at + 30_000, room, PROSE))
    decided, below = brief["decisions"], max(ends) + 200_000
    if not decided:
        return
    grid, room = grid_of(decided), WIDE - 2 * SIDE
    tall = sum(heights_of(grid, widths_of(grid, room, SMALL + 1), SMALL + 1))
    if below + 450_000 + tall < FOOT:
        at = page.head(decided, SIDE, room, below)
        at = page.table(grid, SIDE, at, room, SMALL + 1)
        page.text(decided["foot"], SIDE, at + 40_000, room, SMALL, GREY)
    else:
        page.new(brief["decisions"]["title"], brief["note"], source)
        _table(page, brief["decisions"])


def _tiles(tiles: Sequence[Json]) -> Grid:
    labels = [k for k in map(say, DELTAS) if any(_has(tile, k) for tile in tiles)]
    rows = []
    for tile in tiles:
        by = {d["label"]: d for d in tile["deltas"]}
        cells = [{"text": tile["label"], "tone": ""}, {"text": tile["value"], "tone": "strong"}]
        cells += [
            {"text": by[k]["text"], "tone": by[k]["tone"]} if k in by else {"text": "", "tone": ""}
            for k in labels
        ]
        rows.append((*cells, {"text": tile["foot"], "tone": "muted"}))
    rights = (False, True, *[True] * len(labels), False)
    return Grid(("", "AC", *labels, ""), tuple(rows), rights)


def _has(tile: Json, label: str) -> bool:
    return any(d["label"] == label and d["size"] is not None for d in tile["deltas"])


def _sheet(page: SlidePage, sheet: Json) -> None:
    """Panels in two columns, as many on a slide as it holds; one that needs more than half a slide
    has a slide of its own. The first slide carries the page's message.
    """
    flow = _Flow(page, sheet)
    for panel in sheet["panels"]:
        flow.put(panel)


class _Flow:
    """Where the next panel of a sheet stands: left or right column, and how far down."""

    def __init__(self, page: SlidePage, sheet: Json):
        self.page, self.sheet, self.title = page, sheet, sheet["title"]
        self.column, self.at = 2, 0

    def put(self, panel: Json) -> None:
        needs = _height(panel)
        room = FOOT - self.page.top if self.at else FOOT - HIGH // 6
        if panel["type"] != "rows" or needs is None or needs > room:
            self._slide([panel])
            self.column = 2
            return _whole(self.page, panel)
        if self.column == 2 or (self.column == 1 and self.at + needs > FOOT):
            self._slide([panel])
            self.column, self.at = 0, self.page.top
        elif self.at + needs > FOOT:
            self.column, self.at = 1, self.page.top
        left = SIDE if self.column == 0 else 2 * SIDE + HALF
        self.page.told(_told(panel))
        self.at = _boxed(self.page, panel, left, self.at) + 160_000
        return None

    def _slide(self, panels: Sequence[Json]) -> None:
        sheet = self.sheet
        self.page.new(
            self.title or _title(panels[0]), sheet["note"], f"{sheet['title']}\n{sheet['note']}"
        )
        self.title = ""


def _title(panel: Json) -> str:
    return panel.get("title") or panel["items"][0]["title"]


def _told(panel: Json) -> str:
    return say("{title}: {text}", title=panel["title"], text=panel["note"])


def _high(panel: Json) -> int:
    """Height of a panel's chart [EMU]: room for every bar and its number."""
    return 120_000 + len(panel["lines"]) * (310_000 if several(panel) else 215_000)


def _height(panel: Json) -> int | None:
    """Height of a panel in one column [EMU]; None where its table cannot be read there."""
    if panel["type"] != "rows":
        return None
    kind = kind_of(panel)
    grid = grid_of(panel, shown_by(panel))
    words = int(POINT * LINE * (HEAD * lines_of(panel["title"], HALF, HEAD)))
    words += int(POINT * LINE * SMALL * lines_of(panel["note"], HALF, SMALL)) + 90_000
    if panel["foot"]:
        words += int(POINT * LINE * SMALL * lines_of(panel["foot"], HALF, SMALL)) + 60_000
    total = words + (_high(panel) if kind else 0)
    if kind and len(grid.heads) < 2:
        return total
    widths = widths_of(grid, HALF, TABLE)
    if any(
        lines_of(cell["text"], wide, TABLE) > 2
        for row in grid.rows
        for cell, wide in zip(row, widths, strict=True)
    ):
        return None
    return total + sum(heights_of(grid, widths, TABLE))


def _boxed(page: SlidePage, panel: Json, left: int, top: int) -> int:
    """A panel in one column: its chart, and below it as a table what the chart does not say."""
    at = page.head(panel, left, HALF, top)
    grid = grid_of(panel, shown_by(panel))
    if kind_of(panel):
        put_chart(page.slide, panel, left, at, HALF, _high(panel))
        at += _high(panel)
    if not kind_of(panel) or len(grid.heads) > 1:
        at = page.table(grid, left, at, HALF)
    return page.text(panel["foot"], left, at + 50_000, HALF, SMALL, GREY)


def _whole(page: SlidePage, panel: Json) -> None:
    """A panel on a slide of its own."""
    if panel["type"] == "multiples":
        _months(page, panel)
    elif panel["type"] != "rows":
        _prose(page, panel)
    elif kind_of(panel):
        page.told(_told(panel))
        _drawn(page, panel)
    else:
        page.told(_told(panel))
        _table(page, panel)


def _table(page: SlidePage, panel: Json) -> None:
    """A table across, on as many slides as it needs."""
    room = WIDE - 2 * SIDE
    begin = page.top if page.title == panel["title"] else page.head(panel, SIDE, room, page.top)
    parts = fitting(grid_of(panel), room, FOOT - begin - 260_000, TABLE)
    for i, part in enumerate(parts):
        if i:
            title = say("{title} ({i} of {n})", title=panel["title"], i=i + 1, n=len(parts))
            page.new(title, page.note, page.source)
        end = page.table(part, SIDE, begin if i == 0 else page.top, room)
    page.text(panel["foot"], SIDE, end + 60_000, room, SMALL, GREY)


def _drawn(page: SlidePage, panel: Json) -> None:
    """A chart on the left, what it does not say as a table on the right."""
    at = page.head(panel, SIDE, WIDE - 2 * SIDE, page.top)
    grid = grid_of(panel, shown_by(panel))
    alone = len(grid.heads) < 2  # the names alone stand at the bars
    room = WIDE - 2 * SIDE if alone else HALF
    put_chart(page.slide, panel, SIDE, at, room, min(FOOT - at - 250_000, _high(panel)))
    if not alone:
        parts = fitting(grid, HALF, FOOT - at - 250_000, TABLE)
        page.table(parts[0], 2 * SIDE + HALF, at, HALF)
        left_out = len(grid.rows) - len(parts[0].rows)
        if left_out:
            page.text(
                say("{more} more in details", more=left_out),
                2 * SIDE + HALF, FOOT - 220_000, HALF, SMALL, GREY,
            )  # fmt: skip
    page.text(panel["foot"], SIDE, FOOT - 220_000, HALF, SMALL, GREY)


def _months(page: SlidePage, panel: Json) -> None:
    """Small native charts of months, each below its name and value."""
    at = page.head(panel, SIDE, WIDE - 2 * SIDE, page.top)
    items = panel["items"]
    down = -(-len(items) // ACROSS)
    room = (WIDE - 2 * SIDE - SIDE // 2 * (ACROSS - 1)) // ACROSS
    tall = min((FOOT - at - 200_000) // max(down, 1), 2_000_000)
    for i, item in enumerate(items):
        x, y = SIDE + i % ACROSS * (room + SIDE // 2), at + i // ACROSS * tall
        parts = [
            {"text": f"{item['label']}  ", "bold": False},
            {"text": item["value"], "bold": True},
        ]
        y = page.text(parts, x, y, room, TABLE)
        put_months(page.slide, item["spark"], x, y, room, tall - 420_000)
        page.text(item["foot"], x, y + tall - 400_000, room, SMALL, GREY)
    page.text(panel["foot"], SIDE, FOOT - 220_000, WIDE - 2 * SIDE, SMALL, GREY)


def _prose(page: SlidePage, panel: Json) -> None:
    top = page.top
    for item in panel["items"]:
        words = item.get("parts") or item.get("text", "")
        top = page.text(item.get("title", ""), SIDE, top, WIDE - 2 * SIDE, HEAD, page.dress.accent)
        top = page.text(words, SIDE, top + 30_000, WIDE - 2 * SIDE, 12) + 150_000
