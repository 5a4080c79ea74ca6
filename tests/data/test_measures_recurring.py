"""Recurring revenue from contracts: by hand, and its identities on any contracts."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook.base.errors import NotAvailable
from playbook.base.periods import Month
from playbook.data.measures.recurring import (
    MrrByCustomer,
    MrrByMonth,
    mrr,
    mrr_bridge,
    mrr_months,
)
from toy import toy

ORDERS = """
    order_id date       customer_id amount
    O1       2022-01-05 A           1
    O2       2023-12-28 A           1
"""
CONTRACTS = """
    contract_id customer_id start      end        annual_value
    A1          A           2022-01-01 2022-12-31 1200
    A2          A           2023-01-01 2023-12-31 2400
    B1          B           2022-07-01 2023-06-30 600
    B2          B           2022-07-01 2024-06-30 600
    C1          C           2022-01-01 2022-12-31 360
    D1          D           2023-03-01 2024-02-28 120
    E1          E           2021-01-01 2021-12-31 240
    E2          E           2023-10-01 2024-09-30 240
    F1          F           2022-11-16 2023-11-15 480
"""


@pytest.fixture
def book():
    return toy(month="2023-12", orders=ORDERS, contracts=CONTRACTS)


def test_a_contract_pays_a_twelfth_a_month_on_its_first_and_last_day(book):
    assert mrr(book, date(2022, 12, 31)).to_dict() == {"A": 100, "B": 100, "C": 30, "F": 40}
    assert mrr(book, date(2023, 1, 1)).to_dict() == {"A": 200, "B": 100, "F": 40}


def test_the_bridge_of_a_year(book):
    found = mrr_bridge(book, date(2022, 12, 31), date(2023, 12, 31))
    assert MrrByCustomer.problems(found.customers) == []
    parts = ("open", "new", "expansion", "contraction", "churn", "close", "returned", "awaiting")
    assert {p: found.total(p) for p in parts} == {
        "open": 270,
        "new": 30,  # D 10 and E 20
        "expansion": 100,
        "contraction": 50,
        "churn": 70,  # C 30 and F 40
        "close": 280,
        "returned": 20,  # E had a contract in 2021
        "awaiting": 40,  # F ended 46 days ago
    }
    assert (found.paying, found.lost) == (4, 2)
    assert found.nrr == pytest.approx(250 / 270)
    assert found.grr == pytest.approx(150 / 270)
    assert found.logo_churn == 0.5


def test_months_follow_each_other(book):
    frame = mrr_months(book, Month(2023, 1), Month(2023, 12))
    assert MrrByMonth.problems(frame) == []
    assert frame["open"].tolist()[1:] == frame["close"].tolist()[:-1]
    assert frame["close"].tolist() == [340, 340, *[350] * 3, 350, *[300] * 3, 320, 280, 280]
    assert frame["lost"].tolist() == [1] + [0] * 9 + [1, 0]
    assert frame["customers"].tolist() == [3, 3, 4, 4, 4, 4, 4, 4, 4, 5, 4, 4]


def test_nobody_paid_on_the_first_day_leaves_rates_unknown(book):
    found = mrr_bridge(book, date(2020, 12, 31), date(2021, 6, 30))
    assert (found.nrr, found.grr, found.logo_churn) == (None, None, None)
    assert found.total("new") == 20 and found.total("returned") == 0


def test_days_after_the_as_of_date_and_books_without_contracts_are_refused(book):
    with pytest.raises(ValueError, match="known to 2023-12-31"):
        mrr(book, date(2024, 1, 1))
    with pytest.raises(ValueError, match="backwards"):
        mrr_bridge(book, date(2023, 2, 1), date(2023, 1, 1))
    with pytest.raises(NotAvailable):
        mrr(toy(month="2023-12", orders=ORDERS), date(2023, 1, 1))


DAY = date(2022, 1, 1)
spans = st.tuples(
    st.sampled_from("ABC"), st.integers(0, 700), st.integers(1, 500), st.integers(1, 99)
)


@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(spans, min_size=1, max_size=12), st.integers(0, 600), st.integers(0, 129))
def test_the_bridge_closes_and_gross_never_exceeds_net_or_one(rows, start, length):
    contracts = [
        {
            "contract_id": f"K{i}",
            "customer_id": who,
            "start": DAY + timedelta(days=begin),
            "end": DAY + timedelta(days=begin + long),
            "annual_value": 12 * value,
        }
        for i, (who, begin, long, value) in enumerate(rows)
    ]
    book = toy(month="2023-12", orders=ORDERS, contracts=contracts)
    found = mrr_bridge(book, DAY + timedelta(days=start), DAY + timedelta(days=start + length))
    t = found.total
    assert t("open") + t("new") + t("expansion") - t("contraction") - t("churn") == pytest.approx(
        t("close")
    )
    for row in found.customers.to_dict("records"):
        assert sum(row[p] > 0 for p in ("new", "expansion", "contraction", "churn")) <= 1
        assert row["returned"] <= row["new"] and row["awaiting"] <= row["churn"]
    if found.nrr is not None:
        assert 0 <= found.grr <= min(1, found.nrr) + 1e-12
        assert found.grr <= 1 and 0 <= found.logo_churn <= 1


TERMS = """
    contract_id customer_id start      end        annual_value status
    U1          U           2023-01-01 2023-12-31 1200         active
    U2          U           2023-04-01 .          2400         active
    P1          P           2023-01-01 .          600          paused
    L1          L           2023-01-01 2024-06-30 240          past_due
    T1          T           2023-01-01 2023-12-31 1200         trial
    S1          S           2023-01-01 2023-06-30 1200         active
    S2          S           2023-03-01 2024-02-28 120          active
"""


@pytest.fixture
def terms():
    orders = "order_id date customer_id amount\n O1 2022-12-30 U 1\n O2 2023-06-30 U 1"
    return toy(month="2023-06", orders=orders, contracts=TERMS)


def test_an_upgrade_in_mid_term_replaces_the_contract_and_is_no_loss(terms):
    from playbook.data.measures import renewal

    rows = renewal.contracts(terms).set_index("contract_id")
    assert (rows.loc["U1", "successor"], rows.loc["U1", "how"]) == ("U2", "upgrade")
    assert not rows.loc["S1", "renewed"]  # S2 is worth less: something else
    assert mrr(terms, date(2023, 3, 31))["U"] == 100
    assert mrr(terms, date(2023, 4, 1))["U"] == 200  # not 300: one replaces the other
    found = mrr_bridge(terms, date(2023, 3, 31), date(2023, 6, 30)).customers
    row = found.set_index("customer_id").loc["U"]
    assert (row["expansion"], row["churn"], row["contraction"]) == (100, 0, 0)


def test_status_tells_what_a_contract_brings_on_the_newest_day(terms):
    assert mrr(terms, date(2023, 5, 31)).to_dict() == {"L": 20, "P": 50, "S": 110, "U": 200}
    assert mrr(terms, date(2023, 6, 30)).to_dict() == {"L": 20, "S": 110, "U": 200}
    found = mrr_bridge(terms, date(2023, 5, 31), date(2023, 6, 30))
    assert (found.total("churn"), found.total("paused"), found.total("past_due")) == (50, 50, 20)
    earlier = mrr(terms.at(date(2023, 5, 31)), date(2023, 5, 31))
    assert (earlier["P"], earlier["T"]) == (50, 100)  # what they were then nobody knows
