"""A book opened once for all processes of a run."""

from __future__ import annotations

import shutil

import pytest

from playbook.base.places import EXPECTED_DATA
from playbook.data import ahead, opening
from playbook.data.book import Book

TOML = """
[book]
name = "north"
[sources.orders]
file = "orders.csv"
[tables.orders]
from = "orders"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(ahead, "_kept", {})
    (tmp_path / "playbook.toml").write_text(TOML)
    (tmp_path / "orders.csv").write_text(
        "order_id,date,customer_id,amount\nO1,2023-01-05,C1,100\nO2,2023-02-28,C2,50\n"
    )
    return tmp_path


def test_a_run_takes_the_book_that_was_opened_for_it(folder, monkeypatch):
    opening.open_book(str(folder), "")
    (_, read) = ahead._kept[folder.resolve()]
    assert Book.open(folder).read is not read  # outside a run the files are read
    monkeypatch.setenv(EXPECTED_DATA, f"{read.fingerprint} {folder}")
    taken = Book.open(folder)
    assert taken.read is read and str(taken.month) == "2023-02"
    assert str(Book.open(folder, "2023-01").month) == "2023-01"  # any month of the same data


def test_other_data_than_the_run_began_with_are_not_taken(folder, monkeypatch):
    opening.open_book(str(folder), "")
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


def test_a_book_that_cannot_be_opened_or_is_large_is_left_alone(folder, monkeypatch):
    monkeypatch.setattr(ahead, "MOST_ROWS", 1)
    opening.open_book(str(folder), "")
    (folder / "orders.csv").write_text("order_id\nO1\n")
    monkeypatch.setattr(ahead, "MOST_ROWS", 10)
    opening.open_book(str(folder), "")
    opening.open_book(str(folder / "nowhere"), "")
    assert ahead._kept == {}


def test_what_was_worked_out_is_there_for_every_view_of_the_day(folder):
    book = Book.open(folder)
    assert book.columns_with_values("orders") == {"order_id", "date", "customer_id", "amount"}
    other = Book(book.settings, book.read, book.as_of)
    assert other._filled_cache is book._filled_cache
    assert book.at(book.month.start)._filled_cache is not book._filled_cache
