"""How the engine comes to a line's pay, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .bands import Rates


@dataclass
class Steps:
    """How lines come to their pay, for those who write it down: running totals in ``scale`` parts
    of a tick, the band reached and the path of rates each line is paid along, and what each line
    adds after every step. factor: of the margin's modifier. below: lines of
    which a part lies under a threshold that pays only what is above it.
    """

    before: np.ndarray
    after: np.ndarray
    band: np.ndarray
    path: np.ndarray
    times: np.ndarray | int
    points: np.ndarray | int
    edges: np.ndarray
    rates: Rates
    scale: int
    amount: np.ndarray
    pay: list[tuple[str, np.ndarray]] = field(default_factory=list)
    factor: np.ndarray | None = None
    below: np.ndarray | None = None
