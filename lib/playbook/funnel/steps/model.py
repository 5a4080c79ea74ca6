"""A year's funnel as one product, to raise a step and see what it brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, is_missing
from playbook.base.language import later, say
from playbook.page import Col, Table, table

from .cohorts import REPURCHASE
from .conversion import Conversion
from .outcomes import WinRate


class ModelSteps(Frame):
    """One row per step of the funnel model."""

    step = col.text(later("the step, written from→to"))
    rate = col.share(later("passed of mature cohorts"))
    n = col.count(later("deals in the rate"))


@dataclass(frozen=True)
class FunnelModel:
    """A year's funnel as one product: deals entering × step rates × average won amount."""

    steps: Annotated[pd.DataFrame, ModelSteps]
    entering: (
        int  # deals that entered the first dated stage, or were decided, in the last 12 months
    )
    value: float  # average won amount of the last 12 months [currency]
    fmt: Formats
    decided: bool = False  # no entry to a stage carries a day: one step, from decided to won

    def revenue(self, raised: dict[str, float] | None = None) -> tuple[float, float]:
        """(wins, revenue) a year with some steps raised by points (shares), no rate above 1."""
        wins = float(self.entering)
        for row in self.steps.itertuples():
            wins *= min(1.0, max(0.0, row.rate + (raised or {}).get(row.step, 0.0)))
        return wins, wins * self.value

    def table(self, points: float = 0.05, only: str = "") -> Table:
        """Each step raised by ``points`` in turn, the others as they are."""
        wins, revenue = self.revenue()
        rows = []
        for row in self.steps.itertuples():
            if only and row.step != only:
                continue
            more, money = self.revenue({row.step: points})
            rows.append(
                {
                    "step": row.step,
                    "rate": row.rate,
                    "raised": min(1.0, row.rate + points),
                    "wins": more - wins,
                    "extra": money - revenue,
                    "share": money / revenue - 1 if revenue else None,
                }
            )
        columns = [
            Col("step"),
            Col("rate", "share", "Now"),
            Col("raised", "share", "Raised to"),
            Col("wins", "count", "More wins a year", decimals=0),
            Col("extra", "money", "More revenue a year", sign=True),
            Col("share", "share", "That is", sign=True, context="share"),
        ]
        numbers = {
            "entering": self.fmt.count(self.entering),
            "wins": self.fmt.count(wins, decimals=0),
            "value": self.fmt.money(self.value),
        }
        note = (
            say("{entering} deals decided a year = {wins} wins of {value} on average", **numbers)
            if self.decided
            else say(
                "{entering} deals entering a year at the mature rates = {wins} wins"
                " of {value} on average; other steps unchanged",
                **numbers,
            )
        )
        return table(
            pd.DataFrame(rows),
            columns,
            self.fmt,
            title=say("Each step raised by {points}", points=self.fmt.text(points, "pp")),
            note=note,
        )


def funnel_model(
    conversion: Conversion | page.Missing, wins: WinRate | page.Missing
) -> FunnelModel | None:
    """The funnel as a product; None when either part is not in the book, nothing was won or no win
    carries an amount.
    """
    if not isinstance(conversion, Conversion) or not isinstance(wins, WinRate):
        return None
    rows = conversion.table[~conversion.table.step.str.endswith(REPURCHASE)]
    year, ever = (rows[rows.window == w].set_index("step") for w in ("trailing_12m", "all"))
    rate = year.rate.astype(float).where(year.entered >= conversion.small, ever.rate.astype(float))
    won = wins.row("trailing_12m")
    if rate.isna().any() or not won["won"] or is_missing(won["won_amount"]):
        return None
    steps = pd.DataFrame(
        {"step": rate.index, "rate": rate.to_numpy(), "n": year.entered.to_numpy()}
    )
    first = year.iloc[0]
    return FunnelModel(
        steps,
        int(first.entered if conversion.decided else first.activity_in),
        won["won_amount"] / won["won"],
        conversion.fmt,
        conversion.decided,
    )
