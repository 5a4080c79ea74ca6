"""People: survival, training, grades, spread, against published figures and by hand."""

import numpy as np
import pandas as pd
import pytest

from playbook import incentives
from playbook.base.periods import Window
from playbook.data.measures.people import early_first_deals
from playbook.incentives.people.course_effects import NO_SALES
from playbook.incentives.people.hires import early_rate
from playbook.incentives.people.task_board import grade as grade_of
from playbook.methods.inequality import gini, pay_slope, top_share
from playbook.methods.intervals import wilson
from playbook.methods.means import clustered_mean, group_effect, paired_effect
from playbook.methods.survival import kaplan_meier
from small_company import PLANS, TABLES, small_book

# E. J. Freireich et al., Blood 21 (1963): weeks of remission on 6-MP; the estimates are those of D.
# Collett, Modelling Survival Data, and every textbook since.
MP_WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
MP_SEEN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
# Student, Biometrika 6 (1908): extra sleep under two drugs; R's t.test(extra ~ group) gives both
# intervals.
SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)


def test_kaplan_meier_gives_the_published_remission_curve():
    found = kaplan_meier(MP_WEEKS, MP_SEEN)
    left = [1 - found.at(week)[0] for week in (6, 7, 10, 13, 16, 22, 23)]
    assert left == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert (found.median, found.n) == (23, 21)
    # Greenwood's standard error at 10 weeks, as printed by Collett: 0.0963
    assert found.variance[found.days == 10] ** 0.5 == pytest.approx([0.0963], abs=5e-5)


def test_kaplan_meier_without_censoring_is_the_plain_share():
    found = kaplan_meier([1, 2, 3, 4], [True] * 4)
    assert 1 - found.value == pytest.approx([0.75, 0.5, 0.25, 0])
    assert found.median == 2
    assert kaplan_meier([5, 6], [False, False]).median is None


def test_paired_gain_gives_students_interval():
    found = paired_effect(*SLEEP)
    assert (found.mean, found.low, found.high) == pytest.approx((1.58, 0.7001142, 2.4598858))


def test_difference_from_a_control_gives_welchs_interval():
    found = group_effect(SLEEP[1], SLEEP[0])
    assert (found.mean, found.low, found.high) == pytest.approx((1.58, -0.2054832, 3.3654832))


def test_hedges_g_by_hand():
    """Gain 2 over an average spread of 1, three people: factor 1 − 3 ÷ 7."""
    assert paired_effect([1, 2, 3], [3, 4, 5]).g == pytest.approx(2 * (1 - 3 / 7))
    assert paired_effect([1], [2]).low is None
    assert group_effect([1, 2], [1, 2, 3]).mean is None


@pytest.mark.parametrize(
    ("done", "target", "grade"),
    [
        (25, 20, "excellent"),
        (15, 15, "good"),
        (12, 15, "fair"),
        (11, 15, "poor"),
        (24, 20, "excellent"),
        (1, 0, None),
        (None, 3, None),
    ],
)
def test_grades_of_the_task_board(done, target, grade):
    assert grade_of(done, target) == grade


def test_first_deal_shares_of_the_case_have_intervals_that_overlap():
    (low_a, high_a), (low_b, high_b) = wilson(6, 20), wilson(11, 20)
    assert (6 / 20, 11 / 20) == (0.30, 0.55)
    assert low_b < high_a and low_a < high_b


def test_gini_knows_its_ends():
    assert gini(np.ones(5)) == 0
    assert gini(np.array([0, 0, 0, 1])) == 0.75
    assert gini(np.array([1.0])) is None and gini(np.zeros(3)) is None
    assert top_share(np.array([6, 2, 1, 1, 0])) == 0.6


def test_pay_that_is_a_tenth_of_sales_has_that_slope():
    sold = np.array([1, 2, 5, 9.0])
    assert pay_slope(sold, sold / 10) == pytest.approx((0.1, 1.0))
    assert pay_slope(sold[:2], sold[:2]) == (None, None)


