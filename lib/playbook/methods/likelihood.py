"""Maximum likelihood in log parameters: estimates, standard errors, and steps towards the
maximum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

LIMIT = 9.0  # parameters are searched between exp(−9) and exp(9)
Likelihood = Callable[[np.ndarray], tuple[float, np.ndarray]]  # log parameters → value, gradient


@dataclass(frozen=True)
class Fit:
    """Maximum-likelihood estimates; ``fit["alpha"]`` gives one by its name."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    errors: tuple[float | None, ...]  # standard errors; None where the likelihood is flat
    log_likelihood: float
    n: int  # customers
    converged: bool

    @property
    def at_limit(self) -> bool:
        """Whether an estimate ran to the edge of its range: the data do not distinguish the model
        from a simpler one.
        """
        return any(not np.exp(-LIMIT + 1) < value < np.exp(LIMIT - 1) for value in self.values)

    def __getitem__(self, name: str) -> float:
        return self.values[self.names.index(name)]


def newton_steps(
    likelihood: Likelihood, at: np.ndarray, curvature: np.ndarray, steps: int = 12
) -> tuple[np.ndarray, float | None]:
    """Newton steps with a fixed, approximate curvature: one evaluation of the likelihood each.

    Parameters
    ----------
    at : (k,) log parameters to start from
    curvature : (k, k) second derivatives near the maximum, e.g. from a part of the data

    Returns
    -------
    (log parameters, log-likelihood there), the latter None where the steps stopped rising before
    they stopped moving, or left the range: another method has to go on from there.

    Examples
    --------
    −(x − 1)² has its maximum at 1:

    >>> at, top = newton_steps(
    ...     lambda x: (-float((x[0] - 1) ** 2), -2 * (x - 1)), np.array([0.0]), np.array([[-2.0]])
    ... )
    >>> round(float(at[0]), 6), round(top, 6)
    (1.0, -0.0)
    """
    value, slope = likelihood(at)
    for _ in range(steps):
        move = np.linalg.lstsq(curvature, -slope, rcond=None)[0]
        there = at + move
        if np.abs(there).max() > LIMIT:
            return at, None
        higher, slope_there = likelihood(there)
        if higher < value - 1e-12 * abs(value):
            return at, None
        at, value, slope = there, higher, slope_there
        if np.abs(move).max() < 1e-6:
            return at, value
    return at, None


def maximised(
    names: tuple[str, ...],
    likelihood: Likelihood,
    start: np.ndarray,
    n: int,
    curvature: bool = True,
) -> Fit:
    """Maximum of a likelihood by L-BFGS-B from ``start``, with standard errors.

    Parameters
    ----------
    names : (k,) of the parameters
    likelihood : log parameters → (log-likelihood, gradient)
    start : (k,) log parameters
    n : customers
    curvature : whether standard errors are worked out

    References: R. H. Byrd et al., SIAM J. Sci. Comput. 16 (1995) 1190-1208.

    Examples
    --------
    Three events in 6 weeks, Poisson: rate 3/6, standard error √3/6.

    >>> poisson = lambda p: (3 * p[0] - 6 * float(np.exp(p[0])), 3 - 6 * np.exp(p))
    >>> found = maximised(("rate",), poisson, np.array([0.0]), 1)
    >>> round(found["rate"], 4), round(found.errors[0], 4)
    (0.5, 0.2887)
    """
    scale = 1.0 / max(
        n, 1
    )  # per customer, so that tolerances mean the same for a hundred and a million

    def downhill(p: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = likelihood(p)
        return -value * scale, -slope * scale

    found = minimize(
        downhill,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-LIMIT, LIMIT)] * len(start),
        options={"maxiter": 500, "ftol": 1e-14, "gtol": 1e-9},
    )
    return Fit(
        names,
        tuple(np.exp(found.x).tolist()),
        standard_errors(likelihood, found.x) if curvature else (None,) * len(start),
        float(-found.fun / scale),
        n,
        bool(found.success),
    )


def standard_errors(likelihood: Likelihood, top: np.ndarray) -> tuple[float | None, ...]:
    """Standard errors of exp(log parameters): e^p √v, v the diagonal of the inverse negative
    Hessian; None where it is not positive.

    Examples
    --------
    Curvature −4 at log parameter 0: √(1/4) · e⁰.

    >>> round(standard_errors(lambda p: (-2 * float(p @ p), -4 * p), np.zeros(1))[0], 4)
    0.5
    """
    curvature = hessian(likelihood, top)
    size = len(top)
    try:
        variance = np.diag(np.linalg.inv(-curvature))
    except np.linalg.LinAlgError:
        return (None,) * size
    return tuple(
        float(v**0.5 * np.exp(p)) if v > 0 else None for v, p in zip(variance, top, strict=True)
    )


def hessian(likelihood: Likelihood, top: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Second derivatives by forward differences of the gradient: half the evaluations of central
    differences, and as good at such a step.

    Examples
    --------
    −x² − y²:

    >>> hessian(lambda p: (-float(p @ p), -2 * p), np.zeros(2)).round(3).tolist()
    [[-2.0, 0.0], [0.0, -2.0]]
    """
    here = likelihood(top)[1]
    found = np.array(
        [(likelihood(top + step * unit)[1] - here) / step for unit in np.eye(len(top))]
    )
    return (found + found.T) / 2
