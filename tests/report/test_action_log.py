"""The first sheet of actions.xlsx gathers the lists of all chapters."""

from __future__ import annotations

from datetime import date

from xlsxwriter import Workbook

from playbook.base.language import speaking
from playbook.data.book import Book
from playbook.data.checking import check_book
from playbook.data.measures.action_log import action_log
from playbook.report.record.action_log import SHEET, action_sheet
from playbook.report.record.results import Outcome
from playbook.report.record.workbook import merged

AS_OF = date(2023, 6, 30)


def outcome(name, *sheets):
    record = {"section": {"id": "x", "status": "ok"}, "worksheets": list(sheets)}
    return Outcome(name, "A title", records=[record])


def sheet(name, keys, *rows):
    return {
        "name": name,
        "columns": [[k, k, "text"] for k in keys],
        "rows": [list(r) for r in rows],
    }


def rows_of(found):
    keys = [key for key, _, _ in found["columns"]]
    return [dict(zip(keys, row, strict=True)) for row in found["rows"]]


def test_lists_of_any_chapter_become_one_sheet_by_due_day_each_action_once():
    calls = sheet("Calls", ("what", "owner", "due", "worth", "why", "id"))
    calls["rows"] = [["Acme: call", "Li", "2023-07-05", 9.0, "silent", "WB-1"]]
    named = sheet("Action list", ("owner", "name", "action", "reason", "due", "worth", "id"))
    named["rows"] = [
        ["Li", "Acme", "call", "silent", "2023-07-05", 9.0, "WB-1"],
        ["Bo", "Birch", "visit", "late", "2023-07-05", 20.0, "CV-2"],
    ]
    board = sheet("Task board", ("task", "item", "owner", "due", "told", "id"))
    board["rows"] = [
        ["Fair", "visits", "Bo", "2023-06-01", "overdue, 29 days", "TA-3"],
        ["Fair", "flyers", "Bo", "2023-05-01", "done", ""],
    ]
    plain = sheet("Plan", ("action", "due"), ["no number, no action", "2023-07-01"])
    found = action_sheet([outcome("02-x", calls, named), outcome("04-y", board, plain)], (), AS_OF)
    assert found["name"] == SHEET and found["choices"]["done"] == ["yes", "no", "dropped"]
    rows = rows_of(found)
    assert [row["action_id"] for row in rows] == ["TA-3", "CV-2", "WB-1"]
    assert (rows[0]["whom"], rows[0]["what"], rows[0]["why"]) == (
        "Fair",
        "visits",
        "overdue, 29 days",
    )
    assert (rows[1]["whom"], rows[1]["chapter"], rows[1]["why"]) == ("Birch", "02-x", "late")
    assert {row["as_of"] for row in rows} == {"2023-06-30"} == {row["listed"] for row in rows}


def test_without_an_action_there_is_no_sheet():
    assert action_sheet([outcome("02-x")], (), AS_OF) is None


def test_the_sheet_keeps_its_place_and_its_drop_downs_when_sheets_are_merged():
    found = action_sheet(
        [outcome("n", sheet("A", ("what", "due", "id"), ["x", None, "FI-1"]))], (), AS_OF
    )
    (one, other) = merged([found, sheet("A", ("what", "due", "id"), ["x", None, "FI-1"])])
    assert one["name"] == SHEET and one["choices"] == found["choices"] and other["choices"] == {}


def test_tasks_and_agreed_actions_that_are_done_carry_no_number():
    from playbook.base.action_ids import action_id
    from playbook.funnel.meeting.review import review
    from playbook.incentives.people.task_board import task_board
    from toy import toy

    book = toy(
        orders="order_id date customer_id amount\n O1 2023-06-30 A 1",
        tasks="task item owner target done start due finished\n"
        " Fair visits R1 20 14 2023-06-01 2023-06-20 .\n Fair flyers R1 5 5 2023-06-01 2023-06-20"
        " 2023-06-19",
        meetings="meeting_date action owner due done_on\n 2023-06-05 call Bo 2023-06-12 .\n"
        " 2023-06-05 write Li 2023-06-12 2023-06-10",
        month="2023-06",
    )
    board = next(s for s in task_board(book).worksheets() if s.name == "Task board")
    assert [row[-1] for row in board.rows] in (
        [action_id("task", "Fair", "visits", "R1"), ""],
        ["", action_id("task", "Fair", "visits", "R1")],
    )
    agreed = next(s for s in review(book).worksheets() if s.name == "Follow-up")
    at = [key for key, _, _ in agreed.columns].index("id")
    numbers = {row[at] for row in agreed.rows}
    assert numbers == {"", action_id("meeting", date(2023, 6, 5), "call", "Bo")}


def test_the_sheet_of_a_chinese_pack_is_chinese_and_read_back_in_any_language(tmp_path):
    """Filled in with a spreadsheet program, laid into the folder of a book, with no mapping."""
    with speaking("zh"):
        record = sheet("Calls", ("what", "owner", "due", "worth", "why", "id"))
        record["rows"] = [
            ["Acme：致电", "李", "2023-07-05", 9.0, "沉默", "WB-1"],
            ["Birch：致电", "李", "2023-07-06", 9.0, "沉默", "WB-2"],
        ]
        found = action_sheet([outcome("02-x", record)], (), AS_OF)
    heads = [head for _, head, _ in found["columns"]]
    assert found["name"] == "行动台账" and heads[0] == "行动编号" and "done" not in heads
    assert found["choices"]["done"] == ["是", "否", "放弃"]
    marked = [dict(zip(heads, row, strict=True)) for row in found["rows"]]
    marked[0] |= {"是否完成": "是", "完成日": "2023-07-04"}
    marked[1] |= {"是否完成": "否"}
    workbook = Workbook(str(tmp_path / "actions.xlsx"))
    page = workbook.add_worksheet(found["name"])
    for y, row in enumerate([heads, *([row[h] for h in heads] for row in marked)]):
        page.write_row(y, 0, [value or "" for value in row])
    workbook.close()
    (tmp_path / "orders.csv").write_text(
        "order_id,date,customer_id,amount\nO1,2023-07-02,C1,100\nO2,2023-07-31,C1,100\n"
    )
    (tmp_path / "playbook.toml").write_text('[book]\nname = "x"\ncurrency = "CNY"\n')
    for language in ("en", "zh"):
        with speaking(language):
            book = Book.open(tmp_path, "2023-07")
            assert not check_book(tmp_path).problems
            known = action_log(book).set_index("action_id")
        assert known.over.to_dict() == {"WB-1": True, "WB-2": False}
        assert str(known.done_on["WB-1"])[:10] == "2023-07-04"
