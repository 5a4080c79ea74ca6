"""A year of twelve closes, worked by hand to the cent.

Plan old: 10 % to 10,000, 20 % above, each band at its own rate, quarter. Plan new from 16 August:
15 % and 25 %. Of the third quarter's 92 days each is in force 46, so both edges are 5,000 there.
"""

from __future__ import annotations

import pandas as pd
import pytest

from playbook.payroll.close import close_month
from playbook.payroll.frozen import closed_months
from toy import toy

OLD = {
    "name": "old",
    "starts": "2023-01-01",
    "tiers": [{"lower": 0, "upper": 10000, "rate": 0.1}, {"lower": 10000, "rate": 0.2}],
}
NEW = {
    "name": "new",
    "starts": "2023-08-16",
    "replaces": "old",
    "tiers": [{"lower": 0, "upper": 10000, "rate": 0.15}, {"lower": 10000, "rate": 0.25}],
}
REPS = [
    {"rep_id": "A", "name": "Ann", "hired": "2022-01-01", "left": None},
    {"rep_id": "B", "name": "Bob", "hired": "2022-01-01", "left": "2023-05-31"},
]
ORDERS = {  # in the data from the close of this month on
    1: [("A1", "2023-01-10", "A", 6000, "new"), ("B1", "2023-01-20", "B", 3000, "new")],
    2: [("A2", "2023-02-15", "A", 8000, "new")],
    3: [("B2", "2023-03-05", "B", 9000, "new")],
    4: [
        ("A0", "2023-02-01", "A", 2000, "new"),  # comes two months late
        ("A3", "2023-04-12", "A", 5000, "new"),
        ("B3", "2023-04-20", "B", 4000, "new"),
    ],
    5: [("B1", "2023-05-10", "B", -3000, "refund")],  # of a sale of the quarter before
    6: [("B4", "2023-05-30", "B", 2000, "new"), ("A4", "2023-06-20", "A", 7000, "new")],
    7: [("A5", "2023-07-10", "A", 4000, "new")],
    8: [("A6", "2023-08-10", "A", 3000, "new"), ("A7", "2023-08-20", "A", 6000, "new")],
    9: [("A5", "2023-09-12", "A", -2000, "refund"), ("A8", "2023-09-20", "A", 10000, "new")],
    10: [("A9", "2023-10-15", "A", 12000, "new")],
    11: [],
    12: [("A10", "2023-12-05", "A", 5000, "new")],
}
PAID = {  # (payable, carried out) in cents
    1: {"A": (60000, 0), "B": (30000, 0)},
    2: {"A": (120000, 0), "B": (0, 0)},
    3: {"A": (0, 0), "B": (110000, 0)},
    4: {"A": (90000, 0), "B": (40000, 0)},
    5: {"A": (0, 0), "B": (0, -50000)},
    6: {"A": (90000, 0), "B": (0, 0)},
    7: {"A": (40000, 0), "B": (0, 0)},
    8: {"A": (165000, 0), "B": (0, 0)},
    9: {"A": (210000, 0), "B": (0, 0)},
    10: {"A": (175000, 0), "B": (0, 0)},
    11: {"A": (0, -30000), "B": (0, 0)},
    12: {"A": (95000, 0), "B": (0, 0)},
}
PRIOR = {  # (order or adjustment, day, cents, why) of closed months
    4: [("A0", "2023-02-01", 20000, "came after"), ("A2", "2023-02-15", 20000, "another rate")],
    6: [("B4", "2023-05-30", 20000, "came after")],
    8: [("ADJ-2", "2023-07-31", 15000, "approved after")],
    10: [("A8", "2023-09-20", -25000, "credited ¥10,000.00 → ¥9,000.00")],
    11: [
        ("A5", "2023-09-12", 20000, "another rate"),
        ("A6", "2023-08-10", -50000, "no longer in the data"),
    ],
}


def orders(month: int) -> pd.DataFrame:
    """The orders as the book holds them when ``month`` is closed."""
    rows = [
        dict(zip(("order_id", "date", "rep_id", "amount", "kind"), row, strict=True))
        for m in range(1, month + 1)
        for row in ORDERS[m]
    ]
    for row in rows:
        if row["order_id"] == "A8" and month >= 10:
            row["amount"] = 9000  # corrected after September was closed
    if month >= 11:
        rows = [row for row in rows if row["order_id"] != "A6"]  # cancelled
    return pd.DataFrame(rows).assign(customer_id="C1")


