"""HTML pages from executed notebooks: one file each, no network, an analyst's build and a client's
build.

The client's page is made from the chapter alone (prose and blocks), so code, paths, parameters and
metadata never come near its bytes.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from playbook.base.language import say, speaking
from playbook.page.steps import TOOLS
from playbook.report.names import CHAPTERS, POLICY, TEMPLATES

from . import chapters, page_parts, webfont
from .parameters import parameters
from .svg_ids import named_apart, unique

Json = dict[str, Any]


@cache
def _template() -> jinja2.Template:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "html"),
        autoescape=False,  # pieces of HTML are put together here; the template escapes texts
    ).get_template("index.html.j2")


def rendered(page: Json) -> str:
    """The page whose pieces ``page_of`` gives. Written by Jinja alone: nbconvert, which takes a
    fifth of a second to import, would give the template the same (``exporter``).
    """
    return _template().render(resources={"playbook": page}).lstrip("\r\n")


def write_html(
    node: Any,
    path: str | Path,
    *,
    title: str,
    client: bool,
    meta: Json,
    face: str | None = None,
) -> None:
    """Write an executed notebook as one HTML file.

    Parameters
    ----------
    title : of the browser's tab; the page's own heading is the notebook's
    client : True for the build that leaves the house: no code, paths, parameters, printed output or
    metadata
    meta : title, company, month, as_of (YYYY-MM-DD), language
    face : rule of the font for Chinese characters in place of the page's own (``webfont``)
    """
    page = page_of(node, title=title, client=client, meta=meta, face=face)
    Path(path).write_text(rendered(page), encoding="utf-8")


def page_of(node: Any, *, title: str, client: bool, meta: Json, face: str | None = None) -> Json:
    """Everything the template needs, as HTML pieces and plain texts."""
    language = "zh" if str(meta.get("language", "en")).startswith("zh") else "en"
    with speaking(language):
        labels = {name: str(say(text)) for name, text in page_parts.LABELS.items()}
    parts = list(page_parts.client(node, labels) if client else page_parts.analyst(node, labels))
    heading = next((part["text"] for part in parts if part.get("level") == 1), title)
    body, contents = [], []
    for part in parts:
        if part.get("level") == 1:
            continue
        if part.get("level") == 2:
            contents.append((part["id"], part["text"]))
        body.append(part["html"])
    style = "".join(
        (TEMPLATES / "html" / f"{part}.css").read_text(encoding="utf-8")
        for part in (["page"] if client else ["page", "analyst"])
    )
    return {
        "language": {"zh": "zh-CN"}.get(language, language),
        "title": title or heading,
        "heading": heading,
        "labels": labels,
        "client": client,
        "policy": POLICY,
        "tools": TOOLS,
        "beside": _beside(meta, client),
        "body": named_apart(unique(body)),
        "contents": contents,
        "company": meta.get("company", ""),
        "month": meta.get("month", ""),
        "as_of": meta.get("as_of", ""),
        "style": style
        + (
            webfont.face("".join([shown_text(node, meta), *labels.values(), *body]))
            if face is None
            else face
        ),
        "parameters": [] if client else parameters(node),
    }


def _beside(meta: Json, client: bool) -> list[tuple[str, str]]:
    """Links to the pack's other pages: (file, name); none where the run did not say what there is.
    The glossary stands beside the analyst's build.
    """
    chapters = [(f"{name}.html", _name(name)) for name in meta.get("chapters", ())]
    up = "../" if client else ""
    return [*chapters, (f"{up}glossary.html", say("Glossary"))] if chapters else []


def _name(chapter: str) -> str:
    return say(CHAPTERS.get(chapter, chapter), context="chapter")


def shown_text(node: Any, meta: Json) -> str:
    """All the text either build may show: the same for both, so that one font serves the two."""
    shown = [
        json.dumps({**block, "svg": ""}, ensure_ascii=False)
        for cell in node["cells"]
        for block in chapters.shown(cell)
    ]
    prose = [cell["source"] for cell in node["cells"] if cell["cell_type"] == "markdown"]
    return "".join([*shown, *prose, str(meta.get("company", "")), str(meta.get("title", ""))])
