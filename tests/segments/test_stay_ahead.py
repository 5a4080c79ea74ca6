"""Value of the next 12 months: fits of a book, the held-out check, contracts."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.base.errors import NotAvailable
from playbook.data.book import Book
from playbook.data.measures import purchases
from playbook.segments.stay.buying import fitted
from playbook.segments.stay.holdout import compared, holdout
from shared import REPO, real

CUT = date(1997, 9, 30)  # 39 weeks from 1 January 1997


@pytest.fixture(scope="module")
def cdnow():
    real("cdnow")
    return Book.open(REPO / "tests/books/cdnow", "1998-06")


def test_cdnow_counts_of_repeat_purchases(cdnow):
    # README of the data set: x = 0 … 7 or more in the first 39 weeks
    frame = purchases.purchases(cdnow.table("orders"), CUT)
    assert np.bincount(np.minimum(frame["days"] - 1, 7)).tolist() == [
        1411,
        439,
        214,
        100,
        62,
        38,
        29,
        64,
    ]


def test_cdnow_holdout_says_which_rule_was_closer(cdnow):
    held = holdout(cdnow, purchases.purchases(cdnow.table("orders"), cdnow.as_of))
    assert (
        held.winner == "the model"
        and abs(held.model / held.happened - 1) < 0.05 < held.naive / held.happened - 1
    )
    assert f"{held.happened:,.0f}" in held.verdict(cdnow.fmt) and held.winner in held.verdict(
        cdnow.fmt
    )


def test_cdnow_as_a_section_of_the_chapter(cdnow):
    result = segments.ahead(cdnow)
    names = {k.by["parameter"] for k in result.kpis() if k.name == "clv.parameter"}
    assert names == {"r", "alpha", "a", "b", "p", "q", "gamma", "log_likelihood"}
    assert 0 < result.table["alive"].sum() < len(result.table) == 2357


def test_all_customers_bought_once_is_too_little():
    here = book("2023-06", orders=[order(f"c{i}", "2023-02-03", 10 + i, i) for i in range(80)])
    found = segments.ahead(here)
    assert "bought again" in found.reason and found.blocks()
    with pytest.raises(NotAvailable):
        fitted(purchases.purchases(here.table("orders"), here.as_of), here.as_of)


def test_holdout_names_the_closer_rule():
    even = np.array([1.0, 2.0])
    good = compared(np.array([1, 2]), even, even, even + 1, 30, CUT)
    bad = compared(np.array([1, 2]), even, even + 2, even, 30, CUT)
    assert good.winner == "the model" and bad.winner != "the model"


def test_value_ahead_of_contracts():
    rows = [
        order(f"c{i % 60}", f"2022-{1 + i % 12:02d}-{1 + i % 27:02d}", 100, i) for i in range(240)
    ] + [order(f"c{i}", "2023-03-05", 100, f"x{i}") for i in range(60)]
    contracts = [
        {
            "contract_id": "k1",
            "customer_id": "c1",
            "start": "2023-01-01",
            "end": "2024-06-30",
            "annual_value": 1000,
        },
        {
            "contract_id": "k2",
            "customer_id": "c2",
            "start": "2021-01-01",
            "end": "2021-12-31",
            "annual_value": 500,
        },
    ]
    table = segments.ahead(book("2023-06", orders=rows, contracts=contracts)).table.set_index(
        "customer_id"
    )
    assert (
        table.loc["c1", "revenue"] == pytest.approx(1000) and table.loc["c1", "how"] == "contract"
    )
    assert table.loc["c2", "how"] == "lapsed contract" and table.loc[
        "c2", "revenue"
    ] == pytest.approx(500)  # the only lapsed customer came back
    assert (table["revenue"] >= 0).all() and pd.notna(table["revenue"]).all()


def test_what_was_all_returned_stays_so_beside_customers_under_contract():
    from playbook.segments.stay.contract_value import valued_by_contract

    contract = {
        "contract_id": "k",
        "customer_id": "bound",
        "start": "2023-01-01",
        "end": "2023-12-31",
        "annual_value": 365,
    }
    here = book("2023-06", orders=[order("bound", "2023-01-01", 9, 1)], contracts=[contract])
    rows = pd.DataFrame(
        {
            "customer_id": ["bound", "back"],
            "alive": [0.5, 0.5],
            "purchases": [1.0, 1.0],
            "revenue": [9.0, 0.0],
            "how": ["model", "all returned"],
            "last": [pd.Timestamp("2023-01-01")] * 2,
        }
    )
    found = valued_by_contract(here, rows)
    assert found["how"].tolist() == ["contract", "all returned"]
    assert found["revenue"].tolist() == [184.0, 0.0]  # 184 days agreed; nothing came due yet


def test_a_contract_that_its_successor_overlaps_is_not_counted_twice():
    from playbook.segments.stay.contract_value import agreed_value

    day = pd.Timestamp
    rows = pd.DataFrame(
        {
            "contract_id": ["old", "next"],
            "customer_id": ["a", "a"],
            "start": [day("2022-08-01"), day("2023-06-01")],
            "end": [day("2023-07-30"), day("2024-07-30")],
            "annual_value": [365.0, 365.0],
            "successor": ["next", None],
            "chance": [1.0, 0.0],
        }
    )
    assert agreed_value(rows, day("2023-06-30"))["a"] == 30 + 365
