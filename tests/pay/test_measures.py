"""Pay by several measures, by a matrix, within a year's cap and by months in force: each worked by
hand to the cent, with refunds inside the period and after it.
"""

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from pay_plans import one_quota, orders, plan, sale
from pay_reversed import paid_in_all
from playbook.pay.payroll import Payroll, payroll
from playbook.pay.period_pay import PeriodPay

LEVELS = [{"at": "0.5", "pays": "0.5"}, {"at": 1, "pays": 1}]


def measured(*measures, **more):
    part = {"target_pay": 10_000, "levels": LEVELS, "between": "interpolated"}
    return plan([], attainment={**part, "measures": list(measures)}, **more)


def one(of, quota, weight=1, **more):
    return {"name": of, "of": of, "weight": str(weight), "quota": quota, **more}


def book(*rows) -> pd.DataFrame:
    """Order lines with their cost [currency], months and pieces."""
    made = orders(*rows)
    cost = [None if (c := r.get("cost")) is None else c * 10_000 for r in rows]
    return made.assign(
        cost=pd.array(cost, dtype="Int64"),
        months=pd.array([r.get("months") for r in rows], dtype="Int64"),
        quantity=[float(r.get("pieces", 0)) for r in rows],
    )


def steps(paid: Payroll, item: str) -> list[tuple[str, int, int, int]]:
    """(order, before, after, pay) of an item's lines; totals in whole units."""
    mine = paid.lines[paid.lines["item"] == item]
    return [
        (r.order_id, r.before // 10_000, r.after // 10_000, int(r.pay)) for r in mine.itertuples()
    ]


PAID = {"paid_amount": 30_000, "paid_date": "2023-02-10"}
BOOK = [
    sale(60_000, "2023-01-10", order_id="A", cost=30_000, months=36, pieces=4, **PAID),
    sale(30_000, "2023-02-20", order_id="B", cost=10_000, months=12, pieces=3)
    | {"paid_amount": 30_000, "paid_date": "2023-03-05"},
    sale(20_000, "2023-03-20", order_id="C", cost=10_000, months=24, pieces=5),
    sale(-60_000, "2023-03-25", order_id="A", cost=-30_000, months=36, pieces=-4),
]


@pytest.mark.parametrize(
    ("measure", "paid"),
    [
        # 60 %, 90 %, then full; half of the quota after the refund
        (one("revenue", 100_000), {"A": [6_000, -5_000], "B": [3_000], "C": [1_000]}),
        # margin 30,000, 50,000, 60,000 of 60,000, then 30,000
        (one("gross_margin", 60_000), {"A": [5_000, -5_000], "B": [3_333.33], "C": [1_666.67]}),
        # 36 and 24 months count: 60,000, 80,000 of 80,000, then 20,000: below the first level
        (one("multi_year", 80_000, least_months=24), {"A": [7_500, -10_000], "C": [2_500]}),
        # 36 months alone: 60,000 of 60,000, then none
        (one("multi_year", 60_000, least_months=36), {"A": [10_000, -10_000]}),
        # 4, 7, 12 of 10 pieces, then 8
        (one("units", 10), {"B": [7_000], "C": [3_000], "A": [-2_000]}),
        # 30,000, 60,000 of 80,000; what had been paid of A is paid back with it: 37.5 %
        (one("cash", 80_000), {"B": [7_500], "A": [-7_500]}),
    ],
)
def test_one_measure_at_a_time(measure, paid):
    lines = payroll(book(*BOOK), measured(measure)).lines
    found = {
        order: [pay / 100 for pay in part["pay"] if pay]
        for order, part in lines[lines["pay"] != 0].groupby("order_id")
    }
    assert found == paid


def test_two_measures_of_long_contracts_count_each_by_its_own_months():
    two = [
        {**one("multi_year", 80_000, "0.5", least_months=24), "name": "two years"},
        {**one("multi_year", 60_000, "0.5", least_months=36), "name": "three years"},
    ]
    paid = payroll(book(*BOOK[:3]), measured(*two))
    assert steps(paid, "attainment: two years") == [
        ("A", 0, 60_000, 3_750_00),
        ("B", 60_000, 60_000, 0),
        ("C", 60_000, 80_000, 1_250_00),
    ]
    assert steps(paid, "attainment: three years") == [("A", 0, 60_000, 5_000_00)]


def test_a_payment_is_money_and_neither_pieces_nor_margin():
    """The payment of A on 10 February adds nothing but cash, and no line without pay stands there
    for another measure.
    """
    plan_ = measured(
        one("units", 10, "0.4"), one("gross_margin", 60_000, "0.4"), one("cash", 80_000, "0.2")
    )
    paid = payroll(book(*BOOK[:1]), plan_)
    assert steps(paid, "attainment: units") == [("A", 0, 4, 0)]
    assert steps(paid, "attainment: gross_margin") == [("A", 0, 30_000, 2_000_00)]
    assert steps(paid, "attainment: cash") == []
    assert paid.total() == 2_000_00


def test_money_paid_back_in_a_later_quarter_takes_back_what_the_first_paid():
    """80,000 of 80,000 paid in the first quarter: 10,000. Paid back in full in the second."""
    rows = [
        sale(80_000, "2023-01-10", order_id="A", paid_amount=80_000, paid_date="2023-02-01"),
        sale(-80_000, "2023-05-10", order_id="A"),
    ]
    lines = payroll(book(*rows), measured(one("cash", 80_000))).lines
    assert lines["pay"].sum() == 0
    assert lines[lines["pay"] != 0][["item", "pay"]].values.tolist() == [
        ["attainment: cash", 10_000_00],
        ["clawback", -10_000_00],
    ]


def test_a_half_that_is_paid_has_half_of_the_margin():
    """Cash basis: 50,000 of 100,000 are paid; the order costs 60,000: 20,000 of margin."""
    row = sale(100_000, order_id="A", cost=60_000, paid_amount=50_000, paid_date="2023-02-01")
    one_ = measured(one("gross_margin", 20_000), basis="cash")
    assert steps(payroll(book(row), one_), "attainment: gross_margin") == [
        ("A", 0, 20_000, 10_000_00)
    ]


MATRIX = {
    "target_pay": 10_000,
    "measures": [
        {"name": "revenue", "weight": "0.5", "quota": 100_000},
        {"name": "margin", "of": "gross_margin", "weight": "0.5", "quota": 40_000},
    ],
    "matrix": {
        "rows": "revenue",
        "columns": "margin",
        "rows_at": ["0.5", "0.8", 1],
        "columns_at": ["0.5", 1],
        "pays": [["0.2", "0.4"], ["0.5", "0.8"], ["0.8", "1.2"]],
    },
}


def test_a_matrix_of_revenue_and_margin():
    """60 %/75 % pays 20 %, 90 %/125 % 80 %, 110 %/150 % 120 %; without A 50 %/75 %: 20 %."""
    paid = payroll(book(*BOOK), plan([], attainment=MATRIX))
    assert steps(paid, "attainment") == [
        ("A", 0, 60_000, 2_000_00),
        ("B", 60_000, 90_000, 6_000_00),
        ("C", 90_000, 110_000, 4_000_00),
        ("A", 110_000, 50_000, -10_000_00),
    ]
    late = [*BOOK[:3], BOOK[3] | {"date": "2023-04-25"}]
    assert payroll(book(*late), plan([], attainment=MATRIX)).lines["pay"].tolist() == [
        2_000_00,
        6_000_00,
        4_000_00,
        -10_000_00,
    ]


def test_a_matrix_counts_an_edge_as_reached_and_a_cent_less_as_not():
    for revenue, share in (("80000", "0.8"), ("79999.99", "0.4"), ("49999.99", 0)):
        row = sale(revenue, cost=0)
        made = orders(row).assign(cost=pd.array([0], dtype="Int64"))
        paid = payroll(made, plan([], attainment=MATRIX)).total()
        assert paid == Fraction(share) * 10_000_00


def test_a_years_cap_over_quarters_and_a_refund():
    """10 % of 60,000 and 70,000 within 10,000 a year; without the first 7,000: 3,000 come back."""
    rows = [
        sale(60_000, "2023-02-20", order_id="A"),
        sale(70_000, "2023-05-10", order_id="B"),
        sale(-60_000, "2023-08-01", order_id="A"),
        sale(10_000, "2023-09-01", order_id="C"),
        sale(60_000, "2024-01-05", order_id="D"),
    ]
    lines = payroll(orders(*rows), plan([(0, None, "0.10")], cap_year=10_000)).lines
    assert lines["pay"].tolist() == [6_000_00, 4_000_00, -3_000_00, 1_000_00, 6_000_00]
    assert lines["bound"].tolist() == ["", "cap of the year", "cap of the year", "", ""]
    fiscal = payroll(
        orders(*rows), plan([(0, None, "0.10")], cap_year=10_000), fiscal_year_start=4
    ).lines
    assert fiscal["pay"].tolist() == [6_000_00, 7_000_00, -6_000_00, 1_000_00, 2_000_00]


def test_a_part_of_a_period_by_months_begun():
    """From 16 May: two of three months. Edge 60,000 → 40,000, cap 9,000 → 6,000."""
    bands = [(0, 60_000, "0.08"), (60_000, None, "0.10")]
    one_ = plan(bands, starts="2023-05-16", prorate_by="months", cap=9_000)
    rows = [sale(50_000, "2023-05-20"), sale(50_000, "2023-06-10")]
    lines = payroll(orders(*rows), one_, dated=True).lines
    assert lines["pay"].tolist() == [4_200_00, 1_800_00]
    by_days = payroll(orders(*rows), one_.model_copy(update={"prorate_by": "days"}), dated=True)
    # 46 of 91 days: the edge at 30,329.67…; 2,426.37 + 10 % of 69,670.33 are above 4,549.45
    assert by_days.lines["pay"].tolist() == [4_393_41, 156_04]


def test_a_quota_by_months_begun():
    """Levels at a quota of 30,000 × 2/3 = 20,000, and a target of 1,000 × 2/3."""
    part = {"target_pay": 1_000, "levels": [{"at": 1, "pays": 1}]}
    one_ = plan([], starts="2023-05-16", prorate_by="months", attainment=part)
    rows = [sale("19999.99", "2023-05-20"), sale("0.01", "2023-06-10")]
    lines = payroll(orders(*rows), one_, dated=True, quotas=one_quota(30_000)).lines
    assert lines["pay"].tolist() == [0, 666_67]


# -- the same engine asked for any amount


def test_edges_and_cliffs_of_levels_thresholds_and_part_periods():
    bands = [(0, "0.8", "0.05"), ("0.8", None, "0.10")]
    terms = PeriodPay(plan(bands, tiers_of="quota", threshold="0.5"), Decimal(1_000), (45, 90))
    assert terms.edges() == [250, 400]
    assert [(c.at, c.jump) for c in terms.cliffs()] == [(250, Decimal("12.5"))]
    assert (terms.next_edge(Decimal(250)), terms.next_edge(Decimal(400))) == (400, 400)
    part = {"target_pay": 1_000, "levels": [{"at": 1, "pays": 1}, {"at": "1.2", "pays": "1.5"}]}
    terms = PeriodPay(plan([], attainment=part), Decimal(1_000))
    assert [(c.at, c.jump) for c in terms.cliffs()] == [(1_000, 1_000), (1_200, 500)]
    assert terms.next_edge(Decimal(1_000)) == 1_200


def test_pay_of_an_amount_stops_at_the_cap_where_the_engine_stops():
    """8 % to 1,000 and 10 % above; 120 are reached at 1,400; a half period at 700."""
    bands = [(0, 1_000, "0.08"), (1_000, None, "0.10")]
    for days, at in (((1, 1), 1_400), ((1, 2), 700)):
        terms = PeriodPay(plan(bands, cap=120), None, days)
        assert terms.ends()[-1] == at
        assert terms.pay([at - 10, at, at + 10]) == [
            Fraction(120 * days[0], days[1]) - 1,
            Fraction(120 * days[0], days[1]),
            Fraction(120 * days[0], days[1]),
        ]


def test_a_curve_of_measures_and_a_factor_by_margin_is_the_engines():
    """A margin of one half: 60,000 have 30,000 of it, 75 % of the quota."""
    terms = PeriodPay(plan([], attainment=MATRIX), margin=Fraction(1, 2))
    assert terms.pay([60_000, 80_000]) == [2_000, 8_000]
    assert terms.edges() == [40_000, 50_000, 80_000, 100_000]
    factor = plan([(0, None, "0.10")], modifier=[{"at": 0, "times": 1}, {"at": "0.5", "times": 2}])
    assert PeriodPay(factor, margin=Fraction(1, 2)).pay([1_000]) == [200]
    assert PeriodPay(factor, margin=Fraction(1, 3)).pay([1_000]) == [100]
    assert PeriodPay(factor).assumed == "no factor by margin, for no cost is known"


def test_everything_refunded_pays_nothing_whatever_is_measured():
    """25 drawn books; ``bench/pay_exact.py`` draws 500."""
    assert {seed: paid for seed in range(25) if any((paid := paid_in_all(seed)).values())} == {}
