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

from .slide_blocks import GAP, across, in_column, told
from .slide_charts import kind_of, put_chart
from .slide_dress import GREY, Dress, put_theme, same_bytes
from .slide_flow import SIZES, Band, planned
from .slide_page import FOOT, HALF, HEAD, HIGH, PROSE, SIDE, SMALL, WIDE, SlidePage, widen
from .slide_tables import Grid, grid_of, heights_of, readable, widths_of

Json = dict[str, Any]
UNDER = 60_000  # between the content and the foot [EMU]
TILES = 9.5  # type of the tiles [pt]
ROOM = WIDE - 2 * SIDE


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
    """Tiles beside the bridge, sentences below both, and what is to be decided: on the same slide
    where it holds them, else on one of its own; each in the largest type that fits.
    """
    source = say(
        "{note}\nBrief: tiles, bridge, sentences and what is to be decided.", note=brief["note"]
    )
    page.new(brief["title"], brief["note"], source)
    told_parts = [p for p in brief["prose"] if p["parts"]]
    decided = brief["decisions"] or None
    grid, room = _tiles(brief["tiles"]), FOOT - UNDER - page.top
    bare = next(
        (
            s
            for s in SIZES
            if readable(grid, HALF, TILES * s, 3) and _first_tall(page, grid, told_parts, s) <= room
        ),
        1.0,
    )
    below = _decided_tall(decided, 1.0) + GAP if decided else 0
    together = [
        s for s in SIZES if s <= bare and _first_tall(page, grid, told_parts, s) + below <= room
    ]
    size = together[0] if together else bare
    at = _first(page, brief, grid, told_parts, size)
    if decided and together:
        _decided(page, decided, at + GAP, 1.0)
    if decided and not together:
        page.new(decided["title"], brief["note"], source)
        room = FOOT - UNDER - page.top
        table = grid_of(decided)
        size = next(
            (
                s
                for s in SIZES
                if readable(table, ROOM, (SMALL + 1) * s) and _decided_tall(decided, s) <= room
            ),
            1.0,
        )
        _decided(page, decided, page.top, size)


def _columns(parts: Sequence[Json]) -> int:
    """Width of one of the columns of sentences: three have shorter lines than one."""
    return (ROOM - SIDE * (len(parts) - 1)) // max(len(parts), 1)


def _first_tall(page: SlidePage, grid: Grid, parts: Sequence[Json], size: float) -> int:
    tiles = sum(heights_of(grid, widths_of(grid, HALF, TILES * size), TILES * size))
    wide = _columns(parts)
    said = [
        page.tall(part["title"], wide, HEAD * size)
        + page.tall("".join(p["text"] for p in part["parts"]), wide, PROSE * size)
        for part in parts
    ]
    return tiles + max(said, default=0) + 180_000


def _first(page: SlidePage, brief: Json, grid: Grid, parts: Sequence[Json], size: float) -> int:
    bridge = brief["bridge"] if brief["bridge"] and kind_of(brief["bridge"]) else None
    left = page.table(grid, SIDE, page.top, HALF, TILES * size)
    if bridge:
        at = page.head(bridge, 2 * SIDE + HALF, HALF, page.top, min(size, 1.2))
        put_chart(page.slide, bridge, 2 * SIDE + HALF, at, HALF, left - at, size)
    wide, ends = _columns(parts), [left]
    for i, part in enumerate(parts):
        x, accent = SIDE + i * (wide + SIDE), page.dress.accent
        at = page.text(part["title"], x, left + 150_000, wide, HEAD * size, accent, bold=True)
        ends.append(page.text(part["parts"], x, at + 30_000, wide, PROSE * size))
    return max(ends)


def _decided_tall(decided: Json, size: float) -> int:
    grid, type_size = grid_of(decided), (SMALL + 1) * size
    return sum(heights_of(grid, widths_of(grid, ROOM, type_size), type_size)) + 450_000


def _decided(page: SlidePage, decided: Json, top: int, size: float) -> None:
    at = page.head(decided, SIDE, ROOM, top, size)
    at = page.table(grid_of(decided), SIDE, at, ROOM, (SMALL + 1) * size)
    page.text(decided["foot"], SIDE, at + 40_000, ROOM, SMALL * size, GREY)


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
    """Panels on as few slides as hold them; the first slide carries the page's message."""
    note, source = sheet["note"], f"{sheet['title']}\n{sheet['note']}"
    first = FOOT - page.begins(sheet["title"], note) - UNDER
    titles = [_title(panel) for panel in sheet["panels"]]
    room = FOOT - UNDER - max([page.begins(f"{t} (2 of 2)", note) for t in titles], default=0)
    for i, slide in enumerate(planned(sheet["panels"], first, room)):
        page.new(sheet["title"] if i == 0 and sheet["title"] else _title(slide.first), note, source)
        at = page.top
        for band in slide.bands:
            at = _band(page, band, at, slide.size) + GAP


def _band(page: SlidePage, band: Band, top: int, size: float) -> int:
    """Put a band's panels on the slide; where it ends."""
    for block in (*band.left, *band.right):
        if block.panel["type"] == "rows":
            page.told(told(block.panel))
    if not band.right:
        return across(page, band.left[0].panel, top, size, FOOT - UNDER)
    ends = []
    for left, blocks in ((SIDE, band.left), (2 * SIDE + HALF, band.right)):
        at = top
        for block in blocks:
            at = in_column(page, block.panel, left, at, size) + GAP
        ends.append(at - GAP)
    return max(ends)


def _title(panel: Json) -> str:
    return panel.get("title") or panel["items"][0]["title"]
