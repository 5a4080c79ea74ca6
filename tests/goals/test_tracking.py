"""The tracking table, by hand."""

import numpy as np
import pandas as pd
import pytest
from toy_books import TOML, many_lines, months

from playbook.base.errors import DataProblem
from playbook.base.settings import GoalSettings
from playbook.data.measures import sales
from playbook.goals.actuals import Actual, Actuals
from playbook.goals.director.months import Months
from playbook.goals.outlook import outlook, there_before
from playbook.goals.track.forecasts import Forecasts
from playbook.goals.track.judging import combined, judge, judge_falling
from playbook.goals.track.overview import sales_overview
from playbook.goals.track.tracking import tracking

S = GoalSettings()


@pytest.mark.parametrize(
    ("actual", "target", "share"),
    [(285, 300, 0.95), (210, 200, 1.05), (12, 15, 0.80), (0.32, 0.30, 1.07)],
)
def test_completion_is_actual_over_target(actual, target, share):
    assert round(judge(actual, target, 1.0, S)["completion"], 2) == share


def test_pace_is_one_on_the_curve_and_decides_the_colour():
    assert (
        judge(30, 100, 0.3, S)["pace"] == pytest.approx(1)
        and judge(30, 100, 0.3, S)["status"] == "green"
    )
    assert judge(27.5, 100, 0.3, S)["status"] == "amber"
    assert judge(20, 100, 0.3, S)["status"] == "red"


def test_a_target_of_zero_and_a_missing_actual_have_no_completion():
    assert judge(5, 0, 1.0, S)["completion"] is None
    assert judge(None, 5, 1.0, S)["status"] == "not measured"


ORDERS = months(2022, 2023, 3, lambda y, m: 100)
TARGETS = """period,metric,target,region,owner,remark
2023,sales,1000,,director,
2023-Q1,sales,300,,director,
2023-Q1,sales,300,East,manager East,rival's price cut
2023-01,sales,90,,director,
2023-02,sales,120,,director,
2023-03,sales,90,,director,
2023-Q1,new_customers,15,,director,"""


def row(made, window, metric="sales", label="Company"):
    table = made.table
    return table[(table.window == window) & (table.metric == metric) & (table.label == label)].iloc[
        0
    ]


def test_a_quarter_is_judged_by_its_own_months(book):
    made = tracking(book("2023-03", orders=ORDERS, targets=TARGETS))
    quarter = row(made, "quarter_to_date")
    assert (float(quarter.actual), quarter.target, quarter.completion, quarter.pace) == (
        300,
        300,
        1,
        1,
    )
    year = row(made, "year_to_date")
    # the first quarter's own 300 of the year's 1,000
    assert year.due == pytest.approx(0.3) and year.pace == pytest.approx(1.0)
    assert row(made, "quarter_to_date", label="East").remark == "rival's price cut"


def test_in_mid_quarter_the_plans_months_are_the_curve(book):
    february = tracking(book("2023-02", orders=ORDERS, targets=TARGETS))
    quarter = row(february, "quarter_to_date")
    assert quarter.due == pytest.approx(210 / 300) and quarter.pace == pytest.approx(200 / 210)
    assert quarter.curve == "the plan's own months"


def test_without_months_a_quarter_follows_the_phases(book):
    made = tracking(
        book("2023-02", orders=ORDERS, targets="period,metric,target\n2023-Q1,sales,300")
    )
    assert row(made, "quarter_to_date").due == pytest.approx(0.7)


def test_what_is_left_is_spread_over_the_working_days_left(book):
    made = row(tracking(book("2023-02", orders=ORDERS, targets=TARGETS)), "quarter_to_date")
    assert (made.gap, made.days) == (100, 23)  # March 2023 has 23 weekdays
    assert made.per_day == pytest.approx(100 / 23)


