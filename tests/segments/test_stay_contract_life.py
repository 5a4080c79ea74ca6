"""Lines of contracts and how they end."""

from datetime import date

import pytest
from small_books import book, order

from playbook import segments
from playbook.segments.stay.contract_lines import LEFT, MOVED


def contract(number, customer, start, end, renewed_by=None, **more):
    return {
        "contract_id": number,
        "customer_id": customer,
        "start": start,
        "end": end,
        "annual_value": 100,
        "renewed_by": renewed_by,
        "renewed_on": end if renewed_by else None,
        **more,
    }


LINES = [
    contract("a1", "a", "2020-01-01", "2020-12-31", "a2"),
    contract("a2", "a", "2021-01-01", "2021-12-31"),  # renewed once, then left
    contract("b1", "b", "2020-01-01", "2020-12-31"),
    contract(
        "b2", "b", "2021-02-15", "2024-02-14"
    ),  # not renewed, but another contract within 60 days: moved
    contract("c1", "c", "2020-01-01", "2020-12-31"),
    contract(
        "c2", "c", "2021-03-02", "2021-12-31"
    ),  # the next one begins on the 61st day: left, and a line of its own
    contract("d1", "d", "2022-07-01", "2023-06-30", "d2") | {"renewed_on": "2023-07-05"},
    contract(
        "d2", "d", "2023-07-01", "2024-06-30"
    ),  # renewed by one that is not known on the as-of date
    contract("e1", "e", "2023-01-01", "2023-12-31"),  # running
]


@pytest.fixture(scope="module")
def found():
    here = book("2023-06", contracts=LINES)
    return segments.contract_life(here).lines.set_index("contract_id")


def test_lines_of_renewals_and_how_they_end(found):
    assert found["cause"].to_dict() == {
        "a1": LEFT,
        "b1": MOVED,
        "b2": 0,
        "c1": LEFT,
        "c2": LEFT,
        "d1": LEFT,
        "e1": 0,
    }
    assert found.loc["a1", ["days", "renewals"]].tolist() == [
        (date(2021, 12, 31) - date(2020, 1, 1)).days,
        1,
    ]
    assert (
        found.loc["b1", "days"] == 365
        and found.loc["e1", "days"] == (date(2023, 6, 30) - date(2023, 1, 1)).days
    )


def test_a_renewal_learnt_later_does_not_reach_back(found):
    early = [
        {**row, "renewed_on": "2023-06-20"} if row["contract_id"] == "d1" else row for row in LINES
    ]
    lines = segments.contract_life(book("2023-06", contracts=early)).lines.set_index("contract_id")
    assert (
        found.loc["d1", "cause"] == LEFT and lines.loc["d1", "cause"] == 0
    )  # signed ten days before the end: it goes on


def test_incidence_of_leaving_competes_with_moving():
    # of 100 yearly contracts 20 end with the customer leaving, 10 move to another one, 70 are
    # renewed and still run
    rows = [
        contract(f"k{i}", f"c{i}", "2021-01-01", "2021-12-31", f"n{i}" if i >= 30 else None)
        for i in range(100)
    ]
    rows += [contract(f"n{i}", f"c{i}", "2022-01-01", "2024-12-31") for i in range(30, 100)] + [
        contract(f"o{i}", f"c{i}", "2021-06-01", "2024-05-31") for i in range(20, 30)
    ]
    result = segments.contract_life(book("2023-06", contracts=rows))
    one = result.table[(result.table["group"] == "All") & (result.table["years"] == 1)].iloc[0]
    assert (
        one["left"] == pytest.approx(20 / 110)
        and one["moved"] == pytest.approx(10 / 110)
        and one["running"] == pytest.approx(80 / 110)
    )  # the ten others are lines too
    assert one["left_low"] < one["left"] < one["left_high"]
    assert (
        result.figure().alt and {k.by["years"] for k in result.kpis()} >= {"1"} and result.blocks()
    )


@pytest.mark.parametrize(
    "renewed_by", [("k1", "k2"), ("k2", "k1")], ids=["by itself", "in a circle"]
)
def test_contracts_that_renew_themselves_do_not_go_round_for_ever(renewed_by):
    rows = [
        contract("k1", "a", "2020-01-01", "2020-12-31", renewed_by[0]),
        contract("k2", "a", "2021-01-01", "2021-12-31", renewed_by[1]),
        contract("k3", "b", "2020-01-01", "2022-12-31"),
    ]
    result = segments.contract_life(book("2023-06", contracts=rows))
    assert "k3" in set(result.lines["contract_id"]) and result.blocks()


def test_a_book_without_contracts_says_so():
    assert (
        "contracts"
        in segments.contract_life(book("2023-06", orders=[order("a", "2023-01-01", 1, 1)])).reason
    )
