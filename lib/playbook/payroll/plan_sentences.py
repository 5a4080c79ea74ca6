"""How a plan's settings become text: money, days and shares in the book's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from playbook.base.formats import Formats, joined, listing
from playbook.base.language import say
from playbook.base.settings import Settings
from playbook.base.settings.plans import CommissionPlan
from playbook.pay.wording import amount


class Sentences:
    """Texts about one plan, in the words of one language."""

    def __init__(self, plan: CommissionPlan, settings: Settings, words: dict[str, str]):
        self.plan, self.settings, self.w = plan, settings, words
        self.fmt: Formats = settings.formats
        self.period = words[plan.accumulate]

    def text(self, key: str, **parts: Any) -> str:
        return self.w[key].format(**{"period": self.period, **parts})

    def money(self, value: Decimal) -> str:
        return amount(value, self.fmt)

    def day(self, value: date) -> str:
        return self.fmt.text(value, "date")

    def joined(self, names: Iterable[str]) -> str:
        given = list(names)
        return joined(given) if self.fmt.language != "en" else listing(given, 99)


def share(value: Decimal | Fraction) -> str:
    """A share as per cent, as exact as it is given; thirds to two decimals."""
    part = Fraction(value) * 100
    text = f"{float(part):.4f}" if part.denominator % 3 else f"{float(part):.2f}"
    return say("{n} %", n=text.rstrip("0").rstrip("."))
