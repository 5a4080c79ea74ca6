"""References between the tables of a proposal: which column of a master table the others name."""

from __future__ import annotations

from dataclasses import replace

from playbook.base.formats import joined
from playbook.base.language import say
from playbook.data.tables import TABLES

from .plan import Line, TablePlan

GOOD = 0.9  # share of references found from which two columns speak of the same things
FEW = 5  # different references below which nothing is proved
MASTERS = {"customers": "customer_id", "reps": "rep_id"}


def settled(tables: list[TablePlan]) -> list[TablePlan]:
    """The tables with the keys that the others name: the name in place of the number where people
    and customers are called by name elsewhere. A master table that the others do not name at all is
    a question, and so is a column that names nobody.
    """
    out = list(tables)
    for master, key in MASTERS.items():
        place = next((i for i, p in enumerate(out) if p.table == master and not p.open_), None)
        if place is not None and out[place].found.whole and "group" not in out[place].more:
            out[place] = _keyed(out[place], key, _references(out, f"{master}.{key}", master))
    out = [_within(plan) for plan in out]
    return [_known(plan, out) for plan in out]


def unknown_share(tables: list[TablePlan]) -> float:
    """The largest share of references that name nothing, of those that mostly do; 0 where it is
    below what a book allows.
    """
    worst = 0.0
    for plan in tables:
        for line, values in _lines_that_refer(plan):
            refers = _refers(plan.table, line.column)
            keys = _keys(tables, refers)
            if keys and values:
                worst = max(worst, 1 - _inside(values, keys))
    return worst if worst > 0.01 else 0.0


def _refers(table: str, column: str) -> str:
    return next((c.refers or "" for c in TABLES[table].columns if c.name == column), "")


def _values(plan: TablePlan, said: object) -> list[str]:
    if not isinstance(said, str):
        return []
    column = next((c for c in plan.found.columns if c.name == said), None)
    return [] if column is None else list(column.filled)


def _lines_that_refer(plan: TablePlan) -> list[tuple[Line, list[str]]]:
    if plan.open_ or plan.sql:
        return []
    return [
        (line, _values(plan, line.said)) for line in plan.lines if _refers(plan.table, line.column)
    ]


def _references(tables: list[TablePlan], refers: str, master: str) -> list[str]:
    """Values by which the other tables name rows of a master table."""
    return [
        value
        for plan in tables
        if plan.table != master
        for line, values in _lines_that_refer(plan)
        if _refers(plan.table, line.column) == refers
        for value in values
    ]


def _keys(tables: list[TablePlan], refers: str) -> set[str]:
    table, _, column = refers.partition(".")
    plan = next((p for p in tables if p.table == table and not p.open_), None)
    line = plan.line(column) if plan else None
    if plan is None or line is None or not plan.found.whole:
        return set()
    return set(_values(plan, line.said))


def _inside(values: list[str], keys: set[str]) -> float:
    return sum(value in keys for value in values) / len(values) if values else 1.0


def _keyed(plan: TablePlan, key: str, named: list[str]) -> TablePlan:
    """The master table with the key the others use; a question where they use none of its
    columns.
    """
    line = plan.line(key)
    if line is None or len(set(named)) < 2:
        return plan
    if _inside(named, set(_values(plan, line.said))) >= GOOD:
        return plan
    for column in plan.found.columns:
        whole = column.distinct > 0.999 and column.fill > 0.99
        if whole and _inside(named, set(column.filled)) >= GOOD:
            why = say("the other files say {name}", name=column.name)
            lines = tuple(
                Line(key, column.name, why) if one.column == key else one for one in plan.lines
            )
            return replace(plan, lines=lines)
    shown = joined(list(dict.fromkeys(named))[:3])
    return replace(
        plan, open_=(say("{key} that the other files name ({names})", key=key, names=shown),)
    )


def _within(plan: TablePlan) -> TablePlan:
    """Managers that are no people of the table name the team."""
    manager, key = plan.line("manager_id"), plan.line("rep_id")
    if plan.table != "reps" or manager is None or key is None:
        return plan
    if _inside(_values(plan, manager.said), set(_values(plan, key.said))) >= GOOD:
        return plan
    rest = tuple(line for line in plan.lines if line.column != "manager_id")
    if plan.line("team"):
        return replace(plan, lines=rest, asks=(*plan.asks, f'manager_id = "{manager.said}"?'))
    team = Line("team", manager.said, say("managers that are no rows here: they name the team"))
    return replace(plan, lines=(*rest, team))


def _known(plan: TablePlan, tables: list[TablePlan]) -> TablePlan:
    """The plan without columns that should name rows of a table and hardly do."""
    masters = {f"{table}.{key}" for table, key in MASTERS.items()}
    dropped, asks = [], []
    for line, values in _lines_that_refer(plan):
        refers = _refers(plan.table, line.column)
        needed = next(c.required for c in TABLES[plan.table].columns if c.name == line.column)
        keys = _keys(tables, refers)
        if refers in masters or needed or not keys or len(set(values)) < 2:
            continue
        if _inside(values, keys) < GOOD and len(keys) > FEW:
            dropped.append(line)
            why = say("its values name no row of {column}", column=refers)
            asks.append(f'{line.column} = "{line.said}"?  # {why}')
    if not dropped:
        return plan
    lines = tuple(line for line in plan.lines if line not in dropped)
    return replace(plan, lines=lines, asks=(*plan.asks, *asks))
