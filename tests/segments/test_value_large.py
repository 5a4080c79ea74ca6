"""A file too large to copy: read in place, on all cores, with the answers of plain SQL."""

import os

import duckdb
import pytest

from playbook import segments
from playbook.data.book import Book
from playbook.data.sources import LAZY_ROWS

CUSTOMERS = 700


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    (folder / "playbook.toml").write_text('[book]\nname = "large"\n', encoding="utf-8")
    duckdb.sql(
        f"""COPY (SELECT 'O' || lpad((i // 2)::VARCHAR, 7, '0') AS order_id,
        DATE '2021-01-01' + (hash(i // 2) % 900)::INTEGER AS date,
        'C' || ((hash(i // 2) // 7) % {CUSTOMERS})::VARCHAR AS customer_id,
        ((hash(i) % 9000)::INTEGER - 300)::DECIMAL(18, 4) AS amount
        FROM range({LAZY_ROWS + 1000}) t(i)) TO '{folder / "orders.parquet"}' (FORMAT parquet)"""
    )
    return Book.open(folder, "2023-05")


def test_a_file_read_in_place_gets_all_cores_and_a_small_book_one(large, tmp_path):
    def threads(book):
        return book.read.connection.execute("SELECT current_setting('threads')").fetchall()[0][0]

    assert "orders" in large.read.lazy and threads(large) == len(os.sched_getaffinity(0))
    (tmp_path / "playbook.toml").write_text('[book]\nname = "small"\n', encoding="utf-8")
    (tmp_path / "orders.csv").write_text(
        "order_id,date,customer_id,amount\n1,2023-05-31,a,5\n", encoding="utf-8"
    )
    assert threads(Book.open(tmp_path)) == 1


def test_orders_of_two_lines_count_once_as_in_plain_sql(large):
    found = segments.rfm(large)
    ((active, orders, net),) = large.read.connection.execute("""
        SELECT count(DISTINCT customer_id) FILTER (amount >= 0),
            count(DISTINCT (customer_id, order_id)) FILTER (amount >= 0), sum(amount)::DOUBLE
        FROM book.orders WHERE date BETWEEN DATE '2021-06-01' AND DATE '2023-05-31'""").fetchall()
    assert (found.active, int(found.customers["orders"].sum())) == (active, orders)
    assert found.table["revenue"].sum() == pytest.approx(net)
    moved = segments.movement(large)
    assert moved.table["start"].sum() == moved.table["end"].sum() == len(moved.customers)
