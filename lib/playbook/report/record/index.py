"""reports/index.html: all runs, read from their manifests. One static page, nothing to load, every
text escaped.
"""

from __future__ import annotations

import json
import os
import tempfile
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .manifest import NAME

Json = dict[str, Any]
STYLE = """body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;
padding:0 1rem;color:#1d1d1f}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #d9dce1;vertical-align:top;
overflow-wrap:anywhere}
td:nth-child(2){min-width:12rem}.failed{color:#a8322a}small{color:#555}a{color:#1b3a5c}"""


def write_index(out: Path) -> Path:
    """Write ``out/index.html`` from every ``out/<month>/<book>/manifest.json``; unreadable ones are
    named, not hidden.
    """
    rows = [
        _row(path, out)
        for path in sorted(
            out.glob(f"*/*/{NAME}"), key=lambda p: (_reversed(p.parts[-3]), p.parts[-2])
        )
        if not path.parts[-2].startswith(".")
    ]
    table = (
        (
            "<table><thead><tr>"
            + "".join(
                f'<th scope="col">{head}</th>'
                for head in ("Month", "Book", "Status", "Read", "Data")
            )
            + f"</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )
        if rows
        else "<p>No reports yet.</p>"
    )
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport"'
        ' content="width=device-width">'
        f"<title>Reports</title><style>{STYLE}</style></head><body><main><h1>Reports</h1>{table}</main></body></html>\n"
    )
    return _replace(out / "index.html", page)


def _row(path: Path, out: Path) -> str:
    folder = path.parent.relative_to(out)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        cells = [
            escape(found["month"]),
            escape(found["title"])
            + ("<br><small>only some chapters</small>" if found["partial"] else ""),
            _status(found),
            _links(path.parent, folder),
            f"<small>{escape(found['fingerprint'])}, as of {escape(found['as_of'])}</small>",
        ]
    except (OSError, ValueError, KeyError, TypeError):
        cells = [
            escape(folder.parts[0]),
            escape(folder.parts[1]),
            '<span class="failed">its manifest cannot be read</span>',
            "",
            "",
        ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _status(found: Json) -> str:
    failed = [o for o in found["notebooks"] if o["status"] != "ok"]
    if not failed:
        return "ok"
    causes = "<br>".join(
        escape(f"{o['name']}: {(o['error'] or {}).get('cause', o['status'])}") for o in failed
    )
    return f'<span class="failed">{causes}</span>'


def _links(run: Path, folder: Path) -> str:
    """Links to what is there, the pack first."""
    chapters = [path.name for path in sorted(run.glob("*.html"))]
    files = [
        name
        for name in (
            "director.pdf",
            "brief.pdf",
            "details.pdf",
            "actions.xlsx",
            *chapters,
            "results.json",
            NAME,
        )
        if (run / name).is_file()
    ]
    return " · ".join(f'<a href="{quote(str(folder / name))}">{escape(name)}</a>' for name in files)


def _reversed(month: str) -> tuple[int, ...]:
    """Latest month first in an otherwise rising sort."""
    return tuple(-ord(ch) for ch in month)


def _replace(path: Path, text: str) -> Path:
    """Write all of the file or nothing."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".index.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(part, 0o644)
    os.replace(part, path)
    return path
