"""Sums in place of lines: what a person earned on a day of which nobody reads the lines any more.

A company with millions of order lines asks for the lines of the running quarter; of the years
before it only sums are asked for, by person, day, kind of pay and rule. Clawbacks stay lines, for
guarantees look at them one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book

from .periods import period_number, period_span

LARGE = 2_000_000  # order lines from which days before the running periods are kept as sums
SUMS = ("amount", "pay")
BARE = {"line": -1, "before": 0, "after": 0, "band": -1, "bound": 0, "row": -1, "beyond": 0}


def may_be_sums(plan: CommissionPlan) -> bool:
    """Whether nothing the plan says looks at single lines of days long past."""
    plain = plan.refunds.rule == "recompute" and plan.refunds.window_days is None
    alone = plan.change != "carry" and plan.booking_share == 1 and plan.cap_year is None
    return plain and alone


def first_day_of_lines(book: Book, orders: int, chosen: Iterable[CommissionPlan]) -> date | None:
    """First day whose lines are kept: of the quarter to date and of every plan's running period.
    None, so that all are, of fewer order lines than ``LARGE``, or where a plan looks at single
    lines.
    """
    plans = [*book.settings.commission_plans, *chosen]
    if orders < LARGE or not all(may_be_sums(one) for one in plans):
        return None
    start, now = book.settings.book.fiscal_year_start, pd.Series([pd.Timestamp(book.as_of)])
    spans = {one.accumulate for one in plans} - {"deal"}
    days = [book.window("quarter_to_date").start]
    days += [period_span(int(period_number(now, of, start)[0]), of, start)[0] for of in spans]
    return min(day for day in days if day is not None)


def summed(lines: pd.DataFrame, before: date) -> pd.DataFrame:
    """Lines as numbers, by rep and day, with sums in place of those of days before ``before``: one
    per rep, day, day of sale, item and rule. Its ``line`` and ``row`` are −1.
    """
    own = lines["row"] >= 0  # clawbacks belong to no row of the engine
    old = (own & (lines["date"] < pd.Timestamp(before))).to_numpy()
    at = np.flatnonzero(old)
    if not len(at):
        return lines
    keys = ("rep", "date", "sold", "item", "rule")
    rows = lines[[*keys, *SUMS]].take(at)  # of millions of lines only what is asked is copied
    first, sums = sums_by(rows, keys, SUMS)
    made = lines.take(at[first]).assign(**sums, **BARE)
    every = pd.concat([made, lines[~old]], ignore_index=True)
    by = np.lexsort([_numbers(every["date"]), _numbers(every["rep"])])
    return every.take(by).reset_index(drop=True)


def sums_by(
    rows: pd.DataFrame, keys: Sequence[str], values: Sequence[str]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(position of the first row of each different combination of ``keys``, by their values from
    the left; sums of each of ``values`` over its rows), for columns of whole numbers and days.
    """
    key = np.zeros(len(rows), dtype=np.int64)  # one number for all keys of a row
    for name in keys:
        number = _numbers(rows[name])
        low, high = (int(number.min()), int(number.max())) if len(number) else (0, 0)
        key *= high - low + 1
        key += number - low
    code, known = pd.factorize(key)
    order = np.argsort(known)
    first = np.full(len(known), len(rows), dtype=np.int64)
    np.minimum.at(first, code, np.arange(len(rows)))
    made = {}
    for name in values:
        total = np.zeros(len(known), dtype=np.int64)
        np.add.at(total, code, rows[name].to_numpy())
        made[name] = total[order]
    return first[order], made


def _numbers(values: pd.Series) -> np.ndarray:
    """Whole numbers; of days their number."""
    given = values.to_numpy()
    return (given.astype("datetime64[D]") if given.dtype.kind == "M" else given).astype(np.int64)
