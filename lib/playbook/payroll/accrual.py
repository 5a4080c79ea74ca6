"""What finance books for a month: expense, what is spread over time, and what is owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from playbook.base.periods import Month
from playbook.base.settings.payroll import Amortised

from .changes import LedgerLine

SIGNED = timedelta(days=92)  # a contract that begins within these days of an order is the order's


@dataclass(frozen=True)
class Schedule:
    """Pay of one rep for one order, spread evenly from month ``start`` over ``months``.

    total: pay to date [minor units]. base: what is spread from ``start`` on, and ``done`` what had
    been expensed before it. expensed: to date; expense: of the month.
    """

    rep_id: str
    order_id: str
    plan: str
    total: int
    start: str
    months: int
    base: int
    done: int
    expensed: int
    expense: int

    @property
    def asset(self) -> int:
        """What is not yet an expense."""
        return self.total - self.expensed

    @property
    def last(self) -> Month:
        return Month.parse(self.start) + (self.months - 1)

    def as_dict(self) -> dict[str, str | int]:
        return {**asdict(self), "asset": self.asset}


@dataclass(frozen=True)
class OrderTerms:
    """What says how an order's pay is spread: its kind, and the days of the customer's contract
    that it was signed with.
    """

    kind: str
    contract: tuple[date, date] | None = None


def spread_to(base: int, passed: int, months: int) -> int:
    """What of ``base`` is expense after ``passed`` of ``months``, rounded half-even: each month is
    the growth of this sum, so all of them add up to the base.

    Examples
    --------
    >>> done = [spread_to(1000000, k, 36) for k in range(4)]
    >>> [after - before for before, after in zip(done, done[1:])]
    [27778, 27778, 27777]
    """
    return round(Fraction(base * min(passed, months), months))


def schedules(
    lines: Iterable[LedgerLine],
    held: Iterable[Schedule],
    orders: Mapping[str, OrderTerms],
    rules: Iterable[Amortised],
    month: Month,
) -> list[Schedule]:
    """The schedules after ``month``: those held, moved on, and the new ones of its lines.

    A changed estimate (a contract that ends earlier or later, a sale partly taken back) is spread
    forward over the months that are left; what is left when they are over is expensed at once.
    """
    kept = {(one.rep_id, one.order_id): one for one in held}
    added: dict[tuple[str, str], int] = {}
    ruled: dict[tuple[str, str], tuple[str, Amortised]] = {}
    for line in lines:
        key = (line.rep_id, line.order_id)
        found = _rule(line, orders, rules)
        if line.kind == "opening" or (found is None and key not in kept):
            continue
        added[key] = added.get(key, 0) + line.pay
        if found is not None:
            ruled.setdefault(key, (line.plan, found))
    made = []
    for key in sorted({*kept, *added}):
        old, more = kept.get(key), added.get(key, 0)
        if old is None:
            plan, rule = ruled[key]
            last = _last_month(orders.get(key[1]), rule, month)
            months = max(last - month + 1, 1)
            old = Schedule(*key, plan, more, str(month), months, more, 0, 0, 0)
            made.append(_moved(old, month))
            continue
        over = any(one.plan == old.plan and one.over_contract for one in rules)
        contract = orders[key[1]].contract if key[1] in orders else None
        last = Month.of(contract[1]) if over and contract else old.last
        if more or last != old.last:
            base = old.asset + more
            months = max(last - month + 1, 1)
            if (base < 0) != (old.total + more < 0) or not base:
                months = 1  # more was taken back than is left to spread
            old = replace(
                old,
                total=old.total + more,
                start=str(month),
                months=months,
                base=base,
                done=old.expensed,
            )
        made.append(_moved(old, month))
    return [one for one in made if one.asset or one.expense]


def _moved(one: Schedule, month: Month) -> Schedule:
    passed = month - Month.parse(one.start) + 1
    expensed = one.done + spread_to(one.base, passed, one.months)
    return replace(one, expensed=expensed, expense=expensed - one.expensed)


def _rule(
    line: LedgerLine, orders: Mapping[str, OrderTerms], rules: Iterable[Amortised]
) -> Amortised | None:
    order = orders.get(line.order_id)
    if order is None or line.adjustment_id:
        return None
    for rule in rules:
        if rule.plan == line.plan and (not rule.kinds or order.kind in rule.kinds):
            return rule if rule.months or order.contract else None
    return None


def _last_month(order: OrderTerms | None, rule: Amortised, month: Month) -> Month:
    if rule.over_contract and order is not None and order.contract is not None:
        return Month.of(order.contract[1])
    return month + ((rule.months or 1) - 1)


def accrual(
    lines: Iterable[LedgerLine],
    made: list[Schedule],
    month: Month,
    more: Mapping[str, int] | None = None,
) -> list[dict[str, str | int]]:
    """By plan, adjustments apart and all together: earned, of it spread over time, expensed at
    once, expense from schedules, expense of the month, the asset after it, and what to accrue
    beyond pay for a running period at its expected rate [minor units].

    more: plan → the last of these, as ``expected.expected_more`` gives it.
    """
    on_schedule = {(one.rep_id, one.order_id): one.plan for one in made}
    rows: dict[str, dict[str, int]] = {}
    for line in lines:
        if line.kind == "opening":
            continue
        plan = line.plan or "adjustments"
        spread = on_schedule.get((line.rep_id, line.order_id)) if line.order_id else None
        row = rows.setdefault(plan, dict.fromkeys(("earned", "spread", "scheduled", "asset"), 0))
        row["earned"] += line.pay
        row["spread"] += line.pay if spread and not line.adjustment_id else 0
    for one in made:
        row = rows.setdefault(
            one.plan, dict.fromkeys(("earned", "spread", "scheduled", "asset"), 0)
        )
        row["scheduled"] += one.expense
        row["asset"] += one.asset
    found: list[dict[str, str | int]] = []
    more = more or {}
    for plan in more:
        rows.setdefault(plan, dict.fromkeys(("earned", "spread", "scheduled", "asset"), 0))
    for plan in sorted(rows, key=lambda name: (name == "adjustments", name)):
        booked = _booked(rows[plan])
        found.append({"month": str(month), "plan": plan, **booked, "expected": more.get(plan, 0)})
    sums = {
        key: sum(row[key] for row in rows.values())
        for key in ("earned", "spread", "scheduled", "asset")
    }
    return [
        *found,
        {"month": str(month), "plan": "all", **_booked(sums), "expected": sum(more.values())},
    ]


def _booked(row: Mapping[str, int]) -> dict[str, int]:
    at_once = row["earned"] - row["spread"]
    return {
        "earned": row["earned"],
        "spread": row["spread"],
        "at_once": at_once,
        "scheduled": row["scheduled"],
        "expense": at_once + row["scheduled"],
        "asset": row["asset"],
    }
