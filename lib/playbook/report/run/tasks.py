"""What the driver asks of its workers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .plan import Job, Kernels
from .reuse import Reuse

Json = dict[str, Any]


@dataclass(frozen=True)
class Execute:
    """Run a notebook, keep it in ``folder``, write its HTML there; leave its chapter in
    ``runtime``.

    data: fingerprint and folder of the book, which the notebook must find unchanged; snapshot: the
    folder of the book as the driver froze it, where it did. client: only the client's HTML is
    kept, and no notebook. reuse: where the chapter may be taken from
    instead of being run.
    """

    job: Job
    folder: Path
    runtime: Path
    meta: Json
    kernels: Kernels
    time_limit: float
    data: tuple[str, str] = ("", "")
    snapshot: str = ""
    client: bool = False
    reuse: Reuse | None = None


@dataclass(frozen=True)
class Fonts:
    """Give the pages of chapters already executed the one font they share; the glossary too, which
    is written here where ``meta`` says for which pack.
    """

    names: tuple[str, ...]
    folder: Path
    runtime: Path
    meta: Json | None = None


@dataclass(frozen=True)
class Print:
    """Write one PDF of chapters already executed."""

    names: tuple[str, ...]
    path: Path
    runtime: Path
    meta: Json
    cover: Json | None = None


@dataclass(frozen=True)
class PrintEdition:
    """Write one of the short editions: brief, director's pages, or both."""

    path: Path
    title: str
    brief: Json | None
    sheets: list[Json]
    meta: Json
    dress: Json
    shape: Literal["a4", "wide"] = "a4"


Task = Execute | Fonts | Print | PrintEdition


def chapter_file(runtime: Path, name: str) -> Path:
    """File in which an executed chapter waits to be printed."""
    return runtime / f"{name}.chapter.json"


def characters_file(runtime: Path, name: str) -> Path:
    """File with the Chinese characters a chapter's pages show."""
    return runtime / f"{name}.characters"


def lists_folder(runtime: Path, name: str) -> Path:
    """Where a chapter leaves the lists that are too long for its notebook."""
    return runtime / "lists" / name
