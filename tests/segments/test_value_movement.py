"""Movement between segments and tiers."""

from datetime import date

import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.base.formats import Formats
from playbook.base.language import speaking
from playbook.segments.value.movers import cause_text

TIERS = '[segments]\ntiers = { names = ["strategic", "growth", "basic"], lower = [100, 50, 0] }\n'


FIXED = (
    TIERS
    + "recency_days = [30, 60, 90, 180]\nfrequency = [1, 2, 3, 4]\nmonetary = [10, 20, 50, 100]\n"
)


@pytest.fixture(scope="module")
def moving():
    """One stays strategic, one falls to basic (old money leaves the year), one climbs, one goes
    silent, one is new.
    """
    rows = [
        order("stays", "2023-03-01", 150, 1),
        order("falls", "2022-06-15", 120, 2),
        order("falls", "2023-02-01", 30, 3),
        order("climbs", "2023-01-01", 60, 4),
        order("climbs", "2023-06-20", 60, 5),
        order("silent", "2022-06-10", 20, 6),
        order("new", "2023-06-05", 40, 7),
        order("old", "2021-01-05", 99, 8),
    ]
    return book("2023-06", toml=FIXED, orders=rows)


def test_tier_movement_worked_by_hand(moving):
    result = segments.tier_movement(moving)
    states = (
        result.customers.set_index("customer_id")[["before", "after"]]
        .apply(tuple, axis=1)
        .to_dict()
    )
    assert states == {
        "stays": ("strategic", "strategic"),
        "falls": ("strategic", "basic"),
        "climbs": ("growth", "strategic"),
        "silent": ("basic", "gone"),
        "new": ("new", "basic"),
        "old": ("no order this year", "no order this year"),
    }
    assert (
        result.sentence()
        == "1 customer left strategic (¥150 before); 1 customer joined strategic (¥120 now)."
    )
    assert result.changes()[0].size < 0


def test_movement_rows_sum_to_the_starting_counts(moving):
    for result in (segments.movement(moving), segments.tier_movement(moving)):
        table = result.table
        assert (table["start"] - table["left"] + table["joined"] == table["end"]).all()
        assert (
            table["net_start"] - table["net_left"] + table["net_joined"] + table["net_stayed"]
        ).tolist() == pytest.approx(table["net_end"].tolist())
        sums = result.flows.groupby("before")["customers"].sum()
        assert all(
            sums[state] == n for state, n in zip(table["state"], table["start"], strict=True) if n
        )
        assert result.figure().alt.startswith("Flows between")
        assert len(result.tables()[1].rows) - 1 == (table["start"] > 0).sum()


def test_thresholds_of_the_earlier_month_judge_both():
    # everybody's amount doubles in June: by June's own quantiles nobody would move, by May's
    # everyone may only rise
    rows = [order(f"c{i}", "2023-05-10", 10 * (i + 1), f"a{i}") for i in range(10)] + [
        order(f"c{i}", "2023-06-10", 10 * (i + 1), f"b{i}") for i in range(10)
    ]
    here = book("2023-06", orders=rows)
    result = segments.movement(here)
    now = segments.rfm(here).customers
    assert result.flows[result.flows["before"] != result.flows["after"]]["customers"].sum() > 0
    assert sorted(now["m"].tolist()) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_dormant_segment_of_the_source_map_is_not_gone():
    rows = (
        [order("small", "2022-11-01", 5, 1)]
        + [order(f"c{i}", "2023-06-20", 200, f"n{i}") for i in range(3)]
        + [order(f"c{i}", "2023-05-20", 200, f"m{i}") for i in range(3)]
    )
    result = segments.movement(
        book(
            "2023-06",
            toml=FIXED.replace("[segments]", '[segments]\nsegment_map = "source"'),
            orders=rows,
        )
    )
    assert result.customers.set_index("customer_id").loc["small", "after"] == "dormant by score"


def test_movement_without_an_earlier_month_says_so():
    here = book("2023-06", orders=[order("a", "2023-06-20", 10, 1)])
    assert (
        "orders known by" in segments.movement(here).reason
        and segments.tier_movement(here).blocks()
    )


