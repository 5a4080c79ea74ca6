"""actions.xlsx: the worksheets people work from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from playbook.base.language import language, say

from .fill_in import Lists, fill_in
from .sheet_dress import INDEX, dress, write_index

Json = dict[str, Any]
FORMATS = {
    "share": "0.0%",
    "pp": '+0.0" pp";-0.0" pp";0.0" pp"',
    "days": '0.0" d"',
    "count": "#,##0",
    "ratio": '0.00"×"',
    "score": "0.00",
    "number": "#,##0.00",
    "p": "0.0##",
    "money": "#,##0",
    "money.exact": "#,##0.00",
    "date": "yyyy-mm-dd",
}
LOCAL = {"zh": {"pp": '+0.0"个百分点";-0.0"个百分点";0.0"个百分点"', "days": '0.0"天"'}}
NARROW, WIDE = 9, 60  # [characters]


def write_workbook(sheets: Iterable[Json], path: Path, *, title: str, as_of: date) -> None:
    """One sheet per worksheet name, those of the same name merged, after an index that leads to
    them where there are several. Texts stay texts: no cell of a list is ever a formula or a link.

    Same input, same bytes: the file says it was made on the as-of date.
    """
    book = xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "default_date_format": FORMATS["date"],
        },
    )
    book.set_properties({"title": title, "created": datetime(as_of.year, as_of.month, as_of.day)})
    styles = {
        unit: book.add_format({"num_format": form, "valign": "top"})
        for unit, form in (FORMATS | LOCAL.get(language(), {})).items()
    }
    styles["text"] = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
    taken: set[str] = set()
    lists = Lists()
    every = merged(sheets) or [_nothing()]
    index = book.add_worksheet(sheet_name(say(INDEX), taken)) if len(every) > 1 else None
    named = [(sheet_name(sheet["name"], taken), sheet) for sheet in every]
    if index is not None:
        write_index(book, index, named, head)
    for name, sheet in named:
        page = book.add_worksheet(name)
        _write(page, sheet, styles, head, title)
        fill_in(page, sheet, lists)
        dress(book, page, sheet, as_of)
    lists.write(book, sheet_name("Lists", taken))
    book.close()


def _nothing() -> Json:
    columns = [["what", say("Action"), "text"]]
    return {"name": say("Actions"), "columns": columns, "rows": [], "whole": []}


def merged(sheets: Iterable[Json]) -> list[Json]:
    """Sheets of one name as one: columns by key in order of appearance, each row once, by due date
    where there is one and no rank.
    """
    found: dict[str, Json] = {}
    for sheet in sheets:
        sheet_of_name = found.setdefault(
            sheet["name"],
            {
                "name": sheet["name"],
                "columns": [],
                "rows": [],
                "choices": sheet.get("choices", {}),
                "checks": sheet.get("checks", {}),
                "open": sheet.get("open", ()),
                "whole": [],
            },
        )
        have = [column[0] for column in sheet_of_name["columns"]]
        sheet_of_name["columns"] += [column for column in sheet["columns"] if column[0] not in have]
        sheet_of_name["whole"] += [sheet["whole"]] if "whole" in sheet else []
        keys = [column[0] for column in sheet["columns"]]
        sheet_of_name["rows"] += [dict(zip(keys, row, strict=True)) for row in sheet["rows"]]
    return [_laid_out(sheet) for sheet in found.values()]


def _laid_out(sheet: Json) -> Json:
    keys = [column[0] for column in sheet["columns"]]
    rows = list(dict.fromkeys(tuple(row.get(key) for key in keys) for row in sheet["rows"]))
    if "due" in keys and "rank" not in keys:  # a ranked list keeps its own order
        at = keys.index("due")
        rows.sort(key=lambda row: (row[at] is None, str(row[at])))
    return {**sheet, "rows": rows}


def sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel accepts: at most 31 characters, none of ``[]:*?/\\``, no quote at either end,
    each once whatever the case.
    """
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip().strip("'").strip()[:31] or say(
        "Sheet"
    )
    clean = "History " if clean.lower() == "history" else clean  # reserved by Excel
    made, i = clean, 2
    while made.lower() in taken:
        made, i = f"{clean[: 31 - len(str(i)) - 1]} {i}", i + 1
    taken.add(made.lower())
    return made


def _write(page: Any, sheet: Json, styles: dict[str, Any], head: Any, title: str) -> None:
    columns, rows = sheet["columns"], sheet["rows"]
    for c, (_, label, unit) in enumerate(columns):
        page.write_string(0, c, label, head)
        page.set_column(c, c, _width(label, [row[c] for row in rows]))
        style = styles.get(unit, styles["text"] if unit in ("text", "month") else styles["money"])
        for r, row in enumerate(rows, start=1):
            _cell(page, r, c, row[c], unit, style)
    for place, whole in enumerate(sheet["whole"], start=len(columns) + 1):
        text = say("All {n:,} rows: {file}", n=whole["rows"], file=whole["file"])
        page.write_string(0, place, text, head)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_header("&L" + _print(title) + "&R" + _print(sheet["name"]))
    page.set_footer("&R&P / &N")


def _cell(page: Any, r: int, c: int, value: Any, unit: str, style: Any) -> None:
    if value is None:
        page.write_blank(r, c, None, style)
    elif unit == "date" and (day := _day(value)):
        page.write_datetime(r, c, day, style)
    elif isinstance(value, bool):
        page.write_string(r, c, say("yes") if value else say("no"), style)
    elif isinstance(value, (int, float)):
        page.write_number(r, c, value * 100 if unit == "pp" else value, style)
    else:
        page.write_string(r, c, str(value), style)


def _day(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _width(label: str, values: Sequence[Any]) -> float:
    """Enough for the longest word of the column; East Asian characters count double."""
    longest = max(
        (
            len(text)
            if text.isascii()
            else sum(2 if east_asian_width(ch) in "WF" else 1 for ch in text)
            for text in map(_shown, [label, *values])
        ),
        default=0,
    )
    return min(max(longest + 3, NARROW), WIDE)


def _shown(value: Any) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else "" if value is None else str(value)


def _print(text: str) -> str:
    """For a printed header: an ampersand would start a code, and Excel takes 255 characters for all
    of it.
    """
    return text[:100].replace("&", "&&")
