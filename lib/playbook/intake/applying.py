"""A preset applied to the file it was recognised in: its lines, conditions, cleaning, warnings."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from playbook.base.language import say
from playbook.data.tables import TABLES

from .files import Found
from .matching import columns_of, match
from .outcomes import is_won
from .plan import Line, SourcePlan, TablePlan, headers_in
from .sqltext import name, text
from .stages import deal_lines
from .systems import Recognised
from .units import in_unit

NO = ("false", "no", "0", "否", "f", "n")


def applied(got: Recognised, found: Found) -> tuple[SourcePlan, list[TablePlan]]:
    """How the file is read, and the tables that are made of it: its own first, then further ones
    (such as stage entries that lie in its columns).
    """
    raw = got.export.raw
    source = _source(got, found)
    tables = [_table(got, found, raw)]
    for more in raw.get("also", ()):
        plan = _table(got, found, more)
        needed = {c.name for c in TABLES[plan.table].columns if c.required}
        if "long" in plan.more or needed <= {line.column for line in plan.lines}:
            tables.append(plan)
    return source, [plan for plan in tables if plan.lines or plan.sql]


def _source(got: Recognised, found: Found) -> SourcePlan:
    raw = got.export.raw
    plan = SourcePlan(found, home=dict(raw.get("home", {})))
    system = got.export.system
    if zone := raw.get("zone"):
        plan = plan.with_("zone", zone, say("{system} writes times of this zone", system=system))
    if carry := raw.get("carry_down"):
        columns = [h for n in carry["columns"] if (h := got.there(n))]
        if (by := got.there(carry["by"])) and columns:
            said = {"by": by, "columns": columns}
            plan = plan.with_(
                "carry_down", said, say("cells of the whole order stand on its first line only")
            )
    dates = {h: form for n, form in raw.get("dates", {}).items() if (h := got.there(n))}
    if dates:
        plan = plan.with_("dates", dates, say("{system} writes moments so", system=system))
    return plan


def _table(got: Recognised, found: Found, raw: dict[str, Any]) -> TablePlan:
    table = str(raw["table"])
    system = got.export.system
    lines = []
    for column, said in raw.get("columns", {}).items():
        here = _here(got, said)
        if isinstance(here, str):
            here = in_unit(found, table, column, here)
        if here is not None:
            lines.append(Line(column, here, say("{system} calls it so", system=system)))
    values = _words(raw.get("values", {}), lines, found)
    plan = TablePlan(
        table,
        found,
        tuple(lines),
        say("{system}: {export}", system=system, export=say(raw.get("name", got.export.name))),
        values=values,
        where=_conditions(got, found, raw),
        more=_more(got, raw),
        kept={
            there: tuple(w.casefold() for w in words)
            for header, words in raw.get("keep", {}).items()
            if (there := got.there(header))
        },
        sql=_sql(got, found, raw),
        gives=tuple(raw.get("gives", ())),
        warns=tuple(say(warning) for warning in raw.get("warns", ())),
        asks=tuple(raw.get("asks", ())),
        system=system,
    )
    if plan.sql or raw is not got.export.raw:
        return plan
    plan = _numbered(_archived(got, completed(plan, found, tuple(raw.get("leave", ())))))
    if table == "opportunities":
        plan = deal_lines(plan, won=raw.get("won", ()), lost=raw.get("lost", ()))
        if order := raw.get("stages"):
            plan = _ordered(plan, order)
    return plan


def _archived(got: Recognised, plan: TablePlan) -> TablePlan:
    """The plan with the outcome told from a flag and the stage together, where a system archives
    what is lost: won by the stage, lost where it is not active, open else.
    """
    raw = got.export.raw.get("archived")
    if not raw or raw["flag"] not in got.export.raw["needs"]:
        return plan
    flag, stage = got.there(raw["flag"]), got.there(raw["stage"])
    columns = {c.name: c.values.astype("string").str.strip() for c in plan.found.columns}
    pairs = set(zip(columns[flag].dropna(), columns[stage].dropna(), strict=False))
    said = {
        f"{active}-{name_}": "won" if is_won(name_) else "lost"
        for active, name_ in sorted(pairs)
        if is_won(name_) or active.casefold() in NO
    }
    line = Line(
        "outcome", {"id": [flag, stage]}, say("won by its stage, lost where it is archived")
    )
    return replace(
        plan,
        lines=(*plan.lines, line),
        values={**plan.values, "outcome": {**said, "*": "open"}},
    )


def _numbered(plan: TablePlan) -> TablePlan:
    """The plan with a number made for each row, where the export has none."""
    wanted = {"opportunities": ("opportunity_id", "D"), "orders": ("order_id", "R"),
              "activities": ("activity_id", "A"), "payments": ("payment_id", "P")}  # fmt: skip
    column, mark = wanted.get(plan.table, ("", ""))
    if not column or plan.line(column):
        return plan
    line = Line(column, {"row": mark}, say("no number in the export: made of the row"))
    return replace(plan, lines=(line, *plan.lines))


def _words(
    known: dict[str, dict[str, str]], lines: list[Line], found: Found
) -> dict[str, dict[str, str]]:
    """The preset's words that occur in the file, and the one for all others."""
    out: dict[str, dict[str, str]] = {}
    for line in lines:
        words = known.get(line.column)
        if words is None:
            continue
        headers = headers_in(line.said)
        there = {w for c in found.columns if c.name in headers for w in c.filled}
        said = {w: ours for w, ours in words.items() if w == "*" or w in there}
        if said:
            out[line.column] = said
    return out


