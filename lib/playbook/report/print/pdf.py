"""The printed report: chapters as JSON into one fixed Typst template, compiled in process. Same
input, same bytes.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from playbook.base.formats import Formats
from playbook.page.figures import font_files

from .columns import AFTER_FIGURES, GUTTER, PORTRAIT, breakable, kept, setting
from .glyphs import Cleaner, width

Json = dict[str, Any]
TEMPLATE = files("playbook.report.print") / "templates" / "playbook.typ"
STANDARD = "ua-1"
KPI_GUTTER = 14.0  # between two numbers of a row [pt]
CONTENTS = 690.0  # height the entries of the contents may take [pt]
MEASURE = 40.0  # no line of prose holds a longer word [em]
APPENDIX = 8.0  # type size of the appendix [pt]
TABLE_KEPT = 12  # a table of at most so many lines is never split between pages
LINES_KEPT = 25  # a row of fewer lines is never split between pages
PROSE = ("heading", "paragraph", "list", "quote")
LABELS = {
    "en": {
        "page": "page {x} of {y}",
        "summary": "Summary",
        "changes": "What changed most",
        "actions": "What to do",
        "contents": "Contents",
        "appendix": "How this report was made",
        "warning": "Note:",
        "failed": "Could not be computed:",
        "hint": "Try:",
        "chapter": "Chapter {n}",
        "as_of": "Data as of {day}",
        "as_in": "the same as in “{chapter}”.",
        "what": "Action",
        "owner": "Owner",
        "due": "Due",
        "worth": "Worth",
        "why": "Why",
    },
    "zh": {
        "page": "第 {x} 页，共 {y} 页",
        "summary": "摘要",
        "changes": "变化最大的三项",
        "actions": "待办事项",
        "contents": "目录",
        "appendix": "本报告如何生成",
        "warning": "注意：",
        "failed": "未能计算：",
        "hint": "建议：",
        "chapter": "第 {n} 章",
        "as_of": "数据截至 {day}",
        "as_in": "同“{chapter}”一章。",
        "what": "事项",
        "owner": "负责人",
        "due": "截止",
        "worth": "价值",
        "why": "原因",
    },
}


def write_pdf(
    chapters: Sequence[Json], path: str | Path, *, cover: Json | None, meta: Json
) -> list[str]:
    """Write the report to ``path`` and return warnings (characters no font has, remarks of the
    compiler).

    Parameters
    ----------
    chapters : what ``chapters.chapter`` returns, in order
    cover : title, company, month_label, as_of_label, headlines, changes, actions, notes, warnings;
    None for a chapter alone
    meta : title, company, month, as_of (YYYY-MM-DD), language, manifest (list of title, head, rows
    for the appendix)
    """
    cleaner = Cleaner()
    report, drawings = _report(
        cleaner.clean(list(chapters)), cleaner.clean(cover), cleaner.clean(meta)
    )
    pdf, remarks = _compile(
        report, drawings, datetime.strptime(meta["as_of"], "%Y-%m-%d").replace(tzinfo=UTC)
    )
    Path(path).write_bytes(pdf)
    return cleaner.warnings() + remarks


def _compile(
    report: Json, drawings: dict[str, str], timestamp: datetime
) -> tuple[bytes, list[str]]:
    import typst  # 0.1 s, and only a run that prints needs it

    with tempfile.TemporaryDirectory(prefix="playbook-pdf-") as name:
        room = Path(name)
        (room / "fonts").mkdir()
        for font in font_files():  # only these: no font of the machine may change a page
            _link(font, room / "fonts" / font.name)
        (room / "playbook.typ").write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        (room / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
        for src, svg in drawings.items():
            (room / src).write_text(svg, encoding="utf-8")
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(room / "fonts")],
        )
        compiler = typst.Compiler(root=str(room), font_paths=fonts, ignore_system_fonts=True)
        pdf, warnings = compiler.compile_with_warnings(
            input=str(room / "playbook.typ"),
            format="pdf",
            timestamp=timestamp,
            pdf_standards=[STANDARD],
        )
        return pdf, [str(getattr(warning, "message", warning)) for warning in warnings]


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


# -- from chapters to what the template reads


def _report(chapters: list[Json], cover: Json | None, meta: Json) -> tuple[Json, dict[str, str]]:
    language = "zh" if str(meta.get("language", "en")).startswith("zh") else "en"
    labels, drawings = LABELS[language], {}
    chapters = _told_once(chapters, labels)
    manifest = [_plain_table(part) for part in meta.get("manifest") or () if part["rows"]]
    report = {
        "labels": labels,
        "meta": _meta(meta, language, labels),
        "cover": _cover(cover, labels) if cover else None,
        "chapters": [
            {
                "title": breakable(chapter["title"], 18.0),
                "label": _chapter_label(chapter["name"], labels),
                "blocks": _arranged(chapter["blocks"], drawings),
            }
            for chapter in chapters
        ],
        "appendix": [_tight(block) for block in _arranged(manifest, drawings)],
    }
    report["contents"] = _contents(chapters)
    return report, drawings


def _plain_table(part: Json) -> Json:
    """A table of texts (title, head, rows) as a block; columns of whole numbers are set as figures."""
    rows = [[str(text) for text in row] for row in part["rows"]]
    align = "".join(
        "r" if all(re.fullmatch(r"[\d,]+", text) for text in column) else "l"
        for column in zip(*rows, strict=True)
    )
    return {
        "type": "table",
        "title": part["title"],
        "head": list(part["head"]),
        "note": "",
        "total": [],
        "weights": [],
        "align": align,
        "rows": [[{"text": text, "tone": ""} for text in row] for row in rows],
    }


def _tight(block: Json) -> Json:
    """The appendix is looked up, not read: smaller, its lines closer."""
    if block["type"] != "table" or block["size"] <= APPENDIX:
        return block
    return {
        **block,
        "widths": [w * APPENDIX / block["size"] for w in block["widths"]],
        "size": APPENDIX,
        "tight": True,
    }


def _contents(chapters: list[Json]) -> Json:
    """The space between entries that lets the contents stand on one page [pt], and whether they
    then do.
    """
    parts, sections = (
        len(chapters) + 1,
        sum(
            block["type"] == "heading" and block["level"] == 2
            for chapter in chapters
            for block in chapter["blocks"]
        ),
    )
    gap = (CONTENTS - 6.6 * sections - 7.4 * parts) / (sections + 3.8 * parts)
    return {"gap": max(2.4, min(gap, 5.0)), "whole": gap >= 2.4}


def _told_once(chapters: list[Json], labels: dict[str, str]) -> list[Json]:
    """A table or warning that an earlier chapter of the pack shows word for word (what the book
    holds) is only referred to.
    """
    first: dict[str, str] = {}
    made = []
    for chapter in chapters:
        kept = []
        for block in (
            block for block in chapter["blocks"] if not block.get("folded")
        ):  # what is folded away is for a screen
            key = (
                json.dumps(block, sort_keys=True)
                if block["type"] == "table" or block.get("role") in ("warning", "missing")
                else ""
            )
            place = first.get(key, chapter["title"])
            if place == chapter["title"]:
                kept.append(block)
                first |= {key: place} if key else {}
            elif block["type"] == "table":
                kept.append(
                    {
                        "type": "text",
                        "role": "note",
                        "title": f"{block['title']}:",
                        "text": labels["as_in"].format(chapter=place),
                    }
                )
        made.append({**chapter, "blocks": kept})
    return made


def _meta(meta: Json, language: str, labels: dict[str, str]) -> Json:
    company = meta["company"] or meta["title"]
    day = Formats(language=language).text(date.fromisoformat(meta["as_of"]), "date")
    return {
        "title": meta["title"],
        "company": breakable(company, 22.0),
        "language": language,
        "date": [int(part) for part in meta["as_of"].split("-")],
        "company_size": next(
            (size for size in (30, 26, 23, 20) if 1.08 * width(company) * size < PORTRAIT), 18
        ),
        "running": f"{shortened(company, 34)} · {meta['month']}",
        "as_of_label": labels["as_of"].format(day=day),
    }


def _cover(cover: Json, labels: dict[str, str]) -> Json:
    keys = ("what", "owner", "due", "worth", "why")
    actions = [
        [{"text": str(action.get(key) or "–"), "tone": ""} for key in keys]
        for action in cover.get("actions") or ()
    ]
    table = {
        "type": "table",
        "title": "",
        "head": [labels[key] for key in keys],
        "rows": actions,
        "align": "lllrl",
        "note": "",
        "total": [],
        "weights": [],
    }
    headlines = [
        {"title": cut(h["title"], 9.5), "lines": cut(list(h["lines"]), 32.0)}
        for h in cover.get("headlines") or ()
        if h["lines"]
    ]
    return {
        "month_label": cover["month_label"],
        "as_of_label": (
            labels["as_of"].format(day=cover["as_of_label"])
            if cover["as_of_label"][:1].isdigit()
            else cover["as_of_label"]
        ),
        "headlines": headlines,
        "actions": _table(table) if actions else None,
        **{
            part: cut(list(cover.get(part) or ()), MEASURE)
            for part in ("changes", "notes", "warnings")
        },
    }


def _chapter_label(name: str, labels: dict[str, str]) -> str:
    number = re.match(r"0*(\d+)-", name)
    return labels["chapter"].format(n=number[1]) if number else ""


def cut(thing: Any, room: float) -> Any:
    """Every string of ``thing`` with break points in words wider than ``room`` [em]; addresses of
    links and drawings stay.
    """
    if isinstance(thing, str):
        return breakable(thing, room)
    if isinstance(thing, dict):
        return {
            key: value if key in ("href", "svg", "alt", "type") else cut(value, room)
            for key, value in thing.items()
        }
    return [cut(value, room) for value in thing] if isinstance(thing, list) else thing


def _arranged(blocks: Iterable[Json], drawings: dict[str, str]) -> list[Json]:
    """Blocks ready for the template; a table too wide for an upright page takes its heading and
    prose along onto a turned one.
    """
    made: list[Json] = []
    for block in blocks:
        ready = READY.get(block["type"], lambda b, _: cut(b, MEASURE))(block, drawings)
        if not ready.get("landscape"):
            made.append(ready)
        elif made and made[-1]["type"] == "across":
            made[-1]["blocks"].append(ready)
        else:
            start = _start_of_prose(made)
            made[start:] = [{"type": "across", "blocks": [*made[start:], ready]}]
    return made


def _start_of_prose(blocks: list[Json]) -> int:
    """Where the heading begins under which nothing but prose stands yet; the end when there is
    none.
    """
    for i in range(len(blocks) - 1, -1, -1):
        if blocks[i]["type"] == "heading":
            return i
        if blocks[i]["type"] not in PROSE:
            break
    return len(blocks)


def _table(block: Json, drawings: dict[str, str] | None = None) -> Json:
    how = setting(block)
    after = [i > 0 and block["align"][i - 1 : i + 1] == "rl" for i in range(len(how.widths))]
    rooms = [
        w / how.size - GUTTER - 0.1 - (AFTER_FIGURES if more else 0.0)
        for w, more in zip(how.widths, after, strict=True)
    ]

    def fitted(row: list[Json]) -> list[Json]:
        return [
            {
                **cell,
                "text": breakable(cell["text"], room),
                "kept": (
                    kept(cell["text"], align) and width(cell["text"].partition(" [")[0]) <= room
                ),
            }
            for cell, room, align in zip(row, rooms, block["align"], strict=True)
        ]

    lines = [
        max(
            1.0,
            *(math.ceil(width(cell["text"]) / room) for cell, room in zip(row, rooms, strict=True)),
        )
        for row in block["rows"]
    ]

    return {
        **block,
        "after_figures": after,
        "size": how.size,
        "widths": list(how.widths),
        "landscape": how.landscape,
        "title": breakable(block["title"], MEASURE),
        "above": breakable(block["note"], MEASURE),
        "head": [breakable(text, room) for text, room in zip(block["head"], rooms, strict=True)],
        "rows": [fitted(row) for row in block["rows"]],
        "total": [fitted(row) for row in block["total"]],
        "whole": [count < LINES_KEPT for count in lines],
        "small": sum(lines) + len(block["total"]) <= TABLE_KEPT,
    }


def _figure(block: Json, drawings: dict[str, str]) -> Json:
    src = f"figure-{len(drawings) + 1}.svg"
    drawings[src] = block["svg"]
    wide = re.search(r'<svg[^>]*?\swidth="([\d.]+)pt"', block["svg"])
    return {
        **cut(
            {key: block[key] for key in ("type", "title", "note", "alt") if key in block}, MEASURE
        ),
        "src": src,
        "width": min(float(wide[1]), PORTRAIT) if wide else PORTRAIT,
    }


def _kpis(block: Json, drawings: dict[str, str]) -> Json:
    """Rows of equal length; the largest size at which every value stands on one line, each column
    as wide as it needs.
    """
    n = max(len(block["items"]), 1)
    across = -(-n // -(-n // 5))
    columns = [block["items"][i::across] for i in range(across)]
    room = PORTRAIT - KPI_GUTTER * (across - 1)
    for size in (19, 17, 15, 13, 12):
        needs = [
            max((1.1 * size * width(item["value"]) for item in column), default=1.0)
            for column in columns
        ]
        if sum(needs) <= room:
            break
    even = room / across
    shares = (
        [even] * across
        if max(needs) <= even
        else [need + max(0.0, room - sum(needs)) / across for need in needs]
    )
    shares = [share * room / sum(shares) for share in shares]
    items = [
        {
            **item,
            "label": breakable(item["label"], share / 8.5),
            "value": breakable(item["value"], share / 1.1 / size),
            "detail": breakable(item["detail"], share / 8.5),
            "size": size,
        }
        for item, share in zip(block["items"], shares * n, strict=False)
    ]
    return {**block, "shares": shares, "items": items}


READY = {"table": _table, "figure": _figure, "kpis": _kpis}


def shortened(text: str, most: float) -> str:
    """``text`` cut to ``most`` em with …, whole when it fits."""
    if width(text) <= most:
        return text
    while text and width(text) > most - 1:
        text = text[:-1]
    return text.rstrip() + "…"
