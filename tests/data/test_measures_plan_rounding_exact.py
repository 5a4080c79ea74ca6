"""Parts add up to the whole when they miss it by no more than one unit, the last one included."""

import pytest

from playbook.base.periods import Month
from playbook.data.measures.plan_rounding import CLOSE, _adds_up, round_moved


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


def test_months_are_whole_cents_in_whatever_order_targets_are_kept():
    """A quarter of 10 shared as 3.334, 3.334 and 3.332: 3.34 + 3.33 + 3.33, of each of forty
    regions, whose names lie in another order in every run.
    """
    july = Month(2023, 7)
    months = [july, july + 1, july + 2]
    exact = dict(zip(months, (3.334, 3.334, 3.332), strict=True))
    values, now = {}, {}
    for region in range(40):
        who = (("region", f"R{region}"),)
        values |= {("sales", who, m, m): exact[m] for m in months}
        values["sales", who, july, july + 2] = 10.0
        now["sales", who] = dict(exact)
    round_moved(values, list(values), list(values), now, 2)
    found = [[round(x, 9) for x in now[subject].values()] for subject in now]
    assert found == [[3.34, 3.33, 3.33]] * 40
