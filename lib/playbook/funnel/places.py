"""Where a step passes fewer deals than among its peers: members and pairs of members, surest loss in money first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from playbook.base.uncertainty import Rate

from .windows import label

MOST = 4            # places named per step
DRAWS = 4000


@dataclass(frozen=True)
class Place:
    """One place: ``by`` its members, ``since`` the month number from which its rate parts from the rest."""

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
    since: int | None
    p: float
    COLUMNS: ClassVar[list[str]] = ["step", "where", "by", "n", "rate", "rest", "short", "worth", "low", "high", "since", "p"]

    @property
    def where(self) -> str:
        return " × ".join(self.by.values())

    def row(self) -> dict:
        return {"step": self.step, "where": self.where, "by": self.by, "n": self.n, "rate": self.rate, "rest": self.rest, "short": self.n * (self.rest - self.rate),
                "worth": self.worth, "low": self.low, "high": self.high, "since": None if self.since is None else label(self.since), "p": self.p}


def places(cells: pd.DataFrame, groups: Sequence[tuple[str, ...]], step: str, k: int, to: int, first: int, last: int, value: float, small: int,
           rng: np.random.Generator) -> tuple[list[Place], int]:
    """Places of one step below their peers, and how many were looked at.

    cells: the dimensions, month, status, n (mature cohorts). value: revenue of one more deal passed [currency].
    Greedy: the place of largest lower bound is named, its deals set aside, the search goes on; p-values are Bonferroni-adjusted over the places of the step.
    """
    frame = cells.assign(k=cells.n.where(cells.status == "advanced", 0))
    year = frame[(frame.month >= first) & (frame.month <= last)]
    found, searched = [], 0
    while len(found) < MOST and len(year):
        looks = pd.concat([_look(year, group) for group in groups], ignore_index=True)
        looks = looks[(looks.n >= small) & (looks.rest_n >= small)]
        searched = searched or len(looks)
        below = looks[looks.rate < looks.rest]
        below = below.assign(p=_two_sample(below), low=_lower(below) * below.n * value)
        below = below[(below.p * searched <= 0.05) & (below.low > 0)]
        if below.empty:
            break
        best = below.sort_values(["low", "n"], ascending=False, kind="stable").iloc[0]
        by = dict(zip(best.group, best.members, strict=True))
        found.append(_place(best, by, frame, step, k, to, value, min(1.0, best.p * searched), rng))
        year, frame = (rows[~_in(rows, by)] for rows in (year, frame))
    return found, searched


def _look(rows: pd.DataFrame, group: tuple[str, ...]) -> pd.DataFrame:
    """Each member against the median of the others (weighted by deals); each pair against the lower of its two members' other deals.

    The median keeps one extraordinary member from being everybody's yardstick; a pair must be worse than either member explains.
    """
    sums = rows.dropna(subset=list(group)).groupby(list(group))[["n", "k"]].sum()
    sums = sums[sums.n > 0]
    frame = sums.reset_index(drop=True).assign(group=[group] * len(sums), members=[m if isinstance(m, tuple) else (m,) for m in sums.index])
    against = _median_others(sums) if len(group) == 1 else _lower_parent(sums, rows, group)
    frame = frame.assign(rest_k=[k for k, _ in against], rest_n=[n for _, n in against])
    with np.errstate(invalid="ignore", divide="ignore"):
        return frame.assign(rate=frame.k / frame.n, rest=frame.rest_k / frame.rest_n.where(frame.rest_n > 0))


def _median_others(sums: pd.DataFrame) -> list[tuple[float, float]]:
    """(k, n) of the member at the weighted median of the others' rates, per member."""
    order = sums.assign(rate=sums.k / sums.n).sort_values(["rate", "n"], kind="stable")
    found = []
    for member in sums.index:
        others = order.drop(index=member)
        if others.empty:
            found.append((0.0, 0.0))
            continue
        middle = others.iloc[int(np.searchsorted(np.cumsum(others.n), others.n.sum() / 2))]
        found.append((float(middle.k), float(middle.n)))
    return found


