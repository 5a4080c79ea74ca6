"""Five questions to a goal, by hand."""

import datetime as dt

import pytest
from toy_books import CHECK_INS, KEY_RESULTS, months

from playbook.base.errors import ParameterProblem
from playbook.goals.actuals import Actuals
from playbook.goals.aims.objectives import objectives
from playbook.goals.aims.smart import smart
from playbook.goals.aims.verdicts import check_goal, judge_goal
from playbook.goals.aims.visit_pace import VisitPace, visit_pace, work_a_week
from playbook.goals.track.tracking import tracking

ORDERS = months(2022, 2023, 3, lambda y, m: 100)


def test_a_vague_goal_is_refused_with_what_is_missing():
    with pytest.raises(ParameterProblem, match="'lift sales' has no metric, target and due"):
        check_goal("lift sales")


COMPLETE = {
    "metric": "new_customers",
    "subject": "East",
    "owner": "Ann",
    "target": 20,
    "unit": "count",
    "baseline": 12,
    "source": "orders",
    "serves": "Grow",
    "start": dt.date(2023, 1, 1),
    "due": dt.date(2023, 3, 31),
    "chance": 0.6,
}


def test_each_count_fails_for_its_own_reason():
    assert all(v.passed for v in judge_goal(COMPLETE).values())
    for count, change in {
        "specific": {"owner": ""},
        "measurable": {"baseline": None},
        "achievable": {"chance": 0.1},
        "relevant": {"serves": ""},
        "time_bound": {"due": None},
    }.items():
        verdicts = judge_goal({**COMPLETE, **change})
        assert [name for name, v in verdicts.items() if v.passed is not True] == [
            count
        ] and verdicts[count].add
    assert judge_goal({**COMPLETE, "chance": None})["achievable"].passed is None
    assert not judge_goal({**COMPLETE, "baseline": 20})["measurable"].passed


def test_the_smart_table_joins_key_results_and_targets(book):
    toy = book(
        "2023-03",
        orders=ORDERS,
        key_results=KEY_RESULTS,
        check_ins=CHECK_INS,
        targets="period,metric,target,owner\n2023,sales,1200,",
    )
    made = smart(toy, tracking(toy), objectives(toy))
    verdicts = made.table.set_index("goal")
    assert verdicts.loc["Sales 2023, Company", "specific"].add == "owner"
    assert verdicts.loc["Renewal", "achievable"].passed
    assert any("owner" in action.what for action in made.actions())
    assert smart(book("2023-03", orders=ORDERS)).status == "not available"


def test_twenty_customers_a_quarter_fail_where_the_team_makes_three_visits_a_week():
    """3 of 5 visits reach negotiation, 20 of 39 of these are won: 65 visits in 13 weeks."""
    visits, talks = work_a_week(20, 13, [3 / 5, 20 / 39])
    assert (visits, talks) == (pytest.approx(5), pytest.approx(3))
    few, enough = VisitPace(visits, 3.9, 65 / 20), VisitPace(visits, 4.0, 65 / 20)
    failed = judge_goal({**COMPLETE, "visits": few})["achievable"]
    assert failed.passed is False
    assert failed.why == "takes 5.0 visits a week, the team makes 3.9"
    assert judge_goal({**COMPLETE, "visits": enough})["achievable"].why == "chance 60 %"
    assert judge_goal({**COMPLETE, "visits": enough, "chance": None})["achievable"].passed
    assert judge_goal({**COMPLETE, "visits": enough, "chance": 0.1})["achievable"].passed is False


def test_a_chance_beyond_one_in_a_hundred_is_only_bounded():
    """No number of simulated paths shows that a target cannot be reached."""
    for chance, said in ((0.004, "chance only < 1 %"), (1.0, "chance > 99 %")):
        assert judge_goal({**COMPLETE, "chance": chance})["achievable"].why == said


