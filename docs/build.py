"""Writes the reference pages: ``python docs/build.py [folder]``. Static files; nothing is fetched.

The pages come from declarations in the code (contract of the tables, settings, contracts of frames,
vocabulary) and from the sample company; the API pages are pdoc's.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import mistune

import playbook as pb
from playbook.base.contracts import Frame, contracts_of
from playbook.base.settings import settings_help
from playbook.base.vocabulary import METRICS, STAGES
from playbook.data.book import Book
from playbook.data.table_specs import KIND_WORDS
from playbook.data.tables import TABLES, ColumnSpec
from playbook.page import Missing, Result

HERE = Path(__file__).resolve().parent
PAGES = (
    "first-pack",
    "tables",
    "settings",
    "frames",
    "glossary",
    "figures",
    "monthly",
    "readers",
    "bigger",
)
# What the API pages cover; the command line documents itself.
MODULES = (
    "playbook",
    "!playbook.report",
    "!playbook.simulator",
    "!playbook.cli",
    "!playbook.__main__",
)
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1rem 1.5rem 4rem;
color:#1a1a1a}
nav a{margin-right:1.2rem}a{color:#0b5394}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}
table{border-collapse:collapse;font-size:.9rem}th,td{text-align:left;vertical-align:top;
padding:.25rem .9rem .25rem 0;border-bottom:1px solid #e5e5e5}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}pre{background:#f6f6f6;padding:.8rem;
overflow-x:auto}
.wide{overflow-x:auto}figure{margin:1.5rem 0}figcaption{font-weight:600}svg{max-width:100%;
height:auto}
.toc{columns:4 12rem;font-size:.9rem}@media(prefers-color-scheme:dark){body{background:#161616;
color:#ddd}a{color:#8ab4f8}pre{background:#222}figure svg{background:#fff}}
"""


def build(folder: Path, *, api: bool = True) -> list[Path]:
    """Writes every page into ``folder`` and gives their paths. api: also the pages of pdoc."""
    folder.mkdir(parents=True, exist_ok=True)
    book = pb.sample()
    bodies = {
        **{
            name: written_page(name)
            for name in ("index", "first-pack", "monthly", "readers", "bigger")
        },
        "tables": tables_page(book),
        "settings": settings_page(),
        "frames": frames_page(),
        "glossary": glossary_page(),
        "figures": figures_page(book),
    }
    written = []
    for name, body in bodies.items():
        path = folder / f"{name}.html"
        path.write_text(page(name, str(body)), encoding="utf-8")
        written.append(path)
    for picture in HERE.glob("*.png"):
        written.append(Path(shutil.copy(picture, folder)))
    if api:
        import pdoc
        import pdoc.render

        pdoc.render.configure(docformat="restructuredtext", show_source=False)
        pb.Book  # noqa: B018  loads it, so that pdoc finds it beside the other names
        pdoc.pdoc(*MODULES, output_directory=folder / "api")
        written.append(folder / "api" / "index.html")
    return written


def written_page(name: str) -> str:
    """A page that is kept as Markdown beside this script; tables that are worked out stand in it
    as ``{{sizing}}``.
    """
    text = (HERE / f"{name}.md").read_text(encoding="utf-8")
    if "{{sizing}}" in text:
        text = text.replace("{{sizing}}", sizing_tables())
    return str(mistune.html(text))


def sizing_tables() -> str:
    """The tables of ``bench/sizing.py`` for the inputs measured last (docs/sizing.json)."""
    spec = importlib.util.spec_from_file_location("sizing", HERE.parent / "bench" / "sizing.py")
    assert spec and spec.loader
    sizing = importlib.util.module_from_spec(spec)
    sys.modules["sizing"] = sizing
    spec.loader.exec_module(sizing)
    return str(sizing.tables(sizing.measured()))


def page(name: str, body: str) -> str:
    """A whole HTML page with links to the others."""
    title = "playbook" if name == "index" else f"playbook: {name}"
    links = "".join(
        f'<a href="{target}">{label}</a>'
        for label, target in [
            ("Start", "index.html"),
            ("API", "api/index.html"),
            *((other.replace("-", " ").capitalize(), f"{other}.html") for other in PAGES),
        ]
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style></head><body><nav>{links}</nav>{body}</body></html>\n"
    )


