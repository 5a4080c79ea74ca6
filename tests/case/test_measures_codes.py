"""Measures on, off and moved in time: codes and simulated runs."""

import pandas as pd
import pytest

from playbook.case.measures.codes import placed, start_of
from playbook.case.measures.runs import cached, rounded, runs
from playbook.case.measures.timing import moved
from playbook.simulator.outcomes import OUTCOMES
from playbook.simulator.parameters import Company


def test_a_measure_is_moved_by_whole_months():
    assert (
        start_of("2023-04-01", "e") == "2023-01-01" and start_of("2023-04-01", "l") == "2023-07-01"
    )
    assert (
        start_of("2023-01-01", "e") == "2022-10-01"
        and start_of("2023-04-01", "0") == ""
        and start_of("2023-04-01", "1") == "2023-04-01"
    )
    levers = placed(Company(), "01el0").levers
    assert (
        levers.objectives,
        levers.tiers,
        levers.funnel,
        levers.incentives,
        levers.enablement,
    ) == ("", "2023-04-01", "2023-01-01", "2023-07-01", "")


def test_simulating_a_seed_again_gives_the_cached_rows():
    wanted = ["00000", "11111", "01001", "e1111", "lllll"]
    held = cached()[0].set_index(["seed", "mask"]).loc[[(7, code) for code in wanted]].reset_index()
    again = rounded(runs([7], wanted=wanted))
    pd.testing.assert_frame_equal(
        again[["seed", "mask", *OUTCOMES]],
        held[["seed", "mask", *OUTCOMES]],
        check_dtype=False,
        atol=1e-5,
        rtol=0,
    )


def test_earlier_and_later_stand_against_all_on_their_dates():
    held, _ = cached()
    wide = held.pivot(index="seed", columns="mask", values="sales_year")
    row = moved(held).set_index(["code", "outcome"]).loc[("1e111", "sales_year")]
    assert (
        row.effect == pytest.approx((wide["1e111"] - wide["11111"]).mean())
        and row.low < row.effect < row.high
    )
