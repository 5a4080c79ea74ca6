"""What a batch survives: processes killed, disks full, files changed under it."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import Pipe
from pathlib import Path

import making
import pytest
import typer
from test_archive import report, texts

from playbook import cli
from playbook.base.errors import EXIT_BAD_INPUT, EXIT_INTERNAL, DataProblem
from playbook.cli import batch_made, faults
from playbook.cli.unchanged import Asked
from playbook.report.batch import apart, jobs, keys
from playbook.report.batch.look import Options
from playbook.report.record import archive
from playbook.report.run import entry, pins, plan, processes
from playbook.report.run.plan import Source

LIBRARY = Path(cli.__file__).parents[1]


def twice(number, tell):
    tell("half way", number)
    return 2 * number


def killed(tell):
    os.kill(os.getpid(), signal.SIGKILL)


def wrong(tell):
    raise ValueError("not this time")


def endless(started, tell):
    Path(started).touch()
    signal.pause()


def test_work_apart_answers_tells_and_fails_as_itself():
    said = []
    assert apart.ask(twice, 21, told=lambda *words: said.append(words)) == 42
    assert said == [("half way", 21)]
    with pytest.raises(RuntimeError, match="not this time"):
        apart.ask(wrong)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals")
def test_a_killed_process_costs_its_pack_and_no_other(tmp_path, monkeypatch):
    with pytest.raises(apart.Ended, match="ended with status -9"):
        apart.ask(killed)

    source = Source("b", "north", "N", "2023-06", date(2023, 6, 30), "CNY", "en", "f" * 12)
    job = jobs.PackJob(source, (), tmp_path)
    monkeypatch.setattr(apart, "ask", lambda *_, **__: (_ for _ in ()).throw(apart.Ended("dead")))
    outcome = apart.make_apart(job)
    assert (outcome.label, outcome.status, outcome.error) == ("2023-06/north", "broken", "dead")
    assert outcome.exit_status == 3


def test_ending_a_batch_ends_what_is_under_way_and_starts_nothing_more(tmp_path):
    alive, started = apart.Alive(), tmp_path / "started"
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(apart.ask, endless, str(started), alive=alive)
        while not started.exists():
            assert not future.done() or future.result()
        alive.end()
        assert isinstance(future.exception(), apart.Ended)
    with pytest.raises(apart.Ended, match="before it began"):
        apart.ask(twice, 1, alive=alive)


def test_a_job_that_breaks_is_an_outcome_with_a_line_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(archive.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    monkeypatch.setattr(archive.tempfile, "mkdtemp", mkdtemp_in(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("playbook.report.run.run.run", full)
    source = Source("b", "north", "N", "2023-06", date(2023, 6, 30), "CNY", "en", "f" * 12)
    job = jobs.PackJob(source, (), {}, jobs.Snapshot(content=jobs.pack_up(tmp_path)))
    outcome = jobs.run_job(job)
    assert outcome.status == "broken" and "No space left on device" in outcome.error
    assert "Traceback" in outcome.trace and list((tmp_path / "tmp").iterdir()) == []


def mkdtemp_in(base):
    made = []

    def mkdtemp(prefix, suffix, dir):
        folder = base / f"{prefix}{len(made)}{suffix}"
        folder.mkdir(mode=0o700)
        made.append(folder)
        return str(folder)

    return mkdtemp


def test_a_full_disk_while_a_pack_is_put_in_place_leaves_the_old_one(tmp_path, monkeypatch):
    target = tmp_path / "2023-06" / "north"
    report(target, pack="one")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive, "place", full)
    with pytest.raises(OSError, match="No space"):
        report(target, pack="two")
    assert texts(target) == {"pack": "one"}
    assert [path.name for path in target.parent.iterdir()] == ["north"]


def test_a_full_disk_is_told_in_a_line(capsys):
    faults.internal_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    said = capsys.readouterr().err
    assert said.startswith("no room to write") and "Traceback" not in said


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOTDIR, errno.ESTALE])
def test_a_folder_the_system_refuses_is_told_in_a_line(capsys, number):
    refused = OSError(number, os.strerror(number), "/share/payroll")
    assert faults.internal_error(refused) == EXIT_BAD_INPUT
    said = capsys.readouterr().err
    assert said.startswith(f"the system refuses /share/payroll: {os.strerror(number)}\n")
    assert "internal error" not in said
    assert faults.internal_error(OSError(errno.ECHILD, "no child", "/x")) == EXIT_INTERNAL


@pytest.mark.parametrize("error", [KeyboardInterrupt, typer.Abort])
def test_ctrl_c_ends_in_one_line(monkeypatch, capsys, error):
    app = typer.Typer()

    @app.command()
    def report():
        raise error

    monkeypatch.setattr(cli, "app", app)
    monkeypatch.setattr(sys, "argv", ["playbook"])
    for name in ("block_slow_imports", "one_thread_each", "forget_current_folder"):
        monkeypatch.setattr(cli, name, lambda: None)
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err.strip() == cli.INTERRUPTED


def test_a_worker_nobody_listens_to_any_more_ends_without_a_word(monkeypatch, tmp_path):
    def serve(connection, _):
        connection.send("half a page")

    worker = type(sys)("worker")
    worker.serve = serve
    monkeypatch.setitem(sys.modules, "playbook.report.run.worker", worker)
    monkeypatch.setattr(entry, "die_with_parent", lambda: None)
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)
    ours, theirs = Pipe()
    ours.close()
    assert entry.work(theirs, tmp_path) is None


def test_ctrl_c_again_while_it_tidies_up_is_one_end(monkeypatch):
    now, ended, kept = [100.0], [], signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(cli.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(cli.os, "_exit", ended.append)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        cli.once()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        now[0] += cli.TIDYING
        signal.raise_signal(signal.SIGINT)
        assert ended == [], "it has time to remove what it began"
        now[0] += 0.1
        signal.raise_signal(signal.SIGINT)
        assert ended == [130]
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        cli.once()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN, "as nohup wants it"
    finally:
        signal.signal(signal.SIGINT, kept)


def test_ctrl_c_in_a_batch_says_how_to_go_on(monkeypatch, capsys, tmp_path):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("playbook.report.batch.driver.run_batch", interrupted)
    with pytest.raises(SystemExit) as ended:
        batch_made.make([], Options(tmp_path, name="b.toml"), resume=False, force=False)
    assert ended.value.code == 130
    assert capsys.readouterr().err.splitlines()[-1] == batch_made.INTERRUPTED


# -- versions


def test_earlier_versions_of_a_month_stay_as_many_as_are_asked_for(tmp_path):
    target = tmp_path / "2023-06" / "north"
    for text in ("one", "two", "two", "three", "four"):
        keep(target, text, 2)
    home = tmp_path / "2023-06" / ".earlier" / "north"
    assert {path.name: (path / "pack").read_text() for path in home.iterdir()} == {
        "2": "two",
        "3": "three",
    }
    assert archive.earlier(target) == [2, 3] and texts(target) == {"pack": "four"}
    keep(target, "five", 0)
    assert archive.earlier(target) == [2, 3], "none is kept, and none is taken away"


def keep(target, text, number):
    with archive.building(target, number) as part:
        (part / "pack").write_text(text)
        outputs = {"pack": {"sha256": archive.sha256(part / "pack")}}
        (part / "manifest.json").write_text(json.dumps({"outputs": outputs}))


def test_what_is_written_for_the_moment_lies_where_the_next_run_sweeps_it():
    """A killed process leaves its temporary folders, with the company's figures in them."""
    by_python = re.compile(r"\b(TemporaryDirectory|mkdtemp|mkstemp|get_temp_dir)\(")
    found = {
        path.relative_to(LIBRARY).as_posix()
        for path in LIBRARY.rglob("*.py")
        if by_python.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"data/leftovers.py", "report/record/archive.py"}