def test_a_steady_history_projects_itself_and_knows_its_chance(book):
    made = row(tracking(book("2023-02", orders=ORDERS, targets=TARGETS)), "year_to_date")
    assert made.low < 1200 < made.high and made.chance > 0.95
    assert tracking(book("2023-02", orders=ORDERS, targets=TARGETS)).table.equals(
        tracking(book("2023-02", orders=ORDERS, targets=TARGETS)).table
    )


def test_order_of_rows_changes_nothing(book):
    head, *rows = ORDERS.splitlines()
    other = "\n".join([head, *reversed(rows)])
    assert (
        tracking(book("2023-03", orders=ORDERS, targets=TARGETS)).headline()
        == tracking(book("2023-03", orders=other, targets=TARGETS)).headline()
    )


def test_later_orders_change_nothing(book):
    later = ORDERS + "\nX,2023-04-02,C9,999999,East"
    assert tracking(book("2023-03", orders=later, targets=TARGETS)).table.equals(
        tracking(book("2023-03", orders=ORDERS, targets=TARGETS)).table
    )


def test_months_sum_to_a_quarter_that_was_not_given(book):
    made = row(
        tracking(
            book(
                "2023-03",
                orders=ORDERS,
                targets=(
                    "period,metric,target\n2023-01,sales,90\n2023-02,sales,120\n2023-03,sales,90"
                ),
            )
        ),
        "quarter_to_date",
    )
    assert made.target == 300 and made.remark == "sum of its shorter periods"


def test_a_target_for_an_unknown_member_is_not_measured_as_zero(book):
    made = tracking(book("2023-03", orders=ORDERS, targets=TARGETS.replace("300,East", "300,Eest")))
    unknown = row(made, "quarter_to_date", label="Eest")
    assert unknown.status == "not measured" and "did you mean 'East'?" in unknown.why
    assert any("Eest" in note for note in made.notes())


def test_an_owner_who_has_left_is_named_and_becomes_an_action(book):
    reps = "rep_id,name,hired,left\nR1,Ann,2020-01-01,2023-02-01"
    made = tracking(
        book(
            "2023-03",
            orders=ORDERS,
            reps=reps,
            targets="period,metric,target,owner\n2023,sales,1000,R1",
        )
    )
    assert row(made, "year_to_date").owner == "Ann (has left)"
    assert any(action.what.startswith("Name an owner") for action in made.actions())


def test_a_metric_that_is_not_tracked_says_so(book):
    made = tracking(book("2023-03", orders=ORDERS, targets="period,metric,target\n2023-Q1,salez,5"))
    assert "did you mean 'sales'?" in row(made, "quarter_to_date", "salez").why


def test_one_period_given_twice_is_refused(book):
    with pytest.raises(DataProblem):
        tracking(
            book(
                "2023-03",
                orders=ORDERS,
                targets="period,metric,target,owner\n2023-Q1,sales,300,a\n2023-q1,sales,310,b",
            )
        )


def test_rates_are_counted_again_not_summed(book):
    orders = ORDERS + "\nN1,2023-03-03,C2,5,East\nN2,2023-03-04,C3,5,East"
    made = row(
        tracking(
            book(
                "2023-03",
                orders=orders,
                targets="period,metric,target\n2023-03,repurchase_rate,0.3",
            )
        ),
        "month",
        "repurchase_rate",
    )
    assert (made.numerator, made.denominator) == (1, 3)
    assert not made.additive and made.chance is None


def test_the_page_and_its_numbers_stand_on_an_empty_year(book):
    made = tracking(
        book("2023-03", toml=TOML, orders=ORDERS, targets="period,metric,target\n2023,sales,0")
    )
    assert row(made, "year_to_date").completion is None
    assert made.blocks() and all(kpi.value is not None or kpi.why for kpi in made.kpis())


# -- less is better

