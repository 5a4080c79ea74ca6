"""Own deals, contracts that end and own statement of a salesperson's page."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import plural
from playbook.base.language import say, term
from playbook.data.book import Book
from playbook.incentives.plans.statement_result import Statements
from playbook.page.contribution import bare
from playbook.page.panels import Column, Line, Rows, words

from .work import day

LISTED = 6


def deal_rows(book: Book, deals: pd.DataFrame) -> Rows:
    fmt, shown = book.fmt, deals.head(LISTED)
    total = float(deals.worth.fillna(0).sum())
    lines = tuple(
        Line(
            (
                words(r.opportunity_id, "strong"),
                words(r.customer or "–"),
                words(r.stage if isinstance(r.stage, str) else "–"),
                words(fmt.text(day(r.expected_close), "date") if day(r.expected_close) else "–"),
                words(bare(fmt, r.worth) if r.worth == r.worth else "–", "strong"),
            )
        )
        for r in shown.itertuples()
    )
    return Rows(
        say(
            "{open_deals} of {total}",
            open_deals=plural(len(deals), "open deal"),
            total=fmt.money(total, compact=True),
        ),
        say("The {n} largest · expected amounts, not weighted", n=len(shown)),
        (
            Column(say("Deal"), width=0.9),
            Column(say("Customer"), width=2.0),
            Column(say("Stage"), width=1.1),
            Column(say("Expected"), width=1.2),
            Column("", "num", 0.8, right=True),
        ),
        lines,
        wide=0.5,
        name="deals",
    )


def ending_rows(book: Book, ends: pd.DataFrame) -> Rows:
    fmt, shown = book.fmt, ends.head(LISTED)
    total = fmt.money(ends.worth.sum(), compact=True)
    lines = tuple(
        Line(
            (
                words(r.customer, "strong"),
                words(fmt.text(day(r.end), "date")),
                words(bare(fmt, r.worth), "strong"),
            )
        )
        for r in shown.itertuples()
    )
    return Rows(
        say(
            "{contracts} to renew, {total} a year",
            contracts=plural(len(ends), "contract"),
            total=total,
        ),
        say(
            "The next {n} that end, not renewed on {as_of}",
            n=len(shown),
            as_of=fmt.text(book.as_of, "date"),
        ),
        (
            Column(say("Customer"), width=2.4),
            Column(say("Ends"), width=1.2),
            Column("", "num", 0.8, right=True),
        ),
        lines,
        wide=0.5,
        name="ending",
    )


def statement_rows(book: Book, pay: Statements, rep: str) -> Rows | None:
    """The own statement by kind of pay; None for somebody the plan pays nothing."""
    rows = pay.table[pay.table.rep_id == rep]
    mine = pay.lines[pay.lines.rep_id == rep]
    if rows.empty or mine.empty:
        return None
    fmt = book.fmt
    sums = mine.groupby("item", sort=True)["pay"].sum()
    counts = mine["item"].value_counts()
    lines = [
        Line((words(term(item)), words(plural(int(counts[item]), "line")), words(fmt.money(value))))
        for item, value in sums.items()
    ]
    total = rows.iloc[0].pay
    lines.append(
        Line(
            (words(say("Pay"), "strong"), words(""), words(fmt.money(total), "strong")),
            style="total",
        )
    )
    return Rows(
        say("Own statement: {total} so far", total=fmt.money(total)),
        say(
            "{label} · plan {name}, as the company's payroll counts it; the"
            " statement itself has every line",
            label=pay.window.label,
            name=pay.plan.name,
        ),
        (
            Column(say("Kind of pay"), width=2.4),
            Column("", width=1.0),
            Column("", "num", 1.2, right=True),
        ),
        tuple(lines),
        wide=0.5,
        name="statement",
    )
