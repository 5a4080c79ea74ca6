"""When pay is paid out: what a cap keeps for later, what waits for the customer's money, and months
below nothing. Every line moves pay between days; over all days they add up to what the plan says.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures import assigned
from playbook.data.memo import once
from playbook.methods import exact

from .award_line import AwardLine
from .history import History, minor_money
from .periods import in_force_share, period_name, period_span

EARNED = ("tiers", "attainment", "clawback")  # pay that comes of orders


def held_lines(past: History, plan: CommissionPlan, lines: pd.DataFrame, *, dated: bool = False):
    """Lines that hold pay back and release it, by the plan's cap and by payments. lines: of
    ``Payroll``.
    """
    rows: list[AwardLine] = []
    if plan.booking_share < 1:
        payments = once(past.book, "payments", lambda: assigned.payments(past.book))
        rows += until_paid(lines, payments, Fraction(plan.booking_share), past.minor)
    if plan.excess == "later":
        rows += _paid_later(past, plan, lines, dated=dated)
    return rows


def until_paid(
    lines: pd.DataFrame, payments: pd.DataFrame, share: Fraction, minor: int
) -> list[AwardLine]:
    """What of an order's pay waits until its customer pays: all but ``share`` of it, released in
    proportion to what was paid of the amount that stands.
    """
    mine = lines[lines["component"].isin(EARNED) & lines["order_id"].notna()]
    events = mine[["rep_id", "order_id", "customer_id", "date", "amount", "pay"]].assign(cash=0)
    events.loc[mine["component"] == "attainment", "amount"] = 0  # the tiers' line holds the credit
    whom = mine[["rep_id", "order_id", "customer_id"]].drop_duplicates(["rep_id", "order_id"])
    booked = mine[mine["component"] != "attainment"].drop_duplicates(
        ["order_id", "date", "rep_id", "amount", "row"]
    )
    total = booked[booked["amount"] > 0].groupby("order_id")["amount"].sum()
    own = booked[booked["amount"] > 0].groupby(["rep_id", "order_id"])["amount"].sum()
    cash = payments.merge(whom, on="order_id").assign(pay=0)
    if len(cash):  # each person's part of a payment is that of the order's credit
        keys = pd.MultiIndex.from_frame(cash[["rep_id", "order_id"]])
        part = own.reindex(keys).fillna(0).to_numpy(dtype=np.int64).astype(object)
        whole = total.reindex(cash["order_id"]).fillna(0).to_numpy(dtype=np.int64).astype(object)
        paid = cash["amount"].to_numpy().astype(object)
        values = [int(p * a // w) if w else 0 for p, a, w in zip(paid, part, whole, strict=True)]
        cash = cash.assign(cash=values, amount=0)
    every = pd.concat([events, cash], ignore_index=True) if len(cash) else events
    every = every.sort_values(["rep_id", "order_id", "date"], kind="stable").reset_index(drop=True)
    group = every.groupby(["rep_id", "order_id"], sort=False).ngroup().to_numpy()
    first = exact.starts(group)
    pay, amount, money = (
        exact.running(every[name].to_numpy(dtype=np.int64), first, group)
        for name in ("pay", "amount", "cash")
    )
    part = [
        share + (1 - share) * Fraction(min(max(int(c), 0), int(a)), int(a))
        if a > 0
        else Fraction(1)
        for c, a in zip(money, amount, strict=True)
    ]
    due = np.array([round(int(p) * f) for p, f in zip(pay, part, strict=True)], dtype=np.int64)
    step = exact.increments(due, first) - every["pay"].to_numpy(dtype=np.int64)
    at = np.flatnonzero(step != 0)
    told = every.iloc[at]
    return [
        AwardLine(
            row.rep_id,
            row.date,
            row.order_id,
            row.customer_id,
            "held until paid" if units < 0 else "released by payment",
            minor_money(units, minor),
            (
                say(
                    "order {order_id}: {percent} of its pay waits for the customer's money",
                    order_id=row.order_id,
                    percent=_percent(1 - share),
                )
                if units < 0
                else say(
                    "order {order_id}: {percent} of its pay is due",
                    order_id=row.order_id,
                    percent=_percent(Fraction(part[n])),
                )
            ),
        )
        for row, units, n in zip(told.itertuples(index=False), step[at], at, strict=True)
    ]


def _percent(share: Fraction) -> str:
    return say("{n} %", n=f"{float(share) * 100:.4g}")


def _paid_later(
    past: History, plan: CommissionPlan, lines: pd.DataFrame, *, dated: bool
) -> list[AwardLine]:
    """What a period's cap keeps back, and what of it later periods pay.

    A month of a running period holds back what stands above the cap; what was carried into the
    period is paid at its end, for only then it is known how much room the period leaves. So no
    month's lines change when the next one comes.
    """
    mine = lines[lines["component"].isin(EARNED)]
    month = mine["date"].to_numpy().astype("datetime64[M]").astype(np.int64) + 1970 * 12
    sums = mine.groupby(["rep_id", mine["period"], month])["pay"].sum()
    last, end_month = past.period_now(plan), Month.of(past.book.as_of).number
    rows = []
    for rep, part in sums.groupby(level=0):
        pays = {(int(n), int(m)): int(pay) for (_, n, m), pay in part.items()}
        carried = 0
        for number in range(min(n for n, _ in pays), last + 1):
            share = Fraction(1)
            if dated and plan.prorate and plan.change == "prorate":
                share = in_force_share(number, plan, past.fiscal_year_start)
            most = round(Fraction(plan.cap or 0) * share * 10**past.minor)
            first, end = period_span(number, plan.accumulate, past.fiscal_year_start)
            months = range(Month.of(first).number, min(Month.of(end).number, end_month) + 1)
            earned = moved = 0
            for at in months:
                earned += pays.get((number, at), 0)
                over = at == months[-1] and end <= past.book.as_of
                paid, left = later(earned, carried if over else 0, most)
                step, moved = paid - earned - moved, paid - earned
                if step:
                    waiting = left if over else carried + left
                    rows.append(_held(past, plan, str(rep), at, step, most, waiting))
                if over:
                    carried = left
    return rows


def _held(
    past: History, plan: CommissionPlan, rep: str, month: int, step: int, most: int, waiting: int
) -> AwardLine:
    """A month's line of what the cap keeps back or releases."""
    day = pd.Timestamp(min(Month.from_number(month).end, past.book.as_of))
    left, cap = (
        past.book.fmt.text(minor_money(units, past.minor), "money.exact")
        for units in (waiting, most)
    )
    item = "cap held" if step < 0 else "cap released"
    why = say(
        "cap of {cap} a {accumulate}; {left} is paid later",
        cap=cap,
        accumulate=period_name(plan.accumulate),
        left=left,
    )
    return AwardLine(rep, day, None, None, item, minor_money(step, past.minor), why)


