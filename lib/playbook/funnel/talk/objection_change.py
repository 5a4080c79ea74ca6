"""Objections before and after a measure, and whether the script library is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.deals import Deals, deals_of
from playbook.data.measures.reasons import objection_counts
from playbook.funnel.ranking import BEYOND, WITHIN
from playbook.funnel.steps.before_after import measure_day
from playbook.methods.comparisons import holm
from playbook.methods.intervals import newcombe, proportions_p
from playbook.page import Col, Table, table

from .script_use import LEVEL, ScriptUse, use
from .wording import tidy

GIVES = later("whether fewer deals meet an objection since a measure, and whether scripts are used")


class ObjectionChange(Frame):
    """One row for all objections, one per objection: deals that reached the stage before and since
    the day.
    """

    what = col.text(later("any objection, or the objection as written"))
    before = col.count(later("deals that met it before"))
    before_of = col.count(later("deals that reached the stage before"))
    after = col.count(later("deals that met it since"))
    after_of = col.count(later("deals that reached the stage since"))
    change = col.points(later("after's share less before's"), low="low", high="high")
    low = col.points(later("lower end of the Newcombe 95 % interval"))
    high = col.points(later("upper end of the Newcombe 95 % interval"))
    p = col.number(later("p of no difference, adjusted over the rows (Holm)"))
    reading = col.text(later("beyond chance, within chance or too few deals"))


@dataclass(frozen=True)
class Objections(page.Result):
    """Objections before and since a day, and the use of scripts.

    since: first month of the later span; months: length of each; source: where the day comes from;
    why: why nothing is compared, else empty. stage: the stage deals reached.
    """

    change: Annotated[pd.DataFrame, ObjectionChange]
    use: Annotated[pd.DataFrame, ScriptUse]
    since: Month | None
    months: int
    source: str
    why: str
    stage: str
    small: int
    as_of: date
    fmt: Formats
    section = "objections"

    def tables(self) -> list[Table]:
        fmt, day, found = self.fmt, self.fmt.text(self.as_of, "date"), []
        if len(self.change):
            rows = self.change.assign(
                was=[fmt.rate(r.before, r.before_of) for r in self.change.itertuples()],
                now=[fmt.rate(r.after, r.after_of) for r in self.change.itertuples()],
            )
            columns = [
                Col("what", "text", "Objection"),
                Col("was", "text", "Before", align="r"),
                Col("now", "text", "Since", align="r", context="measure"),
                Col("change", "pp", "Change", low="low", high="high"),
                Col("reading", "term", "Reading"),
            ]
            note = say(
                "Deals that reached {stage} in the {months} before and since;"
                " {source}; Newcombe 95 %, readings allow for the number of rows; as"
                " of {day}",
                stage=self.stage,
                months=plural(self.months, "month"),
                source=self.source,
                day=day,
            )
            title = say("Objections before and since {since}", since=fmt.text(self.since, "month"))
            found.append(table(rows, columns, fmt, title=title, note=note, limit=12))
        if len(self.use):
            columns = [
                Col("objection", "text", "Objection"),
                Col("deals", "count"),
                Col("share", "share", "Script used", low="low", high="high"),
                Col("won_with", "share", "Won with it"),
                Col("with_of", "count", "Of decided"),
                Col("won_without", "share", "Won without"),
                Col("without_of", "count", "Of decided"),
                Col("reading", "term", "Difference", context="reading"),
            ]
            note = say(
                "Deals of the last 12 months with the objection and with contacts on"
                " record; used = a word of the script stands in a summary or next"
                " action; Wilson 95 %; as of {day}",
                day=day,
            )
            found.append(
                table(
                    self.use, columns, fmt, title=say("Are the scripts used?"), note=note, limit=12
                )
            )
        return found

    def reading(self) -> str:
        return joined((part for part in (self._changed(), self._used()) if part), " ")

    def _changed(self) -> str:
        if self.change.empty:
            return say("Nothing is compared before and since a measure: {why}.", why=self.why)
        fmt, every = self.fmt, self.change.iloc[0]
        text = say(
            "Since {since} {after} of the deals that reached {stage} met an"
            " objection, before {before}",
            since=fmt.text(self.since, "month"),
            after=fmt.rate(every.after, every.after_of),
            stage=self.stage,
            before=fmt.rate(every.before, every.before_of),
        )
        if pd.notna(every.change):
            text += say(
                " ({change}, {reading})",
                change=fmt.text(every.change, "pp", sign=True),
                reading=term(every.reading),
            )
        return text + say(".")

    def _used(self) -> str:
        if self.use.empty:
            return ""
        fmt, used, deals = self.fmt, int(self.use.used.sum()), int(self.use.deals.sum())
        text = say(
            "A script's words are on record for {used} of the objections met",
            used=fmt.rate(used, deals),
        )
        apart = self.use[self.use.reading == BEYOND]
        if apart.empty:
            return text + say(
                "; deals won with and without them do not differ by more than chance."
            )
        row = apart.iloc[0]
        won, lost = round(row.won_with * row.with_of), round(row.won_without * row.without_of)
        return say(
            "{text}; against {objection} {won} were won with it, {lost} without.",
            text=text,
            objection=row.objection,
            won=fmt.rate(won, row.with_of),
            lost=fmt.rate(lost, row.without_of),
        )

    def notes(self) -> list[str]:
        return [
            say(
                "An objection is counted where the deal carries one. Before and"
                " after cannot tell the measure from anything else that changed;"
                " with and without a script cannot tell the script from the reps who"
                " use it."
            )
        ]


@page.section("objections")
def objections(book: Book, *, since: str = "") -> Objections:
    """The objection rate before and since a day, by objection, and the use of the script library.

    since: YYYY-MM-DD, by default the first strategy of the last 12 months. Needs
    opportunities.objection; activities that name deals for the use of scripts.
    """
    book.need("opportunities", "objection", gives=GIVES)
    return objections_of(deals_of(book), book, since=since)


def objections_of(deals: Deals, book: Book, *, since: str = "") -> Objections:
    """The same from deals made ready before."""
    stage = max([k for k in deals.dated if k < deals.last], default=deals.last - 1)
    change, start, months, source, why = _change(deals, book, stage, since)
    return Objections(
        change,
        use(deals, book, stage),
        start,
        months,
        source,
        why,
        deals.stages[stage],
        book.settings.funnel.min_group,
        book.as_of,
        book.fmt,
    )


def _change(
    deals: Deals, book: Book, stage: int, since: str
) -> tuple[pd.DataFrame, Month | None, int, str, str]:
    none = ObjectionChange.make([])
    try:
        day, source = measure_day(book, since, GIVES)
    except NotAvailable:
        return (
            none,
            None,
            0,
            "",
            say("no strategy started in the last 12 months and no day is given"),
        )
    start = Month.of(day) if day.day == 1 else Month.of(day) + 1
    months = min(book.month - start + 1, 12)
    known = coverage(book, "opportunities", "created")
    months = min(months, known.months_before(start.start))
    if months < 1:
        return none, start, 0, source, say("no whole month lies before and after the day")
    counts = objection_counts(deals, stage)
    spans = [
        counts[counts.month.between(start.number - months, start.number - 1)],
        counts[counts.month.between(start.number, start.number + months - 1)],
    ]
    of = [int(span.n.sum()) for span in spans]
    small = book.settings.funnel.min_group
    if min(of) < small:
        why = say(
            "fewer than {small} deals reached {stages} on one side of the day",
            small=small,
            stages=deals.stages[stage],
        )
        return none, start, months, source, why
    named = [
        span[span.objection.notna()]
        .assign(what=lambda part: [tidy(o) for o in part.objection])
        .groupby("what")
        .n.sum()
        for span in spans
    ]
    each = pd.concat(named, axis=1, keys=["before", "after"]).fillna(0).astype(int)
    each = each.assign(size=each.sum(axis=1)).sort_values(["size", "what"], ascending=[False, True])
    was, now = (int(part.sum()) for part in named)
    rows: list[tuple[str, int, int]] = [(say("any objection"), was, now)]
    rows += [(str(what), int(r.before), int(r.after)) for what, r in each.iterrows()]
    found: list[dict[str, Any]] = []
    for what, k0, k in rows:
        low, high = newcombe(k, of[1], k0, of[0])
        found.append(
            {
                "what": what,
                "before": k0,
                "before_of": of[0],
                "after": k,
                "after_of": of[1],
                "change": k / of[1] - k0 / of[0],
                "low": low,
                "high": high,
                "p": proportions_p(k, of[1], k0, of[0]),
            }
        )
    p = holm([row["p"] for row in found])
    made = [
        {**row, "p": q, "reading": BEYOND if q < LEVEL else WITHIN}
        for row, q in zip(found, p, strict=True)
    ]
    return ObjectionChange.make(made), start, months, source, ""
