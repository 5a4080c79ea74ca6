"""RFM: scores and segments of small books and of real ones."""

from datetime import date

import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.page import headlines
from playbook.segments.population import with_states
from playbook.segments.value.maps import SOURCE
from shared import REPO, real


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
def test_awkward_books_say_so_and_never_crash(rows):
    edges = '[segments]\ntiers = { names = ["VIP", "ordinary"], lower = [50, 0] }\n'
    here = book("2023-06", toml=edges, orders=rows)
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


def test_the_two_meanings_of_dormant_have_two_names_and_the_proof_stands_once(small):
    notes = " ".join(segments.rfm(small).notes())
    assert (
        notes.count("Checked cell by cell") == 1
        and "11 segments of the three-axis map and one of the 11 segments of the eleven-segment map"
        in notes
    )
    assert "dormant" not in SOURCE.names and "dormant by score" in SOURCE.names


def test_customers_that_scores_cannot_tell_apart_are_said_to_be_alike():
    rows = [order(f"c{i}", "2023-06-20", 10, i) for i in range(9)]
    alike = segments.rfm(book("2023-06", orders=rows))
    assert alike.headline() == "Segments: 9 active customers, which scores cannot tell apart."
    assert alike.reading().startswith("All 9 customers have the same scores")
    one = segments.rfm(book("2023-06", orders=rows[:1]))
    assert one.reading() == "One customer is scored: there is nobody to compare it with."


def test_customers_under_contract_are_not_leaving():
    rows = [order(f"c{i}", f"2022-{1 + i:02d}-15", 100 + i, i) for i in range(12)]
    contract = {
        "contract_id": "k",
        "customer_id": "c0",
        "start": "2022-01-01",
        "end": "2023-12-31",
        "annual_value": 100,
    }
    rows += [order("c0", "2022-01-20", 500, "x")]
    found = segments.rfm(book("2023-06", orders=rows, contracts=[contract]))
    assert found.bound == 1 and "; 1 of them under a running contract." in found.reading()
    assert "under a running contract" not in segments.rfm(book("2023-06", orders=rows)).reading()


def test_nobody_cooling_is_not_counted_as_nought_with_no_money():
    rows = [order(f"c{i}", "2023-06-20", 10 * (i + 1), i) for i in range(9)]
    found = segments.rfm(book("2023-06", orders=rows))
    assert found.headline().endswith("of revenue; nobody cooling or lapsed.")
    assert "Nobody is in a segment that is cooling or lapsed." in found.reading()
    assert "¥0 of past revenue" not in found.reading()


def test_members_show_their_scores_and_a_dash_without():
    rows = [order("a", "2023-06-20", 10, 1), order("old", "2019-06-20", 10, 2)]
    found = segments.rfm(book("2023-06", orders=rows))
    last = {name: found.members(name).rows[0][-1].text for name in ("promising", "dormant")}
    assert last == {"promising": "4 1 1", "dormant": "–"}  # alone, it is not the most recent
    assert not found.members("champions").rows


def test_customers_tied_on_the_first_quantile_are_not_the_most_recent():
    days = [*["2023-06-20"] * 5, "2023-05-01", "2023-04-01", "2023-03-01", "2023-02-01"]
    rows = [order(f"c{i}", day, 10 + i, i) for i, day in enumerate(days)]
    found = segments.rfm(book("2023-06", orders=rows)).customers.set_index("customer_id")["r"]
    assert found[[f"c{i}" for i in range(5)]].tolist() == [4] * 5
    newer = [*rows, *(order(f"n{i}", "2023-06-2" + str(5 + i), 9, f"n{i}") for i in range(3))]
    now = segments.rfm(book("2023-06", orders=newer)).customers.set_index("customer_id")["r"]
    assert now[["n0", "n1", "n2"]].tolist() == [5, 5, 5] and now["c0"] == 4


OWN = """
[segments]
classes = 3
segment_map = "own"
[[segments.own_map]]
name = "stars"
where = ["R3 FM2-3", "R2 FM3"]
action = "Visit"
[[segments.own_map]]
name = "rest"
where = ["R1", "R2-3 FM1", "R2 FM2"]
save = true
"""


def test_a_map_and_a_number_of_classes_of_ones_own():
    rows = [order(f"c{i}", f"2023-06-{i + 1:02d}", 10 * (i + 1), i) for i in range(9)]
    found = segments.rfm(book("2023-06", toml=OWN, orders=rows))
    assert found.customers["r"].astype(int).tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    counts = found.table.set_index("segment")["customers"]
    assert (counts["stars"], counts["rest"]) == (3, 6)  # frequency is 1 for all: FM at most 2
    assert found.other is None and "the own map" in found.notes()[1]
    rule = found.tables()[1]
    assert [[cell.text for cell in row] for row in rule.rows] == [
        ["R 3 (most recent)", "rest · 0", "stars · 3", "stars · 0"],
        ["R 2", "rest · 0", "rest · 3", "stars · 0"],
        ["R 1", "rest · 3", "rest · 0", "rest · 0"],
    ]
    assert len(found.thresholds.recency) == 2


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("R2 FM3", "R2 FM2-3", r"several segments hold R2 FM2 \(rest, stars\)"),
        ('"R1", ', "", "no segment holds R1 FM1, R1 FM2, R1 FM3"),
        ("R3 FM2-3", "R9 FM2-3", "scores go from 1 to 3"),
        ("R3 FM2-3", "recent ones", "cannot read 'recent ones'"),
        ("R3 FM2-3", "R3 F2", "FM on one segment and F or M on another"),
        ('"own"\n', '"eleven"\n', "the eleven map has 5 classes"),
        ("classes = 3", "classes = 3\nfrequency = [1, 2, 3, 4]", "2 rising thresholds"),
        ('"rest"', '"stars"', "a name of its own"),
    ],
)
def test_a_map_that_does_not_hold_every_combination_once_is_refused(old, new, said):
    from playbook.base.errors import SettingsProblem

    with pytest.raises(SettingsProblem, match=said):
        book("2023-06", toml=OWN.replace(old, new, 1), orders=[order("a", "2023-06-01", 1, 1)])


def test_the_rule_of_the_eleven_segments_counts_every_scored_customer_once(small):
    found = segments.rfm(small)
    rule = found.tables()[1]
    cells = [cell.text.rpartition(" · ") for row in rule.rows for cell in row[1:]]
    assert sum(int(n) for _, _, n in cells) == found.customers["r"].notna().sum()
    per = {}
    for name, _, n in cells:
        per[name] = per.get(name, 0) + int(n)
    table = found.table.set_index("segment")["customers"]
    assert per == {name: table[name] for name in per}
