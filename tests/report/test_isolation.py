"""Nothing of the folder a command is given in is executed, in none of the run's processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import making
import pytest

from playbook.report.run.needed import imports

NAMES = "html statistics pandas numpy json typing types selectors sitecustomize usercustomize"
NAMES += " matplotlib ipykernel IPython papermill ipython_config ipython_kernel_config"
NAMES += " jupyter_config jupyter_server_config playbook"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """A folder full of files with the names of modules and settings; each leaves a trace when it is
    executed and then crashes.
    """
    home = tmp_path_factory.mktemp("hostile")
    trap = f"open({str(home / 'ran')!r}, 'a').write(__name__ + chr(10))\nraise SystemExit(9)\n"
    for name in NAMES.split():
        (home / f"{name}.py").write_text(trap)
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-trap.py").write_text(trap)
    (home / "matplotlibrc").write_text("axes.facecolor: ff0000\nno.such.key: 1\n")
    making.book(home / "book")
    drawn = "from playbook.page import figures; import matplotlib; figures.canvas(1.5)"
    checks = "import html, statistics; print(matplotlib.rcParams['axes.facecolor'])"
    making.notebook(
        home / "nb",
        making.code(making.GOOD),
        making.code(f"{drawn}\n{checks}", name="checks"),
        making.code("import sys; print({'', '.'} & set(sys.path))"),
    )
    return home


def run(home: Path, *command: str) -> subprocess.CompletedProcess:
    environment = {
        **os.environ,
        "IPYTHONDIR": str(home / ".ipython"),
    }
    environment.pop("PYTHONSAFEPATH", None)
    return subprocess.run(
        command,
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )


REPORT = ("report", "--book", "book", "--notebooks", "nb", "--only", "goal-setting", "--out")
# The test suite may run with a PYTHONPATH; in a folder it names Python itself reads sitecustomize.
BARE = ("env", "-u", "PYTHONPATH")
SCRIPT = str(Path(sys.executable).with_name("playbook"))


@pytest.mark.parametrize(
    "arguments",
    [("check", "--book", "book"), (*REPORT, "out"), (*REPORT, "stock", "--stock-kernels")],
    ids=["check", "report", "stock kernels"],
)
def test_no_file_of_the_current_folder_is_executed(hostile, arguments):
    done = run(hostile, *BARE, SCRIPT, *arguments)
    assert not (hostile / "ran").exists(), (hostile / "ran").read_text()
    assert done.returncode == 0 and "warning" not in done.stderr, done.stderr
    for path in hostile.glob(f"{arguments[-1]}/*/*/01-goal-setting.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert "ff0000" not in text and "set()" in text


def test_python_m_playbook_drops_the_current_folder(hostile):
    """Python itself looks for ``playbook``, and for ``types`` before it, in the current folder, and
    the package imports ``typing`` first; those are for ``python -P`` to keep out.
    """
    early = [hostile / f"{name}.py" for name in ("playbook", "types", "typing")]
    for path in early:
        path.rename(path.with_suffix(".away"))
    try:
        done = run(hostile, *BARE, sys.executable, "-m", "playbook", "check", "--book", "book")
    finally:
        for path in early:
            path.with_suffix(".away").rename(path)
    assert not (hostile / "ran").exists(), (hostile / "ran").read_text()
    assert done.returncode == 0, done.stderr


def test_a_module_that_breaks_before_the_run_is_named(tmp_path):
    making.notebook(tmp_path / "nb", making.code("1"), setup="import no_such_module_anywhere")
    making.book(tmp_path / "book")
    done = run(tmp_path, *BARE, SCRIPT, *REPORT, "out")
    assert (
        "warning: could not import no_such_module_anywhere before the run: ModuleNotFoundError"
        in done.stderr
    )
    assert done.returncode == 1


def test_names_imported_from_a_module_are_told_from_modules(tmp_path):
    path = making.notebook(
        tmp_path,
        making.code("from . import x\nfrom os import *"),
        setup="import os.path as p\nfrom json import dumps",
    )
    assert imports(path) == ["os.path", "json:dumps", "os"]
    assert imports(tmp_path / "none.ipynb") == []
