"""Runs on record: begun, ended, listed."""

from __future__ import annotations

import itertools
import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from .database import writing
from .usage import PROC

RUNNING, OK, FAILED, REFUSED, BROKEN = "running", "ok", "failed", "refused", "interrupted"
STATUSES = (RUNNING, OK, FAILED, REFUSED, BROKEN)


@dataclass(frozen=True)
class Run:
    """One pack made, or tried.

    started, ended: moments in UTC as ISO texts; ended is None while it runs, and for good when the
    run was killed. wall, cpu: seconds; peak_mb: MB of the largest process; both None where the
    system does not tell. status: running, ok, failed (a notebook), refused (bad input),
    interrupted (also: killed). failed: sections by "notebook › section". outputs: SHA-256 of each
    file written by its name. alerts: what crossed its line, as told.
    """

    id: int
    kind: str
    book: str
    month: str | None
    variant: str
    started: str
    ended: str | None
    wall: float | None
    cpu: float | None
    peak_mb: float | None
    status: str
    reason: str
    failed: tuple[str, ...]
    outputs: dict[str, str]
    alerts: tuple[str, ...]
    folder: str
    version: str
    host: str
    process: int


def moment(when: datetime) -> str:
    """A moment as it is written: UTC, to the millisecond."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def begin(
    connection: sqlite3.Connection,
    *,
    kind: str,
    book: str,
    month: str | None,
    started: datetime,
    version: str,
) -> int:
    """Write down that a run began; its number."""
    with writing(connection):
        made = connection.execute(
            "INSERT INTO runs (kind, book, month, started, status, version, host, process,"
            " variant, reason, failed, outputs, alerts, folder)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', '[]', '{}', '[]', '')",
            (
                *(kind, book, month, moment(started), RUNNING),
                *(version, platform.node(), os.getpid()),
            ),
        )
    assert made.lastrowid is not None
    return made.lastrowid


def end(
    connection: sqlite3.Connection,
    number: int,
    *,
    ended: datetime,
    status: str,
    wall: float,
    cpu: float | None = None,
    peak_mb: float | None = None,
    book: str,
    month: str | None,
    variant: str = "",
    reason: str = "",
    failed: Sequence[str] = (),
    outputs: Mapping[str, str] | None = None,
    alerts: Sequence[str] = (),
    folder: str = "",
) -> None:
    """Write down how run ``number`` ended, and of what it was, which is known only by then."""
    with writing(connection):
        connection.execute(
            "UPDATE runs SET ended = ?, status = ?, wall = ?, cpu = ?, peak_mb = ?, reason = ?,"
            " failed = ?, outputs = ?, alerts = ?, book = ?, month = ?, variant = ?, folder = ?"
            " WHERE id = ?",
            (
                moment(ended),
                status,
                round(wall, 3),
                None if cpu is None else round(cpu, 3),
                None if peak_mb is None else round(peak_mb, 1),
                reason,
                json.dumps(list(failed), ensure_ascii=False),
                json.dumps(dict(outputs or {}), ensure_ascii=False),
                json.dumps(list(alerts), ensure_ascii=False),
                book,
                month,
                variant,
                folder,
                number,
            ),
        )


def listed(
    connection: sqlite3.Connection,
    *,
    book: str = "",
    month: str = "",
    status: str = "",
    most: int = 50,
) -> list[Run]:
    """Runs on record, the newest first; of a book, month or status where they are given."""
    asked = {"book": book, "month": month}
    given = {name: value for name, value in asked.items() if value}
    where = " AND ".join(f"{name} = :{name}" for name in given)
    rows = connection.execute(
        f"SELECT * FROM runs {'WHERE ' + where if where else ''} ORDER BY id DESC", given
    )
    found = (run for run in map(_run, rows) if status in ("", run.status))
    return list(itertools.islice(found, most))


def _run(row: sqlite3.Row) -> Run:
    values = {field.name: row[field.name] for field in fields(Run)}
    for name in ("failed", "alerts"):
        values[name] = tuple(json.loads(values[name]))
    values["outputs"] = json.loads(values["outputs"])
    if values["status"] == RUNNING and _gone(values["host"], values["process"]):
        values["status"] = BROKEN
    return Run(**values)


def _gone(host: str, process: int) -> bool:
    """Whether the process that made a run was killed before it could say how it ended; told of this
    machine's processes only, where the system lists them.
    """
    return host == platform.node() and PROC.is_dir() and not (PROC / str(process)).exists()


def as_json(run: Run) -> dict[str, Any]:
    """A run as ``playbook runs --json`` prints it."""
    return {**asdict(run), "failed": list(run.failed), "alerts": list(run.alerts)}
