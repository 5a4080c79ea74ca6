"""What single lines of the pay engine decide, on the smallest books in which they matter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pay_plans import months_of, orders, plan, sale
from playbook.base.errors import SettingsProblem
from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.base.settings.plan_parts import Award
from playbook.base.settings.plan_quota import Matrix
from playbook.base.settings.segments import TierTable
from playbook.pay import reversals
from playbook.pay.attained import attained, within_cap
from playbook.pay.award_line import AwardLine
from playbook.pay.awards import _to_leavers
from playbook.pay.basis import _no_more_than_paid
from playbook.pay.contests import most_visits
from playbook.pay.covered import refuse_uncovered
from playbook.pay.credit import customer_tier, matching_rule
from playbook.pay.drawn_quotas import _on_board
from playbook.pay.explain import LinePay, PeriodTerms, Piece
from playbook.pay.history import history
from playbook.pay.line_words import _cell, describe_line
from playbook.pay.lines import _only, credited_once
from playbook.pay.managers import manager_pay
from playbook.pay.measured import counted_columns
from playbook.pay.payroll import payroll
from playbook.pay.period_pay import PeriodPay
from playbook.pay.plan_choice import choose_plans
from playbook.pay.refunds import matched
from playbook.pay.resampled import yearly_pay
from playbook.pay.splits import parted
from playbook.pay.sums import summed
from playbook.pay.terms import GroupTerms
from playbook.pay.total import total_pay
from playbook.pay.wording import describe_plan
from small_company import small_book
from toy import toy

TENTH = [(0, None, "0.10")]


# -- lines in words


@pytest.mark.parametrize(
    ("amounts", "text"),
    [
        ((30, 20), "¥30.00 at 8 % + ¥20.00 at 10 %"),
        ((30, -20), "¥30.00 at 8 % − ¥20.00 at 10 %"),
        ((-30, 20), "−¥30.00 at 8 % + ¥20.00 at 10 %"),
        ((-30, -20), "−¥30.00 at 8 % − ¥20.00 at 10 %"),
    ],
)
def test_each_piece_of_a_line_has_its_own_sign(amounts, text):
    pieces = tuple(
        Piece(Fraction(amount), Fraction(rate), Decimal(rate))
        for amount, rate in zip(amounts, ("0.08", "0.10"), strict=True)
    )
    line = {"item": "commission", "component": "tiers", "rule": -1}
    one = PeriodTerms(plan([(0, 30, "0.08"), (30, None, "0.10")]))
    assert describe_line(line, one, LinePay(pieces, Decimal(0), ()), Formats()) == text


def test_only_what_came_after_leaving_is_said_to():
    """10 % of a target pay of 1,000 at the quota of 100: nothing bound the line."""
    part = {"target_pay": 1_000, "levels": [{"at": 1, "pays": 1}]}
    lines = payroll(orders(sale(100)), plan([], quota=100, attainment=part), quotas=_hundred).lines
    assert lines[["pay", "bound"]].values.tolist() == [[1_000_00, ""]]


def _hundred(groups: pd.DataFrame) -> np.ndarray:
    return np.full(len(groups), 100 * 10_000)


# -- what is counted


def test_a_matrix_pays_nothing_for_a_quota_that_nobody_set():
    """Revenue by its own quota of 100 and by the rep's: both reached, the second not known."""
    measures = [{"name": "own", "weight": 0.5, "quota": 100}, {"name": "rep", "weight": 0.5}]
    cells = {"rows": "own", "columns": "rep", "rows_at": [1], "columns_at": [1], "pays": [[1]]}
    part = {"target_pay": 50, "levels": [{"at": 1, "pays": 1}], "measures": measures}
    one = plan([], quota=100, attainment=part | {"matrix": cells})
    unset = payroll(orders(sale(100)), one, quotas=lambda groups: np.zeros(len(groups), dtype=int))
    assert (payroll(orders(sale(100)), one, quotas=_hundred).total(), unset.total()) == (50_00, 0)


