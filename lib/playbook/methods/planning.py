"""How many tries a number of successes takes, in expectation and with a probability (binomial)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from scipy.stats import binom

from playbook.base.errors import refused
from playbook.base.language import say

MOST = 10**12  # leads beyond which a rate is as good as none


def needed(target: int, rate: float) -> int:
    """Tries needed in expectation: ⌈target ÷ rate⌉.

    Parameters
    ----------
    target : successes wanted, a whole number of 0 or more
    rate : share of tries that succeed, above 0 and at most 1

    Raises ParameterProblem for a rate or a target outside these.

    Examples
    --------
    >>> needed(10, 0.2)
    50
    """
    _check(target, rate)
    return math.ceil(target / rate - 1e-9)


def needed_for(target: int, rate: float, probability: float) -> int:
    """Smallest n with P(X ≥ target) ≥ probability, X ~ Binomial(n, rate).

    Parameters
    ----------
    target, rate : as for ``needed``
    probability : between 0 and 1, both excluded

    Returns
    -------
    n tries; an n of 10¹² or more means that no number of tries is worth naming

    Raises ParameterProblem for a rate, target or probability outside these.

    Examples
    --------
    One success with 90 %: the smallest n with 1 − 0.5ⁿ ≥ 0.9 is 4.

    >>> needed_for(1, 0.5, 0.9), needed_for(10, 0.2, 0.8)
    (4, 61)
    """
    _check(target, rate)
    if not 0 < probability < 1:
        raise refused(
            found=say("probability {probability}", probability=probability),
            expected=say("a probability between 0 and 1, both excluded"),
            try_="0.8",
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
    """P(X ≥ target), X ~ Binomial(tries, rate); an array for an array of tries.

    Examples
    --------
    At least one head in two throws:

    >>> round(float(chance(2, 1, 0.5)), 6)
    0.75
    """
    return binom.sf(target - 1, tries, rate)


def most_deals(tries: int, rate: float, probability: float) -> int:
    """Largest target with P(X ≥ target) ≥ probability, X ~ Binomial(tries, rate).

    Examples
    --------
    Two throws bring at least one head with 75 %, two heads with 25 %:

    >>> most_deals(2, 0.5, 0.7), most_deals(61, 0.2, 0.8), most_deals(60, 0.2, 0.8)
    (1, 10, 9)
    """
    low, high = 0, max(0, tries) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if chance(tries, middle, rate) >= probability else (low, middle)
    return low


def chain(target: int, rates: Sequence[float]) -> list[int]:
    """Number needed at each stage so that ``target`` come out in expectation: at each stage the
    target ÷ the product of the rates from there on, rounded up once, never in between.

    Parameters
    ----------
    target : as for ``needed``
    rates : (k,) share of each stage that reaches the next, first stage first

    Returns
    -------
    k + 1 numbers, first stage first, the target last

    Examples
    --------
    >>> chain(10, [0.625, 0.2])
    [80, 50, 10]

    1 ÷ (⅓ · 0.6) is 5; rounding 1 ÷ 0.6 up to 2 in between would ask for 6:

    >>> chain(1, [1 / 3, 0.6])
    [5, 2, 1]
    """
    found, onward = [target], 1.0
    for rate in reversed(rates):
        _check(target, rate)
        onward *= rate
        found.insert(0, needed(target, onward))
    return found


def _check(target: int, rate: float) -> None:
    if not 0 < rate <= 1:
        raise refused(
            found=say("a rate of {rate}", rate=rate),
            expected=say("a rate above 0 and at most 1"),
            try_=say("0.2 for 20 %; a stage nobody passes cannot be worked back through"),
        )
    if target < 0 or target != int(target):
        raise refused(
            found=say("a target of {target} deals", target=target),
            expected=say("a whole number of deals, 0 or more"),
            try_="10",
        )
