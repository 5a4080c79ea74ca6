"""Pay accrued before its period is over."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .amounts import to_money
from .period_pay import PeriodPay


def accrued(sold: Decimal, expected: Decimal, terms: PeriodPay) -> Decimal:
    """What to book for sales so far in a period, at the rate its expected total will be paid
    [currency].
    """
    if expected <= 0:
        return Decimal(0)
    return to_money(terms.pay([expected])[0] * Fraction(sold) / Fraction(expected), terms.minor)
