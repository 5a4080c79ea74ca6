"""HTML pages from executed notebooks: one file each, no network, an analyst's build and a client's
build.

The client's page is made from the chapter alone (prose and blocks), so code, paths, parameters and
metadata never come near its bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat.v4 import new_notebook

from playbook.base.language import say, speaking
from playbook.page.steps import TOOLS
from playbook.report.names import CHAPTERS, POLICY, TEMPLATES

from . import chapters, page_parts, webfont
from .parameters import parameters
from .svg_ids import named_apart, unique

Json = dict[str, Any]


class PlaybookHTMLExporter(HTMLExporter):
    """nbconvert's exporter with the house's template; what the template shows is prepared in
    ``resources["playbook"]``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, extra_template_basedirs=[str(TEMPLATES)], template_name="html", **kwargs
        )

    def from_notebook_node(
        self, nb: Any, resources: Json | None = None, **kwargs: Any
    ) -> tuple[str, Json]:
        """The page of an executed notebook; ``resources["playbook"]`` may name title, client and
        meta.
        """
        asked = (resources or {}).get("playbook", {})
        page = page_of(
            nb,
            title=asked.get("title", ""),
            client=asked.get("client", False),
            meta=asked.get("meta", {}),
            face=asked.get("face"),
        )
        # HTMLExporter would parse the finished page again to complete alt texts; ours are complete,
        # and it spoils nothing then.
        # An empty notebook goes along: nothing of the real one can reach the page but through
        # ``page_of``.
        return TemplateExporter.from_notebook_node(
            self, new_notebook(), {**(resources or {}), "playbook": page}, **kwargs
        )


_exporter: PlaybookHTMLExporter | None = None


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
    global _exporter
    if _exporter is None:  # the first one reads templates from disk; the others are quick
        _exporter = PlaybookHTMLExporter()
    html, _ = _exporter.from_notebook_node(
        node, {"playbook": {"title": title, "client": client, "meta": meta, "face": face}}
    )
    Path(path).write_text(html, encoding="utf-8")


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
