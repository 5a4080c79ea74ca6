"""How many tries a number of successes takes, in expectation and with a probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from playbook.base.errors import ParameterProblem, Problem

MOST = 10**12  # leads beyond which a rate is as good as none


def needed(target: int, rate: float) -> int:
    """Tries needed in expectation: target ÷ rate, rounded up.

    >>> needed(10, 0.2)
    50
    """
    _check(target, rate)
    return math.ceil(target / rate - 1e-9)


def needed_for(target: int, rate: float, probability: float) -> int:
    """Smallest number of tries with which at least ``target`` succeed with ``probability``
    (binomial).

    >>> needed_for(10, 0.2, 0.8)
    61
    """
    _check(target, rate)
    if not 0 < probability < 1:
        raise ParameterProblem(
            Problem(
                found=f"probability {probability}",
                expected="a probability between 0 and 1, both excluded",
                try_="0.8",
            )
        )
    if target == 0:
        return 0
    low, high = target - 1, max(target, needed(target, rate))
    while chance(high, target, rate) < probability and high < MOST:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle, target, rate) >= probability else (middle, high)
    return high


def chance(tries: Any, target: int, rate: float) -> Any:
    """Probability that at least ``target`` of ``tries`` succeed (binomial); an array for an array of
    tries.

    >>> round(float(chance(50, 10, 0.2)), 2)
    0.56
    """
    from scipy.stats import binom

    return binom.sf(target - 1, tries, rate)


def most_deals(tries: int, rate: float, probability: float) -> int:
    """Most successes that so many tries bring with ``probability``.

    >>> most_deals(61, 0.2, 0.8), most_deals(60, 0.2, 0.8)
    (10, 9)
    """
    low, high = 0, max(0, tries) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if chance(tries, middle, rate) >= probability else (low, middle)
    return low


def chain(target: int, rates: Sequence[float]) -> list[int]:
    """Needed at each stage, first stage first, target last: ceil(needed at the next ÷ rate), back
    from the target.

    >>> chain(10, [0.625, 0.2])
    [80, 50, 10]
    """
    found = [target]
    for rate in reversed(rates):
        found.insert(0, needed(found[0], rate))
    return found


def _check(target: int, rate: float) -> None:
    if not 0 < rate <= 1:
        raise ParameterProblem(
            Problem(
                found=f"a rate of {rate}",
                expected="a rate above 0 and at most 1",
                try_="0.2 for 20 %; a stage nobody passes cannot be worked back through",
            )
        )
    if target < 0 or target != int(target):
        raise ParameterProblem(
            Problem(
                found=f"a target of {target} deals",
                expected="a whole number of deals, 0 or more",
                try_="10",
            )
        )
