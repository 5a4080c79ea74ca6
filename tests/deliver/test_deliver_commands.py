"""``playbook deliver``, ``schedule`` and ``runs`` as somebody types them."""

from __future__ import annotations

import contextlib
import io
import json
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from unittest import mock

import pytest
from posting import NOON, Clock, pack, robot

from playbook import cli
from playbook.cli import clock, recording
from playbook.cli import deliver as delivering
from playbook.cli import schedule as scheduling
from playbook.deliver import runs, sending
from playbook.deliver.database import opened
from playbook.deliver.parcels import Result

BOOK = """[book]
name = "north"

[deliver]
link = "https://share.example.com/{month}/{book}"

[[deliver.to]]
name = "share"
audience = "director"
channel = "folder"
place = "盘"

[[deliver.to]]
name = "群"
channel = "slack"
url_env = "SLACK_URL"

[[alerts]]
number = "win_rate.narrow"
below = 0.25
audience = "brief"
"""


def typed(*arguments, **environment):
    """(status, standard output, standard error) of a command."""
    out, said = io.StringIO(), io.StringIO()
    handler, path = signal.getsignal(signal.SIGTERM), list(sys.path)
    with (
        mock.patch.dict("os.environ", environment),
        mock.patch.object(sys, "argv", ["playbook", *map(str, arguments)]),
        mock.patch("playbook.cli.block_slow_imports"),
        mock.patch.object(clock, "now", Clock()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(said),
        pytest.raises(SystemExit) as left,
    ):
        cli.main()
    sys.path[:] = path
    signal.signal(signal.SIGTERM, handler)
    from playbook.cli.logs import log_to

    log_to("text")
    return left.value.code, out.getvalue(), said.getvalue()


@pytest.fixture
def home(tmp_path):
    (tmp_path / "north").mkdir()
    (tmp_path / "north/playbook.toml").write_text(BOOK, encoding="utf-8")
    pack(tmp_path / "reports")
    return tmp_path


def deliver(home, *arguments, **environment):
    where = ("--book", home / "north", "--out", home / "reports")
    return typed("deliver", *where, "--json", *arguments, **environment)


def test_a_dry_run_prints_what_would_go_to_whom_and_sends_nothing(home):
    with robot() as found:
        status, out, _ = deliver(home, "--dry-run", SLACK_URL=found.url)
    assert status == 0 and found.posts == [] and not (home / "north/盘").exists()
    rows = json.loads(out)
    assert [(r["recipient"], r["audience"], r["state"], r["parts"]) for r in rows] == [
        (
            "share",
            "director",
            "would be sent",
            ["华北公司-2023-09-总监版.pdf", "华北公司-2023-09-简报.pdf"],
        ),
        ("群", "brief", "would be sent", []),
    ]


def test_packs_are_sent_once_with_their_alerts_and_link(home):
    with robot(answer=b"ok") as found:
        first = deliver(home, SLACK_URL=found.url)
        second = deliver(home, SLACK_URL=found.url)
    assert first[0] == second[0] == 0
    assert [row["state"] for row in json.loads(first[1])] == ["sent", "sent"]
    assert [row["state"] for row in json.loads(second[1])] == ["sent before", "sent before"]
    ((_, _, body),) = found.posts
    text = json.loads(body)["blocks"][1]["text"]["text"]
    assert "win\u200b_rate.narrow (month) 为 21.0%：低于 25.0%" in text
    assert "<https://share.example.com/2023-09/north|打开报告>" in text
    assert len(list((home / "north/盘/2023-09/north/director").iterdir())) == 2


def test_a_variable_that_is_missing_stops_everything_before_anything_is_sent(home):
    status, _, said = deliver(home, SLACK_URL="")
    assert status == 2 and "SLACK_URL is not set" in said
    assert not (home / "north/盘").exists()


def test_a_robot_that_refuses_is_status_1_and_the_others_are_served(home):
    with robot(status=500) as found:
        status, out, _ = deliver(home, SLACK_URL=found.url)
    assert status == 1
    assert [row["state"] for row in json.loads(out)] == ["sent", "not sent"]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (sqlite3.OperationalError("database or disk is full"), 3, "free space there"),
        (KeyboardInterrupt(), 130, "stopped there: what is listed stands"),
    ],
)
def test_what_was_sent_before_it_stopped_is_told(home, monkeypatch, error, status, words):
    def close(*given):
        if len(posted.posts) == 1:
            raise error
        return plain(*given)

    plain = sending.deliveries.close
    monkeypatch.setattr(sending.deliveries, "close", close)
    with robot(answer=b"ok") as posted:
        left, out, said = deliver(home, SLACK_URL=posted.url)
        assert left == status and words in said and "nothing was run" not in said
        assert [(row["recipient"], row["state"]) for row in json.loads(out)] == [("share", "sent")]
        monkeypatch.setattr(sending.deliveries, "close", plain)
        _, out, _ = deliver(home, SLACK_URL=posted.url)
        assert [row["state"] for row in json.loads(out)] == ["sent before", "in doubt"]
    assert len(posted.posts) == 1, "the record had no room for the answer: not sent twice"


