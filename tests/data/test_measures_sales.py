"""Sales by month, window and member, by hand and the same on another engine."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import narwhals as nw
import pandas as pd
import pytest

from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import acquisition, sales
from playbook.data.measures.splits import split_months
from shared import REPO, real

ORDERS = pd.DataFrame(
    [
        ("O1", date(2023, 1, 5), "C1", 100.0, None, "East", "A", None),
        (
            "O1",
            date(2023, 1, 5),
            "C1",
            50.0,
            None,
            "East",
            "B",
            None,
        ),  # a second line of the same order
        ("O2", date(2023, 1, 9), "C2", 70.0, None, None, "A", None),  # region of its customer
        ("O3", date(2023, 2, 1), "C1", -100.0, None, "East", "A", "refund"),
        ("O4", date(2023, 2, 2), "C1", 30.0, None, "East", None, "repurchase"),
        (
            "O5",
            date(2023, 2, 3),
            "C3",
            -5.0,
            None,
            None,
            "A",
            None,
        ),  # a refund without an order: not a new customer
    ],
    columns=[
        "order_id",
        "date",
        "customer_id",
        "amount",
        "rep_id",
        "region",
        "product_line",
        "kind",
    ],
).assign(channel=None, cost=None)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["C1", "C2"],
        "customer_type": ["large", "small"],
        "industry": ["x", "y"],
        "strategic": [True, False],
        "rep_id": ["R1", "R2"],
        "region": ["East", "West"],
    }
)


def toy(orders=ORDERS):
    """Only what order_rows asks of a book, on pandas."""
    orders = orders.assign(
        team=None,
        date=pd.to_datetime(orders["date"]).astype("datetime64[us]").astype("date32[pyarrow]"),
    )
    tables = {
        "orders": orders.convert_dtypes(dtype_backend="pyarrow"),
        "customers": CUSTOMERS.convert_dtypes(dtype_backend="pyarrow"),
    }
    for name in ("rep_id", "channel", "team"):
        tables["orders"][name] = tables["orders"][name].astype("string[pyarrow]")
    return SimpleNamespace(
        has=lambda table, *columns: (
            table in tables and all(tables[table][c].notna().any() for c in columns)
        ),
        table=lambda name: nw.from_native(tables[name]).lazy(),
        settings=None,
        as_of=None,
        read=SimpleNamespace(small=False),
    )


def test_months_are_net_of_refunds_and_count_orders_once():
    frame = sales.by_month(sales.order_rows(toy()))
    assert frame["month"].tolist() == [Month(2023, 1), Month(2023, 2)]
    assert frame["amount"].tolist() == [220, -75]
    assert frame["orders"].tolist() == [2, 1] and frame["customers"].tolist() == [2, 1]


def test_members_fall_back_to_the_customer_and_sum_to_the_whole():
    frame = sales.by_month(sales.order_rows(toy()), ["region"])
    assert frame.groupby("region")["amount"].sum().to_dict() == {
        "East": 80,
        "West": 70,
        sales.NOT_GIVEN: -5,
    }
    assert set(sales.by_month(sales.order_rows(toy()), ["rep"])["rep"]) == {
        "R1",
        "R2",
        sales.NOT_GIVEN,
    }


def test_returning_buyers_had_ordered_on_an_earlier_day():
    frame = sales.returning(sales.order_rows(toy()), date(2023, 2, 1), date(2023, 2, 28))
    assert frame.iloc[0].tolist() == [1, 1]
    january = sales.returning(sales.order_rows(toy()), date(2023, 1, 1), date(2023, 1, 31))
    assert january.iloc[0].tolist() == [2, 0]


def test_order_of_rows_changes_nothing():
    pd.testing.assert_frame_equal(
        sales.by_month(sales.order_rows(toy()), ["region"]),
        sales.by_month(sales.order_rows(toy(ORDERS.iloc[::-1])), ["region"]),
    )


def test_duckdb_and_pandas_agree(tmp_path):
    ORDERS.to_csv(tmp_path / "orders.csv", index=False)
    CUSTOMERS.to_csv(tmp_path / "customers.csv", index=False)
    (tmp_path / "reps.csv").write_text("rep_id,name\nR1,Ann\nR2,Bo\n")
    (tmp_path / "playbook.toml").write_text('[book]\nname = "toy"\nunknown_share = 0.5\n')
    rows = sales.order_rows(Book.open(tmp_path, "2023-02"))
    for by in ((), ("region",), ("customer_type",)):
        ours, other = sales.by_month(rows, by), sales.by_month(sales.order_rows(toy()), by)
        assert [float(a) for a in ours["amount"]] == [float(a) for a in other["amount"]]
        assert ours["orders"].tolist() == other["orders"].tolist()
    assert isinstance(sales.by_month(rows)["amount"].iloc[0], Decimal)


def test_the_superstore_sums_to_its_published_total():
    real("superstore_zh")
    book = Book.open(REPO / "tests" / "books" / "superstore_zh" / "playbook.toml", "2017-12")
    rows = sales.order_rows(book)
    assert sales.total(sales.by_month(rows)["amount"]) == Decimal("16117548.2370")
    assert sales.distinct_orders(rows)["orders"].iloc[0] == 2773
    assert acquisition.new_customers(book)["new_customers"].sum() == 790
    assert sales.total(sales.by_month(rows, ["region"])["amount"]) == Decimal("16117548.2370")


def test_the_maven_crm_sums_by_office():
    real("crm_maven")
    book = Book.open(REPO / "tests" / "books" / "crm_maven" / "playbook.toml", "2017-12")
    frame = sales.by_month(sales.order_rows(book), ["region"])
    assert {
        r: float(sales.total(g["amount"])) for r, g in frame.groupby("region")
    } == pytest.approx({"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594})


@pytest.mark.parametrize("lines", [0, 1])
def test_orders_of_any_dimension_are_counted_as_rows_where_each_row_is_one(lines, monkeypatch):
    rows = ORDERS.iloc[1 - lines :]  # with or without the second line of O1
    asked, count = [], sales.by_month
    monkeypatch.setattr(
        sales,
        "by_month",
        lambda rows, by, unique=False: asked.append(unique) or count(rows, by, unique=unique),
    )
    settings = {"book": {"name": "toy", "currency": "CNY", "stages": ["lead", "won"]}}
    given = rows.drop(columns=["rep_id", "channel", "cost"])
    made = split_months(Book.from_frames(orders=given, settings=settings), ("kind",))
    january = made[(made["month"] == Month(2023, 1)) & (made["kind"] == "not given")]
    assert asked == [not lines] and january["orders"].tolist() == [2]
