"""Simulated years: seeded, honest about what is assumed, and paid by the engine of the statements
to the cent.
"""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pay_plans import months_of, pay_of, plan
from playbook import incentives
from playbook.base.settings.plans import CommissionPlan
from playbook.incentives.plans.simulated_years import (
    break_even,
    last_year,
    months_and_reps,
    sales_response,
    sample_years,
    simulate,
    spread_factor,
)
from playbook.pay.advances import advance_ledgers
from playbook.pay.history import history
from playbook.pay.lines import within
from playbook.pay.monthly import monthly_history
from playbook.pay.resampled import yearly_pay
from playbook.pay.total import total_pay
from small_company import small_book

MARGINAL, WHOLE = plan(), plan(mode="whole")
EVEN = np.full((12, 2), 400_000.0)  # 1.2 million a quarter and rep
YEAR = last_year(12)
STEPS = [
    {"lower": 0, "upper": 1000, "rate": "0.08"},
    {"lower": 1000, "upper": 2000, "rate": "0.101"},
    {"lower": 2000, "rate": "0.12"},
]
RULES = [
    {"name": "renewals", "kind": ["renewal"], "times": "1.2"},
    {"name": "service", "product_line": ["S"], "rate": "0.03", "counts": False},
    {"name": "new", "kind": ["new"], "points": "0.013"},
]
LEVELS = {
    "target_pay": 300,
    "levels": [{"at": "0.8", "pays": "0.5"}, {"at": 1, "pays": 1}, {"at": "1.2", "pays": "1.7"}],
    "between": "interpolated",
}
AWARDS = [
    {"name": "m", "event": "first_deal", "to": ["mentor"], "amount": 33},
    {"name": "r", "event": "referral", "to": ["rep", "customer_owner"], "amount": "7.77"},
]
PLANS = {
    "tiers": {},
    "rules": {"rules": RULES, "awards": AWARDS},
    "whole": {"mode": "whole", "rules": RULES},
    "monthly": {"accumulate": "month", "rules": RULES},
    "yearly": {"accumulate": "year", "rules": RULES},
    "per deal": {"accumulate": "deal", "rules": RULES},
    "cash": {"basis": "cash", "rules": RULES},
    "splits": {
        "splits": [{"to": "order", "share": "0.7"}, {"to": "customer", "share": "0.3"}],
        "manager_rate": "0.0123",
        "rules": RULES,
    },
    "draw": {"draw": {"monthly": 120}, "rules": RULES, "manager_rate": "0.01"},
    "draw taken back late": {
        "draw": {
            "monthly": 120,
            "recovery_from": 14,
            "recovery_share": "0.33",
            "recovery_most": "17.11",
        },
    },
    "draw on top": {"draw": {"monthly": 20, "recoverable": False, "adds": "on_top"}},
    "lent and kept": {"draw": {"monthly": 150, "recoverable": False, "months": 6}, "floor": 200},
    "floor and cap": {"floor": "99.99", "cap": 210, "rules": RULES},
    "attainment": {"quota": 1800, "attainment": LEVELS, "cap": 400, "rules": RULES},
    "levels alone": {
        "tiers": [],
        "quota": 1800,
        "ramp": ["0", "0.5"],
        "attainment": LEVELS,
        "draw": {"monthly": 50},
    },
    "quota bands": {
        "tiers": [{"lower": 0, "upper": 1, "rate": "0.05"}, {"lower": 1, "rate": "0.15"}],
        "tiers_of": "quota",
        "quota": 1500,
        "threshold": "0.5",
        "rules": RULES,
    },
    "reach back": {
        "tiers": [
            {"lower": 0, "upper": 500, "rate": "0.05"},
            {"lower": 500, "upper": 1000, "rate": "0.08", "retroactive": True},
            {"lower": 1000, "rate": "0.10"},
        ],
        "rules": RULES,
    },
    "year's cap": {"cap_year": 450, "rules": RULES},
    "margin": {
        "modifier": [{"at": 0, "times": 1}, {"at": "0.4", "times": "1.25"}],
        "rules": RULES,
    },
    "matrix": {
        "tiers": [],
        "attainment": {
            "target_pay": 300,
            "measures": [
                {"name": "revenue", "weight": "0.5", "quota": 1500},
                {"name": "cash", "of": "cash", "weight": "0.5", "quota": 900},
            ],
            "matrix": {
                "rows": "revenue",
                "columns": "cash",
                "rows_at": ["0.5", 1],
                "columns_at": ["0.5", 1],
                "pays": [["0.3", "0.6"], ["0.7", "1.1"]],
            },
        },
    },
    "gate": {
        "gate": {"measure": "logos", "at": 1},
        "attainment": {
            **LEVELS,
            "measures": [
                {"name": "revenue", "weight": "0.6", "quota": 1700},
                {
                    "name": "logos",
                    "of": "new_logos",
                    "weight": "0.4",
                    "quota": 1,
                    "gate": {"measure": "revenue", "at": "0.8"},
                },
            ],
        },
    },
    "from a day on": {
        "quota": 1500,
        "quota_from": [{"starts": "2022-05-16", "quota": 1800}],
        "relief": [{"rep": "R1", "starts": "2022-08-01", "ends": "2022-08-20", "reason": "leave"}],
        "attainment": LEVELS,
    },
    "by original rates": {"refunds": {"rule": "original_rate"}, "rules": RULES},
    "window": {"refunds": {"window_days": 60}},
    "booked": {"leaving": {"pays": "booked", "share": "0.5"}, "rules": RULES},
    "pro rata": {
        "quota": 1800,
        "accumulate": "year",
        "attainment": {**LEVELS, "presence": "pro_rata"},
    },
    "at the end": {"quota": 1800, "attainment": {**LEVELS, "presence": "at_end"}},
    "held until paid": {"booking_share": "0.5", "rules": RULES},
    "held, capped and advanced": {"booking_share": "0.25", "cap": 210, "draw": {"monthly": 120}},
    "deal limits": {"deal_cap": 12, "deal_floor": 3, "rules": RULES},
    "measures": {
        "quota": 1800,
        "attainment": {
            **LEVELS,
            "measures": [
                {"name": "revenue", "weight": "0.6"},
                {"name": "logos", "of": "new_logos", "weight": "0.4", "quota": 1},
            ],
        },
    },
}


