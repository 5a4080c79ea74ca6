"""How a line's pay comes about, from what the engine wrote down: amounts at rates, and what bound
it where they do not say all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .amounts import as_decimal
from .payroll import Payroll
from .periods import in_force_share, period_name

OUTSIDE = ("after ", "by time", "original rate", "cap of the year")  # beside the period's steps
OWN = ("band", "points")  # parts that are the line's own amount at its rates


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
    made the difference, in a few words each. moved: earlier amounts (amount, change of rate) that
    the line moves to another rate; their products are part of ``other``.
    """

    pieces: tuple[Piece, ...]
    other: Decimal
    reasons: tuple[str, ...]
    moved: tuple[tuple[Fraction, Fraction], ...] = ()


@dataclass(frozen=True)
class PeriodTerms:
    """A plan in one period for one rep: part of the period in force, and the quota of that part
    [currency], None without one.
    """

    plan: CommissionPlan
    share: Fraction = Fraction(1)
    quota: Fraction | None = None

    @property
    def cap(self) -> Fraction | None:
        return None if self.plan.cap is None else Fraction(self.plan.cap) * self.share

    @property
    def least(self) -> Fraction:
        """The amount from which tiers pay at all."""
        return Fraction(self.plan.threshold) * (self.quota or 0)


def period_terms(
    plan: CommissionPlan, number: int, quota: int, fiscal_year_start: int, *, dated: bool = True
) -> PeriodTerms:
    """Terms of a period. number: of the period, −1 for none; quota: of a full period [ticks]."""
    share = Fraction(1)
    prorated = plan.prorate and plan.change == "prorate" and plan.accumulate != "deal"
    if dated and prorated and number >= 0:
        share = in_force_share(number, plan, fiscal_year_start)
    return PeriodTerms(plan, share, Fraction(quota, TICKS) * share if quota else None)


def parts_by_line(payrolls: Mapping[str, Payroll], lines: pd.DataFrame) -> dict[Any, list[dict]]:
    """Label of each line → the parts the engine wrote down. payrolls: by plan name, as the column
    ``plan`` of the lines names them.
    """
    found: dict[Any, list[dict]] = {}
    for name, paid in payrolls.items():
        mine = lines[lines["plan"] == name] if "plan" in lines else lines
        for part in paid.parts(mine).to_dict("records"):
            found.setdefault(part["line"], []).append(part)
    return found


def explain(
    line: Mapping[str, Any],
    terms: PeriodTerms,
    minor: int,
    fmt: Formats,
    parts: Sequence[Mapping[str, Any]] = (),
) -> LinePay:
    """How a line of ``Payroll.lines`` comes to its pay. parts: what the engine wrote down."""
    pay = Fraction(int(line["pay"]), 10**minor)
    if line["component"] != "tiers" or not parts:
        return LinePay((), Decimal(int(line["pay"])).scaleb(-minor), ())
    pieces = _pieces(parts, terms.plan, int(line["rule"]))
    rest = pay - sum((piece.amount * piece.rate for piece in pieces), Fraction(0))
    if abs(rest) * 10**minor <= 1:
        return LinePay(pieces, Decimal(0), ())
    moved = tuple((_base(part), _rate(part)) for part in parts if part["what"] == "re-rate")
    sums: dict[str, Fraction] = {}
    for part in parts:
        if part["what"] not in OWN:
            value = Fraction(int(part["pay"]), int(part["unit"]))
            sums[part["what"]] = sums.get(part["what"], Fraction(0)) + value
    told = {what: value for what, value in sums.items() if abs(value) * 10**minor > 1}
    reasons = [_reason(what, value, line, terms, fmt) for what, value in told.items()]
    if len(told) > 1:
        reasons = [
            say(
                "{amount} {reason}",
                amount=fmt.text(as_decimal(value), "money.exact", sign=True),
                reason=reason,
            )
            for reason, value in zip(reasons, told.values(), strict=True)
        ]
    for word in str(line["bound"]).split("; "):
        if word.startswith(OUTSIDE):
            reasons.append(bound_said(word))
    other = Decimal(round(rest * 10**minor)).scaleb(-minor)
    return LinePay(pieces, other, tuple(reasons), moved)


