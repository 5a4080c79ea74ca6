"""A named number of the report, as results.json holds it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from playbook.base.formats import is_missing
from playbook.base.language import later
from playbook.methods.intervals import Rate


@dataclass(frozen=True)
class Kpi:
    """One number with its name, window, unit, interval and n.

    ``by`` is None for the total, else one or more ``{dimension: member}``. A value that cannot be
    computed is None with ``why``.
    ``unit`` is share, pp, days, count, ratio or the currency code.
    """

    name: str
    window: str
    value: float | int | Decimal | None
    unit: str
    by: dict[str, str] | None = None
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    method: str | None = None
    why: str | None = field(default=None)

    def __post_init__(self) -> None:
        if is_missing(self.value) and not self.why:
            raise ValueError(f"{self.name} has no value and no reason why")

    @classmethod
    def rate(
        cls,
        name: str,
        window: str,
        rate: Rate,
        by: dict[str, str] | None = None,
        why: str = later("nothing to count in this window"),
    ) -> Kpi:
        """A share with counts and Wilson interval."""
        low, high = rate.interval
        return cls(
            name,
            window,
            rate.value,
            "share",
            by,
            low,
            high,
            rate.numerator,
            rate.denominator,
            rate.n,
            "Wilson 95 %",
            why if rate.value is None else None,
        )

    def as_dict(self, stage: str) -> dict[str, Any]:
        """The JSON form; full precision, missing as null."""
        return {
            "name": self.name,
            "stage": stage,
            "window": self.window,
            "by": (
                None if self.by is None else {key: str(member) for key, member in self.by.items()}
            ),
            "value": plain(self.value),
            "low": plain(self.low),
            "high": plain(self.high),
            "unit": self.unit,
            "numerator": plain(self.numerator),
            "denominator": plain(self.denominator),
            "n": plain(self.n),
            "method": self.method,
            **({"why": self.why} if is_missing(self.value) else {}),
        }


def plain(value: Any) -> float | int | None:
    """A number JSON can hold at full precision; missing and infinite become None."""
    if is_missing(value):
        return None
    if isinstance(value, (bool, int)):
        return int(value)
    number = float(value)
    if math.isinf(number):
        return None
    return (
        int(number)
        if number.is_integer() and not isinstance(value, float) and abs(number) < 2**53
        else number
    )
