"""Putting an audience's editions, or a mail to send by hand, into a folder or an S3 store."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

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
        handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(part, 0o640)
            os.replace(part, folder / name)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise


def _into_store(place: str, inside: Sequence[str], files: Sequence[File]) -> None:
    bucket, _, prefix = place.removeprefix(STORE).partition("/")
    store = _store()
    for name, content in files:
        key = PurePosixPath(bucket, *prefix.split("/"), *inside, name)
        with store.open_output_stream(str(key)) as stream:
            stream.write(content)


def _store() -> Any:
    """The S3 store that the environment names, as books are read from it: AWS_ACCESS_KEY_ID,
    AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL …
    """
    from pyarrow import fs

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    scheme, _, host = (endpoint or "").rpartition("://")
    given = {"endpoint_override": host, "scheme": scheme or "https"} if host else {}
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    given |= {"region": region} if region else {}
    return fs.S3FileSystem(connect_timeout=10, request_timeout=60, **given)
