"""What is on record before a batch makes anything, and what became of each pack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from playbook.base.errors import (
    EXIT_BAD_INPUT,
    EXIT_INTERNAL,
    EXIT_NOTEBOOK_FAILED,
    EXIT_OK,
    Problem,
)
from playbook.report.run.plan import FOLDER, TIME_LIMIT, Kernels

from .asked import AskedBook, AskedPack, for_book
from .keys import BookInputs, FileHashes, asked_key, book_inputs, code_key, pack_key
from .receipts import Journal, Receipts, last_key, stands

Status = Literal["ok", "same", "failed", "refused", "broken"]
EXITS = {"failed": EXIT_NOTEBOOK_FAILED, "refused": EXIT_BAD_INPUT, "broken": EXIT_INTERNAL}
Order = tuple[int, str, int]  # of the book, its month, the variant


@dataclass(frozen=True)
class Row:
    """What became of one pack, or of a book that led to none. said: why, a line each."""

    book: str
    month: str
    folder: str
    status: Status
    seconds: float = 0.0
    said: tuple[str, ...] = ()
    target: Path | None = None


@dataclass(frozen=True)
class Options:
    """How a batch is made. name: what it is called for ``resume``. force: packs that have not
    changed are made again.
    """

    out: Path
    name: str = ""
    notebooks: Path = FOLDER
    jobs: int = 2
    force: bool = False
    resume: bool = False
    kernels: Kernels = "forked"
    time_limit: float = TIME_LIMIT
    retries: int = 2
    retry_after: float = 5.0


class Watcher(Protocol):
    """Whoever watches a batch."""

    def checked(self, book: str, done: int, total: int) -> None: ...
    def began(self, label: str, total: int) -> None: ...
    def cell(self, label: str, notebook: str, done: int, total: int) -> None: ...
    def finished(self, row: Row, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class Batch:
    """What came of a batch, a row per pack in the order asked."""

    rows: tuple[Row, ...]
    seconds: float
    problems: tuple[Problem, ...] = ()

    @property
    def exit_status(self) -> int:
        """As for one report: the worst of all."""
        return max((EXITS.get(row.status, EXIT_OK) for row in self.rows), default=EXIT_OK)


class Look:
    """What is on record, and the rows so far."""

    def __init__(self, options: Options, hashes: FileHashes, receipts: Receipts, journal: Journal):
        self.options, self.hashes = options, hashes
        self.receipts, self.journal = receipts, journal
        self.code = code_key(options.notebooks, hashes)
        self.rows: list[tuple[Order, Row]] = []
        self.problems: list[Problem] = []
        self.inputs: dict[int, BookInputs] = {}

    def left(self, number: int, book: AskedBook) -> list[AskedPack]:
        """The packs of a book that are not all there as asked; those that are become rows."""
        self.inputs[number] = inputs = book_inputs(book.at, self.hashes)
        left = []
        for order, pack in enumerate(for_book(book.packs, book)):
            asked = self.asked(number, pack, "")
            found = self.receipts.packs(question(book, pack), asked) if inputs.known else None
            if found is None or not all(self.there(asked, entry) for entry in found):
                left.append(pack)
                continue
            for entry in found:
                name, folder = entry.get("name", ""), entry["folder"]
                target = self.options.out / entry["month"] / folder
                row = Row(name, entry["month"], folder, "same", target=target)
                self.rows.append(((number, entry["month"], order), row))
        return left

    def asked(self, number: int, pack: AskedPack, fingerprint: str) -> str:
        """The key of a question: files of the book, or what its sources gave, and what was
        asked.
        """
        inputs = self.inputs[number]
        content: Any = inputs.files
        if not inputs.known:
            content = f"{fingerprint} {asked_key(inputs.files, '', '')}"
        return asked_key(content, self.code, [pack.chapters, plain(pack), pack.partial])

    def there(self, asked: str, entry: dict[str, Any]) -> bool:
        """Whether a pack on record stands; with ``force`` only one this batch made."""
        out, label = self.options.out, f"{entry['month']}/{entry['folder']}"
        last = last_key(out, entry["before"], entry["month"])
        key = pack_key(asked, entry["month"], entry["part"], last)
        if self.options.force and self.journal.done.get(label) != key:
            return False
        return stands(out / entry["month"] / entry["folder"], key)


def question(book: AskedBook, pack: AskedPack) -> list[Any]:
    """What is asked, without what it is asked of: where the book lies, its months, the variant."""
    chapters = [[name, values] for name, values in pack.chapters]
    return [str(book.at.resolve()), list(book.months), list(plain(pack)), chapters]


def plain(pack: AskedPack) -> tuple[Any, ...]:
    variant = pack.variant
    return variant.name, variant.audience, variant.only, variant.given, variant.language
