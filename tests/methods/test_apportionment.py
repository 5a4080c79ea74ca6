"""Splits are exact whatever the weights, the depth and the order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import ParameterProblem
from playbook.goals.plan.decomposition import deals_for
from playbook.methods.apportionment import (
    bounded,
    cascade,
    check_shares,
    check_weights,
    from_units,
    proof,
    split,
    to_units,
)
from playbook.methods.raking import fit

weights = st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=12).filter(
    lambda w: sum(w) > 0
)


def test_a_thousand_over_twelve_months_sums_to_a_thousand():
    months = split(to_units(1000, 2), [1] * 12)
    assert months.sum() == 100_000
    assert months.tolist() == [8334] * 4 + [8333] * 8


def test_equal_fractions_fall_to_the_part_declared_first():
    assert split(7, [42.86, 28.57, 28.57]).tolist() == [3, 2, 2]
    assert split(100, [42.86, 28.57, 28.57]).tolist() == [43, 29, 28]
    assert split(1, [1, 1, 1]).tolist() == [1, 0, 0]


def test_ten_million_by_customer_size_is_ten_thirty_and_a_hundred_deals():
    amounts = [from_units(u, 2) for u in split(to_units(10_000_000, 2), [0.5, 0.3, 0.2])]
    assert amounts == [5_000_000, 3_000_000, 2_000_000]
    assert [
        deals_for(float(a), size)
        for a, size in zip(amounts, (500_000, 100_000, 20_000), strict=True)
    ] == [10, 30, 100]


def test_ten_million_by_kind_of_business_is_forty_thirty_thirty():
    assert [int(from_units(u, 2)) for u in split(to_units(10_000_000, 2), [0.4, 0.3, 0.3])] == [
        4_000_000,
        3_000_000,
        3_000_000,
    ]


def test_deals_by_size_and_kind_keep_both_margins():
    table = fit(np.ones((3, 3)), [np.array([10, 30, 100]), split(140, [0.4, 0.3, 0.3])])
    assert table.sum(axis=1).tolist() == [10, 30, 100]
    assert table.sum(axis=0).tolist() == [56, 42, 42]
    assert table[0].tolist() == [4, 3, 3]


@given(st.integers(0, 10**13), weights)
def test_parts_sum_to_the_whole_and_lie_within_a_unit_of_their_share(total, w):
    parts = split(total, w)
    assert parts.sum() == total and (parts >= 0).all()
    quota = total * np.array(w) / sum(w)
    assert (abs(parts - quota) <= 1 + 1e-9 * total).all()


@given(st.integers(0, 10**9), st.lists(weights, min_size=1, max_size=4))
def test_every_level_sums_to_the_one_above(total, levels):
    made = cascade(total, levels)
    assert all(difference == 0 for _, _, difference in proof(made, total))
    assert all(nodes_sum == total for _, nodes_sum, _ in proof(made, total))


@given(
    st.integers(0, 10**6),
    st.lists(st.integers(1, 10**4), min_size=2, max_size=8, unique=True),
    st.randoms(),
)
def test_the_order_of_different_weights_changes_no_part(total, w, random):
    order = list(range(len(w)))
    random.shuffle(order)
    fraction = [total * x / sum(w) % 1 for x in w]
    if len({round(f, 6) for f in fraction}) < len(w):
        return  # equal fractions are decided by the declared order
    assert split(total, w)[order].tolist() == split(total, [w[i] for i in order]).tolist()


def test_groups_are_split_as_they_would_be_alone():
    rng = np.random.default_rng(1)
    totals, w = rng.integers(0, 10**6, 50), rng.random((50, 7))
    assert (
        split(totals, w) == np.array([split(int(t), x) for t, x in zip(totals, w, strict=True)])
    ).all()


@given(
    st.integers(0, 1000),
    st.lists(
        st.tuples(st.integers(1, 50), st.integers(0, 100), st.integers(0, 200)),
        min_size=1,
        max_size=8,
    ),
)
def test_floors_and_caps_hold_and_the_rest_is_split_again(total, parts):
    w, low, high = (np.array(x) for x in zip(*((w, a, a + b) for w, a, b in parts), strict=True))
    if low.sum() > total or high.sum() < total:
        with pytest.raises(ParameterProblem):
            bounded(total, w, low, high)
        return
    made = bounded(total, w, low, high)
    assert made.sum() == total and (made >= low).all() and (made <= high).all()


def test_a_pin_stays_and_the_others_share_the_rest_by_weight():
    assert bounded(100, [1, 1, 2], [40, 0, 0], [40, 100, 100]).tolist() == [40, 20, 40]


@given(st.integers(2, 4), st.integers(2, 5), st.randoms(use_true_random=False))
def test_fitted_tables_keep_both_margins(rows, columns, random):
    inside = np.array([[random.randint(0, 40) for _ in range(columns)] for _ in range(rows)])
    seed = np.array([[random.random() + 0.1 for _ in range(columns)] for _ in range(rows)])
    made = fit(seed, [inside.sum(axis=1), inside.sum(axis=0)])
    assert (
        (made.sum(axis=1) == inside.sum(axis=1)).all()
        and (made.sum(axis=0) == inside.sum(axis=0)).all()
        and (made >= 0).all()
    )


def test_three_margins_hold_at_once():
    made = fit(np.ones((2, 3, 2)), [np.array([7, 4]), np.array([5, 3, 3]), np.array([6, 5])])
    assert made.sum(axis=(1, 2)).tolist() == [7, 4]
    assert made.sum(axis=(0, 2)).tolist() == [5, 3, 3]
    assert made.sum(axis=(0, 1)).tolist() == [6, 5]


def test_contradicting_margins_are_refused_with_both_totals():
    with pytest.raises(ParameterProblem, match="size sums to 140, kind to 141"):
        fit(np.ones((2, 2)), [np.array([100, 40]), np.array([100, 41])], ["size", "kind"])


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: check_weights([0.5, -0.1], ["East", "West"]), "weight of West"),
        (lambda: check_weights([0, 0]), "all weights are 0"),
        (lambda: check_shares([0.5, 0.4]), "shares sum to 90"),
        (
            lambda: bounded(100, [1, 1], [120, 0], [120, 200], ["East", "West"]),
            "East is pinned or floored at 120, above its parent's 100",
        ),
        (lambda: bounded(100, [1, 1], [60, 60], [100, 100]), "floors and pins sum to 120"),
        (lambda: bounded(100, [1, 1], [0, 0], [30, 30]), "caps and pins hold 60"),
        (lambda: split(-1, [1]), "total of -1"),
    ],
)
def test_weights_and_bounds_that_cannot_be_followed_are_refused(call, told):
    with pytest.raises(ParameterProblem, match=told):
        call()
