"""One salesperson's page: target and pace, what to do on Monday, own deals, own statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from playbook import goals, segments
from playbook.base.formats import is_missing, joined, plural
from playbook.base.language import later, say, term
from playbook.data.book import Book
from playbook.data.measures.names import in_charge
from playbook.funnel.working_days import working_day_after
from playbook.incentives.plans.statement_result import Statements
from playbook.page import Result
from playbook.page.contribution import bare
from playbook.page.panels import Column, Line, Panel, Prose, Rows, Sheet, bars, words

from .rep_lists import deal_rows, ending_rows, statement_rows
from .work import day, ending, open_deals

LISTED = 12
WINDOWS = (
    ("month", later("Month")),
    ("quarter_to_date", later("Quarter")),
    ("year_to_date", later("Year")),
)
WEEKDAYS = later(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
Json = dict[str, Any]


@dataclass(frozen=True)
class RepPage:
    """The page (tiles first), its results for numbers and worksheets, and the rep's name."""

    name: str
    sheet: Sheet
    tiles: tuple[Json, ...]
    results: tuple[Result, ...]


def rep_page(book: Book, rep: str, pay: Statements | None = None) -> RepPage:
    """The page of one rep, from a book that holds the own rows only. pay: statements of everybody
    under the company's plan, of which the own one is shown; None = no pay.
    """
    name = in_charge(book).get(rep, rep)
    tracking = goals.tracking(book)
    likelihood = goals.likelihood(book, 0.0)
    short = goals.director(book, tracking, likelihood)
    todo = segments.actions(book)
    tiles = short.gives.data()["tiles"] if hasattr(short, "gives") and short.status == "ok" else []
    panels: list[Panel] = []
    if tracking.status == "ok" and (rows := _targets(book, tracking.table)):
        panels.append(rows)
    if todo.status == "ok" and len(todo.table):
        panels.append(_monday(book, todo.table))
    deals = open_deals(book)
    if len(deals):
        panels.append(deal_rows(book, deals))
    ends = ending(book)
    if len(ends):
        panels.append(ending_rows(book, ends))
    if pay is not None and (statement := statement_rows(book, pay, rep)):
        panels.append(statement)
    shown = [t for t in tiles if t["key"] in ("sales", "sales_year", "orders", "new_customers")]
    if not panels and not shown:
        panels.append(_nothing(book, name))
    sheet = Sheet(
        "rep",
        _title(book, name, tracking, todo),
        say(
            "{name} only · {currency}, net of refunds · {month} · as of {as_of}",
            name=name,
            currency=book.currency,
            month=book.fmt.text(book.month, "month"),
            as_of=book.fmt.text(book.as_of, "date"),
        ),
        say("Where do I stand, and what do I do on Monday?"),
        tuple(panels),
    )
    return RepPage(name, sheet, tuple(shown[:4]), (tracking, likelihood, short, todo))


def _nothing(book: Book, name: str) -> Prose:
    """The page of somebody of whom the book holds nothing: what would stand here."""
    told = say(
        "No target, order, open deal, contract or task of {name} stands in the book up to"
        " {as_of}; the first one appears here.",
        name=name,
        as_of=book.fmt.text(book.as_of, "date"),
    )
    return Prose(((say("Nothing to show yet"), told),))


def _row(table: pd.DataFrame, window: str) -> Any:
    rows = table[(table.metric == "sales") & (table.window == window)]
    rows = rows[rows.members.map(len) == 0]
    return rows.iloc[0] if len(rows) else None


def _title(book: Book, name: str, tracking: Any, todo: Any) -> str:
    fmt = book.fmt
    row = _row(tracking.table, "year_to_date") if tracking.status == "ok" else None
    parts = [name]
    if row is not None:
        parts[0] = say(
            "{name}: {actual} of {target} in the year",
            name=name,
            actual=fmt.money(row.actual, compact=True),
            target=fmt.money(row.target, compact=True),
        )
        if not is_missing(row.chance):
            parts.append(say("a chance of {percent}", percent=fmt.chance(row.chance)))
    if todo.status == "ok" and len(todo.table):
        late = int((pd.to_datetime(todo.table.due) < pd.Timestamp(book.as_of)).sum())
        parts.append(
            say(
                "{things} to do, {late} overdue", things=plural(len(todo.table), "thing"), late=late
            )
            if late
            else say("{things} to do", things=plural(len(todo.table), "thing"))
        )
    return joined(parts, "; ")


