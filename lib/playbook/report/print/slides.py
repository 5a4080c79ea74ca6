"""The director's edition as PowerPoint: native charts and tables that can be edited, notes with the
source of every page.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from playbook.base.errors import PlaybookError, Problem
from playbook.base.language import say

from .slide_dress import ACTUAL, dress, same_bytes, write_words

Json = dict[str, Any]
WIDE, HIGH = 12_192_000, 6_858_000  # 16:9 [EMU]
SIDE, TOP = 420_000, 1_020_000  # margins of the content [EMU]
PLAN, BEFORE = "FFFFFF", "8C95A3"
GOOD, BAD, CHANCE, GREY = "17765A", "B3261E", "6B7480", "5F6772"
TONES = {"good": GOOD, "bad": BAD, "warn": "8A6100", "muted": GREY, "chance": CHANCE}
MOST_LINES = 13  # of a table on one slide
DRAWN = {"bars", "delta", "pin", "dot", "band", "bridge"}


def write_slides(
    path: Path, *, brief: Json, sheets: Sequence[Json], meta: Json, title: str
) -> list[str]:
    """Write the deck; same input, same bytes.

    brief, sheets: what ``record.editions`` puts together. meta: company, month, as_of. Raises
    PlaybookError where the extra ``slides`` is not installed.
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
    page = _Page(deck, f"{meta['company']} · {title} · {meta['month']}")
    _brief(page, brief)
    for sheet in sheets:
        _sheet(page, sheet)
    buffer = io.BytesIO()
    deck.save(buffer)
    path.write_bytes(same_bytes(buffer.getvalue(), day))
    return []


class _Page:
    """Slides of one deck: a title that is a message, a grey line, a foot."""

    def __init__(self, deck: Any, foot: str):
        self.deck, self.foot, self.slide = deck, foot, None

    def new(self, title: str, note: str, source: str) -> Any:
        slide = self.slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        head = slide.shapes.title
        head.left, head.top, head.width, head.height = SIDE, 220_000, WIDE - 2 * SIDE, 520_000
        head.text_frame.word_wrap = True
        write_words(head.text_frame, title, 20, bold=True, left=True)
        self.text(note, SIDE, 740_000, WIDE - 2 * SIDE, 240_000, 9, GREY)
        number = len(self.deck.slides)
        foot = f"{self.foot}   ·   {number}"
        self.text(foot, SIDE, HIGH - 300_000, WIDE - 2 * SIDE, 200_000, 8, GREY)
        slide.notes_slide.notes_text_frame.text = source
        return slide

    def text(
        self, words: str, left: int, top: int, width: int, height: int, size: int, colour: str = ""
    ) -> None:
        box = self.slide.shapes.add_textbox(left, top, width, height)  # type: ignore[attr-defined]
        box.text_frame.word_wrap = True
        write_words(box.text_frame, words, size, colour=colour)


def _brief(page: _Page, brief: Json) -> None:
    source = say(
        "{note}\nBrief: tiles, bridge, sentences and what is to be decided.", note=brief["note"]
    )
    page.new(brief["title"], brief["note"], source)
    heads = ["", "AC", "ΔPL", "ΔPY", "ΔPM", ""]
    rows = []
    for tile in brief["tiles"]:
        by = {d["label"]: d for d in tile["deltas"]}
        cells = [{"text": tile["label"], "tone": ""}, {"text": tile["value"], "tone": "strong"}]
        cells += [
            {"text": by[k]["text"], "tone": by[k]["tone"]} if k in by else {"text": "", "tone": ""}
            for k in ("ΔPL", "ΔPY", "ΔPM")
        ]
        rows.append([*cells, {"text": tile["foot"], "tone": "muted"}])
    half = (WIDE - 3 * SIDE) // 2
    widths = [2.2, 1.2, 1.0, 1.0, 1.0, 2.6]
    rights = [False, True, True, True, True, False]
    _table(page, heads, rows, widths, rights, SIDE, TOP, half, 9)
    top = TOP + 330_000 * (len(rows) + 1)
    for part in brief["prose"]:
        told = "".join(p["text"] for p in part["parts"])
        words = say("{title}: {text}", title=part["title"], text=told)
        page.text(words, SIDE, top, half, 700_000, 10)
        top += 780_000
    if brief["bridge"]:
        _bridge(page, brief["bridge"], 2 * SIDE + half, TOP, half, 3_000_000)
    if brief["decisions"]:
        page.new(brief["decisions"]["title"], brief["note"], source)
        _panel_table(page, brief["decisions"], SIDE, TOP, WIDE - 2 * SIDE)


def _sheet(page: _Page, sheet: Json) -> None:
    """A panel with a chart has a slide of its own, its table beside the chart; tables go in pairs.
    The first slide carries the page's message.
    """
    panels = [p for p in sheet["panels"] if p["type"] == "rows"]
    drawn = [p for p in panels if _chart(p)]
    plain = [p for p in panels if not _chart(p)]
    groups = [[p] for p in drawn] + [plain[i : i + 2] for i in range(0, len(plain), 2)]
    half = (WIDE - 3 * SIDE) // 2
    for i, group in enumerate(sorted(groups, key=lambda g: panels.index(g[0]))):
        told = "\n".join(say("{title}: {text}", title=p["title"], text=p["note"]) for p in group)
        source = f"{sheet['title']}\n{sheet['note']}\n{told}"
        page.new(sheet["title"] if i == 0 else group[0]["title"], sheet["note"], source)
        lefts = (SIDE, 2 * SIDE + half)
        wide = len(group) == 1 and not _chart(group[0])
        for panel, left in zip(group, lefts, strict=False):
            page.text(panel["title"], left, TOP, half, 240_000, 11)
            page.text(panel["note"], left, TOP + 230_000, half, 200_000, 8, GREY)
        if at := _chart(group[0]):
            draw = _bars if at == "bars" else _bridge
            draw(page, group[0], SIDE, TOP + 450_000, half, 4_600_000)
            _panel_table(page, group[0], lefts[1], TOP + 450_000, half)
            continue
        for panel, left in zip(group, lefts, strict=False):
            _panel_table(page, panel, left, TOP + 450_000, WIDE - 2 * SIDE if wide else half)