@pytest.fixture(scope="module")
def two_years():
    """Two years of orders of three reps with renewals, services, split owners, late refunds and
    part payments, to the end of a fiscal year.
    """
    rng, rows = np.random.default_rng(7), []
    for i in range(220):
        month, rep, cents = 1 + i % 24, f"R{1 + rng.integers(3)}", int(rng.integers(2_000, 90_000))
        day = f"{2021 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}-{1 + rng.integers(28):02d}"
        if rep == "R2" and day < "2021-03-01":
            continue
        kind, line = (
            ("new", "renewal", "repurchase")[rng.integers(3)],
            "PS"[int(rng.integers(4) == 0)],
        )
        paid = f"{cents / 100:.2f},{day}" if i % 3 else ","
        rows.append(
            f"O{i},{day},C{1 + rng.integers(3)},{cents / 100:.2f},{rep},{kind},{line},{paid}"
        )
        if i % 11 == 0 and month < 20:
            back = f"{2021 + (month + 3) // 12}-{(month + 3) % 12 + 1:02d}-27"
            rows.append(f"O{i},{back},C1,-{cents / 200:.2f},{rep},refund,{line},,")
    reps = (
        "rep_id,name,team,manager_id,mentor_id,hired,left\n"
        "M1,Boss,A,,,2020-01-01,\n"
        "R1,Ann,A,M1,,2020-01-01,\n"
        "R2,Bob,A,M1,R1,2021-03-01,\n"
        "R3,Cai,A,M1,R1,2020-01-01,2022-11-15\n"
    )
    orders = (
        "order_id,date,customer_id,amount,rep_id,kind,product_line,paid_amount,paid_date\n"
        + "\n".join(rows)
        + "\n"
    )
    return small_book(
        month="2022-12",
        reps=reps,
        orders=orders,
        awards="date,rep_id,award,amount,note\n2022-05-06,R1,gift,12.34,\n",
    )


