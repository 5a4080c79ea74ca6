"""A book opened once for all processes of a run."""

from __future__ import annotations

import shutil
from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest

from playbook.base.places import EXPECTED_DATA, SNAPSHOT
from playbook.cli import opening as opening_of_packs
from playbook.cli.opening import frozen
from playbook.data import ahead, opening, snapshot, sources
from playbook.data.book import Book
from playbook.data.measures import facts, sales
from playbook.data.measures.acquisition import new_customers
from playbook.data.measures.frames import collect
from playbook.data.measures.repurchase import repeat_counts
from playbook.data.memo import answers_of
from playbook.data.snapshot import freeze

TOML = """
[book]
name = "north"
[sources.orders]
file = "orders.csv"
[tables.orders]
from = "orders"
"""


def opened(folder, month=""):
    """As a run does: its driver freezes the book, the forked process opens what it froze."""
    book = Book.open(folder, month)
    home = folder / f"run-{len(list(folder.glob('run-*')))}" / "book"
    opening.open_frozen(str(folder), month, str(freeze(book.settings, book.read, home)))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(ahead, "_kept", {})
    (tmp_path / "playbook.toml").write_text(TOML)
    (tmp_path / "orders.csv").write_text(
        "order_id,date,customer_id,amount\nO1,2023-01-05,C1,100\nO2,2023-02-28,C2,50\n"
    )
    return tmp_path


def test_a_run_takes_the_book_that_was_opened_for_it(folder, monkeypatch):
    opened(folder)
    (_, read) = ahead._kept[folder.resolve()]
    assert Book.open(folder).read is not read  # outside a run the files are read
    monkeypatch.setenv(EXPECTED_DATA, f"{read.fingerprint} {folder}")
    taken = Book.open(folder)
    assert taken.read is read and str(taken.month) == "2023-02"
    assert str(Book.open(folder, "2023-01").month) == "2023-01"  # any month of the same data


def test_chapters_find_tables_and_counts_that_two_of_them_ask_for(folder, monkeypatch):
    opened(folder)
    (_, read) = ahead._kept[folder.resolve()]
    monkeypatch.setenv(EXPECTED_DATA, f"{read.fingerprint} {folder}")
    taken = Book.open(folder)
    assert {name for *_, name in vars(read)["_settled"]} == {"orders"}
    bound = taken.relation("orders")
    assert taken.relation("orders") is bound  # written down already: not once more
    known = set(answers_of(taken))
    assert "degenerate" in known and facts.degenerate(taken) and set(answers_of(taken)) == known


def test_other_data_than_the_run_began_with_are_not_taken(folder, monkeypatch):
    opened(folder)
    (_, read) = ahead._kept[folder.resolve()]
    for other in (f"somethingelse {folder}", f"{read.fingerprint} {folder.parent}", ""):
        monkeypatch.setenv(EXPECTED_DATA, other)
        assert ahead.kept(folder) is None
    copy = folder / "copy"
    copy.mkdir()
    for name in ("playbook.toml", "orders.csv"):
        shutil.copy(folder / name, copy)
    monkeypatch.setenv(EXPECTED_DATA, f"{read.fingerprint} {copy}")
    assert ahead.kept(copy) is None  # was never opened


def test_a_book_that_is_not_frozen_or_is_large_is_left_alone(folder, monkeypatch):
    monkeypatch.setattr(ahead, "MOST_ROWS", 1)
    opened(folder)
    (folder / "none").mkdir()
    opening.open_frozen(str(folder), "", str(folder / "none"))  # the driver says: no snapshot
    opening.open_frozen(str(folder), "", str(folder / "gone" / "book"))  # the run is over
    assert ahead._kept == {}


def test_a_snapshot_that_is_still_written_is_waited_for(folder, monkeypatch):
    book, home = Book.open(folder), folder / "book"

    def ends(seconds):
        assert seconds == opening.PAUSE
        freeze(book.settings, book.read, folder / "part").rename(home)

    monkeypatch.setattr(opening.time, "sleep", ends)
    opening.open_frozen(str(folder), "", str(home))
    assert ahead._kept[folder.resolve()][1].fingerprint == book.fingerprint


def test_what_was_worked_out_is_there_for_every_view_of_the_day(folder):
    book = Book.open(folder)
    assert book.columns_with_values("orders") == {"order_id", "date", "customer_id", "amount"}
    other = Book(book.settings, book.read, book.as_of)
    assert other._filled_cache is book._filled_cache
    assert book.at(book.month.start)._filled_cache is not book._filled_cache


