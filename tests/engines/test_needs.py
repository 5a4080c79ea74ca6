"""What a book in a lake needs is said before anything is started; DuckDB answers as an engine."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import duckdb
import narwhals as nw
import pandas as pd
import pytest
from lakes import lake_book
from small import write_small

from playbook.base.errors import DataProblem, SettingsProblem
from playbook.base.settings import parse_settings
from playbook.data.book import Book
from playbook.data.checking import check_book
from playbook.data.lake.opening import is_spark_frame
from playbook.data.measures.as_given import key_result_names
from playbook.data.scoped import part_of
from playbook.engines import needs, spark_session
from playbook.engines.duck import DuckEngine
from playbook.engines.limits import collected
from playbook.engines.needs import EngineProblem
from playbook.engines.spark_session import session_of
from toy import toy


@pytest.fixture(scope="module")
def far(tmp_path_factory):
    home = tmp_path_factory.mktemp("books")
    return lake_book(write_small(home / "here"), home / "lake")


def test_a_lake_without_an_engine_is_one_clear_error_per_table(far):
    report = check_book(far)
    assert [p.found for p in report.errors] == [
        f"[sources.{name}] lies in a lake, and no engine is named"
        for name in (
            "orders",
            "customers",
            "opportunities",
            "stage_events",
            "leads",
            "activities",
            "contracts",
        )
    ]
    assert report.exit_status == 2


def test_java_that_is_not_there_is_named(monkeypatch):
    pytest.importorskip("sqlglot")
    monkeypatch.setattr(needs, "PACKAGES", {"spark": ("sqlglot",)})
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(spark_session.shutil, "which", lambda name: None)
    with pytest.raises(EngineProblem) as wanting:
        session_of("local[2]", {})
    assert wanting.value.problems[0].found == "no Java" and wanting.value.exit_status == 2


@pytest.mark.parametrize(
    "spark",
    ["local", "local[2]", "local[*]", "spark://a:7077,b-c.d:7077", "yarn", "k8s://https://x"],
)
def test_masters_are_read(spark):
    assert parse_settings({"engine": {"spark": spark}}).engine.spark == spark


def test_engine_settings_that_cannot_be_are_all_named_at_once():
    given = {"spark": "local[2", "most_rows": 10, "options": {"x": "1", "spark.y": "2"}}
    with pytest.raises(SettingsProblem) as wrong:
        parse_settings({"engine": given})
    assert [p.found for p in wrong.value.problems] == [
        "engine.spark = 'local[2'",
        "engine.most_rows = 10",
        "engine.options",
    ]
    assert "settings of Spark begin with spark.: x" in str(wrong.value)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"lake": "a", "file": "b"}, "a source has either file or database, or lake"),
        ({}, "a source has either file or database, or lake"),
        ({"lake": "a", "decimal": ","}, "a lake source has columns with types: no decimal"),
    ],
)
def test_a_source_lies_in_one_place(source, said):
    with pytest.raises(SettingsProblem, match=said):
        parse_settings({"sources": {"orders": source}})


def test_duckdb_as_an_engine():
    engine = DuckEngine(duckdb.connect())
    view = engine.view("SELECT * FROM (VALUES (1, 'a'), (2, 'a'), (5, 'b')) t(n, g)")
    assert engine.columns(view) == ["n", "g"]
    assert sorted(engine.ask(view, "g, sum(n)", group="g")) == [("a", 3), ("b", 5)]
    assert engine.ask(view, "count(*)", "n > 1") == [(2,)]
    assert engine.some(view, "n = 5") and not engine.some(view, "n = 6")
    kept = engine.held(engine.keep(engine.lazy(view).filter(nw.col("n") > 1), "x"))
    assert sorted(collected(kept)["n"].to_list()) == [2, 5]
    small = engine.small(pd.DataFrame({"g": ["a"], "w": [0.5]}))
    assert len(collected(engine.lazy(view).join(small, on="g"))) == 2
    engine.let_go()


def test_questions_to_a_book_go_through_its_engine():
    book = toy()
    assert book.ask("orders", "count(*), min(date)", "amount > 60", "") == [
        (1, pd.Timestamp("2023-01-05").date())
    ]
    assert key_result_names(book) == set()
    assert not is_spark_frame(pd.DataFrame())


def test_a_frame_of_another_engine_has_no_relation():
    class Elsewhere:
        def view(self, query):
            return query

    book = toy()
    read = replace(book.read)
    vars(read)["engine"] = Elsewhere()
    with pytest.raises(EngineProblem, match="orders as a DuckDB relation runs on one machine only"):
        Book(book.settings, read, book.as_of).relation("orders")


def test_two_sources_in_a_lake_and_one_file(far):
    with pytest.raises(DataProblem) as wrong:
        Book.open(far)
    assert len(wrong.value.problems) == 7
    assert json.dumps([p.as_dict() for p in wrong.value.problems])


def test_an_audiences_part_is_never_taken_from_another_engine():
    book = toy()
    read = replace(book.read, connection=object())
    scope = SimpleNamespace(changes_nothing=False)
    with pytest.raises(EngineProblem, match="that an audience may see runs on one machine only"):
        part_of(Book(book.settings, read, book.as_of), scope)
