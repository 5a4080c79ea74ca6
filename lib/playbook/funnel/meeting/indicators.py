"""The monthly series behind the dashboard: process, conversion and customer indicators."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures import channels as channel_measure
from playbook.data.measures import performance as sales_measure
from playbook.data.measures.deals import Deals, outcome_counts
from playbook.data.measures.process import by_month
from playbook.data.measures.reasons import match_counts
from playbook.funnel.steps.cohorts import steps_of
from playbook.methods.lifetime import lifetime_value, monthly_churn

MONTHS = 13  # twelve of history and the report month


def process_indicators(book: Book) -> list[tuple]:
    """Leads, visits, all contacts."""
    found = []
    if book.has("leads", "created"):
        found.append(("process", "leads", "count", 1, _filled(by_month(book, "leads", "created"))))
    if book.has("activities", "kind"):
        found.append(
            (
                "process",
                "visits",
                "count",
                1,
                _filled(by_month(book, "activities", "date", nw.col("kind") == "visit")),
            )
        )
        found.append(
            ("process", "contacts", "count", 1, _filled(by_month(book, "activities", "date")))
        )
    return found


def _filled(counts: pd.Series) -> pd.Series:
    """A month between the first and the last without a row is a zero, not a gap."""
    return (
        counts.reindex(range(int(counts.index.min()), int(counts.index.max()) + 1), fill_value=0)
        if len(counts)
        else counts
    )


def sales_indicators(book: Book) -> list[tuple]:
    if not book.has("orders", "amount", "date"):
        return []
    rows = sales_measure.sales_by_month(book)
    rows = rows.assign(number=[m.number for m in rows.month]).set_index("number")
    return [
        ("customer", "sales", "money", 1, rows.amount),
        (
            "customer",
            "average order",
            "money",
            1,
            (rows.amount / rows.orders.where(rows.orders > 0)),
        ),
    ]


def conversion_indicators(deals: Deals, book: Book) -> list[tuple]:
    """Match rate, each step by activity, win rate of decided deals."""
    found: list[tuple] = []
    if book.has("opportunities", "need_match"):
        counts = match_counts(deals)
        found.append(
            (
                "process",
                "match rate",
                "share",
                1,
                counts[counts.match.astype(bool)].groupby("month").n.sum()
                / counts.groupby("month").n.sum(),
            )
        )
    for step in steps_of(deals, book):
        into = step.counts.groupby("month").n.sum()
        found.append(
            (
                "conversion",
                f"{step.name} by activity",
                "ratio",
                0,
                step.entries.reindex(into.index).fillna(0) / into,
            )
        )
    counts = outcome_counts(deals)
    decided = counts[counts.outcome != "open"].groupby("closed").n.sum()
    found.append(
        (
            "conversion",
            "won of decided",
            "share",
            1,
            counts[counts.outcome == "won"]
            .groupby("closed")
            .n.sum()
            .reindex(decided.index)
            .fillna(0)
            / decided,
        )
    )
    return found


def _lifetime_values(book: Book) -> pd.Series:
    """Lifetime value of a customer at each month's end, from the 12 months to it: monthly gross
    profit per buyer ÷ monthly churn, with a longest life set.
    """
    end = book.month.number
    spans = [
        Window("trailing_12m", (book.month - back - 11).start, (book.month - back).end)
        for back in range(MONTHS - 1, -1, -1)
    ]
    found = {}
    for number, span in zip(range(end - MONTHS + 1, end + 1), spans, strict=True):
        sums = channel_measure.customers_by_channel(book, span, span.year_before())[
            ["months", "profit", "before", "stayed"]
        ].sum()
        if sums.months and sums.before:
            churn = monthly_churn(sums.stayed / sums.before)
            profit, most = sums.profit / sums.months, book.settings.funnel.ltv_months
            found[number] = lifetime_value(profit, churn, most)
    return pd.Series(found, dtype=float)


def customer_indicators(deals: Deals, book: Book) -> list[tuple]:
    """New customers, what one costs (three months, cost as it was spent) and what one brings."""
    if not (book.has("channel_costs", "cost") and "channel" in deals.dimensions):
        return []
    new = channel_measure.wins_by_month(deals).groupby("month").new.sum()
    cost = channel_measure.costs_by_month(book).groupby("month").cost.sum()
    both = pd.DataFrame({"new": new, "cost": cost}).fillna(0).rolling(3).sum()
    profit = channel_measure.monthly_profit(book)
    value = _lifetime_values(book)
    ratio = value / (both.cost / both.new.where(both.new > 0)).reindex(value.index)
    found = [
        ("customer", "LTV", "money", 1, value),
        ("customer", "LTV ÷ CAC", "ratio", 1, ratio),
        ("customer", "new customers", "count", 1, new),
        ("customer", "CAC, three months", "money", -1, both.cost / both.new.where(both.new > 0)),
    ]
    return [*found, ("customer", "gross profit per buyer", "money", 1, profit)]
