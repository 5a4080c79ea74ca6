"""Tables of database servers and SQLite files, as arrow: only the columns and rows asked for.

A driver is loaded when a book needs it. Passwords come from the environment, never from a file, and
no message repeats them.
"""

from __future__ import annotations

import importlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import pyarrow as pa

from playbook.base.errors import DataProblem, Problem, did_you_mean
from playbook.base.formats import joined
from playbook.base.language import say

from .frames import typed
from .scrubbing import scrubbed

PIECE = 50_000  # rows fetched at a time


@dataclass(frozen=True)
class System:
    """A database system: its driver module, the extra that installs it, where its password comes
    from, how it quotes a name, and its port.
    """

    module: str
    extra: str
    secret: str
    quote: tuple[str, str]
    port: int


SYSTEMS = {
    "postgresql": System("psycopg", "postgres", "PGPASSWORD", ('"', '"'), 5432),
    "mysql": System("pymysql", "mysql", "MYSQL_PWD", ("`", "`"), 3306),
    "mssql": System("pytds", "mssql", "MSSQL_PASSWORD", ("[", "]"), 1433),
    "sqlite": System("sqlite3", "", "", ('"', '"'), 0),
}
ALSO = {"postgres": "postgresql", "mariadb": "mysql", "sqlserver": "mssql"}


@dataclass(frozen=True)
class Asked:
    """What is wanted of a table: columns (None = all), a condition in the database's own SQL, and
    how many rows at most (0 = all).
    """

    table: str
    columns: Sequence[str] | None = None
    only: str = ""
    most: int = 0


def fetch(url: str, asked: Asked, folder: Path, label: str) -> pa.Table:
    """The rows as arrow, amounts exact. Raises DataProblem when there is no driver, no connection,
    or no such table or column.
    """
    parts = _parts(url, label)
    scheme = parts.scheme.split("+")[0]
    name = ALSO.get(scheme, scheme)
    if name not in SYSTEMS:
        raise DataProblem(
            Problem(
                found=say("no driver for {value} databases", value=scheme or "this address"),
                expected=say(
                    "an address that begins with {systems} or duckdb", systems=joined(SYSTEMS)
                ),
                try_=say("export the table to CSV or Parquet and name it with file = …"),
                file=label,
            )
        )
    system = SYSTEMS[name]
    path = folder / unquote(url.partition("///")[2]) if name == "sqlite" else None
    if path is not None and not path.is_file():
        raise DataProblem(
            Problem(
                found=say("no such file"),
                expected=say("an SQLite database"),
                try_=say("give its place relative to playbook.toml"),
                file=label,
            )
        )
    driver = _driver(name, system, label)
    try:
        with closing(_connected(name, system, driver, parts, path)) as connection:
            return _rows(connection, name, system, asked, label)
    except DataProblem:
        raise
    except Exception as error:  # each driver has errors of its own; none may pass as a traceback
        where = parts.hostname or (path.name if path else "the address")
        raise DataProblem(
            Problem(
                found=say("the database cannot be read: {said}", said=_said(error)),
                expected=say("table {table} at {where}", table=asked.table, where=where),
                try_=say("check address, name and permissions")
                + (
                    say("; the password comes from {secret}", secret=system.secret)
                    if system.secret
                    else ""
                ),
                file=label,
            )
        ) from None


