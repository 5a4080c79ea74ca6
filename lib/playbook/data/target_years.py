"""Targets of years that cannot be meant: a year read by the wrong name shows in its sales."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb

from playbook.base.errors import Problem
from playbook.base.language import say
from playbook.base.periods import Period
from playbook.base.settings import Settings

from .staged import Staged

FACTOR = 10  # times the year's sales, or a tenth of them, that no target is
MEMBERS = ("region", "product_line", "customer_type", "rep_id", "team")
Span = tuple[date | None, date | None]


def target_years(
    connection: duckdb.DuckDBPyConnection,
    staged: dict[str, Staged],
    given: dict[str, set[str]],
    spans: dict[str, Span],
    settings: Settings,
) -> list[Problem]:
    """Warnings on the company's yearly sales targets: which months a fiscal year is taken to cover
    where the settings do not say, years without any sale in the data, and years off by ten times.
    """
    if not {"period", "metric", "target"} <= given.get("targets", set()):
        return []
    book = settings.book
    years = _company_years(connection, given["targets"])
    problems = []
    if years and book.fiscal_year_start > 1 and "fiscal_year_name" not in book.model_fields_set:
        last = Period.parse(years[-1][0], book.fiscal_year_start, book.fiscal_year_name)
        problems.append(
            _problem(
                staged,
                say(
                    "the years of targets are taken to be named by the year they end in: {label}",
                    label=last.label,
                ),
                say("a setting that says so"),
                say(
                    'fiscal_year_name = "end" in [book], or "start" if a year is named'
                    " by its first month"
                ),
            )
        )
    sales = _sales(connection, given)
    first, last_day = spans.get(sales[0], (None, None))
    if not sales[0] or first is None or last_day is None:
        return problems
    for text, target in years:
        year = Period.parse(text, book.fiscal_year_start, book.fiscal_year_name)
        start, end = year.first.start, year.last.end
        if end < first:
            problems.append(
                _problem(
                    staged,
                    say(
                        "a target for {label}, and no sales of that year in the data",
                        label=year.label,
                    ),
                    say("targets of years that the data hold or that are planned"),
                    say(
                        "look at how fiscal years are named ([book] fiscal_year_name), or"
                        " leave it out"
                    ),
                )
            )
            continue
        sold = _sold(connection, sales, start, end) if first <= start and end <= last_day else None
        if sold and not sold / FACTOR <= target <= sold * FACTOR:
            problems.append(
                _problem(
                    staged,
                    say(
                        "the target of {label} is {target:,.0f}, and {sold:,.0f} were sold",
                        label=year.label,
                        target=target,
                        sold=sold,
                    ),
                    say("a target in the unit of the amounts"),
                    say("look for another unit (thousands, 万), metric or year"),
                )
            )
    return problems


def _problem(staged: dict[str, Staged], found: str, expected: str, try_: str) -> Problem:
    return Problem(found, expected, try_, "warning", "targets", "period", staged["targets"].label)


def _company_years(
    connection: duckdb.DuckDBPyConnection, have: set[str]
) -> list[tuple[str, Decimal]]:
    """(year, target) of the company's sales targets, earliest first."""
    whole = " AND ".join(["TRUE", *(f"{m} IS NULL" for m in MEMBERS if m in have)])
    return [
        (year, Decimal(repr(float(target))))
        for year, target in connection.execute(
            f"SELECT period, target FROM book.targets WHERE length(period) = 4 AND metric = 'sales'"
            f" AND target > 0 AND {whole} ORDER BY period"
        ).fetchall()
    ]


def _sales(
    connection: duckdb.DuckDBPyConnection, given: dict[str, set[str]]
) -> tuple[str, str, str]:
    """Table, day column and condition of what counts as sales; empty when there is none."""
    if {"date", "amount"} <= given.get("orders", set()):
        return "orders", "date", "TRUE"
    if {"closed", "amount", "outcome"} <= given.get("opportunities", set()):
        return "opportunities", "closed", "outcome = 'won'"
    return "", "", ""


def _sold(
    connection: duckdb.DuckDBPyConnection, sales: tuple[str, str, str], start: date, end: date
) -> Decimal:
    table, day, condition = sales
    total = connection.execute(
        f"SELECT sum(amount) FROM book.{table} WHERE {condition} AND CAST({day} AS DATE) BETWEEN"
        f" DATE '{start}' AND DATE '{end}'"
    ).fetchall()[0][0]
    return max(total or Decimal(0), Decimal(0))
