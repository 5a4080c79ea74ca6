"""A plan given only in parts: the company's months are the sums of its members' shorter targets."""

from types import SimpleNamespace

import pytest

from playbook.base.periods import Month
from playbook.data.measures.plan_moves import factor_of, parts_of, sum_of

MONTHS = [Month(2023, m) for m in range(1, 7)]


def quarter(first: int, region: str, amount: float):
    """A row of the plan: metric, members, and what else names it → its target."""
    months = tuple(Month(2023, m) for m in range(first, first + 3))
    members = (("region", region),)
    target = SimpleNamespace(
        members=members, target=amount, period=SimpleNamespace(months=months), derived=False
    )
    return ("sales", members, months, ""), target


def test_quarters_of_regions_are_spread_over_their_months_and_added():
    """East 100 and 200, West 50 and 60; a quarter falls due by 20, 30 and 50 %."""
    given = dict(
        [quarter(1, "East", 100), quarter(4, "East", 200), quarter(1, "West", 50)]
        + [quarter(4, "West", 60)]
    )
    found = sum_of(parts_of(given, "sales"), MONTHS, [0.2, 0.3, 0.5])
    assert [found[m] for m in MONTHS] == pytest.approx([30, 45, 75, 52, 78, 130])
    assert sum_of(parts_of(given, "customers"), MONTHS, [0.2, 0.3, 0.5]) == {}


def test_a_member_without_a_quarter_leaves_the_sum_open():
    given = dict([quarter(1, "East", 100), quarter(4, "East", 200), quarter(1, "West", 50)])
    assert sum_of(parts_of(given, "sales"), MONTHS, [0.2, 0.3, 0.5]) == {}


def test_a_change_moves_the_months_that_had_not_ended():
    """10 a month; agreed on 15 February that the half-year is 110: January stays, the other five
    share the 100 that are left, twice what was planned.
    """
    mine = dict.fromkeys(MONTHS, 10.0)
    left, factor, added = factor_of(mine, MONTHS, Month(2023, 2).start.replace(day=15), 110.0)
    assert (left, factor, added) == (MONTHS[1:], 2.0, 0.0)
    # agreed on the last day of June: all is over, all months move
    assert factor_of(mine, MONTHS, MONTHS[-1].end, 90.0) == (MONTHS, 1.5, 0.0)
    # January alone had more than the new target: all months move
    assert factor_of(mine | {MONTHS[0]: 60.0}, MONTHS, MONTHS[0].end, 55.0) == (MONTHS, 0.5, 0.0)
    # exactly as much: the months left become zero
    left, factor, added = factor_of(mine, MONTHS, MONTHS[0].end, 10.0)
    assert (left, factor, added) == (MONTHS[1:], 0.0, 0.0)
    # nothing was planned for what is left: the rest is added
    mine = {month: 10.0 if month == MONTHS[0] else 0.0 for month in MONTHS}
    assert factor_of(mine, MONTHS, MONTHS[0].end, 25.0) == (MONTHS[1:], 1.0, 15.0)
