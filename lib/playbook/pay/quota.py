"""Quotas: what a rep is expected to bring in an accumulation period, from the plan, the targets
table, or the plan's default.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pandas as pd

from playbook.base.errors import Problem, SettingsProblem
from playbook.base.formats import listing
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.base.settings.plan_quota import QuotaFrom
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.data.measures.credits import TICKS
from playbook.data.measures.plan import plan_of

from .periods import period_number, period_span


class Quotas:
    """Quotas of groups (rep_id, period) in ticks: ``Quotas(book, plan, reps)(groups)``.

    A rep's own quota in the plan comes first, then the target in force (metric sales, by rep), then
    the plan's default; new hires'
    quotas are ramped. strict: a rep paid in the last twelve months without any is refused
    (SettingsProblem); else, and in periods that
    ended before, which only refunds can still touch, a quota no one set is none and ``without``
    names the reps.
    """

    def __init__(
        self, book: Book, plan: CommissionPlan, reps: pd.DataFrame, *, strict: bool = True
    ):
        self.plan, self.strict = plan, strict
        self.without: set[str] = set()
        self.year_start, self.since = (
            book.settings.book.fiscal_year_start,
            book.window("trailing_12m").start,
        )
        self.targets = targets_in_force(book)
        self.hired = {
            r.rep_id: r.hired.date() for r in reps.itertuples(index=False) if pd.notna(r.hired)
        }
        self._spans: dict[Month, tuple] = {}

    def __call__(self, groups: pd.DataFrame) -> np.ndarray:
        pairs = list(zip(groups["rep_id"], (int(p) for p in groups["period"]), strict=True))
        found = [
            quota_of(rep, self._span(number), self.plan, self.targets, self.hired.get(rep))
            for rep, number in pairs
        ]
        self.without |= {
            rep
            for (rep, number), quota in zip(pairs, found, strict=True)
            if quota is None and self._span(number)[1] >= self.since
        }
        if self.without and self.strict:
            self._refuse(sorted(self.without))
        return np.array(
            [
                int((quota * TICKS).to_integral_value(ROUND_HALF_EVEN))
                for quota in (one or Decimal(0) for one in found)
            ],
            dtype=np.int64,
        )

    def is_set(self, rep: str, month: Month) -> bool:
        """Whether someone set a quota that holds on every day of the month; a period with some
        such months counts the others as 0.
        """
        if rep in self.plan.quotas:
            return True
        span = self._period(month)
        months = range(Month.of(span[0]).number, Month.of(span[1]).number + 1)
        if any((rep, Month.from_number(one)) in self.targets for one in months):
            return (rep, month) in self.targets
        return self.plan.quota is not None or any(
            one.starts <= month.start and (rep in one.reps or not one.reps)
            for one in self.plan.quota_from
        )

    def _span(self, number: int) -> tuple:
        return period_span(number, self.plan.accumulate, self.year_start)

    def month(self, rep: str, month: Month) -> Decimal | None:
        """The part of the rep's quota one month carries; None where no one has set one."""
        months = quota_by_month(
            rep, self._period(month), self.plan, self.targets, self.hired.get(rep)
        )
        return None if months is None else months[month]

    def _period(self, month: Month) -> tuple:
        """First and last day of the accumulation period of a month."""
        if month not in self._spans:
            self._spans[month] = self._span(
                int(
                    period_number(
                        pd.Series([pd.Timestamp(month.start)]),
                        self.plan.accumulate,
                        self.year_start,
                    )[0]
                )
            )
        return self._spans[month]

    def _refuse(self, without: list[str]) -> None:
        raise SettingsProblem(
            Problem(
                found=(
                    say(
                        "plan '{name}' pays by quota, and {without} {en_have} none",
                        name=self.plan.name,
                        without=listing(without),
                        en_have="has" if len(without) == 1 else "have",
                    )
                ),
                expected=say("a quota for every rep who is credited"),
                column=f"commission_plans.{self.plan.name}.quotas",
                file="playbook.toml",
                try_=(
                    "add quotas = { <rep> = amount }, a default quota, or rows with rep_id to the"
                    " targets table"
                ),
                count=len(without),
            )
        )


