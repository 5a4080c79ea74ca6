"""The year's figure split over the members of one dimension, exact to the minor unit."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    money,
    ratio,
    share,
    text,
)
from playbook.base.formats import is_missing
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.goals.labels import dimension_label
from playbook.methods.apportionment import from_units, split, to_units
from playbook.methods.bounded import bounded

from .waiting import waiting


class MemberTargets(Frame):
    """One row per dimension and member: its part of the year's figure and what that asks."""

    dimension = text("region, product_line, customer_type, or another one that is split by")
    member = text("the member's key")
    weight = share("the member's part of the figure")
    units = count("target in minor units")
    actual = money("net sales of the trailing 12 months")
    lift = ratio("target ÷ actual − 1; missing without sales or where the data hold less")
    orders = count("orders needed: target ÷ size, rounded up; 0 where the size is not known")
    size = money("what one order brings: given, else the average order of the trailing 12 months")


def split_members(frame: pd.DataFrame, dimension: str, units: int, book: Book) -> pd.DataFrame:
    """The year's figure by member of a dimension, as ``MemberTargets``.

    frame: member, weight, actual, orders; units: the figure in minor units.
    """
    weights = frame["weight"].to_numpy(dtype=float)
    weights = weights if weights.sum() > 0 else np.ones(len(frame))
    parts = _held(units, weights, list(frame["member"]), dimension, book)
    weights = parts if units and book.settings.goals.held.get(dimension) else weights
    target = parts / 10**book.fmt.minor_digits
    covered = not sales_coverage(book).window_gap(book.window("trailing_12m"))
    size = sizes_of(frame, dimension, book)
    return MemberTargets.make(
        {
            "dimension": [dimension] * len(frame),
            "member": frame["member"],
            "weight": weights / weights.sum(),
            "units": parts,
            "actual": frame["actual"],
            "lift": [
                t / a - 1 if a > 0 and covered else None
                for t, a in zip(target, frame["actual"], strict=True)
            ],
            "orders": [orders_for(t, s) for t, s in zip(target, size, strict=True)],
            "size": size,
        }
    )


def sizes_of(frame: pd.DataFrame, dimension: str, book: Book) -> list[float | None]:
    """What one order of each member brings: as the settings say, else the average order; None where
    neither is known. frame: member, actual, orders.
    """
    given = book.settings.goals.deal_sizes.get(dimension, {})
    return [
        given.get(member) or (actual / n if n and actual > 0 else None)
        for member, actual, n in zip(frame["member"], frame["actual"], frame["orders"], strict=True)
    ]


def _held(
    units: int, weights: np.ndarray, members: list[str], dimension: str, book: Book
) -> np.ndarray:
    """The figure by weight, with the amounts that the settings hold fixed left as they are.

    A member who is not there yet is passed over. Raises SettingsProblem for a misspelt one,
    ParameterProblem for amounts that cannot all hold.
    """
    held = book.settings.goals.held.get(dimension, {})
    kind = dimension_label(dimension).lower()
    waits = waiting(held, set(members), f"held.{dimension}", kind)
    held = {member: amount for member, amount in held.items() if member not in waits}
    if not held:
        return split(units, weights)
    low = np.array(
        [to_units(held[m], book.fmt.minor_digits) if m in held else 0 for m in members],
        dtype=np.int64,
    )
    high = np.where([m in held for m in members], low, max(units, int(low.max())))
    return bounded(
        units,
        weights,
        low,
        high,
        members,
        lambda u: book.fmt.text(from_units(u, book.fmt.minor_digits), "money.exact"),
    )


def orders_for(amount: float, size: float | None) -> int:
    """Whole orders of an average size that bring the amount: 5,000,000 at 500,000 → 10. 0 where the
    size is not known.
    """
    return 0 if is_missing(size) or not size else math.ceil(amount / size - 1e-9)
