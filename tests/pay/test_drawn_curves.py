"""What plans put together by lot say of themselves and pay for an amount: words, edges, cliffs and
curve as one checksum a plan, and what must hold of each.
"""

from __future__ import annotations

import os
import zlib
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from drawn_plan import valid
from playbook.base.formats import Formats
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.pay.period_pay import PeriodPay
from playbook.pay.wording import describe_plan
from reviewed import compare

PLANS = 80
TICK = Decimal(1) / TICKS
WORDS = Formats(currency="EUR")


@cache
def drawn(number: int) -> PeriodPay:
    """A plan for a whole period or a part of it, with and without quota and margin."""
    rng = Random(500 + number)
    plan = valid(rng)
    leaving = {"pays": "booked", "share": rng.choice([1, 0.5])}
    plan |= rng.choice([{}, {}, {"leaving": leaving}])
    return PeriodPay(
        CommissionPlan.model_validate(plan),
        rng.choice([None, Decimal(1200), Decimal(900)]),
        rng.choice([(1, 1), (1, 1), (45, 90), (20, 31)]),
        rng.choice([2, 2, 0]),
        rng.choice([None, None, Fraction(3, 10)]),
    )


def amounts(terms: PeriodPay) -> list[Decimal]:
    """Round ones, and what lies at every edge, just below and just above."""
    at = {Decimal(n) for n in (0, 1, 400, 777, 1000, 2500, 40_000)}
    for end in terms.ends():
        at |= {end - TICK, end, end + TICK}
    return sorted(at)


def told(terms: PeriodPay) -> str:
    at = amounts(terms)
    line = terms.pay_line(3000.0)
    return "\n".join(
        [
            describe_plan(terms.plan, WORDS),
            f"{terms.pays_amounts} {terms.in_full} {terms.assumed} {terms.own_quota}",
            f"edges {terms.edges()} of revenue {terms.edges(revenue_only=True)}",
            f"ends {terms.ends()}",
            *(f"cliff {one.at} {one.jump}" for one in terms.cliffs()),
            *(
                f"{amount}: {float(pay):.6f}, promised {promised}, next {terms.next_edge(amount)}"
                for amount, pay, promised in zip(at, terms.pay(at), terms.promise(at), strict=True)
            ),
            line.to_csv(index=False, float_format="%.4f"),
        ]
    )


def test_every_curve_of_drawn_plans(request):
    found = []
    for number in range(PLANS):
        text = told(drawn(number))
        if folder := os.environ.get("DRAWN_TEXTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / f"curve {number}.txt").write_text(text, encoding="utf-8")
        found.append(f"{zlib.crc32(text.encode()):08x} plan {number}")
    compare("\n".join(found) + "\n", "drawn/curves", request)


@pytest.mark.parametrize("number", range(PLANS))
def test_edges_cliffs_and_caps_are_where_pay_says(number):
    """Between two edges pay is a straight line; what jumps is a cliff, and no other edge is one;
    beyond the amount from which a cap binds nothing more is paid.
    """
    terms = drawn(number)
    edges = [Decimal(0), *terms.ends()]
    for low, high in pairwise(edges):
        if high - low > 1 and terms.plan.accumulate != "deal":  # a deal's own limits are no edges
            a, b, c = terms.pay(
                [low + TICK * 2 + (high - low - TICK * 4) * n / 4 for n in (1, 2, 3)]
            )
            assert abs((b - a) - (c - b)) <= Fraction(1, 50), (low, high)
    jumps = {one.at: one.jump for one in terms.cliffs()}
    for edge in terms.edges():
        near = Decimal("0.1")  # a count of margin or customers moves a tick with many of amount
        at = Decimal(edge.numerator) / Decimal(edge.denominator)
        below, above = (float(pay) for pay in terms.pay([at - near, at + near]))
        jump = next((float(j) for place, j in jumps.items() if abs(place - at) < TICK), 0.0)
        assert above - below == pytest.approx(jump, abs=0.05)
    cap = terms.plan.cap
    if cap is not None and terms.plan.excess != "later":
        most = terms.pay([Decimal(10) ** 9])[0]
        assert most <= Fraction(cap) * terms.share + Fraction(1, 10**6)


MEASURES = [
    {"name": "sales", "weight": 0.5},
    {"name": "margin", "of": "gross_margin", "weight": 0.3, "quota": 40_000},
    {"name": "customers", "of": "new_logos", "weight": 0.2, "quota": 2},
]


@pytest.mark.parametrize(
    ("between", "days", "margin", "cliffs"),
    [  # 20,000 for the quota, half of it from half of the quota on
        ("interpolated", (1, 1), None, {50_000: 10_000}),
        ("interpolated", (1, 1), Fraction(3, 10), {50_000: 7_000, 66_667: 3_000}),
        ("stepped", (1, 1), None, {50_000: 10_000, 100_000: 10_000}),
        (
            "stepped",
            (1, 1),
            Fraction(1, 3),
            {50_000: 7_000, 60_000: 3_000, 100_000: 7_000, 120_000: 3_000},
        ),
        ("interpolated", (3, 4), Fraction(3, 10), {37_500: 5_250, 50_000: 2_250}),
    ],
)
def test_cliffs_of_measures_that_the_amount_only_stands_for(between, days, margin, cliffs):
    """Customers and margin count in steps far wider than the amount's; none of them is a cliff."""
    levels = [{"at": 0.5, "pays": 0.5}, {"at": 1.0, "pays": 1.0}]
    part = {"target_pay": 20_000, "levels": levels, "between": between, "measures": MEASURES}
    plan = {"name": "x", "starts": "2022-01-01", "quota": 100_000, "attainment": part}
    terms = PeriodPay(CommissionPlan.model_validate(plan), Decimal(100_000), days, margin=margin)
    assert {round(one.at): one.jump for one in terms.cliffs()} == cliffs


@pytest.mark.parametrize(
    ("cap", "full"),
    [(60, Decimal("600.00")), (99, Decimal("990.00")), (120, None), (200, None), (250, 1500)],
)
def test_a_cap_binds_where_pay_reaches_it_on_its_way(cap, full):
    """A tenth of the amount, and 100 once 1,000 are sold: from 100 to 200 pay jumps."""
    part = {"target_pay": 100, "levels": [{"at": 1.0, "pays": 1.0}]}
    plan = {"name": "x", "starts": "2022-01-01", "quota": 1000, "cap": cap, "attainment": part}
    plan |= {"tiers": [{"lower": 0, "rate": 0.1}]}
    terms = PeriodPay(CommissionPlan.model_validate(plan), Decimal(1000))
    assert terms.ends() == sorted({Decimal(1000), *([full] if full else [])})
