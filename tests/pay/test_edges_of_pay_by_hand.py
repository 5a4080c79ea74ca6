"""What single lines of the pay engine decide, on the smallest books in which they matter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pay_plans import months_of, orders, plan, sale
from playbook.base.formats import Formats
from playbook.base.settings.plan_parts import Award
from playbook.pay import reversals
from playbook.pay.contests import most_visits
from playbook.pay.credit import matching_rule
from playbook.pay.explain import LinePay, PeriodTerms, Piece
from playbook.pay.line_words import describe_line
from playbook.pay.measured import counted_columns
from playbook.pay.payroll import payroll
from playbook.pay.period_pay import PeriodPay
from playbook.pay.plan_choice import choose_plans
from playbook.pay.refunds import matched
from playbook.pay.resampled import yearly_pay
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
