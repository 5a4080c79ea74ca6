"""Files as people have them: separators, encodings, workbooks, Parquet, databases, headers of their
own, days and ids of all kinds.
"""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import narwhals as nw
import pytest
import xlsxwriter
from folders import CUSTOMERS, ORDERS, TOML, check, only, says, write

from playbook.base.settings import load_settings
from playbook.data import sources
from playbook.data.book import Book
from playbook.data.checking import check_book
from playbook.data.headrows import header_place

MAPPED = TOML + '[sources.erp]\n{source}\n[tables.orders]\nfrom = "erp"\n'


def orders(folder: Path, month: str = "2023-03") -> list[tuple]:
    return (
        Book.open(folder, month)
        .relation("orders")
        .project("order_id, date, customer_id, amount")
        .order("order_id")
        .fetchall()
    )


EXPECTED = [
    ("O1", date(2023, 1, 5), "C1", Decimal("100.0000")),
    ("O2", date(2023, 2, 6), "C2", Decimal("250.5000")),
    ("O3", date(2023, 3, 31), "C1", Decimal("75.0000")),
]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_separators_and_encodings_are_found(tmp_path, separator, encoding):
    content = ORDERS.replace("C1", "客户一").replace(",", separator).encode(encoding)
    rows = orders(write(tmp_path, orders=content))
    assert [row[2] for row in rows] == ["客户一", "C2", "客户一"] and [row[3] for row in rows] == [
        row[3] for row in EXPECTED
    ]


def test_marks_line_ends_quotes_blanks_and_spare_columns(tmp_path):
    content = (
        '\ufeffcustomer_id,amount,date,order_id,remark,\r\n"C\r\n1", 100.00 ,2023-01-05,O1,"He said'
        ' ""no"",'
        ' twice",\r\n\r\nC2,250.5,2023-02-06,O2,,\r\nC3,75,2023-03-31,O3,x,,,\r\n,,,,,\r\n\r\n'
    )
    report = check(tmp_path, orders=content)
    assert report.ok and not report.problems
    assert [(row[0], row[2], row[3]) for row in orders(tmp_path)] == [
        ("O1", "C\r\n1", 100),
        ("O2", "C2", Decimal("250.5")),
        ("O3", "C3", 75),
    ]


def test_lines_are_counted_past_quoted_line_breaks_and_blank_lines(tmp_path):
    content = 'order_id,date,customer_id,amount\n"O\n1",2023-01-05,C1,5\n\nO2,2023-01-05,C1,oops\n'
    assert only(check(tmp_path, orders=content)).rows[0].startswith("line 5: amount 'oops'")


def test_headers_of_ours_written_otherwise(tmp_path):
    content = ORDERS.replace("order_id,date,customer_id,amount", "Order ID,DATE,customer-id,Amount")
    says(
        only(check(tmp_path, orders=content), "warning"),
        "'Order ID' as order_id, 'DATE' as date",
        "names of the contract",
        "rename",
    )
    assert orders(tmp_path) == EXPECTED


def test_two_headers_for_one_column(tmp_path):
    content = "order_id,Order ID,date,customer_id,amount\nO1,O1,2023-01-05,C1,5\n"
    says(
        only(check(tmp_path, orders=content)),
        "both 'order_id' and 'Order ID' look like order_id",
        "one column",
    )


def test_ids_stay_texts(tmp_path):
    rows = orders(
        write(
            tmp_path,
            orders="order_id,date,customer_id,amount\n0123,2023-03-05,007,5\n1e5,2023-03-06,C,5\n",
        )
    )
    assert [(row[0], row[2]) for row in rows] == [("0123", "007"), ("1e5", "C")]


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        ("2023-03-05", date(2023, 3, 5)),
        ("2023/3/5", date(2023, 3, 5)),
        ("2023.03.05", date(2023, 3, 5)),
        ("2023年3月5日", date(2023, 3, 5)),
        ("20230305", date(2023, 3, 5)),
        ("45000", date(2023, 3, 15)),
        ("13/03/2023", date(2023, 3, 13)),
        ("03/13/2023", date(2023, 3, 13)),
        ("2023-03-05 23:59:59", date(2023, 3, 5)),
        ("2023-03-31T23:30:00+08:00", date(2023, 3, 31)),
        ("2023-03-05T10:00:00Z", date(2023, 3, 5)),
    ],
)
def test_days_that_mean_one_day(tmp_path, day, kept):
    assert [
        row[1]
        for row in orders(
            write(tmp_path, orders=f"order_id,date,customer_id,amount\nO1,{day},C1,5\n")
        )
    ] == [kept]


