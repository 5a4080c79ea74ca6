"""Row-level measures of the company of sixteen deals, worked by hand."""

from datetime import date

import pandas as pd
import pytest

from playbook.data.measures import awards, channels, reasons, sales
from playbook.data.measures.deals import deals_of
from sixteen_deals import sixteen_deals


@pytest.fixture(scope="module")
def book():
    return sixteen_deals()


def lists(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_who_bought_and_who_bought_again(book):
    """A refund is no purchase: nobody bought on 20 March. C1, C2 and C4 had bought before."""
    rows, year = sales.order_rows(book), book.window("trailing_12m")
    assert sales.active(rows, year.start, year.end, {}) == ["C1", "C2", "C3", "C4"]
    assert sales.active(rows, date(2024, 3, 20), date(2024, 3, 20), {}) == []
    assert sales.active(rows, date(2024, 3, 1), date(2024, 3, 31), {"region": "East"}) == ["C1"]
    assert lists(sales.returning(rows, year.start, year.end), "customers", "returning") == [(4, 3)]
    quarter = sales.returning(rows, date(2024, 1, 1), date(2024, 3, 31), ["region"])
    assert lists(quarter, "region", "customers", "returning") == [("East", 1, 1), ("West", 2, 1)]


def test_days_from_the_lead_to_the_win(book):
    """B1 from 20 March, B6 from 2 January, B4 from 1 June; A4 names no lead: from its creation."""
    found = channels.lead_to_win(deals_of(book), book)
    assert lists(found, "days", "n") == [(12, 1), (22, 1), (37, 1), (186, 1)]


def test_what_customers_of_a_channel_bring(book):
    """Web: C1 1,400 in 12 months, C3 180 (its refund taken back) in 2, C4 45 in 12 at most; Fair:
    C2 660 in 4. Of the year before C4 stayed, C5 did not.
    """
    year = book.window("trailing_12m")
    rows = channels.customers_by_channel(book, year, year.year_before()).set_index("channel")
    assert rows.loc["Web"].to_dict() == {
        "buyers": 3,
        "months": 26,
        "profit": 1625,
        "profit2": 1400**2 + 180**2 + 45**2,
        "both": 1400 * 12 + 180 * 2 + 45 * 12,
        "months2": 144 + 4 + 144,
        "before": 1,
        "stayed": 1,
    }
    fair = rows.loc["Fair", ["buyers", "months", "profit", "before", "stayed"]]
    assert fair.tolist() == [1, 4, 660, 1, 0]


def test_contacts_that_moved_a_deal_on_and_needs_researched(book):
    found = awards.progress(book.table("activities"))
    assert lists(found.tail(3), "rep_id", "progressed", "known") == [
        ("R2", 1, 2),
        ("R1", 0, 1),
        ("R2", 2, 2),
    ]
    scored = awards.researched(book)
    assert lists(scored, "rep_id", "subject_id", "needs") == [
        ("R1", "C1", 2),
        ("R1", "L4", 1),
        ("R2", "L5", 1),
    ]
    # C1 was visited with progress that month, L4 called without, of L5 no contact says
    assert scored.moved.tolist()[:2] == [True, False] and pd.isna(scored.moved.iloc[2])


def test_losses_and_objections_by_month(book):
    """A loss is of the month it closed in, A2 of 31 March 2022 and A1 of 1 April; an amount that
    nobody gave is none.
    """
    first = 12 * 2022 + 2  # March 2022
    lost = reasons.loss_counts(deals_of(book))
    assert (lost.month - first).tolist() == [0, 1, 11, 12, 14, 17, 23, 24]
    assert lost.expected.tolist()[:7] == [900, 100, 40, 700, 200, 250, 60]
    assert pd.isna(lost.expected.iloc[7]) and lost.stage.tolist() == [2, 2, 0, 2, 2, 2, 0, 1]
    met = reasons.objection_counts(deals_of(book), 2)
    assert met.n.sum() == 11 and met.won.sum() == 4 and met.lost.sum() == 5
    assert met.amount.sum() == 100 + 900 + 700 + 200 + 250 and met.priced.sum() == 5


def test_discounts_by_band(book):
    """From nought to under 5 % (none of it: A4 and B3), 5 to under 10 (B1), 10 and more."""
    found = reasons.discount_counts(deals_of(book), [0.05, 0.1]).dropna(subset=["band"])
    assert lists(found, "outcome", "band", "n", "amount", "priced") == [
        ("won", 0, 1, 310, 1),
        ("won", 2, 1, 520, 1),
        ("lost", 3, 1, 0, 0),
        ("lost", 0, 1, 0, 0),
        ("won", 3, 1, 780, 1),
        ("won", 3, 1, 400, 1),
    ]
    deals = reasons.discounted_deals(book).set_index("order_id")
    assert deals["list"].to_dict() == pytest.approx(
        {"A4": 310, "B1": 520 / 0.95, "B4": 780 / 0.9, "B6": 500}
    )


def test_priced_orders_of_two_years(book):
    """From 1 April 2022 on; the two lines of S13 are one order, its refund none."""
    found = reasons.priced_orders(book)
    assert found.order_id.tolist() == [f"S{i:02d}" for i in range(3, 15)]
    assert found.set_index("order_id").loc["S13", ["list", "amount"]].tolist() == [700, 700]
    assert found["list"].sum() == 4940 and found.amount.sum() == 4600
