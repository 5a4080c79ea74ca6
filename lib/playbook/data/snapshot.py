"""A checked book as files: read once, opened again anywhere without its sources.

A folder holds every checked table as Parquet and, beside them, what else a book knows. Whoever
opens it has the book that was frozen, whatever became of files and databases meanwhile; the folder
may be sent to another machine.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from playbook.base.settings import Settings, SourceSettings

from .connecting import connect, cores, lock
from .databases import quoted
from .read import Read
from .source import RawSource

FACTS = "book.pickle"
BATCH = 100_000  # [rows] held at once of a table that is read in place
# Rows of millions are written with those of one customer side by side, customers in any order: most
# questions group by customer, and find the same group again and again instead of all over memory.
BESIDE = "customer_id"


def freeze(settings: Settings, read: Read, folder: Path, days: Iterable[date] = ()) -> Path:
    """Write an opened book into ``folder`` and return it.

    days: those the book will be asked about. The rows its warnings name are looked up for them
    now, while the files they stand in are there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    empty: dict[str, frozenset[str]] = {}
    for number, name in enumerate(_tables(read)):
        described = read.connection.execute(f"DESCRIBE book.{quoted(name)}").fetchall()
        tables[name] = (f"{number}.parquet", [(row[0], row[1]) for row in described])
        rows = f"SELECT * FROM book.{quoted(name)}"
        if name in read.lazy and BESIDE in dict(tables[name][1]):
            rows += f" ORDER BY hash({BESIDE})"
        empty[name] = write(read.connection.sql(rows), folder / tables[name][0])
    facts = {
        "settings": settings,
        "given": read.given,
        "problems": read.problems,
        "files": read.files,
        "fingerprint": read.fingerprint,
        "rules": read.rules,
        "staged": read.staged,
        "spans": read.spans,
        "empty": empty,
    }
    told = {day: read.warnings_on(day, settings) for day in days}
    # a dict refers to the same problems as the rules do, so all go into one pickle
    (folder / FACTS).write_bytes(pickle.dumps((facts, told, tables)))
    return folder


def write(rows: duckdb.DuckDBPyRelation, path: Path) -> frozenset[str]:
    """Write rows as Parquet; the columns without any value."""
    with rows.to_arrow_reader(BATCH) as batches, ExitStack() as held:
        empty, file = set(batches.schema.names), None
        for batch in batches:
            if file is None:
                repeated = _repeated(batch) if len(batch) >= BATCH else True
                made = pq.ParquetWriter(path, batches.schema, use_dictionary=repeated)
                file = held.enter_context(made)
            empty -= {n for n in empty if batch.column(n).null_count < len(batch)}
            file.write_batch(batch)
        if file is None:
            held.enter_context(pq.ParquetWriter(path, batches.schema))
    return frozenset(empty)


def _repeated(batch: pa.RecordBatch) -> list[str]:
    """Columns whose values come again: listing those of the others, such as ids, costs a quarter
    of the writing and saves nothing.
    """
    found = []
    for name in batch.schema.names:
        with suppress(pa.ArrowNotImplementedError):
            if 2 * pc.count_distinct(batch.column(name)).as_py() > len(batch):
                continue
        found.append(name)
    return found


def thaw(folder: Path, more: Mapping[str, str] = MappingProxyType({})) -> tuple[Settings, Read]:
    """Settings and tables of a book that ``freeze`` wrote. more: name → Parquet file in the folder,
    of rows worked out from it, as views beside the tables.
    """
    facts, told, tables = _Facts(io.BytesIO((folder / FACTS).read_bytes())).load()
    connection = connect()
    large = {name for name, staged in facts["staged"].items() if staged.lazy}
    in_place = []
    for name, (file, columns) in tables.items():
        path = str((folder / file).resolve())
        rows = "SELECT * FROM read_parquet('" + path.replace("'", "''") + "')"
        if name in large:
            in_place.append(path)
            connection.execute(f"CREATE VIEW book.{quoted(name)} AS {rows}")
        else:
            listed = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns)
            connection.execute(f"CREATE TABLE book.{quoted(name)} ({listed})")
            connection.execute(f"INSERT INTO book.{quoted(name)} {rows}")
    for name, file in more.items():
        path = str((folder / file).resolve())
        in_place.append(path)
        rows = "SELECT * FROM read_parquet('" + path.replace("'", "''") + "')"
        connection.execute(f"CREATE VIEW {quoted(name)} AS {rows}")
    if large:
        connection.execute(f"SET threads = {cores()}")
    lock(connection, {"": RawSource("", "", SourceSettings(file=FACTS), in_place=in_place)})
    settings = facts.pop("settings")
    read = Read(connection, **facts)
    vars(read)["_told"] = told
    return settings, read


def is_large(folder: Path) -> bool:
    """Whether a snapshot holds tables that are asked where they lie."""
    facts, _, _ = _Facts(io.BytesIO((folder / FACTS).read_bytes())).load()
    return any(staged.lazy for staged in facts["staged"].values())


def _tables(read: Read) -> list[str]:
    found = read.connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'book' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in found]


class _Facts(pickle.Unpickler):
    """Reads nothing but our own classes and the standard library's plain ones."""

    def find_class(self, module: str, name: str) -> Any:
        home = module.split(".")[0]
        if home in ("playbook", "datetime", "decimal", "pathlib") or (
            home == "builtins" and name in ("set", "frozenset", "dict", "list", "tuple")
        ):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"a snapshot of a book holds no {module}.{name}")
