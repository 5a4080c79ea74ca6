"""What makes a workbook one to work in: an index with links, colours that follow what is written,
and columns that nobody overwrites by mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from playbook.base.formats import joined
from playbook.base.language import later, say

Json = dict[str, Any]
INDEX = later("Index")
SOON = 7  # days before a due day from which a row is coloured
# The same colours as the pages: good, bad, warning, what is over.
TONES = {
    "late": {"font_color": "#B3261E", "bold": True},
    "soon": {"font_color": "#8A6100", "bold": True},
    "done": {"font_color": "#6B7480"},
    "dropped": {"font_color": "#6B7480", "font_strikeout": True},
}
ALLOWED = {  # of a protected sheet: all but what is locked
    "autofilter": True,
    "sort": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}


def write_index(book: Any, page: Any, sheets: Sequence[tuple[str, Json]], head: Any) -> None:
    """A line for each sheet: its name, which leads there, its rows, and its first columns."""
    link = book.add_format({"font_color": "#1F5FA8", "underline": 1, "valign": "top"})
    plain = book.add_format({"valign": "top"})
    wrap = book.add_format({"valign": "top", "text_wrap": True})
    for c, (label, width) in enumerate(
        ((say("Sheet"), 34), (say("Rows"), 8), (say("Columns"), 80))
    ):
        page.write_string(0, c, label, head)
        page.set_column(c, c, width)
    for r, (name, sheet) in enumerate(sheets, start=1):
        quoted = name.replace("'", "''")
        page.write_url(r, 0, f"internal:'{quoted}'!A1", link, string=name)
        page.write_number(r, 1, len(sheet["rows"]), plain)
        page.write_string(r, 2, joined(label for _, label, _ in sheet["columns"]), wrap)
    page.freeze_panes(1, 1)


def dress(book: Any, page: Any, sheet: Json, as_of: date) -> None:
    """Colours and protection of a sheet that says which of its columns are ``open`` to be filled
    in; every other cell of it is locked, without a password.
    """
    columns = [key for key, _, _ in sheet["columns"]]
    if not sheet.get("open"):
        return
    last = max(len(sheet["rows"]), 1)
    for key in sheet["open"]:
        c = columns.index(key)
        unit = sheet["columns"][c][2]
        made: Json = {"locked": False, "valign": "top", "bg_color": "#FBF7E9"}
        made |= {"num_format": "yyyy-mm-dd"} if unit == "date" else {"text_wrap": True}
        free = book.add_format(made)
        for r in range(1, last + 1):
            value = sheet["rows"][r - 1][c] if r <= len(sheet["rows"]) else None
            if value in (None, ""):
                page.write_blank(r, c, None, free)
            elif unit == "date":
                page.write_datetime(r, c, date.fromisoformat(str(value)[:10]), free)
            else:
                page.write_string(r, c, str(value), free)
    page.protect("", ALLOWED)
    if not {"done", "due"} <= set(columns):
        return
    done, due = (f"${_letter(columns.index(key))}2" for key in ("done", "due"))
    today = f"DATE({as_of.year},{as_of.month},{as_of.day})"
    open_ = f'OR({done}="",{done}="no")'
    for tone, rule in (
        ("done", f'{done}="yes"'),
        ("dropped", f'{done}="dropped"'),
        ("late", f"AND({open_},{due}<{today},{due}>0)"),
        ("soon", f"AND({open_},{due}<={today}+{SOON},{due}>0)"),
    ):
        options = {
            "type": "formula",
            "criteria": f"={rule}",
            "format": book.add_format(TONES[tone]),
            "stop_if_true": True,
        }
        page.conditional_format(1, 0, last, len(columns) - 1, options)


def _letter(column: int) -> str:
    return chr(ord("A") + column)
