"""Plans and statement lines as text: what a reader needs to check an amount by hand."""

from __future__ import annotations

from decimal import Decimal

from playbook.base.formats import Formats
from playbook.base.settings.plan_parts import Band, RateRule
from playbook.base.settings.plans import CommissionPlan

from .history import money
from .tiers import bands, reached, segments


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
            + ", ".join(f"{percent(split.share)} to the {split.to}'s rep" for split in plan.splits)
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
    return parts_ + ([f"from {plan.starts} in place of {plan.replaces}"] if plan.replaces else [])


def _levels(plan: CommissionPlan, fmt: Formats) -> str:
    """Attainment levels: ``80 / 100 / 120 % of the quota pays ...``."""
    part = plan.attainment
    levels = ", ".join(
        f"{amount(level.pays * part.target_pay, fmt)} at {percent(level.at)}"
        for level in part.levels
    )
    return (
        f"for reaching the quota {levels},"
        f" {'rising evenly between' if part.between == 'interpolated' else 'held until the next'}"
    )


def _draw(plan: CommissionPlan, fmt: Formats) -> str:
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


def describe_line(
    line: dict, plan: CommissionPlan, fmt: Formats, steps: list[Band] | None = None
) -> str:
    """The bands a line fell into and their rates, or the rule that held. steps: the bands as they
    hold in the line's period (default: the plan's).
    """
    if line["item"] == "clawback":
        return "refund of an earlier period: what that period pays without it, less what it paid"
    rule = plan.rules[int(line["rule"])] if line["rule"] >= 0 else None
    if rule is not None and rule.rate is not None:
        return f"{rule.name}: {percent(rule.rate)}"
    if line["item"] == "attainment":
        return (
            "reaching the quota"
            if line["pay"] >= 0 or plan.cap is None
            else f"held within the cap of {amount(plan.cap, fmt)}"
        )
    change = "" if rule is None else f" {effect(rule)}"
    if plan.tiers_of == "quota" or not plan.tiers:
        return f"tiers of the quota{change}"
    steps, before, after = steps or bands(plan), money(line["before"]), money(line["after"])
    if plan.mode == "whole":
        return (
            f"total {fmt.money(after)} is in the {percent(reached(after, steps).rate)} band{change}"
        )
    parts = segments(before, after, steps)
    if len(parts) == 1:
        return f"{percent(parts[0][1])}{change}"
    return " + ".join(
        f"{fmt.text(amount, 'money.exact')} at {percent(rate)}{change}" for amount, rate in parts
    ) or percent(steps[0].rate)


def percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %"
