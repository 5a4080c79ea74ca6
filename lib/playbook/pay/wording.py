"""Plans and statement lines as text: what a reader needs to check an amount by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from playbook.base.formats import Formats
from playbook.base.settings.plan_parts import RateRule
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .explain import LinePay, PeriodTerms, as_decimal
from .history import money
from .payroll import BEYOND


def describe_plan(plan: CommissionPlan, fmt: Formats) -> str:
    """The plan in one line: tiers, mode, accumulation, basis."""
    steps = sorted(plan.tiers, key=lambda band: band.lower)
    if not steps:
        return "; ".join(["no tiers", f"on {plan.basis}", *_beyond_tiers(plan, fmt)])
    of = "" if plan.tiers_of == "amount" else " of quota"
    parts = [
        f"{percent(band.rate)}"
        f" {'to ' + _edge(band.upper, plan, fmt) if band.upper is not None else 'above'}"
        for band in steps
    ]
    mode = (
        "each band at its own rate"
        if plan.mode == "marginal"
        else "the reached rate on the whole amount"
    )
    over = {
        "deal": "each deal alone",
        "month": "adding up over the month",
        "quarter": "adding up over the quarter",
        "year": "adding up over the year",
    }[plan.accumulate]
    return "; ".join(
        [f"{', '.join(parts)}{of}", mode, over, f"on {plan.basis}", *_beyond_tiers(plan, fmt)]
    )


def _edge(value: Decimal, plan: CommissionPlan, fmt: Formats) -> str:
    """Where a band ends: an amount, or a share of the quota."""
    return amount(value, fmt) if plan.tiers_of == "amount" else percent(value)


def amount(value: Decimal, fmt: Formats) -> str:
    """Money as the plan gives it: minor units only where there are some, none rounded away."""
    return fmt.text(value, "money" if value == value.to_integral_value() else "money.exact")


def _beyond_tiers(plan: CommissionPlan, fmt: Formats) -> list[str]:
    """What a plan pays beyond its tiers, and its limits."""
    parts_ = [f"{rule.name} {effect(rule)}" for rule in plan.rules]
    parts_ += (
        [
            "split "
            + ", ".join(
                f"{percent(as_decimal(split.share))} to the {split.to}'s rep"
                for split in plan.splits
            )
        ]
        if plan.splits
        else []
    )
    parts_ += (
        [f"managers {percent(plan.manager_rate)} of their reports' credit"]
        if plan.manager_rate
        else []
    )
    parts_ += [_levels(plan, fmt)] if plan.attainment else []
    parts_ += [f"nothing below {percent(plan.threshold)} of the quota"] if plan.threshold else []
    parts_ += [f"at most {amount(plan.cap, fmt)}"] if plan.cap is not None else []
    parts_ += [f"at least {amount(plan.floor, fmt)}"] if plan.floor else []
    parts_ += (
        [
            "awards: "
            + ", ".join(f"{award.name} {amount(award.amount, fmt)}" for award in plan.awards)
        ]
        if plan.awards
        else []
    )
    parts_ += [_draw(plan, fmt)] if plan.draw else []
    parts_ += _terms(plan, fmt)
    return parts_ + ([f"from {plan.starts} in place of {plan.replaces}"] if plan.replaces else [])


def _terms(plan: CommissionPlan, fmt: Formats) -> list[str]:
    """For whom it is, limits of deals and years, and what refunds and leaving change, where the
    plan says other than the plain rule.
    """
    whom = [*plan.roles, *plan.teams, *plan.reps]
    found = [f"for {', '.join(whom)}"] if whom else []
    if plan.deal_cap is not None:
        found.append(f"at most {amount(plan.deal_cap, fmt)} a deal")
    if plan.deal_floor:
        found.append(f"at least {amount(plan.deal_floor, fmt)} a deal")
    if plan.cap_year is not None:
        found.append(f"at most {amount(plan.cap_year, fmt)} a year")
    if plan.excess == "later":
        found.append("what the cap keeps back is paid later")
    if plan.booking_share < 1:
        found.append(f"{percent(plan.booking_share)} at booking, the rest as it is paid")
    if plan.refunds.window_days is not None:
        found.append(f"nothing is taken back after {plan.refunds.window_days} days")
    if plan.refunds.rule != "recompute":
        found.append(f"refunds {plan.refunds.rule.replace('_', ' ')}")
    if plan.leaving.pays != "none":
        found.append(f"after leaving: {plan.leaving.pays.replace('_', ' ')}")
    if plan.negative.rule != "deduct":
        found.append(f"a month below 0: {plan.negative.rule}")
    return found


def _levels(plan: CommissionPlan, fmt: Formats) -> str:
    """Attainment levels: ``80 / 100 / 120 % of the quota pays ...``."""
    part = plan.attainment
    assert part is not None
    levels = ", ".join(
        f"{amount(level.pays * part.target_pay, fmt)} at {percent(level.at)}"
        for level in part.levels
    )
    return (
        f"for reaching the quota {levels},"
        f" {'rising evenly between' if part.between == 'interpolated' else 'held until the next'}"
    )


def _draw(plan: CommissionPlan, fmt: Formats) -> str:
    assert plan.draw is not None
    months = f" in the first {plan.draw.months} months" if plan.draw.months else ""
    return (
        f"a draw of {amount(plan.draw.monthly, fmt)} a month{months},"
        f" {'made up by later pay' if plan.draw.recoverable else 'kept'}"
    )


def effect(rule: RateRule) -> str:
    """What a rule does to the tier's rate: ``× 1.2``, ``+ 20 points`` or a flat ``3 %``."""
    if rule.rate is not None:
        return percent(rule.rate)
    return (
        f"× {rule.times.normalize():f}"
        if rule.points == 0
        else f"{'+' if rule.points > 0 else '−'} {abs(rule.points * 100).normalize():f} points"
    )


