"""Markdown cells as blocks: the same structure feeds the PDF's template and the HTML page. Raw HTML
is text, never markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import mistune

from . import formula

Json = dict[str, Any]
ALIGN = {"right": "r", "center": "c", "left": "l", None: "l"}

_parse = mistune.create_markdown(renderer="ast", plugins=["table", "math"])


def blocks(source: str) -> list[Json]:
    """Headings, paragraphs, lists, tables, quotes, code and rules of ``source``, as plain JSON."""
    return _blocks(_parse(source))  # type: ignore[arg-type]


def plain_text(inlines: Iterable[Json]) -> str:
    """The text of inlines, without emphasis."""
    return "".join(
        " " if part["t"] == "break" else part["s"] if "s" in part else plain_text(part["c"])
        for part in inlines
    )


def _blocks(tokens: Iterable[Json]) -> list[Json]:
    made = [BLOCKS[token["type"]](token) for token in tokens if token["type"] in BLOCKS]
    return [block for block in made if block]


def _heading(token: Json) -> Json:
    inlines = _inlines(token["children"])
    return {
        "type": "heading",
        "level": token["attrs"]["level"],
        "text": plain_text(inlines),
        "inlines": inlines,
    }


def _paragraph(token: Json) -> Json:
    return {"type": "paragraph", "inlines": _inlines(token["children"])}


def _list(token: Json) -> Json:
    attrs = token["attrs"]
    return {
        "type": "list",
        "ordered": bool(attrs.get("ordered")),
        "start": attrs.get("start") or 1,
        "items": [_blocks(item["children"]) for item in token["children"]],
    }


def _table(token: Json) -> Json:
    head, *bodies = token["children"]
    cells = head["children"]
    rows = [
        [{"text": plain_text(_inlines(cell["children"])), "tone": ""} for cell in row["children"]]
        for body in bodies
        for row in body["children"]
    ]
    return {
        "type": "table",
        "title": "",
        "head": [plain_text(_inlines(cell["children"])) for cell in cells],
        "rows": rows,
        "align": "".join(ALIGN[cell["attrs"].get("align")] for cell in cells),
        "note": "",
        "total": [],
        "weights": [],
    }


def _code(token: Json) -> Json:
    return {"type": "code", "text": token["raw"].rstrip("\n")}


BLOCKS: dict[str, Callable[[Json], Json | None]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "block_text": _paragraph,
    "list": _list,
    "table": _table,
    "block_code": _code,
    "block_math": lambda token: {"type": "paragraph", "inlines": formula.inlines(token["raw"])},
    "block_quote": lambda token: {"type": "quote", "blocks": _blocks(token["children"])},
    "block_html": lambda token: {
        "type": "paragraph",
        "inlines": [{"t": "text", "s": token["raw"].strip()}],
    },
    "thematic_break": lambda token: {"type": "rule"},
}


def _inlines(tokens: Iterable[Json]) -> list[Json]:
    """Inlines of a paragraph; a formula is several."""
    return [
        part
        for token in tokens
        for part in (
            formula.inlines(token["raw"]) if token["type"] == "inline_math" else [_inline(token)]
        )
    ]


def _inline(token: Json) -> Json:
    kind = token["type"]
    if kind in ("strong", "emphasis"):
        return {"t": "strong" if kind == "strong" else "em", "c": _inlines(token["children"])}
    if kind == "link":
        return {"t": "link", "href": token["attrs"]["url"], "c": _inlines(token["children"])}
    if kind == "codespan":
        return {"t": "code", "s": token["raw"]}
    if kind == "linebreak":
        return {"t": "break"}
    if kind == "softbreak":
        return {"t": "text", "s": " "}
    if (
        kind == "image"
    ):  # a picture from elsewhere would be a network reference: its words stand for it
        return {"t": "em", "c": _inlines(token["children"])}
    return {"t": "text", "s": token.get("raw", "")}


def html(parts: Iterable[Json]) -> str:
    """Blocks of a markdown cell as HTML. ``id`` of a heading, when given, becomes its anchor."""
    return "\n".join(_html(part) for part in parts)


def _html(block: Json) -> str:
    kind = block["type"]
    if kind == "heading":
        anchor = f' id="{escape(block["id"])}"' if block.get("id") else ""
        return f"<h{block['level']}{anchor}>{_inline_html(block['inlines'])}</h{block['level']}>"
    if kind == "paragraph":
        return f"<p>{_inline_html(block['inlines'])}</p>"
    if kind == "list":
        tag, start = (
            ("ol", f' start="{block["start"]}"' if block["start"] != 1 else "")
            if block["ordered"]
            else ("ul", "")
        )
        return (
            f"<{tag}{start}>{''.join(f'<li>{_item(item)}</li>' for item in block['items'])}</{tag}>"
        )
    if kind == "quote":
        return f"<blockquote>{html(block['blocks'])}</blockquote>"
    if kind == "code":
        return f"<pre><code>{escape(block['text'])}</code></pre>"
    if kind == "table":
        return _table_html(block)
    return "<hr>"


def _item(parts: list[Json]) -> str:
    if len(parts) == 1 and parts[0]["type"] == "paragraph":
        return _inline_html(parts[0]["inlines"])
    return html(parts)


def _table_html(block: Json) -> str:
    classes = {"r": ' class="pb-r"', "c": ' class="pb-c"', "l": ""}
    head = "".join(
        f'<th scope="col"{classes[a]}>{escape(text)}</th>'
        for text, a in zip(block["head"], block["align"], strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{classes[a]}>{escape(cell['text'])}</td>"
            for cell, a in zip(row, block["align"], strict=True)
        )
        + "</tr>"
        for row in block["rows"]
    )
    return (
        '<div class="pb-table"><div class="pb-scroll" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div></div>"
    )


def _inline_html(inlines: Iterable[Json]) -> str:
    return "".join(_one(part) for part in inlines)


def _one(part: Json) -> str:
    kind = part["t"]
    if kind == "text":
        return escape(part["s"], quote=False)
    if kind == "code":
        return f"<code>{escape(part['s'], quote=False)}</code>"
    if kind == "break":
        return "<br>"
    inner = _inline_html(part["c"])
    if kind == "link":
        return f'<a href="{escape(part["href"])}">{inner}</a>' if _safe(part["href"]) else inner
    return f"<{kind}>{inner}</{kind}>"


def _safe(address: str) -> bool:
    """Links to the web, to mail and within the page; nothing that runs."""
    return address.lower().startswith(("https://", "http://", "mailto:", "#"))
