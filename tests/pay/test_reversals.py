"""Refunds and changes of plan, each worked by hand to the cent: what the sale's own period pays
without the amount, less what it paid.
"""

import itertools

import pytest

from pay_plans import one_quota as quota
from pay_plans import orders, plan, sale
from playbook.pay.payroll import payroll

P1 = [(0, 1_000_000, "0.08"), (1_000_000, 2_000_000, "0.10"), (2_000_000, None, "0.12")]
TEN = [(0, 10_000, "0.08"), (10_000, None, "0.10")]
FLAT = [(0, None, "0.08")]
RENEWAL = {"name": "renewal", "kind": ["renewal"], "times": "1.2"}
FIXED = {"name": "renewal", "kind": ["renewal"], "rate": "0.03"}
APART = {"name": "renewal", "kind": ["renewal"], "rate": "0.03", "counts": False}
POINTS = {"name": "renewal", "kind": ["renewal"], "points": "0.015"}
LEVELS = {"target_pay": 500, "levels": [{"at": "0.8", "pays": "0.5"}, {"at": 1, "pays": 1}]}


def lines_of(rows, plan_, **options):
    return payroll(orders(*rows), plan_, **options).lines


def pays(rows, plan_, **options):
    return lines_of(rows, plan_, **options)["pay"].tolist()


def test_a_refund_under_a_rule_is_what_the_quarter_pays_without_the_sale():
    """A 10,000 at 8 % and B 10,000 × 1.2 at 10 %. A goes back first: B moves to the 8 % band and
    earns 960, so 1,040 come back, and then 960 of B.
    """
    sold = [sale(10_000, order_id="A"), sale(10_000, "2023-02-01", order_id="B", kind="renewal")]
    back = {
        "A": sale(-10_000, "2023-03-01", order_id="A"),
        "B": sale(-10_000, "2023-03-02", order_id="B"),
    }
    ruled = plan(TEN, rules=[RENEWAL])
    assert pays([*sold, back["A"], back["B"]], ruled) == [800_00, 1200_00, -1040_00, -960_00]
    later = {**back["A"], "date": "2023-03-03"}
    assert pays([*sold, back["B"], later], ruled) == [800_00, 1200_00, -1200_00, -800_00]


def test_a_sale_after_a_refund_starts_from_what_is_left():
    """A 10,000 and B 10,000 × 1.2; A comes back (B falls to 8 %); C begins at 10,000: 10 %."""
    rows = [
        sale(10_000, order_id="A"),
        sale(10_000, "2023-02-01", order_id="B", kind="renewal"),
        sale(-10_000, "2023-02-10", order_id="A"),
        sale(1_000, "2023-02-20", order_id="C"),
    ]
    assert pays(rows, plan(TEN, rules=[RENEWAL])) == [800_00, 1200_00, -1040_00, 100_00]


@pytest.mark.parametrize("rule", [None, RENEWAL, FIXED, APART, POINTS])
@pytest.mark.parametrize("mode", ["marginal", "whole"])
@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"cap": 1500},
        {"threshold": "0.5"},
        {"attainment": LEVELS},
        {"splits": [{"to": "order", "share": "0.7"}, {"to": "customer", "share": "0.3"}]},
        {"accumulate": "month"},
        {"accumulate": "deal"},
    ],
)
@pytest.mark.parametrize("backs", [["2023-02-10"] * 3, ["2023-02-10", "2023-05-01", "2023-08-01"]])
def test_everything_refunded_is_nothing_paid_in_every_order(rule, mode, limits, backs):
    if limits.get("accumulate") == "deal" and "threshold" in limits:
        return
    sold = [
        sale("10000.01", order_id="A", customer_rep="R2"),
        sale("7333.33", "2023-02-01", order_id="B", kind="renewal", customer_rep="R2"),
        sale("4999.99", "2023-02-05", order_id="C", customer_rep="R3"),
    ]
    one = plan(TEN, mode=mode, rules=[rule] if rule else [], **limits)
    rows = []
    for number, order in enumerate(itertools.permutations(sold)):
        back = [
            {**row, "amount": f"-{row['amount']}", "date": day}
            for row, day in zip(order, backs, strict=True)
        ]
        rows += [_of_book(row, number) for row in [*sold, *back]]
    rows.sort(key=lambda row: (row["date"], row["order_id"]))
    lines = lines_of(rows, one, quotas=quota(20_000))
    assert (lines["pay"] > 0).any()
    assert lines.groupby("rep_id")["pay"].sum().eq(0).all()