def _lower_parent(sums: pd.DataFrame, rows: pd.DataFrame, group: tuple[str, ...]) -> list[tuple[float, float]]:
    """(k, n) of the member of the pair whose deals outside the pair pass less often, per pair."""
    parents = [rows.groupby(column)[["n", "k"]].sum() for column in group]
    found = []
    for members, own in zip(sums.index, sums.itertuples(), strict=True):
        elsewhere = [(float(p.k[m] - own.k), float(p.n[m] - own.n)) for p, m in zip(parents, members, strict=True)]
        found.append(min(elsewhere, key=lambda kn: kn[0] / kn[1] if kn[1] else 0.0))
    return found


def _in(rows: pd.DataFrame, by: dict[str, str]) -> pd.Series:
    inside = pd.Series(True, index=rows.index)
    for column, member in by.items():
        inside &= (rows[column] == member).fillna(False)
    return inside


def two_sample(below: Rate, above: Rate) -> float:
    """One-sided p that the first rate is below the second (two proportions, pooled)."""
    looks = pd.DataFrame({"k": [below.numerator], "n": [below.denominator], "rest_k": [above.numerator], "rest_n": [above.denominator]}, dtype=float)
    return float(_two_sample(looks.assign(rate=looks.k / looks.n, rest=looks.rest_k / looks.rest_n))[0])


def _two_sample(looks: pd.DataFrame) -> np.ndarray:
    """One-sided p of two proportions, pooled."""
    pooled = (looks.k + looks.rest_k) / (looks.n + looks.rest_n)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / looks.n + 1 / looks.rest_n))
    with np.errstate(invalid="ignore", divide="ignore"):
        z = ((looks.rest - looks.rate) / spread).to_numpy(float)
    return stats.norm.sf(np.nan_to_num(z))


def _lower(looks: pd.DataFrame) -> pd.Series:
    """Lower 97.5 % bound of the difference of the two rates (Newcombe's square-and-add would need both Wilson ends; this is its Wald form on smoothed counts)."""
    p, q = (looks.k + 1) / (looks.n + 2), (looks.rest_k + 1) / (looks.rest_n + 2)
    return (q - p) - 1.96 * np.sqrt(p * (1 - p) / (looks.n + 2) + q * (1 - q) / (looks.rest_n + 2))


def _place(best: pd.Series, by: dict[str, str], frame: pd.DataFrame, step: str, k: int, to: int, value: float, p: float, rng: np.random.Generator) -> Place:
    """The place with its money, redrawn counts for the interval, and the month it began."""
    n = int(best.n)
    own, rest = rng.binomial(n, best.rate, DRAWS) / n, rng.binomial(int(best.rest_n), min(1.0, best.rest), DRAWS) / best.rest_n
    low, high = np.quantile(n * (rest - own) * value, [0.025, 0.975])
    return Place(step, k, to, by, n, float(best.rate), float(best.rest), float(n * (best.rest - best.rate) * value), float(low), float(high), began(frame, by), p)


def began(frame: pd.DataFrame, by: dict[str, str]) -> int | None:
    """Month number from which the place falls behind the rest: the most likely split of its history into two constant ratios.

    Counts passed are taken as Poisson around entered × the rest's rate of the month × ratio. None when no split is clearly
    better than one ratio throughout.
    """
    inside = _in(frame, by)
    rest = frame[~inside].groupby("month")[["n", "k"]].sum()
    own = frame[inside].groupby("month")[["n", "k"]].sum().reindex(rest.index).fillna(0)
    expected = (own.n * rest.k / rest.n).to_numpy(float)
    seen, months = own.k.to_numpy(float), rest.index.to_numpy()
    keep = np.isfinite(expected) & (expected > 0)
    expected, seen, months = expected[keep], seen[keep], months[keep]
    if not len(months):
        return None

    def likely(o: np.ndarray, e: np.ndarray) -> np.ndarray:
        return np.where(o > 0, o * np.log(np.maximum(o, 1e-9) / np.maximum(e, 1e-9)), 0.0) - o
    ahead_o, ahead_e = np.concatenate([[0], np.cumsum(seen)[:-1]]), np.concatenate([[0], np.cumsum(expected)[:-1]])
    after_o, after_e = seen.sum() - ahead_o, expected.sum() - ahead_e
    gain = likely(ahead_o, ahead_e) + likely(after_o, after_e)
    falls = after_o / after_e < np.where(ahead_e > 0, ahead_o / np.maximum(ahead_e, 1e-9), np.inf)
    gain = np.where(falls, gain, -np.inf)
    best = int(np.argmax(gain))
    return int(months[best]) if gain[best] > gain[0] + 1.92 else None
