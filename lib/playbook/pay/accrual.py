"""Pay accrued before its period is over."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from playbook.base.settings.plans import CommissionPlan

from .tiers import payout, to_money


def accrued(
    sold: Decimal,
    expected: Decimal,
    plan: CommissionPlan,
    quota: Decimal | None = None,
    minor: int = 2,
) -> Decimal:
    """What to book for sales so far in a period, at the rate its expected total will be paid
    [currency].
    """
    if expected <= 0:
        return Decimal(0)
    part = Fraction(payout(expected, plan, quota)) / Fraction(expected)
    return to_money(Fraction(sold) * part, minor)
