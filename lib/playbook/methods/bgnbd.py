"""Buying at will: BG/NBD for how often and how long, Gamma-Gamma for how much, by maximum
likelihood.

References: Fader, Hardie, Lee, Marketing Science 24 (2005) 275-284 (BG/NBD); Fader, Hardie, "The
Gamma-Gamma Model of Monetary Value" (2013).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, gammaln, hyp2f1, psi

WEEK = 7.0
BGNBD = ("r", "alpha", "a", "b")
SAMPLE = 20_000
NO_DROPPING = (
    1e-4  # chance of stopping after a purchase below which the model is that of steady buyers
)
LIMIT = 9.0  # parameters are searched between exp(−9) and exp(9)


@dataclass(frozen=True)
class Fit:
    """Maximum-likelihood estimates. ``errors`` are standard errors (None where the likelihood is
    flat); n customers.
    """

    names: tuple[str, ...]
    values: tuple[float, ...]
    errors: tuple[float | None, ...]
    log_likelihood: float
    n: int
    converged: bool

    @property
    def at_limit(self) -> bool:
        """Whether an estimate ran to the edge of its range: the data do not tell it apart from a
        simpler model.
        """
        return any(not np.exp(-LIMIT + 1) < value < np.exp(LIMIT - 1) for value in self.values)

    def __getitem__(self, name: str) -> float:
        return self.values[self.names.index(name)]


@dataclass(frozen=True)
class Histories:
    """Purchase histories: repeat purchase days x, days from first to last purchase t, days from
    first purchase to the end T.
    """

    x: np.ndarray
    t: np.ndarray
    T: np.ndarray

    def __post_init__(self) -> None:
        if np.any(
            (self.x < 0) | (self.t < 0) | (self.t > self.T) | ((self.x == 0) != (self.t == 0))
        ):
            raise ValueError(
                "a history needs 0 ≤ t ≤ T, and t = 0 exactly when nothing was bought again"
            )


@dataclass(frozen=True)
class Grouped:
    """Distinct histories and how many customers share each; time in weeks, and the few distinct
    values of each axis.
    """

    weight: np.ndarray
    x: np.ndarray  # distinct repeat counts; ix indexes into it per distinct history
    t: np.ndarray
    T: np.ndarray
    ix: np.ndarray
    it: np.ndarray
    iT: np.ndarray

    @classmethod
    def of(cls, histories: Histories) -> Grouped:
        days = [np.asarray(v).astype(np.int64) for v in (histories.x, histories.t, histories.T)]
        span = int(max(days[1].max(initial=0), days[2].max(initial=0))) + 1
        key, weight = np.unique((days[0] * span + days[1]) * span + days[2], return_counts=True)
        (x, ix), (t, it), (T, iT) = (
            _indexed(v) for v in (key // (span * span), key // span % span, key % span)
        )
        return cls(weight.astype(float), x.astype(float), t / WEEK, T / WEEK, ix, it, iT)

    @cached_property
    def by_count(self) -> np.ndarray:
        """Customers per distinct repeat count."""
        return np.bincount(self.ix, self.weight, self.x.size)

    @cached_property
    def by_T(self) -> np.ndarray:
        """Customers per distinct T."""
        return np.bincount(self.iT, self.weight, self.T.size)

    @cached_property
    def counts_by_T(self) -> np.ndarray:
        """Repeat purchases of all customers per distinct T."""
        return np.bincount(self.iT, self.weight * self.x[self.ix], self.T.size)

    def halves(self) -> tuple[Grouped, Grouped]:
        """The histories in two parts, whose likelihoods add up."""
        middle = self.weight.size // 2
        return tuple(
            replace(
                self, weight=self.weight[part], ix=self.ix[part], it=self.it[part], iT=self.iT[part]
            )
            for part in (slice(None, middle), slice(middle, None))
        )

    def thinned(self, most: int) -> Grouped:
        """All distinct histories without a repeat, which are few and heavy, and about ``most`` of
        the others, each standing for its neighbours.
        """
        once, others = np.flatnonzero(self.x[self.ix] == 0), np.flatnonzero(self.x[self.ix] > 0)
        step = max(others.size // most, 1)
        keep = np.concatenate([once, others[::step]])
        weight = self.weight[keep] * np.concatenate(
            [np.ones(once.size), np.full(keep.size - once.size, float(step))]
        )
        return replace(self, weight=weight, ix=self.ix[keep], it=self.it[keep], iT=self.iT[keep])


def _indexed(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values of small whole numbers, rising, and where each stands among them; by
    counting, without sorting.
    """
    seen = np.bincount(values) > 0
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[values]


