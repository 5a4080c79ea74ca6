"""Parts add up to the whole when they miss it by no more than one unit, the last one included."""

import pytest

from playbook.data.measures.plan_rounding import CLOSE, _adds_up


@pytest.mark.parametrize(
    ("parts", "whole", "unit", "said"),
    [
        (10.0, 11.0, 1, True),  # one whole unit
        (10.0, 11.5, 1, False),
        (11.0, 10.0, 1, True),
        (0.0, 0.25, 4, True),  # a quarter where quarters are the unit
        (0.0, 0.5, 4, False),
        (0.0, 0.0, 100, True),
    ],
)
def test_parts_that_miss_the_whole_by_a_unit(parts, whole, unit, said):
    assert CLOSE * abs(whole) < 1 / unit
    assert _adds_up(parts, whole, unit) is said
