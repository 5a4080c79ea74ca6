"""reports/index.html: the archive of all packs, read from what they hold. One static page: nothing
to load, no script, every text escaped.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playbook.base.formats import Formats, plural
from playbook.base.language import language, later, say
from playbook.report.names import CHAPTERS
from playbook.report.record.archive import write_whole

from .manifest import NAME

Json = dict[str, Any]
EDITIONS = (
    ("director.pdf", later("Director")),
    ("brief.pdf", later("Brief")),
    ("brief-wide.pdf", later("Brief, 16:9")),
    ("director.pptx", later("Slides")),
    ("details.pdf", later("Details")),
    ("actions.xlsx", later("Actions")),
)
NAMED = "index.html"
LANG = {"en": "en", "zh": "zh-CN"}
DATA = (("results.json", later("Numbers")), (NAME, later("Manifest")))
STYLE = """
:root{--ink:#2b3442;--soft:#5f6772;--line:#c9ced6;--back:#fff;--card:#fff;--link:#1f5fa8;
--good:#17765a;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#a7afba;--line:#3a434f;--back:#161a20;
--card:#1d222a;--link:#8ab8f0;--good:#5fc4a0;--bad:#ff9d94}}
*{box-sizing:border-box}
body{font:15px/1.45 "Playbook Han",system-ui,"Noto Sans CJK SC",sans-serif;margin:0;
color:var(--ink);background:var(--back)}
main{max-width:82rem;margin:0 auto;padding:1.2rem 1rem 3rem}
h1{font-size:1.5rem;margin:.2rem 0 .8rem}
h2{font-size:1.05rem;margin:1.6rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
a{color:var(--link)}
.books{display:flex;flex-wrap:wrap;gap:.3rem .9rem;border:0;padding:0;margin:0 0 .5rem}
.books legend{padding:0;color:var(--soft);font-size:.85rem}
.packs{display:grid;gap:.8rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr))}
article{border:1px solid var(--line);border-top:3px solid var(--ink);padding:.7rem .9rem;
background:var(--card);min-width:0}
article h3{margin:0;font-size:1rem}
article p{margin:.35rem 0}
.what{font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:.5rem;margin:.5rem 0}
.tiles div{border-top:1px solid var(--line);padding-top:.2rem;min-width:0}
.tiles dt{font-size:.75rem;color:var(--soft)}
.tiles dd{margin:0;font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums}
.tiles span{white-space:nowrap}
.tiles small{display:flex;flex-wrap:wrap;gap:0 .7rem;
font-size:.75rem;font-weight:400;color:var(--soft)}
nav{display:flex;flex-wrap:wrap;gap:.15rem .8rem;font-size:.9rem}
.ok{color:var(--good)}.failed{color:var(--bad)}
small,.soft{color:var(--soft)}
article>*{overflow-wrap:break-word}
"""


def write_index(out: Path) -> Path:
    """Write ``out/index.html`` from every ``out/<month>/<book>/manifest.json``, newest month first;
    unreadable ones are named, not hidden.
    """
    paths = sorted(out.glob(f"*/*/{NAME}"), key=lambda p: (_reversed(p.parts[-3]), p.parts[-2]))
    packs = [_pack(path, out) for path in paths if not path.parts[-2].startswith(".")]
    books = sorted({book for _, book, _, _ in packs})
    cards = [
        (m, f'<article class="k{books.index(b) + 1}">{card}</article>') for m, b, _, card in packs
    ]
    months = list(dict.fromkeys(month for month, _ in cards))
    parts = [
        f"<h2>{escape(_month(month))}</h2>"
        f'<div class="packs">{"".join(card for m, card in cards if m == month)}</div>'
        for month in months
    ] or [f"<p>{say('No reports yet.')}</p>"]
    head = say("Reports")
    body = f"<h1>{head}</h1>{_chooser(_called(packs, books))}{''.join(parts)}"
    style = f"{_letters(out, body)}{STYLE}{_filters(books)}"
    page = (
        f'<!doctype html>\n<html lang="{LANG[language()]}"><head><meta charset="utf-8">'
        '<meta name="viewport"'
        ' content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{head}</title><style>{style}</style></head><body><main>{body}</main></body></html>\n"
    )
    return _replace(out / NAMED, page)


def _called(packs: list[tuple[str, str, str, str]], books: list[str]) -> list[str]:
    """What the books are called: by the title of the newest pack, with the name where two share
    one.
    """
    titles = [next(t for _, name, t, _ in packs if name == book) for book in books]
    return [t if titles.count(t) == 1 else f"{t} ({b})" for t, b in zip(titles, books, strict=True)]


def _letters(out: Path, shown: str) -> str:
    """The font of the Chinese letters shown, for machines that have none; that of the page before
    where it shows the same ones.
    """
    letters = "".join(sorted({c for c in shown if c > "\u2e7f"}))
    if not letters:
        return ""
    named = f"/*{letters}*/"
    with suppress(OSError, UnicodeDecodeError):
        if kept := re.search(
            rf"<style>({re.escape(named)}@font-face [^\n<]*)\n", (out / NAMED).read_text("utf-8")
        ):
            return f"{kept[1]}\n"
    from playbook.report.print import webfont

    face = webfont.face(letters)
    return f"{named}{face}" if face else ""


def _chooser(books: list[str]) -> str:
    """A choice of one book, worked by the style sheet alone; none where there is one book."""
    if len(books) < 2:
        return ""
    options = "".join(
        f'<label><input type="radio" name="book" id="b{i}"{" checked" if i == 0 else ""}>'
        f" {escape(name)}</label>"
        for i, name in enumerate([say("all {books}", books=plural(len(books), "book")), *books])
    )
    return f'<fieldset class="books"><legend>{say("Show")}</legend>{options}</fieldset>'


def _filters(books: list[str]) -> str:
    """Rules that hide the other books' packs while one is chosen, and months left empty."""
    if len(books) < 2:
        return ""
    return "".join(
        f"body:has(#b{i}:checked) article:not(.k{i}){{display:none}}"
        f"body:has(#b{i}:checked) h2:has(+.packs:not(:has(.k{i}))){{display:none}}"
        for i in range(1, len(books) + 1)
    )


