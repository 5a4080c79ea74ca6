"""Rates to work back with: from stage to stage by mature cohorts, and from content through valid
leads to deals.

Deals whose way on is decided are the wrong sample: the quick ones decide first, and which side is
quicker differs from firm to firm. A rate is
therefore taken from cohorts old enough for nine in ten of their advances to have come, and the page
says what the decided deals alone would say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import sales, work
from playbook.data.measures.deals import (
    Deals,
    day_number,
    deals_of,
    step_counts,
)
from playbook.methods.intervals import Rate

MONTH_DAYS = 365.25 / 12
YEAR, ALL, DECIDED = (
    "mature cohorts, 12 months",
    "mature cohorts, all data",
    "decided deals, all data",
)
LEADS_WAIT = 3  # months a lead is given where no win carries both of its days


@dataclass(frozen=True)
class Step:
    """One step of a chain: its rate and the counts it is learnt from.

    start: the stage it begins at; counts: None where the rate is given, not learnt; decided: the
    rate of the decided deals alone.
    """

    name: str
    start: str
    rate: float
    counts: Rate | None = None
    decided: Rate | None = None
    source: str = ""


def learnt(book: Book) -> tuple[Step, ...]:
    """The steps between the stages. Raises NotAvailable where a step was never taken."""
    deals = deals_of(book)
    return tuple(_step(deals, book, k) for k in range(len(deals.stages) - 1))


def _step(deals: Deals, book: Book, k: int) -> Step:
    """Mature cohorts of the last 12 months, of all data where those are few, else the decided deals
    (no days, or nothing mature yet).
    """
    start, end = deals.stages[k], deals.stages[k + 1]
    counts = step_counts(deals, k, k + 1)
    decided = _rate(counts[counts["status"] != "open"])
    if not decided.numerator:
        raise NotAvailable(
            {"opportunities": ("outcome", "stage")},
            gives="leads needed for the deals wanted",
            because=f"no deal has yet gone from {start} to {end}; give a win_rate",
        )
    few = book.settings.funnel.min_group
    dated = k in deals.dated and k + 1 in deals.dated
    for source, rate in (
        ((YEAR, _rate(mature(counts, book, 12))), (ALL, _rate(mature(counts, book))))
        if dated
        else ()
    ):
        if rate.numerator and (rate.n >= few or source == ALL):
            return Step(f"{start} → {end}", start, rate.value, rate, decided, source)
    return Step(f"{start} → {end}", start, decided.value, decided, decided, DECIDED)


def _rate(counts: pd.DataFrame) -> Rate:
    return Rate(int(counts.loc[counts["status"] == "advanced", "n"].sum()), int(counts["n"].sum()))


def mature(counts: pd.DataFrame, book: Book, months: int | None = None) -> pd.DataFrame:
    """Counts of the monthly cohorts that have had the wait of nine in ten advances (setting), of
    the last ``months`` or of all data.
    """
    limit = wait(counts, book.settings.funnel.mature_percentile)
    if limit is None:
        return counts.iloc[:0]
    last, today = book.month.number, day_number(book.as_of)
    first = -math.inf if months is None else last - months + 1
    kept = {
        m
        for m in counts["month"].dropna().unique()
        if first <= m <= last and today - day_number(Month.from_number(m).end) >= limit
    }
    return counts[counts["month"].isin(kept)]


def wait(counts: pd.DataFrame, share: float) -> float | None:
    """Days after which that share of the advances had come; None without a dated one."""
    done = counts[(counts["status"] == "advanced") & (counts["days"] >= 0)]
    return (
        float(
            np.quantile(
                np.repeat(done["days"].to_numpy(dtype=float), done["n"].to_numpy(dtype=int)), share
            )
        )
        if len(done)
        else None
    )


def leads_wait(book: Book) -> int:
    """Whole months a lead is given before its cohort counts: the wait of nine in ten wins from the
    first stage on.
    """
    if not book.has("opportunities", "outcome"):
        return LEADS_WAIT
    deals = deals_of(book)
    limit = (
        wait(step_counts(deals, 0, deals.last), book.settings.funnel.mature_percentile)
        if 0 in deals.dated and deals.last in deals.dated
        else None
    )
    return LEADS_WAIT if limit is None else max(1, math.ceil(limit / MONTH_DAYS))


def lead_steps(book: Book) -> tuple[Step, ...]:
    """Content lead → valid lead → deal opened → won, of valid leads alone; empty where the book
    cannot tell valid ones.

    Valid: purchase plan, budget and decision maker all known. The share of valid leads is of the
    trailing 12 months, the way on of the 12 months of
    leads that have had their wait.
    """
    if not book.has(
        "leads", "expected_purchase", "budget", "decision_maker", "created"
    ) or not book.has("opportunities", "outcome"):
        return ()
    flow, lag = work.lead_flow(book), leads_wait(book)
    now = sales.in_window(flow, book.window("trailing_12m")).sum(numeric_only=True)
    old = sales.within(flow, book.month - lag - 11, book.month - lag).sum(numeric_only=True)
    counts = (
        Rate(int(now["valid"]), int(now["leads"])),
        Rate(int(old["opened"]), int(old["valid"])),
        Rate(int(old["won"]), int(old["opened"])),
    )
    if not all(rate.numerator for rate in counts):
        return ()
    names = ("content leads", "valid leads", "deals opened")
    sources = ("leads of the trailing 12 months", *[f"leads {lag} to {lag + 11} months old"] * 2)
    return tuple(
        Step(f"{name} on", name, rate.value, rate, None, source)
        for name, rate, source in zip(names, counts, sources, strict=True)
    )