def _parts(url: str, label: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises where it is no number
    except ValueError:
        raise DataProblem(
            Problem(
                found=say("the database address cannot be read"),
                expected=say("an address such as postgresql://user@host:5432/name"),
                try_=say("check its port and brackets"),
                file=label,
            )
        ) from None
    secret = [k for k in parse_qs(parts.query) if k.casefold() in ("password", "passwd", "pwd")]
    if parts.password or secret:
        scheme = ALSO.get(parts.scheme.split("+")[0], parts.scheme.split("+")[0])
        name = SYSTEMS[scheme].secret if scheme in SYSTEMS else ""
        raise DataProblem(
            Problem(
                found=say("the database address holds a password"),
                expected=say("no secret in playbook.toml"),
                try_=say(
                    "take it out and set it in the environment ({value})",
                    value=name or "PGPASSWORD for PostgreSQL",
                ),
                file=label,
            )
        )
    return parts


def _driver(name: str, system: System, label: str) -> Any:
    try:
        return importlib.import_module(system.module)
    except ImportError:
        raise DataProblem(
            Problem(
                found=say("no driver for {name} databases", name=name),
                expected=say("the package {module}", module=system.module),
                try_=say('pip install "playbook[{extra}]"', extra=system.extra),
                file=label,
            )
        ) from None


def _connected(
    name: str, system: System, driver: Any, parts: SplitResult, path: Path | None
) -> Any:
    if path is not None:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        connection.text_factory = lambda raw: raw.decode("utf-8", "strict")
        return connection
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    user, base = unquote(parts.username or ""), unquote(parts.path.lstrip("/"))
    host, port = parts.hostname, parts.port or system.port
    if name == "postgresql":
        given = {"user": user, "dbname": base, "host": query.pop("host", host), "port": port}
        return driver.connect(
            **{k: v for k, v in {**given, **query}.items() if v}, connect_timeout=10
        )
    if name == "mysql":
        socket = query.get("unix_socket") or query.get("socket")
        given = {"unix_socket": socket} if socket else {"host": host or "localhost", "port": port}
        return driver.connect(
            user=user or None,
            password=os.environ.get(system.secret, ""),
            database=base,
            charset="utf8mb4",
            connect_timeout=10,
            **given,
        )
    return driver.connect(
        dsn=host,
        port=port,
        database=base,
        user=user or None,
        password=os.environ.get(system.secret, ""),
        login_timeout=10,
    )


def _rows(connection: Any, name: str, system: System, asked: Asked, label: str) -> pa.Table:
    table = ".".join(_quoted(part, system) for part in asked.table.split("."))
    with _read_only(connection, name):
        cursor = connection.cursor()
        cursor.execute(f"SELECT * FROM {table} WHERE 1 = 0")
        there = [column[0] for column in cursor.description]
        cursor.fetchall()
        wanted = [column for column in there if asked.columns is None or column in asked.columns]
        if not wanted:
            absent = next(iter(asked.columns or [""]))
            raise DataProblem(
                Problem(
                    found=say("the table has no column '{absent}'", absent=absent),
                    expected=say("columns of {table}", table=asked.table),
                    try_=did_you_mean(absent, there),
                    file=label,
                )
            )
        picked = ", ".join(_quoted(column, system) for column in wanted)
        if ";" in asked.only:
            raise ValueError("a condition with a semicolon")
        where = f" WHERE ({asked.only}\n)" if asked.only else ""
        if name == "postgresql":  # rows come in pieces, not all at once
            cursor = connection.cursor(name="playbook")
        top = f"TOP {asked.most} " if asked.most and name == "mssql" else ""
        limit = f" LIMIT {asked.most}" if asked.most and not top else ""
        cursor.execute(f"SELECT {top}{picked} FROM {table}{where}{limit}")
        pieces = list(_pieces(cursor, wanted, name))
    return pa.concat_tables(_alike(pieces), promote_options="default")


def _pieces(cursor: Any, names: list[str], system: str) -> Iterator[pa.Table]:
    first = True
    while (rows := cursor.fetchmany(PIECE)) or first:
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        cells = [_texts(column) if system == "sqlite" else typed(column) for column in columns]
        yield pa.Table.from_arrays(cells, names=names)
        first = False
        if not rows:
            return


def _alike(pieces: list[pa.Table]) -> list[pa.Table]:
    """Pieces whose columns have one type each: texts where they differ."""
    if len(pieces) < 2:
        return pieces
    out = [piece for piece in pieces if piece.num_rows] or pieces[:1]
    fields = []
    for i, field in enumerate(out[0].schema):
        kinds = {piece.schema.field(i).type for piece in out} - {pa.null()}
        exact = all(pa.types.is_decimal(kind) for kind in kinds)
        one = pa.decimal128(38, max(k.scale for k in kinds)) if exact and kinds else pa.string()
        fields.append(pa.field(field.name, kinds.pop() if len(kinds) == 1 else one))
    return [piece.cast(pa.schema(fields)) for piece in out]


def _texts(column: Sequence[Any]) -> pa.Array:
    """Cells of SQLite, whose columns have no one type, as texts."""
    return pa.array(
        [None if v is None else repr(v) if isinstance(v, float) else str(v) for v in column],
        pa.string(),
    )


@contextmanager
def _read_only(connection: Any, name: str) -> Iterator[None]:
    """A transaction that can change nothing, where the system has one; undone at the end."""
    if name in ("postgresql", "mysql"):
        with closing(connection.cursor()) as cursor:
            start = "SET TRANSACTION READ ONLY" if name == "postgresql" else ""
            cursor.execute(start or "START TRANSACTION READ ONLY")
    try:
        yield
    finally:
        if name != "sqlite":
            connection.rollback()


def _quoted(name: str, system: System) -> str:
    opening, closing_ = system.quote
    return opening + name.replace(closing_, closing_ * 2) + closing_


def _said(error: Exception) -> str:
    parts = [str(part) for part in error.args if isinstance(part, str)] or [str(error)]
    return scrubbed(parts[-1]) or type(error).__name__
