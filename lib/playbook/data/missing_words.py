"""Words that mean an empty cell: as the source declares them, and a warning where a column holds
such words all the same.

Texts keep every word: ``NA`` may be North America and ``None`` somebody's answer. Numbers, days,
flags and closed vocabularies read the short list of ``values.NOT_GIVEN`` as missing, which is said.
"""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import plural
from playbook.base.language import say

from . import values
from .cast import Cast
from .databases import quoted
from .examples import examples
from .source import RawSource
from .staged import Staged


def blank_out(connection: duckdb.DuckDBPyConnection, source: RawSource) -> list[Problem]:
    """Empty the cells of a source that hold the words its settings declare as missing, so that its
    rows and any SQL over them read alike; problems for columns that are not there.
    """
    declared = source.settings.missing
    if not declared:
        return []
    texts = [column for column, type_ in source.columns.items() if type_ == "VARCHAR"]
    words = declared if isinstance(declared, dict) else dict.fromkeys(texts, declared)
    cells = {
        column: f"CASE WHEN {quoted(column)} NOT IN ({_listed(some)}) THEN {quoted(column)} END"
        for column, some in words.items()
        if column in texts and some
    }
    if cells:
        whole = ", ".join(f"{sql} AS {quoted(column)}" for column, sql in cells.items())
        replace_cells(connection, source, whole)
    return [
        Problem(
            found=say("missing names a column '{column}' that is not there", column=column),
            expected=say("a column of the source"),
            try_=did_you_mean(column, source.columns),
            file=source.label,
        )
        for column in (declared if isinstance(declared, dict) else ())
        if column not in source.columns
    ]


def replace_cells(connection: duckdb.DuckDBPyConnection, source: RawSource, cells: str) -> None:
    """The source's relation with these columns in place of its own; views stay views."""
    kind = connection.execute(
        "SELECT table_type FROM information_schema.tables WHERE table_schema = 'raw' AND"
        " table_name = ?",
        [source.name],
    ).fetchall()[0][0]
    kind = "VIEW" if kind == "VIEW" else "TABLE"
    count = connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'raw'"
    ).fetchall()[0][0]
    written = quoted(f"{source.name} as written {count}")
    connection.execute(f"ALTER {kind} {source.relation} RENAME TO {written}")
    connection.execute(
        f"CREATE {kind} {source.relation} AS SELECT * REPLACE ({cells}) FROM raw.{written}"
    )
    if kind == "TABLE":
        connection.execute(f"DROP TABLE raw.{written}")


def _listed(words: list[str]) -> str:
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)


def words_kept(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]
) -> list[Problem]:
    """A warning for each column that holds words for missing: kept as words in texts, read as
    missing elsewhere. Tables read in place are not searched.
    """
    texts = [
        cast
        for cast in casts
        if staged.types[cast.column.name] == "VARCHAR" and not cast.column.personal
    ]
    if staged.lazy or not texts:
        return []
    conditions = {cast.column.name: _says_missing(quoted(cast.column.name)) for cast in texts}
    counts = connection.execute(
        f"SELECT {', '.join(f'count(*) FILTER ({c})' for c in conditions.values())} FROM"
        f" ({staged.query})"
    ).fetchall()[0]
    return [
        _kept(connection, staged, cast, conditions[cast.column.name])
        for cast, count in zip(texts, counts, strict=True)
        if count
    ]


def _says_missing(c: str) -> str:
    return (
        f"coalesce(strlen({c}) <= {values.LONGEST} AND {values.one_of(c, values.NOT_GIVEN)}, FALSE)"
    )


def _kept(
    connection: duckdb.DuckDBPyConnection, staged: Staged, cast: Cast, condition: str
) -> Problem:
    name = cast.column.name
    count, rows = examples(connection, staged, f"({staged.query})", condition, [name])
    found = connection.execute(
        f"SELECT {quoted(name)} FROM ({staged.query}) WHERE {condition} GROUP BY 1 ORDER BY"
        " count(*) DESC, 1 LIMIT 3"
    ).fetchall()
    words = ", ".join(f"'{word}'" for (word,) in found)
    asked = "[" + ", ".join(f'"{word}"' for (word,) in found) + "]"
    kept = cast.keeps_words
    return Problem(
        say(
            "{cells} {en_say} {words}: kept as a word"
            if kept
            else "{cells} {en_say} {words}: read as missing",
            cells=plural(count, "cell"),
            en_say="says" if count == 1 else "say",
            words=words,
        ),
        say("a name or text") if kept else say("a value, or an empty cell"),
        say("if it means that nothing is known, missing = {asked} in [sources.…]", asked=asked)
        if kept
        else say("leave the cell empty when nothing is known"),
        "warning",
        staged.table.name,
        name,
        staged.label,
        count,
        rows,
    )
