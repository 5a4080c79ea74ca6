"""The plan under your fingers: rates, edges and an award moved, curve, cost and winners at once, on the real rep-periods of twelve months."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base.plans import Band, CommissionPlan
from playbook.page import Col, Result, Table, table
from playbook.page.widgets import Choice, Slider, explore

from . import engine, exact
from .choose import round_number
from .comparison import Comparison
from .credit import credited
from .history import minor_money
from .pay import within

MODES = {"each band at its own rate": "marginal", "reached rate on everything": "whole"}
STEPS = (("lower rates by a tenth", Decimal("0.9")), ("as it is", Decimal(1)), ("raise rates by a tenth", Decimal("1.1")))


def explore_plan(result: Result) -> None:
    """Sliders for three rates, two edges and the mode; in batch a table of rates a tenth lower, as they are, and a tenth higher.

    Shows nothing for a missing comparison or a plan without tiers of amounts.
    """
    if not isinstance(result, Comparison) or not result.current.tiers or result.current.tiers_of == "quota":
        return          # no tiers of amounts to move
    tiers = padded(result.current)
    top = float(tiers[-1].lower)
    controls = {
        **{f"rate{i + 1}": Slider(f"Rate of band {i + 1} [%]", 0, 30, 0.5, float(band.rate * 100), ".1f") for i, band in enumerate(tiers)},
        **{f"edge{i}": Slider(f"Edge {i} [{result.fmt.currency}]", 0, _round_up(2 * top), round_number(top / 40), float(tiers[i].lower), ",.0f") for i in (1, 2)},
        "award": Slider(f"For each new customer [{result.fmt.currency}]", 0, max(round_number(top / 100), 10), max(round_number(top / 2000), 1), 0, ",.0f"),
        "mode": Choice("Tiers pay", list(MODES), next(k for k, v in MODES.items() if v == result.current.mode)),
    }
    explore(lambda award, **values: outcome(result, plan_of(result.current, **values), award), controls, static=sensitivity(result))


def padded(plan: CommissionPlan) -> list[Band]:
    """Three bands of a plan; short tables are continued at their last rate, long ones cut."""
    rising = sorted(plan.tiers, key=lambda band: band.lower)[:3] or [Band(lower=Decimal(0), rate=Decimal("0.1"))]
    while len(rising) < 3:
        rising.append(Band(lower=max(rising[-1].lower * 2, Decimal(100_000)), rate=rising[-1].rate))
    return rising


def plan_of(current: CommissionPlan, rate1: float, rate2: float, rate3: float, edge1: float, edge2: float, mode: str) -> CommissionPlan:
    """The plan the sliders stand for; an upper edge below the lower one is moved up to it."""
    first, second = Decimal(str(max(edge1, 1))), Decimal(str(max(edge2, edge1 + 1, 2)))
    rates = [Decimal(str(rate)) / 100 for rate in (rate1, rate2, rate3)]
    tiers = [Band(lower=Decimal(0), upper=first, rate=rates[0]), Band(lower=first, upper=second, rate=rates[1]), Band(lower=second, rate=rates[2])]
    return current.model_copy(update={"name": "yours", "tiers": tiers, "mode": MODES[mode], "tiers_of": "amount"})


def quick_pay(result: Comparison, plan: CommissionPlan) -> dict[str, Decimal]:
    """Twelve months' tier pay per rep under ``plan``, from whole periods, without clawbacks and awards."""
    past = result.history
    rows = credited(past.orders, plan, fiscal_year_start=past.fiscal_year_start, tiers=past.book.settings.segments.tiers)
    rows = within(rows, result.window.start, result.window.end).sort_values(["rep_id", "period"], kind="stable").reset_index(drop=True)
    key = pd.factorize(pd.MultiIndex.from_frame(rows[["rep_id", "order_id" if plan.accumulate == "deal" else "period"]]))[0]
    rows, group = rows.take(np.argsort(key, kind="stable")), np.sort(key)
    pay, unit = engine.tier_pay(engine.Lines(group, rows["amount"].to_numpy(), rows["rule"].to_numpy()), plan.model_copy(update={"threshold": Decimal(0)}))
    first = exact.starts(group)
    sums = pd.Series(exact.half_even(exact.group_sum(pay, first), unit // 10**past.minor), index=rows["rep_id"].to_numpy()[first])
    return {rep: minor_money(v, past.minor) for rep, v in sums.groupby(level=0).sum().items()}


def outcome(result: Comparison, plan: CommissionPlan, award: float = 0) -> list:
    """The curve beside the one in force, then cost, change and winners; ``award`` is paid for each customer's first order in the window."""
    from . import figures
    pay = quick_pay(result, plan)
    for rep, count in (new_customers(result) if award else {}).items():
        pay[rep] = pay.get(rep, Decimal(0)) + Decimal(str(award)) * count
    return [figures.two_curves(result.current, plan, result.fmt), _table(result, [(plan.name, pay)])]


def new_customers(result: Comparison) -> dict[str, int]:
    """First orders of customers in the window, by rep."""
    first = result.history.orders[result.history.orders["amount"] > 0].drop_duplicates("customer_id")
    return within(first, result.window.start, result.window.end)["rep_id"].value_counts().to_dict()


def sensitivity(result: Comparison) -> Table:
    """All rates a tenth lower, as they are, a tenth higher."""
    made = []
    for name, factor in STEPS:
        tiers = [band.model_copy(update={"rate": band.rate * factor}) for band in result.current.tiers]
        made.append((name, quick_pay(result, result.current.model_copy(update={"tiers": tiers}))))
    return _table(result, made)


def _table(result: Comparison, made: list[tuple[str, dict[str, Decimal]]]) -> Table:
    base = quick_pay(result, result.current)
    revenue = result.history.revenue(result.current, "trailing_12m")
    rows = []
    for name, pay in made:
        total = sum(pay.values(), Decimal(0))
        rows.append({"plan": name, "payout": total, "cost": float(total / revenue) if revenue > 0 else None, "change": total - sum(base.values(), Decimal(0)),
                     "gain": sum(pay.get(rep, 0) > v for rep, v in base.items()), "lose": sum(pay.get(rep, 0) < v for rep, v in base.items())})
    columns = [Col("plan", "text", "Plan", weight=2), Col("payout", "money", "Payout"), Col("cost", "share", "Cost of sales", decimals=2),
               Col("change", "money", "Against the plan in force", sign=True), Col("gain", "count", "Reps who gain"), Col("lose", "count", "Reps who lose")]
    return table(pd.DataFrame(rows), columns, result.fmt, title="What moving the rates does",
                 note=f"Tiers alone, without awards and clawbacks · {result.where}")


def _round_up(value: float) -> float:
    return float(max(round_number(value), round_number(value / 4) * 4))


