"""Definitions for schedulers: each read by what will read it, with names that try to break out."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from playbook.base.errors import ParameterProblem
from playbook.base.language import speaking
from playbook.deliver.schedule import flows, unix, windows
from playbook.deliver.schedule.job import job, span
from playbook.deliver.schedule.kinds import KINDS

NAME = """50% "off" $HOME `x` {{ y }} 'q' 月报.toml"""


def planned(folder: Path, name: str = NAME, **given):
    file = folder / name
    file.touch()
    usual = {
        "file": file,
        "book": False,
        "out": "",
        "program": ("/opt/play book/bin/playbook",),
        "folder": folder,
        "day": 2,
        "at": "06:30",
        "zone": "Asia/Shanghai",
        "wait": "6h",
    }
    return job(**{**usual, **given})


@pytest.fixture
def made(tmp_path):
    return planned(tmp_path)


def words(made):
    return list(made.making), list(made.sending)


def test_the_commands(made):
    file = str(made.folder / NAME)
    late = ("--wait", "6h", "--zone", "Asia/Shanghai")
    assert made.making == ("/opt/play book/bin/playbook", "batch", file, *late)
    assert made.sending == ("/opt/play book/bin/playbook", "deliver", file)
    assert made.name == "playbook-50-off-home-x-y-q" and made.wait == 6 * 3600


def test_a_book_is_reported(tmp_path):
    (tmp_path / "north").mkdir()
    one = planned(tmp_path, "x", file=tmp_path / "north", book=True, out="/r", wait="")
    assert one.making[1:] == ("report", "--book", str(tmp_path / "north"), "--out", "/r")
    assert one.sending[1:] == ("deliver", "--book", str(tmp_path / "north"), "--out", "/r")


def test_cron_runs_both_commands_as_they_are_meant(made, tmp_path):
    lines = unix.cron(made).splitlines()
    assert lines[3] == "CRON_TZ=Asia/Shanghai"
    when, command = lines[-1][: len("30 6 2 * * ")], lines[-1][len("30 6 2 * * ") :]
    assert when == "30 6 2 * * " and not re.search(r"(?<!\\)%", command)
    # cron turns \% into %; then the shell sees the words
    tool = tmp_path / "playbook"
    tool.write_text('#!/bin/sh\nprintf "%s\\0" "$@"; printf "\\n"\n')
    tool.chmod(0o755)
    shown = command.replace(r"\%", "%").replace(shlex.quote(made.program[0]), str(tool))
    subprocess.run(["sh", "-c", shown], check=True)
    said = (tmp_path / f"{made.name}.log").read_text(encoding="utf-8").splitlines()
    assert [line.split("\0")[:-1] for line in said] == [w[1:] for w in words(made)]


def test_systemd_units_pass_its_own_check(made, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze checks units")
    tool = tmp_path / "playbook"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    here = planned(tmp_path, program=(str(tool),))
    service, timer = tmp_path / f"{here.name}.service", tmp_path / f"{here.name}.timer"
    service.write_text(unix.systemd_service(here), encoding="utf-8")
    timer.write_text(unix.systemd_timer(here), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", service, timer], capture_output=True, text=True
    )
    ours = [line for line in done.stderr.splitlines() if here.name in line]
    assert ours == [] and done.returncode == 0, done.stderr
    when = re.search(r"OnCalendar=(.*)", timer.read_text())[1]
    done = subprocess.run(
        ["systemd-analyze", "calendar", when, "--base-time=2024-01-31 00:00:00 UTC"],
        capture_output=True,
        text=True,
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
    )
    assert "2024-02-01 22:30:00 UTC" in done.stdout, done.stdout + done.stderr


def test_systemd_expands_nothing_in_words(made):
    service = unix.systemd_service(made)
    line = re.search(r"^ExecStart=(.*)$", service, re.M)[1]
    assert '50%% \\"off\\" $$HOME `x`' in line and line.count("\n") == 0
    assert len(re.findall(r"^ExecStart=", service, re.M)) == 1


def test_the_windows_task_is_xml_with_both_commands(made):
    root = ElementTree.fromstring(windows.task(made))
    names = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    found = root.findall("t:Actions/t:Exec", names)
    said = [[one.find(f"t:{tag}", names).text for tag in ("Command", "Arguments")] for one in found]
    assert said == [[w[0], subprocess.list2cmdline(w[1:])] for w in words(made)]
    assert root.find(".//t:DaysOfMonth/t:Day", names).text == "2"
    assert len(root.find(".//t:Months", names)) == 12
    assert root.find(".//t:StartBoundary", names).text == "2024-01-01T06:30:00"
    assert root.find(".//t:ExecutionTimeLimit", names).text == "PT18H"


def calls(source: str, name: str) -> list[dict]:
    """Constant keywords of the calls of ``name`` in a Python text."""
    return [
        {k.arg: k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)}
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
    ]


def test_airflow_runs_both_commands_and_jinja_expands_nothing(made):
    import jinja2

    source = flows.airflow(made)
    compile(source, "dag.py", "exec")
    tasks = calls(source, "BashOperator")
    run = [jinja2.Template(task["bash_command"]).render() for task in tasks]
    assert [shlex.split(text) for text in run] == list(words(made))
    assert all(text.endswith(" ") for text in run)  # else Airflow reads .toml … as a template file
    assert [task["task_id"] for task in tasks] == ["packs", "deliveries"]
    (dag,) = calls(source, "DAG")
    assert (dag["schedule"], dag["catchup"], dag["max_active_runs"]) == ("30 6 2 * *", False, 1)


def test_airflow_can_run_the_notebooks_by_papermill(tmp_path):
    made = planned(tmp_path, "x", file=tmp_path, book=True)
    source = flows.airflow_notebooks(made, '/books/"north"', "/opt/notebooks")
    compile(source, "dag.py", "exec")
    assert "from airflow.providers.papermill.operators.papermill import PapermillOperator" in source
    assigned = {
        node.targets[0].id: node.value.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
    }
    assert assigned["BOOK"] == '/books/"north"'
    assert assigned["MONTH"] == (
        "{{ data_interval_end.in_timezone('Asia/Shanghai').subtract(months=1).strftime('%Y-%m') }}"
    )
    for name in ("01-goal-setting", "05-case-study-replay"):
        assert f'"{name}"' in source


def test_dagster_runs_both_commands(made):
    source = flows.dagster(made)
    compile(source, "jobs.py", "exec")
    found = [
        ast.literal_eval(node.args[0])
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "run"
    ]
    assert sorted(found) == sorted(words(made))
    (schedule,) = calls(source, "ScheduleDefinition")
    assert schedule == {"cron_schedule": "30 6 2 * *", "execution_timezone": "Asia/Shanghai"}
    assert re.search(r'@job\(name="[A-Za-z0-9_]+"\)', source)


def test_github_reads_the_workflow_as_meant(made):
    read = yaml.safe_load(flows.github(made))
    assert read[True]["schedule"] == [{"cron": "30 22 1 * *"}]  # UTC; yaml 1.1 reads on as true
    packs, deliveries = read["jobs"]["monthly"]["steps"]
    assert [shlex.split(step["run"]) for step in (packs, deliveries)] == list(words(made))
    assert deliveries["if"] == "${{ !cancelled() }}" and read["permissions"] == {"contents": "read"}
    assert "${{" not in packs["run"]


def test_github_refuses_a_day_that_is_another_months_in_utc(tmp_path):
    with pytest.raises(ParameterProblem, match="31 December in UTC"):
        flows.github(planned(tmp_path, "x", day=1))
    assert "0 12 1 * *" in flows.github(
        planned(tmp_path, "x", day=1, at="07:00", zone="US/Eastern")
    )


def test_every_definition_names_both_commands_and_holds_no_password(made):
    for kind, files in KINDS.items():
        text = "".join(files(made).values())
        assert "batch" in text and "deliver" in text, kind
        assert not re.search(r"password\s*[:=]\s*['\"]?\w", text, re.I), kind


def test_all_mistakes_come_at_once(tmp_path):
    with pytest.raises(ParameterProblem) as caught:
        planned(tmp_path, file=tmp_path / "none", day=31, at="24:00", zone="Mars", wait="long")
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1800), ("6h", 21600), ("2d", 172800)]
)
def test_spans(text, seconds):
    assert span(text, "--wait") == seconds


@pytest.mark.parametrize("text", ["", "6", "h", "-1h", "1.5h", "6 h", "99999h", "٣h"])
def test_what_is_no_span(text):
    with pytest.raises(ParameterProblem):
        span(text, "--wait")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2023-10-01T22:29:59", "2023-10-01T22:30:00"),  # 06:30 on the 2nd in Shanghai
        ("2023-10-01T22:30:00", "2023-11-01T22:30:00"),
        ("2023-12-31T23:00:00", "2024-01-01T22:30:00"),
        ("2023-12-01T23:00:00", "2024-01-01T22:30:00"),
    ],
)
def test_when_it_is_due_next(made, now, due):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert made.after(moment) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_in_chinese_only_what_is_said_differs(made):
    def said(files):
        return {name: text.splitlines() for kind in files for name, text in kind.items()}

    english = said(make(made) for make in KINDS.values())
    with speaking("zh"):
        chinese = said(make(made) for make in KINDS.values())
    other = [
        (a, b)
        for name, lines in english.items()
        for a, b in zip(lines, chinese[name], strict=True)
        if a != b
    ]
    assert {b.strip() for _, b in other} >= {
        "# cron支持CRON_TZ时（cronie）按其时区，否则按本机时区。",
        "# 即使有账套失败，已完成的仍会发送；随后本次运行标为失败",
    }
    assert all("#" in a or a.startswith(("Description=", '"""')) for a, _ in other)
    assert len(other) == 9