def test_a_new_customer_is_counted_at_the_first_sale_that_names_one():
    """A refund before it, an order of nothing and one without a customer are no first sale."""
    rows = [(-5, "C1"), (10, "C1"), (20, "C1"), (7, None), (0, "C2"), (3, "C2"), (4, "C2")]
    lines = orders(*(sale(amount, customer_id=name) for amount, name in rows))
    part = {"target_pay": 1, "levels": [{"at": 1, "pays": 1}]}
    part |= {"measures": [{"name": "n", "of": "new_logos", "weight": 1, "quota": 1}]}
    made = counted_columns(lines, matched(lines), plan([], attainment=part))
    assert (made["new_logos"] / 10_000).tolist() == [0, 1, 0, 0, 0, 1, 0]


def test_a_rule_for_customer_tiers_holds_for_nobody_where_no_tiers_are_known():
    lines = orders(sale(10), sale(10, kind="renewal"))
    rules = [
        {"name": "large", "customer_tier": ["A"], "times": 2},
        {"name": "renewal", "kind": ["renewal"], "times": 2},
    ]
    assert matching_rule(lines, plan(rules=rules), None).tolist() == [-1, 1]


def test_a_refund_takes_back_the_first_line_where_that_has_its_product():
    """The newest line of the order has another product; a refund of a third takes that one."""
    sold = [
        sale(9, f"2023-01-0{day}", order_id="A", product_line=line)
        for day, line in ((1, "P"), (2, "Q"))
    ]
    back = [sale(-1, "2023-01-05", order_id="A", product_line=line) for line in ("P", "Q", "S")]
    assert matched(orders(*sold, *back))["origin"].tolist() == [-1, -1, 0, 1, 1]


def test_an_order_of_nothing_is_no_refund():
    lines = payroll(orders(sale(0), sale("0.0001"), sale("-0.0001")), plan(TENTH)).lines
    assert lines["item"].tolist() == ["commission", "commission", "refund"]


def test_refunds_over_several_lines_keep_the_rows_of_their_sales():
    """A: 10 and 20, then 25 back (20 of the newer line, 5 of the other) and 10 more (the last 5,
    and 5 that nobody sold); B's 7 come back in one piece.
    """
    lines = orders(
        sale(7, "2023-01-01", order_id="B"),
        sale(10, "2023-01-02", order_id="A"),
        sale(20, "2023-01-03", order_id="A"),
        sale(-25, "2023-01-04", order_id="A"),
        sale(-7, "2023-01-05", order_id="B"),
        sale(-10, "2023-01-06", order_id="A"),
    )
    found = matched(lines)
    assert found["line"].tolist() == [0, 1, 2, 3, 3, 4, 5, 5]
    assert found["origin"].tolist() == [-1, -1, -1, 2, 1, 0, 1, 2]
    for name, units in {
        "amount": [7, 10, 20, -20, -5, -7, -5, 0],
        "beyond": [0, 0, 0, 0, 0, 0, 0, 5],
    }.items():
        assert (found[name] / 10_000).tolist() == units


# -- curves


@pytest.mark.parametrize(
    ("cap", "mode", "ends"),
    [
        (50, "marginal", [500, 1000]),  # inside the first band
        (100, "marginal", [1000]),  # at its end
        (200, "marginal", [1000, 1500]),  # beyond the last edge
        (150, "whole", [1000]),  # a jump from 100 to 200 goes past it
        (300, "whole", [1000, 1500]),
    ],
)
def test_pay_ends_where_the_cap_is_reached(cap, mode, ends):
    one = plan([(0, 1000, "0.10"), (1000, None, "0.20")], mode=mode, cap=cap)
    assert PeriodPay(one).ends() == ends


# -- years put together from months


def test_sampled_deals_are_rounded_one_by_one():
    """Two deals of 0.05 a month at 10 %: half a cent each, rounded to none; twice as large, one."""
    one = plan(TENTH, accumulate="deal")
    months = months_of(np.full((3, 1), 0.05), one)
    year = np.arange(3)[None]
    assert yearly_pay(months, year, np.array([[1.0]])).tolist() == [[0]]
    assert yearly_pay(months, year, np.array([[2.0]])).tolist() == [[3]]


