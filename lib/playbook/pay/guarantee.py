"""The guarantee: the least a period pays to somebody on board in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from playbook.base.settings.plans import CommissionPlan

from .award_line import AwardLine
from .history import History, minor_money
from .payroll import Payroll
from .periods import period_number, period_span


def floor_lines(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> list[AwardLine]:
    """Top-ups to the guaranteed least of every closed period, for sellers on board in it, also
    those who sold nothing.

    Where the plan prorates, someone on board (or a plan in force) for part of a period is
    guaranteed that part, by days.
    """
    if not plan.floor or plan.accumulate == "deal" or not len(past.orders):
        return []
    sums = paid.lines.groupby(["rep_id", "period"])["pay"].sum().to_dict()
    rows: list[AwardLine] = []
    for rep, number, share in guaranteed(past, plan, set(sums), dated=dated):
        _, end = period_span(number, plan.accumulate, past.fiscal_year_start)
        least = floor_units(plan.floor, share, past.minor)
        short = least - int(sums.get((rep, number), 0))
        if short > 0:
            part = (
                ""
                if share == 1
                else f" for {past.book.fmt.share(float(share), decimals=0)} of the period"
            )
            rows.append(
                AwardLine(
                    rep,
                    pd.Timestamp(end),
                    None,
                    None,
                    "guarantee",
                    Decimal(short).scaleb(-past.minor),
                    f"made up to the guaranteed {_exact(past, least)}{part}",
                )
            )
    return rows


def _exact(past: History, units: int) -> str:
    """Minor units as the page writes an exact amount."""
    return past.book.fmt.text(minor_money(units, past.minor), "money.exact")


def floor_units(floor: Decimal, share: Fraction, minor: int) -> int:
    """The guaranteed least of part of a period, rounded half-even [minor units]."""
    return round(Fraction(floor) * share * 10**minor)


def guaranteed(
    past: History, plan: CommissionPlan, paid: set[tuple[str, int]], *, dated: bool = False
) -> list[tuple[str, int, Fraction]]:
    """(rep, closed period, share of it guaranteed) of every seller on board; people without a day
    of hiring count in the periods they are ``paid`` in.
    """
    numbers = period_number(
        pd.Series([past.orders["date"].min(), pd.Timestamp(past.book.as_of)]),
        plan.accumulate,
        past.fiscal_year_start,
    )
    spans = {
        int(n): period_span(int(n), plan.accumulate, past.fiscal_year_start)
        for n in range(numbers[0], numbers[1] + 1)
    }
    found = []
    for rep in sorted((set(past.terms) & past.sellers) | {rep for rep, _ in paid}):
        for number, (first, last) in spans.items():
            start, end = (
                (max(first, plan.starts), min(last, plan.ends or last)) if dated else (first, last)
            )
            hired, left = past.terms.get(
                rep, (start, None) if (rep, number) in paid else (date.max, None)
            )
            aboard = (min(end, left or end) - max(start, hired)).days + 1
            if aboard > 0 and last <= past.book.as_of:
                found.append(
                    (
                        rep,
                        number,
                        Fraction(aboard, (last - first).days + 1) if plan.prorate else Fraction(1),
                    )
                )
    return found
