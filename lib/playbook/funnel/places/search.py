"""Where a step passes fewer deals than it should: members below their peers, and members or pairs
that fell behind since a month; what each costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit

from playbook.funnel.windows import label
from playbook.methods.change_search import ALPHA, scan
from playbook.methods.intervals import Rate
from playbook.methods.step_model import Cells, Model, cells_of

MOST = 4  # places named per step, of each kind
DRAWS = 2000
HISTORY = 36  # months of mature cohorts looked back over
MEMBERS = 200  # members of a dimension the model holds apart
KNOWN, APART = (
    0.5,
    0.05,
    # a dimension must be known of half the deals, and as often of those that passed as of those that
    # stopped (difference of shares)
)
SEARCHES = (
    3  # members below their peers, members since a month, pairs: each may find something by luck
)


@dataclass(frozen=True)
class Place:
    """One place: ``by`` its members; n, rate, rest over the deals of the last 12 months it touched
    (rest = what they would have passed without it).

    factor: rate ÷ rest over all deals since it began. since: month number, None = as far back as
    the records go; span: the months it may have begun in.
    """

    step: str
    k: int
    to: int
    by: dict[str, str]
    n: int
    rate: float
    rest: float
    worth: float
    low: float
    high: float
    factor: tuple[float, float, float]
    since: int | None
    span: tuple[int, int] | None
    p: float
    region: str | None = None  # where most of its deals are: whose manager to ask
    COLUMNS: ClassVar[list[str]] = [
        "step",
        "where",
        "by",
        "n",
        "rate",
        "rest",
        "short",
        "worth",
        "low",
        "high",
        "factor",
        "factor_low",
        "factor_high",
        "since",
        "since_first",
        "since_last",
        "p",
        "region",
    ]

    @property
    def where(self) -> str:
        return " × ".join(self.by.values())

    def row(self) -> dict:
        first, last = self.span or (None, None)
        months = {
            name: None if m is None else label(m)
            for name, m in (("since", self.since), ("since_first", first), ("since_last", last))
        }
        return {
            "step": self.step,
            "where": self.where,
            "by": self.by,
            "n": self.n,
            "rate": self.rate,
            "rest": self.rest,
            "short": self.n * (self.rest - self.rate),
            "worth": self.worth,
            "low": self.low,
            "high": self.high,
            "factor": self.factor[0],
            "factor_low": self.factor[1],
            "factor_high": self.factor[2],
            **months,
            "p": self.p,
            "region": self.region,
        }


@dataclass(frozen=True)
class Step:
    """The step looked at. value: revenue of one more deal passed [currency]; year: first month
    number of the last 12; steps: searched side by side.
    """

    name: str
    k: int
    to: int
    value: float
    year: int
    steps: int


def places(
    rows: pd.DataFrame, dims: Sequence[str], step: Step, small: int, rng: np.random.Generator
) -> tuple[list[Place], int]:
    """Places of one step, dearest for sure first, and how many looks were taken.

    rows: the dimensions, month, status, n (mature cohorts of any age).
    """
    rows = rows[rows.month > step.year + 11 - HISTORY]
    rows = rows.assign(k=rows.n.where(rows.status == "advanced", 0))
    if not len(dims) or rows.n.sum() < small or not 0 < rows.k.sum() < rows.n.sum():
        return [], 0
    cells = cells_of(rows, dims)
    recent = step.year - cells.first
    finds, model, looks = scan(
        cells, dims, small, recent, rng, steps=step.steps * SEARCHES / 2, most=MOST
    )
    base = model.design.shape[1] - len(finds)
    theta = model.draws(rng, DRAWS)
    found = [
        _place(
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
    below, more = _below_peers(cells, model, dims, small, recent, step.steps * SEARCHES)
    found += [
        _place(
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
    made = [_made(step, cells, f) for f in found]
    return (
        sorted((p for p in made if p.low > 0), key=lambda place: (-place.low, place.where)),
        looks + more,
    )


def usable(rows: pd.DataFrame, dims: Sequence[str]) -> list[str]:
    """Dimensions known as often of deals that passed as of those that stopped; none without both
    kinds.

    A fact that is written down only once a deal gets on (the customer's type, when the customer is
    entered at the win) would make those without it look hopeless.
    """

    def known(part: pd.DataFrame, d: str) -> float:
        return float(part.n[part[d].notna()].sum() / part.n.sum())

    passed = rows.status == "advanced"
    if not rows.n[passed].sum() or not rows.n[~passed].sum():
        return []
    shares = {d: (known(rows[passed], d), known(rows[~passed], d)) for d in dims}
    return [
        d for d, (yes, no) in shares.items() if min(yes, no) >= KNOWN and abs(yes - no) <= APART
    ]


def home(rows: pd.DataFrame, by: dict[str, str], year: int) -> str | None:
    """The region where most of a place's deals of the last 12 months are (first in the alphabet
    where two have as many).
    """
    if "region" not in rows:
        return None
    inside = rows[
        (rows.month >= year)
        & np.logical_and.reduce([(rows[d] == m).fillna(False) for d, m in by.items()])
    ].dropna(subset=["region"])
    sizes = inside.groupby("region").n.sum()
    return None if sizes.empty else str(sizes.sort_values(ascending=False, kind="stable").index[0])


def _below_peers(
    cells: Cells, model: Model, dims: Sequence[str], small: int, recent: int, searches: float
) -> tuple[list[tuple[dict[str, str], int, int, float]], int]:
    """Members whose level lies below that of the middle one of the others, other dimensions held
    equal: by, column, column of the middle one, adjusted p.

    The middle (by deals) keeps one extraordinary member from being everybody's yardstick. p-values
    are Bonferroni-adjusted over members and searches.
    """
    now, looked = cells.month >= recent, []
    for d in dims:
        codes, members = cells.codes[d], cells.members[d]
        sizes = np.bincount(codes[codes >= 0], cells.n[codes >= 0], len(members))
        late = np.bincount(codes[now & (codes >= 0)], cells.n[now & (codes >= 0)], len(members))
        columns = np.array([model.columns[d, m] for m in members], dtype=int)
        for i in np.flatnonzero(late >= small):
            others = np.flatnonzero((sizes >= small) & (np.arange(len(members)) != i))
            if len(others):
                order = others[np.argsort(model.theta[columns[others]], kind="stable")]
                middle = order[
                    int(np.searchsorted(np.cumsum(sizes[order]), sizes[order].sum() / 2))
                ]
                looked.append(({d: members[i]}, int(columns[i]), int(columns[middle])))
    found = []
    for by, own, middle in looked:
        variance = (
            model.spread[own, own] + model.spread[middle, middle] - 2 * model.spread[own, middle]
        )
        p = (
            float(stats.norm.cdf((model.theta[own] - model.theta[middle]) / np.sqrt(variance)))
            * len(looked)
            * searches
        )
        if p <= ALPHA:
            found.append((by, own, middle, p))
    return sorted(found, key=lambda f: f[3])[:MOST], len(looked)


def _place(
    step: Step,
    cells: Cells,
    model: Model,
    theta: np.ndarray,
    mask: np.ndarray,
    column: int,
    level: np.ndarray | float,
    by: dict[str, str],
    p: float,
    recent: int,
    rng: np.random.Generator,
) -> dict:
    """A place's rates with and without it, its money and their intervals, from draws of the model's
    coefficients.
    """
    design, n, k, late = (
        model.design[mask],
        cells.n[mask],
        cells.k[mask],
        cells.month[mask] >= recent,
    )
    without = theta.copy()
    without[:, column] = level
    without = expit(np.asarray((design @ without.T).T))
    entered, passed, year = float(n[late].sum()), float(k[late].sum()), n * late
    own, ever = (
        rng.beta(x + 0.5, m - x + 0.5, len(theta))
        for x, m in ((passed, entered), (k.sum(), n.sum()))
    )
    rest = without @ year / entered
    factor = ever / (without @ n / n.sum())
    low, high = np.quantile(rest - own, [0.025, 0.975]) * entered * step.value
    worth = max(0.0, entered * float(np.median(rest)) - passed) * step.value
    return {
        "by": by,
        "n": int(entered),
        "rate": passed / entered,
        "rest": float(np.median(rest)),
        "worth": worth,
        "low": min(float(low), worth),
        "high": max(float(high), worth),
        "factor": tuple(float(q) for q in np.quantile(factor, [0.5, 0.025, 0.975])),
        "p": p,
    }


def _made(step: Step, cells: Cells, f: dict) -> Place:
    began = cells.first + f["since"] if f["since"] else None
    span = (
        (cells.first + min(f["months"]), cells.first + max(f["months"]))
        if began is not None and f["months"]
        else None
    )
    rest = {
        name: f[name] for name in ("by", "n", "rate", "rest", "worth", "low", "high", "factor", "p")
    }
    return Place(step.name, step.k, step.to, since=began, span=span, **rest)


def two_sample(below: Rate, above: Rate) -> float:
    """One-sided p that the first rate is below the second (two proportions, pooled)."""
    pooled = (below.numerator + above.numerator) / (below.denominator + above.denominator)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / below.denominator + 1 / above.denominator))
    return (
        float(
            stats.norm.sf(
                (above.numerator / above.denominator - below.numerator / below.denominator) / spread
            )
        )
        if spread
        else 0.5
    )
