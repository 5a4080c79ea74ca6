"""One list of causes: where deals stop, wait, shrink, are given away or do not match, in money,
with how sure each is among everything that was compared.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, listing
from playbook.base.language import say, term
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.funnel.steps.cycle import Cycle
from playbook.page import Col, Table, table
from playbook.page.kpi import Kpi

from .bottleneck import Bottleneck
from .cause_list import (
    DISCOUNT,
    MATCH,
    PASSES,
    SIZE,
    STAYS,
    WORDS,
    CauseRows,
    found,
    place,
    ranked,
    slow,
)
from .cause_searches import fewer_matches, larger_discounts, smaller_deals
from .place import within


@dataclass(frozen=True)
class Causes(page.Result):
    """Causes over rates, times, sizes, discounts and match.

    compared: measure → comparisons made, only of measures that could be searched.
    """

    table: Annotated[pd.DataFrame, CauseRows]
    compared: dict[str, int]
    as_of: date
    currency: str
    fmt: Formats
    section = "causes"

    def tables(self) -> list[Table]:
        if self.table.empty:
            return []
        fmt = self.fmt
        shown = self.table.assign(
            cost=[
                "–" if pd.isna(r.worth) else within(r.worth, r.low, r.high, fmt)
                for r in self.table.itertuples()
            ]
        )
        columns = [
            Col("measure", "term", "What"),
            Col("where", "text", "Where", weight=2),
            Col("what", "text", "How far", weight=4),
            Col("n", "count", "Of"),
            Col("cost", "text", "Cost in 12 months", align="r"),
            Col("sure", "term", "How sure"),
        ]
        return [
            table(
                shown,
                columns,
                fmt,
                title=say("Causes found, in money"),
                note=(
                    say(
                        "{currency}; named only beyond chance among {values} comparisons of"
                        " {compared}; sure = 1 in 100 by luck in the whole list, very likely"
                        " = 1 in 20; 95 %; as of {as_of}",
                        currency=self.currency,
                        values=fmt.count(sum(self.compared.values())),
                        compared=listing([say(WORDS[m]) for m in self.compared], 5),
                        as_of=fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        searched = listing([say(WORDS[m]) for m in self.compared], 5)
        if self.table.empty:
            return say(
                "Searched were {searched}: nobody and nothing lies apart by more than chance.",
                searched=searched,
            )
        fmt, top = self.fmt, self.table.iloc[0]
        if pd.isna(top.worth):
            return say(
                "Searched were {searched}. Found: {where}, {what}.",
                searched=searched,
                where=top["where"],
                what=top.what,
            )
        text = say(
            "Searched were {searched}. The costliest cause is {where}"
            " ({measure}): {what}; about {worth} in 12 months [{low} to {high}],"
            " {sure}.",
            searched=searched,
            where=top["where"],
            measure=term(top.measure),
            what=top.what,
            worth=fmt.money(top.worth, compact=True),
            low=fmt.money(top.low, compact=True),
            high=fmt.money(top.high, compact=True),
            sure=term(top.sure),
        )
        rest = self.table.iloc[1:]
        if len(rest):
            named = [
                say("{where} ({measure})", where=r["where"], measure=term(r["measure"]))
                for r in rest.to_dict("records")
            ]
            text += say(" Then: {named}.", named=listing(named, 4))
        return text

    def headline(self) -> str:
        if self.table.empty:
            return ""
        top = self.table.iloc[0]
        worth = (
            ""
            if pd.isna(top.worth)
            else say(", {worth} in 12 months", worth=self.fmt.money(top.worth, compact=True))
        )
        return say(
            "Costliest cause: {where} ({measure}){worth}",
            where=top["where"],
            measure=term(top.measure),
            worth=worth,
        )

    def notes(self) -> list[str]:
        return [
            say(
                "One cause may show in two measures (deals that do not match pass"
                " fewer steps), so costs are not added. A longer stay costs time:"
                " its money is what is won later than it could be. A cause here is a"
                " place to look, found by comparing it with its like; why it lies"
                " apart is for those who know it."
            )
        ]

    def problems(self, most: int = 3, leaving: Collection[str] = ()) -> list[str]:
        """The costliest causes, one line each. leaving: channels that are left out."""
        rows = [r for r in self.table.to_dict("records") if r["by"].get("channel") not in leaving]
        return [
            say(
                "{where} ({measure}): {what}",
                where=r["where"],
                measure=term(r["measure"]),
                what=r["what"],
            )
            + (
                ""
                if pd.isna(r["worth"])
                else say(
                    "; {worth} in 12 months, {sure}",
                    worth=self.fmt.money(r["worth"], compact=True),
                    sure=term(r["sure"]),
                )
            )
            for r in rows[:most]
        ]

    def at(self, dimension: str, member: str) -> str:
        """What was found at a member, as a phrase that names the place where it is narrower than
        the member; empty where nothing was.
        """
        rows = [r for r in self.table.to_dict("records") if r["by"].get(dimension) == member]
        return joined(
            (
                say("{measure}: {what}", measure=term(r["measure"]), what=r["what"])
                if len(r["by"]) == 1
                else say(
                    "{where} {measure}: {what}",
                    where=r["where"],
                    measure=term(r["measure"]),
                    what=r["what"],
                )
                for r in rows[:2]
            ),
            "; ",
        )

    def kpis(self) -> list[Kpi]:
        found = []
        for row in self.table.to_dict("records"):
            if not pd.isna(row["worth"]):
                by = {"measure": row["measure"], **row["by"]}
                low, high = float(row["low"]), float(row["high"])
                worth = float(row["worth"])
                found.append(
                    Kpi(
                        "cause.cost",
                        "trailing_12m",
                        worth,
                        self.currency,
                        by,
                        low,
                        high,
                        n=int(row["n"]),
                        method="95 %",
                    )
                )
        return found


@page.section("causes")
def causes(
    book: Book, bottleneck: Bottleneck | page.Missing, cycle: Cycle | page.Missing
) -> Causes:
    """The causes found by the searches of places and slow stages, and by those over sizes,
    discounts and match, in one list.

    bottleneck, cycle: results of these sections; either may be missing. Needs opportunities or
    orders with list amounts.
    """
    deals = deals_of(book) if book.has("opportunities", "outcome") else None
    rows, compared = [], {}
    if isinstance(bottleneck, Bottleneck):
        compared[PASSES] = bottleneck.searched
        rows += [place(r, book.fmt) for r in bottleneck.places.to_dict("records")]
    if isinstance(cycle, Cycle) and deals is not None:
        compared[STAYS] = cycle.compared
        rows += [slow(r, deals, book) for r in cycle.slow.to_dict("records")]
    if deals is not None:
        rows += found(SIZE, smaller_deals(deals, book), compared, book)
        rows += found(MATCH, fewer_matches(deals, book), compared, book)
    rows += found(DISCOUNT, larger_discounts(book), compared, book)
    compared = {measure: compared[measure] for measure in WORDS if compared.get(measure)}
    if not compared:
        raise NotAvailable(
            {"opportunities": ("outcome", "rep_id", "amount")},
            say("where deals stop, wait, shrink or are given away, in one list in money"),
        )
    return Causes(ranked(rows, len(compared)), compared, book.as_of, book.currency, book.fmt)
