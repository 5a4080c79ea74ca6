"""The visits, proposals and wins behind a quarter's target, by its phases and by the thirds of a
month.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, count, month, share, text
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, nouns, say
from playbook.data.book import Book
from playbook.data.measures.deal_size import deal_size
from playbook.goals.work.capacity import capacity_of
from playbook.goals.work.rates import learnt
from playbook.methods.apportionment import split

PHASES = later(
    (("assault", "visits"), ("deepen", "proposals"), ("sprint", "deals")), context="phase"
)
WORK = ("visits", "proposals", "wins")
COUNTS = (*WORK, "by_target")
HEADS = later(
    {
        "visits": "Visits",
        "proposals": "Proposals",
        "wins": "Wins by the phases",
        "by_target": "Wins by the target",
    }
)
COUNTED = {"visits": nouns("visit"), "proposals": nouns("proposal"), "wins": nouns("win")}


class QuarterPhases(Frame):
    """One row per month of the quarter."""

    month = month("month of the fiscal quarter")
    phase = text("assault, deepen or sprint")
    work = text("the work the month is for")
    share = share("weight of the work by the settings")
    units = count("target of the month in minor units")
    visits = count("visits of the month: the quarter's by the phases; missing where not known")
    proposals = count("proposals of the month, the same way")
    wins = count("deals to win in the month, the same way")
    by_target = count("the same deals by the targets of the months: what the month's money takes")


@dataclass(frozen=True)
class QuarterWork:
    """Whole numbers of a quarter: None where the book does not know.

    each: money of an average won deal; share: of the sales through won deals; rate: proposals won;
    visited: visits per won deal.
    """

    visits: int | None
    proposals: int | None
    wins: int
    each: float
    share: float
    rate: float | None
    visited: float | None

    def by(
        self, weights: list[float], units: Sequence[int] | None = None
    ) -> dict[str, list[int | None]]:
        """Kind of work → whole numbers by weight; they sum to the quarter's. units: targets of the
        months, by which ``by_target`` splits the wins once more.
        """
        found: dict[str, list[int | None]] = {
            name: [None] * len(weights) if n is None else [int(k) for k in split(n, weights)]
            for name, n in zip(WORK, (self.visits, self.proposals, self.wins), strict=True)
        }
        if units is not None:
            shares = [float(u) for u in units] if sum(units) > 0 else [1.0] * len(units)
            found["by_target"] = [int(k) for k in split(self.wins, shares)]
        return found

    def words(self, fmt: Formats) -> str:
        """What the numbers rest on."""
        each = fmt.money(self.each)
        said = [
            say("wins: target ÷ {each} a deal", each=each)
            if self.share >= 1
            else say(
                "wins: target × {share} through deals ÷ {each} a deal",
                share=fmt.share(self.share, decimals=0),
                each=each,
            )
        ]
        if self.rate is not None:
            said.append(say("proposals: wins ÷ {rate} of them won", rate=fmt.share(self.rate)))
        if self.visited is not None:
            visited = fmt.text(self.visited, "number", decimals=1)
            said.append(
                say("visits: {visited} for each win, as in the trailing 12 months", visited=visited)
            )
        said.append(
            say(
                "one number of wins, split twice: by the phases says when the selling peaks, by the"
                " target what each month's money takes; both add up to the quarter"
            )
        )
        return joined(said, " · ")


def quarter_work(book: Book, target: float) -> QuarterWork | None:
    """The work behind a quarter's target [currency]; None where the book has no priced wins.

    Proposals are entries to the last stage before the win, worked back by its rate; visits as many
    for each win as the team made so far.
    """
    if not book.has("opportunities", "outcome"):
        return None
    size = deal_size(book)
    if size.average is None:
        return None
    wins = _up(target * size.share / size.average)
    rate = None
    try:
        steps = learnt(book).steps
        rate = steps[-1].rate if len(steps) > 1 else None
    except NotAvailable:
        pass
    visited = next((k.a_deal for k in capacity_of(book).work if k.name == "visits"), None)
    return QuarterWork(
        None if visited is None else _up(wins * visited),
        _up(wins / rate) if rate else None,
        wins,
        size.average,
        size.share,
        rate,
        visited,
    )


def phases_note(behind: QuarterWork | None, fmt: Formats) -> str:
    """What the quarter's phases follow and what their counts rest on."""
    weights = say(
        "weights by settings: visits come first, proposals next, deals last;"
        " the target follows the plan's own months where it has them"
    )
    return joined([weights, *([behind.words(fmt)] if behind else [])], " · ")


def thirds_of(month: dict[str, int | None], units: np.ndarray) -> pd.DataFrame:
    """A month's work by its ten-day thirds, in proportion to the target of each: columns of
    ``WORK``; they sum to the month's. units: targets of the thirds there are.
    """
    weights = [float(u) for u in units] if np.sum(units) > 0 else [1.0] * len(units)
    return pd.DataFrame(
        {
            name: [None] * len(weights) if n is None else [int(k) for k in split(n, weights)]
            for name, n in month.items()
        }
    )


def work_sentence(quarter: QuarterWork, months: list[str], weights: list[float]) -> str:
    """What the phases ask, in one sentence. months: names of the quarter's months."""
    parts = quarter.by(weights)
    said = [
        say("{work} in {month}", month=months[i], work=plural(int(n), *COUNTED[name]))
        for i, name in enumerate(WORK)
        if (n := parts[name][i]) is not None
    ]
    return say(" By the quarter's phases: {said}.", said=joined(said)) if said else ""


def _up(number: float) -> int:
    """Rounded up, but for a thousandth: a cent of rounding is no deal."""
    return math.ceil(number - 1e-3)