@pytest.mark.parametrize(
    ("dates", "day", "kept"),
    [
        ('dates = "%d/%m/%Y"', "03/04/2023", date(2023, 4, 3)),
        ('dates = "%m/%d/%Y"', "03/04/2023", date(2023, 3, 4)),
        ('dates = "%d-%b-%y"', "05-Mar-23", date(2023, 3, 5)),
        ('dates = { date = "%d.%m.%Y" }', "03.04.2023", date(2023, 4, 3)),
    ],
)
def test_days_in_a_declared_form(tmp_path, dates, day, kept):
    folder = write(
        tmp_path,
        MAPPED.format(source=f'file = "erp.csv"\n{dates}'),
        erp=f"order_id,date,customer_id,amount\nO1,{day},C1,5\n",
    )
    assert [row[1] for row in orders(folder, "")] == [kept]
    toml = (
        TOML + f'[sources.erp]\nfile = "erp.csv"\n{dates}\n[tables.orders]\nsql = "SELECT order_id,'
        ' CAST(date AS DATE) AS date, customer_id, amount FROM erp"\n'
    )
    assert [row[1] for row in orders(write(tmp_path, toml), "")] == [kept]


def test_declared_forms_that_fail_are_told(tmp_path):
    content = "order_id,date,customer_id,amount\nO1,05/03/2023,C1,5\nO2,05/13/2023,C1,5\n"
    says(
        only(
            check(
                tmp_path,
                toml=MAPPED.format(source='file = "erp.csv"\ndates = "%d/%m/%Y"'),
                erp=content,
            )
        ),
        "written year last, the others are not",
        rows=1,
    )
    says(
        only(
            check(tmp_path, toml=MAPPED.format(source='file = "erp.csv"\ndates = "%Q"'), erp=ORDERS)
        ),
        "no strptime form",
        "%d/%m/%Y",
    )
    says(
        only(
            check(
                tmp_path,
                toml=MAPPED.format(source='file = "erp.csv"\ndates = { dat = "%d" }'),
                erp=ORDERS,
            )
        ),
        "'dat'",
        try_="did you mean 'date'?",
    )


def workbook(path: Path, sheets: dict[str, list[list]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, (date, datetime)):
                        sheet.write_datetime(i, j, datetime(cell.year, cell.month, cell.day), form)
                    elif isinstance(cell, str):
                        sheet.write_string(i, j, cell)
                    elif cell is not None:
                        sheet.write(i, j, cell)


def test_a_workbook_of_sheets_named_after_tables(tmp_path):
    rows = [
        ["order_id", "date", "customer_id", "amount", None],
        ["O1", date(2023, 1, 5), 1, "100.00"],
        ["O2", date(2023, 2, 6), 2, 250.5],
        [],
        ["O3", date(2023, 3, 31), 1, 75],
        [None, None, None, None],
    ]
    folder = write(tmp_path)
    workbook(
        folder / "export.xlsx",
        {
            "Orders": rows,
            "customers": [["customer_id", "name"], [1, "Alpha"], [2, "Beta"]],
            "notes": [["anything"]],
        },
    )
    assert [(row[0], row[2]) for row in orders(folder)] == [("O1", "1"), ("O2", "2"), ("O3", "1")]
    assert [row[3] for row in orders(folder)] == [row[3] for row in EXPECTED] and check_book(
        folder
    ).ok


def test_rows_of_a_workbook_are_named_as_it_counts_them(tmp_path):
    folder = write(tmp_path)
    workbook(
        folder / "orders.xlsx",
        {
            "Sheet1": [
                [],
                ["order_id", "date", "customer_id", "amount"],
                ["O1", date(2023, 1, 5), "C1", 5],
                ["O2", date(2023, 1, 6), "C1", "five"],
            ]
        },
    )
    assert only(check_book(folder)).rows[0].startswith("row 4: amount 'five'")


def test_a_damaged_workbook_is_named(tmp_path):
    folder = write(tmp_path)
    workbook(folder / "orders.xlsx", {"Sheet1": [ORDERS.splitlines()[0].split(",")] * 50})
    whole = (folder / "orders.xlsx").read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 30):
        (folder / "orders.xlsx").write_bytes(whole[:cut])
        assert "workbook" in only(check_book(folder)).found
    for at in range(30, len(whole), 997):
        (folder / "orders.xlsx").write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
        assert check_book(folder).problems