def test_one_recipient_by_name(home):
    status, out, _ = deliver(home, "--to", "share")
    assert status == 0 and [row["recipient"] for row in json.loads(out)] == ["share"]
    status, _, said = deliver(home, "--to", "shar")
    assert status == 2 and "did you mean 'share'" in said


def test_no_pack_is_told(home):
    status, _, said = typed("deliver", "--book", home / "north", "--out", home / "none")
    assert status == 2 and "no pack of north in" in said
    assert not (home / "none").exists()


def test_the_log_is_json_lines_without_addresses_or_figures(home):
    with robot(answer=b"ok") as found:
        status, _, said = deliver(home, "--log", "json", SLACK_URL=found.url)
    events = [json.loads(line) for line in said.splitlines()]
    assert status == 0 and {event["event"] for event in events} == {"delivery"}
    assert all(event["time"] == "2023-10-02T04:00:00.000Z" for event in events)
    assert set(events[1]) == {
        *("time", "event", "book", "month", "audience", "recipient", "channel", "state", "reason"),
    }
    assert "SECRET" not in said and "30.7" not in said
    status, _, said = deliver(home, "--log", "json", "--to", "nobody")
    (problem,) = [json.loads(line) for line in said.splitlines() if '"problem"' in line]
    assert problem["found"] == "--to nobody" and status == 2
    assert deliver(home, "--log", "xml")[0] == 2
    for wrong in (("--nosuch",), ("--month",), ("extra", "more")):
        status, _, said = typed("deliver", "--log", "json", *wrong)
        (problem,) = map(json.loads, said.splitlines())
        assert status == 2 and problem["event"] == "problem" and wrong[-1] in problem["found"]


def test_what_a_mail_server_answers_is_logged_without_the_address():
    result = Result("n", "2023-09", "brief", "wang", "email", "wang@example.com", "not sent")
    said = replace(result, reason="550 <wang@example.com>: no such user here")
    assert delivering._told(said)["reason"] == "550 <…>: no such user here"
    assert "address" not in delivering._told(said)


BATCH = """books = ["north", "south"]

[deliver]
[[deliver.to]]
name = "both"
channel = "folder"
place = "out"
[[deliver.to]]
name = "south only"
channel = "folder"
place = "out-south"
books = ["south"]
"""


def test_a_batch_file_delivers_the_packs_of_its_books(home):
    (home / "south").mkdir()
    (home / "south/playbook.toml").write_text('[book]\nname = "south"\n')
    (home / "all.toml").write_text(BATCH)
    status, out, said = typed("deliver", home / "all.toml", "--json")
    assert status == 0 and "no pack of south" in said
    status, _, said = typed("deliver", home / "all.toml", "--out", home / "none")
    assert status == 2 and "no pack of north" in said and "no pack of south" in said
    pack(home / "reports", "south", book="south", month="2023-08")
    status, out, said = typed("deliver", home / "all.toml", "--json")
    assert [(r["book"], r["month"], r["recipient"], r["state"]) for r in json.loads(out)] == [
        ("north", "2023-09", "both", "sent before"),
        ("south", "2023-08", "both", "sent"),
        ("south", "2023-08", "south only", "sent"),
    ]
    assert sorted(p.name for p in (home / "out").glob("*/*")) == ["north", "south"]


