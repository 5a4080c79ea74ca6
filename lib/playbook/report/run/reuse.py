"""Executed chapters kept, and taken again where everything they looked at is the same.

A chapter's key covers its notebook, parameters, month and language, the library and every package,
every file of data, and of the settings those tables that it looked at (``base.settings.reads``): a
changed plan runs the chapters on pay again, and not those on customers. Two steps find it: what is
always looked at leads to a list of the tables noted when the chapter ran; they lead to the entry.
An entry is taken only when name and content have the hash it was kept with. Everything may be
deleted at any time.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import platform
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playbook.base.settings.reads import ALL
from playbook.report.record.archive import write_whole

from .plan import Job, Plan

Json = dict[str, Any]
# Looked at when any book is opened, before a chapter runs; ``tests/base`` compares.
OPENING = ("book", "privacy", "report", "sources", "tables", "engine", "audiences")
KEPT = 12  # entries of a chapter of a book, the newest


@dataclass(frozen=True)
class Reuse:
    """Where a chapter is kept, and what decides whether it is the same.

    always: hash over what every run of it looks at. settings: a hash per table of the settings.
    fingerprint: of this run's data and settings; the page prints it, and an entry that is taken
    gets it in place of its own.
    """

    folder: Path
    always: str
    settings: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    read: bool = True  # False: the chapter is run and kept, but not looked for

    def find(self) -> Json | None:
        """The chapter as it was kept, with this run's fingerprint; None where it must be run."""
        if not self.read:
            return None
        with suppress(OSError, ValueError, KeyError, TypeError, EOFError, zlib.error):
            looked = json.loads(self._list.read_text(encoding="utf-8"))
            entry = self._entry([str(name) for name in looked])
            content, _, text = gzip.decompress(entry.read_bytes()).partition(b"\n")
            if _seal(entry, text) != content:
                return None
            theirs = json.loads(text)["fingerprint"]
            if len(theirs) != len(self.fingerprint) or not theirs:
                return None
            mine = text.decode().replace(theirs, self.fingerprint)
            return dict(json.loads(mine)["chapter"])
        return None

    def keep(self, chapter: Json, reads: Path) -> None:
        """Keep a chapter that ran well. reads: the file in which its process noted what it looked
        at; without one, or where it looked at the settings as a whole, nothing is kept.
        """
        with suppress(OSError, KeyError):
            looked = sorted({*reads.read_text(encoding="utf-8").split(), *OPENING})
            if ALL in looked:
                return
            text = json.dumps({"fingerprint": self.fingerprint, "chapter": chapter}).encode()
            entry = self._entry(looked)
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sealed = _seal(entry, text) + b"\n" + text
            write_whole(entry, gzip.compress(sealed, 1, mtime=0))
            write_whole(self._list, json.dumps(looked).encode())
            self._prune()

    @property
    def _list(self) -> Path:
        return self.folder / f"{self.always[:32]}.json"

    def _entry(self, looked: list[str]) -> Path:
        """Raises KeyError for a table of the settings that a manifest does not hold."""
        parts = [self.always, *(f"{name} {self.settings[name]}" for name in looked)]
        return self.folder / f"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}.gz"

    def _prune(self) -> None:
        for suffix in ("gz", "json"):
            found = sorted(self.folder.glob(f"*.{suffix}"), key=lambda p: -p.stat().st_mtime_ns)
            for path in found[KEPT:]:
                path.unlink(missing_ok=True)


def _seal(entry: Path, text: bytes) -> bytes:
    """Hash over an entry's name and content: one that lies under another's name is none."""
    return hashlib.sha256(entry.name.encode() + b"\n" + text).hexdigest().encode()


def code_of(plan: Plan) -> str:
    """Hash over the library, Python and every package; empty where no chapter is kept."""
    from playbook.report.batch.keys import FileHashes, library_key, packages

    if plan.kept is None or plan.kernels != "forked":
        return ""
    hashes = FileHashes(plan.out)
    content = _hash([library_key(hashes), platform.python_version(), packages()])
    hashes.save()
    return content


def reuse(plan: Plan, job: Job, code: str) -> Reuse | None:
    """How one chapter of a plan may be taken again; None where no chapter is kept. code: what
    ``code_of`` gives.
    """
    if plan.kept is None or not code:
        return None
    source = plan.source
    always = [
        code,
        hashlib.sha256(job.path.read_bytes()).hexdigest(),
        job.name,
        job.parameters,
        source.month,
        source.as_of.isoformat(),
        source.language,
        source.title,
        source.currency,
        list(source.files),
        list(source.warnings),
        list(source.actions),
        source.settings.get("segments", {}).get("tiers"),  # their names, in every text
    ]
    groups = {name: _hash(source.settings.get(name)) for name in (*source.settings, *OPENING)}
    return Reuse(
        plan.kept / f"{source.name}.{job.name}",
        _hash(always),
        groups,
        source.fingerprint,
        not plan.anew,
    )


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
