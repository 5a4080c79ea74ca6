"""When a target is due: months, thirds and days, exact and by hand."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_books import TOML, TWO_REGIONS, months

from playbook.base.errors import SettingsProblem
from playbook.base.periods import Calendar, Month
from playbook.base.settings import GoalSettings, parse_settings
from playbook.data.measures.plan_curves import Curve, curve_of, day_weights
from playbook.goals.plan.calendar import phasing
from playbook.goals.plan.phasing import by_day

S, PLAIN = GoalSettings(), Calendar()


def test_a_month_falls_thirty_fifty_twenty_on_its_thirds():
    days = by_day(100_000, Month(2023, 8), S, PLAIN)
    assert days.groupby("third")["units"].sum().tolist() == [30_000, 50_000, 20_000]


def test_a_quarter_falls_thirty_forty_thirty_on_its_months():
    curve = curve_of(Month(2023, 1), Month(2023, 3), None, GoalSettings(phasing="phases"), PLAIN)
    assert curve.shares == pytest.approx((0.3, 0.4, 0.3))


@given(st.integers(0, 10**9), st.integers(1, 12), st.booleans())
def test_days_sum_to_their_month_whatever_the_holidays(units, month, chinese):
    days = by_day(units, Month(2024, month), S, Calendar(country="CN") if chinese else PLAIN)
    assert days["units"].sum() == units and days["date"].is_monotonic_increasing


def test_golden_week_takes_weight_from_its_third():
    days = by_day(100_000, Month(2023, 10), S, Calendar(country="CN"))
    thirds = days.groupby("third")["units"].sum()
    assert thirds[1] < 30_000 and dt.date(2023, 10, 2) not in set(days["date"])
    assert sum(
        w for _, w in day_weights(Month(2023, 10), S, Calendar(country="CN"))
    ) == pytest.approx(1)


def test_worked_weekends_give_a_third_no_more_than_its_weight():
    """Ten days of the first third are worked, three at weekends: half the weight each."""
    month = Month(2023, 5)
    days = [d.date() for d in pd.date_range(month.start, month.end)]
    worked = frozenset(day for day in days if day.day <= 10 and day.weekday() > 4)
    off = frozenset(day for day in days if day.day > 20)
    settings = GoalSettings(thirds=[0.5, 0.5, 0])
    shares: dict[int, float] = {}
    for day, share in day_weights(month, settings, Calendar(dates=off, workdays=worked)):
        shares[(day.day - 1) // 10] = shares.get((day.day - 1) // 10, 0) + share
    assert shares == pytest.approx({0: 0.5, 1: 0.5})


def test_a_month_whose_weighted_third_is_all_holidays_spreads_over_the_others():
    """Only the 9th and 10th work in the first third, one day in the second and none in the last,
    which alone has a weight: each of the two thirds takes half.
    """
    month = Month(2023, 10)
    days = [d.date() for d in pd.date_range(month.start, month.end)]
    off = frozenset(day for day in days if day.day not in (9, 10, 16))
    weights = day_weights(month, GoalSettings(thirds=[0, 0, 1]), Calendar(dates=off))
    assert [(day.day, share) for day, share in weights] == [(9, 0.25), (10, 0.25), (16, 0.5)]


@given(
    st.lists(st.floats(0.01, 1), min_size=12, max_size=12), st.integers(1, 12), st.floats(1, 1e6)
)
def test_pace_is_one_for_whoever_is_on_the_curve(weights, month, target):
    months = tuple(Month(2023, m) for m in range(1, 13))
    curve = Curve(months, tuple(w / sum(weights) for w in weights), "own")
    due = curve.elapsed(Month(2023, month).end, S, PLAIN)
    assert target * due / (target * due) == 1
    assert due == pytest.approx(sum(weights[:month]) / sum(weights))


def test_inside_a_month_the_curve_follows_the_thirds():
    curve = Curve((Month(2023, 8),), (1.0,), "one month")
    assert curve.elapsed(dt.date(2023, 8, 10), S, PLAIN) == pytest.approx(0.3)
    assert curve.elapsed(dt.date(2023, 8, 20), S, PLAIN) == pytest.approx(0.8)


def test_weights_of_thirds_and_phases_must_sum_to_one():
    with pytest.raises(SettingsProblem, match="sum to 1"):
        parse_settings({"goals": {"thirds": [0.3, 0.5, 0.3]}})


def test_the_next_month_is_the_plans_own(book):
    targets = "period,metric,target\n" + "\n".join(
        f"2023-{m:02d},sales,{100 * m}" for m in range(1, 13)
    )
    made = phasing(book("2023-06", orders=TWO_REGIONS, targets=targets))
    assert made.units == 70_000 and made.days["units"].sum() == 70_000


def test_october_names_the_days_off_and_the_weekend_days_worked(book):
    toy = book(
        "2023-09",
        toml=TOML.replace("stages", 'holidays = "CN"\nstages'),
        orders=months(2021, 2023, 9, lambda y, m: 100 + m),
    )
    assert (
        "Weekdays off: 2 Oct 2023" in phasing(toy).reading()
        and "Weekend days worked: 7 Oct 2023 and 8 Oct 2023." in phasing(toy).reading()
    )
    assert (
        "Weekend"
        not in phasing(
            book("2023-09", orders=months(2021, 2023, 9, lambda y, m: 100 + m))
        ).reading()
    )


def test_a_season_is_shrunk_by_one_year_of_working_days_and_no_month_plans_nothing():
    """All of 2022 in July, all of 2021 in January: 1 ÷ 3 each, and a third by working days."""
    sold = {Month(2022, 7): 100.0, Month(2021, 1): 50.0}
    past = pd.Series({Month(2021, 1) + i: sold.get(Month(2021, 1) + i, 0.0) for i in range(24)})
    curve = curve_of(Month(2023, 1), Month(2023, 12), past, S, PLAIN)
    assert curve.source == "season of the last 2 years, shrunk towards the working days"
    assert curve.shares[6] == pytest.approx((1 + 21 / 260) / 3)  # 21 of 260 weekdays in July 2023
    assert curve.shares[1] == pytest.approx(20 / 260 / 3)
    assert min(curve.shares) > 0 and sum(curve.shares) == pytest.approx(1)


SOLD = "opportunity_id,created,stage,outcome,closed,amount,rep_id\n" + "\n".join(
    f"D{m}{i},2022-{m:02d}-01,{'won' if i < 2 else 'intent'},{'won' if i < 2 else 'lost'},"
    f"2022-{m:02d}-{10 + i},100,R1"
    for m in range(1, 13)
    for i in range(4)
)
ENTERED = "opportunity_id,stage,entered_at\n" + "\n".join(
    f"D{m}{i},{stage},2022-{m:02d}-0{day}"
    for m in range(1, 13)
    for i in range(4)
    for stage, day in (("lead", 1), ("intent", 2))
)
VISITS = "activity_id,date,rep_id,kind\n" + "\n".join(
    f"A{m}{d},2022-{m:02d}-{d:02d},R1,visit" for m in range(1, 13) for d in range(1, 7)
)


def test_phases_give_the_visits_proposals_and_wins_of_the_quarter_and_of_the_month(book):
    """10,000 at 100 a deal: 100 wins; half of the proposals are won: 200; 72 visits behind 24 wins:
    300. By 30/40/30; the 30 wins, 60 proposals and 90 visits of January by 30/50/20.
    """
    toy = book(
        "2022-12",
        toml=TOML + '[goals]\nphasing = "even"\n',
        opportunities=SOLD,
        stage_events=ENTERED,
        activities=VISITS,
    )
    made = phasing(toy, 40_000)
    assert made.quarter[["visits", "proposals", "wins"]].to_numpy().tolist() == [
        [90, 60, 30],
        [120, 80, 40],
        [90, 60, 30],
    ]
    thirds = made.tables()[0]
    counts = [[cell.text for cell in row[-3:]] for row in (*thirds.rows, *thirds.total)]
    assert counts == [["27", "18", "9"], ["45", "30", "15"], ["18", "12", "6"], ["90", "60", "30"]]
    assert "90 visits in Jan 2023, 80 proposals in Feb 2023, 30 wins in Mar 2023" in made.reading()
    other = phasing(
        book(
            "2022-12",
            toml=TOML + '[goals]\nphasing = "even"\nphases = [0.5, 0.25, 0.25]\n',
            opportunities=SOLD,
        ),
        40_000,
    )
    assert other.quarter["wins"].tolist() == [50, 25, 25]
    # the same 100 wins by the money of the months, an even 10,000 a quarter: both are told
    assert other.quarter["by_target"].tolist() == [34, 33, 33]
    assert made.quarter["by_target"].sum() == made.quarter["wins"].sum() == 100
    quarter = made.tables()[-1]
    assert quarter.head[-2:] == ("Wins by the phases", "Wins by the target")
    assert "both add up to the quarter" in quarter.note
    assert other.quarter["visits"].isna().all() and "visits:" not in other.tables()[2].note


def test_a_firm_without_deals_or_contacts_has_no_phases_unless_it_names_them(book):
    sold = months(2021, 2022, 12, lambda y, m: 100)
    made = phasing(book("2022-12", orders=sold), 1200)
    assert made.behind is None and "phases:" not in made.reading()
    assert [t.title for t in made.tables()] == [
        "Jan 2023 by ten-day third",
        "Jan 2023 by week from",
    ]
    for own in ("phases = [0.3, 0.4, 0.3]", 'phasing = "phases"'):
        named = phasing(book("2022-12", TOML + f"[goals]\n{own}\n", orders=sold), 1200)
        assert named.tables()[2].title == "The quarter's three phases"
        assert "Wins" not in named.tables()[2].head
