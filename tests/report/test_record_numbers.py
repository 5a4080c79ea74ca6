"""From what notebooks recorded to results.json and the cover, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.base.formats import Formats
from playbook.report.record import summary
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
