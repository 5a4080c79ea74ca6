"""Two packs compared: every number that moved by more than noise, and what was different."""

from __future__ import annotations

import copy
import json

import pytest

from playbook.base.errors import ParameterProblem
from playbook.cli.diff import _folder
from playbook.report.record.differences import Cause, causes, differences


def kpi(name, value, *, low=None, high=None, unit="count", by=None, n=None):
    numbers = {"value": value, "low": low, "high": high, "n": n}
    return {"name": name, "window": "month", "by": by, "unit": unit, **numbers}


MADE = {
    "month": "2023-05",
    "data": [
        {
            "source": "orders",
            "file": "orders.csv",
            "sha256": "a" * 64,
            "rows": 10,
            "last": "2023-05-31",
        }
    ],
    "settings": {
        "goals": {"probability": 0.8},
        "commission_plans": [{"name": "base", "bands": [{"rate": 0.08}]}],
    },
    "parameters": {"01-goal-setting": {"book": "here", "month": "2023-05", "top": 3}},
    "code": {"library": "x"},
    "versions": {"python": "3.11"},
}


def pack(folder, month, *kpis, **made):
    folder.mkdir(parents=True)
    as_of = f"{month}-28"
    results = {"month": month, "as_of": as_of, "currency": "CNY", "kpis": list(kpis)}
    (folder / "results.json").write_text(json.dumps(results))
    (folder / "manifest.json").write_text(json.dumps({**MADE, "month": month, **made}))
    return folder


def moves(found):
    return [(m.name, m.way, m.change) for m in found.moved]


def test_numbers_that_moved_come_first_the_farthest_at_the_head(tmp_path):
    one = pack(
        tmp_path / "a",
        "2023-05",
        kpi("sales", 100.0),
        kpi("orders", 10),
        kpi("same", 5),
        kpi("gone", 1),
        kpi("rest", 0.3),
        kpi("win_rate", 0.20, low=0.1, high=0.3, unit="share"),
        kpi("renewal", 0.20, low=0.19, high=0.21, unit="share"),
        kpi("by", 1, by={"region": "West"}),
    )
    two = pack(
        tmp_path / "b",
        "2023-06",
        kpi("sales", 130.0),
        kpi("orders", 5),
        kpi("same", 5),
        kpi("new", 1),
        kpi("rest", 0.1 + 0.2),
        kpi("win_rate", 0.25, low=0.15, high=0.35, unit="share"),
        kpi("renewal", 0.30, low=0.29, high=0.31, unit="share"),
        kpi("by", 2, by={"region": "West"}),
    )
    found = differences(one, two)
    assert moves(found) == [
        ("by", "moved", 1),
        ("orders", "moved", -5),
        ("sales", "moved", 30.0),
        ("renewal", "moved", pytest.approx(0.1)),
        ("gone", "gone", None),
        ("new", "new", None),
        ("win_rate", "chance", pytest.approx(0.05)),
    ]
    assert found.moved[0].by == "region West" and found.compared == 7
    assert found.kinds == ("month",)


def test_of_one_month_made_twice_no_move_is_chance(tmp_path):
    rates = [kpi("win_rate", value, low=0.1, high=0.4, unit="share") for value in (0.2, 0.25)]
    one, two = (pack(tmp_path / str(i), "2023-05", rate) for i, rate in enumerate(rates))
    assert moves(differences(one, two)) == [("win_rate", "moved", pytest.approx(0.05))]
    assert moves(differences(one, one)) == []


def test_a_number_that_is_there_only_once_is_new_or_gone(tmp_path):
    one = pack(tmp_path / "a", "2023-05", kpi("x", None), kpi("y", 1))
    two = pack(tmp_path / "b", "2023-05", kpi("x", 1), kpi("y", None))
    assert moves(differences(one, two)) == [("x", "new", None), ("y", "gone", None)]


