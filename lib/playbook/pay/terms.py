"""What holds for each group of lines: its quota, the part of its period in force, the total it goes
on from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from playbook.methods import exact


@dataclass(frozen=True)
class CreditedLines:
    """Credited lines, sorted by group and then by date and id.

    group: number of the rep and period, dense from 0. amount: [ticks]. rule: code of what sets the
    rate, see ``bands.codes``. deal: number of the deal, None where no deal has limits. more: what
    else is counted, by ``Measure.counted`` [ticks, of pieces 1/10,000].
    """

    group: np.ndarray
    amount: np.ndarray
    rule: np.ndarray
    deal: np.ndarray | None = None
    more: dict[str, np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self.amount)


@dataclass(frozen=True)
class GroupTerms:
    """Quota and length of each group's period.

    quota: of a full period [ticks] per group, 0 for none; None where the plan asks for no quota.
    days: on which the plan is in force, and of the period, per group; None where it holds for all
    of every period. Edges, quota and cap count for that part of themselves. carried: total the
    tiers go on from [ticks] per group, None for 0. present: days on board (or 0 where they do not
    count) and of the period, that pay for the quota is for; None for all.
    """

    quota: np.ndarray | None = None
    days: tuple[np.ndarray, np.ndarray] | None = None
    carried: np.ndarray | None = None
    present: tuple[np.ndarray, np.ndarray] | None = None

    def take(self, groups: np.ndarray) -> GroupTerms:
        """The terms of some groups, in that order."""
        return GroupTerms(
            None if self.quota is None else self.quota[groups],
            None if self.days is None else (self.days[0][groups], self.days[1][groups]),
            None if self.carried is None else self.carried[groups],
            None if self.present is None else (self.present[0][groups], self.present[1][groups]),
        )

    def parts(self) -> int:
        """The least number that makes a whole number of every share of a period times it."""
        if self.days is None or not len(self.days[0]):
            return 1
        pairs = np.unique(np.stack(self.days), axis=1).T
        return math.lcm(*(Fraction(int(a), int(b)).denominator for a, b in pairs))

    def share_of(self, values: np.ndarray | int, scale: int) -> np.ndarray:
        """``values`` × share of the period × ``scale`` (a multiple of ``parts``), per group, exact
        in whole numbers.
        """
        if self.days is None:
            return exact.times(np.asarray(values), scale)
        days, length = self.days
        each = (days.astype(object) * scale) // length
        return narrow(np.asarray(values, dtype=object) * each)


def narrow(values: np.ndarray) -> np.ndarray:
    """Python integers as int64 where all fit."""
    if max((abs(int(v)) for v in values), default=0) < exact.SAFE:
        return values.astype(np.int64)
    return values
