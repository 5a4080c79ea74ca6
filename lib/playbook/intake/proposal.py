"""``playbook init``: look at files, propose a playbook.toml, say what would add most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playbook.base.errors import ParameterProblem, Problem
from playbook.data.tables import TABLES

from .addresses import look_into
from .applying import applied
from .facts import facts_of, one_currency
from .files import Found, look_at
from .holding import adds_most, holds
from .line_items import with_lines
from .looking import files_of, together, unread
from .making import members, planned
from .ownership import planned_ownership
from .placing import place
from .plan import SourcePlan, TablePlan
from .references import settled
from .refunds import signed
from .stage_order import ordered
from .systems import recognised
from .wide import planned_wide
from .writing import value, written

WHICH = "which table is it?"
ASKED = 25  # files looked at once more for what they are like
NAMED = 8  # files and parts named in a line of the summary


@dataclass(frozen=True)
class Proposal:
    """A playbook.toml as text, with what was placed and what was not."""

    text: str
    tables: tuple[TablePlan, ...]
    rest: tuple[tuple[Found, str], ...]
    unread: tuple[str, ...] = ()

    def summary(self) -> list[str]:
        """What was found, a line each, and the table that would add most."""
        out = []
        for plan in self.tables:
            asked = f", {len(plan.asks)} in question" if plan.asks else ""
            known = f" ({plan.system} export)" if plan.system else ""
            if plan.open_:
                out.append(
                    f"{plan.found.label} → {plan.table}?{known} no column for "
                    + ", ".join(plan.open_)
                )
            else:
                out.append(
                    f"{plan.found.label} → {plan.table}{known}: {len(plan.columns)} columns{asked}"
                )
            out += [f"  note: {warning}" for warning in plan.warns]
            out += [
                f"  {one.reason.replace('CHECK', f'check {one.column} = {_shown(one.said)}')}"
                for one in plan.lines
                if one.reason.startswith("CHECK")
            ]
        out += [f"{one.label} → not placed: {why}" for one, why in self.rest[:NAMED]]
        if len(self.rest) > NAMED:
            out.append(f"… and {len(self.rest) - NAMED} more tables not placed")
        if self.unread:
            out.append(
                f"not looked at: {', '.join(self.unread[:NAMED])}"
                + (f" and {len(self.unread) - NAMED} more" if len(self.unread) > NAMED else "")
            )
        return out

    def outlook(self, tables: dict[str, tuple[str, ...]] | None = None) -> list[str]:
        """What the pack will hold, and the one further table that would add most.

        tables: those that were read with their columns; the proposal's own when not given.
        """
        have = tables or {plan.table: plan.columns for plan in self.tables if not plan.open_}
        held = holds(have)
        out = [f"The pack will hold: {', '.join(held)}."] if held else []
        table, new = adds_most(have)
        if table:
            out.append(f"What would add most: {table} ({', '.join(new[:4])}).")
        return out


def propose(paths: list[Path], folder: Path, addresses: Sequence[str] = ()) -> Proposal:
    """A proposal for the files among ``paths`` and the databases at ``addresses``, to be written to
    ``folder``.

    Raises ParameterProblem when no file can be read, or none of them is a table of ours.
    """
    files = files_of(paths)
    if not files and not addresses:
        raise ParameterProblem(
            Problem(
                found=f"no file to read in {', '.join(map(str, paths))}",
                expected="csv, tsv, xlsx, xls, ods or parquet files",
                try_="name the folder your exports lie in",
            )
        )
    folder = folder.resolve()
    looked_at = together([one for path in files for one in look_at(path.resolve(), folder)])
    for address in addresses:
        looked_at += look_into(address, folder)
    found = named_apart(looked_at)
    sources, tables, rest = sorted_out(found)
    if not any(not plan.open_ for plan in tables):
        raise ParameterProblem(_nothing(found, tables))
    tables, lined = with_lines(tables, rest)
    sources += [SourcePlan(one) for one in lined]
    rest = [(one, why) for one, why in rest if all(one is not other for other in lined)]
    tables = ordered(settled(tables))
    facts = facts_of(sources, tables)
    tables = [signed(one_currency(plan)) for plan in tables]
    tables = [_finished(plan, tables) for plan in tables]
    name = folder.name
    text = written(name, facts, sources, tables, rest)
    return Proposal(text, tuple(tables), tuple(rest), tuple(unread(paths, files)))


def sorted_out(
    found: list[Found], but: frozenset[str] = frozenset()
) -> tuple[list[SourcePlan], list[TablePlan], list[tuple[Found, str]]]:
    """Every file as a known system's export, a month sheet, a table by its columns, or none.

    but: systems whose presets are not looked for.
    """
    sources: list[SourcePlan] = []
    tables: list[TablePlan] = []
    rest: list[tuple[Found, str]] = []
    open_files: list[Found] = []
    known = []
    for one in found:
        got = recognised(one, but) if one.columns else None
        if got is not None:
            known.append((got, one))
        elif one.columns:
            open_files.append(one)
        else:
            why = "; ".join(p.found for p in one.problems) or "no rows"
            rest.append((one, why))
    for got, one in sorted(known, key=lambda pair: (-pair[0].hits, pair[1].label)):
        source, plans = applied(got, one)
        fresh = [p for p in plans if all(p.table != other.table for other in tables)]
        if fresh:
            sources.append(source)
            tables += fresh
        else:
            rest.append((one, f"another {got.export.table} file was taken: join them, or choose"))
    waiting = []
    for one in open_files:
        plan = planned_wide(one) or planned_ownership(one)
        if plan and all(plan.table != other.table for other in tables):
            sources.append(SourcePlan(one))
            tables.append(plan)
        else:
            waiting.append(one)
    placed, left = place(waiting, [p.table for p in tables if not p.open_])
    for one_placed in placed:
        sources.append(SourcePlan(one_placed.found))
        tables.append(planned(one_placed))
    taken = {plan.table for plan in tables if not plan.open_}
    for plan in list(tables):
        if made := members(plan, taken):
            tables.append(made)
            taken.add("customers")
    rest += [(one, _why_not(one, tables) if i < ASKED else WHICH) for i, one in enumerate(left)]
    order = list(TABLES)
    tables.sort(key=lambda p: (bool(p.open_), order.index(p.table)))
    return sources, tables, rest


def _why_not(found: Found, tables: list[TablePlan]) -> str:
    """Why a file is none of the tables: what it looks like is taken, or nothing is."""
    if not found.rows:
        return "a header and no rows"
    alone, _ = place([found])
    if alone and not alone[0].missing:
        other = next((p for p in tables if p.table == alone[0].table), None)
        if other is not None:
            return (
                f"{other.table} too, which is read from {other.found.label}: join them, or choose"
            )
    return WHICH


def _finished(plan: TablePlan, tables: Iterable[TablePlan]) -> TablePlan:
    """The plan with the headers that no table uses named."""
    mine = [p for p in tables if p.found is plan.found]
    if mine and mine[0].table != plan.table:
        return plan
    used = {header for p in mine for header in p.headers} if mine else plan.headers
    asked = " ".join(plan.asks)
    left = [
        c.name
        for c in plan.found.columns
        if c.name not in used and f'"{c.name}"' not in asked and "long" not in plan.more
    ]
    return replace(plan, left=tuple(left))


def named_apart(found: list[Found]) -> list[Found]:
    """The same sources under names of their own; none is called as a table is, since it would then
    be read as one.
    """
    taken: set[str] = set()
    out = []
    for one in found:
        plain = f"{one.name}_file" if one.name in TABLES else one.name
        name, number = plain, 1
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name)
        out.append(one if name == one.name else replace(one, name=name))
    return out


def _shown(said: object) -> str:
    return said if isinstance(said, str) else value(said)


def _told_of(found: Found) -> str:
    names = ", ".join(column.name for column in found.columns)
    return names or "; ".join(problem.found for problem in found.problems)


def _nothing(found: list[Found], tables: list[TablePlan]) -> Problem:
    nearest = "; ".join(
        f"{p.found.label} is nearest to {p.table}, without {', '.join(p.open_)}" for p in tables[:4]
    )
    seen = "; ".join(f"{f.label} ({_told_of(f)})" for f in found)
    return Problem(
        found=f"none of {len(found)} tables looks like orders or deals: {nearest or seen[:400]}",
        expected="a table with a day, an amount and a customer, or deals with a stage",
        try_="`playbook tables orders` lists the columns: name yours alike",
    )