def _of_book(row: dict, number: int) -> dict:
    """The row with names of its own, so that several books can be paid at once."""
    names = {key: f"{row[key]}-{number}" for key in ("order_id", "customer_rep")}
    return {**row, **names, "rep_id": f"R1-{number}"}


def test_a_refund_of_a_closed_quarter_is_worked_out_from_its_bands():
    """Case 30: 900,000 and 400,000 paid 110,000; without 400,000 the quarter pays 72,000."""
    rows = [
        sale(900_000, "2023-01-10"),
        sale(400_000, "2023-02-10", order_id="X"),
        sale(-400_000, "2023-04-10", order_id="X"),
    ]
    assert pays(rows, plan(P1))[-1] == -38_000_00
    assert pays(rows, plan(P1, mode="whole"))[-1] == -58_000_00


def test_two_refunds_of_a_whole_amount_quarter_in_their_order():
    """Case 63: 1.3m at 10 % is 130,000; without A 400,000 at 8 % are 32,000."""
    rows = [
        sale(900_000, "2023-01-10", order_id="A"),
        sale(400_000, "2023-02-10", order_id="B"),
        sale(-900_000, "2023-04-10", order_id="A"),
        sale(-400_000, "2023-04-10", order_id="B"),
    ]
    assert pays(rows, plan(P1, mode="whole")) == [72_000_00, 58_000_00, -98_000_00, -32_000_00]


def test_a_refund_under_a_cap_takes_back_only_what_the_cap_had_let_through():
    """Case 59: 8,000, then 2,000 up to the cap of 10,000; without the first 4,000 are left."""
    rows = [
        sale(100_000, "2023-01-10", order_id="A"),
        sale(50_000, "2023-02-10"),
        sale(-100_000, "2023-03-10", order_id="A"),
    ]
    assert pays(rows, plan(FLAT, cap=10_000)) == [8_000_00, 2_000_00, -6_000_00]


def test_a_split_sale_is_taken_back_from_everybody_who_shared_it():
    """Case 61: 200,000 split 60 to 40, refunded in the next quarter."""
    rows = [
        sale(200_000, "2023-02-01", order_id="A", rep_id="A", customer_rep="B"),
        sale(-200_000, "2023-04-10", order_id="A", rep_id="A", customer_rep="B"),
    ]
    both = [{"to": "order", "share": "0.6"}, {"to": "customer", "share": "0.4"}]
    lines = lines_of(rows, plan(P1, splits=both))
    back = lines[lines["item"] == "clawback"]
    assert dict(zip(back["rep_id"], back["pay"], strict=True)) == {"A": -9_600_00, "B": -6_400_00}


def test_a_split_sale_refunded_in_odd_parts_leaves_no_ten_thousandth():
    """0.0003 in halves are 0.0001 and 0.0002; refunds of 0.0001 and 0.0002 leave nothing."""
    both = [{"to": "order", "share": "0.5"}, {"to": "customer", "share": "0.5"}]
    rows = [
        sale(amount, day, order_id="A", customer_rep="B")
        for amount, day in (
            ("0.0003", "2023-01-01"),
            ("-0.0001", "2023-02-01"),
            ("-0.0002", "2023-02-02"),
        )
    ]
    lines = lines_of(rows, plan(FLAT, splits=both))
    assert lines.groupby("rep_id")["amount"].sum().to_dict() == {"B": 0, "R1": 0}


