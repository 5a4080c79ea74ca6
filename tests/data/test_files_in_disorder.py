"""Files that could be read wrong without a word: open quotes, far cells, other scripts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from folders import TOML, check, only, says, write

from playbook.base.settings import load_settings
from playbook.data.book import Book
from playbook.data.checking import check_book

HEAD = "order_id,date,customer_id,amount\n"
ROWS = [f"O{i},2023-01-{i % 27 + 1:02d},C{i % 3},5" for i in range(30)]


def rows(**changed: str) -> str:
    lines = list(ROWS)
    for place, line in changed.items():
        lines[int(place[1:])] = line
    return HEAD + "\n".join(lines) + "\n"


def test_quotes_left_open_in_two_cells_are_refused(tmp_path):
    content = rows(_5='O5,2023-01-05,"C0,5', _20='O20,2023-01-05,"C0,5')
    says(
        only(check(tmp_path, orders=content)),
        "cannot be read as a text table after 5 rows",
        "every quote that opens a text is closed",
        "lone",
    )


def test_a_quote_that_closes_rows_later_is_refused(tmp_path):
    content = rows(_5='O5,2023-01-05,"C0,5', _20='O20,2023-01-05,C0",5')
    problem = only(check(tmp_path, orders=content))
    says(problem, "a quote left open in 1 row: 15 rows stand inside a cell", rows=1)
    assert problem.rows[0].endswith(": O6,2023-01-07,C0,5")


def test_texts_of_several_lines_are_read(tmp_path):
    book = Book.open(write(tmp_path, orders=rows(_5='O5,2023-01-05,"C0\nbis, first, floor",5')))
    names = book.relation("orders").filter("order_id = 'O5'").project("customer_id").fetchall()
    assert names == [("C0\nbis, first, floor",)] and book.facts().tables[0].rows == 30


def workbook(path: Path, *far: tuple[int, int, object]) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet, day = book.add_worksheet("orders"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEAD.strip().split(","))
    for i in range(30):
        sheet.write(i + 1, 0, f"O{i}")
        sheet.write_datetime(i + 1, 1, datetime(2023, 1, i % 27 + 1), day)
        sheet.write(i + 1, 2, f"C{i % 3}")
        sheet.write(i + 1, 3, 5)
    for row, column, value in far:
        sheet.write(row, column, value)
    book.close()


@pytest.mark.parametrize(
    ("far", "named"),
    [
        ([(1_048_575, 16_383, "x")], "1 cell far outside the table left out: XFD1048576"),
        ([(1_048_575, 0, "O99")], "1 cell far outside the table left out: A1048576"),
        ([(0, 16_383, "far")], "1 cell far outside the table left out: XFD1"),
        ([(500, 9_000, 1), (1_048_575, 3, 2)], "2 cells far outside the table left out"),
    ],
)
def test_a_cell_at_the_far_corner_costs_nothing(tmp_path, far, named):
    write(tmp_path)
    workbook(tmp_path / "orders.xlsx", *far)
    report = check_book(tmp_path)
    says(only(report, "warning"), named, "the table alone", "delete the cells")
    assert report.ok and report.tables[0].rows == 30
    book = Book.open(tmp_path)
    assert book.relation("orders").aggregate("sum(amount), min(date)").fetchall() == [
        (150, datetime(2023, 1, 1).date())
    ]


def test_a_large_table_is_no_sparse_one(tmp_path):
    write(tmp_path)
    book = xlsxwriter.Workbook(str(tmp_path / "orders.xlsx"))
    sheet = book.add_worksheet("orders")
    sheet.write_row(0, 0, HEAD.strip().split(",") + [f"extra {i}" for i in range(60)])
    for i in range(4_000):
        sheet.write_row(i + 1, 0, [f"O{i}", "2023-01-05", "C1", 5])
    book.close()
    report = check_book(tmp_path)
    assert report.ok and report.tables[0].rows == 4_000 and not report.warnings


NAMES = {
    "euc-kr": ("서울전자", "부산무역상사", "대한물산 주식회사"),
    "euc-jp": ("東京電機株式会社", "トヨタのおみせ", "ソニーグループ"),
    "cp932": ("東京電機株式会社", "トヨタのおみせ", "ソニーグループ"),
    "big5": ("台北電子股份有限公司", "高雄貿易", "統一超商"),
    "cp1251": ("Ромашка", "Газпром", "Звезда"),
}


@pytest.mark.parametrize("encoding", NAMES)
def test_encodings_of_other_scripts_are_never_read_as_chinese(tmp_path, encoding):
    content = HEAD + "".join(f"O{i},2023-01-05,{n},5\n" for i, n in enumerate(NAMES[encoding]))
    problem = only(check(tmp_path, orders=content.encode(encoding)))
    assert f'encoding = "{encoding}"' in problem.try_, str(problem)
    toml = TOML + (
        f'[sources.e]\nfile = "e.csv"\nencoding = "{encoding}"\n[tables.orders]\nfrom = "e"\n'
    )
    book = Book.open(write(tmp_path / "b", toml, e=content.encode(encoding)), "2023-01")
    names = book.relation("orders").order("order_id").project("customer_id").fetchall()
    assert [name for (name,) in names] == list(NAMES[encoding])


def test_chinese_in_gb18030_is_read_without_being_named(tmp_path):
    names = ("北京电子有限公司", "上海贸易", "赵钱孙李周吴郑王", "鑫淼")
    content = HEAD + "".join(f"O{i},2023-01-05,{n},5\n" for i, n in enumerate(names))
    book = Book.open(write(tmp_path, orders=content.encode("gb18030")), "2023-01")
    rows = book.relation("orders").order("order_id").project("customer_id").fetchall()
    assert [name for (name,) in rows] == list(names)


@pytest.mark.parametrize("encoding", ["rot13", "hex", "unicode_escape", "idna", "klingon"])
def test_codecs_that_are_no_encodings_of_texts(tmp_path, encoding):
    toml = TOML + (
        f'[sources.e]\nfile = "e.csv"\nencoding = "{encoding}"\n[tables.orders]\nfrom = "e"\n'
    )
    says(only(check(tmp_path, toml=toml, e=rows())), f"unknown encoding '{encoding}'")


def test_two_books_without_names_are_two(tmp_path):
    for folder in ("north", "south"):
        write(tmp_path / folder, "[book]\n", orders=rows())
    books = [Book.open(tmp_path / folder) for folder in ("north", "south")]
    assert [book.name for book in books] == ["north", "south"]
    assert load_settings(tmp_path / "north").title == "north"


def test_covers_of_an_unknown_table(tmp_path):
    toml = TOML + "covers.ordres = [2023-01-01]\n"
    says(
        only(check(tmp_path, toml=toml, orders=rows())),
        "[book.covers] names 'ordres', which is no table",
        try_="did you mean 'orders'?",
    )


@pytest.mark.parametrize(
    "words",
    [("订单", "退回", "是"), ("地区", "地区经理", "杨健"), ("单号", "金额", "备注", "已付")],
)
def test_a_few_common_chinese_words_are_chinese(tmp_path, words):
    """A short sheet in gb18030 may spell letters of other scripts too: it is read, not refused."""
    content = HEAD + "".join(f"O{i},2023-01-05,{n},5\n" for i, n in enumerate(words))
    book = Book.open(write(tmp_path, orders=content.encode("gb18030")), "2023-01")
    rows = book.relation("orders").order("order_id").project("customer_id").fetchall()
    assert [name for (name,) in rows] == list(words)


def test_one_korean_name_is_enough_to_ask(tmp_path):
    """A text of two syllables that is valid Chinese too is asked about, not read as 눈깊."""
    content = HEAD + "".join(f"O{i},2023-01-05,{'김이'[i % 2]},5\n" for i in range(4))
    problem = only(check(tmp_path, orders=content.encode("euc-kr")))
    assert 'encoding = "euc-kr"' in problem.try_, str(problem)


@pytest.mark.parametrize("names", [("北京", "上海"), ("王伟",), ("华为技术有限公司", "腾讯")])
def test_a_few_chinese_words_are_chinese(tmp_path, names):
    content = HEAD + "".join(f"O{i},2023-01-05,{n},5\n" for i, n in enumerate(names))
    book = Book.open(write(tmp_path, orders=content.encode("gb18030")))
    assert {c for (c,) in book.relation("orders").project("customer_id").fetchall()} == set(names)


def test_control_characters_inside_words_are_taken_out_and_counted(tmp_path):
    lines = rows(_1="O1,2023-01-05,C\x011,5", _2="O2,2023-01-05,North\x0bEast,\x1f7\x7f")
    write(tmp_path, orders=lines + "\x1a\n")
    (said,) = check_book(tmp_path).warnings
    says(said, "control characters in 3 cells: read without them", "can be seen", "clean")
    assert said.count == 3
    orders = Book.open(tmp_path).relation("orders")
    found = orders.filter("order_id IN ('O1', 'O2')").order("order_id")
    assert found.project("customer_id, amount").fetchall() == [("C1", 5), ("North East", 7)]
    assert orders.aggregate("count(*)").fetchall() == [(30,)]
