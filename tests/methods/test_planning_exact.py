"""Tries and targets against every number tried one by one."""

import pytest

from playbook.methods.planning import chance, most_deals, needed


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("probability", [0.5, 0.8, 0.95])
def test_the_largest_target_is_the_last_that_is_as_likely(rate, probability):
    for tries in range(0, 14):
        able = [t for t in range(tries + 1) if t == 0 or chance(tries, t, rate) >= probability]
        assert most_deals(tries, rate, probability) == max(able), tries


def test_all_tries_may_be_the_target_and_none_below_none():
    assert most_deals(3, 0.99, 0.9) == 3
    assert most_deals(0, 0.5, 0.5) == most_deals(-2, 0.5, 0.5) == 0


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_the_expected_number_of_tries_by_hand(rate):
    assert needed(9, rate) == {0.1: 90, 0.5: 18, 0.9: 10}[rate]
