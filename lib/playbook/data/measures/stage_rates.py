"""Rates from stage to stage and from the first stage to a win: the one chain every chapter asks.

The rates follow the same deals all the way: those that entered the first dated stage in the twelve
latest months whose deals have had time enough to win (nine in ten of all wins came sooner). So the
product of the steps is the rate from the first stage to a win. Only stages with dated entries are
steps; in a book that dates no entry there is one step, won ÷ decided: what stage a lost deal had
reached is not known there, and a rate learnt from the deals that went on would be 100 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.memo import once

from .days import day_number, month_in
from .deals import Deals, deals_of, outcome_counts, step_counts
from .frames import collect
from .lead_counts import leads_by_month

COHORTS = 12  # latest mature months that the rates are learnt from


@dataclass(frozen=True)
class StepRate:
    """One step: of ``entered`` deals that reached stage ``start``, ``advanced`` reached ``end``."""

    start: str
    end: str
    entered: int
    advanced: int

    @property
    def name(self) -> str:
        """The step, written from→to."""
        return f"{self.start}→{self.end}"

    @property
    def rate(self) -> float | None:
        """advanced ÷ entered; None when nobody entered."""
        return self.advanced / self.entered if self.entered else None


@dataclass(frozen=True)
class StageRates:
    """The steps in order, and what they are learnt from.

    first, last: months of entry of the deals followed, None where all decided deals count; wait:
    days after which nine in ten wins (setting) had come, None where that is not known; won,
    decided: deals won and deals won or lost, of all data.
    """

    steps: tuple[StepRate, ...]
    source: str
    first: Month | None
    last: Month | None
    wait: float | None
    won: int
    decided: int

    @property
    def entered(self) -> int:
        """Deals followed."""
        return self.steps[0].entered

    @property
    def advanced(self) -> int:
        """Of these, won."""
        return self.steps[-1].advanced

    @property
    def rate(self) -> float | None:
        """Won ÷ entered, which is the product of the steps; None when nobody entered."""
        return self.advanced / self.entered if self.entered else None

    @property
    def losses(self) -> bool:
        """Whether the book records any lost deal; where it does not, a rate of 100 % says nothing
        but that losses are not written down.
        """
        return self.decided > self.won

    @property
    def by_cohort(self) -> bool:
        """Whether the rates follow mature cohorts (else: the decided deals)."""
        return self.first is not None


def stage_rates(book: Book) -> StageRates:
    """The chain of the book's stages; worked out once. Raises NotAvailable without deals."""
    return once(book, "stage_rates", lambda: _stage_rates(book))


def _stage_rates(book: Book) -> StageRates:
    deals = deals_of(book)
    won, decided = _decided(deals)
    path = [k for k in deals.dated if k < deals.last]
    if not deals.events or not path:
        return _one_step(deals, book)
    wait = win_wait(deals, path[0], book.settings.funnel.mature_percentile)
    months = _reached(deals, path)
    found = _mature(months, wait, book)
    if found is None or not int(found.iloc[:, -1].sum()):
        return _one_step(deals, book)
    reached = [int(n) for n in found.sum(axis=0)]
    names = [*(deals.stages[k] for k in path), deals.stages[deals.last]]
    steps = tuple(
        StepRate(start, end, entered, advanced)
        for start, end, entered, advanced in zip(
            names[:-1], names[1:], reached[:-1], reached[1:], strict=True
        )
    )
    first, last = Month.from_number(found.index.min()), Month.from_number(found.index.max())
    source = say("deals of {first} to {last}", first=first, last=last)
    return StageRates(steps, source, first, last, wait, won, decided)


def _one_step(deals: Deals, book: Book) -> StageRates:
    """First stage → won by the decided deals: of the trailing 12 months, of all data where those
    are few.
    """
    won, decided = _decided(deals)
    counts = outcome_counts(deals)
    recent = counts[counts["closed"] > book.month.number - 12]
    k, n = _won_and_decided(recent)
    source = say("deals won of those decided, trailing 12 months")
    if n < book.settings.funnel.min_group:
        k, n, source = won, decided, say("deals won of those decided, all data")
    step = StepRate(deals.stages[0], deals.stages[deals.last], n, k)
    return StageRates((step,), source, None, None, None, won, decided)


