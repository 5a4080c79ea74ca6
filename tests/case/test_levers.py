"""Measures on, off and moved: contributions add up, arrays equal the stage functions, without
measures the crisis stays, the cache is of these parameters.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import REPO

from playbook import case as replay
from playbook.case.measures import switches
from playbook.case.measures.effects import contributions, corners, moved, pair_effect
from playbook.case.measures.levers import (
    LEVERS,
    OUTCOMES,
    cached,
    codes,
    outcomes,
    placed,
    rounded,
    runs,
    shapley,
    start_of,
    switched,
)
from playbook.case.measures.switches import stale
from playbook.data.book import Book
from playbook.simulator.company import simulate
from playbook.simulator.parameters import Company
from playbook.simulator.writing import to_csv, toml

MASKS = ["".join(bits) for bits in product("01", repeat=3)]


def test_two_measures_by_hand():
    """Alone 1 and 2, together 4: the extra 1 is shared."""
    assert shapley({"00": 0.0, "10": 1.0, "01": 2.0, "11": 4.0}, ("a", "b")) == {"a": 1.5, "b": 2.5}


def test_what_two_measures_add_together_by_hand():
    """Alone 1 and 2, together 4: 1 of it belongs to the pair."""
    values = pd.DataFrame([{"00": 0.0, "10": 1.0, "01": 2.0, "11": 4.0}])
    assert pair_effect(values, 0, 1, 2).tolist() == [1.0]


@given(st.lists(st.floats(-10, 10), min_size=8, max_size=8))
def test_contributions_add_up_to_the_whole(values):
    game = dict(zip(MASKS, values, strict=True))
    assert sum(shapley(game, ("a", "b", "c")).values()) == pytest.approx(
        game["111"] - game["000"], abs=1e-9
    )


def test_a_measure_that_does_nothing_gets_nothing():
    game = {mask: float(mask[0] == "1") * 3 for mask in MASKS}
    assert shapley(game, ("a", "b", "c")) == pytest.approx({"a": 3.0, "b": 0.0, "c": 0.0})


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


@pytest.fixture(scope="module")
def none() -> dict[str, float]:
    return outcomes(switched(Company(), ()))


def test_without_measures_the_company_stays_in_its_crisis(none):
    every = outcomes(switched(Company(), LEVERS))
    assert (
        none["growth"] < 0.05
        and none["renewal"] < 0.75
        and none["match"] < 0.5
        and none["cycle"] > 48
        and none["leads"] == 0
    )
    assert (
        every["growth"] == pytest.approx(0.42, abs=0.01)
        and every["match"] == pytest.approx(0.72, abs=0.005)
        and every["cycle"] == 36
    )


def recomputed(book: Book) -> dict[str, float]:
    """The outcomes by the chapter's own functions."""
    course = replay.indicators(book).course
    value = lambda key, quarter="2023-Q3": course.value(key, quarter)["value"]  # noqa: E731
    ratio = lambda key, before: value(key) / value(key, before) - 1  # noqa: E731
    return {
        "growth": value("growth"),
        "sales_year": sum(value("sales", f"2023-Q{q}") for q in (1, 2, 3)),
        "returning": value("returning"),
        "per_head": ratio("per_head", "2022-Q3"),
        "leads": ratio("leads", "2023-Q1"),
        **{
            key: value(key)
            for key in ("match", "objection", "won", "cycle", "renewal", "churn", "first_deal")
        },
    }


def test_arrays_equal_the_stage_functions_on_the_sample():
    assert outcomes(Company()) == pytest.approx(
        recomputed(Book.open(REPO / "data" / "sample")), abs=1e-9
    )


def test_arrays_equal_the_stage_functions_on_written_tables(tmp_path):
    """Another seed with measures off, early and late, written as a book and read back."""
    c = placed(Company(seed=3), "01el0")
    for name, frame in simulate(c).tables.items():
        (tmp_path / f"{name}.csv").write_text(to_csv(frame), encoding="utf-8")
    (tmp_path / "playbook.toml").write_text(toml(), encoding="utf-8")
    book = Book.open(tmp_path)
    assert outcomes(c) == pytest.approx(recomputed(book), abs=1e-9)
    stated = replay.claims(book, replay.indicators(book)).table.set_index(
        "id"
    )  # nothing is typed in: another simulation is not the story
    assert (
        {"differs", "match"} <= set(stated.verdict)
        and stated.verdict["growth.after"] == "differs"
        and stated.reason["growth.after"]
    )


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


def test_the_cached_runs_are_whole_and_of_these_parameters():
    held, _ = cached()
    assert not stale(), "run python -m playbook.case"
    assert held.seed.nunique() == 50 and set(held.groupby("seed")["mask"].apply(tuple)) == {
        tuple(codes())
    }
    made, ends = contributions(held), corners(held).set_index("outcome")
    for outcome, rows in made.groupby("outcome"):
        assert rows.effect.sum() == pytest.approx(ends.change[outcome], rel=1e-9, abs=1e-9)


def test_earlier_and_later_stand_against_all_on_their_dates():
    held, _ = cached()
    wide = held.pivot(index="seed", columns="mask", values="sales_year")
    row = moved(held).set_index(["code", "outcome"]).loc[("1e111", "sales_year")]
    assert (
        row.effect == pytest.approx((wide["1e111"] - wide["11111"]).mean())
        and row.low < row.effect < row.high
    )


def test_every_combination_is_in_the_page_and_is_the_cached_mean():
    result = replay.levers(Book.open(REPO / "data" / "sample"))
    board = switches.switchboard(result)
    assert len(board.versions) == 32 and board.rows == board.versions["0-0-1-0-0"]
    mean = result.runs[result.runs["mask"] == "10011"].growth.mean()
    assert board.versions["1-0-0-1-1"][0][2].text == result.text("growth", mean)
    clock = switches.clock(result)
    assert (
        len(clock.versions) == 18
        and clock.rows == clock.versions["5-0"]
        and clock.versions["2-1"] == clock.versions["5-1"]
        and np.isfinite(result.moved.effect).all()
    )
    assert board.html().count('type="checkbox"') == 5 and "<script" not in board.html()


def test_an_earlier_report_does_not_know_the_outcome():
    assert replay.levers(Book.open(REPO / "data" / "sample", "2023-06")).status == "not available"
