"""What the plan leans on: concentration by customer and industry, the mix of new customers, and the
reserve.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say
from playbook.base.periods import Calendar
from playbook.base.settings import GoalSettings
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.names import customer_names
from playbook.goals.actuals import Actuals
from playbook.goals.due_dates import month_end
from playbook.goals.figures import concentration
from playbook.goals.illustrations import is_set
from playbook.goals.labels import kind_label
from playbook.methods.intervals import Rate
from playbook.page import Action, Col, Figure, Result, Table, section, table
from playbook.page.blocks import Tone
from playbook.page.kpi import Kpi

from .buffers import buffers_table, new_outside, reserve
from .concentration import CONCENTRATED, Concentration, LargestMembers, largest_of, spread_of
from .risk_actions import risk_actions


@dataclass(frozen=True)
class Risk(Result):
    """Concentration, and the two buffers: new customers and leads in reserve.

    mix: new customers outside strategic industries of all new ones whose industry is known, None
    where the book does not say which industries are strategic; unplaced: new customers without an
    industry; pool: leads in reserve, None where the book has none; counter: net sales of rows
    without a customer, which lean on nobody that is known.
    """

    section: ClassVar[str] = "risk"
    fmt: Formats
    as_of: date
    settings: GoalSettings
    calendar: Calendar
    spread: Annotated[pd.DataFrame, Concentration]
    top: Annotated[pd.DataFrame, LargestMembers]
    mix: Rate | None
    unplaced: int
    pool: int | None
    counter: float

    def figure(self) -> Figure | None:
        """Cumulative share of the largest members; None where nobody has positive sales."""
        return concentration(self.top, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        columns = [
            Col("dimension", "term", "By", context="risk"),
            Col("members", "count", "Members"),
            Col("largest", label="Largest"),
            Col("share", "share", "Its share", tone=self._tone),
            Col("five", "share", "Five largest"),
            Col("hhi", "number", "HHI", decimals=3),
            Col("evenly", "number", "Worth evenly spread members", decimals=1),
        ]
        first = table(
            self.spread,
            columns,
            self.fmt,
            title=say("What sales lean on"),
            note=(
                say(
                    "net sales of the trailing 12 months, members with positive sales ·"
                    " HHI: sum of squared shares, {concentrated} and more is"
                    " concentrated · as of {as_of}",
                    concentrated=CONCENTRATED,
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
        )
        return [
            first,
            *buffers_table(self.mix, self.unplaced, self.pool, self.settings, self.fmt),
        ]

    def _tone(self, row: dict[str, Any]) -> Tone:
        return "bad" if self._heavy(row) else ""

    def _heavy(self, row: dict[str, Any]) -> bool:
        """Whether a share reaches the limit that the book sets; without one nothing does."""
        limit = is_set(self.settings, "largest_share")
        return limit and row["share"] >= self.settings.largest_share

    def reading(self) -> str:
        sentences = []
        for row in self.spread.to_dict("records"):
            limit = self.fmt.share(self.settings.largest_share)
            heavy = (
                say(", {limit} or more being a concentration risk", limit=limit)
                if self._heavy(row)
                else ""
            )
            one = (
                row["largest"]
                if row["equal"] == 1
                else say("one of {n} of equal size,", n=row["equal"])
            )
            sentences.append(
                say(
                    "The largest {dimension} is {one} with {share} of sales{heavy}.",
                    dimension=kind_label(row["dimension"]),
                    one=one,
                    share=self.fmt.share(row["share"]),
                    heavy=heavy,
                )
            )
        if self.mix is not None and self.mix.value is not None:
            side = (
                ""
                if not is_set(self.settings, "new_customer_share")
                else say(", enough")
                if self.mix.value >= self.settings.new_customer_share
                else say(", less than wanted")
            )
            sentences.append(
                say(
                    "{share} of new customers come from outside the strategic industries{side}.",
                    share=self.fmt.rate(self.mix.numerator, self.mix.denominator),
                    side=side,
                )
            )
        if self.pool is not None:
            sentences.append(
                say(
                    "{leads} {en_wait} in reserve.",
                    leads=plural(self.pool, "lead"),
                    en_wait="waits" if self.pool == 1 else "wait",
                )
            )
        if self.counter:
            sentences.append(
                say(
                    "Sales without a customer ({counter}) lean on nobody that is known"
                    " and are left out of the shares by customer.",
                    counter=self.fmt.money(self.counter, compact=True),
                )
            )
        return joined(sentences, " ")

    def notes(self) -> list[str]:
        if self.mix is not None or not self.industries_known:
            return []
        return [
            say(
                "Which industries are strategic is not stated ([goals]"
                " strategic_industries), so the share of new customers outside them"
                " is not worked out."
            )
        ]

    @property
    def industries_known(self) -> bool:
        """Whether customers carry industries."""
        return bool((self.spread["dimension"] == "industry").any())

    def headline(self) -> str:
        sentences = [
            say(
                "largest {dimension} {share} of sales, spread as over {evenly} equal ones",
                dimension=kind_label(row["dimension"]),
                share=self.fmt.share(row["share"]),
                evenly=self.fmt.text(row["evenly"], "number", decimals=1),
            )
            for row in self.spread.to_dict("records")
        ]
        return (
            say("Concentration: {sentences}.", sentences=joined(sentences, "; "))
            if sentences
            else ""
        )

    def kpis(self) -> list[Kpi]:
        return [
            kpi
            for row in self.spread.to_dict("records")
            for kpi in (
                Kpi(
                    "concentration.hhi",
                    "trailing_12m",
                    row["hhi"],
                    "ratio",
                    {"dimension": row["dimension"]},
                    n=int(row["members"]),
                ),
                Kpi(
                    "concentration.largest",
                    "trailing_12m",
                    row["share"],
                    "share",
                    {"dimension": row["dimension"]},
                    n=int(row["members"]),
                ),
            )
        ]

    def actions(self) -> list[Action]:
        heavy = [r for r in self.spread.to_dict("records") if self._heavy(r) and r["equal"] == 1]
        due = month_end(self.as_of, self.calendar)
        return risk_actions(heavy, self.mix, self.pool, self.settings, due, self.fmt)


@section("risk")
def risk(book: Book) -> Risk:
    """Concentration of the trailing 12 months, the mix of new customers and the reserve pool."""
    book.need(
        "orders", "amount", gives=say("how much sales lean on single customers and industries")
    )
    actuals, year = Actuals(book), book.window("trailing_12m")
    rows = sales.between(actuals.rows, year.start, year.end)
    customers = sales.by_customer(rows)
    nobody = customers["customer_id"].isna()
    counter = float(customers.loc[nobody, "amount"].sum())
    customers = customers[~nobody]
    frames = {"customer": customers.set_index("customer_id")["amount"]}
    industries = (
        customers[customers["industry"] != sales.NOT_GIVEN]
        .groupby("industry", sort=True)["amount"]
        .sum()
    )
    if len(industries) > 1:
        frames["industry"] = industries
    spread = Concentration.make(
        row for d, amounts in frames.items() if (row := spread_of(d, amounts))
    )
    top = pd.concat([largest_of(d, amounts) for d, amounts in frames.items()], ignore_index=True)
    spread, top = _called_by_name(book, spread, "largest"), _called_by_name(book, top, "member")
    mix, unplaced = new_outside(book)
    pool = reserve(book)
    if spread.empty and mix is None and pool is None and not counter:
        raise NotAvailable(
            {},
            gives=say("how much sales lean on single customers and industries"),
            because=say("nobody bought more than was returned in the trailing 12 months"),
        )
    return Risk(
        book.fmt,
        book.as_of,
        book.settings.goals,
        book.calendar,
        spread,
        top,
        mix,
        unplaced,
        pool,
        counter,
    )


def _called_by_name(book: Book, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """``frame`` with its customers called by name, where the book knows it."""
    here = frame["dimension"] == "customer"
    names = customer_names(book, set(frame.loc[here, column]))
    called = frame[column].where(~here, frame[column].map(lambda one: names.get(one, one)))
    return frame.assign(**{column: called})
