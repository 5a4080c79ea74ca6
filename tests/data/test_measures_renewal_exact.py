"""A renewal may still come for as many days as the settings say, the last one included."""

from datetime import date

import pandas as pd

from playbook.data.measures.renewal import follow


def contracts(*ends: str) -> pd.DataFrame:
    n = len(ends)
    return pd.DataFrame(
        {
            "contract_id": [f"K{i}" for i in range(n)],
            "customer_id": [f"C{i}" for i in range(n)],
            "annual_value": [100.0] * n,
            "renewed_by": [None] * n,
            "product_line": [None] * n,
            "rep_id": [None] * n,
            "status": [None] * n,
            "start": pd.to_datetime(["2022-01-01"] * n),
            "end": pd.to_datetime(list(ends)),
            "renewed_on": pd.to_datetime([None] * n),
        }
    )


def test_a_contract_waits_for_its_renewal_up_to_the_last_day_of_the_wait():
    """As of 31 March with a wait of 30 days: an end on 1 March is 30 days ago, 28 February 31."""
    found = follow(
        contracts("2023-03-01", "2023-02-28", "2023-03-31", "2023-04-01"), date(2023, 3, 31), 30
    )
    assert found["open"].tolist() == [True, False, True, False]
    assert not found["renewed"].any()
    assert found["how"].tolist() == ["none"] * 4


def test_a_follower_starts_within_the_days_on_either_side():
    rows = contracts("2022-12-31", "2023-06-30").assign(customer_id="C")
    rows["start"] = pd.to_datetime(["2022-01-01", "2023-01-30"])
    assert follow(rows, date(2023, 3, 31), 30)["renewed"].tolist() == [True, False]
    rows["start"] = pd.to_datetime(["2022-01-01", "2023-01-31"])
    assert follow(rows, date(2023, 3, 31), 30)["renewed"].tolist() == [False, False]
    rows["start"] = pd.to_datetime(["2022-01-01", "2022-12-01"])
    assert follow(rows, date(2023, 3, 31), 30)["renewed"].tolist() == [True, False]
