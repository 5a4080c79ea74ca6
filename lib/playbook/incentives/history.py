"""A book's credited history under its plans: what the sections of the chapter share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import pandas as pd

from playbook.base.plans import CommissionPlan, plan_named
from playbook.data.book import Book
from playbook.data.measures import credits, people
from playbook.data.measures.credits import TICKS

from .choose import Chosen, choose
from .credit import on_basis, period_number
from .pay import Payroll, payroll, within
from .quota import quotas


@dataclass(frozen=True)
class History:
    """Order lines to the as-of date, the people, and the plans chosen."""

    book: Book
    orders: pd.DataFrame
    people: pd.DataFrame
    chosen: Chosen

    @property
    def minor(self) -> int:
        return self.book.fmt.minor_digits

    @property
    def fiscal_year_start(self) -> int:
        return self.book.settings.book.fiscal_year_start

    @cached_property
    def names(self) -> dict[str, str]:
        return people.names(self.people)

    @cached_property
    def mentors(self) -> dict[str, str]:
        """Rep id → mentor id, for those who have one."""
        known = self.people.dropna(subset=["mentor_id"])
        return dict(zip(known["rep_id"], known["mentor_id"], strict=True))

    def name(self, rep_id: str) -> str:
        return self.names.get(rep_id, rep_id)

    def pay(self, plan: CommissionPlan, *, dated: bool = False) -> Payroll:
        """Payroll under ``plan``: as if it had always held, or (``dated``) on its own days and before them by the plan it replaces."""
        made = self._one(plan, dated)
        if not (dated and plan.replaces):
            return made
        before = plan_named(self.book.settings.commission_plans, plan.replaces)
        ends = min(filter(None, [before.ends, _day_before(plan.starts)]))
        older = self.pay(before.model_copy(update={"ends": ends}), dated=True)
        lines = pd.concat([older.lines, made.lines], ignore_index=True).sort_values(["rep_id", "date"], kind="stable").reset_index(drop=True)
        return replace(made, lines=lines, unassigned=pd.concat([older.unassigned, made.unassigned]))

    def _one(self, plan: CommissionPlan, dated: bool) -> Payroll:
        return payroll(self.orders, plan, fiscal_year_start=self.fiscal_year_start, minor=self.minor, dated=dated,
                       quotas=quotas(self.book, plan, self.people) if plan.needs_quota else None, tiers=self.book.settings.segments.tiers)

    def revenue(self, plan: CommissionPlan, window: str) -> Decimal:
        """Amount of the plan's basis in the window, credited or not [currency]."""
        span = self.book.window(window)
        return money(within(on_basis(self.orders, plan), span.start, span.end)["amount"].sum())

    def period_now(self, plan: CommissionPlan) -> int:
        """Number of the accumulation period the as-of date lies in."""
        return int(period_number(pd.Series([pd.Timestamp(self.book.as_of)]), plan.accumulate, self.fiscal_year_start)[0])


def history(book: Book, plan: str = "", compare_with: str = "") -> History:
    """Read what may be paid for. Raises NotAvailable without amounts, ParameterProblem for an unknown plan."""
    orders = credits.credits(book)
    return History(book, orders, people.reps(book), choose(book, orders, plan, compare_with))


def money(ticks: int) -> Decimal:
    """Ticks as currency, exact."""
    return Decimal(int(ticks)) / TICKS


def minor_money(units: int, minor: int) -> Decimal:
    """Minor units as currency, exact."""
    return Decimal(int(units)).scaleb(-minor)


def _day_before(day):
    return day - pd.Timedelta(days=1).to_pytimedelta() if day else None
