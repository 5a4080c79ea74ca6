"""Payrolls: lines add up, refunds come back, and every basis and period pays what the definition
says.
"""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pay_plans import by_hand, orders, plan, sale
from playbook.base.errors import DataProblem
from playbook.pay.amounts import to_money
from playbook.pay.credit import credited
from playbook.pay.payroll import payroll
from playbook.pay.periods import period_span

FLAT = [(0, None, "0.10")]
SMALL = [(0, 1000, "0.08"), (1000, 2000, "0.10"), (2000, None, "0.12")]
amounts = st.lists(
    st.integers(1, 150_000).map(lambda cents: Decimal(cents) / 100), min_size=1, max_size=25
)
days = ("2023-01-03", "2023-01-20", "2023-02-11", "2023-03-30", "2023-04-02", "2023-07-01")
sales = st.lists(
    st.tuples(st.integers(1, 150_000), st.sampled_from(days), st.sampled_from(["R1", "R2"])),
    min_size=1,
    max_size=25,
)


def pay_of(rows, plan_, **options):
    return payroll(orders(*rows), plan_, **options).lines


def test_lines_pay_what_they_add():
    lines = pay_of(
        [sale(900_000), sale(600_000, "2023-02-01"), sale(1_000_000, "2023-03-01")], plan()
    )
    assert list(lines["pay"]) == [72_000_00, 8_000_00 + 50_000_00, 50_000_00 + 60_000_00]
    assert lines["pay"].sum() == 240_000_00


def test_the_whole_amount_plan_pays_the_jump_on_the_line_that_crosses():
    lines = pay_of([sale(1_000_000), sale(100, "2023-02-01")], plan(mode="whole"))
    assert list(lines["pay"]) == [80_000_00, 20_010_00]


@settings(max_examples=12)
@given(
    sales,
    st.sampled_from(["marginal", "whole"]),
    st.sampled_from(["deal", "month", "quarter", "year"]),
)
def test_lines_add_up_to_the_pay_of_each_period(rows, mode, accumulate):
    made = [sale(Decimal(c) / 100, day, rep_id=rep) for c, day, rep in rows]
    paid = payroll(orders(*made), plan(SMALL, mode=mode, accumulate=accumulate))
    keys = ["rep_id", "order_id" if accumulate == "deal" else "period"]
    for _, part in paid.lines.groupby(keys):
        total = Fraction(int(part["amount"].sum()), 10_000)
        assert part["pay"].sum() == to_money(by_hand(total, SMALL, mode)) * 100


@settings(max_examples=12)
@given(sales)
def test_the_order_of_rows_does_not_matter(rows):
    made = [
        sale(Decimal(c) / 100, day, rep_id=rep, order_id=f"O{i}")
        for i, (c, day, rep) in enumerate(rows)
    ]
    frame = orders(*made).sort_values(["date", "order_id"]).reset_index(drop=True)
    shuffled = orders(*made[::-1]).sort_values(["date", "order_id"]).reset_index(drop=True)
    assert payroll(frame, plan(SMALL)).lines.equals(payroll(shuffled, plan(SMALL)).lines)


@settings(max_examples=12)
@given(
    sales,
    st.sampled_from(["marginal", "whole"]),
    st.sampled_from(["month", "quarter", "year", "deal"]),
)
def test_a_refund_of_everything_brings_pay_to_nothing(rows, mode, accumulate):
    made = [
        sale(Decimal(c) / 100, day, rep_id=rep, order_id=f"O{i}")
        for i, (c, day, rep) in enumerate(rows)
    ]
    back = [
        sale(
            -row["amount"],
            "2023-09-01",
            rep_id=row["rep_id"],
            order_id=row["order_id"],
            kind="refund",
        )
        for row in made
    ]
    paid = payroll(orders(*made, *back), plan(SMALL, mode=mode, accumulate=accumulate))
    assert paid.total() == 0
    assert (paid.lines.groupby("rep_id")["pay"].sum() == 0).all()


def test_a_later_refund_claws_back_the_difference_of_its_own_quarter():
    """1,500 pays 80 + 50; without 800 it pays 56: 74 come back, not 8 % or 12 % of 800."""
    rows = [
        sale(700, "2023-01-05"),
        sale(800, "2023-02-05", order_id="X"),
        sale(3000, "2023-04-05"),
        sale(-800, "2023-05-01", order_id="X", kind="refund"),
    ]
    lines = pay_of(rows, plan(SMALL))
    back = lines[lines["item"] == "clawback"].iloc[0]
    assert back["pay"] == -74_00
    assert back["date"].month == 5
    assert lines["pay"].sum() == 56_00 + (80 + 100 + 120) * 100


def test_two_refunds_of_one_quarter_follow_each_other():
    rows = [
        sale(1000, order_id="A"),
        sale(1000, "2023-02-01", order_id="B"),
        sale(-500, "2023-04-10", order_id="A"),
        sale(-1000, "2023-05-10", order_id="B"),
    ]
    lines = pay_of(rows, plan(SMALL))
    assert list(lines[lines["item"] == "clawback"]["pay"]) == [-50_00, -(50 + 40) * 100]
    assert lines["pay"].sum() == 40_00


