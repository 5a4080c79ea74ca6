"""What people sold without the lines: sums by rep and day, and the same answers from them."""

from __future__ import annotations

import pandas as pd

from playbook import incentives
from playbook.data.book import Book
from playbook.data.measures import credits
from playbook.pay import history as histories
from playbook.pay.history import history, sales_history

ORDERS = pd.DataFrame(
    [
        ("O1", "2023-01-05", "C1", "R1", "100.10"),
        ("O2", "2023-01-05", "C2", "R1", "-20.05"),
        ("O3", "2023-02-28", "C2", "R2", "50"),
        ("O4", "2023-02-28", "C2", None, "7"),
    ],
    columns=["order_id", "date", "customer_id", "rep_id", "amount"],
)
REPS = pd.DataFrame([("R1", "2023-01-02"), ("R2", "2023-02-01")], columns=["rep_id", "hired"])


def book():
    return Book.from_frames(orders=ORDERS, reps=REPS)


def test_lines_are_added_up_by_rep_and_day():
    found = credits.daily_credits(book())
    assert found["amount"].tolist() == [800_500, 500_000, 70_000]
    assert found["rep_id"].fillna("nobody").tolist() == ["R1", "R2", "nobody"]
    assert found["date"].dt.strftime("%m-%d").tolist() == ["01-05", "02-28", "02-28"]


def test_time_on_board_is_the_same_from_sums_and_from_lines():
    here, there = book(), book()
    assert len(sales_history(here).orders) == 3
    assert len(history(there).orders) == 4
    assert sales_history(there) is history(there), "whoever has the lines reads nothing again"
    slim, full = incentives.ramp(here), incentives.ramp(there)
    assert slim.hires.equals(full.hires) and slim.tenure.equals(full.tenure)
    assert slim.table.equals(full.table)


def test_millions_of_lines_at_hand_are_added_up_without_asking_for_them_again(monkeypatch):
    here = book()
    lines = history(here).orders
    wanted = credits.daily_credits(here)
    pd.testing.assert_frame_equal(histories.day_sums(lines), wanted)
    few = lines.assign(rep_id=lines["rep_id"].astype("category"))
    pd.testing.assert_frame_equal(histories.day_sums(few), wanted)
    monkeypatch.setattr(histories, "LARGE", 0)
    monkeypatch.setattr(credits, "daily_credits", None)
    pd.testing.assert_frame_equal(sales_history(here).orders, wanted)
