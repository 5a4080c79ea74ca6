"""Where a rep stands in the running period: how far the next step of the plan is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.pay.amounts import as_decimal
from playbook.pay.bands import rising
from playbook.pay.history import History, money
from playbook.pay.lines import credited_once, within
from playbook.pay.payroll import BEYOND, Payroll
from playbook.pay.period_pay import PeriodPay
from playbook.pay.periods import days_in_force_of, period_span
from playbook.pay.plan_choice import round_number
from playbook.pay.quota import Quotas

FIELDS = ("rep_id", "total", "quota", "band_rate", "edge", "to_next")


def standing(reps: list[str], paid: Payroll, past: History) -> pd.DataFrame:
    """One row per rep for the period of the as-of date, from the lines and terms of the engine.

    Returns
    -------
    rep_id, total [running total the tiers look at], quota [None without], band_rate [share], edge
    [the next amount at which pay changes], to_next [money to it].
    """
    plan, number = paid.plan, past.period_now(paid.plan)
    if plan.accumulate == "deal":
        rows = [dict.fromkeys(FIELDS) | {"rep_id": rep, "total": Decimal(0)} for rep in reps]
        return pd.DataFrame(rows, columns=list(FIELDS)).astype(object)
    now = paid.lines[paid.lines["period"] == number]
    own = now[~now["item"].isin(["clawback", BEYOND])]
    last = own[_looked_at(own, plan)].groupby("rep_id")[["after", "band"]].last()
    bands, terms = rising(plan), terms_of(reps, paid.plan, past)
    rows = []
    for rep in reps:
        after, band = last.loc[rep] if rep in last.index else (0, 0)
        here, total = terms[rep], money(int(after))
        edge = here.next_edge(total)
        rate = as_decimal(bands[max(int(band), 0)].share) if bands else None
        rows.append(
            {
                "rep_id": rep,
                "total": total,
                "quota": here.own_quota and as_decimal(here.own_quota),
                "band_rate": rate,
                "edge": edge,
                "to_next": None if edge is None else edge - total,
            }
        )
    made = pd.DataFrame(rows, columns=list(FIELDS)).astype(object)
    return made.where(lambda frame: frame.notna(), None)


def _looked_at(lines: pd.DataFrame, plan: CommissionPlan) -> np.ndarray:
    """The lines that hold the total steps look at: the tiers', else the first measure of
    revenue's.
    """
    part = plan.attainment
    if plan.tiers or part is None or part.matrix or not part.measures:
        return credited_once(lines, plan)
    names = [f"attainment: {one.name}" for one in part.measures if one.of == "revenue"]
    return lines["item"].isin(names[:1]).to_numpy()


@dataclass(frozen=True)
class MeasureSoFar:
    """One measure of the quota in the running period: what has been reached [currency, pieces or
    customers, by ``of``] of the quota of the part in force.
    """

    name: str
    of: str
    total: Decimal
    quota: Decimal


def measures_so_far(paid: Payroll, past: History) -> dict[str, list[MeasureSoFar]]:
    """Rep id → the measures of the plan's quota in the period of the as-of date, as the engine
    counts them; empty for plans without several.
    """
    plan, state = paid.plan, paid.state
    part = plan.attainment
    if state is None or part is None or not part.measures or not len(state.rows):
        return {}
    number = past.period_now(plan)
    group = state.credit.group
    last = np.flatnonzero(np.r_[group[1:] != group[:-1], True])
    last = last[(state.rows["period"].to_numpy() == number)[last]]
    share = Fraction(1)
    if plan.prorate and plan.change == "prorate" and plan.accumulate != "deal":
        share = Fraction(*days_in_force_of(number, plan, past.fiscal_year_start))
    reached = {one.name: one for many in state.reached.values() for one in many}
    return {
        rep: [
            MeasureSoFar(
                one.name,
                one.of,
                money(int(reached[one.name].total[at])),
                as_decimal(Fraction(int(reached[one.name].quota[at]), TICKS) * share),
            )
            for one in part.measures
            if one.name in reached
        ]
        for rep, at in zip(state.reps[group[last]], last, strict=True)
    }


def terms_of(reps: list[str], plan: CommissionPlan, past: History) -> dict[str, PeriodPay]:
    """Rep id → the plan in the period of the as-of date, with the rep's quota."""
    number = past.period_now(plan)
    days = (1, 1)
    if plan.prorate and plan.change == "prorate" and plan.accumulate != "deal":
        days = days_in_force_of(number, plan, past.fiscal_year_start)
    quotas: list[Decimal | None] = [None] * len(reps)
    if plan.needs_quota:
        groups = pd.DataFrame({"rep_id": reps, "period": number})
        found = Quotas(past.book, plan, past.people, strict=False)(groups)
        quotas = [money(int(quota)) if quota else None for quota in found]
    margin = margin_share(past) if "gross_margin" in plan.measured else None
    return {
        rep: PeriodPay(plan, quota, days, past.minor, margin)
        for rep, quota in zip(reps, quotas, strict=True)
    }


def margin_share(past: History) -> Fraction | None:
    """Margin of the orders of the last twelve months whose cost is known; None where none is."""
    window = past.book.window("trailing_12m")
    rows = within(past.orders, window.start, window.end)
    if "cost" not in rows:
        return None
    rows = rows[rows["cost"].notna()]
    amount = int(rows["amount"].sum())
    return Fraction(amount - int(rows["cost"].sum()), amount) if amount > 0 else None


def typical_terms(past: History, plan: CommissionPlan) -> PeriodPay | None:
    """The plan at a typical quota (the median of those paid in the last twelve months, as a round
    number); None when it pays for no amount, or asks for quotas and there are none.
    """
    if not plan.tiers and plan.attainment is None:
        return None
    margin = margin_share(past) if "gross_margin" in plan.measured else None
    made = PeriodPay(plan, minor=past.minor, margin=margin)
    if plan.needs_quota:
        window = past.book.window("trailing_12m")
        lines = past.prepared_lines(plan).credited(window.start, window.end)
        reps = sorted(set(lines["rep_id"].unique()))
        groups = pd.DataFrame({"rep_id": reps, "period": past.period_now(plan)})
        of = Quotas(past.book, plan, past.people, strict=False)
        known = [quota for quota in of(groups) if quota > 0]
        if not known:
            return None
        quota = Decimal(round_number(float(np.median(known)) / TICKS))
        made = PeriodPay(plan, quota, minor=past.minor, margin=margin)
    return made if made.pays_amounts else None


def period_end(past: History, plan: CommissionPlan) -> date:
    """Last day of the period the as-of date lies in."""
    return (
        past.book.as_of
        if plan.accumulate == "deal"
        else period_span(past.period_now(plan), plan.accumulate, past.fiscal_year_start)[1]
    )
