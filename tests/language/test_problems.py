"""Problems of data in Chinese: the same ones are found, and each says the same three things."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from playbook.base.errors import Problem
from playbook.base.language import english, speaking
from playbook.data.checking import CheckReport, check_book
from playbook.intake.files import look_at

ORDERS = """order_id,customer_id,date,amount,list_amout,kind
O1,C1,2023-01-10,100,200,new
O2,C2,2023-02-10,abc,200,weird
O3,C1,2023-02-30,0,200,new
O3,C1,2023-03-10,50,,refund
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, CheckReport]:
    """What is said of one bad book in both languages."""
    folder = tmp_path_factory.mktemp("bad") / "book"
    folder.mkdir()
    (folder / "playbook.toml").write_text('[book]\nname = "bad"\n', encoding="utf-8")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "opportunity.csv").write_text("a\n1\n", encoding="utf-8")
    found = {}
    for language in ("en", "zh"):
        with speaking(language):
            found[language] = check_book(folder)
    return found


def in_english(problem: Problem) -> Problem:
    said = {key: english(getattr(problem, key)) for key in ("found", "expected", "try_")}
    return replace(problem, **said, rows=tuple(english(row) for row in problem.rows))


def test_both_languages_find_the_same_problems(reports):
    said = [in_english(problem) for problem in reports["zh"].problems]
    assert said == list(reports["en"].problems)
    assert {p.file for p in said} == {"orders.csv", "opportunity.csv"}  # near misses among them
    assert any("list_amout" in p.found for p in said)


def test_each_is_said_in_chinese(reports):
    kind = next(p for p in reports["zh"].problems if p.column == "kind")
    assert kind.found == "1个值不是列表中的值"
    assert kind.expected == "以下之一：new、repurchase、upgrade、renewal、refund"
    assert kind.rows == ("第3行：kind 'weird'（order_id 'O2'、date '2023-02-10'）",)
    zero = next(p for p in reports["zh"].problems if "金额为零" in p.found)
    assert zero.found == "1行金额为零：仍计为订单，金额记0"


def test_a_header_that_names_a_column_twice_is_read_in_chinese_too(tmp_path: Path):
    (tmp_path / "orders.csv").write_text(
        "order_id,date,amount,amount\nO1,2023-01-10,5,6\n", encoding="utf-8"
    )
    read = {}
    for language in ("en", "zh"):
        with speaking(language):
            (found,) = look_at(tmp_path, tmp_path)
            read[language] = (len(found.columns), len(found.problems))
    assert read["zh"] == read["en"]