def log_likelihood(log_parameters: np.ndarray, g: Grouped) -> tuple[float, np.ndarray]:
    """Log-likelihood of the BG/NBD and its gradient in log(r, α, a, b).

    Special functions and logarithms are taken once per distinct count or day; per distinct history
    one exp and one log remain.
    """
    r, alpha, a, b = np.exp(log_parameters)
    again, n_x = g.x > 0, g.by_count
    log_T, log_t, power = np.log(alpha + g.T), np.log(alpha + g.t), r + g.x
    left = np.where(again, np.log(a) - np.log(np.where(again, b + g.x - 1, 1.0)), -np.inf)
    longer, power_i = log_T[g.iT] - log_t[g.it], power[g.ix]
    odds = np.exp(np.minimum(left[g.ix] + power_i * longer, 700.0))  # having left : still there
    gone = g.weight * odds / (1 + odds)
    spread = r * g.by_T + g.counts_by_T  # repeat purchases and r per T, as if all were still there
    by_count = (
        gammaln(power)
        - gammaln(r)
        + r * np.log(alpha)
        + gammaln(a + b)
        + gammaln(b + g.x)
        - gammaln(b)
        - gammaln(a + b + g.x)
    )
    value = n_x @ by_count - spread @ log_T + np.sum(g.weight * np.log(1 + odds))
    gone_x = np.bincount(g.ix, gone, g.x.size)
    d_r = n_x @ (psi(power) - psi(r) + np.log(alpha)) - g.by_T @ log_T + np.sum(gone * longer)
    d_alpha = (
        n_x.sum() * r / alpha
        - spread @ (1 / (alpha + g.T))
        + np.sum(gone * power_i * ((1 / (alpha + g.T))[g.iT] - (1 / (alpha + g.t))[g.it]))
    )
    d_a = n_x @ (psi(a + b) - psi(a + b + g.x)) + gone_x.sum() / a
    d_b = n_x @ (psi(a + b) + psi(b + g.x) - psi(b) - psi(a + b + g.x)) - gone_x @ np.where(
        again, 1 / np.where(again, b + g.x - 1, 1.0), 0.0
    )
    return float(value), np.array([d_r, d_alpha, d_a, d_b]) * (r, alpha, a, b)


def fit_bgnbd(histories: Histories) -> Fit:
    """r, α (weeks), a, b of the BG/NBD. Time is counted in weeks of 7 days, purchases of one day as
    one.
    """
    grouped = Grouped.of(histories)
    start = np.log([1.0, max(grouped.T.mean() / 4, 1.0), 1.0, 2.0])
    if (
        grouped.weight.size > 4 * SAMPLE
    ):  # the climb is made on few distinct histories, and only its end on all of them
        few = grouped.thinned(SAMPLE)
        start = np.log(
            _fit(BGNBD, lambda p: log_likelihood(p, few), start, SAMPLE, curvature=False).values
        )
        with ThreadPoolExecutor(
            2
        ) as both:  # arrays of half a million and more: numpy lets two threads work
            parts = grouped.halves()

            def whole(p: np.ndarray) -> tuple[float, np.ndarray]:
                (value, slope), (more, steeper) = both.map(
                    lambda part: log_likelihood(p, part), parts
                )
                return value + more, slope + steeper

            start, there = _nearer(
                whole, start, _curvature(lambda p: log_likelihood(p, few), start)
            )
            if there is not None:
                return Fit(
                    BGNBD,
                    tuple(np.exp(start).tolist()),
                    _errors(whole, start),
                    there,
                    len(histories.x),
                    True,
                )
    return _fit(BGNBD, lambda p: log_likelihood(p, grouped), start, len(histories.x))


def _nearer(
    likelihood: Callable, at: np.ndarray, curvature: np.ndarray, steps: int = 12
) -> tuple[np.ndarray, float | None]:
    """Newton steps with a curvature that is about right, each one look at the data: where they end,
    and the value there if it is the top.

    None where they stop climbing before they stop moving, or leave the range: somebody has to climb
    from there.
    """
    value, slope = likelihood(at)
    for _ in range(steps):
        move = np.linalg.lstsq(curvature, -slope, rcond=None)[0]
        trial = at + move
        if np.abs(trial).max() > LIMIT:
            return at, None
        higher, slope_there = likelihood(trial)
        if higher < value - 1e-12 * abs(value):
            return at, None
        at, value, slope = trial, higher, slope_there
        if np.abs(move).max() < 1e-6:
            return at, value
    return at, None


