"""Beside a batch: late books left out, packs on record, events of its log, alerts told."""

from __future__ import annotations

import io
import json
from contextlib import nullcontext, redirect_stderr
from unittest import mock

import pytest
from posting import Clock, pack
from test_waiting import book

from playbook.base.errors import SettingsProblem
from playbook.base.settings import parse_settings, read_toml
from playbook.base.settings.batch import load_batch
from playbook.cli import batches, clock
from playbook.cli.logs import log_to
from playbook.deliver import runs
from playbook.deliver.database import opened
from playbook.report.batch.asked import AskedBook
from playbook.report.batch.look import Row


def asked(folder, *days, months=("last",)):
    folder.mkdir(exist_ok=True)
    book(folder, *days)
    return AskedBook(str(folder), tuple(months), ())


def test_late_books_are_left_out_and_stop_no_other(tmp_path):
    ready = asked(tmp_path / "a", "2023-09-30", months=("2023-01..last", "2022-12"))
    late = asked(tmp_path / "b", "2023-09-20")
    past = asked(tmp_path / "c", "2023-05-31", months=("2023-05",))
    soon = asked(tmp_path / "d", "2023-09-20")
    ticking = Clock()

    def sleep(seconds):
        ticking.sleep(seconds)
        asked(tmp_path / "d", "2023-09-29")

    with (
        mock.patch.object(clock, "now", ticking),
        mock.patch.object(clock, "sleep", sleep),
        redirect_stderr(io.StringIO()) as said,
    ):
        books, problems = batches.arrived([ready, late, past, soon], "10m")
    assert [one.path for one in books] == [ready.path, past.path, soon.path]
    assert [one.months for one in books] == [
        ("2023-01..2023-09", "2022-12"),
        ("2023-05",),  # asks for a month by name: nothing to wait for
        ("2023-09",),
    ]
    (problem,) = problems
    assert problem.file == late.path and problem.found == (
        "1 source not up to the end of 2023-09 after 10 min: orders ends 2023-09-20"
    )
    assert ticking.naps == [300, 300]
    assert said.getvalue().splitlines()[-1] == "2 of 3 books are there"


def test_a_book_that_is_wrong_in_itself_is_the_batchs_to_tell(tmp_path):
    wrong = asked(tmp_path / "a", "2023-09-30")
    (tmp_path / "a/orders.csv").write_text("order_id,date,customer_id,amount\no1,2023-09-30,c1,x\n")
    with mock.patch.object(clock, "now", Clock()):
        books, problems = batches.arrived([wrong], "10m")
    assert problems == [] and books[0].months == ("2023-09",)


class Silent:
    def checked(self, *_): ...
    def began(self, *_): ...
    def cell(self, *_): ...
    def finished(self, *_): ...


def watched(out, ticking, alerts=()):
    return batches.batch_watched(out, "all", [], lambda **_: nullcontext(Silent()), alerts)


def test_every_pack_of_a_batch_is_on_record_as_it_ends(tmp_path):
    target = pack(tmp_path, status="failed", language="en")
    made = json.loads((target / "manifest.json").read_text())
    made["notebooks"] = [
        {"name": "01-goal-setting", "status": "ok", "error": None},
        {"name": "03-funnel", "status": "failed", "error": {"section": "win-rate"}},
    ]
    (target / "manifest.json").write_text(json.dumps(made))
    alert = parse_settings({"alerts": [{"number": "win_rate.narrow", "below": 0.3}]}).alerts
    ticking = Clock()
    rows = [
        Row("north", "2023-09", "north", "failed", 9.0, ("03-funnel failed",), target),
        Row("south", "2023-09", "south.for-east", "broken", 1.0, ("killed",)),
        Row("west", "2023-09", "west", "same", 0.0, (), None),
    ]
    with (
        mock.patch.object(clock, "now", ticking),
        redirect_stderr(io.StringIO()) as told,
        watched(tmp_path, ticking, alert) as (watch, said),
    ):
        for row in rows[:2]:
            watch.began(f"{row.month}/{row.folder}", 5)
            ticking.sleep(10)
        for row in rows:
            watch.finished(row, 1, 3)
        batches.batch_told(said, rows)
    with opened(tmp_path) as record:
        found = {run.book: run for run in runs.listed(record)}
    assert set(found) == {"all", "north", "south"}  # what was the same was not run
    north, south, whole = found["north"], found["south"], found["all"]
    assert (north.kind, north.status, north.wall) == ("pack", "failed", 20.0)
    assert north.failed == ("03-funnel › win-rate",) and north.folder == str(target)
    assert set(north.outputs) >= {"brief.pdf", "results.json"}
    assert north.alerts == ("win_rate.narrow (month) is 21.0 %: below 30.0 %",)
    assert "alert: win_rate.narrow" in told.getvalue()
    assert (south.variant, south.status, south.reason) == ("for-east", "failed", "killed")
    assert (whole.kind, whole.status) == ("batch", "failed")
    assert whole.failed == ("2023-09/north: failed", "2023-09/south.for-east: broken")
    assert whole.cpu is not None