def quota_of(
    rep: str, span, plan: CommissionPlan, targets: dict[tuple[str, Month], Decimal], hired
) -> Decimal | None:
    """Quota of one rep in one period, ramped; None when no one has set one."""
    months = quota_by_month(rep, span, plan, targets, hired)
    return None if months is None else sum(months.values(), Decimal(0))


def quota_by_month(
    rep: str, span, plan: CommissionPlan, targets: dict[tuple[str, Month], Decimal], hired
) -> dict[Month, Decimal] | None:
    """The months of one period with the part of the rep's quota each carries, ramped; None when no
    one has set one.
    """
    first, last = Month.of(span[0]), Month.of(span[1])
    months = [first + i for i in range(last - first + 1)]
    steps = [one for one in plan.quota_from if rep in one.reps or not one.reps]
    if rep in plan.quotas:
        monthly = [plan.quotas[rep] / len(months)] * len(months)
    elif any((rep, month) in targets for month in months):
        monthly = [targets.get((rep, month), Decimal(0)) for month in months]
    elif plan.quota is not None:
        monthly = [plan.quota / len(months)] * len(months)
    elif any(
        one.starts <= span[1] and (rep in one.reps or not one.reps) for one in plan.quota_from
    ):
        monthly = [Decimal(0)] * len(months)
    else:
        return None
    steps = [one for one in plan.quota_from if rep in one.reps or not one.reps]
    if steps and not any((rep, month) in targets for month in months):
        monthly = [
            _by_days(month, span, amount, len(months), steps)
            for month, amount in zip(months, monthly, strict=True)
        ]
    return {
        month: amount * ramp_share(plan, month, hired) * asked_for(plan, rep, month)
        for month, amount in zip(months, monthly, strict=True)
    }


def _by_days(month: Month, span, before: Decimal, months: int, steps: list[QuotaFrom]) -> Decimal:
    """A month's part of the quotas in force on its days; each counts for its days of the period.

    before: the month's part of the quota that holds before the first step; months: of the period.
    """
    if min(step.starts for step in steps) > span[1]:
        return before
    length = (span[1] - span[0]).days + 1
    found = Decimal(0)
    for number in range((month.end - month.start).days + 1):
        day = month.start + timedelta(days=number)
        held = [step for step in steps if step.starts <= day]
        found += max(held, key=lambda one: one.starts).quota if held else before * months
    return found / length


def asked_for(plan: CommissionPlan, rep: str, month: Month) -> Decimal:
    """Part of a month's quota that is asked for: without the days of leave, illness … that the
    plan lets off.
    """
    length = (month.end - month.start).days + 1
    off = Decimal(0)
    for one in plan.relief:
        days = (min(one.ends, month.end) - max(one.starts, month.start)).days + 1
        if one.rep == rep and days > 0:
            off += one.share * days
    return max(1 - off / length, Decimal(0))


def ramp_share(plan: CommissionPlan, month: Month, hired) -> Decimal:
    """Share of the quota a new hire carries in ``month``; the month of hiring is the first, months
    before it carry none.
    """
    if not plan.ramp or hired is None:
        return Decimal(1)
    since = month - Month.of(hired)
    if since == 0 and plan.ramp_first == "days":
        length = (month.end - month.start).days + 1
        return plan.ramp[0] * ((month.end - hired).days + 1) / length
    return Decimal(0) if since < 0 else plan.ramp[since] if since < len(plan.ramp) else Decimal(1)


def targets_in_force(book: Book) -> dict[tuple[str, Month], Decimal]:
    """(rep, month) → sales target in force on the as-of date, as the goals have it; empty without
    targets by rep.
    """
    if not book.has("targets", "rep_id"):
        return {}
    plan = plan_of(book)
    return {
        (members[0][1], month): Decimal(str(round(float(amount), 6)))
        for metric, members in plan.subjects()
        if metric == "sales" and len(members) == 1 and members[0][0] == "rep"
        for month, amount in plan.months(metric, members).items()
    }
