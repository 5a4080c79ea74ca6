"""From deals back to leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import ParameterProblem
from playbook.goals.backsolve import backsolve, chain, chance, needed, needed_for


def test_ten_deals_at_a_fifth_need_fifty_leads_and_sixty_one_for_eighty_percent():
    assert needed(10, 0.2) == 50
    assert needed_for(10, 0.2, 0.8) == 61
    assert round(float(chance(50, 10, 0.2)), 2) == 0.56
    assert needed_for(10, 0.2, 0.9) == 69


def test_fifty_leads_come_from_eighty_that_are_five_eighths_valid():
    assert chain(10, [0.625, 0.2]) == [80, 50, 10]


def test_a_raised_rate_needs_fewer_leads():
    assert needed(18, 0.15) == 120 and needed(18, 0.18) == 100


@given(st.integers(1, 200), st.floats(0.01, 1), st.floats(0.05, 0.99))
def test_the_number_is_the_smallest_that_is_enough(target, rate, probability):
    n = needed_for(target, rate, probability)
    assert chance(n, target, rate) >= probability
    assert n == target or chance(n - 1, target, rate) < probability


@pytest.mark.parametrize("rate", [0, 1.2, -0.1])
def test_a_rate_outside_zero_to_one_is_refused(rate):
    with pytest.raises(ParameterProblem, match="a rate"):
        needed(10, rate)


DEALS = """opportunity_id,created,stage,outcome,closed,amount,channel,rep_id
""" + "\n".join(f"D{i},2023-01-{i % 27 + 1:02d},{'won' if i < 4 else 'intent'},{'won' if i < 4 else 'lost'},2023-02-{i % 27 + 1:02d},100,web,R1" for i in range(20))


def test_rates_are_learnt_from_decided_deals(book):
    made = backsolve(book("2023-02", opportunities=DEALS), 10, 0.0, 0.8)
    assert made.table.set_index("stage")["expected"].to_dict() == {"lead": 50, "intent": 50, "won": 10}
    assert made.table["sure"].iloc[0] == 61
    assert "56 %" in made.reading()


def test_a_rate_given_needs_no_history(book):
    toy = book("2023-02", opportunities=DEALS)
    assert backsolve(toy, 10, 0.2, 0.8).headline() == "Back-solving 10 deals at 20.0 %: 50 lead entries expected, 61 for 80 %."


def test_without_a_win_the_section_says_so(book):
    made = backsolve(book("2023-02", opportunities=DEALS.replace(",won,won,", ",intent,lost,")), 10)
    assert made.status == "not available" and "give a win_rate" in made.reason