@pytest.mark.parametrize(
    ("of", "paid"),
    [("units", [0, 100, 100]), ("new_logos", [0, 0, 0])],
)
def test_what_a_plan_counts_grows_with_sales_but_no_customer_comes_twice(of, paid):
    """4 of a quota of 10 in a quarter; sales times 3 and 5 make 12 and 20 pieces, 4 customers."""
    measure = {"name": "m", "of": of, "weight": 1, "quota": 10}
    part = {"target_pay": 1, "levels": [{"at": 1, "pays": 1}], "measures": [measure]}
    one = plan([], attainment=part)
    months = replace(months_of(np.ones((3, 1)), one), more={of: np.array([10_000, 10_000, 20_000])})
    year = np.tile(np.arange(3), (3, 1))
    assert yearly_pay(months, year, np.array([[1.0], [3.0], [5.0]])).ravel().tolist() == paid


# -- awards and plans


def test_who_has_no_known_progress_does_not_compete_where_quality_is_asked_for():
    """R1 makes three visits that say nothing, R2 two of which one moved a deal on."""
    book = toy(
        orders="order_id date customer_id amount\n O1 2023-05-01 C1 5",
        activities="""
            activity_id date       rep_id kind  customer_id progressed
            A1          2023-05-02 R1     visit C1          .
            A2          2023-05-03 R1     visit C1          .
            A3          2023-05-04 R1     visit C1          .
            A4          2023-05-05 R2     visit C2          true
            A5          2023-05-06 R2     visit C2          false
        """,
        month="2023-05",
    )
    past, award = SimpleNamespace(book=book, minor=2), {"name": "visits", "event": "most_visits"}
    for quality, least, won in ((0, 2, ["R1"]), (0.5, 2, ["R2"]), (0.51, 2, []), (0, 4, [])):
        one = Award(**award, amount=30, at_least=least, quality=quality)
        assert [line.rep_id for line in most_visits(past, one)[0]] == won


def test_where_the_edges_of_an_illustration_come_from_is_said():
    book = toy()
    notes = [choose_plans(book, orders(sale(100, rep_id=rep))).note for rep in ("R1", None)]
    assert "near the median and the top fifth of what a rep books" in notes[0]
    assert "made up, for no rep is credited with an order" in notes[1]


# -- work in parts


def test_states_of_refunds_are_cut_where_the_rows_of_a_part_are_full(monkeypatch):
    monkeypatch.setattr(reversals, "AT_ONCE", 10)
    cut = [part.tolist() for part in reversals._chunks(np.array([5, 5, 1, 9, 12, 1]))]
    assert cut == [[0, 1], [2, 3], [4, 5]]
    assert reversals._chunks(np.array([], dtype=np.int64)) == []


# -- what is earned at an edge


@pytest.mark.parametrize(
    ("pays", "days", "paid"),
    [("none", 0, [9, 0, 0, 0]), ("within_days", 2, [9, 9, 9, 0]), ("booked", 0, [9, 9, 9, 9])],
)
def test_what_is_earned_on_the_last_day_is_paid(pays, days, paid):
    """R1 left on 10 May: awards of 10, 11, 12 and 13 May; R2 is still there."""
    past = SimpleNamespace(roster=SimpleNamespace(left={"R1": date(2023, 5, 10)}))
    one = plan(TENTH, leaving={"pays": pays, "days": days})

    def award(rep: str, day: int) -> AwardLine:
        at = pd.Timestamp(2023, 5, day)
        return _to_leavers(past, one, AwardLine(rep, at, None, None, "award", Decimal(9), "visits"))

    found = [award("R1", day) for day in (10, 11, 12, 13)]
    assert [int(row.pay) for row in found] == paid
    assert found[0].why == award("R2", 13).why == "visits"


def test_a_cell_of_a_matrix_holds_from_its_edge_on():
    """Revenue of 100 or 99.99 by a quota of 100, margin of 50 by one of 40 (1.25 exactly)."""
    matrix = Matrix(
        rows="revenue",
        columns="margin",
        rows_at=["0.5", "1"],
        columns_at=["1", "1.25"],
        pays=[[1, 1], [1, 1]],
    )

    def cell(revenue: int, margin: int) -> str:
        sold = {"name": "revenue", "of": "revenue", "quota": 10_000, "before": 0, "after": revenue}
        earned = {"name": "margin", "of": "margin", "quota": 4_000, "before": 0, "after": margin}
        return _cell(matrix, [sold, earned], PeriodTerms(plan(TENTH)))

    assert "revenue from 100 %" in cell(10_000, 5_000)
    assert "margin from 125 %" in cell(10_000, 5_000)
    assert "revenue from 50 %" in cell(9_999, 4_999)
    assert "margin from 100 %" in cell(9_999, 4_999)
    assert cell(4_999, 5_000) == ": below 50 % of revenue nothing is paid"


