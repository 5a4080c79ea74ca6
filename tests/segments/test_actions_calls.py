"""Whom to call first."""

from datetime import date
from types import SimpleNamespace

from small_books import book, order

from playbook import segments
from playbook.segments.actions.calls import WRITE
from playbook.segments.director import _calls, _title, _todo


def test_calls_go_to_those_silent_beyond_their_own_rhythm():
    steady = [order("steady", f"2022-{m:02d}-15", 100, f"s{m}") for m in range(1, 13)]
    rare = [
        order("rare", f"{y}-{m:02d}-15", 600, f"r{y}{m}")
        for y, m in ((2021, 7), (2022, 1), (2022, 7), (2023, 1))
    ]
    fresh = [order(f"f{i}", "2023-06-20", 50 + i, f"f{i}") for i in range(8)]
    result = segments.calls(book("2023-06", orders=steady + rare + fresh))
    assert result.table["customer_id"].tolist() == ["steady"] and result.in_rhythm >= 1
    assert (
        result.table["due"].iloc[0] > date(2023, 6, 30)
        and result.table["due"].iloc[0].weekday() < 5
    )
    assert result.worksheets()[0].rows[0][0].startswith("steady")
    # a shop without salespeople writes; nobody visits, and nobody is to be assigned
    assert set(result.table["action"]) == {WRITE} and "visit: write to them." in result.reading()
    assert "assign first" not in result.reading()
    assert result.tables()[0].title == "Whom to write to first"
    said = _told(result)
    assert said == [
        "1 customer to write to, worth ¥600 a year",
        "First to write to: **steady** (silent 197 d, usually every 30 d, 12 orders).",
        "The customer to write to first",
    ]
    sold = [row | {"rep_id": "r"} for row in steady] + rare + fresh
    named = segments.calls(book("2023-06", orders=sold))
    assert WRITE not in set(named.table["action"]) and "write to them" not in named.reading()
    assert named.tables()[0].title == "Whom to call first"
    assert [text.split(" (")[0] for text in _told(named)] == [
        "1 customer to call, worth ¥600 a year",
        "First to call: **steady**",
        "The customer to call first",
    ]


def _told(result):
    """What the brief and the director's page say of whom to call."""
    other = SimpleNamespace(status="not available")
    page = _calls(result, result.fmt)
    return [
        _title(other, other, result, result.fmt),
        _todo(other, result, result.fmt),
        page.title,
    ]


def late_and_bound():
    rows = [
        order(c, f"2022-{m:02d}-15", 100, f"{c}{m}", rep_id="r") for m in range(1, 13) for c in "ab"
    ]
    rows += [order(f"f{i}", "2023-06-20", 50 + i, f"f{i}") for i in range(8)]
    contract = {
        "contract_id": "k",
        "customer_id": "a",
        "start": "2022-01-01",
        "end": "2023-12-31",
        "annual_value": 100,
    }
    return rows, [contract]


def test_nobody_under_a_running_contract_is_to_be_won_back():
    rows, contracts = late_and_bound()
    found = segments.calls(book("2023-06", orders=rows, contracts=contracts))
    assert found.table["customer_id"].tolist() == ["b"] and found.bound == 1
    assert found.reading() == (
        "1 customer of cooling or lapsed segments is overdue by its rhythm; it brought ¥802 a year."
        " 1 customer silent for longer is under a running contract: there the renewal is the"
        " occasion to talk, nobody needs winning back."
    )
    both = segments.calls(book("2023-06", orders=rows))
    assert both.table["customer_id"].tolist() == ["a", "b"] and both.bound == 0


def test_where_nobody_ordered_twice_nobody_is_late():
    rows = [order(f"c{i}", f"2022-{1 + i % 12:02d}-10", 10 + i, i) for i in range(30)]
    found = segments.calls(book("2023-06", orders=rows))
    assert found.table.empty and found.in_rhythm == 0
    assert found.headline() == "Calls: nobody has ordered twice, so nobody is late."
