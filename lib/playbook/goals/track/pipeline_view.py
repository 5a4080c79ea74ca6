"""What the open pipeline says a quarter will bring, by how open deals ended in quarters before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook.base.contracts import Frame, count, money, share, text
from playbook.base.language import later
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.deal_size import DealSize
from playbook.data.measures.pipeline import open_sums
from playbook.data.measures.won_ahead import won_ahead, won_new

TOGETHER = later("all stages together")
LOOKED_BACK = 4  # quarters that the shares are learnt from


class StageView(Frame):
    """One row per stage with open deals."""

    stage = text("the stage open deals are in")
    deals = count("open deals")
    amount = money("their worth; deals without an amount at the average won deal")
    n = count("deals that stood in it on the same day of quarters before")
    low = share("the smallest share of a quarter")
    high = share("the largest share of a quarter")
    share = share("of these, won by the quarter's end", low="low", high="high")
    brings = money("amount × share; missing where no share is known")


@dataclass(frozen=True)
class PipelineView:
    """The quarter by its open deals.

    stages: open deals and their shares; new: what deals not created yet brought in the quarters
    before (mean, least, most) [currency]; quarters: how many were looked at; unknown: worth of the
    open deals of stages without a share.
    """

    stages: Annotated[pd.DataFrame, StageView]
    new: tuple[float, float, float]
    quarters: int
    unknown: float

    @property
    def brings(self) -> tuple[float, float, float]:
        """Expected, least and most that open and new deals bring [currency]."""
        rows = self.stages.dropna(subset=["share"])
        parts = [float((rows["amount"] * rows[c]).sum()) for c in ("share", "low", "high")]
        return tuple(p + n for p, n in zip(parts, self.new, strict=True))  # type: ignore[return-value]

    @property
    def open(self) -> float:
        """Worth of all open deals."""
        return float(self.stages["amount"].sum())

    @property
    def won_share(self) -> float | None:
        """Share of the open worth that is won by the quarter's end; None where nothing is open."""
        known = self.stages.dropna(subset=["share"])
        amount = float(known["amount"].sum())
        return float((known["amount"] * known["share"]).sum()) / amount if amount else None


def pipeline_view(book: Book, last: Month, size: DealSize) -> PipelineView | None:
    """The open deals of the as-of date and what they bring by the end of ``last``, by stage where
    entries to stages are dated; None where no quarter before can be looked at or no deal is open.
    """
    days = _days(book, last)
    dated = book.has("stage_events", "stage", "entered_at")
    now = open_sums(book, ("stage",)) if dated else open_sums(book).assign(stage=TOGETHER)
    if not days or not int(now["deals"].sum()):
        return None
    past = [won_ahead(book, day, until).set_index("stage") for day, until in days]
    if not dated:  # in which stage a deal stood then is not known: all open deals together
        past = [frame.sum().to_frame(TOGETHER).T for frame in past]
    average = size.average or 0.0
    rows = []
    for row in now.to_dict("records"):
        stage = row["stage"]
        seen = [
            (int(f.loc[stage, "open"]), int(f.loc[stage, "won"])) for f in past if stage in f.index
        ]
        n, won = sum(o for o, _ in seen), sum(w for _, w in seen)
        each = [w / o for o, w in seen if o]
        amount = float(row["amount"]) + int(row["unpriced"]) * average
        rows.append(
            {
                "stage": stage,
                "deals": int(row["deals"]),
                "amount": amount,
                "n": n,
                "share": won / n if n else None,
                "low": min(each) if each else None,
                "high": max(each) if each else None,
                "brings": amount * won / n if n else None,
            }
        )
    place = {stage: i for i, stage in enumerate(book.stages)}
    frame = StageView.make(sorted(rows, key=lambda row: place.get(row["stage"], 99)))
    new = [float(won_new(book, day, until)["amount"].iloc[0]) for day, until in days]
    return PipelineView(
        frame,
        (sum(new) / len(new), min(new), max(new)),
        len(days),
        float(frame.loc[frame["share"].isna(), "amount"].sum()),
    )


def _days(book: Book, last: Month) -> list[tuple[date, date]]:
    """The same day in up to four quarters before, with the quarter's end: those the deals cover."""
    if not book.has("opportunities", "created") or not book.has("opportunities", "closed"):
        return []
    first = coverage(book, "opportunities", "created").first
    spans = [((book.month - 3 * i).end, (last - 3 * i).end) for i in range(1, LOOKED_BACK + 1)]
    return [(day, until) for day, until in spans if first and first < day and until <= book.as_of]