def test_jumps_of_less_than_a_currency_unit_are_cliffs():
    """Whole tiers of 1 % and 2 % jump by 1 % of the edge; marginal ones never do."""
    for edge, jump in ((100, "1"), (50, "0.5")):
        bands = [(0, edge, "0.01"), (edge, None, "0.02")]
        (found,) = PeriodPay(plan(bands, mode="whole")).cliffs()
        assert (found.at, found.jump) == (edge, Decimal(jump))
        assert PeriodPay(plan(bands)).cliffs() == []
    falling = [(0, 100, "0.02"), (100, None, "0.01")]
    assert PeriodPay(plan(falling, mode="whole")).cliffs() == []


@pytest.mark.parametrize("target", [1_000, 100_000_000])
def test_small_and_very_large_target_pays_are_reached_alike(target):
    """Half of it at 50 % of the quota, all at 100 %, a third between them; without a quota none."""
    levels = [{"at": "0.5", "pays": "0.5"}, {"at": 1, "pays": 1}]
    part = {"target_pay": target, "levels": levels, "between": "interpolated"}
    one = plan([], quota=1, attainment=part)
    total, quota = np.array([49, 50, 100, 75, 10, 0]), np.array([100, 100, 100, 100, 0, 0])
    paid = attained(total, quota, one, 2).tolist()
    assert paid == [int(Fraction(part) * target * 10**8) for part in (0, 0.5, 1, 0.75, 0, 0)]


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_a_cap_leaves_what_the_tiers_have_not_taken(parts):
    """30, 100 and 130 of a cap of 100, given in wholes, halves and thirds of the smallest unit."""
    taken = np.array([30, 100, 130]) * 10**8 * parts
    left = within_cap(np.full(3, 90 * 10**8), plan(TENTH, cap=100), 2, (taken, 10**8 * parts))
    assert left.tolist() == [70 * 10**8, 0, 0]


def test_the_days_of_hiring_and_leaving_are_on_board():
    months = [Month(2023, 1), Month(2023, 2), Month(2023, 3)]
    terms = {
        "A": (date(2023, 1, 31), date(2023, 3, 1)),
        "B": (date(2023, 2, 1), date(2023, 2, 28)),
        "C": (date(2023, 4, 1), None),
    }
    found = _on_board(SimpleNamespace(terms=terms), ["A", "B", "C", "D"], months)
    assert found.T.astype(int).tolist() == [[1, 1, 1], [0, 1, 0], [0, 0, 0], [1, 1, 1]]


def test_an_order_is_credited_by_its_first_kind_of_pay():
    """Lines of two measures, of the attainment as a whole, a refund and an award of one order."""
    lines = pd.DataFrame(
        [
            ("attainment", "attainment: own"),
            ("attainment", "attainment: rep"),
            ("attainment", "attainment"),
            ("award", "attainment"),
            ("clawback", "refund"),
            ("tiers", "commission"),
        ],
        columns=["component", "item"],
    )
    measures = [{"name": "own", "weight": 0.5, "quota": 100}, {"name": "rep", "weight": 0.5}]
    part = {"target_pay": 50, "levels": [{"at": 1, "pays": 1}], "measures": measures}
    held = [credited_once(lines, one).tolist() for one in (plan([], attainment=part), plan(TENTH))]
    assert held == [
        [True, False, True, False, True, False],
        [False, False, False, False, True, True],
    ]


