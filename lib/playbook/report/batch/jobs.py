"""One pack as a job: whole in itself, so that it can be made in any process of any machine.

A driver opens and checks a book, freezes it (``Snapshot``) and hands out jobs; whoever makes one
needs this library and nothing else: no disk is shared, no source is read again. ``run_job`` gives
the same bytes everywhere; only the manifest's times differ.
"""

from __future__ import annotations

import io
import json
import tarfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from playbook.base.errors import EXIT_INTERNAL, EXIT_NOTEBOOK_FAILED, EXIT_OK
from playbook.report.record.archive import private_room
from playbook.report.record.folders import FULL, Variant, pack_folder, variant_folder
from playbook.report.record.results import Outcome
from playbook.report.run.pins import Pin
from playbook.report.run.plan import TIME_LIMIT, Kernels, Plan, Source
from playbook.report.run.plan import Job as Chapter
from playbook.report.run.shown import Shown

from .keys import HIDDEN

PREFIX = "playbook-job-"
CHAPTERS = "chapters"  # in the archive's hidden folder: executed chapters, kept
Json = dict[str, Any]
Told = Callable[[str, int, int], None]  # notebook, cells done, cells in all


@dataclass(frozen=True)
class Snapshot:
    """A frozen book: a folder on this machine, or the same folder as bytes to send to another.
    Neither: notebooks read the book's files themselves.
    """

    folder: Path | None = None
    content: bytes = b""

    def packed(self) -> Snapshot:
        """The same with its bytes in hand, for a machine that does not see the folder."""
        if self.folder is None:
            return self
        return Snapshot(None, pack_up(self.folder))


NONE = Snapshot()


@dataclass(frozen=True)
class PackJob:
    """One pack to make. Picklable; ``sent()`` makes it independent of this machine's disks.

    source: the book of one month, checked. chapters: name and parameters of each notebook, JSON
    scalars only. notebooks: their folder, or the text of each by file name. out: the archive, where
    the pack is put in place; None = it comes back as bytes. last: results.json of the pack before,
    which the page of changes compares with; files: others the pages need (a logo), by their path
    relative to the book. shown: what of the pack its audience gets. key: what the pack is made
    from, as one hash (``keys``); written into the manifest. anew: chapters that were kept are run.
    """

    source: Source
    chapters: tuple[tuple[str, Json], ...]
    notebooks: Path | Mapping[str, bytes]
    snapshot: Snapshot = NONE
    variant: Variant = FULL
    partial: bool = False
    out: Path | None = None
    last: Json | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    shown: Shown | None = None
    pinned: tuple[Pin, ...] = ()
    key: str = ""
    anew: bool = False
    kernels: Kernels = "forked"
    workers: int = 1
    time_limit: float = TIME_LIMIT

    @property
    def label(self) -> str:
        """``2023-06/north.only-01``: what the job is called in tables and logs."""
        return pack_folder(Path(), self.source.month, self.source.name, self.variant).as_posix()

    @property
    def before(self) -> str:
        """Name of the folder whose last pack this one compares with."""
        name = self.source.name
        return variant_folder(name, self.variant) if self.shown else name

    def sent(self) -> PackJob:
        """The same job with everything it needs inside: snapshot, notebooks, logo, and the last
        pack's numbers as its archive has them now. Its pack comes back as bytes.
        """
        from playbook.report.record import packs

        last, files = self.last, dict(self.files)
        if last is None and self.out is not None:
            last = packs.printed(self.out, self.before, self.source.month)
        home = self.source.folder if self.source.folder.is_dir() else self.source.folder.parent
        report = self.source.report
        for name in filter(None, (report.get("logo"), *report.get("fonts", ()))):
            if (home / name).is_file():
                files.setdefault(name, (home / name).read_bytes())
        return replace(
            self,
            notebooks=_texts(self.notebooks, [name for name, _ in self.chapters]),
            snapshot=self.snapshot.packed(),
            out=None,
            last=last,
            files=files,
            pinned=(),
        )


Status = Literal["ok", "failed", "broken"]


@dataclass(frozen=True)
class PackOutcome:
    """What came of a job. ``failed``: a pack is there and some chapter of it says why it is not
    whole; ``broken``: there is none, and ``error`` says why in a line (``trace`` in full).

    pack: the finished folder as bytes (a tar) where the job named no archive; target: its folder
    where it did. chapters: how each notebook went, without its records.
    """

    label: str
    status: Status
    chapters: tuple[Json, ...] = ()
    messages: tuple[str, ...] = ()
    error: str = ""
    trace: str = ""
    target: Path | None = None
    pack: bytes = b""
    seconds: float = 0.0
    key: str = ""

    @property
    def exit_status(self) -> int:
        return {"ok": EXIT_OK, "failed": EXIT_NOTEBOOK_FAILED}.get(self.status, EXIT_INTERNAL)


