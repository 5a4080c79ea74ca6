"""Where rows come from: packed files, sheets, folders, SQLite, real database servers, a store."""

from __future__ import annotations

import builtins
import gzip
import sqlite3
import zipfile
from contextlib import ExitStack

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.folders import ORDERS, check, only, says, write
from data.servers import Absent, mariadb, object_store, postgres
from playbook.base.errors import DataProblem
from playbook.base.settings import parse_settings
from playbook.data.book import Book
from playbook.data.loading import wanted_columns
from playbook.data.scrubbing import scrubbed
from playbook.data.servers import Asked, fetch

HEAD = '[book]\nname = "m"\ncurrency = "CNY"\n'
TOTAL = [(3, 425.5)]


def total(folder):
    found = Book.open(folder).relation("orders").aggregate("count(*), sum(amount)").fetchall()
    return [(n, float(amount)) for n, amount in found]


def test_a_packed_text_table_by_name_and_by_source(tmp_path):
    packed = gzip.compress(ORDERS.encode())
    assert total(write(tmp_path / "a", toml=HEAD, orders__csv__gz=packed)) == TOTAL
    toml = HEAD + '[sources.orders]\nfile = "x.csv.gz"\n'
    folder = write(tmp_path / "b", toml=toml, x__csv__gz=gzip.compress(ORDERS.encode("utf-16")))
    assert total(folder) == TOTAL
    bad = gzip.compress((ORDERS + "O4,2023-13-05,C1,5\n").encode())
    problem = only(check(tmp_path / "c", toml=HEAD, orders__csv__gz=bad))
    assert problem.rows[0].startswith("line 5:")
    broken = check(tmp_path / "d", toml=HEAD, orders__csv__gz=packed[:-9])
    says(only(broken), "does not unpack", "a whole .gz file")


def workbook(path, sheets: dict[str, pd.DataFrame]):
    path.parent.mkdir(parents=True, exist_ok=True)
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        for name, frame in sheets.items():
            frame.to_excel(book, sheet_name=name, index=False)


def test_several_sheets_alike_and_their_names(tmp_path):
    rows = {"no": ["1", "2"], "day": ["2023-01-05", "2023-01-31"], "sum": [5, 6]}
    more = {"no": ["3"], "day": ["2023-01-07"], "sum": [7]}
    workbook(tmp_path / "s.xlsx", {"North": pd.DataFrame(rows), "South": pd.DataFrame(more)})
    toml = HEAD + (
        '[sources.s]\nfile = "s.xlsx"\nsheet = "*"\n[tables.orders]\nfrom = "s"\ncolumns ='
        ' { order_id = "no", date = "day", amount = "sum", region = { from_name = "sheet" } }\n'
    )
    book = Book.open(write(tmp_path, toml=toml))
    cells = book.relation("orders").project("order_id, region").order("order_id").fetchall()
    assert cells == [("1", "North"), ("2", "North"), ("3", "South")]
    one = toml.replace('"*"', '["South"]').replace('name = "sheet"', 'name = "file"')
    book = Book.open(write(tmp_path, toml=one), "2023-01")
    assert book.relation("orders").project("order_id, region").fetchall() == [("3", "s")]


