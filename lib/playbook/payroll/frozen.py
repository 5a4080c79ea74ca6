"""Closed months as they lie on disk: each is read with its checksums and the month before it, and a
changed or damaged one is refused.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import say
from playbook.base.periods import Month

from .cells import raw

RECORD = "payroll.json"
FORM = 1  # of the record; a later one is refused, not guessed at
Json = dict[str, Any]
Key = tuple[str, str, str, str, str, str]  # the columns of ``earned.KEY``


@dataclass(frozen=True)
class ClosedMonth:
    """A frozen month. record: ``payroll.json``; folder: where it lies. Its money is in minor units
    as whole numbers.
    """

    month: Month
    folder: Path
    record: Json

    @property
    def checksum(self) -> str:
        return str(self.record["checksum"])

    @property
    def payable(self) -> int:
        return int(self.record["totals"]["payable"])

    def rows(self, name: str) -> list[dict[str, str]]:
        """Rows of one of the month's csv files."""
        text = (self.folder / name).read_text(encoding="utf-8-sig")
        found = csv.DictReader(io.StringIO(text, newline=""))
        return [{key: raw(value) for key, value in row.items()} for row in found]


@dataclass(frozen=True)
class KnownLine:
    """A line as it was last frozen: credited [ten-thousandths], pay [minor units]."""

    credited: int
    pay: int
    plan: str


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sealed(record: Json) -> Json:
    """The record with the checksum of everything else in it."""
    body = {key: value for key, value in record.items() if key != "checksum"}
    return {**body, "checksum": sha256(_canonical(body))}


def _canonical(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def closed_months(folder: Path) -> list[ClosedMonth]:
    """Every closed month of a payroll folder, oldest first.

    Raises DataProblem, with everything that is wrong, where a file was changed, is damaged or is
    missing, and where a month of the row is.
    """
    if not folder.is_dir():
        return []
    found: list[ClosedMonth] = []
    problems: list[Problem] = []
    for place in sorted(path for path in folder.iterdir() if _is_month(path)):
        try:
            record, wrong = _read(place)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            record, wrong = (
                {},
                [say("{place}: cannot be read ({error})", place=place / RECORD, error=error)],
            )
        problems += [_damaged(one) for one in wrong]
        if not wrong:
            found.append(ClosedMonth(Month.parse(place.name), place, record))
    for earlier, later in itertools.pairwise(found):
        if later.month - earlier.month != 1 and not problems:
            gap = say(
                "{folder}: {month} is missing between {before} and {after}",
                folder=folder,
                month=earlier.month + 1,
                before=earlier.month,
                after=later.month,
            )
            problems.append(_damaged(gap))
        elif later.record["previous"] != earlier.checksum and not problems:
            problems.append(
                _damaged(
                    say(
                        "{folder}: it does not follow from {name} as it is",
                        folder=later.folder,
                        name=earlier.folder.name,
                    )
                )
            )
    if found and not problems and found[0].record["previous"]:
        problems.append(
            _damaged(
                say(
                    "{folder}: the month before {month} is missing",
                    folder=folder,
                    month=found[0].month,
                )
            )
        )
    if problems:
        raise DataProblem(problems)
    return found


def _is_month(path: Path) -> bool:
    try:
        return path.is_dir() and str(Month.parse(path.name)) == path.name
    except Exception:
        return False


def _damaged(found: str) -> Problem:
    return Problem(
        found=found,
        expected=say("closed months exactly as they were frozen"),
        try_=say("restore the folder from a copy; nothing is paid on a payroll that was changed"),
    )


def _read(place: Path) -> tuple[Json, list[str]]:
    """The record of a month, and what is wrong with its files."""
    record = json.loads((place / RECORD).read_text(encoding="utf-8"))
    if record.get("form") != FORM:
        return record, [
            say(
                "{place}: it has form {found!r}, not {form}",
                place=place / RECORD,
                found=record.get("form"),
                form=FORM,
            )
        ]
    if sealed(record)["checksum"] != record.get("checksum"):
        return record, [say("{place}: its checksum does not fit its content", place=place / RECORD)]
    wrong = []
    if record["month"] != place.name:
        wrong.append(
            say("{place}: the folder of {month} was renamed", place=place, month=record["month"])
        )
    for name, checksum in record["files"].items():
        file = place / name
        if not file.is_file():
            wrong.append(say("{file}: the file is missing", file=file))
        elif sha256(file.read_bytes()) != checksum:
            wrong.append(say("{file}: it was changed after the month was closed", file=file))
    return record, wrong


def known_lines(months: Iterable[ClosedMonth]) -> dict[Key, KnownLine]:
    """Every line as the closed months leave it, by key."""
    known: dict[Key, KnownLine] = {}
    for closed in months:
        for row in closed.rows("lines.csv"):
            key = _key(row)
            before = known.get(key)
            pay = int(row["pay_minor"]) + (before.pay if before else 0)
            known[key] = KnownLine(int(row["credited_ticks"]), pay, row["plan"])
    return {key: line for key, line in known.items() if line.pay or line.credited}


def _key(row: Mapping[str, str]) -> Key:
    return (
        row["rep_id"],
        row["date"],
        row["order_id"],
        row["customer_id"],
        row["item"],
        row["adjustment_id"],
    )
