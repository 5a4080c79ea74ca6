"""A single bad row is set aside and said; too many refuse the book."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from folders import TOML, check, only, says

from playbook.data import sources
from playbook.data.book import Book
from playbook.data.dates import Judged, judge

HEAD = "order_id,date,customer_id,amount\n"


def good(n: int) -> str:
    return "".join(f"O{i},2023-01-{1 + i % 28:02d},C{i % 7},5\n" for i in range(n))


@pytest.mark.parametrize(
    ("row", "found", "place"),
    [
        ("X,2023-01-05,C1,abc", "1 value is not an amount", "orders.amount in orders.csv"),
        ("X,2023-13-05,C1,5", "1 value cannot be read as dates", "orders.date in orders.csv"),
        ("X,05/13/2023,C1,5", "1 value cannot be read as dates", "orders.date in orders.csv"),
        ("X,05/03/2023,C1,5", "1 value cannot be read as dates", "orders.date in orders.csv"),
        (",2023-01-05,C1,5", "1 row without order_id", "orders.order_id in orders.csv"),
        ("X,1905-01-05,C1,5", "1 row with date outside 1990", "orders.date in orders.csv"),
        ("Total,,,1000", "a total row among the data", "orders in orders.csv"),
        (HEAD.strip(), "the header comes again among the rows", "orders in orders.csv"),
    ],
)
def test_one_bad_row_of_two_hundred_is_set_aside(tmp_path, row, found, place):
    report = check(tmp_path, orders=HEAD + good(200) + row + "\n")
    problem = only(report, "warning")
    says(problem, found, rows=1, place=place)
    assert problem.found.endswith(": set aside, 0.50% of 201 rows")
    assert problem.rows[0].startswith("line 202:")
    assert report.ok and report.tables[0].rows == 200
    assert Book.open(tmp_path).relation("orders").aggregate("sum(amount)").fetchall() == [(1000,)]


def test_the_share_counts_all_bad_rows_of_the_table(tmp_path):
    bad = "X1,2023-01-05,C1,abc\nX2,2023-13-05,C1,5\n,,,x\n"
    report = check(tmp_path, orders=HEAD + good(200) + bad)
    assert not report.ok and all(
        "at most 1.0% of rows may be set aside ([book] bad_rows), here 1.5% would be" in p.expected
        for p in report.errors
    )
    toml = TOML + "bad_rows = 0.02\n"
    wide = check(tmp_path / "b", toml=toml, orders=HEAD + good(200) + bad)
    assert wide.ok and wide.tables[0].rows == 200
    counts = [p.count for p in wide.warnings]
    assert counts == [1, 1, 1, 2]  # the last row has three faults, and is one row


def test_none_is_set_aside_where_the_settings_say_so_or_the_book_is_small(tmp_path):
    toml = TOML + "bad_rows = 0\n"
    rows = HEAD + good(200) + "X,2023-01-05,C1,abc\n"
    problem = only(check(tmp_path, toml=toml, orders=rows))
    assert problem.found == "1 value is not an amount"
    small = only(check(tmp_path / "b", orders=HEAD + good(20) + "X,2023-01-05,C1,abc\n"))
    assert "set aside" not in small.expected


def test_a_deal_closed_before_created_is_set_aside_with_its_share(tmp_path):
    deals = "opportunity_id,created,closed,outcome,stage,amount\n" + "".join(
        f"D{i},2023-01-02,2023-02-03,won,won,5\n" for i in range(150)
    )
    report = check(tmp_path, opportunities=deals + "X,2023-02-05,2023-01-03,won,won,5\n")
    found = [p.found for p in report.warnings]
    assert "1 row with closed before created: set aside, 0.66% of 151 rows" in found and report.ok


def test_of_rows_with_one_key_the_first_is_kept(tmp_path):
    customers = "customer_id,name\n" + "".join(f"C{i},Name {i}\n" for i in range(150))
    report = check(tmp_path, orders=HEAD + good(50), customers=customers + "C7,Again\n")
    says(only(report, "warning"), "1 key used by more than one row: set aside, 0.66% of 151 rows")
    book = Book.open(tmp_path)
    name = book.relation("customers").filter("customer_id = 'C7'").project("name").fetchall()
    assert name == [("Name 7",)]


def test_faults_of_a_whole_column_still_refuse_the_book(tmp_path):
    rows = "".join(f"O{i},0{1 + i % 9}/0{1 + i % 8}/2023,C1,5\n" for i in range(300))
    says(only(check(tmp_path, orders=HEAD + rows)), "every date can be read day first and month")


def test_rows_of_a_query_and_of_a_mapping_are_set_aside(tmp_path):
    rows = HEAD + good(200) + "X,2023-01-05,C1,abc\n"
    for name, mapping in (("query", 'sql = "SELECT * FROM e"'), ("mapping", 'from = "e"')):
        toml = TOML + f'[sources.e]\nfile = "e.csv"\n[tables.orders]\n{mapping}\n'
        report = check(tmp_path / name, toml=toml, e=rows)
        says(only(report, "warning"), "1 value is not an amount: set aside, 0.50% of 201 rows")
        assert report.ok and report.tables[0].rows == 200


def test_what_refers_to_a_row_set_aside_is_said(tmp_path):
    customers = "customer_id,name,size_employees\n" + "".join(
        f"C{i},Name {i},5\n" for i in range(150)
    )
    orders = HEAD + good(200) + "X,2023-01-05,C150,5\n"
    report = check(tmp_path, orders=orders, customers=customers + "C150,Name,many\n")
    assert report.ok and [p.found for p in report.warnings] == [
        "1 value is not a whole number: set aside, 0.66% of 151 rows",
        "1 row whose customer_id is not in customers: kept, without what customer_id would tell",
    ]


@pytest.mark.parametrize("row", ["X,2023-01-05,C1", "X,2023-01-05,C1,5,6", "X,2023-01-05,C1,,x,,9"])
def test_a_row_that_does_not_fit_the_header_is_set_aside(tmp_path, row):
    report = check(tmp_path, orders=HEAD + good(100) + row + "\n" + good(100).replace("O", "P"))
    problem = only(report, "warning")
    says(problem, "cells where the header has 4: set aside, 0.50% of 201 rows", rows=1)
    assert problem.rows[0].startswith("line 102:") and report.ok and report.tables[0].rows == 200
    some = "".join(f"{row}\n" for _ in range(3))
    assert not check(tmp_path / "b", orders=HEAD + good(200) + some).ok


def test_rows_of_large_parquet_files_are_left_out_of_the_view_on_them(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "LAZY_ROWS", 100)
    for part, bad in (("a", 7), ("b", None)):
        rows = [[f"{part}{i}", date(2023, 1, 1 + i % 31), "C1", "5"] for i in range(150)]
        if bad:
            rows[bad][3] = "abc"
        columns = dict(zip(HEAD.strip().split(","), zip(*rows, strict=True), strict=True))
        (tmp_path / "sales").mkdir(exist_ok=True)
        pq.write_table(pa.table(columns), tmp_path / "sales" / f"{part}.parquet")
    toml = TOML + '[sources.orders]\nfile = "sales"\n'
    report = check(tmp_path, toml=toml)
    says(only(report, "warning"), "1 value is not an amount: set aside, 0.33% of 300 rows", rows=1)
    assert "row 8" in only(report, "warning").rows[0] and report.tables[0].rows == 299
    book = Book.open(tmp_path)
    assert book.read.lazy == {"orders"}
    assert book.relation("orders").filter("order_id IN ('a7', 'b7')").project(
        "order_id"
    ).fetchall() == [("b7",)]


def test_a_few_days_of_another_form_are_slips_and_more_of_them_two_exports() -> None:
    """All, year first, day first, month first, plain, serial, months, epoch, year last."""
    slip, two = (100, 0, 99, 40, 0, 0, 0, 0, 100), (100, 0, 98, 40, 0, 0, 0, 0, 100)
    assert judge(slip, "day", few=0.01) == Judged(("day first",))
    assert judge(two, "day", few=0.01).problem is not None
    assert judge(slip, "day").problem is not None  # bad_rows = 0: refused at the first
    mirrored = (100, 0, 40, 99, 0, 0, 0, 0, 100)
    assert judge(mirrored, "day", few=0.01) == Judged(("month first",))
    last, more = (100, 99, 1, 1, 0, 0, 0, 0, 1), (100, 98, 2, 2, 0, 0, 0, 0, 2)
    assert judge(last, "day", few=0.01).problem is None
    assert judge(more, "day", few=0.01).problem is not None
    # every day reads both ways but one: that one says which, and is no slip
    told = (100, 0, 100, 99, 0, 0, 0, 0, 100)
    assert judge(told, "day", few=0.01) == Judged(("day first",))
