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

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.goals.figures import chance_curve
from playbook.methods.planning import chance, most_deals
from playbook.page import Col, Figure, Result, Table, section, table

from .asked import Asked, asked_deals, usual_deals, why_so_many
from .by_rep import RepNeeds, rep_needs, rep_tables
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
from .rate_notes import leads_sentence, rate_notes
from .rates import Learnt, Step, lead_to_deal, learnt
from .stages import StageNeeds, contact_needs, lead_needs, stage_label, stages


@dataclass(frozen=True)
class BackSolve(Result):
    """Entries needed at every stage, and leads by channel, for a number of deals a month.

    probability: with which the deals are to be reached; learnt: where the rates come from, None
    where one is given; asked: what the plan asks, None where the reader names the deals or the book
    has no plan to ask.
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
    asked: Asked | None = None
    from_book: bool = False  # the deals are the book's own answer, not the reader's
    reps: Annotated[pd.DataFrame | None, RepNeeds] = None

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
            replace(step, rate=rate, counts=None, source=say("the rate chosen"))
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
            asked=None,
            from_book=False,
            reps=None,
        )

    def figure(self) -> Figure:
        """Chance of the deals by number of entries."""
        top = self.table.iloc[0]
        marks = np.array([int(top["expected"]), int(top["sure"])])
        most = max(marks) * 1.3 + 3
        entries = np.unique(np.linspace(self.deals, most, 160).astype(int))
        learnt_from = dict.fromkeys(step.source for step in self.steps if step.source)
        curve, points = (
            pd.DataFrame({"entries": n, "chance": chance(n, self.deals, self.rate)})
            for n in (entries, marks)
        )
        return chance_curve(
            curve,
            points,
            self.fmt,
            deals=self.deals,
            probability=self.probability,
            stage=stage_label(top["stage"]),
            note=(
                say(
                    "binomial at {rate} from {stage} to a deal · {learnt_from}",
                    rate=self.fmt.share(self.rate),
                    stage=stage_label(top["stage"]),
                    learnt_from=joined(learnt_from, "; "),
                )
            ),
        )

    def tables(self) -> list[Table]:
        return [
            *(self.asked.tables(self.fmt) if self.asked else []),
            self._chain(),
            *channel_tables(
                self.channels,
                self.probability,
                self.capacity,
                "" if self.leads.empty else str(self.leads["source"].iloc[0]),
                self.fmt,
            ),
            *rep_tables(self.reps, self.few, stage_label(self.table.iloc[0]["stage"]), self.fmt),
            *limits_table(self.constraints(), self.capacity, self.fmt),
        ]

    def _chain(self) -> Table:
        """Leads, entries and contacts for the same number of deals."""
        parts = [part for part in (self.leads, self.table, self.contacts) if len(part)]
        rows = pd.concat(parts, ignore_index=True)
        rows = rows.assign(stage=[stage_label(name) for name in rows["stage"]])
        sure = say(
            "Needed for {probability}", probability=self.fmt.share(self.probability, decimals=0)
        )
        columns = [
            Col("stage", label="What", context="work"),
            Col("rate", "share", "Rate to the next", low="low", high="high"),
            *([Col("to_deal", "share", "To a deal")] if len(self.steps) > 1 else []),
            Col("n", "count", "n"),
            Col("expected", "count", "Needed in expectation"),
            Col("sure", "count", sure),
            *per_week_columns(self.capacity),
            *([Col("source", label="Learnt from")] if rows["source"].astype(bool).any() else []),
        ]
        brackets = say(" · brackets: Wilson 95 %") if rows["low"].notna().any() else ""
        leads = (
            say(" · leads: lead to deal by their own record; not every deal has a lead")
            if len(self.leads)
            else ""
        )
        valid = (
            say(" · valid: purchase plan, budget and decision maker all known")
            if len(self.leads) > 1
            else ""
        )
        return table(
            rows,
            columns,
            self.fmt,
            title=say("Work a month for {deals}", deals=plural(self.deals, "deal")),
            note=(
                say(
                    "expectation: deals ÷ rate to a deal, rounded up once · a week, a"
                    " day, a rep: of the number that is enough with {probability}"
                    " probability{brackets}{leads}{valid} · as of {as_of}",
                    probability=self.fmt.share(self.probability, decimals=0),
                    brackets=brackets,
                    leads=leads,
                    valid=valid,
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
        )

    def constraints(self) -> list[Limit]:
        """The limits the book knows, the binding one first."""
        there = self.capacity.entries_a_month
        top = self.table.iloc[0]
        sure = int(top["sure"])

        def enough(entries: float) -> int:
            return most_deals(int(entries + 1e-9), self.rate, self.probability)

        first = (
            None
            if there is None
            else (say("{stage} entries", stage=stage_label(top["stage"])), sure, enough(there))
        )
        contacts = dict(zip(self.contacts["stage"], self.contacts["sure"], strict=True))
        return limits(self.capacity, first, contacts, lambda covered: enough(covered * sure))

    def reading(self) -> str:
        top, fmt = self.table.iloc[0], self.fmt
        hit = chance(int(top["expected"]), self.deals, self.rate)
        sure, expected = fmt.share(self.probability, decimals=0), int(top["expected"])
        text = why_so_many(self.asked, self.from_book, self.deals, fmt) + say(
            "{deals} {en_need} {expected} {stage} {en_entries} in expectation, which reaches"
            " them {hit} of the time; {sure} reach them with {probability} probability.",
            deals=plural(self.deals, "deal"),
            en_need="needs" if self.deals == 1 else "need",
            expected=fmt.count(expected),
            stage=stage_label(top["stage"]),
            en_entries="entry" if expected == 1 else "entries",
            hit=fmt.share(float(hit), decimals=0),
            sure=fmt.count(top["sure"]),
            probability=sure,
        )
        return text + leads_sentence(self.leads, sure, fmt) + binding_limit(self.constraints(), fmt)

    def headline(self) -> str:
        top = self.table.iloc[0]
        return say(
            "Back-solving {deals} deals at {rate}: {expected} {stage} entries"
            " expected, {sure} for {probability}.",
            deals=self.fmt.count(self.deals),
            rate=self.fmt.share(self.rate),
            expected=self.fmt.count(top["expected"]),
            stage=stage_label(top["stage"]),
            sure=self.fmt.count(top["sure"]),
            probability=self.fmt.share(self.probability, decimals=0),
        )

    def notes(self) -> list[str]:
        return rate_notes(self.learnt, self.rate, self.deals, self.probability, self.few, self.fmt)


@section("back-solving")
def backsolve(
    book: Book,
    deals_target: int = 0,
    win_rate: float = 0.0,
    probability: float = 0.8,
    year_target: float = 0.0,
) -> BackSolve:
    """Entries needed at every stage for a month's deals.

    deals_target: deals a month; 0 = what the plan asks (what is open of the year, by the average
    deal), else as many as a usual month has won. win_rate: 0 = the book's own stage rates.
    year_target: figure of the year planned, 0 = the book's.
    """
    if not win_rate:
        gives = say("the leads, entries and visits behind the deals that the plan asks")
        book.need("opportunities", "outcome", gives=gives)
    found = None if win_rate else learnt(book)
    asked = None if deals_target else asked_deals(book, year_target)
    deals = deals_target or (asked.deals if asked else usual_deals(book))
    steps = (
        found.steps
        if found
        else (Step(say("lead → won"), say("lead"), win_rate, source=say("the rate given")),)
    )
    capacity, few = capacity_of(book), book.settings.funnel.min_group
    leads = lead_needs(deals, None if win_rate else lead_to_deal(book), probability, capacity)
    made = stages(deals, steps, probability, capacity)
    onward = float(np.prod([step.rate for step in steps]))
    return BackSolve(
        book.fmt,
        book.as_of,
        deals,
        probability,
        steps,
        made,
        leads,
        channels(book, deals, leads, capacity),
        contact_needs(deals, onward, int(made["sure"].iloc[0]), capacity),
        capacity,
        found,
        few,
        asked,
        not deals_target,
        None if win_rate else rep_needs(book, deals, onward, capacity, few),
    )
