"""Where the files of a source are: one, those of a glob or a folder, or objects of a store fetched
to a folder of their own.
"""

from __future__ import annotations

import glob
import os
import weakref
from pathlib import Path
from shutil import rmtree
from typing import Any

from playbook.base.errors import DataProblem, Problem, did_you_mean
from playbook.base.language import say
from playbook.base.object_store import s3_store

from .leftovers import private_folder
from .scrubbing import scrubbed

STORES = ("s3://",)
PARQUET = (".parquet", ".pq")


def files_of(folder: Path, pattern: str, keeper: Any) -> list[Path]:
    """The file, all files of a glob in the order of their names, or all Parquet files of a folder.

    keeper: what the files are read for; those fetched from a store are removed when it goes.
    Raises DataProblem where there is none.
    """
    if pattern.startswith(STORES):
        return _fetched(pattern, keeper)
    path = folder / pattern
    if path.is_file():
        return [path]
    if path.is_dir() and (parts := sorted(p for s in PARQUET for p in path.rglob(f"*{s}"))):
        return parts
    found = (
        sorted(Path(hit) for hit in glob.glob(str(path), recursive=True))
        if glob.has_magic(pattern)
        else []
    )
    found = [hit for hit in found if hit.is_file()]
    if not found:
        raise DataProblem(absent(path, pattern.replace("\\", "/").rstrip("/").rpartition("/")[2]))
    return found


def absent(path: Path, label: str) -> Problem:
    """The problem of a file that is not there, with the likeliest of those that are."""
    there = (
        [entry.name for entry in path.parent.iterdir() if entry.is_file()]
        if path.parent.is_dir()
        else []
    )
    where = (
        say("a folder, not a file, and without Parquet files")
        if path.is_dir()
        else say("no such file")
        if path.parent.is_dir()
        else say("no such folder '{name}'", name=path.parent.name)
    )
    return Problem(
        found=where if not glob.has_magic(path.name) else say("no file matches"),
        expected=say("a file at this place, relative to playbook.toml"),
        try_=did_you_mean(path.name, there[:20]),
        file=label,
    )


def _fetched(address: str, keeper: Any) -> list[Path]:
    """Objects of an S3 store as files of a temporary folder, by the credentials, region and
    endpoint that the environment names (AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_ENDPOINT_URL …).
    """
    from pyarrow import fs

    label = address.rpartition("/")[2] or address
    bucket, _, key = address.partition("://")[2].partition("/")
    try:
        store = s3_store()
        names = _names(store, fs, bucket, key)
        folder = private_folder("s3")
        folder.mkdir(mode=0o700)
        weakref.finalize(keeper, _remove, folder, os.getpid())
        paths = []
        for name in names:
            path = folder / name.rpartition("/")[2]
            with store.open_input_stream(name, compression=None) as stream, path.open("wb") as out:
                while piece := stream.read(1 << 22):
                    out.write(piece)
            paths.append(path)
    except OSError as error:
        raise DataProblem(
            Problem(
                found=say("the store cannot be read: {scrubbed}", scrubbed=scrubbed(str(error))),
                expected=say("an object at s3://{bucket}/{key}", bucket=bucket, key=key),
                try_=say("check bucket, key and region; credentials come from the environment"),
                file=label,
            )
        ) from None
    if not paths:
        raise DataProblem(
            Problem(
                found=say("no object matches"),
                expected=say("objects at s3://{bucket}/{key}", bucket=bucket, key=key),
                try_=say("check the address"),
                file=label,
            )
        )
    return paths


def _remove(folder: Path, owner: int) -> None:
    """Remove the folder, but from a process forked from the one that fetched it."""
    if os.getpid() == owner:
        rmtree(folder, ignore_errors=True)


def _names(store: Any, fs: Any, bucket: str, key: str) -> list[str]:
    if not glob.has_magic(key):
        info = store.get_file_info(f"{bucket}/{key.rstrip('/')}")
        if info.type == fs.FileType.File:
            return [info.path]
        if info.type == fs.FileType.NotFound:
            return []
        key = f"{key.rstrip('/')}/*"
    head = key.split("*")[0].split("?")[0].split("[")[0].rpartition("/")[0]
    listed = store.get_file_info(
        fs.FileSelector(f"{bucket}/{head}".rstrip("/"), recursive=True, allow_not_found=True)
    )
    pattern = glob.translate(key, recursive=True) if hasattr(glob, "translate") else None
    return sorted(
        info.path
        for info in listed
        if info.type == fs.FileType.File and _fits(info.path.partition("/")[2], key, pattern)
    )


def _fits(name: str, key: str, pattern: str | None) -> bool:
    import re
    from fnmatch import fnmatchcase

    return bool(re.fullmatch(pattern, name)) if pattern else fnmatchcase(name, key)