def _pack(path: Path, out: Path) -> tuple[str, str, str, str]:
    """(month, book, its title, content of its card) of one pack."""
    folder = path.parent.relative_to(out)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        month, book = str(found["month"]), str(found.get("book") or folder.parts[1])
        title = str(found["title"]) or book
        parts = [
            f"<h3>{escape(found['title'])}</h3>",
            *([f"<p><small>{say('only some chapters')}</small></p>"] if found["partial"] else []),
            _short(path.parent),
            f"<p>{_status(found)}</p>",
            *_links(path.parent, folder),
            f"<small>{escape(_made_of(found))}</small>",
        ]
    except (OSError, ValueError, KeyError, TypeError):
        month, book = folder.parts[:2]
        title = book
        parts = [
            f"<h3>{escape(book)}</h3>",
            f'<p class="failed">{say("its manifest cannot be read")}</p>',
        ]
    return month, book, title, "".join(parts)


def _made_of(found: Json) -> str:
    return say(
        "as of {day} · data {fingerprint}",
        fingerprint=str(found["fingerprint"]),
        day=_day(str(found["as_of"])),
    )


def _short(run: Path) -> str:
    """Headline and first tiles, from results.json; nothing where it has none."""
    try:
        short = json.loads((run / "results.json").read_text(encoding="utf-8"))["short"]
        tiles = "".join(
            f"<div><dt>{escape(t['label'])}</dt><dd>{escape(t['value'])}"
            f"<small>{_apart(t['deltas'])}</small></dd></div>"
            for t in short["tiles"]
        )
        title = f'<p class="what">{escape(short["title"])}</p>' if short["title"] else ""
        return title + (f'<dl class="tiles">{tiles}</dl>' if tiles else "")
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _apart(texts: list[str]) -> str:
    """The texts beside each other, none broken over two lines."""
    return "".join(f"<span>{escape(text)}</span>" for text in texts)


def _status(found: Json) -> str:
    failed = [o for o in found["notebooks"] if o["status"] != "ok"]
    if not failed:
        chapters = plural(len(found["notebooks"]), "chapter")
        return f'<span class="ok">{say("✓ {chapters} ok", chapters=chapters)}</span>'
    causes = "<br>".join(
        escape(f"{o['name']}: {(o['error'] or {}).get('cause', o['status'])}") for o in failed
    )
    return f'<span class="failed">{causes}</span>'


def _links(run: Path, folder: Path) -> list[str]:
    """Rows of links to what is there: editions, chapters, chapters without code, data."""
    chapters = sorted(run.glob("*.html"))
    heads = ("", "", say("Without code:"), "")
    names = (say("editions"), say("chapters"), say("chapters without code"), say("data"))
    rows = (
        [(name, say(label)) for name, label in EDITIONS if (run / name).is_file()],
        [(path.name, _chapter(path)) for path in chapters],
        [
            (f"client/{path.name}", _chapter(path))
            for path in sorted((run / "client").glob("*.html"))
        ],
        [(name, say(label)) for name, label in DATA if (run / name).is_file()],
    )
    return [
        f'<nav aria-label="{escape(f"{folder}: {name}")}">'
        f"{f'<small>{head}</small>' if head else ''}"
        + "".join(
            f'<a href="{quote(str(folder / name))}">{escape(label)}</a>' for name, label in row
        )
        + "</nav>"
        for head, name, row in zip(heads, names, rows, strict=True)
        if row
    ]


def _chapter(path: Path) -> str:
    if path.stem == "glossary":
        return say("Glossary")
    name = CHAPTERS.get(path.stem)
    return path.stem if name is None else say(name, context="chapter")


def _month(text: str) -> str:
    try:
        return Formats(language=language()).text(text, "month")
    except (ValueError, IndexError):
        return text


def _day(text: str) -> str:
    try:
        return Formats(language=language()).text(date.fromisoformat(text), "date")
    except ValueError:
        return text


def _reversed(month: str) -> tuple[int, ...]:
    """Latest month first in an otherwise rising sort."""
    return tuple(-ord(ch) for ch in month)


def _replace(path: Path, text: str) -> Path:
    """Write all of the file or nothing."""
    write_whole(path, text.encode(), 0o644)
    return path
