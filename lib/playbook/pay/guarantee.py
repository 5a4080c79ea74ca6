"""The guarantee: the least a period pays to somebody on board in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from playbook.base.language import say
from playbook.base.settings.plans import CommissionPlan

from .award_line import AwardLine
from .history import History, minor_money
from .payroll import Payroll
from .periods import period_name, period_number, period_span


def floor_lines(
    past: History,
    plan: CommissionPlan,
    paid: Payroll,
    *,
    dated: bool = False,
    advanced: Mapping[tuple[str, int], int] | None = None,
) -> list[AwardLine]:
    """Top-ups to the guaranteed least of every closed period, for sellers on board in it, also
    those who sold nothing.

    Where the plan prorates, someone on board (or a plan in force) for part of a period is
    guaranteed that part, by days. A refund of an earlier period's sale is no pay of the period it
    comes in: it lowers the pay of its own, whose guarantee then holds (item "guarantee kept").

    advanced: what each rep keeps of a draw in a period [minor units]; a guarantee does not come on
    top of it.
    """
    if not plan.floor or plan.accumulate == "deal" or not len(past.orders):
        return []
    back = paid.lines["item"] == "clawback"
    sums = paid.lines[~back].groupby(["rep_id", "period"])["pay"].sum().to_dict()
    later: dict[tuple[str, int], list] = {}
    for line in paid.lines[back].itertuples(index=False):
        later.setdefault((line.rep_id, int(line.sale_period)), []).append(line)
    rows: list[AwardLine] = []
    for rep, number, share in guaranteed(past, plan, set(sums), dated=dated):
        _, end = period_span(number, plan.accumulate, past.fiscal_year_start)
        least = floor_units(plan.floor, share, past.minor)
        earned = int(sums.get((rep, number), 0)) + int((advanced or {}).get((rep, number), 0))
        part = (
            ""
            if share == 1
            else say(
                " for {share} of the period", share=past.book.fmt.share(float(share), decimals=0)
            )
        )
        due = say("the guaranteed {exact}{part}", exact=_exact(past, least), part=part)
        short = max(least - earned, 0)
        if short:
            rows.append(
                _top_up(past, rep, end, "guarantee", short, say("made up to {due}", due=due))
            )
        for line in later.get((rep, number), []):
            earned += int(line.pay)
            more, short = max(least - earned, 0) - short, max(least - earned, 0)
            if more:
                why = say(
                    "{due} of the refunded sale's {accumulate} holds without the sale",
                    due=due,
                    accumulate=period_name(plan.accumulate),
                )
                rows.append(_top_up(past, rep, line.date, "guarantee kept", more, why))
    return rows


def _top_up(past: History, rep: str, day, item: str, units: int, why: str) -> AwardLine:
    pay = Decimal(units).scaleb(-past.minor)
    return AwardLine(rep, pd.Timestamp(day), None, None, item, pay, why)


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
            held = (
                plan.for_all
                or past.roster.holds(plan, pd.Series([rep]), pd.Series([pd.Timestamp(last)])).all()
            )
            if aboard > 0 and last <= past.book.as_of and held:
                found.append(
                    (
                        rep,
                        number,
                        Fraction(aboard, (last - first).days + 1) if plan.prorate else Fraction(1),
                    )
                )
    return found