def ods(rows: list[list[str]]) -> bytes:
    """A spreadsheet in OpenDocument form."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string"><text:p>' + c + "</text:p>"
            "</table:table-cell>"
            for c in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="orders">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", content)
        book.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def test_an_opendocument_sheet(tmp_path):
    rows = [line.split(",") for line in ORDERS.splitlines()]
    assert total(write(tmp_path, toml=HEAD, orders__ods=ods(rows))) == TOTAL


def test_a_folder_of_parquet_files(tmp_path):
    for i, line in enumerate(ORDERS.splitlines()[1:]):
        part = tmp_path / "sales" / f"month={i}" / "part.parquet"
        part.parent.mkdir(parents=True)
        pq.write_table(
            pa.table(
                {
                    k: [v]
                    for k, v in zip(ORDERS.splitlines()[0].split(","), line.split(","), strict=True)
                }
            ),
            part,
        )
    toml = HEAD + '[sources.orders]\nfile = "sales"\n'
    assert total(write(tmp_path, toml=toml)) == TOTAL
    says(
        only(check(tmp_path, toml=toml.replace('"sales"', '"sale"'))),
        "no such file",
    )


def test_first_line_only_cells_are_carried_down(tmp_path):
    orders = (
        "order_id,date,customer_id,amount\nO1,2023-01-05,C1,5\nO1,,,6\nO2,2023-01-31,,7\nO1,,,8\n"
    )
    toml = HEAD + '[sources.orders]\nfile = "orders.csv"\ncarry_down = {}\n'
    by = '{ by = "order_id", columns = ["date", "customer_id"] }'
    book = Book.open(write(tmp_path, toml=toml.format(by), orders=orders))
    cells = book.read.connection.execute(
        "SELECT CAST(date AS VARCHAR), customer_id FROM book.orders ORDER BY _row"
    ).fetchall()
    assert cells == [("2023-01-05", "C1")] * 2 + [("2023-01-31", None), ("2023-01-05", "C1")]
    down = Book.open(write(tmp_path / "b", toml=toml.format('["date"]'), orders=orders))
    days = down.read.connection.execute(
        "SELECT CAST(date AS VARCHAR) FROM book.orders ORDER BY _row"
    ).fetchall()
    assert days == [("2023-01-05",)] * 2 + [("2023-01-31",)] * 2
    wrong = check(tmp_path / "c", toml=toml.format('["dat"]'), orders=orders)
    assert "carry_down names a column 'dat'" in wrong.errors[0].found


def test_notes_below_the_table_are_left_out_and_said(tmp_path):
    notes = "\nConfidential information\nprinted 31 January\n"
    report = check(tmp_path, toml=HEAD, orders=ORDERS + notes)
    says(only(report, "warning"), "2 notes below the table left out", rows=2)
    assert report.ok and report.tables[0].rows == 3
    wide = check(tmp_path / "b", toml=HEAD, orders=ORDERS + "Confidential,,,\n")
    says(only(wide, "warning"), "1 note below the table left out")
    inside = ORDERS.replace("O2,", "Confidential\nO2,")
    says(only(check(tmp_path / "c", toml=HEAD, orders=inside)), "1 row with 1 cells")


def sqlite_book(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / "shop.db") as base:
        base.execute("CREATE TABLE sales (no TEXT, day TEXT, client TEXT, sum REAL, spare BLOB)")
        base.executemany(
            "INSERT INTO sales VALUES (?, ?, ?, ?, x'ff')",
            [line.split(",") for line in ORDERS.splitlines()[1:]],
        )
    return base


MAPPED = (
    '[tables.orders]\nfrom = "shop"\ncolumns = { order_id = "no", date = "day",'
    ' customer_id = "client", amount = "sum" }\n'
)


def test_sqlite_gives_the_columns_that_are_mapped_and_the_rows_asked_for(tmp_path):
    sqlite_book(tmp_path).close()
    shop = '[sources.shop]\ndatabase = "sqlite:///shop.db"\ntable = "sales"\n'
    assert total(write(tmp_path, toml=HEAD + shop + MAPPED)) == TOTAL  # spare is never read
    some = shop + "only = \"client = 'C1'\"\n"
    assert total(write(tmp_path, toml=HEAD + some + MAPPED)) == [(2, 175.0)]
    file = '[sources.shop]\nfile = "shop.db"\ntable = "sales"\n'
    assert total(write(tmp_path, toml=HEAD + file + MAPPED)) == TOTAL
    csv = '[sources.shop]\nfile = "x.csv"\nonly = "1 = 1"\n'
    assert "only goes with a table" in only(check(tmp_path, toml=HEAD + csv + MAPPED)).expected
    absent = shop.replace('"sales"', '"sale"')
    says(only(check(tmp_path, toml=HEAD + absent + MAPPED)), "no such table")
    no = shop.replace("shop.db", "shop2.db")
    says(only(check(tmp_path, toml=HEAD + no + MAPPED)), "no such file")


def test_only_what_the_mappings_ask_for():
    def asked(toml: dict):
        sources = {"s": {"database": "sqlite:///x.db", "table": "t"}}
        return wanted_columns("s", parse_settings({"sources": sources, "tables": toml}))

    orders = {"from": "s", "columns": {"order_id": "a", "amount": {"times": ["b", "c"]}}}
    assert asked({"orders": orders}) == ["a", "b", "c"]
    assert asked({"orders": {**orders, "where": "d > 1"}}) is None
    assert asked({"orders": {"sql": "SELECT * FROM s"}}) is None and asked({}) is None
    lookup = {"rep_id": {"look_up": "s", "by": "o", "key": "k", "give": "g"}}
    assert asked({"leads": {"from": "z", "columns": lookup}}) == ["k", "g"]


@pytest.fixture(scope="module")
def servers():
    """Running servers by system, or why there is none."""
    with ExitStack() as stack:
        found: dict[str, str | Absent] = {}
        for name, start in (("postgresql", postgres), ("mysql", mariadb)):
            try:
                found[name] = stack.enter_context(start())
            except Absent as reason:
                found[name] = reason
        yield found


def database(servers, name: str, password: str = ""):
    """Address of a server with the table ``sales``, made here."""
    place = servers[name]
    if isinstance(place, Absent):
        pytest.skip(str(place))
    if name == "postgresql":
        driver = pytest.importorskip("psycopg")
        base = driver.connect(f"host={place} user=shop dbname=postgres", autocommit=True)
        kinds, address = "NUMERIC(20,4)", f"postgresql://shop@/postgres?host={place}"
    else:
        driver = pytest.importorskip("pymysql")
        base = driver.connect(unix_socket=place, user="root", autocommit=True)
        kinds, address = "DECIMAL(20,4)", f"mysql://root@/shop?unix_socket={place}"
    with base, base.cursor() as cursor:
        if name == "mysql":
            cursor.execute("CREATE DATABASE IF NOT EXISTS shop")
            cursor.execute("USE shop")
        cursor.execute("DROP TABLE IF EXISTS sales")
        cursor.execute(
            f"CREATE TABLE sales (no VARCHAR(9), day DATE, client VARCHAR(9), sum {kinds},"
            " spare VARCHAR(9))"
        )
        for line in ORDERS.splitlines()[1:]:
            cursor.execute("INSERT INTO sales VALUES (%s, %s, %s, %s, 'x')", line.split(","))
    return address


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_a_real_server(servers, name, tmp_path, monkeypatch):
    address = database(servers, name)
    shop = f'[sources.shop]\ndatabase = "{address}"\ntable = "sales"\n'
    folder = write(tmp_path, toml=HEAD + shop + MAPPED)
    assert total(folder) == TOTAL
    book = Book.open(folder)
    assert book.relation("orders").project("amount").types[0] == "DECIMAL(18,4)"
    assert "shop@" not in book.facts().tables[0].name
    some = shop + "only = \"client = 'C1' AND day < '2023-02-01'\"\n"
    assert total(write(tmp_path, toml=HEAD + some + MAPPED)) == [(1, 100.0)]
    whole = HEAD + shop + '[tables.orders]\nsql = """SELECT no AS order_id, day AS date, client AS'
    whole += ' customer_id, sum AS amount FROM shop WHERE spare = \'x\'"""\n'
    assert total(write(tmp_path, toml=whole)) == TOTAL
    absent = check(tmp_path, toml=HEAD + shop.replace('"sales"', '"sale"') + MAPPED)
    says(only(absent), "the database cannot be read", "table sale at")
    for attempt in ("1 = 1); DELETE FROM sales; --", "1 = 1); COMMIT; DELETE FROM sales; --"):
        writing = shop + f'only = "{attempt}"\n'
        problem = only(check(tmp_path, toml=HEAD + writing + MAPPED))
        assert "without a semicolon" in problem.expected
        asked = Asked("sales", ["no"], attempt)  # and past the settings
        with pytest.raises(DataProblem):
            fetch(address, asked, tmp_path, "shop")
    assert total(write(tmp_path, toml=HEAD + shop + MAPPED)) == TOTAL  # nothing was deleted
    monkeypatch.setenv("PGPASSWORD", "open-sesame")
    monkeypatch.setenv("MYSQL_PWD", "open-sesame")
    user = "nobody-of-that-name"
    stranger = shop.replace("shop@", f"{user}@").replace("root@", f"{user}@")
    problem = only(check(tmp_path, toml=HEAD + stranger + MAPPED))
    assert "cannot be read" in problem.found and "open-sesame" not in str(problem)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hunter22@host/base",
        "mysql://me@host/base?password=hunter22",
        "mssql://me:hunter22@host/base",
    ],
)
def test_a_password_in_the_address_is_refused_and_never_printed(tmp_path, address):
    toml = HEAD + f'[sources.shop]\ndatabase = "{address}"\ntable = "t"\n' + MAPPED
    problem = only(check(tmp_path, toml=toml))
    says(problem, "holds a password", "no secret in playbook.toml", "environment")
    assert "hunter22" not in str(problem)


