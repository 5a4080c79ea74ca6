"""Whether leads match a need, why deals are lost, and which objections come up and what becomes of
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.data.measures.reasons import loss_counts, match_counts, objection_counts
from playbook.funnel.figures.talk import match_months
from playbook.funnel.windows import bounds, label
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

from .losses import LossReasons, loss_reasons
from .match import MatchRates, _moved, match_rates
from .objections import ObjectionOutcomes, ObjectionRates, objection_rates, objections_met
from .wording import NONE


class MatchMonths(Frame):
    """One row per month of the last 18."""

    leads = col.count(later("leads whose match is on record"))
    matched = col.count(later("of these, match a need"))
    negotiated = col.count(later("deals that reached the negotiation"))
    objections = col.count(later("of these, met an objection"))
    month = col.month(later("the month"))
    rate = col.share(later("matched ÷ leads"))
    objection_rate = col.share(later("objections ÷ negotiated"))


@dataclass(frozen=True)
class Reasons(page.Result):
    """Leads that match a need, reasons for losing, objections.

    objected: how often deals meet an objection. moved: the change of matched leads on the year
    before (see ``matched_change``), None where it is not known.
    """

    match: Annotated[pd.DataFrame, MatchRates]
    monthly: Annotated[pd.DataFrame, MatchMonths]
    losses: Annotated[pd.DataFrame, LossReasons]
    objections: Annotated[pd.DataFrame, ObjectionOutcomes]
    objected: Annotated[pd.DataFrame, ObjectionRates]
    moved: dict | None
    stage: str
    as_of: date
    currency: str
    fmt: Formats
    section = "match-and-losses"

    def figure(self) -> Figure | None:
        return match_months(self.monthly, self.stage, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        fmt, day = self.fmt, self.fmt.text(self.as_of, "date")
        found = []
        if len(self.losses):
            columns = [
                Col("reason", "name"),
                Col("n", "count", "Lost deals"),
                Col("share", "share", "Of those with a reason", low="low", high="high"),
                Col("before", "share", "The year before"),
                Col("amount", "money", "Expected amount"),
            ]
            found.append(
                table(
                    self.losses,
                    columns,
                    fmt,
                    title=say("Why deals are lost"),
                    note=say(
                        "Deals closed in the last 12 months; Wilson 95 %; as of {day}", day=day
                    ),
                    limit=12,
                )
            )
        if len(self.objections):
            columns = [
                Col("objection", "name", "Objection"),
                Col("n", "count", "Deals"),
                Col("won", "count"),
                Col("lost", "count"),
                Col("rate", "share", "Won ÷ decided", low="low", high="high"),
            ]
            found.append(
                table(
                    self.objections,
                    columns,
                    fmt,
                    title=say("Objections and what became of them"),
                    note=(
                        say(
                            "Deals that reached {stage} in the last 12 months; Wilson 95 %; as"
                            " of {day}",
                            stage=self.stage,
                            day=day,
                        )
                    ),
                )
            )
        return found

    def reading(self) -> str:
        fmt, parts = self.fmt, []
        year = self.match[self.match.window == "trailing_12m"]
        if len(year) and year.assessed.iloc[0]:
            r = year.iloc[0]
            text = say(
                "{matched} of the deals created and assessed in the last 12 months match a need",
                matched=fmt.rate(r.matched, r.assessed),
            )
            if r.won_matched == r.won_matched and r.won_other == r.won_other:
                yes, no = (
                    fmt.rate(round(rate * n), n)
                    for rate, n in (
                        (r.won_matched, r.decided_matched),
                        (r.won_other, r.decided_other),
                    )
                )
                text += say(
                    "; of those decided {yes} of the matching were won, {no} of the others",
                    yes=yes,
                    no=no,
                )
            parts.append(text + say("."))
        if self.moved:
            m = self.moved
            parts.append(
                say(
                    "Against the same three months a year ago assessed deals went"
                    " {leads_change} and the match rate from {before} to {now}: matching"
                    " deals {matched_change} ({by_volume} by number, {by_rate} by match"
                    " rate).",
                    leads_change=fmt.text(m["leads_change"], "share", sign=True),
                    before=fmt.share(m["before"]),
                    now=fmt.share(m["now"]),
                    matched_change=fmt.text(m["matched_change"], "share", sign=True),
                    by_volume=fmt.text(m["by_volume"], "count", sign=True, decimals=0),
                    by_rate=fmt.text(m["by_rate"], "count", sign=True, decimals=0),
                )
            )
        return joined([*parts, *self._losses(), *self._objections()], " ")

    def _losses(self) -> list[str]:
        given = self.losses[self.losses.reason != NONE]
        none = int(self.losses.n.sum() - given.n.sum())
        if given.empty:
            return []
        top = given.iloc[0]
        text = say(
            "The most frequent reason for losing is {reason}: {n} of the lost deals with a reason",
            reason=top.reason,
            n=self.fmt.rate(top.n, given.n.sum()),
        )
        return [
            text
            + (
                say("; {lost_deals} without one.", lost_deals=plural(none, "lost deal"))
                if none
                else say(".")
            )
        ]

    def _objections(self) -> list[str]:
        o = self.objected[self.objected.window == "trailing_12m"]
        if o.empty or not o.n.iloc[0]:
            return []
        return [
            say(
                "An objection is on record for {k} of the deals that reached {stage}.",
                k=self.fmt.rate(o.k.iloc[0], o.n.iloc[0]),
                stage=self.stage,
            )
        ]

    def headline(self) -> str:
        year = self.match[self.match.window == "trailing_12m"]
        o = self.objected[self.objected.window == "trailing_12m"]
        parts = (
            [
                say(
                    "match rate {matched}",
                    matched=self.fmt.rate(year.matched.iloc[0], year.assessed.iloc[0]),
                )
            ]
            if len(year) and year.assessed.iloc[0]
            else []
        )
        parts += (
            [say("objections {k}", k=self.fmt.rate(o.k.iloc[0], o.n.iloc[0]))]
            if len(o) and o.n.iloc[0]
            else []
        )
        return say("Last 12 months: {parts}", parts=joined(parts, "; ")) if parts else ""

    def notes(self) -> list[str]:
        return [
            say(
                "The match is what the team recorded on the deal; deals without it"
                " are in no rate. Reasons and objections are taken as written but"
                " for blanks and upper case. An objection is counted where the deal"
                " carries one; a deal won in spite of it counts too, and a deal"
                " without one may have met one that nobody noted."
            )
        ]

    def kpis(self) -> list[Kpi]:
        kpis = [
            Kpi.rate(
                "match_rate",
                r["window"],
                Rate(r["matched"], r["assessed"]),
                why=say("no lead assessed in this window"),
            )
            for r in self.match.to_dict("records")
        ]
        return kpis + [
            Kpi.rate(
                "objection_rate",
                r["window"],
                Rate(r["k"], r["n"]),
                why=say("no deal reached the stage in this window"),
            )
            for r in self.objected.to_dict("records")
        ]


@page.section("match-and-losses")
def reasons(book: Book) -> Reasons:
    """Match rate, loss reasons and objections.

    Needs at least one of need_match, lost_reason and objection in opportunities.
    """
    gives = say(
        "the share of leads that match a need, the reasons deals are lost,"
        " and which objections cost deals"
    )
    if not any(book.has("opportunities", c) for c in ("need_match", "lost_reason", "objection")):
        raise NotAvailable({"opportunities": ("need_match", "lost_reason", "objection")}, gives)
    deals = deals_of(book)
    stage = max([k for k in deals.dated if k < deals.last], default=deals.last - 1)
    match = match_counts(deals) if book.has("opportunities", "need_match") else None
    objected = objection_counts(deals, stage) if book.has("opportunities", "objection") else None
    return Reasons(
        match_rates(match, book),
        _monthly(match, objected, book),
        (
            loss_reasons(loss_counts(deals), book)
            if book.has("opportunities", "lost_reason")
            else LossReasons.make([])
        ),
        objections_met(objected, book),
        objection_rates(objected, book),
        _moved(match, book),
        deals.stages[stage],
        book.as_of,
        book.currency,
        book.fmt,
    )


def _monthly(match: pd.DataFrame | None, objected: pd.DataFrame | None, book: Book) -> pd.DataFrame:
    first, last = bounds(book, "trailing_12m")
    frame = pd.DataFrame(index=range(first - 6, last + 1))
    if match is not None:
        frame = frame.join(match.groupby("month").n.sum().rename("leads")).join(
            match[match.match.astype(bool)].groupby("month").n.sum().rename("matched")
        )
    if objected is not None:
        frame = frame.join(objected.groupby("month").n.sum().rename("negotiated")).join(
            objected[objected.objection.notna()].groupby("month").n.sum().rename("objections")
        )
    frame = frame.reindex(columns=["leads", "matched", "negotiated", "objections"]).fillna(0)
    return frame.assign(
        month=[label(m) for m in frame.index],
        rate=frame.matched / frame.leads.where(frame.leads > 0),
        objection_rate=frame.objections / frame.negotiated.where(frame.negotiated > 0),
    ).reset_index(drop=True)
