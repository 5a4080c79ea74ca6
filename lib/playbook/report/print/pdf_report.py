"""What the Typst template reads: cover, contents, chapters and appendix as plain JSON."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from playbook.base.formats import Formats
from playbook.base.language import later, say, speaking

from .columns import PORTRAIT, breakable
from .glyphs import width
from .missing_parts import gathered
from .pdf_blocks import MEASURE, arranged, cut
from .pdf_blocks import table as table_block

Json = dict[str, Any]
CONTENTS = 690.0  # height the entries of the contents may take [pt]
APPENDIX = 8.0  # type size of the appendix [pt]
LABELS = later(
    {
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
        "absent": "What this book does not give",
    }
)


def labels_in(language: str) -> dict[str, str]:
    """The words of the page in a language."""
    with speaking(language):
        return {name: str(say(text)) for name, text in LABELS.items()}


def report_of(chapters: list[Json], cover: Json | None, meta: Json) -> tuple[Json, dict[str, str]]:
    language = "zh" if str(meta.get("language", "en")).startswith("zh") else "en"
    labels = labels_in(language)
    drawings: dict[str, str] = {}
    chapters = [gathered(chapter, labels) for chapter in _without_repeats(chapters, labels)]
    manifest = [_plain_table(part) for part in meta.get("manifest") or () if part["rows"]]
    report = {
        "labels": labels,
        "meta": _meta(meta, language, labels),
        "cover": _cover(cover, labels) if cover else None,
        "chapters": [
            {
                "title": breakable(chapter["title"], 18.0),
                "label": _chapter_label(chapter["name"], labels),
                "blocks": arranged(chapter["blocks"], drawings),
            }
            for chapter in chapters
        ],
        "appendix": [_tight(block) for block in arranged(manifest, drawings)],
    }
    report["contents"] = _contents(chapters)
    return report, drawings


def _plain_table(part: Json) -> Json:
    """A table of texts (title, head, rows) as a block; columns of integers are set as figures."""
    rows = [[str(text) for text in row] for row in part["rows"]]
    align = "".join(
        "r" if all(re.fullmatch(r"[\d,]+", text) for text in column) else "l"
        for column in zip(*rows, strict=True)
    )
    return {
        "type": "table",
        "whole": True,
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
    return {"gap": max(2.4, min(gap, 5.0)), "one_page": gap >= 2.4}


def _without_repeats(chapters: list[Json], labels: dict[str, str]) -> list[Json]:
    """Chapters in which a table or warning that an earlier one shows word for word (what the book
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
    action_table = {
        "type": "table",
        "whole": True,
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
        "actions": table_block(action_table) if actions else None,
        **{
            part: cut(list(cover.get(part) or ()), MEASURE)
            for part in ("changes", "notes", "warnings")
        },
    }


def _chapter_label(name: str, labels: dict[str, str]) -> str:
    number = re.match(r"0*(\d+)-", name)
    return labels["chapter"].format(n=number[1]) if number else ""


def shortened(text: str, most: float) -> str:
    """``text`` cut to ``most`` em with …, whole when it fits."""
    if width(text) <= most:
        return text
    while text and width(text) > most - 1:
        text = text[:-1]
    return text.rstrip() + "…"
