"""Ids and names that look alike and are not: one customer must not become two by a character nobody
sees.

Zero-width characters, full-width letters and digits, and blanks inside are compared in their plain
form (Unicode NFKC). Where several writings of one name meet in a book, all are read as the plainest
of them, and it is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import listing, plural
from playbook.base.language import say

from .databases import quoted
from .id_checks import nearly_alike, rounded
from .staged import Staged
from .tables import TABLES

INVISIBLE = re.compile(
    "[\x01-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
MEMBERS = ("region", "channel", "product_line", "industry", "customer_type", "team", "role")
WHO = ("customers.customer_id", "reps.rep_id")  # whom everything is counted by
PRINTABLE = "[!-~]+( [!-~]+)*"  # ASCII words with single blanks: nothing to look at
Places = list[tuple[str, str]]  # (table, column)


def plain_form(text: str) -> str:
    """The text without what cannot be seen or told apart by eye.

    >>> plain_form("Ｃ０\\u200b1"), plain_form("North  East")
    ('C01', 'North East')
    """
    return " ".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).split())


def unite(
    connection: duckdb.DuckDBPyConnection,
    staged: dict[str, Staged],
    given: dict[str, set[str]],
) -> list[Problem]:
    """Give every id and member of the book one writing; a warning for each kind that had several.
    Tables read in place are left as they are.
    """
    problems = []
    for name, places in _domains(given).items():
        places = [(t, column) for t, column in places if t in staged and not staged[t].lazy]
        if not places:
            continue
        if same := _several(connection, places):
            problems.append(_united(connection, name, places, same))
        if "." in name and (problem := rounded(connection, name, places)):
            problems.append(problem)
        if name in WHO and (problem := nearly_alike(connection, name, places)):
            problems.append(problem)
    return problems


def _domains(given: dict[str, set[str]]) -> dict[str, Places]:
    """What is identified → the columns that hold it: a key and all that refers to it, or a
    dimension wherever it stands.
    """
    found: dict[str, Places] = {}
    for table, have in given.items():
        spec = TABLES[table]
        for column in spec.columns:
            if column.name not in have or column.kind != "text":
                continue
            if column.refers:
                found.setdefault(column.refers, []).append((table, column.name))
            elif column.name in MEMBERS:
                found.setdefault(column.name, []).append((table, column.name))
            elif spec.key[:1] == (column.name,) or column.name == "order_id":
                found.setdefault(f"{table}.{column.name}", []).append((table, column.name))
    return found


def _several(connection: duckdb.DuckDBPyConnection, places: Places) -> dict[str, str]:
    """Writing → the one it is read as, for all that differ from it."""
    union = " UNION ".join(f"SELECT {quoted(c)} AS v FROM book.{t}" for t, c in places)
    odd = connection.execute(
        f"SELECT v FROM ({union}) WHERE v IS NOT NULL AND NOT regexp_full_match(v, '{PRINTABLE}')"
    ).fetchall()
    if not odd:
        return {}
    forms: dict[str, list[str]] = {}
    for (text,) in odd:
        forms.setdefault(plain_form(text), []).append(text)
    connection.execute("CREATE OR REPLACE TEMP TABLE plain_forms (v VARCHAR)")
    connection.executemany("INSERT INTO plain_forms VALUES (?)", [[form] for form in forms])
    there = connection.execute(f"SELECT v FROM ({union}) JOIN plain_forms USING (v)").fetchall()
    for (text,) in there:
        if text not in forms[text]:
            forms[text].append(text)
    return {
        text: _plainest(form, texts)
        for form, texts in forms.items()
        if len(texts) > 1 and form
        for text in texts
        if text != _plainest(form, texts)
    }


def _plainest(form: str, texts: Iterable[str]) -> str:
    """The plain form where somebody wrote it, else the shortest writing."""
    return form if form in texts else min(texts, key=lambda text: (len(text), text))


def _united(
    connection: duckdb.DuckDBPyConnection, name: str, places: Places, same: dict[str, str]
) -> Problem:
    connection.execute("CREATE OR REPLACE TEMP TABLE writings (v VARCHAR, w VARCHAR)")
    connection.executemany("INSERT INTO writings VALUES (?, ?)", [list(p) for p in same.items()])
    changed = 0
    for table, column in places:
        c = quoted(column)
        where = f"{c} IN (SELECT v FROM writings)"
        changed += connection.execute(
            f"SELECT count(*) FROM book.{table} WHERE {where}"
        ).fetchall()[0][0]
        connection.execute(
            f"UPDATE book.{table} SET {c} = (SELECT w FROM writings WHERE v = {c}) WHERE {where}"
        )
    table, _, key = name.rpartition(".")
    names = [f"{text!a} as '{plain}'" for text, plain in sorted(same.items())]
    return Problem(
        say(
            "{writings} of {key} that look like another: read {names}",
            writings=plural(len(same), "writing"),
            key=key,
            names=listing(names),
        ),
        say("one writing of each: no invisible characters, full-width letters or digits"),
        say("correct them at the source"),
        "warning",
        table or places[0][0],
        key,
        count=changed,
    )
