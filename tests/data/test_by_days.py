"""What depends on the day: rates of currencies, owners of customers, costs added up to months."""

from __future__ import annotations

from decimal import Decimal

import pytest

from data.folders import check, only, says, write
from playbook.base.errors import DataProblem
from playbook.data.book import Book
from playbook.data.measures.sales import order_rows
from toy import toy

TOML = '[book]\nname = "m"\ncurrency = "CNY"\n'
MONEY = (
    "order_id,date,customer_id,amount,cost,currency\n"
    "O1,2023-01-05,C1,100,10,USD\n"
    "O2,2023-02-06,C1,€1.5K,,EUR\n"
    "O3,2023-03-07,C2,7,1,\n"
    "O4,2023-03-31,C2,¥8,2,人民币\n"
)
RATES = "month,currency,rate\n2023-01,USD,6.9\n2023-01,eur,7.5\n2023-02,EUR,7.25\n"


def cells(book: Book, columns: str) -> list[tuple]:
    rows = book.read.connection.execute(f"SELECT {columns} FROM book.orders ORDER BY order_id")
    return rows.fetchall()


def test_amounts_are_brought_to_the_books_currency_by_their_months_rate(tmp_path):
    book = Book.open(write(tmp_path, toml=TOML, orders=MONEY, rates=RATES))
    assert cells(book, "amount, cost, currency") == [
        (Decimal("690.0000"), Decimal("69.0000"), "USD"),
        (Decimal("10875.0000"), None, "EUR"),
        (Decimal("7.0000"), Decimal("1.0000"), None),
        (Decimal("8.0000"), Decimal("2.0000"), "CNY"),
    ]
    said = [p.found for p in book.warnings]
    assert "2 rows in EUR and USD brought to CNY by the rate of the month of its day" in said


def test_without_rates_a_dollar_is_no_yuan(tmp_path):
    problem = only(check(tmp_path, toml=TOML, orders=MONEY))
    says(problem, "2 rows in EUR and USD and no table rates", try_="give rates", rows=2)


def test_a_month_without_a_rate_takes_the_last_before_it_and_none_from_after(tmp_path):
    later = RATES.replace("2023-02,EUR", "2023-03,EUR")
    book = Book.open(write(tmp_path, toml=TOML, orders=MONEY, rates=later))
    assert cells(book, "amount")[1] == (Decimal("11250.0000"),)
    none = "month,currency,rate\n2023-01,USD,6.9\n2023-03,EUR,7.5\n"
    problem = only(check(tmp_path / "b", toml=TOML, orders=MONEY, rates=none))
    says(problem, "1 row whose currency has no rate in its month or the year before", rows=1)
    assert "EUR" in problem.rows[0]
    old = none.replace("2023-03,EUR", "2021-12,EUR")
    assert not check(tmp_path / "c", toml=TOML, orders=MONEY, rates=old).ok


def test_a_sign_that_is_not_the_rows_currency_is_refused(tmp_path):
    for amount in ("$1.5K", "£5", "USD 5"):
        odd = MONEY.replace("€1.5K", amount)
        problem = only(check(tmp_path, toml=TOML, orders=odd, rates=RATES))
        says(problem, "1 value is not an amount", place="orders.amount", rows=1)


COSTS = "month,channel,cost\n2023-01-05,Web,10\n2023-01-20,Web,5\n2023-02-01,Web,7\n"
ORDERS = "order_id,date,customer_id,amount\nO1,2023-01-05,C1,5\nO2,2023-03-31,C1,5\n"


def test_daily_costs_are_added_up_to_months(tmp_path):
    files = {"toml": TOML, "orders": ORDERS, "channel_costs": COSTS}
    says(only(check(tmp_path, **files), "warning"), "3 rows added up to 2 months of channels")
    rows = Book.open(tmp_path).relation("channel_costs").project("cost").order("cost").fetchall()
    assert rows == [(Decimal("7.0000"),), (Decimal("15.0000"),)]
    twice = COSTS + "2023-02-01,Web,7\n"
    says(
        only(check(tmp_path / "b", **{**files, "channel_costs": twice})),
        "2 keys used by more than one row",
    )
    word = COSTS.replace(",5\n", ",x\n")
    says(
        only(check(tmp_path / "c", **{**files, "channel_costs": word})), "1 value is not an amount"
    )


