"""Refunds inside a period: what the period pays without the amount, less what it paid.

Where every line of a band pays the same rate, the running total says it all, and a refund may stand
as a negative line. Where rules make lines of one period pay at different rates, taking one back
moves those after it to another band; the period is then worked out anew at every refund.
"""

from __future__ import annotations

import numpy as np

from playbook.base.settings.plans import CommissionPlan
from playbook.methods import exact

from .engine import CreditedLines, GroupTerms, edge_parts, tier_pay


def pay_by_event(
    lines: CreditedLines, target: np.ndarray, plan: CommissionPlan, terms: GroupTerms
) -> tuple[np.ndarray, int]:
    """``engine.tier_pay`` with every refund inside its sale's period paid as the difference it
    makes to the period.

    target: position of the line that a refund takes back, −1 for the others.
    """
    pay, unit = tier_pay(lines, plan, terms)
    if not order_matters(plan) or not (target >= 0).any():
        return pay, unit
    first = exact.starts(lines.group)
    touched = np.unique(lines.group[target >= 0])
    ends = np.r_[first[1:], len(lines)]
    states, group, rule, amounts = [], [], [], []
    for one in touched:
        start, end = int(first[one]), int(ends[one])
        refunds = start + np.flatnonzero(target[start:end] >= 0)
        amount = np.where(target[start:end] >= 0, 0, lines.amount[start:end])
        for upto, refund in zip([*refunds, end], [-1, *refunds], strict=True):
            if refund >= 0:
                amount = amount.copy()
                amount[target[refund] - start] += lines.amount[refund]
            states.append((start, int(refund), int(upto)))
            group.append(np.full(upto - start, len(states) - 1))
            rule.append(lines.rule[start:upto])
            amounts.append(amount[: upto - start])
    made = CreditedLines(np.concatenate(group), np.concatenate(amounts), np.concatenate(rule))
    which = lines.group[[start for start, _, _ in states]]
    again, _ = _fitted(made, plan, terms.take(which), edge_parts(plan, terms))
    return _replaced(pay, again, states), unit


def order_matters(plan: CommissionPlan) -> bool:
    """Whether lines of one band of a period may pay at different rates."""
    return plan.mode == "marginal" and any(
        rule.times != 1 or rule.rate is not None for rule in plan.rules
    )


def net_amounts(amount: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Amounts with the refunds inside a period taken off the lines they take back."""
    net, refund = amount.copy(), target >= 0
    net[refund] = 0
    np.add.at(net, target[refund], amount[refund])
    return net


def _fitted(lines: CreditedLines, plan: CommissionPlan, terms: GroupTerms, scale: int):
    """States without a line have no group; the others are numbered densely for the engine."""
    present, dense = np.unique(lines.group, return_inverse=True)
    return tier_pay(
        CreditedLines(dense, lines.amount, lines.rule), plan, terms.take(present), scale
    )


def _replaced(pay: np.ndarray, again: np.ndarray, states: list[tuple[int, int, int]]) -> np.ndarray:
    """``pay`` with the lines of the groups worked out anew. states: (start, refund, end) of each
    state of a group, in the order of ``again``.
    """
    pay = pay.astype(object) if again.dtype == object else pay.copy()
    at, held = 0, 0
    for start, refund, upto in states:
        part = again[at : at + upto - start]
        at += upto - start
        if refund < 0:
            pay[start:upto] = part
        else:  # the difference to the lines before, and the new lines after the refund
            pay[refund] = part[: refund - start].sum() - held
            pay[refund + 1 : upto] = part[refund - start + 1 :]
        held = part.sum()
    return pay
