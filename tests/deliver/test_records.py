"""The record of runs: written by several at once, upgraded, refused, and never in a run's way."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from posting import NOON, Clock

from playbook.base.errors import PlaybookError, refused
from playbook.cli import clock
from playbook.cli.recording import recorded, sections_failed
from playbook.deliver import database, locking, runs, usage
from playbook.deliver.database import NAME, RecordProblem, opened
from playbook.report.record.results import Outcome


def begun(connection, book="north", month="2023-09"):
    return runs.begin(
        connection, kind="report", book=book, month=month, started=NOON, version="0.1.0"
    )


def ended(connection, number, status="ok", **more):
    runs.end(
        connection,
        number,
        ended=NOON + timedelta(seconds=61.5),
        status=status,
        wall=61.5,
        **{"book": "north", "month": "2023-09", **more},
    )


def test_a_run_reads_as_it_was_written(tmp_path):
    with opened(tmp_path) as connection:
        number = begun(connection)
        (under_way,) = runs.listed(connection)
        assert (under_way.status, under_way.ended) == ("running", None)
        ended(
            connection,
            number,
            "failed",
            cpu=12.3456,
            peak_mb=771.04,
            failed=["03-funnel › win-rate"],
            outputs={"brief.pdf": "ab"},
            alerts=["销售额 is low"],
            variant="for-east",
            folder="/r/2023-09/north.for-east",
        )
        (run,) = runs.listed(connection)
    assert (run.started, run.ended) == ("2023-10-02T04:00:00.000Z", "2023-10-02T04:01:01.500Z")
    assert (run.wall, run.cpu, run.peak_mb) == (61.5, 12.346, 771.0)
    assert run.failed == ("03-funnel › win-rate",) and run.alerts == ("销售额 is low",)
    assert run.outputs == {"brief.pdf": "ab"} and run.variant == "for-east"


def test_runs_are_listed_the_newest_first_and_filtered(tmp_path):
    with opened(tmp_path) as connection:
        for book, month, status in (
            ("north", "2023-08", "ok"),
            ("south", "2023-09", "ok"),
            ("north", "2023-09", "failed"),
        ):
            ended(connection, begun(connection), status, book=book, month=month)

        def ids(**asked):
            return [run.id for run in runs.listed(connection, **asked)]

        assert ids() == [3, 2, 1] and ids(most=2) == [3, 2]
        assert ids(book="north") == [3, 1] and ids(month="2023-09") == [3, 2]
        assert ids(status="ok") == [2, 1] and ids(status="ok", most=1) == [2]
        assert ids(book="x' OR 1=1 --") == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system lists no processes")
def test_a_run_that_was_killed_is_listed_as_interrupted(tmp_path):
    with opened(tmp_path) as connection:
        number = begun(connection)
        assert runs.listed(connection)[0].status == "running"
        connection.execute("UPDATE runs SET process = 4194305")  # beyond what Linux gives
        assert runs.listed(connection)[0].status == "interrupted"
        assert [r.id for r in runs.listed(connection, status="interrupted")] == [number]
        connection.execute("UPDATE runs SET host = 'elsewhere'")
        assert runs.listed(connection)[0].status == "running"  # nobody knows from here


def test_many_writers_lose_nothing(tmp_path):
    with opened(tmp_path):
        pass

    def write(book):
        for _ in range(10):
            with opened(tmp_path) as connection:
                ended(connection, begun(connection, book))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened(tmp_path) as connection:
        assert len(runs.listed(connection, most=99)) == 40
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_two_make_the_file_at_the_same_time(tmp_path):
    failed = []

    def make():
        try:
            with opened(tmp_path) as connection:
                begun(connection)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened(tmp_path) as connection:
        assert failed == [] and len(runs.listed(connection)) == 6


def test_a_reader_does_not_wait_for_a_writer(tmp_path):
    with opened(tmp_path) as one, opened(tmp_path) as two:
        begun(one)
        with database.writing(one):
            one.execute("UPDATE runs SET book = 'half'")
            assert [run.book for run in runs.listed(two)] == ["north"]


def test_what_breaks_in_the_middle_is_not_written(tmp_path):
    with opened(tmp_path) as connection:
        begun(connection)
        with pytest.raises(ZeroDivisionError), database.writing(connection):
            connection.execute("UPDATE runs SET book = 'half'")
            raise ZeroDivisionError
        assert runs.listed(connection)[0].book == "north"


def test_a_record_of_a_newer_playbook_is_left_alone(tmp_path):
    with opened(tmp_path):
        pass
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute(f"PRAGMA user_version = {len(database.VERSIONS) + 1}")
    with pytest.raises(RecordProblem, match="which this playbook knows"), opened(tmp_path):
        pass


def test_a_record_may_be_looked_at_where_nothing_can_be_written(tmp_path, monkeypatch):
    with opened(tmp_path) as connection:
        number = begun(connection)
    plain, asked = sqlite3.connect, []

    def refused(place, **more):  # what a folder of somebody else's says of the log beside the file
        asked.append(place)
        if place.endswith("mode=ro"):
            raise sqlite3.OperationalError("unable to open database file")
        return plain(place, **more)

    for way in (plain, refused):
        monkeypatch.setattr(database.sqlite3, "connect", way)
        with database.looked_at(tmp_path) as connection:
            assert [run.id for run in runs.listed(connection)] == [number]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                connection.execute("DELETE FROM runs")
    assert [place.rpartition("?")[2] for place in asked] == ["mode=ro", "mode=ro&immutable=1"]
    monkeypatch.setattr(database.sqlite3, "connect", plain)
    (tmp_path / database.NAME).write_text("no database, but a text that is long enough for one")
    wrong = pytest.raises(database.RecordProblem, match="not a database")
    with wrong, database.looked_at(tmp_path):
        pass


def test_a_damaged_record_is_told_and_never_stops_a_run(tmp_path, capsys):
    (tmp_path / NAME).write_bytes(b"no database, whatever its name says" * 40)
    with pytest.raises(RecordProblem, match="the record of runs cannot be used"), opened(tmp_path):
        pass
    with recorded("report", tmp_path, "north") as said:
        said.status = "ok"
    assert "the run is not on record: the record of runs cannot be used" in capsys.readouterr().err


def kept(folder):
    with opened(folder) as connection:
        return [(run.book, run.month, run.status, run.reason) for run in runs.listed(connection)]


def test_a_run_is_on_record_however_it_ends(tmp_path):
    with mock.patch.object(clock, "now", Clock()):
        with recorded("report", tmp_path, "book") as said:
            said.book, said.month, said.status = "north", "2023-09", "ok"
        with pytest.raises(PlaybookError), recorded("report", tmp_path, "a"):
            raise refused("no such month", "x", "y")
        with pytest.raises(ZeroDivisionError), recorded("report", tmp_path, "b"):
            raise ZeroDivisionError("a customer's name")
        with pytest.raises(KeyboardInterrupt), recorded("report", tmp_path, "c"):
            raise KeyboardInterrupt
    assert kept(tmp_path) == [
        ("c", None, "interrupted", ""),
        ("b", None, "failed", "internal error: ZeroDivisionError"),
        ("a", None, "refused", "no such month"),
        ("north", "2023-09", "ok", ""),
    ]


def test_wrong_input_makes_no_folder(tmp_path):
    out = tmp_path / "reports"
    with pytest.raises(PlaybookError), recorded("report", out, "a"):
        raise refused("no such month", "x", "y")
    assert not out.exists()
    with recorded("report", out, "a") as said:
        out.mkdir()
        said.status = "ok"
    assert kept(out) == [("a", None, "ok", "")]


def test_sections_that_failed_are_named():
    outcomes = [
        Outcome("01-goal-setting"),
        Outcome("03-funnel", status="failed", error={"section": "win-rate", "cause": "x"}),
        Outcome("04-pay", status="failed", error={"section": "", "cause": "x"}),
    ]
    assert sections_failed(outcomes) == ("03-funnel › win-rate", "04-pay")


def test_processor_and_memory_of_the_whole_family_are_measured():
    with usage.measured() as used:
        sum(i * i for i in range(300_000))
    assert used.cpu is not None and 0 < used.cpu < 60
    assert used.peak_mb is None or used.peak_mb > 10
    assert os.getpid() in usage.family()


def test_where_the_system_tells_nothing_nothing_is_said(tmp_path):
    with (
        mock.patch.object(usage, "PROC", tmp_path / "none"),
        mock.patch.dict("sys.modules", {"resource": None}),  # as on Windows
        usage.measured() as used,
    ):
        pass
    assert (used.cpu, used.peak_mb) == (None, None)


def test_one_at_a_time(tmp_path):
    path = tmp_path / "lock"
    refusal = pytest.raises(PlaybookError, match="another process delivers")
    with locking.alone(path), refusal, locking.alone(path):
        pass
    with locking.alone(path):
        pass


def test_the_lock_of_windows(tmp_path):
    class Locks:
        LK_NBLCK, taken = 2, False

        def locking(self, handle, mode, size):
            assert (mode, size) == (2, 1)
            if self.taken:
                raise OSError("held")
            self.taken = True

    with (
        mock.patch.object(locking, "fcntl", None),
        mock.patch.object(locking, "msvcrt", Locks()),
        locking.alone(tmp_path / "lock"),
        pytest.raises(PlaybookError),
        locking.alone(tmp_path / "lock"),
    ):
        pass
    with (
        mock.patch.object(locking, "fcntl", None),
        mock.patch.object(locking, "msvcrt", None),
        locking.alone(tmp_path / "lock"),
    ):
        pass  # no locks on that system: the record's transactions are what holds


def test_a_run_as_json_is_plain(tmp_path):
    with opened(tmp_path) as connection:
        begun(connection)
        made = runs.as_json(runs.listed(connection)[0])
    assert json.loads(json.dumps(made)) == made
