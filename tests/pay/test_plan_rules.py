"""Rules, quotas, splits, limits and plan changes, each worked by hand."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pay_plans import one_quota as quota
from pay_plans import orders, pay_of, plan, sale
from playbook.base.errors import SettingsProblem
from playbook.base.periods import Month
from playbook.base.settings import TierTable
from playbook.pay.advances import ledger
from playbook.pay.payroll import payroll
from playbook.pay.quota import Quotas, quota_of, targets_in_force
from small_company import small_book

FLAT = [(0, None, "0.10")]
SMALL = [(0, 1000, "0.08"), (1000, 2000, "0.10"), (2000, None, "0.12")]
LEVELS = [{"at": 0.8, "pays": 0.5}, {"at": 1.0, "pays": 1.0}, {"at": 1.2, "pays": 1.6}]


def pays(rows, plan_, **options):
    return payroll(orders(*rows), plan_, **options).lines["pay"].tolist()


@pytest.mark.parametrize(
    ("effect", "pay"),
    [({"times": 1.2}, 120_00), ({"points": 0.2}, 300_00), ({"rate": 0.03}, 30_00)],
)
def test_raised_by_a_fifth_is_twelve_percent_and_by_twenty_points_is_thirty(effect, pay):
    rule = {"name": "renewals", "kind": ["renewal"], **effect}
    assert pays(
        [sale(1000, kind="renewal"), sale(1000, "2023-02-01")], plan(FLAT, rules=[rule])
    ) == [pay, 100_00]


def test_a_rule_works_on_the_rate_of_the_band_the_order_fell_into():
    rows = [sale(1000), sale(500, "2023-02-01", kind="renewal")]
    assert pays(rows, plan(SMALL, rules=[{"name": "r", "kind": ["renewal"], "times": 1.2}])) == [
        80_00,
        60_00,
    ]


def test_a_whole_amount_plan_lifts_the_ruled_part_too():
    """1,000 at 8 %, then 500 × 1.2 makes 10 % of (1,000 + 600) = 160."""
    rows = [sale(1000), sale(500, "2023-02-01", kind="renewal")]
    assert pays(
        rows, plan(SMALL, mode="whole", rules=[{"name": "r", "kind": ["renewal"], "times": 1.2}])
    ) == [80_00, 80_00]


def test_an_amount_that_does_not_count_leaves_the_tiers_where_they_are():
    rows = [sale(1000, product_line="Service"), sale(1000, "2023-02-01")]
    assert pays(
        rows,
        plan(
            SMALL, rules=[{"name": "s", "product_line": ["Service"], "rate": 0.02, "counts": False}]
        ),
    ) == [20_00, 80_00]
    assert pays(
        rows, plan(SMALL, rules=[{"name": "s", "product_line": ["Service"], "rate": 0.02}])
    ) == [20_00, 100_00]


def test_the_first_rule_that_matches_holds():
    rules = [
        {"name": "a", "customer_type": ["large"], "times": 2},
        {"name": "b", "kind": ["new"], "times": 3},
    ]
    assert pays(
        [sale(100, customer_type="large"), sale(100, customer_type="small")],
        plan(FLAT, rules=rules),
    ) == [20_00, 30_00]


def test_a_customer_tier_is_what_was_bought_before_the_order():
    tiers = TierTable(names=["big", "little"], lower=[1000, 0])
    rule = {"name": "t", "customer_tier": ["big"], "times": 2}
    assert pays(
        [sale(1000), sale(100, "2023-02-01"), sale(100, "2024-03-01")],
        plan(FLAT, rules=[rule], accumulate="year"),
        tiers=tiers,
    ) == [100_00, 20_00, 10_00]


def test_a_refund_comes_back_at_the_rule_that_paid():
    rows = [
        sale(1000, kind="renewal", order_id="A"),
        sale(-1000, "2023-05-01", kind="refund", order_id="A"),
    ]
    rules = [{"name": "r", "kind": ["renewal"], "times": 1.2}]
    assert pays(rows, plan(FLAT, rules=rules)) == [120_00, -120_00]
    rows[1]["date"] = "2023-02-01"  # in the same quarter it is a line of its own, at the same rule
    assert pays(rows, plan(FLAT, rules=rules)) == [120_00, -120_00]


@settings(max_examples=15)
@given(
    st.lists(st.integers(1, 100_000), min_size=1, max_size=12),
    st.sampled_from([("0.5", "0.5"), ("0.7", "0.3"), ("0.333", "0.667")]),
)
def test_split_credit_adds_up_to_the_order(cents, shares):
    rows = [sale(Decimal(c) / 100, customer_rep="R2") for c in cents]
    splits = [{"to": "order", "share": shares[0]}, {"to": "customer", "share": shares[1]}]
    lines = payroll(orders(*rows), plan(FLAT, splits=splits)).lines
    assert lines.groupby("order_id")["amount"].sum().tolist() == [c * 100 for c in cents]
    assert set(lines["rep_id"]) == {"R1", "R2"}


def test_a_refund_of_a_split_order_comes_back_from_both():
    rows = [sale(1001, customer_rep="R2", order_id="A"), sale(-1001, "2023-08-01", order_id="A")]
    splits = [{"to": "order", "share": 0.7}, {"to": "customer", "share": 0.3}]
    assert payroll(orders(*rows), plan(SMALL, splits=splits)).lines.groupby("rep_id")[
        "pay"
    ].sum().to_dict() == {"R1": 0, "R2": 0}


@pytest.mark.parametrize(
    ("amount", "stepped", "interpolated"),
    [
        (799, 0, 0),
        (800, 500, 500),
        (900, 500, 750),
        (1000, 1000, 1000),
        (1100, 1000, 1300),
        (1200, 1600, 1600),
        (5000, 1600, 1600),
    ],
)
def test_levels_pay_stepped_or_between(amount, stepped, interpolated):
    for between, pay in (("stepped", stepped), ("interpolated", interpolated)):
        one = plan([], attainment={"target_pay": 1000, "levels": LEVELS, "between": between})
        assert pay_of(amount, one, 1000) == pay
        assert sum(pays([sale(amount)], one, quotas=quota(1000))) == pay * 100


@settings(max_examples=15)
@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=10))
def test_lines_of_attainment_add_up(cents):
    one = plan([], attainment={"target_pay": 1000, "levels": LEVELS, "between": "interpolated"})
    total = sum(
        pays(
            [sale(Decimal(c) / 100, f"2023-01-{i + 1:02d}") for i, c in enumerate(cents)],
            one,
            quotas=quota(700),
        )
    )
    assert total == pytest.approx(
        float(pay_of(Decimal(sum(cents)) / 100, one, 700) * 100), abs=0.51
    )


def test_bands_can_be_shares_of_the_quota():
    bands = [(0, "0.8", "0.05"), ("0.8", 1, "0.10"), (1, None, "0.15")]
    assert pays([sale(1500)], plan(bands, tiers_of="quota"), quotas=quota(1000)) == [
        800 * 5 + 200 * 10 + 500 * 15
    ]


def test_threshold_cap_and_a_hire_without_quota_yet():
    assert pays(
        [sale(700), sale(200, "2023-02-01")], plan(FLAT, threshold="0.8"), quotas=quota(1000)
    ) == [0, 90_00]
    assert pays(
        [sale(700), sale(200, "2023-02-01"), sale(400, "2023-03-01")], plan(FLAT, cap=100)
    ) == [70_00, 20_00, 10_00]
    assert pays(
        [sale(700)],
        plan([(0, "0.5", "0.05"), ("0.5", None, "0.2")], tiers_of="quota"),
        quotas=quota(0),
    ) == [35_00]


def test_quotas_come_from_the_plan_then_targets_then_the_default_and_ramp():
    span = (date(2023, 4, 1), date(2023, 6, 30))
    targets = targets_in_force(
        small_book(
            targets=(
                "period,metric,target,rep_id\n"
                "2023-04,sales,100,R1\n2023-05,sales,500,R1\n2023-06,sales,100,R1\n"
            )
        )
    )
    one = plan(FLAT, quotas={"R2": 900}, quota=300, ramp=[0, "0.5"])
    assert quota_of("R1", span, one, targets, None) == 100 + 500 + 100
    assert quota_of("R2", span, one, targets, None) == 900
    assert quota_of("R3", span, one, targets, None) == 300
    assert quota_of("R3", span, one, targets, date(2023, 4, 15)) == 0 + 50 + 100
    assert quota_of("R3", span, plan(FLAT), targets, None) is None
    assert targets["R1", Month(2023, 5)] == 500


def test_a_rep_without_quota_is_refused_by_name_with_the_place():
    book = small_book()
    one = plan(SMALL, threshold=1)
    of = Quotas(book, one, pd.DataFrame({"rep_id": [], "hired": []}))
    with pytest.raises(
        SettingsProblem,
        match=(
            r"commission_plans.test.quotas in playbook.toml: plan 'test' pays by quota, and R1 has"
            r" none"
        ),
    ):
        of(pd.DataFrame({"rep_id": ["R1"], "period": [2023 * 4]}))


def test_a_plan_of_half_a_quarter_has_half_the_bands():
    """In force from 16 Feb: 44 of the quarter's 90 days, so the first band ends at 488.89, not
    1,000: 488.888… × 18 % + 22.222… × 12 % = 90.6666…
    """
    one = plan(SMALL, starts="2023-02-16")
    lines = payroll(
        orders(sale(1000, "2023-02-01"), sale(1000, "2023-02-20")), one, dated=True
    ).lines
    assert lines["pay"].tolist() == [90_67]
    assert payroll(
        orders(sale(1000, "2023-02-20")),
        plan(SMALL, starts="2023-02-16", prorate=False),
        dated=True,
    ).lines["pay"].tolist() == [80_00]


def test_a_refund_belongs_to_the_plan_that_paid_its_sale():
    rows = [sale(1000, "2023-01-10", order_id="A"), sale(-1000, "2023-05-10", order_id="A")]
    assert payroll(orders(*rows), plan(FLAT, starts="2023-04-01"), dated=True).total() == 0
    assert payroll(orders(*rows), plan(FLAT, ends="2023-03-31"), dated=True).lines[
        "pay"
    ].tolist() == [100_00, -100_00]


money = st.integers(0, 2_000_00).map(lambda c: Decimal(c) / 100)


@given(st.lists(money, min_size=1, max_size=12), st.booleans())
def test_draws_advance_and_recover(earned, recoverable):
    from playbook.base.settings.plan_terms import Draw

    book = ledger(earned, Draw(monthly=500, recoverable=recoverable))
    assert all(paid >= 500 for paid in book["paid"])
    owed = book["balance"].iloc[-1] if recoverable else sum(book["advanced"])
    assert sum(book["paid"]) == sum(earned) + owed
    assert all(balance >= 0 for balance in book["balance"])


def test_a_draw_by_hand():
    from playbook.base.settings.plan_terms import Draw

    book = ledger([Decimal(300), Decimal(900), Decimal(1000)], Draw(monthly=500))
    assert book[["advanced", "recovered", "balance", "paid"]].values.tolist() == [
        [200, 0, 200, 500],
        [0, 200, 0, 700],
        [0, 0, 0, 1000],
    ]
