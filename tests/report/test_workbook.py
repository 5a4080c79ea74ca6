"""actions.xlsx: sheets merged by name, values of their own kind, names that Excel accepts."""

from __future__ import annotations

import html
import re
import zipfile
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
    assert book.sheet_names == ["Index", "Actions", "Other"]
    index = book.get_sheet_by_name("Index").to_python()
    assert index == [
        ["Sheet", "Rows", "Columns"],
        ["Actions", 2.0, "Action, Due, Worth, Region"],
        ["Other", 1.0, "Action, Due, Worth"],
    ]
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


LOG = {
    "name": "Action log",
    "columns": [["action_id", "action_id", "text"], ["due", "due", "date"],
                ["done", "done", "text"], ["done_on", "done_on", "date"], ["note", "note", "text"]],
    "rows": [["VC-1", "2023-06-29", None, None, None], ["VC-2", "2023-07-05", "yes", "2023-06-30",
                                                        "went well"]],
    "choices": {"done": ["yes", "no", "dropped"]},
    "checks": {"done_on": "day", "note": "note"},
    "open": ["done", "done_on", "note"],
}  # fmt: skip


def parts(tmp_path, *sheets):
    written(tmp_path, *sheets)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_action_list_is_filled_in_and_nothing_else_of_it(tmp_path):
    found = parts(tmp_path, LOG)
    page, styles = found["xl/worksheets/sheet1.xml"], found["xl/styles.xml"]
    assert "<sheetProtection " in page and 'autoFilter="0"' in page  # filtering stays allowed
    free = {int(i) for i in re.findall(r'<c r="[CDE][23]" s="(\d+)"', page)}
    locked = {int(i) for i in re.findall(r'<c r="[AB][23]" s="(\d+)"', page)}
    looks = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles.split("<cellXfs")[1])
    assert all('locked="0"' in looks[i] for i in free) and len(free) == 2
    assert not any('locked="0"' in looks[i] for i in locked)
    assert page.count("<dataValidation ") == 3
    assert ">&quot;yes,no,dropped&quot;<" in page or '"yes,no,dropped"' in page
    assert 'topLeftCell="B2"' in page  # the head and the number stay in sight


def test_colours_follow_what_is_written(tmp_path):
    page = parts(tmp_path, LOG)["xl/worksheets/sheet1.xml"]
    rules = [html.unescape(r) for r in re.findall(r"<formula>(.*?)</formula>", page)]
    assert rules == [
        '$C2="yes"',
        '$C2="dropped"',
        'AND(OR($C2="",$C2="no"),$B2<DATE(2023,6,30),$B2>0)',
        'AND(OR($C2="",$C2="no"),$B2<=DATE(2023,6,30)+7,$B2>0)',
    ]
    assert page.count('sqref="A2:E3"') >= 1


def test_the_index_leads_to_every_sheet_and_nowhere_else(tmp_path):
    found = parts(tmp_path, LOG, sheet("It's", [("=1+1", None, None)]))
    assert re.findall(r'location="(.*?)"', found["xl/worksheets/sheet1.xml"]) == [
        "'Action log'!A1",
        "'It''s'!A1",
    ]
    assert not [name for name in found if "_rels/sheet" in name]
    assert "hyperlink" not in found["xl/worksheets/sheet2.xml"] + found["xl/worksheets/sheet3.xml"]
