"""Sections of the company of sixteen deals, worked by hand: closing days, reasons, before and
after, pace.
"""

import pytest

from playbook import funnel
from sixteen_deals import sixteen_deals


@pytest.fixture(scope="module")
def book():
    return sixteen_deals()


def test_closing_days(book):
    """Decided from 1 April 2023 on: B1 and B5 on their day, B7 before it; late by 1 (B2), 10 (B3),
    3 (B4, nobody's) and 7 days (B6). D1 is past its day on its evening, D3 a day before it not.
    """
    found = funnel.close_dates(book)
    rows = found.table
    assert rows.label.tolist() == ["nobody named", "Ann", "Bob", "Whole book"]
    assert rows.decided.tolist() == [1, 2, 4, 7]
    assert rows.late.tolist() == [1, 1, 2, 4]
    assert rows.days.tolist() == [3, 1, 8.5, 5]  # 7 and 10; 1, 3, 7 and 10
    assert rows.past.tolist() == [0, 0, 2, 2]
    assert rows.amount.tolist() == [0, 0, 1500, 1500]
    assert (found.won_late.numerator, found.won_late.n) == (2, 4)  # B4 and B6 of the four
    assert (found.won_in_time.numerator, found.won_in_time.n) == (1, 3)  # B1 of B1, B5, B7


def test_reasons_and_match(book):
    """Lost since 1 April 2023: price 200 (B2), time 250 (B3), fit 60 (B7), and B5 without a reason
    or an amount. The year before: A5 and A1, closed on its first day, for price; A3 for time.
    """
    found = funnel.reasons(book)
    rows = found.losses.set_index("reason")
    assert rows.index.tolist() == ["fit", "price", "time", "no reason given"]
    assert rows.n.tolist() == [1, 1, 1, 1]
    assert rows.amount.tolist()[:3] == [60, 200, 250]
    assert rows.amount.isna().tolist() == [False, False, False, True]  # no amount is not 0
    assert rows.before.tolist()[:3] == pytest.approx([0, 2 / 3, 1 / 3])
    match = found.match.set_index("window")
    assert match.loc["trailing_12m", ["matched", "assessed"]].tolist() == [6, 10]
    assert match.loc["trailing_12m", ["decided_matched", "decided_other"]].tolist() == [5, 2]
    assert match.loc["trailing_12m", ["won_matched", "won_other"]].tolist() == [0.6, 0]
    # January to March: 3 of 5 match, a year ago 1 of 3; by number (5 − 3) · mean of the rates
    assert found.moved == pytest.approx(
        {
            "before": 1 / 3,
            "now": 0.6,
            "leads_change": 2 / 3,
            "matched_change": 2.0,
            "by_volume": 2 * (0.6 + 1 / 3) / 2,
            "by_rate": (0.6 - 1 / 3) * 4,
        }
    )
    objected = found.objected.set_index("window")
    assert objected.loc["trailing_12m", ["k", "n"]].tolist() == [4, 7]
    assert objected.loc["month", ["k", "n"]].tolist() == [1, 1]


def test_before_and_after_october(book):
    """Created in six months each: B1 to B5 before, B6, B7 and D1 to D4 after. B1 was won on its
    day, B4 after 157, B6 after 31 days, when of the later ones B6, B7, D1 and D2 were watched.
    """
    found = funnel.before_after(book, since="2023-10-01")
    assert (str(found.since), found.months) == ("2023-10", 6)
    assert found.test.n == (5, 6)
    rows = found.table.set_index("measure")
    assert rows.loc["won within 30 days", ["before", "after"]].tolist() == [0.2, 0]
    assert rows.loc["won within 60 days", ["before", "after"]].tolist() == [0.2, 0.25]
    assert "won within 90 days" not in rows.index  # nobody was watched for so long
    assert rows.loc["median of closed wins", ["before", "after"]].tolist() == [78.5, 31]


def test_the_day_of_the_strategy_is_the_default(book):
    found = funnel.before_after(book)
    assert found.why == "day of the first strategy started in the last 12 months"
    assert str(found.since) == "2023-10"
    later = funnel.before_after(book, since="2023-10-02")
    assert (str(later.since), later.months) == ("2023-11", 5)


def test_pace_of_sales(book):
    """4 open · 3/7 won · (520 + 780 + 400)/3 ÷ 31 days (0, 31 and 157)."""
    now = funnel.velocity(book).table.set_index("time").loc["now"]
    assert (now.open, now.won, now.decided, now.cycle) == (4, 3, 7, 31)
    assert now["size"] == pytest.approx(1700 / 3)
    assert now.velocity == pytest.approx(4 * 3 / 7 * 1700 / 3 / 31)


def test_pipeline_of_march(book):
    """D1 and D2 are past their days; D3 and D4 are new; B5, lost on the last day, had no amount."""
    rows = funnel.movement(book).table.set_index("label")
    whole = rows.loc["Whole book"]
    assert (whole.opening, whole.new, whole.pushed, whole.closing) == (1500, 150, 1500, 150)
    assert (whole.n_opening, whole.n_new, whole.n_lost, whole.n_pushed) == (3, 2, 1, 2)
    assert rows.loc["Ann", ["n_new", "n_closing", "closing"]].tolist() == [1, 1, 70]
