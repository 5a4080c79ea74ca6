"""A company's course as numbers: each indicator of the case per month and per quarter, from any
book's tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, number, text
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import coverage

from .catalogue import BY_KEY, INDICATORS
from .counts import counts_by_indicator

# Indicators that add up over days, with the table and day column whose coverage they need
SUMMED = {
    "sales": ("orders", ""),
    "returning": ("orders", ""),
    "leads": ("leads", "created"),
    "won": ("opportunities", "closed"),
}
# Tables whose first day says whether a quarter begins before the data: a month may count nothing
BEGUN = SUMMED | {"cycle": ("opportunities", "closed"), "match": ("opportunities", "created")}


class IndicatorPeriods(Frame):
    """One row per indicator and period, in the catalogue's order and then in time."""

    indicator = text("key of the indicator")
    period = text("the month, YYYY-MM, or calendar quarter, YYYY-Qn")
    value = number("its value in its unit; missing where there is nothing to count")
    k = number("what was counted or summed: above the line of a share")
    n = number("what it was counted of: below the line of a share, the base of growth, heads")


@dataclass(frozen=True)
class Course:
    """Every indicator in every period that is over on the as-of date.

    heads: mean number of people employed, by period. absent: indicator → what it would need.
    """

    monthly: Annotated[pd.DataFrame, IndicatorPeriods]
    quarterly: Annotated[pd.DataFrame, IndicatorPeriods]
    heads: dict[str, float]
    absent: dict[str, str] = field(default_factory=dict)

    def value(self, key: str, quarter: str) -> dict[str, Any] | None:
        """Row of one indicator in one quarter; None when it has none."""
        rows = self.quarterly[
            (self.quarterly.indicator == key) & (self.quarterly.period == quarter)
        ]
        return rows.iloc[0].to_dict() if len(rows) and pd.notna(rows.iloc[0].value) else None


def course_of(book: Book) -> Course:
    """Every indicator the book's tables give, by month and by calendar quarter."""
    counts, absent = counts_by_indicator(book)
    monthly: list[pd.DataFrame] = []
    quarterly: list[pd.DataFrame] = []
    heads: dict[str, float] = {}
    for length, frames in ((1, monthly), (3, quarterly)):
        for key, frame in counts.items():
            frame = (
                frame
                if isinstance(frame, dict)
                else dict.fromkeys((1, 3), frame.rename(columns={"month": "period"}))
            )
            made = _periods(frame[length], key, length, _begun(frame[1], key, book), book.as_of)
            frames.append(_covered(made, key, length, book))
        frames += _derived(frames, heads, absent)
    return Course(_sorted(monthly), _sorted(quarterly), heads, absent)


def _begun(counts: pd.DataFrame, key: str, book: Book) -> Month:
    """The month in which the indicator's table begins, or its first count where that is earlier."""
    first = counts.period.min()
    begun = coverage(book, *BEGUN[key]).first if key in BEGUN else None
    return first if begun is None else min(first, Month.of(begun))


def _periods(frame: pd.DataFrame, key: str, length: int, begun: Month, as_of: date) -> pd.DataFrame:
    """Counts per period of ``length`` months with the indicator's value: periods that are over and
    do not begin before the data do.
    """
    if frame.empty:
        return pd.DataFrame(columns=["first", "k", "n", "value", "indicator", "period"])
    first = [p - (p.month - 1) % length for p in frame.period]
    frame = frame.assign(first=first)[
        [f + (length - 1) <= Month.of(as_of) and f >= begun for f in first]
    ]
    if key == "cycle":
        groups = frame.groupby("first", sort=True)
        rows = [
            {"first": p, "k": np.nan, "n": float(g.n.sum()), "value": _median(g)} for p, g in groups
        ]
        out = pd.DataFrame(rows, columns=["first", "k", "n", "value"])
    else:
        out = frame.groupby("first", as_index=False)[["k", "n"]].sum(min_count=1)
        share = out.k.astype(float) / out.n.astype(float).replace(0, np.nan)
        out["value"] = out.k.astype(float) if key in ("sales", "leads", "won") else share
    return out.assign(indicator=key, period=[_name(p, length) for p in out["first"]])


def _covered(frame: pd.DataFrame, key: str, length: int, book: Book) -> pd.DataFrame:
    """Without the periods that the table a sum is made from covers in part only."""
    table, column = SUMMED.get(key, ("", ""))
    covered = coverage(book, table, column) if table else None
    if covered is None or covered.first is None:
        return frame
    return frame[[covered.covers(f.start, (f + (length - 1)).end) for f in frame["first"]]]


def _median(group: pd.DataFrame) -> float:
    return float(np.median(np.repeat(group.days.astype(float), group.n.astype(int))))


def _name(first: Month, length: int) -> str:
    return str(first) if length == 1 else f"{first.year}-Q{(first.month - 1) // 3 + 1}"


def _derived(
    frames: list[pd.DataFrame], heads: dict[str, float], absent: dict[str, str]
) -> list[pd.DataFrame]:
    """Growth on the same period a year before, and sales per head."""
    by_key = {frame.indicator.iloc[0]: frame for frame in frames if len(frame)}
    made = []
    if "sales" in by_key:
        sold = by_key["sales"].set_index("first")
        base = [sold.value.get(p - 12) for p in sold.index]
        growth = [
            v / b - 1 if b and b > 0 else np.nan for v, b in zip(sold.value, base, strict=True)
        ]
        made.append(
            sold.reset_index().assign(
                indicator="growth",
                value=growth,
                n=[np.nan if b is None else float(b) for b in base],
            )
        )
    else:
        absent |= {
            "growth": say("needs {needs}", needs=say(BY_KEY["growth"].needs)),
            "sales": say("needs {needs}", needs=say(BY_KEY["sales"].needs)),
        }
    if "heads" in by_key and "sales" in by_key:
        crowd = by_key["heads"].set_index("period").value
        heads.update({str(period): float(value) for period, value in crowd.items()})
        sold = by_key["sales"]
        there = sold.period.map(crowd)
        made.append(
            sold.assign(indicator="per_head", n=there, value=sold.value / there.where(there > 0))
        )
    else:
        absent["per_head"] = say("needs {needs}", needs=say(BY_KEY["per_head"].needs))
    return made


def _sorted(frames: list[pd.DataFrame]) -> pd.DataFrame:
    order = {indicator.key: i for i, indicator in enumerate(INDICATORS)}
    every = (
        pd.concat([f for f in frames if len(f)], ignore_index=True)
        if any(len(f) for f in frames)
        else IndicatorPeriods.make([])
    )
    every = every[every.indicator.isin(order)]
    return (
        every.assign(rank=every.indicator.map(order))
        .sort_values(["rank", "period"], kind="stable")[IndicatorPeriods.names()]
        .reset_index(drop=True)
    )
