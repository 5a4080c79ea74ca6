"""Greetings and gifts of value tiers, on days of the calendar, worked by hand."""

from datetime import date

import pytest
from small_books import book, order

from playbook import segments
from playbook.base.calendars import named_days
from playbook.base.errors import SettingsProblem
from playbook.base.language import speaking
from playbook.base.periods import Month
from playbook.base.settings.greetings import greeting_mistakes, holidays_called, occasion
from playbook.segments.actions.greetings import _days

TOML = """
[book]
name = "toy"
holidays = "CN"
[segments]
tiers = {{ names = ["best", "rest"], lower = [1000, 0] }}
tier_greetings = {greetings}
"""
ORDERS = [
    order("A", "2023-07-03", 5000, 1, rep_id="R1"),
    order("B", "2023-07-04", 10, 2, rep_id="R1"),
]
CUSTOMERS = [
    {"customer_id": "A", "name": "Ann's", "since": "2020-09-16"},
    {"customer_id": "B", "name": "Bo's", "since": "2020-09-20"},
]


def listed(greetings, month="2023-08"):
    made = book(month, TOML.format(greetings=greetings), orders=ORDERS, customers=CUSTOMERS)
    found = segments.actions(made).table
    return found[found["kind"] == "greeting"]


def test_each_is_due_on_the_last_working_day_before_its_holiday_once_per_customer():
    """Mid-Autumn is 29 September 2023, a Friday off: due on the 28th. 16 September is a Saturday:
    due on the 15th. Of the rest only B is greeted, and on the festival alone.
    """
    found = listed('[["Mid-Autumn", "anniversary", "中秋节"], ["mid-autumn festival"]]')
    assert found[["customer_id", "due"]].sort_values(["customer_id", "due"]).values.tolist() == [
        ["A", date(2023, 9, 15)],
        ["A", date(2023, 9, 28)],
        ["B", date(2023, 9, 28)],
    ]
    assert found["id"].is_unique and found["id"].str.startswith("GR-").all()
    assert any("anniversary" in reason for reason in found["reason"])


def test_a_month_earlier_the_number_is_the_same_and_a_day_past_is_not_greeted_late():
    """National Day is 1 October: 45 days before its due day (28 September) is 14 August, so the
    list of July has none; those of August and September (due before the 30th) differ."""
    rule = '[["National Day"]]'
    august = listed(rule)
    assert august["due"].tolist() == [date(2023, 9, 28)]
    assert listed(rule, "2023-07").empty
    september = listed(rule, "2023-09")
    assert september["id"].tolist() == august["id"].tolist()  # 1 October is still to come
    assert listed(rule, "2023-10").empty


def test_nothing_is_promised_by_nobody():
    assert listed("[]").empty and listed("[[], []]").empty
    bare = '[book]\nname = "toy"\nholidays = "CN"\n[segments]\ntier_greetings = [["National Day"]]'
    found = segments.actions(book("2023-08", bare, orders=ORDERS)).table
    assert "greeting" not in set(found["kind"])  # tiers that nobody set are an illustration


def test_fixed_days_and_the_29th_of_february():
    made = book("2024-12", TOML.format(greetings="[]"), orders=ORDERS)
    assert list(_days(["01-05"], None, made)) == [date(2025, 1, 5)]  # into the next year
    assert list(_days(["anniversary"], date(2020, 3, 5), made)) == []  # too far ahead
    made = book("2025-01", TOML.format(greetings="[]"), orders=ORDERS)
    assert list(_days(["anniversary"], date(2020, 2, 29), made)) == [date(2025, 2, 28)]
    assert list(_days(["anniversary"], date(2025, 2, 10), made)) == []  # not a year yet
    assert holidays_called("spring festival", "CN", 2024) == [date(2024, 2, 10)]
    assert Month.parse("2024-02").start < date(2024, 2, 10)


def test_names_no_calendar_knows_are_told_all_at_once():
    found = greeting_mistakes([["Mid-Atumn", "02-30"], ["anniversary", "12-24"]], "CN")
    assert len(found) == 2
    assert "no holiday of CN" in found[0] and "Mid-Autumn Festival" in found[0]
    assert "no year has that day" in found[1]
    assert "[book] holidays" in greeting_mistakes([["Mid-Autumn"]], [])[0]
    with pytest.raises(SettingsProblem, match="no holiday of CN"):
        listed('[["Mid-Atumn"]]')


def test_a_holiday_is_called_in_the_language_of_the_page():
    assert occasion(" Spring festival ", "CN") == "Spring festival"  # as given
    assert occasion("中秋", "CN") == "Mid-Autumn Festival"
    with speaking("zh"):
        assert occasion("Spring Festival", "CN") == "春节"
        assert occasion("中秋", "CN") == "中秋"
        assert occasion("anniversary", "CN") == "合作周年"
        assert occasion("Christmas Day", "US") == "Christmas Day"  # no Chinese names are known
    assert occasion("12-24", []) == "12-24"
    assert named_days("US", 2023, "zh_CN") == {}
    assert named_days("CN", 2023, "zh_CN")["中秋节"] == date(2023, 9, 29)
    assert "中秋节" not in named_days("CN", 2023, "en_US")


ACTIVITY = {
    "activity_id": 1,
    "date": "2023-07-05",
    "kind": "visit",
    "customer_id": "A",
    "rep_id": "R1",
}


def test_the_plan_of_the_tiers_shows_the_days_where_any_are_promised():
    def columns(greetings):
        toml = TOML.format(greetings=greetings) + "tier_visits = [1, 0]\ntier_calls = [0, 0]\n"
        made = book("2023-08", toml, orders=ORDERS, customers=CUSTOMERS, activities=[ACTIVITY])
        found = segments.relationship(made)
        shown = next(t for t in found.tables() if "Calls promised each" in t.head)
        return found.table["greetings"].tolist(), shown.head

    given, heads = columns('[["Mid-Autumn", "anniversary"]]')
    assert given == ["Mid-Autumn, anniversary of the first business", ""]
    assert "Greeted on" in heads
    given, heads = columns("[]")
    assert given == ["", ""] and "Greeted on" not in heads