def test_the_matrix_sums_to_the_starting_counts_and_to_their_revenue(moving):
    result = segments.movement(moving)
    matrix = result.tables()[1]
    numbers = [[int(cell.text) for cell in row[1:]] for row in matrix.rows]
    assert all(sum(row[:-1]) == row[-1] for row in numbers)  # each row to its own count
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[
        -1
    ]  # all rows to the last line
    assert numbers[-1][-1] == len(result.customers) and matrix.rows[-1][0].text == "All"
    start = result.table.set_index("state")["start"]
    named = {row[0].text.lstrip("0123456789 "): row[-1].text for row in matrix.rows[:-1]}
    assert {state: int(n) for state, n in named.items()} == {
        state: int(n) for state, n in start.items() if n
    }
    assert matrix.versions["1"][-1][-1].text == result.fmt.money(
        result.table["net_start"].sum(), compact=True
    )


def test_the_page_says_what_moved_them():
    def story(*orders, toml=FIXED):
        return segments.tier_movement(book("2023-06", toml=toml, orders=list(orders))).reading()

    steady = [order("stays", f"2023-{m:02d}-05", 60, f"s{m}") for m in range(1, 7)]
    slides = order("slides", "2022-06-20", 120, "a")
    assert "The one who moved has not bought since 31 May 2023: time passed." in story(
        *steady, slides
    )
    rises = [order("rises", "2023-05-20", 60, "b"), order("rises", "2023-06-20", 60, "c")]
    assert "The one who moved bought since 31 May 2023." in story(*steady, *rises)
    twice = [{**row, "customer_id": "also", "order_id": f"x{i}"} for i, row in enumerate(rises)]
    assert "All 2 who moved bought since 31 May 2023." in story(*steady, *rises, *twice)
    back = [
        order("back", "2023-05-20", 120, "d"),
        order("back", "2023-06-20", -100, "e", kind="refund"),
    ]
    assert "The one who moved had an order returned." in story(*steady, *back)
    said = story(*steady, slides, *rises, *back)
    assert (
        "Of the 3 who moved, 1 bought since 31 May 2023, 1 had an order returned and 1 did neither;"
        " there time passed, orders grew older or left the window."
    ) in said
    assert "1 customer (¥120 before) has no order left in the last 12 months." in said
    assert "dropped out" not in said and "0 new" not in said
    assert story(*steady).startswith("Nobody left or joined strategic. 100.0 % stayed")
    small = [order("s", f"2023-{m:02d}-05", 1, f"t{m}") for m in range(1, 7)]
    assert story(*small).startswith("Nobody is in strategic on either date.")


def test_a_window_that_begins_with_the_data_grows_for_that_alone():
    rows = [order("a", f"2023-{m:02d}-05", 60, f"s{m}") for m in range(1, 7)]
    note = segments.tier_movement(book("2023-06", toml=FIXED, orders=rows)).notes()[0]
    assert "Because orders begin on 1 Jan 2023, the earlier window holds less" in note
    covers = "[book]\nname = 'toy'\ncovers.orders = [2020-01-01]\n"
    known = segments.tier_movement(book("2023-06", toml=covers + FIXED, orders=rows)).notes()[0]
    assert "earlier window holds less" not in known and "looks new" not in known


def test_causes_of_two_kinds_are_one_sentence_in_both_languages():
    moved = pd.DataFrame(
        {
            "before": ["loyal"] * 3,
            "after": ["at risk"] * 3,
            "bought": [True, False, False],
            "returned": [False] * 3,
        }
    )
    day = date(2023, 8, 31)
    assert cause_text(moved, day, Formats("CNY", "en")) == (
        "Of the 3 who moved, 1 bought since 31 Aug 2023 and 2 did not; there time passed, orders"
        " grew older or left the window."
    )
    with speaking("zh"):
        said = cause_text(moved, day, Formats("CNY", "zh"))
    assert said == (
        "迁移的3家中，1家2023年8月31日以来下过单，2家没有；后者只是时间过去，订单变旧或移出了区间。"
    )
