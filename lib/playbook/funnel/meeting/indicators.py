"""The monthly series behind the dashboard: process, conversion and customer indicators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.coverage import Coverage, coverage, sales_coverage
from playbook.data.measures import acquisition
from playbook.data.measures import channels as channel_measure
from playbook.data.measures import performance as sales_measure
from playbook.data.measures.deals import Deals, outcome_counts
from playbook.data.measures.process import by_month
from playbook.data.measures.profit import margins
from playbook.data.measures.reasons import match_counts
from playbook.funnel.steps.cohorts import steps_of
from playbook.methods.lifetime import lifetime_value, monthly_churn

from .words import BY_ACTIVITY

MONTHS = 13  # twelve of history and the report month


@dataclass(frozen=True)
class Indicator:
    """One series by month number; months that the data do not cover are absent or null.

    good: 1 = more is better, −1 = less, 0 = neither. trials: deals a share is of, by month.
    overlap: months of which each value tells; 12 for a value of the last 12 months.
    """

    family: str  # process, conversion or customer
    name: str
    unit: str
    good: int
    values: pd.Series
    trials: pd.Series | None = None
    overlap: int = 1


def process_indicators(book: Book) -> list[Indicator]:
    """Leads, visits, all contacts."""
    found = []
    if book.has("leads", "created"):
        values = _filled(by_month(book, "leads", "created"), coverage(book, "leads"))
        found.append(Indicator("process", "leads", "count", 1, values))
    if book.has("activities", "kind"):
        covered = coverage(book, "activities")
        visits = by_month(book, "activities", "date", nw.col("kind") == "visit")
        if len(visits):
            found.append(Indicator("process", "visits", "count", 1, _filled(visits, covered)))
        contacts = _filled(by_month(book, "activities", "date"), covered)
        found.append(Indicator("process", "contacts", "count", 1, contacts))
    return found


def _filled(counts: pd.Series, covered: Coverage) -> pd.Series:
    """The whole months of a table: one without a row is a zero, one not covered is absent."""
    return counts.reindex([m.number for m in covered.months()], fill_value=0)


def _known(values: pd.Series, *tables: Coverage) -> pd.Series:
    """The values of months that every one of the tables covers."""
    keep = [
        all(c.state(Month.from_number(int(number))) == "whole" for c in tables)
        for number in values.index
    ]
    return values[keep]


def sales_indicators(book: Book) -> list[Indicator]:
    """Sales and the average order."""
    if not book.has("orders", "amount", "date"):
        return []
    rows = sales_measure.sales_by_month(book)
    rows = rows.assign(number=[m.number for m in rows.month]).set_index("number")
    average = rows.amount / rows.orders.where(rows.orders > 0)
    covered = sales_coverage(book)
    return [
        Indicator("customer", "sales", "money", 1, _filled(rows.amount, covered)),
        Indicator("customer", "average order", "money", 1, _known(average, covered)),
    ]


def conversion_indicators(deals: Deals, book: Book) -> list[Indicator]:
    """Match rate, each step by activity, win rate of decided deals where losses are recorded."""
    created, closed = (coverage(book, "opportunities", day) for day in ("created", "closed"))
    found: list[Indicator] = []
    if book.has("opportunities", "need_match"):
        counts = match_counts(deals)
        of = counts.groupby("month").n.sum()
        yes = counts[counts.match.astype(bool)].groupby("month").n.sum().reindex(of.index)
        rate = _known(yes.fillna(0) / of, created)
        found.append(Indicator("process", "match rate", "share", 1, rate, of))
    for step in steps_of(deals, book):
        into = step.counts.groupby("month").n.sum()
        ratio = _known(step.entries.reindex(into.index).fillna(0) / into, created)
        found.append(Indicator("conversion", f"{step.name}{BY_ACTIVITY}", "ratio", 0, ratio, into))
    counts = outcome_counts(deals)
    decided = counts[counts.outcome != "open"].groupby("closed").n.sum()
    won = counts[counts.outcome == "won"].groupby("closed").n.sum()
    if (counts.outcome == "lost").any():
        rate = _known(won.reindex(decided.index).fillna(0) / decided, closed)
        found.append(Indicator("conversion", "won of decided", "share", 1, rate, decided))
    return found


def customer_indicators(deals: Deals | None, book: Book) -> list[Indicator]:
    """New customers, what one costs (three months, cost as it was spent) and what one brings.

    What rests on a margin is left out where no order carries a cost and nobody set a margin.
    """
    found: list[Indicator] = []
    new = _new_customers(book)
    if new is not None:
        found.append(Indicator("customer", "new customers", "count", 1, new))
    cac = _acquisition_cost(new, book) if deals is not None else None
    if cac is not None:
        found.append(Indicator("customer", "CAC, three months", "money", -1, cac, overlap=3))
    if book.has("orders", "amount", "date", "customer_id") and margin_known(book):
        value = _lifetime_values(book)
        found.append(Indicator("customer", "LTV", "money", 1, value, overlap=12))
        if cac is not None:
            ratio = value / cac.reindex(value.index)
            found.append(Indicator("customer", "LTV ÷ CAC", "ratio", 1, ratio, overlap=12))
        profit = _known(channel_measure.monthly_profit(book), sales_coverage(book))
        found.append(Indicator("customer", "gross profit per buyer", "money", 1, profit))
    return found


def margin_known(book: Book) -> bool:
    """Whether gross profit rests on costs, or on a margin that the settings give."""
    return margins(book).basis != "assumed" or "margin" in book.settings.funnel.model_fields_set


def _new_customers(book: Book) -> pd.Series | None:
    """New customers by month, of months with a year of data before them."""
    if not (book.has("orders", "customer_id") or book.has("opportunities", "customer_id")):
        return None
    rows, covered = acquisition.new_customers(book), sales_coverage(book)
    counts = pd.Series(
        rows.new_customers.to_numpy(float), index=[month.number for month in rows.month]
    )
    whole = _filled(counts, covered)
    return whole[_old_enough(whole.index, covered)]


def _old_enough(numbers: Iterable[int], covered: Coverage) -> list[bool]:
    return [
        covered.months_before(Month.from_number(int(n)).start) >= acquisition.HISTORY
        for n in numbers
    ]


def _acquisition_cost(new: pd.Series | None, book: Book) -> pd.Series | None:
    """Cost of three months ÷ new customers of the same."""
    if new is None or not book.has("channel_costs", "cost"):
        return None
    cost = channel_measure.costs_by_month(book).groupby("month").cost.sum()
    cost = cost.reindex(range(int(cost.index.min()), int(cost.index.max()) + 1), fill_value=0.0)
    both = pd.DataFrame({"new": new, "cost": cost}).sort_index()
    both = both.reindex(range(int(both.index.min()), int(both.index.max()) + 1)).rolling(3).sum()
    return both.cost / both.new.where(both.new > 0)


def _lifetime_values(book: Book) -> pd.Series:
    """Lifetime value of a customer at each month's end, from the 12 months to it: monthly gross
    profit per buyer ÷ monthly churn, with a longest life set. Unknown where the two years to the
    month's end are not covered.
    """
    end, covered = book.month.number, sales_coverage(book)
    found = {}
    for number in range(end - MONTHS + 1, end + 1):
        month = Month.from_number(number)
        span = Window("trailing_12m", (month - 11).start, month.end)
        if covered.gap(span.year_before().start, span.end):
            continue
        sums = channel_measure.customers_by_channel(book, span, span.year_before())[
            ["months", "profit", "before", "stayed"]
        ].sum()
        if sums.months and sums.before:
            churn = monthly_churn(sums.stayed / sums.before)
            profit, most = sums.profit / sums.months, book.settings.funnel.ltv_months
            found[number] = lifetime_value(profit, churn, most)
    return pd.Series(found, dtype=float)
