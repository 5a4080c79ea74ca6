"""What an archive holds already: which packs a question led to, and whether they still stand.

Everything here lies in the archive's folder ``.playbook`` and may be deleted at any time: then
books are opened to find out. A pack counts as made when its own manifest names the key and every
file is what the manifest says.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from playbook.report.record.archive import MANIFEST, sha256, write_whole

from .keys import HIDDEN, digest

try:
    import fcntl
except ImportError:  # no file locks there: two batches on one archive do some work twice
    fcntl = None  # type: ignore[assignment]

Json = dict[str, Any]


def last_printed(out: Path, name: str, month: str) -> Path | None:
    """results.json of the newest pack called ``name`` before ``month``, which a pack of the month
    compares with; None without one.
    """
    earlier = sorted((p.name for p in out.glob("????-??") if p.name < month), reverse=True)
    for folder in earlier:
        path = out / folder / name / "results.json"
        with suppress(OSError, ValueError, AttributeError):
            if json.loads(path.read_text(encoding="utf-8")).get("month") == folder:
                return path
    return None


def last_key(out: Path, name: str, month: str) -> str:
    """SHA-256 of what ``last_printed`` finds; empty where it finds nothing."""
    path = last_printed(out, name, month)
    return sha256(path) if path else ""


def stands(target: Path, key: str) -> bool:
    """Whether the pack at ``target`` was made from ``key``, went well, and is whole: every file
    there is what its manifest says.
    """
    try:
        made = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        if made["key"] != key or made["status"] != "ok" or not key or not made["outputs"]:
            return False
        return all(sha256(target / name) == one["sha256"] for name, one in made["outputs"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


class Receipts:
    """What questions led to: for a book, its months and a variant, the key of the question's inputs
    and the packs that came of it.
    """

    def __init__(self, out: Path):
        self.folder = out / HIDDEN / "asked"

    def packs(self, question: Any, asked: str) -> list[Json] | None:
        """The packs (month, name, folder, part, before) that a question with the inputs ``asked``
        led to; None where that is not on record.
        """
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = json.loads(self._file(question).read_text(encoding="utf-8"))
            if found["asked"] == asked and all(
                isinstance(pack[field], str)
                for pack in found["packs"]
                for field in ("month", "folder", "part", "before")
            ):
                return list(found["packs"])
        return None

    def keep(self, question: Any, asked: str, packs: Sequence[Mapping[str, str]]) -> None:
        """Put on record what a question led to."""
        write(self._file(question), {"asked": asked, "packs": [dict(pack) for pack in packs]})

    def _file(self, question: Any) -> Path:
        return self.folder / f"{digest(question)[:32]}.json"


class Journal:
    """The packs that a batch under way has finished, for ``--resume``; gone when it is through."""

    def __init__(self, out: Path, batch: Any, *, resume: bool = False):
        self.path = out / HIDDEN / f"batch-{digest(batch)[:32]}.json"
        self.done: dict[str, str] = {}
        if resume:
            with suppress(OSError, ValueError):
                found = json.loads(self.path.read_text(encoding="utf-8"))
                self.done = found if isinstance(found, dict) else {}
        else:
            self.close()

    def add(self, label: str, key: str) -> None:
        self.done[label] = key
        write(self.path, self.done)

    def close(self) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def write(path: Path, content: Any) -> None:
    """Write all of a small JSON file or nothing; what cannot be written is found out again."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, json.dumps(content, ensure_ascii=False).encode())


class Locks:
    """Locks on packs of an archive, so that two batches do not make the same one at once. They end
    with this process, however it ends.
    """

    def __init__(self, out: Path):
        self.folder = out / HIDDEN / "locks"
        self.held: dict[str, int] = {}

    def take(self, label: str) -> bool:
        """Whether the pack is ours to make now; False while another process makes it."""
        if fcntl is None or label in self.held:
            return True
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / digest(label)[:32], os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self.held[label] = handle
        return True

    def give(self, label: str) -> None:
        """Let others have it."""
        if label in self.held:
            os.close(self.held.pop(label))

    @contextlib.contextmanager
    def all_given(self) -> Iterator[None]:
        """Give back whatever is held when the block ends."""
        try:
            yield
        finally:
            for label in list(self.held):
                self.give(label)
