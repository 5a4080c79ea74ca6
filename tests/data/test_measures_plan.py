"""The target in force by month and member, worked by hand."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook.base.periods import Month
from playbook.data.measures.plan import plan_of
from playbook.data.measures.plan_frames import (
    MonthTargets,
    PlanSums,
    month_targets,
    plan_sums,
    sales_targets,
)
from toy import toy

JAN, DEC = Month(2023, 1), Month(2023, 12)
EAST, WEST = (("region", "East"),), (("region", "West"),)
ORDERS = """
    order_id date       customer_id amount
    O1       2023-01-05 C1          100
    O2       2023-02-05 C1          100
    O3       2023-09-28 C1          100
"""
YEAR = """
    period metric target region
    2023   sales  1200   .
    2023   sales  800    East
    2023   sales  400    West
"""
REPS = """
    rep_id name region team
    R1     Ann  East   A
    R2     Bo   East   A
    R3     Cy   West   B
"""


def move(day: str, target: float, period: str = "2023", **members: str) -> dict:
    return {"date": day, "period": period, "target": target, "reason": "agreed"} | members


def planned(targets: str, *moves: dict, month: str = "2023-09", last: str = "2023-09-28"):
    return toy(
        month=month,
        settings={"goals": {"phasing": "even", "adjustments": list(moves)}},
        orders=ORDERS.replace("2023-09-28", last),
        targets=targets,
        reps=REPS,
    )


def sizes(months: dict) -> list[float]:
    return [round(amount, 6) for amount in months.values()]


def test_a_year_moved_in_july_leaves_the_months_gone_and_scales_the_rest_of_all_parts():
    plan = plan_of(planned(YEAR, move("2023-07-03", 1080)))
    assert sizes(plan.months("sales")) == [100] * 6 + [80] * 6  # 480 of 1,080 are left for 6 months
    assert sizes(plan.months("sales", EAST)) == [66.666667] * 6 + [53.333333] * 6
    assert sizes(plan.original_months("sales")) == [100] * 12
    year = plan.get("sales", (), JAN, DEC)
    assert (year.target, year.original, year.moved.date_) == (1080, 1200, date(2023, 7, 3))
    part = plan.get("sales", WEST, JAN, DEC)
    assert (part.target, part.original, part.moved.reason) == (pytest.approx(360), 400, "agreed")


def test_a_month_that_ends_on_the_day_of_the_change_is_over():
    plan = plan_of(planned(YEAR, move("2023-06-30", 1080)))
    assert sizes(plan.months("sales")) == [100] * 6 + [80] * 6
    plan = plan_of(planned(YEAR, move("2023-06-29", 1010)))
    assert sizes(plan.months("sales")) == [100] * 5 + [round(510 / 7, 6)] * 7


def test_a_change_agreed_after_the_as_of_date_is_not_in_force():
    plan = plan_of(planned(YEAR, move("2023-10-01", 600)))
    year = plan.get("sales", (), JAN, DEC)
    assert (year.target, year.moved) == (1200, None)


def test_the_newest_change_counts_and_each_starts_where_the_one_before_left():
    plan = plan_of(planned(YEAR, move("2023-03-31", 1110), move("2023-07-03", 1050)))
    assert sizes(plan.months("sales")) == [100] * 3 + [90] * 3 + [80] * 6
    assert plan.get("sales", (), JAN, DEC).target == 1050


def test_a_region_moved_alone_takes_its_people_along_and_the_difference_is_said():
    book = planned(
        """
        period  metric target region rep_id
        2023-Q4 sales  300    .      .
        2023-Q4 sales  200    East   .
        2023-Q4 sales  100    West   .
        2023-Q4 sales  120    .      R1
        2023-Q4 sales  60     .      R2
        2023-Q4 sales  100    .      R3
        """,
        move("2023-09-29", 150, "2023-Q4", region="East"),
    )
    plan, q4 = plan_of(book), (Month(2023, 10), DEC)
    assert plan.get("sales", (("rep", "R1"),), *q4).target == pytest.approx(90)
    assert plan.get("sales", (("rep", "R3"),), *q4).moved is None
    assert plan.get("sales", (), *q4).target == 300
    sums = plan_sums(book, *q4)
    assert PlanSums.problems(sums) == []
    assert sums.round(6).to_dict("records") == [
        {"of": "", "by": "region", "target": 300, "parts": 250, "difference": -50},
        {"of": "", "by": "rep", "target": 300, "parts": 235, "difference": -65},
        {"of": "East", "by": "rep", "target": 150, "parts": 135, "difference": -15},
        {"of": "West", "by": "rep", "target": 100, "parts": 100, "difference": 0},
    ]
    assert plan.months("sales", (("rep", "R2"),))[Month(2023, 11)] == pytest.approx(18)  # 45 × 0.4


def test_the_shortest_period_wins_and_a_longer_one_spreads_what_is_left():
    plan = plan_of(
        planned(
            """
            period  metric target
            2023    sales  1200
            2023-Q1 sales  300
            2023-02 sales  160
            """
        )
    )
    # 300 − 160 over January and March by phases 30 and 30; 900 over nine months evenly
    assert sizes(plan.months("sales")) == [70, 160, 70] + [100] * 9
    curve = plan.curve("sales", (), JAN, DEC)
    assert curve.shares[1] == pytest.approx(160 / 1200)


def test_members_follow_the_companys_own_months():
    plan = plan_of(
        planned(
            "period,metric,target,region\n"
            + "\n".join(f"2023-{m:02d},sales,{10 * m}," for m in range(1, 13))
            + "\n2023,sales,390,East"
        )
    )
    assert sizes(plan.months("sales", EAST)) == [5 * m for m in range(1, 13)]
    assert plan.curve("sales", EAST, JAN, DEC).source == "the company's plan"
    assert plan.curve("sales", (), JAN, DEC).source == "the plan's own months"
    assert plan.get("sales", (), JAN, DEC).target == 780 and plan.get("sales", (), JAN, DEC).derived


def test_a_company_with_a_year_alone_follows_the_quarters_of_its_regions():
    plan = plan_of(
        planned(
            "period,metric,target,region\n2023,sales,1000,\n"
            + "\n".join(
                f"2023-Q{q},sales,{10 * q},{r}" for q in range(1, 5) for r in ("East", "West")
            )
        )
    )
    quarters = [sum(sizes(plan.months("sales"))[i : i + 3]) for i in range(0, 12, 3)]
    assert quarters == pytest.approx([100, 200, 300, 400])


def test_targets_by_region_and_line_move_the_company_they_add_up_to():
    book = planned(
        """
        period  metric target region product_line
        2023-10 sales  60     East   Core
        2023-10 sales  40     West   Core
        """,
        move("2023-09-29", 30, "2023-10", region="East", product_line="Core"),
    )
    plan, october = plan_of(book), (Month(2023, 10), Month(2023, 10))
    assert plan.get("sales", (), *october).target == 70
    assert plan.get("sales", (), *october).original == 100
    assert plan.get("sales", EAST, *october).target == 30
    assert sales_targets(book) == {None: {Month(2023, 10): 70}}
    assert sales_targets(book, "product_line") == {"Core": {Month(2023, 10): 70}}


def test_a_target_the_table_has_not_is_in_force_without_an_original():
    plan = plan_of(planned(YEAR, move("2023-09-29", 90, "2023-Q4", region="North")))
    found = plan.get("sales", (("region", "North"),), Month(2023, 10), DEC)
    assert (found.target, found.original) == (90, None)
    assert sizes(plan.months("sales", found.members)) == [30, 30, 30]


def test_a_new_target_below_what_was_planned_for_the_months_gone_scales_the_whole_period():
    plan = plan_of(planned(YEAR, move("2023-07-03", 480)))
    assert sizes(plan.months("sales")) == [40] * 12


def test_months_left_without_any_plan_take_the_whole_change():
    plan = plan_of(
        planned(
            "period,metric,target\n"
            + "\n".join(f"2023-{m:02d},sales,{100 if m < 10 else 0}" for m in range(1, 13))
            + "\n2023,sales,900",
            move("2023-09-30", 960),
        )
    )
    assert sizes(plan.months("sales"))[9:] == [20, 20, 20]


def test_a_rate_is_moved_alone_and_has_no_months():
    plan = plan_of(
        planned(
            """
            period metric          target region
            2023   win_rate.narrow 0.5    .
            2023   win_rate.narrow 0.4    East
            """,
            move("2023-07-03", 0.45) | {"metric": "win_rate.narrow"},
        )
    )
    assert plan.get("win_rate.narrow", (), JAN, DEC).target == 0.45
    assert plan.get("win_rate.narrow", EAST, JAN, DEC).target == 0.4
    assert plan.months("win_rate.narrow") == {}


def test_a_season_is_learnt_only_from_years_the_data_cover():
    """Sales from 21 March 2022 on, every day: the year before is not whole, so working days."""
    days = [date(2022, 3, 21).toordinal() + i for i in range(375)]
    book = toy(
        month="2023-03",
        orders=[
            {"order_id": f"O{d}", "date": date.fromordinal(d), "customer_id": "C", "amount": 10}
            for d in days
        ],
        targets="period metric target\n2023 sales 1200",
    )
    assert "no whole year of history" in plan_of(book).curve("sales", (), JAN, DEC).source


def test_a_fiscal_year_named_by_its_end_holds_the_months_before():
    book = toy(
        month="2020-05",
        settings={
            "book": {"fiscal_year_start": 7, "fiscal_year_name": "end"},
            "goals": {"phasing": "even", "adjustments": [move("2020-05-02", 1180, "2020")]},
        },
        orders=ORDERS.replace("2023", "2020").replace("2020-09-28", "2020-05-30"),
        targets="period metric target\n2020 sales 1200\n2020-Q4 sales 300",
    )
    plan = plan_of(book)
    months = plan.months("sales")
    assert next(iter(months)) == Month(2019, 7) and list(months)[-1] == Month(2020, 6)
    # May and June, 40 and 30 % of the last quarter, bring 20 less
    assert sizes(months)[8:] == [100, 90, round(120 * 190 / 210, 6), round(90 * 190 / 210, 6)]
    quarter = plan.get("sales", (), Month(2020, 4), Month(2020, 6))
    assert (quarter.period.text, quarter.original) == ("2020-Q4", 300)
    assert quarter.target == pytest.approx(280)


def test_months_by_member_are_a_frame_of_the_contract():
    book = planned(YEAR, move("2023-07-03", 1080))
    frame = month_targets(book, "sales", "region")
    assert MonthTargets.problems(frame) == [] and len(frame) == 24
    row = frame[(frame.member == "East") & (frame.month == Month(2023, 8))].iloc[0]
    assert (row.target, row.original) == (pytest.approx(160 / 3), pytest.approx(200 / 3))
    without = toy(month="2023-09", orders=ORDERS)
    assert month_targets(without).empty
    assert plan_sums(without, JAN, DEC).empty


amounts = st.integers(1, 1000)


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(amounts, amounts, amounts, st.integers(1, 12), st.integers(0, 2000))
def test_parts_add_up_to_the_whole_in_each_month_before_and_after_a_change(
    east, west, north, month, target
):
    total = east + west + north
    targets = (
        f"period,metric,target,region\n2023,sales,{total},\n2023,sales,{east},East\n"
        f"2023,sales,{west},West\n2023,sales,{north},North"
    )
    plan = plan_of(
        planned(targets, move(f"2023-{month:02d}-10", target), month="2023-12", last="2023-12-28")
    )
    for months in (plan.months, plan.original_months):
        parts = [months("sales", (("region", r),)) for r in ("East", "West", "North")]
        for m, amount in months("sales").items():
            assert sum(part[m] for part in parts) == pytest.approx(amount)
    assert sum(plan.months("sales").values()) == pytest.approx(target, abs=1e-6)
    gone = [m for m in plan.months("sales") if m.month < month]
    if target >= sum(plan.original_months("sales")[m] for m in gone):
        assert all(plan.months("sales")[m] == plan.original_months("sales")[m] for m in gone)


THIRDS = """
    period  metric target region
    2023    sales  1000   .
    2023-Q1 sales  200    .
    2023-Q2 sales  200    .
    2023-Q3 sales  300    .
    2023-Q4 sales  300    .
    2023    sales  600    East
    2023-Q1 sales  120    East
    2023-Q2 sales  120    East
    2023-Q3 sales  180    East
    2023-Q4 sales  180    East
    2023    sales  400    West
    2023-Q1 sales  80     West
    2023-Q2 sales  80     West
    2023-Q3 sales  120    West
    2023-Q4 sales  120    West
    2023    orders 100    .
    2023    orders 50     East
    2023    orders 50     West
