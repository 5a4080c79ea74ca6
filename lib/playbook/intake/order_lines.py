"""Amounts of a whole order that stand on each of its lines."""

from __future__ import annotations

from typing import Any

from .files import Found
from .headers import normal
from .parts import parts
from .profile import Profile

MANY = 5  # orders of several lines from which what all of them show is no accident
WHOLE = {"total", "grand total", "order total", "合计", "总计"}


def of_a_line(header: str) -> bool:
    """Whether a header speaks of one line of an order: ``SKU Subtotal``, ``Line Amount``."""
    return bool(parts(normal(header)).concepts & {"product", "line_level"})


def of_an_order(header: str) -> bool:
    """Whether a header speaks of the whole order: ``Order Amount``, ``Grand Total``."""
    text = normal(header)
    concepts = parts(text).concepts
    return text in WHOLE or ("order" in concepts and "money" in concepts)


def repeated_on_lines(found: Found, order: str, amount: str, differing: list[str]) -> bool:
    """Whether an amount is that of the order on each of its lines: the same on all lines of every
    order of several lines, though the lines are of different things.

    differing: columns that tell lines apart, such as product and quantity.
    """
    named = {c.name: c for c in found.columns}
    if order not in named or amount not in named or of_a_line(amount):
        return False
    frame = _together(named, order, [amount, *differing])
    lines = frame.groupby(order, sort=False)
    several = lines.size()
    several = several[several > 1]
    if len(several) < MANY:
        return False
    different = lines.nunique(dropna=False).loc[several.index]
    sums = frame.loc[frame[order].isin(several.index), amount]
    apart = (different[differing] > 1).any(axis=1) if differing else different[amount] > 1
    same = (different[amount] == 1).all() and sums.nunique() > 2
    return bool(same and 2 * apart.sum() > len(apart))


def _together(named: dict[str, Profile], order: str, columns: list[str]) -> Any:
    frame = named[order].values.to_frame(order)
    for column in dict.fromkeys(columns):
        frame[column] = named[column].values
    return frame[frame[order].notna() & (frame[order].astype(str).str.strip() != "")]
