"""Simulated years: what two plans may cost when months come in another order and sales respond to
what the next deal pays.

Months of the last two years are drawn with replacement. A month is taken for all reps together, so
that good and bad months stay good and bad for everybody in them. The engine of the statements then
pays each year: tiers, rules, attainment, caps, guarantees, draws, awards and clawbacks. The
response of sales to pay is an assumption; the page says so beside every number that rests on it.
"""

from __future__ import annotations

import numpy as np

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.data.book import Book
from playbook.page import section
from playbook.pay.history import history, minor_money
from playbook.pay.monthly import monthly_history
from playbook.pay.total import total_pay

from .gross_margin import gross_margin
from .simulated_pay import Simulation
from .simulated_years import (
    YearCosts,
    break_even,
    months_and_reps,
    sample_years,
    sensitivity,
    simulate,
    spread_factor,
    yearly_totals,
)

YEARS = 1000


@section("simulation")
def simulation(
    book: Book, plan: str = "", compare_with: str = "", years: int = YEARS
) -> Simulation:
    """Everything both plans pay in simulated years; needs twelve months of credited orders."""
    past = history(book, plan, compare_with)
    plans = (past.chosen.current, past.chosen.other)
    months, reps = months_and_reps(past, plans)
    if len(months) < 12:
        raise NotAvailable(
            {},
            gives=say("what a year may cost under either plan"),
            because=say(
                "needs twelve months of credited orders; there are {months}", months=len(months)
            ),
        )
    if not reps:
        raise NotAvailable(
            {},
            gives=say("what a year may cost under either plan"),
            because=say("no one was paid in the last twelve months"),
        )
    settings, given = book.settings.incentives, book.settings.incentives.model_fields_set
    pair = tuple(monthly_history(past, one, reps, months) for one in plans)
    window = book.window("trailing_12m")
    base = float(minor_money(total_pay(past, plans[0]).total(window), past.minor))
    budget = base * (1 + settings.budget_uplift)
    costs: dict[str, np.ndarray] = {}
    profit: dict[str, np.ndarray] = {}
    rows, first, margin = [], None, gross_margin(book, months[0], months[-1])
    for number, culture in enumerate(settings.cultures):
        sampled = sample_years(len(months), years, settings.seed + number)
        swung = (
            [one.scaled(spread_factor(one.sales, culture.spread)) for one in pair]
            if culture.spread != 1
            else pair
        )
        made = simulate(swung, sampled, settings.effort * culture.effort, culture.hold)
        first = first or made
        earned = (
            made.sales if plans[0].basis == plans[1].basis else made.alike
        )  # bookings and cash of the same deals differ, and no plan earns the difference
        for one, pay, sales, sold in zip(plans, made.pay, made.sales, earned, strict=True):
            cost = yearly_totals(pay, past.minor)
            left = margin.share * sold - cost
            rows.append(
                {
                    "culture": culture.name,
                    "plan": one.name,
                    "p10": np.quantile(cost, 0.1),
                    "p50": np.median(cost),
                    "p90": np.quantile(cost, 0.9),
                    "cost": float(cost.sum() / sales.sum()) if sales.sum() > 0 else None,
                    "profit": float(np.median(left)),
                    "over": float((cost > budget).mean()),
                }
            )
            costs.setdefault(one.name, cost)
            profit.setdefault(one.name, left)
    assert first is not None
    return Simulation(
        table=YearCosts.make(rows),
        costs=costs,
        profit=profit,
        budget=budget,
        uplift=break_even(pair, margin.share),
        margin=margin,
        effort=settings.effort,
        cultures=tuple(settings.cultures),
        same={
            one.name: yearly_totals(pay, past.minor)
            for one, pay in zip(plans, first.unanswered, strict=True)
        },
        sensitivity=sensitivity(pair[1], first, min(years, 300)),
        plans=plans,
        given=past.chosen.given,
        derived=past.chosen.derived,
        budget_given="budget_uplift" in given,
        effort_given="effort" in given,
        months=len(months),
        reps=len(reps),
        years=years,
        as_of=book.as_of,
        fmt=book.fmt,
        base=base,
        carried={
            one.name: (int(cut.carried.sum()), int((cut.quota > 0).sum()))
            for one, cut in zip(plans, pair, strict=True)
            if cut.quota is not None and cut.carried is not None
        },
    )