"""


def test_moved_targets_are_whole_cents_that_still_add_up():
    """1,000 → 900.01 in July: the 600 of the second half become 500.01, a quarter 250.005 each."""
    plan = plan_of(planned(THIRDS, move("2023-06-30", 900.01)))
    q3, q4 = (Month(2023, 7), Month(2023, 9)), (Month(2023, 10), DEC)
    assert plan.get("sales", (), JAN, DEC).target == 900.01
    company = [plan.get("sales", (), *quarter).target for quarter in (q3, q4)]
    assert company == [250.01, 250.00]
    east = [plan.get("sales", EAST, *quarter).target for quarter in (q3, q4)]
    west = [plan.get("sales", WEST, *quarter).target for quarter in (q3, q4)]
    assert (east, west) == ([150.01, 150.00], [100.00, 100.00])
    assert round(sum(plan.months("sales", EAST).values()), 9) == 540.01
    assert plan.get("sales", EAST, *q3).original == 180


def test_moved_counts_are_whole_numbers_and_what_was_not_moved_stays():
    counted = move("2023-06-30", 91) | {"metric": "orders"}
    plan = plan_of(planned(THIRDS, counted))
    parts = [plan.get("orders", who, JAN, DEC).target for who in (EAST, WEST)]
    assert plan.get("orders", (), JAN, DEC).target == 91 and parts == [46, 45]
    assert plan.get("sales", EAST, JAN, DEC).target == 600


def test_a_regions_own_agreed_target_holds_to_the_cent():
    plan = plan_of(planned(THIRDS, move("2023-06-30", 500.01, region="East")))
    halves = [
        plan.get("sales", EAST, *quarter).target
        for quarter in ((Month(2023, 7), Month(2023, 9)), (Month(2023, 10), DEC))
    ]
    assert plan.get("sales", EAST, JAN, DEC).target == 500.01
    assert halves == [130.01, 130.00]


def test_a_curve_is_worked_out_once():
    plan = plan_of(planned(YEAR))
    year = ("sales", (), Month(2023, 1), DEC)
    assert plan.curve(*year) is plan.curve(*year)