def _targets(book: Book, table: pd.DataFrame) -> Rows | None:
    fmt, lines = book.fmt, []
    for window, label in WINDOWS:
        row = _row(table, window)
        if row is None:
            continue
        known = not is_missing(row.middle)
        low, high = (bare(fmt, row.low), bare(fmt, row.high)) if known else ("", "")
        ahead = known and float(row.middle) > float(row.actual)
        pace = row.pace
        lines.append(
            Line(
                (
                    words(say(label), "strong"),
                    bars(
                        row.actual,
                        bare(fmt, row.actual),
                        plan=row.target,
                        forecast=(row.middle, row.low, row.high) if ahead else None,
                    ),
                    words(bare(fmt, row.target)),
                    words(fmt.share(row.completion), "strong"),
                    words(
                        "–" if is_missing(pace) else fmt.share(pace),
                        "" if is_missing(pace) else "good" if pace >= 1 else "bad",
                    ),
                    words(f"{bare(fmt, row.middle)} [{low}–{high}]" if ahead else "–"),
                    words("–" if not ahead else fmt.chance(row.chance)),
                )
            )
        )
    if not lines:
        return None
    year = _row(table, "year_to_date")
    title = say("Sales against the own targets")
    if year is not None:
        gap = float(year.target) - float(year.actual)
        title = (
            say("{gap} to go in the year", gap=fmt.money(gap, compact=True))
            if gap > 0
            else say("{gap} above the year's target", gap=fmt.money(-gap, compact=True))
        )
    return Rows(
        title,
        say("AC inside PL, forecast hatched with its 80 % interval · pace: done ÷ due by today"),
        (
            Column("", width=0.8),
            Column(say("AC + FC, PL outlined"), "bars", 4.0),
            Column(say("PL"), "num", 0.8, right=True),
            Column(say("done"), "num", 0.9, right=True),
            Column(say("pace"), "num", 0.9, right=True),
            Column(say("forecast"), "num", 1.9, right=True),
            Column(say("chance"), "num", 0.8, right=True),
        ),
        tuple(lines),
        name="targets",
    )


def _monday(book: Book, table: pd.DataFrame) -> Rows:
    fmt = book.fmt
    first = working_day_after(book, 1)
    rows = table.head(LISTED)
    late = book.as_of
    lines = tuple(
        Line(
            (
                words(str(i), "strong"),
                words(term(r.action)),
                words(r.name if isinstance(r.name, str) else r.customer_id, "strong"),
                words(fmt.text(day(r.due), "date"), "bad" if _late(r.due, late) else ""),
                words(fmt.money(r.worth, compact=True) if r.worth == r.worth else "–"),
                words(r.reason or "", "muted"),
                words(r.id, "muted"),
            )
        )
        for i, r in enumerate(rows.itertuples(index=False), start=1)
    )
    more = len(table) - len(rows)
    return Rows(
        say(
            "What to do from {weekday} {day}, worth most first",
            weekday=say(WEEKDAYS[first.weekday()]),
            day=fmt.text(first, "date"),
        ),
        say("the same numbers as in the workbook and the calendar file")
        + (say(" · {more} more there", more=more) if more else ""),
        (
            Column("", width=0.25),
            Column(say("What"), width=2.9),
            Column(say("With"), width=2.0),
            Column(say("Due"), width=1.05),
            Column(say("Worth"), "num", 0.75, right=True),
            Column(say("Because"), width=2.0),
            Column(say("Number"), width=1.35),
        ),
        lines,
        name="todo",
    )


def _late(due: Any, as_of: Any) -> bool:
    found = day(due)
    return found is not None and found < as_of
