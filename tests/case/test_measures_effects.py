"""What measures contribute, alone and together, and how it stands on the page."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import REPO

from playbook import case
from playbook.case.explore import switchboard, timing_board
from playbook.case.measures.assumptions import RATES, Beliefs, assumed_table, belief_board
from playbook.case.measures.codes import LEVERS, codes
from playbook.case.measures.effects import contributions
from playbook.case.measures.runs import cached, stale
from playbook.case.measures.together import corners, pair_effect
from playbook.data.book import Book
from playbook.methods.attribution import shapley

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


def test_the_cached_runs_are_whole_and_of_these_parameters():
    held, _ = cached()
    assert not stale(), "run python -m playbook.case"
    assert held.seed.nunique() == 50 and set(held.groupby("seed")["mask"].apply(tuple)) == {
        tuple(codes())
    }
    made, ends = contributions(held), corners(held).set_index("outcome")
    for outcome, rows in made.groupby("outcome"):
        assert rows.effect.sum() == pytest.approx(ends.change[outcome], rel=1e-9, abs=1e-9)


def test_every_combination_is_in_the_page_and_is_the_cached_mean(book):
    result = case.levers(book)
    board = switchboard(result)
    assert len(board.versions) == 32 and board.rows == board.versions["0-0-1-0-0"]
    mean = result.runs[result.runs["mask"] == "10011"].growth.mean()
    assert board.versions["1-0-0-1-1"][0][2].text == result.wording.text("growth", mean)
    moved_board = timing_board(result)
    assert (
        len(moved_board.versions) == 18
        and moved_board.rows == moved_board.versions["5-0"]
        and moved_board.versions["2-1"] == moved_board.versions["5-1"]
        and np.isfinite(result.moved.effect).all()
    )
    assert board.html().count('type="checkbox"') == 5 and "<script" not in board.html()


def test_an_earlier_report_does_not_know_the_outcome():
    assert case.levers(Book.open(REPO / "data" / "sample", "2023-06")).status == "not available"


def test_contributions_of_the_sample_and_what_is_said_of_them(book):
    result = case.levers(book)
    growth = result.table[result.table.outcome == "growth"].set_index("lever").effect
    assert growth.round(6).to_dict() == {
        "objectives": 0.095893,
        "tiers": 0.226755,
        "funnel": 0.119532,
        "incentives": 0.103255,
        "enablement": 0.032301,
    }
    assert result.headline() == (
        "Levers: all five +57.8 pp of growth; most from value tiers and service (+22.7 pp)."
    )


def test_beliefs_run_from_no_measure_to_all_as_simulated(book):
    """Half of everything is half of the change; every choice stands in the page."""
    result = case.levers(book)
    ends = result.corners.set_index("outcome").loc["growth"]
    for part, wanted in ((0, ends.off), (1, ends.on), (0.5, (ends.off + ends.on) / 2)):
        parts = dict.fromkeys(LEVERS, part)
        beliefs = Beliefs.of(result.table, result.corners)
        assert beliefs.value("growth", parts) == pytest.approx(wanted)
    board = belief_board(result.table, result.corners, result.fmt)
    assert len(board.versions) == 3**5
    assert board.rows == board.versions["1-1-1-1-1"]
    assert board.versions["0-0-0-0-0"][0][2].text == board.versions["0-0-0-0-0"][0][1].text
    assert board.versions["2-2-2-2-2"][0][2].text == board.versions["2-2-2-2-2"][0][3].text


def test_what_is_assumed_adds_up_and_is_what_the_simulation_uses(book):
    for _, name, weights in RATES:
        assert sum(weights.values()) == pytest.approx(1), name
    shown = assumed_table(book.fmt)
    first = [cell.text for cell in shown.rows[0]]
    assert first == [
        "Renewal, large customers",
        "68.0 %",
        "88.0 %",
        "15 %",
        "60 %",
        "–",
        "25 %",
        "–",
    ]


def test_one_company_varies_more_than_the_mean(book):
    table = case.levers(book).table
    moved = table[(table.low > 0) | (table.high < 0)]
    wide = moved[moved.outcome.isin(["growth", "sales_year"])]
    assert (wide.one_low < wide.low).all() and (wide.one_high > wide.high).all()
    growth = table[(table.outcome == "growth") & (table.lever == "tiers")].iloc[0]
    assert (growth.one_low, growth.one_high) == pytest.approx((0.18, 0.28), abs=0.03)
