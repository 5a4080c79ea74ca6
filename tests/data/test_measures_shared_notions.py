"""New customers, gross profit and renewals: one measure each, worked by hand."""

from datetime import date

import pandas as pd
import pytest

from playbook.base.errors import NotAvailable
from playbook.base.periods import Month
from playbook.data.measures import acquisition, profit, renewal, sales
from toy import toy

ORDERS = """
    order_id date       customer_id amount cost channel kind   product_line
    S0       2023-03-10 C1          900    400  Web     new    A
    S1       2024-01-31 C1          1000   400  Web     new    A
    S2       2024-03-05 C2          1800   800  Web     new    A
    S3       2024-03-06 C4          200    .    Web     .      B
    S4       2024-03-07 C5          100    .    .       .      C
    S5       2024-03-08 C6          -50    .    Ads     refund A
    S6       2024-03-08 C7          100    120  Ads     .      B
"""
DEALS = """
    opportunity_id created    stage outcome closed     amount customer_id channel
    D1             2024-01-02 won   won     2024-01-31 1000   C1          Web
    D2             2024-01-05 won   won     2024-02-25 2000   C2          Fair
    D3             2024-02-05 won   won     2024-03-10 800    C3          Web
    D4             2024-02-05 won   won     2024-03-11 800    .           Web
    D5             2024-02-05 lead  open    .          800    C8          Web
"""


@pytest.fixture
def book():
    return toy(
        month="2024-03",
        settings={"book": {"stages": ["lead", "won"]}},
        orders=ORDERS,
        opportunities=DEALS,
    )


def test_new_on_the_first_order_or_won_deal_whichever_is_earlier(book):
    frame = acquisition.new_customers(book)
    assert dict(zip(frame["month"], frame["new_customers"], strict=True)) == {
        Month(2023, 3): 1,  # C1: its win of January makes nobody new
        Month(2024, 2): 1,  # C2 by its deal, before its order
        Month(2024, 3): 4,  # C3 by a deal, C4, C5 and C7 by an order; C6 has a refund alone
    }
    march = acquisition.new_between(book, date(2024, 3, 1), date(2024, 3, 31))
    assert march == ["C3", "C4", "C5", "C7"]
    assert acquisition.months_of(Month(2024, 2), Month(2024, 3), frame) == 5


def test_a_new_customer_counts_for_what_it_bought_from_on_its_first_day(book):
    frame = acquisition.new_customers(book, ["channel"])
    found = {(str(r.month), r.channel): r.new_customers for r in frame.itertuples()}
    assert found == {
        ("2023-03", "Web"): 1,
        ("2024-02", "Fair"): 1,
        ("2024-03", "Web"): 2,
        ("2024-03", "Ads"): 1,
        ("2024-03", sales.NOT_GIVEN): 1,
    }


def test_little_history_before_the_window_is_said(book):
    text = acquisition.short_history(book, date(2024, 1, 1))
    assert text.startswith("The data begin on 1 Mar 2023: a customer that bought before then")
    assert acquisition.short_history(book, date(2024, 3, 1)) == ""  # twelve months before


def test_deals_that_name_no_customer_make_nobody_new():
    deals = """
        opportunity_id created    stage outcome closed     amount
        D1             2024-01-02 won   won     2024-03-31 1000
    """
    with pytest.raises(NotAvailable):
        acquisition.new_customers(toy(month="2024-03", opportunities=deals))


# -- gross profit


def test_cost_where_given_else_the_margin_of_the_channel_the_line_or_the_book(book):
    found = profit.margins(book)
    assert found.basis == "filled"
    assert found.channel == {"Web": pytest.approx(1 - 1600 / 3700), "Ads": pytest.approx(-0.2)}
    assert found.product_line == {"A": pytest.approx(1 - 1600 / 3700), "B": pytest.approx(-0.2)}
    assert found.book == pytest.approx(1 - 1720 / 3800)
    rows = profit.with_profit(book, sales.filled_rows(book))
    each = profit.profit_by(rows, ["customer_id"]).set_index("customer_id")
    assert each.profit.round(6).to_dict() == {
        "C1": 1100,
        "C2": 1000,
        "C4": round(200 * (1 - 1600 / 3700), 6),  # its channel
        "C5": round(100 * (1 - 1720 / 3800), 6),  # neither its channel nor its line is measured
        "C6": 10,  # the refund gives back a negative margin
        "C7": -20,  # a negative margin is a margin
    }
    total = profit.profit_by(rows).iloc[0]
    assert total.filled == pytest.approx(250 / 4050)  # 200 + 100 − 50 of 4,050
    assert "carries no cost" in found.note(total.filled, book.fmt)


