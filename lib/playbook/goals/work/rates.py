"""Rates to work back with: from stage to stage, and from a lead to a deal.

Both are asked of ``playbook.data.measures.stage_rates``, as the funnel chapter asks them: the same
deals all the way, old enough for nine in ten wins to have come. Deals whose way on is decided are
the wrong sample where entries are dated: the quick ones decide first, and which side is quicker
differs from firm to firm; the page says what they alone would say.
"""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import lead_counts, sales
from playbook.data.measures.facts import degenerate
from playbook.data.measures.stage_rates import lead_months, lead_rates, stage_rates
from playbook.methods.intervals import Rate


@dataclass(frozen=True)
class Step:
    """One step of a chain: its rate and the counts it is learnt from.

    start: the stage it begins at; counts: None where the rate is given, not learnt.
    """

    name: str
    start: str
    rate: float
    counts: Rate | None = None
    source: str = ""


@dataclass(frozen=True)
class Learnt:
    """The steps of the book, whether they follow mature cohorts, and what the decided deals alone
    say of the way from first stage to win.
    """

    steps: tuple[Step, ...]
    by_cohort: bool
    decided: Rate

    @property
    def rate(self) -> Rate:
        """From the first stage to a win, with its counts."""
        first, last = self.steps[0].counts, self.steps[-1].counts
        return Rate(last.numerator, first.denominator) if first and last else Rate(0, 0)


def learnt(book: Book) -> Learnt:
    """The steps between the stages. Raises NotAvailable where nothing was won, or no loss is
    recorded.
    """
    rates, known = stage_rates(book), degenerate(book)
    because = ""
    if not rates.advanced:
        because = known.nothing_decided or say("No deal has been won yet.")
    elif known.no_losses and rates.advanced == rates.entered:
        because = known.no_losses
    if because:
        raise NotAvailable(
            {},
            gives=say("leads needed for the deals wanted"),
            because=say("{because} Give a win_rate to work back with", because=because),
        )
    steps = tuple(
        Step(
            f"{step.start} → {step.end}",
            step.start,
            step.advanced / step.entered,
            Rate(step.advanced, step.entered),
            rates.source,
        )
        for step in rates.steps
    )
    return Learnt(steps, rates.by_cohort, Rate(rates.won, rates.decided))


@dataclass(frozen=True)
class LeadRates:
    """From a lead to a deal, all channels together, and the share of leads that are valid (purchase
    plan, budget and decision maker all known; None where the book cannot tell).
    """

    rate: Rate
    valid: Rate | None
    source: str


def lead_to_deal(book: Book) -> LeadRates | None:
    """Lead to deal over twelve months of leads that have had their wait; None where the book has no
    leads or no deals, or none of those leads was won.
    """
    if not book.has("leads", "created") or not book.has("opportunities", "outcome"):
        return None
    by_channel = lead_rates(book)
    rate = Rate(int(by_channel["won"].sum()), int(by_channel["leads"].sum()))
    if not rate.numerator:
        return None
    first, last = lead_months(book)
    valid = None
    if book.has("leads", "expected_purchase", "budget", "decision_maker"):
        flow = sales.within(lead_counts.lead_flow(book), first, last)
        valid = Rate(int(flow["valid"].sum()), int(flow["leads"].sum()))
    return LeadRates(rate, valid, say("leads of {first} to {last}", first=first, last=last))
