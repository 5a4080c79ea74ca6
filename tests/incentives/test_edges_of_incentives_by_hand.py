"""What a page tells of pay that stands at an edge."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pay_plans import months_of, plan
from playbook import funnel, incentives
from playbook.base.formats import Formats
from playbook.base.settings.plans import CommissionPlan
from playbook.incentives import explore
from playbook.incentives.actions import PayActions
from playbook.incentives.director.people import _spread
from playbook.incentives.people.skill_gaps import TOPICS, topic_of
from playbook.incentives.plans.audit import Audit
from playbook.incentives.plans.curve import points
from playbook.incentives.plans.simulated_pay import Simulation
from playbook.incentives.plans.simulated_years import last_year, simulate, spread_factor
from playbook.incentives.plans.without_names import shifts_of
from playbook.page import Missing
from playbook.page.results import Action
from toy import toy

FMT = Formats("EUR", "en")
D = Decimal


def test_changes_of_those_who_were_paid_nothing_or_little_are_counted_by_their_share():
    """One is paid 1 and gains 4 cents: less than 5 %. Whoever had nothing gains or loses much."""
    rows = pd.DataFrame(
        {
            "current": [D(1), D(1), D(0), D(0), D(-1), D(1)],
            "change": [D("0.04"), D("-0.04"), D("0.01"), D("-0.01"), D("0.01"), D("0.05")],
        }
    )
    assert shifts_of(rows)["reps"].tolist() == [1, 1, 0, 1, 3]


def test_the_first_action_gives_the_day_of_the_headline():
    rows = [Action("a", "x", date(2023, 10, 5), "y"), Action("b", "x", date(2023, 11, 5), "y")]
    pay = PayActions(tuple(rows), None, date(2023, 9, 30), FMT)
    assert pay.headline() == "Pay: 2 actions, first due 5 Oct 2023"


@pytest.mark.parametrize(("jump", "before"), [(1, False), (D("1.01"), True), (2, True)])
def test_an_amount_before_an_edge_is_printed_where_a_level_begins(jump, before):
    """A unit more that pays more than a unit is a level."""
    pays = {D(98): D(0), D(99): D(7), D(100): D(7) + jump}
    terms = SimpleNamespace(ends=lambda: [D(100)], promise=lambda at: [pays[one] for one in at])
    assert points(terms) == [*([D(99)] if before else []), D(100), D(101), D(125)]


def test_topics_by_step():
    assert [topic_of(i, 4) for i in range(3)] == list(TOPICS)
    assert [topic_of(i, 5) for i in range(4)] == [TOPICS[0], TOPICS[1], TOPICS[1], TOPICS[2]]


def test_near_an_edge_is_said_in_whole_per_cent():
    ends = pd.DataFrame({"sentence": [], "short": []})
    edges = pd.DataFrame({"label": ["100"], "below": [0], "above": [0], "p": [1.0]})
    made = Audit(edges, ends, "month", "now", True, date(2023, 9, 30), FMT)
    assert made.reading() == (
        "No month ended within 5 % of an edge, so nothing can be said about them."
    )


def test_who_gains_and_loses_most_is_named_first(monkeypatch):
    """Five gain 1 … 5, four lose 1 … 4: three of each by name, largest first."""
    base = {f"R{i}": D(10) for i in range(10)}
    change = dict(zip(base, (1, 5, 3, 2, 4, -1, -4, -2, -3, 0), strict=True))
    result = SimpleNamespace(
        current="now",
        named=True,
        fmt=FMT,
        where="here",
        history=SimpleNamespace(revenue=lambda *_: D(1000), name=lambda rep: rep.lower()),
    )
    monkeypatch.setattr(explore, "pay_of", lambda *_, **__: base)
    made = {rep: pay + change[rep] for rep, pay in base.items()}
    (row,) = explore._table(result, [("next", made)], by_name=True).data()["rows"]
    assert [cell["text"] for cell in row] == [
        "next",
        "€105",
        "10.50 %",
        "+€5",
        "5",
        "4",
        "r1 +€5, r4 +€4 and r2 +€3",
        "r6 −€4, r8 −€3 and r7 −€2",
    ]


DEALS = """
    opportunity_id created    stage outcome closed
    D1             2022-12-05 won   won     2023-01-04
    D2             2023-01-05 won   won     2023-01-25
    D3             2023-02-05 won   won     2023-02-15
    D4             2023-02-05 lead  lost    2023-02-08
    D5             2022-12-06 lead  lost    2022-12-31