def test_ramp_counts_by_hand():
    made = incentives.ramp(small_book(month="2023-06"))
    hires = made.hires.set_index("rep_id")
    assert hires["days"].to_dict() == {
        "R2": 90,
        "R3": 92,
    }  # R2 sold on day 90; R3 left on day 92 without a deal
    assert (
        made.rates["all new hires", "all"].numerator == 1
        and made.rates["all new hires", "all"].n == 2
    )
    assert made.table["median"].iloc[0] == 90


def test_ramp_of_a_book_without_a_single_win():
    made = incentives.ramp(
        small_book(
            "",
            customers="",
            orders="order_id,date,customer_id,amount\n1,2023-01-02,c,5\n2,2023-06-30,c,5\n",
            reps="rep_id,hired\nR,2023-02-01\n",
            opportunities=(
                "opportunity_id,created,stage,outcome,closed,amount,rep_id\n"
                "D,2023-01-03,lead,lost,2023-02-01,,R\n"
            ),
        )
    )
    assert (made.rates["all new hires", "all"].numerator, made.rates["all new hires", "all"].n) == (
        0,
        1,
    ) and made.curves["all new hires"].median is None


def test_attrition_counts_by_hand():
    made = incentives.attrition(small_book(month="2023-06"))
    rows = made.table.set_index("group")
    assert rows.loc["everyone", ["leavers", "exposed"]].tolist() == [1, 4]
    assert rows.loc["everyone", "heads"] == pytest.approx(
        (2 * 8 + 3 + 4 * 3 + 3) / 13
    )  # 1 Jul and twelve month ends; hired Feb and Mar, left 1 Jun
    assert rows.loc["new hires", ["leavers", "exposed"]].tolist() == [1, 2]
    low, high = wilson(1, 4)
    heads = rows.loc["everyone", "heads"]
    rate, share = made.kpis()[:2]
    assert (rate.value, rate.low, rate.high) == pytest.approx(
        (1 / heads, low * 4 / heads, high * 4 / heads)
    )
    assert (share.name, share.value, share.low, share.high) == (
        "attrition_share",
        0.25,
        pytest.approx(low),
        pytest.approx(high),
    )
    assert made.undated == 0 and not any("day of hiring" in note for note in made.notes())


def test_people_without_a_day_of_hiring_are_counted_as_left_out():
    made = incentives.attrition(
        small_book(
            month="2023-06",
            reps=(
                "rep_id,name,team,manager_id,mentor_id,hired,left\n"
                "R1,Ann,A,,,2020-01-01,\n"
                "R2,Bob,A,,,,\n"
                "R3,C,A,,,,2023-01-05\n"
                "M1,B,A,,,,2022-06-30\n"
            ),
        )
    )
    assert made.table.set_index("group").loc["everyone", "exposed"] == 1
    assert made.undated == 2  # M1 had left before these twelve months, which begin on 1 July 2022
    there = small_book(
        month="2023-06",
        reps=(
            "rep_id,name,team,hired,left\nR1,Ann,A,2020-01-01,\nR2,Bob,A,2020-01-01,\n"
            "M1,B,A,,2022-07-01\n"
        ),
    )
    assert incentives.attrition(there).undated == 1  # on the first of them it was there
    assert made.notes()[0].startswith("2 people without a known day of hiring are left out:")


def test_attrition_never_leaves_its_interval():
    """A team that is replaced twice a year: five times as many people as seats."""
    rows = (
        "".join(
            f"P{i},{i},A,,,2022-{1 + i % 12:02d}-01,2022-{1 + (i + 2) % 12:02d}-28\n"
            for i in range(9)
        )
        + "Q,q,A,,,2020-01-01,\n"
    )
    made = incentives.attrition(
        small_book(
            month="2023-06",
            reps=(
                "rep_id,name,team,manager_id,mentor_id,hired,left\n"
                "R1,Ann,A,,,2020-01-01,\n"
                "R2,Bob,A,,,2020-01-01,\n"
                "R3,C,A,,,2020-01-01,2023-01-05\n"
                "M1,B,A,,,2020-01-01,\n"
            )
            + rows,
        )
    )
    for kpi in made.kpis():
        assert kpi.low <= kpi.value <= kpi.high


