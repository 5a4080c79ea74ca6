"""Whether expected closing days are kept: deals decided after theirs, and open ones past it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.data.measures.movement import against_their_day, open_past_their_day
from playbook.data.measures.names import member_names
from playbook.funnel.stand_ins import NOBODY, WHOLE
from playbook.funnel.windows import bounds
from playbook.methods.intervals import Rate
from playbook.methods.survival import quantile
from playbook.page import Col, Table, table
from playbook.page.kpi import Kpi


class ExpectedDays(Frame):
    """One row per rep, the whole book last."""

    rep = col.text(later("the rep; empty for deals without one and for the whole book"))
    label = col.text(later("the rep as a page names it"))
    decided = col.count(later("deals with an expected day decided in the last 12 months"))
    late = col.count(later("of these, decided after their day"))
    share = col.share(later("late ÷ decided"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    days = col.days(later("median lateness of the late ones"))
    past = col.count(later("open deals past their expected day"))
    amount = col.money(later("expected amount of these"))


@dataclass(frozen=True)
class CloseDates(page.Result):
    """Expected closing days against what happened.

    won_late, won_in_time: won of the deals decided after their expected day, and by it.
    """

    table: Annotated[pd.DataFrame, ExpectedDays]
    won_late: Rate
    won_in_time: Rate
    small: int
    as_of: date
    currency: str
    fmt: Formats
    top: int = 8
    section = "close-dates"

    def tables(self) -> list[Table]:
        columns = [
            Col("label", "name", "Rep"),
            Col("decided", "count", "Decided"),
            Col("late", "count", "After their day"),
            Col("share", "share", "That is", low="low", high="high", context="share"),
            Col("days", "days", "Late by (median)"),
            Col("past", "count", "Open past their day"),
            Col("amount", "money", "Their amount", compact=True),
        ]
        rows = self.table.iloc[:-1].sort_values(
            ["amount", "late", "label"], ascending=[False, False, True]
        )
        note = say(
            "{currency}; deals with an expected day, decided in the last 12"
            " months or open; Wilson 95 %; as of {as_of}",
            currency=self.currency,
            as_of=self.fmt.text(self.as_of, "date"),
        )
        return [
            table(
                rows,
                columns,
                self.fmt,
                title=say("Expected days and what became of them"),
                note=note,
                total=self.table.iloc[-1].to_dict(),
                limit=self.top,
            )
        ]

    def reading(self) -> str:
        fmt, t = self.fmt, self.table.iloc[-1]
        if not t.decided:
            text = say("No deal with an expected day was decided in the last 12 months.")
        else:
            text = (
                say(
                    "{late} of the deals decided in the last 12 months were decided"
                    " after their expected day",
                    late=fmt.rate(t.late, t.decided),
                )
                + (
                    say(", half of them by more than {days}", days=fmt.text(t.days, "days"))
                    if t.late
                    else ""
                )
                + say(".")
            )
        if self.won_late.n >= self.small and self.won_in_time.n >= self.small:
            text += say(
                " Those decided late were won {value} of the time, those in time {value_2}.",
                value=fmt.share(self.won_late.value),
                value_2=fmt.share(self.won_in_time.value),
            )
        return text + (
            say(
                " {deals} {en_are} past {en_their} day, worth {amount} on paper.",
                deals=plural(int(t.past), "open deal"),
                en_are="is" if t.past == 1 else "are",
                en_their="its" if t.past == 1 else "their",
                amount=fmt.money(t.amount, compact=True),
            )
            if t.past
            else say(" No open deal is past its day.")
        )

    def notes(self) -> list[str]:
        return [
            say(
                "The book keeps one expected day per deal, the newest: how often a"
                " day was pushed before cannot be known, so these figures are the"
                " least that slipped."
            )
        ]

    def kpis(self) -> list[Kpi]:
        why = say("no deal with an expected day was decided in this window")
        return [
            Kpi.rate(
                "close_date.late",
                "trailing_12m",
                Rate(int(r["late"]), int(r["decided"])),
                {"rep": r["rep"]} if isinstance(r["rep"], str) else None,
                why,
            )
            for r in self.table.to_dict("records")
            if isinstance(r["rep"], str) or r["label"] == WHOLE
        ]


@page.section("close-dates")
def close_dates(book: Book, *, top: int = 8) -> CloseDates:
    """Deals decided after their expected day, and open ones past it, by rep. Needs
    opportunities.expected_close.
    """
    book.need(
        "opportunities",
        "expected_close",
        gives=say("how many deals pass their expected closing day, by rep, and by how much"),
    )
    deals, since = deals_of(book), bounds(book, "trailing_12m")[0]
    done, past = against_their_day(deals, since), open_past_their_day(deals)
    done, past = (frame.assign(rep=frame.rep.fillna("")) for frame in (done, past))
    names = member_names(book).get("rep", {})
    rows = [
        _row(rep, names.get(rep, rep) or NOBODY, done[done.rep == rep], past[past.rep == rep])
        for rep in sorted({*done.rep, *past.rep})
    ]
    frame = ExpectedDays.make([*rows, _row("", WHOLE, done, past)])
    frame["rep"] = frame.rep.where(frame.rep != "", None)
    late = done.late > 0
    after, by = (
        Rate(int(done.n[side & (done.outcome == "won")].sum()), int(done.n[side].sum()))
        for side in (late, ~late)
    )
    return CloseDates(
        frame, after, by, book.settings.funnel.min_group, book.as_of, book.currency, book.fmt, top
    )


def _row(rep: str, name: str, done: pd.DataFrame, past: pd.DataFrame) -> dict:
    late = done[done.late > 0]
    rate = Rate(int(late.n.sum()), int(done.n.sum()))
    return {
        "rep": rep,
        "label": name,
        "decided": rate.n,
        "late": int(rate.numerator),
        "share": rate.value,
        "low": rate.interval[0],
        "high": rate.interval[1],
        "days": quantile(late.late, late.n, 0.5),
        "past": int(past.n.sum()),
        "amount": float(past.amount.sum()),
    }
