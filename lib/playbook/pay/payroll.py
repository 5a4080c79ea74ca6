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
from .periods import in_force_shares

QuotaOf = Callable[[pd.DataFrame], np.ndarray]  # groups (rep_id, period) → ticks, 0 = none


@dataclass(frozen=True)
class Payroll:
    """Paid lines of one plan.

    lines: rep_id, date, order_id, opportunity_id, customer_id, source, item (kind of pay), rule
    (position of the rule, −1 for none), amount [ticks], before and after (running total that the
    tiers look at) [ticks], period (its number), pay [minor units, whole numbers].
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
        (lambda groups: in_force_shares(groups, plan, fiscal_year_start))
        if dated and plan.prorate
        else None
    )
    state = _PayState(rows.lines, plan, minor, quotas, share)
    lines = state.lines()
    if len(rows.late):
        lines = pd.concat([lines, clawbacks(state, rows.late)], ignore_index=True)
    return Payroll(
        _sorted(lines), plan, minor, rows.unassigned, tuple(sorted(getattr(quotas, "without", ())))
    )


class _PayState:
    """Amounts of the credited lines and what they pay. ``clawbacks`` lowers the amounts, refund by
    refund; nothing else changes them.
    """

    def __init__(
        self,
        rows: pd.DataFrame,
        plan: CommissionPlan,
        minor: int,
        quotas: QuotaOf | None,
        share: QuotaOf | None = None,
    ):
        self.rows, self.plan, self.minor = rows, plan, minor
        self.group = rows["group"].to_numpy()
        self.amount = rows["amount"].to_numpy().copy()
        self.first = exact.starts(self.group)
        groups = rows.iloc[self.first][["rep_id", "period"]].reset_index(drop=True)
        self.quota = quotas(groups) if quotas and plan.needs_quota else None
        self.share = share(groups) if share else None
        if self.quota is not None and self.share is not None:
            self.quota = exact.half_even(self.quota.astype(object) * self.share, 10_000).astype(
                np.int64
            )

    def pay(self, groups: np.ndarray | None = None) -> list[tuple[str, np.ndarray, np.ndarray]]:
        """(item, rows, pay [minor units]) of tiers and of attainment, for all groups or some."""
        at = (
            np.arange(len(self.rows))
            if groups is None
            else np.flatnonzero(np.isin(self.group, groups))
        )
        which, dense = (
            np.unique(self.group[at], return_inverse=True)
            if groups is not None
            else (np.arange(len(self.first)), self.group)
        )
        rule = (
            self.rows["rule"].to_numpy()[at]
            if self.plan.rules
            else np.full(len(at), -1, dtype=np.int64)
        )
        lines, first = engine.CreditedLines(dense, self.amount[at], rule), exact.starts(dense)
        quota = None if self.quota is None else self.quota[which]
        share = None if self.share is None else self.share[which]
        paid, tiers, terms = [], None, engine.GroupTerms(quota, share)
        if self.plan.tiers:
            tiers = pay, unit = engine.tier_pay(lines, self.plan, terms)
            paid.append(
                ("commission", at, exact.round_lines(pay, unit // 10**self.minor, first, dense))
            )
        if self.plan.attainment:
            pay, unit = engine.attained_pay(lines, self.plan, terms, self.minor, tiers)
            paid.append(
                ("attainment", at, exact.round_lines(pay, unit // 10**self.minor, first, dense))
            )
        return paid

    def lines(self) -> pd.DataFrame:
        """Every line with its pay, per item."""
        after = exact.running(self._counted(), self.first, self.group)
        before = after - self._counted()
        parts = []
        for item, _at, pay in self.pay():
            part = self.rows.assign(item=item, before=before, after=after, pay=pay)
            if item == "attainment":
                part = part[part["pay"] != 0] if self.plan.tiers else part
            else:
                names = np.array([*(rule.name for rule in self.plan.rules), item], dtype=object)
                part["item"] = np.where(
                    self.amount < 0, "refund", names[self.rows["rule"].to_numpy()]
                )
            parts.append(part)
        return (
            pd.concat(parts, ignore_index=True)
            if parts
            else self.rows.assign(item="", before=0, after=0, pay=0).head(0)
        )

    def _counted(self) -> np.ndarray:
        counts = np.array([*(int(rule.counts) for rule in self.plan.rules), 1])
        return self.amount * counts[self.rows["rule"].to_numpy()]


def clawbacks(state: _PayState, late: pd.DataFrame) -> pd.DataFrame:
    """One line per refund of an earlier period: what that period would have paid without the
    amount, less what it paid.

    Refunds of one period follow each other by date and id; each is measured against the amounts the
    ones before it left.
    """
    late = late.assign(order=np.arange(len(late)), group=state.group[late["target"].to_numpy()])
    late["wave"] = late.groupby("group").cumcount()
    back = np.zeros(len(late), dtype=np.int64)
    held = _totals(state, np.unique(late["group"].to_numpy()))
    for _, wave in late.groupby("wave"):
        np.add.at(state.amount, wave["target"].to_numpy(), wave["amount"].to_numpy())
        now = _totals(state, wave["group"].to_numpy())
        back[wave["order"].to_numpy()] = [now[g] - held[g] for g in wave["group"]]
        held.update(now)
    return late.assign(item="clawback", before=0, after=0, pay=back).drop(
        columns=["order", "wave", "target"]
    )


def _totals(state: _PayState, groups: np.ndarray) -> dict[int, int]:
    """Pay of some groups [minor units]."""
    totals = dict.fromkeys((int(g) for g in groups), 0)
    for _, at, pay in state.pay(groups):
        first = exact.starts(state.group[at])
        for group, sum_ in zip(state.group[at][first], exact.group_sum(pay, first), strict=True):
            totals[int(group)] += int(sum_)
    return totals


def _sorted(lines: pd.DataFrame) -> pd.DataFrame:
    """By rep, day and order, as a statement reads."""
    order = np.lexsort((lines["date"].to_numpy(), lines["rep_number"].to_numpy()))
    lines = lines[[*KEPT, "item", "before", "after", "pay"]]
    return lines if (order[1:] > order[:-1]).all() else lines.take(order).reset_index(drop=True)
