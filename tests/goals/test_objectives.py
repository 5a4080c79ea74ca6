"""Key results and the tree of objectives, by hand."""

import pandas as pd
import pytest
from toy_books import CHECK_INS, KEY_RESULTS, TOML, months

from playbook.goals.aims.key_results import state
from playbook.goals.aims.objective_tree import weighted
from playbook.goals.aims.objectives import objectives
from playbook.goals.progress import progress

ORDERS = months(2022, 2023, 3, lambda y, m: 100)


def test_a_cycle_from_ninety_to_sixty_days_is_half_way_at_seventy_five():
    assert progress(75, 90, 60) == 0.5
    assert progress(5, 5, 5) is None and progress(None, 0, 1) is None


def test_scores_states_and_the_tree(book):
    toml = TOML + "[goals]\nstale_days = 14\n"
    made = objectives(
        book("2023-03", toml=toml, orders=ORDERS, key_results=KEY_RESULTS, check_ins=CHECK_INS)
    )
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
        tree.loc["Grow", "score"] == pytest.approx((3 * 0.3 + 1 * 0.5 + 1 * 0.1) / 5)
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
    toml = TOML + "[goals]\nstale_days = 14\n"
    made = objectives(
        book("2023-03", toml=toml, orders=ORDERS, key_results=KEY_RESULTS, check_ins=CHECK_INS)
    )
    values = {(kpi.name, kpi.by["objective"]): kpi.value for kpi in made.kpis()}
    assert values["objective.score", "Grow"] == pytest.approx((3 * 0.3 + 0.5) / 4) and values[
        "objective.score_with_below", "Grow"
    ] == pytest.approx((3 * 0.3 + 0.5 + 0.1) / 5)


def test_a_circle_of_parents_does_not_hang(book):
    circle = "objective,key_result,target,due,parent\nA,a,1,2023-12-31,B\nB,b,1,2023-12-31,A"
    assert set(
        objectives(book("2023-03", orders=ORDERS, key_results=circle)).objectives["objective"]
    ) == {"A", "B"}


def test_a_weighted_mean_leaves_out_what_was_never_measured():
    assert weighted(pd.Series([1.0, None]), pd.Series([None, 1.0])) == 1.0
    assert weighted(pd.Series([1.0, 0.0]), pd.Series([None, 3.0])) == 0.25
    assert weighted(pd.Series([None]), pd.Series([1.0])) is None
    assert (
        state(None, 0.5, True, over=False) == state(None, 1, True, over=True) == "stale"
        and state(None, 0.5, False, over=False) == "no baseline"
        and state(0.2, 0.5, False, over=False) == "behind"
        and state(0.9, 1, False, over=True) == "missed"
    )


NO_BASELINE = """objective,key_result,baseline,target,start,due,direction
Serve,Churn,,0.3,2023-01-01,2023-12-31,down
Serve,Cost,,60,2023-01-01,2023-12-31,down
Serve,Size,,60,2023-01-01,2023-12-31,
Serve,Speed,,60,2023-01-01,2023-03-01,down
Serve,Depth,0,10,2023-01-01,2023-12-31,up
Serve,Later,0,10,2023-06-01,2023-12-31,up"""
ITS_CHECKS = """key_result,date,value
Churn,2023-03-20,0.25
Cost,2023-03-20,75
Size,2023-03-20,75
Speed,2023-03-20,75
Depth,2023-03-20,5
Later,2023-03-20,1
Dept,2023-03-20,5
Dept,2023-03-27,6"""


def test_without_a_baseline_only_arriving_is_known_and_only_by_a_stated_direction(book):
    made = objectives(book("2023-03", orders=ORDERS, key_results=NO_BASELINE, check_ins=ITS_CHECKS))
    rows = made.results.set_index("key_result")
    assert rows["state"].to_dict() == {
        "Churn": "reached",
        "Cost": "no baseline",
        "Size": "no baseline",
        "Speed": "missed",
        "Depth": "on course",
    }
    assert rows["score"].isna().to_dict() == {
        "Churn": False,
        "Cost": True,
        "Size": True,
        "Speed": True,
        "Depth": False,
    }
    assert made.objectives["own"].iloc[0] == pytest.approx((1.0 + 0.5) / 2)
    notes = " ".join(made.notes())
    assert "No baseline is given for Churn, Cost, Size and 1 more" in notes
    assert "Check-ins of no key result of the table: 'Dept' (2 check-ins" in notes
    assert "Later" not in notes and "never measured" not in notes
    whys = {action.what: action.why for action in made.actions()}
    assert whys["Give the baseline of: Cost"].startswith("progress not known, ")


def test_known_check_ins_and_baselines_are_not_complained_of(book):
    made = objectives(book("2023-03", orders=ORDERS, key_results=KEY_RESULTS, check_ins=CHECK_INS))
    assert not any("baseline is given" in n or "Check-ins of no" in n for n in made.notes())


def test_a_progress_that_cannot_be_told_is_drawn_without_a_share(book):
    unknown = """
        objective,key_result,target,baseline,due
        Grow,Leads,30,,2023-12-31
        Grow,Deals,40,0,2023-12-31
    """
    noted = "key_result,date,value\nLeads,2023-03-30,12\nDeals,2023-03-30,10"
    made = objectives(book("2023-03", orders=ORDERS, key_results=unknown, check_ins=noted))
    assert set(made.results["state"]) >= {"no baseline"}
    drawn = made.figure()
    assert "Leads: no baseline" in drawn.alt and "Deals: 25" in drawn.alt
    assert "0 % no baseline" not in drawn.alt and "0% no baseline" not in drawn.alt