def test_no_more_than_was_paid_by_then_is_taken_back():
    """A paid 10, of which 15 are taken back, then 4 more and 6 back; B is not in the book."""
    rows = [
        ("A", -3, True),
        ("A", 10, False),
        ("A", -15, True),
        ("A", -2, True),
        ("B", -7, True),
        ("A", 4, False),
        ("A", -6, True),
        ("C", -5, False),
    ]
    paid = pd.DataFrame(rows, columns=["order_id", "amount", "booked"])
    assert _no_more_than_paid(paid, {"A", "C"}).tolist() == [0, 10, -10, 0, -7, 4, -4, -5]


TAKEN = ["before", "after", "band", "bound", "beyond"]  # what lines took of a period's steps


def test_sums_of_days_are_lines_of_no_row_and_no_band():
    """Two lines of 2 May become one, an award of that day and a line of 3 May stay as they are."""
    keys = ["rep", "date", "sold", "item", "rule", "row", "line", "amount", "pay", *TAKEN]
    days = pd.to_datetime(["2023-05-02", "2023-05-02", "2023-05-02", "2023-05-03"])
    lines = pd.DataFrame(7, index=range(4), columns=keys)
    lines = lines.assign(date=days, sold=days, rep=0, item=0, rule=0, row=[4, 5, -1, 6])
    found = summed(lines.assign(amount=[1, 2, 4, 8], pay=[10, 20, 40, 80]), date(2023, 5, 3))
    assert found[["amount", "pay", "row", "line", *TAKEN]].to_numpy().tolist() == [
        [3, 30, -1, -1, 0, 0, -1, 0, 0],
        [4, 40, -1, 7, 7, 7, 7, 7, 7],
        [8, 80, 6, 7, 7, 7, 7, 7, 7],
    ]


@pytest.mark.parametrize(
    ("rates", "paid"),
    [
        ((0, "0.01"), [("D", 1, 200)]),
        (("0.01", 0), [("M", 0, 200)]),
        (("0.01", "0.02"), [("M", 0, 200), ("D", 1, 400)]),
        ((0, 0), []),
    ],
)
def test_each_level_of_managers_has_its_own_rate(rates, paid):
    """R1 sells 200; M is R1's manager and D is M's."""

    def on(what: str, whose: pd.Series, days: pd.Series) -> np.ndarray:
        return whose.map({"R1": "M", "M": "D"}).to_numpy()

    past = SimpleNamespace(roster=SimpleNamespace(on=on), minor=2)
    one = plan(TENTH, manager_rate=rates[0], manager_rates=[rates[1]])
    found = manager_pay(past, one, payroll(orders(sale(200)), plan(TENTH)))
    assert [(row.manager, row.level, row.units) for row in found] == paid


def test_the_first_five_days_without_a_plan_are_named():
    """The plan starts on 20 April; orders of eight or five days of the quarter come before it."""
    for days, named in ((8, "5 Apr 2024 and 3 more"), (5, "4 Apr 2024 and 5 Apr 2024")):
        orders = "".join(f"O{d},2024-04-0{d},C1,10,R1\n" for d in range(1, days + 1))
        book = small_book(
            '[[commission_plans]]\nname = "new"\nstarts = 2024-04-20\n'
            "tiers = [{ lower = 0, rate = 0.08 }]\n",
            month="2024-06",
            orders="order_id,date,customer_id,amount,rep_id\nA,2024-06-10,C1,9000,R1\n" + orders,
        )
        past = history(book)
        with pytest.raises(SettingsProblem) as problem:
            refuse_uncovered(past, past.chosen.current, book.window("quarter_to_date"))
        assert named in re.sub(r"\s+", " ", str(problem.value))


def test_a_refund_too_late_is_not_taken_back_by_time_either():
    """9,000 of pay for twelve months from January; ended after 59 days and after 181, of which 90
    are the window.
    """
    one = plan(TENTH, refunds={"rule": "by_time", "by": "months", "window_days": 90})
    for day, back, said in (
        ("2023-02-28", -8_250_00, "by time: 11/12 not served"),
        ("2023-06-30", 0, "after 90 days"),
    ):
        rows = orders(
            sale(90_000, "2023-01-01", order_id="X"), sale(-90_000, day, order_id="X")
        ).assign(months=pd.array([12, 12], dtype="Int64"))
        lines = payroll(rows, one).lines
        assert lines["pay"].tolist() == [9_000_00, back]
        assert lines["bound"].tolist()[-1] == said


