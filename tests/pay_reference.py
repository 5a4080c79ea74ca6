"""A slow, obvious reference for the pay engine: one rep's period as a list of lines, worked out
anew with fractions after every event.

``company(seed)`` draws plans, orders and refunds; ``expected`` pays them by the definition;
``differences`` compares both with the engine. Nothing here is shared with ``playbook.pay``.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np

from pay_plans import orders
from playbook.base.settings.plans import CommissionPlan
from playbook.pay.payroll import BEYOND, payroll

YEAR = date(2023, 1, 1)


@dataclass
class Company:
    """Plans that follow each other, order lines and refunds, and the quota of everybody."""

    plans: list[CommissionPlan]
    sales: list[dict]
    refunds: list[dict]
    quota: int

    def rows(self) -> list[dict]:
        return sorted(
            [*self.sales, *self.refunds], key=lambda r: (r["date"], r["order_id"], r["amount"] < 0)
        )


def company(seed: int, books: int = 4) -> Company:
    """Plans, and ``books`` independent sets of orders and refunds that they pay."""
    rng = random.Random(seed)
    plans = [_plan(rng, "old"), _plan(rng, "new")] if rng.random() < 0.6 else [_plan(rng, "old")]
    if len(plans) == 2:
        change = YEAR + timedelta(days=rng.randrange(20, 250))
        plans = [
            plans[0].model_copy(update={"ends": change - timedelta(days=1)}),
            plans[1].model_copy(update={"starts": change, "accumulate": plans[0].accumulate}),
        ]
        if plans[0].accumulate == "deal":
            plans = [_without_quota(plan) for plan in plans]
    sales, refunds = [], []
    for book in range(books):
        mine = [_sale(rng, f"{book}{number:02d}") for number in range(rng.randrange(1, 12))]
        sales += mine
        refunds += _refunds(rng, mine)
    return Company(plans, sales, refunds, rng.choice([700, 1000, 1500]))


def _without_quota(plan: CommissionPlan) -> CommissionPlan:
    none = {
        "threshold_from": "first",
        "attainment": None,
        "threshold": Decimal(0),
        "tiers_of": "amount",
        "floor": Decimal(0),
    }
    return plan.model_copy(update=none)


def _plan(rng: random.Random, name: str) -> CommissionPlan:
    of_quota, deal = rng.random() < 0.3, rng.random() < 0.15
    of_quota = of_quota and not deal
    edges = sorted(rng.sample(range(1, 15), rng.randrange(0, 4)))
    edges = [Decimal(edge) / 10 if of_quota else Decimal(edge * 100) for edge in edges]
    rates = [Decimal(rng.randrange(0, 160)) / 1000 for _ in range(len(edges) + 1)]
    tiers = [
        {"lower": low, "upper": high, "rate": rate}
        for low, high, rate in zip([0, *edges], [*edges, None], rates, strict=True)
    ]
    given: dict = {
        "name": name,
        "starts": YEAR,
        "tiers": tiers,
        "tiers_of": "quota" if of_quota else "amount",
        "mode": rng.choice(["marginal", "marginal", "whole"]),
        "accumulate": "deal" if deal else rng.choice(["month", "quarter", "quarter", "year"]),
        "prorate": rng.random() < 0.8,
    }
    rules = [
        {"name": "renewal", "kind": ["renewal"], "times": Decimal(rng.randrange(0, 25)) / 10},
        {"name": "service", "product_line": ["Service"], "rate": Decimal("0.02"), "counts": False},
        {"name": "flat", "product_line": ["Kit"], "rate": Decimal("0.035")},
        {"name": "points", "customer_type": ["large"], "points": Decimal("0.015")},
    ]
    given["rules"] = rng.sample(rules, rng.randrange(0, 4))
    for band in tiers[1:]:
        if rng.random() < 0.2:
            band["retroactive"] = rng.random() < 0.7
    if rng.random() < 0.3:
        given["cap"] = rng.choice([40, 75, 120])
    if not deal and rng.random() < 0.2:
        given["threshold"] = rng.choice([Decimal("0.5"), Decimal("0.8"), Decimal(1)])
        given["threshold_from"] = rng.choice(["first", "excess"])
    back = given["mode"] == "whole" or any(band.get("retroactive") for band in tiers)
    if not back and rng.random() < 0.3:
        given["deal_cap"] = rng.choice([9, 25])
        given["deal_floor"] = rng.choice([0, 4])
    if not deal and rng.random() < 0.3:
        levels = [{"at": "0.5", "pays": "0.4"}, {"at": "0.8", "pays": "0.7"}, {"at": 1, "pays": 1}]
        given["attainment"] = {
            "target_pay": rng.choice([50, "33.33"]),
            "levels": levels[rng.randrange(0, 3) :],
            "between": rng.choice(["stepped", "interpolated"]),
        }
    if rng.random() < 0.3:
        share = rng.choice([Decimal("0.5"), Decimal("0.6"), Decimal("0.333")])
        given["splits"] = [{"to": "order", "share": share}, {"to": "customer", "share": 1 - share}]
    return CommissionPlan.model_validate(given)


def _sale(rng: random.Random, number: str) -> dict:
    """number: of the book (one digit) and of the order in it."""
    return {
        "order_id": f"O{number}",
        "date": YEAR + timedelta(days=rng.randrange(0, 270)),
        "amount": Decimal(rng.choice([100_00, 250_00, 333_33, rng.randrange(1, 900_00)])) / 100,
        "rep_id": f"{rng.choice(['R1', 'R1', 'R2'])}-{number[0]}",
        "customer_rep": rng.choice([f"R1-{number[0]}", f"R2-{number[0]}", None]),
        "kind": rng.choice(["new", "renewal"]),
        "product_line": rng.choice(["Kit", "Service", "Other", None]),
        "customer_type": rng.choice(["large", "small"]),
    }


def _refunds(rng: random.Random, sales: list[dict]) -> list[dict]:
    """Refunds in parts, in full and beyond the sale, in the period and after it, in any order."""
    every = rng.random() < 0.3  # a company whose customers all want their money back
    made = []
    for sale in sales:
        asked = Decimal(0)
        while (every and asked < sale["amount"]) or rng.random() < 0.4:
            part = sale["amount"] - asked if every else sale["amount"] * rng.choice([1, 1, 2]) / 2
            part = max(part.quantize(Decimal("0.01")), Decimal("0.01"))
            days = rng.choice([0, rng.randrange(0, 20), rng.randrange(0, 200)])
            made.append({**sale, "amount": -part, "date": sale["date"] + timedelta(days=days)})
            asked += part
    return made


@dataclass
class Period:
    """Lines of one rep's period under one plan, in the order they came: [amount, rule,
    order]."""

    plan: CommissionPlan
    quota: Fraction
    share: Fraction
    lines: list[list] = field(default_factory=list)

    def pay(self) -> tuple[Fraction, Fraction]:
        """(tiers, attainment) of the lines as they stand."""
        plan, total, extra = self.plan, Fraction(0), Fraction(0)
        counted = []  # (before, after, times) of the lines that move the tiers
        own: dict[str, Fraction] = defaultdict(Fraction)  # by order: what stands of it, and pays
        stands: dict[str, Fraction] = defaultdict(Fraction)
        for amount, rule, order in self.lines:
            times = 0 if rule and rule.rate is not None else Fraction(rule.times) if rule else 1
            plus = (rule.points if rule.rate is None else rule.rate) if rule else 0
            extra += amount * Fraction(plus)
            own[order] += amount * Fraction(plus)
            stands[order] += amount
            if rule and not rule.counts:
                continue
            counted.append((total, total + amount, times, order))
            total += amount
        rates = self.rates(total)
        least = Fraction(plan.threshold) * self.quota
        above = plan.threshold and plan.threshold_from == "excess"
        tiers = extra
        for before, after, times, order in counted:
            low, high = (max(before, least), max(after, least)) if above else (before, after)
            gained = (self.along(rates, high) - self.along(rates, low)) * times
            tiers += gained
            own[order] += gained
        if plan.deal_cap is not None or plan.deal_floor:
            tiers = Fraction(0)
            for order, paid_ in own.items():
                if stands[order] > 0:
                    paid_ = max(paid_, Fraction(plan.deal_floor))
                tiers += paid_ if plan.deal_cap is None else min(paid_, Fraction(plan.deal_cap))
        if plan.threshold and not above and total < least:
            tiers = Fraction(0)
        cap = None if plan.cap is None else Fraction(plan.cap) * self.share
        if cap is not None:
            tiers = min(tiers, cap)
        if not plan.attainment:
            return tiers, Fraction(0)
        amounts = sum((amount for amount, _, _ in self.lines), Fraction(0))
        reached = self.attained(amounts)
        return tiers, reached if cap is None else min(reached, max(cap - tiers, Fraction(0)))

    def rates(self, total: Fraction) -> list[Fraction]:
        """Rates of all bands as a total is paid: a band that reaches back, once reached, pays its
        rate on everything below it.
        """
        bands, edges = self.plan.tiers, self.edges()
        rates = [rate for _, rate in edges]
        for number, (band, (low, _)) in enumerate(zip(bands, edges, strict=True)):
            back = self.plan.mode == "whole" if band.retroactive is None else band.retroactive
            if number and back and total > low:
                rates[:number] = [edges[number][1]] * number
        return rates

    def along(self, rates: list[Fraction], total: Fraction) -> Fraction:
        """What a total earns at these rates of the bands; below 0 at the first."""
        lows = [low for low, _ in self.edges()]
        pay = min(total, lows[1]) * rates[0] if len(lows) > 1 else total * rates[0]
        for number in range(1, len(lows)):
            top = total if number + 1 == len(lows) else min(total, lows[number + 1])
            pay += max(top - lows[number], Fraction(0)) * rates[number]
        return pay

    def edges(self) -> list[tuple[Fraction, Fraction]]:
        size = self.quota if self.plan.tiers_of == "quota" else self.share
        return [(Fraction(band.lower) * size, Fraction(band.rate)) for band in self.plan.tiers]

    def attained(self, total: Fraction) -> Fraction:
        part = self.plan.attainment
        share = total / self.quota
        levels = [(Fraction(level.at), Fraction(level.pays)) for level in part.levels]
        below = [level for level in levels if level[0] <= share]
        if not below:
            return Fraction(0)
        (at, pays), above = below[-1], [level for level in levels if level[0] > share]
        if above and part.between == "interpolated":
            pays += (share - at) / (above[0][0] - at) * (above[0][1] - pays)
        return pays * Fraction(part.target_pay) * self.share


def span(day: date, accumulate: str) -> tuple[date, date]:
    """First and last day of the calendar month, quarter or year."""
    length = {"month": 1, "quarter": 3, "year": 12}[accumulate]
    first = (day.month - 1) // length * length + 1
    after = first + length
    end = date(day.year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)
    return date(day.year, first, 1), end


def expected(made: Company) -> dict[tuple, Fraction]:
    """(plan, rep, item, order, day, number of the line) → exact pay of in-period events, and of
    clawbacks the difference of rounded periods; keys with order '' hold each period's rounded pay.
    """
    periods: dict[tuple, Period] = {}
    place: dict[tuple, tuple[tuple, int]] = {}
    standing: dict[str, Decimal] = {}
    result: dict[tuple, Fraction] = defaultdict(Fraction)
    for row in made.rows():
        order = row["order_id"]
        sale = next(one for one in made.sales if one["order_id"] == order)
        plan = next(p for p in made.plans if p.starts <= sale["date"] <= (p.ends or date.max))
        before = standing.get(order, Decimal(0))
        after = before + row["amount"] if row["amount"] > 0 else max(before + row["amount"], 0)
        standing[order] = after
        for rep, part in _credited(plan, sale, before, after):
            _event(made, plan, periods, place, result, row, sale, rep, part)
    for key, period in periods.items():
        for item, pay in zip(("tiers", "attainment"), period.pay(), strict=True):
            result["now", key[0], key[1], key[2], item] = pay
    return dict(result)


def _credited(plan, sale: dict, before: Decimal, after: Decimal) -> list[tuple[str, Fraction]]:
    if not plan.splits:
        return [(sale["rep_id"], Fraction(after - before))]
    now, was = _shared(plan, after), _shared(plan, before)
    found = []
    for one, part, earlier in zip(plan.splits, now, was, strict=True):
        owner = sale["customer_rep"] if one.to == "customer" else None
        found.append((owner or sale["rep_id"], part - earlier))
    return found


def _shared(plan, amount: Decimal) -> list[Fraction]:
    """An amount of whole cents in whole cents: what rounding down leaves goes to the largest
    remainders, the earlier part first.
    """
    parts = [Fraction(amount) * 100 * Fraction(one.share) for one in plan.splits]
    down = [part.__floor__() for part in parts]
    order = sorted(range(len(parts)), key=lambda i: down[i] - parts[i])
    for i in order[: int(Fraction(amount) * 100) - sum(down)]:
        down[i] += 1
    return [Fraction(one, 100) for one in down]


def _event(made, plan, periods, place, result, row, sale, rep, part) -> None:
    deal = plan.accumulate == "deal"
    first, last = (None, None) if deal else span(sale["date"], plan.accumulate)
    key = (plan.name, rep, sale["order_id"] if deal else first)
    if key not in periods:
        start = None if deal else max(first, plan.starts)
        end = None if deal else min(last, plan.ends or last)
        whole = deal or not plan.prorate
        share = Fraction(1) if whole else Fraction((end - start).days + 1, (last - first).days + 1)
        periods[key] = Period(plan, Fraction(made.quota) * share, share)
    period = periods[key]
    was = period.pay()
    mine = (sale["order_id"], rep, plan.name)
    if row["amount"] > 0:
        place.setdefault(mine, (key, len(period.lines)))
        period.lines.append([part, _rule(plan, sale), sale["order_id"]])
        _parts(place, mine).append((len(period.lines) - 1, part))
    else:
        _take(period, _parts(place, mine), part)
    now = period.pay()
    late = not deal and row["date"] > last
    for item, before, after in zip(("tiers", "attainment"), was, now, strict=True):
        if late:
            result["late", plan.name, rep, row["order_id"], row["date"]] += _cents(after) - _cents(
                before
            )
        else:
            result["event", plan.name, rep, item, row["order_id"], row["date"]] += after - before


def _parts(place: dict, mine: tuple) -> list:
    """The lines of an order credited to one rep (both parts, where one person gets both)."""
    return place.setdefault(("parts", *mine), [])


def _take(period: Period, parts: list, amount: Fraction) -> None:
    """Take ``amount`` (below 0) off the lines of the order; each part gives its own share."""
    for number, _ in parts:
        taken = max(amount, -period.lines[number][0])
        period.lines[number][0] += taken
        amount -= taken


def _rule(plan: CommissionPlan, sale: dict):
    for rule in plan.rules:
        wanted = {"kind", "product_line", "customer_type"}
        if all(not getattr(rule, key) or sale[key] in getattr(rule, key) for key in wanted):
            return rule
    return None


def _cents(value: Fraction) -> Fraction:
    return Fraction(round(value * 100), 100)


def payrolls(made: Company) -> list:
    """What the engine pays under every plan, on its own days."""
    frame = orders(*made.rows())
    ticks = made.quota * 10_000

    def quotas(groups):
        return np.full(len(groups), ticks, dtype=np.int64)

    return [payroll(frame, plan, dated=True, quotas=quotas) for plan in made.plans]


def paid(made: Company) -> list:
    """The engine's lines of every plan."""
    return [one.lines.assign(plan=one.plan.name) for one in payrolls(made)]


