"""Sliders for the plan in force: rates, edges, rules, levels and awards. They show the pay curve,
the cost, and who gains and loses on the deals of twelve months.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from playbook.base.formats import listing
from playbook.base.language import later, named, say
from playbook.base.settings.plans import CommissionPlan
from playbook.incentives.plans.plan_comparison import PlanComparison
from playbook.incentives.plans.standing import typical_terms
from playbook.incentives.plans.tried_plan import (
    MODES,
    OVER,
    YOURS,
    movable_awards,
    padded,
    pay_of,
    plan_from_sliders,
)
from playbook.page import Col, Figure, Result, Table, table
from playbook.page.blocks import Block
from playbook.page.origins import explorer
from playbook.page.widgets import Choice, Slider, explore
from playbook.pay.plan_choice import round_number

from .figures import plans as figures

STEPS = (
    (later("lower rates by a tenth"), Decimal("0.9")),
    (later("as it is"), Decimal(1)),
    (later("raise rates by a tenth"), Decimal("1.1")),
)
BANDS = 5  # bands with sliders; a plan of more keeps the others as they are
NAMED = 3  # who gains and who loses, by name


@explorer
def explore_plan(result: Result) -> None:
    """Controls for every part of the plan in force; in batch a table of rates a tenth lower, as
    they are, and a tenth higher. Shows nothing for a missing comparison.
    """
    if isinstance(result, PlanComparison):
        explore(
            lambda **values: outcome(result, plan_from_sliders(result, **values)),
            controls(result),
            static=sensitivity(result),
        )


def controls(result: PlanComparison) -> dict[str, Slider | Choice]:
    """A slider for each rate, edge, rule, level and award of the plan in force, and choices of how
    its tiers pay.
    """
    plan, currency = result.current, result.fmt.currency
    made: dict[str, Slider | Choice] = {}
    bands = padded(plan)
    for i, band in enumerate(bands[:BANDS], 1):
        if band.pays is None:
            made[f"rate{i}"] = Slider(
                say("Rate of band {i} [%]", i=i), 0, 30, 0.5, float(band.rate * 100), ".1f"
            )
        else:
            made[f"pays{i}"] = _money_slider(
                say("Pay for the whole of band {i} [{currency}]", i=i, currency=currency),
                float(band.pays),
            )
    top = float(bands[-1].lower) if bands else 1e6
    for i, band in enumerate(bands[1:BANDS], 1):
        made[f"edge{i}"] = (
            Slider(say("Edge {i} [% of the quota]", i=i), 0, 300, 5, float(band.lower * 100), ".0f")
            if plan.tiers_of == "quota"
            else Slider(
                say("Edge {i} [{currency}]", i=i, currency=currency),
                0,
                _round_up(2 * top),
                round_number(top / 40),
                float(band.lower),
                ",.0f",
            )
        )
    if plan.attainment:
        made["target"] = _money_slider(
            say("Pay for the quota [{currency}]", currency=currency),
            float(plan.attainment.target_pay),
        )
    for i, rule in enumerate(plan.rules, 1):
        label, start, high = (
            (f"{rule.name} [%]", rule.rate * 100, 30)
            if rule.rate is not None
            else (
                (say("{name} [points]", name=rule.name), rule.points * 100, 30)
                if rule.points
                else (say("{name} [× rate]", name=rule.name), rule.times, 3)
            )
        )
        made[f"rule{i}"] = Slider(
            label, min(0, float(start)), high, 0.05 if high == 3 else 0.5, float(start), ".2f"
        )
    for i, award in enumerate(movable_awards(plan), 1):
        made[f"award{i}"] = Slider(
            f"{award.name} [{currency}]",
            0,
            _round_up(max(float(award.amount) * 3, 100)),
            max(round_number(float(award.amount) / 20), 1),
            float(award.amount),
            ",.0f",
        )
    made["welcome"] = Slider(
        say("For each new customer [{currency}]", currency=currency),
        0,
        max(round_number(top / 100), 10) if plan.tiers_of == "amount" else 10_000,
        max(round_number(top / 2000), 1) if plan.tiers_of == "amount" else 100,
        0,
        ",.0f",
    )
    if plan.tiers:
        made["mode"] = Choice(
            say("Tiers pay"),
            [say(name) for name, _ in MODES],
            next(say(name) for name, mode in MODES if mode == plan.mode),
        )
    if plan.tiers and plan.accumulate != "deal" and not plan.needs_quota:
        made["over"] = Choice(
            say("Tiers add up over a"),
            [say(name) for name, _ in OVER],
            next(say(name) for name, over in OVER if over == plan.accumulate),
        )
    return made


def _money_slider(label: str, start: float) -> Slider:
    """From nothing to three times the amount."""
    return Slider(label, 0, _round_up(3 * start), round_number(start / 20), start, ",.0f")


def _tried(plan: str) -> str:
    """The name of a plan on a page: that of the sliders' own is ours."""
    return say("yours", context="plan") if plan == YOURS else named(plan)


