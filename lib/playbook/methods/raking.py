"""Tables with several margins at once: fitted to the totals of each dimension, then rounded so that
every total still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from playbook.base.errors import ParameterProblem, refused
from playbook.base.formats import joined
from playbook.base.language import say

TOLERANCE = 1e-9
ROUNDS = 1000


def fit(seed: np.ndarray, margins: Sequence[np.ndarray], names: Sequence[str] = ()) -> np.ndarray:
    """Whole-number table with every margin exact: proportional fit, then controlled rounding.

    Parameters
    ----------
    seed : float array, one axis per dimension; what is known of the inside (history), ones =
        nothing known
    margins : per axis, whole totals of its members (K_axis,)
    names : names of the dimensions, for messages

    Returns
    -------
    int64, shaped like ``seed``

    Where the seed leads to no such table though its open cells hold one, the smallest of four
    shares of row × column ÷ total is mixed into it that does.

    Raises ParameterProblem when margins contradict, or the seed leaves a total nowhere to go.

    References: W. E. Deming, F. F. Stephan, Ann. Math. Stat. 11 (1940) 427-444 (fitting); L. H.
    Cox, JASA 82 (1987) 520-524 (controlled rounding).

    Examples
    --------
    >>> fit(np.ones((2, 2)), [np.array([3, 2]), np.array([4, 1])]).sum(axis=0).tolist()
    [4, 1]
    """
    names = list(names) or [say("dimension {i}", i=i + 1) for i in range(seed.ndim)]
    targets = [np.asarray(margin, dtype=np.int64) for margin in margins]
    inside = np.asarray(seed, dtype=float)
    _check(inside, targets, names)
    try:
        return controlled_rounding(proportional_fit(inside, targets, names), targets)
    except ParameterProblem as error:
        for share in (0.001, 0.01, 0.1, 1.0):
            with suppress(ParameterProblem):
                mixed = _mixed(inside, targets, share)
                return controlled_rounding(proportional_fit(mixed, targets, names), targets)
        raise error


def _mixed(seed: np.ndarray, margins: Sequence[np.ndarray], share: float) -> np.ndarray:
    """The seed with a share of what is expected by the margins alone in every cell it leaves open:
    where nearly all of it lies in cells that the margins have no use for, fitting comes to no end.
    """
    apart = np.ones(seed.ndim * (1,))
    for axis, margin in enumerate(margins):
        apart = apart * margin.reshape([-1 if a == axis else 1 for a in range(seed.ndim)])
    expected = np.where(seed > 0, apart, 0.0)
    whole = max(float(expected.sum()), 1.0)
    return (1 - share) * seed / seed.sum() + share * expected / whole


def product(rows: Sequence[int], columns: Sequence[int]) -> np.ndarray:
    """Whole-number table of row × column ÷ total with both margins exact, for margins of any size.

    Corner sums C_ij = Σ_{a≤i} r_a · Σ_{b≤j} c_b ÷ total are rounded to whole numbers, halves up;
    cell_ij = C_ij − C_{i−1,j} − C_{i,j−1} + C_{i−1,j−1}. The last row and column of the corner sums
    are whole already, so both margins hold. A cell that rounding leaves below 0 is lifted to 0
    against the largest cells of its row and column. Nothing is fitted and nothing searched.

    Parameters
    ----------
    rows, columns : whole numbers of 0 or more with the same total

    Returns
    -------
    int64 (len(rows), len(columns)), each cell within a few units of its exact share

    Raises ParameterProblem when the totals differ.
    References: cumulative (corner) rounding, as in L. H. Cox, J. R. Statist. Soc. B 44 (1982)
    on unbiased controlled rounding of two-way tables.

    Examples
    --------
    >>> product([60, 40], [50, 30, 20]).tolist()
    [[30, 18, 12], [20, 12, 8]]
    """
    down, across = (
        np.concatenate([[0], np.cumsum(np.asarray(margin, dtype=object))])
        for margin in (rows, columns)
    )
    total = down[-1]
    if total != across[-1]:
        raise refused(
            say(
                "margins contradict: rows sum to {total}, columns to {across}",
                total=total,
                across=across[-1],
            ),
            say("the same total in both"),
            say("correct the smaller one; both split the same whole"),
        )
    if not total:
        return np.zeros((len(rows), len(columns)), dtype=np.int64)
    # Python's integers: cents of a large company overflow 64 bits when multiplied
    corner = (2 * np.outer(down, across) + total) // (2 * total)
    table = np.diff(np.diff(corner, axis=0), axis=1).astype(np.int64)
    for i, j in np.argwhere(table < 0):
        while table[i, j] < 0:
            row, column = int(table[:, j].argmax()), int(table[i].argmax())
            table[[i, row], [j, column]] += 1
            table[[i, row], [column, j]] -= 1
    return table


def proportional_fit(
    seed: np.ndarray, margins: Sequence[np.ndarray], names: Sequence[str] = ()
) -> np.ndarray:
    """The table nearest to the seed, in relative entropy, whose margins hold (real numbers).

    Iterative proportional fitting: for each axis in turn t ← t · margin ÷ sum of t over the other
    axes, until every sum is within 1e-9 of the table's total.

    Parameters as for ``fit``; returns floats shaped like ``seed``. Raises ParameterProblem when the
    margins cannot all hold.

    References: W. E. Deming, F. F. Stephan, Ann. Math. Stat. 11 (1940) 427-444.

    Examples
    --------
    A seed of ones gives row × column ÷ total:

    >>> proportional_fit(np.ones((2, 2)), [np.array([6, 4]), np.array([5, 5])]).tolist()
    [[3.0, 3.0], [2.0, 2.0]]
    """
    table = np.asarray(seed, dtype=float).copy()
    size = max(1.0, float(np.sum(margins[0])))
    for _ in range(ROUNDS):
        worst = 0.0
        for axis, margin in enumerate(margins):
            sums = table.sum(axis=_others(table, axis))
            worst = max(worst, float(np.abs(sums - margin).max()))
            factor = np.divide(margin, sums, out=np.zeros(len(margin)), where=sums > 0)
            table *= factor.reshape([-1 if a == axis else 1 for a in range(table.ndim)])
        if worst <= TOLERANCE * size:
            return table
    if worst > 0.5:
        raise refused(
            say(
                "margins of {names} cannot all hold: off by {worst:.0f} after {rounds} rounds",
                names=joined(names, " and ") or say("the table"),
                worst=worst,
                rounds=ROUNDS,
            ),
            say("margins the zeros of the inside leave room for"),
            say("give the empty cells a small weight"),
        )
    return table


def controlled_rounding(table: np.ndarray, margins: Sequence[np.ndarray]) -> np.ndarray:
    """Whole numbers within one unit of ``table`` (wider only where nothing else fits) that keep
    every margin; the units go to the largest fractions.

    Parameters
    ----------
    table : float array of 0 or more, one axis per dimension, whose sums are the margins
    margins : per axis, whole totals (K_axis,)

    Returns
    -------
    int64, shaped like ``table``. Raises ParameterProblem where no such table exists.

    References: L. H. Cox, JASA 82 (1987) 520-524.

    Examples
    --------
    >>> table = np.array([[0.7, 0.3], [0.3, 0.7]])
    >>> controlled_rounding(table, [np.array([1, 1]), np.array([1, 1])]).tolist()
    [[1, 0], [0, 1]]
    """
    near = np.rint(table)
    floor = np.where(np.abs(table - near) <= 1e-6, near, np.floor(table)).astype(np.int64)
    short = [margin - floor.sum(axis=_others(floor, axis)) for axis, margin in enumerate(margins)]
    if not short[0].any():  # what is missing along every axis has one sum
        return floor
    for reach in (1, 2, 4):
        added = _place(table - floor, floor, short, reach)
        if added is not None:
            return floor + added
    raise refused(
        say("the table cannot be rounded to whole numbers with every margin kept"),
        say("margins in whole units"),
        say("use a smaller unit"),
    )


def _place(
    fraction: np.ndarray, floor: np.ndarray, short: Sequence[np.ndarray], reach: int
) -> np.ndarray | None:
    """Units to add per cell, as an integer program; None when no table keeps every margin.

    With two dimensions the linear program has whole-number corners already.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, vstack

    where = np.flatnonzero((fraction > 1e-9) | ((floor > 0) & (reach > 1)) | (reach > 2))
    cells = np.unravel_index(where, fraction.shape)
    rows = [
        csr_array(
            (np.ones(len(where)), (cells[axis], np.arange(len(where)))),
            shape=(len(gap), len(where)),
        )
        for axis, gap in enumerate(short)
    ]
    wanted = np.concatenate(short)
    lowest = -np.minimum(floor.ravel()[where], reach - 1)
    # ties fall to the cell declared first
    early = np.arange(len(where)) * (1e-7 / max(1, len(where)))
    solved = milp(
        early - fraction.ravel()[where],
        integrality=np.ones(len(where)),
        constraints=LinearConstraint(vstack(rows), wanted, wanted),
        bounds=Bounds(lowest, reach),
    )
    if not solved.success:
        return None
    added = np.zeros(fraction.size, dtype=np.int64)
    added[where] = np.rint(solved.x).astype(np.int64)
    return added.reshape(fraction.shape)


