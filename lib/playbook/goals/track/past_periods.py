"""The same quarter and the whole year, two years back."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.contracts import (
    Frame,
    money,
    ratio,
    share,
    text,
)
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures.plan import Plan
from playbook.data.measures.targets import period_of
from playbook.goals.actuals import Actuals
from playbook.goals.labels import period_name
from playbook.goals.plan.year import plan_in_force
from playbook.page import Col, Table, table


class PastPeriods(Frame):
    """The as-of quarter and fiscal year, this and the two years before."""

    period = text("the period as targets name it; 'to date' where it still runs")
    actual = money("sales")
    growth = ratio("sales ÷ those of the same months a year before − 1")
    target = money("target in force; missing where the book has none")
    completion = share("actual ÷ target")


def past_periods(book: Book, actuals: Actuals) -> pd.DataFrame:
    """The as-of quarter and fiscal year, this and the two years before, where the data cover them
    whole; the running ones only as far as they have gone.
    """
    plan = plan_in_force(book)
    covered = sales_coverage(book)
    rows = []
    for name, length in (("quarter_to_date", 3), ("year_to_date", 12)):
        now = book.window(name)
        for back in (2, 1, 0):
            start = Month.of(now.start) - 12 * back  # type: ignore[arg-type]
            last = start + (length - 1) if back else book.month
            if not covered.covers(start.start, last.end):
                continue
            span = Window(name, start.start, last.end)
            rows.append(_period(actuals, plan, span, start, length, back == 0))
    return PastPeriods.make(rows)


def _period(
    actuals: Actuals,
    plan: Plan | None,
    span: Window,
    start: Month,
    length: int,
    running: bool,
) -> dict[str, Any]:
    actual = float(actuals.actual("sales", {}, span).value)
    before = span.year_before()
    covered = sales_coverage(actuals.book).covers(before.start, before.end)
    base = float(actuals.actual("sales", {}, before).value) if covered else 0.0
    target = plan.get("sales", (), start, start + (length - 1)) if plan else None
    book = actuals.book.settings.book
    last = start + (length - 1)
    name = period_of(start, last, book.fiscal_year_start, book.fiscal_year_name).label
    return {
        "period": say("{period} to date", period=period_name(name))
        if running and span.end < (start + (length - 1)).end
        else period_name(name),
        "actual": actual,
        "growth": actual / base - 1 if base > 0 else None,
        "target": target.target if target else None,
        "completion": actual / target.target if target and target.target else None,
    }


def past_tables(past: pd.DataFrame, fmt: Formats) -> list[Table]:
    """Earlier periods beside their targets; no table without one. past: ``PastPeriods``."""
    if past.empty:
        return []
    columns = [
        Col("period", label="Period", context="target"),
        Col("actual", "money", "Sales"),
        Col("growth", "share", "Growth", sign=True),
        Col("target", "money"),
        Col("completion", "share"),
    ]
    return [
        table(
            past,
            columns,
            fmt,
            title=say("The same quarter and the whole year, two years back"),
            note=(
                say(
                    "targets in force; – where there is none or the data do not cover"
                    " the year before"
                )
            ),
        )
    ]
