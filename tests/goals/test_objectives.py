"""Key results, the SMART check, strategies, risk and the week, by hand."""

import datetime as dt

import pandas as pd
import pytest
from toy_books import TOML, months

from playbook.base.errors import ParameterProblem
from playbook.goals.actions import actions
from playbook.goals.agenda.rhythm import rhythm
from playbook.goals.agenda.week import place_of, spread
from playbook.goals.aims.key_results import state
from playbook.goals.aims.objective_tree import weighted
from playbook.goals.aims.objectives import objectives
from playbook.goals.aims.smart import smart
from playbook.goals.aims.strategies import strategies
from playbook.goals.aims.verdicts import check_goal, judge_goal
from playbook.goals.progress import progress
from playbook.goals.track.overview import sales_overview
from playbook.goals.track.risk import risk
from playbook.goals.track.tracking import tracking
from playbook.methods.planning import chain

ORDERS = months(2022, 2023, 3, lambda y, m: 100)
KEY_RESULTS = """objective,key_result,metric,unit,baseline,target,owner,start,due,weight,direction,parent,level
Grow,Key accounts,accounts,count,0,100,Ann,2023-01-01,2023-12-31,3,up,,company
Grow,Cycle,days,days,90,60,Ann,2023-01-01,2023-12-31,1,down,,company
Serve,Renewal,rate,share,0.75,0.92,Bo,2023-01-01,2023-03-31,1,up,,company
East grows,East accounts,accounts,count,0,40,Cy,2023-01-01,2023-12-31,1,up,Grow,team
Lost,Nobody,x,count,0,5,Di,2023-01-01,2023-12-31,1,up,No such goal,team"""
CHECK_INS = """key_result,date,value,confidence
Key accounts,2023-03-25,30,0.8
Key accounts,2023-02-20,20,0.6
Cycle,2023-03-25,75,0.5
Renewal,2023-03-30,0.92,0.9
East accounts,2023-01-10,4,0.3
Key accounts,2023-05-01,100,1"""


def test_a_cycle_from_ninety_to_sixty_days_is_half_way_at_seventy_five():
    assert progress(75, 90, 60) == 0.5
    assert progress(5, 5, 5) is None and progress(None, 0, 1) is None


def test_scores_states_and_the_tree(book):
    made = objectives(book("2023-03", orders=ORDERS, key_results=KEY_RESULTS, check_ins=CHECK_INS))
    rows = made.results.set_index("key_result")
    assert rows.loc["Key accounts", "score"] == pytest.approx(
        0.3
    )  # the check-in of May is not known yet
    assert rows.loc["Key accounts", "trend"] == pytest.approx(0.2)
    assert (
        rows.loc["Renewal", "state"] == "reached" and rows.loc["East accounts", "state"] == "stale"
    )
    tree = made.objectives.set_index("objective")
    assert tree.loc["Grow", "own"] == pytest.approx((3 * 0.3 + 1 * 0.5) / 4)
    assert (
        tree.loc["Grow", "score"] == pytest.approx((0.35 + 0.1) / 2)
        and tree.loc["East grows", "depth"] == 1
    )
    assert made.unserved == ("Serve",) and made.orphans == ("Lost",)
    assert any(action.what == "Check in on: East accounts" for action in made.actions())


def test_a_key_result_nobody_below_serves_is_an_alignment_gap(book):
    by_result = KEY_RESULTS.replace("1,up,Grow,team", "1,up,Key accounts,team")
    made = objectives(book("2023-03", orders=ORDERS, key_results=by_result, check_ins=CHECK_INS))
    assert (
        made.unserved == ("Serve", "Cycle")
        and made.objectives.set_index("objective").loc["East grows", "parent"] == "Grow"
    )


def test_an_objectives_score_is_the_weighted_mean_of_its_own_results(book):
    made = objectives(book("2023-03", orders=ORDERS, key_results=KEY_RESULTS, check_ins=CHECK_INS))
    values = {(kpi.name, kpi.by["objective"]): kpi.value for kpi in made.kpis()}
    assert values["objective.score", "Grow"] == pytest.approx((3 * 0.3 + 0.5) / 4) and values[
        "objective.score_with_below", "Grow"
    ] == pytest.approx((0.35 + 0.1) / 2)


def test_a_circle_of_parents_does_not_hang(book):
    circle = "objective,key_result,target,due,parent\nA,a,1,2023-12-31,B\nB,b,1,2023-12-31,A"
    assert set(
        objectives(book("2023-03", orders=ORDERS, key_results=circle)).objectives["objective"]
    ) == {"A", "B"}


def test_a_weighted_mean_counts_silence_as_nothing():
    assert weighted(pd.Series([1.0, None]), pd.Series([None, 1.0])) == 0.5
    assert (
        state(None, 0.5, True, over=False) == "stale"
        and state(0.2, 0.5, False, over=False) == "behind"
        and state(0.9, 1, False, over=True) == "missed"
    )


def test_a_vague_goal_is_refused_with_what_is_missing():
    with pytest.raises(ParameterProblem, match="'lift sales' has no metric, target and due"):
        check_goal("lift sales")


