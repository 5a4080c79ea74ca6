"""What one command asks for: books, months and variants, before any book is opened."""

from __future__ import annotations

import glob
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playbook.base.errors import ParameterProblem, Problem, did_you_mean
from playbook.base.language import say
from playbook.base.places import sample_folder
from playbook.report.record.folders import FULL, Variant
from playbook.report.run.pins import Pin
from playbook.report.run.plan import TIME_LIMIT, Kernels, Source
from playbook.report.run.shown import Shown

from .jobs import NONE, PackJob, Snapshot

LAST = "last"
Json = dict[str, Any]
BOOKS = (".toml", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class AskedPack:
    """One variant asked for. variant: of its folder, ``audience`` as asked (``all`` stands for
    several). chapters: notebook and checked parameters, without book and month. books: for which
    books, by name or folder; empty = all.
    """

    chapters: tuple[tuple[str, Json], ...]
    variant: Variant = FULL
    partial: bool = False
    books: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedBook:
    """A book and what is asked of it. path: as it was given, which the pack prints. months:
    ``2023-06``, ``last``, or ranges of both.
    """

    path: str
    months: tuple[str, ...]
    packs: tuple[AskedPack, ...]
    listed: str = ""  # where the list was given, for messages

    @property
    def at(self) -> Path:
        """Where it lies; the sample company where ``path`` is empty."""
        return Path(self.path).expanduser() if self.path else sample_folder()

    @property
    def label(self) -> str:
        """What it is called until it has told its name: its folder."""
        at = self.at
        at = at.parent if at.name == "playbook.toml" else at
        return at.resolve().name or self.path


def own_language(book: str) -> str:
    """The language a book's own settings name, English where they name none."""
    at = Path(book).expanduser() if book else sample_folder()
    at = at if at.name == "playbook.toml" else at / "playbook.toml"
    try:
        given = tomllib.loads(at.read_text(encoding="utf-8")).get("book", {})
    except (OSError, ValueError):
        return ""
    return str(given.get("language", "en"))


def other_language(language: str, book: str) -> str:
    """The language a pack is asked for, empty where that is what the book speaks anyway."""
    return "" if language == own_language(book) else language


@dataclass(frozen=True)
class Ready:
    """One pack that can be made: what asked for it, and the checked book of its month. part: the
    audience's name where one was asked for with others.
    """

    pack: AskedPack
    source: Source
    snapshot: Snapshot = NONE
    shown: Shown | None = None
    part: str = ""
    chapters: tuple[tuple[str, Json], ...] | None = None  # where an audience has others
    pinned: tuple[Pin, ...] = ()
    made: Path | None = None  # a finished pack that needs no notebook, to be put in place

    @property
    def variant(self) -> Variant:
        asked = self.pack.variant
        asked = replace(asked, language=other_language(asked.language, self.source.path))
        if not self.part:
            return asked
        name = asked.name
        if name and self.part != asked.audience:  # one of several under one name
            name = f"{name}-{self.part}"
        return Variant(name, self.part, asked.only, asked.given, asked.language)

    def job(
        self,
        notebooks: Path,
        out: Path,
        *,
        key: str = "",
        anew: bool = False,
        kernels: Kernels = "forked",
        time_limit: float = TIME_LIMIT,
    ) -> PackJob:
        """The job that makes it, with the parameters a run of its own would have."""
        chapters = self.pack.chapters if self.chapters is None else self.chapters
        given = {"book": self.source.path, "month": self.source.month}
        return PackJob(
            source=self.source,
            chapters=tuple((name, {**values, **given}) for name, values in chapters),
            notebooks=notebooks,
            snapshot=self.snapshot,
            variant=self.variant,
            partial=self.pack.partial,
            out=out,
            shown=self.shown,
            pinned=self.pinned,
            key=key,
            anew=anew,
            kernels=kernels,
            time_limit=time_limit,
        )


@dataclass(frozen=True)
class Opened:
    """What opening a book gave: packs that can be made, or what is wrong. passing: whether trying
    again may help; fingerprint: of what its sources gave, before any audience.
    """

    ready: tuple[Ready, ...] = ()
    problems: tuple[Problem, ...] = ()
    passing: bool = False
    fingerprint: str = ""


def months_of(asked: Sequence[str], closed: str) -> list[str]:
    """The months asked for, each once, earliest first. closed: the last month closed in the data,
    which ``last`` stands for.
    """
    found: set[str] = set()
    for text in asked:
        first, _, end = text.partition("..")
        first, end = (closed if part == LAST else part for part in (first, end or first))
        while first <= end:
            found.add(first)
            first = _next(first)
    return sorted(found)


def _next(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def found_books(
    given: Iterable[tuple[str, Sequence[str]]], folder: Path, listed: str = ""
) -> list[tuple[str, tuple[str, ...]]]:
    """(path, months) of every book that paths and globs name, each book once, in the order given
    and within a glob by name. A folder that a glob meets counts where it holds a playbook.toml.

    Raises ParameterProblem with every path that names none.
    """
    books: dict[Path, tuple[str, tuple[str, ...]]] = {}
    problems = []
    for text, months in given:
        hits = _books_at(text, folder)
        if not hits:
            problems.append(_no_book(text, folder, listed))
        for path in hits:
            books.setdefault(path.resolve(), (str(path), tuple(months)))
    if problems:
        raise ParameterProblem(problems)
    return list(books.values())


def _books_at(text: str, folder: Path) -> list[Path]:
    path = folder / Path(text).expanduser() if str(folder) != "." else Path(text).expanduser()
    if not glob.has_magic(text) or path.exists():
        return [path] if _is_book(path) else []
    hits = (Path(hit) for hit in sorted(glob.glob(str(path), recursive=True)))
    return [hit for hit in hits if _is_book(hit) and (hit.is_dir() or hit.suffix == ".toml")]


def _is_book(path: Path) -> bool:
    if path.is_dir():
        return (path / "playbook.toml").is_file()
    return path.is_file() and path.suffix.lower() in BOOKS


def _no_book(text: str, folder: Path, listed: str) -> Problem:
    parent = (folder / Path(text).expanduser()).parent
    there = [p.name for p in parent.iterdir() if p.is_dir()] if parent.is_dir() else []
    return Problem(
        found=say("no book at {text}", text=text),
        expected=say(
            "a folder with playbook.toml, such a toml, a workbook with one"
            " beside it, or a glob that meets some"
        ),
        try_=did_you_mean(Path(text).name, there[:50])
        if there
        else say("name the folder of a book"),
        file=listed or None,
    )


def for_book(packs: Sequence[AskedPack], book: AskedBook, name: str = "") -> list[AskedPack]:
    """The packs asked of one book, by its name or its folder's."""
    mine = {book.label, name, book.path}
    return [pack for pack in packs if not pack.books or mine & set(pack.books)]