"""


def test_one_whole_month_after_a_measure_is_enough_to_compare():
    book = toy(opportunities=DEALS, month="2023-02")
    found = funnel.before_after(book, since="2023-02-01")
    assert isinstance(found, Missing) and "fewer than 30 deals" in found.reason  # but a month
    late = funnel.before_after(book, since="2023-02-02")
    assert isinstance(late, Missing) and "no whole month after the day" in late.reason


def test_chances_of_a_win_and_of_a_loss_by_day():
    """Of five deals one is lost after 3 days, one won after 10, then after 20, lost after 25 and
    won after 30: three won and two lost in the end.
    """
    found = funnel.cycle(toy(opportunities=DEALS, month="2023-02"))
    assert found.curve.at(30)[0] == pytest.approx(0.6) and found.lost_curve.at(30)[
        0
    ] == pytest.approx(0.4)
    assert found.curve.at(10)[0] == pytest.approx(0.2) and found.lost_curve.at(9)[
        0
    ] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("budget", "reserve"),
    [(5, None), (1.5, 0.5), (1, 1), (10, None), (0.5, 1.5)],
)
def test_a_reserve_covers_nine_years_of_ten(budget, reserve):
    """Of ten simulated years eight cost 1, one 2 and one 10: with 2 nine are paid for. Where no
    more than one of ten is overspent nothing is set aside.
    """
    plan = SimpleNamespace(name="now")
    pay = SimpleNamespace(
        costs={"now": np.array([1.0] * 8 + [2.0, 10.0])},
        plans=(plan,),
        budget=budget,
        given=True,
        budget_given=True,
        as_of=date(2023, 9, 30),
        fmt=FMT,
    )
    assert [action.worth for action in Simulation.actions(pay)] == ([reserve] if reserve else [])


def test_whoever_left_on_the_last_day_has_left_and_who_came_on_it_is_there():
    book = toy(
        month="2023-06",
        orders="""
            order_id date       customer_id amount rep_id
            O1       2021-07-05 C1          100    R1
            O2       2023-06-30 C1          100    R1
        """,
        reps="""
            rep_id name hired      left
            R1     a    2020-01-01 2023-06-30
            R2     b    2020-01-01 2023-07-01
            R3     c    2023-06-30 .
            R4     d    2020-01-01 2022-07-01
            R5     e    2020-01-01 2022-06-30
        """,
    )
    rows = incentives.attrition(book).table.set_index("group")
    assert rows.loc["everyone", ["leavers", "exposed"]].tolist() == [2, 4]


def test_controls_step_in_parts_of_what_they_move(monkeypatch):
    """A twentieth of an award and of the target pay, a fortieth of the last edge, a two-thousandth
    of it for each new customer.
    """
    plan = CommissionPlan.model_validate(
        {
            "name": "now",
            "starts": "2022-01-01",
            "tiers": [
                {"lower": 0, "upper": 200_000, "rate": 0.01},
                {"lower": 200_000, "upper": 800_000, "rate": 0.02},
                {"lower": 800_000, "rate": 0.03},
            ],
            "awards": [
                {"name": "r", "event": "referral", "to": ["rep"], "amount": 1840},
                {"name": "s", "event": "referral", "to": ["rep"], "amount": 10},
            ],
            "rules": [{"name": "n", "kind": ["new"], "times": "1.2"}],
        }
    )
    made = explore.controls(SimpleNamespace(current=plan, fmt=FMT))
    found = {n: (s.low, s.high, s.step, s.start) for n, s in made.items() if hasattr(s, "low")}
    assert found["award1"] == (0, 6000, 100, 1840) and found["award2"] == (0, 100, 1, 10)
    assert found["edge2"] == (0, 1_600_000, 20_000, 800_000)
    assert found["rate3"] == (0, 30, 0.5, 3.0) and found["rule1"] == (0, 3, 0.05, 1.2)
    assert found["welcome"] == (0, 8000, 400, 0)


def test_months_without_sales_are_not_stretched():
    sales = np.array([[0.0, 30.0], [0.0, 10.0]])
    factor = spread_factor(sales, 2.0)
    assert factor[:, 0].tolist() == [1, 1]
    assert (sales * factor)[:, 1].tolist() == [40, 0]  # 20 ± 20


def test_an_attainment_at_an_edge_stands_in_the_band_above_it():
    reached = [-0.1, 0.0, 0.49, 0.5, 0.8, 0.99, 1.0, 1.19, 1.2, 1.5, 2.0, None]
    table = pd.DataFrame({"attainment": reached})
    window = SimpleNamespace(label="a year")
    made = _spread(SimpleNamespace(status="ok", table=table, window=window), FMT)
    assert [[cell["text"] for cell in line.cells] for line in made.lines] == [
        ["below 0 %", "1"],
        ["0 % to under 50 %", "2"],
        ["50 % to under 80 %", "1"],
        ["80 % to under 100 %", "2"],
        ["100 % to under 120 %", "2"],
        ["120 % to under 150 %", "1"],
        ["150 % and more", "2"],
    ]
    assert "half of the sellers reached 99 % or more" in made.title and "n = 11" in made.note


def test_nobody_who_is_paid_less_is_taken_to_leave_unless_that_is_asked_for():
    """12 % of all sales, then 9 %: a quarter less. Half of that in effort costs an eighth."""
    sold = np.full((12, 1), 100.0)
    pair = [months_of(sold, plan([(0, None, rate)])) for rate in ("0.12", "0.09")]
    for asked, sales in (({}, 1050), ({"hold": 0.5}, 525)):
        made = simulate(pair, last_year(12), 0.5, **asked)
        assert [one.tolist() for one in made.sales] == [[1200], [sales]]