def test_a_level_lost_to_a_refund_is_paid_back():
    """Case 62: 80 % → 5,000 and 100 % → 10,000 of a quota of 100,000."""
    levels = [{"at": "0.8", "pays": "0.5"}, {"at": 1, "pays": 1}]
    one = plan([], attainment={"target_pay": 10_000, "levels": levels})
    rows = [
        sale("99999.99", "2023-01-05"),
        sale("0.01", "2023-01-06", order_id="X"),
        sale("-0.01", "2023-01-07", order_id="X"),
    ]
    assert pays(rows, one, quotas=quota(100_000)) == [5_000_00, 5_000_00, -5_000_00]


def test_a_refund_beyond_its_sale_takes_back_what_was_paid_and_no_more():
    """Case 64: sold 1,000 (80 paid), 1,500 asked back in the next quarter."""
    rows = [sale(1_000, order_id="X"), sale(-1_500, "2023-04-10", order_id="X")]
    lines = lines_of(rows, plan(FLAT))
    assert lines["item"].tolist() == ["commission", "clawback", "refund beyond the sale"]
    assert lines["pay"].tolist() == [80_00, -80_00, 0]
    assert lines["amount"].tolist() == [1_000_0000, -1_000_0000, 0]
    assert lines["beyond"].tolist() == [0, 0, 500_0000]


def test_a_refund_of_an_order_is_spread_over_its_lines_newest_first():
    """900 of the newest line, then 100 of the one before; the second refund finds 500 of it."""
    rows = [
        sale(600, "2023-01-05", order_id="X", product_line="A"),
        sale(900, "2023-01-06", order_id="X", product_line="B"),
        sale(-1_000, "2023-02-01", order_id="X"),
        sale(-700, "2023-02-02", order_id="X"),
    ]
    lines = lines_of(rows, plan(FLAT))
    assert lines["pay"].tolist() == [48_00, 72_00, -72_00, -8_00, -40_00, 0]
    assert lines["beyond"].tolist()[-1] == 200_0000


def test_plans_that_meet_inside_a_quarter_share_its_bands_by_days_exactly():
    """45 of 91 days at 5/6 % and 46 at 8/10 %: the edges are 1m × 45/91 = 494,505.4945… and
    1m × 46/91 = 505,494.5054…
    """
    old = plan(
        [(0, 1_000_000, "0.05"), (1_000_000, 2_000_000, "0.06"), (2_000_000, None, "0.07")],
        ends="2023-05-15",
    )
    new = plan(P1, starts="2023-05-16")
    rows = [sale(800_000, "2023-04-10"), sale(900_000, "2023-06-10")]
    assert pays(rows, old, dated=True) == [43_054_95]
    assert pays(rows, new, dated=True) == [79_890_11]


def test_a_plan_of_half_a_quarter_has_an_exact_part_of_bands_and_cap():
    """Cases 13 and 14: in force 45 of 91 days."""
    rows = [sale(800_000, "2023-06-10")]
    assert pays(rows, plan(P1, starts="2023-05-17"), dated=True) == [70_109_89]
    capped = plan(P1, starts="2023-05-17", cap=50_000)
    assert pays(rows, capped, dated=True) == [24_725_27]


def test_both_plans_of_a_quarter_by_hand():
    """Case 40: 8/10 % at 1m, from 16 May 9/12 % at 1m."""
    old = plan([(0, 1_000_000, "0.08"), (1_000_000, None, "0.10")], ends="2023-05-15")
    new = plan([(0, 1_000_000, "0.09"), (1_000_000, None, "0.12")], starts="2023-05-16")
    rows = [sale(600_000, "2023-04-10"), sale(700_000, "2023-05-20")]
    assert pays(rows, old, dated=True) + pays(rows, new, dated=True) == [50_109_89, 68_835_16]