def _ordered(plan: TablePlan, order: list[str]) -> TablePlan:
    """The stages in the order the system gives them, where all that occur are among them."""
    known = {s.casefold(): i for i, s in enumerate(order)}
    open_, won = plan.stages[:-1], plan.stages[-1]
    if open_ and all(s.casefold() in known for s in open_):
        ranked = tuple(sorted(open_, key=lambda s: known[s.casefold()]))
        return replace(plan, stages=(*ranked, won), stages_sure=True)
    return plan


def _here(got: Recognised, said: Any) -> Any:
    """A column of a preset in the file's own headers; None where they are not there.

    A list names alternatives: the first that is in the file. ``first`` means the first of them that
    is filled, row by row.
    """
    if isinstance(said, str):
        return got.there(said) or None
    if isinstance(said, list):
        return next((h for n in said if (h := got.there(n))), None)
    if "first" in said:
        there = list(dict.fromkeys(h for n in said["first"] if (h := got.there(n))))
        return there[0] if len(there) == 1 else there or None
    out: dict[str, Any] = {}
    for key, value in said.items():
        if key in ("column", "once", "after"):
            header = _here(got, value)
            if header is None:
                return None
            out[key] = header
        elif key in ("times", "id", "plus") and isinstance(value, list):
            headers = [got.there(n) for n in value]
            if not all(headers):
                return None
            out[key] = headers
        elif key in ("minus", "by"):
            names = [value] if isinstance(value, str) else value
            headers = [h for n in names if (h := got.there(n))]
            if headers:
                out[key] = headers[0] if isinstance(value, str) else headers
        else:
            out[key] = value
    return out["column"] if set(out) == {"column"} else out or None


def _conditions(got: Recognised, found: Found, raw: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Conditions on rows, each where its column is there, with the reason."""
    out = []
    for header, words in raw.get("keep", {}).items():
        if there := got.there(header):
            column = next(c for c in found.columns if c.name == there)
            kept = [w for w in words if w.casefold() in {v.casefold() for v in column.filled}]
            if kept:
                listed = ", ".join(text(w.casefold()) for w in words)
                why = say("only what counts by {column}", column=there)
                out.append((f"lower(trim({name(there)})) IN ({listed})", why))
    for header, words in raw.get("drop", {}).items():
        if there := got.there(header):
            listed = ", ".join(text(w.casefold()) for w in words)
            said = f"lower(trim(coalesce({name(there)}, '')))"
            why = say("without what {column} says is void", column=there)
            out.append((f"{said} NOT IN ({listed})", why))
    for header in raw.get("drop_filled", ()):
        if there := got.there(header):
            why = say("without rows with {column}", column=there)
            out.append((f"coalesce({name(there)}, '') = ''", why))
    for header in raw.get("drop_empty", ()):
        if there := got.there(header):
            why = say("without rows that have no {column}", column=there)
            out.append((f"coalesce({name(there)}, '') <> ''", why))
    return tuple(out)


def _more(got: Recognised, raw: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {key: raw[key] for key in ("group", "sum") if key in raw}
    if wide := raw.get("long"):
        pattern = re.compile(wide["headers"])
        if any(pattern.fullmatch(h) for h in got.headers.values()):
            out["long"] = wide
    return out


def _sql(got: Recognised, found: Found, raw: dict[str, Any]) -> str:
    """The preset's own query, where one is needed, with the names of source and headers put in."""
    query = str(raw.get("sql", ""))
    if not query:
        return ""
    for header in raw.get("sql_headers", ()):
        there = got.there(header)
        query = query.replace("{" + header + "}", name(there) if there else "NULL")
    return query.replace("{source}", found.name)


def completed(plan: TablePlan, found: Found, leave: tuple[str, ...]) -> TablePlan:
    """The plan with own fields that a usual name tells; headers that the preset has looked at are
    left as they are.
    """
    have = {line.column for line in plan.lines}
    looked_at = {h.casefold() for h in leave} | {h.casefold() for h in plan.headers}
    own = tuple(c for c in found.columns if c.name.casefold() not in looked_at)
    if "long" in plan.more or not own:
        return plan
    rest = match(replace(found, columns=own), plan.table)
    closing = {"close_date", "closed", "expected_close", "is_closed", "is_won", "outcome"}
    lines, asks = [], []
    for one in rest:
        taken = one.column in have or (one.column in closing and have & closing)
        if taken or one.column not in columns_of(plan.table):
            continue
        if one.sure and one.score > 0.85:
            said = in_unit(found, plan.table, one.column, one.header)
            lines.append(Line(one.column, said, say("a usual name for it")))
        elif one.header not in asks:
            asks.append(f'{one.column} = "{one.header}"?')
    return replace(plan, lines=(*plan.lines, *lines), asks=(*plan.asks, *asks))