def test_full_productivity_is_three_months_at_the_level_of_the_others():
    """Three old hands sell 100 a month; the new one, hired on 1 February, 10, 100, 100, 100:
    February to April miss, March to May make it.
    One deal as large as three months counts when three full months are over."""
    rows, months = (
        [],
        [f"2022-{m:02d}" for m in range(1, 13)] + [f"2023-{m:02d}" for m in range(1, 7)],
    )
    for month in months:
        rows += [f"{rep}{month},{month}-10,C1,100,{rep},new" for rep in ("A", "B", "C")]
    rows += [
        f"N{month},{month}-12,C1,{amount},N,new"
        for month, amount in (("2023-02", 10), ("2023-03", 100), ("2023-04", 100), ("2023-05", 100))
    ]
    rows.append("P,2023-02-20,C1,300,P,new")
    reps = (
        "rep_id,name,hired,left\n"
        "A,A,2020-01-01,\n"
        "B,B,2020-01-01,\n"
        "C,C,2020-01-01,\n"
        "N,N,2023-02-01,\n"
        "O,O,2023-05-01,\n"
        "P,P,2023-02-01,\n"
    )
    made = incentives.ramp(
        small_book(
            reps=reps,
            orders="order_id,date,customer_id,amount,rep_id,kind\n" + "\n".join(rows) + "\n",
            customers="customer_id,name\nC1,One\n",
        )
    )
    hires = made.hires.set_index("rep_id")
    assert hires.loc["N", ["full", "full_days"]].tolist() == [True, 119]  # 1 February to 31 May
    assert hires.loc["P", ["full", "full_days"]].tolist() == [True, 88]  # 30 April
    assert hires.loc["O", ["full", "full_days"]].tolist() == [
        False,
        60,
    ]  # kept in to the as-of date
    assert made.tenure.set_index("band").loc[
        "later", ["reps", "per_month", "low", "high"]
    ].tolist() == [3, 100, 100, 100]


def test_a_mean_of_months_takes_a_persons_months_together():
    """Two people with 1, 1 and 3, 3: mean 2, residual sums −2 and 2, so half is t × √(8 × 2) ÷ 4 =
    t.
    """
    from scipy import stats

    found = clustered_mean(pd.Series([1.0, 1.0, 3.0, 3.0]), pd.Series(["a", "a", "b", "b"]))
    half = stats.t.ppf(0.975, 1)
    assert found == pytest.approx((2, 2 - half, 2 + half))
    assert clustered_mean(pd.Series([1.0]), pd.Series(["a"])) == (1, None, None)


def test_gaps_end_in_a_calendar_with_course_day_and_coach():
    """At the first step Bob passes 2 of 20, Ann 18 of 20 and Cai 15 of 20: Bob learns from Ann, on
    the Wednesday of the second week after 30 June.
    """
    events, deals = [], []
    for rep, passed in (("R1", 18), ("R2", 2), ("M1", 15)):
        for i in range(20):
            end = "won" if i < passed else "lost"
            deals.append(f"{rep}{i},2023-01-02,{end},{end},2023-03-01,100,{rep}")
            events += [
                f"{rep}{i},lead,2023-01-02,{rep}",
                *([f"{rep}{i},won,2023-03-01,{rep}"] if i < passed else []),
            ]
    toml = PLANS + "\n[incentives.courses]\n'lead→intent' = 'Needs in depth'\n"
    made = incentives.skill_gaps(
        small_book(
            toml,
            opportunities="opportunity_id,created,stage,outcome,closed,amount,rep_id\n"
            + "\n".join(deals)
            + "\n",
            stage_events="opportunity_id,stage,entered_at,rep_id\n" + "\n".join(events) + "\n",
            training=(
                "rep_id,course,date,pre_score,post_score\nR2,Needs in depth,2023-02-03,50,60\n"
            ),
        )
    )
    (row,) = [r for r in made.calendar.to_dict("records") if r["step"] == "lead→intent"]
    assert (
        row["rep"],
        row["course"],
        row["coach"],
        str(row["day"]),
        str(row["last"]),
        row["manager"],
    ) == ("Bob", "Needs in depth", "Ann", "2023-07-12", "2023-02-03", "Boss")
    assert row["lost_deals"] == pytest.approx(20 * (33 / 40) - 2)
    assert made.actions()[0].due == row["day"] and made.worksheets()[0].rows


