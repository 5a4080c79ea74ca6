"""The proof that every split of the year sums to its total."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import english, say
from playbook.goals.labels import dimension_label
from playbook.methods.apportionment import from_units
from playbook.page import Table
from playbook.page.blocks import Cell


def split_sums(
    members: pd.DataFrame, cross: pd.DataFrame, grid: pd.DataFrame, units: int
) -> list[tuple[str, int, int, int]]:
    """(split, parts, sum of parts, total) of every split on the page, in minor units.

    members: ``MemberTargets``; cross: ``MembersByMonth``; grid: ``MembersByMembers``; units: the
    year's figure.
    """
    months = (say("year by month"), cross.shape[1], int(cross.to_numpy().sum()), units)
    if cross.index.name == "company":
        return [months]
    found = [
        (
            say("year by {dimension}", dimension=dimension_label(d).lower()),
            len(rows),
            int(rows["units"].sum()),
            units,
        )
        for d, rows in members.groupby("dimension", sort=False)
    ]
    if not cross.empty:
        own = _units_of(members, cross.index.name)
        found += [
            months,
            *(
                (f"{m} by month", cross.shape[1], int(cross.loc[m].sum()), int(own[m]))
                for m in cross.index
            ),
        ]
    if not grid.empty:
        own = _units_of(members, grid.columns.name)
        by = dimension_label(grid.index.name).lower()
        found += [(f"{m} by {by}", grid.shape[0], int(grid[m].sum()), int(own[m])) for m in grid]
    return found


def _units_of(members: pd.DataFrame, dimension: str) -> pd.Series:
    return members[members["dimension"] == dimension].set_index("member")["units"]


def proof_table(
    sums: list[tuple[str, int, int, int]], cross: pd.DataFrame, grid: pd.DataFrame, fmt: Formats
) -> Table:
    """Sums of parts beside their totals, with the largest difference found."""

    def amount(units: int) -> Cell:
        return Cell(fmt.text(from_units(units, fmt.minor_digits), "money.exact"))

    rows = tuple(
        (Cell(name), Cell(fmt.count(n)), amount(parts), amount(total), amount(off))
        for name, (n, parts, total, off) in _by_kind(sums, cross, grid).items()
    )
    return Table(
        say("Proof: the parts sum to the whole"),
        (
            say("Split"),
            say("Parts", context="count"),
            say("Sum of parts"),
            say("Whole"),
            say("Largest difference"),
        ),
        rows,
        "lrrrr",
        say(
            "whole numbers of the currency's minor unit, largest remainder, ties"
            " to the part named first"
        ),
        folded=True,
    )


def _by_kind(
    sums: list[tuple[str, int, int, int]], cross: pd.DataFrame, grid: pd.DataFrame
) -> dict[str, tuple[int, int, int, int]]:
    """The sums with those of one kind in one line: every region by month, every line by region.

    Returns split → (parts, sum of parts, total, largest difference).
    """
    found: dict[str, tuple[int, int, int, int]] = {}
    for name, n, parts, total in sums:
        head, _, tail = english(name).rpartition(" by ")
        if head == "year":
            key = name
        elif tail == "month":
            key = say(
                "each {dimension} by month", dimension=dimension_label(cross.index.name).lower()
            )
        else:
            key = say(
                "each {dimension} by {other}",
                dimension=dimension_label(grid.columns.name).lower(),
                other=tail,
            )
        have = found.get(key, (0, 0, 0, 0))
        found[key] = (
            have[0] + n,
            have[1] + parts,
            have[2] + total,
            max(have[3], abs(parts - total)),
        )
    return found
