"""TODO."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import expit

from playbook.funnel.windows import label
from playbook.methods.step_model import Cells, Model


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
class SearchedStep:
    """The step compared at. value: revenue of one more deal passed [currency]; year: first month
    number of the last 12; steps: searched side by side.
    """

    name: str
    k: int
    to: int
    value: float
    year: int
    steps: int


def place_effect(
    step: SearchedStep,
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


def place_of(step: SearchedStep, cells: Cells, f: dict) -> Place:
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
