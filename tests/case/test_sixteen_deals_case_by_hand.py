"""The course of the company of sixteen deals, worked by hand."""

import pytest

from playbook import case
from sixteen_deals import sixteen_deals


def test_a_quarter_begins_with_its_table_and_not_with_its_first_win():
    """The first win of all is of 11 February 2023, but deals are decided since March 2022: the
    first quarter of 2023 is whole, with one win after 22 days; that of 2024 has one after 31.
    """
    rows = case.indicators(sixteen_deals()).table.set_index("indicator")
    assert rows.loc["cycle", ["before", "value_before", "value_after"]].tolist() == [
        "2023-Q1",
        22,
        31,
    ]
    assert rows.loc["won", ["before", "value_before", "value_after"]].tolist() == ["2023-Q1", 1, 1]
    assert rows.loc["won", "way"] == "even"


def test_quarters_against_a_year_before():
    """660 and 1,800 of sales; match 1 of 3 and 3 of 5; objections on 2 of 2 and 1 of 3 deals; sales
    of customers known before 1,500 of 1,800.
    """
    rows = case.indicators(sixteen_deals()).table.set_index("indicator")
    assert rows.loc["sales", ["value_before", "value_after"]].tolist() == [660, 1800]
    assert rows.change["sales"] == pytest.approx(1800 / 660 - 1)
    assert rows.loc["match", ["k_before", "n_before", "k_after", "n_after"]].tolist() == [
        1,
        3,
        3,
        5,
    ]
    assert rows.loc["objection", ["k_before", "n_before", "k_after", "n_after"]].tolist() == [
        2,
        2,
        1,
        3,
    ]
    assert rows.loc["returning", ["k_after", "n_after"]].tolist() == [1500, 1800]
    assert (rows.way["sales"], rows.way["objection"], rows.way["cycle"]) == (
        "better",
        "better",
        "worse",
    )