def test_a_large_book_is_joined_and_counted_once_for_all_chapters(folder, monkeypatch):
    monkeypatch.setattr(sources, "LAZY_ROWS", 0)
    rows = (
        "order_id,date,customer_id,amount,rep_id\nO1,2023-01-05,C1,100,R1\nO2,2023-02-28,C2,5,R1\n"
    )
    duckdb.sql(f"COPY (FROM read_csv('{_csv(folder, rows)}')) TO '{folder}/orders.parquet'")
    (folder / "playbook.toml").write_text(TOML.replace("csv", "parquet"))
    whole = Book.open(folder)
    assert whole.read.lazy == {"orders"}
    home = folder / "book"
    freeze(whole.settings, whole.read, home, (whole.as_of,))
    opening.open_frozen(str(folder), "", str(home))
    assert ahead._kept == {}, "each process opens the snapshot itself"
    monkeypatch.setenv(EXPECTED_DATA, f"{whole.fingerprint} {folder}")
    monkeypatch.setenv(SNAPSHOT, str(home))
    taken = Book.open(folder)
    shared = {("monthly", "rep"), ("kept", "order_rows"), ("kept", "first_purchases")}
    shared |= {"repeats", "degenerate"}
    assert taken.read is not whole.read and shared <= set(answers_of(taken))
    assert new_customers(taken).equals(new_customers(whole)) and taken.facts() == whole.facts()
    assert taken.facts() is Book(taken.settings, taken.read, taken.as_of).facts()
    assert repeat_counts(taken).equals(repeat_counts(whole))
    for by in ((), ("rep",), ("region",)):
        assert sales.monthly(taken, by).equals(sales.monthly(whole, by))
    days = collect(sales.order_rows(taken), sort=["order_id"])
    assert days.equals(collect(sales.order_rows(whole), sort=["order_id"]))
    assert taken.has("orders", "rep_id") and not taken.has("orders", "cost")
    assert sales.monthly(taken.at(date(2023, 1, 31)))["amount"].tolist() == [100]
    ahead._answers.clear()
    ahead._kept.clear()
    assert sales.monthly(Book.open(folder)).equals(sales.monthly(whole)), (
        "without, it counts itself"
    )


def test_rows_of_a_large_book_are_written_customer_by_customer(folder, monkeypatch):
    monkeypatch.setattr(sources, "LAZY_ROWS", 0)
    rows = "SELECT 'O' || i AS order_id, DATE '2023-01-05' AS date, 'C' || (i % 7) AS customer_id"
    duckdb.sql(f"COPY ({rows}, 1 AS amount FROM range(70) r(i)) TO '{folder}/orders.parquet'")
    (folder / "playbook.toml").write_text(TOML.replace("csv", "parquet"))
    whole = Book.open(folder)
    freeze(whole.settings, whole.read, folder / "book", (whole.as_of,))
    written = duckdb.sql(f"FROM '{folder}/book/*.parquet'").df()["customer_id"]
    assert len(written) == 70 and (written != written.shift()).sum() == 7


def test_values_that_come_once_are_written_without_a_list_of_them(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot, "BATCH", 100)
    rows = (
        "SELECT 'O' || i AS order_id, i % 5 AS kind, NULL AS cost, [i] AS parts FROM range({}) r(i)"
    )
    for count in (0, 50, 250):
        path = tmp_path / f"{count}.parquet"
        assert snapshot.write(duckdb.sql(rows.format(count)), path) >= {"cost"}
        assert len(pq.read_table(path)) == count
    columns = pq.ParquetFile(path).metadata.row_group(0)
    listed = {columns.column(i).path_in_schema: columns.column(i).encodings for i in range(2)}
    assert "RLE_DICTIONARY" in listed["kind"] and "RLE_DICTIONARY" not in listed["order_id"]


def test_what_cannot_be_worked_out_ahead_is_left_to_the_chapters(capfd):
    def fails():
        raise ValueError("no room")

    assert opening._in_a_child(fails) is None and "no room" in capfd.readouterr().err
    assert opening._in_a_child(lambda: {"a": 1}) == {"a": 1}


def _csv(folder, text):
    (folder / "rows.csv").write_text(text)
    return folder / "rows.csv"


def test_a_large_book_without_room_for_its_copy_is_read_in_place(folder, monkeypatch):
    def full(settings, read, folder, days):
        folder.mkdir()
        raise OSError("No space left on device")

    monkeypatch.setattr(snapshot, "freeze", full)
    small = Book.open(folder)
    with pytest.raises(OSError, match="No space"):
        frozen(small, folder / "copy")
    monkeypatch.setattr(type(small.read), "lazy", {"orders"})
    assert frozen(small, folder / "book") is None
    assert not (folder / "book.part").exists()
    monkeypatch.setattr(opening_of_packs, "MOST_FROZEN", 1)
    assert frozen(small, folder / "other") is None and not (folder / "other.part").exists()
