"""Pay spread over time: months add up to the pay, changed estimates go forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from playbook.base.periods import Month
from playbook.base.settings.payroll import Amortised
from playbook.base.settings.plans import CommissionPlan
from playbook.payroll.accrual import OrderTerms, Schedule, accrual, schedules, spread_to
from playbook.payroll.changes import LedgerLine
from playbook.payroll.expected import expected_more

LINE = LedgerLine(
    "month", "A", "2023-04-01", "O", "C", "commission", "", "p", 0, 900000, 0, 900000, ""
)
CONTRACT = OrderTerms("new", (date(2023, 4, 1), date(2026, 3, 31)))
RULE = [Amortised(plan="p", over_contract=True)]


def run(lines: dict[str, list[LedgerLine]], terms, first: str, last: str, rules=RULE):
    """The order's schedule after each month. terms: month → terms of the order from then on."""
    held: list[Schedule] = []
    now, month, made = terms[first], Month.parse(first), {}
    while month <= Month.parse(last):
        now = terms.get(str(month), now)
        held = schedules(lines.get(str(month), []), held, {"O": now}, rules, month)
        made[str(month)] = held[0] if held else None
        month = month + 1
    return made


def test_nine_thousand_over_a_contract_of_36_months():
    made = run({"2023-04": [LINE]}, {"2023-04": CONTRACT}, "2023-04", "2026-04")
    assert {one.expense for one in made.values() if one} == {25000}
    assert (made["2023-12"].expensed, made["2023-12"].asset) == (225000, 675000)
    assert made["2026-03"].asset == 0
    assert made["2026-04"] is None


def test_a_contract_lost_after_fourteen_months_is_written_off():
    lost = replace(CONTRACT, contract=(date(2023, 4, 1), date(2024, 5, 31)))
    terms = {"2023-04": CONTRACT, "2024-06": lost}
    made = run({"2023-04": [LINE]}, terms, "2023-04", "2024-07")
    assert made["2024-05"].expensed == 350000
    assert (made["2024-06"].expense, made["2024-06"].asset) == (550000, 0)
    assert made["2024-07"] is None


def test_a_longer_contract_is_spread_forward():
    longer = replace(CONTRACT, contract=(date(2023, 4, 1), date(2026, 12, 31)))
    terms = {"2023-04": CONTRACT, "2024-01": longer}
    made = run({"2023-04": [LINE]}, terms, "2023-04", "2024-01")
    assert made["2023-12"].expensed == 225000
    assert made["2024-01"].expense == 18750  # 6,750.00 over 36 months


def test_what_is_taken_back_is_never_an_expense():
    back = replace(LINE, kind="prior period", pay=-900000, before=900000, after=0)
    lines = {"2023-04": [LINE], "2023-07": [back]}
    made = run(lines, {"2023-04": CONTRACT}, "2023-04", "2023-08")
    assert made["2023-06"].expensed == 75000
    assert (made["2023-07"].expense, made["2023-07"].expensed) == (-75000, 0)
    assert made["2023-08"] is None


def test_orders_without_a_contract_take_the_months_of_the_rule():
    terms = {"2023-04": OrderTerms("new")}
    made = run({"2023-04": [LINE]}, terms, "2023-04", "2023-04", [Amortised(plan="p", months=12)])
    assert made["2023-04"].expense == 75000
    assert run({"2023-04": [LINE]}, terms, "2023-04", "2023-04") == {"2023-04": None}
    other = [Amortised(plan="p", months=12, kinds=["renewal"])]
    assert run({"2023-04": [LINE]}, terms, "2023-04", "2023-04", other) == {"2023-04": None}


@given(st.integers(-(10**9), 10**9), st.integers(1, 120))
def test_the_months_add_up_to_the_pay(base, months):
    done = [spread_to(base, k, months) for k in range(months + 1)]
    parts = [after - before for before, after in pairwise(done)]
    assert sum(parts) == base
    assert max(parts) - min(parts) <= 2


def test_ten_thousand_over_36_months():
    done = [spread_to(1000000, k, 36) for k in range(37)]
    parts = [after - before for before, after in pairwise(done)]
    assert parts[:3] == [27778, 27778, 27777]
    assert sum(parts) == 1000000


def test_what_finance_books_is_what_was_earned():
    other = replace(LINE, order_id="P", pay=12345, after=12345)
    extra = replace(LINE, order_id="", adjustment_id="ADJ-1", plan="", pay=-45, after=-45)
    month = Month.parse("2023-04")
    made = schedules([LINE, other], [], {"O": CONTRACT, "P": OrderTerms("new")}, RULE, month)
    rows = {row["plan"]: row for row in accrual([LINE, other, extra], made, month)}
    assert rows["p"] == {
        "month": "2023-04",
        "plan": "p",
        "earned": 912345,
        "spread": 900000,
        "at_once": 12345,
        "scheduled": 25000,
        "expense": 37345,
        "asset": 875000,
        "expected": 0,
    }
    assert rows["adjustments"]["expense"] == -45
    assert rows["all"]["earned"] == 912300
    assert rows["all"]["expense"] + rows["all"]["asset"] == rows["all"]["earned"]


def test_a_running_quarter_is_accrued_at_the_rate_it_is_expected_to_reach():
    """Whole amount, 8 % and above 1,000,000 10 %: 600,000 sold by the middle of the quarter (46 of
    92 days) means 1,200,000: 60,000 are accrued, 48,000 of them paid to date.
    """
    plan = CommissionPlan.model_validate(
        {
            "name": "whole",
            "starts": "2022-01-01",
            "mode": "whole",
            "tiers": [
                {"lower": 0, "upper": 1000000, "rate": "0.08"},
                {"lower": 1000000, "rate": "0.1"},
            ],
        }
    )

    def more(day: date) -> dict[str, int]:
        book = SimpleNamespace(as_of=day)
        past = SimpleNamespace(book=book, minor=2, fiscal_year_start=1)
        past.period_now = lambda _: day.year * 4 + (day.month - 1) // 3
        return expected_more(past, {"whole": plan}, {"A": {"plan": "whole", "total": "600000"}})

    assert more(date(2023, 8, 15)) == {"whole": 1200000}
    assert more(date(2023, 9, 30)) == {}  # the quarter is over
    rows = accrual([LINE], [], Month.parse("2023-08"), {"whole": 1200000})
    assert [(row["plan"], row["expected"]) for row in rows] == [
        ("p", 0),
        ("whole", 1200000),
        ("all", 1200000),
    ]


def test_ten_thousand_over_36_months_adds_up():
    """Case 54: 277.78, 277.78, 277.77 and so on; the cumulative is rounded."""
    line = replace(LINE, pay=1_000_000, after=1_000_000)
    made = run({"2023-04": [line]}, {"2023-04": CONTRACT}, "2023-04", "2026-03")
    months = [one.expense for one in made.values() if one]
    assert months[:3] == [27778, 27778, 27777] and sum(months) == 1_000_000
