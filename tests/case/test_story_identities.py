"""Identities between published figures, by hand and in the sample's tables."""

import pytest

from playbook import case
from playbook.case.story.identities import heads_change, matched_change, parts_growth


def test_growth_of_the_parts_by_hand():
    """1.42 × 0.70 ÷ 0.55 − 1 = 80.7 % and 1.42 × 0.30 ÷ 0.45 − 1 = −5.3 %."""
    assert parts_growth(0.42, 0.55, 0.70) == pytest.approx((0.80727, -0.05333), abs=1e-5)
    assert matched_change(-0.30, 0.45, 0.72) == pytest.approx(0.12)
    assert heads_change(0.42, 0.38) == pytest.approx(0.02899, abs=1e-5)


@pytest.mark.parametrize("before", [0.0, 1.0])
def test_a_share_without_a_base_is_refused(before):
    with pytest.raises(ValueError, match="without a base"):
        parts_growth(0.42, before, 0.7)


def test_parts_weighted_by_their_shares_give_the_growth_again():
    for growth, before, after in ((0.42, 0.55, 0.7), (-0.2, 0.3, 0.9), (0.0, 0.5, 0.5)):
        returning, new = parts_growth(growth, before, after)
        assert before * (1 + returning) + (1 - before) * (1 + new) == pytest.approx(1 + growth)


def test_the_worked_identities_hold_in_the_tables_too(course):
    table = case.identities(course).table.set_index("identity")
    assert table.value["returning"] == pytest.approx(0.807, abs=5e-4)
    assert table.value["new"] == pytest.approx(-0.053, abs=5e-4)
    assert table.value["renewal.relative"] == pytest.approx(0.294, abs=5e-4)
    assert table.value["renewal.points"] == pytest.approx(0.20)
    assert (table.recomputed - table.value).abs().max() < 0.01
