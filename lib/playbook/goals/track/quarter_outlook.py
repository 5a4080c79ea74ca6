"""The quarter seen twice: from the history of sales, and from the open pipeline; and how far the
open deals cover what is still missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Calendar, fiscal_quarter
from playbook.data.book import Book
from playbook.data.measures.deal_size import DealSize
from playbook.data.measures.targets import period_of
from playbook.goals.actuals import Actuals
from playbook.goals.due_dates import soon
from playbook.goals.outlook import outlook
from playbook.methods.forecast import band, reached
from playbook.page import Action, Col, Result, Table, section, table

from .pipeline_view import TOGETHER, PipelineView
from .quarter_sides import QuarterViews, pipeline_of, quarter_notes, target_of


@dataclass(frozen=True)
class QuarterOutlook(Result):
    """The quarter of the month that comes next, by history and by pipeline.

    period: its name; target [currency], None where none is given; reached: sold in it so far;
    other: sales expected of it that go through no deal; view: the pipeline's part, None with the
    reason in ``why``.
    """

    section: ClassVar[str] = "quarter-outlook"
    fmt: Formats
    as_of: date
    calendar: Calendar
    period: str
    target: float | None
    source: str
    reached: float
    other: float
    table: Annotated[pd.DataFrame, QuarterViews]
    size: DealSize | None
    view: PipelineView | None
    why: str

    def tables(self) -> list[Table]:
        columns = [
            Col("view", "term", "View"),
            Col("middle", "money", say("{period} brings", period=self.period)),
            Col("ends", label="Range"),
            *([Col("gap", "money", "Short of the target")] if self.target is not None else []),
            *([Col("chance", "share", "Chance", decimals=0)] if self.target is not None else []),
        ]
        rows = self.table.assign(
            ends=[
                f"{self.fmt.money(row['low'])} – {self.fmt.money(row['high'])}"
                for row in self.table.to_dict("records")
            ]
        )
        target = (
            ""
            if self.target is None
            else say(
                "target {target} ({source}) · ",
                target=self.fmt.money(self.target),
                source=self.source,
            )
        )
        so_far = (
            say(" · reached so far {reached}", reached=self.fmt.money(self.reached))
            if self.reached
            else ""
        )
        pipeline = (
            say(
                " · pipeline: reached so far, open deals × the share of such deals"
                " won by a quarter's end, deals not created yet, and sales that go"
                " through no deal; range: the poorest and the best of the quarters"
                " before"
            )
            if self.view
            else ""
        )
        first = table(
            rows,
            columns,
            self.fmt,
            title=say("{period} from two sides", period=self.period)
            if self.view
            else say("{period} from history", period=self.period),
            note=(
                say(
                    "{target}history: 80 % of forecast paths{pipeline}{so_far} · as of {as_of}",
                    target=target,
                    pipeline=pipeline,
                    so_far=so_far,
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
        )
        return [first, *self._stages()]

    def _stages(self) -> list[Table]:
        if self.view is None:
            return []
        columns = [
            Col("stage", "name"),
            Col("deals", "count", "Open deals"),
            Col("amount", "money", "Worth"),
            Col("n", "count", "n before"),
            Col("share", "share", "Won by the quarter's end", low="low", high="high"),
            Col("brings", "money", "Brings"),
        ]
        rows = self.view.stages
        named = [say(TOGETHER) if one == TOGETHER else one for one in rows["stage"]]
        return [
            table(
                rows.assign(stage=named),
                columns,
                self.fmt,
                title=say("What the open deals bring by the end of {period}", period=self.period),
                total={
                    "stage": "All",
                    "deals": int(rows["deals"].sum()),
                    "amount": self.view.open,
                    "n": int(rows["n"].sum()),
                    "brings": float(rows["brings"].fillna(0).sum()),
                },
                note=(
                    say(
                        "n: deals that stood there on the same day of {quarters} before;"
                        " brackets: the smallest and the largest share of a quarter · deals"
                        " without an amount at the average won deal",
                        quarters=plural(self.view.quarters, "quarter"),
                    )
                ),
            )
        ]

    def coverage(self) -> tuple[float, float, float | None] | None:
        """(gap through deals, cover, cover needed): what deals still have to bring, open worth ÷
        it, and the cover at which the usual share would bring it; None without target, pipeline or
        gap.
        """
        if self.target is None or self.view is None:
            return None
        gap = self.target - self.reached - self.other - self.view.new[0]
        if gap <= 0:
            return None
        won = self.view.won_share
        return gap, self.view.open / gap, 1 / won if won else None

    def reading(self) -> str:
        fmt, rows = self.fmt, self.table.set_index("view")
        history = rows.iloc[0]
        text = say(
            "{period} from history: {middle}",
            period=self.period,
            middle=fmt.money(history["middle"]),
        )
        if len(rows) > 1:
            text += say(
                "; from the open pipeline: {middle}", middle=fmt.money(rows.iloc[1]["middle"])
            )
        if self.target is not None:
            text += say("; the target is {target}", target=fmt.money(self.target))
        text = joined([text + say("."), *([self.why] if self.why else [])], " ")
        covered = self.coverage()
        if covered is None or self.view is None:
            return text
        gap, cover, needed = covered
        text += say(
            " Open deals worth {open} stand against {gap} that they still have to bring: {cover}.",
            open=fmt.money(self.view.open, compact=True),
            gap=fmt.money(gap, compact=True),
            cover=fmt.text(cover, "ratio"),
        )
        if needed is None:
            return text
        return text + (
            say(
                " {needed} of such worth was won by a quarter's end before, so"
                " {needed_2} would be needed.",
                needed=fmt.share(1 / needed, decimals=0),
                needed_2=fmt.text(needed, "ratio"),
            )
        )

    def headline(self) -> str:
        rows = self.table.to_dict("records")
        said = joined(
            (
                say("{view} {amount}", view=term(row["view"]), amount=self.fmt.money(row["middle"]))
                for row in rows
            ),
            "; ",
        )
        return say("{period}: {said}.", period=self.period, said=said)

    def notes(self) -> list[str]:
        return quarter_notes(self.view, self.fmt)

    def actions(self) -> list[Action]:
        covered = self.coverage()
        if covered is None:
            return []
        gap, cover, needed = covered
        if needed is None or cover >= needed:
            return []
        more = gap * needed - gap * cover
        return [
            Action(
                say(
                    "Open or speed up deals worth {more} for {period}",
                    more=self.fmt.money(more, compact=True),
                    period=self.period,
                ),
                say("sales director"),
                soon(self.as_of, self.calendar),
                say(
                    "the open deals are {cover} what they have to bring; {needed} is"
                    " needed at the shares won before",
                    cover=self.fmt.text(cover, "ratio"),
                    needed=self.fmt.text(needed, "ratio"),
                ),
                None,
            )
        ]


@section("quarter-outlook")
def quarter_outlook(book: Book, year_target: float = 0.0) -> QuarterOutlook:
    """The quarter that holds the next month, from history and from the open pipeline."""
    book.need("orders", "amount", gives=say("the quarter from history and from the open pipeline"))
    actuals, year = Actuals(book), book.settings.book
    first, last = fiscal_quarter(book.month + 1, year.fiscal_year_start)
    history = actuals.history("sales", {})
    done = sum(float(history.get(first + i, 0.0)) for i in range(3) if first + i <= book.month)
    made = outlook(actuals, "sales", {}, last - book.month)
    if made is None:
        raise NotAvailable(
            {},
            gives=say("the quarter from history"),
            because=say("fewer than three months of sales"),
        )
    totals = done + made.totals
    target, source = target_of(book, actuals, first, year_target)
    low, middle, high = band(totals)
    rows = [
        {
            "view": later("from history"),
            "low": low,
            "middle": middle,
            "high": high,
            "gap": None if target is None else max(0.0, target - middle),
            "chance": None if target is None else reached(totals, target),
        }
    ]
    size, view, why = pipeline_of(book, last)
    other = 0.0
    if view is not None and size is not None:
        other = (1 - size.share) * (middle - done)
        brings = [done + other + part for part in view.brings]
        rows.append(
            {
                "view": later("from the open pipeline"),
                "low": brings[1],
                "middle": brings[0],
                "high": brings[2],
                "gap": None if target is None else max(0.0, target - brings[0]),
                "chance": None,
            }
        )
    return QuarterOutlook(
        book.fmt,
        book.as_of,
        book.calendar,
        period_of(first, last, year.fiscal_year_start, year.fiscal_year_name).label,
        target,
        source,
        done,
        other,
        QuarterViews.make(rows),
        size,
        view,
        why,
    )