def run_job(job: PackJob, told: Told | None = None) -> PackOutcome:
    """Make one pack. Never raises for what goes wrong with it: that is in the outcome, so that one
    pack cannot stop others. told: called after every cell.

    Call it in a process that may start others (Linux: they are forked from one that has imported
    everything). Everything it writes beside ``out`` lies in a private folder that goes with it.
    """
    from playbook.report.run import run

    began = time.monotonic()
    try:
        with private_room(PREFIX) as home:
            plan = _plan(job, home)
            done = run.run(plan, _Watcher(told), index=False, key=job.key)
            pack = b"" if job.out is not None else pack_up(done.target)
            return PackOutcome(
                job.label,
                "ok" if done.exit_status == EXIT_OK else "failed",
                tuple(_told(outcome) for outcome in done.outcomes),
                tuple(o.message for o in done.outcomes if o.error),
                target=None if job.out is None else done.target,
                pack=pack,
                seconds=time.monotonic() - began,
                key=job.key,
            )
    except Exception as error:
        last = (str(error).strip().splitlines() or [""])[-1]
        return PackOutcome(
            job.label,
            "broken",
            error=f"{type(error).__name__}: {last}".removeprefix("InternalFault: "),
            trace="".join(traceback.format_exception(error)),
            seconds=time.monotonic() - began,
            key=job.key,
        )


def pack_up(folder: Path) -> bytes:
    """A folder as an uncompressed tar, the same bytes for the same files: no times, no owners."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
                entry.size = path.stat().st_size
                with path.open("rb") as file:
                    tar.addfile(entry, file)
    return out.getvalue()


def unpack(content: bytes, folder: Path) -> Path:
    """Write what ``pack_up`` packed into ``folder``; nothing lands outside it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def _plan(job: PackJob, home: Path) -> Plan:
    """The run of a job, with what came as bytes written out below ``home``."""
    notebooks = job.notebooks
    if not isinstance(notebooks, Path):
        (home / "notebooks").mkdir()
        for name, content in notebooks.items():
            (home / "notebooks" / name).write_bytes(content)
        notebooks = home / "notebooks"
    snapshot = job.snapshot.folder
    if snapshot is None and job.snapshot.content:
        snapshot = unpack(job.snapshot.content, home / "book")
    out = job.out
    if out is None:
        out = home / "out"
        _lay_last(job, out)
    for name, content in job.files.items():
        (home / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "files" / name).write_bytes(content)
    return Plan(
        job.source,
        tuple(
            Chapter(name, notebooks / f"{name}.ipynb", parameters)
            for name, parameters in job.chapters
        ),
        out,
        job.workers,
        job.kernels,
        job.time_limit,
        job.partial,
        job.variant,
        snapshot,
        home / "files" if job.files else None,
        job.shown,
        job.pinned,
        None if job.out is None else job.out / HIDDEN / CHAPTERS,
        job.anew,
    )


def _lay_last(job: PackJob, out: Path) -> None:
    """The last pack's numbers where a run looks for them."""
    if job.last is not None:
        folder = out / str(job.last["month"]) / job.before
        folder.mkdir(parents=True)
        (folder / "results.json").write_text(json.dumps(job.last), encoding="utf-8")


def _texts(notebooks: Path | Mapping[str, bytes], names: list[str]) -> Mapping[str, bytes]:
    if not isinstance(notebooks, Path):
        return notebooks
    return {f"{name}.ipynb": (notebooks / f"{name}.ipynb").read_bytes() for name in names}


def _told(outcome: Outcome) -> Json:
    return {
        "name": outcome.name,
        "title": outcome.title,
        "status": outcome.status,
        "seconds": round(outcome.seconds, 3),
        "error": outcome.error,
        "sections": outcome.sections,
    }


class _Watcher:
    """A run's events, of which a batch wants the cells."""

    def __init__(self, told: Told | None):
        self.told = told

    def cell(self, name: str, done: int, total: int) -> None:
        if self.told:
            self.told(name, done, total)

    def finished(self, outcome: Outcome) -> None:
        """Counted by its last cell."""

    def printing(self) -> None:
        """Part of the pack's time."""
