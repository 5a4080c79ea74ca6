"""BG/NBD model of repeat purchases without contracts, by maximum likelihood.

A customer buys at a Poisson rate λ ~ Gamma(r, α) and stops after any purchase with a probability
p ~ Beta(a, b).

References: P. S. Fader, B. G. S. Hardie, K. L. Lee, Marketing Science 24 (2005) 275-284.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import expit, gammaln, hyp2f1, psi

from .likelihood import Fit, hessian, maximised, newton_steps, standard_errors

WEEK = 7.0
BGNBD = ("r", "alpha", "a", "b")
SAMPLE = 20_000  # distinct histories on which a large fit is begun
# chance of stopping after a purchase below which the model is that of steady buyers
NO_DROPPING = 1e-4


@dataclass(frozen=True)
class Histories:
    """Purchase histories, one entry per customer.

    Raises ValueError unless 0 ≤ t ≤ T, and t = 0 exactly where x = 0.
    """

    x: np.ndarray  # days with a repeat purchase
    t: np.ndarray  # days from the first to the last purchase
    T: np.ndarray  # days from the first purchase to the end

    def __post_init__(self) -> None:
        if np.any(
            (self.x < 0) | (self.t < 0) | (self.t > self.T) | ((self.x == 0) != (self.t == 0))
        ):
            raise ValueError(
                "a history needs 0 ≤ t ≤ T, and t = 0 exactly when nothing was bought again"
            )


@dataclass(frozen=True)
class Grouped:
    """Distinct histories and how many customers share each."""

    weight: np.ndarray  # customers per distinct history
    x: np.ndarray  # distinct repeat counts, rising
    t: np.ndarray  # distinct times to the last purchase [weeks]
    T: np.ndarray  # distinct times to the end [weeks]
    ix: np.ndarray  # per distinct history, its place in x
    it: np.ndarray  # … in t
    iT: np.ndarray  # … in T

    @classmethod
    def of(cls, histories: Histories) -> Grouped:
        """Customers with equal x, t and T are taken together."""
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
        """The histories in two parts, whose log-likelihoods add up."""
        middle = self.weight.size // 2
        return self._part(slice(None, middle)), self._part(slice(middle, None))

    def _part(self, part: slice) -> Grouped:
        """Some of the distinct histories."""
        return replace(
            self, weight=self.weight[part], ix=self.ix[part], it=self.it[part], iT=self.iT[part]
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

    ln L = Σ weight · ln[ B(a, b + x)/B(a, b) · Γ(r + x)/Γ(r) · α^r (α + T)^−(r + x)
    + [x > 0] B(a + 1, b + x − 1)/B(a, b) · Γ(r + x)/Γ(r) · α^r (α + t)^−(r + x) ].

    Parameters
    ----------
    log_parameters : (4,) logarithms of r, α [weeks], a, b
    g : the histories

    Returns
    -------
    (log-likelihood, (4,) gradient). Special functions and logarithms are taken once per distinct
    count or time; per distinct history one exp and one log remain.

    Examples
    --------
    One customer without a repeat in one week, all parameters 1: the likelihood is α/(α + T) = 1/2.

    >>> one = Grouped.of(Histories(np.array([0]), np.array([0]), np.array([7])))
    >>> round(float(np.exp(log_likelihood(np.zeros(4), one)[0])), 6)
    0.5
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
    """r, α [weeks], a and b of the BG/NBD by maximum likelihood; ``fit["alpha"]`` and so on.

    Time is counted in weeks of 7 days; several purchases of one day count as one.

    References: P. S. Fader, B. G. S. Hardie, K. L. Lee, Marketing Science 24 (2005) 275-284,
    section 4.

    Examples
    --------
    Customers who buy every week and never stop: their mean rate is r ÷ α = 1 a week.

    >>> weekly = np.full(60, 10)
    >>> found = fit_bgnbd(Histories(weekly, weekly * 7, weekly * 7))
    >>> round(found["r"] / found["alpha"], 3)
    1.0
    """
    grouped = Grouped.of(histories)
    start = np.log([1.0, max(grouped.T.mean() / 4, 1.0), 1.0, 2.0])
    # the maximum is approached on few distinct histories, and only finished on all of them
    if grouped.weight.size > 4 * SAMPLE:
        few = grouped.thinned(SAMPLE)
        start = np.log(
            maximised(
                BGNBD, lambda p: log_likelihood(p, few), start, SAMPLE, curvature=False
            ).values
        )
        # arrays of half a million and more: numpy lets two threads work
        with ThreadPoolExecutor(2) as both:
            parts = grouped.halves()

            def both_parts(p: np.ndarray) -> tuple[float, np.ndarray]:
                (value, slope), (more, steeper) = both.map(
                    lambda part: log_likelihood(p, part), parts
                )
                return value + more, slope + steeper

            start, there = newton_steps(
                both_parts, start, hessian(lambda p: log_likelihood(p, few), start)
            )
            if there is not None:
                return Fit(
                    BGNBD,
                    tuple(np.exp(start).tolist()),
                    standard_errors(both_parts, start),
                    there,
                    len(histories.x),
                    True,
                )
    return maximised(BGNBD, lambda p: log_likelihood(p, grouped), start, len(histories.x))


def alive(fit: Fit, h: Histories) -> np.ndarray:
    """Probability that each customer still buys at the end of its history.

    1 ÷ (1 + a/(b + x − 1) · ((α + T)/(α + t))^(r + x)); 1 for customers who bought once, by the
    model's assumption that only a repeat purchase can be the last.

    Parameters
    ----------
    fit : r, α [weeks], a, b
    h : (n,) histories [days]

    Examples
    --------
    x = 1, a = b = r = 1, t = T: the odds of having stopped are a ÷ b.

    >>> fit = Fit(BGNBD, (1.0, 4.0, 1.0, 1.0), (None,) * 4, 0.0, 1, True)
    >>> alive(fit, Histories(np.array([1, 0]), np.array([7, 0]), np.array([7, 7]))).tolist()
    [0.5, 1.0]
    """
    r, alpha, a, b = fit.values
    t, T, again = h.t / WEEK, h.T / WEEK, h.x > 0
    odds = np.log(a / np.where(again, b + h.x - 1, 1.0)) + (r + h.x) * np.log(
        (alpha + T) / (alpha + t)
    )
    return np.where(again, expit(-odds), 1.0)


def expected(fit: Fit, h: Histories, days: float) -> np.ndarray:
    """Expected purchase days of each customer in the next ``days``, given its history: equation 10
    of Fader, Hardie, Lee (2005).

    Parameters
    ----------
    fit : r, α [weeks], a, b
    h : (n,) histories [days]
    days : length of the time ahead [days]

    Examples
    --------
    The authors' example: x = 2, t = 30.43 weeks, T = 38.86 weeks, the next 39 weeks.

    >>> cdnow = Fit(BGNBD, (0.243, 4.414, 0.793, 2.426), (None,) * 4, 0.0, 2357, True)
    >>> one = Histories(np.array([2]), np.array([30.43 * 7]), np.array([38.86 * 7]))
    >>> round(float(expected(cdnow, one, 39 * 7)[0]), 3)
    1.226
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
