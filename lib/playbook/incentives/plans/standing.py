"""Where a rep stands in the running period: how far the next step is, and what the next deal
earns.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.base.settings.plan_parts import Band
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.pay.history import History, minor_money, money
from playbook.pay.lines import credited_once, within
from playbook.pay.payroll import BEYOND, Payroll
from playbook.pay.periods import in_force_share, period_span
from playbook.pay.plan_choice import round_number
from playbook.pay.quota import Quotas
from playbook.pay.tiers import attainment_pay, bands, payout, reached, stretched, to_money


@dataclass(frozen=True)
class PlanTerms:
    """A plan in one period: its bands in money, the rep's quota, and the part of the period it is
    in force.
    """

    plan: CommissionPlan
    quota: Decimal | None = None
    share: Fraction = Fraction(1)

    def steps(self) -> list[Band]:
        """Bands as they hold in this period."""
        steps = (
            bands(self.plan, self.quota)
            if self.plan.tiers_of == "amount" or self.quota
            else self.plan.tiers[:0]
        )
        return steps if self.plan.tiers_of == "quota" else stretched(steps, self.share)

    def next_edge(self, amount: Decimal) -> Decimal | None:
        """The next amount above ``amount`` at which pay changes its rate or jumps: a band, the
        threshold, a level of the quota.

        A band begins just above its edge, a level with it.
        """
        found = {band.lower for band in self.steps() if band.lower > 0 and band.lower >= amount}
        if self.quota:
            parts = (
                [level.at for level in self.plan.attainment.levels] if self.plan.attainment else []
            )
            found |= {
                part * self.quota
                for part in [*parts, self.plan.threshold]
                if part and part * self.quota > amount
            }
        return min(found, default=None)

    def pay(self, amount: Decimal) -> Fraction:
        """What the period pays for ``amount`` at the plain rates, before the cap."""
        steps, paid = self.steps(), Fraction(0)
        if steps and not (
            self.plan.threshold and self.quota and amount < self.plan.threshold * self.quota
        ):
            paid += Fraction(
                payout(amount, self.plan.model_copy(update={"tiers": steps, "tiers_of": "amount"}))
            )
        if self.plan.attainment and self.quota:
            paid += attainment_pay(amount, self.plan, self.quota)
        return paid

    def promise(self, amount: Decimal) -> Decimal:
        """``pay`` within the cap and not below the guarantee, rounded to what a page prints exactly
        [currency].
        """
        paid = self.pay(amount)
        paid = paid if self.plan.cap is None else min(paid, Fraction(self.plan.cap))
        return to_money(max(paid, Fraction(self.plan.floor)), 4)

    def ends(self) -> list[Decimal]:
        """Every amount at which pay changes its rate or jumps, rising."""
        found, amount = [], self.next_edge(Decimal(0))
        while amount is not None:
            found.append(amount)
            amount = self.next_edge(amount + Decimal("0.0001"))
        return found

    def pay_line(self, top: float) -> pd.DataFrame:
        """Amount and pay from nothing to ``top`` [currency], for drawing: a gap stands at each
        cliff, so that a jump is not drawn as a slope.
        """
        cent, ends = Decimal("0.01"), [end for end in self.ends() if end < Decimal(str(top))]
        at = sorted(
            {Decimal(str(round(v, 2))) for v in np.linspace(0, top, 200)}
            | {end + step for end in ends for step in (-cent, Decimal(0), cent) if end + step >= 0}
        )
        amounts: list[float] = []
        pays: list[float] = []
        for amount in at:
            pay = float(self.promise(amount))
            if amounts and float(amount) - amounts[-1] < 0.015 and abs(pay - pays[-1]) > 0.05:
                amounts.append(float(amount))
                pays.append(float("nan"))
            amounts.append(float(amount))
            pays.append(pay)
        return pd.DataFrame({"amount": amounts, "pay": pays})

    def rate(self, amount: Decimal) -> Decimal | None:
        steps = self.steps()
        return reached(amount, steps).rate if steps else None


def standing(reps: list[str], paid: Payroll, past: History, deal: Decimal) -> pd.DataFrame:
    """One row per rep for the period of the as-of date.

    Returns
    -------
    rep_id, total [running total the tiers look at], quota [None without], band_rate [share], edge
    [the next amount at which pay changes], to_next [money to it],
    next_deal [what one more order of ``deal`` adds to the tier and attainment pay, at the plain
    rates and within the cap].
    """
    plan, number = paid.plan, past.period_now(paid.plan)
    if plan.accumulate == "deal":
        return pd.DataFrame(
            [
                {
                    "rep_id": rep,
                    "total": Decimal(0),
                    "quota": None,
                    "band_rate": None,
                    "edge": None,
                    "to_next": None,
                    "next_deal": to_money(PlanTerms(plan).pay(deal), past.minor),
                }
                for rep in reps
            ]
        )
    share = in_force_share(number, plan, past.fiscal_year_start) if plan.prorate else Fraction(1)
    quota = (
        dict(
            zip(
                reps,
                Quotas(past.book, plan, past.people, strict=False)(
                    pd.DataFrame({"rep_id": reps, "period": number})
                ),
                strict=True,
            )
        )
        if plan.needs_quota
        else {}
    )
    now = paid.lines[paid.lines["period"] == number]
    own = now[~now["item"].isin(["clawback", BEYOND])]
    running = own[credited_once(own, plan)].groupby("rep_id")["after"].last()
    earned = own.groupby("rep_id")["pay"].sum()
    rows = []
    for rep in reps:
        terms = PlanTerms(
            plan, part_of(money(quota[rep]), share) if quota.get(rep) else None, share
        )
        total = money(running.get(rep, 0))
        edge = terms.next_edge(total)
        more = to_money(terms.pay(total + deal) - terms.pay(total), past.minor)
        if plan.cap is not None:
            more = min(
                more,
                max(
                    part_of(plan.cap, share) - minor_money(earned.get(rep, 0), past.minor),
                    Decimal(0),
                ),
            )
        rows.append(
            {
                "rep_id": rep,
                "total": total,
                "quota": terms.quota,
                "band_rate": terms.rate(total),
                "edge": edge,
                "to_next": None if edge is None else edge - total,
                "next_deal": more,
            }
        )
    return pd.DataFrame(rows).astype(object).where(lambda f: f.notna(), None)


def part_of(value: Decimal, share: Fraction) -> Decimal:
    """A share of an amount, to 28 digits."""
    return value * share.numerator / share.denominator


def typical_terms(past: History, plan: CommissionPlan) -> PlanTerms | None:
    """The plan at a typical quota (the median of those paid in the last twelve months, as a round
    number); None when it pays for no amount, or asks for quotas and there are none.
    """
    if not plan.tiers and plan.attainment is None:
        return None
    if not plan.needs_quota:
        return PlanTerms(plan)
    window = past.book.window("trailing_12m")
    reps = sorted(set(within(past.prepared_lines(plan).lines, window.start, window.end)["rep_id"]))
    groups = pd.DataFrame({"rep_id": reps, "period": past.period_now(plan)})
    known = [q for q in Quotas(past.book, plan, past.people, strict=False)(groups) if q > 0]
    return (
        PlanTerms(plan, Decimal(round_number(float(np.median(known)) / TICKS))) if known else None
    )


def period_end(past: History, plan: CommissionPlan):
    """Last day of the period the as-of date lies in."""
    return (
        past.book.as_of
        if plan.accumulate == "deal"
        else period_span(past.period_now(plan), plan.accumulate, past.fiscal_year_start)[1]
    )
