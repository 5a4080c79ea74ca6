"""The funnel by member: rates, times, speed and the firm's own top quartile."""

import numpy as np
import pandas as pd
import pytest

from playbook import funnel
from toy import toy

SETTINGS = {"book": {"stages": ["lead", "won"]}, "funnel": {"min_group": 10}}


def company(passing: dict[str, int], each: int = 40, **more):
    """Reps who won so many of ``each`` deals of January to April 2024: a win takes 10 days and
    brings 100, a loss takes 20 days.
    """
    rows = []
    for rep, wins in passing.items():
        for i in range(each):
            born = pd.Timestamp("2024-01-01") + pd.Timedelta(days=3 * i)
            won = i < wins
            rows.append(
                {
                    "opportunity_id": f"{rep}{i:02d}",
                    "rep_id": rep,
                    "created": born,
                    "closed": born + pd.Timedelta(days=10 if won else 20),
                    "outcome": "won" if won else "lost",
                    "stage": "won" if won else "lead",
                    "amount": 100 if won else None,
                }
            )
    rows.append({"opportunity_id": "O", "created": "2024-06-03", "outcome": "open"} | more)
    rows[-1] |= {"stage": "lead"}
    events = [
        {"opportunity_id": r["opportunity_id"], "stage": "lead", "entered_at": r["created"]}
        for r in rows
    ]
    return toy(month="2024-06", settings=SETTINGS, opportunities=rows, stage_events=events)


@pytest.fixture(scope="module")
def four():
    return funnel.funnel_members(company({"A": 30, "B": 20, "C": 20, "D": 10}))


def test_rates_times_and_speed_by_hand(four):
    steps = four.steps.set_index("member")
    assert steps.entered.tolist() == [40] * 4
    assert four.top == 15  # members listed where nothing else is asked for
    assert steps.rate.to_dict() == {"A": 0.75, "B": 0.5, "C": 0.5, "D": 0.25}
    times = four.times.set_index("member")
    # half have left once the quicker half has: by a win after 10 days, else by a loss after 20
    assert times["median"].to_dict() == {"A": 10, "B": 10, "C": 10, "D": 20}
    speed = four.speed.set_index("member")
    assert speed.cycle.tolist() == [10] * 4 and speed.win_rate["A"] == 0.75
    assert speed.velocity.tolist() == [0] * 4  # the one open deal belongs to nobody


def test_an_open_deal_makes_its_rep_sell_so_much_a_day():
    """1 open × 30/40 × 100 ÷ 10 days."""
    found = funnel.funnel_members(company({"A": 30, "B": 20}, rep_id="A"))
    assert found.speed.set_index("member").velocity.to_dict() == {"A": 7.5, "B": 0}


def test_the_table_of_a_dimension_shows_each_number_with_its_deals(four):
    table = four.table_of("rep").plain()
    assert "75.0 % (40)" in table and "10 d (30)" in table


def test_the_top_quartile_by_hand(four):
    """Rates 75, 50, 50, 25 %: the upper quartile is 56.25 % as counted; three lie below it and
    pass 50 of 120 deals. Less luck it lies nearer to the rest, and the worth is at most what the
    counted one gives: 2.5 + 2.5 + 12.5 wins of 100.
    """
    (row,) = four.quartiles.to_dict("records")
    assert (row["dimension"], row["members"], row["below"], row["n"]) == ("rep", 4, 3, 120)
    assert row["quartile"] == 0.5625 and row["rate"] == pytest.approx(50 / 120)
    assert 0.5 < row["benchmark"] < 0.6 and 900 < row["worth"] < 2300
    assert 0 < row["low"] < row["worth"] < row["high"]
    assert "the 3 of 4 below it pass 41.7 % of 120 deals" in four.reading()


def test_members_alike_leave_nothing_to_reach():
    """All won half: the benchmark is half, and the worth is what luck alone may leave."""
    alike = funnel.funnel_members(company(dict.fromkeys("ABCDEF", 20)))
    (row,) = alike.quartiles.to_dict("records")
    assert row["benchmark"] == pytest.approx(0.5, abs=0.03)
    assert row["worth"] < 0.05 * 240 * 100 and row["below"] == 0 and np.isnan(row["rate"])
    assert alike.reading() == (
        "Nobody lies below the firm's own top quartile: reps and regions pass alike."
    )


def test_three_members_have_no_quartile():
    found = funnel.funnel_members(company({"A": 30, "B": 20, "C": 10}))
    assert found.quartiles.empty
    assert found.reading() == (
        "Neither reps nor regions have deals enough for a top quartile of their own."
    )


def test_a_fact_written_down_at_the_win_is_called_flattering():
    rows = company({"A": 30, "B": 10}).table("opportunities").collect().to_pandas()
    rows["region"] = np.where(rows.outcome == "won", "East", None)
    events = rows[["opportunity_id", "created"]].rename(columns={"created": "entered_at"})
    book = toy(
        month="2024-06",
        settings=SETTINGS,
        opportunities=rows.drop(columns=["rep"], errors="ignore"),
        stage_events=events.assign(stage="lead"),
    )
    found = funnel.funnel_members(book)
    assert "its rates flatter" in found.table_of("region").plain()
    assert "its rates flatter" not in found.table_of("rep").plain()


def test_a_book_whose_deals_name_nobody_says_so():
    rows = [
        {"opportunity_id": "A", "created": "2024-01-01", "closed": "2024-01-05", "stage": "won"}
        | {"outcome": "won", "amount": 5}
    ]
    found = funnel.funnel_members(toy(month="2024-01", settings=SETTINGS, opportunities=rows))
    assert found.status != "ok" and "rep_id, region, product_line" in found.reason
