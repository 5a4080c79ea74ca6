"""Tables of the year's figure by member and month, and by two dimensions."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.measures.plan_curves import Curve
from playbook.goals.labels import dimension_label
from playbook.methods.apportionment import from_units
from playbook.page import Table
from playbook.page.blocks import Cell

COLUMNS, ROWS = 6, 12  # members shown beside each other, and below each other


def few(table: pd.DataFrame, most: int = COLUMNS) -> pd.DataFrame:
    """The largest ``most`` rows in their own order and the sum of the others: a page holds only so
    many columns.
    """
    if len(table) <= most + 1:
        return table
    large = table.sum(axis=1).sort_values(ascending=False, kind="stable").index[:most]
    kept = table.loc[[member for member in table.index if member in set(large)]]
    rest = table.drop(index=large).sum(axis=0).to_frame(say("{n} others", n=len(table) - most)).T
    return pd.concat([kept, rest]).rename_axis(table.index.name)


def members_said(cross: pd.DataFrame) -> pd.DataFrame:
    """``MembersByMonth`` with the whole company, where it is not split, in the language spoken."""
    whole = cross.index.name == "company"
    return cross.rename(index={"Company": say("Company")}) if whole else cross


def months_tables(cross: pd.DataFrame, curve: Curve, year: str, fmt: Formats) -> list[Table]:
    """The year by month and member with its quarters; no table without months.

    cross: ``MembersByMonth``; year: its name.
    """
    if cross.empty:
        return []
    shown = few(members_said(cross))
    head = (say("Month"), say("Share"), *map(str, shown.index), say("All"))
    rows = tuple(
        (
            Cell(fmt.text(month, "month")),
            Cell(fmt.share(share)),
            *_amounts(shown[month], fmt),
        )
        for month, share in zip(curve.months, curve.shares, strict=True)
    )
    quarters = tuple(
        _sum_row(shown, curve, say("Q{n}", n=q + 1), curve.months[3 * q : 3 * q + 3], fmt)
        for q in range(len(curve.months) // 3)
    )
    foot = (*quarters, _sum_row(shown, curve, say("Year", context="total"), curve.months, fmt))
    return [
        Table(
            say(
                "{year} by month and {dimension}",
                year=year,
                dimension=dimension_label(cross.index.name).lower(),
            ),
            head,
            rows,
            "l" + "r" * (len(head) - 1),
            say(
                "money in {currency}, exact in its minor unit, shown in whole units"
                " · curve: {source}",
                currency=fmt.currency,
                source=curve.source,
            ),
            foot,
            folded=True,
        )
    ]


def _sum_row(
    shown: pd.DataFrame, curve: Curve, name: str, months: Sequence[Month], fmt: Formats
) -> tuple[Cell, ...]:
    share = sum(s for m, s in zip(curve.months, curve.shares, strict=True) if m in months)
    return (
        Cell(name),
        Cell(fmt.share(share)),
        *_amounts(shown[list(months)].sum(axis=1), fmt),
    )


def _amounts(units: pd.Series, fmt: Formats) -> list[Cell]:
    """Amounts of the parts and of their sum."""
    return [Cell(fmt.money(from_units(u, fmt.minor_digits))) for u in [*units, units.sum()]]


def grid_tables(grid: pd.DataFrame, year: str, fmt: Formats) -> list[Table]:
    """The first two dimensions crossed; no table with fewer. grid: ``MembersByMembers``."""
    if grid.empty:
        return []
    first, second = grid.index.name, grid.columns.name
    shown = few(few(grid.T).T, ROWS)
    head = (dimension_label(first), *map(str, shown.columns), say("All"))
    rows = tuple((Cell(str(member)), *_amounts(units, fmt)) for member, units in shown.iterrows())
    return [
        Table(
            say(
                "{year} by {dimension} and {dimension_2}",
                year=year,
                dimension=dimension_label(first).lower(),
                dimension_2=dimension_label(second).lower(),
            ),
            head,
            rows,
            "l" + "r" * (len(head) - 1),
            say("both margins above hold exactly; the inside is the history fitted to them"),
            ((Cell(say("All")), *_amounts(shown.sum(axis=0), fmt)),),
        )
    ]
