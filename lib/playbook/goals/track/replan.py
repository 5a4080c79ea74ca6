"""The rest of a year planned again: keeping the plan, the year or the rate so far."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    money,
    month,
    ratio,
    share,
    text,
)
from playbook.base.language import later, say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures.plan import Plan
from playbook.goals.actuals import Actuals
from playbook.goals.labels import kind_label
from playbook.goals.plan.year import YearFigure
from playbook.methods.apportionment import split
from playbook.methods.forecast import reached


class ReplanMonths(Frame):
    """One row per month of the year, in minor units."""

    month = month("month of the fiscal year")
    actual = count("what was reached; missing for months ahead")
    plan = count("the plan")
    keep_year = count("reached, then what is missing to the year spread by the plan's curve")
    keep_rate = count("reached, then the plan times actual ÷ plan so far")


class ReplanOptions(Frame):
    """One row per way to plan the rest of the year."""

    option = text("plan, keep_year or keep_rate")
    remaining = count("asked of the months left, in minor units")
    year = count("reached plus remaining, in minor units")
    change = ratio("remaining ÷ the plan's − 1")
    chance = share("share of forecast paths that bring it; missing without a forecast")


class ReplanMembers(Frame):
    """One row per region, line and customer type with a target of the year [currency]."""

    member = text("the member's key")
    name = text("dimension and member")
    target = money("target of the year as it stands")
    actual = money("reached")
    remaining = money("what its curve asks of the months left")
    needed = money("missing to its year")
    lift = ratio("needed ÷ remaining − 1; missing where nothing was planned for the rest")


OPTIONS = {
    "plan": later("leave the plan"),
    "keep_year": later("keep the year"),
    "keep_rate": later("keep the rate"),
}


def replan(months: list[Month], planned: np.ndarray, actual: list[int | None]) -> pd.DataFrame:
    """Minor units per month, as ``ReplanMonths``: the plan, and two re-plans whose past is what was
    reached.

    keep_year spreads the rest of the year's total by the plan's own shares of the months left;
    keep_rate scales them by actual ÷ plan so far.
    A year already reached asks nothing more; a plan of 0 for the past leaves the rate at 1.
    """
    ahead = np.array([a is None for a in actual])
    done = sum(a for a in actual if a is not None)
    before = int(planned[~ahead].sum())
    left = planned[ahead]
    weights = left if left.sum() > 0 else np.ones(len(left))
    missing = max(0, int(planned.sum()) - done)
    rate = max(0.0, done / before) if before > 0 else 1.0
    frame = pd.DataFrame(
        {"month": months, "actual": pd.Series(actual, dtype=object), "plan": planned}
    )
    for name, rest in (("keep_year", missing), ("keep_rate", round(int(left.sum()) * rate))):
        values = np.array([0 if a is None else a for a in actual], dtype=np.int64)
        values[ahead] = split(rest, weights) if ahead.any() else values[ahead]
        frame[name] = values
    return ReplanMonths.make(dict(frame.items()))


def replan_options(months: pd.DataFrame, ahead: np.ndarray | None) -> pd.DataFrame:
    """The three options as ``ReplanOptions``. ahead: simulated totals of the months left, in minor
    units; None where nothing can be forecast.
    """
    left = months["actual"].isna()
    done = int(sum(months["actual"].dropna()))
    planned = int(months.loc[left, "plan"].sum())
    rows = []
    for option in OPTIONS:
        rest = int(months.loc[left, option].sum())
        rows.append(
            {
                "option": option,
                "remaining": rest,
                "year": done + rest,
                "change": rest / planned - 1 if planned else None,
                "chance": None if ahead is None else reached(ahead, rest),
            }
        )
    return ReplanOptions.make(rows)


def replan_members(
    book: Book, actuals: Actuals, plan: Plan | None, planned: YearFigure
) -> pd.DataFrame:
    """Regions, lines and customer types with a target of the year: what keeping it asks."""
    if plan is None:
        return ReplanMembers.make([])
    rows, today = [], book.month
    for metric, members in plan.subjects():
        target = (
            plan.get("sales", members, planned.first, planned.last)
            if metric == "sales"
            and len(members) == 1
            and members[0][0] in ("region", "product_line", "customer_type")
            else None
        )
        if (
            target is None
            or not target.target
            or members[0][1] not in actuals.members(members[0][0])
        ):
            continue
        figure = target.target
        known = actuals.history("sales", dict(members))
        history = dict(zip(known.index, known.tolist(), strict=True))
        curve = plan.curve("sales", members, planned.first, planned.last)
        done = sum(history.get(m, 0.0) for m in curve.months if m <= today)
        rest = figure * sum(s for m, s in zip(curve.months, curve.shares, strict=True) if m > today)
        needed = max(0.0, figure - done)
        rows.append(
            {
                "member": members[0][1],
                "name": say(
                    "{kind} {label}",
                    kind=kind_label(members[0][0].replace("_", " ")),
                    label=members[0][1],
                ),
                "target": figure,
                "actual": done,
                "remaining": rest,
                "needed": needed,
                "lift": needed / rest - 1 if rest else None,
            }
        )
    return ReplanMembers.make(rows)
