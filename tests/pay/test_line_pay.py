"""On every line amount × rate is the pay, or the line says what bound it."""

from fractions import Fraction

import pytest

from pay_plans import one_quota, orders, plan, sale
from pay_reference import company, payrolls
from playbook.base.formats import Formats
from playbook.pay.explain import explain, parts_by_line, period_terms
from playbook.pay.line_words import describe_line
from playbook.pay.payroll import payroll

P1 = [(0, 1_000_000, "0.08"), (1_000_000, 2_000_000, "0.10"), (2_000_000, None, "0.12")]
FLAT = [(0, None, "0.08")]
FMT = Formats("EUR", "en")


def told(rows, plan_, **options) -> list[str]:
    found = []
    paid = payroll(orders(*rows), plan_, **options)
    parts, reached = parts_by_line({"test": paid}, paid.lines), paid.reached(paid.lines)
    for at, line in enumerate(paid.lines.to_dict("records")):
        terms = period_terms(
            plan_,
            int(line["sale_period"]),
            int(line["quota"]),
            1,
            dated=options.get("dated", False),
        )
        pay = explain(line, terms, 2, FMT, parts.get(at, ()))
        at_rates = sum((piece.amount * piece.rate for piece in pay.pieces), Fraction(0))
        assert abs(at_rates + Fraction(pay.other) - Fraction(int(line["pay"]), 100)) <= Fraction(
            1, 100
        )
        assert bool(pay.reasons) == (pay.other != 0 and bool(pay.pieces))
        found.append(describe_line(line, terms, pay, FMT, reached.get(at, ())))
    return found


def test_a_whole_amount_plan_says_what_moves_to_the_reached_rate():
    """Case 5: 20,000 of May's own and 18,000 that April's 900,000 earn more."""
    rows = [sale(900_000, "2023-04-10"), sale(200_000, "2023-05-10")]
    assert told(rows, plan(P1, mode="whole")) == [
        "total €900,000.00 is in the 8 % band",
        "total €1,100,000.00 is in the 10 % band; +€18,000.00: the quarter's earlier amounts move"
        " to the same rate",
    ]


def test_a_cap_says_what_it_kept_back():
    """Case 14: 70,109.89 at the plain rates, 24,725.27 within 45/91 of the cap."""
    one = plan(P1, starts="2023-05-17", cap=50_000)
    assert told([sale(800_000, "2023-06-10")], one, dated=True) == [
        "€494,505.49 at 8 % + €305,494.51 at 10 %; −€45,384.62: cap of €24,725.27"
    ]


def test_a_threshold_says_that_nothing_is_paid_below_it_and_what_reaching_it_pays():
    rows = [sale(300_000, "2023-04-10"), sale(100_000, "2023-05-10")]
    lines = told(rows, plan(FLAT, threshold="0.8"), quotas=one_quota(500_000))
    assert lines == [
        "8 %; −€24,000.00: nothing is paid below €400,000.00",
        "8 %; +€24,000.00: €400,000.00 reached, what came before is paid too",
    ]


def test_a_refund_says_which_total_went_down_and_one_beyond_its_sale_by_how_much():
    rows = [sale(1_000, order_id="X"), sale(-1_500, "2023-04-10", order_id="X")]
    assert told(rows, plan(FLAT))[1:] == [
        "refund of a sale of an earlier quarter: what that quarter pays without it, less what it"
        " paid (total €1,000.00 → €0.00)",
        "asks back €500.00 more than was sold: what the sale paid is taken back, and no more",
    ]


def test_reaching_the_quota_says_from_where_to_where():
    levels = [{"at": "0.8", "pays": "0.5"}, {"at": 1, "pays": 1}]
    one = plan([], attainment={"target_pay": 10_000, "levels": levels})
    assert told([sale(90_000)], one, quotas=one_quota(100_000)) == [
        "attainment 0.00 % → 90.00 % of €100,000.00"
    ]


@pytest.mark.parametrize("seed", range(12))
def test_what_the_engine_writes_down_is_what_it_pays(seed):
    """On every line of drawn books: base × rate is the part's pay, the parts add up to the line
    within its rounding, and a line whose own amounts × rates are not its pay says what bound it.
    """
    made = company(seed, 2)
    for one, paid in zip(made.plans, payrolls(made), strict=True):
        told = parts_by_line({one.name: paid}, paid.lines)
        for at, line in enumerate(paid.lines.to_dict("records")):
            if line["component"] != "tiers":
                continue
            total, own = Fraction(0), Fraction(0)
            for part in told.get(at, ()):
                value = Fraction(int(part["pay"]), int(part["unit"]))
                total += value
                if part["rate_unit"]:
                    rate = Fraction(int(part["rate"]), int(part["rate_unit"]))
                    assert Fraction(part["base"]) / int(part["base_unit"]) * rate == value
                if part["what"] in ("band", "points"):
                    own += value
            assert abs(total - Fraction(int(line["pay"]), 100)) < Fraction(1, 100)
            assert line["bound"] or own == total
