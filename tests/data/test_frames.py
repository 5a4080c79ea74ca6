"""A book from frames in memory: what files would give, from columns of any type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from playbook.base.errors import DataProblem, ParameterProblem, SettingsProblem
from playbook.data.book import Book
from playbook.data.frames import Frames, typed
from playbook.data.tables import TABLES
from shared import REPO
from toy import ORDERS, rows, toy

SAMPLE = REPO / "data" / "sample"


def cells(book: Book, table: str = "orders", *columns: str) -> list[tuple]:
    relation = book.relation(table)
    return relation.project(", ".join(columns)).fetchall() if columns else relation.fetchall()


def refused(**given) -> list[str]:
    with pytest.raises(DataProblem) as caught:
        Book.from_frames(**given)
    return [
        f"{problem.place}: {problem.found}; {problem.try_}" for problem in caught.value.problems
    ]


def test_every_table_of_the_contract_has_its_keyword():
    assert set(Frames.__annotations__) == set(TABLES)


def test_the_sample_from_frames_is_the_sample_from_files():
    frames = {
        name: pd.read_csv(SAMPLE / f"{name}.csv", dtype=str)
        for name in TABLES
        if (SAMPLE / f"{name}.csv").exists()
    }
    made = Book.from_frames(month="2023-09", settings=SAMPLE / "playbook.toml", **frames)
    read = Book.open(SAMPLE, "2023-09")
    assert made.title == read.title and made.read.given == read.read.given
    for name in read.read.given:
        assert cells(made, name) == cells(read, name), name


def test_typed_columns_are_taken_without_loss():
    frame = pd.DataFrame(
        {
            "order_id": [7, 8, 9],
            "date": pd.to_datetime(["2023-01-05", "2023-02-05", "2023-03-31"]),
            "customer_id": pd.Categorical(["C1", "C2", "C1"]),
            "amount": [Decimal("1.1001"), Decimal("12345678901234.5678"), Decimal("-3")],
            "quantity": [1.5, np.nan, 2.0],
            "rep_id": [1.0, np.nan, 2.0],
            "region": pd.array(["north", pd.NA, None], dtype="string"),
            "paid_date": [date(2023, 1, 6), None, pd.NaT],
        }
    )
    before = frame.copy(deep=True)
    book = Book.from_frames(orders=frame)
    columns = [
        "order_id",
        "date",
        "customer_id",
        "amount",
        "quantity",
        "rep_id",
        "region",
        "paid_date",
    ]
    assert cells(book, "orders", *columns) == [
        ("7", date(2023, 1, 5), "C1", Decimal("1.1001"), 1.5, "1", "north", date(2023, 1, 6)),
        ("8", date(2023, 2, 5), "C2", Decimal("12345678901234.5678"), None, None, None, None),
        ("9", date(2023, 3, 31), "C1", Decimal("-3.0000"), 2.0, "2", None, None),
    ]
    pd.testing.assert_frame_equal(frame, before)


def test_arrow_frames_and_pandas_frames_make_the_same_book():
    frame = rows(ORDERS).assign(amount=[1.5, np.nan, 2.25], quantity=[1, 2, 3])
    frame["amount"] = frame.amount.fillna(4)
    arrow = pa.table({name: pa.array(frame[name].tolist()) for name in reversed(frame.columns)})
    text = arrow.set_column(
        arrow.column_names.index("order_id"), "order_id", pc.dictionary_encode(arrow["order_id"])
    )
    books = [Book.from_frames(orders=given) for given in (frame, arrow, text)]
    assert [cells(book) for book in books[1:]] == [cells(books[0])] * 2
    assert len({book.fingerprint for book in books}) == 1


def test_polars_frames_are_taken_where_polars_is_installed():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {
            "order_id": ["O1", None],
            "date": [date(2023, 1, 5), date(2023, 2, 28)],
            "customer_id": ["C1", None],
            "amount": [1.5, float("nan")],
        },
        schema_overrides={"order_id": polars.Categorical},
    )
    assert refused(orders=frame)[0].startswith(
        "orders.order_id in frame orders (rows from 0): 1 row without order_id"
    )
    whole = frame.with_columns(order_id=polars.Series(["O1", "O2"]), amount=polars.lit(2))
    for given in (whole, whole.lazy()):
        assert cells(Book.from_frames(orders=given), "orders", "amount") == [(Decimal(2),)] * 2


def test_the_fingerprint_is_of_the_content():
    one, same = toy(), toy(orders=rows(ORDERS)[["amount", "date", "customer_id", "order_id"]])
    other = toy(orders=rows(ORDERS.replace("80", "81")))
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert one.fingerprint != toy(settings={"book": {"currency": "EUR"}}).fingerprint
    swapped = rows(ORDERS).iloc[::-1]
    assert toy(orders=swapped).fingerprint != one.fingerprint


def test_month_and_settings():
    assert str(toy().month) == "2023-02"  # March is not closed: its last order is of the 28th
    book = toy(month="2023-03", settings={"book": {"name": "acme", "currency": "EUR"}})
    assert (str(book.month), book.name, book.currency) == ("2023-03", "acme", "EUR")
    with pytest.raises(ParameterProblem, match="2024-01 lies after the data end"):
        toy(month="2024-01")


def test_slips_are_refused_with_suggestions():
    frame = rows(ORDERS)
    assert refused(ordrs=frame)[0] == "frame ordrs: 'ordrs' is no table; did you mean 'orders'?"
    assert refused(orders=frame.rename(columns={"amount": "amuont", "date": "dat"}))[:2] == [
        "orders.dat in frame orders (rows from 0): 'dat' is no column of orders; did you mean"
        " 'date'?",
        "orders.amuont in frame orders (rows from 0): 'amuont' is no column of orders; did you"
        " mean 'amount'?",
    ]
    assert refused(orders=[1])[0].startswith(
        "orders in frame orders (rows from 0): a list, not a frame"
    )
    twice = pd.concat([frame, frame[["amount"]]], axis=1)
    assert "'amount' 2 times; rename or drop one of the two" in refused(orders=twice)[0]
    with pytest.raises(SettingsProblem, match=r"(?s)unknown setting 'book.curency'.*'currency'"):
        toy(settings={"book": {"curency": "EUR"}})
    with pytest.raises(SettingsProblem, match="settings with tables"):
        toy(settings={"tables": {"orders": {"from": "x"}}})
    with pytest.raises(SettingsProblem, match=r"no playbook\.toml"):
        Book.from_frames(orders=frame, settings="nowhere")


def test_all_wrong_cells_are_named_at_once():
    orders = rows(ORDERS).assign(amount=["x", "1", "2"], date=["2023-01-05", "2023-13-05", None])
    deals = rows("opportunity_id stage outcome\nD1 lead maybe")
    with pytest.raises(DataProblem) as caught:
        Book.from_frames(orders=orders, opportunities=deals)
    found = {(p.table, p.column): (p.found, p.rows) for p in caught.value.problems}
    assert found[("orders", "amount")] == (
        "1 value is not an amount",
        ("row 0: amount 'x' (order_id 'O1', date '2023-01-05')",),
    )
    assert found[("orders", "date")][0] == "1 row without date"
    assert found[("opportunities", "outcome")][0] == "1 value is not in the list"


def test_no_orders_and_no_deals_is_refused_in_words_of_frames():
    assert refused() == [
        ": neither orders nor opportunities, nor any other table with days; give a frame with rows"
        " as orders=… or opportunities=…, or another table"
    ]


@pytest.mark.parametrize(
    "values, kind, out",
    [
        ([1, None, pd.NA], pa.int64(), [1, None, None]),
        ([1, 2.5, float("nan")], pa.float64(), [1.0, 2.5, None]),
        ([Decimal("1.50"), 2], pa.decimal128(3, 2), [Decimal("1.50"), Decimal("2.00")]),
        ([Decimal("1.5"), 2.25], pa.string(), ["1.5", "2.25"]),
        (["A", 7.0, 8], pa.string(), ["A", "7", "8"]),
        ([True, np.False_, None], pa.bool_(), [True, False, None]),
        ([date(2023, 1, 5), pd.NaT], pa.date32(), [date(2023, 1, 5), None]),
        (
            [date(2023, 1, 5), datetime(2023, 1, 6)],
            pa.string(),
            ["2023-01-05", "2023-01-06T00:00:00"],
        ),
        ([10**30, 1], pa.string(), [str(10**30), "1"]),
        ([pd.Period("2023-04"), None], pa.string(), ["2023-04", None]),
        (
            [datetime(2023, 1, 6, tzinfo=UTC), datetime(2023, 1, 6)],
            pa.string(),
            ["2023-01-06T00:00:00+00:00", "2023-01-06T00:00:00"],
        ),
        ([], pa.string(), []),
    ],
)
def test_objects_are_typed_without_loss(values, kind, out):
    made = typed(values)
    assert made.type == kind
    assert made.to_pylist() == out
