"""Which days the rows of a table cover, worked by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.periods import Month
from playbook.data.coverage import Coverage, of_days

AS_OF = date(2023, 3, 31)


def every_day(start: date, end: date, step: int = 1) -> list[date]:
    return [start + timedelta(i) for i in range(0, (end - start).days + 1, step)]


def covered(days: list[date], as_of: date = AS_OF, rows: int = 1) -> Coverage:
    return of_days("orders", days, [rows] * len(days), as_of)


def test_daily_rows_that_begin_on_the_21st_do_not_cover_their_first_month():
    found = covered(every_day(date(2022, 3, 21), AS_OF))
    assert (found.first, found.last) == (date(2022, 3, 21), AS_OF)
    assert found.state(Month(2022, 3)) == "part"
    assert found.state(Month(2022, 2)) == "outside"
    assert found.state(Month(2022, 4)) == "whole"
    assert found.gap(date(2022, 3, 1), date(2022, 3, 31)) == "orders begin on 21 Mar 2022"
    assert found.covers(date(2022, 4, 1), AS_OF)
    assert found.months_before(date(2023, 3, 1)) == 11


def test_rows_on_the_15th_of_each_month_cover_whole_months():
    days = [date(2022 + (6 + i) // 12, (6 + i) % 12 + 1, 15) for i in range(9)]
    found = covered(days)
    assert (found.first, found.last) == (date(2022, 7, 1), AS_OF)
    assert found.months()[0] == Month(2022, 7)
    assert found.gap(date(2022, 1, 1), AS_OF) == "orders begin on 1 Jul 2022"


def test_a_report_month_that_the_rows_do_not_reach_the_end_of_is_part():
    found = covered(every_day(date(2022, 1, 1), date(2023, 3, 12)))
    assert found.last == date(2023, 3, 12)
    assert found.state(Month(2023, 3)) == "part"
    assert found.gap(date(2023, 3, 1), AS_OF) == "orders end on 12 Mar 2023"


def test_a_weekend_and_a_few_quiet_days_are_no_missing_data():
    found = covered(every_day(date(2022, 1, 4), date(2023, 3, 28)))
    assert (found.first, found.last) == (date(2022, 1, 1), AS_OF)


def test_a_dozen_scattered_days_cannot_show_that_anything_is_missing():
    found = covered([date(2023, 1, 2) + timedelta(i) for i in (0, 3, 9, 15, 20, 33, 40, 52, 68)])
    assert (found.first, found.last) == (date(2023, 1, 1), AS_OF)


def test_an_empty_month_between_full_ones_is_a_hole_and_between_quiet_ones_is_not():
    days = [d for d in every_day(date(2022, 1, 1), AS_OF) if (d.year, d.month) != (2022, 8)]
    found = covered(days)
    assert found.holes == (Month(2022, 8),)
    assert found.gap(date(2022, 7, 1), date(2022, 9, 30)) == "orders hold nothing of Aug 2022"
    assert found.state(Month(2022, 8)) == "outside"
    assert not covered([date(2022, 1, 1), date(2022, 2, 9), date(2022, 4, 1)]).holes


def test_a_table_without_days_covers_nothing_and_says_so():
    found = covered([])
    assert found.gap(None, AS_OF) == "orders carry no days"
    assert found.months() == [] and found.state(Month(2023, 3)) == "outside"


def test_a_span_without_a_start_asks_for_the_end_alone():
    assert not covered(every_day(date(2022, 3, 21), AS_OF)).gap(None, AS_OF)


@given(
    st.sets(st.integers(0, 800), min_size=1, max_size=60),
    st.integers(0, 60),
)
def test_rows_after_the_as_of_date_would_change_nothing(days, cut):
    """Coverage uses rows up to the as-of date only, and lies inside the months that hold rows."""
    known = sorted(date(2021, 1, 1) + timedelta(i) for i in days)
    as_of = Month.of(known[-1] + timedelta(cut)).end
    found = of_days("orders", known, [1] * len(known), as_of)
    assert found.first is not None and found.last is not None
    assert Month.of(known[0]).start <= found.first <= known[0]
    assert known[-1] <= found.last <= as_of
    assert all(found.state(m) != "outside" or m in found.holes for m in map(Month.of, known))


@pytest.mark.parametrize("table", ["orders", "leads"])
def test_the_reason_names_the_table(table):
    found = of_days(table, every_day(date(2022, 3, 21), AS_OF), [1] * 376, AS_OF)
    assert found.gap(date(2022, 1, 1), AS_OF).startswith(table)