def test_a_refund_goes_back_to_whoever_was_paid():
    rows = [
        sale(1000, rep_id="R1", order_id="A"),
        sale(-1000, "2023-06-01", rep_id="R2", order_id="A"),
    ]
    assert pay_of(rows, plan(SMALL)).groupby("rep_id")["pay"].sum().to_dict() == {"R1": 0}


def test_a_refund_of_nothing_known_lowers_its_own_period():
    rows = [sale(1000), sale(-400, "2023-02-01", order_id="ZZ")]
    lines = pay_of(rows, plan(SMALL))
    assert list(lines["pay"]) == [80_00, -32_00]
    assert list(lines["item"]) == ["commission", "refund"]


@settings(max_examples=12)
@given(sales, st.sampled_from(["marginal", "whole"]))
def test_cash_pays_like_bookings_when_everything_is_paid(rows, mode):
    made = [
        sale(Decimal(c) / 100, day, rep_id=rep, paid_amount=Decimal(c) / 100, paid_date=day)
        for c, day, rep in rows
    ]
    booked, cash = (
        payroll(
            orders(*made).sort_values(["date", "order_id"]), plan(SMALL, mode=mode, basis=basis)
        )
        for basis in ("bookings", "cash")
    )
    assert booked.lines["pay"].tolist() == cash.lines["pay"].tolist()


def test_cash_pays_parts_when_they_are_paid():
    rows = [
        sale(1500, "2023-01-05", order_id="A", paid_amount=500, paid_date="2023-02-01"),
        sale(0, "2023-01-05", order_id="A", paid_amount=1000, paid_date="2023-05-01"),
        sale(900, "2023-03-01"),
    ]
    lines = pay_of(rows, plan(SMALL, basis="cash"))
    assert list(lines["pay"]) == [40_00, 80_00]
    assert [day.month for day in lines["date"]] == [2, 5]


def test_a_deal_paid_before_it_closed_is_refused_by_name():
    with pytest.raises(
        DataProblem,
        match=r"1 order paid before the day of closing[\s\S]*"
        r"O0000: closed 2023-01-10, paid 2023-01-09",
    ):
        pay_of([sale(10, paid_amount=10, paid_date="2023-01-09")], plan(basis="cash"))


def test_orders_without_a_rep_pay_no_one():
    paid = payroll(orders(sale(1000, rep_id=None), sale(1000)), plan(SMALL))
    assert (paid.total(), paid.unassigned["amount"].sum()) == (80_00, 1000 * 10_000)


def test_amounts_too_large_for_machine_integers_stay_exact():
    lines = pay_of(
        [sale("90000000000000.01"), sale("90000000000000.01", "2023-02-01")],
        plan([(0, 1000, "0.081234"), (1000, None, "0.123457")]),
    )
    total = Fraction("180000000000000.02")
    assert (
        int(lines["pay"].sum())
        == to_money(by_hand(total, [(0, 1000, "0.081234"), (1000, None, "0.123457")])) * 100
    )


def test_quarters_follow_the_fiscal_year():
    rows = credited(
        orders(sale(1, "2023-03-31"), sale(1, "2023-04-01")), plan(), fiscal_year_start=4
    )
    assert rows["period"].tolist() == [4 * 2022 + 3, 4 * 2023]
    assert [str(day) for day in period_span(rows["period"].iloc[1], "quarter", 4)] == [
        "2023-04-01",
        "2023-06-30",
    ]


def test_tenths_of_a_cent_add_up_to_the_cent():
    """Three sales of 33.333 at a tenth are 9.9999: 10.00, and not three times 3.33."""
    lines = payroll(orders(*(sale("33.333", f"2023-01-0{i}") for i in (1, 2, 3))), plan(FLAT)).lines
    assert lines["pay"].tolist() == [334, 333, 333]


def test_cash_takes_back_no_more_than_came_in():
    rows = [
        sale(1000, "2023-01-05", order_id="A", paid_amount=400, paid_date="2023-02-01"),
        sale(-1000, "2023-03-01", order_id="A"),
        sale(500, "2023-01-06", order_id="B"),
        sale(-500, "2023-03-02", order_id="B"),
        sale(-50, "2023-03-03", order_id="Z"),
    ]
    lines = payroll(orders(*rows), plan(FLAT, basis="cash")).lines
    assert lines.groupby("order_id")["pay"].sum().to_dict() == {
        "A": 0,
        "B": 0,
        "Z": -5_00,
    }  # Z's sale is not in the book: it stands


def test_a_cap_holds_for_tiers_and_attainment_together():
    from pay_plans import one_quota as quota

    one = plan(FLAT, cap=150, attainment={"target_pay": 100, "levels": [{"at": 1, "pays": 1}]})
    lines = payroll(
        orders(sale(400), sale(600, "2023-02-01"), sale(700, "2023-03-01")), one, quotas=quota(1000)
    ).lines
    assert lines.groupby("item")["pay"].sum().to_dict() == {
        "commission": 150_00,
        "attainment": 0,
    }  # 170 capped at 150; the 50 of attainment paid in between are given back
    assert lines.loc[lines["item"] == "attainment", "pay"].tolist() == [50_00, -50_00]
