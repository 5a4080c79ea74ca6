"""Words that follow a number in English sentences."""

import doctest

import numpy as np
import pytest

from playbook.base import agreement
from playbook.base.agreement import filled
from playbook.base.language import english, say, speaking


def test_examples():
    assert doctest.testmod(agreement).failed == 0


@pytest.mark.parametrize(
    ("text", "places", "said"),
    [
        ("no check-in for {days} days", {"days": 1}, "no check-in for 1 day"),
        ("no check-in for {days} days", {"days": 2}, "no check-in for 2 days"),
        ("no check-in for {days} days", {"days": 0}, "no check-in for 0 days"),
        ("{n:,} people, {m} entries", {"n": np.int64(1), "m": "1"}, "1 person, 1 entry"),
        ("{n:,} people", {"n": 1001}, "1,001 people"),
        ("{n} points", {"n": 1.0}, "1.0 points"),
        ("{n} points", {"n": "1.5"}, "1.5 points"),
        ("{n} orders of {m} orders", {"n": 1, "m": 3}, "1 order of 3 orders"),
        ("{deals} are what it brought", {"deals": "1 open deal"}, "1 open deal is what it brought"),
        ("{deals} are what it brought", {"deals": "2 deals"}, "2 deals are what it brought"),
        ("{n} are red", {"n": 11}, "11 are red"),
        ("{n} are red", {"n": 1}, "1 is red"),
        ("{text} days", {"text": "1 week and 2"}, "1 week and 2 days"),
        ("{n} daysies", {"n": 1}, "1 daysies"),
    ],
)
def test_a_word_agrees_with_the_number_before_it(text, places, said):
    assert filled(text, places) == said


def test_english_stays_english_in_a_chinese_run():
    with speaking("zh"):
        text = say("no check-in for {days} days", days=1)
        assert text == "1天没有检查"
        assert english(text) == "no check-in for 1 day"
