"""Amounts, days and cells as people and systems write them: read to the value meant, or refused."""

from __future__ import annotations

import duckdb
import pytest

from data.folders import check, only, says, write
from playbook.data import durations, values
from playbook.data.book import Book
from playbook.data.period_names import period_name


def sql(expression: str, text: str):
    found = duckdb.sql(f"SELECT {expression} FROM (SELECT ? AS c)", params=[text]).fetchall()[0][0]
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("$342.09K", "USD", "342090.0000"),
        ("1.2万", "CNY", "12000.0000"),
        ("12.5万元", "CNY", "125000.0000"),
        ("￥1.5亿", "CNY", "150000000.0000"),
        ("¥1,200.50", "CNY", "1200.5000"),
        ("(1,200)", "CNY", "-1200.0000"),
        ("($1.5M)", "USD", "-1500000.0000"),
        ("1,200.00 DR", "USD", "1200.0000"),
        ("200.00CR", "USD", "-200.0000"),
        ("$200 Cr.", "USD", "-200.0000"),
        ("1,200-", "EUR", "-1200.0000"),
        ("2 million", "USD", "2000000.0000"),
        ("3bn", "USD", "3000000000.0000"),
        ("500万", "CNY", "5000000.0000"),
        ("3千万", "CNY", "30000000.0000"),
        ("5元6", "CNY", None),
        ("1CNY2", "CNY", None),
        ("0,500", "CNY", None),
        ("(-5)", "CNY", None),
        ("-5 CR", "USD", None),
        ("$5", "CNY", None),
        ("K", "USD", None),
        ("5KK", "USD", None),
        ("1.2万万", "CNY", None),
        ("--5", "CNY", None),
        ("5--", "CNY", None),
        ("12 000", "EUR", None),
    ],
)
def test_amounts(text, currency, amount):
    assert sql(values.money("c", currency), text) == amount


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("3", "days", 259200),
        ("1.5", "hours", 5400),
        ("2d 4h", "days", 187200),
        ("02:30", "days", 9000),
        ("1:02:03", "days", 3723),
        ("3 days", "hours", 259200),
        ("5 天", "days", 432000),
        ("1小时30分", "days", 5400),
        ("soon", "days", None),
        ("2 d x", "days", None),
        ("-3", "days", None),
    ],
)
def test_durations(text, unit, seconds):
    found = sql(durations.seconds("c", unit), text)
    assert found is None if seconds is None else float(found) == seconds


@pytest.mark.parametrize(
    ("text", "year", "name"),
    [
        ("Jan-23", None, "2023-01"),
        ("January 2023", None, "2023-01"),
        ("2023年12月", None, "2023-12"),
        ("202307", None, "2023-07"),
        ("07/2023", None, "2023-07"),
        ("Q3 2023", None, "2023-Q3"),
        ("2023Q3", None, "2023-Q3"),
        ("2023年第三季度", None, "2023-Q3"),
        ("2023年度", None, "2023"),
        ("九月", 2023, "2023-09"),
        ("十二月", 2023, "2023-12"),
        ("Sep", 2023, "2023-09"),
        ("13月", 2023, ""),
        ("Marketing", 2023, ""),
        ("5月", None, ""),
    ],
)
def test_period_names(text, year, name):
    assert period_name(text, year) == name


def days(folder, cells: list[str], book: str = "", source: str = "") -> list[str]:
    """``entered_at`` of stage entries with these cells."""
    toml = f'[book]\nname = "m"\n{book}[sources.stage_events]\nfile = "s.csv"\n{source}'
    lines = "".join(f'D{i},lead,"{cell}"\n' for i, cell in enumerate(cells))
    deals = "opportunity_id,stage,outcome,created\n" + "".join(
        f"D{i},lead,open,2023-01-01\n" for i in range(len(cells))
    )
    folder = write(
        folder, toml=toml, s="opportunity_id,stage,entered_at\n" + lines, opportunities=deals
    )
    rows = Book.open(folder).read.connection.execute(
        "SELECT entered_at FROM book.stage_events ORDER BY _row"
    )
    return [str(row[0]) for row in rows.fetchall()]


