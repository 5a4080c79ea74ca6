"""Plans as text: what a reader needs to check an amount by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from playbook.base.formats import Formats, joined
from playbook.base.language import later, named, say
from playbook.base.settings.plan_parts import Band, RateRule
from playbook.base.settings.plan_quota import Measure
from playbook.base.settings.plans import CommissionPlan

from .explain import as_decimal

OVER = {
    "deal": later("each deal alone"),
    "month": later("adding up over the month"),
    "quarter": later("adding up over the quarter"),
    "year": later("adding up over the year"),
}
BASIS = {"bookings": later("on bookings"), "cash": later("on cash")}
SPLIT = {
    "order": later("{share} to the order's rep"),
    "deal": later("{share} to the deal's rep"),
    "customer": later("{share} to the customer's rep"),
    "lead": later("{share} to the lead's rep"),
}
REFUNDS = {
    "original_rate": later("refunds original rate"),
    "by_time": later("refunds by time"),
}
NEGATIVE = {
    "carry": later("a month below 0: carry"),
    "instalments": later("a month below 0: instalments"),
}


def describe_plan(plan: CommissionPlan, fmt: Formats) -> str:
    """The plan in one line: tiers, mode, accumulation, basis."""
    steps = sorted(plan.tiers, key=lambda band: band.lower)
    basis = say(BASIS[plan.basis])
    if not steps:
        return joined([say("no tiers"), basis, *_beyond_tiers(plan, fmt)], "; ")
    bands = joined(
        say("{paid} above", paid=_band(band, fmt))
        if band.upper is None
        else say("{paid} to {edge}", paid=_band(band, fmt), edge=_edge(band.upper, plan, fmt))
        for band in steps
    )
    if plan.tiers_of != "amount":
        bands = say("{bands} of quota", bands=bands)
    mode = (
        say("each band at its own rate")
        if plan.mode == "marginal"
        else say("the reached rate on the whole amount")
    )
    return joined([bands, mode, say(OVER[plan.accumulate]), basis, *_beyond_tiers(plan, fmt)], "; ")


def _band(band: Band, fmt: Formats) -> str:
    """A band's rate, or the money it pays; whether it reaches back where the plan does not."""
    paid = percent(band.rate) if band.pays is None else amount(band.pays, fmt)
    return say("{paid} on all", paid=paid) if band.retroactive else paid


def _edge(value: Decimal, plan: CommissionPlan, fmt: Formats) -> str:
    """Where a band ends: an amount, or a share of the quota."""
    return amount(value, fmt) if plan.tiers_of == "amount" else percent(value)


def amount(value: Decimal, fmt: Formats) -> str:
    """Money as the plan gives it: minor units only where there are some, none rounded away."""
    return fmt.text(value, "money" if value == value.to_integral_value() else "money.exact")


def _beyond_tiers(plan: CommissionPlan, fmt: Formats) -> list[str]:
    """What a plan pays beyond its tiers, and its limits."""
    found = [say("{rule} {effect}", rule=rule.name, effect=effect(rule)) for rule in plan.rules]
    if plan.splits:
        shares = [say(SPLIT[split.to], share=part_of(split.share)) for split in plan.splits]
        found.append(say("split {shares}", shares=joined(shares)))
    if plan.manager_rate:
        rate = percent(plan.manager_rate)
        found.append(say("managers {rate} of their reports' credit", rate=rate))
    found += [_levels(plan, fmt)] if plan.attainment else []
    found += [_threshold(plan)] if plan.threshold else []
    if plan.gate is not None:
        measure, at = plan.gate.measure, percent(plan.gate.at)
        found.append(say("only once {measure} has reached {at}", measure=measure, at=at))
    if plan.modifier:
        steps = [
            say("× {times} from {at}", times=f"{one.times.normalize():f}", at=percent(one.at))
            for one in plan.modifier
        ]
        found.append(say("by the margin of the period: {steps}", steps=joined(steps)))
    if plan.cap is not None:
        found.append(say("at most {amount}", amount=amount(plan.cap, fmt)))
    if plan.floor:
        found.append(say("at least {amount}", amount=amount(plan.floor, fmt)))
    if plan.awards:
        given = [f"{award.name} {amount(award.amount, fmt)}" for award in plan.awards]
        found.append(say("awards: {awards}", awards=joined(given)))
    found += [_draw(plan, fmt)] if plan.draw else []
    found += _terms(plan, fmt)
    if plan.replaces:
        found.append(
            say(
                "from {starts} in place of {plan}",
                starts=fmt.text(plan.starts, "date"),
                plan=named(plan.replaces),
            )
        )
    return found


def _threshold(plan: CommissionPlan) -> str:
    at = percent(plan.threshold)
    if plan.threshold_from == "excess":
        return say("only what is above {at} of the quota", at=at)
    return say("nothing below {at} of the quota", at=at)


