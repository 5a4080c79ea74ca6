"""Contracts by time with competing ends, and renewal quarter by quarter, worked by hand."""

from datetime import date

import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.segments.stay.contract_lines import LEFT, MOVED
from playbook.segments.stay.contract_value import agreed_value
from playbook.segments.stay.renewal_terms import renewal_chance


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


def test_renewal_rate_of_complete_quarters_per_customer_type():
    rows = [
        contract(
            f"k{i}",
            f"c{i}",
            "2022-01-01",
            f"202{2 + i % 2}-{'02' if i % 3 else '05'}-15",
            f"k{i + 1}" if i % 4 else None,
        )
        for i in range(80)
    ]
    people = [
        {"customer_id": f"c{i}", "customer_type": "large" if i < 60 else "small"} for i in range(81)
    ] + [{"customer_id": "somebody"}]
    quarters = segments.renewals(
        book(
            "2023-05",
            contracts=[*rows, contract("k80", "c80", "2023-05-31", "2024-05-30")],
            customers=people,
        )
    ).quarters
    assert set(quarters["group"]) == {
        "large",
        "All",
    }  # twenty small ones are too few for quarters of their own
    assert quarters["quarter"].tolist()[:5] == [
        "2022-Q1",
        "2022-Q2",
        "2022-Q3",
        "2022-Q4",
        "2023-Q1",
    ]  # the second quarter of 2023 still runs
    of = {(r["group"], r["quarter"]): r for r in quarters.to_dict("records")}
    due = [row for i, row in enumerate(rows) if i < 60 and row["end"] == "2023-02-15"]
    assert (of["large", "2023-Q1"]["due"], of["large", "2023-Q1"]["renewed"]) == (
        len(due),
        sum(row["renewed_by"] is not None for row in due),
    )
    assert of["All", "2022-Q3"]["due"] == 0 and pd.isna(of["All", "2022-Q3"]["rate"])


def test_a_book_without_contracts_says_so():
    assert (
        "contracts"
        in segments.contract_life(book("2023-06", orders=[order("a", "2023-01-01", 1, 1)])).reason
    )


def test_the_chance_of_renewal_is_that_of_contracts_renewed_as_often():
    # first renewals: 40 due, 30 renewed; second: 30 due, 12 renewed; third: too few due, so the
    # trailing year's rate stands in
    def row(number, customer, start, end, renewed):
        return {
            "contract_id": number,
            "customer_id": customer,
            "start": pd.Timestamp(start),
            "end": pd.Timestamp(end),
            "annual_value": 365.0,
            "product_line": None,
            "renewed": renewed,
        }

    rows = [row(f"a{i:02d}", f"c{i}", "2020-01-01", "2020-12-31", i < 30) for i in range(40)] + [
        row(f"b{i:02d}", f"c{i}", "2021-01-01", "2021-12-31", i < 12) for i in range(30)
    ]
    rows += [row(f"d{i:02d}", f"c{i}", "2022-01-01", "2022-12-31", i < 3) for i in range(12)] + [
        row("e0", "c0", "2023-01-01", "2023-12-31", False),
        row("n", "new", "2023-01-01", "2023-12-31", False),
    ]
    contracts = pd.DataFrame(rows)
    chance = renewal_chance(contracts, date(2023, 6, 30)).set_axis(contracts["contract_id"])
    assert (
        chance["n"] == pytest.approx(30 / 40)
        and chance["b00"] == pytest.approx(12 / 30)
        and chance["e0"] == pytest.approx(3 / 12)
    )
    value = agreed_value(contracts.assign(chance=chance.to_numpy()), pd.Timestamp("2023-06-30"))
    assert value["new"] == pytest.approx(184 + 181 * 0.75)  # 184 days agreed, 181 at three in four


def test_nothing_ever_due_promises_no_renewal():
    one = pd.DataFrame(
        [
            {
                "contract_id": "k",
                "customer_id": "a",
                "start": pd.Timestamp("2023-01-01"),
                "end": pd.Timestamp("2023-12-31"),
                "annual_value": 1.0,
                "product_line": "x",
                "renewed": False,
            }
        ]
    )
    assert renewal_chance(one, date(2023, 6, 30)).tolist() == [0.0]
