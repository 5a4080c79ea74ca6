"""Inside the negotiation: which micro-steps a deal went through and what they go with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.data.measures.reasons import micro_counts
from playbook.methods.intervals import Rate, proportions_p
from playbook.page import Col, Table, table


class MicroSteps(Frame):
    """One row per micro-step of the negotiation."""

    step = col.text("the micro-step")
    evidence = col.text("what shows it: a kind of contact, or a field of the deal")
    deals = col.count("deals with it on record")
    of = col.count("deals that reached the stage")
    share = col.share("deals ÷ of")
    won_with = col.share("won of decided, with it", low="low", high="high")
    won_without = col.share("won of decided, without it")
    low = col.share("lower end of the Wilson 95 % interval")
    high = col.share("upper end of the Wilson 95 % interval")
    reading = col.text("beyond chance, within chance or –")


@dataclass(frozen=True)
class Negotiation(page.Result):
    """Micro-steps of deals that reached the last stage before winning."""

    table: Annotated[pd.DataFrame, MicroSteps]
    stage: str
    as_of: date
    fmt: Formats
    section = "negotiation"

    def tables(self) -> list[Table]:
        columns = [
            Col("step", "text", "Micro-step"),
            Col("deals", "count", "Deals with it on record"),
            Col("share", "share", "Of all"),
            Col("won_with", "share", "Won with it", low="low", high="high"),
            Col("won_without", "share", "Won without"),
            Col("reading", "text", "Difference"),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title="Micro-steps of the negotiation",
                note=(
                    f"Deals that reached {self.stage} in the last 12 months; won of decided; Wilson"
                    f" 95 %; as of {self.fmt.text(self.as_of, 'date')}"
                ),
            )
        ]

    def reading(self) -> str:
        fmt = self.fmt
        rows = self.table[~self.table.evidence.isin(["won", "objection"])]
        if rows.empty or not self.table.of.iloc[0]:
            return f"No deal reached {self.stage} in the last 12 months."
        rare = rows.sort_values(["share", "step"]).iloc[0]
        text = (
            f"Of the {fmt.count(self.table.of.iloc[0])} deals that reached {self.stage}, the step"
            f" least often on record is {rare.step}: {fmt.rate(rare.deals, rare.of)}."
        )
        apart = self.table[self.table.reading == "beyond chance"]
        for row in apart.itertuples():
            text += (
                f" With {row.step} {fmt.share(row.won_with)} were won, without"
                f" {fmt.share(row.won_without)}."
            )
        return text

    def headline(self) -> str:
        return ""

    def notes(self) -> list[str]:
        return [
            "A step counts where it is on record (a contact of that kind, or the deal's own"
            " fields). A difference goes with the step; it does not prove that the step makes it:"
            " deals that look good get more attention."
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
        gives="which micro-steps of a negotiation are taken and what they go with",
    )
    deals = deals_of(book)
    stage = max([k for k in deals.dated if k < deals.last], default=deals.last - 1)
    evidence = book.settings.funnel.negotiation_steps
    counts = micro_counts(deals, book, stage, evidence)
    rows = [
        _step(counts, f"step{i}", step, kind) for i, (step, kind) in enumerate(evidence.items())
    ]
    return Negotiation(MicroSteps.make(rows), deals.stages[stage], book.as_of, book.fmt)


def _step(counts: pd.DataFrame, column: str, step: str, kind: str) -> dict:
    """One micro-step: how often, and the win rate with and without."""
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
        "won_with": None,
        "won_without": None,
        "low": None,
        "high": None,
        "reading": "–",
    }
    if kind == "won" or min(r.n for r in rates) == 0:
        return row
    p = proportions_p(
        rates[0].numerator, rates[0].denominator, rates[1].numerator, rates[1].denominator
    )
    return row | {
        "won_with": rates[0].value,
        "won_without": rates[1].value,
        "low": rates[0].interval[0],
        "high": rates[0].interval[1],
        "reading": "beyond chance" if p < 0.05 else "within chance",
    }
