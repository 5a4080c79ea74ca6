"""The command line: statuses, suggestions, and speed of the first word."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from unittest import mock

import nbformat
import pytest

from playbook import __version__, cli
from runs import SAMPLE, command
from shared import REPO

sys.path.append(str(Path(__file__).parent / "report"))
import making


def playbook(*arguments, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=300,
    )


def here(*arguments, **environment) -> subprocess.CompletedProcess:
    """The same command in this process, without what only a process of its own may do: for commands
    that start nothing.
    """
    out, said, path = io.StringIO(), io.StringIO(), list(sys.path)
    handler = signal.getsignal(signal.SIGTERM)
    with (
        mock.patch.dict("os.environ", environment),
        mock.patch.object(sys, "argv", ["playbook", *map(str, arguments)]),
        mock.patch("playbook.cli.block_slow_imports"),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(said),
        pytest.raises(SystemExit) as left,
    ):
        cli.main()
    sys.path[:] = path
    signal.signal(signal.SIGTERM, handler)
    return subprocess.CompletedProcess(arguments, left.value.code, out.getvalue(), said.getvalue())


def test_a_command_looks_for_garbage_seldom():
    before = gc.get_threshold()
    try:
        gc.set_threshold(700)
        assert here("--version").returncode == 0 and gc.get_threshold()[0] == 100_000
    finally:
        gc.set_threshold(*before)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("cli")
    making.book(home / "book")
    making.good(home / "nb")
    return home


def report(home, *arguments, by=playbook):
    return by(
        "report",
        "--book",
        home / "book",
        "--out",
        home / "out",
        "--notebooks",
        home / "nb",
        "--only",
        "goal-setting",
        *arguments,
    )


def test_help_comes_at_once():
    seconds = []
    for _ in range(3):
        began = time.monotonic()
        assert "report" in playbook("--help").stdout
        seconds.append(time.monotonic() - began)
    script = (
        "import sys; from playbook.cli import app; print([name for name in ('pandas', 'duckdb',"
        " 'papermill', 'pydantic', 'numpy', 'rich') if name in sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True
        ).stdout.strip()
        == "[]"
    )
    assert min(seconds) < 2, "half a second on a machine that is not busy"


def test_version():
    for word in ("version", "--version"):
        assert playbook(word).stdout.strip() == __version__


def test_lab_opens_a_working_copy_in_a_folder_of_the_users(tmp_path):
    """JupyterLab itself is only asked for its version: further options go to it."""
    for arguments in ((tmp_path / "a",), ("--notebook-dir", tmp_path / "b")):
        done = playbook("lab", *arguments, "--version")
        assert done.returncode == 0 and done.stdout[:1].isdigit(), done.stderr
    for folder in (tmp_path / "a", tmp_path / "b"):
        for path in (REPO / "notebooks").glob("*.ipynb"):
            assert (folder / path.name).read_bytes() == path.read_bytes()


def test_lab_in_the_repositorys_own_folder_copies_nothing():
    before = {path.name for path in (REPO / "notebooks").iterdir()}
    assert playbook("lab", REPO / "notebooks", "--version").returncode == 0
    assert {path.name for path in (REPO / "notebooks").iterdir()} == before


def test_an_edited_working_copy_stays(tmp_path):
    assert here("notebooks", "--out", tmp_path).stdout.strip() == str(tmp_path)
    mine = tmp_path / "01-goal-setting.ipynb"
    mine.write_text("edited", encoding="utf-8")
    assert here("notebooks", "--out", tmp_path).returncode == 0
    assert mine.read_text(encoding="utf-8") == "edited"


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (("--month", "2023-13"), ["'2023-13'", "YYYY-MM"]),
        (
            ("--month", "2019-01"),
            ["month 2019-01 lies before the data begin", "from 2023-04 to 2023-06"],
        ),
        (("--month", "2031-01"), ["month 2031-01 lies after the data end", "--month 2023-06"]),
        (("-p", "win_rat=0.2"), ["unknown parameter 'win_rat'", "did you mean 'win_rate'?"]),
        (("-p", "win_rate=lots"), ["win_rate", "number"]),
        (("--only", "goalsetting"), ["did you mean 'goal-setting'?"]),
        (
            ("--book", "/no/such/folder"),
            ["no book at /no/such/folder", "expected:", "try:"],
        ),
        (
            ("--month", "2031-01", "-p", "x=1", "--only", "segmentatio"),
            [
                "after the data end",
                "unknown parameter 'x'",
                "did you mean 'segmentation'?",
                "3 problems",
            ],
        ),
    ],
)
def test_bad_input_is_refused_with_everything_wrong_and_status_2(home, arguments, expected):
    done = report(home, *arguments, by=here)
    assert done.returncode == 2, done.stderr
    for text in expected:
        assert text in done.stderr
    assert "Traceback" not in done.stderr and not (home / "out").exists()


def test_an_unknown_setting_is_refused_with_a_suggestion(home, tmp_path):
    making.book(tmp_path / "book")
    with (tmp_path / "book" / "playbook.toml").open("a") as file:
        file.write("\n[goals]\nprobabilty = 0.7\n")
    done = here(
        "report",
        "--book",
        tmp_path / "book",
        "--out",
        tmp_path / "out",
        "--notebooks",
        home / "nb",
        "--only",
        "goal-setting",
    )
    assert (
        done.returncode == 2
        and "unknown setting 'goals.probabilty'" in done.stderr
        and "did you mean 'probability'?" in done.stderr
    )


def test_out_that_cannot_be_written_is_refused(home, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = report(home, "--out", tmp_path / "file" / "reports", by=here)
    assert done.returncode == 2 and "cannot write to" in done.stderr


def test_a_mistake_on_the_command_line_is_status_2():
    for arguments in (("report", "--jobs", "0"), ("report", "--nonsense"), ("nonsense",)):
        done = here(*arguments)
        assert done.returncode == 2 and "Traceback" not in done.stderr, arguments


def test_a_fault_of_ours_is_status_3_with_the_traceback_in_a_file():
    script = (
        "import playbook.cli as cli, playbook.report.strip as s; s.clean = lambda *a, **k: 1 / 0;"
        " import sys; sys.argv = ['playbook', 'clean']; cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (
        done.returncode == 3
        and "Traceback" not in done.stderr
        and "ZeroDivisionError" in done.stderr
    )
    log = Path(done.stderr.split("traceback: ")[1].strip())
    assert "ZeroDivisionError" in log.read_text()
    log.unlink()


def test_a_disk_without_room_is_no_fault_of_ours(home):
    script = (
        "import playbook.cli as cli, playbook.report.strip as s, sys\ndef full(*a, **k): raise"
        " OSError(28, 'No space left on device')\ns.clean = full; sys.argv = ['playbook', 'clean'];"
        " cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (
        done.returncode == 3
        and "no room to write" in done.stderr
        and "free space" in done.stderr
        and "report it" not in done.stderr
    )


def test_check_prints_every_problem_and_as_json(tmp_path, home):
    assert here("check", "--book", home / "book").returncode == 0
    making.book(tmp_path)
    (tmp_path / "orders.csv").write_text(
        "order_id,customer_id,date,amount\nA,C0,2023-13-01,5\nB,C0,2023-01-01,much\n"
    )
    done = here("check", "--book", tmp_path)
    assert (
        done.returncode == 2
        and "2023-13-01" in done.stdout
        and "much" in done.stdout
        and "try:" in done.stdout
    )
    problems = json.loads(here("check", "--book", tmp_path, "--json").stdout)["problems"]
    assert {problem["column"] for problem in problems} >= {"date", "amount"} and {
        "found",
        "expected",
        "try",
        "severity",
    } <= set(problems[0])


def test_params_lists_name_type_default_and_meaning():
    rows = json.loads(here("params", "segmentation", "--json").stdout)["02-segmentation"]
    assert {
        "name": "top",
        "type": "int",
        "default": 15,
        "meaning": "customers listed in a table [customers]",
    } in rows
    done = here("params", "goal-setting")
    assert "deals_target" in done.stdout and "[deals]" in done.stdout
    assert here("params", "goals-setting").returncode == 2


def test_settings_lists_every_key():
    rows = json.loads(here("settings", "--json").stdout)
    assert {"key": "goals.probability", "default": "0.8"}.items() <= next(
        row for row in rows if row["key"] == "goals.probability"
    ).items()
    assert all(row["meaning"] for row in rows)


def test_clean_strips_and_then_has_nothing_to_do(tmp_path):
    path = making.good(tmp_path)
    node = nbformat.read(path, 4)
    node.cells[-1].outputs, node.cells[-1].execution_count = (
        [nbformat.v4.new_output("stream", text="x")],
        3,
    )
    nbformat.write(node, path)
    assert here("clean", "--check", path).returncode == 1
    assert here("clean", path).returncode == 0 and here("clean", "--check", path).returncode == 0
    assert nbformat.read(path, 4).cells[-1].outputs == []


def test_clean_refuses_what_is_no_notebook_and_touches_nothing(tmp_path):
    path = making.good(tmp_path)
    dirty = path.read_text(encoding="utf-8") + "\n\n"
    path.write_text(dirty, encoding="utf-8")
    (tmp_path / "text.ipynb").write_text("hello", encoding="utf-8")
    for other, message in (
        (tmp_path / "none.ipynb", "No such file"),
        (tmp_path / "text.ipynb", "no notebook of format"),
    ):
        done = here("clean", path, other)
        assert (
            done.returncode == 2
            and message in done.stderr + done.stdout
            and "Traceback" not in done.stderr
        )
    assert path.read_text(encoding="utf-8") == dirty


def test_a_parameter_reaches_the_notebook(home, tmp_path):
    done = report(home, "--out", tmp_path, "-p", "win_rate=0.25")
    assert done.returncode == 0, done.stderr
    (made,) = (tmp_path / "2023-06").glob("small.with-*/01-goal-setting.ipynb")
    assert "win_rate = 0.25" in made.read_text()
    assert done.stdout.strip().endswith("details.pdf")


def test_the_sample_is_written_as_it_stands(tmp_path):
    """Slow machines need some seconds for it: the simulator runs whole."""
    assert playbook("sample", "--out", tmp_path / "sample").returncode == 0
    for path in SAMPLE.iterdir():
        assert (tmp_path / "sample" / path.name).read_bytes() == path.read_bytes(), path.name


def test_environment_yml_has_the_versions_of_the_lock():
    from playbook.report.environment import environment, pins

    lock = (REPO / "requirements.lock").read_text(encoding="utf-8")
    text = (REPO / "environment.yml").read_text(encoding="utf-8")
    assert text == environment(lock)
    assert len(pins(lock)) > 100 and all("==" in pin for pin in pins(lock)) and "pandas==3" in text
    for content in (lock, text):
        assert "://" not in content and "--index" not in content and "--find-links" not in content


CARD = ("jupyterlab", "pandas", "matplotlib", "seaborn", "ipywidgets", "papermill", "nbval")


def test_every_package_is_locked_named_for_conda_and_justified_in_the_readme():
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.match(r"[\w-]+", text)[0] for asked in lists for text in asked}
    readme = (REPO / "README.md").read_text(encoding="utf-8").split("## Why each package", 1)[1]
    rows = re.findall(r"^\| (.+?) \|", readme, flags=re.M)
    justified = {name for row in rows for name in re.findall(r"[\w-]+", row)}
    environment = (REPO / "environment.yml").read_text(encoding="utf-8")
    assert names >= set(CARD) and names - justified == set()
    large = {re.match(r"[\w-]+", text)[0] for text in project["optional-dependencies"]["spark"]}
    assert {name for name in names - large if f'- "{name}==' not in environment} == set()


def test_the_core_stays_light():
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = {re.match(r"[\w-]+", text)[0] for text in project["dependencies"]}
    assert not core & {"jupyterlab", "ipywidgets", "seaborn", "statsmodels", "nbval", "pytest"}
