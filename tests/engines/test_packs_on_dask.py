"""A pack made on a worker of a cluster is the pack of one machine, byte for byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from small import write_small

pytestmark = pytest.mark.skipif(
    os.environ.get("PLAYBOOK_ENGINES", "") != "1", reason="whole packs are tried by `make engines`"
)
BATCH = 'books = ["../small"]\nfull = false\n[[variants]]\nonly = ["segmentation"]\n'
TIMES = ("seconds",)


def made(batch, packs, *on):
    """Every file of the packs by path, the manifest without its times."""
    command = [sys.executable, "-m", "playbook", "batch", str(batch), "--out", str(packs), *on]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = {}
    for path in sorted(packs.rglob("*")):
        inside = path.relative_to(packs)
        if path.is_file() and inside.parts[0][:2] == "20":
            found[inside.as_posix()] = path.read_bytes()
    assert any(name.endswith("manifest.json") for name in found), sorted(found)
    return {name: without_times(name, content) for name, content in found.items()}


def without_times(name, content):
    if not name.endswith("manifest.json"):
        return content

    def plain(value):
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if k not in TIMES}
        return [plain(v) for v in value] if isinstance(value, list) else value

    return plain(json.loads(content))


def test_the_same_bytes_on_a_cluster_and_here(tmp_path):
    write_small(tmp_path / "small")
    batch = tmp_path / "batches" / "books.toml"
    batch.parent.mkdir()
    batch.write_text(BATCH, encoding="utf-8")
    here, there = made(batch, tmp_path / "here"), made(batch, tmp_path / "there", "--on", "local:1")
    assert sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []
