"""What a pack is made from, as one hash: two packs with the same key hold the same.

The key covers every file of the book, what was asked, the notebooks, this library and the versions
of Python and of every package. It does not cover where files lie, how many worked, or when. Light:
imports nothing that a look at unchanged files does not need.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import platform
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playbook.report.record.archive import write_whole

SCHEMA = 1  # raised when packs change though none of what is hashed does
HIDDEN = ".playbook"  # in an archive: what may be deleted at any time
HASHES = "hashes.json"
DATA = (".csv", ".tsv", ".txt", ".tab", ".psv", ".gz", ".xlsx", ".xlsm", ".xls", ".ods")
PARQUET = (".parquet", ".pq")
LIBRARY = Path(__file__).resolve().parents[2]
_libraries: dict[Path, str] = {}


class FileHashes:
    """SHA-256 of files, remembered beside size, times and inode: a file is read again when one of
    them moved. Entries are dropped, not trusted, where they cannot be read.

    A file written in the moment in which it was hashed may change without any of them moving; such
    a hash is not remembered.
    """

    def __init__(self, folder: Path | None = None, *, again: bool = False):
        self.path = None if folder is None else folder / HIDDEN / HASHES
        self.known: dict[str, list[Any]] = {}
        self.fresh: dict[str, list[Any]] = {}
        if self.path is not None and not again:
            with suppress(OSError, ValueError, AttributeError):
                found = json.loads(self.path.read_text(encoding="utf-8"))
                self.known = {place: entry for place, entry in found.items() if _whole(entry)}

    def of(self, path: Path) -> str:
        """SHA-256 of a file. Raises OSError where it cannot be read."""
        place = os.path.realpath(path)
        mark = _mark(os.stat(place))
        for entries in (self.fresh, self.known):
            entry = entries.get(place)
            if entry is not None and entry[0] == mark:
                return str(entry[1])
        with open(place, "rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        if _mark(os.stat(place)) == mark:
            self.fresh[place] = [mark, content]
        return content

    def save(self) -> None:
        """Remember what was hashed; a folder that cannot be written to costs the time once more."""
        if self.path is None or not self.fresh:
            return
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # what was written since this file was made may yet be written in the same moment
            with tempfile.TemporaryFile(dir=self.path.parent) as now:
                newest = os.fstat(now.fileno()).st_mtime_ns - 20_000_000
            kept = {
                place: entry
                for place, entry in {**self.known, **self.fresh}.items()
                if max(entry[0][1:3]) < newest
            }
            write_whole(self.path, json.dumps(kept).encode())


def _whole(entry: Any) -> bool:
    """Whether an entry is what ``save`` writes."""
    return (
        isinstance(entry, list)
        and len(entry) == 2
        and isinstance(entry[0], list)
        and [type(part) for part in entry[0]] == [int] * 5
        and isinstance(entry[1], str)
    )


def _mark(stat: os.stat_result) -> list[int]:
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev]


@dataclass(frozen=True)
class BookInputs:
    """The files of a book by their path relative to it, with their hashes. known: whether they are
    all it is made from; a database, a store or a lake must be asked what it holds.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    known: bool = True


def book_inputs(path: Path, hashes: FileHashes) -> BookInputs:
    """What a book's toml and folder name, hashed: the toml, plans beside it, every file that the
    settings name, and every file that could be a table by its name. Unreadable settings: not known.
    """
    toml, folder = _toml_of(path)
    try:
        raw = tomllib.loads(toml.read_text(encoding="utf-8-sig"))
        files = {toml, toml.with_name("commission_plans.toml"), *_beside(folder)}
        texts = list(_texts(raw))
        for text in texts:
            files |= set(_named(folder, text))
        found = {
            Path(os.path.relpath(file, folder)).as_posix(): hashes.of(file)
            for file in sorted(files)
            if file.is_file()
        }
    except (OSError, ValueError):
        return BookInputs({}, False)
    return BookInputs(found, not _elsewhere(raw))


def _toml_of(path: Path) -> tuple[Path, Path]:
    if path.is_dir():
        return path / "playbook.toml", path
    return (path if path.suffix == ".toml" else path.with_name("playbook.toml")), path.parent


def _beside(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        suffix = path.suffix.lower()
        if suffix in (*DATA, *PARQUET) and not path.name.startswith((".", "~$")):
            yield path


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _named(folder: Path, text: str) -> Iterable[Path]:
    """Files that a text of the settings may mean: one, those of a glob, Parquet files of a folder,
    a database in a file.
    """
    name = text.partition("///")[2] if "://" in text else text
    name = name.replace("\\", "/").rstrip("/")
    if not name or len(name) > 1000 or "\n" in name or "\0" in name:
        return []
    path = folder / name
    if path.is_file():  # what SQLite and DuckDB have not yet moved into the file lies beside it
        return [path, *(path.with_name(path.name + log) for log in ("-wal", ".wal"))]
    if path.is_dir():
        return (p for suffix in PARQUET for p in path.rglob(f"*{suffix}"))
    if glob.has_magic(name):
        return (Path(hit) for hit in glob.glob(str(path), recursive=True))
    return []


def _elsewhere(raw: Mapping[str, Any]) -> bool:
    """Whether some source is not a file."""
    sources = raw.get("sources", {})
    given = sources.values() if isinstance(sources, Mapping) else ()
    for source in given:
        if not isinstance(source, Mapping):
            return True
        file, database = str(source.get("file", "")), str(source.get("database", ""))
        local = database.startswith(("duckdb:///", "sqlite:///"))
        if source.get("lake") or "://" in file or (database and not local):
            return True
        if not file and not database:
            return True
    return False


def code_key(notebooks: Path, hashes: FileHashes) -> str:
    """One hash over notebooks, this library, Python and every package installed."""
    parts: list[Any] = [SCHEMA, platform.python_version(), sys.platform]
    parts += [[path.name, hashes.of(path)] for path in sorted(notebooks.glob("*.ipynb"))]
    return digest([*parts, library_key(hashes), packages()])


def library_key(hashes: FileHashes) -> str:
    """One hash over every file of this library, as it is when a process first asks: that is what
    the process runs.
    """
    if LIBRARY not in _libraries:
        _libraries[LIBRARY] = digest(
            [
                [path.relative_to(LIBRARY).as_posix(), hashes.of(path)]
                for path in sorted(LIBRARY.rglob("*"))
                if path.is_file() and "__pycache__" not in path.parts and "share" not in path.parts
            ]
        )
    return _libraries[LIBRARY]


def packages() -> list[str]:
    """Name and version of every package on the search path."""
    found = set()
    for entry in sys.path:
        with suppress(OSError):
            found |= {
                name.removesuffix(".dist-info")
                for name in os.listdir(entry or ".")
                if name.endswith(".dist-info")
            }
    return sorted(found)


def digest(value: Any) -> str:
    """SHA-256 over plain JSON."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def asked_key(book: str | Mapping[str, str], code: str, asked: Any) -> str:
    """The key of everything but the month and the pack before: files of the book (or the
    fingerprint of what its sources gave), code, and what was asked.
    """
    return digest([book if isinstance(book, str) else dict(book), code, asked])


def pack_key(asked: str, month: str, part: str, last: str) -> str:
    """The key of one pack. part: the audience's name where one was asked for with others. last:
    SHA-256 of the numbers it compares with, empty without a pack before.
    """
    return digest([asked, month, part, last])
