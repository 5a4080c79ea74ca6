"""HTML pages from executed notebooks: one file each, no network, an analyst's build and a client's
build.

The client's page is made from the chapter alone (prose and blocks), so code, paths, parameters and
metadata never come near its bytes.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat.v4 import new_notebook

from playbook.page.blocks import MIME, from_data
from playbook.page.steps import POLICY as SCRIPT

from . import chapters, markdown, webfont

Json = dict[str, Any]
TEMPLATES = Path(str(files("playbook.report.print") / "templates"))
POLICY = (
    f"default-src 'none'; script-src {SCRIPT}; style-src 'unsafe-inline'; img-src data:; font-src"
    " data:; base-uri 'none'; form-action 'none'"
)
WORDS = {
    "en": {
        "contents": "Contents",
        "skip": "Skip to the content",
        "code": "Show code",
        "parameters": "Parameters",
        "name": "Name",
        "value": "Value",
        "meaning": "Meaning",
        "failed": "Could not be computed:",
        "hint": "Try:",
        "trace": "Traceback",
        "printed": "Printed",
        "as_of": "Data as of",
    },
    "zh": {
        "contents": "目录",
        "skip": "跳到正文",
        "code": "显示代码",
        "parameters": "参数",
        "name": "名称",
        "value": "值",
        "meaning": "含义",
        "failed": "未能计算：",
        "hint": "建议：",
        "trace": "错误追踪",
        "printed": "打印输出",
        "as_of": "数据截至",
    },
}
PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][^\\/\s:'\"<>|]+)+[\\/]([^\\/\s:'\"<>|]+)")


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
        )
        # HTMLExporter would parse the finished page again to complete alt texts; ours are complete,
        # and it spoils nothing then.
        # An empty notebook goes along: nothing of the real one can reach the page but through
        # ``page_of``.
        return TemplateExporter.from_notebook_node(
            self, new_notebook(), {**(resources or {}), "playbook": page}, **kwargs
        )


_exporter: PlaybookHTMLExporter | None = None


def write_html(node: Any, path: str | Path, *, title: str, client: bool, meta: Json) -> None:
    """Write an executed notebook as one HTML file.

    Parameters
    ----------
    title : of the browser's tab; the page's own heading is the notebook's
    client : True for the build that leaves the house: no code, paths, parameters, printed output or
    metadata
    meta : title, company, month, as_of (YYYY-MM-DD), language
    """
    global _exporter
    if _exporter is None:  # the first one reads templates from disk; the others are quick
        _exporter = PlaybookHTMLExporter()
    html, _ = _exporter.from_notebook_node(
        node, {"playbook": {"title": title, "client": client, "meta": meta}}
    )
    Path(path).write_text(html, encoding="utf-8")


# -- what the template shows


def page_of(node: Any, *, title: str, client: bool, meta: Json) -> Json:
    """Everything the template needs, as HTML pieces and plain words."""
    language = "zh" if str(meta.get("language", "en")).startswith("zh") else "en"
    words = WORDS[language]
    parts = list(_client(node, words) if client else _analyst(node, words))
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
        "words": words,
        "client": client,
        "policy": POLICY,
        "body": _unique(body),
        "contents": contents,
        "company": meta.get("company", ""),
        "month": meta.get("month", ""),
        "as_of": meta.get("as_of", ""),
        "style": style + webfont.face(_words(node, meta)),
        "parameters": [] if client else parameters(node),
    }


def _words(node: Any, meta: Json) -> str:
    """All the words either build may show: the same for both, so that one font serves the two."""
    shown = [
        json.dumps({**block, "svg": ""}, ensure_ascii=False)
        for cell in node["cells"]
        for block in chapters.shown(cell)
    ]
    prose = [cell["source"] for cell in node["cells"] if cell["cell_type"] == "markdown"]
    return "".join([*shown, *prose, str(meta.get("company", "")), str(meta.get("title", ""))])


def _client(node: Any, words: Json) -> Iterator[Json]:
    chapter = chapters.chapter(node, "", without=chapters.FOOTER)
    yield {"level": 1, "text": chapter["title"], "html": ""}
    for i, block in enumerate(chapter["blocks"]):
        yield _piece(block, words, i, client=True)


def _analyst(node: Any, words: Json) -> Iterator[Json]:
    n = 0
    for cell in node["cells"]:
        if cell["cell_type"] == "markdown":
            for block in markdown.blocks(cell["source"]):
                n += 1
                yield _piece(block, words, n)
        elif cell["cell_type"] == "code":
            if cell["source"].strip():
                yield {"html": f'<pre class="pb-code"><code>{escape(cell["source"])}</code></pre>'}
            for output in cell.get("outputs", ()):
                n += 1
                yield _output(output, words, n)


def _piece(block: Json, words: Json, n: int, client: bool = False) -> Json:
    """HTML of one block, prose or generated."""
    kind = block["type"]
    if kind == "heading":
        inlines = block.get("inlines") or [{"t": "text", "s": block["text"]}]
        anchor = {**block, "inlines": inlines, "id": f"section-{n}"}
        return {
            "level": block["level"],
            "text": block["text"],
            "id": anchor["id"],
            "html": markdown.html([anchor]),
        }
    if kind == "failure":
        cause = PATH.sub(r"\1", block["cause"]) if client else block["cause"]
        return {
            "html": failure(
                {
                    **block,
                    "cause": cause,
                    "hint": PATH.sub(r"\1", block["hint"]) if client else block["hint"],
                },
                words,
            )
        }
    if kind in ("paragraph", "list", "quote", "code", "rule") or (
        kind == "table" and not block["title"]
    ):
        return {"html": markdown.html([block])}
    return {"html": from_data(block).html()}


def _output(output: Json, words: Json, n: int) -> Json:
    """HTML of one output of a cell, for the analyst."""
    kind = output.get("output_type")
    if kind == "error":
        trace = chapters.ANSI.sub("", "\n".join(output.get("traceback", ())))
        return {"html": failure({"section": "", **chapters.cause(output)}, words, trace)}
    if kind == "stream":
        label = f"{words['printed']}{' (stderr)' if output.get('name') == 'stderr' else ''}"
        return {
            "html": (
                "<details"
                f' class="pb-printed"><summary>{label}</summary><pre>{escape(chapters.ANSI.sub("", output["text"]))}</pre></details>'
            )
        }
    data = output.get("data", {})
    if MIME in data:
        return _piece(data[MIME], words, n)
    if "image/png" in data:
        alt = (
            output.get("metadata", {})
            .get("image/png", {})
            .get("alt", "picture drawn by the cell above")
        )
        return {
            "html": (
                f'<img alt="{escape(alt)}"'
                f' src="data:image/png;base64,{"".join(data["image/png"].split())}">'
            )
        }
    return {"html": f"<pre>{escape(data['text/plain'])}</pre>" if data.get("text/plain") else ""}


def failure(block: Json, words: Json, trace: str = "") -> str:
    """A failed section: the cause in one line, the traceback folded away."""
    section = f" {escape(block['section'])}" if block["section"] else ""
    hint = (
        f"<p><strong>{words['hint']}</strong> {escape(block['hint'])}</p>" if block["hint"] else ""
    )
    folded = (
        f"<details><summary>{words['trace']}</summary><pre>{escape(trace)}</pre></details>"
        if trace
        else ""
    )
    return (
        '<div class="pb-failure"'
        f' role="alert"><p><strong>{words["failed"]}{section}</strong></p><p>{escape(block["cause"])}</p>{hint}{folded}</div>'
    )


SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
ID, USE = re.compile(r'\bid="([^"]+)"'), re.compile(r'(href="#|url\(#)([^")]+)')


def _unique(parts: list[str]) -> list[str]:
    """Inline SVG: ids of one figure never meet those of another on the page; namespaces, which HTML
    implies, left out.
    """
    count = 0

    def rename(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        svg = ID.sub(rf'id="p{count}-\1"', found[0])
        return re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", USE.sub(rf"\g<1>p{count}-\2", svg))

    return [SVG.sub(rename, part) for part in parts]


def parameters(node: Any) -> list[tuple[str, str, str]]:
    """(name, value, meaning) as the run used them: the parameters cell, then what was injected over
    it.
    """
    found: dict[str, tuple[str, str]] = {}
    for cell in node["cells"]:
        if cell["cell_type"] != "code" or not chapters.tags(cell) & {
            "parameters",
            "injected-parameters",
        }:
            continue
        lines = cell["source"].splitlines()
        try:
            statements = ast.parse(cell["source"]).body
        except SyntaxError:
            continue
        for statement in statements:
            target = (
                statement.target
                if isinstance(statement, ast.AnnAssign)
                else statement.targets[0]
                if isinstance(statement, ast.Assign)
                else None
            )
            if isinstance(target, ast.Name) and statement.value is not None:
                meaning = (
                    lines[statement.end_lineno - 1][statement.end_col_offset :]
                    .partition("#")[2]
                    .strip()
                )
                found[target.id] = (
                    ast.unparse(statement.value),
                    meaning or found.get(target.id, ("", ""))[1],
                )
    return [(name, value, meaning) for name, (value, meaning) in found.items()]
