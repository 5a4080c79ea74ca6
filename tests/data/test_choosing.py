"""What a reader of a live notebook may choose, and the book a choice means."""

from __future__ import annotations

import pandas as pd
import pytest

from playbook.base.errors import ParameterProblem
from playbook.data.book import Book
from playbook.data.choosing import Choices


@pytest.fixture(scope="module")
def choices() -> Choices:
    orders = pd.DataFrame(
        [
            ("O1", "2023-01-10", "A", 100, "R1", "East"),
            ("O2", "2023-02-10", "B", 70, "R2", "West"),
            ("O3", "2023-03-10", "B", 30, "R3", "West"),
        ],
        columns=["order_id", "date", "customer_id", "amount", "rep_id", "region"],
    )
    reps = pd.DataFrame(
        [("R1", "Ann"), ("R2", "Li"), ("R3", "Li")], columns=["rep_id", "name"]
    ).assign(region=["East", "West", "West"])
    return Choices(Book.from_frames(orders=orders, reps=reps, month="2023-03"))


def sales(book: Book) -> float:
    return float(book.table("orders").select("amount").collect().to_pandas()["amount"].sum())


def test_what_may_be_chosen_are_dimensions_with_several_members_and_the_months(choices):
    assert choices.controls == {
        "region": ("Region", [("all", ""), ("East", "East"), ("West", "West")]),
        "rep": ("Rep", [("all", ""), ("Ann", "R1"), ("Li (R2)", "R2"), ("Li (R3)", "R3")]),
        "month": (
            "Report month",
            [("Mar 2023", "2023-03"), ("Feb 2023", "2023-02"), ("Jan 2023", "2023-01")],
        ),
    }


@pytest.mark.parametrize(
    "choice, expected",
    [
        ({}, 200),
        ({"region": "", "rep": "", "month": "2023-03"}, 200),
        ({"region": "West", "rep": "", "month": "2023-03"}, 100),
        ({"region": "West", "rep": "", "month": "2023-02"}, 70),
        ({"region": "", "rep": "R3", "month": "2023-03"}, 30),
        ({"region": "West", "rep": "R2"}, 70),
    ],
)
def test_a_choice_means_its_rows_as_known_at_the_end_of_its_month(choices, choice, expected):
    assert sales(choices.narrowed(choice)) == expected


def test_a_choice_that_no_table_can_tell_is_refused(choices):
    with pytest.raises(ParameterProblem, match="channel"):
        choices.narrowed({"channel": "Web"})
