"""Customers that came back: from orders and, in a book without orders, from contracts; the ABC of
such a book.
"""

from __future__ import annotations

import pandas as pd
from small_books import book, order

from playbook import segments
from playbook.data.book import Book

COVERED = "[book]\nname = 'toy'\ncovers.orders = [2020-01-01]\n"
CONTRACTS = [
    # away for a year and under contract again, the same by an older one, gone for good, never away
    {"contract_id": "K1", "customer_id": "A", "start": "2020-01-01", "end": "2020-12-31", "v": 120},
    {"contract_id": "K2", "customer_id": "A", "start": "2023-01-01", "end": "2023-12-31", "v": 600},
    {"contract_id": "K3", "customer_id": "B", "start": "2020-01-01", "end": "2021-06-30", "v": 240},
    {"contract_id": "K4", "customer_id": "B", "start": "2023-02-01", "end": "2024-01-31", "v": 240},
    {"contract_id": "K5", "customer_id": "C", "start": "2021-01-01", "end": "2021-12-31", "v": 900},
    {"contract_id": "K6", "customer_id": "D", "start": "2021-07-01", "end": "2024-06-30", "v": 360},
    # the newest start: it dates the data
    {"contract_id": "K7", "customer_id": "E", "start": "2023-06-30", "end": "2024-06-29", "v": 12},
]


def contract_book():
    rows = pd.DataFrame(CONTRACTS).rename(columns={"v": "annual_value"})
    return Book.from_frames(month="2023-06", settings={"book": {"name": "toy"}}, contracts=rows)


def orders(*more):
    return [
        order("back", "2020-09-01", 40, 1),
        order("back", "2022-10-01", 70, 2),
        order("back", "2022-11-01", 10, 3),
        order("away", "2021-01-01", 90, 4),
        order("stays", "2020-03-01", 5, 5),
        order("stays", "2021-08-01", 20, 6),
        order("stays", "2022-09-01", 20, 7),
        order("fresh", "2023-06-01", 60, 8),
        order(None, "2022-10-01", 15, 9),
        *more,
    ]


def test_who_came_back_by_orders():
    toy = book("2023-06", toml=COVERED, orders=orders())
    found = segments.won_back(toy)
    assert found.table["customer_id"].tolist() == ["back"]
    row = found.table.iloc[0]
    assert (row["net"], row["away"]) == (80.0, 760.0)  # 1 Sep 2020 to 1 Oct 2022
    assert [str(row[c].date()) for c in ("left", "back")] == ["2020-09-01", "2022-10-01"]
    assert (found.asked, found.rate.value, found.total) == (2, 0.5, 175.0)
    assert found.reading() == (
        "50.0 % (1 of 2) of the customers that had stayed away for a year came back"
        " [9.5–90.5 %] and brought ¥80, 45.7 % of the sales. The largest, back, had been away"
        " for 760 d and brought ¥80."
    )
    assert [(k.name, k.value) for k in found.kpis()] == [
        ("won_back.customers", 1),
        ("won_back.rate", 0.5),
        ("won_back.revenue", 80.0),
    ]


def test_it_is_the_part_back_of_the_revenue_bridge():
    toy = book("2023-06", toml=COVERED, orders=orders(order("away", "2023-05-01", 12.5, 10)))
    found = segments.won_back(toy)
    assert found.worth == segments.revenue_bridge(toy).total["back"] == 92.5
    assert found.rate.value == 1.0


def test_nobody_back_and_nobody_away_are_said():
    quiet = [row for row in orders() if row["customer_id"] != "back"]
    none = segments.won_back(book("2023-06", toml=COVERED, orders=quiet))
    assert none.reading() == (
        "The one customer that was away when 1 Jul 2022 – 30 Jun 2023 began did not come back"
        " in it."
    )
    assert (none.tables(), none.headline()) == ([], "")
    here = [row for row in quiet if row["customer_id"] != "away"]
    assert segments.won_back(book("2023-06", toml=COVERED, orders=here)).reading() == (
        "No customer was away when 1 Jul 2022 – 30 Jun 2023 began."
    )


def test_a_book_that_does_not_cover_two_years_says_so():
    late = segments.won_back(book("2023-06", orders=[order("a", "2022-09-01", 20, 1)]))
    assert late.status == "not available"
    assert late.reason.startswith("the two years to look at are not covered: ")


def test_who_came_back_by_contracts():
    found = segments.won_back(contract_book())
    assert found.by_contracts
    assert found.table[["customer_id", "net", "away"]].to_numpy().tolist() == [
        ["A", 600.0, 731.0],  # 31 Dec 2020 to 1 Jan 2023
        ["B", 240.0, 581.0],  # 30 Jun 2021 to 1 Feb 2023
    ]
    assert (found.asked, found.worth, found.total) == (3, 840.0, 1212.0)
    assert found.reading().startswith("66.7 % (2 of 3) of the customers without a contract came")


def test_abc_of_a_book_of_contracts():
    found = segments.abc(contract_book())
    assert found.by_contracts
    ranked = found.customers[["customer_id", "net_year", "class_value"]].to_numpy().tolist()
    assert ranked == [
        ["A", 600.0, "A"],
        ["D", 360.0, "A"],  # 960 of 1,212 are 79.2 %
        ["B", 240.0, "A"],  # carries the sum over 80 %
        ["E", 12.0, "C"],
    ]
    assert found.table["revenue"].tolist() == [1200.0, 0.0, 12.0]
    assert "yearly value of the contracts that run" in found.tables()[0].note


def test_abc_of_contracts_that_are_over():
    rows = pd.DataFrame(CONTRACTS[-1:]).rename(columns={"v": "annual_value"})
    rows = rows.assign(start="2023-06-01", end="2023-06-20")
    ended = Book.from_frames(month="2023-06", settings={"book": {"name": "toy"}}, contracts=rows)
    found = segments.abc(ended)
    assert found.reading() == "No contract runs on the as-of date: there is nothing to rank."
    assert found.gini is None


def test_a_contract_that_began_on_the_eve_of_the_year_brought_nobody_back():
    """F's trial began on 30 June, the eve, and brings nothing; the contract of March brought F
    back.
    """
    more = [
        {
            "contract_id": "K8",
            "customer_id": "F",
            "start": "2022-06-30",
            "end": "2022-07-30",
            "v": 0,
        },
        {
            "contract_id": "K9",
            "customer_id": "F",
            "start": "2023-03-01",
            "end": "2024-02-29",
            "v": 12,
        },
    ]
    rows = pd.DataFrame([*CONTRACTS, *more])
    rows = rows.rename(columns={"v": "annual_value"})
    made = segments.won_back(
        Book.from_frames(month="2023-06", settings={"book": {"name": "toy"}}, contracts=rows)
    )
    back = made.table.set_index("customer_id")["back"]
    assert back["F"] == pd.Timestamp("2023-03-01")
