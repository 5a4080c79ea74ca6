"""Steps of the funnel and their monthly cohorts: counts, rates, maturity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.language import later, say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures.days import day_number, month_in
from playbook.data.measures.deals import Deals, step_counts
from playbook.data.measures.facts import degenerate
from playbook.data.measures.frames import collect
from playbook.data.measures.repurchase import repeat_counts
from playbook.funnel.windows import bounds, label
from playbook.methods.intervals import wilson
from playbook.methods.survival import quantile

from .wide import wide as wide_counts

REPURCHASE = "repurchase"


class StepCohorts(Frame):
    """One row per step and month in which deals entered it, oldest first."""

    step = col.text(later("the step, written from→to"))
    month = col.month(later("month in which the deals first entered the step"))
    number = col.number(later("the same month as a number: 12 × year + month − 1"))
    entered = col.count(later("deals that entered"))
    advanced = col.count(later("of these, reached the next stage or a later one"))
    lost = col.count(later("of these, lost before"))
    open = col.count(later("of these, still there"))
    rate = col.share(later("advanced ÷ entered"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    mature = col.flag(later("whether the youngest deal has had time enough to advance"))
    activity = col.ratio(
        later("entries to the next stage ÷ entries to this one, both in this month")
    )
    entries = col.count(later("entries to the next stage in this month"))


class StepRates(Frame):
    """One row per step and window; the rate is of mature cohorts only."""

    step = col.text(later("the step, written from→to"))
    window = col.text(later("which window: month, trailing_12m or all"))
    entered = col.count(later("deals of mature cohorts that entered"))
    advanced = col.count(later("of these, reached the next stage or a later one"))
    rate = col.share(later("advanced ÷ entered"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    cohorts = col.count(later("mature cohorts in the rate"))
    immature = col.count(later("young cohorts left out"))
    activity = col.ratio(later("activity_out ÷ activity_in"))
    activity_out = col.count(later("entries to the next stage in the window"))
    activity_in = col.count(later("entries to this stage in the window"))


@dataclass(frozen=True)
class FunnelStep:
    """One step of the funnel. ``counts``: month, status, days, seen, n of those that entered
    ``start``; ``limit``: days after which a cohort is mature.
    """

    start: str
    end: str
    counts: pd.DataFrame
    limit: float | None
    entries: pd.Series  # entries to the end stage by month number
    unit: str = "deals"
    decided: bool = False  # decided deals by month of closing: no entry to a stage carries a day

    @property
    def name(self) -> str:
        return f"{self.start}→{self.end}"


def steps_of(deals: Deals, book: Book, *, by: str | None = None) -> list[FunnelStep]:
    """The steps between stages that carry days; ``by`` adds a ``member`` column to their counts."""
    key = ("steps", by, id(book.settings))
    if key not in deals.counted:
        deals.counted[key] = (_steps(deals, book, by), book.settings)  # held: its id stays its own
    return list(deals.counted[key][0])


def _steps(deals: Deals, book: Book, by: str | None) -> list[FunnelStep]:
    q = book.settings.funnel.mature_percentile
    steps = []
    for k, to in zip(deals.dated, deals.dated[1:], strict=False):
        counts = drop_impossible_times(step_counts(deals, k, to, by=by))
        done = counts[(counts.status == "advanced") & counts.days.notna()]
        ends = step_counts(deals, to, to, days=False)
        entries = ends.dropna(subset=["month"]).groupby("month").n.sum()
        steps.append(
            FunnelStep(
                deals.stages[k], deals.stages[to], counts, quantile(done.days, done.n, q), entries
            )
        )
    return steps


def rate_steps(deals: Deals, book: Book, *, by: str | None = None) -> list[FunnelStep]:
    """The steps whose rates can be learnt: those between dated stages; in a book that dates no
    entry one step, deals won of those decided (what stage a lost deal had reached is not known
    there, and a rate learnt from the deals that went on would be 100 %).

    Raises NotAvailable where there is one step and no loss is recorded.
    """
    if dates_stages(deals):
        return steps_of(deals, book, by=by)
    if reason := degenerate(book).no_losses:
        raise NotAvailable({}, say("the share of deals that are won"), reason)
    counts = decided_counts(deals, [by] if by else [])
    counts = counts.rename(columns={by: "member"}) if by else counts
    none = pd.Series(dtype=float)
    return [FunnelStep(deals.stages[0], deals.stages[-1], counts, 0.0, none, decided=True)]


def dates_stages(deals: Deals) -> bool:
    """Whether entries to stages before the win carry days."""
    return deals.events and any(k < deals.last for k in deals.dated)


def decided_counts(deals: Deals, by: Sequence[str]) -> pd.DataFrame:
    """Won and lost deals by month of closing, with the columns of ``step_counts``."""
    won = nw.col("outcome") == "won"
    paid = nw.when(won).then(nw.col("amount").cast(nw.Float64))
    rows = deals.rows.filter(nw.col("outcome") != "open").select(
        *by,
        month=month_in(nw.col("closed")),
        status=nw.when(won).then(nw.lit("advanced")).otherwise(nw.lit("lost")),
        won=nw.when(won).then(nw.lit(1)).otherwise(nw.lit(0)),
        amount=paid,
        square=paid * paid,
    )
    sums = {name: nw.col(name).sum() for name in ("won", "amount", "square")}
    keys = [*by, "month", "status"]
    found = collect(rows.group_by(*keys).agg(n=nw.len(), **sums), sort=keys)
    return found.assign(days=np.nan, seen=1)


def drop_impossible_times(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts with impossible times (advanced or lost before entering) taken out of the time
    measures, kept in the numbers.
    """
    return counts.assign(days=counts.days.astype(float).where(counts.days >= 0))


