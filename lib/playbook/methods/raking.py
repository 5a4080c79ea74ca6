"""Several margins at once: a table fitted to each dimension's totals, then rounded so that every
one of them still holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .apportionment import _refuse

TOLERANCE = 1e-9
ROUNDS = 1000


def fit(seed: np.ndarray, margins: Sequence[np.ndarray], names: Sequence[str] = ()) -> np.ndarray:
    """Whole-number table with every margin exact.

    Parameters
    ----------
    seed : float array, one axis per dimension : what is known of the inside (history); ones =
    nothing known
    margins : per axis, whole totals of its members (K_axis,)
    names : of the dimensions, for messages

    Returns int64, shaped like ``seed``. Raises ParameterProblem when margins contradict, or the
    seed leaves a total nowhere to go.

    References: Deming & Stephan, Ann. Math. Stat. 11 (1940) 427-444 (fitting); Cox, JASA 82 (1987)
    520-524 (controlled rounding).

    Examples
    --------
    >>> fit(np.ones((2, 2)), [np.array([3, 2]), np.array([4, 1])]).sum(axis=0).tolist()
    [4, 1]
    """
    names = list(names) or [f"dimension {i + 1}" for i in range(seed.ndim)]
    targets = [np.asarray(margin, dtype=np.int64) for margin in margins]
    _check(np.asarray(seed, dtype=float), targets, names)
    return controlled_rounding(proportional_fit(seed, targets, names), targets)


def product(rows: Sequence[int], columns: Sequence[int]) -> np.ndarray:
    """Whole-number table of row × column ÷ total with both margins exact, for margins of any size
    (no fitting, no search).

    The table summed from its upper left corner is rounded and taken apart again: the last column of
    the sums is the rows' own running total, so nothing
    is lost. Each cell lies within a few units of its share; one that would fall below 0 is lifted
    to it, against the largest cells of its row and column.

    rows, columns : whole numbers of 0 or more with the same total. Returns int64 (len(rows),
    len(columns)).

    >>> product([60, 40], [50, 30, 20]).tolist()
    [[30, 18, 12], [20, 12, 8]]
    """
    down, across = (
        np.concatenate([[0], np.cumsum(np.asarray(margin, dtype=object))])
        for margin in (rows, columns)
    )
    total = down[-1]
    if total != across[-1]:
        raise _refuse(
            f"margins contradict: rows sum to {total}, columns to {across[-1]}",
            "the same total in both",
            "correct the smaller one; both split the same whole",
        )
    if not total:
        return np.zeros((len(rows), len(columns)), dtype=np.int64)
    corner = (2 * np.outer(down, across) + total) // (
        2 * total
    )  # whole numbers of any length: cents of a large company overflow 64 bits when multiplied
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
    """Iterative proportional fitting: the table nearest to the seed (in relative entropy) whose
    margins hold; real numbers.
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
        raise _refuse(
            f"margins of {' and '.join(names) or 'the table'} cannot all hold: off by {worst:.0f}"
            f" after {ROUNDS} rounds",
            "margins the zeros of the inside leave room for",
            "give the empty cells a small weight",
        )
    return table


def controlled_rounding(table: np.ndarray, margins: Sequence[np.ndarray]) -> np.ndarray:
    """Whole numbers within one unit of ``table`` (wider only if it cannot be) that keep every
    margin, favouring large fractions.
    """
    near = np.rint(table)
    floor = np.where(np.abs(table - near) <= 1e-6, near, np.floor(table)).astype(np.int64)
    short = [margin - floor.sum(axis=_others(floor, axis)) for axis, margin in enumerate(margins)]
    if all((gap == 0).all() for gap in short):
        return floor
    for reach in (1, 2, 4):
        added = _place(table - floor, floor, short, reach)
        if added is not None:
            return floor + added
    raise _refuse(
        "the table cannot be rounded to whole numbers with every margin kept",
        "margins in whole units",
        "use a smaller unit",
    )


def _place(
    fraction: np.ndarray, floor: np.ndarray, short: Sequence[np.ndarray], reach: int
) -> np.ndarray | None:
    """Units to add per cell (an integer program; two dimensions have whole corners anyway). None
    when there is no way.
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
    early = np.arange(len(where)) * (
        1e-7 / max(1, len(where))
    )  # ties fall to the cell declared first
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
    if len(margins) != seed.ndim:
        raise _refuse(
            f"{len(margins)} margins for {seed.ndim} dimensions",
            "one margin per dimension",
            "name them in the order of the axes",
        )
    if (seed < 0).any() or not np.isfinite(seed).all():
        raise _refuse(
            "a weight inside the table is negative or missing",
            "weights of 0 or more",
            "net refunds elsewhere, or use 0",
        )
    first = int(margins[0].sum())
    for name, margin in zip(names[1:], margins[1:], strict=True):
        if int(margin.sum()) != first:
            raise _refuse(
                f"margins contradict: {names[0]} sums to {first}, {name} to {int(margin.sum())}",
                "the same total in every margin",
                "correct the smaller one; both split the same whole",
            )
    for axis, (name, margin) in enumerate(zip(names, margins, strict=True)):
        empty = (seed.sum(axis=_others(seed, axis)) == 0) & (margin > 0)
        if empty.any():
            raise _refuse(
                f"{name}: member {int(np.flatnonzero(empty)[0]) + 1} has a total but no weight"
                " anywhere inside",
                "a positive weight for at least one of its cells",
                "give it a small weight",
            )


def _others(table: np.ndarray, axis: int) -> tuple[int, ...]:
    return tuple(a for a in range(table.ndim) if a != axis)
