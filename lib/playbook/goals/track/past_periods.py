"""The same quarter and the whole year, two years back."""

from __future__ import annotations

from datetime import date
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
from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.targets import TargetPlan, period_of
from playbook.goals.actuals import Actuals
from playbook.page import Col, Table, table


class PastPeriods(Frame):
    """The as-of quarter and fiscal year, this and the two years before."""

    period = text("the period as targets name it; 'to date' where it still runs")
    actual = money("sales")
    growth = ratio("sales ÷ those of the same months a year before − 1")
    target = money("target of the book; missing where it has none")
    completion = share("actual ÷ target")


def past_periods(book: Book, actuals: Actuals) -> pd.DataFrame:
    """The as-of quarter and fiscal year, this and the two years before; the running ones only as
    far as they have gone.
    """
    plan = TargetPlan(book) if book.has("targets", "period", "metric", "target") else None
    first = sales.first_day(actuals.rows)
    rows = []
    for name, length in (("quarter_to_date", 3), ("year_to_date", 12)):
        now = book.window(name)
        for back in (2, 1, 0):
            start = Month.of(now.start) - 12 * back  # type: ignore[arg-type]
            last = start + (length - 1) if back else book.month
            if first is None or Month.of(first) > start:
                continue
            rows.append(
                _period(
                    actuals,
                    plan,
                    Window(name, start.start, last.end),
                    start,
                    length,
                    first,
                    back == 0,
                )
            )
    return PastPeriods.make(rows)


def _period(
    actuals: Actuals,
    plan: TargetPlan | None,
    span: Window,
    start: Month,
    length: int,
    first: date,
    running: bool,
) -> dict[str, Any]:
    actual = float(actuals.actual("sales", {}, span).value)
    before = span.year_before()
    base = (
        float(actuals.actual("sales", {}, before).value)
        if Month.of(first) <= Month.of(before.start)
        else 0.0
    )  # type: ignore[arg-type]
    target = plan.get("sales", (), start, start + (length - 1)) if plan else None
    book = actuals.book.settings.book
    last = start + (length - 1)
    name = period_of(start, last, book.fiscal_year_start, book.fiscal_year_name).label
    return {
        "period": name + (" to date" if running and span.end < (start + (length - 1)).end else ""),
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
        Col("period", label="Period"),
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
            title="The same quarter and the whole year, two years back",
            note=(
                "targets as the book gives them; – where it has none or the data do not reach back"
            ),
        )
    ]