def outcome(result: PlanComparison, yours: tuple[CommissionPlan, float]) -> list[Block]:
    """The curve beside the one in force, then cost, change, and who gains and loses by name."""
    plan, welcome = yours
    shown = _two_curves(result, plan)
    return [
        *([shown] if shown else []),
        _table(result, [(_tried(plan.name), pay_of(result, plan, welcome))], by_name=True),
    ]


def _two_curves(result: PlanComparison, yours: CommissionPlan) -> Figure | None:
    """Pay lines of the plan in force and of the one being tried; None where either pays for no
    amount.
    """
    past, key = result.history, yours.model_dump_json(exclude={"awards"})
    return past.newest("curves", key, lambda: _drawn_curves(result, yours))


def _drawn_curves(result: PlanComparison, yours: CommissionPlan) -> Figure | None:
    past = result.history
    pair = [typical_terms(past, one) for one in (result.current, yours)]
    known = [terms for terms in pair if terms is not None]
    if len(known) < len(pair):
        return None
    top = 1.5 * float(max((end for terms in known for end in terms.ends()), default=0)) or 100_000.0
    lines = [
        past.newest(
            f"line of {name}",
            f"{top} {terms.plan.model_dump_json(exclude={'awards'})}",
            lambda terms=terms: terms.pay_line(top),
        )
        for name, terms in zip(("the plan in force", "yours"), known, strict=True)
    ]
    return figures.two_curves(
        [(_tried(terms.plan.name), line) for terms, line in zip(known, lines, strict=True)],
        [terms.promise([Decimal(round(top))])[0] for terms in known],
        top=top,
        period=yours.accumulate,
        fmt=result.fmt,
    )


def sensitivity(result: PlanComparison) -> Table:
    """All rates a tenth lower, as they are, a tenth higher."""
    made = []
    for name, factor in STEPS:
        plan = result.current
        if factor != 1:
            tiers = [
                band.model_copy(
                    update={"rate": min(band.rate * factor, Decimal(1))}
                    if band.pays is None
                    else {"pays": band.pays * factor}
                )
                for band in plan.tiers
            ]
            part = plan.attainment and plan.attainment.model_copy(
                update={"target_pay": plan.attainment.target_pay * factor}
            )
            plan = plan.model_copy(update={"tiers": tiers, "attainment": part})
        made.append((say(name), pay_of(result, plan, keep=factor == 1)))
    return _table(result, made)


def _table(
    result: PlanComparison, made: list[tuple[str, dict[str, Decimal]]], *, by_name: bool = False
) -> Table:
    base, revenue = (
        pay_of(result, result.current, keep=True),
        result.history.revenue(result.current, "trailing_12m"),
    )
    rows = []
    for name, pay in made:
        total = sum(pay.values(), Decimal(0))
        change = {
            rep: pay.get(rep, Decimal(0)) - base.get(rep, Decimal(0))
            for rep in sorted({*base, *pay})
        }
        up, down = (
            sorted(
                (rep for rep, v in change.items() if sign * v > 0),
                key=lambda rep, sign=sign: -sign * change[rep],
            )
            for sign in (1, -1)
        )
        who = {
            key: (
                listing(
                    [
                        f"{result.history.name(rep)} {result.fmt.money(change[rep], sign=True)}"
                        for rep in reps[:NAMED]
                    ]
                )
                if reps
                else "–"
            )
            for key, reps in (("most_up", up), ("most_down", down))
        }
        rows.append(
            {
                "plan": name,
                "payout": total,
                "cost": float(total / revenue) if revenue > 0 else None,
                "change": total - sum(base.values(), Decimal(0)),
                "gain": len(up),
                "lose": len(down),
                **who,
            }
        )
    columns = [
        Col("plan", "text", "Plan", context="pay", weight=1),
        Col("payout", "money", "Payout"),
        Col("cost", "share", "Cost of sales", decimals=2),
        Col("change", "money", "Against the plan in force", sign=True),
        Col("gain", "count", "Reps who gain"),
        Col("lose", "count", "Reps who lose"),
        *(
            [
                Col("most_up", "text", "Gain most", weight=2),
                Col("most_down", "text", "Lose most", weight=2),
            ]
            if by_name and result.named
            else []
        ),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        result.fmt,
        title=say("What moving the rates does"),
        note=say(
            "Everything the plan pays, awards and clawbacks included · {where}", where=result.where
        ),
    )


def _round_up(value: float) -> float:
    return float(max(round_number(value), round_number(value / 4) * 4))
