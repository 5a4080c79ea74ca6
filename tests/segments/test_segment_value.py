"""RFM, tiers, ABC and the call list on small books worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_books import book, order

from playbook import segments
from playbook.base.settings import TierTable
from playbook.methods.inequality import gini
from playbook.page import headlines
from playbook.segments.explore import redraw, switches
from playbook.segments.population import population, with_states
from playbook.segments.value.concentration import head_codes, value_codes
from playbook.segments.value.maps import SOURCE
from playbook.segments.value.tiers import tier_names
from shared import REPO, real

CASE = TierTable(names=["high", "middle", "low"], lower=[100_000, 50_000, 0])


@pytest.fixture
def small():
    """Ten buyers, one dormant, one with everything returned, one who never bought."""
    rows = [order(f"c{i}", f"2023-0{1 + i % 6}-10", 100 * (i + 1), i) for i in range(10)]
    rows += [
        order("old", "2020-05-05", 900, "old"),
        order("back", "2023-03-01", 400, "b1"),
        order("back", "2023-03-20", -400, "b2", kind="refund"),
    ]
    people = [
        {"customer_id": c, "name": f"Customer {c}", "rep_id": "r1"}
        for c in [*(f"c{i}" for i in range(10)), "old", "back", "never"]
    ]
    return book("2023-06", orders=rows, customers=people)


def test_every_customer_in_exactly_one_segment_and_revenue_sums(small):
    result = segments.rfm(small)
    assert result.table["customers"].sum() == 12 == len(result.customers)
    assert result.table["revenue"].sum() == pytest.approx(5500)
    apart = result.table.set_index("segment")["customers"]
    assert (apart["dormant"], apart["net zero or less"], apart["no customer named"]) == (1, 1, 0)
    assert result.active == 11
    assert {k.value for k in result.kpis() if k.name == "customers.active"} == {11}


def test_the_page_says_what_lies_outside_and_how_many_scores_are_in_use(small):
    text = segments.rfm(small).reading()
    assert "dormant" in text and "frequency 1" in text
    assert "125" in " ".join(segments.rfm(small).notes())


def test_orders_that_name_no_customer_are_a_line_of_their_own():
    sums = pd.DataFrame(
        {
            "customer_id": ["a", None],
            "first": pd.Timestamp("2023-01-01"),
            "orders_rfm": [1, 1],
            "net_rfm": [5.0, 7.0],
            "last_rfm": pd.Timestamp("2023-01-01"),
            "orders_year": [1, 1],
            "net_year": [5.0, 7.0],
        }
    )
    assert with_states(sums, date(2023, 6, 30))["state"].tolist() == ["scored", "no customer named"]


def test_members_lists_the_customers_of_a_segment(small):
    result = segments.rfm(small)
    name = result.customers.query("state == 'scored'")["segment"].iloc[0]
    assert len(result.members(name).rows) == (result.customers["segment"] == name).sum()


def test_future_rows_and_row_order_are_irrelevant():
    rows = [order(f"c{i % 7}", f"2023-0{1 + i % 6}-1{i % 9}", 10 * i + 5, i) for i in range(40)]
    future = [order("c1", "2023-07-02", 1e6, "f1"), order("zz", "2023-09-02", 1e6, "f2")]
    one = segments.rfm(book("2023-06", orders=rows))
    two = segments.rfm(book("2023-06", orders=future + rows[::-1]))
    pd.testing.assert_frame_equal(one.customers, two.customers)
    pd.testing.assert_frame_equal(one.table, two.table)


def test_fixed_thresholds_of_the_settings_are_used():
    toml = (
        "[segments]\nfrequency = [1, 2, 3, 4]\nmonetary = [10, 20, 30, 40]\nrecency_days = [10, 20,"
        " 30, 40]\n"
    )
    rows = [
        order("a", "2023-06-20", 10, 1),
        order("b", "2023-06-20", 10.01, 2),
        order("c", "2023-05-20", 99, 3),
    ]
    scored = segments.rfm(book("2023-06", toml=toml, orders=rows)).customers.set_index(
        "customer_id"
    )
    assert scored["m"].tolist() == [1, 2, 5]
    assert scored["r"].tolist() == [
        5,
        5,
        1,
    ]  # 10 days: not above the first edge; 41 days: above the last


def test_source_map_counts_customers_without_orders_as_dormant_too(small):
    rows = [order("a", "2023-06-20", 10, 1), order("old", "2019-06-20", 10, 2)]
    result = segments.rfm(book("2023-06", toml='[segments]\nsegment_map = "source"\n', orders=rows))
    assert result.table["customers"].sum() == 2 and result.table["segment"].is_unique


@pytest.mark.parametrize(
    "rows",
    [
        [order("a", "2023-06-20", 10, 1)],
        [order(f"c{i}", "2023-06-20", 10, i) for i in range(9)],
        [order("a", "2023-06-20", -10, 1, kind="refund")],
        [order("a", "2019-06-20", 10, 1), order("a", "2019-06-21", -10, 2)],
        [order("a", "2023-06-20", 0, 1)],
    ],
    ids=["single", "all alike", "only refunds", "nothing recent", "all zero"],
)
def test_awkward_books_are_told_never_crash(rows):
    here = book("2023-06", orders=rows)
    results = [segments.rfm(here), segments.tiers(here), segments.abc(here), segments.calls(here)]
    assert (
        all(result.status == "ok" for result in results)
        and len(headlines(*results).splitlines()) == 4
    )
    for result in results:
        result.figure(), result.blocks(), result.record()
    assert results[0].table["customers"].sum() == len(results[0].customers)


def test_alike_customers_share_one_segment():
    here = book("2023-06", orders=[order(f"c{i}", "2023-06-20", 10, i) for i in range(9)])
    assert segments.rfm(here).customers["segment"].nunique() == 1


def test_a_book_without_orders_says_so():
    deals = [{"opportunity_id": "1", "created": "2023-01-01", "stage": "lead", "outcome": "open"}]
    here = book("2023-01", opportunities=deals)
    for result in (
        segments.rfm(here),
        segments.tiers(here),
        segments.abc(here),
        segments.calls(here),
    ):
        assert result.blocks()[-1].section["status"].startswith("not available: needs table orders")


# -- tiers


def test_tier_edges_are_inclusive_below():
    assert list(tier_names(np.array([49_999.0, 50_000, 99_999.99, 100_000]), CASE)) == [
        "low",
        "middle",
        "middle",
        "high",
    ]
    vip = TierTable(names=["VIP", "key", "ordinary"], lower=[500_000, 200_000, 0])
    assert list(tier_names(np.array([500_000.0, 499_999.9999, 200_000, -1]), vip)) == [
        "VIP",
        "key",
        "key",
        "ordinary",
    ]


def test_tiers_sum_to_the_year_and_the_last_is_open_below():
    rows = [
        order("a", "2023-01-05", 600_000, 1),
        order("b", "2023-01-05", 200_000, 2),
        order("c", "2022-08-05", -5, 3),
        order("d", "2022-06-30", 9e6, 4),
    ]
    result = segments.tiers(book("2023-06", orders=rows))
    assert result.table["tier"].tolist() == ["VIP", "key", "ordinary"]
    assert result.table["revenue"].tolist() == [600_000, 200_000, -5]
    assert result.table["edges"].tolist() == [
        "≥ ¥500,000",
        "¥200,000 to under ¥500,000",
        "under ¥200,000",
    ]
    assert result.silent == 1  # ordered before the twelve months only
    assert {(k.by["tier"], k.value) for k in result.kpis() if k.name == "tier.customers"} >= {
        ("VIP", 1),
        ("key", 1),
        ("ordinary", 1),
    }


def test_a_book_too_small_for_the_edges_is_told_which_would_fit():
    result = segments.tiers(
        book(
            "2023-06",
            orders=[order(f"c{i}", "2023-01-05", 100 * i + 100, i) for i in range(10)],
        )
    )
    assert (
        "hardly tell customers apart" in result.reading() and "¥820" in result.reading()
    )  # upper fifth of 100 … 1,000


# -- ABC


def test_abc_of_the_textbook_by_value_and_by_heads():
    # two of ten customers bring 80 %, three 15 %, five 5 %
    value = np.array([400, 400, 50, 50, 50, 10, 10, 10, 10, 10.0])
    assert np.bincount(value_codes(value, (0.8, 0.95))).tolist() == [2, 3, 5]
    assert np.bincount(head_codes(10, (0.2, 0.3, 0.5))).tolist() == [2, 3, 5]


def test_the_customer_that_crosses_the_mark_belongs_above_it():
    assert value_codes(np.array([79.0, 2, 19]), (0.8, 0.95)).tolist() == [0, 0, 1]
    assert value_codes(np.array([100.0]), (0.8, 0.95)).tolist() == [0]


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=50))
def test_gini_lies_between_alike_and_one_has_all(amounts):
    found = gini(np.array(amounts, dtype=float), least=1)
    assert -1e-12 <= found <= (len(amounts) - 1) / len(amounts) + 1e-12
    assert gini(np.array(amounts) * 7.0, least=1) == pytest.approx(found)
    pairs = np.abs(
        np.subtract.outer(amounts, amounts)
    ).sum()  # half the mean absolute difference over the mean
    assert found == pytest.approx(pairs / (2 * len(amounts) * sum(amounts)))


def test_abc_table_sums_and_sets_apart_what_is_not_positive(small):
    result = segments.abc(small)
    assert result.table["customers"].sum() == 10 and result.apart == 1
    assert result.table["revenue"].sum() == pytest.approx(5500)
    assert result.customers["cumulative"].iloc[-1] == pytest.approx(1)


# -- calls


def test_calls_go_to_those_silent_beyond_their_own_rhythm():
    steady = [order("steady", f"2022-{m:02d}-15", 100, f"s{m}") for m in range(1, 13)]
    rare = [
        order("rare", f"{y}-{m:02d}-15", 600, f"r{y}{m}")
        for y, m in ((2021, 7), (2022, 1), (2022, 7), (2023, 1))
    ]
    fresh = [order(f"f{i}", "2023-06-20", 50 + i, f"f{i}") for i in range(8)]
    result = segments.calls(book("2023-06", orders=steady + rare + fresh))
    assert result.table["customer_id"].tolist() == ["steady"] and result.in_rhythm >= 1
    assert (
        result.table["due"].iloc[0] > date(2023, 6, 30)
        and result.table["due"].iloc[0].weekday() < 5
    )
    assert result.worksheets()[0].rows[0][0].startswith("steady")


def test_a_rep_who_left_is_named_as_one_to_replace():
    reps = [
        {"rep_id": "r1", "name": "Ann", "hired": "2020-01-01", "left": "2023-02-01"},
        {"rep_id": "r2", "name": "Bo", "hired": "2020-01-01", "left": None},
    ]
    rows = [
        order("a", "2023-01-20", 10, 1, rep_id="r1"),
        order("b", "2023-01-20", 10, 2, rep_id="r1"),
        order("b", "2023-02-20", 10, 3, rep_id="r2"),
    ]
    owners = segments.rfm(book("2023-06", orders=rows, reps=reps)).customers.set_index(
        "customer_id"
    )["owner"]
    assert owners.to_dict() == {"a": "to assign (was Ann)", "b": "Bo"}


# -- real books


def test_chinese_superstore_adds_up():
    real("superstore_zh")
    from playbook.data.book import Book

    here = Book.open(REPO / "tests/books/superstore_zh", "2017-12")
    result = segments.rfm(here)
    assert result.table["customers"].sum() == 790
    year = (
        here.relation("orders")
        .filter("date >= DATE '2017-01-01'")
        .aggregate("sum(amount)")
        .fetchall()[0][0]
    )
    assert segments.tiers(here).table["revenue"].sum() == pytest.approx(float(year))
    assert segments.abc(here).table["revenue"].sum() == pytest.approx(float(year))


def test_crm_maven_has_85_customers_and_its_won_value():
    real("crm_maven")
    from playbook.data.book import Book

    result = segments.rfm(Book.open(REPO / "tests/books/crm_maven", "2017-12"))
    assert result.active == 85 and result.table["revenue"].sum() == pytest.approx(10_005_534)




# -- what if


def test_sliders_count_every_customer_and_all_revenue_wherever_they_stand(small):
    scored, tiers, people = segments.rfm(small), segments.tiers(small), population(small)
    for recency, monetary, edge in ((0.25, 3.0, 100.0), (1.0, 1.0, 500_000.0), (3.0, 0.25, 50.0)):
        moved, tier, _ = redraw(
            people,
            scored,
            tiers,
            5,
            recency=recency,
            frequency=1.0,
            monetary=monetary,
            segment="champions",
            edge_0=edge,
            edge_1=400.0,
        )
        assert sum(int(row[1].text) for row in moved.rows) == 12 and moved.total[0][1].text == "12"
        assert (
            sum(int(row[2].text) for row in tier.rows) == int(tier.total[0][2].text)
            and tier.total[0][4].text == "¥5,500"
        )


def test_moved_thresholds_change_segments_and_unmoved_ones_do_not(small):
    scored, tiers, people = segments.rfm(small), segments.tiers(small), population(small)
    still = redraw(
        people, scored, tiers, 5, recency=1.0, frequency=1.0, monetary=1.0, segment="champions"
    )
    assert still[0].rows == scored.segment_table().rows and still[1].rows == tiers.tables()[0].rows
    assert (
        redraw(
            people, scored, tiers, 5, recency=0.25, frequency=1.0, monetary=3.0, segment="champions"
        )[0].rows
        != still[0].rows
    )
    vip = redraw(
        people,
        scored,
        tiers,
        5,
        recency=1.0,
        frequency=1.0,
        monetary=1.0,
        segment="champions",
        edge_0=950.0,
    )[1].rows[0]
    assert (vip[0].text, vip[2].text) == ("VIP", "1")  # one customer brought 1,000


def test_every_segment_leads_to_its_customers_in_a_page_without_kernel(small):
    scored = segments.rfm(small)
    members, *what_if = switches(population(small), scored, segments.tiers(small), 15)
    names = [name.rpartition(" (")[0] for name in members.choices[0].options]
    assert names == scored.table["segment"][scored.table["customers"] > 0].tolist()
    assert [len(members.versions[str(i)]) for i in range(len(names))] == [
        min(n, 15) for n in scored.table["customers"][scored.table["customers"] > 0]
    ]
    assert (
        members.rows == members.versions[str(members.choices[0].start)]
        and 'type="radio"' in members.html()
    )
    assert [len(table.versions) for table in what_if] == [9, 5] and all(
        sum(int(row[1].text) for row in rows[:-1]) == int(rows[-1][1].text) == 12
        for rows in what_if[0].versions.values()
    )


def test_the_two_meanings_of_dormant_have_two_names_and_the_proof_stands_once(small):
    notes = " ".join(segments.rfm(small).notes())
    assert (
        notes.count("Checked cell by cell") == 1
        and "11 segments of the three-axis map and one of the 11 segments of the eleven-segment map"
        in notes
    )
    assert "dormant" not in SOURCE.names and "dormant by score" in SOURCE.names