DEALS = """opportunity_id,created,stage,outcome,closed,amount,region
W1,2022-01-01,won,won,2022-03-21,100,East
W2,2022-01-01,won,won,2022-03-29,100,East
W3,2023-01-01,won,won,2023-03-07,100,East
W4,2023-01-01,won,won,2023-03-21,100,East
""" + "\n".join(
    [f"L{i},2023-01-01,intent,lost,2023-0{1 + i}-10,100,West" for i in range(3)]
    + [f"M{i},2022-01-01,intent,lost,2022-02-{10 + i},100,West" for i in range(5)]
)


def test_a_falling_target_is_half_way_when_half_the_way_down_is_covered():
    made = judge_falling(75, 60, 1.0, S, Actual(90))
    assert (made["completion"], made["pace"], made["status"]) == (0.5, 0.8, "red")
    assert (
        judge_falling(60, 60, 1.0, S, Actual(90))["completion"] == 1
        and judge_falling(60, 60, 1.0, S, Actual(90))["status"] == "green"
    )
    assert judge_falling(64, 60, 1.0, S, Actual(90))["status"] == "amber"
    assert judge_falling(0, 60, 0.5, S, Actual(90))["status"] == "green"
    assert judge_falling(100, 60, 1.0, S, Actual(90))["completion"] == pytest.approx(
        -1 / 3
    )  # moved the wrong way


def test_a_falling_target_without_a_baseline_says_why_it_has_no_completion():
    assert (
        "do not reach back"
        in judge_falling(75, 60, 1.0, S, Actual(None, why="the data do not reach back a year"))[
            "why"
        ]
    )
    assert "already at the target" in judge_falling(55, 60, 1.0, S, Actual(58))["why"]


def test_cycle_days_are_judged_downwards(book):
    made = row(
        tracking(
            book(
                "2023-03",
                opportunities=DEALS,
                targets="period,metric,target,owner\n2023-Q1,cycle.won_median_days,60,Ann",
            )
        ),
        "quarter_to_date",
        "cycle.won_median_days",
    )
    assert made.falls and made.unit == "days"
    assert (made.baseline, made.actual) == ((79 + 87) / 2, (65 + 79) / 2)
    assert made.completion == pytest.approx((83 - 72) / (83 - 60))
    assert made.pace == pytest.approx(60 / 72) and made.status == "red" and pd.isna(made.chance)


def test_lost_deals_keep_to_a_ceiling_and_its_curve(book):
    targets = (
        "period,metric,target,owner\n2023-Q1,deals.lost,4,Ann\n"
        "2023-01,deals.lost,2,Ann\n2023-02,deals.lost,1,Ann\n"
        "2023-03,deals.lost,1,Ann"
    )
    made = tracking(book("2023-02", opportunities=DEALS, targets=targets))
    quarter = row(made, "quarter_to_date", "deals.lost")
    assert (quarter.actual, quarter.to_date, quarter.pace, quarter.status) == (2, 3, 1.5, "green")
    assert quarter.completion == pytest.approx(
        (5 - 2) / (5 - 4)
    )  # five were lost in the same months a year before
    assert (
        quarter.chance > 0.5
        and row(
            tracking(
                book(
                    "2023-02",
                    opportunities=DEALS,
                    targets="period,metric,target\n2023-Q1,deals.lost,1",
                )
            ),
            "quarter_to_date",
            "deals.lost",
        ).chance
        == 0
    )
    assert quarter.gap == 2 and "less is better" in made.tables()[0].note


def test_attrition_of_a_year_is_measured_over_twelve_months(book):
    reps = (
        "rep_id,name,region,hired,left\nR1,A,East,2020-01-01,"
        "\nR2,B,East,2020-01-01,2022-10-15\nR3,C,West,2020-01-01,"
        "\nR4,D,West,2020-01-01,"
    )
    toy = book(
        "2023-03",
        orders=ORDERS,
        reps=reps,
        targets=(
            "period,metric,target,region\n2023,attrition_rate,0.2,\n2023,attrition_rate,0.2,East"
        ),
    )
    made = tracking(toy)
    company = row(made, "year_to_date", "attrition_rate")
    # head-counts: the first day and twelve month ends, four until September, three from October: (1
    # + 6) × 4 + 6 × 3 = 46 over 13
    assert company.actual == pytest.approx(1 / (46 / 13)) and company.status == "red"
    assert row(made, "year_to_date", "attrition_rate", "East").actual == pytest.approx(
        1 / (20 / 13)
    )


