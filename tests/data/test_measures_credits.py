"""Who may be credited with an order: fallbacks, exact ticks, and the same answer from pandas and
from DuckDB.
"""

from datetime import date
from decimal import Decimal

import duckdb
import narwhals as nw
import pandas as pd
import pytest

from playbook.data.book import Book
from playbook.data.measures import credits
from shared import REPO, real

HEAD = "order_id,date,customer_id,amount,rep_id,channel,opportunity_id,paid_amount,paid_date\n"


@pytest.fixture
def book(tmp_path):
    files = {
        "orders": (
            HEAD + "A,2023-01-05,C1,100.10,R1,web,,60.05,2023-02-01\n"
            "B,2023-01-05,C1,200,,,D1,,\n"
            "C,2023-01-06,C2,300,,,,,\n"
            "D,2023-01-07,C3,400,,,,,\n"
            "A,2023-01-05,C1,-100.10,R1,web,,,\n"
        ),
        "customers": (
            "customer_id,customer_type,region,channel,rep_id\n"
            "C1,large,East,fair,R7\n"
            "C2,small,West,,R8\n"
            "C3,small,West,,\n"
        ),
        "opportunities": (
            "opportunity_id,created,stage,outcome,closed,amount,customer_id,lead_id,rep_id,channel\n"
            "D1,2022-12-01,won,won,2023-01-05,200,C1,L1,R2,partner\n"
        ),
        "leads": "lead_id,created,rep_id\nL1,2022-11-01,R3\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "playbook.toml").write_text("", encoding="utf-8")
    return Book.open(tmp_path, "2023-01")


def test_the_rep_is_the_orders_else_the_deals_else_the_customers(book):
    rows = credits.credits(book).drop_duplicates("order_id").set_index("order_id")
    assert rows["rep_id"].fillna("no one").to_dict() == {
        "A": "R1",
        "B": "R2",
        "C": "R8",
        "D": "no one",
    }
    assert rows.loc["B", ["deal_rep", "customer_rep", "lead_rep"]].tolist() == ["R2", "R7", "R3"]
    assert rows["channel"].fillna("unknown").to_dict() == {
        "A": "web",
        "B": "partner",
        "C": "unknown",
        "D": "unknown",
    }
    assert rows["region"].to_dict() == {"A": "East", "B": "East", "C": "West", "D": "West"}


def test_money_leaves_in_whole_ticks_and_a_sale_stands_before_its_refund(book):
    rows = credits.credits(book)
    assert rows["amount"].tolist() == [1_001_000, -1_001_000, 2_000_000, 3_000_000, 4_000_000]
    assert rows["amount"].dtype == "int64"


def test_payments_after_the_as_of_date_are_not_known_yet(book):
    assert credits.credits(book)["paid_amount"].sum() == 0
    later = credits.credits(book.at(date(2023, 2, 28)))
    assert later["paid_amount"].tolist()[0] == 600_500


def test_a_start_leaves_out_what_is_older(book):
    assert credits.credits(book, date(2023, 1, 6))["order_id"].tolist() == ["C", "D"]


def test_pandas_and_duckdb_give_the_same_lines():
    columns = {
        name: [None, None]
        for name in (
            "opportunity_id",
            "customer_id",
            "product_line",
            "channel",
            "kind",
            "region",
            "rep_id",
            "currency",
        )
    }
    frame = pd.DataFrame(
        {
            "order_id": ["A", "B"],
            "date": pd.to_datetime(["2023-01-01", "2023-01-02"]),
            "amount": [1.1, 2.25],
            "cost": [0.5, 1.0],
            "quantity": [1.0, 2.0],
            "months": [12, 12],
            "paid_amount": [0.5, 0.0],
            "paid_date": pd.to_datetime(["2023-01-03", "2023-01-04"]),
            **columns,
        }
    ).astype(dict.fromkeys(columns, "object"))
    relation = duckdb.sql(
        "SELECT * REPLACE (CAST(amount AS DECIMAL(18,4)) AS amount, CAST(cost AS DECIMAL(18,4)) AS"
        " cost, CAST(paid_amount AS"
        " DECIMAL(18,4)) AS paid_amount) FROM frame"
    )
    for native in (frame, relation):
        rows = credits.order_lines(nw.from_native(native).lazy()).collect().to_pandas()
        assert rows["amount"].tolist() == [11_000, 22_500]
        assert rows["paid_amount"].tolist() == [5_000, 0]


def test_the_real_books_credit_every_sale_to_the_last_tick():
    real("crm_maven")
    found = credits.credits(Book.open(REPO / "tests" / "books" / "crm_maven", "2017-12"))
    assert (len(found), Decimal(int(found["amount"].sum())) / credits.TICKS) == (4238, 10_005_534)
    assert found["rep_id"].notna().all()
