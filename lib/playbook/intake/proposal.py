"""``playbook init``: look at files, propose a playbook.toml, say what would add most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from playbook.base.errors import ParameterProblem, Problem

from .files import Found, files_of, look_at
from .matching import Placed, place
from .writing import written

ADDS = {  # the table that would add most, in the order of what it adds
    "orders": "sales as they were ordered or invoiced, customers' value, payroll on bookings",
    "opportunities": "win rates, conversion, cycle times, the open pipeline",
    "stage_events": "conversion from stage to stage and time in stage",
    "targets": "completion, pace, the chance of the year, the gap by member",
    "leads": "leads by channel, cost per customer, lead intent",
    "channel_costs": "cost per new customer, return and payback by channel",
    "activities": "contacts, overdue follow-up, the week's agenda",
    "contracts": "renewals, contract life, recurring revenue",
    "reps": "names, teams, ramp-up and leavers",
}


@dataclass(frozen=True)
class Proposal:
    """A playbook.toml as text, with what was placed and what was not."""

    text: str
    placed: tuple[Placed, ...]
    rest: tuple[Found, ...]

    def summary(self) -> list[str]:
        """What was found, a line each, and the table that would add most."""
        out = [
            f"{p.found.label} → {p.table}: {sum(m.sure for m in p.matches)} columns"
            + (f", {len(p.questions)} in question" if p.questions else "")
            for p in self.placed
        ]
        out += [f"{one.label} → not placed" for one in self.rest]
        have = {p.table for p in self.placed}
        missing = [table for table in ADDS if table not in have]
        if missing:
            out.append(f"What would add most: {missing[0]} ({ADDS[missing[0]]})")
        return out


def _named_apart(found: list[Found]) -> list[Found]:
    """The same sources under names of their own."""
    seen: dict[str, int] = {}
    out = []
    for one in found:
        seen[one.name] = seen.get(one.name, 0) + 1
        number = seen[one.name]
        out.append(one if number == 1 else replace(one, name=f"{one.name}_{number}"))
    return out


def propose(paths: list[Path], folder: Path) -> Proposal:
    """A proposal for the files among ``paths``, to be written to ``folder``.

    Raises ParameterProblem when no file can be read, or none of them is orders or deals.
    """
    files = files_of(paths)
    if not files:
        raise ParameterProblem(
            Problem(
                found=f"no file to read in {', '.join(map(str, paths))}",
                expected="csv, tsv, xlsx, xls, ods or parquet files",
                try_="name the folder your exports lie in",
            )
        )
    found = [one for path in files for one in look_at(path, folder)]
    placed, rest = place(_named_apart(found))
    if not {p.table for p in placed} & {"orders", "opportunities"}:
        raise ParameterProblem(
            Problem(
                found=f"none of {len(found)} tables looks like orders or deals: "
                + "; ".join(f"{f.label} ({', '.join(c.name for c in f.columns)})" for f in found)[
                    :400
                ],
                expected="a table with a day, an amount and a customer, or deals with a stage",
                try_="`playbook tables orders` lists the columns: name yours alike",
            )
        )
    return Proposal(written(placed, rest, folder), tuple(placed), tuple(rest))
