"""The search of one step for places where fewer deals pass than expected: members below their
peers, and members or pairs of members that fell behind from some month on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from playbook.methods.change_search import scan
from playbook.methods.step_model import cells_of

from .peers import MOST, below_peers
from .place import Place, SearchedStep, place_effect, place_of

SAMPLES = 2000
HISTORY = 36  # months of mature cohorts looked back over
MEMBERS = 200  # members of a dimension the model holds apart
# members below their peers, members since a month, pairs: each may find something by luck
SEARCHES = 3


def places_of_step(
    rows: pd.DataFrame,
    dims: Sequence[str],
    step: SearchedStep,
    small: int,
    rng: np.random.Generator,
) -> tuple[list[Place], int]:
    """Places of one step where fewer deals pass than expected, and how many comparisons that took.

    rows: a column per dimension, month (number), status, n; mature cohorts of any age. dims:
    dimensions to search. small: fewest deals of a place. The place whose cost is largest at the
    lower end of its interval comes first.
    """
    rows = rows[rows.month > step.year + 11 - HISTORY]
    rows = rows.assign(k=rows.n.where(rows.status == "advanced", 0))
    if not len(dims) or rows.n.sum() < small or not 0 < rows.k.sum() < rows.n.sum():
        return [], 0
    cells = cells_of(rows, dims)
    recent = step.year - cells.first
    finds, model, comparisons = scan(
        cells, dims, small, recent, rng, steps=step.steps * SEARCHES / 2, most=MOST
    )
    base = model.design.shape[1] - len(finds)
    theta = model.draws(rng, SAMPLES)
    found = [
        place_effect(
            step,
            cells,
            model,
            theta,
            cells.inside(f.by, f.since),
            base + i,
            0.0,
            f.by,
            f.p,
            recent,
            rng,
        )
        | {"since": f.since, "months": f.months}
        for i, f in enumerate(finds)
    ]
    below, more = below_peers(cells, model, dims, small, recent, step.steps * SEARCHES)
    found += [
        place_effect(
            step,
            cells,
            model,
            theta,
            cells.inside(by),
            column,
            theta[:, median],
            by,
            p,
            recent,
            rng,
        )
        | {"since": 0, "months": ()}
        for by, column, median, p in below
    ]
    made = [place_of(step, cells, f) for f in found]
    return (
        sorted((p for p in made if p.low > 0), key=lambda place: (-place.low, place.where)),
        comparisons + more,
    )
