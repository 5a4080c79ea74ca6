"""Pay of many credited lines at once, exact: each line earns what it adds to its group's cumulative
pay.

A *group* is one rep in one accumulation period (or one deal). Money is counted in whole numbers:
amounts in ticks (ten-thousandths of a currency unit), rates in the least part that holds every rate
of the plan exactly, pay in the product of both. Nothing is rounded before ``exact.round_lines``.

Every pay of the product comes from here: statements, attainment, budgets, simulated years.
"""

from __future__ import annotations

import numpy as np

from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.methods import exact

from .bands import Rates, along, edge_parts, edges_of, rates_of, reached
from .limits import deal_limited, limited, modifier_unit
from .steps import Steps
from .terms import CreditedLines, GroupTerms


def tier_pay(
    lines: CreditedLines,
    plan: CommissionPlan,
    terms: GroupTerms = GroupTerms(),
    scale: int | None = None,
    write: list[Steps] | None = None,
) -> tuple[np.ndarray, int]:
    """Exact pay of every line from the tiers and rules, and the units in one currency unit it is
    counted in.

    scale: parts of a tick that edges and cap are counted in, so that shares of a period are exact;
    default: ``edge_parts`` of the plan and terms. write: takes how the lines come to it.

    Returns
    -------
    (pay, unit): pay[i] / unit is what line i adds to its group's pay [currency]; int64, or Python
    integers where those would not fit.
    """
    rates = rates_of(plan)
    scale = edge_parts(plan, terms) if scale is None else scale
    unit = TICKS * rates.unit * rates.times_unit * scale
    amount = _fitting(lines, plan, rates, terms, unit * modifier_unit(plan))
    amount = amount if scale == 1 else amount * scale
    first = exact.starts(lines.group)
    ruled = bool(plan.rules) or bool((lines.rule >= 0).any())
    times, points, counts = (
        np.array(effect, dtype=amount.dtype)[lines.rule + 1] if ruled else int(effect[0])
        for effect in (rates.times, rates.points, rates.counts)
    )
    base = amount * counts if ruled else amount
    after = exact.running(base, first, lines.group)
    if terms.carried is not None:
        after = after + exact.times(terms.carried, scale)[lines.group]
    before = after - base
    edges = edges_of(plan, terms, len(first), scale)
    edges = edges[:, lines.group] if edges.shape[1] != 1 else edges
    band = reached(edges, after)
    path = np.asarray(rates.path_of)[band] if len(rates.paths) > 1 else np.zeros_like(band)
    steps = Steps(before, after, band, path, times, points, edges, rates, scale, amount)
    pay = _by_paths(plan, terms, steps, lines, first)
    steps.pay.append(("rates", pay))
    if plan.deal_cap is not None or plan.deal_floor:
        pay = deal_limited(pay, steps, lines, plan, unit, first)
    pay, factor = limited(pay, steps, lines, plan, terms, unit, first)
    if write is not None:
        write.append(steps)
    return pay, unit * factor


def _by_paths(
    plan: CommissionPlan, terms: GroupTerms, steps: Steps, lines: CreditedLines, first: np.ndarray
) -> np.ndarray:
    """What each line adds to the pay at the rates of the bands, and at its own points."""
    before, after, times = steps.before, steps.after, steps.times
    if plan.threshold and plan.threshold_from == "excess":
        least = least_total(plan, terms, steps.scale)[lines.group]
        steps.below = (before != after) & ((before < least) | (after < least))
        before, after = np.maximum(before, least), np.maximum(after, least)
    rates = steps.rates
    plain = terms.carried is None and plan.threshold_from == "first"
    if len(rates.paths) == 1:
        earned = along(rates.paths[0], steps.edges, after)
        if plain:  # a total of nought pays nothing, so a group's first line adds all
            earned = exact.increments(earned, first)
        else:
            earned = earned - along(rates.paths[0], steps.edges, before)
        pay = earned * times
    elif rates.even:  # one rate on everything: the running sum of weighted amounts, times the rate
        reached_rate = np.array([path[0] for path in rates.paths])[steps.path]
        weighted = exact.running((after - before) * times, first, lines.group)
        pay = exact.increments(reached_rate.astype(after.dtype) * weighted, first)
    else:
        total = np.zeros(len(after), dtype=after.dtype)
        for number, each in enumerate(rates.paths):
            here = steps.path == number
            if not here.any():
                continue
            earned = along(each, steps.edges, after) - along(each, steps.edges, before)
            upto = exact.running(earned * times, first, lines.group)
            total[here] = upto[here]
        pay = exact.increments(total, first)
    points = steps.points
    if isinstance(points, np.ndarray):
        amount = lines.amount if steps.scale == 1 else exact.times(lines.amount, steps.scale)
        pay = pay + amount * points
    return pay


def least_total(plan: CommissionPlan, terms: GroupTerms, scale: int) -> np.ndarray:
    """The total from which the tiers pay, per group, in ``scale`` parts of a tick."""
    top, bottom = plan.threshold.as_integer_ratio()
    return terms.share_of(exact.times(terms.quota, top), scale // bottom)


def _fitting(
    lines: CreditedLines, plan: CommissionPlan, rates: Rates, terms: GroupTerms, unit: int
) -> np.ndarray:
    """Amounts as int64 when every product is sure to fit, else as Python integers."""
    most = sum(abs(int(v)) for v in (lines.amount.max(initial=0), lines.amount.min(initial=0)))
    largest = (
        exact.group_sum(np.abs(lines.amount), exact.starts(lines.group)).max(initial=0)
        if most < exact.SAFE // max(len(lines), 1)
        else most * len(lines)
    )
    if terms.carried is not None:
        largest = int(largest) + int(np.abs(terms.carried).max(initial=0))
    steep = max(max(abs(rate) for path in rates.paths for rate in path) / rates.unit, 1)
    steep *= max(max(rates.times) / rates.times_unit, 1)
    steep += max(abs(p) for p in rates.points) / (rates.unit * rates.times_unit)
    steep *= max([float(step.times) for step in plan.modifier] + [1.0])
    fits = int(largest) * int(steep + 1) * (unit // TICKS) * max(len(plan.tiers), 1) < exact.SAFE
    return lines.amount if fits else lines.amount.astype(object)
