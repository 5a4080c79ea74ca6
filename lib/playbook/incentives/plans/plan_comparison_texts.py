"""What the comparison of two plans says, as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from playbook.base.formats import Formats, plural
from playbook.base.language import later, named, say
from playbook.base.settings.plans import CommissionPlan
from playbook.pay.plan_choice import PlanChoice
from playbook.pay.wording import describe_plan

GIVE_PLANS = later(
    "No commission plan is given, so what plans cost is not said: write"
    " yours under [[commission_plans]] in playbook.toml"
)


@dataclass(frozen=True)
class Compared:
    """What the sentences need: names of the plan in force and of the other, their rows of
    ``PlanCosts``, what the other would have cost more [currency], how many gain and lose. given,
    derived: whether the plans are the firm's, and whether the other was derived from the first.
    """

    current: str
    other: str
    rows: tuple[dict, dict]
    difference: Decimal
    gain: int
    lose: int
    given: bool
    derived: bool
    fmt: Formats


def reading(compared: Compared) -> str:
    """What the other plan would have cost, who would have gained, how pay would spread."""
    if not compared.given:
        return say("{give_plans}. The tables show an illustration.", give_plans=say(GIVE_PLANS))
    f, (a, b) = compared.fmt, compared.rows
    if compared.difference == 0 and not compared.gain and not compared.lose:
        return say(
            "Both plans would have paid {payout}, and every rep the same: what"
            " {current} and {other} differ in touched nobody.",
            payout=f.money(a["payout"]),
            current=named(compared.current),
            other=named(compared.other),
        )
    places: dict[str, Any] = {
        "other": named(compared.other),
        "difference": f.money(abs(compared.difference)),
        "current": named(compared.current),
        "cost": f.share(b["cost_of_sales"], decimals=2),
        "before": f.share(a["cost_of_sales"], decimals=2),
        "reps": plural(compared.gain, "rep"),
        "lose": compared.lose,
    }
    text = (
        say(
            "On the same deals, plan {other} would have paid {difference} more"
            " than plan {current} ({cost} of revenue against {before}): {reps} would"
            " have gained and {lose} lost.",
            **places,
        )
        if compared.difference > 0
        else say(
            "On the same deals, plan {other} would have paid {difference} less"
            " than plan {current} ({cost} of revenue against {before}): {reps} would"
            " have gained and {lose} lost.",
            **places,
        )
    )
    if a["gini"] is not None and b["gini"] is not None:
        gini = {"gini": f.text(b["gini"], "score"), "before": f.text(a["gini"], "score")}
        if b["gini"] < a["gini"] - 0.005:
            text += say(" It would spread pay more evenly (Gini {gini} against {before}).", **gini)
        elif b["gini"] > a["gini"] + 0.005:
            text += say(" It would spread pay less evenly (Gini {gini} against {before}).", **gini)
        else:
            text += say(
                " It would spread pay about as evenly (Gini {gini} against {before}).", **gini
            )
    return text + say(
        " People would have sold differently under other pay; this replays what they did sell."
    )


def headline(compared: Compared) -> str:
    """Both plans' pay of twelve months in a line."""
    f, (a, b) = compared.fmt, compared.rows
    if not compared.given:
        return say(GIVE_PLANS)
    if compared.derived:
        return say(
            "Twelve months: {plan} {payout} ({cost} of revenue)",
            plan=named(compared.current),
            payout=f.money(a["payout"]),
            cost=f.share(a["cost_of_sales"], decimals=2),
        )
    return say(
        "Twelve months: {current} {paid} ({cost} of revenue),"
        " {other} {would_pay} ({other_cost}); {gain} gain, {lose} lose",
        current=named(compared.current),
        paid=f.money(a["payout"]),
        cost=f.share(a["cost_of_sales"], decimals=2),
        other=named(compared.other),
        would_pay=f.money(b["payout"]),
        other_cost=f.share(b["cost_of_sales"], decimals=2),
        gain=compared.gain,
        lose=compared.lose,
    )


def plan_notes(plans: tuple[CommissionPlan, ...], chosen: PlanChoice, fmt: Formats) -> list[str]:
    """Every plan in one line, after where they come from."""
    notes = [
        say("{plan}: {terms}.", plan=named(plan.name), terms=describe_plan(plan, fmt))
        for plan in plans
    ]
    return [chosen.note, *notes] if chosen.note else notes


def quota_notes(carried: dict[str, tuple[int, int]]) -> list[str]:
    """How many months are drawn with a mean for want of a quota, per plan with such months.

    carried: plan → (such months of reps, months of reps drawn with a quota)
    """
    return [
        say(
            "Plan {plan}: no quota is set for {months:,} of {of:,} rep-months. Where one of them is"
            " drawn, the mean of the same rep's other months stands for its quota.",
            plan=named(plan),
            months=months,
            of=of,
        )
        for plan, (months, of) in carried.items()
        if months
    ]
