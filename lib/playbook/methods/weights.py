"""Weights and shares are checked before anything is split by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from playbook.base.errors import refused


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
            "no parts to split over", "at least one part", "name the members that share the total"
        )
    if wrong.any():
        where = np.argwhere(wrong)[0]
        name = names[where[-1]] if len(names) else f"part {where[-1] + 1}"
        raise refused(
            f"weight of {name} is {values[tuple(where)]}",
            "weights of 0 or more",
            "give each part a share of the whole",
        )
    if (values.sum(axis=-1) == 0).any():
        raise refused(
            "all weights are 0",
            "a positive weight for at least one part",
            "give weights, or take equal ones",
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
            f"shares sum to {values.sum():.2%}",
            "shares that sum to 100 %",
            "correct the share that is off, or give plain weights",
        )
    return values
