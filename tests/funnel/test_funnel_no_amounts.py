"""Deals that carry no amount are worth an unknown sum, not nothing."""

from __future__ import annotations

import pytest
from funnel_books import small_book

from playbook.funnel.places.bottleneck import bottleneck
from playbook.funnel.steps.conversion import conversion
from playbook.funnel.steps.cycle import cycle
from playbook.funnel.steps.model import funnel_model
from playbook.funnel.steps.outcomes import win_rate
from playbook.page import Missing


@pytest.fixture
def book():
    days = [f"2023-0{1 + i % 5}-1{i % 9}" for i in range(12)]
    deals = [
        {
            "opportunity_id": f"D{i}",
            "created": day,
            "stage": "won" if i % 2 else "lost",
            "outcome": "won" if i % 2 else "lost",
            "closed": day,
        }
        for i, day in enumerate(days)
    ]
    entered = [
        {"opportunity_id": f"D{i}", "stage": stage, "entered_at": day}
        for i, day in enumerate(days)
        for stage in (["lead", "won"] if i % 2 else ["lead"])
    ]
    return small_book("2023-05", stages=("lead", "won"), opportunities=deals, stage_events=entered)


def test_the_win_rate_is_told_without_a_worth(book):
    found = win_rate(book)
    amounts = {k.window: k for k in found.kpis() if k.name == "won_amount"}
    assert (
        amounts["all"].value is None
        and amounts["all"].why == "no won deal carries an amount"
        and amounts["all"].n == 6
    )
    assert "worth" not in found.reading() and "¥0" not in found.tables()[0].plain()


def test_no_step_is_priced_at_nothing(book):
    found = bottleneck(book)
    assert isinstance(found, Missing) and "no won deal carries an amount" in str(found.reason)
    assert funnel_model(conversion(book), win_rate(book)) is None


def test_a_month_without_a_win_brought_nothing():
    rows = [
        {
            "opportunity_id": "D1",
            "created": "2023-01-05",
            "stage": "lead",
            "outcome": "lost",
            "closed": "2023-03-05",
            "amount": 5,
        }
    ]
    assert {
        k.window: k.value
        for k in win_rate(small_book("2023-03", opportunities=rows)).kpis()
        if k.name == "won_amount"
    } == {"month": 0, "trailing_12m": 0, "all": 0}


def test_a_year_without_a_loss_names_no_time_to_lose():
    rows = [
        {
            "opportunity_id": f"D{i}",
            "created": "2023-01-05",
            "stage": "won",
            "outcome": "won",
            "closed": "2023-03-05",
            "amount": 5,
        }
        for i in range(3)
    ]
    said = cycle(small_book("2023-03", opportunities=rows)).reading()
    assert "59 d at the median; that leaves" in said and "losses –" not in said
