"""The data stamp at the head of a chapter and the footer at its end: what the numbers were made
from.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Any, Protocol

from playbook.base.errors import Problem
from playbook.base.facts import Facts, TableFacts
from playbook.base.formats import MISSING, listing, plural

from .blocks import Block, Cell, KpiRow, Note, Table, Text

PACKAGES = ("playbook", "pandas", "duckdb")


class Parameters(Protocol):
    """Notebook parameters that can say which of them differ from their default."""

    def changed(self) -> dict[str, Any]: ...


def stamp(facts: Facts) -> list[Block]:
    """Rows, window, totals, fingerprint, missing tables and warnings as of the book's date."""
    return [_headline(facts), _tables(facts), *_missing(facts), *_warnings(facts.warnings)]


def footer(facts: Facts, params: Parameters) -> list[Block]:
    """As-of date, fingerprint, versions, and the parameters that differ from their default."""
    changed = {name: value for name, value in params.changed().items() if name != "book"}
    shown = (
        ", ".join(f"{name} = {value}" for name, value in changed.items()) or "all at their default"
    )
    return [
        Note(
            f"As of {facts.fmt.text(facts.as_of, 'date')} · data {facts.fingerprint} · {versions()}"
            f" · parameters: {shown}",
            title="Made from.",
        )
    ]


def versions() -> str:
    """``playbook 0.1.0, pandas 3.1.1, duckdb 2.0.0, Python 3.11.9``."""
    return ", ".join(
        [*(f"{name} {_version(name)}" for name in PACKAGES), f"Python {python_version()}"]
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return MISSING


def _headline(facts: Facts) -> KpiRow:
    fmt, (first, last) = facts.fmt, facts.window
    return KpiRow(
        (
            (
                "As of",
                fmt.text(facts.as_of, "date"),
                f"report month {fmt.text(facts.month, 'month')}",
            ),
            (
                "Data",
                f"{fmt.text(first, 'date')} – {fmt.text(last, 'date')}",
                "first and last day known by then",
            ),
            ("Rows", fmt.count(facts.rows), f"in {plural(len(facts.tables), 'table')}"),
            ("Fingerprint", facts.fingerprint, "of the files and settings read"),
        )
    )


def _tables(facts: Facts) -> Table:
    rows = tuple(_row(table, facts) for table in facts.tables)
    return Table(
        "What this book holds",
        ("Table", "Rows", "First day", "Last day", "Total", "Total of"),
        rows,
        "lrllrl",
        note=(
            f"{facts.title} · money in {facts.currency} · rows known on"
            f" {facts.fmt.text(facts.as_of, 'date')}"
        ),
    )


def _row(table: TableFacts, facts: Facts) -> tuple[Cell, ...]:
    fmt = facts.fmt
    return (
        Cell(table.name.replace("_", " ")),
        Cell(fmt.count(table.rows)),
        Cell(fmt.text(table.first, "date")),
        Cell(fmt.text(table.last, "date")),
        Cell(fmt.money(table.total)),
        Cell((table.total_of or "").replace("_", " ")),
    )


def _missing(facts: Facts) -> list[Block]:
    if not facts.missing:
        return []
    names = [name.replace("_", " ") for name in facts.missing]
    return [
        Text(
            f"{listing(names, most=len(names))}. Sections that need them say so.",
            role="missing",
            title="Not in this book.",
        )
    ]


def _warnings(problems: tuple[Problem, ...]) -> list[Block]:
    return [
        Text(
            f"{problem.place + ': ' if problem.place else ''}{problem.found} (expected:"
            f" {problem.expected}; try: {problem.try_})"
            + (f" The first: {problem.rows[0]}." if problem.rows else ""),
            role="warning",
            title="Warning.",
        )
        for problem in problems
    ]
