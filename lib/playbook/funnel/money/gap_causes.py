"""TODO."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.measures import performance as measure
from playbook.data.measures.deals import deals_of, outcome_counts
from playbook.funnel.steps.cohorts import steps_of
from playbook.methods.attribution import PVM_PARTS, price_volume_mix, product_split


def _inside(month: Month, span: Window) -> bool:
    return span.start <= month.start and month.end <= span.end


def gap_causes(book: Book, now: Window, then: Window) -> pd.DataFrame:
    parts = price_volume_mix(measure.customer_cells(book, now, then))
    return pd.DataFrame({"part": list(PVM_PARTS), "amount": [parts[p] for p in PVM_PARTS]})


def funnel_factors(book: Book, now: Window, then: Window) -> pd.DataFrame:
    """Won amount as entries × step rates × average win, both years, and sales without a deal beside
    it; sums to the change of sales.
    """
    columns = ["factor", "before", "after", "amount", "unit"]
    if not book.has("opportunities", "outcome", "amount", "closed"):
        return pd.DataFrame(columns=columns)
    deals = deals_of(book)
    steps = steps_of(deals, book)
    spans = (then, now)
    entries = (
        [[_entries(steps[0], s), *(_ends(step, s) for step in steps)] for s in spans]
        if steps
        else []
    )
    won = [_won_amount(deals, book, s) for s in spans]
    sales = [_sales(book, s) for s in spans]
    if not entries or any(min(e) == 0 for e in entries) or any(w <= 0 for w in won):
        return pd.DataFrame(columns=columns)
    factors = [
        [e[0], *(b / a for a, b in pairwise(e)), w / e[-1]]
        for e, w in zip(entries, won, strict=True)
    ]
    parts = product_split(*factors)
    names = [f"deals entering {steps[0].start}", *(step.name for step in steps), "average win"]
    units = ["count", *("share" for _ in steps), "money"]
    rows = [(n, b, a, p, u) for n, b, a, p, u in zip(names, *factors, parts, units, strict=True)]
    other = [s - w for s, w in zip(sales, won, strict=True)]
    rows.append(("sales without a deal, refunds", other[0], other[1], other[1] - other[0], "money"))
    return pd.DataFrame(rows, columns=columns)


def _months(span: Window) -> tuple[int, int]:
    return Month.of(span.start).number, Month.of(span.end).number


def _entries(step, span: Window) -> float:
    first, last = _months(span)
    counts = step.counts
    return float(counts.n[(counts.month >= first) & (counts.month <= last)].sum())


def _ends(step, span: Window) -> float:
    first, last = _months(span)
    return float(step.entries[(step.entries.index >= first) & (step.entries.index <= last)].sum())


def _won_amount(deals, book: Book, span: Window) -> float:
    counts = outcome_counts(deals)
    first, last = _months(span)
    return float(
        counts.amount[
            (counts.outcome == "won") & (counts.closed >= first) & (counts.closed <= last)
        ].sum()
    )


def _sales(book: Book, span: Window) -> float:
    rows = measure.sales_by_month(book)
    return float(rows.amount[[_inside(m, span) for m in rows.month]].sum())