def test_causes_are_what_differs_in_what_the_packs_were_made_from():
    now = copy.deepcopy(MADE)
    now["data"][0] |= {"sha256": "b" * 64, "rows": 1234, "last": "2023-06-30"}
    now["data"].append({"source": "reps", "file": "reps.csv", "sha256": "c" * 64, "rows": 2})
    now["settings"]["commission_plans"][0]["bands"][0]["rate"] = 0.09
    now["parameters"]["01-goal-setting"] = {"book": "there", "month": "2023-06", "top": 4}
    now["code"]["library"], now["versions"]["python"] = "y", "3.12"
    assert causes(MADE, now) == [
        Cause(
            "data",
            "orders.csv",
            "10 rows to 2023-05-31, aaaaaaaaaaaa",
            "1,234 rows to 2023-06-30, bbbbbbbbbbbb",
        ),
        Cause("data", "reps.csv", "not there", "2 rows, cccccccccccc"),
        Cause("settings", "commission_plans[base].bands[0].rate", "0.08", "0.09"),
        Cause("parameters", "01-goal-setting.top", "3", "4"),
        Cause("code", "library", "x", "y"),
        Cause("versions", "python", "3.11", "3.12"),
    ]
    assert causes(MADE, MADE) == []


def test_a_cause_is_told_where_names_repeat_and_values_are_long():
    north = {"source": "orders", "file": "orders.csv", "sha256": "a" * 64, "rows": 1}
    south = {**north, "sha256": "b" * 64, "rows": 2}
    sql = "SELECT " + "column, " * 20 + "FROM orders"
    awards = [{"name": "best", "amount": 1}, {"name": "best", "amount": 2}]
    settings = {"tables": {"orders": {"sql": f"{sql} WHERE 1"}}, "awards": awards}
    then = {**MADE, "data": [north, south], "settings": settings}
    now = copy.deepcopy(then)
    now["data"][0]["sha256"] = "c" * 64
    now["settings"]["tables"]["orders"]["sql"] = f"{sql} WHERE 2"
    now["settings"]["awards"][0]["amount"] = 3
    now["audience"] = "managers-West"
    assert causes(then, now) == [
        Cause("audience", "audience", "everybody", "managers-West"),
        Cause("data", "orders.csv", "1 row, aaaaaaaaaaaa", "1 row, cccccccccccc"),
        Cause(
            "settings",
            "tables.orders.sql",
            "…, FROM orders WHERE 1",
            "…, FROM orders WHERE 2",
        ),
        Cause("settings", "awards[0].amount", "1", "3"),
    ]


def test_what_neither_pack_has_did_not_move(tmp_path):
    one = pack(tmp_path / "a", "2023-05", kpi("x", None), kpi("y", None))
    two = pack(tmp_path / "b", "2023-05", kpi("y", None), kpi("z", None))
    assert moves(differences(one, two)) == []


@pytest.mark.parametrize("content", ["", "[]", '{"month": "2023-05"}'])
def test_what_is_no_pack_is_refused(tmp_path, content):
    good = pack(tmp_path / "good", "2023-05")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "results.json").write_text(content)
    with pytest.raises(ParameterProblem, match="cannot be read"):
        differences(good, tmp_path / "bad")
    with pytest.raises(ParameterProblem, match="No such file"):
        differences(tmp_path / "nowhere", good)


def test_a_month_means_its_full_pack_or_the_one_named(tmp_path, monkeypatch):
    pack(tmp_path / "2023-05" / "north", "2023-05")
    pack(tmp_path / "2023-05" / "north.only-01", "2023-05")
    pack(tmp_path / "2023-05" / ".earlier" / "north" / "1", "2023-05")
    assert _folder("2023-05", "", tmp_path) == tmp_path / "2023-05" / "north"
    assert _folder("2023-05", "north.only-01", tmp_path).name == "north.only-01"
    monkeypatch.chdir(tmp_path)  # a month is one, though a folder there is called like it
    assert _folder("2023-05", "", tmp_path) == tmp_path / "2023-05" / "north"
    pack(tmp_path / "2023-05" / "south", "2023-05")
    with pytest.raises(ParameterProblem, match="2 packs of 2023-05"):
        _folder("2023-05", "", tmp_path)
    with pytest.raises(ParameterProblem, match="no packs of 2023-06"):
        _folder("2023-06", "", tmp_path)
