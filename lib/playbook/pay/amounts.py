"""Exact amounts as money."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction


def as_decimal(value: Fraction) -> Decimal:
    """A fraction to 28 digits."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def to_money(exact: Fraction | Decimal, minor_digits: int = 2) -> Decimal:
    """Rounded half-even to the currency's minor unit."""
    exact = Fraction(exact)
    scaled = round(exact * 10**minor_digits)  # Fraction rounds half to even
    return (
        Decimal(scaled)
        .scaleb(-minor_digits)
        .quantize(Decimal(1).scaleb(-minor_digits), rounding=ROUND_HALF_EVEN)
    )
