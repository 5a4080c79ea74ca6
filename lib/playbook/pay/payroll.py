"""From credited lines to paid lines: every line with its rule and its pay, exact to the cent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.settings import TierTable
from playbook.base.settings.plans import CommissionPlan
from playbook.methods import exact

from . import engine
from .lines import KEPT, PreparedLines, prepared_lines, within
from .periods import in_force_days
from .reversals import net_amounts, pay_by_event

BEYOND = "refund beyond the sale"  # exception: more was asked back than was sold
QuotaOf = Callable[[pd.DataFrame], np.ndarray]  # groups (rep_id, period) → ticks, 0 = none


@dataclass(frozen=True)
class Payroll:
    """Paid lines of one plan.

    lines: rep_id, date, order_id, opportunity_id, customer_id, source, item (kind of pay), rule
    (position of the rule, −1 for none), amount [ticks], before and after (running total that the
    tiers look at; of a clawback the total of the sale's period) [ticks], period (its number),
    sale_period (of the sale that the line pays or takes back), quota (of a full period, 0 for none)
    and beyond (what a refund asks for beyond its sale) [ticks], pay [minor units, whole numbers].
    """

    lines: pd.DataFrame
    plan: CommissionPlan
    minor: int
    unassigned: pd.DataFrame  # credited lines no one is paid for: their rep is unknown
    without: tuple[
        str, ...
    ] = ()  # reps paid in the last twelve months without the quota the plan asks for

    def total(self, start: date | None = None, end: date | None = None) -> int:
        """Pay of the lines dated in the span [minor units]."""
        return int(within(self.lines, start, end)["pay"].sum())


def payroll(
    orders: pd.DataFrame,
    plan: CommissionPlan,
    *,
    fiscal_year_start: int = 1,
    minor: int = 2,
    quotas: QuotaOf | None = None,
    tiers: TierTable | None = None,
    dated: bool = False,
    prepared: PreparedLines | None = None,
) -> Payroll:
    """Pay every order line under ``plan``.

    Parameters
    ----------
    orders : lines of ``measures.credits.credits`` to the as-of date
    minor : decimals of the currency's minor unit
    quotas : quota of each rep and period, for plans that need one
    dated : only lines on days the plan is in force; else as if it had always been
    prepared : what ``ready`` gives for the same arguments, when it is at hand

    A refund in the period of its sale is a negative line; a later one claws back the difference it
    makes to the sale's own period.
    """
    rows = prepared or prepared_lines(
        orders, plan, fiscal_year_start=fiscal_year_start, tiers=tiers, dated=dated
    )
    share = (
        (lambda groups: in_force_days(groups, plan, fiscal_year_start))
        if dated and plan.prorate
        else None
    )
    state = _PayState(rows.lines, plan, minor, quotas, share)
    parts = [state.lines()]
    if len(rows.late):
        parts.append(clawbacks(state, rows.late))
    if len(rows.beyond):
        parts.append(rows.beyond.assign(item=BEYOND, amount=0, before=0, after=0, quota=0, pay=0))
    lines = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    return Payroll(
        _sorted(lines), plan, minor, rows.unassigned, tuple(sorted(getattr(quotas, "without", ())))
    )


class _PayState:
    """Amounts of the credited lines and what they pay. ``net`` holds them with the refunds of the
    period taken off; ``clawbacks`` lowers it further, refund by refund.
    """

    def __init__(
        self,
        rows: pd.DataFrame,
        plan: CommissionPlan,
        minor: int,
        quotas: QuotaOf | None,
        days: Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray]] | None = None,
    ):
        self.rows, self.plan, self.minor = rows, plan, minor
        self.group = rows["group"].to_numpy()
        self.amount, self.target = rows["amount"].to_numpy(), rows["target"].to_numpy()
        self.net = net_amounts(self.amount, self.target)
        self.first = exact.starts(self.group)
        groups = rows.iloc[self.first][["rep_id", "period"]].reset_index(drop=True)
        self.terms = engine.GroupTerms(
            quotas(groups) if quotas and plan.needs_quota else None, days(groups) if days else None
        )

    def pay(self) -> list[tuple[str, np.ndarray]]:
        """(item, pay of every line [minor units]) of tiers and of attainment."""
        rule = self._rule(slice(None))
        lines = engine.CreditedLines(self.group, self.amount, rule)
        paid, tiers = [], None
        if self.plan.tiers:
            tiers = pay_by_event(lines, self.target, self.plan, self.terms)
            paid.append(("commission", self._rounded(*tiers, self.first, self.group)))
        if self.plan.attainment:
            made = engine.attained_pay(lines, self.plan, self.terms, self.minor, tiers)
            paid.append(("attainment", self._rounded(*made, self.first, self.group)))
        return paid

    def totals(self, groups: np.ndarray) -> dict[int, tuple[int, int]]:
        """Of some groups as they stand, refunds taken off: pay [minor units] and the running total
        that the tiers look at [ticks].
        """
        at = np.flatnonzero(np.isin(self.group, groups))
        which, dense = np.unique(self.group[at], return_inverse=True)
        lines = engine.CreditedLines(dense, self.net[at], self._rule(at))
        first, terms, tiers = exact.starts(dense), self.terms.take(which), None
        pay = np.zeros(len(which), dtype=np.int64)
        if self.plan.tiers:
            tiers = engine.tier_pay(lines, self.plan, terms)
            pay += exact.group_sum(self._rounded(*tiers, first, dense), first)
        if self.plan.attainment:
            made = engine.attained_pay(lines, self.plan, terms, self.minor, tiers)
            pay += exact.group_sum(self._rounded(*made, first, dense), first)
        counted = exact.group_sum(self._counted(self.net[at], at), first)
        return {int(g): (int(p), int(c)) for g, p, c in zip(which, pay, counted, strict=True)}

    def _rounded(self, pay, unit: int, first: np.ndarray, group: np.ndarray) -> np.ndarray:
        return exact.round_lines(pay, unit // 10**self.minor, first, group)

    def _rule(self, at) -> np.ndarray:
        rule = self.rows["rule"].to_numpy()[at]
        return rule if self.plan.rules else np.full(len(rule), -1, dtype=np.int64)

    def lines(self) -> pd.DataFrame:
        """Every line with its pay, per item."""
        counted = self._counted(self.amount, slice(None))
        after = exact.running(counted, self.first, self.group)
        quota = 0 if self.terms.quota is None else self.terms.quota[self.group]
        rows = self.rows.assign(
            before=after - counted, after=after, sale_period=self.rows["period"], quota=quota
        )
        parts = []
        for item, pay in self.pay():
            part = rows.assign(item=item, pay=pay)
            if item == "attainment":
                part = part[part["pay"] != 0] if self.plan.tiers else part
            else:
                names = np.array([*(rule.name for rule in self.plan.rules), item], dtype=object)
                part["item"] = np.where(
                    self.amount < 0, "refund", names[self.rows["rule"].to_numpy()]
                )
            parts.append(part)
        return pd.concat(parts, ignore_index=True) if parts else rows.assign(item="", pay=0).head(0)

    def _counted(self, amount: np.ndarray, at) -> np.ndarray:
        counts = np.array([*(int(rule.counts) for rule in self.plan.rules), 1])
        return amount * counts[self._rule(at)]


def clawbacks(state: _PayState, late: pd.DataFrame) -> pd.DataFrame:
    """One line per refund of an earlier period: what that period would have paid without the
    amount, less what it paid.

    Refunds of one period follow each other by date and id; each is measured against the amounts the
    ones before it left.
    """
    late = late.assign(order=np.arange(len(late)), group=state.group[late["target"].to_numpy()])
    late["wave"] = late.groupby("group").cumcount()
    made = np.zeros((3, len(late)), dtype=np.int64)  # before, after, pay
    held = state.totals(np.unique(late["group"].to_numpy()))
    for _, wave in late.groupby("wave"):
        np.add.at(state.net, wave["target"].to_numpy(), wave["amount"].to_numpy())
        now = state.totals(wave["group"].to_numpy())
        made[:, wave["order"].to_numpy()] = [
            [held[g][1] for g in wave["group"]],
            [now[g][1] for g in wave["group"]],
            [now[g][0] - held[g][0] for g in wave["group"]],
        ]
        held.update(now)
    target, quota = late["target"].to_numpy(), state.terms.quota
    return late.assign(
        item="clawback",
        before=made[0],
        after=made[1],
        pay=made[2],
        sale_period=state.rows["period"].to_numpy()[target],
        quota=0 if quota is None else quota[state.group[target]],
    ).drop(columns=["order", "wave", "target"])


def _sorted(lines: pd.DataFrame) -> pd.DataFrame:
    """By rep, day and order, as a statement reads."""
    order = np.lexsort((lines["date"].to_numpy(), lines["rep_number"].to_numpy()))
    lines = lines[[*KEPT, "item", "before", "after", "sale_period", "quota", "pay"]]
    return lines if (order[1:] > order[:-1]).all() else lines.take(order).reset_index(drop=True)
