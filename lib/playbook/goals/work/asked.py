"""How many deals the plan asks: what is open of the year, the quarter and the month, by the average
deal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any

import pandas as pd

from playbook.base.contracts import Frame, count, money, number, text
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say
from playbook.base.periods import Month, fiscal_quarter
from playbook.data.book import Book
from playbook.data.measures import deal_counts, sales
from playbook.data.measures.deal_size import DealSize, deal_size
from playbook.data.measures.plan import Plan
from playbook.data.measures.targets import period_of
from playbook.goals.actuals import Actuals
from playbook.goals.plan.year import YearFigure, plan_in_force, year_curve, year_figure
from playbook.page import Col, Table, table


class AskedDeals(Frame):
    """One row per span that is open: the rest of the year planned, the quarter and the month that
    come next.
    """

    span = text("the span in words")
    target = money("its target in force, or its part of the figure planned")
    reached = money("what it has brought so far")
    open = money("target less reached, at least 0")
    months = count("months of it that are still to come")
    deals = count("deals that bring what is open, rounded up")
    a_month = number("deals a month")


@dataclass(frozen=True)
class Asked:
    """Deals a month that the plan asks.

    table: what it stands on; size: the average deal and the share of sales through deals; source:
    where the year's figure comes from; given: it is a target (else a forecast).
    """

    deals: int
    table: Annotated[pd.DataFrame, AskedDeals]
    size: DealSize
    source: str
    given: bool

    def sentence(self, fmt: Formats) -> str:
        """What the number rests on."""
        year = self.table.iloc[0]
        size = fmt.money(self.size.average)
        if not year["open"]:
            return say(
                "{span} is reached already; a month of what the plan still has asks"
                " {deals} at {size} each.",
                span=year["span"][:1].upper() + year["span"][1:],
                deals=plural(self.deals, "deal"),
                size=size,
            )
        share = (
            ""
            if self.size.share >= 1
            else say(
                " × {share} of sales through deals", share=fmt.share(self.size.share, decimals=0)
            )
        )
        places = {
            "deals": plural(self.deals, "deal"),
            "open": fmt.money(year["open"]),
            "span": year["span"],
            "share": share,
            "size": size,
            "months": plural(int(year["months"]), "month"),
        }
        if self.given:
            return say(
                "The plan asks {deals} a month: {open} open in {span}{share} ÷ {size} a deal"
                " ÷ {months}.",
                **places,
            )
        return say(
            "Illustration, for want of a target: the year asks {deals} a month: {open} open in"
            " {span}{share} ÷ {size} a deal ÷ {months}.",
            **places,
        )

    def tables(self, fmt: Formats) -> list[Table]:
        """What is open of each span, and the deals that takes."""
        covered = f"{fmt.text(self.size.start, 'date')} – {fmt.text(self.size.end, 'date')}"
        bare = (
            say(
                ", {won_deals} without an amount left out",
                won_deals=plural(self.size.unpriced, "won deal"),
            )
            if self.size.unpriced
            else ""
        )
        note = say(
            "{source} · deals: open × {share} of sales through won deals ÷"
            " {average} a won deal (n {deals}, {covered}{bare}), rounded up",
            source=self.source,
            share=fmt.share(self.size.share),
            average=fmt.money(self.size.average),
            deals=fmt.count(self.size.deals),
            covered=covered,
            bare=bare,
        )
        columns = [
            Col("span", label="Span"),
            Col("target", "money", "Target"),
            Col("reached", "money", "Reached"),
            Col("open", "money", "Open", context="target"),
            Col("months", "count", "Months left"),
            Col("deals", "count", "Deals"),
            Col("a_month", "number", "Deals a month", decimals=1),
        ]
        return [
            table(self.table, columns, fmt, title=say("What the plan asks in deals"), note=note)
        ]


def asked_deals(book: Book, year_target: float = 0.0) -> Asked | None:
    """The deals the plan asks a month; None where the book has no priced wins or no year figure."""
    try:
        size, actuals = deal_size(book), Actuals(book)
        planned = year_figure(book, year_target, actuals)
    except NotAvailable:
        return None
    if size.average is None:
        return None
    plan = plan_in_force(book)
    rows = AskedDeals.make(_rows(book, actuals, planned, plan, size, not year_target))
    year = rows.iloc[0]
    a_month = float(year["a_month"]) or float(rows["a_month"].iloc[-1])
    return Asked(max(1, math.ceil(a_month - 1e-3)), rows, size, planned.source, planned.given)


def why_so_many(asked: Asked | None, from_book: bool, deals: int, fmt: Formats) -> str:
    """Where the number of deals comes from, where the book gives it."""
    if asked:
        return joined([asked.sentence(fmt), ""], " ")
    if from_book:
        return say(
            "The book has no year to work back from: {deals} are what a month"
            " with closed deals brought in the trailing 12. ",
            deals=plural(deals, "deal"),
        )
    return ""


def usual_deals(book: Book) -> int:
    """Deals won in a month of the trailing 12 (of those with any deal closed); at least 1."""
    months = deal_counts.deals_by_month(book)
    recent = sales.within(months, book.month - 11, book.month)
    closed = recent[(recent["won"] + recent["lost"]) > 0]
    return max(1, math.ceil(closed["won"].sum() / len(closed))) if len(closed) else 1


def _rows(
    book: Book,
    actuals: Actuals,
    planned: YearFigure,
    plan: Plan | None,
    size: DealSize,
    by_plan: bool,
) -> list[dict[str, Any]]:
    ahead = max(book.month + 1, planned.first)
    quarter = fiscal_quarter(ahead, book.settings.book.fiscal_year_start)
    curve = year_curve(book, plan, actuals, planned)
    due = dict(zip(curve.months, curve.shares, strict=True))
    history = actuals.history("sales", {})
    spans = [
        (
            say("the rest of {name}", name=planned.name)
            if planned.first <= book.month
            else planned.name,
            planned.first,
            planned.last,
        ),
        (_quarter_name(book, *quarter), *quarter),
        (str(book.fmt.text(ahead, "month")), ahead, ahead),
    ]
    rows = []
    for name, first, last in spans:
        months = [first + i for i in range(last - first + 1)]
        target = planned.amount * sum(due.get(month, 0.0) for month in months)
        own = plan.get("sales", (), first, last) if plan and by_plan else None
        if own:
            target = own.target
        reached = sum(float(history.get(month, 0.0)) for month in months if month <= book.month)
        rest = max(0.0, target - reached)
        left = sum(month > book.month for month in months)
        deals = rest * size.share / float(size.average or 1)
        rows.append(
            {
                "span": name,
                "target": target,
                "reached": reached,
                "open": rest,
                "months": left,
                "deals": math.ceil(deals - 1e-3),  # a cent of rounding is no deal
                "a_month": deals / left if left else 0.0,
            }
        )
    return rows


def _quarter_name(book: Book, first: Month, last: Month) -> str:
    year = book.settings.book
    return period_of(first, last, year.fiscal_year_start, year.fiscal_year_name).label
