"""Returns that stand as positive amounts: negative by the word of their row, without a query."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pandas as pd
import pytest

from playbook.base.errors import SettingsProblem
from playbook.base.settings import load_settings
from playbook.base.settings.mapping import ColumnMapping
from playbook.data.reading import read_tables
from playbook.intake.proposal import propose

ROWS = pd.DataFrame(
    {
        "单据编号": [f"X{i}" for i in range(8)],
        "单据日期": [f"2023-01-{i + 5:02d}" for i in range(8)],
        "客户": ["甲", "乙"] * 4,
        "金额": ["1,200.50", "100", "30", "40", "50", "60", "70", "80"],
        "单据类型": ["销售出库", "销售退货"] + ["销售出库"] * 5 + [" 销售退货 "],
    }
)


def amounts(folder, rows: pd.DataFrame) -> tuple[dict, list[Decimal]]:
    rows.to_csv(folder / "销售明细.csv", index=False)
    text = propose([folder], folder).text
    (folder / "playbook.toml").write_text(text, encoding="utf-8")
    read = read_tables(load_settings(folder), folder)
    assert not [p for p in read.problems if p.severity == "error"], read.problems
    found = read.connection.execute("SELECT amount FROM book.orders ORDER BY _row").fetchall()
    return tomllib.loads(text)["tables"]["orders"]["columns"], [row[0] for row in found]


def test_returns_written_as_positive_amounts_are_negative(tmp_path):
    columns, found = amounts(tmp_path, ROWS)
    assert columns["amount"] == {"column": "金额", "negative": {"单据类型": ["销售退货"]}}
    assert found == [Decimal(x) for x in ("1200.5", "-100", "30", "40", "50", "60", "70", "-80")]


def test_returns_that_are_negative_already_stay_as_they_are(tmp_path):
    written = ROWS.assign(金额=["1,200.50", "-100", "30", "40", "50", "60", "70", "-80"])
    columns, found = amounts(tmp_path, written)
    assert columns["amount"] == "金额" and found[1] == -100 and found[7] == -80


def test_a_book_that_says_nothing_of_the_sign_is_told_how(tmp_path):
    toml = '[book]\nname = "b"\n'
    (tmp_path / "playbook.toml").write_text(toml, encoding="utf-8")
    named = ROWS.set_axis(["order_id", "date", "customer_id", "amount", "kind"], axis=1)
    named = named.assign(kind=["new", "refund"] + ["new"] * 6)
    named.to_csv(tmp_path / "orders.csv", index=False)
    (problem,) = read_tables(load_settings(tmp_path), tmp_path).problems
    assert problem.try_.startswith("say which words are returns: amount = {")
    assert '{ column = "…", negative = { "their column" = ["Return"] } }' in problem.try_


def test_negative_needs_a_number():
    with pytest.raises((SettingsProblem, ValueError), match="negative goes with column"):
        ColumnMapping(value=3, negative={"a": ["b"]})
