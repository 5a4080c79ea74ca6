"""Numbers of actions: the same for ever, for the workbooks of earlier months hold them."""

from __future__ import annotations

import pytest

from playbook.base.action_ids import EVENTS, action_id, finding_id, told_by_tables


def test_numbers_never_change():
    assert action_id("value check", "D-77") == "VC-CHYCTKVHLE"
    assert action_id("task", "Spring fair", "visits", "R01") == action_id(
        "task", "Spring fair", "visits", "R01"
    )
    assert len({EVENTS[kind] for kind in EVENTS}) == len(EVENTS)


def test_the_parts_of_a_key_are_told_apart():
    assert action_id("task", "a", "b") != action_id("task", "ab", "")
    assert action_id("task", "a") != action_id("meeting", "a")


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("Close 1,200.50 in West", "Close 90 in West", True),
        ("Close ¥1.2m in West", "Close ¥930k in West", True),
        ("Close ¥44.5万 in West", "Close ¥1.2亿 in West", True),
        ("In 3 months", "In 12 months", True),
        ("Close 90 in West", "Close 90 in East", False),
        ("Visit D00012", "Visit D00013", False),  # a number that belongs to a name is no figure
        ("Visit  Shop", "visit shop", True),
    ],
)
def test_figures_in_a_finding_do_not_count(one, other, same):
    assert (finding_id("Goals", one, "Li") == finding_id("Goals", other, "Li")) is same
    assert finding_id("Goals", one, "Li") != finding_id("Goals", one, "Bo")


def test_which_actions_the_tables_tell_about():
    assert told_by_tables(action_id("renewal", "k")) and not told_by_tables(
        finding_id("Goals", "x", "Li")
    )