def test_a_book_or_pack_that_cannot_be_read_stops_no_other(tmp_path, monkeypatch):
    target = pack(tmp_path, language="en")
    alert = parse_settings({"alerts": [{"number": "win_rate.narrow", "below": 0.3}]}).alerts
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed/playbook.toml").mkdir()  # as one that only somebody else may read
    books = [AskedBook(str(tmp_path / "closed"), ("last",), ())]
    with pytest.raises(SettingsProblem, match="cannot be opened: Is a directory"):
        read_toml(tmp_path / "closed/playbook.toml")
    refused = mock.Mock(side_effect=PermissionError(13, "Permission denied"))
    monkeypatch.setattr("playbook.base.settings.load_settings", refused)
    row = Row("north", "2023-09", "north", "ok", 9.0, (), target)
    plain = lambda **_: nullcontext(Silent())  # noqa: E731
    with (
        redirect_stderr(io.StringIO()) as told,
        batches.batch_watched(tmp_path, "all", books, plain, alert) as (watch, _),
    ):
        watch.began("2023-09/north", 5)
        watch.finished(row, 1, 2)
        (target / "results.json").write_text("half a file")
        watch.began("2023-09/north", 5)
        watch.finished(row, 2, 2)
    assert refused.called and "alert: win_rate.narrow" in told.getvalue()
    assert f"alerts of {target} cannot be judged: " in told.getvalue()


def test_the_log_of_a_batch_is_an_event_a_line(tmp_path):
    row = Row("north", "2023-09", "north", "ok", 9.0, ("a cell said 王伟",))
    with (
        mock.patch.object(clock, "now", Clock()),
        redirect_stderr(io.StringIO()) as told,
    ):
        log_to("json")
        try:
            with batches.batch_watched(tmp_path, "all", [], None) as (watch, said):
                watch.checked("north", 1, 1)
                watch.began("2023-09/north", 5)
                watch.cell("2023-09/north", "01", 1, 9)
                watch.finished(row, 1, 1)
                batches.batch_told(said, [row])
        finally:
            log_to("text")
    events = [json.loads(line) for line in told.getvalue().splitlines()]
    assert [(one["event"], one.get("kind")) for one in events] == [
        ("started", "batch"),
        ("checked", None),
        ("started", "pack"),
        ("finished", "pack"),
        ("finished", "batch"),
    ]
    assert events[3] | {"time": 0} == {
        **{"time": 0, "event": "finished", "kind": "pack", "book": "north", "month": "2023-09"},
        **{"folder": "north", "status": "ok", "seconds": 9.0, "done": 1, "of": 1},
    }
    assert "王伟" not in told.getvalue()


def test_a_batch_file_may_say_who_is_told(tmp_path):
    file = tmp_path / "all.toml"
    file.write_text(
        'books = ["*"]\n[[alerts]]\nnumber = "sales"\nbelow = 1\n[[deliver.to]]\nname = "a"\n'
        'channel = "folder"\nplace = "x"\nbooks = ["north"]\n'
    )
    asked_for = load_batch(file)
    assert asked_for.alerts[0].below == 1
    assert [one.name for one in asked_for.deliver.for_book("north").to] == ["a"]
    assert asked_for.deliver.for_book("south").to == []
    file.write_text('books = ["*"]\n[[alerts]]\nnumber = "sale"\nbelow = 1\n')
    with pytest.raises(Exception, match="did you mean 'sales'"):
        load_batch(file)