def later(earned: int, carried: int, most: int) -> tuple[int, int]:
    """(paid, carried on) of a period that pays at most ``most`` of what it earned and what was
    carried into it.
    """
    due = earned + carried
    paid = min(due, most) if due > 0 else due
    return paid, due - paid


def carried_lines(
    past: History, plans: Sequence[CommissionPlan], lines: pd.DataFrame
) -> list[tuple[str, AwardLine]]:
    """(plan, line) where a month's pay, of all plans together, is below 0: it pays 0 and carries
    the rest on; later months make up for it, at once or in instalments, out of no more than the
    part of their pay the plan of the month says. lines: everything paid, with its ``plan``.
    """
    if all(one.negative.rule == "deduct" for one in plans) or not len(lines):
        return []
    month = lines["date"].to_numpy().astype("datetime64[M]").astype(np.int64) + 1970 * 12
    sums = lines.groupby(["rep_id", month])["pay"].sum()
    whose = lines.groupby("rep_id")["plan"].unique()
    now = Month.of(past.book.as_of).number
    rows = []
    for rep, part in sums.groupby(level=0):
        pays = {int(number): int(pay) for (_, number), pay in part.items()}
        months = range(min(pays), max(now, max(pays)) + 1)
        mine = sorted((one for one in plans if one.name in whose[rep]), key=lambda one: one.starts)
        held = [_of_month(mine, number) for number in months]
        moved = carried_on([pays.get(n, 0) for n in months], held)
        for number, one, units, owed in zip(months, held, *moved, strict=True):
            if units:
                day = min(Month.from_number(number).end, past.book.as_of)
                left = past.book.fmt.text(minor_money(owed, past.minor), "money.exact")
                rows.append(
                    (
                        one.name,
                        AwardLine(
                            str(rep),
                            pd.Timestamp(day),
                            None,
                            None,
                            "negative carried" if units > 0 else "carried taken back",
                            minor_money(units, past.minor),
                            say(
                                "pay of a month is not below 0; {left} is made up for by later pay",
                                left=left,
                            ),
                        ),
                    )
                )
    return rows


def _of_month(plans: Sequence[CommissionPlan], number: int) -> CommissionPlan:
    """The plan a month's debts go by: the last that started by its end."""
    begun = [one for one in plans if one.starts <= Month.from_number(number).end]
    return (begun or plans)[-1 if begun else 0]


def carried_on(
    pays: list[int], plans: CommissionPlan | Sequence[CommissionPlan]
) -> tuple[list[int], list[int]]:
    """(what each month's pay is moved by, what is owed after it) [minor units]. plans: of every
    month, or of all.
    """
    held = [plans] * len(pays) if isinstance(plans, CommissionPlan) else plans
    owed, each, moved, left = 0, 0, [], []
    for pay, plan in zip(pays, held, strict=True):
        terms = plan.negative
        if pay < 0 and terms.rule == "deduct":
            moved.append(0)
        elif pay < 0:
            owed -= pay
            each = -(-owed // terms.instalments)
            moved.append(-pay)
        else:
            most = int(Fraction(pay) * Fraction(terms.most_share))
            part = min(owed, most)
            part = min(part, each) if terms.rule == "instalments" else part
            owed -= part
            moved.append(-part)
        left.append(owed)
    return moved, left
