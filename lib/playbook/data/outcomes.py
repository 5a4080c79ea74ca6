"""What a deal's source says in one column and the contract in two: one closing day, flags or stage
words for the outcome, a month's worth of a contract.
"""

from __future__ import annotations

from dataclasses import replace

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import listing
from playbook.base.language import say
from playbook.base.settings import Settings, TableSettings

from . import values
from .cast import LOST
from .databases import quoted
from .staged import Staged
from .worked_out import EXACT, literal

# Words of a stage that say that the deal is decided, in any case; the part after a dash or colon
# ("Closed Lost - price") may follow.
WON_WORDS = (
    "won",
    "closed won",
    "closed-won",
    "closedwon",
    "win",
    "deal won",
    "赢单",
    "已赢单",
    "赢单关闭",
    "成交",
    "已成交",
    "签约成功",
)
LOST_WORDS = (
    "lost",
    "closed lost",
    "closed-lost",
    "closedlost",
    "deal lost",
    "closed lost to competition",
    "输单",
    "已输单",
    "丢单",
    "输单关闭",
    "未成交",
    "战败",
    "无效",
)


def work_out_inputs(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    settings: Settings,
    mapping: TableSettings | None = None,
) -> Staged:
    """The staged table with its ``inputs`` worked into columns of the contract."""
    if staged.table.name == "opportunities":
        staged = _outcome(connection, staged, settings, mapping)
        return _close_date(staged)
    if staged.table.name == "contracts" and "monthly_value" in staged.types:
        return _yearly(staged, settings)
    return staged


def _text(staged: Staged, name: str) -> str:
    c = quoted(name)
    return c if staged.types[name] == "VARCHAR" else f"CAST({c} AS VARCHAR)"


def _with(staged: Staged, cells: dict[str, str], without: tuple[str, ...]) -> Staged:
    """The staged table with these columns in place of its own, all of them texts."""
    kept = [name for name in staged.types if name not in cells and name not in without]
    picked = ", ".join([*map(quoted, kept), *(f"{sql} AS {quoted(n)}" for n, sql in cells.items())])
    return replace(
        staged,
        query=f"SELECT {picked}, _file, _row FROM ({staged.query})",
        types={n: staged.types[n] for n in kept} | dict.fromkeys(cells, "VARCHAR"),
    )


def _close_date(staged: Staged) -> Staged:
    if "close_date" not in staged.types:
        return staged
    if "outcome" not in staged.types:
        return _with(staged, {}, ("close_date",))  # that outcome is missing is said by itself
    day = _text(staged, "close_date")
    decided = "lower(trim(CAST(outcome AS VARCHAR))) IN ('won', 'lost')"
    cells = {
        "closed": f"CASE WHEN {decided} THEN {day} END",
        "expected_close": f"CASE WHEN NOT coalesce({decided}, FALSE) THEN {day} END",
    }
    for name in cells:
        if name in staged.types:
            cells[name] = f"coalesce({_text(staged, name)}, {cells[name]})"
    header = staged.headers["close_date"]
    done = _with(staged, cells, ("close_date",))
    return replace(done, headers={**dict.fromkeys(cells, header), **staged.headers})


def _outcome(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    settings: Settings,
    mapping: TableSettings | None,
) -> Staged:
    given = staged.types
    if "is_won" in given or "is_closed" in given:
        staged = _of_flags(staged)
    elif "outcome" not in given and "stage" in given:
        staged = _of_stage(connection, staged, settings)
    if "outcome" in staged.types and "stage" in staged.types:
        staged = _decided_stages(connection, staged, settings, mapping)
    return staged


def _of_flags(staged: Staged) -> Staged:
    names = ("is_closed", "is_won")
    if absent := [name for name in names if name not in staged.types]:
        other = next(name for name in names if name in staged.types)
        return replace(staged, problems=[*staged.problems, _needs(other, absent[0], staged)])
    closed, won = (values.flag(f"trim({_text(staged, name)})") for name in names)
    said = ", ".join(f"trim({_text(staged, name)})" for name in names)
    outcome = (
        f"CASE WHEN {won} THEN CASE WHEN NOT coalesce({closed}, TRUE) THEN 'won and yet not closed'"
        f" ELSE 'won' END WHEN {closed} AND NOT {won} THEN 'lost' WHEN NOT {closed} AND NOT"
        f" coalesce({won}, FALSE) THEN 'open' ELSE concat_ws(' ; ', {said}) END"
    )
    if "outcome" in staged.types:
        outcome = f"coalesce({_text(staged, 'outcome')}, {outcome})"
    header = " + ".join(staged.headers[name] for name in names)
    done = _with(staged, {"outcome": outcome}, names)
    return replace(done, headers={"outcome": header, **staged.headers})


def _plain(c: str) -> str:
    """SQL: the stage's word without case, blanks around, and what follows a dash or colon."""
    return f"regexp_replace(lower(trim({c})), '\\s*([:：]|\\s[-–—/])\\s*.*$', '')"


