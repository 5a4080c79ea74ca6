"""Open deals to act on: stuck beyond the firm's own limit, past their expected day or due soon,
with owner, due date and worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, named, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of
from playbook.data.measures.deals_to_act_on import open_deals
from playbook.data.measures.facts import degenerate
from playbook.funnel.figures.steps import stuck_stages
from playbook.funnel.stand_ins import NOT_NAMED
from playbook.page import Col, Figure, Table, Worksheet, table
from playbook.page.kpi import Kpi

from .chances import chances_ahead, never_so_long, pooled_chances, stuck_limits
from .cohorts import dates_stages, steps_of
from .open_deals import RESPONSE_DAYS, OpenDeals, describe
from .stuck_texts import dead_sentence

MOST = 500  # rows of the worksheet; the counts are of all
SOON_DAYS = 14  # deals expected to close within so many days are prepared now


class StuckByStage(Frame):
    """One row per stage before winning."""

    stage = col.text(later("the stage"))
    open = col.count(later("open deals"))
    stuck = col.count(later("of these, longer in the stage than its limit"))
    overdue = col.count(later("of these, past their expected day"))
    limit = col.days(later("time in stage after which a deal is called stuck"))


@dataclass(frozen=True)
class StuckDeals(page.Result):
    """Open deals that are stuck, overdue or due soon.

    total, stuck, overdue, soon: open deals, and those of each kind; either: deals of any kind.
    priced: whether any carries an amount. percentile: share of advancing deals below the limit.
    timed: whether the time in a stage is known; losses: whether lost deals are recorded.
    """

    table: Annotated[pd.DataFrame, OpenDeals]
    stages: Annotated[pd.DataFrame, StuckByStage]
    total: int
    stuck: int
    overdue: int
    soon: int
    either: int
    priced: bool
    dead: int  # open deals older in their stage than any that advanced
    expects: bool  # whether the book gives expected closing days
    as_of: date
    fmt: Formats
    percentile: float
    timed: bool
    losses: bool
    top: int = 15
    section = "stuck-deals"

    def figure(self) -> Figure | None:
        return (
            stuck_stages(self.stages, self.percentile, self.fmt, self.as_of)
            if self.total and self.timed
            else None
        )

    def tables(self) -> list[Table]:
        columns = [
            Col("opportunity_id", "text", "Deal"),
            Col("customer", "name", "Customer", weight=2),
            Col("owner", "name", "Owner"),
            Col("stage"),
            Col("days", "days", "In stage"),
            Col("expected", "money", "Amount"),
            Col("chance", "share", "Chance", context="win"),
            Col("worth", "money", "Worth"),
            Col("due", "date", "Act by"),
            Col("why", "text", "Why", weight=2),
        ]
        note = (
            say("Worth = amount × chance of a win for a deal that has stood that long")
            + (say(", or of its stage where that is not known") if self.table.pooled.any() else "")
            + say(
                "; {working_days} to act; as of {as_of}",
                working_days=plural(RESPONSE_DAYS, "working day"),
                as_of=self.fmt.text(self.as_of, "date"),
            )
        )
        if self.table.empty:
            return []
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("Deals to act on"),
                note=note,
                limit=self.top,
            )
        ]

    def reading(self) -> str:
        fmt = self.fmt
        if not self.total:
            return say("No deal is open.")
        text = (
            (
                say(
                    "{stuck} of {open_deals} {en_stand} longer in {en_their} stage than"
                    " {percentile} of 100 deals that advanced from it",
                    stuck=fmt.count(self.stuck),
                    open_deals=plural(self.total, "open deal"),
                    en_stand="stands" if self.stuck == 1 else "stand",
                    en_their="its" if self.stuck == 1 else "their",
                    percentile=fmt.text(self.percentile * 100, "count"),
                )
            )
            if self.timed
            else (
                say(
                    "{deals} {en_are} open; no entry to a stage carries a day, so how long"
                    " they stand in theirs is not known",
                    deals=plural(self.total, "deal"),
                    en_are="is" if self.total == 1 else "are",
                )
            )
        ) + (
            say(
                "; {overdue} {en_are} past {en_their} expected day and {soon} {en_are_2}"
                " expected within {days}.",
                overdue=fmt.count(self.overdue),
                en_are="is" if self.overdue == 1 else "are",
                en_their="its" if self.overdue == 1 else "their",
                soon=fmt.count(self.soon),
                en_are_2="is" if self.soon == 1 else "are",
                days=plural(SOON_DAYS, "day"),
            )
            if self.expects
            else say("; the book gives no expected days.")
        )
        if self.dead:
            text += dead_sentence(self.dead, self.timed, self.losses)
        if len(self.table) and self.priced and self.table.worth.iloc[0] > 0:
            first = self.table.iloc[0]
            said = {
                "deal": first.opportunity_id
                if first.customer == NOT_NAMED
                else say(
                    "{deal} ({customer})",
                    deal=first.opportunity_id,
                    customer=named(first.customer),
                ),
                "stage": first.stage,
                "worth": fmt.money(first.worth),
            }
            text += (
                say(" First: {deal}, in {stage}, worth {worth}.", **said)
                if pd.isna(first.days)
                else say(
                    " First: {deal}, {stay} in {stage}, worth {worth}.",
                    stay=fmt.text(first.days, "days"),
                    **said,
                )
            )
        return text

    def headline(self) -> str:
        parts = [say("{stuck} stuck", stuck=self.fmt.count(self.stuck))] if self.timed else []
        parts += (
            [say("{overdue} overdue", overdue=self.fmt.count(self.overdue))] if self.expects else []
        )
        rest = (
            say(", of them {parts}", parts=joined(parts, " and ")) if parts and self.total else ""
        )
        return say("Open deals: {total}{rest}", total=self.fmt.count(self.total), rest=rest)

    def kpis(self) -> list[Kpi]:
        total = Kpi(
            "deals.stuck",
            "all",
            self.stuck,
            "count",
            numerator=self.stuck,
            denominator=self.total,
            n=self.total,
        )
        return [
            total,
            *(
                Kpi(
                    "deals.stuck",
                    "all",
                    int(r["stuck"]),
                    "count",
                    {"stage": r["stage"]},
                    numerator=int(r["stuck"]),
                    denominator=int(r["open"]),
                    n=int(r["open"]),
                )
                for r in self.stages.to_dict("records")
            ),
        ]

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("opportunity_id", say("Deal"), "text"),
            ("customer", say("Customer"), "name"),
            ("owner", say("Owner"), "name"),
            ("stage", say("Stage"), "text"),
            ("days", say("Days in stage"), "count"),
            ("limit", say("Limit [days]"), "count"),
            ("expected_close", say("Expected close"), "date"),
            ("expected", say("Amount"), "money"),
            ("worth", say("Worth"), "money"),
            ("due", say("Act by"), "date"),
            ("why", say("Why"), "text"),
        )
        return [
            Worksheet(
                say("Stuck deals"),
                keys,
                tuple(tuple(row[k] for k, _, _ in keys) for row in self.table.to_dict("records")),
            )
        ]


@page.section("stuck-deals")
def stuck_deals(book: Book, *, top: int = 15) -> StuckDeals:
    """Open deals past their stage's limit or their expected day, or expected soon; largest worth
    first.

    Needs opportunities; stage_events give the time in stage, expected_close the overdue ones.
    """
    return stuck_of(deals_of(book), book, top=top)


def stuck_of(deals: Deals, book: Book, *, top: int = 15) -> StuckDeals:
    """The same from deals made ready before."""
    steps = {deals.stages.index(step.start): step for step in steps_of(deals, book)}
    timed = dates_stages(deals) or deals.last == 1
    limits = {
        k: limit
        for k, limit in stuck_limits(steps, book.settings.funnel.stuck_percentile).items()
        if limit is not None and timed
    }
    counts, rows = open_deals(deals, limits, MOST, SOON_DAYS)
    rows = describe(rows, deals, limits, chances_ahead(steps, book), pooled_chances(deals), book)
    stages = StuckByStage.make(
        {
            "stage": deals.stages[k],
            "open": int(g.n.sum()),
            "stuck": int(g.n[g.stuck == 1].sum()),
            "overdue": int(g.n[g.overdue == 1].sum()),
            "limit": limits.get(k),
        }
        for k, g in ((k, counts[counts.current == k]) for k in range(deals.last))
    )
    either = int(counts.n[(counts.stuck == 1) | (counts.overdue == 1) | (counts.soon == 1)].sum())
    return StuckDeals(
        rows,
        stages,
        int(counts.n.sum()),
        int(stages.stuck.sum()),
        int(stages.overdue.sum()),
        int(counts.n[counts.soon == 1].sum()),
        either,
        bool(rows.worth.notna().any()),
        never_so_long(steps),
        book.has("opportunities", "expected_close"),
        book.as_of,
        book.fmt,
        book.settings.funnel.stuck_percentile,
        timed,
        not degenerate(book).no_losses,
        top,
    )
