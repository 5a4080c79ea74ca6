"""From records to results.json, the cover, the workbook and the archive, by hand."""

from __future__ import annotations

import json
import os
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from playbook.base.formats import Formats
from playbook.report.record import archive, index, manifest, summary, workbook
from playbook.report.record.results import Outcome, clashes, dump, kpis, results
from playbook.report.run.plan import Source

SOURCE = Source("x", "acme", "Acme", "2023-06", date(2023, 6, 30), "CNY", "en", "abc")


def record(section="a", status="ok", **more):
    return {
        "type": "record",
        "section": {"id": section, "status": status},
        "kpis": [],
        "worksheets": [],
        "changes": [],
        "headline": "",
        **more,
    }


def kpi(value, name="sales", window="month", by=None):
    return {"name": name, "window": window, "by": by, "value": value}


@pytest.mark.parametrize(
    "statuses, final",
    [
        (["ok"], "ok"),
        (["failed: x", "ok"], "failed: x"),
        (["ok", "failed: x"], "failed: x"),
        (["not available: y", "ok"], "not available: y"),
        (["ok", "not available: y", "failed: x", "not available: z"], "failed: x"),
    ],
)
def test_a_later_ok_never_hides_a_failure(statuses, final):
    assert Outcome("n", records=[record(status=status) for status in statuses]).sections == {
        "a": final
    }


def test_a_number_is_given_once_and_a_clash_is_a_warning():
    outcomes = [
        Outcome("n", records=[record(kpis=[kpi(1), kpi(2, by={"rep": "R1"})])]),
        Outcome("m", records=[record(kpis=[kpi(3), kpi(2, by={"rep": "R1"})])]),
    ]
    assert [k["value"] for k in kpis(outcomes)] == [1, 2]
    told = clashes(outcomes)
    assert len(told) == 1 and "is 1 and 3" in told[0]["found"] and told[0]["severity"] == "warning"


def test_results_refuse_what_json_cannot_hold():
    with pytest.raises(ValueError):
        dump(results(SOURCE, [Outcome("n", records=[record(kpis=[kpi(float("nan"))])])]))


def test_the_cover_ranks_changes_by_size_whichever_way():
    changes = [
        {"text": text, "size": size}
        for text, size in (("up a bit", 0.1), ("down most", -0.9), ("up much", 0.5), ("flat", 0.0))
    ]
    assert summary.changes([Outcome("n", records=[record(changes=changes)])]) == [
        "down most",
        "up much",
        "up a bit",
    ]


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


def test_actions_are_sorted_by_due_date_then_worth_and_each_is_there_once():
    sheets = [
        sheet(rows=[("late", "2023-08-01", 9.0), ("small", "2023-07-01", 1.0)]),
        sheet(rows=[("big", "2023-07-01", 5.0), ("late", "2023-08-01", 9.0), ("never", None, 1.0)]),
    ]
    found = summary.actions([Outcome("n", records=[record(worksheets=sheets)])])
    assert [action["what"] for action in found] == ["big", "small", "late"]
    cover = summary.cover(
        SOURCE, [Outcome("n", "Title", records=[record(worksheets=sheets, headline="Up.")])]
    )
    assert cover["actions"][0] == {
        "what": "big",
        "owner": Formats().text(None),
        "due": "1 Jul 2023",
        "worth": "¥5",
        "why": "",
    }
    assert (
        cover["headlines"] == [{"notebook": "n", "title": "Title", "lines": ["Up."]}]
        and cover["month_label"] == "Jun 2023"
    )


def test_the_cover_says_how_many_actions_it_leaves_out():
    rows = [(f"a{i}", f"2023-07-{i + 1:02d}", None) for i in range(20)]
    cover = summary.cover(SOURCE, [Outcome("n", records=[record(worksheets=[sheet(rows=rows)])])])
    assert len(cover["actions"]) == 12 and cover["notes"] == ["8 more actions in actions.xlsx."]


def test_the_cover_takes_what_is_worth_most_from_each_chapter_and_leaves_the_longest_overdue():
    calls = [(f"call {i}", "2023-07-10", 100.0 + i) for i in range(20)]
    chores = [("ancient", "2020-01-01", None), ("recent", "2023-06-30", None)]
    told = summary.cover(
        SOURCE,
        [
            Outcome("a", records=[record(worksheets=[sheet(rows=chores)])]),
            Outcome("b", records=[record(worksheets=[sheet(rows=calls)])]),
        ],
    )["actions"]
    assert (
        [a["what"] for a in told[:2]] == ["ancient", "recent"]
        and told[2]["what"] == "call 19"
        and len(told) == 12
    )
    many = [*chores, *((f"chore {i}", f"2023-06-{i + 1:02d}", None) for i in range(5))]
    told = summary.cover(
        SOURCE,
        [
            Outcome("a", records=[record(worksheets=[sheet(rows=many)])]),
            Outcome("b", records=[record(worksheets=[sheet(rows=calls)])]),
        ],
    )["actions"]
    assert "ancient" not in [a["what"] for a in told] and "recent" in [a["what"] for a in told]


