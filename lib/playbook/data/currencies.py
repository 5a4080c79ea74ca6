"""Amounts in several currencies brought to the book's by the rate of their month: a dollar is never
a yuan.

Rows whose currency has no rate in the month, nor in the year before it, are faults; without a table
of rates the book is refused.
"""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import listing, plural
from playbook.base.language import say
from playbook.base.settings import Settings

from .currency_codes import code_sql
from .databases import quoted
from .examples import examples
from .set_aside import Fault
from .staged import Staged
from .worked_out import literal

# The day whose month's rate counts, the first that is given.
DAYS = {
    "orders": ("date",),
    "opportunities": ("closed", "created", "expected_close"),
    "contracts": ("start",),
    "payments": ("date",),
}
MONTHS_BACK = 12  # an older rate is no rate


def convert_money(
    connection: duckdb.DuckDBPyConnection,
    staged: dict[str, Staged],
    given: dict[str, set[str]],
    settings: Settings,
) -> tuple[list[Problem], dict[str, list[Fault]]]:
    """Bring the money of ``book.<table>`` to the book's currency, row by row; problems, and faults
    by table.
    """
    problems: list[Problem] = []
    faults: dict[str, list[Fault]] = {}
    if "rates" in given and not staged["rates"].lazy:
        _plain_codes(connection, "rates", settings)
    for table, days in DAYS.items():
        if "currency" not in given.get(table, set()):
            continue
        if not staged[table].lazy:
            _plain_codes(connection, table, settings)
        home = settings.book.currency
        foreign = f"currency IS NOT NULL AND upper(trim(currency)) <> {literal(home)}"
        codes = connection.execute(
            f"SELECT DISTINCT currency FROM book.{table} WHERE {foreign} ORDER BY 1"
        ).fetchall()
        if not codes:
            continue
        named = listing([code for (code,) in codes], most=6)
        count, rows = examples(connection, staged[table], f"book.{table}", foreign, ["currency"])
        if "rates" not in given or staged[table].lazy:
            problems.append(
                _refused(staged[table], table, named, count, rows, home, "rates" in given)
            )
            continue
        have = [day for day in days if day in given[table]]
        faults[table] = _convert(connection, staged[table], given[table], have, foreign)
        problems.append(_said(staged[table], table, named, count, home))
    return problems, faults


def _plain_codes(connection: duckdb.DuckDBPyConnection, table: str, settings: Settings) -> None:
    code = code_sql("currency", settings.book.currency)
    connection.execute(
        f"UPDATE book.{table} SET currency = {code} WHERE currency IS NOT NULL AND currency <>"
        f" {code}"
    )


def _convert(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    have: set[str],
    days: list[str],
    foreign: str,
) -> list[Fault]:
    table = staged.table.name
    day = f"coalesce({', '.join(f'CAST(t.{quoted(d)} AS DATE)' for d in days)})" if days else "NULL"
    rate = (
        f"(SELECT arg_max(r.rate, r.month) FROM book.rates r WHERE r.currency = t.currency AND"
        f" r.rate > 0 AND r.month <= CAST({day} AS DATE) AND r.month > CAST({day} AS DATE) -"
        f" INTERVAL {MONTHS_BACK + 1} MONTH)"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE rate_of AS SELECT _file AS f, _row AS n, {rate} AS rate FROM"
        f" book.{table} t WHERE {foreign}"
    )
    money = [c.name for c in staged.table.columns if c.kind == "money" and c.name in have]
    cells = ", ".join(
        f"{quoted(name)} = TRY_CAST(round({quoted(name)} * CAST(rate AS DECIMAL(18,8)), 4) AS"
        " DECIMAL(18,4))"
        for name in money
    )
    if cells:
        connection.execute(
            f"UPDATE book.{table} SET {cells} FROM rate_of WHERE f = _file AND n = _row AND rate IS"
            " NOT NULL"
        )
    without = "SELECT f, n FROM rate_of WHERE rate IS NULL"
    kept = f"(SELECT * FROM book.{table} WHERE (_file, _row) IN ({without}))"
    count, rows = examples(connection, staged, kept, "TRUE", ["currency", *days[:1]])
    if not count:
        return []
    listed = connection.execute(without).fetchall()
    pairs = ", ".join(f"({f}, {n})" for f, n in listed)
    return [
        Fault(
            Problem(
                say(
                    "{rows} whose currency has no rate in its month or the year before",
                    rows=plural(count, "row"),
                ),
                say("a row of rates for each currency and month"),
                say("add the rates; a month without one takes the last before it"),
                "error",
                table,
                "currency",
                staged.label,
                count,
                rows,
            ),
            f"SELECT * FROM (VALUES {pairs}) AS v(_file, _row)",
        )
    ]


def _refused(
    staged: Staged,
    table: str,
    named: str,
    count: int,
    rows: tuple[str, ...],
    home: str,
    rates: bool,
) -> Problem:
    lazy = staged.lazy and rates
    return Problem(
        say(
            "{rows} in {named}, read in place from a large file",
            rows=plural(count, "row"),
            named=named,
        )
        if lazy
        else say("{rows} in {named} and no table rates", rows=plural(count, "row"), named=named),
        say("amounts in {home}, or rates to bring them there", home=home),
        say('convert them in [tables.…] sql = "SELECT … amount * rate …"')
        if lazy
        else say("give rates: month, currency, rate (one unit in the book's currency)"),
        "error",
        table,
        "currency",
        staged.label,
        count,
        rows,
    )


def _said(staged: Staged, table: str, named: str, count: int, home: str) -> Problem:
    day = say("its closing, else of its creation") if table == "opportunities" else say("its day")
    return Problem(
        say(
            "{rows} in {named} brought to {home} by the rate of the month of {day}",
            rows=plural(count, "row"),
            named=named,
            home=home,
            day=day,
        ),
        say("amounts in one currency"),
        say("nothing, if the rates are those of your books"),
        "warning",
        table,
        "currency",
        staged.label,
        count,
    )
