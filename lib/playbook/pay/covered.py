"""Which order days the plans of a book cover, and money that no plan pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.errors import Problem, SettingsProblem
from playbook.base.formats import listing, plural
from playbook.base.language import say
from playbook.base.periods import Window
from playbook.base.settings.plan_checks import in_force_days
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
        paid |= held & past.roster.holds(one, rows["rep_id"], rows["date"])
    rest = rows[~paid]
    days = tuple(sorted({d.date() for d in pd.to_datetime(rest["date"].unique())}))
    return Uncovered(days, len(rest), int(rest["amount"].sum()))


def compiled(past: History) -> None:
    """Prove that every order day of every person is covered by one plan at most, and by one where
    plans before and after cover it. What is before a person's first plan, or of people without any,
    is money no plan pays and is listed by ``uncovered``.

    Raises SettingsProblem with every person, the days, the amounts and the plans concerned.
    """
    if wrong := covered_once(past):
        raise SettingsProblem(wrong)


def covered_once(past: History) -> list[Problem]:
    """What ``compiled`` refuses, a problem for each person."""
    plans = in_force_days(past.book.settings.commission_plans)
    if all(plan.for_all for _, _, plan in plans):
        return []  # the settings alone have told
    rows = past.orders[(past.orders["amount"] > 0) & past.orders["rep_id"].notna()]
    day = rows["date"].to_numpy()
    held = np.zeros((len(plans), len(rows)), dtype=bool)
    for number, (first, last, plan) in enumerate(plans):
        held[number] = past.roster.holds(plan, rows["rep_id"], rows["date"])
        held[number] &= day >= np.datetime64(first)
        if last:
            held[number] &= day <= np.datetime64(last)
    count = held.sum(axis=0)
    covered = rows[count == 1].groupby("rep_id")["date"].agg(["min", "max"])
    known = rows["rep_id"].isin(covered.index)
    between = np.zeros(len(rows), dtype=bool)
    if len(covered):
        mine = rows["rep_id"][known]
        between[known.to_numpy()] = (
            rows["date"][known].to_numpy() > mine.map(covered["min"]).to_numpy()
        ) & (rows["date"][known].to_numpy() < mine.map(covered["max"]).to_numpy())
    return [
        *_mistakes(past, rows, count > 1, held, [plan.name for _, _, plan in plans]),
        *_mistakes(past, rows, (count == 0) & between, held, []),
    ]


def _mistakes(
    past: History, rows: pd.DataFrame, where: np.ndarray, held: np.ndarray, names: list[str]
) -> list[Problem]:
    """One problem per person: the days, lines and amount, and the plans that share them."""
    found, fmt = [], past.book.fmt
    for rep, part in rows[where].groupby("rep_id", sort=True):
        days = sorted(set(part["date"]))
        shown = listing([fmt.text(one.date(), "date") for one in days], 5)
        at = np.flatnonzero(where & (rows["rep_id"] == rep).to_numpy())
        sharing = [name for number, name in enumerate(names) if held[number, at].any()]
        said = (
            say("plans {sharing} all pay", sharing=listing(sharing))
            if sharing
            else say("no plan pays")
        )
        found.append(
            Problem(
                found=(
                    say(
                        "{said} {name} ({rep}) for {order_lines} of {amount} on {shown}",
                        said=said,
                        name=past.name(str(rep)),
                        rep=rep,
                        order_lines=plural(len(part), "order line"),
                        amount=fmt.text(money(int(part["amount"].sum())), "money.exact"),
                        shown=shown,
                    )
                ),
                expected=say("every order day of every person covered by exactly one plan"),
                try_=say(
                    "set roles, teams, reps, starts and ends so that one plan holds on each day"
                ),
                column="commission_plans",
                count=len(part),
            )
        )
    return found


def covers(past: History, plan: CommissionPlan, window: Window) -> bool:
    """Whether plans and sales on record cover the whole window."""
    first, sales = past.chain(plan)[0].starts, sales_coverage(past.book)
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
    starts = past.chain(plan)[0].starts
    raise SettingsProblem(
        Problem(
            found=(
                say(
                    "{order_lines} of {amount} in {label} on days that no commission"
                    " plan covers: {shown}",
                    order_lines=plural(found.lines, "order line"),
                    amount=fmt.text(money(found.amount), "money.exact"),
                    label=window.label,
                    shown=shown,
                )
            ),
            expected=say("every order day covered by exactly one plan"),
            try_=(
                say(
                    "write down the plan that held before '{name}' starts on {starts}"
                    " (bands at rate 0 where nothing was paid), or correct starts and"
                    " ends",
                    name=plan.name,
                    starts=starts,
                )
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
        say(
            "{amount} of {order_lines} between {days} and {days_2} is on days"
            " that no plan covers: it pays nothing, and shares of revenue that"
            " reach back so far are not given.",
            amount=fmt.money(money(found.amount)),
            order_lines=plural(found.lines, "order line"),
            days=fmt.text(found.days[0], "date"),
            days_2=fmt.text(found.days[-1], "date"),
        )
    ]
