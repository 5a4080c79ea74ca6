"""Value tiers: edges, sums, edges that would fit."""

import numpy as np
import pandas as pd
from small_books import book, order

from playbook import segments
from playbook.base.formats import Formats
from playbook.base.language import speaking
from playbook.base.settings import TierTable
from playbook.data.book import Book
from playbook.segments.value.tiers import tier_names

CASE = TierTable(names=["high", "middle", "low"], lower=[100_000, 50_000, 0])


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


def test_a_book_too_small_for_the_edges_says_which_would_fit():
    result = segments.tiers(
        book(
            "2023-06",
            orders=[order(f"c{i}", "2023-01-05", 100 * i + 100, i) for i in range(10)],
        )
    )
    assert (
        "hardly tell customers apart" in result.reading() and "¥820" in result.reading()
    )  # upper fifth of 100 … 1,000


def test_our_tiers_are_said_in_the_language_of_the_page_and_a_firms_own_are_not():
    rows = [order("a", "2023-01-05", 600_000, 1), order("b", "2023-01-05", 5, 2)]
    own = {"tiers": {"names": ["VIP", "key", "ordinary"], "lower": [400_000, 10, 0]}}
    shown = {}
    for name, settings in (("ours", {}), ("own", {"segments": own})):
        settings = {"book": {"language": "zh"}, **settings}
        with speaking("zh"):
            made = segments.tiers(
                Book.from_frames(month="2023-01", settings=settings, orders=pd.DataFrame(rows))
            )
            shown[name] = [row[0].text for row in made.tables()[0].rows]
            assert made.table["tier"].tolist() == ["VIP", "key", "ordinary"]
            assert {k.by["tier"] for k in made.kpis()} == {"VIP", "key", "ordinary"}
            assert "VIP等级" in made.reading()
    assert shown == {"ours": ["VIP", "重点", "普通"], "own": ["VIP", "key", "ordinary"]}
    # the movement between them says ours too, and never translates a firm's own word
    fmt = Formats("CNY", "zh", ("low", "high"), True)
    with speaking("zh"):
        assert [fmt.text(n, "tier") for n in ("low", "high", "All")] == ["low", "high", "全部"]
