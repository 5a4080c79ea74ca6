"""``playbook init``: look at files, propose a playbook.toml, say what would add most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playbook.base.errors import ParameterProblem, Problem
from playbook.base.formats import joined
from playbook.base.language import later, say
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
from .plan import Line, SourcePlan, TablePlan
from .references import settled
from .refunds import signed
from .stage_order import ordered
from .systems import recognised
from .wide import planned_wide
from .writing import value, written

WHICH = later("which table is it?")
CHECK = later("CHECK")  # begins the reason of a line that somebody has to look at
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
            asked = say(", {n} in question", n=len(plan.asks)) if plan.asks else ""
            known = say(" ({system} export)", system=plan.system) if plan.system else ""
            if plan.open_:
                out.append(
                    say(
                        "{label} → {table}?{known} no column for {columns}",
                        label=plan.found.label,
                        table=plan.table,
                        known=known,
                        columns=joined(plan.open_),
                    )
                )
            else:
                out.append(
                    say(
                        "{label} → {table}{known}: {n} columns{asked}",
                        label=plan.found.label,
                        table=plan.table,
                        known=known,
                        n=len(plan.columns),
                        asked=asked,
                    )
                )
            out += [say("  note: {warning}", warning=warning) for warning in plan.warns]
            out += [
                f"  {one.reason.replace(say(CHECK), _to_check(one))}"
                for one in plan.lines
                if one.reason.startswith(say(CHECK))
            ]
        out += [
            say("{label} → not placed: {why}", label=one.label, why=why)
            for one, why in self.rest[:NAMED]
        ]
        if len(self.rest) > NAMED:
            out.append(say("… and {n} more tables not placed", n=len(self.rest) - NAMED))
        if self.unread:
            files, more = joined(self.unread[:NAMED]), len(self.unread) - NAMED
            out.append(
                say("not looked at: {files} and {n} more", files=files, n=more)
                if more > 0
                else say("not looked at: {files}", files=files)
            )
        return out

    def outlook(self, tables: dict[str, tuple[str, ...]] | None = None) -> list[str]:
        """What the pack will hold, and the one further table that would add most.

        tables: those that were read with their columns; the proposal's own when not given.
        """
        have = tables or {plan.table: plan.columns for plan in self.tables if not plan.open_}
        held = holds(have)
        out = [say("The pack will hold: {parts}.", parts=joined(held))] if held else []
        table, new = adds_most(have)
        if table:
            out.append(
                say("What would add most: {table} ({parts}).", table=table, parts=joined(new[:4]))
            )
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
                found=say("no file to read in {paths}", paths=joined(map(str, paths))),
                expected=say("csv, tsv, xlsx, xls, ods or parquet files"),
                try_=say("name the folder your exports lie in"),
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
            why = joined((p.found for p in one.problems), "; ") or say("no rows")
            rest.append((one, why))
    for got, one in sorted(known, key=lambda pair: (-pair[0].hits, pair[1].order)):
        source, plans = applied(got, one)
        fresh = [p for p in plans if all(p.table != other.table for other in tables)]
        if fresh:
            sources.append(source)
            tables += fresh
        else:
            rest.append(
                (
                    one,
                    say(
                        "another {table} file was taken: join them, or choose",
                        table=got.export.table,
                    ),
                )
            )
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
    rest += [(one, _why_not(one, tables)) for one in left[:ASKED]]
    rest += [(one, say(WHICH)) for one in left[ASKED:]]
    order = list(TABLES)
    tables.sort(key=lambda p: (bool(p.open_), order.index(p.table)))
    return sources, tables, rest


def _why_not(found: Found, tables: list[TablePlan]) -> str:
    """Why a file is none of the tables: what it looks like is taken, or nothing is."""
    if not found.rows:
        return say("a header and no rows")
    alone, _ = place([found])
    if alone and not alone[0].missing:
        other = next((p for p in tables if p.table == alone[0].table), None)
        if other is not None:
            return say(
                "{table} too, which is read from {label}: join them, or choose",
                table=other.table,
                label=other.found.label,
            )
    return say(WHICH)


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


def _to_check(line: Line) -> str:
    said = line.said if isinstance(line.said, str) else value(line.said)
    return say("check {column} = {said}", column=line.column, said=said)


def _told_of(found: Found) -> str:
    names = joined(column.name for column in found.columns)
    return names or joined((problem.found for problem in found.problems), "; ")


def _nothing(found: list[Found], tables: list[TablePlan]) -> Problem:
    nearest = joined(
        (
            say(
                "{label} is nearest to {table}, without {columns}",
                label=p.found.label,
                table=p.table,
                columns=joined(p.open_),
            )
            for p in tables[:4]
        ),
        "; ",
    )
    seen = joined(
        (say("{label} ({columns})", label=f.label, columns=_told_of(f)) for f in found), "; "
    )
    return Problem(
        found=say(
            "none of {n} tables looks like orders or deals: {nearest}",
            n=len(found),
            nearest=nearest or seen[:400],
        ),
        expected=say("a table with a day, an amount and a customer, or deals with a stage"),
        try_=say("`playbook tables orders` lists the columns: name yours alike"),
    )
