"""What to do: indicators of the last quarter below the company's own best."""

from datetime import date

import pandas as pd
import pytest

from playbook import case


def test_the_largest_worth_comes_first_and_unknown_worth_last(book, course):
    todo = case.decisions(book, course)
    assert todo.quarter == "2023-Q3"
    assert todo.table.indicator.tolist() == ["renewal", "churn", "growth", "first_deal"]
    assert todo.table.best_quarter.tolist() == ["2022-Q1", "2021-Q4", "2022-Q1", "2022-Q3"]
    first = todo.table.iloc[0]
    assert first["last"] == pytest.approx(29 / 33) and first.best == pytest.approx(
        0.928571, abs=1e-6
    )
    assert first.gap == pytest.approx(first.best - first["last"])
    assert todo.table.worth.tolist()[:2] == pytest.approx([991_374.426, 530_113.251], abs=1e-3)
    assert todo.table.worth[2:].isna().all() and (todo.table.due == date(2023, 10, 31)).all()
    assert [action.worth for action in todo.actions()][2:] == [None, None]


def test_worth_is_the_value_due_in_the_next_92_days_times_the_gap(book, course):
    contracts = book.table("contracts").collect().to_pandas()
    large = book.table("customers").collect().to_pandas().set_index("customer_id").customer_type
    end = pd.to_datetime(contracts.end)
    due = (end > "2023-09-30") & (end <= pd.Timestamp("2023-09-30") + pd.Timedelta(days=92))
    kinds = contracts.customer_id.map(large)
    table = case.decisions(book, course).table.set_index("indicator")
    for key, inside in (("renewal", kinds == "large"), ("churn", kinds != "large")):
        value = float(contracts.annual_value[due & inside].astype(float).sum())
        assert table.worth[key] == pytest.approx(value * table.gap[key])