def test_a_sheet_that_is_not_there(tmp_path):
    folder = write(tmp_path, MAPPED.format(source='file = "erp.xlsx"\nsheet = "Order"'))
    workbook(folder / "erp.xlsx", {"Orders": [["order_id"]]})
    says(only(check_book(folder)), "no sheet 'Order'", try_="did you mean 'Orders'?")


def test_workbook_days_stored_as_numbers(tmp_path):
    folder = write(tmp_path)
    workbook(
        folder / "orders.xlsx",
        {
            "S": [
                ["order_id", "date", "customer_id", "amount"],
                ["O1", 44931, "C1", 5],
                ["O2", 45016, "C1", 5],
            ]
        },
    )
    assert [row[1] for row in orders(folder)] == [date(2023, 1, 5), date(2023, 3, 31)]


def test_several_files_of_one_kind(tmp_path):
    head, *rows = ORDERS.splitlines()
    files = {f"part{i}": f"{head}\n{row}\n" for i, row in enumerate(rows)}
    folder = write(tmp_path, MAPPED.format(source='file = "part*.csv"'), **files)
    assert orders(folder) == EXPECTED and [
        file["rows"] for file in Book.open(folder).read.files
    ] == [1, 1, 1]
    write(folder, MAPPED.format(source='file = "part*.csv"'), part1=f"{head}\nO2,2023-13-06,C2,5\n")
    assert only(check_book(folder)).rows[0].startswith("part1.csv line 2:")
    write(folder, MAPPED.format(source='file = "part*.csv"'), part1="other,columns\n1,2\n")
    says(only(check_book(folder)), "its columns differ from those of part0.csv", "same columns")


def test_a_file_without_a_header(tmp_path):
    body = "".join(ORDERS.splitlines(keepends=True)[1:])
    folder = write(
        tmp_path,
        MAPPED.format(
            source='file = "erp.csv"\nheader = ["order_id", "date", "customer_id", "amount"]'
        ),
        erp=body,
    )
    assert orders(folder) == EXPECTED
    says(
        only(
            check(
                tmp_path,
                toml=MAPPED.format(source='file = "erp.csv"\nheader = ["order_id"]'),
                erp=body,
            )
        ),
        "header names 1 column, the first row has 4",
    )


TITLES = "Sales report, September\n\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_titles_above_the_header_are_skipped_when_told_and_named_when_not(tmp_path, separator):
    body = TITLES + ORDERS.replace(",", separator)
    says(
        only(check(tmp_path, orders=body)),
        "line 3 looks like the header: order_id, date",
        "column names above",
        'file = "orders.csv", skip = 2',
        place="orders.csv",
    )
    folder = write(tmp_path, MAPPED.format(source='file = "erp.csv"\nskip = 2'), erp=body)
    assert orders(folder) == EXPECTED
    wrong = body.replace("2023-01-05", "2023-13-05")
    assert (
        only(check(tmp_path, toml=MAPPED.format(source='file = "erp.csv"\nskip = 2'), erp=wrong))
        .rows[0]
        .startswith("line 4:")
    )
    says(
        only(check(tmp_path, toml=MAPPED.format(source='file = "erp.csv"\nskip = 90'), erp=body)),
        "nothing below 90 lines",
        "a header row",
        "correct skip",
    )


