"""Sales velocity and what moved it, worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook import funnel
from playbook.funnel.steps.velocity import _change
from toy import toy


def deal(name, created, closed, outcome, amount=None, rep="A"):
    return {
        "opportunity_id": name,
        "created": created,
        "closed": closed,
        "outcome": outcome,
        "stage": "won" if outcome == "won" else "lead",
        "amount": amount,
        "rep_id": rep,
    }


def company(*more):
    """2023: 1 of 2 decided won for 100 in 20 days, 2 open at its end. 2024: 2 of 4 won for 300 and
    500 in 10 and 30 days, 3 open.
    """
    rows = [
        deal("A1", "2023-01-01", "2023-01-21", "won", 100),
        deal("A2", "2023-01-01", "2023-02-01", "lost"),
        deal("B1", "2023-12-05", "2024-01-04", "won", 500),
        deal("B2", "2023-12-20", "2024-02-01", "lost"),
        deal("B3", "2024-03-01", "2024-03-11", "won", 300, "B"),
        deal("B4", "2024-03-01", "2024-03-11", "lost"),
        *(deal(f"O{i}", "2024-12-01", None, "open") for i in range(3)),
        *more,
    ]
    return toy(month="2024-12", settings={"book": {"stages": ["lead", "won"]}}, opportunities=rows)


def test_four_factors_by_hand():
    """3 open × 2/4 × 400 ÷ 20 days = 30 a day; a year before 2 × 1/2 × 100 ÷ 20 = 5."""
    found = funnel.velocity(company())
    now, before = found.row(), found.row("year before")
    assert (now["open"], now["won"], now["decided"]) == (3, 2, 4)
    assert (now["size"], now["cycle"], now["velocity"]) == (400, 20, 30)
    assert (before["open"], before["velocity"]) == (2, 5)
    assert found.change.change.sum() == pytest.approx(25)
    # the win rate and the cycle stood still; two factors share the change at their mid-points
    parts = dict(zip(found.change.factor, found.change.change, strict=True))
    assert parts["win rate"] == parts["cycle"] == 0
    assert parts["open deals"] == pytest.approx((3 - 2) * (100 + 400) / 2 * 0.5 / 20)
    assert "3 open deals at 50.0 % (2 of 4) won" in found.reading()
    assert found.kpis()[0].value == 30


def test_a_year_that_is_not_covered_is_not_compared():
    rows = [
        deal("B1", "2024-03-01", "2024-03-31", "won", 500),
        deal("B2", "2024-03-01", "2024-04-01", "lost"),
        deal("B3", "2024-12-01", None, "open"),
    ]
    settings = {"book": {"stages": ["lead", "won"]}}
    found = funnel.velocity(toy(month="2024-12", settings=settings, opportunities=rows))
    assert found.row("year before") is None and found.change.empty
    assert "Nothing to compare with: opportunities begin on 1 Mar 2024." in found.reading()


def test_without_losses_there_is_no_velocity():
    rows = [
        deal("B1", "2024-03-01", "2024-03-31", "won", 500),
        deal("B2", "2024-12-01", None, "open"),
    ]
    settings = {"book": {"stages": ["lead", "won"]}}
    found = funnel.velocity(toy(month="2024-12", settings=settings, opportunities=rows))
    assert found.status != "ok" and "No lost deal is recorded" in found.reason


def test_an_unpriced_win_counts_in_the_rate_and_not_in_the_size():
    found = funnel.velocity(company(deal("B5", "2024-03-01", "2024-03-21", "won")))
    now = found.row()
    assert (now["won"], now["decided"], now["priced"], now["size"]) == (3, 5, 2, 400)
    assert now["velocity"] == pytest.approx(3 * 3 / 5 * 400 / 20)


NUMBER = st.floats(0.1, 100)
ROWS = st.fixed_dictionaries(
    {"open": NUMBER, "win_rate": st.floats(0.01, 1), "size": NUMBER, "cycle": NUMBER}
)


@given(ROWS, ROWS)
def test_the_parts_of_the_change_add_up(before, now):
    def product(row):
        return row["open"] * row["win_rate"] * row["size"] / row["cycle"]

    whole = product(now) - product(before)
    assert _change(before, now).change.sum() == pytest.approx(whole, rel=1e-6, abs=1e-6)
