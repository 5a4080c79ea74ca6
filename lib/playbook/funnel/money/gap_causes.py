"""Why sales changed on last year: causes among customers, and factors along the funnel."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, listing
from playbook.base.language import later, say, term
from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures import performance as measure
from playbook.data.measures.deals import Deals, deals_of, outcome_counts
from playbook.funnel.steps.cohorts import FunnelStep, steps_of
from playbook.methods.attribution import PVM_PARTS, price_volume_mix, product_split
from playbook.page import Col, Table, table


class SalesCauses(Frame):
    """One row per cause of the change on last year; together they are the whole change."""

    part = col.text(
        later("new customers, lost ones, volume, mix, and price, order size or unit value")
    )
    amount = col.money(later("what it adds"))


class FunnelFactors(Frame):
    """One row per factor of the won amount, and sales without a deal; together the whole change."""

    factor = col.text(later("deals entering, each step, the average win"))
    before = col.thing(later("a year ago, in unit"))
    after = col.thing(later("now, in unit"))
    amount = col.money(later("what the factor adds (Shapley)"))
    unit = col.text(later("count, share or money"))


def _inside(month: Month, span: Window) -> bool:
    return span.start <= month.start and month.end <= span.end


# What the part that is neither units nor mix is called, by what the units are: only against list
# prices is it price; between orders of different goods it is their size.
PRICE, UNIT_VALUE, ORDER_SIZE = later(("price", "amount per unit", "order size"))
PRICE_NAMES = {"list": PRICE, "quantity": UNIT_VALUE, "orders": ORDER_SIZE}
PARTS = later(("new customers", "lost customers", "volume", "mix"))  # of PVM_PARTS
ENTERING = "deals entering "  # begins the factor that counts deals in the first stage
AVERAGE_WIN, NO_DEAL = later(("average win", "sales without a deal, refunds"))


def factor_word(factor: str) -> str:
    """A factor as the page says it; the stages of a step keep their names."""
    if factor.startswith(ENTERING):
        return say("deals entering {start}", start=factor.removeprefix(ENTERING))
    return term(factor) if factor in (AVERAGE_WIN, NO_DEAL) else factor


def gap_causes(book: Book, now: Window, then: Window) -> pd.DataFrame:
    """Customers, volume, mix and price (order size without list prices): what each adds to the
    change between the two spans.
    """
    parts = price_volume_mix(measure.customer_cells(book, now, then))
    names = {"price": PRICE_NAMES[measure.unit_of(book, now, then)]}
    return SalesCauses.make(
        {"part": [names.get(p, p) for p in PVM_PARTS], "amount": [parts[p] for p in PVM_PARTS]}
    )


def funnel_factors(book: Book, now: Window, then: Window) -> pd.DataFrame:
    """Won amount as entries × step rates × average win, both years, and sales without a deal beside
    it; sums to the change of sales.
    """
    if not book.has("opportunities", "outcome", "amount", "closed"):
        return FunnelFactors.make([])
    known = [coverage(book, "opportunities", day) for day in ("created", "closed")]
    if any(c.window_gap(span) for c in known for span in (then, now)):
        return FunnelFactors.make([])
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
        return FunnelFactors.make([])
    factors = [
        [e[0], *(b / a for a, b in pairwise(e)), w / e[-1]]
        for e, w in zip(entries, won, strict=True)
    ]
    parts = product_split(*factors)
    names = [
        f"{ENTERING}{steps[0].start}",
        *(step.name for step in steps),
        AVERAGE_WIN,
    ]
    units = ["count", *("share" for _ in steps), "money"]
    rows = [(n, b, a, p, u) for n, b, a, p, u in zip(names, *factors, parts, units, strict=True)]
    other = [s - w for s, w in zip(sales, won, strict=True)]
    rows.append((NO_DEAL, other[0], other[1], other[1] - other[0], "money"))
    return pd.DataFrame(rows, columns=FunnelFactors.names())


def _months(span: Window) -> tuple[int, int]:
    return Month.of(span.start).number, Month.of(span.end).number


def _entries(step: FunnelStep, span: Window) -> float:
    first, last = _months(span)
    counts = step.counts
    return float(counts.n[(counts.month >= first) & (counts.month <= last)].sum())


def _ends(step: FunnelStep, span: Window) -> float:
    first, last = _months(span)
    return float(step.entries[(step.entries.index >= first) & (step.entries.index <= last)].sum())


def _won_amount(deals: Deals, book: Book, span: Window) -> float:
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


def causes_table(causes: pd.DataFrame, before: str, when: str, fmt: Formats) -> Table:
    """The causes among customers, for the page."""
    return table(
        causes,
        [Col("part", "term", "Cause"), Col("amount", "money", "Change", sign=True)],
        fmt,
        title=say("Customers, volume, mix and {part}", part=term(causes.part.iloc[-1])),
        note=say("On {before}; mid-point, nothing left over; {when}", before=before, when=when),
        total={"part": say("Whole change"), "amount": causes.amount.sum()},
    )


def factors_table(factors: pd.DataFrame, when: str, fmt: Formats) -> Table:
    """The factors along the funnel, for the page."""
    rows = factors.assign(
        factor=[factor_word(factor) for factor in factors.factor],
        before=[fmt.text(b, u) for b, u in zip(factors.before, factors.unit, strict=True)],
        after=[fmt.text(a, u) for a, u in zip(factors.after, factors.unit, strict=True)],
    )
    columns = [
        Col("factor", "text", "Factor"),
        Col("before", "text", "A year ago", align="r"),
        Col("after", "text", "Now", align="r"),
        Col("amount", "money", "Change", sign=True),
    ]
    return table(
        rows,
        columns,
        fmt,
        title=say("Deals, rates and value"),
        total={"factor": say("Whole change"), "amount": factors.amount.sum()},
        note=(
            say(
                "Entries of the span × step rates by activity × average win = won"
                " amount; average over all orders of change (Shapley); {when}",
                when=when,
            )
        ),
    )


def causes_sentence(causes: pd.DataFrame, factors: pd.DataFrame, fmt: Formats) -> list[str]:
    """A sentence with the largest causes of the change on last year; none where nothing moved."""
    rows = causes[causes.amount.abs() >= 0.005]
    if rows.empty:
        return []
    rows = rows.reindex(rows.amount.abs().sort_values(ascending=False, kind="stable").index)
    told = [
        say(
            "{part} {amount}",
            part=term(r.part),
            amount=fmt.money(r.amount, compact=True, sign=True),
        )
        for r in rows.head(2).itertuples()
    ]
    said = {
        "amount": fmt.money(causes.amount.sum(), compact=True, sign=True),
        "en_cause_is": "causes are" if len(told) > 1 else "cause is",
        "causes": listing(told),
    }
    if not len(factors) or factors.amount.abs().max() < 0.005:
        return [say("Of the {amount} on last year the largest {en_cause_is} {causes}.", **said)]
    top = factors.loc[factors.amount.abs().idxmax()]
    return [
        say(
            "Of the {amount} on last year the largest {en_cause_is} {causes}; in the funnel it"
            " is {factor} ({before} → {after}).",
            factor=factor_word(top.factor),
            before=fmt.text(top.before, top.unit),
            after=fmt.text(top.after, top.unit),
            **said,
        )
    ]
