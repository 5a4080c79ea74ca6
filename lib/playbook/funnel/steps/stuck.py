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
from playbook.data.measures.deals import Deals, deals_of, open_deals
from playbook.funnel.figures.steps import stuck_stages
from playbook.page import Col, Figure, Table, Worksheet, table
from playbook.page.kpi import Kpi

from .chances import chances_ahead, never_so_long, stuck_limits
from .cohorts import steps_of
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
    top: int = 15
    section = "stuck-deals"

    def figure(self) -> Figure | None:
        return (
            stuck_stages(self.stages, self.percentile, self.fmt, self.as_of) if self.total else None
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
            "Worth = amount × chance of a win for a deal that has stood that long;"
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
            f"{fmt.count(self.stuck)} of {plural(self.total, 'open deal')} stand longer in their"
            f" stage than {fmt.text(self.percentile * 100, 'count')} of 100 deals that advanced"
            " from it"
            + (
                f"; {fmt.count(self.overdue)} are past their expected day and"
                f" {fmt.count(self.soon)} expected within {plural(SOON_DAYS, 'day')}."
                if self.expects
                else "; the book gives no expected days."
            )
        )
        if self.dead:
            text += (
                f" {fmt.count(self.dead)} have stood longer than any deal that ever advanced: close"
                " them, or the pipeline promises what will not come."
            )
        if len(self.table) and self.priced and self.table.worth.iloc[0] > 0:
            first = self.table.iloc[0]
            text += (
                f" First: {first.opportunity_id} ({first.customer}), {fmt.text(first.days, 'days')}"
                f" in {first.stage}, worth {fmt.money(first.worth)}."
            )
        return text

    def headline(self) -> str:
        return (
            f"Open deals: {self.fmt.count(self.total)}, of them {self.fmt.count(self.stuck)} stuck"
            f" and {self.fmt.count(self.overdue)} overdue"
        )

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
    limits = {
        k: limit
        for k, limit in stuck_limits(steps, book.settings.funnel.stuck_percentile).items()
        if limit is not None
    }
    counts, rows = open_deals(deals, limits, MOST, SOON_DAYS)
    rows = describe(rows, deals, limits, chances_ahead(steps, book), book)
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
        top,
    )
