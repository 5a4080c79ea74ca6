"""The plan in force as frames: month by member, what parts add up to, and people's quotas."""

from __future__ import annotations

import pandas as pd

from playbook.base.contracts import Frame, money, month, number, text
from playbook.base.periods import Month, months_between
from playbook.data.book import Book

from .people import reps
from .plan import Plan, plan_of
from .targets import KEYS


class MonthTargets(Frame):
    """One row per month and member of a dimension, in the unit of the metric."""

    month = month("the month")
    member = text("member of the dimension; empty for the company")
    target = number("target of the month in force on the as-of date")
    original = number("target as the table of targets has it; missing where it has none")


class PlanSums(Frame):
    """What the targets of parts add up to, beside the target of the whole, in one span."""

    of = text("the whole: a region, a team, or empty for the company")
    by = text("dimension of the parts: region, product_line, customer_type, rep, team")
    target = money("sales target of the whole in force in the span")
    parts = money("sum of the targets of its parts")
    difference = money("parts − target")


def month_targets(book: Book, metric: str = "sales", dimension: str | None = None) -> pd.DataFrame:
    """The plan in force by month and member, as ``MonthTargets``; no rows without targets.

    dimension: region, product_line, customer_type, rep or team; None for the company.
    """
    if not book.has("targets", "period", "metric", "target"):
        return MonthTargets.make([])
    plan = plan_of(book)
    wanted = () if dimension is None else (dimension,)
    rows = []
    for name, members in plan.subjects():
        if name == metric and tuple(key for key, _ in members) == wanted:
            before = plan.original_months(metric, members)
            rows += [
                {
                    "month": one,
                    "member": members[0][1] if members else "",
                    "target": amount,
                    "original": before.get(one),
                }
                for one, amount in plan.months(metric, members).items()
            ]
    return MonthTargets.make(rows)


def sales_targets(book: Book, dimension: str | None = None) -> dict[str | None, dict[Month, float]]:
    """Sales targets in force: member of the dimension (None = the company) → month → amount.

    Where a book gives no target of that cut, those of the next finer one are summed.
    """
    found: dict[str | None, dict[Month, float]] = {}
    frame = month_targets(book, "sales", dimension)
    for row in frame.to_dict("records"):
        found.setdefault(row["member"] or None, {})[row["month"]] = float(row["target"])
    return found


def plan_sums(book: Book, first: Month, last: Month) -> pd.DataFrame:
    """Whether sales targets of parts add up to their whole from first to last, as ``PlanSums``:
    each dimension against the company, people against their region and team. A part counts with
    the months it has a target for; the whole needs one for each month.
    """
    if not book.has("targets", "period", "metric", "target"):
        return PlanSums.make([])
    plan = plan_of(book)
    span = months_between(first, last)
    totals = {
        dimension: {
            members[0][1]: amount
            for name, members in plan.subjects()
            if name == "sales" and tuple(key for key, _ in members) == (dimension,)
            if (amount := _total(plan, members, span, some=True)) is not None
        }
        for dimension in KEYS
    }
    rows = []
    company = _total(plan, (), span)
    if company is not None:
        rows += [
            _row("", by, company, sum(parts.values())) for by, parts in totals.items() if parts
        ]
    people = reps(book)
    for key in ("region", "team"):
        home = dict(zip(people["rep_id"], people[key], strict=True))
        for member in totals[key]:
            target = _total(plan, ((key, member),), span)
            mine = [amount for rep, amount in totals["rep"].items() if home.get(rep) == member]
            if mine and target is not None:
                rows.append(_row(member, "rep", target, sum(mine)))
    return PlanSums.make(rows)


def _total(plan: Plan, members: tuple, span: list[Month], *, some: bool = False) -> float | None:
    months = plan.months("sales", members)
    known = [months[one] for one in span if one in months]
    return sum(known) if known and (some or len(known) == len(span)) else None


def _row(of: str, by: str, target: float, parts: float) -> dict:
    return {
        "of": of,
        "by": by,
        "target": target,
        "parts": parts,
        "difference": round(parts - target, 6),
    }