def test_titles_with_a_break_in_quotes_and_a_lone_quote_are_skipped_line_by_line(tmp_path):
    body = '5" and "more\n"two\n' + ORDERS.replace("C1", '"C1"')
    folder = write(tmp_path, MAPPED.format(source='file = "erp.csv"\nskip = 2'), erp=body)
    assert orders(folder) == EXPECTED


def test_titles_above_the_header_of_a_sheet(tmp_path):
    above, rows = (
        [[], ["Sales report"], ["", "as of"]],
        [line.split(",") for line in ORDERS.splitlines()],
    )
    write(tmp_path, MAPPED.format(source='file = "erp.xlsx"'))
    workbook(tmp_path / "erp.xlsx", {"Sheet1": [*above, *rows]})
    says(
        only(check_book(tmp_path)),
        "row 4 looks like the header",
        "column names above",
        "skip = 3",
        place="erp.xlsx",
    )
    write(tmp_path, MAPPED.format(source='file = "erp.xlsx"\nskip = 3'))
    assert orders(tmp_path) == EXPECTED
    rows[2][1] = "2023-13-05"
    workbook(tmp_path / "erp.xlsx", {"Sheet1": [*above, *rows]})
    assert only(check_book(tmp_path)).rows[0].startswith("row 6:")


@pytest.mark.parametrize(
    "rows, place",
    [
        ([["id"]], 0),
        ([["id", "day"]], 0),
        ([["title"], ["id", "day", "amount"], ["O1", "d", "7"]], 1),
        ([["id", "day", "amount"], ["O1", "", ""]], 0),
        ([["id", "day", "amount"], ["total"], ["O1", "d", "7"]], 0),
        ([[""], ["a", "b"], ["c", "d"]], 1),
    ],
)
def test_the_header_is_the_first_row_as_wide_as_the_rows(rows, place):
    assert header_place(rows) == place


COMMAS = (
    "Auftrag;Datum;Kunde;Betrag\n"
    "O1;2023-01-05;C1;100\n"
    "O2;2023-02-06;C2;250,50\n"
    "O3;2023-03-31;C1;75,00"
    " €\nO4;2023-03-31;C1;-1.234,5\nO5;2023-03-31;C2;12.345.678,9\n"
)
GERMAN = (
    '[sources.erp]\nfile = "erp.csv"\n{decimal}\n[tables.orders]\nfrom = "erp"\ncolumns = {{'
    ' order_id = "Auftrag", date = "Datum", customer_id = "Kunde", amount = "Betrag" }}\n'
)


def test_decimal_commas_are_read_when_told_and_named_when_not(tmp_path):
    toml = TOML.replace("CNY", "EUR")
    says(
        only(check(tmp_path, toml=toml + GERMAN.format(decimal=""), erp=COMMAS)),
        "4 values are not an amount",
        "1,234.56",
        'decimal = ","',
    )
    folder = write(tmp_path, toml + GERMAN.format(decimal='decimal = ","'), erp=COMMAS)
    assert [row[3] for row in orders(folder)] == [
        100,
        Decimal("250.5"),
        75,
        Decimal("-1234.5"),
        Decimal("12345678.9"),
    ]
    mixed = COMMAS.replace(
        "250,50", "250.50"
    )  # a point that groups no thousands: a slip, or another file's habit
    problem = only(check(tmp_path, toml=toml + GERMAN.format(decimal='decimal = ","'), erp=mixed))
    assert problem.rows[0].startswith("line 3: amount '250.50'")


