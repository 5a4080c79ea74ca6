"""Which order days the plans of a book cover, and money that no plan pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.errors import Problem, SettingsProblem
from playbook.base.formats import listing, plural
from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan
from playbook.data.coverage import sales_coverage

from .history import History, money
from .lines import within


@dataclass(frozen=True)
class Uncovered:
    """Sales on days that no plan covers: days, number of order lines, amount [ticks]."""

    days: tuple[date, ...]
    lines: int
    amount: int


def uncovered(past: History, plan: CommissionPlan, window: Window) -> Uncovered:
    """Sales of the window on days that neither ``plan`` nor one it followed covers."""
    rows = within(past.orders, window.start, window.end)
    rows = rows[rows["amount"] > 0]
    day = rows["date"].to_numpy()
    paid = np.zeros(len(rows), dtype=bool)
    for one in past.in_force(plan):
        held = day >= np.datetime64(one.starts)
        if one.ends:
            held &= day <= np.datetime64(one.ends)
        paid |= held
    rest = rows[~paid]
    days = tuple(sorted({d.date() for d in pd.to_datetime(rest["date"].unique())}))
    return Uncovered(days, len(rest), int(rest["amount"].sum()))


def covers(past: History, plan: CommissionPlan, window: Window) -> bool:
    """Whether plans and sales on record cover the whole window."""
    first, sales = past.in_force(plan)[0].starts, sales_coverage(past.book)
    return (
        window.start is not None
        and first <= window.start
        and sales.last is not None
        and sales.covers(window.start, min(window.end, sales.last))
        and not uncovered(past, plan, window).lines
    )


def refuse_uncovered(past: History, plan: CommissionPlan, window: Window) -> None:
    """Raise SettingsProblem when a plan pays some of the window's sales and none pays others."""
    found = uncovered(past, plan, window)
    rows = within(past.orders, window.start, window.end)
    if not found.lines or found.lines == int((rows["amount"] > 0).sum()):
        return
    fmt = past.book.fmt
    shown = listing([fmt.text(day, "date") for day in found.days], 5)
    starts = past.in_force(plan)[0].starts
    raise SettingsProblem(
        Problem(
            found=(
                f"{plural(found.lines, 'order line')} of"
                f" {fmt.text(money(found.amount), 'money.exact')} in {window.label} on days that no"
                f" commission plan covers: {shown}"
            ),
            expected="every order day covered by exactly one plan",
            try_=(
                f"write down the plan that held before '{plan.name}' starts on {starts} (bands at"
                " rate 0 where nothing was paid), or correct starts and ends"
            ),
            column="commission_plans",
            count=found.lines,
        )
    )


def not_paid(past: History, plan: CommissionPlan, window: Window) -> list[str]:
    """A sentence on the window's money that no plan pays; none where every sale is covered."""
    found = uncovered(past, plan, window)
    if not found.lines:
        return []
    fmt = past.book.fmt
    return [
        f"{fmt.money(money(found.amount))} of {plural(found.lines, 'order line')} between"
        f" {fmt.text(found.days[0], 'date')} and {fmt.text(found.days[-1], 'date')} is on days that"
        " no plan covers: it pays nothing, and shares of revenue that reach back so far are not"
        " given."
    ]