def test_parts_of_what_the_tables_hold_at_most_are_exact():
    """Weights of millionths: their products pass what 64 bits hold."""
    value = 9_000_000_000_000_000_001
    made = parted(np.array([value, 7]), [300_001, 699_999], 1)
    assert made.sum(axis=1).tolist() == [value, 7]
    assert made[0].tolist() == [2_700_009_000_000_000_000, 6_299_991_000_000_000_001]


def test_lines_split_among_as_many_people_in_other_shares_stay_in_their_order():
    """A and C are shared evenly, B four to one; each part stands behind its line."""
    rows = [
        sale(amount, order_id=name, rep_id="R1")
        for name, amount in (("A", 10), ("B", 50), ("C", 30))
    ]
    table = pd.DataFrame(
        [
            ("A", "R1", 0.5), ("A", "R2", 0.5), ("B", "R1", 0.8), ("B", "R2", 0.2),
            ("C", "R2", 0.5), ("C", "R3", 0.5),
        ],
        columns=["order_id", "rep_id", "share"],
    )  # fmt: skip
    splits = table.assign(kind="split")
    book = toy(
        month="2023-01",
        settings={
            "book": {"currency": "EUR"},
            "commission_plans": [
                {"name": "p", "starts": "2022-01-01", "tiers": [{"lower": 0, "rate": 0.1}]}
            ],
        },
        orders=rows,
        reps=[{"rep_id": f"R{n}", "name": f"r{n}", "hired": "2020-01-01"} for n in (1, 2, 3)],
        deal_splits=splits.to_dict("records"),
    )
    past = history(book)
    lines = total_pay(past, past.chosen.current).lines
    found = [
        (row.order_id, row.rep_id, int(row.amount / 10_000), int(row.pay))
        for row in lines.itertuples()
    ]
    assert sorted(found) == [
        ("A", "R1", 5, 50), ("A", "R2", 5, 50), ("B", "R1", 40, 400), ("B", "R2", 10, 100),
        ("C", "R2", 15, 150), ("C", "R3", 15, 150),
    ]  # fmt: skip


def test_a_customer_who_brought_more_back_is_of_the_lowest_tier():
    rows = orders(
        sale(100, "2023-01-05", customer_id="C1"),
        sale(-150, "2023-01-06", customer_id="C1"),
        sale(10, "2023-01-07", customer_id="C1"),
        sale(10, "2023-01-07", customer_id="C2"),
    )
    tiers = TierTable(names=["high", "mid", "low"], lower=[80, 20, 0])
    assert customer_tier(rows, tiers).tolist() == ["low", "high", "low", "low"]


def test_a_refund_of_the_first_line_still_points_at_it_when_lines_between_are_left_out():
    rows = pd.DataFrame({"origin": [-1, -1, 0, 1]})
    kept = _only(rows, np.array([True, False, True, True]))
    assert kept["origin"].tolist() == [-1, 0, -1]


def test_terms_of_some_groups_are_theirs_in_their_order():
    here = tuple(np.array(days) for days in ([1, 2, 3], [10, 20, 30]))
    terms = GroupTerms(np.array([7, 8, 9]), here, np.array([4, 5, 6]), here)
    made = terms.take(np.array([2, 0]))
    assert (made.quota.tolist(), made.carried.tolist()) == ([9, 7], [6, 4])
    for pair in (made.days, made.present):
        assert [part.tolist() for part in pair] == [[3, 1], [30, 10]]


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (["1/3", "2/3"], "split 1/3 to the order's rep, 2/3 to the deal's rep"),
        (["0.7", "0.3"], "split 70 % to the order's rep, 30 % to the deal's rep"),
        (["1/8", "7/8"], "split 12.5 % to the order's rep, 87.5 % to the deal's rep"),
    ],
)
def test_a_plan_in_words_has_short_shares_and_days_as_they_are_read(shares, said):
    splits = [{"to": to, "share": one} for to, one in zip(("order", "deal"), shares, strict=True)]
    one = plan(TENTH, splits=splits, starts="2023-02-15", replaces="before")
    text = describe_plan(one, Formats("EUR", "en"))
    assert f"; {said}; from 15 Feb 2023 in place of before" in text