def test_the_fork_servers_socket_lies_in_such_a_folder_whatever_the_systems_is(monkeypatch):
    long = f"/tmp/{'long' * 20}"
    config, ends = {}, []
    monkeypatch.setattr(processes.multiprocessing, "current_process", lambda: Mine(config))
    monkeypatch.setattr(processes.util, "Finalize", lambda _, end, **more: ends.append(end))
    monkeypatch.setattr(processes.tempfile, "gettempdir", lambda: long)
    processes.sockets_apart()
    folder = Path(config["tempdir"])
    assert folder.name.startswith("playbook-fork-") and len(str(folder)) < 60
    assert folder.stat().st_mode & 0o077 == 0 and archive.lock(folder) is None, "held"
    processes.sockets_apart()
    assert len(ends) == 1, "once a process"
    ends[0]()
    assert not folder.exists()


class Mine:
    def __init__(self, config):
        self._config = config


def test_two_runs_that_replace_a_pack_at_once_keep_both_versions(tmp_path, monkeypatch):
    target = tmp_path / "2023-06" / "north"
    for text in ("one", "two", "three"):
        keep(target, text, 3)
    monkeypatch.setattr(archive, "earlier", lambda _: [])  # seen before the other run had moved it
    keep(target, "four", 3)
    home = tmp_path / "2023-06" / ".earlier" / "north"
    assert {path.name: (path / "pack").read_text() for path in home.iterdir()} == {
        "1": "one",
        "2": "two",
        "3": "three",
    }