@pytest.mark.parametrize("name", PLANS)
def test_the_year_that_was_pays_what_the_statements_pay(two_years, name):
    """Every part of a plan: the months of last year in their order pay each rep what the paid lines
    of that year add up to.
    """
    past, one = (
        history(two_years),
        CommissionPlan.model_validate(
            {"name": name, "starts": "2021-01-01", "tiers": STEPS, **PLANS[name]}
        ),
    )
    months, reps = months_and_reps(past, (one,))
    made, window = total_pay(past, one), two_years.window("trailing_12m")
    owed = np.zeros(len(reps), dtype=np.int64)
    if one.draw and one.draw.recoverable:
        before = (
            advance_ledgers(past, one, made.payroll)
            .query("month < '2022-01'")
            .groupby("rep_id")["balance"]
            .last()
        )
        owed = np.array([int(Decimal(before.get(rep, 0)) * 100) for rep in reps])
    paid = within(made.lines, window.start, window.end).groupby("rep_id")["pay"].sum()
    drawn = monthly_history(past, one, reps, months), last_year(len(months))
    simulated = yearly_pay(*drawn, owed=owed)[0]
    assert dict(zip(reps, simulated, strict=True)) == {rep: int(paid.get(rep, 0)) for rep in reps}
    assert simulated.sum() > 0
    as_it_was = yearly_pay(*drawn, factor=np.ones((1, len(reps))), owed=owed)[0]
    assert as_it_was.tolist() == simulated.tolist()  # sales that do not answer to pay


def test_the_quarter_of_the_plan_in_force_is_the_payroll(two_years):
    """The statements of the quarter to date are the last three months of a simulated year that is
    the year that was.
    """
    past = history(two_years)
    new = past.chosen.current.model_copy(
        update={"starts": two_years.window("trailing_12m").start.replace(year=2020), "replaces": ""}
    )
    months, reps = months_and_reps(past, (new,))
    whole, without = (
        yearly_pay(monthly_history(past, new, reps, months), sampled).sum()
        for sampled in (last_year(len(months)), last_year(len(months))[:, :9])
    )
    assert incentives.statements(two_years).total == Decimal(int(whole - without)) / 100


@given(st.floats(0, 5e6), st.sampled_from([MARGINAL, WHOLE]))
def test_a_simulated_period_is_the_exact_pay(total, one):
    cents = round(total * 100)
    months = months_of(np.array([[cents / 100], [0], [0]]), one)
    assert yearly_pay(months, np.arange(3)[None])[0, 0] == round(
        pay_of(Decimal(cents) / 100, one) * 100
    )


def test_a_year_by_hand():
    assert yearly_pay(months_of(EVEN, MARGINAL), YEAR).sum() == 8 * 100_000_00
    assert yearly_pay(months_of(EVEN, WHOLE), YEAR).sum() == 8 * 120_000_00
    assert yearly_pay(months_of(EVEN, MARGINAL), YEAR, np.array([[0.5, 1.0]])).tolist() == [
        [4 * 48_000_00, 4 * 100_000_00]
    ]


def test_break_even_by_hand():
    """0.7 × 9.6 million × u = 960,000 × (1 + u) − 800,000, so u = 160,000 ÷ (0.7 × 9.6 m −
    960,000).
    """
    marginal, whole, dear = (
        months_of(EVEN, one) for one in (MARGINAL, WHOLE, plan([(0, None, "0.9")]))
    )
    assert break_even((marginal, whole), 0.7) == pytest.approx(
        160_000 / (0.7 * 9.6e6 - 960_000), rel=1e-6
    )
    assert break_even((whole, marginal), 0.7) == 0
    assert break_even((marginal, dear), 0.5) is None