def _fit(
    names: tuple[str, ...], likelihood: Callable, start: np.ndarray, n: int, curvature: bool = True
) -> Fit:
    """Climb from ``start`` in log parameters; standard errors from the curvature at the top."""
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
        _errors(likelihood, found.x) if curvature else (None,) * len(start),
        float(-found.fun / scale),
        n,
        bool(found.success),
    )


def _errors(likelihood: Callable, top: np.ndarray) -> tuple[float | None, ...]:
    """Standard errors by the delta method, from the curvature in log parameters."""
    curvature = _curvature(likelihood, top)
    size = len(top)
    try:
        variance = np.diag(np.linalg.inv(-curvature))
    except np.linalg.LinAlgError:
        return (None,) * size
    return tuple(
        float(v**0.5 * np.exp(p)) if v > 0 else None for v, p in zip(variance, top, strict=True)
    )


def _curvature(likelihood: Callable, top: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Second derivatives by differences of the gradient, from the point itself: half the looks of a
    central difference, and as good at such steps.
    """
    here = likelihood(top)[1]
    found = np.array(
        [(likelihood(top + step * unit)[1] - here) / step for unit in np.eye(len(top))]
    )
    return (found + found.T) / 2


def alive(fit: Fit, h: Histories) -> np.ndarray:
    """Probability that each customer still buys at the end of its history; 1 for those who bought
    once (the model's own rule).
    """
    r, alpha, a, b = fit.values
    t, T, again = h.t / WEEK, h.T / WEEK, h.x > 0
    odds = np.log(a / np.where(again, b + h.x - 1, 1.0)) + (r + h.x) * np.log(
        (alpha + T) / (alpha + t)
    )
    return np.where(again, expit(-odds), 1.0)


def expected(fit: Fit, h: Histories, days: float) -> np.ndarray:
    """Expected purchase days of each customer in the next ``days``, given its history.

    CDNOW, x = 2, t = 30.43 weeks, T = 38.86 weeks, next 39 weeks: 1.226 (Fader, Hardie, Lee 2005).
    """
    r, alpha, a, b = fit.values
    T, ahead = h.T / WEEK, days / WEEK
    ratio = (alpha + T) / (alpha + T + ahead)
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-5  # the formula is continuous there but divides by a − 1
    with np.errstate(all="ignore"):
        hyper = hyp2f1(r + h.x, b + h.x, a + b + h.x - 1, 1 - ratio)
        stay = (a + b + h.x - 1) / (a - 1) * (1 - ratio ** (r + h.x) * hyper)
    steady = (
        (r + h.x) / (alpha + T) * ahead
    )  # nobody drops out: the most anyone can be expected to buy
    usable = np.isfinite(stay) & (stay >= 0) & (stay <= steady) & (a / (a + b) > NO_DROPPING)
    return np.where(usable, stay, steady) * alive(fit, h)


def fit_spend(repeats: np.ndarray, mean_value: np.ndarray) -> Fit:
    """p, q, γ of the Gamma-Gamma model from repeat counts x > 0 and the mean value of the repeat
    purchases [currency].
    """
    x, z = np.asarray(repeats, float), np.asarray(mean_value, float)
    if np.any((x <= 0) | (z <= 0)):
        raise ValueError("spend is fitted on customers with repeat purchases of a positive value")
    log_x, log_z = np.log(x), np.log(z)

    def likelihood(logs: np.ndarray) -> tuple[float, np.ndarray]:
        p, q, gamma = np.exp(logs)
        px, total = p * x, gamma + x * z
        log_total = np.log(total)
        value = np.sum(
            gammaln(px + q)
            - gammaln(px)
            - gammaln(q)
            + q * np.log(gamma)
            + (px - 1) * log_z
            + px * log_x
            - (px + q) * log_total
        )
        d_p = np.sum(x * (psi(px + q) - psi(px) + log_z + log_x - log_total))
        d_q = np.sum(psi(px + q) - psi(q) + np.log(gamma) - log_total)
        d_gamma = np.sum(q / gamma - (px + q) / total)
        return float(value), np.array([d_p, d_q, d_gamma]) * (p, q, gamma)

    return _fit(("p", "q", "gamma"), likelihood, np.log([4.0, 4.0, float(np.mean(z))]), len(x))


def expected_spend(fit: Fit, repeats: np.ndarray, mean_value: np.ndarray) -> np.ndarray:
    """Expected value per purchase of each customer [currency]; one-time buyers get the mean of all."""
    p, q, gamma = fit.values
    x = np.asarray(repeats, float)
    return p * (gamma + x * np.nan_to_num(mean_value)) / (p * x + q - 1)
