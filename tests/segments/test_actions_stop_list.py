"""The stop-list."""

import pytest
from small_books import book, order

from playbook import segments


def test_stop_list_spares_customers_under_contract():
    rows = [order(c, "2022-01-05", 5, c) for c in ("idle", "bound")] + [
        order(f"c{i}", "2023-06-20", 500 + i, f"{i}{k}") for i in range(9) for k in range(2)
    ]
    log = [
        {
            "activity_id": f"{c}{i}",
            "date": "2023-05-05",
            "rep_id": "r",
            "kind": "visit",
            "customer_id": c,
        }
        for c in ("idle", "bound")
        for i in range(2)
    ]
    contracts = [
        {
            "contract_id": "k",
            "customer_id": "bound",
            "start": "2023-01-01",
            "end": "2023-12-31",
            "annual_value": 1,
        }
    ]
    tables = {"orders": rows, "activities": log, "contracts": contracts}
    hours = "[segments]\nvisit_hours = 3\ncontact_hours = 0.5\nselling_hours = 20\n"
    result = segments.stop_list(book("2023-06", toml=hours, **tables))
    assert result.table["customer_id"].tolist() == ["idle"] and result.table["hours"].tolist() == [
        6.0
    ]
    assert result.saved[["customers", "hours"]].to_numpy().tolist() == [[1, 6.0]] and result.saved[
        "hours_week"
    ].iloc[0] == pytest.approx(6 / 52)
    assert result.worksheets()[0].name == "Stop-list"
    assert result.reading() == (
        "1 lapsed customer without a contract was contacted 2 times in 12 months and brought ¥0."
        " That took 6 hours: ¥0 an hour. Moving them to mailings frees 0.1 hours a week, the time"
        " of 0.0 reps."
    )
    unset = segments.stop_list(book("2023-06", **tables))
    assert unset.headline() == "Stop-list: 1 customer, 2 contacts in 12 months."
    assert "nobody set visit_hours, contact_hours and selling_hours" in unset.reading()
    assert "hours" not in [key for key, _, _ in unset.worksheets()[0].columns]