def _in(c: str, words: tuple[str, ...]) -> str:
    return f"{c} IN ({', '.join(map(literal, words))})"


def _of_stage(connection: duckdb.DuckDBPyConnection, staged: Staged, settings: Settings) -> Staged:
    """The outcome told by the stage's word, where there are words that tell it; said, because a
    stage of one's own may mean something else.
    """
    c, last = _text(staged, "stage"), settings.book.stages[-1].casefold()
    plain = _plain(c)
    won, lost = _in(plain, (*WON_WORDS, last)), _in(plain, LOST_WORDS)
    rows = connection.execute(
        f"SELECT CASE WHEN {won} THEN 'won' ELSE 'lost' END, {c}, count(*) FROM ({staged.query})"
        f" WHERE {won} OR {lost} GROUP BY ALL ORDER BY 1 DESC, 3 DESC, 2"
    ).fetchall()
    if not rows:
        return staged
    outcome = (
        f"CASE WHEN {c} IS NULL THEN NULL WHEN {won} THEN 'won' WHEN {lost} THEN 'lost' ELSE"
        " 'open' END"
    )
    said = listing([f"'{word}' as {what} ({n:,})" for what, word, n in rows], most=6)
    note = Problem(
        found=say(
            "no outcome: it is told by the stage, {said}, every other stage as open", said=said
        ),
        expected=say("the outcome of each deal, or stages whose words say it"),
        try_=say('if it is not so: columns = { outcome = "…" } with values.outcome'),
        severity="warning",
        table=staged.table.name,
        column="outcome",
        file=staged.label,
    )
    done = _with(staged, {"outcome": outcome}, ())
    problems = [p for p in staged.problems if not (p.column == "outcome" and p.severity == "error")]
    headers = {**staged.headers, "outcome": staged.headers["stage"]}
    return replace(done, problems=[*problems, note], headers=headers)


def _decided_stages(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    settings: Settings,
    mapping: TableSettings | None,
) -> Staged:
    """Decided deals whose stage is a word for the outcome stand in the last stage, or in ``lost``.

    Such words are those listed above, and those that ``values.outcome`` maps where stage and
    outcome come of one column.
    """
    mapped = mapping.values.get("outcome", {}) if mapping else {}
    same = staged.headers.get("outcome") == staged.headers.get("stage")
    own = {
        what: tuple(theirs.casefold() for theirs, ours in mapped.items() if ours == what and same)
        for what in ("won", "lost")
    }
    c, plain = _text(staged, "stage"), _plain(_text(staged, "stage"))
    exact = f"lower(trim({c}))"
    outcome = "lower(trim(CAST(outcome AS VARCHAR)))"
    known = {stage.casefold() for stage in settings.book.stages}
    cases = []
    for what, words, into in (
        ("won", WON_WORDS, settings.book.stages[-1]),
        ("lost", LOST_WORDS, LOST),
    ):
        usual = tuple(word for word in words if word not in known)
        told = _in(plain, usual) if usual else "FALSE"
        told += f" OR {_in(exact, own[what])}" if own[what] else ""
        cases.append(f"WHEN {outcome} = '{what}' AND ({told}) THEN {literal(into)}")
    some = f"SELECT 1 FROM ({staged.query}) WHERE CASE {' '.join(cases)} END IS NOT NULL LIMIT 1"
    if not connection.execute(some).fetchall():
        return staged
    return _with(staged, {"stage": f"CASE {' '.join(cases)} ELSE {c} END"}, ())


def _yearly(staged: Staged, settings: Settings) -> Staged:
    """``monthly_value`` times twelve, where annual_value is not given."""
    c = quoted("monthly_value")
    text = f"({values.given(_text(staged, 'monthly_value'))})"
    comma = staged.source and staged.source.settings.decimal == ","
    text = values.pointed(text) if comma else text
    amount = (
        values.money(values.narrow(text), settings.book.currency)
        if staged.types["monthly_value"] == "VARCHAR"
        else f"TRY_CAST({c} AS {EXACT})"
    )
    year = f"CASE WHEN {text} IS NULL THEN NULL ELSE coalesce(CAST({amount} * 12 AS VARCHAR),"
    year += f" {text}) END"
    if "annual_value" in staged.types:
        own = _text(staged, "annual_value")
        year = f"coalesce({values.pointed(own) if comma else own}, {year})"
    header = staged.headers["monthly_value"]
    done = _with(staged, {"annual_value": year}, ("monthly_value",))
    return replace(
        done,
        headers={"annual_value": header, **staged.headers},
        pointed=staged.pointed | {"annual_value"},
    )


def _needs(given: str, absent: str, staged: Staged) -> Problem:
    return Problem(
        found=say("{given} without {absent}", given=given, absent=absent),
        expected=say(
            "both: {given} alone does not say what became of an undecided deal", given=given
        ),
        try_=say("map {absent} too, or outcome with values.outcome", absent=absent),
        table=staged.table.name,
        column=given,
        file=staged.label,
    )
