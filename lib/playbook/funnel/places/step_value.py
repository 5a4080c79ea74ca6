"""What a step would bring at the firm's own best quarter, less the luck of being the best of
several.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures.days import day_number
from playbook.data.measures.deals import Deals, outcome_counts
from playbook.funnel.steps.cohorts import FunnelStep
from playbook.funnel.windows import bounds
from playbook.methods.comparisons import max_statistic
from playbook.methods.resampling import sampled_means, sampled_rates
from playbook.methods.shrinkage import sampled_group_rates
from playbook.page import Col, Table, table

SAMPLES, SEED = 4000, 20230930


class StepValues(Frame):
    """One row per step, the largest worth first."""

    step = col.text(later("the step, written from→to"))
    entered = col.count(later("deals that entered in the last 12 months"))
    rate = col.share(later("passed, mature cohorts of the last 12 months"))
    rate_n = col.count(later("deals in the rate"))
    best = col.share(later("passed in the best quarter"))
    quarter = col.text(later("the best quarter, as 2023-Q2"))
    benchmark = col.share(later("best, less the luck of being the best of several quarters"))
    onward = col.share(later("won of those that passed"))
    value = col.money(later("average amount of a won deal"))
    worth = col.money(
        later("entered × (benchmark − rate) × onward × value, a year"), low="low", high="high"
    )
    low = col.money(later("lower end of the bootstrap 95 % interval"))
    high = col.money(later("upper end of the bootstrap 95 % interval"))
    p = col.number(later("p-value if every quarter were alike, adjusted over all steps (Holm)"))


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


@dataclass(frozen=True)
class BestQuarter:
    """The best quarter of a step against its rate now.

    rate: passed in it. gaps: samples of how far the rate now lies below that of the best quarter
    [share]. p: chance of a gap as large as the one seen if every quarter were alike.
    """

    quarter: str
    rate: float
    gaps: np.ndarray
    p: float


def best_quarter(
    cells: pd.DataFrame, since: float, first: int, last: int, small: int, rng: np.random.Generator
) -> BestQuarter | None:
    """The quarter of highest rate among whole ones of ``small`` deals or more, and how far the rate
    of the months ``first`` to ``last`` lies below it.

    The best of several quarters is the best partly by luck. So the rates of all quarters are
    sampled given their counts (``sampled_group_rates``) and the best is chosen anew in every
    sample; and p comes from quarters redrawn at one rate, the best chosen anew in each.

    Parameters
    ----------
    cells : month (number), status, n of mature cohorts
    since : month number from which quarters may serve

    Returns
    -------
    None when no quarter has deals enough or the span has none
    """
    months = cells.assign(k=cells.n.where(cells.status == "advanced", 0)).groupby("month")
    counts = months[["k", "n"]].sum().sort_index()
    names, of = np.unique([quarter_name(m) for m in counts.index], return_inverse=True)
    k, n = counts.k.to_numpy(np.int64), counts.n.to_numpy(np.int64)
    passed, entered = (np.bincount(of, part, len(names)) for part in (k, n))
    early = np.bincount(of, counts.index.to_numpy(float) < since, len(names))
    able = np.flatnonzero((entered >= small) & (np.bincount(of) == 3) & (early == 0))
    now = n * ((counts.index >= first) & (counts.index <= last))
    if not len(able) or not now.sum():
        return None
    share = np.bincount(of, now, len(names)) / now.sum()  # of the span's deals, by quarter
    rates = sampled_group_rates(passed, entered, rng, SAMPLES)
    best = able[np.argmax(passed[able] / entered[able])]
    rate = float(passed[best] / entered[best])
    again = rng.binomial(n, k.sum() / n.sum(), (SAMPLES, len(n)))
    chance = (again @ (of[:, None] == able) / entered[able]).max(axis=1) - (
        again[:, now > 0].sum(axis=1) / now.sum()
    )
    p = max_statistic([rate - k[now > 0].sum() / now.sum()], chance)
    gaps = rates[:, able].max(axis=1) - rates @ share
    return BestQuarter(str(names[best]), rate, gaps, float(p[0]))


def step_value(step: FunnelStep, since: float, book: Book, rng: np.random.Generator) -> dict:
    """A row of StepValues, its p not yet adjusted. since: month number from which quarters may
    serve as the benchmark. rng: resamples counts and amounts for the interval.
    """
    cells = mature_cells(step.counts, step.limit, book)
    first, last = bounds(book, "trailing_12m")
    year = cells[(cells.month >= first) & (cells.month <= last)]
    entered = int(step.counts.n[(step.counts.month >= first) & (step.counts.month <= last)].sum())
    best = best_quarter(cells, since, first, last, book.settings.funnel.min_group, rng)
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
        "best": None,
        "quarter": "–",
        "benchmark": None,
        "onward": won / decided if decided else None,
        "value": amount / won if won else None,
        "worth": np.nan,
        "low": np.nan,
        "high": np.nan,
        "p": np.nan,
    }
    if best is None or not n or not won:
        return row
    later = sampled_rates(rng, won, decided, SAMPLES)
    value = sampled_means(rng, won, amount, square, SAMPLES)
    gap = max(0.0, float(np.median(best.gaps)))
    money = entered * np.maximum(0, best.gaps) * later * value
    low, high = np.quantile(money, [0.025, 0.975])
    worth = entered * gap * row["onward"] * row["value"]
    return row | {
        "best": best.rate,
        "quarter": best.quarter,
        "benchmark": k / n + gap,
        "worth": worth,
        "low": 0.0 if best.p > 0.025 else min(low, worth),
        "high": max(high, worth),
        "p": best.p,
    }


def values_table(rows: pd.DataFrame, currency: str, fmt: Formats, as_of: date) -> Table:
    """What each step would bring at its own best quarter, for the page."""
    columns = [
        Col("step"),
        Col("entered", "count", "Entered in 12 months"),
        Col("rate", "share", "Passed"),
        Col("quarter", "text", "Best quarter"),
        Col("best", "share", "Passed in it"),
        Col("benchmark", "share", "Less luck"),
        Col("onward", "share", "Won after"),
        Col("value", "money", "Average win"),
        Col("worth", "money", "Worth a year", low="low", high="high"),
    ]
    return table(
        rows,
        columns,
        fmt,
        title=say("What each step would bring at its own best quarter"),
        note=(
            say(
                "{currency}; mature cohorts of the last 12 months; less luck ="
                " without what being the best of several quarters adds; everything"
                " after the step unchanged; bootstrap 95 %; as of {day}",
                currency=currency,
                day=fmt.text(as_of, "date"),
            )
        ),
    )
