"""From a number of deals back to the leads and visits they need: in expectation, and with a chosen
probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.data.book import Book
from playbook.goals.figures import chance_curve
from playbook.methods.planning import chance, most_deals, needed_for
from playbook.page import Col, Figure, Result, Table, section, table

from .capacity import (
    Capacity,
    Limit,
    binding_limit,
    capacity_of,
    limits,
    limits_table,
    per_week_columns,
)
from .channels import LeadsByChannel, channel_tables, channels
from .rates import DECIDED, Step, lead_steps, leads_wait, learnt
from .stages import StageNeeds, stages


@dataclass(frozen=True)
class BackSolve(Result):
    """Entries needed at every stage, and leads by channel, for a number of deals a month.

    probability: with which the deals are to be reached; wait: whole months a lead is given before
    its cohort counts.
    """

    section: ClassVar[str] = "back-solving"
    fmt: Formats
    as_of: date
    deals: int
    probability: float
    steps: tuple[Step, ...]
    table: Annotated[pd.DataFrame, StageNeeds]
    leads: Annotated[pd.DataFrame, StageNeeds]  # the way through valid leads, or empty
    channels: Annotated[pd.DataFrame, LeadsByChannel]
    capacity: Capacity
    wait: int

    @property
    def rate(self) -> float:
        """From the first stage to a deal."""
        return float(np.prod([step.rate for step in self.steps]))

    def with_(
        self,
        deals: int,
        rates: Sequence[float],
        probability: float,
        contacts_a_day: float | None = None,
    ) -> BackSolve:
        """The same question with other figures. rates: one per step; contacts_a_day: of one rep."""
        steps = tuple(
            replace(step, rate=rate, counts=None, decided=None, source="the rate chosen")
            for step, rate in zip(self.steps, rates, strict=True)
        )
        capacity = (
            self.capacity
            if contacts_a_day is None
            else self.capacity.with_a_day("contacts", contacts_a_day)
        )
        return replace(
            self,
            deals=deals,
            probability=probability,
            steps=steps,
            capacity=capacity,
            channels=self.channels.iloc[:0],
            leads=self.leads.iloc[:0],
            table=stages(deals, steps, probability, capacity),
        )

    def figure(self) -> Figure:
        """Chance of the deals by number of entries."""
        top = self.table.iloc[0]
        marks = np.array([int(top["expected"]), int(top["sure"])])
        most = max(marks) * 1.3 + 3
        entries = np.unique(np.linspace(self.deals, most, 160).astype(int))
        learnt_from = dict.fromkeys(step.source for step in self.steps if step.source)
        return chance_curve(
            *(
                pd.DataFrame({"entries": n, "chance": chance(n, self.deals, self.rate)})
                for n in (entries, marks)
            ),
            self.fmt,
            deals=self.deals,
            probability=self.probability,
            stage=top["stage"],
            note=(
                f"binomial at {self.fmt.share(self.rate)} from {top['stage']} to a deal ·"
                f" {'; '.join(learnt_from)}"
            ),
        )

    def tables(self) -> list[Table]:
        found = [
            self._chain(self.table, f"Work a month for {self.fmt.count(self.deals)} deals", "")
        ]
        if len(self.leads):
            found.append(
                self._chain(
                    self.leads,
                    "The same from content, through valid leads",
                    " · valid: purchase plan, budget and decision maker all known; leads that are"
                    " not valid bring some deals too, which this counts on not at all",
                )
            )
        return [
            *found,
            *channel_tables(self.channels, self.probability, self.capacity, self.wait, self.fmt),
            *limits_table(self.constraints(), self.capacity, self.fmt),
        ]

    def _chain(self, rows: pd.DataFrame, title: str, more: str) -> Table:
        sure = f"Needed for {self.fmt.share(self.probability, decimals=0)}"
        columns = [
            Col("stage", label="Stage"),
            Col("rate", "share", "Rate to the next", low="low", high="high"),
            Col("n", "count", "n"),
            Col("expected", "count", "Needed in expectation"),
            Col("sure", "count", sure),
            *per_week_columns(self.capacity),
            *(
                [Col("source", label="Rate learnt from")]
                if rows["source"].astype(bool).any()
                else []
            ),
        ]
        brackets = " · brackets: Wilson 95 %" if rows["n"].notna().any() else ""
        return table(
            rows,
            columns,
            self.fmt,
            title=title,
            note=(
                "a week, a day, a rep: of the number that is enough with"
                f" {self.fmt.share(self.probability, decimals=0)} probability{brackets}{more} · as"
                f" of {self.fmt.text(self.as_of, 'date')}"
            ),
        )

    def constraints(self) -> list[Limit]:
        """The limits the book knows, the binding one first."""
        there = self.capacity.entries_a_month
        first = (
            None
            if there is None
            else (
                f"{self.table['stage'].iloc[0]} entries",
                int(self.table["sure"].iloc[0]),
                most_deals(int(there), self.rate, self.probability),
            )
        )
        return limits(self.capacity, self.deals, first)

    def reading(self) -> str:
        top, fmt = self.table.iloc[0], self.fmt
        hit = chance(int(top["expected"]), self.deals, self.rate)
        text = (
            f"{fmt.count(self.deals)} deals need {fmt.count(top['expected'])} {top['stage']}"
            f" entries in expectation, which reaches them {fmt.share(float(hit), decimals=0)} of"
            f" the time; {fmt.count(top['sure'])} reach them with"
            f" {fmt.share(self.probability, decimals=0)} probability."
        )
        if len(self.leads):
            text += (
                f" From content alone that is {fmt.count(self.leads['sure'].iloc[0])} leads,"
                f" {fmt.count(self.leads['sure'].iloc[1])} of them valid."
            )
        return text + binding_limit(self.constraints(), fmt)

    def headline(self) -> str:
        top = self.table.iloc[0]
        return (
            f"Back-solving {self.fmt.count(self.deals)} deals at {self.fmt.share(self.rate)}:"
            f" {self.fmt.count(top['expected'])} {top['stage']} entries expected,"
            f" {self.fmt.count(top['sure'])} for {self.fmt.share(self.probability, decimals=0)}."
        )

    def notes(self) -> list[str]:
        cautious, biased = self._cautious(), self._biased()
        said = [
            (
                "The number for a probability takes the rate as known; its interval says how far"
                f" it may be off. At the low end of the interval {self.fmt.count(cautious)} would"
                " be needed."
                if cautious
                else "The rate is the one chosen; nothing is learnt from the book."
            )
        ]
        return [*said, *([biased] if biased else [])]

    def _biased(self) -> str:
        """What the decided deals alone would say; empty where the rates are given."""
        if not all(step.decided and step.decided.value for step in self.steps):
            return ""
        if all(step.source == DECIDED for step in self.steps):
            return (
                "Rates come from deals whose way on is decided, for the book dates too few stage"
                " entries: among young deals the quick ones decide first, so the rate may be off to"
                " either side."
            )
        naive = float(np.prod([step.decided.value for step in self.steps]))  # type: ignore[union-attr]
        return (
            "A cohort counts once it has had the wait of nine in ten advances. The deals decided"
            f" so far alone would say {self.fmt.share(naive)} from {self.steps[0].start} to won"
            f" ({self.fmt.text(naive - self.rate, 'pp')}), so"
            f" {self.fmt.count(needed_for(self.deals, naive, self.probability))} entries."
        )

    def _cautious(self) -> int | None:
        """Entries for the asked probability when every learnt rate stands at the low end of its
        interval.
        """
        lows = [step.counts.interval[0] if step.counts else step.rate for step in self.steps]
        if not any(step.counts for step in self.steps) or not all(lows):
            return None
        return needed_for(self.deals, float(np.prod(lows)), self.probability)  # type: ignore[arg-type]


@section("back-solving")
def backsolve(
    book: Book, deals_target: int = 10, win_rate: float = 0.0, probability: float = 0.8
) -> BackSolve:
    """Entries needed at every stage for a month's deals. ``win_rate`` 0 = the book's own stage
    rates.
    """
    steps = (
        (Step("lead → won", "lead", win_rate, source="the rate given"),)
        if win_rate
        else learnt(book)
    )
    capacity = capacity_of(book)
    leads = () if win_rate else lead_steps(book)
    return BackSolve(
        book.fmt,
        book.as_of,
        deals_target,
        probability,
        steps,
        stages(deals_target, steps, probability, capacity),
        stages(deals_target, leads, probability, capacity),
        LeadsByChannel.make([])
        if win_rate
        else channels(book, deals_target, probability, capacity),
        capacity,
        leads_wait(book) if book.has("opportunities", "outcome") else 0,
    )