def test_a_part_a_rate_does_not_know_is_not_measured_as_the_whole(book):
    made = tracking(
        book(
            "2023-03",
            opportunities=DEALS,
            orders=ORDERS,
            targets="period,metric,target,region\n2023-Q1,match_rate,0.7,East",
        )
    )
    assert row(made, "quarter_to_date", "match_rate", "East").status == "not measured"


# -- the page


def test_empty_columns_are_dropped_and_parts_are_named_with_what_they_are(book):
    made = tracking(book("2023-03", orders=ORDERS, targets=TARGETS))
    quarter = next(t for t in made.tables() if t.title.startswith("Quarter"))
    assert quarter.head[-1] == "Remark"
    assert [line[0].text for line in quarter.rows].count("region East") == 1
    bare = tracking(
        book("2023-03", orders=ORDERS, targets=TARGETS.replace("rival's price cut", ""))
    )
    assert "Remark" not in next(t for t in bare.tables() if t.title.startswith("Quarter")).head
    assert any(
        "region East" in a.what
        for a in tracking(
            book(
                "2023-02",
                orders=ORDERS,
                targets="period,metric,target,region,owner\n2023,sales,99999,East,Ann",
            )
        ).actions()
    )


def test_the_colour_is_the_worse_of_pace_and_chance_and_amber_between_green_and_red():
    def colour(pace: str, chance: float | None, days: int = 20) -> str:
        return combined({"status": pace, "chance": chance, "days": days}, S)

    assert [colour("green", c) for c in (0.5, 0.499, 0.2, 0.1)] == ["green"] + ["amber"] * 3
    assert [colour("amber", c) for c in (0.9, 0.3, 0.1)] == ["amber", "amber", "red"]
    assert [colour("red", c) for c in (0.9, 0.3, 0.1)] == ["amber", "red", "red"]
    assert colour("green", 0.0, days=0) == "green" and colour("green", None) == "green"
    assert colour("not measured", 0.0) == "not measured"
    strict = GoalSettings(green_chance=0.9, amber_chance=0.6)
    row = {"status": "green", "chance": 0.7, "days": 1}
    assert combined(row, strict) == "amber"
    with pytest.raises(ValueError, match="amber_chance lies above green_chance"):
        GoalSettings(amber_chance=0.6)


def test_original_and_target_stand_on_every_row_and_people_forecasts_sum_to_the_company(book):
    orders = ["order_id,date,customer_id,amount,rep_id"]
    for i in range(24):
        year, month = 2021 + (i + 7) // 12, (i + 7) % 12 + 1
        orders += [
            f"A{i},{year}-{month:02d}-15,C1,{100 + 10 * (i % 3)},R1",
            f"B{i},{year}-{month:02d}-16,C2,{60 + 20 * (i % 2)},R2",
            f"D{i},{year}-{month:02d}-17,C3,{30},R3",
        ]
    toy = book(
        "2023-07",
        orders="\n".join(orders),
        reps="rep_id,name,left\nR1,Ann,\nR2,Bo,\nR3,Cy,2023-07-20",
        targets="period,metric,target,rep_id\n2023-Q3,sales,600,\n2023-Q3,sales,300,R1\n"
        "2023-Q3,sales,200,R2\n2023-Q3,sales,100,R3",
    )
    made = tracking(toy)
    assert all("Original" in t.head for t in made.tables() if "Completion" in t.head)
    forecasts = Forecasts(Actuals(toy))
    medians = [
        float(np.median(forecasts.totals("sales", members, 2)[0]))
        for members in ({}, {"rep": "R1"}, {"rep": "R2"})
    ]
    assert medians[1] + medians[2] == pytest.approx(medians[0])
    assert forecasts.totals("sales", {"rep": "R3"}, 2) == (None, "")
    rows = made.table.set_index("label")
    assert rows.loc["Cy", "method"] == "" and "scaled" in rows.loc["Ann", "method"]


