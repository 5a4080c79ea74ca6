"""The tables of a database as columns of texts."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from playbook.base.errors import DataProblem, ParameterProblem, Problem
from playbook.base.language import say
from playbook.base.settings import SourceSettings
from playbook.data import servers
from playbook.data.databases import quoted

from .files import ROWS, Found, slug
from .profile import Profile

MOST = 200  # tables looked at
SYSTEM = {"information_schema", "pg_catalog", "sys", "mysql", "performance_schema"}


def look_into(address: str, folder: Path) -> list[Found]:
    """Every table and view at an address, by its first rows.

    Raises ParameterProblem when nothing can be read there.
    """
    try:
        names = _names(address, folder)
    except (DataProblem, duckdb.Error) as error:
        said = error.problems if isinstance(error, DataProblem) else ()
        raise ParameterProblem(
            said
            or Problem(
                found=say(
                    "the database cannot be read: {error}", error=str(error).splitlines()[0][:160]
                ),
                expected=say(
                    "duckdb:///file.duckdb, sqlite:///file.db or an address with a driver"
                ),
                try_=say("check the address; the password comes from the environment"),
            )
        ) from None
    return [_looked_at(address, name, folder) for name in names[:MOST]]


def _names(address: str, folder: Path) -> list[str]:
    if address.startswith("duckdb:"):
        path = folder / address.partition("///")[2]
        if not path.is_file():
            raise DataProblem(
                Problem(
                    found=say("no file {name}", name=path.name),
                    expected=say("a DuckDB file"),
                    try_=say("check the path"),
                )
            )
        with duckdb.connect(str(path), read_only=True) as connection:
            rows = connection.execute(
                "SELECT table_schema, table_name FROM information_schema.tables"
            ).fetchall()
        return sorted(n if s == "main" else f"{s}.{n}" for s, n in rows if s not in SYSTEM)
    if address.startswith("sqlite:"):
        rows = servers.fetch(address, servers.Asked("sqlite_master"), folder, "database")
        frame = rows.to_pandas()
        kept = frame[
            frame["type"].isin(["table", "view"]) & ~frame["name"].str.startswith("sqlite_")
        ]
        return sorted(kept["name"])
    rows = servers.fetch(address, servers.Asked("information_schema.tables"), folder, "database")
    frame = rows.to_pandas()
    frame.columns = [str(c).casefold() for c in frame.columns]
    kept = frame[~frame["table_schema"].str.casefold().isin(SYSTEM)]
    return sorted(kept["table_schema"] + "." + kept["table_name"])


def _looked_at(address: str, table: str, folder: Path) -> Found:
    settings = SourceSettings(database=address, table=table)
    name, path = slug(table.replace(".", "_")), Path(table)
    try:
        frame, rows = _first_rows(address, table, folder)
    except (DataProblem, duckdb.Error) as error:
        said = error.problems if isinstance(error, DataProblem) else ()
        return Found(name, path, settings, problems=tuple(said))
    columns = tuple(Profile(str(c), frame[c]) for c in frame.columns)
    return Found(name, path, settings, columns, rows)


def _first_rows(address: str, table: str, folder: Path) -> tuple[pd.DataFrame, int]:
    if address.startswith("duckdb:"):
        path = folder / address.partition("///")[2]
        full = ".".join(quoted(part) for part in table.split("."))
        with duckdb.connect(str(path), read_only=True) as connection:
            rows = connection.execute(f"SELECT count(*) FROM {full}").fetchall()[0][0]
            frame = connection.execute(
                f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {full} LIMIT {ROWS}"
            ).df()
        return frame, int(rows)
    got = servers.fetch(address, servers.Asked(table, most=ROWS), folder, table)
    texts = {n: got.column(n).cast(pa.string()).to_pandas() for n in got.column_names}
    return pd.DataFrame(texts), got.num_rows