def test_a_query_keeps_its_names_whatever_their_case_and_values_map_its_words(tmp_path):
    toml = (
        TOML
        + """[sources.crm]
file = "crm.csv"
[tables.opportunities]
sql = '''SELECT "Deal" AS opportunity_id, "Created" AS created, "Stage" AS stage,
"Outcome" AS outcome, "Closed" AS closed FROM crm'''
values.stage = { Lead = "lead", Shaken = "won" }
values.outcome = { Yes = "won", Not = "open" }
"""
    )
    deals = (
        "Deal,Created,Stage,Outcome,Closed\n"
        "D1,2023-01-05,Shaken,Yes,2023-02-01\n"
        "D2,2023-02-05,Lead,Not,\n"
    )
    assert not check(tmp_path, toml=toml, crm=deals).problems
    assert Book.open(tmp_path, "2023-02").relation("opportunities").project("stage, outcome").order(
        "stage"
    ).fetchall() == [("lead", "open"), ("won", "won")]
    says(
        only(check(tmp_path, toml=toml + 'values.amount = { x = "1" }\n', crm=deals)),
        "values.amount is for a column that is not mapped",
        "mapped columns",
        "",
    )
    for key, line in {
        "columns": 'columns = { stage = "Stage" }',
        "where": "where = \"Stage = 'Lead'\"",
    }.items():  # silently left out they would be wrong numbers
        says(
            only(
                check(
                    tmp_path, toml=toml.replace("values.stage", line + "\nvalues.stage"), crm=deals
                )
            ),
            "tables.opportunities",
            f"sql without {key}, which goes with from",
        )


def parquet(path: Path, query: str) -> None:
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


ROWS = (
    "SELECT 'O' || i AS order_id, DATE '2023-01-01' + CAST(i % 90 AS INTEGER) AS date, 'C' || i % 7"
    " AS customer_id, CAST(i AS DOUBLE) / 100 AS amount FROM range({n}) t(i)"
)


def test_small_parquet_is_copied_and_large_parquet_is_read_in_place(tmp_path, monkeypatch):
    parquet(write(tmp_path) / "orders.parquet", ROWS.format(n=1000))
    copied = Book.open(tmp_path, "2023-03")
    monkeypatch.setattr(sources, "LAZY_ROWS", 100)
    lazy = Book.open(tmp_path, "2023-03")
    assert copied.read.lazy == set() and lazy.read.lazy == {"orders"}
    kinds = dict(
        lazy.read.connection.execute(
            "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema ="
            " 'book'"
        ).fetchall()
    )
    assert kinds == {"orders": "VIEW"}
    assert copied.facts().tables == lazy.facts().tables
    assert lazy.has("orders", "amount") and not lazy.has("orders", "region")
    total = (
        lazy.table("orders")
        .group_by("customer_id")
        .agg(nw.col("amount").sum())
        .sort("customer_id")
        .collect()
        .to_pandas()
    )
    assert len(total) == 7


def test_parquet_problems_name_their_rows(tmp_path):
    parquet(
        write(tmp_path) / "orders.parquet",
        ROWS.format(n=5).replace(
            "DATE '2023-01-01' + CAST(i % 90 AS INTEGER)",
            "CASE WHEN i = 3 THEN NULL ELSE DATE '2023-01-01' END",
        ),
    )
    assert only(check_book(tmp_path)).rows[0].startswith("row 4: date empty")


def test_parquet_texts_and_floats_are_read_like_any_other(tmp_path):
    parquet(
        write(tmp_path) / "orders.parquet",
        "SELECT 1.0::DOUBLE AS order_id, '2023/03/05' AS date, 7 AS customer_id, '1,234.5' AS"
        " amount, 'nan'::DOUBLE AS cost",
    )
    assert orders(tmp_path) == [("1", date(2023, 3, 5), "7", Decimal("1234.5000"))]
    assert not Book.open(tmp_path).has("orders", "cost")


def test_a_duckdb_file(tmp_path):
    folder = write(
        tmp_path, MAPPED.format(source='database = "duckdb:///erp.duckdb"\ntable = "sales.orders"')
    )
    with duckdb.connect(str(folder / "erp.duckdb")) as connection:
        connection.execute("CREATE SCHEMA sales")
        connection.execute(f"CREATE TABLE sales.orders AS {ROWS.format(n=3)}")
    assert [row[0] for row in orders(folder, "")] == ["O0", "O1", "O2"]
    (folder / "playbook.toml").write_text(
        MAPPED.format(source='database = "duckdb:///erp.duckdb"\ntable = "sales.order"')
    )
    says(only(check_book(folder)), "no table 'sales.order'", try_="did you mean 'sales.orders'?")