def adjustments(month: int) -> list[dict]:
    rows = []
    if month >= 6:
        rows.append(
            {
                "adjustment_id": "ADJ-1",
                "rep_id": "B",
                "month": "2023-06",
                "amount": 300,
                "reason": "debt of a leaver written off",
                "asked_by": "HR",
                "approved_by": "CFO",
            }
        )
    if month >= 7:  # a dispute: asked for in July, approved in August
        rows.append(
            {
                "adjustment_id": "ADJ-2",
                "rep_id": "A",
                "month": "2023-07",
                "amount": 150,
                "reason": "A3 was agreed at a higher rate",
                "asked_by": "A",
                "approved_by": "CFO" if month >= 8 else None,
            }
        )
    return rows


def book_of(month: int):
    lead = {"lead_id": "L1", "created": f"2023-{month:02d}-20"}  # also in a month without a sale
    tables = {"orders": orders(month), "reps": pd.DataFrame(REPS), "leads": pd.DataFrame([lead])}
    if month >= 6:
        tables["pay_adjustments"] = pd.DataFrame(adjustments(month))
    plans = [OLD, NEW] if month >= 8 else [OLD]
    settings = {"commission_plans": plans, "book": {"name": "firm"}}
    return toy(month=f"2023-{month:02d}", settings=settings, **tables)


@pytest.fixture(scope="session")
def year(tmp_path_factory):
    """Folder of the closed months, and each month's closing."""
    folder = tmp_path_factory.mktemp("year") / "payroll"
    return folder, {m: close_month(book_of(m), folder, finished=True)[0] for m in range(1, 13)}


def test_every_month_pays_what_was_worked_out_by_hand(year):
    for month, found in year[1].items():
        paid = {row.rep_id: (row.payable, row.carried_out) for row in found.rows}
        assert paid == {rep: PAID[month][rep] for rep in paid}, month
        assert all(PAID[month][rep] == (0, 0) for rep in {"A", "B"} - set(paid))


def test_changes_of_closed_months_are_named_line_by_line(year):
    for month, found in year[1].items():
        made = sorted((x.order_id or x.adjustment_id, x.date, x.pay, x.why) for x in found.prior)
        wanted = sorted(PRIOR.get(month, []))
        assert [line[:3] for line in made] == [line[:3] for line in wanted], month
        for line, (*_, why) in zip(made, wanted, strict=True):
            assert why in line[3]


def test_over_the_year_what_was_paid_is_what_was_earned(year):
    last = {row.rep_id: row for row in year[1][12].rows}
    assert (last["A"].earned_to_date, last["A"].paid_to_date) == (1045000, 1045000)
    assert (last["B"].earned_to_date, last["B"].paid_to_date) == (180000, 180000)


def test_payable_is_earned_to_date_less_paid_to_date(year):
    for found in year[1].values():
        for row in found.rows:
            assert row.due == row.earned_to_date - (row.paid_to_date - row.payable)
            assert row.payable + row.carried_out == row.due


def test_an_unapproved_dispute_is_listed_and_not_paid(year):
    july = year[1][7].record["pending"]
    assert [(one["adjustment_id"], one["amount"]) for one in july] == [("ADJ-2", "150.0000")]
    assert year[1][8].record["pending"] == []


def test_debts_of_a_leaver_are_told(year):
    assert any(
        "Bob, who left on 2023-05-31 owes ¥500.00" in said
        for said in year[1][5].record["exceptions"]
    )


def test_the_frozen_files_add_up_to_the_record(year):
    for closed in closed_months(year[0]):
        rows = closed.rows("payroll.csv")
        total = sum(round(float(row["payable_now"]) * 100) for row in rows)
        assert (
            total == closed.payable == sum(p for p, _ in PAID[int(str(closed.month)[5:])].values())
        )
        lines = closed.rows("lines.csv")
        assert sum(int(x["pay_minor"]) for x in lines) == sum(
            closed.record["totals"][key] for key in ("month", "prior", "adjustments")
        )


def test_a_plan_change_is_told_to_who_approves(year):
    from playbook.payroll.approval import approval, as_text

    text = as_text(approval(year[1][8]))
    assert "new: new: 15 % to ¥10,000, 25 % above" in text
    assert "ADJ-2 · ¥0.00 · ¥150.00 · +¥150.00" in text