def test_runs_are_listed_and_filtered(home):
    out = home / "reports"
    with mock.patch.object(clock, "now", Clock()):
        for book, status in (("north", "ok"), ("south", "failed")):
            with recording.recorded("report", out, book, "2023-09") as said:
                said.status, said.failed = status, ("03 › win",) if status == "failed" else ()
    status, text, _ = typed("runs", "--out", out)
    assert status == 0 and "south" in text and "03 › win" in text and "2023-10-02 04:00" in text
    found = json.loads(typed("runs", "--out", out, "--book", "north", "--json")[1])
    assert [(one["book"], one["status"]) for one in found] == [("north", "ok")]
    assert json.loads(typed("runs", "--out", out, "--status", "failed", "--json")[1])[0]["id"] == 2
    assert typed("runs", "--out", out, "--status", "bad")[0] == 2
    assert typed("runs", "--out", home / "none")[0] == 2


def test_what_was_sent_to_whom_is_listed(home):
    deliver(home, "--to", "share")
    found = json.loads(
        typed("runs", "--out", home / "reports", "--deliveries", "--month", "2023-09", "--json")[1]
    )
    assert [(one["recipient"], one["address"], one["state"]) for one in found] == [
        ("share", "盘", "sent")
    ]


def test_definitions_are_printed_or_written(home):
    book = home / "north"
    status, out, _ = typed("schedule", book, "--for", "cron", "--zone", "Asia/Shanghai")
    assert status == 0 and "0 6 2 * * cd " in out and f"report --book {book}" in out
    status, out, _ = typed("schedule", book, "--to", home / "defs")
    assert sorted(p.suffix for p in (home / "defs").iterdir()) == sorted(
        [".crontab", ".service", ".timer", ".xml", ".py", ".py", ".yml"]
    )
    status, _, said = typed("schedule", book, "--for", "crom")
    assert status == 2 and "did you mean 'cron'" in said
    status, out, said = typed("schedule", book, "--day", "1", "--zone", "Asia/Shanghai")
    assert status == 0 and "github: --day 1 at 06:00" in said and "systemd" not in said
    status, out, _ = typed("schedule", book, "--for", "airflow", "--notebooks")
    assert status == 0 and "PapermillOperator" in out


def test_a_schedule_that_is_served_runs_when_it_is_due(home):
    ticking, ran = Clock(NOON), []

    def run(words, cwd):
        ran.append((ticking.at.isoformat(), words[1]))
        if len(ran) == 4:
            raise KeyboardInterrupt
        return subprocess.CompletedProcess(words, 0)

    with (
        mock.patch.object(clock, "sleep", ticking.sleep),
        mock.patch.object(scheduling.subprocess, "run", run),
        mock.patch.object(scheduling, "_program", lambda: ("playbook",)),
        mock.patch.object(sys, "argv", ["playbook", "schedule", str(home / "north"), "--serve"]),
        mock.patch("playbook.cli.block_slow_imports"),
        mock.patch.object(clock, "now", ticking),
        contextlib.redirect_stderr(io.StringIO()),
        pytest.raises(SystemExit),
    ):
        cli.main()
    # begun on 2 October at 04:00 UTC: due on that day at 06:00, then a month later
    assert ran == [
        ("2023-10-02T06:00:00+00:00", "report"),
        ("2023-10-02T06:00:00+00:00", "deliver"),
        ("2023-11-02T06:00:00+00:00", "report"),
        ("2023-11-02T06:00:00+00:00", "deliver"),
    ]


def test_a_run_ends_on_record_with_its_alerts(home, capsys):
    from playbook.base.settings import load_settings

    place = home / "reports/2023-09/north"
    watched = load_settings(home / "north").alerts
    told = recording.tell_alerts(place, watched)
    assert [one.text for one in told] == ["win_rate.narrow (month) 为 21.0%：低于 25.0%"]
    assert capsys.readouterr().err == ("alert: win_rate.narrow (month) 为 21.0%：低于 25.0%\n")
    with opened(home / "reports") as record:
        assert runs.listed(record) == []
