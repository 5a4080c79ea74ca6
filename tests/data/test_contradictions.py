"""Tables that contradict each other are said; links that cannot be meant count for nothing."""

from __future__ import annotations

from playbook.data.book import Book
from playbook.data.measures.renewal import contracts
from toy import toy

REPS = """
    rep_id name hired      left       manager_id
    R0     Ann  2024-03-01 .          R2
    R1     Bob  2021-01-01 2022-06-30 R0
    R2     Cem  2021-01-01 .          R1
    R3     Dan  2021-01-01 .          R3
    R4     Eve  2021-01-01 .          R2
"""
ORDERS = """
    order_id date       customer_id amount rep_id
    O1       2022-01-15 C0          100    R0
    O2       2022-07-20 C1          100    R1
    O3       2022-08-20 C1          100    R1
    O4       2023-12-05 C1          100    R2
"""


def found(book: Book) -> dict[str, tuple[int | None, str]]:
    return {f"{p.table}.{p.column}": (p.count, p.found) for p in book.warnings}


def test_sales_before_hiring_and_long_after_leaving_are_said():
    book = toy(orders=ORDERS, reps=REPS.replace("R2\n", "R4\n", 1), month="2023-12")
    said = [p for p in book.warnings if p.table == "orders"]
    assert [(p.count, p.found) for p in said] == [
        (
            1,
            "1 order before their rep was hired: the rep is kept; where it is more than a month,"
            " the day of hiring is left out and the rep counts as no new hire",
        ),
        (1, "1 order more than a month after their rep left: kept under that name"),
    ]
    assert said[1].rows == (
        "row 2: date '2022-08-20', rep_id 'R1' (order_id 'O3', amount '100.0000')",
    )


def test_circles_of_managers_are_said():
    book = toy(orders=ORDERS, reps=REPS, month="2023-12")
    count, words = found(book)["reps.manager_id"]
    assert count == 4 and words.startswith("4 persons in a circle: following manager_id leads back")
    straight = REPS.replace(
        "R2     Cem  2021-01-01 .          R1", "R2     Cem  2021-01-01 .          ."
    )
    count, words = found(toy(orders=ORDERS, reps=straight, month="2023-12"))["reps.manager_id"]
    assert count == 1 and words.startswith("1 person in a circle")  # Dan, who is his own manager


CONTRACTS = """
    contract_id customer_id start      end        annual_value renewed_by
    K1          C1          2022-01-01 2022-12-31 9            K1
    K2          C2          2022-01-01 2022-12-31 9            K3
    K3          C2          2022-01-01 2022-12-31 9            K2
    K4          C3          2022-01-01 2022-12-31 9            K6
    K5          C4          2022-01-01 2022-12-31 9            K7
    K6          C5          2023-01-01 2023-12-31 9            .
    K7          C4          2023-01-01 2023-12-31 9            .
    K8          C6          2023-01-01 2023-12-31 9            K9
    K9          C6          2022-01-01 2022-12-31 9            .
"""


def test_false_renewals_are_said_and_left_out():
    book = toy(orders=ORDERS, contracts=CONTRACTS, month="2023-12")
    said = [(p.count, p.found) for p in book.warnings if p.table == "contracts"]
    assert said == [
        (1, "1 contract renewed by themselves: the link is left out"),
        (2, "2 contracts renewing each other in a circle: the link is left out"),
        (1, "1 contract renewed by a contract of another customer: the link is left out"),
        (1, "1 contract renewed by a contract that begins before they do: the link is left out"),
    ]
    renewed = contracts(book)
    assert renewed[renewed.renewed].contract_id.tolist() == ["K5"]


def test_stages_entered_after_closing_are_said():
    deals = """
        opportunity_id created    stage outcome closed     amount
        D1             2023-01-02 won   won     2023-02-10 500
        D2             2023-01-02 lead  open    .          .
    """
    events = """
        opportunity_id stage  entered_at
        D1             lead   2023-01-02
        D1             won    2023-02-10T23:00:00
        D1             intent 2023-02-11
        D2             intent 2023-03-11
    """
    book = toy(opportunities=deals, stage_events=events, month="2023-03")
    assert found(book)["stage_events.entered_at"] == (
        1,
        "1 row entering a stage after their deal was closed",
    )


def test_ids_of_a_table_that_is_not_there_are_said():
    orders = ORDERS.replace("rep_id\n", "opportunity_id\n")
    said = found(toy(orders=orders, month="2023-12"))["orders.opportunity_id"]
    assert said == (
        None,
        "orders.opportunity_id names opportunities, and there is no table opportunities",
    )


def test_ids_of_two_systems_that_never_meet_are_said():
    orders = [
        {"order_id": f"O{i}", "date": "2023-01-05", "customer_id": f"C{i}", "amount": 5}
        for i in range(8)
    ]
    deals = [
        {
            "opportunity_id": f"D{i}",
            "created": "2023-01-05",
            "stage": "lead",
            "outcome": "open",
            "customer_id": f"Acme {i}",
        }
        for i in range(6)
    ]
    book = toy(orders=orders, opportunities=deals, month="2023-01")
    assert found(book)["orders.customer_id"][1] == (
        "0 of 6 customer_ids of orders and opportunities are the same: what joins the two tables"
        " finds nothing"
    )
    for i, deal in enumerate(deals):
        deal["customer_id"] = f"C{i}"
    assert not toy(orders=orders, opportunities=deals, month="2023-01").warnings


def test_order_numbers_that_restart_are_said():
    orders = """
        order_id date       customer_id amount
        1        2022-01-05 A           5
        1        2022-01-05 B           5
        2        2022-01-05 A           5
        2        2023-01-06 A           5
        2        2023-01-07 A           -5
        3        2022-01-05 A           5
        3        2023-01-07 A           5
        4        2022-01-05 A           5
        4        2022-01-05 A           6
    """
    count, words = found(toy(orders=orders, month="2023-01"))["orders.order_id"]
    assert count == 2 and words == (
        "2 order ids of several customers, or again after more than a year: counted as an order of"
        " each customer and time"
    )
