"""A plan tried out by the engine that pays: worked examples, and what a period pays for any sales.

One small book holds a made-up person for every example and for every point of the curve; nothing of
the firm's own data is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.periods import Month, Window
from playbook.base.settings import Settings
from playbook.base.settings.plan_terms import Negative
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.incentives.plans.statement_lines import statement_lines
from playbook.pay.explain import as_decimal
from playbook.pay.history import history, minor_money
from playbook.pay.items import item_said
from playbook.pay.period_pay import PeriodPay
from playbook.pay.periods import period_number, period_span
from playbook.pay.total import total_pay

from .plan_sentences import share

POINTS = 41  # of the curve, beside the edges
COST = Decimal("0.6")  # of an amount, where a plan looks at the margin
LONG = 36  # months of an order, where a measure counts long ones
ASSUMED = Decimal(100000)  # quota and edge where the plan names no amount


@dataclass(frozen=True)
class Example:
    """One example: key of its name, what was sold (and refunded of it), lines (how, pay) and the
    pay of the period [currency].
    """

    key: str
    sold: Decimal
    orders: int
    back: Decimal
    hired: date | None
    lines: tuple[tuple[str, Decimal], ...]
    pay: Decimal


@dataclass(frozen=True)
class TriedPlan:
    """What the engine pays under a plan for one period: examples, and (sales, pay) pairs, rising.

    quota: the quota they assume, None where the plan asks for none. span: the days of the period.
    """

    examples: tuple[Example, ...]
    curve: tuple[tuple[Decimal, Decimal], ...]
    edges: tuple[Decimal, ...]
    quota: Decimal | None
    span: tuple[date, date]


def tried(plan: CommissionPlan, settings: Settings) -> TriedPlan:
    """The plan tried out in its first whole period. Awards and money in advance are left out: they
    are no share of sales.
    """
    first, last = _span(plan, settings.book.fiscal_year_start)
    quota = (plan.quota or ASSUMED) if plan.needs_quota else None
    terms = PeriodPay(plan, quota, minor=settings.formats.minor_digits, margin=1 - Fraction(COST))
    edges = [as_decimal(edge) for edge in terms.edges()] or [quota or ASSUMED]
    cases = _cases(edges, quota or terms.in_full, first, last)
    top = max(edges) * Decimal("1.5")
    grid = {top * i / (POINTS - 1) for i in range(POINTS)}
    cent = Decimal(1).scaleb(-settings.formats.minor_digits)
    grid |= {edge + step for edge in edges for step in (-cent, Decimal(0), cent)}
    amounts = sorted({amount.quantize(cent) for amount in grid})
    people, orders = [], []
    pieces = _pieces(terms)
    months = LONG if any(name.startswith("multi_year") for name in plan.measured) else 12
    for rep, _, sales, hired in cases:
        people.append({"rep_id": rep, "name": rep, "hired": hired, "role": "sales"})
        orders += [
            _order(rep, number, day, amount, pieces, months)
            for number, (day, amount) in enumerate(sales)
        ]
    for number, amount in enumerate(amounts if not plan.measured else []):
        rep = f"C{number:03d}"
        people.append({"rep_id": rep, "name": rep, "hired": first, "role": "sales"})
        if amount > 0:
            orders.append(_order(rep, 0, first, amount, pieces, months))
    lines, minor = _paid(plan, settings, people, orders, quota, (first, last))
    sums = {rep: part["units"].sum() for rep, part in lines.groupby("rep_id")}
    examples = tuple(
        Example(
            key,
            sum((amount for _, amount in sales if amount > 0), Decimal(0)),
            sum(amount > 0 for _, amount in sales),
            -sum((amount for _, amount in sales if amount < 0), Decimal(0)),
            hired if key == "hire" else None,
            tuple(
                (_how(line, settings.formats), line["pay"])
                for line in lines[lines["rep_id"] == rep].to_dict("records")
            ),
            minor_money(sums.get(rep, 0), minor),
        )
        for rep, key, sales, hired in cases
    )
    if plan.measured:  # measures beside revenue go in step with it, which no single order does
        curve = tuple(zip(amounts, terms.promise(amounts), strict=True))
    else:
        curve = tuple(
            (amount, minor_money(sums.get(f"C{number:03d}", 0), minor))
            for number, amount in enumerate(amounts)
        )
    return TriedPlan(examples, curve, tuple(edges), quota, (first, last))


def _how(line: dict[str, Any], fmt: Formats) -> str:
    """Amounts × rates where they are the pay, else what the statement says."""
    if line["pieces"] and not line["other"]:
        return " + ".join(
            f"{fmt.text(as_decimal(piece.amount), 'money.exact')} × {share(piece.rate)}"
            for piece in line["pieces"]
        )
    return str(line["how"] or item_said(line["item"]))


Sales = list[tuple[date, Decimal]]


def _cases(
    edges: Sequence[Decimal], quota: Decimal | None, first: date, last: date
) -> list[tuple[str, str, Sales, date]]:
    """(rep, key of its name, sales, day of hiring) of every example: below, on and above the quota,
    or the first edge of a plan without one.
    """
    middle = first + (last - first) // 2
    low, high = quota or edges[0], max(edges[-1], quota or edges[0])
    half, over = low / 2, high * Decimal("1.2") - low
    days = [first + timedelta(days=9), middle, last - timedelta(days=5)]
    above = [(days[0], low), (days[1], over)]
    return [
        ("E1", "below", [(days[0], low * Decimal("0.6"))], first),
        ("E2", "at", [(days[0], half), (days[1], low - half)], first),
        ("E3", "over", above, first),
        ("E4", "refund", [*above, (days[2], -over)], first),
        ("E5", "hire", [(days[2], low)], middle),
    ]


def _pieces(terms: PeriodPay) -> Fraction:
    """Pieces for each unit of money: as many as reach their quota together with the revenue."""
    part, full = terms.plan.attainment, terms.in_full
    quotas = [one.quota for one in part.measures if one.of == "units"] if part else []
    return Fraction(quotas[0] or 1) / Fraction(full) if quotas and full else Fraction(0)


def _span(plan: CommissionPlan, fiscal_year_start: int) -> tuple[date, date]:
    """The first whole period of the plan."""
    over = "month" if plan.accumulate == "deal" else plan.accumulate
    number = int(period_number(pd.Series([pd.Timestamp(plan.starts)]), over, fiscal_year_start)[0])
    first, last = period_span(number, over, fiscal_year_start)
    return (
        (first, last) if first >= plan.starts else period_span(number + 1, over, fiscal_year_start)
    )


def _order(
    rep: str, number: int, day: date, amount: Decimal, pieces: Fraction, months: int
) -> dict[str, Any]:
    """An order paid on its day; a refund is of the order before it. pieces: for each unit of money,
    0 = one an order. months: of its contract.
    """
    back = amount < 0
    return {
        "order_id": f"{rep}-{number - back + 1}",
        "date": day,
        "customer_id": f"{rep}-{number - back + 1}",
        "amount": amount,
        "rep_id": rep,
        "kind": "refund" if back else "new",
        "quantity": float(Fraction(amount) * pieces) if pieces else -1 if back else 1,
        "months": months,
        "cost": amount * COST,
        "paid_amount": abs(amount),
        "paid_date": day,
    }


def _paid(
    plan: CommissionPlan,
    settings: Settings,
    people: list[dict[str, Any]],
    orders: list[dict[str, Any]],
    quota: Decimal | None,
    span: tuple[date, date],
) -> tuple[pd.DataFrame, int]:
    """Statement lines of the period, with ``units`` of minor money, and the currency's decimals."""
    alone: dict[str, Any] = {
        "roles": [],
        "teams": [],
        "reps": [],
        "replaces": "",
        "ends": None,
        "compare_only": False,
        "awards": [],
        "draw": None,
        "negative": Negative(),  # what a month below 0 carries on would hide what it takes back
        "quotas": {},
        "quota_from": [],
        "relief": [],
        "starts": span[0],
        **({"quota": quota} if quota is not None else {}),
    }
    fields = {key: value for key, value in alone.items() if key in type(plan).model_fields}
    mine = plan.model_copy(update=fields)
    given = settings.book
    book = Book.from_frames(
        month=str(Month.of(span[1])),
        settings={
            "book": {
                "currency": given.currency,
                "language": given.language,
                "fiscal_year_start": given.fiscal_year_start,
            },
            "commission_plans": [mine.model_dump(mode="json")],
        },
        orders=pd.DataFrame(orders).astype({"amount": object, "cost": object}),
        reps=pd.DataFrame(people),
    )
    past = history(book)
    current = past.chosen.current
    made = total_pay(past, current, dated=True)
    window = Window("period", span[0], span[1])
    lines = statement_lines(past, made, current, window)
    units = [int(Fraction(pay) * 10**past.minor) for pay in lines["pay"]]
    return lines.assign(units=units), past.minor