SALES = """
order_id date       customer_id amount
O1       2023-01-05 C1          1
O2       2023-02-28 C1          2
O3       2023-03-01 C1          4
O4       2023-03-31 C2          8
"""
CUSTOMERS = """
customer_id rep_id
C1          R2
C2          R2
"""
REPS = """
rep_id team region
R1     East North
R2     West South
"""
HAD = """
subject  subject_id role   value from       to
customer C1         owner  R1    .          2023-02-28
customer C1         owner  R2    2023-03-01 .
rep      R2         team   Old   .          2023-03-15
rep      R2         team   West  2023-03-16 .
rep      R1         region Far   2023-02-01 .
"""


def by(book: Book, column: str) -> dict:
    from playbook.data.measures.frames import collect

    frame = collect(order_rows(book).select("order_id", column), sort=["order_id"])
    return dict(zip(frame["order_id"], frame[column], strict=True))


def test_sales_belong_to_whoever_had_the_customer_on_the_day():
    book = toy(orders=SALES, customers=CUSTOMERS, reps=REPS, assignments=HAD)
    assert by(book, "rep") == {"O1": "R1", "O2": "R1", "O3": "R2", "O4": "not given"}
    assert by(book, "team")["O3"] == "Old"
    assert by(book, "region") == {"O1": "North", "O2": "Far", "O3": "South", "O4": "not given"}
    assert not [p for p in book.warnings if "today's owner" in p.found]


def test_without_assignments_todays_owner_gets_all_and_it_is_said():
    book = toy(orders=SALES, customers=CUSTOMERS, reps=REPS)
    assert set(by(book, "rep").values()) == {"R2"}
    assert [p for p in book.warnings if "today's owner of the customer gets those of" in p.found]


def test_an_orders_own_seller_counts_before_assignments():
    own = SALES.replace("amount", "amount rep_id").replace("  1\n", "  1 R9\n")
    own = own.replace("  2\n", "  2 .\n").replace("  4\n", "  4 .\n").replace("  8\n", "  8 .\n")
    book = toy(orders=own, customers=CUSTOMERS, assignments=HAD)
    assert by(book, "rep") == {"O1": "R9", "O2": "R1", "O3": "R2", "O4": "not given"}


def test_shares_that_are_no_whole_are_refused_where_they_are_read():
    """D1 makes 110 % without its overlay; three thirds of 0.333 are a whole."""
    head = "opportunity_id rep_id share kind\n"
    whole = "".join(f"D2 R{n} 0.333 split\n" for n in (1, 2, 3))
    uneven = "D1 R1 0.6 .\nD1 R2 0.5 split\nD1 R3 1 overlay\n"
    said = toy(orders=SALES, deal_splits=head + whole).read.warnings
    assert [p.column for p in said if p.table == "deal_splits"] == ["opportunity_id"]  # no deals
    with pytest.raises(DataProblem) as refused:
        toy(orders=SALES, deal_splits=head + uneven + whole)
    (problem,) = refused.value.problems
    assert (problem.table, problem.column, problem.count) == ("deal_splits", "share", 2)
    assert problem.found == "2 rows of deals whose shares do not add up to 1"


def test_overlaps_and_unknown_payments_are_told():
    twice = HAD + "customer C1 owner R3 2023-02-01 2023-02-10\n"
    paid = """
payment_id date       amount order_id
P1         2023-01-09 1      O1
P2         2023-01-09 1      O9
"""
    book = toy(orders=SALES, assignments=twice, payments=paid)
    said = {(p.table, p.count) for p in book.read.warnings}
    assert {("assignments", 2), ("payments", 1)} <= said
    assert by(book, "rep")["O2"] == "R1"  # R3 had it from 1 to 10 February


def test_an_overlay_of_a_customer_is_no_second_owner():
    more = HAD + "customer C1 overlay R3 2023-02-01 .\n"
    book = toy(orders=SALES, assignments=more)
    assert not [p for p in book.read.warnings if p.table == "assignments"]
