"""Inside the negotiation: which micro-steps a deal went through and what they go with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.deals import deals_of
from playbook.data.measures.reasons import micro_counts
from playbook.funnel.ranking import BEYOND, WITHIN
from playbook.methods.comparisons import holm
from playbook.methods.intervals import Rate, proportions_p
from playbook.page import Col, Table, table

from .wording import step_word

LEVEL = 0.05  # a step is no person: a difference says what to look into, not who


class MicroSteps(Frame):
    """One row per micro-step of the negotiation."""

    step = col.text(later("the micro-step"))
    evidence = col.text(later("what shows it: a kind of contact, or a field of the deal"))
    deals = col.count(later("deals with it on record"))
    of = col.count(later("deals that reached the stage (of a match: those assessed)"))
    share = col.share(later("deals ÷ of"))
    won_of = col.count(later("decided deals with it"))
    without_of = col.count(later("decided deals without it"))
    won_with = col.share(later("won of decided, with it"), low="low", high="high")
    won_without = col.share(later("won of decided, without it"))
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    p = col.share(later("p of the difference, adjusted for the number of steps (Holm)"))
    reading = col.text(later("beyond chance, within chance or –"))


@dataclass(frozen=True)
class Negotiation(page.Result):
    """Micro-steps of deals that reached the last stage before winning."""

    table: Annotated[pd.DataFrame, MicroSteps]
    stage: str
    as_of: date
    fmt: Formats
    losses: bool = True  # whether lost deals are on record
    uncovered: str = ""  # why contacts of the last 12 months are not all known, else empty
    section = "negotiation"

    def tables(self) -> list[Table]:
        columns = [
            Col("step", "text", "Micro-step"),
            Col("deals", "count", "Deals with it on record"),
            Col("share", "share", "Of all"),
            Col("won_with", "share", "Won with it", low="low", high="high"),
            Col("won_of", "count", "Of decided"),
            Col("won_without", "share", "Won without"),
            Col("without_of", "count", "Of decided"),
            Col("reading", "term", "Difference", context="reading"),
        ]
        return [
            table(
                self.table.assign(step=[step_word(s) for s in self.table.step]),
                columns,
                self.fmt,
                title=say("Micro-steps of the negotiation"),
                note=(
                    say(
                        "Deals that reached {stage} in the last 12 months; won of decided;"
                        " Wilson 95 %; as of {as_of}",
                        stage=self.stage,
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        fmt = self.fmt
        rows = self.table[~self.table.evidence.isin(["won", "objection"])]
        rows = rows[rows.of > 0]
        if rows.empty:
            return say("No deal reached {stage} in the last 12 months.", stage=self.stage)
        rare = rows.sort_values(["share", "step"]).iloc[0]
        of, step = fmt.count(self.table.of.max()), step_word(rare.step)
        text = (
            say(
                "Of the {of} deals that reached {stage}, the step least often on record is"
                " {step}: {deals}.",
                of=of,
                stage=self.stage,
                step=step,
                deals=fmt.rate(rare.deals, rare.of),
            )
            if rare.deals
            else say(
                "Of the {of} deals that reached {stage}, none has {step} on record: is it noted"
                " in another way?",
                of=of,
                stage=self.stage,
                step=step,
            )
        )
        for row in self.table[self.table.reading == BEYOND].itertuples():
            won, without = round(row.won_with * row.won_of), round(row.won_without * row.without_of)
            text += say(
                " With {step} {won} were won, without {without}.",
                step=step_word(row.step),
                won=fmt.rate(won, row.won_of),
                without=fmt.rate(without, row.without_of),
            )
        return text

    def headline(self) -> str:
        return ""

    def notes(self) -> list[str]:
        return [
            say(
                "A step counts where it is on record (a contact of that kind, or the"
                " deal's own fields). A difference goes with the step; it does not"
                " prove that the step makes it: deals that look good get more"
                " attention. Differences allow for the number of steps compared."
            ),
            *(
                []
                if self.losses
                else [
                    say(
                        "No lost deal is on record: win rates with and without a step are"
                        " not known."
                    )
                ]
            ),
            *(
                [
                    say(
                        "Steps shown by a contact may be missing: {uncovered}.",
                        uncovered=self.uncovered,
                    )
                ]
                if self.uncovered
                else []
            ),
        ]


@page.section("negotiation")
def negotiation(book: Book) -> Negotiation:
    """Micro-steps on record and the win rate with and without each. Needs opportunities; activities
    show demos and quotes.
    """
    book.need(
        "activities",
        "opportunity_id",
        "kind",
        gives=say("which micro-steps of a negotiation are taken and what they go with"),
    )
    deals = deals_of(book)
    stage = max([k for k in deals.dated if k < deals.last], default=deals.last - 1)
    evidence = book.settings.funnel.negotiation_steps
    counts = micro_counts(deals, book, stage, evidence)
    losses = bool((counts.outcome == "lost").any())
    rows = [
        _step(counts, f"step{i}", step, kind, losses)
        for i, (step, kind) in enumerate(evidence.items())
    ]
    table_ = MicroSteps.make(rows)
    p = holm(table_.p.to_numpy(float))
    word = np.where(np.isnan(p), "–", np.where(p < LEVEL, BEYOND, WITHIN))
    window = book.window("trailing_12m")
    return Negotiation(
        table_.assign(p=p, reading=word),
        deals.stages[stage],
        book.as_of,
        book.fmt,
        losses,
        coverage(book, "activities").window_gap(window, book.fmt),
    )


def _step(counts: pd.DataFrame, column: str, step: str, kind: str, losses: bool) -> dict:
    """One micro-step: how often, and the win rate with and without (where losses are recorded)."""
    counts = counts[counts[column] >= 0]
    has, won, decided = counts[column] == 1, counts.outcome == "won", counts.outcome != "open"
    rates = [
        Rate(int(counts.n[side & won].sum()), int(counts.n[side & decided].sum()))
        for side in (has, ~has)
    ]
    deals, of = int(counts.n[has].sum()), int(counts.n.sum())
    row = {
        "step": step,
        "evidence": kind,
        "deals": deals,
        "of": of,
        "share": deals / of if of else None,
        "won_of": rates[0].n,
        "without_of": rates[1].n,
        "won_with": None,
        "won_without": None,
        "low": None,
        "high": None,
        "p": None,
        "reading": "–",
    }
    if kind == "won" or not losses or min(r.n for r in rates) == 0:
        return row
    return row | {
        "won_with": rates[0].value,
        "won_without": rates[1].value,
        "low": rates[0].interval[0],
        "high": rates[0].interval[1],
        "p": proportions_p(
            rates[0].numerator, rates[0].denominator, rates[1].numerator, rates[1].denominator
        ),
    }