def _decided(deals: Deals) -> tuple[int, int]:
    return _won_and_decided(outcome_counts(deals))


def _won_and_decided(counts: pd.DataFrame) -> tuple[int, int]:
    won = int(counts.loc[counts["outcome"] == "won", "n"].sum())
    return won, won + int(counts.loc[counts["outcome"] == "lost", "n"].sum())


def win_wait(deals: Deals, k: int, share: float) -> float | None:
    """Days from stage ``k`` after which that share of the wins had come; None without a dated
    one.
    """
    counts = step_counts(deals, k, deals.last)
    done = counts[(counts["status"] == "advanced") & (counts["days"] >= 0)]
    if done.empty:
        return None
    days = np.repeat(done["days"].to_numpy(dtype=float), done["n"].to_numpy(dtype=int))
    return float(np.quantile(days, share))


def _reached(deals: Deals, path: list[int]) -> pd.DataFrame:
    """Deals by month of entry to the first stage of the path (index) and stages of the path and the
    win that they reached (columns).
    """
    rows = deals.rows.filter(nw.col("reached") >= path[0]).select(
        "reached", month=month_in(nw.col(f"r{path[0]}"))
    )
    frame = collect(
        rows.filter(~nw.col("month").is_null()).group_by("month", "reached").agg(n=nw.len()),
        sort=["month", "reached"],
    )
    steps = [*path, deals.last]
    counted = {k: frame[frame["reached"] >= k].groupby("month")["n"].sum() for k in steps}
    return pd.DataFrame(counted).fillna(0).sort_index()


def _mature(months: pd.DataFrame, wait: float | None, book: Book) -> pd.DataFrame | None:
    """The latest twelve mature months, all mature ones where those hold few deals; None without."""
    if wait is None or months.empty:
        return None
    today = day_number(book.as_of)
    old = [m for m in months.index if today - day_number(Month.from_number(m).end) >= wait]
    old = [m for m in old if m <= book.month.number]
    if not old:
        return None
    recent = months.loc[[m for m in old if m > max(old) - COHORTS]]
    few = recent.iloc[:, 0].sum() < book.settings.funnel.min_group or not recent.iloc[:, -1].sum()
    return months.loc[old] if few else recent


def lead_rates(book: Book) -> pd.DataFrame:
    """Lead to deal by channel over the months of ``lead_months``: channel (index), leads, won
    (leads whose deal is won by now). Channels without a lead there have no row.
    """
    return once(book, "lead_rates", lambda: _lead_rates(book))


def _lead_rates(book: Book) -> pd.DataFrame:
    first, last = lead_months(book)
    rows = leads_by_month(book, ("channel",))
    rows = rows[[first <= month <= last for month in rows["month"]]]
    return rows.groupby("channel", sort=True)[["leads", "won"]].sum().astype(int)


def lead_months(book: Book) -> tuple[Month, Month]:
    """First and last month of the leads a lead-to-deal rate is learnt from: twelve months, the
    latest whose leads have had the wait of nine in ten wins.
    """
    lag = lead_wait(book)
    return book.month - lag - 11, book.month - lag


MONTH_DAYS = 365.25 / 12
LEADS_WAIT = 3  # months a lead is given where no win carries both of its days


def lead_wait(book: Book) -> int:
    """Whole months a lead is given before it counts: the wait of nine in ten wins from the first
    stage on.
    """
    if not book.has("opportunities", "outcome"):
        return LEADS_WAIT
    deals = deals_of(book)
    limit = (
        win_wait(deals, 0, book.settings.funnel.mature_percentile)
        if 0 in deals.dated and deals.last in deals.dated
        else None
    )
    return LEADS_WAIT if limit is None else max(1, math.ceil(limit / MONTH_DAYS))