def test_only_where_no_row_carries_a_cost_is_the_margin_assumed():
    orders = "order_id,date,customer_id,amount\nO1,2024-03-01,C1,100\n"
    book = toy(month="2024-03", settings={"funnel": {"margin": 0.4}}, orders=orders)
    found = profit.margins(book)
    assert (found.basis, found.book) == ("assumed", 0.4)
    assert found.note(1.0, book.fmt).startswith("gross profit at an assumed margin of 40")
    rows = profit.with_profit(book, sales.filled_rows(book))
    assert profit.profit_by(rows).iloc[0][["amount", "profit", "filled"]].tolist() == [100, 40, 1]
    costs = "order_id,date,customer_id,amount,cost\nO1,2024-03-01,C1,100,98\n"
    book = toy(month="2024-03", settings={"funnel": {"margin": 0.4}}, orders=costs)
    assert profit.margins(book).basis == "measured"
    assert profit.margins(book).note(0.0, book.fmt) == "gross profit by the cost of each order"
    rows = profit.with_profit(book, sales.filled_rows(book))
    assert profit.profit_by(rows).iloc[0].profit == 2


# -- renewed or not


def contract(name, start, end, customer="C1", line=None, renewed_by=None):
    return {
        "contract_id": name,
        "customer_id": customer,
        "start": pd.Timestamp(start),
        "end": pd.Timestamp(end),
        "product_line": line,
        "renewed_by": renewed_by,
    }


def followed(*contracts, as_of=date(2024, 1, 31), days=60):
    frame = renewal.follow(pd.DataFrame(list(contracts)), as_of, days)
    return {
        r.contract_id: (r.successor, r.how, bool(r.open)) for r in frame.itertuples()
    }, renewal.inferred(frame)


def test_without_links_the_next_contract_of_the_customer_renews():
    found, inferred = followed(
        contract("A", "2022-01-01", "2022-12-31"),
        contract("B", "2023-01-01", "2023-12-31"),
        contract("C", "2022-06-01", "2023-05-31", customer="C2"),
    )
    assert found == {
        "A": ("B", "following", False),
        "B": (None, "none", True),  # ended a month ago: a follower may still come
        "C": (None, "none", False),
    }
    assert inferred == 1


def test_sixty_days_around_the_end_and_the_same_product_line():
    found, _ = followed(
        contract("A", "2022-01-01", "2022-12-31", line="X"),
        contract("B", "2023-01-01", "2023-12-31", line="Y"),
        contract("C", "2023-03-01", "2024-02-28", line="X"),  # 60 days after the end of A
    )
    assert found["A"][0] == "C"
    found, _ = followed(
        contract("A", "2022-01-01", "2022-12-31"), contract("B", "2023-03-02", "2024-02-28")
    )
    assert found["A"][0] is None  # 61 days


def test_a_contract_follows_one_other_at_most_and_never_itself():
    found, inferred = followed(
        contract("A", "2022-01-01", "2022-12-30"),
        contract("B", "2022-01-01", "2022-12-31"),
        contract("C", "2023-01-01", "2024-12-31"),
    )
    assert (found["A"][0], found["B"][0], inferred) == ("C", None, 1)


def test_where_the_column_is_filled_it_decides():
    found, inferred = followed(
        contract("A", "2022-01-01", "2022-12-31", renewed_by="X"),
        contract("B", "2022-01-01", "2022-12-31", customer="C2"),
        contract("C", "2023-01-01", "2023-12-31", customer="C2"),
        contract("X", "2023-01-01", "2023-12-31"),
    )
    assert found["A"] == ("X", "link", False) and found["B"] == (None, "none", False)
    assert found["X"] == (None, "none", False) and inferred == 0


def test_contracts_of_a_book_say_how_each_is_known():
    book = toy(
        month="2024-01",
        orders="order_id date customer_id amount\nO1 2024-01-31 C1 5",
        contracts="""
            contract_id customer_id start      end        annual_value
            K1          C1          2022-01-01 2022-12-31 10
            K2          C1          2023-01-01 2023-12-31 10
        """,
    )
    frame = renewal.contracts(book)
    assert frame.how.tolist() == ["following", "none"] and frame.renewed.tolist() == [True, False]