def differences(made: Company) -> list[str]:
    """What the engine pays otherwise than the reference; empty when both agree."""
    want, wrong = expected(made), []
    got: dict[tuple, Fraction] = defaultdict(Fraction)
    sums: dict[tuple, Fraction] = defaultdict(Fraction)
    for lines in paid(made):
        for line in lines.to_dict("records"):
            pay, day = Fraction(int(line["pay"]), 100), line["date"].date()
            sums[line["plan"], line["rep_id"]] += pay
            if line["item"] == "clawback":
                got["late", line["plan"], line["rep_id"], line["order_id"], day] += pay
            elif line["item"] != BEYOND:
                item = "attainment" if line["item"] == "attainment" else "tiers"
                got["event", line["plan"], line["rep_id"], item, line["order_id"], day] += pay
    for key in want.keys() | got.keys():
        if key[0] == "now":
            continue
        size = abs(got.get(key, 0) - want.get(key, 0))
        lines_ = (
            sum(row["order_id"] == key[-2] and row["date"] == key[-1] for row in made.rows()) * 2
        )
        if size > (0 if key[0] == "late" else Fraction(lines_, 100)):
            wrong.append(f"{key}: {float(got.get(key, 0))} for {float(want.get(key, 0))}")
    due: dict[tuple, Fraction] = defaultdict(Fraction)
    for key, pay in want.items():
        if key[0] == "now":
            due[key[1], key[2]] += _cents(pay)
    for key in due.keys() | sums.keys():
        if due.get(key, 0) != sums.get(key, 0):
            wrong.append(f"sum {key}: {float(sums.get(key, 0))} for {float(due.get(key, 0))}")
    stands: dict[str, Decimal] = {sale["order_id"]: sale["amount"] for sale in made.sales}
    for row in made.refunds:
        stands[row["order_id"]] = max(stands[row["order_id"]] + row["amount"], Decimal(0))
    for book in {order[1] for order in stands}:
        left = [amount for order, amount in stands.items() if order[1] == book]
        paid_ = {key: pay for key, pay in sums.items() if key[1].endswith(f"-{book}")}
        if not any(left) and any(paid_.values()):
            wrong.append(f"everything of book {book} is refunded, and {paid_} stays paid")
    return wrong
