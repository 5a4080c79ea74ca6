"""What customers who came and went bring and cost, beside volume, mix and price; and saddles."""

import numpy as np
import pandas as pd
import pytest

from playbook.methods.attribution import price_volume_mix
from playbook.methods.likelihood import standard_errors


def test_new_lost_volume_mix_and_price_by_hand():
    """A: 10 at 2 become 12 at 3; a new customer brings 9, a lost one takes 20."""
    rows = [
        {"line": "A", "state": "kept", "q0": 10, "q1": 12, "r0": 20, "r1": 36},
        {"line": "A", "state": "new", "q0": 0, "q1": 3, "r0": 0, "r1": 9},
        {"line": "B", "state": "lost", "q0": 4, "q1": 0, "r0": 20, "r1": 0},
    ]
    assert price_volume_mix(pd.DataFrame(rows)) == pytest.approx(
        {"new customers": 9, "lost customers": -20, "volume": 5, "mix": 0, "price": 11}
    )


def test_a_likelihood_without_a_top_gives_no_standard_error():
    """x·y has a saddle at 0: its inverse curvature has a diagonal of 0."""
    assert standard_errors(lambda p: (p[0] * p[1], p[::-1].copy()), np.zeros(2)) == (None, None)