def grid(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """An HTML table; cells are escaped, those in backquotes set as code."""
    lines = [f"<tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr>"]
    lines += [f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    if len(text) > 2 and text[0] == text[-1] == "`":
        return f"<code>{escape(text[1:-1])}</code>"
    return escape(text)


def _contents(names: Iterable[str]) -> str:
    items = "".join(f'<div><a href="#{escape(n)}">{escape(n)}</a></div>' for n in names)
    return f'<div class="toc">{items}</div>'


def tables_page(book: Book, examples: int = 3) -> str:
    """Every table of the contract: grain, key, columns, and example rows of ``book``."""
    parts = ["<h1>Tables of a book</h1>", _contents(TABLES)]
    for table in TABLES.values():
        parts += [
            f'<h2 id="{table.name}">{table.name}</h2>',
            f"<p>{escape(table.grain)}"
            + (f"; key {', '.join(table.key)}" if table.key else "")
            + (
                f"; a row is known from its day <code>{table.known}</code> on"
                if table.known
                else ""
            )
            + "</p>",
            grid(
                ("column", "means", "holds", "", "may be", "example"),
                (
                    (
                        f"`{column.name}`",
                        column.meaning,
                        KIND_WORDS[column.kind],
                        _needed(column, table.inputs),
                        _limits(column),
                        column.example,
                    )
                    for column in (*table.columns, *table.inputs)
                ),
            ),
        ]
        if table.name in book.read.given:
            shown = [
                column.name
                for column in table.columns
                if column.name in book.read.given[table.name] and not column.personal
            ]
            relation = book.relation(table.name)
            rows = relation.project(", ".join(f'"{name}"' for name in shown)).limit(examples)
            parts += ["<p>Rows of the sample:</p>", grid(shown, rows.fetchall())]
    return "".join(parts)


def _needed(column: ColumnSpec, inputs: Sequence[ColumnSpec]) -> str:
    if column in inputs:
        return "in place of others"
    return "required" if column.required else "personal" if column.personal else ""


def _limits(column: ColumnSpec) -> str:
    parts = [f"one of {', '.join(column.choices)}"] if column.choices else []
    parts += [f"refers to {column.refers}"] if column.refers else []
    parts += [f"at least {column.low:g}"] if column.low is not None else []
    parts += [f"at most {column.high:g}"] if column.high is not None else []
    return "; ".join(parts)


def settings_page() -> str:
    """Every key of playbook.toml, its default and meaning."""
    rows = ((f"`{key}`", f"`{default}`", meaning) for key, default, meaning in settings_help())
    return "<h1>Settings</h1>" + grid(("key", "default", "meaning"), rows)


def glossary_page() -> str:
    """Every number of results.json by chapter."""
    parts = ["<h1>Glossary</h1><p>Every number of <code>results.json</code>.</p>"]
    for stage in STAGES:
        rows = (
            (f"`{m.name}`", m.unit, m.meaning, ", ".join(m.by))
            for m in METRICS.values()
            if m.stage == stage
        )
        parts += [f"<h2>{stage}</h2>", grid(("name", "unit", "meaning", "by"), rows)]
    return "".join(parts)


def subclasses(base: type) -> list[type]:
    """Classes of the library derived from ``base``, by module and name."""
    for chapter in pb.CHAPTERS:
        importlib.import_module(f"playbook.{chapter}")
    found, queue = set(), [base]
    while queue:
        for kind in queue.pop().__subclasses__():
            queue.append(kind)
            if kind.__module__.startswith("playbook."):
                found.add(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


def frames_page() -> str:
    """Every frame contract: what a row is, who hands it out, its columns."""
    holders: dict[type[Frame], list[str]] = {}
    for kind in subclasses(Result):
        for name, contract in contracts_of(kind).items():
            holders.setdefault(contract, []).append(f"{kind.__name__}.{name}")
    contracts = subclasses(Frame)
    parts = ["<h1>Frames of the results</h1>", _contents(c.__name__ for c in contracts)]
    for contract in contracts:
        rest = contract.rest
        columns = [(f"`{c}`", c.unit, _meaning(c)) for c in contract.columns]
        columns += [("further columns", rest.unit, rest.meaning)] if rest is not None else []
        parts += [
            f'<h2 id="{contract.__name__}">{contract.__name__}</h2>',
            f"<p>{escape(inspect.cleandoc(contract.__doc__ or ''))}"
            f" <small>{escape(contract.__module__)}"
            f"{escape(': ' + ', '.join(holders.get(contract, []))) if contract in holders else ''}"
            "</small></p>",
            grid(("column", "unit", "meaning"), columns),
        ]
    return "".join(parts)


def _meaning(column: Any) -> str:
    ends = f"; interval {column.low} to {column.high}" if column.low else ""
    return f"{column.meaning}{ends}{'; not always there' if column.optional else ''}"


def sections(book: Book) -> Iterator[tuple[str, Result]]:
    """Each section that a book alone is enough for: the line of code and its result."""
    for chapter in pb.CHAPTERS:
        module = getattr(pb, chapter)
        for name in module.__all__:
            function = getattr(module, name)
            if not hasattr(function, "section"):
                continue
            first, *others = inspect.signature(function).parameters.values()
            if first.name == "book" and all(p.default is not p.empty for p in others):
                result = function(book)
                if not isinstance(result, Missing):
                    yield f"pb.{chapter}.{name}(book)", result


def figures_page(book: Book) -> str:
    """The figure of each section on ``book``, and the line that draws it."""
    parts = [f"<h1>Figures</h1><p>{escape(book.title)}, {book.month}.</p>"]
    for line, result in sections(book):
        figure = result.figure()
        if figure is not None:
            parts += [f"<p><code>{line}.figure()</code></p>", figure.html()]
    return "".join(parts)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "_site"
    print(f"{len(build(target))} pages in {target}")
