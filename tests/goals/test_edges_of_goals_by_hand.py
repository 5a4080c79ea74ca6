"""What single lines of goal setting decide, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from toy_books import months

from playbook.base.calendars import Calendar
from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.base.settings import GoalSettings
from playbook.data.measures.plan import plan_of
from playbook.data.measures.plan_curves import Curve
from playbook.goals.actuals import Actuals
from playbook.goals.agenda.items import NEW_DAYS, _follow_ups, _leads
from playbook.goals.agenda.rhythm import Rhythm
from playbook.goals.aims import visit_pace as visit_pace_module
from playbook.goals.aims.spend import spend_of
from playbook.goals.aims.strategy_rows import crowded_months
from playbook.goals.director.months import Months, year_to_date
from playbook.goals.explore import what_if
from playbook.goals.plan.calendar import _holidays
from playbook.goals.plan.cross_tables import few, grid_tables, members_said, months_tables
from playbook.goals.plan.decomposition import decomposition, lift_asked, resplit
from playbook.goals.plan.year import year_figure
from playbook.goals.track.buffers import buffers_table
from playbook.goals.track.judging import parts, projection
from playbook.goals.track.overview import SalesOverview
from playbook.goals.track.quarter_outlook import quarter_outlook
from playbook.goals.track.risk import risk
from playbook.goals.track.target_actions import _short, owners_to_name
from playbook.goals.track.target_rows import cumulative_year
from playbook.goals.work.asked import Asked
from playbook.goals.work.rates import Learnt, Step
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
    assert str(made.source).endswith("reached with 80 % probability, in three figures")


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


# -- what a line decides of figures, words and days


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (None, Month(2023, 6)),
        (date(2023, 4, 20), Month(2023, 4)),
        (date(2023, 9, 1), Month(2023, 6)),
    ],
)
def test_a_strategy_is_measured_to_its_end_or_to_the_report_month(due, last):
    """A unit a month in 2022, two in 2023."""
    book = toy(orders=months(2022, 2023, 6, lambda y, m: y - 2021), month="2023-06")
    plain = {"indicator": "sales", "start": date(2023, 3, 1), "due": due, "expected": None}
    made = spend_of(book, Actuals(book), plain)
    assert (made.span.start, made.span.end) == (date(2023, 3, 1), last.end)
    n = last - Month(2023, 3) + 1
    assert (made.before, made.now, made.gain) == (n, 2 * n, n)


def test_an_action_due_after_the_report_day_is_shown_though_what_was_done_since_is_unknown():
    """May has closed in the data, so a status of an action due in April says nothing of April."""
    log = """
        activity_id date       rep_id kind customer_id next_action due        status
        A1          2023-04-03 R1     call C1          ring        2023-04-29 open
        A2          2023-04-03 R1     call C1          write       2023-04-30 open
        A3          2023-04-03 R1     call C1          meet        2023-05-01 open
    """
    orders = months(2023, 2023, 6, lambda y, m: 1)
    found = {}
    for month in ("2023-04", ""):
        book = toy(orders=orders, activities=log, month=month)
        rows = _follow_ups(book, (date(2023, 5, 1), date(2023, 5, 2)))
        found[month] = [(str(row["why"]), row["age"]) for row in rows]
    assert found == {"2023-04": [("meet", 0)], "": [("ring", 33), ("write", 32), ("meet", 31)]}


@pytest.mark.parametrize(
    ("before", "told"),
    [([10.0] * 6, "+100.0 %"), ([10.0] * 5 + [None], None), ([None] * 6, None)],
)
def test_a_year_so_far_stands_beside_the_year_before_where_all_its_months_are_known(before, told):
    """Half a year of 20 a month."""
    book = toy(orders=months(2023, 2023, 6, lambda y, m: 20), month="2023-06")
    now = Month(2023, 1)
    known = dict(zip([now - 12 + i for i in range(6)], before, strict=True))
    whole = SimpleNamespace(plans={}, plan=lambda metric, month: None)
    whole.value = lambda metric, month: known.get(month, 20.0)
    (tile,) = year_to_date(book, whole)
    (delta,) = tile.deltas
    assert delta.text == (told or "–")
    some = SimpleNamespace(plans={}, value=lambda metric, month: None if month == now else 20.0)
    assert year_to_date(book, some) == []  # a month of this year is missing


def test_a_month_is_told_against_its_plan_else_the_year_before_else_the_month_before():
    sales = {0: 20.0, 1: 10.0, 2: 40.0, 11: 80.0, 12: 16.0, 13: 5.0}

    def title(plan=None, **more):
        known = {**sales, **{int(k[1:]): v for k, v in more.items()}}
        book = SimpleNamespace(read=SimpleNamespace(staged=["orders"]))
        made = SimpleNamespace(
            fmt=FMT, book=book, last=Month(2023, 6), plan=lambda metric, month: plan
        )
        made.value = lambda metric, month: known[made.last - month]
        return str(Months.title(made))

    assert title(25.0) == "Sales ¥20, 20 % below plan"
    assert title() == "Sales ¥20, 25 % above last year"
    assert title(m12=None) == "Sales ¥20, 100 % above last month"
    assert title(m12=None, m1=None) == "Sales ¥20"
    assert title(20.05) == "Sales ¥20, as planned"


def test_the_way_of_a_figure_that_is_to_fall_is_counted_from_its_baseline():
    row = {"falls": True, "completion": 0.5, "baseline": 90.0, "actual": 75.0, "target": 60.0}
    assert (parts(row)["numerator"], parts(row)["denominator"]) == (15, 30)
    assert parts(row | {"completion": None}) == {}
    assert parts(row | {"falls": False}) == {"numerator": 75, "denominator": 60}


def test_holidays_of_a_month_are_its_own_weekdays():
    """28 April 2023 is a Friday, the 29th a Saturday, 1 May a Monday."""
    off = [(3, 31), (4, 3), (4, 28), (4, 29), (5, 1)]
    calendar = Calendar(dates=frozenset(date(2023, *day) for day in off))
    assert _holidays(Month(2023, 4), calendar) == (date(2023, 4, 3), date(2023, 4, 28))
    assert _holidays(Month(2023, 5), calendar) == (date(2023, 5, 1),)


def test_months_before_the_first_order_add_nothing_to_the_year():
    """Orders begin in March with 10 a month: nothing in January and February."""
    lines = months(2023, 2023, 6, lambda y, m: 10).splitlines()
    orders = "\n".join([lines[0], *lines[3:]])
    book = toy(orders=orders, targets="period,metric,target\n2023,sales,120", month="2023-06")
    made = cumulative_year(book, plan_of(book), Actuals(book))
    assert made["actual"].head(6).tolist() == [0, 0, 10, 20, 30, 40]
    assert made["actual"].tail(6).isna().all()


def test_a_lift_is_told_at_another_figure_where_it_was_told_before():
    """30 a month of East and 10 of West in the year before, 360 and 120; 960 parted 3 : 1."""
    east = months(2022, 2022, 12, lambda y, m: 30)
    west = months(2022, 2022, 12, lambda y, m: 10, customer="C2", region="West")
    book = toy(orders=east + "\n" + "\n".join(west.splitlines()[1:]), month="2022-12")
    made = decomposition(book, 480)
    table = made.table.assign(actual=[360.0, 120.0, *made.table["actual"][2:]])
    assert table["member"].tolist()[:2] == ["East", "West"]
    for lift, told in (([0.0, 0.0], [1.0, 1.0]), ([0.0, None], [1.0, None])):
        mine = table.assign(lift=pd.Series([*lift, *table["lift"][2:]], dtype=object))
        moved = resplit(replace(made, table=mine), 960, {"East": 0.75, "West": 0.25})
        shown = [None if pd.isna(v) else v for v in moved.table["lift"][:2]]
        assert shown == told
    none = resplit(replace(made, table=table.assign(actual=0.0)), 960, {"East": 1.0})
    assert none.table["lift"][:2].isna().all()


@pytest.mark.parametrize(
    ("falls", "actual", "short"), [(False, 7, 3), (True, 12, 2), (True, 7, -3)]
)
def test_short_of_a_curve_is_below_it_or_above_it_where_less_is_better(falls, actual, short):
    assert _short({"to_date": 10.0, "actual": actual, "falls": falls}) == short


def test_one_action_names_the_owners_where_no_target_of_several_has_one():
    rows = pd.DataFrame(
        {"label": ["Company", "East", "West"], "owner": "", "metric": "sales", "members": [()] * 3}
    ).assign(kind=["company", "region", "region"])
    day = date(2023, 7, 31)
    made = [[str(one.what) for one in owners_to_name(rows.head(n), day)] for n in (1, 2, 3)]
    assert len(made[0]) == 1 and made[0][0].startswith("Name an owner for the targets of")
    assert made[1] == made[2] == ["Name an owner for each target"]


@pytest.mark.parametrize(("share", "text"), [(1.0, ""), (0.994, " × 99 % of sales through deals")])
def test_the_share_of_sales_through_deals_is_said_where_it_is_not_all(share, text):
    year = {"span": "the rest of 2023", "open": 600.0, "months": 6}
    size = SimpleNamespace(average=50.0, share=share)
    made = Asked(2, pd.DataFrame([year]), size, "", True).sentence(FMT)
    assert made == (
        f"The plan asks 2 deals a month: ¥600 open in the rest of 2023{text} ÷ ¥50 a deal"
        " ÷ 6 months."
    )


def test_steps_that_are_given_have_no_counts():
    given, counted = Step("a → b", "a", 0.5), Step("b → won", "b", 0.5, Rate(3, 6))
    first = Step("a → b", "a", 0.75, Rate(6, 8))
    for steps, rate in (((first, counted), Rate(3, 8)), ((given, counted), Rate(0, 0))):
        assert Learnt(steps, True, Rate(1, 2)).rate == rate
    assert Learnt((first, given), True, Rate(1, 2)).rate == Rate(0, 0)


@pytest.mark.parametrize(
    ("rest", "due", "known"),
    [
        (0.0, date(2023, 7, 28), False),
        (0.5, date(2023, 7, 28), True),
        (10.0, date(2023, 6, 30), False),
        (10.0, date(2023, 7, 1), True),
        (float("nan"), date(2023, 7, 28), False),
    ],
)
def test_visits_are_told_of_a_goal_of_which_something_is_left_and_that_is_not_over(
    monkeypatch, rest, due, known
):
    """Two visits carry an order; four a week are made."""
    monkeypatch.setattr(visit_pace_module, "_visits", lambda *_: (2.0, 4.0))
    book = SimpleNamespace(as_of=date(2023, 6, 30))
    made = visit_pace_module.visit_pace(book, None, "orders", rest, due)
    assert (made is not None) is known
    if made:
        assert made.needed == pytest.approx(2 * rest / ((due - book.as_of).days / 7))


def test_three_people_whose_week_does_not_hold_their_follow_ups_are_told():
    people = pd.DataFrame(
        {
            "rep": ["R1", "R2", "R3", "R4", "R5"],
            "name": list("abcde"),
            "load": [1.0, 1.5, 4.0, 1.25, 1.5],
            "overdue": [1, 2, 3, 4, 5],
        }
    )
    week = (date(2023, 7, 3), date(2023, 7, 7))
    found = SimpleNamespace(given=True, known=True, people=people, days=week, fmt=FMT)
    assert [(one.owner, one.what, one.due) for one in Rhythm.actions(found)] == [
        ("c", "Clear or hand over 3 overdue follow-ups", week[1]),
        ("b", "Clear or hand over 2 overdue follow-ups", week[1]),
        ("e", "Clear or hand over 5 overdue follow-ups", week[1]),
    ]


@pytest.mark.parametrize(("second", "told"), [("x", ["customer"]), ("y", ["customer", "industry"])])
def test_sales_of_one_industry_lean_on_nothing_that_could_be_spread(second, told):
    book = toy(
        month="2023-03",
        orders="""
            order_id date       customer_id amount
            O1       2023-03-05 C1          100
            O2       2023-03-06 C2          50
        """,
        customers=f"""
            customer_id industry
            C1          x
            C2          {second}
        """,
    )
    assert risk(book).spread["dimension"].tolist() == told


@pytest.mark.parametrize(
    ("lifts", "said"),
    [
        (
            {"East": -0.8, "North": 1.2, "West": None},
            "The largest lift is asked of North: +120.0 %",
        ),
        ({"East": -0.8, "North": 0.001}, "The largest lift is asked of North: +0.1 %"),
        (
            {"East": -0.8, "North": -0.2},
            "No part is asked for more than its trailing 12 months; nearest to them is North:"
            " −20.0 %.",
        ),
        ({"East": -0.8, "North": 0.0}, "No part is asked for more than its trailing 12 months"),
        ({"East": 0.1, "North": 0.1004}, "Each part is asked for +10.0 % on its trailing"),
        ({"East": None}, ""),
    ],
)
def test_what_is_asked_of_parts_against_their_year(lifts, said):
    parts = pd.DataFrame({"member": list(lifts), "lift": list(lifts.values())}, dtype=object)
    text = lift_asked(parts.assign(lift=parts["lift"].astype(float)), FMT)
    assert text.strip().startswith(said) and bool(text) is bool(said)


def test_months_in_which_more_strategies_run_than_are_to_be():
    """From the first start to the last day due; a strategy runs in the months of both its days."""
    rows = pd.DataFrame(
        {
            "start": [date(2023, 1, 31), date(2023, 3, 1), date(2023, 2, 10), None],
            "due": [date(2023, 2, 1), date(2023, 5, 31), date(2023, 3, 1), date(2023, 3, 1)],
        }
    )
    found = [(f"{month:%Y-%m}", n) for month, n in crowded_months(rows, 1)]
    assert found == [("2023-02", 2), ("2023-03", 2)]
    assert [n for _, n in crowded_months(rows, 0)] == [1, 2, 2, 1, 1]
    assert crowded_months(rows.tail(1), 0) == []
