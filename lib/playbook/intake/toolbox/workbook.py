"""Writes the toolbox workbook: how to use it, the sheets to fill in, and an example of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from playbook.base.formats import joined
from playbook.base.language import speaking

from .spec import Column, Language, Sheet, sheets
from .words import GUIDE, GUIDE_NAME, MESSAGES, PROPERTIES

MADE = datetime(2024, 1, 1)  # the same for every workbook: same input, same bytes
ROOM = 1000  # rows of a sheet that have drop-downs and formats
SHARES = 200  # rows of a sheet to fill in whose shares are worked out
FAR = 1e12  # a number beyond which an amount is a slip
LONGEST = 255  # characters of a list that Excel takes
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
FORMS = {
    "day": "yyyy-mm-dd",
    "time": "yyyy-mm-dd",
    "money": "#,##0.00",
    "number": "#,##0.##",
    "count": "#,##0",
    "share": "0.0%",
    "score": "0",
}
NUMBERS = ("money", "number", "count", "share", "score")
Rows = Sequence[Sequence[Any]]


def write_toolbox(path: Path, language: Language, rows: Mapping[str, Rows] | None = None) -> None:
    """Write the workbook. ``rows``: what stands in the sheets to fill in, by the sheet's id; they
    are empty when not given. The same input gives the same bytes.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": PROPERTIES[language], "created": MADE})
    styles = _styles(book)
    _guide(book, language, styles)
    for sheet in sheets(language):
        filled = (rows or {}).get(sheet.id, ())
        _page(book, sheet, sheet.name, filled, language, styles)
    for sheet in sheets(language):
        _page(book, sheet, sheet.example, sheet.rows, language, styles, example=True)
    book.close()


def _styles(book: Any) -> dict[str, Any]:
    head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "locked": True}
    styles = {kind: book.add_format({"num_format": form}) for kind, form in FORMS.items()}
    return styles | {
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "head": book.add_format({**head, "bg_color": "#E7ECF2"}),
        "must": book.add_format({**head, "bg_color": "#F6D9A8"}),
        "title": book.add_format({"bold": True, "font_size": 15}),
        "bold": book.add_format({"bold": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _guide(book: Any, language: Language, styles: dict[str, Any]) -> None:
    """The first sheet: how the workbook is used, and what each sheet is for."""
    page = book.add_worksheet(GUIDE_NAME[language])
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 90)
    title, *lines = GUIDE[language]
    page.write_string(0, 0, title, styles["title"])
    for r, line in enumerate(lines, start=2):
        page.write_string(r, 0, str(r - 1), styles["wrap"])
        page.write_string(r, 1, line, styles["wrap"])
    for r, sheet in enumerate(sheets(language), start=len(lines) + 3):
        page.write_string(r, 0, sheet.name, styles["bold"])
        page.write_string(r, 1, sheet.title, styles["wrap"])
    page.hide_gridlines(2)


def _page(
    book: Any,
    sheet: Sheet,
    name: str,
    rows: Rows,
    language: Language,
    styles: dict[str, Any],
    *,
    example: bool = False,
) -> None:
    page = book.add_worksheet(name)
    page.set_tab_color("#9AA5B1" if example else "#0B5394" if sheet.tool else "#3D7A4A")
    last = len(rows) if example else max(ROOM, len(rows))
    for c, column in enumerate(sheet.columns):
        page.write_string(0, c, column.heading, styles["must" if column.required else "head"])
        style = styles.get(column.kind, styles["text"])
        page.set_column(c, c, _width(column), style)
        if rule := _rule(column, language):
            page.data_validation(1, c, last, c, rule)
        blank = [] if example else [[""] * len(sheet.columns)] * (SHARES - len(rows))
        for r, row in enumerate([*rows, *blank] if column.ratio else rows, start=1):
            if column.ratio:
                page.write_formula(r, c, *_ratio(sheet, column, r, row, style))
            else:
                _cell(page, r, c, row[c], style)
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _cell(page: Any, r: int, c: int, value: Any, style: Any) -> None:
    if isinstance(value, date):
        page.write_datetime(r, c, datetime(value.year, value.month, value.day), style)
    elif isinstance(value, (int, float)):
        page.write_number(r, c, value, style)
    elif value not in ("", None):
        page.write_string(r, c, str(value), style)


def _ratio(
    sheet: Sheet, column: Column, r: int, row: Sequence[Any], style: Any
) -> tuple[str, Any, Any]:
    """A share of two cells of the row: its formula, its style, and its value, which those who read
    the file without working it out see.
    """
    part, whole = (
        next(i for i, c in enumerate(sheet.columns) if c.heading == heading)
        for heading in column.ratio
    )
    above, below = (f"{xl_col_to_name(at)}{r + 1}" for at in (part, whole))
    both = all(isinstance(row[at], (int, float)) for at in (part, whole))
    value = row[part] / row[whole] if both and row[whole] else ""
    return f'=IF(OR({above}="",N({below})=0),"",{above}/{below})', style, value


def _rule(column: Column, language: Language) -> dict[str, Any] | None:
    """What a cell of the column may hold, and what is said when it is chosen."""
    said = MESSAGES[language]
    must = said["must"] if column.required else ""
    with speaking(language):
        hint = joined(filter(None, [must, column.note]), "; ")[:LONGEST]
    shown = {"input_title": column.heading[:32], "input_message": hint} if hint else {}
    if column.choices:
        source = [word for word, _ in column.choices]
        strict = "warning" if column.to and column.to[0][1] in ("kind", "metric") else "stop"
        return {
            "validate": "list",
            "source": source,
            "error_type": strict,
            "error_title": said["list"],
            "error_message": said["choose"],
            **shown,
        }
    if column.kind in ("day", "time"):
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": FIRST_DAY,
            "maximum": LAST_DAY,
            "error_title": said["day"],
            "error_message": said["write_day"],
            **shown,
        }
    if column.kind in NUMBERS and not column.ratio:
        low, high = _limits(column)
        between = said["between"].format(low=f"{low:g}", high=f"{high:g}") if high < FAR else ""
        return {
            "validate": "integer" if column.kind == "count" else "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "error_title": said["number"],
            "error_message": said["write_number"] + between,
            **shown,
        }
    return {"validate": "any", **shown} if shown else None


def _limits(column: Column) -> tuple[float, float]:
    """Smallest and largest number of a column, as the contract has it."""
    from playbook.data.tables import TABLES

    table, name = column.to[0] if column.to else ("", "")
    spec = TABLES[table][name] if table else None
    low = -FAR if spec is None or spec.low is None else spec.low
    high = FAR if spec is None or spec.high is None else spec.high
    return low, high


def _width(column: Column) -> float:
    longest = sum(2 if ord(letter) > 0x2E7F else 1 for letter in column.heading)
    longest = max([longest, *(2 * len(word) for word, _ in column.choices)])
    return min(max(longest + 2, 12), 30)
