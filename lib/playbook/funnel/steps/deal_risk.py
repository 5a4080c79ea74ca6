"""Open deals at risk: silent for long, old in their stage, past their day, moved back or postponed;
and what silence went with in the past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of
from playbook.data.measures.silence import (
    quiet_days,
)
from playbook.data.measures.snapshots import postponed
from playbook.methods.intervals import Rate, proportions_p
from playbook.page import Col, Table, Worksheet, table

from .chances import stuck_limits
from .cohorts import dates_stages, steps_of
from .open_worth import open_worth
from .risk_signs import DealRisks, listed, silence, why

LEVEL = 0.05


class RiskLevels(Frame):
    """One row per number of signs, none first."""

    signs = col.count(later("signs of risk"))
    deals = col.count(later("open deals"))
    amount = col.money(later("their amount; missing where none of them carries one"))
    worth = col.money(later("amount × chance; missing where none of them has both"))


@dataclass(frozen=True)
class DealRisk(page.Result):
    """Open deals by their signs of risk.

    limit: days of silence that four in five of the won deals never reached; None where contacts are
    not on record. silent, spoken: won of the deals decided later that at ``age`` days had been
    silent for longer, and of those that had not. total: open deals. blind: why silence cannot be
    told, else empty.
    """

    table: Annotated[pd.DataFrame, DealRisks]
    levels: Annotated[pd.DataFrame, RiskLevels]
    limit: float | None
    silent: Rate
    spoken: Rate
    age: float
    total: int
    quiet: int
    blind: str
    percentile: float
    as_of: date
    currency: str
    fmt: Formats
    top: int = 15
    section = "deal-risk"

    def tables(self) -> list[Table]:
        day = self.fmt.text(self.as_of, "date")
        if not self.total:
            return []
        found = [
            table(
                self.levels,
                [
                    Col("signs", "count", "Signs of risk"),
                    Col("deals", "count", "Open deals"),
                    Col("amount", "money", "Amount"),
                    Col("worth", "money", "Amount × chance"),
                ],
                self.fmt,
                title=say("Open deals by signs of risk"),
                note=(
                    say(
                        "{currency}; signs: silent, stuck, past its day, moved back,"
                        " postponed twice; as of {day}",
                        currency=self.currency,
                        day=day,
                    )
                ),
            )
        ]
        if len(self.table):
            columns = [
                Col("opportunity_id", "text", "Deal"),
                Col("customer", "name", "Customer", weight=2),
                Col("owner", "name", "Owner"),
                Col("stage"),
                Col("days", "days", "In stage"),
                Col("quiet", "days", "Silent for"),
                Col("expected", "money", "Amount"),
                Col("worth", "money", "At risk"),
                Col("why", "text", "Signs", weight=3),
            ]
            found.append(
                table(
                    self.table,
                    columns,
                    self.fmt,
                    title=say("Deals at risk"),
                    note=say(
                        "{currency}; at risk = amount × chance of a win; as of {day}",
                        currency=self.currency,
                        day=day,
                    ),
                    limit=self.top,
                )
            )
        return found

    def reading(self) -> str:
        fmt = self.fmt
        if not self.total:
            return say("No deal is open.")
        flagged = int(self.levels.deals[self.levels.signs > 0].sum())
        text = say(
            "{flagged} of {open_deals} {en_show} a sign of risk",
            flagged=fmt.count(flagged),
            open_deals=plural(self.total, "open deal"),
            en_show="shows" if flagged == 1 else "show",
        )
        worth = float(self.levels.worth[self.levels.signs > 0].sum())
        text += (
            say(", worth {worth} by their chances.", worth=fmt.money(worth, compact=True))
            if worth
            else say(".")
        )
        if self.limit is None:
            return text + (
                say(" Silence cannot be told: {blind}.", blind=self.blind) if self.blind else ""
            )
        days = fmt.text(self.limit, "days")
        text += say(
            " {deals} {en_have} heard nothing for more than {days}, which {percentile}"
            " of 100 won deals never had to.",
            deals=plural(self.quiet, "deal"),
            en_have="has" if self.quiet == 1 else "have",
            days=days,
            percentile=fmt.text(self.percentile * 100, "count"),
        )
        return text + self._past()

    def _past(self) -> str:
        """What silence went with, where losses are on record and both sides are there."""
        if not self.silent.n or not self.spoken.n:
            return ""
        fmt = self.fmt
        p = proportions_p(
            self.silent.numerator, self.silent.n, self.spoken.numerator, self.spoken.n
        )
        sure = "" if p < LEVEL else say(", a difference within chance")
        return say(
            " Of the deals of the last 12 months still undecided at {age}"
            " {numerator} of the silent ones were won later, {numerator_2} of"
            " the others{sure}.",
            age=fmt.text(self.age, "days"),
            numerator=fmt.rate(self.silent.numerator, self.silent.n),
            numerator_2=fmt.rate(self.spoken.numerator, self.spoken.n),
            sure=sure,
        )

    def headline(self) -> str:
        flagged = int(self.levels.deals[self.levels.signs > 0].sum())
        if not self.total:
            return ""
        return say(
            "Open deals with a sign of risk: {flagged}", flagged=self.fmt.rate(flagged, self.total)
        )

    def notes(self) -> list[str]:
        return [
            say(
                "A contact belongs to a deal when it names it, or names no deal and"
                " the lead it came from. Silent and other deals are compared at one"
                " age, for a deal that lasts longer has more time to fall silent. A"
                " difference need not come from the silence: nobody calls a deal"
                " that is given up."
            )
        ]

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("opportunity_id", say("Deal"), "text"),
            ("customer", say("Customer"), "name"),
            ("owner", say("Owner"), "name"),
            ("stage", say("Stage"), "text"),
            ("days", say("Days in stage"), "count"),
            ("quiet", say("Days silent"), "count"),
            ("expected", say("Amount"), "money"),
            ("worth", say("At risk"), "money"),
            ("due", say("Act by"), "date"),
            ("why", say("Signs"), "text"),
        )
        rows = tuple(tuple(row[k] for k, _, _ in keys) for row in self.table.to_dict("records"))
        return [Worksheet(say("Deals at risk"), keys, rows)] if rows else []


@page.section("deal-risk")
def deal_risk(book: Book, *, top: int = 15) -> DealRisk:
    """Open deals with signs of risk, and what silence went with among decided ones.

    Needs opportunities; activities that name deals or leads for the silence.
    """
    return risk_of(deals_of(book), book, top=top)


def risk_of(deals: Deals, book: Book, *, top: int = 15) -> DealRisk:
    """The same from deals made ready before."""
    q, fmt = book.settings.funnel.stuck_percentile, book.fmt
    rows = open_worth(deals, book)
    blind, limit, silent, spoken, age = silence(deals, book, q)
    quiet = quiet_days(deals, book).set_index("opportunity_id").quiet if not blind else None
    rows["quiet"] = np.nan if quiet is None else rows.opportunity_id.map(quiet).to_numpy(float)
    steps = {deals.stages.index(step.start): step for step in steps_of(deals, book)}
    limits = stuck_limits(steps, q) if dates_stages(deals) or deals.last == 1 else {}
    rows["limit"] = pd.Series([limits.get(k) for k in rows.current], rows.index, dtype=float)
    moves = (
        postponed(book).set_index("opportunity_id").moves
        if book.has("snapshots", "expected_close") or book.has("changes", "field", "from", "to")
        else pd.Series(dtype=float)
    )
    rows["moves"] = rows.opportunity_id.map(moves).fillna(0).to_numpy(int)
    close = pd.to_datetime(rows.expected_close)
    rows["past"] = (close <= pd.Timestamp(book.as_of)).to_numpy(bool)
    signs = {
        "silent": (rows.quiet > limit) if limit is not None else rows.past & False,
        "stuck": rows.days > rows.limit,
        "past": rows.past,
        "back": rows.moved_back == 1,
        "moved": rows.moves > 1,
    }
    flags = pd.DataFrame({name: flag.astype(bool) for name, flag in signs.items()})
    rows = rows.assign(
        signs=flags.sum(axis=1).astype(int),
        worth=rows.value * rows.own,
        stage=[deals.stages[k] for k in rows.current],
    )
    rows["why"] = [
        why(r, f, fmt) for r, f in zip(rows.itertuples(), flags.itertuples(), strict=True)
    ]
    levels = RiskLevels.make(
        {
            "signs": int(n),
            "deals": len(part),
            "amount": float(part.value.sum(min_count=1)),
            "worth": float(part.worth.sum(min_count=1)),
        }
        for n, part in rows.groupby("signs")
    )
    return DealRisk(
        listed(rows, book),
        levels,
        limit,
        silent,
        spoken,
        age,
        len(rows),
        int(flags.silent.sum()),
        blind,
        q,
        book.as_of,
        book.currency,
        fmt,
        top,
    )
