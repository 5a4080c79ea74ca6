"""The search for places over all steps of the funnel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from playbook.data.book import Book
from playbook.data.measures.deals import (
    Deals,
    outcome_counts,
    step_counts,
)
from playbook.funnel.steps.cohorts import FunnelStep, decided_counts, drop_impossible_times
from playbook.funnel.windows import bounds

from .dimensions import home, usable
from .place import Place, SearchedStep
from .search import MEMBERS, places_of_step
from .step_value import first_decided, mature_cells

SEARCH = ("region", "product_line", "channel", "customer_type", "industry", "rep")
# With more deals than this, reps are not searched one by one: cells would be as many as deals.
REPS_UP_TO = 50_000


def search_steps(
    steps: list[FunnelStep],
    worth: dict[str, dict],
    deals: Deals,
    book: Book,
    rng: np.random.Generator,
) -> tuple[list[Place], int, tuple[str, ...], tuple[str, ...]]:
    """Places of every step (8 at most, the surest cost first), the number of comparisons made, and
    the dimensions that were searched and those no step could be searched by.

    worth: step → its row of StepValues.
    """
    dims = [
        d
        for d in (*SEARCH, *deals.own)
        if d in deals.dimensions and (d != "rep" or deals_in(deals) <= REPS_UP_TO)
    ]
    first, _ = bounds(book, "trailing_12m")
    priced = [
        s
        for s in steps
        if worth[s.name]["value"] is not None and worth[s.name]["onward"] is not None
    ]
    found: list[Place] = []
    searched, used = 0, set()
    for step in priced if dims else []:
        k, to = deals.stages.index(step.start), deals.stages.index(step.end)
        rows = mature_cells(
            decided_counts(deals, dims)
            if step.decided
            else drop_impossible_times(step_counts(deals, k, to, by=dims, days=False)),
            step.limit,
            book,
        )
        searched_step = SearchedStep(
            step.name,
            k,
            to,
            worth[step.name]["onward"] * worth[step.name]["value"],
            first,
            len(priced),
        )
        rows = rows[rows.month >= first_decided(deals)]
        able = [d for d in usable(rows, dims) if rows[d].nunique() <= MEMBERS]
        used |= set(able)
        spots, comparisons = places_of_step(
            rows, able, searched_step, book.settings.funnel.min_group, rng
        )
        found += [replace(spot, region=home(rows, spot.by, first)) for spot in spots]
        searched += comparisons
    return (
        sorted(found, key=lambda place: (-place.low, place.where))[:8],
        searched,
        tuple(d for d in dims if d in used),
        tuple(d for d in dims if d not in used),
    )


def deals_in(deals: Deals) -> int:
    """How many deals there are."""
    return int(outcome_counts(deals).n.sum())
