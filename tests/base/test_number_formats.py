"""One formatter for every number on a page."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.formats import Formats, listing, plural

FMT = Formats()


@pytest.mark.parametrize(
    ("value", "unit", "options", "text"),
    [
        (0.6315, "share", {}, "63.2 %"),  # half-even on the written decimals: 63.15 → 63.2
        (0.625, "share", {"decimals": 0}, "62 %"),  # half-even
        (-0.0312, "pp", {}, "−3.1 pp"),
        (0.2, "pp", {}, "+20.0 pp"),
        (1234567.5, "money", {}, "¥1,234,568"),
        (1234567.89, "money.exact", {}, "¥1,234,567.89"),
        (Decimal("0.005"), "money.exact", {}, "¥0.00"),
        (Decimal("0.015"), "money.exact", {}, "¥0.02"),
        (1_234_567, "money", {"compact": True}, "¥1.23m"),
        (999_999, "money", {"compact": True}, "¥1.00m"),
        (-500, "CNY", {}, "−¥500"),
        (-0.4, "money", {}, "¥0"),  # what rounds to nothing has no sign
        (Decimal("0.01"), "money", {"sign": True}, "¥0"),
        (-0.004, "money.exact", {}, "¥0.00"),
        (-0.04, "money", {"compact": True}, "¥0.0"),
        (Decimal("-0.01"), "money.exact", {}, "−¥0.01"),
        (12, "count", {}, "12"),
        (12.5, "count", {}, "12.5"),
        (18.4, "days", {}, "18.4 d"),
        (57, "days", {}, "57 d"),
        (1.2, "ratio", {}, "1.20×"),
        ("2023-09", "month", {}, "Sep 2023"),
    ],
)
def test_a_number_is_written_as_its_unit_asks(value, unit, options, text):
    assert FMT.text(value, unit, **options) == text


@pytest.mark.parametrize(
    "missing", [None, float("nan"), np.nan, pd.NA, pd.NaT, float("inf"), float("-inf")]
)
@pytest.mark.parametrize("unit", ["share", "money", "count", "days", "text", "date"])
def test_what_is_missing_or_infinite_is_a_dash(missing, unit):
    assert FMT.text(missing, unit) == "–"


def test_chinese_books_count_in_wan_and_yi():
    zh = Formats("CNY", "zh")
    assert zh.money(123_456_789, compact=True) == "¥1.23亿"
    assert zh.money(52_300, compact=True) == "¥5.23万"
    assert zh.text("2023-09", "month") == "2023年9月"


def test_a_currency_without_minor_units_shows_none():
    assert Formats("JPY").text(1234.5, "money.exact") == "¥1,234"


def test_an_unknown_unit_is_refused_by_name():
    with pytest.raises(ValueError, match="unit 'bananas'"):
        FMT.text(1, "bananas")


def test_a_rate_always_carries_its_counts():
    assert FMT.rate(17, 20) == "85.0 % (17 of 20)"
    assert FMT.rate(0, 0) == "– (0 of 0)"


def test_both_ends_of_an_interval_are_in_one_unit():
    assert FMT.interval(0.145, 0.519, "share") == "14.5–51.9 %"
    assert FMT.interval(-5, 10, "money") == "−¥5 to ¥10"
    assert FMT.interval(None, 0.5, "share") == "–"
    assert FMT.interval(0.01, 0.03, "pp") == "+1.0–+3.0 pp"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_shown_to_the_cent_is_the_money(amount):
    shown = FMT.text(amount, "money.exact").replace("¥", "").replace(",", "").replace("−", "-")
    assert Decimal(shown) == amount


def test_words_for_counts_and_lists():
    assert plural(1, "deal") == "1 deal" and plural(1200, "deal") == "1,200 deals"
    assert listing(["a"]) == "a" and listing(["a", "b"]) == "a and b"
    assert listing(["a", "b", "c", "d"]) == "a, b, c and 1 more" and listing([]) == "none"
