"""Three hundred tables with one thing broken in each: refused or told, never silently another
number and never a traceback.

Good tables are written, one kind of damage is done to each at a place the seed chooses, and the
book is checked. What may come out: an error; a warning about the damage; or, where the damage
does not change what the file says, the very same rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from data.folders import write
from playbook.base.errors import Problem
from playbook.base.settings import load_settings
from playbook.data.reading import read_tables

TOML = '[book]\nname = "b"\ncurrency = "CNY"\n'
HEAD = ["order_id", "date", "customer_id", "amount", "region"]
Rows = list[list[str]]
SEEDS = 12  # inputs of each kind: one for each table of a book, so a third as many books
# Three tables of one shape: an id, a day, a customer, an amount, a word.
TABLES = {
    "orders": HEAD,
    "payments": ["payment_id", "date", "customer_id", "amount", "invoice"],
    "contracts": ["contract_id", "start", "customer_id", "annual_value", "product_line"],
}
AHEAD = ("a year ahead", "a year behind")  # of a contract: signed ahead, or old and running


def good(seed: int) -> Rows:
    """Forty orders of a quarter."""
    roll = random.Random(seed)
    return [
        [
            f"SO-{i:04d}",
            f"2023-{1 + i * 3 // 40:02d}-{1 + roll.randrange(28):02d}",
            f"C{roll.randrange(12):02d}",
            f"{roll.randrange(100, 99999) / 100:.2f}",
            roll.choice(["North", "South", "West"]),
        ]
        for i in range(40)
    ]


def text(rows: Rows, head: list[str] = HEAD, sep: str = ",") -> str:
    return "\n".join(sep.join(row) for row in [head, *rows]) + "\n"


def cell(column: int, *words: str) -> Callable[[Rows, random.Random], bytes]:
    """Damage: one cell of the column says something else."""

    def damage(rows: Rows, roll: random.Random) -> bytes:
        rows[roll.randrange(len(rows))][column] = roll.choice(words)
        return text(rows).encode()

    return damage


def lone_quote(rows: Rows, roll: random.Random) -> bytes:
    row = roll.choice(rows)
    row[roll.choice([0, 2, 4])] = '"' + row[0]
    return text(rows).encode()


def two_quotes(rows: Rows, roll: random.Random) -> bytes:
    for row in roll.sample(rows, 2):
        row[2] = '"' + row[2]
    return text(rows).encode()


def short_row(rows: Rows, roll: random.Random) -> bytes:
    del rows[roll.randrange(1, 38)][roll.randrange(2, 5) :]
    return text(rows).encode()


def long_row(rows: Rows, roll: random.Random) -> bytes:
    rows[roll.randrange(len(rows))].insert(roll.randrange(1, 5), "spare")
    return text(rows).encode()


def decimal_comma(rows: Rows, roll: random.Random) -> bytes:
    for row in rows:
        row[3] = row[3].replace(".", ",")
    return text(rows, sep=";").encode()


def both_orders(rows: Rows, roll: random.Random) -> bytes:
    for i, row in enumerate(rows):
        y, m, d = row[1].split("-")
        row[1] = f"{d}/{m}/{y}" if i % 2 else f"{m}/{d}/{y}"
    rows[0][1], rows[1][1] = "25/01/2023", "01/25/2023"
    return text(rows).encode()


def unclear_order(rows: Rows, roll: random.Random) -> bytes:
    for row in rows:
        y, m, d = row[1].split("-")
        row[1] = f"{int(d) % 12 + 1:02d}/{m}/{y}"
    return text(rows).encode()


def twice(rows: Rows, roll: random.Random) -> bytes:
    return text([*rows, *rows]).encode()


def total_row(rows: Rows, roll: random.Random) -> bytes:
    total = sum(Decimal(row[3]) for row in rows)
    word = roll.choice(["Total", "合计", "Grand Total", "小计", "Sum:"])
    return text([*rows, [word, "", "", str(total), ""]]).encode()


def header_again(rows: Rows, roll: random.Random) -> bytes:
    rows.insert(roll.randrange(1, 39), HEAD)
    return text(rows).encode()


def title_above(rows: Rows, roll: random.Random) -> bytes:
    return ("Sales report\n" * roll.randrange(1, 4) + text(rows)).encode()


def note_below(rows: Rows, roll: random.Random) -> bytes:
    return (text(rows) + "Confidential, do not pass on\n".replace(",", "")).encode()


def mixed_encodings(rows: Rows, roll: random.Random) -> bytes:
    rows[3][4], rows[9][4] = "华东", "华北"
    lines = text(rows).split("\n")
    cut = roll.randrange(6, 9)
    return "\n".join(lines[:cut]).encode() + b"\n" + "\n".join(lines[cut:]).encode("gb18030")


def cut_off(rows: Rows, roll: random.Random) -> bytes:
    whole = text(rows).encode()
    return whole[: len(whole) - roll.randrange(8, 14)]


def zeros(rows: Rows, roll: random.Random) -> bytes:
    whole = text(rows).encode()
    at = roll.randrange(len(whole))
    return whole[:at] + b"\0" + whole[at:]


def look_alike(rows: Rows, roll: random.Random) -> bytes:
    rows[0][2] = "C01"
    rows[roll.randrange(1, 40)][2] = roll.choice(["C0\u200b1", "Ｃ01", "C０1", "C\u00ad01"])
    return text(rows).encode()


def no_column(rows: Rows, roll: random.Random) -> bytes:
    drop = roll.choice([0, 1, 3])
    head = [*HEAD[:drop], *HEAD[drop + 1 :]]
    return text([[*row[:drop], *row[drop + 1 :]] for row in rows], head).encode()


def column_twice(rows: Rows, roll: random.Random) -> bytes:
    again = roll.choice(["customer_id", "CUSTOMER_ID"])
    return text([[*row, "7"] for row in rows], [*HEAD, again]).encode()


def year_ahead(rows: Rows, roll: random.Random) -> bytes:
    rows[roll.randrange(40)][1] = roll.choice(["2026-01-05", "2203-01-05", "2024-12-05"])
    return text(rows).encode()


def year_behind(rows: Rows, roll: random.Random) -> bytes:
    rows[roll.randrange(40)][1] = roll.choice(["2003-01-05", "1923-01-05", "2019-01-05"])
    return text(rows).encode()


def thousandfold(rows: Rows, roll: random.Random) -> bytes:
    row = rows[roll.randrange(40)]
    row[3] = f"{max(Decimal(r[3]) for r in rows) * 1000:.2f}"
    return text(rows).encode()


def only_header(rows: Rows, roll: random.Random) -> bytes:
    return text([]).encode() if roll.random() < 0.5 else b" \n"


DAMAGE: dict[str, Callable[[Rows, random.Random], bytes]] = {
    "amount is no number": cell(3, "abc", "12.3.4", "5元6", "$5", "1 2", "(-5)", "0,500", "1e400"),
    "amount is missing": cell(3, "", "n/a", "--", "null"),
    "day is none": cell(1, "2023-02-30", "2023-13-01", "soon", "2023-1", "31-31-2023", "0"),
    "day is missing": cell(1, "", "-"),
    "id is missing": cell(0, "", " ", "\u3000"),
    "lone quote": lone_quote,
    "two quotes": two_quotes,
    "short row": short_row,
    "long row": long_row,
    "decimal comma": decimal_comma,
    "both orders of day and month": both_orders,
    "order of day and month unclear": unclear_order,
    "pasted twice": twice,
    "total row": total_row,
    "header again": header_again,
    "title above": title_above,
    "note below": note_below,
    "two encodings": mixed_encodings,
    "cut off": cut_off,
    "zero byte": zeros,
    "look-alike id": look_alike,
    "column missing": no_column,
    "column twice": column_twice,
    "a year ahead": year_ahead,
    "a year behind": year_behind,
    "a thousand times too much": thousandfold,
    "nothing but a header": only_header,
}


def outcomes(folder: Path, contents: dict[str, bytes], rows: dict[str, Rows]) -> dict[str, str]:
    """Per table ``refused``, ``told``, ``same`` (the good rows, though nothing is said) or
    ``silent``.
    """
    folder = write(folder, toml=TOML, **contents)
    read = read_tables(load_settings(folder), folder)
    found = {}
    for table, head in TABLES.items():
        about = [p for p in read.problems if about_table(p, table)]
        if any(problem.severity == "error" for problem in about):
            found[table] = "refused"
        elif about:
            found[table] = "told"
        else:
            cells = read.connection.execute(
                f"SELECT {', '.join(head)} FROM book.{table} ORDER BY _row"
            ).fetchall()
            plain = [[str(cell) for cell in row] for row in cells]
            for row in plain:
                row[3] = f"{Decimal(row[3]):.2f}"
            found[table] = "same" if plain == rows[table] else "silent"
    return found


def about_table(problem: Problem, table: str) -> bool:
    """Ids of customers that look alike are told of all tables together."""
    return table in (problem.table, (problem.file or "").split(".")[0]) or (
        problem.table == "customers"
    )


def damaged(kind: str, seed: int) -> tuple[dict[str, bytes], dict[str, Rows]]:
    contents, rows = {}, {}
    for i, (table, head) in enumerate(TABLES.items()):
        rows[table] = good(seed + i)
        content = DAMAGE[kind]([list(row) for row in rows[table]], random.Random(seed + i))
        contents[table] = content.replace(text([]).strip().encode(), ",".join(head).encode())
    return contents, rows


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_never_silent(tmp_path, kind):
    for seed in range(0, SEEDS, len(TABLES)):
        found = outcomes(tmp_path, *damaged(kind, seed))
        for table, verdict in found.items():
            if not (table == "contracts" and kind in AHEAD):
                assert verdict in ("refused", "told"), (kind, seed, found)


def test_the_good_tables_are_read_as_they_are(tmp_path):
    """Else the test above would pass by refusing everything."""
    for seed in range(0, SEEDS, len(TABLES)):
        rows = {table: good(seed + i) for i, table in enumerate(TABLES)}
        contents = {t: text(rows[t], head).encode() for t, head in TABLES.items()}
        assert set(outcomes(tmp_path, contents, rows).values()) == {"same"}


def test_there_are_three_hundred():
    assert len(DAMAGE) * SEEDS >= 300