def test_without_the_system_call_versions_are_kept_too(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "_exchange", lambda *_: False)
    target = tmp_path / "north"
    keep(target, "one", 3)
    keep(target, "two", 3)
    assert (tmp_path / ".earlier" / "north" / "1" / "pack").read_text() == "one"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".earlier", "north"]


# -- files read in place


def test_a_pinned_file_may_be_touched_but_not_changed(tmp_path):
    path = tmp_path / "orders.parquet"
    path.write_bytes(b"one")
    pin = pins.pin(str(path), archive.sha256(path))
    pins.check([pin])
    os.utime(path, ns=(5, 5))
    pins.check([pin])
    path.write_bytes(b"two")
    with pytest.raises(DataProblem, match="the data changed while the report ran") as error:
        pins.check([pin])
    assert error.value.problems[0].file == "orders.parquet"
    path.unlink()
    with pytest.raises(DataProblem, match="the data changed"):
        pins.check([pin])


# -- one report


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A book whose pack was made (by hand) and put on record, and the request for it."""
    monkeypatch.setattr(keys, "LIBRARY", tmp_path / "nb")
    making.book(tmp_path / "book")
    for name in plan.NOTEBOOKS:
        (tmp_path / "nb").mkdir(exist_ok=True)
        (tmp_path / "nb" / f"{name}.ipynb").write_text("{}")
    request = plan.Request(
        str(tmp_path / "book"), out=str(tmp_path / "out"), folder=tmp_path / "nb"
    )
    first = Asked(request)
    assert first.there() is None
    day = date(2023, 6, 30)
    source = Source(request.book, "small", "S", "2023-06", day, "CNY", "en", "f" * 12)
    made = plan.make(request, plan.check(request), source)
    with archive.building(made.target) as part:
        (part / "details.pdf").write_text("pack")
        outputs = {"details.pdf": {"sha256": archive.sha256(part / "details.pdf")}}
        manifest = {"outputs": outputs, "key": first.key(made), "status": "ok"}
        (part / "manifest.json").write_text(json.dumps(manifest))
    first.made(made)
    return request, made


def test_a_report_of_unchanged_inputs_is_the_pack_that_is_there(asked):
    request, made = asked
    assert Asked(request).there() == made.target
    assert Asked(request, force=True).there() is None
    assert Asked(replace(request, given={"win_rate": "0.3"})).there() is None
    assert Asked(replace(request, month="2023-05")).there() is None
    assert Asked(replace(request, only=("goal-setting",))).there() is None
    shutil.copytree(made.out, copy := made.out.parent / "copy")
    assert Asked(replace(request, out=str(copy))).there() == copy / "2023-06" / "small"


@pytest.mark.parametrize(
    "change",
    [
        "book/orders.csv",
        "book/playbook.toml",
        "nb/02-segmentation.ipynb",
        "out/2023-06/small/details.pdf",
    ],
)
def test_any_change_makes_it_again(asked, change):
    request, made = asked
    with (made.out.parent / change).open("a") as file:
        file.write("\n")
    assert Asked(request).there() is None


def test_a_pack_of_a_book_that_moved_meanwhile_is_not_put_on_record(asked):
    request, made = asked
    again = Asked(request, force=True)
    again.there()
    with (made.out.parent / "book" / "orders.csv").open("a") as file:
        file.write("\n")
    shutil.rmtree(made.out / ".playbook")
    again.made(made)
    assert not (made.out / ".playbook" / "asked").exists()
