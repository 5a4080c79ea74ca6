"""Five questions to a goal, by hand."""

import datetime as dt

import pytest
from toy_books import CHECK_INS, KEY_RESULTS, months

from playbook.base.errors import ParameterProblem
from playbook.goals.aims.objectives import objectives
from playbook.goals.aims.smart import smart
from playbook.goals.aims.verdicts import check_goal, judge_goal
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
