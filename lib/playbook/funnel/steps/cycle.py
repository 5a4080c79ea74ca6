"""How long a deal takes: the usual median of the closed ones, and the chance of having won by a day
with the open ones kept in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of, outcome_counts
from playbook.funnel.figures.cycle import cycle_curves
from playbook.funnel.windows import SPANS, inside
from playbook.methods.survival import Incidence, aalen_johansen, kaplan_meier, quantile
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

from .cycle_texts import cycle_notes
from .slow_stages import SlowStages, slow_sentence, slow_stages, slow_table
from .stage_times import StageTimes, stage_times, stage_times_table
from .win_chances import CAUSE, WinChances, win_chances

KINDS = (later("won", context="deal"), later("lost", context="deal"))


class ClosedMedians(Frame):
    """One row per window: deals closed in it, and how long they took from creation."""

    window = col.text(later("which window: month, trailing_12m or all"))
    won = col.count("deals won")
    won_median = col.days(later("median time to the win"))
    lost = col.count(later("deals lost"))
    lost_median = col.days(later("median time to the loss"))


@dataclass(frozen=True)
class Cycle(page.Result):
    """Time from creation to win or loss, open deals kept in.

    curve, lost_curve: chance of a win and of a loss by day, all data. naive: chance of a win with
    losses counted as still open. compared: members × stages among which the slow ones were
    searched. undated, backwards: deals without the days needed, and closed
    before they were created.
    """

    table: Annotated[pd.DataFrame, ClosedMedians]
    chances: Annotated[pd.DataFrame, WinChances]
    stages: Annotated[pd.DataFrame, StageTimes]
    slow: Annotated[pd.DataFrame, SlowStages]
    compared: int
    curve: Incidence
    lost_curve: Incidence
    naive: Incidence
    undated: int
    backwards: int
    as_of: date
    fmt: Formats
    percentile: float
    small: int
    section = "cycle"

    def figure(self) -> Figure | None:
        return cycle_curves(
            self.curve, self.lost_curve, self.naive, self.chances, self.fmt, self.as_of
        )

    def chance(self, day: int, window: str = "all") -> dict:
        """Chance of having won by ``day``."""
        return (
            self.chances[(self.chances.day == day) & (self.chances.window == window)]
            .iloc[0]
            .to_dict()
        )

    def tables(self) -> list[Table]:
        day = self.fmt.text(self.as_of, "date")
        chances = self.chances[self.chances.window == "all"].merge(
            self.chances[self.chances.window == "trailing_12m"], on="day", suffixes=("", "_year")
        )
        first = table(
            chances,
            [
                Col("day", "days", "Within"),
                Col("value", "share", "Won, all data", low="low", high="high"),
                Col(
                    "value_year",
                    "share",
                    "Won, created in 12 months",
                    low="low_year",
                    high="high_year",
                ),
                Col("naive", "share", "As the usual report has it"),
            ],
            self.fmt,
            title=say("Chance that a new deal is won within …"),
            note=(
                say(
                    "Losses compete, open deals count as long as they were watched"
                    " (Aalen-Johansen, 95 %); n = {n} deals; as of {day}",
                    n=self.fmt.count(self.curve.n),
                    day=day,
                )
            ),
        )
        second = stage_times_table(self.stages, self.percentile, self.fmt, self.as_of)
        third = slow_table(self.slow, self.compared, self.small, self.fmt, self.as_of)
        return [
            first,
            *([second] if len(self.stages) else []),
            *([third] if len(self.slow) else []),
        ]

    def reading(self) -> str:
        fmt = self.fmt
        row = self.table.set_index("window").loc["trailing_12m"]
        losses = (
            ""
            if pd.isna(row.lost_median)
            else say(", losses {lost_median}", lost_median=fmt.text(row.lost_median, "days"))
        )
        naive = (
            say("No win of the last 12 months carries both days.")
            if pd.isna(row.won_median)
            else (
                say(
                    "Wins closed in the last 12 months took {won_median} at the"
                    " median{losses}; that leaves every open deal out.",
                    won_median=fmt.text(row.won_median, "days"),
                    losses=losses,
                )
            )
        )
        known = self.chances[(self.chances.window == "all") & self.chances.value.notna()]
        slow = slow_sentence(self.slow, self.compared, fmt)
        if known.empty:
            return naive + slow
        far = known.iloc[-1]
        text = say(
            " With the open ones kept in, {value} of new deals are won within {day} [{low}]",
            value=fmt.share(far.value),
            day=fmt.text(far.day, "days"),
            low=fmt.interval(far.low, far.high, "share"),
        )
        if far.naive == far.naive:
            text += say(
                ", where counting losses as still open would promise {naive}",
                naive=fmt.share(far.naive),
            )
        return naive + text + say(".") + slow

    def headline(self) -> str:
        fmt, row = self.fmt, self.table.set_index("window").loc["trailing_12m"]
        known = self.chances[(self.chances.window == "all") & self.chances.value.notna()]
        chance = (
            ""
            if known.empty
            else (
                say(
                    "; chance of a win within {day}: {value}",
                    day=fmt.text(known.day.iloc[-1], "days"),
                    value=fmt.share(known.value.iloc[-1]),
                )
            )
        )
        if pd.isna(row.won_median):
            return say(
                "Cycle: no win of the last 12 months carries both days{chance}", chance=chance
            )
        losses = (
            ""
            if pd.isna(row.lost_median)
            else say(" (losses {lost_median})", lost_median=fmt.text(row.lost_median, "days"))
        )
        return say(
            "Cycle: wins of 12 months took {won_median} at the median{losses}{chance}",
            won_median=fmt.text(row.won_median, "days"),
            losses=losses,
            chance=chance,
        )

    def notes(self) -> list[str]:
        return cycle_notes(self.undated, self.backwards)

    def kpis(self) -> list[Kpi]:
        kpis = []
        for row in self.table.to_dict("records"):
            for kind in KINDS:
                value = row[f"{kind}_median"]
                kpis.append(
                    Kpi(
                        f"cycle.{kind}_median_days",
                        row["window"],
                        value,
                        "days",
                        n=int(row[kind]),
                        why=say(
                            "no deal {kind} in this window carries both days",
                            kind=say(kind, context="deal"),
                        ),
                    )
                )
        for row in self.chances.to_dict("records"):
            missing = pd.isna(row["value"])
            kpis.append(
                Kpi(
                    "cycle.win_incidence",
                    row["window"],
                    None if missing else row["value"],
                    "share",
                    {"day": str(row["day"])},
                    None if missing else row["low"],
                    None if missing else row["high"],
                    n=int(row["n"]),
                    method="Aalen-Johansen 95 %",
                    why=say("no deal was watched that long") if missing else None,
                )
            )
        for row in self.stages.to_dict("records"):
            missing = row["median"] is None or pd.isna(row["median"])
            kpis.append(
                Kpi(
                    "stage.median_days",
                    "all",
                    None if missing else row["median"],
                    "days",
                    {"stage": row["stage"]},
                    row["low"],
                    row["high"],
                    n=int(row["entered"]),
                    method="Kaplan-Meier",
                    why=say("fewer than half have left the stage") if missing else None,
                )
            )
        return kpis


@page.section("cycle")
def cycle(book: Book) -> Cycle:
    """Cycle time with open deals kept: medians, chance of a win by day, time in stage.

    Needs opportunities (created, outcome); closed for the medians, stage_events for time in stage.
    """
    book.need(
        "opportunities",
        "created",
        gives=say("cycle times, and the chance that a new deal is won within so many days"),
    )
    return cycle_of(deals_of(book), book)


def cycle_of(deals: Deals, book: Book) -> Cycle:
    """The same from deals made ready before."""
    counts = outcome_counts(deals, days=True)
    backwards = int(counts.n[counts.days < 0].sum())
    undated = int(counts.n[counts.days.isna()].sum())
    timed = counts[counts.days >= 0]
    medians = ClosedMedians.make(_medians(timed[inside(timed.closed, book, w)], w) for w in SPANS)
    chances = pd.concat(
        [
            win_chances(timed[inside(timed.created, book, w)], w, book)
            for w in ("trailing_12m", "all")
        ],
        ignore_index=True,
    )
    cause = timed.outcome.map(CAUSE)
    curve, lost = (aalen_johansen(timed.days, cause, timed.n, of=c) for c in (1, 2))
    naive = kaplan_meier(timed.days, cause == 1, timed.n)
    settings = book.settings.funnel
    return Cycle(
        medians,
        chances,
        stage_times(deals, book),
        *slow_stages(deals, book),
        curve,
        lost,
        naive,
        undated,
        backwards,
        book.as_of,
        book.fmt,
        settings.stuck_percentile,
        settings.min_group,
    )


def _medians(closed: pd.DataFrame, window: str) -> dict:
    """Naive medians of the deals closed in one window."""
    row: dict = {"window": window}
    for kind in ("won", "lost"):
        part = closed[closed.outcome == kind]
        row |= {kind: int(part.n.sum()), f"{kind}_median": quantile(part.days, part.n, 0.5)}
    return row
