"""Changes split so that nothing is left over; discounts held against the ladder; calculators."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playbook.base.formats import Formats
from playbook.base.settings import PriceLadder, Rung
from playbook.funnel.money.discounts import allowed
from playbook.funnel.money.ownership import Ownership, compare_ownership, customer_return, sentence
from playbook.funnel.talk.match import matched_change
from playbook.funnel.talk.wording import tidy
from playbook.methods.attribution import PVM_PARTS, price_volume_mix, product_split
from playbook.methods.shrinkage import shrink


def test_more_units_at_a_lower_price():
    assert product_split([100, 10], [150, 9]) == pytest.approx([475, -125])


def test_fewer_leads_that_match_better_are_more_matched_leads():
    """Leads −30 %, match rate 45 → 72 %: matched leads +12 %."""
    change = matched_change(1000, 0.45, 700, 0.72)
    assert change["matched_change"] == pytest.approx(0.12)
    assert change["by_volume"] + change["by_rate"] == pytest.approx(54)
    assert change["by_volume"] < 0 < change["by_rate"]


factors = st.lists(st.floats(0.1, 100), min_size=2, max_size=5)


@given(factors, st.randoms())
def test_factors_sum_to_the_change_and_their_order_is_irrelevant(before, random):
    after = [b * random.uniform(0.5, 2) for b in before]
    parts = product_split(before, after)
    assert parts.sum() == pytest.approx(np.prod(after) - np.prod(before), rel=1e-9, abs=1e-9)
    order = random.sample(range(len(before)), len(before))
    assert product_split([before[i] for i in order], [after[i] for i in order]) == pytest.approx(
        parts[order], rel=1e-9, abs=1e-9
    )


def cells(*rows):
    return pd.DataFrame(rows, columns=["line", "state", "q0", "q1", "r0", "r1"])


def test_price_volume_mix_worked_by_hand():
    """A: 100 → 150 units at 10 → 9. Alone: volume +475, price −125, no mix; a new customer +30, a
    lost one −20.
    """
    parts = price_volume_mix(
        cells(
            ("A", "kept", 100, 150, 1000, 1350),
            ("A", "new", 0, 3, 0, 30),
            ("A", "lost", 2, 0, 20, 0),
        )
    )
    assert [parts[p] for p in PVM_PARTS] == pytest.approx([30, -20, 475, 0, -125])


def test_mix_moves_to_the_dear_line_at_equal_units():
    parts = price_volume_mix(
        cells(("cheap", "kept", 10, 5, 100, 50), ("dear", "kept", 10, 15, 1000, 1500))
    )
    assert [parts["volume"], parts["mix"], parts["price"]] == pytest.approx([0, 450, 0])


amount = st.floats(0, 1e6)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.sampled_from(["kept", "new", "lost"]),
            st.integers(-2, 50),
            st.integers(-2, 50),
            amount,
            amount,
        ),
        max_size=12,
    )
)
def test_price_volume_mix_always_sums(rows):
    frame = cells(*rows)
    assert sum(price_volume_mix(frame).values()) == pytest.approx(
        float((frame.r1 - frame.r0).sum()), abs=1e-3
    )


def test_an_amount_on_a_step_of_the_ladder_is_allowed_its_discount():
    assert allowed([499_999.99, 500_000], [False, False], PriceLadder()) == pytest.approx(
        [0.10, 0.20]
    )


@pytest.mark.parametrize(("stacking", "both"), [("largest", 0.2), ("add", 0.3), ("multiply", 0.28)])
def test_renewal_joins_the_rung_as_the_ladder_says(stacking, both):
    ladder = PriceLadder(stacking=stacking)
    assert allowed([100_000], [True], ladder) == pytest.approx([both])
    assert allowed([100_000], [True], PriceLadder(stacking="add", floor=0.25)) == pytest.approx(
        [0.25]
    )


@pytest.mark.parametrize(
    ("rungs", "says"),
    [
        ([Rung(lower=10)], "gap"),
        ([Rung(lower=0), Rung(lower=0, discount=0.1)], "overlap"),
        ([Rung(lower=0, discount=0.2), Rung(lower=9, discount=0.1)], "less than a smaller"),
    ],
)
def test_a_ladder_with_a_gap_an_overlap_or_a_fall_is_refused(rungs, says):
    with pytest.raises(ValidationError, match=says):
        PriceLadder(rungs=rungs)


def test_cost_of_ownership_longer_life_by_three_years_and_fifteen_percent_less_a_year():
    theirs = Ownership("theirs", price=100_000, life=5, running=8_000)
    ours = Ownership("ours", price=126_400, life=8, running=8_000)
    assert ours.price > theirs.price and ours.life - theirs.life == 3
    assert ours.yearly / theirs.yearly - 1 == pytest.approx(-0.15)
    assert "−15.0 %" in compare_ownership(ours, theirs, Formats()).plain()
    assert (
        sentence(ours, theirs, Formats())
        == "Ours costs 26.4 % more to buy, lasts 3 years longer and costs 15.0 % less for each year"
        " of use (¥23,800 against ¥28,000 a year)."
    )
    assert sentence(theirs, ours, Formats()).startswith(
        "Theirs costs 20.9 % less to buy, lasts 3 years less and costs 17.6 % more"
    )
    with pytest.raises(ValueError, match="life above 0"):
        Ownership("none", 1, 0, 0)


def test_customer_return():
    text = customer_return(
        {"hours": 4_000_000, "errors": 1_000_000},
        {"hours": 0.3, "errors": 0.8},
        600_000,
        200_000,
        Formats(),
    ).plain()
    assert "¥2,000,000" in text and "¥1,800,000" in text and "4.0 months" in text
    with pytest.raises(ValueError, match="no present cost"):
        customer_return({"hours": 1}, {"hour": 0.3}, 0, 0, Formats())


def test_reasons_written_differently_are_one():
    assert tidy(" Price ") == tidy("price.") == "price"
    assert tidy(None) == tidy("  ") == "no reason given"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12))
def test_shrunk_rates_lie_between_their_own_and_the_common_one(groups):
    k, n = np.array([min(a, b) for a, b in groups]), np.array([max(a, b) for a, b in groups])
    found = shrink(k, n)
    if not n.sum():
        return
    own = np.where(n > 0, k / np.maximum(n, 1), found.mean)
    assert np.all(found.value >= np.minimum(own, found.mean) - 1e-9) and np.all(
        found.value <= np.maximum(own, found.mean) + 1e-9
    )
    assert np.all((found.low <= found.value + 1e-9) & (found.value <= found.high + 1e-9))


def test_alike_groups_are_drawn_all_the_way_and_different_ones_are_not():
    alike = shrink([5, 50, 1], [10, 100, 2])
    assert alike.value == pytest.approx([0.5] * 3, abs=0.005)
    apart = shrink([90, 10, 1], [100, 100, 1])
    assert apart.value[0] > 0.85 and apart.value[1] < 0.15 and apart.value[2] < 0.9
