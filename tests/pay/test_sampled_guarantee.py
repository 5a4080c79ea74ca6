"""The guarantee of sampled quarters, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from pay_plans import months_of, plan
from playbook.pay.resampled_draws import least_of

FLAT = [(0, None, "0.10")]


@pytest.mark.parametrize(
    ("floor", "prorate", "wanted"),
    [
        ("100", True, [100_00, 50_00, 0]),  # all 90 days, 45 of them, none
        ("100", False, [100_00, 100_00, 0]),
        ("0.01", True, [1, 0, 0]),  # half a cent goes to the even one
        ("0.03", True, [3, 2, 0]),
    ],
)
def test_a_guarantee_is_for_the_days_on_board(floor, prorate, wanted):
    one = plan(FLAT, floor=floor, prorate=prorate, accumulate="quarter")
    months = replace(
        months_of(np.zeros((4, 3)), one),
        days=np.array([31, 28, 31, 30]),
        aboard=np.array([[31, 0, 0], [28, 14, 0], [31, 31, 0], [30, 30, 30]]),
    )
    sampled = np.array([[0, 1, 2], [3, 3, 3]])
    found = least_of(months, sampled)
    assert found.shape == (2, 1, 3)
    assert found[0, 0].tolist() == wanted
    assert found[1, 0].tolist() == [wanted[0]] * 3  # a month drawn three times is a whole quarter
