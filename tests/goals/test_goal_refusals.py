"""Bad input of the goal chapter: each a clear error or a named fallback, never a silent number."""

import numpy as np
import pytest
from toy_books import TOML, months

from playbook.base.errors import DataProblem, ParameterProblem, SettingsProblem
from playbook.base.params import Goals
from playbook.base.settings import parse_settings
from playbook.goals.plan.calendar import phasing
from playbook.goals.plan.decomposition import decomposition
from playbook.goals.track.likelihood import likelihood
from playbook.goals.track.overview import sales_overview
from playbook.goals.track.tracking import tracking
from playbook.goals.work.backsolve import backsolve
from playbook.methods.bounded import bounded
from playbook.methods.raking import fit
from playbook.methods.weights import check_shares, check_weights

ORDERS = (
    months(2022, 2023, 3, lambda y, m: 100, region="East")
    + "\n"
    + "\n".join(
        months(2022, 2023, 3, lambda y, m: 50, customer="C2", region="West").splitlines()[1:]
    )
)
SHORT = "order_id,date,customer_id,amount,region\nA,2023-03-02,C1,100,East\nB,2023-03-30,C2,50,West"
REPS = "rep_id,name,region,hired,left\nR1,Ann,East,2023-01-02,\nR2,Bo,East,2020-01-01,2023-02-01"


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ("East = 0.5\nWest = 0.4", "sum to 0.9"),
        ("East = 1.2\nWest = -0.2", "West with -0.2"),
        ("East = 0.5\nWset = 0.5", "did you mean 'West'"),
        ("East = 0.0\nWest = 0.0", "sum to 0"),
        ("East = nan\nWest = 1.0", "sum to nan"),
    ],
)
def test_weights_that_cannot_share_a_year_are_refused_by_name(book, weights, expected):
    with pytest.raises((ParameterProblem, SettingsProblem), match=expected):
        decomposition(
            book("2023-03", toml=TOML + f"[goals.weights.region]\n{weights}\n", orders=ORDERS), 1000
        )


@pytest.mark.parametrize("weights", [[1, -1], [np.nan, 1], [0, 0], []])
def test_weights_in_the_engine_are_refused_too(weights):
    with pytest.raises(ParameterProblem):
        check_weights(weights)
    with pytest.raises(ParameterProblem):
        check_shares(weights)


def test_margins_that_contradict_show_both_totals():
    with pytest.raises(ParameterProblem, match="region sums to 100, line to 99"):
        fit(np.ones((2, 2)), [np.array([60, 40]), np.array([50, 49])], ["region", "line"])


def test_a_pin_above_its_parent_is_refused_with_both_amounts():
    with pytest.raises(
        ParameterProblem, match="Ann is pinned or floored at 120, above its parent's 100"
    ):
        bounded(100, [1, 1], [120, 0], [120, 100], ["Ann", "Bo"])


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        ({"pins": {"R1": -5.0}}, "R1 is -5"),
        ({"ramp": [0.5, 1.5]}, "between 0 and 1"),
        ({"agenda": {"follow-ups": -1}}, "follow-ups is -1"),
        ({"thirds": [0.5, 0.6, -0.1]}, "sum to 1"),
        ({"lines": [0.2, 0.5, 0.8]}, "fall from the base"),
        ({"amber_from": 1.2}, "above green_from"),
        ({"quota_floor": 3.0}, "above quota_cap"),
    ],
)
def test_settings_that_cannot_be_followed_are_refused(goals, expected):
    with pytest.raises(SettingsProblem, match=expected):
        parse_settings({"goals": goals})


@pytest.mark.parametrize("rate", [1.2, -0.1])
def test_a_rate_outside_its_bounds_never_reaches_the_chapter(rate):
    with pytest.raises(ParameterProblem, match="win_rate"):
        Goals.check({"win_rate": rate})


def test_a_rate_of_nought_that_was_learnt_asks_for_a_given_one(book):
    deals = (
        "opportunity_id,created,stage,outcome,closed,amount\n"
        "A,2023-01-02,intent,lost,2023-02-02,5\nB,2023-01-02,"
        "intent,lost,2023-02-03,5"
    )
    toy = book("2023-02", opportunities=deals)
    assert (
        "Give a win_rate" in backsolve(toy).reason
        and backsolve(toy, 10, 0.2).table["expected"].iloc[0] == 50
    )


def test_without_history_nothing_is_forecast_and_the_reason_stands(book):
    toy = book("2023-03", orders=SHORT)
    assert "fewer than three months" in likelihood(toy, 1000).reason
    assert "too short" in decomposition(toy).reason and phasing(toy).status == "not available"


def test_without_history_a_given_year_falls_back_to_named_curves(book):
    made = decomposition(book("2023-03", orders=SHORT), 1200)
    assert "working days (no whole year of history" in made.curve.source and all(
        parts == total for _, _, parts, total in made.sums()
    )
    assert sales_overview(book("2023-03", orders=SHORT)).row("month")["orders"] == 2


def test_without_history_a_target_has_no_projection_but_its_reason(book):
    made = tracking(book("2023-03", orders=SHORT, targets="period,metric,target\n2023,sales,1200"))
    kpis = {kpi.name: kpi for kpi in made.kpis()}
    assert (
        kpis["projection"].value is None
        and "fewer than three months" in kpis["projection"].why
        and kpis["completion"].value == pytest.approx(0.125)
    )


def test_a_target_for_an_unknown_member_or_rep_is_refused_or_named(book):
    targets = "period,metric,target,region,rep_id\n2023,sales,10,Esat,\n2023,sales,10,,R9"
    try:
        made = tracking(book("2023-03", orders=ORDERS, reps=REPS, targets=targets))
    except DataProblem as refused:
        assert "R9" in str(refused) and "targets" in str(refused)
    else:
        assert set(made.table["status"]) == {"not measured"} and any(
            "did you mean 'East'" in note for note in made.notes()
        )


def test_a_period_twice_is_refused_with_both_rows(book):
    with pytest.raises(DataProblem, match="used by more than one row") as refused:
        book("2023-03", orders=ORDERS, targets="period,metric,target\n2023,sales,10\n2023,sales,11")
    assert "row 0: period" in str(refused.value) and "row 1: period" in str(refused.value)


def test_a_negative_target_and_a_period_that_is_none_are_refused(book):
    with pytest.raises(DataProblem, match="targets"):
        book("2023-03", orders=ORDERS, targets="period,metric,target\n2023,sales,-10")
    with pytest.raises(DataProblem, match="period"):
        book("2023-03", orders=ORDERS, targets="period,metric,target\n2023-H1,sales,10")