def test_training_is_judged_against_its_control():
    rows = [
        ("R1", 60, 80, "false"),
        ("R2", 50, 68, "false"),
        ("R3", 55, 77, "false"),
        ("M1", 60, 62, "true"),
        ("R4", 50, 53, "true"),
        ("R5", 55, 56, "true"),
    ]
    head = "rep_id,course,date,pre_score,post_score,max_score,attendance,control\n"
    more = TABLES["reps"] + "R4,D,A,,,2020-01-01,\nR5,E,A,,,2020-01-01,\n"
    made = incentives.training(
        small_book(
            reps=more,
            training=head + "".join(f"{r},X,2023-03-01,{a},{b},100,1,{c}\n" for r, a, b, c in rows),
        )
    )
    row = made.table.iloc[0]
    assert (row["gain"], row["net"]) == pytest.approx((20, 18))
    effect, gain = made.kpis()
    assert (effect.name, effect.value, effect.unit, effect.by) == (
        "training.effect",
        pytest.approx(0.18),
        "pp",
        {"course": "X"},
    )
    assert (gain.name, gain.value) == ("training.gain", pytest.approx(0.20))


def test_the_board_tells_late_from_overdue():
    head = "task,item,target,done,unit,owner,start,due,finished,acceptor,remark\n"
    rows = (
        "T,a,20,25,,A,2023-04-01,2023-05-01,2023-04-30,,\n"
        "T,b,15,15,,A,2023-04-01,2023-05-01,2023-05-04,,\n"
        "T,c,15,11,,A,2023-04-01,2023-05-01,,,ill\n"
        "T,d,15,1,,A,2023-04-01,2023-09-01,,,\n"
    )
    made = incentives.task_board(small_book(tasks=head + rows))
    assert dict(
        zip(
            made.table["item"],
            zip(made.table["grade"].replace({np.nan: None}), made.table["state"], strict=True),
            strict=True,
        )
    ) == {
        "a": ("excellent", "done"),
        "b": ("good", "late"),
        "c": ("poor", "overdue"),
        "d": (None, "running"),
    }
    assert [a.why for a in made.actions()] == ["60 days overdue: ill"]
    assert {k.by["grade"]: k.value for k in made.kpis()} == {
        "excellent": 1,
        "good": 1,
        "fair": 0,
        "poor": 1,
    }


def test_recognition_shares_ties_and_passes_over_refunds():
    rows = (
        "order_id,date,customer_id,amount,rep_id,kind\n"
        "A,2023-06-01,C1,500,R1,new\n"
        "B,2023-06-02,C2,500,R2,new\n"
        "C,2023-06-03,C3,900,R3,new\n"
        "C,2023-06-09,C3,-300,R3,refund\n"
    )
    made = incentives.recognition(small_book(orders=rows))
    first = made.table.iloc[0]
    assert first["winners"] == "Ann and Bob" and first["ties"]
    assert "passed over for refunds: Cai" in first["evidence"]