def test_messages_are_scrubbed(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "abcd1234")
    said = scrubbed("denied: abcd1234, password='x y' at mysql://u:pw@h\nmore")
    assert "abcd1234" not in said and "x y" not in said and ":pw@" not in said
    assert said.startswith("denied: ")


@pytest.mark.parametrize(
    ("scheme", "extra"), [("postgresql", "postgres"), ("mysql", "mysql"), ("mssql", "mssql")]
)
def test_a_missing_driver_is_named_by_its_extra(tmp_path, monkeypatch, scheme, extra):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name in ("psycopg", "pymysql", "pytds"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr("importlib.import_module", without)
    toml = HEAD + f'[sources.shop]\ndatabase = "{scheme}://me@host/base"\ntable = "t"\n' + MAPPED
    says(
        only(check(tmp_path, toml=toml)),
        f"no driver for {scheme} databases",
        try_=f'pip install "playbook[{extra}]"',
    )


def test_objects_of_a_store(tmp_path, monkeypatch):
    head, *lines = ORDERS.splitlines()
    objects = {f"year/p{i}.csv": f"{head}\n{line}\n".encode() for i, line in enumerate(lines)}
    objects["year/other.txt"] = b"no table"
    with object_store(objects) as (address, asked):
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "me")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "open-sesame")
        monkeypatch.setenv("AWS_REGION", "eu-central-1")
        toml = HEAD + '[sources.orders]\nfile = "s3://shop/year/p*.csv"\n'
        assert total(write(tmp_path, toml=toml)) == TOTAL
        one = toml.replace("p*.csv", "p1.csv")
        assert total(write(tmp_path, toml=one)) == [(1, 250.5)]
        assert not any("other" in path and "list-type" not in path for path in asked)
        says(only(check(tmp_path, toml=toml.replace("p*", "q*"))), "no object matches")
        gone = only(check(tmp_path, toml=toml.replace("p*.csv", "q.csv")))
        assert "open-sesame" not in str(gone)
