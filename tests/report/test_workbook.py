"""actions.xlsx: sheets merged by name, values of their own kind, names that Excel accepts."""

from __future__ import annotations

from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from playbook.report.record import workbook


def sheet(
    name="Actions",
    rows=(),
    columns=(("what", "Action", "text"), ("due", "Due", "date"), ("worth", "Worth", "money")),
):
    return {
        "name": name,
        "columns": [list(column) for column in columns],
        "rows": [list(row) for row in rows],
    }


def written(tmp_path, *sheets):
    path = tmp_path / "a.xlsx"
    workbook.write_workbook(sheets, path, title="Acme & Co", as_of=date(2023, 6, 30))
    return CalamineWorkbook.from_path(str(path))


def test_sheets_of_one_name_are_merged_with_their_columns(tmp_path):
    book = written(
        tmp_path,
        sheet(rows=[("b", "2023-07-02", 1.0)]),
        sheet(
            rows=[("a", "2023-07-01", "East")],
            columns=(
                ("what", "Action", "text"),
                ("due", "Due", "date"),
                ("region", "Region", "text"),
            ),
        ),
        sheet("Other", [("c", None, None)]),
    )
    assert book.sheet_names == ["Actions", "Other"]
    rows = book.get_sheet_by_name("Actions").to_python()
    assert rows == [
        ["Action", "Due", "Worth", "Region"],
        ["a", date(2023, 7, 1), "", "East"],
        ["b", date(2023, 7, 2), 1.0, ""],
    ]


@pytest.mark.parametrize(
    "unit, value, shown",
    [
        ("share", 0.25, 0.25),
        ("pp", 0.031, 3.1),
        ("money", 12.5, 12.5),
        ("text", "=1+1", "=1+1"),
        ("text", "http://example.org", "http://example.org"),
        ("text", "007", "007"),
        ("month", "2023-06", "2023-06"),
    ],
)
def test_values_keep_their_kind(tmp_path, unit, value, shown):
    page = (
        written(tmp_path, sheet(columns=[("v", "Value", unit)], rows=[(value,)]))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert page[1][0] == (pytest.approx(shown) if isinstance(shown, float) else shown)


def test_sheet_names_are_what_excel_accepts():
    taken: set[str] = set()
    names = [
        workbook.sheet_name(name, taken)
        for name in (
            "Plan: [A]/*?",
            "plan   a",
            "x" * 40,
            "X" * 40,
            "'quoted'",
            "History",
            "",
            "客户" * 20,
        )
    ]
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_workbook_without_worksheets_still_opens(tmp_path):
    assert written(tmp_path).sheet_names == ["Actions"]


def test_workbooks_are_the_same_bytes(tmp_path):
    written(tmp_path, sheet(rows=[("a", "2023-07-01", 1.0)]))
    first = (tmp_path / "a.xlsx").read_bytes()
    written(tmp_path, sheet(rows=[("a", "2023-07-01", 1.0)]))
    assert (tmp_path / "a.xlsx").read_bytes() == first
