"""DuckDB's SQL said in Spark's: exact texts, and meaning kept where the two differ."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

pytest.importorskip("sqlglot", reason="sqlglot is not installed")

from playbook.base.settings import parse_settings
from playbook.data.asof import as_of_query
from playbook.data.tables import TABLES
from playbook.engines.spark import duck_type
from playbook.engines.translating import spark_sql, view_name


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "SELECT count(*) FILTER (v = 'book.x') AS n FROM book.orders t",
            "SELECT COUNT(*) FILTER(WHERE v = 'book.x') AS n FROM `b_book_orders` AS t",
        ),
        ('SELECT "a""b`c" FROM raw."My file"', 'SELECT `a"b``c` FROM `b_raw_my_20_file`'),
        ("SELECT CAST(NULL AS VARCHAR) AS a", "SELECT CAST(NULL AS STRING) AS a"),
        ("SELECT CAST(NULL AS TIMESTAMP) AS a", "SELECT CAST(NULL AS TIMESTAMP_NTZ) AS a"),
        ("SELECT least(min(d)) AS a", "SELECT MIN(d) AS a"),
        ("SELECT least(min(d), max(e)) AS a", "SELECT LEAST(MIN(d), MAX(e)) AS a"),
        (
            "SELECT list_position(['x', 'y'], s) AS a",
            "SELECT ARRAY_POSITION(ARRAY('x', 'y'), s) AS a",
        ),
        (
            "SELECT regexp_full_match(v, 'a|b') AS a",
            "SELECT v RLIKE '^(?:a|b)$' AS a",
        ),
        (
            r"SELECT regexp_replace(v, '(\d)x', '\1$') AS a",
            r"SELECT REGEXP_REPLACE(v, '(\\d)x', '$1\\$') AS a",
        ),
        (
            "SELECT timezone('Asia/Shanghai', c) AS a",
            "SELECT CONVERT_TIMEZONE(CURRENT_TIMEZONE(), 'Asia/Shanghai', CAST(c AS TIMESTAMP_NTZ))"
            " AS a",
        ),
        ("SELECT 1 AS a WHERE x NOT IN ('p', 'q')", "SELECT 1 AS a WHERE NOT x IN ('p', 'q')"),
    ],
)
def test_what_spark_reads(query, said):
    assert spark_sql(query, "b") == said


def test_functions_inside_functions_are_said_too():
    said = spark_sql(
        "SELECT regexp_full_match(least(regexp_replace(v, 'a', '\\1')), 'x') AS a", "b"
    )
    assert said == "SELECT REGEXP_REPLACE(v, 'a', '$1') RLIKE '^(?:x)$' AS a"


@pytest.mark.parametrize("values", ["('p'), ('q')", "('p'), (NULL)", ""])
def test_not_in_keeps_its_meaning_where_values_are_missing(values):
    """The words for Spark are run by DuckDB, which reads them as well."""
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA book")
    connection.execute("CREATE TABLE book.k (v VARCHAR)")
    if values:
        connection.execute(f"INSERT INTO book.k VALUES {values}")
    connection.execute("CREATE TABLE book.t AS FROM (VALUES ('p'), ('x'), (NULL)) t(a)")
    query = "SELECT a FROM book.t WHERE a NOT IN (SELECT v FROM book.k) ORDER BY a"
    said = spark_sql(query, "b").replace("`b_book_t`", "book.t").replace("`b_book_k`", "book.k")
    assert "NOT EXISTS" in said and "IN (" not in said
    assert connection.execute(said).fetchall() == connection.execute(query).fetchall()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_as_of_a_day_can_be_said(name):
    settings = parse_settings({"book": {"stages": ["lead", 'it\'s \\ "on"', "won"]}})
    given = {table: set(spec.names) for table, spec in TABLES.items()}
    said = spark_sql(as_of_query(name, date(2023, 6, 30), given, settings, places=True), "b")
    assert f"`{view_name('b', 'book', name)}`" in said
    assert "book." not in said and '"' not in said.replace('"on"', "")


def test_views_of_two_books_and_of_odd_names_are_told_apart():
    names = [
        view_name(prefix, "raw", table)
        for prefix in ("b1", "b2")
        for table in ("orders", "order s", "订单", "Orders ")
    ]
    assert len(set(names)) == 8 and all(name.isascii() and name.isidentifier() for name in names)


def test_types_are_named_as_duckdb_names_them():
    kinds = ("string", "decimal(18,4)", "timestamp", "timestamp_ntz", "bigint", "array<int>")
    assert [duck_type(kind) for kind in kinds] == [
        "VARCHAR",
        "DECIMAL(18,4)",
        "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMP",
        "BIGINT",
        "ARRAY<INT>",
    ]