def test_bands_in_shares_of_a_quota_are_shared_exactly_too():
    """Case 58: 8→10 % at a quota of 300,000, from 16 May 9→12 % at 400,000."""
    both = [
        plan([(0, 1, a), (1, None, b)], tiers_of="quota", **days)
        for a, b, days in (
            ("0.08", "0.10", {"ends": "2023-05-15"}),
            ("0.09", "0.12", {"starts": "2023-05-16"}),
        )
    ]
    rows = [sale(200_000, "2023-04-10"), sale(250_000, "2023-06-10")]
    paid = [
        pays(rows, one, dated=True, quotas=quota(size))
        for one, size in zip(both, (300_000, 400_000), strict=True)
    ]
    assert paid == [[17_032_97], [23_934_07]]


def test_a_refund_over_a_plan_change_comes_back_under_the_plan_and_share_that_paid():
    """Sold on 10 April under the plan of 45 of 91 days, refunded in June: all of 43,054.95."""
    old = plan([(0, 1_000_000, "0.05"), (1_000_000, None, "0.06")], ends="2023-05-15")
    new = plan(P1, starts="2023-05-16")
    rows = [sale(800_000, "2023-04-10", order_id="X"), sale(-800_000, "2023-06-20", order_id="X")]
    assert pays(rows, old, dated=True) == [43_054_95, -43_054_95]
    assert pays(rows, new, dated=True) == []


@pytest.mark.parametrize(
    ("mode", "accumulate", "total"),
    [
        ("marginal", "deal", 164_00),
        ("marginal", "month", 181_00),
        ("marginal", "quarter", 285_00),
        ("whole", "deal", 234_00),
        ("whole", "month", 271_00),
        ("whole", "quarter", 485_00),
    ],
)
def test_six_readings_of_one_table(mode, accumulate, total):
    """Case 2: 1/2/3/5 % at 1,000/3,000/8,000, in any order of the file (case 56)."""
    bands = [(0, 1000, "0.01"), (1000, 3000, "0.02"), (3000, 8000, "0.03"), (8000, None, "0.05")]
    rows = [
        sale(amount, f"2023-{day}", order_id=f"O{number}")
        for number, (amount, day) in enumerate(
            [(200, "01-01"), (300, "01-02"), (1500, "01-15")]
            + [(1200, "02-01"), (2000, "02-15"), (4500, "03-01")]
        )
    ]
    one = plan(bands, mode=mode, accumulate=accumulate)
    made = [sum(pays(part, one)) for part in (rows, rows[::-1])]
    assert made == [total, total]


def test_the_last_hundredth_of_an_edge_decides_a_whole_amount_plan():
    """Case 4."""
    for amount, paid in (("2000000.00", 200_000_00), ("2000000.01", 240_000_00)):
        assert pays([sale(amount)], plan(P1, mode="whole")) == [paid]


def test_a_threshold_counts_from_the_first_unit():
    """Case 11: 80 % of 500,000 at 8 %."""
    one = plan(FLAT, threshold="0.8")
    for amount, paid in (("399999.99", 0), ("400000", 32_000_00), ("450000", 36_000_00)):
        assert pays([sale(amount)], one, quotas=quota(500_000)) == [paid]


def test_levels_rise_evenly_between():
    """Case 12: 93.7 % between 80 % (half) and 100 % (full) of 12,345."""
    levels = [{"at": "0.8", "pays": "0.5"}, {"at": 1, "pays": 1}, {"at": "1.2", "pays": "1.6"}]
    part = {"target_pay": 12_345, "levels": levels, "between": "interpolated"}
    assert pays([sale(93_700)], plan([], attainment=part), quotas=quota(100_000)) == [10_400_66]


def test_a_published_statement_adds_up():
    """Case 52: 10 % to 75,000 and 15 % above; the vendor prints 2,625 for the last line."""
    bands = [(0, 75_000, "0.10"), (75_000, None, "0.15")]
    rows = [sale(41_250), sale(26_250, "2023-02-01"), sale(26_250, "2023-03-01")]
    assert pays(rows, plan(bands)) == [4_125_00, 2_625_00, 3_562_50]
