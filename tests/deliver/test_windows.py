"""What Windows does not have, taken away: the way round is taken, and ends the same."""

from __future__ import annotations

import io
import json
import signal
import sys
from types import SimpleNamespace
from unittest import mock

import pytest

from playbook.cli.app import any_text
from playbook.report.print import pdf
from playbook.report.record import archive
from playbook.report.run import processes


@pytest.fixture
def windows():
    """No fcntl, no library without a name, no fork, no SIGKILL."""
    nameless = mock.Mock(side_effect=TypeError("argument of type 'NoneType' is not iterable"))
    with (
        mock.patch.object(archive, "fcntl", None),
        mock.patch("ctypes.CDLL", nameless),
        mock.patch("multiprocessing.get_all_start_methods", lambda: ["spawn"]),
    ):
        yield


def build(target, name, text):
    with archive.building(target) as part:
        (part / name).write_text(text)
        made = {"outputs": {name: {"sha256": archive.sha256(part / name)}}}
        (part / archive.MANIFEST).write_text(json.dumps(made))


def test_a_report_takes_the_place_of_the_last_one(windows, tmp_path):
    target = tmp_path / "2023-09" / "north"
    build(target, "brief.pdf", "first")
    build(target, "brief.pdf", "second")
    assert (target / "brief.pdf").read_text() == "second"
    left = [path.name for path in target.parent.iterdir() if path.name.endswith((".part", ".old"))]
    assert left == []


def test_a_report_that_breaks_leaves_the_last_one(windows, tmp_path):
    target = tmp_path / "2023-09" / "north"
    build(target, "brief.pdf", "first")
    with pytest.raises(ZeroDivisionError), archive.building(target):
        raise ZeroDivisionError
    assert (target / "brief.pdf").read_text() == "first"


def test_a_swap_that_was_cut_in_the_middle_is_mended(windows, tmp_path):
    target = tmp_path / "2023-09" / "north"
    build(target, "brief.pdf", "first")
    target.rename(target.with_name(".north.old"))  # killed between the two halves
    archive.bring_back(target.parent)
    assert (target / "brief.pdf").read_text() == "first"


def test_processes_are_new_interpreters(windows):
    assert not processes.can_fork()
    assert processes.context().get_start_method() == "spawn"


def test_a_process_follows_its_parent_all_the_same(windows):
    threads = []
    with (
        mock.patch("multiprocessing.parent_process", lambda: mock.Mock()),
        mock.patch.object(
            processes.threading, "Thread", lambda **given: threads.append(given) or mock.Mock()
        ),
    ):
        processes.die_with_parent()
    assert threads[0]["target"] is processes._follow
    killed = mock.Mock()
    with (
        mock.patch.object(processes, "signal", SimpleNamespace(SIGTERM=signal.SIGTERM)),
        mock.patch.object(processes.os, "kill", killed),
    ):
        processes._follow(mock.Mock())
    assert killed.call_args.args[1] == signal.SIGTERM


def test_fonts_are_copied_where_links_need_a_right(windows, tmp_path):
    (tmp_path / "font.ttf").write_bytes(b"font")
    with mock.patch("pathlib.Path.symlink_to", side_effect=OSError("privilege not held")):
        pdf._link(tmp_path / "font.ttf", tmp_path / "there.ttf")
    assert (tmp_path / "there.ttf").read_bytes() == b"font"


def test_a_log_in_the_machines_code_page_never_ends_a_run():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp1252")
    with mock.patch.object(sys, "platform", "linux"):
        any_text(stream)
    print("销售 é", file=stream, flush=True)
    assert raw.getvalue() == b"\\u9500\\u552e \xe9\n"
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp936")
    with mock.patch.object(sys, "platform", "win32"), mock.patch.dict("os.environ", clear=True):
        any_text(stream)  # a pipe or file there: UTF-8, as everywhere else
    print("销售 é", file=stream, flush=True)
    assert raw.getvalue().replace(b"\r", b"") == "销售 é\n".encode()
