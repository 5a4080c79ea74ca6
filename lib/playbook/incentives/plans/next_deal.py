"""What one more deal would pay each rep, by the engine that pays: it is added, and the difference
is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from playbook.base.language import say
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.pay.credit import plain_texts
from playbook.pay.history import History, minor_money
from playbook.pay.payroll import Payroll
from playbook.pay.running import running_lines

OWNERS = ("rep_id", "deal_rep", "customer_rep", "lead_rep")


def next_deals(
    past: History,
    plan: CommissionPlan,
    payrolls: Sequence[Payroll],
    reps: Sequence[str],
    deal: Decimal,
) -> dict[str, Decimal]:
    """Rep id → what an order of ``deal`` on the as-of day, new and paid at once, adds to the pay of
    orders under the plans in force, refunds, caps and levels included [currency].

    payrolls: of the plans in force, as ``TotalPay.payrolls``. Under a plan that pays by quota only
    who has sold something is tried: a manager paid for what others sell has no quota to sell to.
    """
    if deal <= 0 or not reps:
        return {}
    if any(one.needs_quota for one in past.in_force(plan)):
        owned = past.orders[[name for name in OWNERS if name in past.orders]]
        sellers = set(owned.to_numpy(dtype=object).ravel())
        reps = [rep for rep in reps if rep in sellers]
    if not reps:
        return {}
    plans = past.in_force(plan)
    before = {paid.plan.name: paid for paid in payrolls}
    if (rows := running_lines(past, plans)) is not None:
        past, before = replace(past, orders=rows, sums_before=None), {}
    past = replace(past, orders=past.orders.assign(**plain_texts(past.orders)))
    more = replace(past, orders=pd.concat([past.orders, _orders(past, reps, deal)]))
    more = replace(more, orders=more.orders.astype(past.orders.dtypes).reset_index(drop=True))
    added = dict.fromkeys(reps, 0)
    for one in plans:
        old = before.get(one.name) or past.pay(one, dated=True)
        new = more.pay(one, dated=True)
        for sign, paid in ((1, new), (-1, old)):
            sums = paid.lines.groupby("rep_id")["pay"].sum()
            for rep in set(sums.index) & set(added):
                added[rep] += sign * int(sums[rep])
    return {rep: minor_money(units, past.minor) for rep, units in added.items()}


def _orders(past: History, reps: Sequence[str], deal: Decimal) -> pd.DataFrame:
    """One order per rep, of everything the rep owns, at the margin of the orders on record."""
    day, amount = pd.Timestamp(past.book.as_of), int(deal * TICKS)
    rows: dict[str, object] = {
        "order_id": [say("the next deal of {rep}", rep=rep) for rep in reps],
        "date": day,
        "kind": "new",
        "amount": amount,
        "paid_amount": amount,
        "paid_date": day,
        "source": "order",
        "quantity": 1.0,
        **{column: list(reps) for column in OWNERS},
    }
    known = past.orders
    if "cost" in known and known["cost"].notna().any():
        sold = known[known["cost"].notna() & (known["amount"] > 0)]
        rows["cost"] = int(amount * float(sold["cost"].sum()) / float(sold["amount"].sum()))
    made = pd.DataFrame({column: rows[column] for column in known.columns if column in rows})
    return made.reindex(columns=known.columns)