def _check(seed: np.ndarray, margins: Sequence[np.ndarray], names: Sequence[str]) -> None:
    """Raise ParameterProblem for a seed or margins that no table can satisfy."""
    if len(margins) != seed.ndim:
        raise refused(
            say("{margins} margins for {ndim} dimensions", margins=len(margins), ndim=seed.ndim),
            say("one margin per dimension"),
            say("name them in the order of the axes"),
        )
    if (seed < 0).any() or not np.isfinite(seed).all():
        raise refused(
            say("a weight inside the table is negative or missing"),
            say("weights of 0 or more"),
            say("net refunds elsewhere, or use 0"),
        )
    first = int(margins[0].sum())
    for name, margin in zip(names[1:], margins[1:], strict=True):
        if int(margin.sum()) != first:
            raise refused(
                say(
                    "margins contradict: {one} sums to {first}, {name} to {margin}",
                    one=names[0],
                    first=first,
                    name=name,
                    margin=int(margin.sum()),
                ),
                say("the same total in every margin"),
                say("correct the smaller one; both split the same whole"),
            )
    for axis, (name, margin) in enumerate(zip(names, margins, strict=True)):
        empty = (seed.sum(axis=_others(seed, axis)) == 0) & (margin > 0)
        if empty.any():
            raise refused(
                say(
                    "{name}: member {n} has a total but no weight anywhere inside",
                    name=name,
                    n=int(np.flatnonzero(empty)[0]) + 1,
                ),
                say("a positive weight for at least one of its cells"),
                say("give it a small weight"),
            )


def _others(table: np.ndarray, axis: int) -> tuple[int, ...]:
    """All axes but one."""
    return tuple(a for a in range(table.ndim) if a != axis)
