"""Frames as pandas shows them in a notebook, as tables of the page: its HTML is read for cells and
built anew, so that nothing of a cell can be markup.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

FIGURE = re.compile(r"[-+−]?[\d,. ]*\d[\d,.eE+\-% ]*|NaN|NaT|None|<NA>|…|\.\.\.|")
KEPT = ("colspan", "rowspan")


class _Cells(HTMLParser):
    """Rows of the head and of the body, each a list of (tag, spans, text)."""

    def __init__(self) -> None:
        super().__init__()
        self.head: list[list[list[str]]] = []
        self.body: list[list[list[str]]] = []
        self.note = ""
        self._rows, self._cell, self._in_note = self.body, False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("thead", "tbody"):
            self._rows = self.head if tag == "thead" else self.body
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td") and self._rows:
            spans = "".join(
                f' {k}="{int(v)}"' for k, v in attrs if k in KEPT and (v or "").isdigit()
            )
            self._rows[-1].append([tag, spans, ""])
            self._cell = True
        elif tag == "p":
            self._in_note = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._cell = False
        elif tag == "p":
            self._in_note = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._rows[-1][-1][2] += data
        elif self._in_note:
            self.note += data


def is_frame(html: str) -> bool:
    """Whether an output's HTML is a frame as pandas writes it."""
    return '<table border="1" class="dataframe">' in html


def table(html: str) -> str:
    """The frame as a table in the page's style; figures stand right, like their heads."""
    found = _Cells()
    found.feed(html)
    found.close()
    figures = _figure_columns(found.body)
    head = "".join(_row(row, "col", figures) for row in found.head)
    body = "".join(_row(row, "row", figures) for row in found.body)
    note = f'<p class="pb-note">{escape(found.note)}</p>' if found.note else ""
    return (
        '<div class="pb-table pb-frame"><div class="pb-scroll" tabindex="0"><table>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table></div>{note}</div>"
    )


def _figure_columns(rows: list[list[list[str]]]) -> set[int]:
    """Columns, counted from the right so that index cells joined over rows do not matter, that hold
    nothing but figures.
    """
    widest = max(map(len, rows), default=0)
    return {
        i
        for i in range(1, widest + 1)
        if all(FIGURE.fullmatch(row[-i][2].strip()) for row in rows if len(row) >= i)
    }


def _row(cells: list[list[str]], scope: str, figures: set[int]) -> str:
    made = ""
    for i, (tag, spans, text) in enumerate(cells):
        tag = tag if text.strip() else "td"  # an empty head is no head
        right = len(cells) - i in figures and "colspan" not in spans
        attributes = (f' scope="{scope}"' if tag == "th" else "") + spans
        attributes += ' class="pb-r"' if right else ""
        made += f"<{tag}{attributes}>{escape(text.strip())}</{tag}>"
    return f"<tr>{made}</tr>"
