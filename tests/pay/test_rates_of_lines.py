"""Money of other currencies at the rate of the day that a plan names, by hand."""

import pandas as pd
import pytest

from pay_plans import plan
from playbook.pay.currency import at_rates

RATES = pd.DataFrame(
    {
        "month": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"]),
        "currency": "USD",
        "rate": [0.5, 0.8, 1.0],
    }
)


def lines() -> pd.DataFrame:
    """A sale of 100 in January, paid in March, half of it given back in February; one in euro."""
    made = pd.DataFrame(
        {
            "order_id": ["A", "A", "B", "C"],
            "date": pd.to_datetime(["2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"]),
            "amount": [100, -80, 80, 70],
            "paid_amount": [100, 0, 0, 70],
            "cost": pd.array([40, None, None, 30], dtype="Int64"),
            "paid_date": pd.to_datetime(["2024-03-01", None, None, "2024-03-01"]),
            "currency": ["USD", "USD", "USD", "EUR"],
        },
        index=[7, 3, 9, 5],
    )
    days = {name: made[name].astype("datetime64[s]") for name in ("date", "paid_date")}
    return made.assign(**days)


@pytest.mark.parametrize(
    ("rule", "amount", "cost"),
    [
        ("close", [100, -50, 80, 70], [40, None, None, 30]),  # the refund at its sale's 0.5 ÷ 0.8
        ("payment", [200, -100, 80, 70], [80, None, None, 30]),  # March for A; B is not paid for
        ("plan", [160, -80, 80, 70], [64, None, None, 30]),  # of February, the plan's first month
    ],
)
def test_the_rate_is_of_the_day_the_plan_names_and_a_missing_cost_stays_missing(rule, amount, cost):
    one = plan(starts="2024-02-10", currency_rate=rule)
    made = at_rates(lines(), one, RATES)
    assert made["amount"].tolist() == amount
    assert made["cost"].tolist() == [pd.NA if value is None else value for value in cost]
    assert made.index.tolist() == [7, 3, 9, 5]


def test_lines_of_the_book_s_own_money_stay_as_they_are():
    one = plan(starts="2024-02-10", currency_rate="plan")
    own = lines().assign(currency="EUR")
    assert at_rates(own, one, RATES) is own
    assert at_rates(own, one, None) is own and at_rates(own, one, RATES.head(0)) is own
