"""What a step would bring at the firm's own best quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures.deals import (
    Deals,
    day_number,
    outcome_counts,
)
from playbook.funnel.steps.cohorts import FunnelStep
from playbook.funnel.windows import bounds
from playbook.methods.resampling import sampled_means, sampled_rates

SAMPLES, SEED = 4000, 20230930


class StepValues(Frame):
    """One row per step, the largest worth first."""

    step = col.text("the step, written from→to")
    entered = col.count("deals that entered in the last 12 months")
    rate = col.share("passed, mature cohorts of the last 12 months")
    rate_n = col.count("deals in the rate")
    benchmark = col.share("passed in the best quarter")
    quarter = col.text("the best quarter, as 2023-Q2")
    onward = col.share("won of those that passed")
    value = col.money("average amount of a won deal")
    worth = col.money(
        "entered × (benchmark − rate) × onward × value, a year", low="low", high="high"
    )
    low = col.money("lower end of the bootstrap 95 % interval")
    high = col.money("upper end of the bootstrap 95 % interval")


def mature_cells(counts: pd.DataFrame, limit: float | None, book: Book) -> pd.DataFrame:
    """Rows of a count table whose entry cohort is mature."""
    known = counts.dropna(subset=["month"])
    if limit is None:
        return known.iloc[:0]
    waited = {
        m: day_number(book.as_of) - day_number(Month.from_number(m).end)
        for m in known.month.unique()
    }
    return known[known.month.map(waited) >= limit]


def quarter_name(number: float) -> str:
    """2023-Q2 of a month number."""
    month = Month.from_number(number)
    return f"{month.year}-Q{(month.month + 2) // 3}"


def first_decided(deals: Deals) -> float:
    """Month number of the first decided deal: earlier cohorts hold only deals that lasted until the
    records began, and flatter.
    """
    counts = outcome_counts(deals)
    return float(counts.closed.min()) if counts.closed.notna().any() else float("inf")


def _best_quarter(cells: pd.DataFrame, small: int) -> tuple[str, int, int] | None:
    """(quarter, advanced, entered) of the highest rate among quarters with enough mature deals;
    whole quarters only.
    """
    quarters = cells.assign(
        quarter=[quarter_name(m) for m in cells.month],
        k=cells.n.where(cells.status == "advanced", 0),
    )
    sums = quarters.groupby("quarter").agg(
        n=("n", "sum"), k=("k", "sum"), months=("month", "nunique")
    )
    sums = sums[(sums.n >= small) & (sums.months == 3)]
    if sums.empty:
        return None
    best = (sums.k / sums.n).sort_values(kind="stable").index[-1]
    return best, int(sums.k[best]), int(sums.n[best])


def step_value(step: FunnelStep, since: float, book: Book, rng: np.random.Generator) -> dict:
    """A row of StepValues. since: month number from which quarters may serve as the benchmark. rng:
    resamples counts and amounts for the interval.
    """
    cells = mature_cells(step.counts, step.limit, book)
    first, last = bounds(book, "trailing_12m")
    year = cells[(cells.month >= first) & (cells.month <= last)]
    entered = int(step.counts.n[(step.counts.month >= first) & (step.counts.month <= last)].sum())
    best = _best_quarter(cells[cells.month >= since], book.settings.funnel.min_group)
    k, n = int(year.n[year.status == "advanced"].sum()), int(year.n.sum())
    passed = cells[(cells.status == "advanced") & (cells.month >= first)]
    decided, won, amount, square = (
        int(passed.n.sum()),
        int(passed.won.sum()),
        float(passed.amount.sum()),
        float(passed.square.sum()),
    )
    row = {
        "step": step.name,
        "entered": entered,
        "rate": k / n if n else None,
        "rate_n": n,
        "benchmark": None,
        "quarter": "–",
        "onward": won / decided if decided else None,
        "value": amount / won if won else None,
        "worth": np.nan,
        "low": np.nan,
        "high": np.nan,
    }
    if best is None or not n or not won:
        return row
    quarter, bk, bn = best
    samples = (
        sampled_rates(rng, k, n, SAMPLES),
        sampled_rates(rng, bk, bn, SAMPLES),
        sampled_rates(rng, won, decided, SAMPLES),
        sampled_means(rng, won, amount, square, SAMPLES),
    )
    money = entered * np.maximum(0, samples[1] - samples[0]) * samples[2] * samples[3]
    low, high = np.quantile(money, [0.025, 0.975])
    worth = entered * max(0.0, bk / bn - k / n) * row["onward"] * row["value"]
    return row | {
        "benchmark": bk / bn,
        "quarter": quarter,
        "worth": worth,
        "low": min(low, worth),
        "high": max(high, worth),
    }
