"""The plan of a pilot: what history says could be seen; readiness scores what the tables show."""

import numpy as np
import pytest

from playbook import case
from playbook.base.periods import Month
from playbook.case.pilot.panels import Panel
from playbook.methods import pilot_design


def test_more_noise_needs_larger_effects():
    rng = np.random.default_rng(5)
    calm, wild = np.exp(rng.normal(3, 0.05, (8, 24))), np.exp(rng.normal(3, 0.5, (8, 24)))

    def history(values):
        return Panel(
            "sales",
            tuple("abcdefgh"),
            tuple(Month(2022, 1) + i for i in range(values.shape[1])),
            values,
        ).history(3)

    assert pilot_design.detectable(history(calm), 2) < pilot_design.detectable(history(wild), 2)
    assert pilot_design.detectable(history(calm[:, :6]), 2) is None


def test_changes_of_sums_and_rates_by_hand():
    """Sales 10, 10 → 20, 20: ln 2. Wins 1 of 4, 1 of 4 → 2 of 4, 4 of 4: 6 of 8 less 2 of 8 = 50
    points.
    """
    months = tuple(Month(2023, m) for m in (1, 2, 3, 4))
    sums, rate = (
        Panel("sales", ("a",), months, np.array([[10.0, 10, 20, 20]])),
        Panel("win_rate", ("a",), months, np.array([[1.0, 1, 2, 4]]), np.array([[4.0, 4, 4, 4]])),
    )
    assert (
        sums.changes(4, 2) == pytest.approx([np.log(2)])
        and sums.as_effect(np.log(2)) == pytest.approx(1.0)
        and sums.unit == "share"
    )
    assert (
        rate.changes(4, 2) == pytest.approx([0.5])
        and rate.as_effect(0.5) == 0.5
        and rate.unit == "pp"
        and rate.level() == 0.5
    )


def test_the_plan_says_what_could_be_seen_before_any_result(book):
    plan = case.pilot_plan(book)
    assert plan.smallest == pytest.approx(1 / 45)
    assert set(plan.power.outcome) == {"sales", "orders", "buyers", "win_rate"}
    assert plan.power[plan.power.outcome == "sales"].detectable.is_monotonic_decreasing
    assert plan.designs["take"].tolist() == [1, 2, 3, 4, 5, 0] and len(plan.pairs) == 5
    assert plan.designs.smallest.iloc[0] == pytest.approx(0.1) and plan.designs.smallest.iloc[
        -1
    ] == pytest.approx(2 / 32)
    assert "smallest p 0.022" in plan.headline()
    assert {kpi.name for kpi in plan.kpis()} == {"pilot.power"}


def test_readiness_scores_what_the_tables_show(book):
    ready = case.readiness(book, case.pilot_plan(book))
    assert 0 < ready.score <= 1
    assert (
        ready.table.points == ready.table.state.map({"in place": 2, "in part": 1, "missing": 0})
    ).all()
    assert (ready.table[ready.table.state == "in place"].step == "–").all()
