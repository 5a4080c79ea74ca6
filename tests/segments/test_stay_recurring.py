"""Recurring revenue: month by month, by tier and by when customers began."""

from __future__ import annotations

import numpy as np
import pytest
from small_books import book, order

from playbook import segments
from playbook.methods.resampling import ratio_interval


def contract(name, customer, start, end, value, **more):
    row = {"contract_id": name, "customer_id": customer, "start": start, "end": end}
    return row | {"annual_value": value} | more


ROWS = [
    contract("a", "A", "2021-03-01", None, 1200),
    contract("b1", "B", "2022-01-01", "2022-12-31", 2400),
    contract("b2", "B", "2023-01-01", "2023-12-31", 3600),
    contract("c", "C", "2022-03-01", "2023-02-28", 600),
    contract("d", "D", "2023-04-01", "2024-03-31", 12000),
    contract("p", "P", "2022-02-01", None, 240, status="paused"),
    contract("l", "L", "2022-02-01", None, 120, status="past_due"),
]
TOML = "[segments.tiers]\nnames = ['big', 'small']\nlower = [2000, 0]\n"


@pytest.fixture(scope="module")
def found():
    orders = [order("A", "2021-03-01", 1, 1), order("A", "2023-06-30", 1, 2)]
    return segments.recurring(book("2023-06", toml=TOML, orders=orders, contracts=ROWS))


def test_months_follow_each_other_to_the_newest_day(found):
    rows = found.table.set_index("month")
    assert len(rows) == 12 and rows["open"].tolist()[1:] == rows["close"].tolist()[:-1]
    assert rows["close"].tolist() == [380] * 6 + [480, 480, 430, 1430, 1430, 1410]
    assert rows["churn"].tolist()[-1] == 20 and found.paused == 20 and found.past_due == 10
    assert found.mrr == 1410


def test_tiers_and_cohorts_of_the_customers_of_a_year_ago(found):
    rows = found.groups.set_index("group")
    assert rows.index.tolist() == ["big", "small", "since 2021", "since 2022", "All"]
    assert rows["customers"].tolist() == [1, 4, 1, 4, 5]
    assert rows["open"].tolist() == [200, 180, 100, 280, 380]
    assert rows.loc["big", "nrr"] == 1.5 and rows.loc["big", "grr"] == 1
    assert rows.loc["small", "nrr"] == pytest.approx(110 / 180)
    assert rows.loc["All", "nrr"] == pytest.approx((300 + 100 + 10) / 380)
    assert rows.loc["All", "grr"] == pytest.approx(310 / 380)
    assert (rows.loc["All", "lost"], rows.loc["All", "logo_churn"]) == (2, 0.4)
    # one customer has no interval; of the five, one pays 100 more and two pay no more
    assert rows.loc["big", ["nrr_low", "nrr_high"]].isna().all()
    paid, now = np.array([100.0, 200, 50, 10, 20]), np.array([100.0, 300, 0, 10, 0])
    _, low, high = ratio_interval(now, paid)
    assert rows.loc["All", ["nrr_low", "nrr_high"]].tolist() == [low, high]
    _, low, high = ratio_interval(np.minimum(now, paid), paid)
    assert rows.loc["All", ["grr_low", "grr_high"]].tolist() == [low, high]
    bridge = segments.renewals  # the same bridge stands behind the renewals' net retention
    assert bridge and found.bridge.nrr == pytest.approx(410 / 380)


def test_what_the_page_says(found):
    assert found.headline() == (
        "Recurring revenue: ¥1.41k a month, ¥16.9k a year; net retention 107.9 %, logo churn"
        " 40.0 % (2 of 5)."
    )
    assert found.reading().endswith(
        "¥10 a month is past due. ¥20 a month is paused or cancelled by status and counted as lost."
    )
    kpis = {(k.name, str(k.by)): k.value for k in found.kpis()}
    assert kpis["mrr", "None"] == 1410 and kpis["arr", "None"] == 16920
    assert kpis["logo_churn", "None"] == 0.4 and kpis["logo_churn", "{'tier': 'small'}"] == 0.5


def test_without_status_nothing_is_said_of_it_and_without_a_year_ago_nothing_stays():
    rows = [contract("a", "A", "2023-02-01", None, 1200)]
    young = segments.recurring(book("2023-06", contracts=rows))
    assert young.bridge is None and young.groups.empty and len(young.table) == 5
    assert young.reading() == "Contracts bring ¥100 a month, ¥1.20k a year, from 1 customer."
    assert [t.title[:9] for t in young.tables()] == ["Recurring"]


def test_a_contract_without_an_end_runs_in_every_section():
    orders = [order("A", f"2022-{m:02d}-01", 50, m) for m in range(1, 7)]
    orders += [order(f"x{i}", "2023-06-20", 9, f"x{i}") for i in range(8)]
    here = book("2023-06", orders=orders, contracts=[contract("a", "A", "2021-03-01", None, 1200)])
    life = segments.contract_life(here)
    assert life.lines["cause"].tolist() == [0] and life.lines["days"].tolist() == [851]
    assert life.lines["end"].isna().all()
    assert "A" not in set(segments.calls(here).table["customer_id"])
    assert not (segments.actions(here).table["kind"] == "renewal").any()
