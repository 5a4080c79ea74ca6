"""The review of the week: the last seven days against the twelve weeks before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

import numpy as np
import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, listing, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Month, months_between
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.day_counts import AGAIN, day_counts
from playbook.data.measures.days import day_number
from playbook.data.measures.facts import degenerate
from playbook.data.measures.plan import plan_of
from playbook.funnel.talk.wording import tidy
from playbook.page import Col, Table, Worksheet, table

from .decisions import DayDecisions, deals_or_none, decisions, decisions_table
from .usual import usual_range
from .words import AS_USUAL, LESS, MORE, TOO_LITTLE, outcome_word, what_word

BACK = 12  # weeks before that a week is held against
FEWEST = 6  # of them that must be known
MONEY = {"deals won": "amount won", "sales": "sales"}  # what is counted → its money
METRICS = {  # what is counted and its unit → the metric a target names
    ("sales", "money"): "sales",
    ("orders", "count"): "orders",
    ("deals won", "count"): "deals.won",
}
GIVES = later("the review of the week, filled from the data")


class WeekRows(Frame):
    """One row per thing counted."""

    what = col.text(later("what is counted"))
    unit = col.text(later("count or money"))
    now = col.number(later("in the last seven days"))
    mean = col.number(later("mean of the weeks before that are known; empty with fewer than six"))
    low = col.number(later("lower end of the usual range"))
    high = col.number(later("upper end of the usual range"))
    reading = col.text(later("as usual, more than usual, less than usual or too little history"))
    target = col.number(later("what the plan in force asks of the seven days; empty without one"))
    of_target = col.share(later("in the last seven days ÷ target"))


@dataclass(frozen=True)
class WeekReview(page.Result):
    """The last seven days against the twelve weeks before.

    deals: whether the book has deals; losses: whether it records lost ones. weeks: weeks before
    that the data cover.
    """

    table: Annotated[pd.DataFrame, WeekRows]
    decided: Annotated[pd.DataFrame, DayDecisions]
    deals: bool
    losses: bool
    span: str
    weeks: int
    as_of: date
    currency: str
    fmt: Formats
    section = "week-review"

    def tables(self) -> list[Table]:
        fmt = self.fmt
        text = {
            name: [
                fmt.text(v, u, compact=True) if u == "money" else fmt.text(v, u)
                for v, u in zip(self.table[name], self.table.unit, strict=True)
            ]
            for name in ("now", "mean")
        }
        usual = [
            "–"
            if pd.isna(r.low)
            else say("{low} to {high}", low=fmt.text(r.low, r.unit), high=fmt.text(r.high, r.unit))
            for r in self.table.itertuples()
        ]
        columns = [
            Col("said", "text", "In the week"),
            Col("now", "text", "Last 7 days", align="r"),
            Col("mean", "text", say("Mean of {weeks} weeks", weeks=self.weeks), align="r"),
            Col("usual", "text", "Usual range", align="r"),
            *(
                [
                    Col("asked", "text", "Target", align="r"),
                    Col("of_target", "share", "Of target", decimals=0),
                ]
                if self.table.target.notna().any()
                else []
            ),
            Col("reading", "term", "Reading"),
        ]
        said = [what_word(what) for what in self.table.what]
        asked = [
            "–" if pd.isna(r.target) else fmt.text(r.target, r.unit, compact=r.unit == "money")
            for r in self.table.itertuples()
        ]
        found = [
            table(
                self.table.assign(**text, said=said, usual=usual, asked=asked),
                columns,
                fmt,
                title=say("Review of the week"),
                note=say(
                    "{span}; usual range allows for the number of rows{asked}",
                    span=self.span,
                    asked=self._asked(),
                ),
            )
        ]
        return found + decisions_table(self.decided, say("Decided in the week"), fmt)

    def _asked(self) -> str:
        if self.table.target.isna().all():
            return ""
        return say("; target: the months' targets in force, by working days")

    def reading(self) -> str:
        rows = self.table[self.table.reading.isin([MORE, LESS])]
        judged = (self.table.reading != TOO_LITTLE).any()
        won = self.decided[self.decided.outcome == "won"]
        lost = self.decided[self.decided.outcome == "lost"]
        text = self._decided(len(won), len(lost)) if self.deals else ""
        if len(rows):
            said = [
                say("{what} ({reading})", what=what_word(r.what), reading=term(r.reading))
                for r in rows.itertuples()
            ]
            text += say(" Outside the usual range: {said}.", said=listing(said, 4))
        elif judged:
            text += say(" Nothing counted lies outside the usual range.")
        for r in self.table[self.table.target > 0].itertuples():
            asked = self.fmt.text(r.target, r.unit, compact=r.unit == "money")
            share = self.fmt.share(r.of_target, decimals=0)
            text += say(
                " {what}: {share} of the {asked} the plan asks of these days.",
                what=what_word(r.what).capitalize(),
                share=share,
                asked=asked,
            )
        return (text + _top_reason(lost, self.fmt)).strip()

    def _decided(self, won: int, lost: int) -> str:
        said = {"won": plural(won, "deal"), "en_were": "was" if won == 1 else "were"}
        if not self.losses:
            return say("In the week {won} {en_were} won; what was lost is not recorded.", **said)
        return say(
            "In the week {won} {en_were} won and {lost} {en_were_2} lost.",
            lost=plural(lost, "deal"),
            en_were_2="was" if lost == 1 else "were",
            **said,
        )

    def worksheets(self) -> list[Worksheet]:
        keys = (
            ("opportunity_id", say("Deal"), "text"),
            ("customer", say("Customer"), "name"),
            ("owner", say("Owner"), "name"),
            ("outcome", say("Outcome"), "text"),
            ("value", say("Amount"), "money"),
            ("reason", say("Reason"), "text"),
            ("stage", say("Furthest stage"), "text"),
        )
        shown = self.decided.assign(outcome=[outcome_word(o) for o in self.decided.outcome])
        rows = tuple(tuple(r[k] for k, _, _ in keys) for r in shown.to_dict("records"))
        return [Worksheet(say("Week review"), keys, rows)] if rows else []


def _top_reason(lost: pd.DataFrame, fmt: Formats) -> str:
    given = lost.reason.dropna()
    if len(given) < 3:
        return ""
    sizes = given.map(tidy).value_counts()
    first = sorted(sizes[sizes == sizes.max()].index)[0]
    return say(
        " {sizes} of the lost ones name {first}.",
        sizes=fmt.rate(int(sizes.max()), len(given)),
        first=first,
    )


@page.section("week-review")
def week_review(book: Book) -> WeekReview:
    """The seven days to the as-of date against the twelve weeks before: contacts, leads, orders,
    deals, stage entries, wins and losses. Needs one of their tables.
    """
    deals = deals_or_none(book)
    start = book.as_of - timedelta(days=7 * (BACK + 1) - 1)
    counts = day_counts(deals, book, start, book.as_of)
    if counts.empty:
        raise NotAvailable(
            {"opportunities": ("outcome",)}, GIVES, say("nothing in the last 13 weeks")
        )
    week = (day_number(book.as_of) - counts.day) // 7
    known = _known_weeks(book)
    found = [what for what in dict.fromkeys(counts.what) if what != AGAIN]
    rows = [r for what in found for r in _rows(counts, week, what, known)]
    first = book.as_of - timedelta(days=6)
    frame = _judged(rows, {key: _asked_of(book, metric, first) for key, metric in METRICS.items()})
    span = say(
        "{first} to {as_of}",
        first=book.fmt.text(first, "date"),
        as_of=book.fmt.text(book.as_of, "date"),
    )
    decided = decisions(deals, book, first, book.as_of)
    has = deals is not None
    losses = has and not degenerate(book).no_losses
    return WeekReview(frame, decided, has, losses, span, known, book.as_of, book.currency, book.fmt)


def _known_weeks(book: Book) -> int:
    """Weeks before the last one that every table of the review covers, at most twelve."""
    days = (
        ("activities", "date"),
        ("leads", "created"),
        ("opportunities", "created"),
        ("orders", "date"),
    )
    starts = [
        covered.first
        for name, day in days
        if book.has(name, day) and (covered := coverage(book, name, day)).first is not None
    ]
    if not starts:
        return 0
    return int(np.clip((book.as_of - max(starts)).days // 7, 0, BACK))


def _rows(counts: pd.DataFrame, week: pd.Series, what: str, known: int) -> list[dict]:
    """The counts of one thing, and of won deals their money, by week."""
    own = counts.what == what
    found = []
    for unit, values in (("count", counts.n), ("money", counts.amount)):
        sums = values[own].groupby(week[own]).sum().reindex(range(known + 1), fill_value=0)
        if unit == "count" and what == "orders":  # one with lines on two days is one of the week
            again = counts.what == AGAIN
            twice = values[again].groupby(week[again]).sum().reindex(range(known + 1), fill_value=0)
            sums = sums - twice
        if unit == "count" and what != "sales":
            found.append({"what": what, "unit": unit, "sums": sums.astype(float)})
        elif unit == "money" and what in MONEY and sums.any():
            found.append({"what": MONEY[what], "unit": unit, "sums": sums.astype(float)})
    return found


def _asked_of(book: Book, metric: str, first: date) -> float | None:
    """The company's target of the days from ``first`` to the as-of date: of every month they touch
    the part of its working days; None where a month has no target.
    """
    if not book.has("targets"):
        return None
    months, calendar, found = plan_of(book).months(metric), book.calendar, 0.0
    for month in months_between(Month.of(first), Month.of(book.as_of)):
        of_month = calendar.working_days(month.start, month.end)
        mine = calendar.working_days(max(first, month.start), min(book.as_of, month.end))
        if mine and (month not in months or not of_month):
            return None
        found += months.get(month, 0.0) * len(mine) / len(of_month) if mine else 0.0
    return found


def _judged(rows: list[dict], asked: dict[tuple[str, str], float | None]) -> pd.DataFrame:
    made = []
    for row in rows:
        target = asked.get((row["what"], row["unit"]))
        now, past = float(row["sums"].iloc[0]), row["sums"].iloc[:0:-1].to_numpy(float)
        mean = low = high = np.nan
        reading = TOO_LITTLE
        if len(past) >= FEWEST and np.ptp(past) > 0:
            mean = float(past.mean())
            least = float(np.sqrt(max(mean, 1.0))) if row["unit"] == "count" else 0.0
            low, high = usual_range(past, len(rows), least=least)
            low = max(0.0, low)
            reading = MORE if now > high else LESS if now < low else AS_USUAL
        made.append(
            {
                "what": row["what"],
                "unit": row["unit"],
                "now": now,
                "mean": mean,
                "low": low,
                "high": high,
                "reading": reading,
                "target": np.nan if target is None else target,
                "of_target": now / target if target else None,
            }
        )
    return WeekRows.make(made)