def test_an_sqlite_file(tmp_path):
    folder = write(
        tmp_path, MAPPED.format(source='database = "sqlite:///erp.db"\ntable = "orders"')
    )
    connection = sqlite3.connect(folder / "erp.db")
    connection.execute("CREATE TABLE orders (order_id, date, customer_id, amount)")
    connection.executemany(
        "INSERT INTO orders VALUES (?, ?, ?, ?)",
        [
            ("O1", "2023-01-05", "C1", 100),
            ("O2", "2023-02-06", "C2", 250.5),
            ("O3", "2023-03-31", "C1", 75),
        ],
    )
    connection.commit()
    assert orders(folder) == EXPECTED
    before = Book.open(folder).fingerprint
    connection.execute("UPDATE orders SET amount = 76 WHERE order_id = 'O3'")
    connection.commit()
    assert Book.open(folder).fingerprint != before


@pytest.mark.parametrize(
    ("url", "found", "try_"),
    [
        ("oracle://host/db", "no driver for oracle", "export the table"),
        ("postgresql://ann:hunter2@host/db", "holds a password", "PGPASSWORD"),
        ("duckdb:///absent.duckdb", "no such file", "playbook.toml"),
        ("sqlite:///absent.db", "no such file", "relative"),
    ],
)
def test_databases_that_cannot_be_read(tmp_path, url, found, try_):
    problem = only(check(tmp_path, toml=MAPPED.format(source=f'database = "{url}"\ntable = "t"')))
    says(problem, found, try_=try_)
    assert "hunter2" not in str(problem)


def test_a_mapping_by_column_value_and_condition(tmp_path):
    toml = (
        TOML
        + """
[sources.pipeline]
file = "crm.csv"
[tables.orders]
from = "pipeline"
where = "Stage = 'Won'"
values.product_line = { "GTXPro" = "GTX Pro", "?" = "" }
[tables.orders.columns]
order_id = "Id"
date = "Closed"
customer_id = "Account"
amount = "Value"
product_line = "Product"
"""
    )
    crm = (
        "Id,Stage,Closed,Account,Value,Product\n"
        "1,Won,2023-03-05,A,5,GTXPro\n"
        "2,Lost,2023-03-05,A,,GTXPro\n"
        "3,Won,2023-03-06,B,7,?\n"
    )
    book = Book.open(write(tmp_path, toml, crm=crm))
    assert book.relation("orders").project("order_id, product_line").order("1").fetchall() == [
        ("1", "GTX Pro"),
        ("3", None),
    ]


def test_words_for_not_given_and_flags(tmp_path):
    customers = "customer_id,strategic,region,since\nC1,是,,-\nC2,No,,NULL\nC3,TRUE,North,\n"
    rows = (
        Book.open(write(tmp_path, orders=ORDERS, customers=customers))
        .relation("customers")
        .project("strategic, region, since")
        .order("1 NULLS LAST, 2 NULLS FIRST")
        .fetchall()
    )
    assert rows == [(False, None, None), (True, None, None), (True, "North", None)]


def test_the_fingerprint_knows_content_and_settings_but_no_place(tmp_path):
    one, same = (
        Book.open(write(tmp_path / name, orders=ORDERS)).fingerprint for name in ("a", "b")
    )
    data = Book.open(write(tmp_path / "c", orders=ORDERS + "O4,2023-03-31,C1,1\n")).fingerprint
    named = Book.open(write(tmp_path / "d", TOML.replace("CNY", "USD"), orders=ORDERS)).fingerprint
    assert one == same and len({one, data, named}) == 3 and len(one) == 12


def test_a_check_report_is_json_and_text(tmp_path):
    import json

    report = check(tmp_path, orders=ORDERS.replace("75", "x"), customers=CUSTOMERS)
    told = json.loads(json.dumps(report.as_dict()))
    assert (told["ok"], told["errors"], report.exit_status) == (False, 1, 2) and told["problems"][
        0
    ]["rows"][0].startswith("line 4: amount 'x'")
    assert told["tables"][0] == {
        "table": "customers",
        "rows": 2,
        "first": None,
        "last": None,
        "columns": ["customer_id", "name", "region"],
        "source": "customers.csv",
    }
    assert "Errors: the book does not run" in report.text() and report.text().endswith(
        "Nothing would be run."
    )
    assert load_settings(tmp_path).book.name == report.book
