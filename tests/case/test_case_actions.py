"""What to do: indicators of the last quarter worse than the company's own by more than chance."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from playbook import case
from playbook.case.gap_worth import worth_of
from playbook.data.book import Book


def test_what_chance_explains_is_listed_and_calls_for_nothing(book, course):
    """29 of 33 after a best quarter of 26 of 28, one of seven: Fisher's p times seven is no less
    than 1.
    """
    todo = case.decisions(book, course)
    assert todo.quarter == "2023-Q3"
    assert todo.table.indicator.tolist() == ["growth", "first_deal", "churn", "renewal"]
    assert todo.table.best_quarter.tolist() == ["2022-Q1", "2022-Q3", "2021-Q4", "2022-Q1"]
    first = todo.table.iloc[3]
    assert first["last"] == pytest.approx(29 / 33) and first.best == pytest.approx(26 / 28)
    assert first.gap == pytest.approx(26 / 28 - 29 / 33)
    assert todo.table.p.tolist() == [1.0] * 4 and not todo.table.beyond.any()
    assert todo.actions() == [] and todo.worksheets() == [] and todo.headline() == ""
    assert "nothing here calls for an action" in todo.reading()
    assert todo.table.worth.isna().all() and (todo.table.what == "–").all()


def worse(course, key, **last):
    """The same course with another last quarter of one indicator."""
    quarterly = course.course.quarterly.copy()
    row = quarterly.index[(quarterly.indicator == key) & (quarterly.period == "2023-Q3")][0]
    for name, value in last.items():
        quarterly.loc[row, name] = value
    return replace(course, course=replace(course.course, quarterly=quarterly))


def test_what_chance_does_not_explain_is_an_action_with_its_worth(book, course):
    todo = case.decisions(book, worse(course, "renewal", value=10 / 33, k=10.0))
    first = todo.table.iloc[0]
    fisher = stats.fisher_exact([[10, 23], [26, 2]], alternative="less").pvalue
    assert first.indicator == "renewal" and bool(first.beyond)
    assert first.p == pytest.approx(fisher * 7 * 8)  # chosen from seven quarters, of 8 indicators
    assert first.due == date(2023, 10, 31) and first.worth > 0
    assert [action.owner for action in todo.actions()] == ["customer success"]
    assert todo.headline() == (
        "To do: 1 indicator worse than the company's own quarters by more than chance."
    )


def test_growth_is_judged_by_the_spread_of_the_other_quarters(book, course):
    known = course.course.quarterly
    others = known[(known.indicator == "growth") & known.value.notna()].tail(8).value[:-1]
    todo = case.decisions(book, worse(course, "growth", value=-9.0))
    row = todo.table.set_index("indicator").loc["growth"]
    spread = others.std(ddof=1) * np.sqrt(1 + 1 / len(others))
    p = stats.t.sf((others.mean() + 9.0) / spread, len(others) - 1)
    assert bool(row.beyond) and row.p == pytest.approx(8 * p)


def test_worth_is_the_value_due_in_the_next_92_days_times_the_gap(book, course):
    contracts = book.table("contracts").collect().to_pandas()
    large = book.table("customers").collect().to_pandas().set_index("customer_id").customer_type
    end = pd.to_datetime(contracts.end)
    due = (end > "2023-09-30") & (end <= pd.Timestamp("2023-09-30") + pd.Timedelta(days=92))
    kinds = contracts.customer_id.map(large)
    for key, inside in (("renewal", kinds == "large"), ("churn", kinds != "large")):
        value = float(contracts.annual_value[due & inside].astype(float).sum())
        assert worth_of(book, key, 0.05, course) == pytest.approx(value * 0.05)


def test_what_stands_at_its_best_is_named():
    """Wins twice as fast in the last quarter: days to a win alone can be compared, and are best."""
    days = {"2023-02-15": 40, "2023-05-15": 40, "2023-08-15": 20, "2023-09-30": 20}
    deals = pd.DataFrame(
        [
            (f"D{day}{i}", str((pd.Timestamp(day) - pd.Timedelta(days=n)).date()), day)
            for day, n in days.items()
            for i in range(12)
        ],
        columns=["opportunity_id", "created", "closed"],
    ).assign(stage="won", outcome="won", amount="100", customer_id="C")
    book = Book.from_frames(opportunities=deals, month="2023-09")
    todo = case.decisions(book, case.indicators(book))
    assert todo.reading() == (
        "What of 2023-Q3 can be compared with the company's own quarters stands at its best:"
        " days to a win."
    )
