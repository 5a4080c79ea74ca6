"""Text tables as they come: encoding and separator found or refused, every cell a text, every row
with its line.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from playbook.base.errors import DataProblem, Problem
from playbook.base.formats import listing, plural
from playbook.base.language import say
from playbook.base.settings import SourceSettings

from .digests import Digest
from .encodings import find_encoding
from .headrows import LOOKED_AT, header_place, is_note, low_header
from .opened import binary
from .opened import text as opened_text

DELIMITERS = (",", ";", "\t", "|")
CELLS = "cells where the header has"
END_OF_FILE = "\x1a"  # some old programs close a file with it


csv.field_size_limit(1 << 27)  # cells up to 128 MB

HEAD = 1 << 18  # bytes looked at to find separator and header


@dataclass(frozen=True)
class TextFile:
    """A text table whose encoding, separator and header are known. ``header`` are its column names
    as written.
    """

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    named: bool
    # every quote is closed and the header is the first line not skipped, so the fast reader may be
    # used
    simple: bool
    skip: int = 0  # lines above the header

    def reader(self) -> pa.RecordBatchReader:
        """The rows as arrow texts in columns c0, c1 …; raises ArrowInvalid when a row has more or
        fewer cells than the header.
        """
        names = [f"c{i}" for i in range(len(self.header))]
        return arrow_csv.open_csv(
            self.path,
            read_options=arrow_csv.ReadOptions(
                use_threads=False,
                column_names=names,
                skip_rows=self.skip,
                skip_rows_after_names=int(self.named),
                encoding=self.encoding,
                block_size=1 << 23,
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of every row that is not blank, header left out; the slow and forgiving
        way.
        """
        with opened_text(self.path, self.encoding) as stream:
            for _ in range(self.skip):
                stream.readline()
            rows = csv.reader(stream, delimiter=self.delimiter, strict=not self.simple)
            line, skip = self.skip, self.named
            for cells in rows:
                start, line = line + 1, self.skip + rows.line_num
                if not cells or cells == [END_OF_FILE]:
                    continue
                if skip:
                    skip = False
                    continue
                yield start, cells

    def lines(self, ordinals: set[int]) -> dict[int, int]:
        """Line in the file of the rows with these ordinals (1 = first row below the header)."""
        found = {}
        for ordinal, (line, _) in enumerate(self.records(), 1):
            if ordinal in ordinals:
                found[ordinal] = line
            if ordinal >= max(ordinals):
                break
        return found


def examine(path: Path, settings: SourceSettings, facts: Digest, label: str) -> TextFile:
    """The file's encoding, separator and header. Raises DataProblem for an empty, binary or
    undecodable file.
    """
    with binary(path) as stream:
        head = stream.read(HEAD)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise DataProblem(
            Problem(
                found=say("the file is empty"),
                expected=say("a header row and at least one row"),
                file=label,
                try_=say("export it again, or remove it if there is nothing to give"),
            )
        )
    encoding = find_encoding(path, head, settings.encoding, facts, label)
    below = io.StringIO(
        codecs.getincrementaldecoder(encoding)("replace").decode(head).lstrip("\ufeff"), newline=""
    )
    for _ in range(settings.skip):
        below.readline()
    text = below.read()
    if not text.strip():
        raise DataProblem(
            Problem(
                found=say("nothing below {lines}", lines=plural(settings.skip, "line")),
                expected=say("a header row and at least one row"),
                try_=say("correct skip in [sources.…]"),
                file=label,
            )
        )
    delimiter = settings.delimiter or find_delimiter(text)
    named = settings.header is True
    if named and (problem := _low_header(text, delimiter, settings, label)):
        raise DataProblem(problem)
    blank_first = not text.splitlines()[0].strip()
    first = next(
        (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row), []
    )
    given = settings.header if isinstance(settings.header, list) else []
    header = tuple(first if named else given)
    if not named and len(header) != len(first):
        raise DataProblem(
            Problem(
                found=(
                    say(
                        "header names {columns}, the first row has {n}",
                        columns=plural(len(header), "column"),
                        n=len(first),
                    )
                ),
                file=label,
                expected=say("one name for each column"),
                try_=(
                    say(
                        "list all names in header = [ … ], or set header = true when the"
                        " file names them"
                    )
                ),
            )
        )
    return TextFile(
        path,
        encoding,
        delimiter,
        header,
        named,
        simple=facts.quotes % 2 == 0 and not blank_first and encoding != "utf-16",
        skip=settings.skip,
    )


