"""The year's figure in two directions at once: members by month, members by members."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
)
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.plan import Plan
from playbook.data.measures.plan_curves import Curve, curve_of
from playbook.data.measures.splits import has_split, split_months
from playbook.goals.actuals import Actuals
from playbook.goals.labels import dimension_label
from playbook.methods.apportionment import split
from playbook.methods.raking import fit

from .shares import DIMENSIONS


class MembersByMonth(Frame):
    """One row per member of the first dimension (the index), one column per month; both the
    members' years and the company's months hold.
    """

    rest = count("target of the month in minor units").named("month")


class MembersByMembers(Frame):
    """One row per member of the first dimension (the index), one column per member of the second;
    both margins hold. Empty with fewer than two dimensions.
    """

    rest = count("target in minor units").named("member")


TINY = 1e-6  # weight of a cell without history, so that a margin can still be met


def members_by_month(
    parts: pd.DataFrame,
    curve: Curve,
    units: int,
    book: Book,
    actuals: Actuals,
    plan: Plan | None,
) -> pd.DataFrame:
    """First dimension × month: the member's yearly figure and the company's month both hold;
    inside, each member's own seasonality.
    """
    if parts.empty:
        return pd.DataFrame(
            [split(units, curve.shares)],
            index=pd.Index(["Company"], name="company"),
            columns=list(curve.months),
        )
    dimension = parts["dimension"].iloc[0]
    mine = parts[parts["dimension"] == dimension]
    own = [_member_curve(book, plan, actuals, dimension, m, curve).shares for m in mine["member"]]
    seed = np.maximum(np.array(own), TINY)
    rows, columns = mine["units"].to_numpy(), split(units, curve.shares)
    return pd.DataFrame(
        fit(seed, [rows, columns], [dimension_label(dimension).lower(), say("month")]),
        index=pd.Index(mine["member"], name=dimension),
        columns=list(curve.months),
    )


def _member_curve(
    book: Book, plan: Plan | None, actuals: Actuals, dimension: str, member: str, curve: Curve
) -> Curve:
    """The member's own curve in the plan, else its seasonality; the company's for dimensions that
    sales are not kept by.
    """
    if dimension not in DIMENSIONS:
        return curve
    target = (
        plan.get("sales", ((dimension, member),), curve.months[0], curve.months[-1])
        if plan
        else None
    )
    if plan and target and target.target > 0:
        return plan.curve("sales", target.members, curve.months[0], curve.months[-1])
    history = actuals.learnable("sales", {dimension: member})
    return curve_of(curve.months[0], curve.months[-1], history, book.settings.goals, book.calendar)


def members_by_members(parts: pd.DataFrame, book: Book, actuals: Actuals) -> pd.DataFrame:
    """The first two dimensions crossed, both margins held; empty with fewer than two."""
    dimensions = list(dict.fromkeys(parts["dimension"]))[:2]
    if len(dimensions) < 2:
        return MembersByMembers.make([])
    first, second = dimensions
    if set(dimensions) <= set(DIMENSIONS):
        months = actuals.months("sales", (first, second))
    elif has_split(book, first) and has_split(book, second):
        months = split_months(book, (first, second))
    else:
        return MembersByMembers.make([])
    inside = sales.in_window(months, book.window("trailing_12m"))
    seed = inside.assign(value=inside["amount"].astype(float)).pivot_table(
        index=first, columns=second, values="value", aggfunc="sum"
    )
    margins = [parts[parts["dimension"] == d].set_index("member")["units"] for d in dimensions]
    seed = (
        seed.reindex(index=margins[0].index, columns=margins[1].index).fillna(0.0).clip(lower=0.0)
        + TINY
    )
    return pd.DataFrame(
        fit(
            seed.to_numpy(),
            [m.to_numpy() for m in margins],
            [dimension_label(d).lower() for d in dimensions],
        ),
        index=pd.Index(margins[0].index, name=first),
        columns=pd.Index(margins[1].index, name=second),
    )
