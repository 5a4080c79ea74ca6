"""Scores by hand, properties of scoring, and the proof that each map is a partition."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.base.errors import SettingsProblem
from playbook.base.settings import SegmentSettings, parse_settings
from playbook.segments.value.maps import ELEVEN, MAPS, SOURCE, SegmentMap
from playbook.segments.value.scores import Thresholds, quantiles, score
from playbook.segments.value.segment_profile import assign, profile_of

values = st.lists(st.integers(0, 9), min_size=1, max_size=60).map(np.array)


def test_scores_worked_by_hand():
    # ten values 1..10: quantiles 2.8, 4.6, 6.4, 8.2
    ten = np.arange(1, 11)
    assert quantiles(ten) == pytest.approx((2.8, 4.6, 6.4, 8.2))
    assert score(ten, quantiles(ten)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_seven_of_ten_bought_once_and_share_one_score():
    orders = np.array([1] * 7 + [2, 3, 9])
    assert quantiles(orders) == pytest.approx((1, 1, 1, 2.2))
    assert score(orders, quantiles(orders)).tolist() == [1] * 7 + [4, 5, 5]


@given(values)
def test_equal_values_equal_scores_and_more_never_scores_less(given_values):
    scored = score(given_values, quantiles(given_values))
    order = np.argsort(given_values, kind="stable")
    assert np.all(np.diff(scored[order]) >= 0)
    for value in np.unique(given_values):
        assert len(set(scored[given_values == value].tolist())) == 1
    assert scored.min() >= 1 and scored.max() <= 5


@given(values, st.randoms())
def test_order_of_customers_is_irrelevant(given_values, random):
    shuffled = np.array(random.sample(given_values.tolist(), len(given_values)))
    assert quantiles(shuffled) == pytest.approx(quantiles(given_values))


@pytest.mark.parametrize("name", MAPS)
def test_map_is_a_partition_of_the_125_cells(name):
    proof = MAPS[name].proof()
    assert proof.holds and proof.cells == 125 and sum(proof.sizes.values()) == 125
    assert "exactly one" in str(proof)


def test_eleven_segments_and_the_three_of_the_source():
    assert len(ELEVEN.segments) == 11
    assert SOURCE.matches(5, 5, 5) == ["high value"]
    assert SOURCE.matches(5, 1, 3) == ["potential"]
    assert SOURCE.matches(1, 1, 1) == ["dormant by score"]
    assert (
        ELEVEN.matches(5, 5, 4) == ["champions"]
        and ELEVEN.matches(1, 5, 5) == ["cannot lose"]
        and ELEVEN.matches(1, 1, 1) == ["lost"]
    )


def test_a_broken_map_says_so():
    hole = replace(SOURCE, segments=SOURCE.segments[1:])
    double = SegmentMap("twice", (*SOURCE.segments, replace(SOURCE.segments[0], name="again")))
    assert (
        not hole.proof().holds
        and len(hole.proof().empty) == 8
        and "no partition" in str(hole.proof())
    )
    assert not double.proof().holds and len(double.proof().double) == 8


@pytest.mark.parametrize(
    "toml",
    [
        {"segments": {"recency_days": [1, 2, 3]}},
        {"segments": {"monetary": [1, 2, 2, 3]}},
        {"segments": {"tiers": {"names": ["a", "b"], "lower": [10, 10]}}},
        {"segments": {"tiers": {"names": ["a", "b"], "lower": [20, 10]}}},
    ],
)
def test_thresholds_and_tiers_that_make_no_partition_are_refused(toml):
    with pytest.raises(SettingsProblem):
        parse_settings(toml)


people = st.lists(
    st.tuples(st.integers(0, 700), st.integers(0, 6), st.integers(-50, 900)),
    min_size=1,
    max_size=40,
)


def placed(rows):
    """Customers with an order count, net amount and days of silence, put into both maps by their
    own quantiles.
    """
    frame = pd.DataFrame(
        [
            {
                "customer_id": f"c{i}",
                "recency_days": float(r) if f else float("nan"),
                "orders": f,
                "net": float(m) if f else 0.0,
            }
            for i, (r, f, m) in enumerate(rows)
        ]
    )
    frame = frame.assign(
        state=np.select(
            [(frame["orders"] > 0) & (frame["net"] > 0), frame["orders"] > 0],
            ["scored", "net zero or less"],
            "dormant",
        )
    )
    return assign(
        frame,
        Thresholds.of(frame[frame["state"] == "scored"], SegmentSettings()),
        segment=ELEVEN,
        other=SOURCE,
    )


@settings(max_examples=30, deadline=None)
@given(people, st.randoms())
def test_every_customer_in_exactly_one_segment_of_every_map_whatever_the_order(rows, random):
    one, both = placed(rows), {"segment": ELEVEN, "other": SOURCE}
    for column, each in both.items():
        profile = profile_of(one, each, by=column)
        assert profile["customers"].sum() == len(rows) and profile[
            "revenue"
        ].sum() == pytest.approx(one["net"].sum())
        assert (
            set(one[column]) <= {*each.names, "dormant", "net zero or less"}
            and one[column].notna().all()
        )
        assert profile["segment"].is_unique and set(each.names).isdisjoint(
            {"dormant", "net zero or less"}
        )
    shuffled = placed(random.sample(rows, len(rows)))
    alike = {
        (r, f, m): (a, b)
        for (r, f, m), a, b in zip(rows, one["segment"], one["other"], strict=True)
    }  # equal customers, equal segments
    assert all(
        alike[row] == found
        for row, found in zip(rows, zip(one["segment"], one["other"], strict=True), strict=True)
    )
    assert sorted(shuffled["segment"]) == sorted(one["segment"]) and sorted(
        shuffled["other"]
    ) == sorted(one["other"])
