"""The plan that the sliders stand for, and what it would have paid."""

from __future__ import annotations

from decimal import Decimal
from itertools import zip_longest
from typing import Any

from playbook.base.language import later, say
from playbook.base.settings.plan_parts import Band
from playbook.base.settings.plans import CommissionPlan
from playbook.pay.history import minor_money
from playbook.pay.lines import within
from playbook.pay.total import total_pay

from .plan_comparison import PlanComparison

AWARDS = 4  # awards with a slider


YOURS = "yours"  # name of the plan that the sliders stand for
MODES = (
    (later("each band at its own rate"), "marginal"),
    (later("reached rate on everything"), "whole"),
)
OVER = ((later("month"), "month"), (later("quarter"), "quarter"), (later("fiscal year"), "year"))


def movable_awards(plan: CommissionPlan) -> list:
    """Awards a slider can move: found by rule, for what was given by hand has its own amounts."""
    return [award for award in plan.awards if award.event != "by_hand"][:AWARDS]


def padded(plan: CommissionPlan) -> list[Band]:
    """The plan's bands, rising; fewer than three are continued at their last rate, which pays the
    same.
    """
    rising = sorted(plan.tiers, key=lambda band: band.lower)
    while rising and len(rising) < 3:
        least = Decimal(1) if plan.tiers_of == "quota" else Decimal(100_000)
        edge = max(rising[-1].lower * 2, least)
        rising = [
            *rising[:-1],
            rising[-1].model_copy(update={"upper": edge}),
            rising[-1].model_copy(update={"lower": edge}),
        ]
    return rising


def plan_from_sliders(
    result: PlanComparison, welcome: float = 0, **values
) -> tuple[CommissionPlan, float]:
    """The plan that the sliders stand for, and the money for each new customer [currency].

    values: slider name → value, as ``explore.controls`` names them; one that is not given keeps the
    plan's own. An edge below the one before is moved up to it. Bands that say themselves whether
    they reach back do so until another way of paying is chosen.
    """
    plan = result.current
    changed: dict[str, Any] = {"name": YOURS}
    changed["mode"] = _chosen(MODES, values.get("mode"), plan.mode)
    bands, low = padded(plan), Decimal(0)
    for i, band in enumerate(bands):
        worth: dict[str, Decimal | None] = (
            {"rate": Decimal(str(values.get(f"rate{i + 1}", band.rate * 100))) / 100}
            if band.pays is None
            else {"pays": Decimal(str(values.get(f"pays{i + 1}", band.pays)))}
        )
        if changed["mode"] != plan.mode:
            worth |= {"retroactive": None}
        share = Decimal(100) if plan.tiers_of == "quota" else Decimal(1)
        lower = (
            Decimal(0)
            if i == 0
            else max(
                Decimal(str(values.get(f"edge{i}", band.lower * share))) / share,
                low + (Decimal("0.01") if plan.tiers_of == "quota" else 1),
            )
        )
        bands[i] = band.model_copy(update={"lower": lower, **worth})
        low = lower
    changed["tiers"] = [
        band.model_copy(update={"upper": above.lower if above else None})
        for band, above in zip_longest(bands, bands[1:])
    ]
    changed["accumulate"] = _chosen(OVER, values.get("over"), plan.accumulate)
    if plan.attainment:
        changed["attainment"] = plan.attainment.model_copy(
            update={"target_pay": Decimal(str(values.get("target", plan.attainment.target_pay)))}
        )
    changed["rules"] = [
        _ruled(rule, values.get(f"rule{i}")) for i, rule in enumerate(plan.rules, 1)
    ]
    paid = {award.name: values.get(f"award{i}") for i, award in enumerate(movable_awards(plan), 1)}
    changed["awards"] = [
        (
            award
            if paid.get(award.name) is None
            else award.model_copy(update={"amount": Decimal(str(paid[award.name]))})
        )
        for award in plan.awards
    ]
    return plan.model_copy(update=changed), welcome


def _chosen(options, shown, held: str) -> str:
    """The setting behind an option as it is shown; ``held`` where none was chosen."""
    return next((value for name, value in options if shown in (name, say(name))), held)


def _ruled(rule, value):
    """A rule with its effect moved to ``value``."""
    if value is None:
        return rule
    number = Decimal(str(value))
    if rule.rate is not None:
        return rule.model_copy(update={"rate": number / 100})
    return rule.model_copy(update={"points": number / 100} if rule.points else {"times": number})


def pay_of(
    result: PlanComparison, plan: CommissionPlan, welcome: float = 0, *, keep: bool = False
) -> dict[str, Decimal]:
    """Everything ``plan`` pays each rep in the twelve months of the comparison [currency].

    welcome: money for each customer's first order in the window [currency]. keep: keep the pay for
    the next call with the same plan.
    """
    key = plan.model_dump_json()
    pay = dict(
        result.history.newest(
            f"pay, kept: {keep}", f"{result.window} {key}", lambda: _paid(result, plan, keep=keep)
        )
    )
    for rep, count in (new_customers(result) if welcome else {}).items():
        pay[rep] = pay.get(rep, Decimal(0)) + Decimal(str(welcome)) * count
    return pay


def _paid(result: PlanComparison, plan: CommissionPlan, *, keep: bool) -> dict[str, Decimal]:
    past = result.history
    paid = total_pay(past, plan, keep=keep).lines[["rep_id", "date", "pay"]]
    lines = within(paid, result.window.start, result.window.end)
    return {
        rep: minor_money(v, past.minor) for rep, v in lines.groupby("rep_id")["pay"].sum().items()
    }


def new_customers(result: PlanComparison) -> dict[str, int]:
    """First orders of customers in the window, by rep."""
    first = result.history.orders[result.history.orders["amount"] > 0].drop_duplicates(
        "customer_id"
    )
    return within(first, result.window.start, result.window.end)["rep_id"].value_counts().to_dict()
