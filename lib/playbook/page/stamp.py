"""The data stamp at the head of a chapter and the footer at its end: what the numbers were made
from.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Any, Protocol

from playbook.base.errors import Problem
from playbook.base.facts import Facts, TableFacts
from playbook.base.formats import MISSING, joined, listing, plural
from playbook.base.language import say
from playbook.base.terms import table_name

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
    shown = joined(f"{name} = {value}" for name, value in changed.items()) or say(
        "all at their default"
    )
    return [
        Note(
            say(
                "As of {as_of} · data {fingerprint} · {versions} · parameters: {shown}",
                as_of=facts.fmt.text(facts.as_of, "date"),
                fingerprint=facts.fingerprint,
                versions=versions(),
                shown=shown,
            ),
            title=say("Made from."),
        )
    ]


def versions() -> str:
    """``playbook 0.1.0, pandas 3.1.1, duckdb 2.0.0, Python 3.11.9``."""
    return joined(
        [
            *(f"{name} {_version(name)}" for name in PACKAGES),
            f"Python {python_version()}",
        ]
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
                say("As of"),
                fmt.text(facts.as_of, "date"),
                say("report month {month}", month=fmt.text(facts.month, "month")),
            ),
            (
                say("Data"),
                f"{fmt.text(first, 'date')} – {fmt.text(last, 'date')}",
                say("first and last day known by then"),
            ),
            (
                say("Rows"),
                fmt.count(facts.rows),
                say("in {tables}", tables=plural(len(facts.tables), "table")),
            ),
            (say("Fingerprint"), facts.fingerprint, say("of the files and settings read")),
        )
    )


def _tables(facts: Facts) -> Table:
    rows = tuple(_row(table, facts) for table in facts.tables)
    return Table(
        say("What this book holds"),
        (
            say("Table"),
            say("Rows"),
            say("First day"),
            say("Last day"),
            say("Total"),
            say("Total of"),
        ),
        rows,
        "lrllrl",
        note=(
            say(
                "{title} · money in {currency} · rows known on {as_of}",
                title=facts.title,
                currency=facts.currency,
                as_of=facts.fmt.text(facts.as_of, "date"),
            )
        ),
    )


def _row(table: TableFacts, facts: Facts) -> tuple[Cell, ...]:
    fmt = facts.fmt
    return (
        Cell(table_name(table.name)),
        Cell(fmt.count(table.rows)),
        Cell(fmt.text(table.first, "date")),
        Cell(fmt.text(table.last, "date")),
        Cell(fmt.money(table.total)),
        Cell(table_name(table.total_of or "")),
    )


def _missing(facts: Facts) -> list[Block]:
    if not facts.missing:
        return []
    names = [table_name(name) for name in facts.missing]
    return [
        Text(
            say("{names}. Sections that need them say so.", names=listing(names, most=len(names))),
            role="missing",
            title=say("Not in this book."),
        )
    ]


def _warnings(problems: tuple[Problem, ...]) -> list[Block]:
    return [
        Text(
            say(
                "{place}{found} (expected: {expected}; try: {try_})",
                place=problem.place + ": " if problem.place else "",
                found=problem.found,
                expected=problem.expected,
                try_=problem.try_,
            )
            + (say(" The first: {rows}.", rows=problem.rows[0]) if problem.rows else ""),
            role="warning",
            title=say("Warning."),
        )
        for problem in problems
    ]
