"""Which members' sales moved, or fell short, by more than chance gives among as many members.

Customers are the unit of chance: a span's sales are the sums of what each customer happened to buy
in it. A member is named only where its departure is too large for that, allowing for how many
members were compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse, stats

from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures import performance as measure
from playbook.data.measures.sales import NOT_GIVEN
from playbook.methods.comparisons import SEARCH_LEVEL, holm, max_statistic

DRAWS, SEED, CHUNK = 1999, 20230930, 200
MOST = 20_000  # customers up to which the signs are redrawn; beyond, the normal distribution serves


def moved(cells: pd.DataFrame, dims: Sequence[str]) -> pd.DataFrame:
    """Which members changed otherwise than the whole: dimension, member, change [currency], z, p.

    With g = Σ now ÷ Σ then, each customer's departure is now − g · then; a member's z is the sum of
    its customers' departures ÷ √(sum of their squares). p is adjusted for all members compared, by
    giving each customer's departure a random sign.

    Parameters
    ----------
    cells : one row per customer and combination of members: customer, now, then [currency], *dims
    dims : dimensions compared

    Returns
    -------
    empty where nothing was sold in the earlier span, or the spans differ in no customer
    """
    columns = ["dimension", "member", "change", "z", "p"]
    if cells.empty or cells.then.sum() <= 0:
        return pd.DataFrame(columns=columns)
    growth = cells.now.sum() / cells.then.sum()
    cells = cells.assign(apart=cells.now - growth * cells.then, change=cells.now - cells.then)
    codes, customers = pd.factorize(cells.customer, sort=True)
    names, parts, changes = [], [], []
    for dimension in dims:
        members, labels = pd.factorize(cells[dimension], sort=True)
        shape = (len(customers), len(labels))
        parts.append(sparse.csr_matrix((cells.apart, (codes, members)), shape=shape))
        changes.append(np.bincount(members, cells.change, len(labels)))
        names += [(dimension, label) for label in labels]
    apart = sparse.hstack(parts).tocsr()
    spread = np.sqrt(np.asarray(apart.power(2).sum(axis=0)).ravel())
    spread = np.where(spread > 1e-9, spread, np.nan)
    z = np.asarray(apart.sum(axis=0)).ravel() / spread
    frame = pd.DataFrame(names, columns=columns[:2])
    return frame.assign(change=np.concatenate(changes), z=z, p=_adjusted(apart, spread, z))


def _adjusted(apart: sparse.csr_matrix, spread: np.ndarray, z: np.ndarray) -> np.ndarray:
    size = apart.shape[0]
    if size > MOST:
        return holm(2 * stats.norm.sf(np.abs(z)))
    rng, largest = np.random.default_rng(SEED), []
    for _ in range(0, DRAWS, CHUNK):
        signs = rng.integers(0, 2, (min(CHUNK, DRAWS - len(largest) * CHUNK), size)) * 2.0 - 1
        largest.append(np.fmax.reduce(np.abs((apart.T @ signs.T).T / spread), axis=1))
    return max_statistic(np.abs(z), np.concatenate(largest))


def off_target(book: Book, sales: pd.DataFrame, span: Window) -> set[tuple[str, str]]:
    """Members, as (dimension, member), whose sales lie below or above their target by more than
    chance; where nobody has a target, below or above last year.

    sales: rows of MemberSales of one window, without the whole book. The standard deviation of a
    member's sales is √(sum of the squares of what each customer bought in the span), of a change on
    last year that of both spans; p-values are adjusted by Holm's method.
    """
    sales = sales[sales.member != NOT_GIVEN]
    by_target = sales.gap.notna().any()
    gap = sales.gap if by_target else sales.actual - sales.last_year
    rows = sales.assign(off=gap)[gap.notna()]
    if rows.empty:
        return set()
    spreads = []
    for dimension in dict.fromkeys(rows.dimension):
        squares = _squares(book, dimension, span)
        if not by_target:
            squares = squares.add(_squares(book, dimension, span.year_before()), fill_value=0)
        spreads.append(pd.Series({(dimension, m): s for m, s in squares.items()}, dtype=float))
    variance = pd.concat(spreads)
    keys = list(zip(rows.dimension, rows.member, strict=True))
    spread = np.sqrt([float(variance.get(key, 0.0)) for key in keys])
    off = np.abs(rows.off.to_numpy(float))
    z = np.divide(off, spread, out=np.where(off > 0, np.inf, 0.0), where=spread > 0)
    p = holm(2 * stats.norm.sf(z))
    return {key for key, value in zip(keys, p, strict=True) if value <= SEARCH_LEVEL}


def _squares(book: Book, dimension: str, span: Window) -> pd.Series:
    cells = measure.customer_sales(book, [dimension], span, span)
    return (cells.now**2).groupby(cells[dimension]).sum()
