"""The wheel holds every file it must and nothing else, and works where no repository is."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from playbook import __version__
from playbook.base.params import NOTEBOOKS
from shared import REPO

CARRIED = {
    ".py",
    ".typed",
    ".csv",
    ".css",
    ".html",
    ".j2",
    ".js",
    ".json",
    ".mo",
    ".po",
    ".toml",
    ".typ",
}
MUST = {
    "playbook/py.typed",
    "playbook/__main__.py",
    "playbook/cli/__init__.py",
    "playbook/report/print/templates/playbook.typ",
    "playbook/report/print/templates/html/page.css",
    "playbook/report/print/templates/html/index.html.j2",
    "playbook/share/sample/playbook.toml",
    "playbook/share/sample/orders.csv",
    *(f"playbook/share/notebooks/{name}.ipynb" for name in NOTEBOOKS),
}
# Packages of the extras, which the core has to do without.
EXTRAS = ("jupyterlab", "ipywidgets", "seaborn", "statsmodels", "hypothesis", "nbval")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPO, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def files(folder: Path, inside: str, kinds: set[str]) -> set[str]:
    """Files of those kinds below ``folder``, by the name they have in the wheel."""
    return {
        f"{inside}/{path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in kinds and ".ipynb_checkpoints" not in path.parts
    }


def test_the_wheel_holds_every_file_and_nothing_else(wheel):
    found = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert found >= MUST
    assert found == (
        files(REPO / "lib" / "playbook", "playbook", CARRIED)
        | files(REPO / "notebooks", "playbook/share/notebooks", {".ipynb"})
        | files(REPO / "data" / "sample", "playbook/share/sample", {".csv", ".md", ".toml"})
    )


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """A virtual environment with the wheel and, of this one's packages, all but the extras."""
    home = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(home, with_pip=False, symlinks=True)
    site = next(home.glob("lib/python3*/site-packages"))
    missing = f"import sys; sys.modules.update(dict.fromkeys({EXTRAS!r}))"
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "packages.pth").write_text("\n".join([*sorted(paths), missing]) + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--quiet", str(wheel)], check=True)
    return home


def snapshot(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def run(home: Path, folder: Path, *command: str) -> subprocess.CompletedProcess:
    """A command of the environment, given in ``folder``."""
    program, *arguments = command
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(home / "bin" / program), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )


def test_every_command_works_in_an_empty_folder_and_writes_nowhere_else(installed, tmp_path):
    before = snapshot(installed)
    where = run(installed, tmp_path, "python", "-c", "import playbook; print(playbook.__file__)")
    assert where.stdout.startswith(str(installed)), where.stdout + where.stderr
    for command in (
        ("playbook", "--version"),
        ("playbook", "version"),
        ("python", "-m", "playbook", "--version"),
    ):
        assert run(installed, tmp_path, *command).stdout.strip() == __version__, command
    assert run(installed, tmp_path, "playbook", "check").returncode == 0
    assert list(tmp_path.iterdir()) == []

    done = run(installed, tmp_path, "playbook", "report", "--only", "segmentation")
    assert done.returncode == 0 and "warning" not in done.stderr, done.stderr
    assert (tmp_path / done.stdout.strip()).read_bytes().startswith(b"%PDF")
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]

    done = run(installed, tmp_path, "playbook", "notebooks", "--out", "mine")
    assert done.returncode == 0, done.stderr
    assert {path.stem for path in (tmp_path / "mine").glob("*.ipynb")} == set(NOTEBOOKS)
    assert snapshot(installed) == before


def test_without_ipywidgets_sliders_show_their_static_form(installed, tmp_path):
    script = (
        "from playbook.page.widgets import Slider, explore\n"
        "explore(lambda n: str(n), {'n': Slider('How many', 0, 9, 1, 1)}, static='drawn once')"
    )
    done = run(installed, tmp_path, "python", "-c", script)
    assert "drawn once" in done.stdout and done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("sample",), "playbook sample --out"),
        (("clean",), "no notebook to strip"),
        (("lab", "mine"), "pip install 'playbook[lab]'"),
    ],
)
def test_what_an_installation_cannot_do_is_refused_with_advice(
    installed, tmp_path, command, message
):
    done = run(installed, tmp_path, "playbook", *command)
    assert done.returncode == 2 and message in done.stderr, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_sample_is_never_written_into_the_package(installed, tmp_path):
    inside = next(installed.glob("lib/python3*/site-packages")) / "playbook" / "share" / "sample"
    before = snapshot(inside)
    done = run(installed, tmp_path, "playbook", "sample", "--out", str(inside))
    assert done.returncode == 2 and "outside the installed package" in done.stderr
    assert snapshot(inside) == before