def describe_line(line: Mapping[str, Any], terms: PeriodTerms, found: LinePay, fmt: Formats) -> str:
    """Amounts and rates of a line, and what bound its pay where they do not say all.

    terms: the plan in the line's period. found: what ``explain`` gives for the line.
    """
    plan, item = terms.plan, line["item"]
    if item == BEYOND:
        return (
            f"asks back {_ticks(line['beyond'], fmt)} more than was sold: what the sale paid is"
            " taken back, and no more"
        )
    if item == "clawback":
        return (
            f"refund of a sale of an earlier {plan.accumulate}: what that {plan.accumulate} pays"
            f" without it, less what it paid (total {_ticks(line['before'], fmt)} →"
            f" {_ticks(line['after'], fmt)})"
        )
    if item == "attainment":
        return _attained(line, terms, fmt)
    rule = plan.rules[int(line["rule"])] if line["rule"] >= 0 else None
    text = _at_rates(found, rule, plan, fmt)
    if plan.mode == "whole" and rule is None:
        text = f"total {_ticks(line['after'], fmt)} is in the {text} band"
    if not found.reasons:
        return text
    return f"{text}; {fmt.text(found.other, 'money.exact', sign=True)}: {', '.join(found.reasons)}"


def _at_rates(found: LinePay, rule: RateRule | None, plan: CommissionPlan, fmt: Formats) -> str:
    if rule is not None and rule.rate is not None:
        return f"{rule.name}: {percent(rule.rate)}"
    change = "" if rule is None else f" {effect(rule)}"
    if not found.pieces:
        return percent(min(plan.tiers, key=lambda band: band.lower).rate) + change
    if len(found.pieces) == 1:
        return f"{percent(found.pieces[0].band or Decimal(0))}{change}"
    return " + ".join(
        f"{fmt.text(as_decimal(piece.amount), 'money.exact')} at"
        f" {percent(piece.band or Decimal(0))}{change}"
        for piece in found.pieces
    )


def _attained(line: Mapping[str, Any], terms: PeriodTerms, fmt: Formats) -> str:
    """Attainment before and after a line, and the pay its level gives."""
    if terms.quota is None:
        return "no quota is set: nothing is paid for reaching it"
    parts = [Fraction(int(line[key]), TICKS) / terms.quota for key in ("before", "after")]
    before, after = (fmt.share(float(part), decimals=2) for part in parts)
    text = f"attainment {before} → {after} of {fmt.text(as_decimal(terms.quota), 'money.exact')}"
    if line["pay"] < 0 and line["amount"] > 0 and terms.cap is not None:
        return f"{text}; held within the cap of {fmt.text(as_decimal(terms.cap), 'money.exact')}"
    return text


def _ticks(value: int, fmt: Formats) -> str:
    return fmt.text(money(value), "money.exact")


def percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %"