def _base(part: Mapping[str, Any]) -> Fraction:
    return Fraction(part["base"]) / int(part["base_unit"])


def _rate(part: Mapping[str, Any]) -> Fraction:
    return Fraction(int(part["rate"]), int(part["rate_unit"]))


def _pieces(
    parts: Sequence[Mapping[str, Any]], plan: CommissionPlan, rule: int
) -> tuple[Piece, ...]:
    """A line's own amount at its rates; a rule's points are part of every piece's rate."""
    bands = [part for part in parts if part["what"] == "band"]
    points = sum((_rate(part) for part in parts if part["what"] == "points"), Fraction(0))
    if not bands:
        return tuple(Piece(_base(p), _rate(p), None) for p in parts if p["what"] == "points")
    rates = sorted(plan.tiers, key=lambda band: band.lower)
    times = Fraction(plan.rules[rule].times) if rule >= 0 else Fraction(1)
    made = []
    for part in bands:
        rate = _rate(part)
        plain = rate / times if times else rates[int(part["band"])].share
        made.append(Piece(_base(part), rate + points, as_decimal(plain)))
    return _together(made)


def _together(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Neighbouring bands that pay the same rate, as one piece."""
    made: list[Piece] = []
    for piece in pieces:
        if made and made[-1].rate == piece.rate:
            made[-1] = Piece(made[-1].amount + piece.amount, piece.rate, piece.band)
        else:
            made.append(piece)
    return tuple(made)


BOUNDS = later(("after leaving", "original rate", "cap of the year"))


def bound_said(word: str) -> str:
    """What bound a line beside its period's steps, as the statement says it."""
    if word in BOUNDS:
        return say(word)
    if days := re.fullmatch(r"after (\d+) days", word):
        return say("after {days} days", days=days[1])
    if part := re.fullmatch(r"by time: (\d+)/(\d+) not served", word):
        return say("by time: {part}/{whole} not served", part=part[1], whole=part[2])
    return word


def _reason(
    what: str, value: Fraction, line: Mapping[str, Any], terms: PeriodTerms, fmt: Formats
) -> str:
    """What made the difference, in a few words."""
    plan = terms.plan

    def money(amount: Fraction | Decimal) -> str:
        return fmt.text(as_decimal(Fraction(amount)), "money.exact")

    if what == "threshold":
        if plan.threshold_from == "excess":
            return say("only what is above {least} is paid", least=money(terms.least))
        if value < 0:
            return say("nothing is paid below {least}", least=money(terms.least))
        return say("{least} reached, what came before is paid too", least=money(terms.least))
    if what == "re-rate":
        return say(
            "the {accumulate}'s earlier amounts move to the same rate",
            accumulate=period_name(plan.accumulate),
        )
    if what == "cap" and terms.cap is not None:
        return say("cap of {cap}", cap=money(terms.cap))
    if what == "deal cap":
        return say("a deal pays at most {amount}", amount=money(plan.deal_cap or Decimal(0)))
    if what == "deal minimum":
        return say("a deal pays at least {amount}", amount=money(plan.deal_floor))
    if what.startswith("gate") and plan.gate:
        at = say("{n} %", n=f"{(plan.gate.at * 100).normalize():f}")
        measure = plan.gate.measure
        if value < 0:
            return say("{measure} below {at} of its quota", measure=measure, at=at)
        return say("{measure} has reached {at} of its quota", measure=measure, at=at)
    if what == "modifier":
        return say("factor by the margin of the period")
    if line["amount"] < 0:
        return say(
            "what the {accumulate} pays without the sale", accumulate=period_name(plan.accumulate)
        )
    return say("refunds before it moved it to another band")
