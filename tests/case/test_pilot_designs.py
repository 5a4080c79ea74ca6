"""Designs of pilots: what groups are held against, months of an earlier pilot left out, all groups
one after the other, spill-over, and what a design costs.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from playbook import case
from playbook.base.errors import SettingsProblem
from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.base.settings import PilotSettings, parse_settings
from playbook.case.pilot.compared import (
    covariate_slope,
    ends_without,
    judged,
    piloted_months,
    stretches,
)
from playbook.case.pilot.panels import Panel
from playbook.case.pilot.power import designs_of
from playbook.case.pilot.spill import spill_sentence
from playbook.methods import experiment, staggered, synthetic
from playbook.methods.permutation import permuted_slope
from toy import toy


def panel(values: np.ndarray) -> Panel:
    names = tuple("abcdefghij"[: len(values)])
    months = tuple(Month(2022, 1) + i for i in range(values.shape[1]))
    return Panel("sales", names, months, values)


def noisy(groups: int, months: int, seed: int = 3, spread: float = 0.1) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(5, spread, (groups, months)))


def test_months_of_a_pilot_are_no_past_of_no_pilot():
    """A pilot of 2 months from month 10 (column 9): of 14 months, stretches of 4 end at columns 4
    to 9 and, after it, nowhere.
    """
    settings = PilotSettings(months=2, groups=["a"], starts=date(2022, 10, 1))
    one = panel(noisy(8, 14))
    assert list(piloted_months(one, settings)) == [9, 10]
    assert ends_without(one, 2, piloted_months(one, settings)) == [4, 5, 6, 7, 8, 9]
    assert list(piloted_months(one, PilotSettings())) == []
    jumped = one.up.copy()
    jumped[0, 9:11] *= 50  # what the pilot did must not count as noise
    past = stretches(panel(jumped), 2, 2, piloted=piloted_months(one, settings))
    clean = stretches(one, 2, 2, piloted=piloted_months(one, settings))
    assert past.detectable(2) == clean.detectable(2)
    assert stretches(panel(jumped), 2, 2).detectable(2) > 2 * clean.detectable(2)


def test_a_change_that_always_comes_back_is_taken_into_account():
    """Levels that swing up and down: each change is the last one with the other sign, slope −1, and
    nothing is left to be noise.
    """
    swing = np.where(np.arange(12) % 2 == 0, 1.0, -1.0)
    logs = 5 + np.outer(np.linspace(-1, 1, 8), swing)
    one = panel(np.exp(logs))
    assert covariate_slope(one, range(3, 13), 1) == pytest.approx(-1)
    assert stretches(one, 1, 2, "covariate").detectable(2) == pytest.approx(0, abs=1e-6)
    assert stretches(one, 1, 2).detectable(2) > 1


def test_a_synthetic_control_follows_what_moves_alike():
    """c moves as a does, b the other way: all weight lies on c; where a has something more in the
    end, that is the effect.
    """
    path = np.sin(np.arange(10))
    logs = np.array([path, -path, path, 0 * path + 0.1 * np.arange(10) % 1])
    assert synthetic.control_weights(logs - logs.mean(axis=1, keepdims=True), [0]).round(3)[
        2
    ] == pytest.approx(1, abs=2e-3)
    more = logs.copy()
    more[0, 8:] += 0.5
    change, compared = judged(panel(np.exp(more)), 10, 2, [0], "synthetic", range(0))
    assert compared[1].shape == (4, 4)
    assert float(compared[0] @ change) == pytest.approx(0.5, abs=5e-3)
    # c is held against a and misses as much; b moves like nobody, so its contrast is larger
    assert experiment.p_value(change, [0], compared=compared) == 3 / 4
    assert experiment.interval(change, [0], compared=compared) == (None, None)


def test_the_interval_ends_where_the_test_stops_rejecting():
    one = panel(noisy(8, 24))
    change, compared = judged(one, 24, 3, [1, 4], "synthetic", range(0))
    low, high = experiment.interval(change, [1, 4], compared=compared)
    for edge, sign in ((low, 1), (high, -1)):
        inside = experiment.p_value(change, [1, 4], edge + sign * 1e-3, compared)
        outside = experiment.p_value(change, [1, 4], edge - sign * 1e-3, compared)
        assert outside <= 0.05 < inside


def test_starting_one_after_the_other_by_hand():
    """Three groups from months 1, 2 and 3; each rises by 1 when it starts. Month 1: 1 against 0;
    month 2: 1 against 0; in month 3 nobody waits. No other order of the six gives as much.
    """
    paths = np.array([[0.0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]])
    assert staggered.staggered_test(paths, [1, 2, 3]) == (1.0, 1 / 6)
    assert staggered.orders_of([1, 2, 3]).shape == (6, 3)
    assert staggered.smallest_p_staggered([1, 1, 2]) == 1 / 3


def test_orders_of_many_groups_with_few_starts_are_all_different():
    ways = staggered.orders_of([1] * 6 + [2] * 6)
    assert len(ways) == 924 and len({tuple(row) for row in ways}) == 924
    assert ways[0].tolist() == [1] * 6 + [2] * 6


def test_a_staggered_pilot_is_judged_and_told():
    """Five shops start one after the other and each sells half as much again from then on."""
    shops, rows = ["S1", "S2", "S3", "S4", "S5"], []
    for number, shop in enumerate(shops):
        for month in range(1, 13):
            level = 1.5 if month >= 4 + number else 1.0
            for day in (5, 20):
                amount = round(1000 * level * (1 + 0.01 * ((month * 7 + number * 3) % 5)))
                rows.append(
                    {
                        "order_id": f"{shop}-{month}-{day}",
                        "date": f"2023-{month:02d}-{day:02d}",
                        "customer_id": f"C{number}-{day}",
                        "amount": amount,
                        "region": shop,
                    }
                )
    starts = {shop: f"2023-{4 + number:02d}-01" for number, shop in enumerate(shops)}
    book = toy(
        orders=pd.DataFrame(rows),
        month="2023-12",
        settings={"pilot": {"by": "region", "starts_by": starts, "months": 3}},
    )
    found = case.pilot_effect(book)
    assert found.smallest == 1 / 120
    first = found.table.iloc[0]
    assert (first.outcome, first.role) == ("Sales", "primary")
    assert first.effect == pytest.approx(0.5, abs=0.02)
    assert first.p == pytest.approx(1 / 120)
    assert found.rule == "go"
    assert found.paths.started.tolist() == [0, 0, 0, 1, 2, 3, 4, 5, 5, 5]
    assert found.headline().startswith("Pilot, one group after the other: go; effect on sales +")


def test_settings_of_a_staggered_pilot_are_checked():
    def pilot(**given):
        parse_settings({"pilot": given})

    with pytest.raises(SettingsProblem, match="either groups and starts, or starts_by"):
        pilot(starts_by={"a": "2023-01-01"}, groups=["b"], starts="2023-01-01")
    with pytest.raises(SettingsProblem, match=r"starts_by\.a is the first of a month"):
        pilot(starts_by={"a": "2023-01-02", "b": "2023-02-01"})
    with pytest.raises(SettingsProblem, match="two different months"):
        pilot(starts_by={"a": "2023-01-01", "b": "2023-01-01"})


def test_designs_are_compared_for_the_money():
    """900 cost 2 groups over 3 months: 150 a group and month. 3 groups sell 3 × 100 a month, so
    three months and 1,350 pay from 1,350 ÷ 900.
    """
    flat = panel(np.full((6, 24), 100.0))
    outcomes = {"sales": flat, "orders": flat, "buyers": flat}
    settings = PilotSettings(take=2, months=3, cost=900)
    rows = designs_of(outcomes, settings, 2, []).set_index("design")
    three = rows.loc["3 of 6 groups"]
    assert (three.cost, three.pays_from) == (1350, 1.5)
    assert rows.loc["2 of 6 groups, 4 months"].cost == 1200
    one_by_one = rows.loc["all 6 groups, one a month, by lot"]
    assert one_by_one.months == 6
    assert one_by_one.smallest == pytest.approx(1 / 720)


@pytest.mark.parametrize(
    ("common", "change", "words"),
    [
        ([0.01, 0.0, 0.0, 0.0], [0.1, 0.2, 0.3, 0.4], "none to speak of"),
        ([0.3, 0.2, 0.0], [0.1, 0.2, 0.3], "too few groups waited"),
        ([0.5, 0.4, 0.3, 0.2, 0.1], [0.5, 0.4, 0.3, 0.2, 0.1], "may have reached them"),
        ([0.5, 0.4, 0.3, 0.2, 0.1], [0.1, -0.1, 0.2, -0.1, 0.1], "did not move otherwise"),
    ],
)
def test_spill_over_is_said_as_the_waiting_groups_show_it(common, change, words):
    rows = pd.DataFrame({"member": list("vwxyz")[: len(common)], "common": common})
    assert words in spill_sentence(rows.assign(change=change), Formats("EUR"))


def test_a_permuted_slope_by_hand():
    """Of six orders of three numbers none can give a small p: fewer than four pairs give none."""
    assert permuted_slope(np.array([1.0, 2, 3]), np.array([1.0, 2, 3])) is None
    assert permuted_slope(np.array([1.0, 1, 1, 1]), np.array([1.0, 2, 3, 4])) is None
    seen = permuted_slope(np.arange(5.0), np.array([0.0, 2, 1, 3, 4]))
    assert seen == pytest.approx(10 / 120)  # this, four swaps like it, the line, and the mirrors


def test_a_pilot_may_be_of_people_and_names_them():
    """Groups that are reps: their names are on the page, two of one name told apart by ids."""
    reps = [{"rep_id": f"R{i}", "name": "Kim" if i < 2 else f"P{i}"} for i in range(6)]
    orders = [
        {
            "order_id": f"{r['rep_id']}-{month}",
            "date": f"2023-{month:02d}-10",
            "customer_id": f"C{number}",
            "rep_id": r["rep_id"],
            "amount": 100 + 7 * ((month * 3 + number * 5) % 11),
        }
        for number, r in enumerate(reps)
        for month in range(1, 13)
    ]
    book = toy(
        orders=pd.DataFrame(orders),
        reps=pd.DataFrame(reps),
        month="2023-12",
        settings={"pilot": {"by": "rep", "take": 3}},
    )
    plan = case.pilot_plan(book)
    assert plan.by == "rep"
    assert plan.groups.label.tolist() == ["Kim (R0)", "Kim (R1)", "P2", "P3", "P4", "P5"]
    assert not plan.decidable  # 3 of 6: the least p is a tenth