def test_zones_behind_a_moment(tmp_path):
    cells = ["2023-01-31 22:30:00 +0800", "2023-01-31 22:30:00 UTC", "2023-01-31T22:30:00Z"]
    assert days(tmp_path, cells, 'time_zone = "Asia/Shanghai"\n') == [
        "2023-01-31 22:30:00",
        "2023-02-01 06:30:00",
        "2023-02-01 06:30:00",
    ]


def test_the_zone_of_a_source_without_offsets(tmp_path):
    cells = ["2023-01-31 22:30:00", "2023-02-01"]
    zone = 'time_zone = "Asia/Shanghai"\n'
    assert days(tmp_path, cells, zone, 'zone = "UTC"\n') == [
        "2023-02-01 06:30:00",
        "2023-02-01 00:00:00",
    ]
    assert days(tmp_path / "b", cells, zone)[0] == "2023-01-31 22:30:00"


def test_a_source_with_a_zone_needs_the_books(tmp_path):
    toml = '[book]\nname = "m"\n[sources.orders]\nfile = "orders.csv"\nzone = "UTC"\n'
    orders = "order_id,date,amount\nO1,2023-01-31 22:30,5\n"
    says(
        only(check(tmp_path, toml=toml, orders=orders)),
        "zone = 'UTC' and no zone to bring its moments to",
        try_='[book] time_zone = "Asia/Shanghai"',
    )


def test_moments_counted_from_1970(tmp_path):
    cells = ["1675204200000", "1675204201000"]
    assert days(tmp_path, cells, 'time_zone = "Asia/Shanghai"\n') == [
        "2023-02-01 06:30:00",
        "2023-02-01 06:30:01",
    ]
    assert days(tmp_path / "b", ["1675204200"])[0] == "2023-01-31 22:30:00"
    told = days(tmp_path / "c", cells, source='dates = { entered_at = "epoch_ms" }\n')
    assert told[0] == "2023-01-31 22:30:00"


def test_twelve_hour_clocks(tmp_path):
    cells = ["1/31/2023 10:30 PM", "1/31/2023 12:05 am", "1/31/2023 12:05 PM"]
    assert days(tmp_path, cells) == [
        "2023-01-31 22:30:00",
        "2023-01-31 00:05:00",
        "2023-01-31 12:05:00",
    ]


def test_cells_wrapped_for_a_spreadsheet_and_dashes(tmp_path):
    orders = 'order_id,date,amount,cost\n"=""00123""",2023-01-05,5,--\n\'0042,2023-01-31,7,3\n'
    book = Book.open(write(tmp_path, toml='[book]\nname = "m"\n', orders=orders))
    assert book.relation("orders").project("order_id, cost").fetchall()[0] == ("00123", None)
    assert book.relation("orders").project("order_id").fetchall()[1] == ("0042",)


def probabilities(*cells: str) -> str:
    lines = "".join(f"D{i},lead,open,2023-01-05,{cell}\n" for i, cell in enumerate(cells))
    return "opportunity_id,stage,outcome,created,probability\n" + lines


def test_probabilities_from_0_to_100_are_per_cent(tmp_path):
    files = {"toml": '[book]\nname = "m"\n', "opportunities": probabilities("60", "0", "100", "")}
    book = Book.open(write(tmp_path, **files))
    cells = book.relation("opportunities").project("probability").fetchall()
    assert cells == [(0.6,), (0.0,), (1.0,), (None,)]
    report = check(tmp_path, **files)
    assert "chances from 0 to 100: read as per cent" in [p.found for p in report.warnings]
    for mixed in (("60", "0.3"), ("60", "130"), ("60", "-1")):
        odd = check(tmp_path / "b", **{**files, "opportunities": probabilities(*mixed)})
        assert not odd.ok and odd.errors[0].column == "probability", mixed
    plain = check(tmp_path / "c", **{**files, "opportunities": probabilities("0.6", "1")})
    assert plain.ok and not [p for p in plain.warnings if p.column == "probability"]


def test_credit_and_debit_are_said(tmp_path):
    orders = "order_id,date,amount\nO1,2023-01-05,100.00 DR\nO2,2023-01-31,20.00 CR\n"
    files = {"toml": '[book]\nname = "m"\n', "orders": orders}
    says(
        only(check(tmp_path, **files), "warning"), "2 amounts with DR or CR: read as on a customer"
    )
    total = Book.open(tmp_path).relation("orders").aggregate("sum(amount)").fetchall()[0][0]
    assert total == 80
