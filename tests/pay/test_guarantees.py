"""Guarantees, draws and the manager's part beside refunds, each worked by hand."""

from decimal import Decimal

import pytest

from playbook import incentives
from playbook.base.settings.plan_terms import Draw
from playbook.pay.advances import ledger
from small_company import TABLES, small_book

HEAD = "order_id,date,customer_id,amount,rep_id\n"
JUNE = "activity_id,date,rep_id,kind\nA1,2023-06-30,R1,call\n"
TENTH = "tiers = [{ lower = 0, rate = 0.1 }]"
CUSTOMER = "customer_id,name,customer_type,channel,rep_id\nC1,One,large,web,\n"
ONE = "rep_id,name,team,manager_id,mentor_id,hired,left\nR1,Ann,A,,,2020-01-01,\n"


def statement(plan: str, orders: str, reps: str = ONE):
    text = f'[[commission_plans]]\nname = "p"\nstarts = 2020-01-01\n{plan}\n'
    return incentives.statements(
        small_book(text, orders=HEAD + orders, reps=reps, activities=JUNE, customers=CUSTOMER)
    )


@pytest.mark.parametrize("kept", ["true", "false"])
def test_a_guarantee_and_a_draw_do_not_stack(kept):
    """Case 20: floor 1,500 a quarter, draw 500 a month, nothing sold: 1,500, and nothing owed."""
    found = statement(
        f"{TENTH}\nfloor = 1500\ndraw = {{ monthly = 500, recoverable = {kept} }}",
        "A,2022-01-05,C1,1,R1\n",
    )
    assert found.total == 1500
    owed = found.advances["balance"].tolist()
    assert owed == [0]  # the guarantee of each quarter makes up for its advances


def test_a_guarantee_above_the_draw_pays_the_difference():
    """Floor 2,000, draw 500 a month kept: 1,500 advanced, 500 made up."""
    found = statement(
        f"{TENTH}\nfloor = 2000\ndraw = {{ monthly = 500, recoverable = false }}",
        "A,2022-01-05,C1,1,R1\n",
    )
    assert found.lines.groupby("item")["pay"].sum().to_dict() == {"draw": 1500, "guarantee": 500}


def test_a_guarantee_does_not_refund_a_clawback():
    """Case 19: earned 1,200, 900 of the first quarter taken back, guarantee 1,500: +300, 600."""
    found = statement(
        f"{TENTH}\nfloor = 1500",
        "A,2023-02-05,C1,25000,R1\nB,2023-05-05,C1,12000,R1\nA,2023-05-20,C1,-9000,R1\n",
    )
    assert found.lines.groupby("item")["pay"].sum().to_dict() == {
        "clawback": -900,
        "commission": 1200,
        "guarantee": 300,
    }
    assert found.total == 600


def test_the_guarantee_of_the_refunded_sales_quarter_holds_without_the_sale():
    """1,600 earned in the first quarter; without the 9,000 sold it is 700, and 1,500 are
    guaranteed: 900 come back and 800 are kept.
    """
    found = statement(
        f"{TENTH}\nfloor = 1500",
        "A,2023-02-05,C1,9000,R1\nB,2023-02-06,C1,7000,R1\nC,2023-05-05,C1,20000,R1\n"
        "A,2023-05-20,C1,-9000,R1\n",
    )
    assert found.lines.groupby("item")["pay"].sum().to_dict() == {
        "clawback": -900,
        "commission": 2000,
        "guarantee kept": 800,
    }


def test_a_guarantee_makes_up_for_advances_in_months_without_a_right_to_the_draw():
    """Draw of the first two months, guarantee of the quarter: 500 + 500 + 1,500 − 1,000."""
    zero = Decimal(0)
    book = ledger([zero] * 3, Draw(monthly=500), [zero, zero, Decimal(1500)], [True, True, False])
    assert book["paid"].tolist() == [500, 500, 500]
    assert book["balance"].tolist() == [500, 1000, 0]


def test_a_recoverable_draw_is_made_up_for_above_it():
    """A draw of 1,000 a month without delay; earned 500, 700, 400, 1,600, 1,200, 2,500."""
    earned = [Decimal(v) for v in (500, 700, 400, 1600, 1200, 2500)]
    book = ledger(earned, Draw(monthly=1000))
    assert book["paid"].tolist() == [1000, 1000, 1000, 1000, 1000, 1900]
    assert book["balance"].tolist() == [500, 800, 1400, 800, 600, 0]
    assert sum(book["paid"]) == sum(earned) == 6900


def test_the_managers_part_of_what_is_refunded_leaves_nothing():
    """2 % of 0.25 a month: the rounded total goes 0, 1, 2 cents up with three sales and back."""
    orders = "".join(
        f"{name},2023-0{month}-10,C1,{amount},R2\n"
        for name, month, amount in (
            ("A", 1, "0.25"), ("B", 2, "0.25"), ("C", 3, "0.50"),
            ("A", 4, "-0.25"), ("B", 5, "-0.25"), ("C", 6, "-0.50"),
        )
    )  # fmt: skip
    text = f'[[commission_plans]]\nname = "p"\nstarts = 2020-01-01\nmanager_rate = 0.02\n{TENTH}\n'
    found = incentives.statements(
        small_book(text, orders=HEAD + orders, reps=TABLES["reps"], activities=JUNE)
    )
    lines = found.lines[found.lines["item"] == "manager"]
    assert lines["pay"].tolist() == [0, Decimal("-0.01"), Decimal("-0.01")]
    assert found.spans["year_to_date"][0] == 0
