"""What share of deals a step would be expected to pass, cell by cell: the months' common course and
every member's own level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import expit

# spread allowed to months and members on the logit scale; keeps a member of few deals from running
# to 0 or 1
PRIOR = 1.0
TERM_PRIOR = 9.0  # the same for a place that was found: hardly held back
ROUNDS = 50


@dataclass(frozen=True)
class Cells:
    """Deals counted by cell. codes: dimension → member number per cell (−1 = not given); month: 0 …
    months − 1; n entered, k passed.
    """

    codes: dict[str, np.ndarray]
    members: dict[str, list[str]]
    month: np.ndarray
    first: int  # month number of month 0
    months: int
    n: np.ndarray
    k: np.ndarray

    def inside(self, by: dict[str, str], since: int = 0) -> np.ndarray:
        """True for cells of the members ``by`` from month ``since`` on."""
        mask = self.month >= since
        for dimension, member in by.items():
            mask = mask & (self.codes[dimension] == self.members[dimension].index(member))
        return mask


def cells_of(frame: pd.DataFrame, dims: Sequence[str]) -> Cells:
    """From rows of the dimensions, month, n, k (rows of one cell are added up; the order of rows
    does not show).
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
    """Logistic rates: an intercept, months, members, and the places found so far (one column each,
    at the end).

    Fitted by penalised likelihood (independent normal priors): ``theta`` the coefficients,
    ``spread`` their covariance.
    """

    cells: Cells
    design: sparse.csr_matrix
    theta: np.ndarray
    spread: np.ndarray
    penalty: np.ndarray
    columns: dict[tuple[str, str], int] = field(repr=False)

    @property
    def rate(self) -> np.ndarray:
        return expit(self.design @ self.theta)

    @property
    def weight(self) -> np.ndarray:
        rate = self.rate
        return self.cells.n * rate * (1 - rate)

    def without(self, column: int, theta: np.ndarray | None = None) -> np.ndarray:
        """Rates had the column's place not existed; ``theta`` may hold many draws, one a row."""
        theta = (self.theta if theta is None else theta).copy()
        theta[..., column] = 0.0
        return expit(np.asarray(self.design @ theta.T).T)

    def draws(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Coefficients as uncertain as the data leave them, one draw a row."""
        root = np.linalg.cholesky(self.spread + 1e-12 * np.eye(len(self.theta)))
        return self.theta + rng.normal(size=(count, len(self.theta))) @ root.T


def fit(cells: Cells, terms: Sequence[np.ndarray] = ()) -> Model:
    """The model with the places of ``terms`` (a mask of cells each), by Newton's method."""
    blocks = [np.ones((len(cells.n), 1)), _one_hot(cells.month, cells.months)]
    columns, at = {}, 1 + cells.months
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
