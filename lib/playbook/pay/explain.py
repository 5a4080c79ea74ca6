"""How a line's pay comes about: amounts at rates, and what bound it where they do not say all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from playbook.base.formats import Formats
from playbook.base.settings.plan_parts import RateRule
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .payroll import BEYOND
from .periods import in_force_share

Edges = tuple[tuple[Fraction, Decimal], ...]  # (lower edge [currency], rate), rising


@dataclass(frozen=True)
class Piece:
    """An amount paid at one rate. band: the tier's rate, before the rule; None for a flat rate."""

    amount: Fraction
    rate: Fraction
    band: Decimal | None


@dataclass(frozen=True)
class LinePay:
    """A line's pay as amounts × rates and what differs from it [currency].

    pieces: amounts at rates. other: pay less Σ amount × rate, 0 within a minor unit. reasons: what
    made the difference, in a few words each.
    """

    pieces: tuple[Piece, ...]
    other: Decimal
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PeriodTerms:
    """A plan in one period for one rep: part of the period in force, and the quota of that part
    [currency], None without one.
    """

    plan: CommissionPlan
    share: Fraction = Fraction(1)
    quota: Fraction | None = None

    @property
    def edges(self) -> Edges:
        """Bands as they hold in the period; without a quota only the first where it sets them."""
        rising = sorted(self.plan.tiers, key=lambda band: band.lower)
        if self.plan.tiers_of == "quota":
            if self.quota is None:
                return tuple((Fraction(0), band.rate) for band in rising[:1])
            return tuple((Fraction(band.lower) * self.quota, band.rate) for band in rising)
        return tuple((Fraction(band.lower) * self.share, band.rate) for band in rising)

    @property
    def cap(self) -> Fraction | None:
        return None if self.plan.cap is None else Fraction(self.plan.cap) * self.share

    @property
    def least(self) -> Fraction:
        """The amount from which tiers pay at all."""
        return Fraction(self.plan.threshold) * (self.quota or 0)

    def rate(self, total: Fraction) -> Decimal:
        """Rate of the band a total lies in."""
        return next(rate for low, rate in reversed(self.edges) if total > low or low == 0)


def period_terms(
    plan: CommissionPlan, number: int, quota: int, fiscal_year_start: int, *, dated: bool = True
) -> PeriodTerms:
    """Terms of a period. number: of the period, −1 for none; quota: of a full period [ticks]."""
    share = Fraction(1)
    if dated and plan.prorate and plan.accumulate != "deal" and number >= 0:
        share = in_force_share(number, plan, fiscal_year_start)
    return PeriodTerms(plan, share, Fraction(quota, TICKS) * share if quota else None)


def explain(line: Mapping[str, Any], terms: PeriodTerms, minor: int, fmt: Formats) -> LinePay:
    """How a credited line of ``Payroll.lines`` comes to its pay."""
    plan = terms.plan
    amount, before, after = (
        Fraction(int(line[key]), TICKS) for key in ("amount", "before", "after")
    )
    pay = Fraction(int(line["pay"]), 10**minor)
    if line["item"] in (BEYOND, "clawback", "attainment"):
        return LinePay((), Decimal(int(line["pay"])).scaleb(-minor), ())
    rule = plan.rules[int(line["rule"])] if line["rule"] >= 0 else None
    pieces = tuple(_pieces(amount, before, after, rule, terms))
    rest = pay - sum((piece.amount * piece.rate for piece in pieces), Fraction(0))
    if abs(rest) * 10**minor <= 1:
        return LinePay(pieces, Decimal(0), ())
    other = Decimal(round(rest * 10**minor)).scaleb(-minor)
    return LinePay(pieces, other, tuple(_reasons(line, before, after, terms, fmt)))


def _pieces(
    amount: Fraction, before: Fraction, after: Fraction, rule: RateRule | None, terms: PeriodTerms
) -> list[Piece]:
    if rule is not None and rule.rate is not None:
        return [Piece(amount, Fraction(rule.rate), None)]
    times, points = (
        (Fraction(rule.times), Fraction(rule.points)) if rule else (Fraction(1), Fraction(0))
    )
    if terms.plan.mode == "whole":
        band = terms.rate(after)
        return [Piece(amount, Fraction(band) * times + points, band)]
    return [
        Piece(part, Fraction(band) * times + points, band)
        for part, band in between(before, after, terms.edges)
    ]


def between(before: Fraction, after: Fraction, edges: Edges) -> list[tuple[Fraction, Decimal]]:
    """(amount, rate) per band of what lies between two running totals; below 0 the first band."""
    low, high, sign = (before, after, 1) if after >= before else (after, before, -1)
    parts = []
    for i, (lower, rate) in enumerate(edges):
        start = low if i == 0 else max(low, lower)
        end = high if i + 1 == len(edges) else min(high, edges[i + 1][0])
        if end > start:
            parts.append((sign * (end - start), rate))
    return parts


def _reasons(
    line: Mapping[str, Any], before: Fraction, after: Fraction, terms: PeriodTerms, fmt: Formats
) -> list[str]:
    """What can make a line's pay differ from its amounts × rates, of what holds here."""
    plan, found = terms.plan, []
    if plan.threshold and terms.quota is not None:
        edge = fmt.text(as_decimal(terms.least), "money.exact")
        if after < terms.least:
            found.append(f"nothing is paid below {edge}")
        elif before < terms.least:
            found.append(f"{edge} reached, what came before is paid too")
    if plan.mode == "whole" and terms.rate(after) != terms.rate(before):
        found.append(f"the {plan.accumulate}'s earlier amounts move to the same rate")
    if terms.cap is not None:
        found.append(f"cap of {fmt.text(as_decimal(terms.cap), 'money.exact')}")
    if line["amount"] < 0 and plan.rules:
        found.append(f"what the {plan.accumulate} pays without the sale")
    return found or ["refunds before it moved it to another band"]


def as_decimal(value: Fraction) -> Decimal:
    """A fraction to 28 digits."""
    return Decimal(value.numerator) / Decimal(value.denominator)
