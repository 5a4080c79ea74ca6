"""The SQLite file beside the packs in which runs and deliveries are on record."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from playbook.base.errors import PlaybookError, Problem
from playbook.base.language import say

NAME = ".runs.sqlite"
PATIENCE = 30.0  # [s] for which a writer waits for another to finish
# One list of statements per version; a file of an older version is brought up step by step.
VERSIONS = (
    (
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, book TEXT NOT NULL, month TEXT,
            variant TEXT NOT NULL, started TEXT NOT NULL, ended TEXT, wall REAL, cpu REAL,
            peak_mb REAL, status TEXT NOT NULL, reason TEXT NOT NULL, failed TEXT NOT NULL,
            outputs TEXT NOT NULL, alerts TEXT NOT NULL, folder TEXT NOT NULL,
            version TEXT NOT NULL, host TEXT NOT NULL, process INTEGER NOT NULL)""",
        "CREATE INDEX runs_of ON runs (book, month)",
        """CREATE TABLE deliveries (
            key TEXT PRIMARY KEY, book TEXT NOT NULL, month TEXT NOT NULL,
            audience TEXT NOT NULL, recipient TEXT NOT NULL, channel TEXT NOT NULL,
            address TEXT NOT NULL, content TEXT NOT NULL, message_id TEXT NOT NULL,
            state TEXT NOT NULL, tries INTEGER NOT NULL, intended TEXT NOT NULL, changed TEXT,
            error TEXT NOT NULL)""",
        "CREATE INDEX deliveries_of ON deliveries (book, month, recipient)",
    ),
)


class RecordProblem(PlaybookError):
    """The record cannot be read or written."""


@contextlib.contextmanager
def opened(out: Path) -> Iterator[sqlite3.Connection]:
    """The record of the packs in ``out``, made when it is not there; every statement outside
    ``writing`` is its own transaction.

    Raises RecordProblem where it cannot be opened, is no such file, or was written by a newer
    version. Several processes may have it open: readers never wait, writers wait for each other.
    """
    path = out / NAME
    try:
        out.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise RecordProblem(_problem(path, error)) from None
    try:
        connection.row_factory = sqlite3.Row
        # Where the file system cannot keep a write-ahead log, SQLite stays with its old journal.
        connection.execute("PRAGMA journal_mode = WAL")
        _bring_up(connection, path)
        yield connection
    except sqlite3.Error as error:
        raise RecordProblem(_problem(path, error)) from error
    finally:
        connection.close()


@contextlib.contextmanager
def looked_at(out: Path) -> Iterator[sqlite3.Connection]:
    """The record that is there, for reading only: also where this user may not write beside it, or
    nobody can, because the disk is full or mounted so. Raises RecordProblem as ``opened`` does.
    """
    path = out / NAME
    connection = _read_only(path)
    try:
        connection.row_factory = sqlite3.Row
        _not_newer(connection, path)
        yield connection
    except sqlite3.Error as error:
        raise RecordProblem(_problem(path, error)) from error
    finally:
        connection.close()


def _read_only(path: Path) -> sqlite3.Connection:
    """The second way takes the file as it stands: a log beside it could not be opened."""
    wrong = sqlite3.Error()
    for way in ("mode=ro", "mode=ro&immutable=1"):
        try:
            found = sqlite3.connect(f"{path.resolve().as_uri()}?{way}", uri=True, timeout=PATIENCE)
        except sqlite3.Error as error:
            wrong = error
            continue
        try:
            _version(found)
            return found
        except sqlite3.Error as error:
            found.close()
            wrong = error
    raise RecordProblem(_problem(path, wrong))


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that takes its place among writers at once: what it reads stays so until it is
    over. Rolled back when the block ends by an exception.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(VERSIONS):
        return
    with writing(connection):
        have = _not_newer(connection, path)  # another process may have been quicker
        for statements in VERSIONS[have:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(VERSIONS)}")


def _not_newer(connection: sqlite3.Connection, path: Path) -> int:
    """The version of a record. Raises RecordProblem for one that this playbook does not know."""
    have = _version(connection)
    if have > len(VERSIONS):
        raise RecordProblem(
            Problem(
                found=say("{path} has version {have} of the record", path=path, have=have),
                expected=say("at most version {n}, which this playbook knows", n=len(VERSIONS)),
                try_=say("the newer playbook that wrote it, or move the file away"),
            )
        )
    return have


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _problem(path: Path, error: Exception) -> Problem:
    full = "is full" in str(error)
    return Problem(
        found=say("the record of runs cannot be used: {error}", error=error),
        expected=say("{path}, an SQLite file this user may write to", path=path),
        try_=say("free space there")
        if full
        else say("give the right to write there; move the file away when it is damaged"),
        file=str(path),
    )
