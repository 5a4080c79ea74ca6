"""Dockerfile and compose.yaml, as far as can be said without a daemon: every file they name is
there, nobody is root, nothing secret is in them, versions are the lock's. What they install is
tried by hand.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from fnmatch import fnmatch

import pytest
import yaml

from playbook import __version__
from shared import REPO

TEXT = (REPO / "Dockerfile").read_text(encoding="utf-8")
LINES = [
    line
    for line in re.sub(r"\\\n\s*", "", TEXT).splitlines()
    if line.strip() and not line.startswith("#")
]
STEPS = [tuple(line.split(None, 1)) for line in LINES]
COMPOSE = yaml.safe_load((REPO / "compose.yaml").read_text(encoding="utf-8"))
SERVICE = COMPOSE["services"]["playbook"]
IGNORED = (REPO / ".dockerignore").read_text(encoding="utf-8").split()


def packages(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Package → version and hashes of a lock."""
    text = (REPO / name).read_text(encoding="utf-8")
    found = re.finditer(r"^([\w.-]+)==([^\s;]+)[^\n]*\n((?:    [^\n]*\n?)*)", text, re.M)
    return {m[1]: (m[2], frozenset(re.findall(r"sha256:\w{64}", m[3]))) for m in found}


def test_every_file_copied_is_there_and_is_let_into_the_context():
    copied = [
        source
        for step, rest in STEPS
        if step == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    assert "docker/requirements.lock" in copied and "lib" in copied
    allowed = [line[1:] for line in IGNORED if line.startswith("!")]
    for source in copied:
        assert (REPO / source).exists(), source
        assert any(fnmatch(source, pattern) for pattern in allowed), source
    assert IGNORED[IGNORED.index("*") :][0] == "*" and "!reports" not in IGNORED


def test_the_last_stage_is_nobody_special_and_starts_the_command():
    last = STEPS[max(i for i, (step, _) in enumerate(STEPS) if step == "FROM") :]
    users = [rest for step, rest in last if step == "USER"]
    assert users == ["10001"] and f"--uid {users[0]}" in TEXT
    assert last.index(("USER", "10001")) < last.index(("ENTRYPOINT", '["playbook"]'))
    assert not [rest for step, rest in last if step == "RUN" and "pip" in rest]
    assert len([step for step, _ in STEPS if step == "FROM"]) == 2


def test_images_and_packages_have_versions():
    for step, rest in STEPS:
        if step == "FROM":
            assert re.match(r"python:3\.\d+\.\d+-slim-\w+", rest), rest
        for command in rest.split("&&") if step == "RUN" else ():
            words = shlex.split(command)
            if "install" in words and "pip" in words:
                assert "--require-hashes" in words or {"--no-deps", "--no-index"} <= set(words)
            assert not {"apt-get", "curl", "wget", "sudo"} & set(words)
        assert step != "ADD"


@pytest.mark.parametrize("name", ["docker/requirements.lock", "docker/build.lock"])
def test_the_images_locks_say_what_the_lock_says(name):
    whole, part = packages("requirements.lock"), packages(name)
    assert part and {n: whole.get(n) for n in part} == part, "make lock writes all three"


def test_the_image_has_what_the_library_needs_and_nothing_for_developers():
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.match(r"[\w.-]+", line)[0] for line in project["dependencies"]}
    there = set(packages("docker/requirements.lock"))
    assert needed <= there
    assert not there & {"pytest", "mypy", "ruff", "jupyterlab", "playwright", "hypothesis"}


def test_no_secret_is_in_them():
    for text in (TEXT, (REPO / "compose.yaml").read_text(encoding="utf-8")):
        assert not re.search(r"(?i)(password|token|secret|key)\s*[:=]\s*['\"]?[\w/+]{6,}", text)
    assert SERVICE["environment"] == {"PLAYBOOK_SMTP_PASSWORD": "${PLAYBOOK_SMTP_PASSWORD:-}"}
    assert not [rest for step, rest in STEPS if step == "ARG"]


def test_compose_is_as_narrow_as_it_can_be_and_its_command_is_one():
    assert SERVICE["read_only"] and SERVICE["cap_drop"] == ["ALL"] and SERVICE["init"]
    assert "privileged" not in SERVICE and "user" not in SERVICE
    assert SERVICE["image"] == f"playbook:{__version__}"
    assert SERVICE["volumes"][0].endswith(":ro")
    from typer.main import get_command

    from playbook.cli import app

    name, *rest = SERVICE["command"]
    context = get_command(app).commands[name].make_context(name, list(rest))
    assert context.params["serve"] is True and context.params["zone"] == "Asia/Shanghai"
    assert context.params["file"] == "/books/batch.toml" and context.params["out"] == "/reports"