WHOLE = {
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
    assert all(v.passed for v in judge_goal(WHOLE).values())
    for count, change in {
        "specific": {"owner": ""},
        "measurable": {"baseline": None},
        "achievable": {"chance": 0.1},
        "relevant": {"serves": ""},
        "time_bound": {"due": None},
    }.items():
        verdicts = judge_goal({**WHOLE, **change})
        assert [name for name, v in verdicts.items() if v.passed is not True] == [
            count
        ] and verdicts[count].add
    assert judge_goal({**WHOLE, "chance": None})["achievable"].passed is None
    assert not judge_goal({**WHOLE, "baseline": 20})["measurable"].passed


def test_twenty_customers_a_quarter_are_five_visits_a_week_three_into_negotiation():
    visits, talks, _ = chain(20, [3 / 5, 20 / 39])
    assert (visits / 13, talks / 13) == (5, 3)


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


def test_strategies_late_too_many_and_done(book):
    rows = (
        "strategy,goal,lever,budget,spent,start,due,owner,milestone,milestone_due,milestone_done\n"
        + "\n".join(
            [
                f"S{i},500000 in 3"
                f" months,channel,200000,{50000 * i},2023-01-01,2023-06-30,Ann,m,2023-02-28,{'2023-02-20' if i == 1 else ''}"
                for i in (1, 2, 3, 4)
            ]
        )
    )
    made = strategies(book("2023-03", orders=ORDERS, strategies=rows))
    assert made.table.set_index("strategy")["state"].to_dict() == {
        "S1": "done",
        "S2": "late",
        "S3": "late",
        "S4": "late",
    }
    assert len(made.running) == 3 and any("Choose at most 2" in a.what for a in made.actions())
    assert made.table.set_index("strategy").loc["S2", "used"] == 0.5


def test_concentration_by_hand(book):
    orders = "order_id,date,customer_id,amount\nA,2023-01-05,C1,60\nB,2023-01-06,C2,30\nC,2023-02-06,C3,10\nD,2023-02-06,C4,-5"
    customers = "customer_id,industry,strategic\nC1,x,true\nC2,y,false\nC3,y,false\nC4,y,false"
    made = risk(book("2023-02", orders=orders, customers=customers))
    row = made.spread.set_index("dimension").loc["customer"]
    assert (
        row["hhi"] == pytest.approx(0.36 + 0.09 + 0.01)
        and row["largest"] == "C1"
        and row["members"] == 3
    )
    assert (made.mix.numerator, made.mix.denominator) == (
        2,
        3,
    )  # who only returned something is no new customer
    assert any("losing C1" in a.what for a in made.actions())


def test_the_week_holds_no_more_than_its_days():
    assert spread(7, 5, 5, None) == [2, 2, 1, 1, 1]
    assert spread(100, 5, 5, None) == [5] * 5
    assert spread(4, 3, 5, 2) == [0, 0, 3, 0, 0] and spread(2, 3, 1, 4) == [2]


def test_overdue_and_due_work_becomes_an_agenda(book):
    activities = "activity_id,date,rep_id,kind,next_action,next_owner,due,status\n" + "\n".join(
        [f"A{i},2023-03-01,R1,call,call again,R1,2023-03-{10 + i},open" for i in range(3)]
        + [
            "B,2023-03-20,R1,call,offer,R2,2023-04-04,open",
            "C,2023-03-20,R1,call,offer,R1,2023-03-25,done",
        ]
    )
    reps = "rep_id,name,left\nR1,Ann,\nR2,Bo,2023-03-30"
    made = rhythm(book("2023-03", orders=ORDERS, activities=activities, reps=reps))
    assert made.people.set_index("rep")["overdue"].to_dict() == {"R1": 3}  # Bo has left
    assert made.agenda["count"].sum() == 3 and made.days[0] == dt.date(2023, 4, 3)


def test_the_days_worked_in_exchange_join_the_week_after_the_holiday(book):
    """Golden Week of 2023: the 7th and 8th of October were worked, then Monday to Friday."""
    activities = (
        "activity_id,date,rep_id,kind,next_action,next_owner,due,status\nA,2023-09-01,R1,call,call"
        " again,R1,2023-09-10,open"
    )
    deals = "opportunity_id,created,stage,outcome,amount,rep_id\n" + "\n".join(
        f"D{i},2023-09-01,intent,open,5,R1" for i in range(2)
    )
    china = TOML.replace("stages", 'holidays = "CN"\nstages')
    made = rhythm(
        book(
            "2023-09",
            toml=china,
            orders=months(2022, 2023, 9, lambda y, m: 100),
            activities=activities,
            opportunities=deals,
            reps="rep_id,name\nR1,Ann",
        )
    )
    assert made.days == tuple(dt.date(2023, 10, d) for d in range(7, 14))
    on = {work: day for day, work in zip(made.agenda["date"], made.agenda["work"], strict=True)}
    assert on["key customers"] == dt.date(2023, 10, 9) and on["proposals"] == dt.date(
        2023, 10, 11
    )  # Monday and Wednesday
    assert place_of(made.days[:2], 4) == 1 and place_of((), None) is None


def test_the_overview_compares_equal_spans_and_says_why_not(book):
    made = sales_overview(book("2023-03", orders=ORDERS))
    assert (
        float(made.row("year_to_date")["sales"]) == 300 and made.row("year_to_date")["growth"] == 0
    )
    assert (
        pd.isna(made.row("trailing_12m")["growth"])
        and "the data begin" in made.row("trailing_12m")["why"]
    )
    assert made.row("all")["new_customers"] == 1 and made.row("month")["orders"] == 1
    values = {(k.name, k.window): k.value for k in made.kpis() if k.by is None}
    assert values["repurchase_rate", "month"] == 1 and values["sales", "all"] == 1500


def test_actions_are_sorted_by_worth_and_skip_what_is_missing(book):
    toy = book(
        "2023-03",
        orders=ORDERS,
        targets="period,metric,target,region,owner\n2023,sales,9000,East,Ann\n2023,sales,9000,,Ann",
    )
    made = actions(toy, tracking(toy), objectives(toy), strategies(toy))
    assert made.table["what"].iloc[0].startswith("Bring region East back")
    assert made.worksheets()[0].rows
