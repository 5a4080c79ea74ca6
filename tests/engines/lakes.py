"""A book whose large tables lie in a lake: the checked tables of another, as folders of Parquet."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from playbook.data.book import Book

FAR = (
    "orders",
    "customers",
    "opportunities",
    "stage_events",
    "leads",
    "activities",
    "contracts",
)
PARTS = 3  # files of a table


def lake_book(
    source: Path,
    folder: Path,
    far: Iterable[str] = FAR,
) -> Path:
    """A copy of a book's folder in ``folder`` with the tables of ``far`` as a lake."""
    folder.mkdir(parents=True)
    read = Book.open(source).read
    toml = (source / "playbook.toml").read_text(encoding="utf-8")
    for name in far:
        if name not in read.given:
            continue
        (folder / "lake" / name).mkdir(parents=True)
        query = f"SELECT * EXCLUDE (_file, _row) FROM book.{name} ORDER BY _file, _row"
        table = read.connection.sql(query).to_arrow_table()
        size = len(table) // PARTS + 1
        for i in range(PARTS):
            part = table.slice(i * size, size)
            pq.write_table(part, folder / "lake" / name / f"part-{i}.parquet")
        toml += f'\n[sources.{name}]\nlake = "lake/{name}"\n'
    for path in source.glob("*.csv"):
        if path.stem not in far:
            shutil.copy(path, folder)
    (folder / "playbook.toml").write_text(toml, encoding="utf-8")
    return folder