def test_visits_per_new_customer_come_from_the_year_and_their_pace_from_thirteen_weeks(book):
    """24 visits behind 12 new customers: 2 each. 18 are left in 91 days: 36 visits in 13 weeks; of
    the 24, 6 lie in the 13 weeks before.
    """
    orders = "order_id,date,customer_id,amount\nO0,2021-10-01,C0,1\n" + "\n".join(
        f"O{m},{2022 + (m > 3)}-{(m + 8) % 12 + 1:02d}-10,N{m},10" for m in range(1, 13)
    )
    acted = "activity_id,date,rep_id,kind\n" + "\n".join(
        f"A{m}{d},{2022 + (m > 3)}-{(m + 8) % 12 + 1:02d}-{d},R1,visit"
        for m in range(1, 13)
        for d in (10, 20)
    )
    targets = "period,metric,target\n2023,new_customers,27"
    toy = book("2023-09", orders=orders, activities=acted, targets=targets)
    pace = visit_pace(toy, Actuals(toy), "new_customers", 18, dt.date(2023, 12, 31))
    assert (pace.each, pace.needed) == (2.0, 18 * 2 / (92 / 7))
    assert pace.made == 6 / 13 and not pace.enough
    goals = smart(toy, tracking(toy)).table.set_index("goal")
    assert goals.loc["New customers 2023, Company", "achievable"].passed is False
    # the same 24 visits stand behind 12 orders and 120 of sales; a rate is carried by no visits
    orders = visit_pace(toy, Actuals(toy), "orders", 18, dt.date(2023, 12, 31))
    sales = visit_pace(toy, Actuals(toy), "sales", 180, dt.date(2023, 12, 31))
    assert (orders.each, sales.each) == (2.0, 0.2) and orders == pace
    assert sales.needed == pytest.approx(pace.needed) and sales.made == pace.made
    assert visit_pace(toy, Actuals(toy), "match_rate", 18, dt.date(2023, 12, 31)) is None
    assert visit_pace(toy, Actuals(toy), "new_customers", 18, dt.date(2023, 9, 1)) is None


def test_sales_that_take_more_visits_than_the_team_makes_are_not_achievable(book):
    """10 of sales a month behind two visits: 0.2 visits a unit. The 810 left of 900 take 162 in
    92 days, 12.3 a week, where 6 in 13 weeks are made; 30 left take 0.46.
    """
    orders = "order_id,date,customer_id,amount\nO0,2021-10-01,C0,1\n" + "\n".join(
        f"O{m},{2022 + (m > 3)}-{(m + 8) % 12 + 1:02d}-10,N{m},10" for m in range(1, 13)
    )
    acted = "activity_id,date,rep_id,kind\n" + "\n".join(
        f"A{m}{d},{2022 + (m > 3)}-{(m + 8) % 12 + 1:02d}-{d},R1,visit"
        for m in range(1, 13)
        for d in (10, 20)
    )
    result = (
        "objective,key_result,metric,unit,baseline,target,owner,start,due,weight,direction,level\n"
        "Grow,Sell,sales,CNY,0,{},Ann,2023-01-01,2023-12-31,1,up,company"
    )
    check_in = "key_result,date,value,confidence\nSell,2023-09-25,90,0.9"
    found = {}
    for target in (900, 120):
        tables = {"key_results": result.format(target), "check_ins": check_in}
        toy = book("2023-09", orders=orders, activities=acted, **tables)
        found[target] = smart(toy, None, objectives(toy)).table["achievable"].iloc[0]
    assert found[900].passed is False
    assert found[900].why == "takes 12.3 visits a week, the team makes 0.5"
    assert found[120].passed and found[120].why == "confidence of the last check-in 90 %"


def test_a_goal_that_serves_nothing_of_the_company_is_not_relevant(book):
    toy = book(
        "2023-03",
        orders=ORDERS,
        key_results=KEY_RESULTS,
        check_ins=CHECK_INS,
        targets="period,metric,target,owner\n2023,sales,1200,Ann\n2023,orders,12,Ann",
    )
    verdicts = smart(toy, tracking(toy), objectives(toy)).table.set_index("goal")["relevant"]
    assert {goal: v.passed for goal, v in verdicts.items()} == {
        "Key accounts": True,
        "Cycle": True,
        "Renewal": True,
        "East accounts": True,
        "Nobody": False,
        "Sales 2023, Company": True,
        "Orders 2023, Company": False,
    }
    assert verdicts["Nobody"].why == "its parent 'No such goal' is not in the table"
    alone = book("2023-03", orders=ORDERS, targets="period,metric,target,owner\n2023,orders,12,Ann")
    assert smart(alone, tracking(alone)).table["relevant"].iloc[0].passed