def _terms(plan: CommissionPlan, fmt: Formats) -> list[str]:
    """For whom it is, limits of deals and years, and what refunds and leaving change, where the
    plan says other than the plain rule.
    """
    whom = [*plan.roles, *plan.teams, *plan.reps]
    found = [say("for {whom}", whom=joined(whom))] if whom else []
    if plan.deal_cap is not None:
        found.append(say("at most {amount} a deal", amount=amount(plan.deal_cap, fmt)))
    if plan.deal_floor:
        found.append(say("at least {amount} a deal", amount=amount(plan.deal_floor, fmt)))
    if plan.cap_year is not None:
        found.append(say("at most {amount} a year", amount=amount(plan.cap_year, fmt)))
    if plan.excess == "later":
        found.append(say("what the cap keeps back is paid later"))
    if plan.booking_share < 1:
        share = percent(plan.booking_share)
        found.append(say("{share} at booking, the rest as it is paid", share=share))
    if plan.refunds.window_days is not None:
        days = plan.refunds.window_days
        found.append(say("nothing is taken back after {days} days", days=days))
    if plan.refunds.rule != "recompute":
        found.append(say(REFUNDS[plan.refunds.rule]))
    if plan.leaving.pays != "none":
        found.append(_leaving(plan))
    if plan.negative.rule != "deduct":
        found.append(say(NEGATIVE[plan.negative.rule]))
    return found


def _levels(plan: CommissionPlan, fmt: Formats) -> str:
    """What reaching the quota pays: levels, measures with their weights, or the matrix."""
    part = plan.attainment
    assert part is not None
    if part.matrix is not None:
        return say(
            "for reaching the quotas of {rows} and {columns} up to {amount}, by a matrix",
            rows=part.matrix.rows,
            columns=part.matrix.columns,
            amount=amount(part.target_pay * max(map(max, part.matrix.pays)), fmt),
        )
    between = (
        say("rising evenly between")
        if part.between == "interpolated"
        else say("held until the next")
    )
    if part.levels:
        levels = joined(
            say(
                "{amount} at {at}",
                amount=amount(level.pays * part.target_pay, fmt),
                at=percent(level.at),
            )
            for level in part.levels
        )
        text = say("for reaching the quota {levels}, {between}", levels=levels, between=between)
    else:
        whole = amount(part.target_pay, fmt)
        text = say(
            "for reaching the quota up to {amount} in full, {between}",
            amount=whole,
            between=between,
        )
    shares = joined(_measure(one) for one in part.measures)
    return say("{text} ({shares})", text=text, shares=shares) if shares else text


def _leaving(plan: CommissionPlan) -> str:
    rule, share = plan.leaving, percent(plan.leaving.share)
    if rule.pays == "booked":
        if rule.share == 1:
            return say("after leaving: all that is credited")
        return say("after leaving: {share} of all that is credited", share=share)
    if rule.share == 1:
        return say("after leaving: orders within {days} days", days=rule.days)
    return say("after leaving: {share} of orders within {days} days", share=share, days=rule.days)


def _measure(one: Measure) -> str:
    weight = percent(one.weight)
    if one.gate is None:
        return say("{weight} for {name}", weight=weight, name=one.name)
    return say(
        "{weight} for {name} once {measure} has {at}",
        weight=weight,
        name=one.name,
        measure=one.gate.measure,
        at=percent(one.gate.at),
    )


def _draw(plan: CommissionPlan, fmt: Formats) -> str:
    assert plan.draw is not None
    draw = plan.draw
    back = say("made up by later pay") if draw.recoverable else say("kept", context="draw")
    money = amount(draw.monthly, fmt)
    if not draw.months:
        return say("a draw of {amount} a month, {back}", amount=money, back=back)
    return say(
        "a draw of {amount} a month in the first {months} months, {back}",
        amount=money,
        months=draw.months,
        back=back,
    )


def effect(rule: RateRule) -> str:
    """What a rule does to the tier's rate: ``× 1.2``, ``+ 20 points`` or a flat ``3 %``."""
    if rule.rate is not None:
        return percent(rule.rate)
    if rule.points == 0:
        return f"× {rule.times.normalize():f}"
    points = f"{abs(rule.points * 100).normalize():f}"
    return (
        say("+ {points} points", points=points)
        if rule.points > 0
        else say("− {points} points", points=points)
    )


def part_of(share: Fraction) -> str:
    """A share in per cent where that is a short number, else as the fraction it is: ``1/3``."""
    return percent(as_decimal(share)) if (share * 10**6).denominator == 1 else str(share)


def percent(rate: Decimal) -> str:
    return say("{n} %", n=f"{(rate * 100).normalize():f}")
