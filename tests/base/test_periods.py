"""Months, windows and working days."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import ParameterProblem, SettingsProblem
from playbook.base.periods import (
    Calendar,
    DataPeriodError,
    Month,
    Period,
    Window,
    fiscal_quarter,
    fiscal_year,
    fiscal_year_number,
    month_numbers,
    months_between,
    window,
)

months = st.builds(Month, st.integers(1990, 2090), st.integers(1, 12))


@pytest.mark.parametrize(
    "text", ["2023-13", "2023-00", "2023-9", "202309", "", "2023-09-30", "Sep 2023", "0000-01"]
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ParameterProblem, match="YYYY-MM"):
        Month.parse(text)


@given(months, st.integers(-500, 500))
def test_adding_months_and_taking_them_away_comes_back(month, k):
    assert (month + k) - k == month and (month + k) - month == k


@given(months)
def test_a_month_number_names_its_month(month):
    assert Month.from_number(month.number) == month
    assert (month + 1).number == month.number + 1
    assert month.number % 12 == month.month - 1


def test_month_numbers_of_a_column_are_those_of_its_days():
    days = pd.to_datetime(pd.Series(["2023-09-30", "2024-01-01", "1969-12-31"]))
    assert month_numbers(days).tolist() == [Month.of(day).number for day in days]


@given(months, st.integers(1, 12))
def test_a_fiscal_quarter_is_a_third_of_its_fiscal_year(month, start):
    first, last = fiscal_quarter(month, start)
    assert last - first == 2 and first <= month <= last
    assert (first - fiscal_year(month, start)[0]) in (0, 3, 6, 9)


@given(months)
def test_a_month_ends_the_day_before_the_next_begins(month):
    assert ((month + 1).start - month.end).days == 1


def test_windows_end_on_the_as_of_date():
    as_of = date(2023, 9, 30)
    starts = {
        name: window(name, as_of).start
        for name in (
            "month",
            "quarter_to_date",
            "year_to_date",
            "trailing_12m",
            "rfm_window",
            "all",
        )
    }
    assert starts == {
        "month": date(2023, 9, 1),
        "quarter_to_date": date(2023, 7, 1),
        "year_to_date": date(2023, 1, 1),
        "trailing_12m": date(2022, 10, 1),
        "rfm_window": date(2021, 10, 1),
        "all": None,
    }


def test_the_fiscal_year_moves_quarters_and_years():
    as_of = date(2023, 5, 31)
    assert window("year_to_date", as_of, fiscal_year_start=4).start == date(2023, 4, 1)
    assert window("quarter_to_date", as_of, fiscal_year_start=3).start == date(2023, 3, 1)
    assert fiscal_year(Month(2023, 3), 4) == (Month(2022, 4), Month(2023, 3))


def test_a_year_before_spans_the_same_months_even_in_a_leap_year():
    assert window("month", date(2024, 2, 29)).year_before() == Window(
        "month", date(2023, 2, 1), date(2023, 2, 28)
    )
    assert window("month", date(2023, 2, 28)).year_before() == Window(
        "month", date(2022, 2, 1), date(2022, 2, 28)
    )
    assert window("month", date(2025, 2, 28)).year_before().end == date(2024, 2, 29)


def test_the_period_before_is_as_long():
    assert window("quarter_to_date", date(2023, 8, 31)).period_before() == Window(
        "quarter_to_date", date(2023, 5, 1), date(2023, 6, 30)
    )


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", Month(2023, 1), Month(2023, 12)),
        ("2023-Q2", Month(2023, 4), Month(2023, 6)),
        ("2023-03", Month(2023, 3), Month(2023, 3)),
    ],
)
def test_a_period_is_a_year_a_quarter_or_a_month(text, first, last):
    period = Period.parse(text)
    assert (period.first, period.last) == (first, last) and period.months == months_between(
        first, last
    )


@pytest.mark.parametrize("text", ["2023-13", "2023-Q5", "Q1", "March", "23"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(DataPeriodError, match=text):
        Period.parse(text)


def test_spring_festival_is_no_working_day():
    china = Calendar("CN")
    assert not china.is_working(date(2023, 1, 23))  # second day of the festival of 2023
    assert len(china.working_days(date(2023, 1, 1), date(2023, 1, 31))) < len(
        Calendar().working_days(date(2023, 1, 1), date(2023, 1, 31))
    )


MADE_UP = [(1, 28), (1, 29), (4, 23), (5, 6), (6, 25), (10, 7), (10, 8)]


def test_weekends_worked_in_exchange_follow_the_state_council_of_2023():
    """General Office of the State Council, notice 国办发明电〔2022〕16号 of 8 December 2022: seven
    make-up days, 116 days off in all.
    """
    year = Calendar("CN").working_days(date(2023, 1, 1), date(2023, 12, 31))
    assert [(day.month, day.day) for day in year if day.weekday() >= 5] == MADE_UP
    assert len(year) == 365 - 116
    golden_week = Calendar("CN").working_days(date(2023, 9, 29), date(2023, 10, 8))
    assert golden_week == [date(2023, 10, 7), date(2023, 10, 8)]


def test_a_books_own_make_up_days_win_over_days_off():
    own = Calendar(
        dates=frozenset([date(2023, 10, 7), date(2023, 10, 3)]),
        workdays=frozenset([date(2023, 10, 7)]),
    )
    assert (
        own.is_working(date(2023, 10, 7))
        and not own.is_working(date(2023, 10, 3))
        and not own.is_working(date(2023, 10, 8))
    )


def test_an_unknown_holiday_country_is_refused():
    with pytest.raises(SettingsProblem, match="holidays"):
        Calendar("XX").is_working(date(2023, 1, 2))


def test_a_window_is_named_in_the_language_of_the_book():
    year = window("trailing_12m", date(2023, 9, 30), language="zh")
    assert year.label == "2022年10月1日 – 2023年9月30日"
    assert year.year_before().label == "2021年10月1日 – 2022年9月30日"
    assert window("all", date(2023, 9, 30)).label == "all data to 30 Sep 2023"


@pytest.mark.parametrize(
    ("text", "named_by", "first", "last", "label"),
    [
        ("2020", "end", Month(2019, 7), Month(2020, 6), "2020 (Jul 2019 – Jun 2020)"),
        ("2020", "start", Month(2020, 7), Month(2021, 6), "2020 (Jul 2020 – Jun 2021)"),
        ("2020-Q3", "end", Month(2020, 1), Month(2020, 3), "2020-Q3 (Jan – Mar 2020)"),
        ("2020-Q3", "start", Month(2021, 1), Month(2021, 3), "2020-Q3 (Jan – Mar 2021)"),
        ("2020-03", "end", Month(2020, 3), Month(2020, 3), "2020-03"),
    ],
)
def test_a_fiscal_year_is_named_by_its_end_unless_the_settings_say_start(
    text, named_by, first, last, label
):
    period = Period.parse(text, 7, named_by)
    assert (period.first, period.last, period.label) == (first, last, label)


@pytest.mark.parametrize("named_by", ["start", "end"])
def test_calendar_years_have_one_name_and_need_no_months_beside_it(named_by):
    assert Period.parse("2020", 1, named_by) == Period("2020", Month(2020, 1), Month(2020, 12))
    assert [Period.parse(p, 1, named_by).label for p in ("2020", "2020-Q2")] == ["2020", "2020-Q2"]


@given(months, st.integers(1, 12), st.sampled_from(["start", "end"]))
def test_the_number_of_a_fiscal_year_parses_to_the_year_that_holds_the_month(month, start, name):
    year = Period.parse(f"{fiscal_year_number(month, start, name):04d}", start, name)
    assert (year.first, year.last) == fiscal_year(month, start)