def repurchase_step(book: Book, won: str) -> FunnelStep | None:
    """From a customer's first order to the next: the step after winning; None without orders."""
    if not book.has("orders", "customer_id", "date"):
        return None
    counts = repeat_counts(book)
    done = counts[counts.status == "advanced"]
    entries = done.assign(month=done.again).groupby("month").n.sum()
    return FunnelStep(
        won,
        REPURCHASE,
        counts,
        quantile(done.days, done.n, book.settings.funnel.mature_percentile),
        entries,
        "customers",
    )


def cohorts_of(step: FunnelStep, book: Book) -> pd.DataFrame:
    """One row per month with entries, oldest first, with its rate, interval, maturity and activity
    rate.
    """
    known = step.counts.dropna(subset=["month"])
    wide = wide_counts(known, "month", "status", ["advanced", "lost", "open"])
    wide = wide[wide.index <= book.month.number]
    entered = wide.sum(axis=1).astype(int)
    low, high = wilson(wide.advanced.to_numpy(), entered.to_numpy()) if len(wide) else ([], [])
    waited = [day_number(book.as_of) - day_number(Month.from_number(m).end) for m in wide.index]
    mature = [step.limit is not None and w >= step.limit for w in waited]
    entries = step.entries.reindex(wide.index).fillna(0).to_numpy()
    return pd.DataFrame(
        {
            "step": step.name,
            "month": [label(m) for m in wide.index],
            "number": wide.index.astype(int),
            "entered": entered.to_numpy(),
            "advanced": wide.advanced.to_numpy(int),
            "lost": wide.lost.to_numpy(int),
            "open": wide.open.to_numpy(int),
            "rate": wide.advanced.to_numpy() / entered.to_numpy(),
            "low": low,
            "high": high,
            "mature": np.array(mature, dtype=bool),
            "activity": np.nan if step.decided else entries / entered.to_numpy(),
            "entries": entries.astype(int),
        }
    )


def window_row(step: FunnelStep, cohorts: pd.DataFrame, book: Book, window: str) -> dict:
    """The step's headline in one window: mature cohorts only; activity over every month of the
    window.
    """
    first, last = bounds(book, window)
    rows = cohorts[
        (cohorts.step == step.name) & (cohorts.number >= first) & (cohorts.number <= last)
    ]
    mature = rows[rows.mature]
    k, n = int(mature.advanced.sum()), int(mature.entered.sum())
    low, high = wilson(k, n)
    if step.decided:  # no entry to a stage is known, hence no rate by activity
        rows = rows.iloc[:0]
    out = float(step.entries[(step.entries.index >= first) & (step.entries.index <= last)].sum())
    into = float(rows.entered.sum())
    return {
        "step": step.name,
        "window": window,
        "entered": n,
        "advanced": k,
        "rate": k / n if n else None,
        "low": low,
        "high": high,
        "cohorts": len(mature),
        "immature": max(len(rows) - len(mature), 0),
        "activity": out / into if into else None,
        "activity_out": out,
        "activity_in": into,
    }