def _low_header(text: str, delimiter: str, settings: SourceSettings, label: str) -> Problem | None:
    """The problem of a file whose first row is no header, by the separator found or, where that
    cuts few rows alike, by any.
    """

    def rows_by(one: str) -> list[tuple[int, list[str]]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=one)
        return list(islice(((reader.line_num, row) for row in reader if row), LOOKED_AT))

    found = rows_by(delimiter)
    alike = (
        sum(len(row) == len(found[0][1]) for _, row in found) > len(found) / 2 if found else True
    )
    for one in (
        (delimiter,) if alike or settings.delimiter else dict.fromkeys((delimiter, *DELIMITERS))
    ):
        rows = rows_by(one)
        if place := header_place([row for _, row in rows]):
            line = rows[place][0] + settings.skip
            return low_header(rows[place][1], say("line {line}", line=line), line - 1, label)
    return None


def find_delimiter(text: str) -> str:
    """The separator that cuts the first rows into the most columns, all alike."""

    def score(delimiter: str) -> tuple[float, int]:
        rows = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                rows.append(len(row))
            if len(rows) == 30:
                break
        rows = rows[:-1] if 1 < len(rows) < 30 else rows  # the last one may be cut off
        alike = sum(n == rows[0] for n in rows) / len(rows) if rows else 0.0
        return (alike if rows and rows[0] > 1 else 0.0, rows[0] if rows else 0)

    best = max(DELIMITERS, key=score)
    return best if score(best)[0] > 0 else ","


def forgiving(file: TextFile, label: str) -> tuple[list[list[str]], list[Problem]]:
    """All rows in the header's width, and a problem when some do not fit; those are left blank, so
    that the others keep their place.

    Extra cells that are empty do no harm; a short row or a spare text does: a separator or line
    break in a text without quotes.
    """
    width, rows = len(file.header), []
    odd: list[tuple[int, list[str]]] = []
    notes: list[tuple[int, list[str]]] = []  # at the end of what was read so far
    try:
        for line, cells in file.records():
            if is_note(cells, width) and len(cells) < width:
                notes.append((line, cells))  # below the table they do no harm
                rows.append([""] * width)
                continue
            odd, notes = odd + notes, []
            if len(cells) < width or any(cell.strip() for cell in cells[width:]):
                odd.append((line, cells))
                cells = []
            rows.append((cells + [""] * width)[:width])
    except csv.Error as error:
        return rows, [
            Problem(
                found=say(
                    "cannot be read as a text table after {rows}: {error}",
                    rows=plural(len(rows), "row"),
                    error=error,
                ),
                file=label,
                expected=say("every quote that opens a text is closed"),
                try_=say('look for a lone " in the row named or the one before'),
            )
        ]
    for place, (_, cells) in enumerate(notes, len(rows) - len(notes)):
        rows[place] = (cells + [""] * width)[:width]
    if not odd:
        return rows, []
    shown = tuple(
        say(
            "line {line}: {cells} cells: {text}",
            line=line,
            cells=len(cells),
            text=file.delimiter.join(cells)[:60],
        )
        for line, cells in odd[:3]
    )
    sizes = listing([str(n) for n in sorted({len(cells) for _, cells in odd})])
    return rows, [
        Problem(
            found=say(
                "{rows} with {sizes} cells where the header has {width}",
                rows=plural(len(odd), "row"),
                sizes=sizes,
                width=width,
            ),
            expected=say("{width} cells in every row", width=width),
            try_=say("put texts that hold the separator or a line break in quotes when exporting"),
            file=label,
            count=len(odd),
            rows=shown,
        )
    ]
