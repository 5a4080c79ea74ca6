"""Weights and shares are checked before anything is split by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from playbook.base.errors import refused
from playbook.base.language import say


def check_weights(weights: Any, names: Sequence[str] = ()) -> np.ndarray:
    """The weights as floats.

    Parameters
    ----------
    weights : (K,) or (G, K) numbers of 0 or more; along the last axis at least one above 0
    names : (K,) names of the parts, for messages

    Raises ParameterProblem, naming the part, for a negative or missing weight, for no parts and for
    weights that are all 0.

    Examples
    --------
    >>> check_weights([3, 1]).tolist()
    [3.0, 1.0]
    """
    values = np.asarray(weights, dtype=float)
    wrong = ~np.isfinite(values) | (values < 0)
    if values.shape[-1] == 0:
        raise refused(
            say("no parts to split over"),
            say("at least one part"),
            say("name the members that share the total"),
        )
    if wrong.any():
        where = np.argwhere(wrong)[0]
        name = names[where[-1]] if len(names) else say("part {i}", i=where[-1] + 1)
        raise refused(
            say("weight of {name} is {value}", name=name, value=values[tuple(where)]),
            say("weights of 0 or more"),
            say("give each part a share of the whole"),
        )
    if (values.sum(axis=-1) == 0).any():
        raise refused(
            say("all weights are 0"),
            say("a positive weight for at least one part"),
            say("give weights, or take equal ones"),
        )
    return values


def check_shares(shares: Sequence[float], names: Sequence[str] = ()) -> np.ndarray:
    """Weights that are the shares of one total: they must sum to 1 within 0.0001.

    Raises ParameterProblem with the sum found, and as ``check_weights`` does.

    Examples
    --------
    >>> check_shares([0.5, 0.3, 0.2]).tolist()
    [0.5, 0.3, 0.2]
    """
    values = check_weights(shares, names)
    if abs(values.sum() - 1) > 1e-4:
        raise refused(
            say("shares sum to {sum:.2%}", sum=values.sum()),
            say("shares that sum to 100 %"),
            say("correct the share that is off, or give plain weights"),
        )
    return values
