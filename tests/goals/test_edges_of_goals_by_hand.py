"""What single lines of goal setting decide, worked by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from toy_books import months

from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.base.settings import GoalSettings
from playbook.data.measures.plan_curves import Curve
from playbook.goals.agenda.items import NEW_DAYS, _leads
from playbook.goals.director.months import Months
from playbook.goals.explore import what_if
from playbook.goals.plan.cross_tables import few, grid_tables, members_said, months_tables
from playbook.goals.plan.year import year_figure
from playbook.goals.track.buffers import buffers_table
from playbook.goals.track.judging import projection
from playbook.goals.track.overview import SalesOverview
from playbook.goals.track.quarter_outlook import quarter_outlook
from playbook.methods.intervals import Rate
from toy import toy

FMT = Formats()


def texts(rows) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


# -- the year by member and month


def test_as_many_members_as_fit_stand_beside_each_other_and_the_rest_in_one_sum():
    table = pd.DataFrame({"m": [5, 1, 9, 2, 7]}, index=pd.Index(list("abcde"), name="region"))
    assert few(table, 4) is table  # one more takes no more room than its sum
    made = few(table, 3)
    assert made["m"].to_dict() == {"a": 5, "c": 9, "e": 7, "2 others": 3}
    assert list(made.index) == ["a", "c", "e", "2 others"] and made.index.name == "region"


def test_only_the_company_itself_is_put_in_the_language_spoken(monkeypatch):
    monkeypatch.setattr("playbook.goals.plan.cross_tables.say", lambda text: f"our {text}")
    for name, shown in (("company", "our Company"), ("customer", "Company")):
        cross = pd.DataFrame({"m": [1]}, index=pd.Index(["Company"], name=name))
        assert list(members_said(cross).index) == [shown]


def test_a_years_table_has_its_months_its_quarters_and_the_year():
    """Two members of 1 to 6 and twice as much, in cents of 100: Q1 6 + 12, Q2 15 + 30."""
    span = [Month(2023, 1) + i for i in range(6)]
    cross = pd.DataFrame(
        [[100 * (i + 1) for i in range(6)], [200 * (i + 1) for i in range(6)]],
        index=pd.Index(["East", "West"], name="region"),
        columns=span,
    )
    curve = Curve(tuple(span), tuple(i / 21 for i in range(1, 7)), "the test")
    made = months_tables(cross, curve, "2023", FMT)[0]
    assert texts(made.rows)[1] == ["Feb 2023", "9.5 %", "¥2", "¥4", "¥6"]
    assert texts(made.total) == [
        ["Q1", "28.6 %", "¥6", "¥12", "¥18"],
        ["Q2", "71.4 %", "¥15", "¥30", "¥45"],
        ["Year", "100.0 %", "¥21", "¥42", "¥63"],
    ]


def test_a_year_by_two_dimensions_holds_six_columns_and_twelve_rows():
    grid = pd.DataFrame(
        [[100] * 8] * 14,
        index=pd.Index([f"r{i:02d}" for i in range(14)], name="region"),
        columns=pd.Index([f"p{i}" for i in range(8)], name="product_line"),
    )
    made = grid_tables(grid, "2023", FMT)[0]
    assert (made.head[-2], len(made.head)) == ("2 others", 1 + 6 + 1 + 1)
    rows = texts(made.rows)
    assert len(rows) == 13 and rows[-1] == ["2 others", *["¥2"] * 6, "¥4", "¥16"]
    assert texts(made.total) == [["All", *["¥14"] * 6, "¥28", "¥112"]]


def test_a_year_is_planned_from_a_forecast_however_small():
    """A hundredth a month, in all the year 0.12."""
    small = toy(
        orders=months(2020, 2023, 6, lambda y, m: "0.01"),
        month="2023-06",
    )
    made = year_figure(small)
    assert (made.amount, made.given) == (pytest.approx(0.12), False)


# -- where targets stand


@pytest.mark.parametrize(
    ("actual", "falls", "chance"),
    [(4, True, 1), (5, True, 1), (6, True, 0), (4, False, 0), (5, False, 1), (6, False, 1)],
)
def test_a_period_that_is_over_has_reached_its_target_or_not(actual, falls, chance):
    made = projection(None, "", {"actual": actual, "target": 5, "falls": falls}, 0)
    assert made["chance"] == chance
    assert (made["low"], made["middle"], made["high"]) == (actual, actual, actual)


def test_nothing_is_short_of_a_target_that_history_passes():
    target = "period,metric,target\n2023-Q2,sales,20"
    made = quarter_outlook(
        toy(orders=months(2022, 2023, 3, lambda y, m: 9), targets=target, month="2023-03")
    )
    row = made.table.iloc[0]
    assert (row["middle"], row["gap"], row["chance"]) == (pytest.approx(27, abs=1), 0, 1)


@pytest.mark.parametrize(
    ("growth", "text"),
    [
        (8.994, ", +899.4 % on the year before"),
        (9, ", 10.00× the year before"),
        (-0.5, ", −50.0 % on the year before"),
        (None, ""),
    ],
)
def test_ten_times_the_year_before_is_told_as_a_ratio(growth, text):
    assert SalesOverview._against(SimpleNamespace(fmt=FMT), {"growth": growth}) == text


def test_six_strategic_industries_are_named():
    industries = [f"industry {i}" for i in range(1, 9)]
    notes = [
        buffers_table(Rate(1, 4), 2, None, GoalSettings(strategic_industries=industries[:n]), FMT)[
            0
        ].note
        for n in (6, 8)
    ]
    assert "industry 5 and industry 6; 2 without an industry left out)" in notes[0]
    assert "industry 5, industry 6 and 2 more; 2 without an industry left out)" in notes[1]


def test_rates_are_tried_a_tenth_and_a_fifth_lower_and_higher_and_never_above_one():
    made = what_if(SimpleNamespace(rate=0.9, deals=1, fmt=FMT))
    shown = [row[0] for row in texts(made.rows)]
    assert shown == ["72.0 %", "81.0 %", "90.0 %", "99.0 %", "100.0 %"]
    assert texts(made.rows)[-1] == ["100.0 %", "1", "1", "1"]


# -- the director's tiles


class Told(Months):
    """Thirteen months of one order each, of the amounts given."""

    def __init__(self, amounts: list[float]):
        self.fmt, self.last, self.amounts = FMT, Month(2023, 6), amounts

    def value(self, metric: str, month: Month) -> float:
        return self.amounts[month - self.last - 1] if metric == "sales" else 1.0


@pytest.mark.parametrize(
    ("changed", "tones"),
    [
        ({}, ["chance", "chance"]),
        ({3: 30.0}, ["chance", "chance"]),  # neither this month nor one it is compared with
        ({12: 99.0}, ["good", "good"]),
        ({12: 0.0}, ["bad", "bad"]),
        ({0: 99.0}, ["bad", "bad"]),  # mean 18.4, moves of 9.7: up to 44.3
        ({11: 99.0}, ["good", "bad"]),
    ],
)
def test_an_average_is_told_as_chance_where_all_three_are_in_their_usual_range(changed, tones):
    """10 and 12 in turn: mean 11, moves of 2; 11 ± 5.32. The 13th is 11."""
    amounts = [10.0, 12.0] * 6 + [11.0]
    for place, amount in changed.items():
        amounts[place] = amount
    made = Told(amounts)._average("Average", amounts[-1])
    assert [delta.tone for delta in made.deltas] == tones


# -- the agenda


def test_a_deal_is_a_new_lead_for_a_quarter():
    book = toy(settings={"book": {"name": "t", "stages": ["lead", "offer", "won"]}})
    deals = pd.DataFrame(
        [("A", "lead", NEW_DAYS), ("B", "lead", NEW_DAYS + 1), ("C", "offer", 1), ("D", "lead", 0)],
        columns=["opportunity_id", "stage", "days"],
    ).assign(rep="R1", customer_id="C1", value=1.0)
    made = list(_leads(book, deals))
    assert [(one["deal"], one["why"]) for one in made] == [
        ("D", "in lead for 0 days"),
        ("A", f"in lead for {NEW_DAYS} days"),
    ]
