"""The chain of stage rates, worked by hand."""

import pytest

from playbook.base.periods import Month
from playbook.data.measures.stage_rates import lead_months, lead_rates, lead_wait, stage_rates
from toy import toy

SETTINGS = {"book": {"stages": ["lead", "intent", "won"]}}


def deals(*groups):
    """Rows of deals: (how many, created, outcome, closed, lead)."""
    rows, n = [], 0
    for count, created, outcome, closed in groups:
        for _ in range(count):
            n += 1
            stage = {"won": "won", "lost": "lost", "open": "intent"}[outcome]
            rows.append(
                {
                    "opportunity_id": f"D{n}",
                    "created": created,
                    "outcome": outcome,
                    "stage": stage,
                    "closed": closed,
                    "amount": "100",
                    "lead_id": f"L{n}",
                }
            )
    return rows


def entered(rows, stage, day, first, last):
    return [
        {"opportunity_id": row["opportunity_id"], "stage": stage, "entered_at": day}
        for row in rows[first:last]
    ]


def test_without_dated_entries_there_is_one_step_of_the_decided():
    """40 won, 40 lost, 40 open: half, whatever stage the open ones say they are in."""
    rows = deals(
        (40, "2022-01-03", "won", "2022-02-02"),
        (40, "2022-01-03", "lost", "2022-02-02"),
        (40, "2022-01-03", "open", None),
    )
    found = stage_rates(toy(opportunities=rows, settings=SETTINGS, month="2022-02"))
    (step,) = found.steps
    assert (step.name, step.entered, step.advanced) == ("lead→won", 80, 40)
    assert found.rate == 0.5 and not found.by_cohort and found.losses


def test_the_steps_follow_the_same_deals_old_enough_to_have_won():
    """January: 20 entered, 10 went on, 5 won within 59 days; March's 8 are too young."""
    rows = deals(
        (5, "2022-01-01", "won", "2022-03-01"),
        (15, "2022-01-01", "lost", "2022-03-01"),
        (8, "2022-03-01", "open", None),
    )
    events = [
        *entered(rows, "lead", "2022-01-01", 0, 20),
        *entered(rows, "intent", "2022-02-01", 0, 10),
        *entered(rows, "lead", "2022-03-01", 20, 28),
        *entered(rows, "intent", "2022-03-02", 20, 28),
    ]
    found = stage_rates(
        toy(opportunities=rows, stage_events=events, settings=SETTINGS, month="2022-03")
    )
    assert [(s.name, s.entered, s.advanced) for s in found.steps] == [
        ("lead→intent", 20, 10),
        ("intent→won", 10, 5),
    ]
    assert found.rate == 0.25 == found.steps[0].rate * found.steps[1].rate
    assert (found.first, found.last, found.wait) == (Month(2022, 1), Month(2022, 1), 59.0)
    assert (found.won, found.decided) == (5, 20)


def test_a_book_without_a_loss_says_so():
    rows = deals((3, "2022-01-01", "won", "2022-02-01"))
    found = stage_rates(toy(opportunities=rows, settings=SETTINGS, month="2022-02"))
    assert (found.won, found.decided, found.losses) == (3, 3, False)


def test_leads_count_once_nine_in_ten_wins_had_come():
    """Wins took 31 days, so a lead is given two months: of twelve months to March, 4 of 10."""
    rows = deals((4, "2022-03-01", "won", "2022-04-01"), (6, "2022-03-01", "lost", "2022-04-01"))
    leads = [
        {"lead_id": f"L{n}", "created": "2022-03-01", "channel": "web" if n < 8 else "fair"}
        for n in range(1, 11)
    ]
    orders = [{"order_id": "O1", "date": "2022-05-28", "customer_id": "C1", "amount": "1"}]
    book = toy(opportunities=rows, leads=leads, orders=orders, settings=SETTINGS, month="2022-05")
    assert lead_wait(book) == 2 and lead_months(book) == (Month(2021, 4), Month(2022, 3))
    found = lead_rates(book)
    assert found.loc["web"].tolist() == [7, 4] and found.loc["fair"].tolist() == [3, 0]


def test_nothing_won_has_a_rate_of_nought():
    rows = deals((3, "2022-01-01", "lost", "2022-02-01"))
    assert stage_rates(
        toy(opportunities=rows, settings=SETTINGS, month="2022-02")
    ).rate == pytest.approx(0.0)
