"""A table read one row at a time: in a browser stepped by arrow keys or clicks, without script, kernel or network."""

from __future__ import annotations

import hashlib
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .blocks import Table


def stepper(table: Table) -> str:
    """HTML of ``table``: a radio button per row (its first cell), and the row chosen as a list of head and text.

    A group of radio buttons is stepped by the arrow keys in every browser; the row shown follows by style alone. On paper all rows are shown.
    """
    name = f"pb-steps-{hashlib.sha256(repr((table.title, table.rows)).encode()).hexdigest()[:8]}"
    choices = "".join(f'<input type="radio" name="{name}" id="{name}-{i}"{" checked" if i == 0 else ""}><label for="{name}-{i}">{escape(row[0].text)}</label> '
                      for i, row in enumerate(table.rows))
    steps = "".join(_step(table.head[1:], [cell.text for cell in row]) for row in table.rows)
    shown = ",".join(f"#{name}-{i}:checked~div>section:nth-child({i + 1})" for i in range(len(table.rows)))
    style = f".{name}>div>section{{display:none}}{shown}{{display:block}}.{name} dt{{font-weight:600}}.{name} dd{{margin:0 0 .5em 1em}}@media print{{.{name}>div>section{{display:block}}}}"
    note = f'<p class="pb-source">{escape(table.note)}</p>' if table.note else ""
    return (f'<div class="{name}" role="group" aria-label="{escape(table.title)}"><style>{style}</style><p><strong>{escape(table.title)}</strong></p>'
            f"{choices}<div>{steps}</div>{note}</div>")


def _step(head: tuple[str, ...], texts: list[str]) -> str:
    parts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in zip(head, texts[1:], strict=True))
    return f"<section><h4>{escape(texts[0])}</h4><dl>{parts}</dl></section>"
