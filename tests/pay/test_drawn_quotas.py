"""Quotas of drawn months, by hand: a month for which no one set a quota is never one of quota 0."""

import numpy as np
import pytest

from pay_plans import plan
from playbook import incentives
from playbook.incentives.plans.simulated_years import break_even, last_year, months_and_reps
from playbook.pay.drawn_quotas import QUOTA_PARTS
from playbook.pay.history import history
from playbook.pay.lines import within
from playbook.pay.monthly import monthly_history
from playbook.pay.resampled import yearly_pay
from playbook.pay.total import total_pay
from small_company import small_book

LEVELS = (
    "attainment = { target_pay = 300, levels = [{ at = 1, pays = 1 }, { at = 1.5, pays = 2 }] }\n"
)
TOML = "".join(
    f'[[commission_plans]]\nname = "{name}"\nstarts = 2020-01-01\ncompare_only = {only}\n'
    f'accumulate = "{length}"\n{LEVELS}'
    for name, only, length in (("by quarter", "false", "quarter"), ("by month", "true", "month"))
)
MONTHS = [f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 13)]
REPS = (
    "rep_id,name,team,manager_id,mentor_id,hired,left\n"
    "R1,Ann,A,,,2020-01-01,\n"
    "R2,Bob,A,,,2022-03-01,\n"
    "R3,Cai,A,,,2020-01-01,\n"
)
# R1 and R3 sell 100 every month, R2 50 from March 2022 on; R3 never has a quota
ORDERS = "order_id,date,customer_id,amount,rep_id\n" + "".join(
    f"O{i}{rep},{month}-10,C1,{amount},{rep}\n"
    for i, month in enumerate(MONTHS)
    for rep, amount, since in (("R1", 100, "2021"), ("R2", 50, "2022-03"), ("R3", 100, "2021"))
    if month >= since
)
# quotas begin inside a quarter for R1 (May 2022), with one for R2 (July 2022)
SET = {
    "R1": {f"2022-{month:02d}": 100 for month in range(5, 13)},
    "R2": dict(zip(MONTHS[18:], (40, 50, 60, 40, 50, 60), strict=True)),
}
TARGETS = "period,metric,target,rep_id\n" + "".join(
    f"{month},sales,{quota},{rep}\n" for rep, by in SET.items() for month, quota in by.items()
)
DRAWN = {
    "R1": [100] * 24,
    "R2": [0] * 14 + [50] * 4 + [40, 50, 60, 40, 50, 60],  # not on board before March
    "R3": [0] * 24,
}
PAID = {"R1": [0] * 16 + [100] * 8, "R2": [0] * 18 + [40, 50, 60, 40, 50, 60], "R3": [0] * 24}


def cut(month: str = "2022-12"):
    past = history(small_book(TOML, month=month, reps=REPS, orders=ORDERS, targets=TARGETS))
    months, reps = months_and_reps(past, (past.chosen.current,))
    assert reps == ["R1", "R2", "R3"]
    return past, monthly_history(past, past.chosen.current, reps, months)


def in_currency(quota: np.ndarray) -> dict:
    found = quota / QUOTA_PARTS / 10_000
    return {rep: found[:, i].tolist() for i, rep in enumerate(("R1", "R2", "R3"))}


def test_a_month_without_a_quota_is_drawn_with_the_mean_of_the_reps_others():
    _, made = cut()
    assert in_currency(made.quota) == DRAWN
    assert in_currency(made.as_paid().quota) == PAID
    assert made.carried.sum(axis=0).tolist() == [16, 4, 0]


def test_a_drawn_quarter_over_the_beginning_of_quotas():
    """April without a quota and May twice: 300 sold of 300 asked pay 300, where 300 of 200 would
    pay 600.
    """
    _, made = cut()
    april, may = 15, 16
    assert yearly_pay(made, np.array([[april, may, may]])).tolist() == [[300_00, 300_00, 0]]
    assert yearly_pay(made.as_paid(), np.array([[april, may, may]])).tolist() == [[600_00, 0, 0]]


def test_the_year_that_was_is_paid_by_its_own_quotas():
    """R1: nothing in the first quarter, 300 of 200 in the second (600), then 300 and 300; R2: 150
    of 150 in the third and the fourth.
    """
    past, made = cut()
    window = past.book.window("trailing_12m")
    lines = within(total_pay(past, made.plan).lines, window.start, window.end)
    assert lines.groupby("rep_id")["pay"].sum().to_dict() == {
        "R1": 1200_00,
        "R2": 600_00,
        "R3": 0,
    }
    assert yearly_pay(made.as_paid(), last_year(24)).tolist() == [[1200_00, 600_00, 0]]


def test_what_must_be_earned_back_is_measured_from_what_was_paid():
    """2,900 sold at a margin of 0.8 leave 2,320 less 1,800 = 520; a plan of 0.7 on everything
    leaves 0.1 × 2,900 = 290 × (1 + u).
    """
    past, made = cut()
    flat = monthly_history(past, plan([(0, None, "0.7")]), made.reps, made.months)
    assert break_even((made, flat), 0.8) == pytest.approx(520 / 290 - 1, abs=1e-4)  # a cent


def test_twelve_months_that_are_no_whole_quarters_were_paid_by_no_quotas_of_their_own():
    """Groups of three from December on are no quarters of the company."""
    _, made = cut("2022-11")
    assert made.as_paid().quota.tolist() == made.quota.tolist()


def test_the_page_counts_the_months_without_a_quota():
    found = incentives.simulation(cut()[0].book, years=20)
    assert found.carried == {"by quarter": (20, 34), "by month": (20, 34)}
    assert found.notes()[1] == (
        "Plan by quarter: no quota is set for 20 of 34 rep-months. Where one of them is drawn, the"
        " mean of the same rep's other months stands for its quota."
    )