def test_attainment_by_hand():
    targets = "period,metric,target,rep_id\n2023-Q2,sales,2000,R2\n2023,sales,4000,R1\n"
    made = incentives.attainment(small_book(targets=targets))
    rows = made.table.set_index("rep_id")
    assert (
        rows.loc["R2", "attainment"] == pytest.approx(1.15) and rows.loc["R2", "level"] == "sprint"
    )
    assert (
        rows.loc["R1", "attainment"] == 0 and rows.loc["R1", "level"] == "below"
    )  # the refund of 600 is of the first quarter's sale and lowers that quarter
    assert rows["back"].to_dict() == {"R1": -600, "R2": 0}
    assert rows.loc["R2", "short"] == 100
    assert pd.DataFrame([k.as_dict("incentives") for k in made.kpis()])[
        "value"
    ].tolist() == pytest.approx([1.15, 0])


def test_the_attainment_of_the_page_and_of_the_statement_are_one():
    """Sold 20,000 of 20,000; 15,000 of the quarter before come back: 100 %, and a line."""
    made = small_book(
        '[[commission_plans]]\nname = "p"\nstarts = 2020-01-01\nquotas = { R1 = 20000 }\n'
        'tiers_of = "quota"\ntiers = [{ lower = 0, upper = 1, rate = 0.1 },'
        " { lower = 1, rate = 0.2 }]\n",
        orders=(
            "order_id,date,customer_id,amount,rep_id\nA,2023-02-05,C1,15000,R1\n"
            "B,2023-05-05,C1,20000,R1\nA,2023-05-20,C1,-15000,R1\n"
        ),
        activities="activity_id,date,rep_id,kind\nA1,2023-06-30,R1,call\n",
    )
    page, row = incentives.attainment(made), incentives.statements(made).table.iloc[0]
    assert page.table["attainment"].tolist() == [1.0] == [float(row["total"] / row["quota"])]
    assert page.table["back"].tolist() == [-15000]
    assert "Refunds of earlier quarters" in str(page.tables()[1])


def test_first_deals_are_counted_alike_in_every_chapter():
    """Stayed 92 days: A (first deal on day 92: early), B (on day 93: late), C (none), D left on
    day 92 with an early deal. Not counted: E left on day 91, F is on board for 91 days only.
    """
    start = pd.Timestamp("2023-01-01")

    def day(n: int) -> pd.Timestamp:
        return start + pd.Timedelta(days=n)

    hires = pd.DataFrame(
        {
            "rep_id": list("ABCDEFGH"),
            "hired": [start] * 5 + [day(1)] + [start] * 2,
            "left": [pd.NaT, pd.NaT, pd.NaT, day(92), day(91), pd.NaT, pd.NaT, pd.NaT],
            "first": [day(92), day(93), pd.NaT, day(5), day(5), day(2), start, day(-1)],
        }
    )
    found = early_first_deals(hires, 92, day(92).date())
    assert dict(zip(found["rep_id"], found["early"], strict=True)) == {
        "A": True,
        "B": False,
        "C": False,
        "D": True,
        "G": True,  # on the first day; H's deal is of an earlier time
        "H": False,
    }
    won = hires.assign(won=hires["first"].notna(), days=(hires["first"] - hires["hired"]).dt.days)
    rate = early_rate(won, 92, Window("all", None, day(92).date()), day(92).date())
    assert (rate.numerator, rate.denominator) == (3, 6)


def test_a_book_of_training_alone_has_its_scores():
    """Gains 10 and 20: 15 on average; no sales, so no table and no word of them but that."""
    rows = (
        "rep_id,course,date,pre_score,post_score,max_score\n"
        "R1,Demo,2023-04-03,50,60,100\nR2,Demo,2023-04-03,40,60,100\n"
    )
    none = dict.fromkeys(("orders", "customers", "reps"), "")
    made = incentives.training(small_book("", month="2023-04", training=rows, **none))
    row = made.table.iloc[0]
    assert (row["n"], row["gain"], row["sales"], row["why"]) == (2, 15, None, NO_SALES)
    assert [one.title for one in made.tables()] == ["Scores before and after"]
    assert made.reading().endswith("This book holds no sales to see what a course did to them.")
