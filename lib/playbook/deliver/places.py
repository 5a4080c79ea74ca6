"""Putting an audience's editions, or a mail to send by hand, into a folder or an S3 store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from playbook.base.object_store import s3_store
from playbook.report.record.archive import write_whole

from .outcomes import NotSent

STORE = "s3://"
File = tuple[str, bytes]


def put(
    place: str,
    home: Path,
    inside: Sequence[str],
    files: Sequence[File],
    handing_over: Callable[[], None] = lambda: None,
) -> None:
    """Write files under ``place`` (a folder relative to ``home``, or ``s3://bucket/prefix``), in
    the folders ``inside`` names. What is there under such a name is replaced, each file whole.

    Writing the same twice leaves the same, so there is never a doubt: raises NotSent only.
    """
    handing_over()
    try:
        if place.startswith(STORE):
            _into_store(place, inside, files)
        else:
            _into_folder((home / Path(place).expanduser()).joinpath(*inside), files)
    except OSError as error:
        raise NotSent(f"{place}: {error.strerror or error}") from None


def _into_folder(folder: Path, files: Sequence[File]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files:
        write_whole(folder / name, content, 0o640)


def _into_store(place: str, inside: Sequence[str], files: Sequence[File]) -> None:
    bucket, _, prefix = place.removeprefix(STORE).partition("/")
    store = s3_store()
    for name, content in files:
        key = PurePosixPath(bucket, *prefix.split("/"), *inside, name)
        with store.open_output_stream(str(key)) as stream:
            stream.write(content)
