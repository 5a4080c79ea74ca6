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

from playbook.base.formats import Formats, plural
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
from .rates import Learnt, Step, lead_to_deal, learnt
from .stages import StageNeeds, contact_needs, lead_needs, stages


@dataclass(frozen=True)
class BackSolve(Result):
    """Entries needed at every stage, and leads by channel, for a number of deals a month.

    probability: with which the deals are to be reached; learnt: where the rates come from, None
    where one is given.
    """

    section: ClassVar[str] = "back-solving"
    fmt: Formats
    as_of: date
    deals: int
    probability: float
    steps: tuple[Step, ...]
    table: Annotated[pd.DataFrame, StageNeeds]
    leads: Annotated[pd.DataFrame, StageNeeds]  # leads, and the valid ones of them; or empty
    channels: Annotated[pd.DataFrame, LeadsByChannel]
    contacts: Annotated[pd.DataFrame, StageNeeds]  # contacts and visits that go with the entries
    capacity: Capacity
    learnt: Learnt | None
    few: int  # deals below which a rate is a rough guess

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
            replace(step, rate=rate, counts=None, source="the rate chosen")
            for step, rate in zip(self.steps, rates, strict=True)
        )
        capacity = (
            self.capacity
            if contacts_a_day is None
            else self.capacity.with_a_day("contacts", contacts_a_day)
        )
        made = stages(deals, steps, probability, capacity)
        onward = float(np.prod([step.rate for step in steps]))
        return replace(
            self,
            deals=deals,
            probability=probability,
            steps=steps,
            capacity=capacity,
            channels=self.channels.iloc[:0],
            leads=self.leads.iloc[:0],
            contacts=contact_needs(deals, onward, int(made["sure"].iloc[0]), capacity),
            table=made,
            learnt=None,
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
        return [
            self._chain(),
            *channel_tables(
                self.channels,
                self.probability,
                self.capacity,
                "" if self.leads.empty else str(self.leads["source"].iloc[0]),
                self.fmt,
            ),
            *limits_table(self.constraints(), self.capacity, self.fmt),
        ]

    def _chain(self) -> Table:
        """Leads, entries and contacts for the same number of deals."""
        parts = [part for part in (self.leads, self.table, self.contacts) if len(part)]
        rows = pd.concat(parts, ignore_index=True)
        sure = f"Needed for {self.fmt.share(self.probability, decimals=0)}"
        columns = [
            Col("stage", label="What"),
            Col("rate", "share", "Rate to the next", low="low", high="high"),
            *([Col("to_deal", "share", "To a deal")] if len(self.steps) > 1 else []),
            Col("n", "count", "n"),
            Col("expected", "count", "Needed in expectation"),
            Col("sure", "count", sure),
            *per_week_columns(self.capacity),
            *([Col("source", label="Learnt from")] if rows["source"].astype(bool).any() else []),
        ]
        brackets = " · brackets: Wilson 95 %" if rows["low"].notna().any() else ""
        leads = (
            " · leads: lead to deal by their own record; not every deal has a lead"
            if len(self.leads)
            else ""
        )
        valid = (
            " · valid: purchase plan, budget and decision maker all known"
            if len(self.leads) > 1
            else ""
        )
        return table(
            rows,
            columns,
            self.fmt,
            title=f"Work a month for {plural(self.deals, 'deal')}",
            note=(
                "expectation: deals ÷ rate to a deal, rounded up once · a week, a day, a rep: of"
                " the number that is enough with"
                f" {self.fmt.share(self.probability, decimals=0)} probability{brackets}{leads}"
                f"{valid} · as of {self.fmt.text(self.as_of, 'date')}"
            ),
        )

    def constraints(self) -> list[Limit]:
        """The limits the book knows, the binding one first."""
        there = self.capacity.entries_a_month
        top = self.table.iloc[0]
        sure = int(top["sure"])

        def enough(entries: float) -> int:
            return most_deals(int(entries + 1e-9), self.rate, self.probability)

        first = None if there is None else (f"{top['stage']} entries", sure, enough(there))
        contacts = dict(zip(self.contacts["stage"], self.contacts["sure"], strict=True))
        return limits(self.capacity, first, contacts, lambda covered: enough(covered * sure))

    def reading(self) -> str:
        top, fmt = self.table.iloc[0], self.fmt
        hit = chance(int(top["expected"]), self.deals, self.rate)
        sure, stage = fmt.share(self.probability, decimals=0), top["stage"]
        text = (
            f"{plural(self.deals, 'deal needs', 'deals need')}"
            f" {plural(int(top['expected']), f'{stage} entry', f'{stage} entries')}"
            f" in expectation, which reaches them {fmt.share(float(hit), decimals=0)} of"
            f" the time; {fmt.count(top['sure'])} reach them with {sure} probability."
        )
        if len(self.leads):
            leads = self.leads
            text += (
                f" In leads that is {fmt.count(leads['expected'].iloc[0])}, or"
                f" {fmt.count(leads['sure'].iloc[0])} for {sure}"
                + (f" ({fmt.count(leads['sure'].iloc[1])} of them valid)" if len(leads) > 1 else "")
                + "."
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
        few = self.learnt is not None and self.learnt.rate.n < self.few
        thin = (
            [
                f"The rate is learnt from {plural(self.learnt.rate.n, 'deal')} only: take the"
                " numbers as a rough guess."
            ]
            if few and self.learnt
            else []
        )
        return [*said, *([biased] if biased else []), *thin]

    def _biased(self) -> str:
        """What the decided deals alone would say; empty where a rate is given."""
        if self.learnt is None:
            return ""
        if not self.learnt.by_cohort:
            return (
                "The book dates no entry to a stage, or has no deals old enough: there is one step,"
                " the deals won of those decided. Among young deals the quick ones decide first, so"
                " the rate may be off to either side."
            )
        naive = self.learnt.decided.value
        if not naive:
            return ""
        return (
            "The rates follow the same deals all the way, old enough for nine in ten wins to have"
            f" come. The deals decided so far alone would say {self.fmt.share(naive)} to won"
            f" ({self.fmt.text(naive - self.rate, 'pp')}), so"
            f" {self.fmt.count(needed_for(self.deals, naive, self.probability))} entries."
        )

    def _cautious(self) -> int | None:
        """Entries for the asked probability where the rate stands at the low end of its interval;
        None where it is given.
        """
        low = self.learnt.rate.interval[0] if self.learnt else None
        return needed_for(self.deals, low, self.probability) if low else None


@section("back-solving")
def backsolve(
    book: Book, deals_target: int = 10, win_rate: float = 0.0, probability: float = 0.8
) -> BackSolve:
    """Entries needed at every stage for a month's deals. ``win_rate`` 0 = the book's own stage
    rates.
    """
    found = None if win_rate else learnt(book)
    steps = (
        found.steps if found else (Step("lead → won", "lead", win_rate, source="the rate given"),)
    )
    capacity = capacity_of(book)
    leads = lead_needs(
        deals_target, None if win_rate else lead_to_deal(book), probability, capacity
    )
    made = stages(deals_target, steps, probability, capacity)
    onward = float(np.prod([step.rate for step in steps]))
    return BackSolve(
        book.fmt,
        book.as_of,
        deals_target,
        probability,
        steps,
        made,
        leads,
        channels(book, deals_target, leads, capacity),
        contact_needs(deals_target, onward, int(made["sure"].iloc[0]), capacity),
        capacity,
        found,
        book.settings.funnel.min_group,
    )
