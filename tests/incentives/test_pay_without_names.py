"""A pack for all shows pay as sums; who is paid what is shown only where the settings say so."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from playbook import incentives
from playbook.base.formats import Formats
from playbook.data.book import Book
from playbook.incentives.plans.without_names import (
    FEWEST,
    OTHER,
    kinds_of,
    shifts_of,
    spread_sentence,
)

REPS = [
    {"rep_id": f"R{i}", "name": f"Person{i}", "team": "T", "hired": "2020-01-01"} for i in range(6)
]
ORDERS = [
    {
        "order_id": f"O{i}",
        "date": "2023-03-10",
        "customer_id": "C",
        "amount": 1237 + 1111 * i,
        "rep_id": f"R{i}",
    }
    for i in range(6)
]
PLANS = [
    {"name": "now", "starts": "2022-01-01", "tiers": [{"lower": 0, "rate": 0.1}]},
    {
        "name": "next",
        "starts": "2022-01-01",
        "compare_only": True,
        "tiers": [{"lower": 0, "upper": 3000, "rate": 0.02}, {"lower": 3000, "rate": 0.3}],
    },
]


@pytest.fixture(scope="module")
def results():
    book = Book.from_frames(
        month="2023-03",
        settings={"commission_plans": PLANS},
        orders=pd.DataFrame(ORDERS),
        reps=pd.DataFrame(REPS),
    )
    found = [incentives.statements(book), incentives.comparison(book), incentives.recognition(book)]
    return [*found, incentives.decisions(*found[:2])]


def shown(result) -> str:
    """Everything a page, the workbook and results.json hold of a result."""
    figure = result.figure() if hasattr(result, "figure") else None
    parts = [
        *(block.data() for block in result.blocks()),
        figure.alt if figure else "",
        [sheet.rows for sheet in result.worksheets()],
        [kpi.as_dict("x") for kpi in result.kpis()],
        result.headline(),
    ]
    return json.dumps(parts, ensure_ascii=False, default=str)


def own_pay(result) -> list[str]:
    """Each rep's pay of the quarter as a page writes it."""
    return [result.fmt.text(pay, "money.exact") for pay in result.table["pay"]]


def test_nobodys_pay_is_in_the_pack(results):
    statements, comparison, _, actions = results
    for result in (statements, comparison, actions):
        text = shown(result)
        for pay in own_pay(statements):
            assert pay not in text
    for i in range(6):
        assert f"Person{i}" not in shown(comparison)
        assert f"Person{i}" not in shown(actions)
        assert f"Person{i}" not in shown(statements)
    assert not any("rep" in (kpi.by or {}) for kpi in statements.kpis())


def test_the_sums_are_there(results):
    statements, comparison, *_ = results
    total = sum(Decimal(row["amount"]) for row in ORDERS) / 10
    assert statements.total == total
    assert statements.fmt.text(total, "money.exact") in shown(statements)
    assert statements.kinds.to_dict("records") == [
        {"item": "commission", "lines": 6, "reps": 6, "pay": total, "share": 1.0}
    ]
    # 30 % above 3,000: 1,237 and 2,348 earn a fifth of a tenth, 3,459 earns 197.70 against 345.90
    assert comparison.shifts[["change", "reps"]].to_dict("records") == [
        {"change": "loses 5 % or more", "reps": 3},
        {"change": "loses less", "reps": 0},
        {"change": "the same", "reps": 0},
        {"change": "gains less", "reps": 0},
        {"change": "gains 5 % or more", "reps": 3},
    ]
    assert comparison.shifts["money"].tolist() == [None, 0, 0, 0, None]


def test_with_the_setting_pay_is_by_name(results):
    named = replace(results[0], named=True)
    text = shown(named)
    assert all(pay in text for pay in own_pay(named))
    assert sum("rep" in (kpi.by or {}) for kpi in named.kpis()) == 6


def test_few_people_have_no_middle():
    pays = [Decimal(100 * i) for i in range(1, FEWEST + 1)]
    assert spread_sentence(pays[:-1], Formats("EUR")) == ""
    assert spread_sentence(pays, Formats("EUR")) == (
        " The middle rep is paid €300; a quarter are paid €200 or less, a quarter €400 or more."
    )


def test_kinds_of_pay_add_up_and_rank_by_size():
    lines = pd.DataFrame(
        {
            "item": ["a", "b", "a", "c"],
            "rep_id": ["x", "x", "y", "x"],
            "pay": [Decimal(5), Decimal(-30), Decimal(10), Decimal(25)],
        }
    )
    found = kinds_of(lines, fewest=1)
    assert found["item"].tolist() == ["b", "c", "a"]
    assert found["reps"].tolist() == [1, 1, 2]
    assert found["share"].tolist() == [-3.0, 2.5, 1.5]
    few = kinds_of(lines, fewest=2)  # b and c are one person's: together they still are a row
    assert few[["item", "pay", "reps"]].to_dict("records") == [
        {"item": "a", "pay": 15, "reps": 2},
        {"item": OTHER, "pay": -5, "reps": 1},
    ]


def test_a_change_of_exactly_a_twentieth_is_large():
    rows = pd.DataFrame(
        {"current": [Decimal(100)] * 4, "change": [Decimal(v) for v in ("5", "4.99", "-5", "0")]}
    )
    assert shifts_of(rows)["reps"].tolist() == [1, 0, 1, 1, 1]
