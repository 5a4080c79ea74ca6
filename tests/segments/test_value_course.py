"""Segment sizes of twelve months, and the revenue bridge between two years."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_books import book, order

from playbook import segments

TIERS = "[segments.tiers]\nnames = ['big', 'small']\nlower = [100, 0]\n"


def two_years(*more, toml=TIERS):
    """Orders whose two years are covered whole: one of each kind of customer."""
    rows = [
        order("gone", "2021-08-01", 300, 1),
        order("less", "2021-08-01", 200, 2),
        order("less", "2022-08-01", 50.25, 3),
        order("more", "2021-09-01", 20, 4),
        order("more", "2022-09-01", 90.5, 5),
        order("back", "2020-09-01", 40, 6),
        order("back", "2022-10-01", 70, 7),
        order("fresh", "2023-06-01", 60.1, 8),
        order(None, "2021-10-01", 10, 9),
        order(None, "2022-10-01", 15, 10),
        *more,
    ]
    toml = f"{toml}[book]\nname = 'toy'\ncovers.orders = [2020-01-01]\n"
    return book("2023-06", toml=toml, orders=rows)


def test_the_bridge_by_hand():
    found = segments.revenue_bridge(two_years())
    rows = found.table.set_index("tier")
    assert list(rows.index) == ["big", "small", "new or back", "no customer named", "All"]
    parts = ["start", "lost", "shrunk", "grown", "back", "new", "end"]
    assert rows.loc["big", parts].tolist() == [500, 300, 149.75, 0, 0, 0, 50.25]
    assert rows.loc["small", parts].tolist() == [20, 0, 0, 70.5, 0, 0, 90.5]
    assert rows.loc["new or back", parts].tolist() == [0, 0, 0, 0, 70, 60.1, 130.1]
    assert rows.loc["no customer named", parts].tolist() == [10, 0, 0, 5, 0, 0, 15]
    assert rows.loc["All", parts].tolist() == [530, 300, 149.75, 75.5, 70, 60.1, 285.85]
    counts = ["customers_start", "customers_lost", "customers_new", "customers_end"]
    assert rows.loc["All", counts].tolist() == [3, 1, 2, 4]
    assert found.headline() == (
        "Revenue bridge: ¥530 to ¥286 (lost ¥300, shrunk ¥150, grown ¥75.5, back ¥70, new ¥60.1)."
    )
    assert found.figure() is not None


def test_a_customer_whose_order_came_back_whole_is_not_lost_twice():
    rows = [order("less", "2022-12-01", -50.25, 90, kind="refund")]
    row = segments.revenue_bridge(two_years(*rows)).total
    assert (row["shrunk"], row["customers_lost"]) == (200, 1)
    assert row["start"] - row["lost"] - row["shrunk"] + row["grown"] + row["back"] + row[
        "new"
    ] == pytest.approx(row["end"], abs=1e-9)


def test_edges_that_nobody_set_part_nobody():
    rows = segments.revenue_bridge(two_years(toml="")).table
    assert rows["tier"].tolist()[:2] == ["customers of the year before", "new or back"]


def test_without_a_year_before_the_bridge_says_so():
    rows = [order("a", "2023-05-01", 10, 1)]
    found = segments.revenue_bridge(book("2023-06", orders=rows))
    assert found.status == "not available" and "before 1 Jul 2022" in found.reason


MONEY = st.integers(-50_000, 90_000).map(lambda cents: cents / 100)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 729), MONEY), max_size=12))
def test_the_parts_of_any_bridge_add_up_to_the_hundredth(drawn):
    import pandas as pd

    start = pd.Timestamp("2021-07-01")
    more = [
        order(c, str((start + pd.Timedelta(days=day)).date()), money, f"x{i}")
        for i, (c, day, money) in enumerate(drawn)
    ]
    rows = segments.revenue_bridge(two_years(*more)).table
    cents = {name: (rows[name] * 100).round().astype(int) for name in rows if name != "tier"}
    ends = cents["start"] - cents["lost"] - cents["shrunk"] + cents["grown"]
    assert (ends + cents["back"] + cents["new"]).tolist() == cents["end"].tolist()
    for name, values in cents.items():
        assert values.iloc[:-1].sum() == values.iloc[-1], name


def test_sizes_follow_customers_by_the_thresholds_of_today():
    rows = [order(f"c{i}", f"2023-0{1 + i % 6}-10", 100 * (i + 1), i) for i in range(10)]
    rows += [order("old", "2020-07-05", 900, "old")]
    here = book("2023-06", orders=rows)
    found, now = segments.sizes(here), segments.rfm(here).table.set_index("segment")
    last = found.wide()["2023-06"]
    assert all(last[name] == now.loc[name, "customers"] for name in last.index)
    assert [str(m) for m in found.months] == [f"2022-{m:02d}" for m in range(7, 13)] + [
        f"2023-{m:02d}" for m in range(1, 7)
    ]
    totals = found.wide().sum()  # everyone who had ordered by then, once
    assert totals.tolist() == [1] * 6 + [3, 5, 7, 9, 10, 11]
    assert found.wide().loc["dormant"].tolist() == [1] * 12
    assert "grew most" in found.reading() and found.figure() is not None


def test_sizes_of_one_month_compare_nothing():
    found = segments.sizes(book("2023-06", orders=[order("a", "2023-06-10", 10, 1)]))
    assert found.reading() == "The data reach back one month only: nothing to compare."
    assert found.figure() is None