def _chart(panel: Json) -> str:
    """The kind of chart a panel becomes: bars, bridge or none."""
    kinds = [c["kind"] for c in panel["columns"]]
    if "bars" in kinds:
        at = kinds.index("bars")
        known = (r["cells"][at]["ac"] for r in panel["lines"] if r["style"] != "total")
        return "bars" if any(v is not None for v in known) else ""
    return "bridge" if "bridge" in kinds else ""


def _bars(page: _Page, panel: Json, left: int, top: int, width: int, height: int) -> None:
    """Previous year, plan and actual as clustered bars with their data behind them."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    at = next(i for i, c in enumerate(panel["columns"]) if c["kind"] == "bars")
    lines = [line for line in panel["lines"] if line["style"] != "total"][:MOST_LINES]
    cells = [line["cells"][at] for line in lines]
    data = CategoryChartData()
    data.categories = [line["cells"][0]["text"] for line in lines]
    series = [("PY", "py", BEFORE), ("PL", "pl", PLAN), ("AC", "ac", ACTUAL)]
    shown = [s for s in series if any(c.get(s[1]) is not None for c in cells)]
    if any(c.get("fc") for c in cells):
        shown.append(("FC", "fc", PLAN))
    for name, key, _ in shown:
        values = [(c["fc"][0] if c["fc"] else None) if key == "fc" else c.get(key) for c in cells]
        data.add_series(name, values)
    frame = page.slide.shapes.add_chart(  # type: ignore[attr-defined]
        XL_CHART_TYPE.BAR_CLUSTERED, left, top, width, height, data
    )
    dress(frame.chart, [colour for _, _, colour in shown])


def _bridge(page: _Page, panel: Json, left: int, top: int, width: int, height: int) -> None:
    """A waterfall as stacked bars: an invisible base, then what is whole, better and worse."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    at = next(i for i, c in enumerate(panel["columns"]) if c["kind"] == "bridge")
    data = CategoryChartData()
    data.categories = [line["cells"][0]["text"].strip() for line in panel["lines"]]
    steps = [line["cells"][at] for line in panel["lines"]]
    whole = ("plan", "actual", "before")
    data.add_series("base", [min(s["from"], s["to"]) for s in steps])
    for name, keep in (
        ("AC, PL", lambda s: s["tone"] in whole),
        (say("better"), lambda s: s["tone"] not in whole and s["to"] >= s["from"]),
        (say("worse"), lambda s: s["tone"] not in whole and s["to"] < s["from"]),
    ):
        data.add_series(name, [abs(s["to"] - s["from"]) if keep(s) else None for s in steps])
    frame = page.slide.shapes.add_chart(  # type: ignore[attr-defined]
        XL_CHART_TYPE.BAR_STACKED, left, top, width, height, data
    )
    dress(frame.chart, ["", ACTUAL, "2A9D7A", BAD])


def _panel_table(page: _Page, panel: Json, left: int, top: int, width: int) -> None:
    """The panel as a table of its words and numbers; drawn cells give the text at their end."""
    keep = [
        i
        for i, column in enumerate(panel["columns"])
        if column["kind"] not in DRAWN or any(r["cells"][i]["text"] for r in panel["lines"])
    ]
    columns = [panel["columns"][i] for i in keep]
    rows = [[line["cells"][i] for i in keep] for line in panel["lines"][:MOST_LINES]]
    widths = [min(c["width"], 3.4) if c["kind"] not in DRAWN else 1.0 for c in columns]
    rights = [c["right"] or c["kind"] in DRAWN for c in columns]
    heads = ["AC" if c["kind"] == "bars" else c["label"] for c in columns]
    _table(page, heads, rows, widths, rights, left, top, width, 10)
    more = len(panel["lines"]) - MOST_LINES
    foot = " · ".join(
        filter(None, (panel["foot"], say("{more} more in details", more=more) if more > 0 else ""))
    )
    if foot:
        page.text(foot, left, HIGH - 560_000, width, 220_000, 8, GREY)


def _table(
    page: _Page,
    heads: Sequence[str],
    rows: Sequence[Sequence[Json]],
    widths: Sequence[float],
    rights: Sequence[bool],
    left: int,
    top: int,
    width: int,
    size: int,
) -> None:
    from pptx.enum.text import PP_ALIGN

    shape = page.slide.shapes.add_table(  # type: ignore[attr-defined]
        len(rows) + 1, len(heads), left, top, width, 300_000 * (len(rows) + 1)
    )
    made = shape.table
    for i, share in enumerate(widths):
        made.columns[i].width = int(width * share / sum(widths))
    cells = [[{"text": h, "tone": "muted"} for h in heads], *rows]
    for y, row in enumerate(cells):
        for x, cell in enumerate(row):
            place = made.cell(y, x)
            place.fill.background()
            place.margin_top = place.margin_bottom = 20_000
            bold = y == 0 or cell["tone"] in ("strong", "good", "bad")
            colour = TONES.get(cell["tone"], ACTUAL)
            write_words(place.text_frame, cell["text"], size, bold=bold, colour=colour)
            if rights[x]:
                for paragraph in place.text_frame.paragraphs:
                    paragraph.alignment = PP_ALIGN.RIGHT
