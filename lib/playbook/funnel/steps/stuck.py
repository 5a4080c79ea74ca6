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
from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, deals_of
from playbook.data.measures.deals_to_act_on import open_deals
from playbook.data.measures.facts import degenerate
from playbook.funnel.figures.steps import stuck_stages
from playbook.page import Col, Figure, Table, Worksheet, table
from playbook.page.kpi import Kpi

from .chances import chances_ahead, never_so_long, pooled_chances, stuck_limits
from .cohorts import dates_stages, steps_of
from .open_deals import RESPONSE_DAYS, OpenDeals, describe

MOST = 500  # rows of the worksheet; the counts are of all
SOON_DAYS = 14  # deals expected to close within so many days are prepared now


class StuckByStage(Frame):
    """One row per stage before winning."""

    stage = col.text("the stage")
    open = col.count("open deals")
    stuck = col.count("of these, longer in the stage than its limit")
    overdue = col.count("of these, past their expected day")
    limit = col.days("time in stage after which a deal is called stuck")


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
            Col("customer", "text", "Customer", weight=2),
            Col("owner", "text", "Owner"),
            Col("stage"),
            Col("days", "days", "In stage"),
            Col("expected", "money", "Amount"),
            Col("chance", "share", "Chance"),
            Col("worth", "money", "Worth"),
            Col("due", "date", "Act by"),
            Col("why", "text", "Why", weight=2),
        ]
        note = (
            "Worth = amount × chance of a win for a deal that has stood that long"
            + (", or of its stage where that is not known" if self.table.pooled.any() else "")
            + ";"
            f" {plural(RESPONSE_DAYS, 'working day')} to act; as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )
        if self.table.empty:
            return []
        return [
            table(self.table, columns, self.fmt, title="Deals to act on", note=note, limit=self.top)
        ]

    def reading(self) -> str:
        fmt = self.fmt
        if not self.total:
            return "No deal is open."
        text = (
            (
                f"{fmt.count(self.stuck)} of {plural(self.total, 'open deal')}"
                f" {'stands' if self.stuck == 1 else 'stand'} longer in"
                f" {'its' if self.stuck == 1 else 'their'} stage than"
                f" {fmt.text(self.percentile * 100, 'count')} of 100 deals that advanced from it"
            )
            if self.timed
            else (
                f"{plural(self.total, 'deal is', 'deals are')} open; no entry to a stage carries a"
                " day, so how long they stand in theirs is not known"
            )
        ) + (
            f"; {plural(self.overdue, 'is', 'are')} past"
            f" {'its' if self.overdue == 1 else 'their'} expected day and"
            f" {plural(self.soon, 'is', 'are')} expected within {plural(SOON_DAYS, 'day')}."
            if self.expects
            else "; the book gives no expected days."
        )
        if self.dead:
            text += self._dead()
        if len(self.table) and self.priced and self.table.worth.iloc[0] > 0:
            first = self.table.iloc[0]
            stay = "" if pd.isna(first.days) else f"{fmt.text(first.days, 'days')} "
            text += (
                f" First: {first.opportunity_id} ({first.customer}), {stay}in {first.stage}, worth"
                f" {fmt.money(first.worth)}."
            )
        return text

    def _dead(self) -> str:
        """Deals older than any that ever got on, and what to make of it."""
        older = (
            f" {plural(self.dead, 'deal has', 'deals have')} stood longer than any that ever"
            " advanced"
            if self.timed
            else f" {plural(self.dead, 'deal is', 'deals are')} older than any was when it was won"
        )
        if self.losses:
            them = "it" if self.dead == 1 else "them"
            return f"{older}: close {them}, or the pipeline promises what will not come."
        return f"{older}; some may be lost already: no loss is recorded."

    def headline(self) -> str:
        parts = [f"{self.fmt.count(self.stuck)} stuck"] if self.timed else []
        parts += [f"{self.fmt.count(self.overdue)} overdue"] if self.expects else []
        rest = f", of them {' and '.join(parts)}" if parts and self.total else ""
        return f"Open deals: {self.fmt.count(self.total)}{rest}"

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
            ("opportunity_id", "Deal", "text"),
            ("customer", "Customer", "text"),
            ("owner", "Owner", "text"),
            ("stage", "Stage", "text"),
            ("days", "Days in stage", "count"),
            ("limit", "Limit [days]", "count"),
            ("expected_close", "Expected close", "date"),
            ("expected", "Amount", "money"),
            ("worth", "Worth", "money"),
            ("due", "Act by", "date"),
            ("why", "Why", "text"),
        )
        return [
            Worksheet(
                "Stuck deals",
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
