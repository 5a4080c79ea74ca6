"""Plans as text: what a reader needs to check an amount by hand."""

from __future__ import annotations

from decimal import Decimal

from playbook.base.formats import Formats
from playbook.base.settings.plan_parts import Band, RateRule
from playbook.base.settings.plan_quota import Measure
from playbook.base.settings.plans import CommissionPlan

from .explain import as_decimal


def describe_plan(plan: CommissionPlan, fmt: Formats) -> str:
    """The plan in one line: tiers, mode, accumulation, basis."""
    steps = sorted(plan.tiers, key=lambda band: band.lower)
    if not steps:
        return "; ".join(["no tiers", f"on {plan.basis}", *_beyond_tiers(plan, fmt)])
    of = "" if plan.tiers_of == "amount" else " of quota"
    parts = [
        f"{_band(band, fmt)}"
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


def _band(band: Band, fmt: Formats) -> str:
    """A band's rate, or the money it pays; whether it reaches back where the plan does not."""
    paid = percent(band.rate) if band.pays is None else amount(band.pays, fmt)
    return f"{paid} on all" if band.retroactive else paid


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
    parts_ += [_threshold(plan)] if plan.threshold else []
    if plan.gate is not None:
        parts_.append(f"only once {plan.gate.measure} has reached {percent(plan.gate.at)}")
    if plan.modifier:
        steps = [f"× {one.times.normalize():f} from {percent(one.at)}" for one in plan.modifier]
        parts_.append(f"by the margin of the period: {', '.join(steps)}")
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


def _threshold(plan: CommissionPlan) -> str:
    of = f"{percent(plan.threshold)} of the quota"
    return f"only what is above {of}" if plan.threshold_from == "excess" else f"nothing below {of}"


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
        found.append(_leaving(plan))
    if plan.negative.rule != "deduct":
        found.append(f"a month below 0: {plan.negative.rule}")
    return found


def _levels(plan: CommissionPlan, fmt: Formats) -> str:
    """What reaching the quota pays: levels, measures with their weights, or the matrix."""
    part = plan.attainment
    assert part is not None
    if part.matrix is not None:
        return (
            f"for reaching the quotas of {part.matrix.rows} and {part.matrix.columns} up to"
            f" {amount(part.target_pay * max(map(max, part.matrix.pays)), fmt)}, by a matrix"
        )
    levels = ", ".join(
        f"{amount(level.pays * part.target_pay, fmt)} at {percent(level.at)}"
        for level in part.levels
    )
    between = "rising evenly between" if part.between == "interpolated" else "held until the next"
    shares = [_measure(one) for one in part.measures]
    whole = f" {levels}" if levels else f" up to {amount(part.target_pay, fmt)} in full"
    return f"for reaching the quota{whole}, {between}" + (
        f" ({', '.join(shares)})" if shares else ""
    )


def _leaving(plan: CommissionPlan) -> str:
    part = "" if plan.leaving.share == 1 else f"{percent(plan.leaving.share)} of "
    if plan.leaving.pays == "booked":
        return f"after leaving: {part}all that is credited"
    return f"after leaving: {part}orders within {plan.leaving.days} days"


def _measure(one: Measure) -> str:
    gate = f" once {one.gate.measure} has {percent(one.gate.at)}" if one.gate else ""
    return f"{percent(one.weight)} for {one.name}{gate}"


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


def percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %"
