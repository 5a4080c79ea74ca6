"""Temporary rows are private, and go when the process they belong to is gone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from playbook.data import leftovers

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="modes and /proc")


@pytest.fixture(autouse=True)
def apart(tmp_path, monkeypatch):
    monkeypatch.setattr(leftovers.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(leftovers.tempfile, "mkdtemp", lambda prefix: str(tmp_path / "own"))
    (tmp_path / "own").mkdir()


def test_only_the_owner_can_enter(tmp_path):
    os.umask(mask := os.umask(0))
    os.umask(0)
    try:
        folder = leftovers.private_folder("spill")
    finally:
        os.umask(mask)
    assert folder.parent == tmp_path / f"playbook-rows-{os.getuid()}" and not folder.exists()
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    folder.parent.chmod(0o755)
    leftovers.private_folder("spill")
    assert folder.parent.stat().st_mode & 0o777 == 0o700


def test_a_link_in_its_place_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"playbook-rows-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    assert leftovers.private_folder("s3").parent == tmp_path / "own"


def test_folders_of_dead_processes_go_and_others_stay():
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    mine = leftovers.private_folder("spill")
    alive = mine.name.split("-")[1]
    names = {
        mine.name: True,
        f"{dead.pid}-{alive}-spill-x": False,
        f"{os.getpid()}-1-spill-x": False,  # another process had our number before
        "somebody's": True,
    }
    for name in names:
        (mine.parent / name).mkdir()
    leftovers.private_folder("spill")
    assert {name: (mine.parent / name).exists() for name in names} == names


def test_a_room_for_the_moment_is_such_a_folder_and_goes(tmp_path):
    with leftovers.private_room("init") as room:
        assert room.parent.name.startswith("playbook-rows") and room.stat().st_mode & 0o077 == 0
        (room / "rows").write_text("C1")
        leftovers.private_folder("spill")
        assert (room / "rows").exists(), "another sweep leaves it, as its process lives"
    assert not room.exists()
