"""Contracts that end and open deals of a manager's page."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import plural
from playbook.base.language import say
from playbook.base.months import Month
from playbook.data.book import Book
from playbook.data.measures.names import in_charge
from playbook.page.contribution import bare
from playbook.page.panels import (
    Column,
    Line,
    Rows,
    bars,
    words,
)
from playbook.report.print.pdf_report import shortened

from .work import day, near

LISTED = 6


NAME = 12.0  # width of a customer's name that stays on one line [em]


def contract_rows(book: Book, ends: pd.DataFrame) -> Rows:
    fmt = book.fmt
    names = in_charge(book)
    shown = ends.sort_values("worth", ascending=False, kind="stable").head(LISTED)
    shown = shown.sort_values(["end", "contract_id"], kind="stable")
    worth = fmt.money(ends.worth.sum(), compact=True)
    until = fmt.text(Month.of(ends["end"].max().date()), "month")
    lines = tuple(
        Line(
            (
                words(shortened(r.customer, NAME)),
                words(names.get(r.rep_id, "") if isinstance(r.rep_id, str) else ""),
                words(near(r.end, book)),
                bars(r.worth, ""),
                words(bare(fmt, r.worth), "strong"),
            )
        )
        for r in shown.itertuples()
    )
    return Rows(
        say(
            "{contracts} of {worth} a year {en_ends} by {until}",
            contracts=plural(len(ends), "contract"),
            worth=worth,
            en_ends="end" if len(ends) > 1 else "ends",
            until=until,
        ),
        say(
            "The {n} largest, not renewed on {as_of}",
            n=len(shown),
            as_of=fmt.text(book.as_of, "date"),
        ),
        (
            Column("", width=2.7),
            Column("", width=1.3),
            Column("", width=0.9),
            Column("", "bars", 0.7),
            Column("", "num", 0.7, right=True),
        ),
        lines,
        wide=0.5,
        name="ending",
    )


def deal_rows(book: Book, deals: pd.DataFrame) -> Rows:
    fmt, shown, names = book.fmt, deals.head(LISTED), in_charge(book)
    total = float(deals.worth.fillna(0).sum())
    title = say(
        "Pipeline {total} in {deals}",
        total=fmt.money(total, compact=True),
        deals=plural(len(deals), "deal"),
    )
    if total and len(deals) > len(shown):
        part = float(shown.worth.fillna(0).sum()) / total
        title += say(
            "; the {n} largest carry {part} of it", n=len(shown), part=fmt.share(part, decimals=0)
        )
    lines = tuple(
        Line(
            (
                words(r.opportunity_id, "strong"),
                words(shortened(r.customer, NAME) or "–"),
                words(r.product_line if isinstance(r.product_line, str) else "–"),
                words(r.stage if isinstance(r.stage, str) else "–"),
                words(fmt.text(day(r.expected_close), "date") if day(r.expected_close) else "–"),
                words(names.get(r.rep_id, "–") if isinstance(r.rep_id, str) else "–"),
                bars(r.worth, ""),
                words(bare(fmt, r.worth) if r.worth == r.worth else "–", "strong"),
            )
        )
        for r in shown.itertuples()
    )
    return Rows(
        title,
        say("The largest open deals · expected amounts, not weighted"),
        (
            Column(say("Deal"), width=0.8),
            Column(say("Customer"), width=2.0),
            Column(say("Line", context="product"), width=1.1),
            Column(say("Stage"), width=1.1),
            Column(say("Expected"), width=1.1),
            Column(say("Owner"), width=1.3),
            Column("", "bars", 1.3),
            Column("", "num", 0.8, right=True),
        ),
        lines,
        name="deals",
    )
