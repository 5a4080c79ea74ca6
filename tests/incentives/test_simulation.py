"""Simulated years: seeded, honest about what is assumed, equal to the exact engine where both apply."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook import incentives
from playbook.incentives.simulation import answered, break_even, draw_years, tier_pay, yearly_pay
from playbook.incentives.tiers import payout

from . import small
from .build import plan

MARGINAL, WHOLE = plan(), plan(mode="whole")
YEAR = np.full((1, 12, 2), 400_000.0)          # 1.2 million a quarter and rep


@given(st.floats(0, 5e6), st.sampled_from([MARGINAL, WHOLE]))
def test_quick_pay_is_the_exact_pay(total, one):
    total = round(total, 2)
    assert tier_pay(np.array([total]), one)[0] == pytest.approx(float(payout(str(total), one)), rel=1e-9)


def test_a_year_by_hand():
    assert yearly_pay(YEAR, MARGINAL)[0] == pytest.approx(8 * 100_000)
    assert yearly_pay(YEAR, WHOLE)[0] == pytest.approx(8 * 120_000)


def test_break_even_by_hand():
    """0.7 × 9.6 million × u = 960,000 × (1 + u) − 800,000, so u = 160,000 ÷ (0.7 × 9.6 m − 960,000)."""
    assert break_even(YEAR, (MARGINAL, WHOLE), 0.7) == pytest.approx(160_000 / (0.7 * 9.6e6 - 960_000), rel=1e-6)
    assert break_even(YEAR, (WHOLE, MARGINAL), 0.7) == 0
    assert break_even(YEAR, (MARGINAL, plan([(0, None, "0.9")])), 0.5) is None


def test_answers_to_pay():
    assert answered(YEAR, MARGINAL, MARGINAL, 0.5) is YEAR
    raised = answered(YEAR, WHOLE, MARGINAL, 0.5)
    assert raised.sum() / YEAR.sum() == pytest.approx(1 + 0.5 * 0.2)
    lowered = answered(YEAR, MARGINAL, WHOLE, 0.0, hold=0.9)
    assert lowered.sum() / YEAR.sum() == pytest.approx(0.9)


@settings(max_examples=10)
@given(st.integers(0, 99))
def test_drawn_years_are_whole_months_of_history_and_repeat_with_the_seed(seed):
    months = np.arange(24 * 3, dtype=float).reshape(24, 3)
    drawn = draw_years(months, 5, seed)
    assert drawn.shape == (5, 12, 3)
    assert {tuple(row) for row in drawn.reshape(-1, 3)} <= {tuple(row) for row in months}
    assert (drawn == draw_years(months, 5, seed)).all()


def test_the_section_says_its_assumptions_and_repeats_itself(tmp_path):
    rows = "".join(f"{m}{r},2022-{m:02d}-10,C1,{m * 300 + r * 100},R{r},new\n" for m in range(7, 13) for r in (1, 2))
    rows += "".join(f"{m + 12}{r},2023-{m:02d}-10,C1,{m * 300 + r * 100},R{r},new\n" for m in range(1, 7) for r in (1, 2))
    book = small.book(tmp_path, orders="order_id,date,customer_id,amount,rep_id,kind\n" + rows)
    first, second = incentives.simulation(book, years=50), incentives.simulation(book, years=50)
    assert first.table.equals(second.table)
    assert "assumed" in first.notes()[0] and "assumption" in first.notes()[0]
    over = {k.by["plan"]: k for k in first.kpis() if k.name == "pay.overspend"}
    assert over["new"].denominator == 50 and over["old"].value >= over["new"].value


def test_bunching_is_found_where_it_was_planted(tmp_path):
    rows = "".join(f"{i},{year}-{month:02d}-28,C1,{1010 + i},R{rep},new\n" for i, (year, month, rep) in enumerate((y, m, r) for y in (2021, 2022) for m in (3, 6, 9, 12) for r in (1, 2, 3)))
    made = incentives.audit(small.book(tmp_path, month="2022-12", orders="order_id,date,customer_id,amount,rep_id,kind\n" + rows))
    assert made.edges.iloc[0][["below", "above"]].tolist() == [0, 24]
    assert len(made.crowded) == 1 and made.actions()
    assert made.ends.iloc[0]["last"] == "100.0 %"
