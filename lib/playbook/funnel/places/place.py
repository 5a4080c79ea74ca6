"""Places where a step passes fewer deals than expected: what one is, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import expit

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.funnel.windows import label
from playbook.methods.step_model import Cells, Model
from playbook.page import Col, Table, table


class LaggingPlaces(Frame):
    """One row per place where a step passes fewer deals than expected, the surest cost first."""

    step = col.text(later("the step, written from→to"))
    where = col.text(later("the members, joined by ×"))
    by = col.thing(later("dimension → member"))
    n = col.count(later("deals of the last 12 months that entered there"))
    rate = col.share(later("passed of these"))
    expected = col.share(later("what they would have passed without the place"))
    short = col.count(later("deals not passed for it: n × (expected − rate)"))
    worth = col.money(later("what that costs in 12 months"), low="low", high="high")
    low = col.money(later("lower end of the 95 % interval"))
    high = col.money(later("upper end of the 95 % interval"))
    factor = col.ratio(
        later("passed ÷ expected over all deals since it began"),
        low="factor_low",
        high="factor_high",
    )
    factor_low = col.ratio(later("lower end of the 95 % interval"))
    factor_high = col.ratio(later("upper end of the 95 % interval"))
    since = col.month(later("month it began; empty = as far back as the records go"))
    since_first = col.month(later("first month it may have begun in"))
    since_last = col.month(later("last month it may have begun in"))
    p = col.number(later("p-value, adjusted for every comparison made"))
    region = col.text(later("region of most of its deals: whose manager to ask"))


@dataclass(frozen=True)
class Place:
    """A member, or a pair of members, where one step passes fewer deals than expected.

    k, to: indices of the step's stages. by: dimension → member. n, rate, expected: deals of the
    last 12 months that entered there, the share that passed and the share that would have passed
    without the place. worth (low, high): what the difference costs [currency]. factor: rate ÷
    expected with its interval over all deals since it began. since: month number it began, None =
    as far back as the records go; span: first and last month it may have begun in.
    """

    step: str
    k: int
    to: int
    by: dict[str, str]
    n: int
    rate: float
    expected: float
    worth: float
    low: float
    high: float
    factor: tuple[float, float, float]
    since: int | None
    span: tuple[int, int] | None
    p: float
    region: str | None = None  # where most of its deals are: whose manager to ask

    @property
    def where(self) -> str:
        """The members as one label."""
        return " × ".join(self.by.values())

    def row(self) -> dict:
        """The place as a row of LaggingPlaces."""
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
            "expected": self.expected,
            "short": self.n * (self.expected - self.rate),
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
    """The step that is searched.

    k, to: indices of its stages. value: revenue of one more deal passed [currency]. year: first
    month number of the last 12. steps: how many steps are searched side by side.
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
    """A place's rates with and without it, its cost and their intervals.

    theta: samples of the model's coefficients, one per row. mask: the cells of the place. column:
    the coefficient of the place; level: what it is replaced by.
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
    expected = without @ year / entered
    factor = ever / (without @ n / n.sum())
    low, high = np.quantile(expected - own, [0.025, 0.975]) * entered * step.value
    worth = max(0.0, entered * float(np.median(expected)) - passed) * step.value
    return {
        "by": by,
        "n": int(entered),
        "rate": passed / entered,
        "expected": float(np.median(expected)),
        "worth": worth,
        "low": min(float(low), worth),
        "high": max(float(high), worth),
        "factor": tuple(float(q) for q in np.quantile(factor, [0.5, 0.025, 0.975])),
        "p": p,
    }


def place_of(step: SearchedStep, cells: Cells, f: dict) -> Place:
    """The place from its effect: month offsets become month numbers."""
    began = cells.first + f["since"] if f["since"] else None
    span = (
        (cells.first + min(f["months"]), cells.first + max(f["months"]))
        if began is not None and f["months"]
        else None
    )
    known = ("by", "n", "rate", "expected", "worth", "low", "high", "factor", "p")
    found = {name: f[name] for name in known}
    return Place(step.name, step.k, step.to, since=began, span=span, **found)


def places_table(
    places: pd.DataFrame, small: int, searched: int, currency: str, fmt: Formats, as_of: date
) -> Table:
    """Where a step passes fewer deals than expected, for the page."""
    found = places.to_dict("records")
    rows = places.assign(
        months=[_months(r, fmt) for r in found],
        cost=[within(r["worth"], r["low"], r["high"], fmt) for r in found],
    )
    columns = [
        Col("step"),
        Col("where", "text", "Where", weight=2),
        Col("n", "count", "Entered"),
        Col("rate", "share", "Passed"),
        Col("expected", "share", "Expected"),
        Col("factor", "ratio", "Passed ÷ expected", low="factor_low", high="factor_high"),
        Col("cost", "text", "Cost in 12 months", align="r"),
        Col("months", "text", "Since"),
    ]
    return table(
        rows,
        columns,
        fmt,
        title=say("Where a step passes fewer deals than expected"),
        note=(
            say(
                "{currency}; deals of mature cohorts of the last 12 months; groups"
                " of {small} deals or more; named only beyond chance among"
                " {searched} comparisons; 95 % intervals; as of {as_of}",
                currency=currency,
                small=small,
                searched=fmt.count(searched),
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def _months(place: dict, fmt: Formats) -> str:
    """The months a place may have begun in, for a table."""
    first, last = (
        place[name] if isinstance(place[name], str) else place["since"]
        for name in ("since_first", "since_last")
    )
    if not isinstance(place["since"], str):
        return say("all along")
    began = fmt.text(first, "month")
    if last == first:
        return began
    return say("{first} to {last}", first=began, last=fmt.text(last, "month"))


def within(worth: float, low: float, high: float, fmt: Formats) -> str:
    """A sum of money with its interval."""
    sums = {
        name: fmt.money(value, compact=True)
        for name, value in (("worth", worth), ("low", low), ("high", high))
    }
    return say("{worth} [{low} to {high}]", **sums)


def began(place: dict, fmt: Formats) -> str:
    """Since when a place lags, as a phrase, with the months it may have begun in."""
    since, first, last = (place[name] for name in ("since", "since_first", "since_last"))
    if not isinstance(since, str):
        return say("as far back as the records go")
    month = fmt.text(since, "month")
    if not isinstance(first, str) or first == last:
        return say("since {month}", month=month)
    return say(
        "since {month} ({first} to {last})",
        month=month,
        first=fmt.text(first, "month"),
        last=fmt.text(last, "month"),
    )
