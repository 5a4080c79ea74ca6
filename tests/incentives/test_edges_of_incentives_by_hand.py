"""What a page tells of pay that stands at an edge."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pay_plans import months_of, plan
from playbook import funnel, incentives
from playbook.base.formats import Formats
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.incentives import explore
from playbook.incentives.actions import PayActions
from playbook.incentives.director.people import _spread
from playbook.incentives.people.honours import most_credited
from playbook.incentives.people.recognition import Recognition
from playbook.incentives.people.sales_around import sales_change
from playbook.incentives.people.skill_gaps import TOPICS, topic_of
from playbook.incentives.people.skill_gaps_result import SkillGaps
from playbook.incentives.people.training import _chance
from playbook.incentives.plans.audit import Audit
from playbook.incentives.plans.curve import PayCurve, points
from playbook.incentives.plans.gross_margin import GrossMargin
from playbook.incentives.plans.simulated_pay import Simulation
from playbook.incentives.plans.simulated_years import last_year, simulate, spread_factor
from playbook.incentives.plans.standing import margin_share
from playbook.incentives.plans.statement_tables import payroll_table
from playbook.incentives.plans.summary import summarize
from playbook.incentives.plans.without_names import shifts_of
from playbook.page import Missing
from playbook.page.results import Action
from playbook.pay.history import history
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


@pytest.mark.parametrize(
    ("last", "margin"), [(50, Fraction(2, 5)), (-49, Fraction(-59)), (-50, None), (-51, None)]
)
def test_a_margin_is_told_of_a_year_in_which_more_was_sold_than_came_back(last, margin):
    """50 sold and ``last`` sold or sent back, at a cost of 60; of 70 no cost is known, and of 90
    the day before the year and the day after it.
    """
    rows = [
        ("2022-06-30", 90, 1),
        ("2022-07-01", 50, 60),
        ("2023-06-30", last, 0),
        ("2023-06-30", 70, None),
        ("2023-07-01", 90, 1),
    ]
    orders = pd.DataFrame(rows, columns=["date", "amount", "cost"])
    orders["date"] = pd.to_datetime(orders["date"])
    window = SimpleNamespace(start=date(2022, 7, 1), end=date(2023, 6, 30))
    past = SimpleNamespace(orders=orders, book=SimpleNamespace(window=lambda name: window))
    assert margin_share(past) == margin
    assert margin_share(SimpleNamespace(orders=orders[["date", "amount"]], book=past.book)) is None


@pytest.mark.parametrize(
    ("given", "derived", "known", "said"),
    [
        (True, False, True, "now €2, new €4; break-even uplift 12.00 %"),
        (True, False, False, "now €2, new €4"),
        (True, True, True, "now €2"),
    ],
)
def test_a_rise_that_earns_a_plan_back_is_headed_where_two_plans_are_given(
    given, derived, known, said
):
    pay = simulation(given=given, derived=derived, known=known, uplift=0.12)
    assert pay.headline() == f"Pay of a middle simulated year: {said}"
    both = "break-even" in said
    assert [kpi.name for kpi in pay.kpis()] == (["pay.break_even_uplift"] if both else [])
    same = pay.reading().startswith("A middle year costs €2 under plan now and")
    assert same is not derived and pay.reading().count("on the same sales") == same


@pytest.mark.parametrize(
    ("uplift", "said"),
    [
        (0.0, "Plan new costs no more on the same sales, so nothing has to be earned back."),
        (
            0.0012,
            "Plan new earns its extra pay back once sales are 0.12 % higher (gross margin 40.0 %).",
        ),
        (
            1.0,
            "Plan new earns its extra pay back once sales are 100.00 % higher"
            " (gross margin 40.0 %).",
        ),
        (
            None,
            "No rise of sales up to a doubling would earn plan new's pay back at a gross margin of"
            " 40.0 %.",
        ),
    ],
)
def test_what_a_plan_has_to_earn_back(uplift, said):
    pay = simulation(given=True, derived=False, known=True, uplift=uplift)
    first = "A middle year costs €2 under plan now and €4 under plan new on the same sales."
    assert pay.reading() == f"{first} {said}"


def simulation(*, given: bool, derived: bool, known: bool, uplift: float | None) -> Simulation:
    """Three years of two plans."""
    costs = {"now": np.array([1.0, 2.0, 3.0]), "new": np.array([3.0, 4.0, 5.0])}
    return Simulation(
        table=pd.DataFrame(),
        costs=costs,
        profit=costs,
        budget=9.0,
        uplift=uplift,
        margin=GrossMargin(0.4, known, ""),
        effort=0.0,
        cultures=(),
        same=costs,
        sensitivity=pd.DataFrame(),
        plans=(SimpleNamespace(name="now"), SimpleNamespace(name="new")),
        given=given,
        derived=derived,
        budget_given=False,
        effort_given=False,
        months=12,
        reps=1,
        years=3,
        as_of=date(2023, 9, 30),
        fmt=FMT,
    )


def test_twelve_awards_stand_with_their_evidence_and_the_others_are_counted():
    for rows, note in ((12, ""), (13, " · first 12 of 13 rows")):
        award = {"date": date(2023, 9, 1), "award": "a", "rep": "b", "amount": D(1), "why": "c"}
        found = Recognition(
            table=pd.DataFrame(columns=["honour", "period", "winners", "evidence", "ties"]),
            paid=pd.DataFrame(columns=["award", "times", "amount"]),
            evidence=pd.DataFrame([award] * rows),
            window=SimpleNamespace(label="a year"),
            as_of=date(2023, 9, 30),
            fmt=FMT,
        )
        shown = found.tables()[-1]
        assert len(shown.rows) == 12 and shown.note.endswith("stand in the statements" + note)


def test_sales_alike_are_those_of_the_first_plan_with_the_answer_to_pay():
    """10 % of 100 a month, then 40 % of 50: pay doubles, half of it in effort."""
    pair = [
        months_of(np.full((12, 1), sold), plan([(0, None, rate)]))
        for sold, rate in ((100.0, "0.1"), (50.0, "0.4"))
    ]
    made = simulate(pair, last_year(12), 0.5)
    assert [one.tolist() for one in made.sales] == [[1200], [900]]
    assert [one.tolist() for one in made.alike] == [[1200], [1800]]
    assert made.change.tolist() == [[1]] and made.unanswered[1].tolist() == [[24000]]
    assert [one.tolist() for one in made.pay] == [[[12000]], [[36000]]]


@pytest.mark.parametrize(
    ("sold", "back", "evidence", "ties"),
    [
        (120, 20, "¥100 from 2 orders", False),
        (121, 20, "¥100 from 2 orders; passed over for refunds: R2", False),
        (110, 10, "¥100 from 2 orders", True),
        (111, 10, "¥101 from 1 order", False),
        (200, 20, "¥180 from 1 order", False),
        (200, 21, "¥100 from 2 orders; passed over for refunds: R2", False),
    ],
)
def test_whoever_is_honoured_had_no_more_than_a_tenth_back(sold, back, evidence, ties):
    """R1 sold 60 and 40, R3 99; passed over is whoever sold more than the first."""
    book = toy(
        month="2023-06",
        orders=f"""
            order_id date       customer_id amount rep_id
            O1       2023-06-01 C1          60     R1
            O2       2023-06-30 C1          40     R1
            O3       2023-06-02 C2          {sold} R2
            O4       2023-06-09 C2          -{back} R2
            O5       2023-06-02 C3          99     R3
        """,
    )
    made = most_credited(history(book), "Champion", "June", book.window("month"))
    assert made["evidence"] == evidence and made["ties"] is ties


def test_sales_of_the_day_of_the_course_count_on_neither_side():
    """A course on 1 July: 91 days before is 1 April, 91 days after 30 September. 7 before, 10
    after; what was sold on the day itself, a day earlier than the one or later than the other, is
    left out.
    """
    sold = [("2023-03-31", 100), ("2023-04-01", 3), ("2023-06-30", 4), ("2023-07-01", 50)]
    sold += [("2023-07-02", 4), ("2023-09-30", 6), ("2023-10-01", 100)]
    orders = pd.DataFrame(sold, columns=["date", "amount"]).assign(rep_id="R1")
    orders["date"] = pd.to_datetime(orders["date"]).astype("datetime64[s]")
    orders["amount"] *= TICKS
    people = pd.DataFrame({"rep_id": ["R1"], "hired": [pd.NaT], "left": [pd.NaT]})
    past = SimpleNamespace(
        book=SimpleNamespace(as_of=date(2023, 12, 31)), people=people, orders=orders
    )
    part = pd.DataFrame(
        {"rep_id": ["R1"], "date": [pd.Timestamp("2023-07-01")], "control": [False]}
    )
    (row,) = sales_change(past, part).itertuples()
    assert row.change == pytest.approx(3 / (91 / 30.44))


def test_a_difference_of_what_does_not_vary_has_no_chance_of_its_own():
    flat = pd.Series([0.1 + 0.2, 0.3, 0.3])  # as far apart as rounding
    assert _chance(flat, pd.Series([0.5, 0.5])) == 1.0
    one, other = pd.Series([1.0, 2.0, 3.0]), pd.Series([1.5, 2.5, 3.5])
    assert _chance(one, other) == pytest.approx(stats.ttest_ind(one, other).pvalue)
    assert 0 < _chance(flat + 1, one) < 1  # one side varies


def test_who_left_before_the_window_is_not_missed_for_a_day_of_hiring():
    """The window begins on 1 July: R3 left on that day, R4 on the day before; nobody knows when
    they were hired.
    """
    book = toy(
        month="2023-06",
        orders="""
            order_id date       customer_id amount rep_id
            O1       2021-07-05 C1          100    R1
            O2       2023-06-30 C1          100    R1
        """,
        reps="""
            rep_id name hired      left
            R1     a    2020-01-01 .
            R2     b    .          .
            R3     c    .          2022-07-01
            R4     d    .          2022-06-30
        """,
    )
    assert incentives.attrition(book).undated == 2


def test_a_payroll_adds_up_across_and_down():
    """Six kinds of pay: the four largest and all others; what a rep had none of stays empty."""
    rows = [("R1", "commission", "100.10"), ("R2", "commission", "50.05"), ("R1", "a", "40")]
    rows += [("R1", "b", "30"), ("R2", "c", "-20.5"), ("R2", "d", "10"), ("R1", "e", "5.25")]
    lines = pd.DataFrame(rows, columns=["rep_id", "item", "pay"])
    lines["pay"] = lines["pay"].map(D)
    reps = pd.DataFrame(
        {
            "rep_id": ["R1", "R2"],
            "rep": ["Ann", "Bob"],
            "credited": [D(1000), D(500)],
            "pay": [D("175.35"), D("39.55")],
            "rate": [0.17535, 0.0791],
        }
    )
    made = payroll_table(reps, lines, plan="now", where="", fmt=FMT)
    shown = [[cell.text.replace("€", "") for cell in row] for row in (*made.rows, *made.total)]
    assert shown == [
        ["Ann", "1,000", "100.10", "40.00", "30.00", "–", "5.25", "175.35", "17.54 %"],
        ["Bob", "500", "50.05", "–", "–", "−20.50", "10.00", "39.55", "7.91 %"],
        ["Payroll", "1,500", "150.15", "40.00", "30.00", "−20.50", "15.25", "214.90", ""],
    ]
    one = payroll_table(reps, lines[lines["item"] == "commission"], plan="now", where="", fmt=FMT)
    assert one.head == ("Rep", "Credited", "Pay", "Pay ÷ credited")


def test_how_pay_came_about_is_told_where_all_lines_of_it_came_alike():
    lines = pd.DataFrame(
        [
            ("welcome", "first order", "30"),
            ("welcome", "first order", "30"),
            ("visits", "most visits of May", "20"),
            ("visits", "most visits of June", "25"),
        ],
        columns=["item", "how", "pay"],
    ).assign(plan="now", source="award", component="award", rule=-1, amount=D(0))
    lines["pay"] = lines["pay"].map(D)
    made = summarize(lines, {"now": plan()}, FMT)
    assert made.values.tolist() == [
        ["welcome", "first order", 2, None, 60],
        ["visits", "", 2, None, 45],
    ]


def test_rules_move_in_the_words_of_the_plan():
    """A rate and points in per cent, a factor as it is."""
    rules = [
        {"name": "again", "kind": ["renewal"], "rate": 0.03},
        {"name": "big", "least_amount": 800, "points": 0.015},
        {"name": "large", "customer_type": ["large"], "times": 1.5},
    ]
    made = explore.controls(SimpleNamespace(current=plan(rules=rules), fmt=FMT))
    assert [(made[f"rule{n}"].label, made[f"rule{n}"].start) for n in (1, 2, 3)] == [
        ("again [%]", 3),
        ("big [points]", 1.5),
        ("large [× rate]", 1.5),
    ]


def test_the_headline_of_a_derived_plan_counts_the_cliffs_of_the_plan_in_force():
    table = pd.DataFrame({"amount": [D(1), D(1000)], "current": [D(0), D(80)]})
    now, other = SimpleNamespace(name="now"), SimpleNamespace(name="other")
    cliffs = [SimpleNamespace(plan=name) for name in ("now", "other", "other")]
    found = SimpleNamespace(
        fmt=FMT,
        table=table,
        plans=(now, other),
        cliffs=cliffs,
        history=SimpleNamespace(chosen=SimpleNamespace(given=True, derived=True)),
    )
    assert PayCurve.headline(found) == "Pay curve: €1,000 pays €80 under now; cliffs 1"


@pytest.mark.parametrize(
    ("compared", "said"),
    [
        (0, "No rep has deals enough at any step to be compared with the others."),
        (1, "No rep is below the rest of the team at any step by more than chance would bring"),
    ],
)
def test_where_nobody_could_be_compared_nobody_is_said_to_keep_up(compared, said):
    found = SimpleNamespace(compared=compared, table=pd.DataFrame())
    assert SkillGaps.reading(found).startswith(said)
