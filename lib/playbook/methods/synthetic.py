"""Pilots of few groups beside a synthetic control: the others weighed so that before the pilot they
moved as the piloted did.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import nnls

from .experiment import assignments

TIGHT = 1e3  # how strongly the weights are held to add up to 1, against the spread of the paths


def control_weights(paths: np.ndarray, chosen: Sequence[int]) -> np.ndarray:
    """Weights (groups,) of the others, none negative and adding up to 1, whose mean path lies
    closest to that of the chosen (least squares); 0 for the chosen.

    Parameters
    ----------
    paths : (groups, months) before the pilot, each less its own mean
    chosen : numbers of the piloted groups

    References: A. Abadie, A. Diamond, J. Hainmueller, Journal of the American Statistical
    Association 105 (2010) 493-505.

    Examples
    --------
    >>> paths = np.array([[0.0, 2.0], [0.0, 1.0], [0.0, 3.0]])
    >>> control_weights(paths, [0]).round(6).tolist()
    [0.0, 0.5, 0.5]
    """
    inside = np.zeros(len(paths), dtype=bool)
    inside[list(chosen)] = True
    held = TIGHT * (float(np.abs(paths).max()) or 1.0)
    left = np.vstack([paths[~inside].T, np.full((~inside).sum(), held)])
    right = np.append(paths[inside].mean(axis=0), held)
    found = np.zeros(len(paths))
    part = nnls(left, right)[0]
    found[~inside] = part / part.sum()
    return found


def contrast_row(paths: np.ndarray, chosen: Sequence[int]) -> np.ndarray:
    """Weights (groups,) of the contrast: 1 ÷ the number of chosen for them, less the synthetic
    control's for the others.

    Examples
    --------
    >>> contrast_row(np.array([[0.0, 2.0], [0.0, 1.0], [0.0, 3.0]]), [0]).round(6).tolist()
    [1.0, -0.5, -0.5]
    """
    row = -control_weights(paths, chosen)
    row[list(chosen)] = 1.0 / len(chosen)
    return row


def kernel(paths: np.ndarray, take: int) -> np.ndarray:
    """``contrast_row`` of every choice of ``take`` groups (choices, groups), in the order of
    ``experiment.assignments``: each choice is compared with its own synthetic control.

    Examples
    --------
    >>> kernel(np.array([[0.0, 2.0], [0.0, 1.0], [0.0, 3.0]]), 1).shape
    (3, 3)
    """
    return np.array([contrast_row(paths, chosen) for chosen in assignments(len(paths), take)])
