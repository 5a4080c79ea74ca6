"""Words by which a part of the company is called, its own and others': what somebody typed into a
note may name whom its reader is not to see.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from .databases import quoted
from .scope import Scope

ELSEWHERE = "[elsewhere]"
START = 2  # characters by which words are looked up


class Kept(Protocol):
    """What is asked of the rows of a scope (``scope_rows.ScopedRows``)."""

    scope: Scope
    given: dict[str, set[str]]
    dims: dict[str, tuple[str, ...]]
    made: set[str]

    def run(self, sql: str) -> list[tuple]: ...
    def view(self, table: str) -> str: ...
    def kept(self, what: str) -> str: ...


@dataclass(frozen=True)
class Words:
    """Words of the scope's own members, people and customers, and those of all others; ``teams``
    are the teams all of whose people are seen.
    """

    mine: dict[str, list[str]] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)
    teams: tuple[str, ...] = ()


def words_of(rows: Kept) -> Words:
    """Names of members, people and customers, and numbers of deals, orders and contracts."""
    given, every, mine = rows.given, set[str](), set[str]()
    for dimension in {*rows.dims, "region", "team"} - {"rep"}:
        for table in ("reps", "customers", "orders", "opportunities", "leads", "targets"):
            if dimension in given.get(table, ()):
                every |= _values(rows, f"book.{table}", dimension)
        mine |= set(rows.dims.get(dimension, ()))
    teams = _teams(rows)
    mine |= set(teams)
    for dimension in {"region", "team"} - set(rows.dims):  # members of people who are seen
        for table in ("reps", "customers", "orders"):
            if dimension in given.get(table, ()) and table in rows.made:
                mine |= _values(rows, rows.view(table), dimension)
    for table, columns in {
        "reps": ("rep_id", "name"),
        "customers": ("customer_id", "name"),
        "leads": ("lead_id", "company"),
        "opportunities": ("opportunity_id",),
        "orders": ("order_id",),
        "contracts": ("contract_id",),
    }.items():
        for column in columns:
            if column in given.get(table, ()):
                every |= _values(rows, f"book.{table}", column)
                mine |= _values(rows, rows.view(table), column)
    return Words(_index(mine), _index(every - mine), teams)


def _teams(rows: Kept) -> tuple[str, ...]:
    """Teams of the people seen, all of whose people are."""
    if "team" not in rows.given.get("reps", ()):
        return rows.dims.get("team", ())
    found = rows.run(
        f"SELECT team FROM book.reps WHERE team IS NOT NULL GROUP BY team HAVING bool_and(rep_id IN"
        f" (SELECT id FROM {rows.kept('reps')}))"
    )
    return tuple(sorted({row[0] for row in found} | set(rows.dims.get("team", ()))))


def _values(rows: Kept, relation: str, column: str) -> set[str]:
    name = quoted(column)
    found = rows.run(f"SELECT DISTINCT {name} FROM {relation} WHERE {name} IS NOT NULL")
    return {str(row[0]) for row in found}


def _index(words: set[str]) -> dict[str, list[str]]:
    """Words by their first characters, longest first."""
    index: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        if len(word) >= START:
            index.setdefault(word[:START], []).append(word)
    return index


def mentions(text: str, words: dict[str, list[str]]) -> bool:
    """Whether one of the words stands in the text, as a word of its own where letters are Latin."""
    return any(_at(text, i, words) for i in range(len(text)))


def without(text: str, others: dict[str, list[str]], mine: dict[str, list[str]]) -> str:
    """The text with others' words replaced; a longer word of one's own stays whole.

    >>> others, mine = _index({"North"}), _index({"North Star Ltd"})
    >>> without("rehearse with the North team for North Star Ltd", others, mine)
    'rehearse with the [elsewhere] team for North Star Ltd'
    """
    made, i = [], 0
    while i < len(text):
        own, other = _at(text, i, mine), _at(text, i, others)
        if own and len(own) >= len(other):
            made.append(own)
            i += len(own)
        elif other:
            made.append(ELSEWHERE)
            i += len(other)
        else:
            made.append(text[i])
            i += 1
    return "".join(made)


def _at(text: str, i: int, words: dict[str, list[str]]) -> str:
    """The longest of the words that stands at place ``i``; empty for none."""
    for word in words.get(text[i : i + START], ()):
        if not text.startswith(word, i):
            continue
        end = i + len(word)
        before, after = text[i - 1 : i], text[end : end + 1]
        if (_latin(word[0]) and _latin(before)) or (_latin(word[-1]) and _latin(after)):
            continue
        return word
    return ""


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
