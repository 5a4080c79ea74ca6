"""The ends of an interval by randomisation lie exactly where the decision turns."""

import numpy as np
import pytest

from playbook.methods import experiment


def test_the_ends_of_the_interval_are_where_an_effect_begins_to_be_rejected():
    """Four of eight groups: 70 choices. An effect of 10 added to values apart from each other."""
    change = np.array([10.0, 11.0, 12.5, 13.0, 0.2, 0.9, 2.0, 3.4])
    chosen = [0, 1, 2, 3]
    low, high = experiment.interval(change, chosen)
    assert (low, high) == pytest.approx((6.6, 12.8), abs=1e-4)
    for end, inward in ((low, 1e-4), (high, -1e-4)):
        assert experiment.p_value(change, chosen, end + inward) > 0.05
        assert experiment.p_value(change, chosen, end - inward) <= 0.05
