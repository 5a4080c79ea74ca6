"""One salesperson's page: target and pace, what to do on Monday, own deals, own statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from playbook import goals, segments
from playbook.base.formats import is_missing, plural
from playbook.data.book import Book
from playbook.data.measures.names import in_charge
from playbook.funnel.working_days import working_day_after
from playbook.goals.director.words import percent
from playbook.incentives.plans.statement_result import Statements
from playbook.page import Result
from playbook.page.contribution import bare
from playbook.page.panels import Column, Line, Panel, Rows, Sheet, bars, words

from .work import day, ending, open_deals

TODO, LISTED = 12, 6
WINDOWS = (
    ("month", "Month"),
    ("quarter_to_date", "Quarter"),
    ("year_to_date", "Year"),
)
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
        panels.append(_deals(book, deals))
    ends = ending(book)
    if len(ends):
        panels.append(_ending(book, ends))
    if pay is not None and (statement := _statement(book, pay, rep)):
        panels.append(statement)
    sheet = Sheet(
        "rep",
        _title(book, name, tracking, todo),
        f"{name} only · {book.currency}, net of refunds · {book.fmt.text(book.month, 'month')} · as"
        f" of {book.fmt.text(book.as_of, 'date')}",
        "Where do I stand, and what do I do on Monday?",
        tuple(panels),
    )
    shown = [t for t in tiles if t["key"] in ("sales", "sales_year", "orders", "new_customers")]
    return RepPage(name, sheet, tuple(shown[:4]), (tracking, likelihood, short, todo))


def _row(table: pd.DataFrame, window: str) -> Any:
    rows = table[(table.metric == "sales") & (table.window == window)]
    rows = rows[rows.members.map(len) == 0]
    return rows.iloc[0] if len(rows) else None


def _title(book: Book, name: str, tracking: Any, todo: Any) -> str:
    fmt = book.fmt
    row = _row(tracking.table, "year_to_date") if tracking.status == "ok" else None
    parts = [name]
    if row is not None:
        parts[0] += (
            f": {fmt.money(row.actual, compact=True)} of {fmt.money(row.target, compact=True)} in"
            " the year"
        )
        if not is_missing(row.chance):
            parts.append(f"a chance of {percent(row.chance)}")
    if todo.status == "ok" and len(todo.table):
        late = int((pd.to_datetime(todo.table.due) < pd.Timestamp(book.as_of)).sum())
        parts.append(
            f"{plural(len(todo.table), 'thing')} to do" + (f", {late} overdue" if late else "")
        )
    return "; ".join(parts)


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
                    words(label, "strong"),
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
                    words("–" if is_missing(row.chance) or not ahead else percent(row.chance)),
                )
            )
        )
    if not lines:
        return None
    year = _row(table, "year_to_date")
    title = "Sales against the own targets"
    if year is not None:
        gap = float(year.target) - float(year.actual)
        title = (
            f"{fmt.money(gap, compact=True)} to go in the year"
            if gap > 0
            else f"{fmt.money(-gap, compact=True)} above the year's target"
        )
    return Rows(
        title,
        "AC inside PL, forecast hatched with its 80 % interval · pace: done ÷ due by today",
        (
            Column("", width=0.8),
            Column("AC + FC, PL outlined", "bars", 4.0),
            Column("PL", "num", 0.8, right=True),
            Column("done", "num", 0.9, right=True),
            Column("pace", "num", 0.9, right=True),
            Column("forecast", "num", 1.9, right=True),
            Column("chance", "num", 0.8, right=True),
        ),
        tuple(lines),
        name="targets",
    )


def _monday(book: Book, table: pd.DataFrame) -> Rows:
    fmt = book.fmt
    first = working_day_after(book, 1)
    rows = table.head(TODO)
    late = book.as_of
    lines = tuple(
        Line(
            (
                words(str(i), "strong"),
                words(r.action),
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
        f"What to do from {first:%A} {fmt.text(first, 'date')}, worth most first",
        "the same numbers as in the workbook and the calendar file"
        + (f" · {more} more there" if more else ""),
        (
            Column("", width=0.25),
            Column("What", width=2.9),
            Column("With", width=2.0),
            Column("Due", width=1.05),
            Column("Worth", "num", 0.75, right=True),
            Column("Because", width=2.0),
            Column("Number", width=1.35),
        ),
        lines,
        name="todo",
    )


def _deals(book: Book, deals: pd.DataFrame) -> Rows:
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
        f"{plural(len(deals), 'open deal')} of {fmt.money(total, compact=True)}",
        f"The {len(shown)} largest · expected amounts, not weighted",
        (
            Column("Deal", width=0.9),
            Column("Customer", width=2.0),
            Column("Stage", width=1.1),
            Column("Expected", width=1.2),
            Column("", "num", 0.8, right=True),
        ),
        lines,
        wide=0.5,
        name="deals",
    )


def _ending(book: Book, ends: pd.DataFrame) -> Rows:
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
        f"{plural(len(ends), 'contract')} to renew, {total} a year",
        f"The next {len(shown)} that end, not renewed on {fmt.text(book.as_of, 'date')}",
        (
            Column("Customer", width=2.4),
            Column("Ends", width=1.2),
            Column("", "num", 0.8, right=True),
        ),
        lines,
        wide=0.5,
        name="ending",
    )


def _statement(book: Book, pay: Statements, rep: str) -> Rows | None:
    """The own statement by kind of pay; None for somebody the plan pays nothing."""
    rows = pay.table[pay.table.rep_id == rep]
    mine = pay.lines[pay.lines.rep_id == rep]
    if rows.empty or mine.empty:
        return None
    fmt = book.fmt
    sums = mine.groupby("item", sort=True)["pay"].sum()
    counts = mine["item"].value_counts()
    lines = [
        Line((words(item), words(plural(int(counts[item]), "line")), words(fmt.money(value))))
        for item, value in sums.items()
    ]
    total = rows.iloc[0].pay
    lines.append(
        Line((words("Pay", "strong"), words(""), words(fmt.money(total), "strong")), style="total")
    )
    return Rows(
        f"Own statement: {fmt.money(total)} so far",
        f"{pay.window.label} · plan {pay.plan.name}, as the company's payroll counts it; the"
        " statement itself has every line",
        (
            Column("Kind of pay", width=2.4),
            Column("", width=1.0),
            Column("", "num", 1.2, right=True),
        ),
        tuple(lines),
        wide=0.5,
        name="statement",
    )


def _late(due: Any, as_of: Any) -> bool:
    found = day(due)
    return found is not None and found < as_of
