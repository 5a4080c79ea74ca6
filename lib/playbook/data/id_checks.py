"""Ids that a spreadsheet has damaged: rounded to fifteen digits, without leading zeros, retyped."""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import listing, plural
from playbook.base.language import say

from .databases import quoted

ROUNDED = r"\d([.]\d+)?E[+]\d{2,3}"  # 1.63099E+17: what a spreadsheet shows of a long number
LETTERS = ("асеорхувкмнт", "aceopxybkmht")
MOST = 500_000  # different ids that are compared with each other
Places = list[tuple[str, str]]  # (table, column)


def rounded(connection: duckdb.DuckDBPyConnection, name: str, places: Places) -> Problem | None:
    """The error of long numbers of which a spreadsheet kept a few digits: several are then one."""
    found = []
    for table, column in places:
        c = quoted(column)
        found += connection.execute(
            f"SELECT {c}, count(*) FROM book.{table} WHERE contains({c}, 'E+') AND"
            f" regexp_full_match({c}, '{ROUNDED}')"
            f" GROUP BY {c} ORDER BY {c}"
        ).fetchall()
    if not found:
        return None
    table, _, key = name.rpartition(".")
    return Problem(
        say(
            "{ids} of {key} rounded by a spreadsheet: {names}",
            ids=plural(len(found), "number"),
            key=key,
            names=listing([text for text, _ in found]),
        ),
        say("whole numbers: in these, different ones have become the same"),
        say("format the column as text or as 0 before saving, or export as .xlsx"),
        "error",
        table or places[0][0],
        key,
        count=sum(count for _, count in found),
    )


def nearly_alike(
    connection: duckdb.DuckDBPyConnection, name: str, places: Places
) -> Problem | None:
    """A warning of ids that differ by case, by zeros in front, or by O for 0 and l for 1 alone:
    they stay what they are, for some systems mean the difference.
    """
    union = " UNION ".join(f"SELECT {quoted(c)} AS v FROM book.{t}" for t, c in places)
    latin = f"translate(lower(strip_accents(v)), '{LETTERS[0]}', '{LETTERS[1]}')"
    union = f"SELECT v, {latin} AS l FROM ({union})"
    digits = "CASE WHEN regexp_matches(v, '[0-9]') THEN translate(l, 'oil', '011') END"
    same = connection.execute(
        f"SELECT list(DISTINCT v ORDER BY v) FROM (SELECT v, coalesce({digits}, l) AS f,"
        f" count(*) OVER () AS n FROM ({union}) WHERE v IS NOT NULL) WHERE n <= {MOST}"
        " GROUP BY regexp_replace(f, '^0+([0-9])', '\\1') HAVING count(DISTINCT v) > 1"
        " ORDER BY 1"
    ).fetchall()
    if not same:
        return None
    table, _, key = name.rpartition(".")
    pairs = [" / ".join(texts) for (texts,) in same]
    return Problem(
        say(
            "{groups} of {key} that differ by case, zeros in front, or O for 0: {names}",
            groups=plural(len(same), "group"),
            key=key,
            names=listing(pairs),
        ),
        say("one writing of each; they are read as different"),
        say("correct them at the source if they are the same"),
        "warning",
        table or places[0][0],
        key,
        count=len(same),
    )
