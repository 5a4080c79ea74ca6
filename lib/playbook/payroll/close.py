"""Closing a month: what it adds, who is paid what, and the frozen files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from playbook.base.errors import NotAvailable, refused
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.base.settings import Settings
from playbook.data.book import Book
from playbook.pay.wording import describe_plan

from .accrual import Schedule, accrual, schedules
from .changes import LedgerLine, ledger_lines
from .earned import Earned, earned
from .exceptions import exceptions
from .expected import expected_more
from .files import (
    HEADS,
    MONEY,
    accrual_rows,
    freeze,
    line_rows,
    payroll_rows,
    plain,
    schedule_rows,
    schedules_from,
)
from .frozen import FORM, ClosedMonth, Json, closed_months, known_lines, sha256
from .order_terms import order_terms
from .payable import RepPayable, payable
from .plans_checked import refuse_plans
from .readiness import refuse_closing
from .standings import line_texts, measures, standings

TABLES = {  # file → columns
    "payroll.csv": ("rep_id", "name", "month", "currency", *HEADS.values()),
    "lines.csv": (
        "kind",
        "rep_id",
        "date",
        "order_id",
        "customer_id",
        "item",
        "adjustment_id",
        "plan",
        "credited",
        "before",
        "after",
        "pay",
        "why",
        "credited_ticks",
        "pay_minor",
    ),
    "accrual.csv": (
        "month",
        "plan",
        "earned",
        "spread",
        "at_once",
        "scheduled",
        "expense",
        "asset",
        "expected",
    ),
    "amortisation.csv": (
        "rep_id",
        "order_id",
        "plan",
        "start",
        "months",
        *("total", "base", "done", "expensed", "expense", "asset"),
        *("total_minor", "base_minor", "done_minor", "expensed_minor"),
        *("expense_minor", "asset_minor"),
    ),
}


@dataclass(frozen=True)
class Closing:
    """A month as it would be, or was, closed.

    earned: everything earned to its end. before: the closed months. lines: what the close adds.
    rows: who is paid what. schedules: pay spread over time.
    """

    earned: Earned
    before: tuple[ClosedMonth, ...]
    lines: tuple[LedgerLine, ...]
    rows: tuple[RepPayable, ...]
    schedules: tuple[Schedule, ...]

    @property
    def book(self) -> Book:
        return self.earned.book

    @property
    def month(self) -> Month:
        return self.earned.month

    @property
    def minor(self) -> int:
        return self.earned.past.minor

    @property
    def pending(self) -> pd.DataFrame:
        """Adjustments nobody approved: listed, not paid."""
        return self.earned.pending

    @property
    def prior(self) -> list[LedgerLine]:
        """Changes of closed months."""
        return [line for line in self.lines if line.kind == "prior period"]

    @cached_property
    def accrual(self) -> list[dict[str, str | int]]:
        past = self.earned.past
        plans = {plan.name: plan for plan in past.in_force(self.earned.plan)}
        more = expected_more(past, plans, self.standings)
        return accrual(self.lines, list(self.schedules), self.month, more)

    @cached_property
    def standings(self) -> dict[str, dict[str, str]]:
        """Where each rep stands, and what the next deal pays."""
        return standings(self.earned, [row.rep_id for row in self.rows])

    @cached_property
    def record(self) -> Json:
        """What is frozen as ``payroll.json``, but for the files' checksums."""
        return _record(self)


def payroll_folder(book: str | Path, settings: Settings) -> Path:
    """Where a book keeps its closed months. book: its folder or toml."""
    place = Path(book)
    return (place if place.is_dir() else place.parent) / settings.payroll.folder


def closing(book: Book, folder: Path, *, finished: bool = False) -> Closing:
    """The book's month as it would be closed now.

    folder: where closed months lie. finished: close it although the data end before its last day.
    Raises ParameterProblem for a month that cannot be closed (closed already, out of order, not
    over), SettingsProblem for plans that name nobody or pay somebody twice, DataProblem for closed
    months that were changed.
    """
    before = closed_months(folder)
    refuse_closing(book, before, finished=finished)
    refuse_plans(book)
    settings = book.settings.payroll
    try:
        made = line_texts(earned(book))
    except NotAvailable as error:
        raise refused(
            say("no pay of {month} to close: {error}", month=book.month, error=error),
            say("a book whose plans pay somebody"),
            say("playbook check, and [[commission_plans]] in playbook.toml"),
        ) from error
    first = not before
    lines = ledger_lines(made.lines, known_lines(before), made.month, first, book.fmt)
    last = {row["rep_id"]: row for row in before[-1].record["reps"]} if before else {}
    held = schedules_from(before[-1].rows("amortisation.csv")) if before else []
    spread: list[Schedule] = []
    if settings.amortise or held:
        orders = order_terms(book, made.past)
        spread = schedules(lines, held, orders, settings.amortise, made.month)
    return Closing(
        made, tuple(before), tuple(lines), tuple(payable(lines, last, settings)), tuple(spread)
    )


def close_month(
    book: Book,
    folder: Path,
    *,
    finished: bool = False,
    pages: Callable[[Closing], Mapping[str, bytes]] | None = None,
) -> tuple[Closing, Path]:
    """Close the book's month: its files are written to ``folder`` and never change again. Returns
    what was closed and the month's folder; raises as ``closing`` does.

    pages: gives papers (file name → content) that are frozen with the month.
    """
    found = closing(book, folder, finished=finished)
    record, minor, currency = found.record, found.minor, book.currency
    rows = {
        "payroll.csv": payroll_rows(
            found.rows, found.earned.past.names, found.month, currency, minor
        ),
        "lines.csv": line_rows(found.lines, minor),
        "accrual.csv": accrual_rows(found.accrual, minor),
        "amortisation.csv": schedule_rows(found.schedules, minor),
    }
    tables = {name: (head, rows[name]) for name, head in TABLES.items()}
    papers = pages(found) if pages else None
    return found, freeze(folder, found.month, tables, record, papers)


def _record(found: Closing) -> Json:
    book, past, before = found.book, found.earned.past, found.before
    reaching = measures(found.earned)
    totals = {key: sum(row.as_dict()[key] for row in found.rows) for key in MONEY}  # type: ignore
    return {
        "form": FORM,
        "book": book.settings.book.name,
        "month": str(found.month),
        "as_of": str(book.as_of),
        "currency": book.currency,
        "minor_digits": found.minor,
        "data": book.fingerprint,
        "previous": before[-1].checksum if before else "",
        "starts": before[0].record["starts"] if before else str(found.month),
        "totals": totals,
        "reps": [
            {
                **row.as_dict(),
                "name": past.name(row.rep_id),
                "payable_now": plain(row.payable, found.minor),
                "standing": found.standings.get(row.rep_id, {}),
                "measures": reaching.get(row.rep_id, []),
            }
            for row in found.rows
        ],
        "plans": {
            plan.name: {
                "checksum": sha256(plan.model_dump_json().encode()),
                "terms": describe_plan(plan, book.fmt),
            }
            for plan in past.in_force(found.earned.plan)
        },
        "pending": found.pending.astype(str).to_dict("records"),
        "exceptions": exceptions(found.earned, found.lines, found.rows),
    }