def test_a_task_board_is_no_action_list_and_a_customer_is_named():
    board = sheet(
        "Task board",
        [("Call", "2023-07-01", 1.0)],
        columns=(("task", "Task", "text"), ("due", "Due", "date"), ("worth", "Worth", "money")),
    )
    calls = sheet(
        "Calls",
        [("Ann", "Call", "2023-07-01")],
        columns=(
            ("name", "Customer", "text"),
            ("action", "Action", "text"),
            ("due", "Due", "date"),
        ),
    )
    assert [
        action["what"]
        for action in summary.actions([Outcome("n", records=[record(worksheets=[board, calls])])])
    ] == ["Ann: Call"]


def test_a_chapter_has_its_first_lines_on_the_cover():
    records = [record(section=str(i), headline=f"Line {i}.") for i in range(9)]
    assert summary.cover(SOURCE, [Outcome("n", records=records)])["headlines"][0]["lines"] == [
        f"Line {i}." for i in range(5)
    ]


def test_failures_stand_on_the_cover():
    failed = Outcome(
        "01-x",
        status="failed",
        error={"section": "Why?", "cell": 3, "cause": "KeyError: 'a'", "hint": ""},
    )
    assert summary.cover(SOURCE, [failed])["warnings"] == ["01-x › Why? (cell 3): KeyError: 'a'"]


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


# -- the archive


def put(target, text):
    with archive.building(target) as part:
        (part / "file").write_text(text)


def test_a_report_takes_the_place_of_the_old_one_whole(tmp_path):
    target = tmp_path / "2023-06" / "acme"
    put(target, "one")
    (target / "only in the first").touch()
    put(target, "two")
    assert [path.name for path in target.iterdir()] == ["file"] and (
        target / "file"
    ).read_text() == "two"
    assert [path.name for path in target.parent.iterdir()] == ["acme"]


def test_an_error_leaves_the_old_report_and_no_folder(tmp_path):
    put(tmp_path / "acme", "one")
    with pytest.raises(KeyboardInterrupt), archive.building(tmp_path / "acme") as part:
        (part / "file").write_text("half")
        raise KeyboardInterrupt
    assert (tmp_path / "acme" / "file").read_text() == "one" and len(list(tmp_path.iterdir())) == 1


def test_without_the_system_call_the_swap_still_works_and_a_kill_in_between_is_repaired(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(archive, "_exchange", lambda *_: False)
    put(tmp_path / "acme", "one")
    put(tmp_path / "acme", "two")
    assert (tmp_path / "acme" / "file").read_text() == "two"
    os.rename(tmp_path / "acme", tmp_path / ".acme.old")
    put(tmp_path / "other", "x")
    assert (tmp_path / "acme" / "file").read_text() == "two"


def test_only_folders_of_runs_that_are_over_are_swept(tmp_path):
    (tmp_path / ".dead.part").mkdir()
    with archive.building(tmp_path / "a") as part:
        put(tmp_path / "b", "x")
        assert part.exists() and not (tmp_path / ".dead.part").exists()


def test_the_index_names_an_unreadable_manifest(tmp_path):
    for month, text in (
        ("2023-05", "not json"),
        (
            "2023-06",
            json.dumps(
                {
                    "month": "2023-06",
                    "title": "<b>",
                    "partial": False,
                    "notebooks": [],
                    "fingerprint": "f",
                    "as_of": "2023-06-30",
                }
            ),
        ),
    ):
        (tmp_path / month / "acme").mkdir(parents=True)
        (tmp_path / month / "acme" / "manifest.json").write_text(text)
    page = index.write_index(tmp_path).read_text()
    assert (
        page.index("2023-06") < page.index("2023-05")
        and "cannot be read" in page
        and "&lt;b&gt;" in page
        and "<b>" not in page
    )
    assert "http" not in page.replace('content="width', "")


def test_settings_at_their_default_are_not_printed():
    from playbook.base.settings import Settings

    changed = Settings.model_validate(
        {
            "book": {"title": "X", "stages": ["a", "b"]},
            "goals": {"probability": 0.7},
            "privacy": {"show_personal": True},
        }
    )
    assert manifest.changed_settings(changed.model_dump(mode="json", by_alias=True)) == [
        ["book.title", "X"],
        ["book.stages", "a, b"],
        ["privacy.show_personal", "yes"],
        ["goals.probability", "0.7"],
    ]
