"""Queries that would answer differently tomorrow are refused by name."""

from __future__ import annotations

import pytest
from folders import ORDERS, TOML, check, only, says

MAPPED = TOML + '[sources.e]\nfile = "e.csv"\n[tables.orders]\n'
ROWS = "SELECT * FROM e"


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (f"{ROWS} WHERE random() < 2", "sql uses random()"),
        (f"{ROWS} WHERE CAST(date AS DATE) <= CURRENT_DATE", "sql uses current_date"),
        (f"{ROWS} WHERE CAST(date AS DATE) <= today()", "sql uses today()"),
        (f"{ROWS} WHERE CAST(date AS TIMESTAMP) < now()::TIMESTAMP", "sql uses now()"),
        (f"{ROWS} WHERE CAST(date AS TIMESTAMP) < localtimestamp", "sql uses localtimestamp"),
        ("SELECT uuid() AS order_id, * EXCLUDE (order_id) FROM e", "sql uses uuid()"),
        (f"{ROWS} USING SAMPLE 2 ROWS", "sql uses a sample"),
        ("SELECT * FROM e TABLESAMPLE 50%", "sql uses a sample"),
        (f"WITH a AS ({ROWS}) SELECT * FROM a ORDER BY Random() LIMIT 2", "sql uses random()"),
        (f"{ROWS} WHERE age(CAST(date AS DATE)) > INTERVAL 1 DAY", "sql uses age of one day"),
        (f"{ROWS} WHERE setseed(0.5) IS NULL AND random() < 2", "sql uses random(), setseed()"),
    ],
)
def test_dice_the_clock_and_samples_are_refused(tmp_path, sql, found):
    problem = only(check(tmp_path, toml=f'{MAPPED}sql = """{sql}"""\n', e=ORDERS))
    says(problem, found, "the same rows every time", "--month", place="orders")


def test_conditions_are_looked_at_too(tmp_path):
    toml = f'{MAPPED}from = "e"\nwhere = "random() < 2"\n'
    says(only(check(tmp_path, toml=toml, e=ORDERS)), "where uses random()")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT *, row_number() OVER (ORDER BY order_id) AS quantity FROM e",
        f"{ROWS} WHERE age(DATE '2024-01-01', CAST(date AS DATE)) > INTERVAL 1 DAY",
        f"{ROWS} WHERE 'random() now() current_date' <> order_id",
    ],
)
def test_steady_queries_run(tmp_path, sql):
    assert check(tmp_path, toml=f"{MAPPED}sql = '''{sql}'''\n", e=ORDERS).ok


def test_a_column_called_like_the_clock_is_a_column(tmp_path):
    rows = ORDERS.replace("date", "current_date")
    sql = 'SELECT order_id, "current_date" AS date, customer_id, amount FROM e'
    assert check(tmp_path, toml=f"{MAPPED}sql = '''{sql}'''\n", e=rows).ok
