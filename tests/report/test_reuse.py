"""Chapters taken as they were executed: exactly where everything they looked at is the same."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace
from datetime import date

import making
import pytest

from playbook.base.settings import Settings, load_settings, parse_settings, reads
from playbook.data.book import Book
from playbook.data.measures.shared import settle, work_out_more
from playbook.report.record.folders import Variant
from playbook.report.run import reuse as under_test
from playbook.report.run.plan import Job, Plan, Source

OLD, NEW = "a" * 12, "b" * 12
CHAPTER = {"outcome": {"name": "01"}, "made": {"blocks": [f"data {OLD}"]}, "node": {"cells": []}}


@pytest.fixture
def plan(tmp_path):
    path = making.good(tmp_path / "nb")
    settings = {"book": {"name": "n"}, "segments": {"rfm_months": 12}, "commission_plans": []}
    files = ({"source": "orders", "file": "orders.csv", "sha256": "1"},)
    day = date(2023, 6, 30)
    source = Source("b", "n", "N", "2023-06", day, "CNY", "en", OLD, settings, files)
    job = Job("01-goal-setting", path, {"book": "b", "month": "2023-06", "top": 3})
    return Plan(source, (job,), tmp_path / "out", variant=Variant(), kept=tmp_path / "kept")


def keep(plan, *looked):
    note = plan.out.parent / "reads"
    note.write_text("\n".join(looked))
    asked(plan).keep(CHAPTER, note)


def asked(plan, code="c"):
    found = under_test.reuse(plan, plan.jobs[0], code)
    assert found is not None
    return found


def moved(plan, **settings):
    """The same run with other settings, and so with another fingerprint."""
    source = replace(plan.source, fingerprint=NEW, settings={**plan.source.settings, **settings})
    return replace(plan, source=source)


def test_a_chapter_is_taken_where_what_it_looked_at_is_the_same(plan):
    keep(plan, "segments")
    assert asked(plan).find() == CHAPTER
    taken = asked(moved(plan, commission_plans=[{"name": "new"}])).find()
    assert taken == {**CHAPTER, "made": {"blocks": [f"data {NEW}"]}}, "with its own fingerprint"
    assert asked(moved(plan, segments={"rfm_months": 6})).find() is None
    keep(plan, "commission_plans")
    assert asked(moved(plan, segments={"rfm_months": 6})).find() == {
        **CHAPTER,
        "made": {"blocks": [f"data {NEW}"]},
    }
    assert asked(moved(plan, segments={"tiers": {"names": ["A", "B"]}})).find() is None
    assert asked(moved(plan, book={"name": "n", "currency": "EUR"})).find() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda p: replace(p, source=replace(p.source, files=())),
        lambda p: replace(p, source=replace(p.source, month="2023-05")),
        lambda p: replace(p, source=replace(p.source, as_of=date(2023, 6, 29))),
        lambda p: replace(p, source=replace(p.source, language="zh")),
        lambda p: replace(p, source=replace(p.source, warnings=({"found": "x"},))),
        lambda p: replace(p, jobs=(replace(p.jobs[0], parameters={"top": 4}),)),
        lambda p: replace(p, anew=True),
    ],
)
def test_anything_else_is_another_chapter(plan, change):
    keep(plan, "segments")
    assert asked(change(plan)).find() is None


def test_another_library_or_notebook_is_another_chapter(plan):
    keep(plan, "segments")
    assert asked(plan, "other code").find() is None
    making.notebook(plan.jobs[0].path.parent, making.code("1 + 1"))
    assert asked(plan).find() is None


def test_a_chapter_that_looked_at_everything_or_noted_nothing_is_not_kept(plan):
    keep(plan, "segments", reads.ALL)
    asked(plan).keep(CHAPTER, plan.out.parent / "not there")
    keep(plan, "no such table")
    assert asked(plan).find() is None and not list((plan.out.parent / "kept").rglob("*.gz"))


@pytest.mark.parametrize("flipped", range(0, 130, 9))
def test_no_flipped_bit_is_taken_and_none_stops_a_run(plan, flipped):
    keep(plan, "segments")
    (entry,) = (plan.out.parent / "kept").rglob("*.gz")
    content = bytearray(entry.read_bytes())
    content[flipped % len(content)] ^= 0x10
    entry.write_bytes(content)
    assert asked(plan).find() in (None, CHAPTER)  # some bits of a gzip head say nothing


def test_an_entry_under_another_s_name_is_none(plan):
    other = moved(plan, segments={"rfm_months": 6})
    keep(plan, "segments")
    keep(other, "segments")
    one, two = (plan.out.parent / "kept").rglob("*.gz")
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert asked(plan).find() is None and asked(other).find() is None


@pytest.mark.parametrize("how", ["cut", "not gzip", "changed", "empty", "no list", "gone"])
def test_a_damaged_entry_is_worked_out_again(plan, how):
    keep(plan, "segments")
    (entry,) = (plan.out.parent / "kept").rglob("*.gz")
    (listed,) = (plan.out.parent / "kept").rglob("*.json")
    content = entry.read_bytes()
    if how == "changed":
        raw = gzip.decompress(content).replace(b"cells", b"sells")
        entry.write_bytes(gzip.compress(raw))
    elif how == "gone":
        entry.unlink()
    elif how == "no list":
        listed.write_text("{")
    else:
        entry.write_bytes({"cut": content[:-9], "not gzip": b"{}", "empty": b""}[how])
    assert asked(plan).find() is None
    keep(plan, "segments")
    assert asked(plan).find() == CHAPTER


def test_only_the_newest_are_kept_and_nobody_else_reads_them(plan):
    for number in range(under_test.KEPT + 3):
        files = ({"sha256": str(number)},)
        keep(replace(plan, source=replace(plan.source, files=files)), "segments")
    folder = asked(plan).folder
    assert len(list(folder.glob("*.gz"))) == len(list(folder.glob("*.json"))) == under_test.KEPT
    assert folder.stat().st_mode & 0o077 == 0


def test_stock_kernels_and_runs_without_an_archive_keep_nothing(plan):
    assert under_test.reuse(replace(plan, kept=None), plan.jobs[0], "c") is None
    assert under_test.code_of(replace(plan, kernels="stock")) == ""
    assert under_test.reuse(plan, plan.jobs[0], "") is None


# -- what is noted


@pytest.fixture
def fresh(monkeypatch):
    monkeypatch.setattr(reads, "_noted", set())
    monkeypatch.setattr(reads, "_before", set())


def test_a_table_is_noted_when_it_is_looked_at(fresh):
    settings = parse_settings({})
    assert reads.noted() == set(), "making and checking settings looks at nothing"
    copy = settings.model_copy(update={"report": settings.report})
    assert reads.noted() == {"report"} and copy.title and reads.noted() == {"report", "book"}
    assert settings == copy and reads.noted() == {"report", "book", reads.ALL}


@pytest.mark.parametrize("whole", [Settings.model_dump, vars, repr, dict, list])
def test_a_look_at_all_is_noted_as_such(fresh, whole):
    whole(parse_settings({}))
    assert reads.ALL in reads.noted() or set(Settings.model_fields) <= reads.noted()


def test_opening_a_book_looks_at_no_more_than_is_always_in_the_key(fresh, tmp_path):
    book = Book.open(making.book(tmp_path))
    assert reads.noted() <= set(under_test.OPENING), reads.noted()
    settle(book)
    work_out_more(book)  # without costs, margins are those of the settings
    assert reads.noted() - set(under_test.OPENING) == {"funnel"}
    assert load_settings(tmp_path) and reads.ALL not in reads.noted()


def test_a_forked_process_writes_down_what_was_noted_before_it(fresh, tmp_path, monkeypatch):
    settings = parse_settings({})
    assert settings.goals and reads.noted() == {"goals"}
    monkeypatch.setenv(reads.READS, str(tmp_path / "reads"))
    if (pid := os.fork()) == 0:
        try:
            assert settings.goals and settings.funnel
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert (tmp_path / "reads").read_text().split() == ["goals", "funnel"]
    assert json.dumps(sorted(reads.noted())) == '["goals"]'