@pytest.mark.parametrize(("first", "told"), [(7, True), (6, False)])
def test_new_customers_are_not_forecast_where_the_first_month_holds_most_of_them(book, first, told):
    """Of 7 + 6 customers 7 are first seen in the first month: who was there before and who is new
    cannot be told apart. Six of twelve are not most.
    """
    orders = ["order_id,date,customer_id,amount"]
    orders += [f"A{i},2023-01-{i + 1:02d},A{i},10" for i in range(first)]
    orders += [f"B{m},2023-{m + 2:02d}-10,B{m},10" for m in range(6)]
    toy = book(
        "2023-07",
        orders="\n".join(orders),
        targets="period,metric,target\n2023,new_customers,30\n2023,sales,900",
    )
    why = (
        "53.8 % (7 of 13) of the customers are first seen in Jan 2023, the first month of the data:"
        " how many were new then is not known, so new customers cannot be forecast"
    )
    actuals = Actuals(toy)
    assert there_before(actuals, "new_customers") == (why if told else "")
    assert (outlook(actuals, "new_customers", {}, 3) is None) is told
    assert outlook(actuals, "sales", {}, 3) is not None and there_before(actuals, "sales") == ""
    made = tracking(toy)
    row = made.table.set_index("metric").loc["new_customers"]
    assert (row.method == why, np.isnan(row.middle)) == (told, told)
    assert (f"{why}." in made.notes()) is told
    assert (f"{why}." in sales_overview(toy).notes()) is told
    kpi = next(
        k for k in made.kpis() if k.name == "projection" and k.by == {"metric": "new_customers"}
    )
    assert (kpi.why == why) is told
    tile = {t.key: t for t in Months(toy).tiles()}["new_customers"]
    assert (tile.foot == "no FC: first month holds most") is told
    assert (tile.spark.forecast is None) is told


def test_a_page_holds_the_hundred_parts_furthest_behind_and_the_sheet_all():
    made = tracking(many_lines(120, below={7, 90}))
    reached, left = made.tables()[:2]
    for shown in (reached, left):
        assert [row[0].text for row in shown.rows[:4]] == [
            "Company",
            "line Line 007",
            "line Line 090",
            "line Line 000",
        ]
        assert len(shown.rows) == 101
        assert "the 100 parts furthest behind of 120, all of them in the worksheet" in shown.note
    assert len(made.worksheets()[0].rows) == 121


def test_as_many_parts_as_a_page_holds_are_listed_as_the_plan_has_them():
    made = tracking(many_lines(20, below={7}))
    for shown in made.tables()[:2]:
        assert [row[0].text for row in shown.rows[:2]] == ["Company", "line Line 000"]
        assert len(shown.rows) == 21 and "furthest behind" not in shown.note


def test_months_of_members_are_sorted_once_and_summed_one_by_one(monkeypatch):
    given = many_lines(30)
    actuals, asked = Actuals(given), []
    read = sales.month_numbers_of
    monkeypatch.setattr(
        sales, "month_numbers_of", lambda frame: asked.append(len(frame)) or read(frame)
    )
    window = given.window("year_to_date")
    for n in range(30):
        member = {"product_line": f"Line {n:03d}"}
        assert actuals.actual("sales", member, window).value == 200
        assert actuals.history("sales", member).tolist() == [100.0] * 26
    assert asked == [30 * 26]
    assert actuals.actual("sales", {"product_line": "nobody's"}, window).value == 0
