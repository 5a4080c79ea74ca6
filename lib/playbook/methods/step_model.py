"""Logistic rates by cell: the share of deals expected to pass a step, from the course all months
share and each member's own level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import expit

# prior variance of months and members on the logit scale; keeps a member of few deals from running
# to 0 or 1
PRIOR = 1.0
TERM_PRIOR = 9.0  # prior variance of a place that was found: hardly shrunk
ROUNDS = 50  # Newton steps at most


@dataclass(frozen=True)
class Cells:
    """Deals counted by cell: one cell per month and combination of members."""

    codes: dict[str, np.ndarray]  # dimension → member number per cell, −1 = not given
    members: dict[str, list[str]]  # dimension → names of its members
    month: np.ndarray  # month of each cell, 0 … months − 1
    first: int  # month number of month 0
    months: int
    n: np.ndarray  # deals that entered the step
    k: np.ndarray  # deals that passed it

    def inside(self, by: dict[str, str], since: int = 0) -> np.ndarray:
        """True for cells of the members ``by`` from month ``since`` on."""
        mask = self.month >= since
        for dimension, member in by.items():
            mask = mask & (self.codes[dimension] == self.members[dimension].index(member))
        return mask


def cells_of(frame: pd.DataFrame, dims: Sequence[str]) -> Cells:
    """Cells counted from rows.

    Parameters
    ----------
    frame : the dimensions (text, missing = not given), month (month number), n entered, k passed;
        rows of one cell are added up and their order does not matter
    dims : names of the dimensions

    Examples
    --------
    >>> rows = pd.DataFrame({"region": ["East", "East"], "month": [7, 7], "n": [3, 2], "k": [1, 1]})
    >>> cells = cells_of(rows, ["region"]); cells.n.tolist(), cells.k.tolist(), cells.first
    ([5.0], [2.0], 7)
    """
    sums = frame.groupby([*dims, "month"], dropna=False, sort=True)[["n", "k"]].sum().reset_index()
    codes, members = {}, {}
    for d in dims:
        members[d] = sorted(sums[d].dropna().unique())
        codes[d] = pd.Categorical(sums[d], categories=members[d]).codes.astype(np.int64)
    months = sums.month.to_numpy(dtype=np.int64)
    first = int(months.min()) if len(months) else 0
    return Cells(
        codes,
        members,
        months - first,
        first,
        int(months.max()) - first + 1 if len(months) else 0,
        sums.n.to_numpy(float),
        sums.k.to_numpy(float),
    )


@dataclass(frozen=True)
class Model:
    """Logistic rates: logit p = intercept + month + members + places found (one column each, at the
    end), fitted by penalised likelihood with independent normal priors.
    """

    cells: Cells
    design: sparse.csr_matrix  # (cells, coefficients)
    theta: np.ndarray  # coefficients [logit]
    spread: np.ndarray  # their covariance
    penalty: np.ndarray  # 1 ÷ prior variance
    columns: dict[tuple[str, str], int] = field(repr=False)  # (dimension, member) → column

    @property
    def rate(self) -> np.ndarray:
        """Expected share that passes, per cell."""
        return expit(self.design @ self.theta)

    @property
    def weight(self) -> np.ndarray:
        """Binomial variance of the passes, n p (1 − p), per cell."""
        rate = self.rate
        return self.cells.n * rate * (1 - rate)

    def without(self, column: int, theta: np.ndarray | None = None) -> np.ndarray:
        """Rates with the column's coefficient set to 0; ``theta`` may hold many samples, one a
        row.
        """
        theta = (self.theta if theta is None else theta).copy()
        theta[..., column] = 0.0
        return expit(np.asarray(self.design @ theta.T).T)

    def draws(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """``count`` samples of the coefficients from their normal approximation, one a row."""
        root = np.linalg.cholesky(self.spread + 1e-12 * np.eye(len(self.theta)))
        return self.theta + rng.normal(size=(count, len(self.theta))) @ root.T


def fit(cells: Cells, terms: Sequence[np.ndarray] = ()) -> Model:
    """Coefficients of largest penalised likelihood, by Newton's method:
    Σ k log p + (n − k) log(1 − p) − Σ θ² ÷ (2 · prior variance).

    Parameters
    ----------
    cells : the counts
    terms : masks of cells (True inside), one more coefficient each

    References: P. McCullagh, J. A. Nelder, Generalized Linear Models, 2nd ed. (1989), chapter 4; S.
    le Cessie, J. C. van Houwelingen, Applied Statistics 41 (1992) 191-201 (ridge logistic
    regression).

    Examples
    --------
    Two members symmetric about one half: the rates mirror each other, drawn towards 1/2 from 0.8.

    >>> rows = pd.DataFrame({"rep": ["a", "b"], "month": [0, 0], "n": [10, 10], "k": [8, 2]})
    >>> rate = fit(cells_of(rows, ["rep"])).rate
    >>> bool(0.5 < rate[0] < 0.8), round(float(rate.sum()), 6)
    (True, 1.0)
    """
    blocks = [np.ones((len(cells.n), 1)), _one_hot(cells.month, cells.months)]
    columns: dict[tuple[str, str], int] = {}
    at = 1 + cells.months
    for d, codes in cells.codes.items():
        blocks.append(_one_hot(codes, len(cells.members[d])))
        columns |= {(d, member): at + i for i, member in enumerate(cells.members[d])}
        at += len(cells.members[d])
    blocks += [term.astype(float)[:, None] for term in terms]
    design = sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(b) for b in blocks]))
    penalty = np.array([1e-6] + [1 / PRIOR] * (at - 1) + [1 / TERM_PRIOR] * len(terms))
    theta, spread = _newton(design, cells.n, cells.k, penalty)
    return Model(cells, design, theta, spread, penalty, columns)


def _one_hot(codes: np.ndarray, size: int) -> sparse.csr_matrix:
    """One column per code, 1 where a cell has it; a code of −1 has no column."""
    known = np.flatnonzero(codes >= 0)
    return sparse.csr_matrix((np.ones(len(known)), (known, codes[known])), shape=(len(codes), size))


def _newton(
    design: sparse.csr_matrix, n: np.ndarray, k: np.ndarray, penalty: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of largest penalised likelihood and the inverse of the curvature there."""
    theta = np.zeros(design.shape[1])
    share = (k.sum() + 0.5) / (n.sum() + 1)
    theta[0] = np.log(share / (1 - share))
    curvature = np.diag(penalty)
    for _ in range(ROUNDS):
        rate = expit(design @ theta)
        slope = design.T @ (k - n * rate) - penalty * theta
        curvature = (
            design.T @ design.multiply((n * rate * (1 - rate))[:, None])
        ).toarray() + np.diag(penalty)
        move = np.linalg.solve(curvature, slope)
        theta = theta + np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-8:
            break
    return theta, np.linalg.inv(curvature)
