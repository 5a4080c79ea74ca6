"""Tiers, thresholds, due days and validity of the company of sixteen deals, worked by hand."""

import pandas as pd
import pytest

from playbook import segments
from sixteen_deals import sixteen_deals


@pytest.fixture(scope="module")
def book():
    return sixteen_deals()


def test_tiers_of_the_year(book):
    """C1 520 + 500 + 500 + 700, C2 780 + 300, C3 400 − 100, C4 90; the 100 of C5 are of the day
    before the window.
    """
    found = segments.tiers(book)
    assert found.table.customers.tolist() == [2, 0, 2]
    assert found.table.revenue.tolist() == [3300, 0, 390]
    assert dict(zip(found.customers.customer_id, found.customers.net_year, strict=True)) == {
        "C1": 2220,
        "C2": 1080,
        "C3": 300,
        "C4": 90,
    }
    assert found.silent == 2  # C5 and C6


def test_classes_by_value_and_by_head_count(book):
    """Of 3,690: C1 60.2 %, C2 to 89.4 %, across the 80 %; C3 to 97.6 %, across the 95 %."""
    found = segments.abc(book)
    assert found.table.customers.tolist() == [2, 1, 1]
    assert found.table.revenue.tolist() == [3300, 300, 90]
    assert found.customers.cumulative.tolist() == pytest.approx(
        [2220 / 3690, 3300 / 3690, 3600 / 3690, 1]
    )
    # mean difference of all pairs ÷ (2 · mean): 2 · (1·90 + 2·300 + 3·1080 + 4·2220) ÷ (4 · 3690)
    # − 5/4
    assert found.gini == pytest.approx(2 * (90 + 600 + 3240 + 8880) / (4 * 3690) - 5 / 4)


def test_customers_kept(book):
    """Bought from April 2022 to March 2023: C4 560 (its edge day is C5's 100), C5 250. C4 brought
    90 since, C5 nothing.
    """
    rows = segments.retention(book).table.set_index("tier")
    assert rows.loc["All", ["customers", "kept", "start", "end"]].tolist() == [2, 1, 810, 90]
    assert rows.loc["growth", ["customers", "kept", "nrr"]].tolist() == [1, 1, 90 / 560]
    assert rows.loc["basic", ["customers", "kept", "grr", "lost"]].tolist() == [1, 0, 0, 250]


def test_contracts_due_and_recurring_revenue(book):
    """Due since 1 April 2023: K1 (renewed), K4 on the as-of date, K6 the day before; K3 was due on
    the last day of the year before.
    """
    found = segments.renewals(book)
    year = found.windows.set_index("window").loc["trailing_12m"]
    assert year[["due", "renewed", "value", "value_lost"]].tolist() == [3, 1, 800, 300]
    month = found.windows.set_index("window").loc["month"]
    assert month[["due", "renewed", "value_lost"]].tolist() == [2, 0, 300]
    assert found.quarters.due.tolist() == [1, 1, 0, 0, 2]
    paid = segments.recurring(book).table
    # a year ago 500 + 250 + 100; K4 brings 50 less than K3; K5 780 from December; K6 ends
    assert paid.open.iloc[0] == pytest.approx(850 / 12)
    assert paid.contraction.iloc[0] == pytest.approx(50 / 12)
    assert paid.new.iloc[8] == pytest.approx(65)
    assert paid.churn.iloc[-1] == pytest.approx(100 / 12)
    assert paid.close.iloc[-1] == pytest.approx((500 + 200 + 780) / 12)
    assert paid.customers.tolist() == [3] * 8 + [4] * 3 + [3]


def test_leads_are_valid_and_graded(book):
    """L4 was to buy 65, L5 56 days after it came: within three months. Valid is L4 alone: L5 has
    no budget and no decision maker. L1 is of the year before.
    """
    found = segments.leads(book)
    assert found.leads.lead_id.tolist() == ["L2", "L3", "L4", "L5", "L6"]
    assert found.leads.grade.tolist() == ["low", "low", "medium", "medium", "low"]
    assert found.leads.valid.tolist() == [False, False, True, False, False]
    rows = found.table.set_index("grade")
    assert rows.loc["low", ["leads", "valid", "decided", "won"]].tolist() == [3, 0, 2, 2]
    assert rows.loc["medium", ["leads", "valid", "decided"]].tolist() == [2, 1, 0]


def test_need_fit_weighs_what_matters(book):
    """C1: (3·2 + 2·1) of 15; L4 3 of 5; L5 1 of 5, below the 40 %."""
    rows = segments.need_fit(book).leads.set_index("subject_id")
    assert rows.share.to_dict() == pytest.approx({"C1": 8 / 15, "L4": 0.6, "L5": 0.2})
    assert rows.band.to_dict() == {"C1": "medium", "L4": "medium", "L5": "low"}


def test_what_is_overdue_and_kept(book):
    """X5 was due on 10 March, 21 days ago; X6 is due on the as-of date itself and is not late.
    Class A is C1 (28 days silent) and C2 (122): 75 at the median, promised every 3.5.
    """
    found = segments.follow_up(book)
    assert found.overdue.activity_id.tolist() == ["X5"] and found.overdue.late.tolist() == [21]
    rows = found.table.set_index("group")
    assert rows.subjects.to_dict() == {
        "A": 2,
        "B": 1,
        "C": 1,
        "high intent": 1,
        "medium intent": 1,
        "low intent": 1,
    }
    assert rows.silent_days["A"] == 75 and rows.silent_days["B"] == 59
    assert rows.kept.tolist() == [0, 0, 1, 1, 0, 0]


def test_recency_frequency_money(book):
    rows = segments.rfm(book).customers.set_index("customer_id")
    assert rows.recency_days.dropna().to_dict() == {
        "C1": 30,
        "C2": 0,
        "C3": 52,
        "C4": 168,
        "C5": 366,
    }
    assert rows.orders.tolist() == [4, 2, 1, 3, 2, 0]
    assert rows.net.tolist() == [2220, 1080, 300, 650, 250, 0]
    assert rows.gap_days["C1"] == pytest.approx(335 / 3)  # four orders in 335 days
    assert rows.gap_days["C5"] == 334 and pd.isna(rows.gap_days["C3"])
