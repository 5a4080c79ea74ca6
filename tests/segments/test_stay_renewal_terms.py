"""Renewals by quarter and by renewal number."""

from datetime import date

import pandas as pd
import pytest
from small_books import book

from playbook import segments
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


def test_renewal_rate_of_complete_quarters_per_customer_type():
    rows = [
        contract(
            f"k{i}",
            f"c{i}",
            "2022-01-01",
            f"202{2 + i % 2}-{'02' if i % 3 else '05'}-15",
            f"n{i}" if i % 4 else None,
        )
        for i in range(80)
    ]
    people = [
        {"customer_id": f"c{i}", "customer_type": "large" if i < 60 else "small"} for i in range(80)
    ] + [{"customer_id": "somebody"}]
    quarters = segments.renewals(
        book(
            "2023-05",
            contracts=[
                *rows,
                *(
                    contract(f"n{i}", f"c{i}", "2023-05-31", "2024-05-30")
                    for i in range(80)
                    if i % 4
                ),
            ],
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
            "open": False,
            "successor": None,
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
                "open": False,
            }
        ]
    )
    assert renewal_chance(one, date(2023, 6, 30)).tolist() == [0.0]
