"""Folders as they are: empty files, no header, a header twice, hundreds of columns, odd names,
other things, long files, databases. Nothing is a traceback, and what is written can be read.
"""

from __future__ import annotations

import sqlite3
import tomllib

import duckdb
import pandas as pd
import pytest

from playbook.base.errors import ParameterProblem
from playbook.base.settings import parse_settings
from playbook.data.book import Book
from playbook.intake import looking, samples, trial
from playbook.intake.looking import files_of
from playbook.intake.proposal import propose

ORDERS = "order_id,date,customer_id,amount\n" + "".join(
    f"{i},2023-01-{i % 28 + 1:02d},c{i % 3},1{i}\n" for i in range(20)
)


def made(folder) -> Book:
    (folder / "playbook.toml").write_text(propose([folder], folder).text, encoding="utf-8")
    return Book.open(folder)


def test_empty_and_broken_files_are_named_and_left_alone(tmp_path):
    for name, content in {
        "a.csv": b"",
        "b.xlsx": b"",
        "c.parquet": b"nope",
        "d.csv": b"\n\n\n",
        "e.csv": b"id,name\n",
        "f.csv": bytes(range(256)) * 20,
        "g.xlsx": b"\x89PNG",
        "h.pdf": b"%PDF",
        "orders.csv": ORDERS.encode(),
    }.items():
        (tmp_path / name).write_bytes(content)
    proposal = propose([tmp_path], tmp_path)
    assert [plan.table for plan in proposal.tables] == ["orders"]
    assert {found.path.name for found, _ in proposal.rest} == set("abcdefg"[i] + e for i, e in
        enumerate([".csv", ".xlsx", ".parquet", ".csv", ".csv", ".csv", ".xlsx"]))  # fmt: skip
    assert all(why for _, why in proposal.rest) and proposal.unread == ("h.pdf",)
    assert set(tomllib.loads(proposal.text)["sources"]) == {"orders_file"}


def test_a_file_without_a_header_is_not_guessed(tmp_path):
    (tmp_path / "orders.csv").write_text("\n".join(ORDERS.splitlines()[1:]), encoding="utf-8")
    with pytest.raises(ParameterProblem, match="no header: its first row holds data"):
        propose([tmp_path], tmp_path)


def test_a_header_that_comes_twice_is_named_apart(tmp_path):
    lines = "".join(
        f"D{i},{['Closed Won', 'Closed Lost', 'Proposal'][i % 3]},{i + 1}00,2023-01-{i + 1:02d},"
        "Pipeline,Pipeline,2022-12-01\n"
        for i in range(12)
    )
    head = "Opportunity ID,Stage,Amount,Close Date,Forecast Category,Forecast Category,Created\n"
    (tmp_path / "opps.csv").write_text(head + lines, encoding="utf-8")
    book = made(tmp_path)
    deals = book.relation("opportunities").df()
    assert len(deals) == 12 and "Forecast Category (2)" in book.settings.sources["opps"].header


def test_hundreds_of_columns_cost_little(tmp_path):
    head = ",".join(["order_id", "date", "customer_id", "amount", *(f"f{i}" for i in range(300))])
    row = "2023-01-05,c,10," + ",".join(["x"] * 300)
    rows = "\n".join(f"{i},{row}" for i in range(20))
    (tmp_path / "wide.csv").write_text(f"{head}\n{rows}\n", encoding="utf-8")
    plan = propose([tmp_path], tmp_path).tables[0]
    assert plan.table == "orders" and len(plan.lines) == 4 and len(plan.left) == 300


@pytest.mark.parametrize(
    "header", ['customer "x"; DROP TABLE a; --', "a\nb", "]]", "'''", "\\u0000", "=cmd|A1", "# x"]
)
def test_odd_names_of_columns_cannot_leave_their_place(tmp_path, header):
    frame = pd.read_csv(pd.io.common.StringIO(ORDERS), dtype=str).assign(**{header: "v"})
    frame = frame.rename(columns={"customer_id": f"customer {header}"})
    frame.to_csv(tmp_path / "orders.csv", index=False)
    text = propose([tmp_path], tmp_path).text
    parse_settings(tomllib.loads(text), "playbook.toml")
    assert set(tomllib.loads(text)) == {"book", "sources", "tables"}


def test_odd_words_of_stages_cannot_leave_their_place(tmp_path):
    words = ["Closed Won", "Closed Lost", 'a"b \\ x', "'''", "日本\u2028x", "# y"]
    frame = pd.DataFrame(
        {
            "deal id": range(12),
            "stage": words * 2,
            "amount": "5",
            "close date": [f"2023-01-{i + 1:02d}" for i in range(12)],
        }
    )
    frame.to_csv(tmp_path / "deals.csv", index=False)
    assert set(tomllib.loads(propose([tmp_path], tmp_path).text)["book"]["stages"]) >= {'a"b \\ x'}


def test_folders_below_are_looked_into_but_not_those_of_books_and_reports(tmp_path):
    for place in ("exports", "reports", "other"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "other" / "playbook.toml").write_text("", encoding="utf-8")
    assert [p.parent.name for p in files_of([tmp_path])] == ["exports"]
    assert made(tmp_path).settings.sources["orders_file"].file == "exports/orders.csv"


def test_many_files_are_cut_and_the_rest_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(looking, "MOST", 3)
    for i in range(5):
        (tmp_path / f"o{'abcde'[i]}.csv").write_text(ORDERS, encoding="utf-8")
    proposal = propose([tmp_path], tmp_path)
    assert proposal.unread == ("od.csv", "oe.csv")
    assert [why.split(":")[0] for _, why in proposal.rest] == [
        "orders too, which is read from oa.csv"
    ] * 2


def test_a_long_file_is_read_and_tried_by_samples_of_its_whole_length(tmp_path, monkeypatch):
    monkeypatch.setattr(samples, "BLOCK", 2_000)
    monkeypatch.setattr(trial, "LARGE", 10_000)
    lines = [f"{i},2023-{i // 300 + 1:02d}-05,c{i % 3},1{i}" for i in range(3000)]
    lines = ["order_id,date,customer_id,amount", *lines]
    (tmp_path / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    proposal = propose([tmp_path], tmp_path)
    found = proposal.tables[0].found
    assert not found.whole and found.rows < 1000
    days = next(c for c in found.columns if c.name == "date").filled
    assert days.min() == "2023-01-05" and days.max() == "2023-10-05"
    (tmp_path / "playbook.toml").write_text(proposal.text, encoding="utf-8")
    tried = trial.checked(proposal, tmp_path)
    assert tried.sampled and tried.report.ok and tried.report.tables[0].rows < 1000


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_the_tables_of_a_database_are_looked_at_like_files(tmp_path, kind):
    frame = pd.read_csv(pd.io.common.StringIO(ORDERS), dtype=str)
    file = tmp_path / f"erp.{kind}"
    if kind == "sqlite":
        with sqlite3.connect(file) as connection:
            frame.to_sql("sales_orders", connection, index=False)
        connection.close()
    else:
        with duckdb.connect(str(file)) as connection:
            connection.execute("CREATE TABLE sales_orders AS SELECT * FROM frame")
    text = propose([], tmp_path, [f"{kind}:///erp.{kind}"]).text
    (tmp_path / "playbook.toml").write_text(text, encoding="utf-8")
    assert Book.open(tmp_path).relation("orders").aggregate("count(*)").fetchall() == [(20,)]
    with pytest.raises(ParameterProblem, match="no"):
        propose([], tmp_path, [f"{kind}:///absent.{kind}"])
