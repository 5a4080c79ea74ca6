"""Splits are exact whatever the weights, the depth and the order."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import ParameterProblem
from playbook.methods.apportionment import (
    cascade,
    from_units,
    largest_remainder,
    proof,
    split,
    to_units,
)

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


def test_ten_million_by_customer_size_is_five_three_and_two_million():
    amounts = [from_units(u, 2) for u in split(to_units(10_000_000, 2), [0.5, 0.3, 0.2])]
    assert amounts == [5_000_000, 3_000_000, 2_000_000]


def test_ten_million_by_kind_of_business_is_forty_thirty_thirty():
    assert [int(from_units(u, 2)) for u in split(to_units(10_000_000, 2), [0.4, 0.3, 0.3])] == [
        4_000_000,
        3_000_000,
        3_000_000,
    ]


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


def test_a_total_below_zero_is_refused():
    with pytest.raises(ParameterProblem, match="total of -1"):
        split(-1, [1])


whole_weights = st.lists(st.integers(0, 1000), min_size=1, max_size=10).filter(any)


@given(st.integers(0, 10**6), whole_weights)
def test_the_units_left_over_go_to_the_largest_exact_fractions(total, w):
    """Hamilton's rule worked in fractions: quotas rounded down, then by remainder and by place."""
    quotas = [Fraction(total * x, sum(w)) for x in w]
    parts = [int(quota) for quota in quotas]
    ranked = sorted(range(len(w)), key=lambda i: (parts[i] - quotas[i], i))
    for i in ranked[: total - sum(parts)]:
        parts[i] += 1
    assert split(total, w).tolist() == parts


groups = st.lists(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 9)), min_size=1, max_size=6),
    min_size=1,
    max_size=5,
)


@given(groups, st.randoms(use_true_random=False))
def test_groups_of_unequal_size_are_rounded_as_each_would_be_alone(parts, random):
    missing = np.array([random.randint(0, len(rows)) for rows in parts])
    group = np.repeat(np.arange(len(parts)), [len(rows) for rows in parts])
    floor, remainder = (np.array([pair[i] for rows in parts for pair in rows]) for i in (0, 1))
    made = largest_remainder(floor, remainder, missing, group)
    alone = [
        largest_remainder(floor[group == g][None], remainder[group == g][None], missing[g, None])[0]
        for g in range(len(parts))
    ]
    assert made.tolist() == np.concatenate(alone).tolist()
    assert Counter(group[made > floor].tolist()) == Counter(
        {g: int(n) for g, n in enumerate(missing) if n}
    )
    for g in range(len(parts)):
        raised, kept = (remainder[(group == g) & ((made > floor) == up)] for up in (True, False))
        assert not len(raised) or not len(kept) or raised.min() >= kept.max()


@given(groups, st.randoms(use_true_random=False))
def test_whole_remainders_are_ranked_without_sorting_places(parts, random):
    """The same as for numbers with fractions, also where nothing or more than all is missing."""
    missing = np.array([random.randint(-1, len(rows) + 1) for rows in parts])
    group = np.repeat(np.arange(len(parts)), [len(rows) for rows in parts])
    floor, remainder = (np.array([pair[i] for rows in parts for pair in rows]) for i in (0, 1))
    places = largest_remainder(floor, remainder.astype(float), missing, group)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(np, "lexsort", None)
        assert largest_remainder(floor, remainder, missing, group).tolist() == places.tolist()