def test_sales_answer_to_pay():
    pair = months_of(EVEN, MARGINAL), months_of(EVEN, WHOLE)
    made = simulate(pair, YEAR, 0.5)
    assert made.change == pytest.approx(np.full((1, 2), 0.2))
    assert made.sales[1] / made.sales[0] == pytest.approx(1 + 0.5 * 0.2)
    assert made.pay[1].sum() == yearly_pay(pair[1], YEAR, np.full((1, 2), 1.1)).sum()
    assert sales_response(np.array([-0.5, 0.0, 3.0]), 0.2, hold=0.9) == pytest.approx(
        [0.81, 1.0, 1.6]
    )
    assert sales_response(np.array([-1.0]), 2.0) == 0


def test_a_spread_keeps_each_reps_mean():
    sales = np.array([[100.0, 0], [300.0, 50], [200.0, 150]])
    for spread in (0.5, 1.3):
        swung = sales * spread_factor(sales, spread)
        assert swung.sum(axis=0) == pytest.approx(sales.sum(axis=0))
    assert (sales * spread_factor(sales, 0.5))[:, 0] == pytest.approx([150, 250, 200])
    assert (spread_factor(sales, 1.0) == 1).all()


@settings(max_examples=10)
@given(st.integers(0, 99))
def test_drawn_years_are_whole_months_of_history_and_repeat_with_the_seed(seed):
    sampled = sample_years(24, 5, seed)
    assert sampled.shape == (5, 12) and sampled.min() >= 0 and sampled.max() < 24
    assert (sampled == sample_years(24, 5, seed)).all()


def test_the_section_says_its_assumptions_and_repeats_itself(two_years):
    first, second = (
        incentives.simulation(two_years, years=50),
        incentives.simulation(two_years, years=50),
    )
    assert first.table.equals(second.table)
    assert "assumed" in first.notes()[0] and "assumption" in first.notes()[0]
    assert first.kpis() == []  # neither a budget nor a margin is given, and no order carries cost
    row = first.table.set_index(["culture", "plan"]).loc[("as assumed", "new")]
    assert row["profit"] == pytest.approx(np.median(first.profit["new"]))
    assert row["cost"] == pytest.approx(
        first.costs["new"].sum()
        / ((first.profit["new"] + first.costs["new"]).sum() / two_years.settings.funnel.margin)
    )
    assert first.base == pytest.approx(
        float(sum(incentives.comparison(two_years).table["current"]))
    )


def test_what_is_not_paid_yet_is_no_profit_of_a_plan_on_bookings():
    """Same rate on cash and on bookings, half of the orders unpaid: the plans sell the same, so
    they part by their pay alone.
    """
    toml = "".join(
        f'[[commission_plans]]\nname = "{name}"\nstarts = 2020-01-01\nbasis = "{name}"\ntiers = [{{'
        f" lower = 0, rate = 0.1 }}]\ncompare_only = {only}\n"
        for name, only in (("cash", "false"), ("bookings", "true"))
    )
    months = [f"{2021 + i // 12}-{i % 12 + 1:02d}" for i in range(24)]
    orders = "order_id,date,customer_id,amount,rep_id,paid_amount,paid_date\n" + "".join(
        f"O{i},{month}-10,C1,1000,R1,{f'1000,{month}-20' if i % 2 else ','}\n"
        for i, month in enumerate(months)
    )
    found = incentives.simulation(
        small_book(toml + "[incentives]\neffort = 0\n", month="2022-12", orders=orders),
        years=40,
    )
    assert found.costs["bookings"] == pytest.approx(1200) and found.costs["cash"].mean() < 1000
    assert found.profit["bookings"] + found.costs["bookings"] == pytest.approx(
        found.profit["cash"] + found.costs["cash"]
    )
