"""Who is credited with what, and when: from order lines to credited lines under a plan's basis,
splits, rules and periods.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base.errors import DataProblem, Problem
from playbook.base.settings import TierTable
from playbook.base.settings.plan_parts import RateRule
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.methods import exact

from .periods import period_number
from .refunds import matched

OWNER = {"order": "rep_id", "deal": "deal_rep", "customer": "customer_rep", "lead": "lead_rep"}
UNASSIGNED = "(no rep)"


def credited(
    lines: pd.DataFrame,
    plan: CommissionPlan,
    *,
    fiscal_year_start: int = 1,
    tiers: TierTable | None = None,
) -> pd.DataFrame:
    """Credited lines: one row per order line and person, sorted by date and id.

    lines: as ``measures.credits.credits`` gives them. tiers: value tiers, needed when a rule names
    ``customer_tier``.

    Returns
    -------
    The lines with ``date`` (paid day under a cash basis), ``amount`` (credited ticks), ``rep_id``,
    ``rule`` (number of the rule, −1 none),
    ``origin`` (row a refund takes back, −1 none), ``beyond`` (what a refund asks for beyond its
    sale) [ticks] and ``period`` (number of the accumulation period).
    """
    rows = on_basis(lines, plan)
    rows["rule"] = matching_rule(rows, plan, tiers)
    rows = matched(rows)
    linked = rows["origin"].to_numpy() >= 0
    if linked.any():  # a refund goes back to whoever was credited, at the rule that paid
        origin = rows["origin"].to_numpy()[linked]
        for column in ("rep_id", "deal_rep", "customer_rep", "lead_rep", "rule"):
            values = rows[column].to_numpy().copy()
            values[linked] = values[origin]
            rows[column] = values
    rows = split(rows, plan)
    rows["period"] = period_number(rows["date"], plan.accumulate, fiscal_year_start)
    return rows


def on_basis(lines: pd.DataFrame, plan: CommissionPlan) -> pd.DataFrame:
    """Bookings: amounts on their order day. Cash: what was paid on the day it was paid; refunds
    without a payment on their own day,
    as far as something had been paid.

    Raises DataProblem for payments dated before the order they pay for.
    """
    if plan.basis == "bookings":
        return lines.reset_index(drop=True).copy()
    back = (lines["amount"] < 0) & lines["paid_date"].isna()
    paid = lines[lines["paid_date"].notna() | back].copy()
    booked = back[paid.index]
    _refuse_early(paid[(paid["paid_date"] < paid["date"]) & ~booked], plan)
    paid["amount"] = np.where(
        booked,
        paid["amount"],
        np.where(paid["amount"] < 0, -paid["paid_amount"].abs(), paid["paid_amount"]),
    )
    paid["date"] = paid["paid_date"].where(~booked, paid["date"])
    paid = (
        paid.assign(back=paid["amount"] < 0, booked=booked)
        .sort_values(["date", "order_id", "back"], kind="stable")
        .reset_index(drop=True)
    )
    if booked.any():
        paid["amount"] = _no_more_than_paid(paid, set(lines.loc[lines["amount"] > 0, "order_id"]))
    return paid.drop(columns=["back", "booked"])


def _refuse_early(early: pd.DataFrame, plan: CommissionPlan) -> None:
    if len(early):
        raise DataProblem(
            Problem(
                found=f"{len(early)} orders paid before they closed",
                expected="paid_date on or after the order's date",
                try_=f"correct the dates, or pay plan '{plan.name}' on bookings",
                table="orders",
                column="paid_date",
                count=len(early),
                rows=tuple(
                    f"{r.order_id}: closed {r.date:%Y-%m-%d}, paid {r.paid_date:%Y-%m-%d}"
                    for r in early.head(3).itertuples()
                ),
            )
        )


def _no_more_than_paid(paid: pd.DataFrame, sold: set[str]) -> np.ndarray:
    """Amounts with refunds that have no payment of their own cut to what their order had been paid
    by then: what never came in is not taken back.

    A refund of an order the book does not hold stands as it is.
    """
    amount, held = paid["amount"].to_numpy().copy(), {}
    asked = set(paid.loc[paid["booked"], "order_id"]) & sold
    for i in np.flatnonzero(paid["order_id"].isin(asked).to_numpy()):
        order = paid["order_id"].iat[i]
        if paid["booked"].iat[i]:
            amount[i] = -min(-amount[i], max(held.get(order, 0), 0))
        held[order] = held.get(order, 0) + amount[i]
    return amount


def matching_rule(rows: pd.DataFrame, plan: CommissionPlan, tiers: TierTable | None) -> np.ndarray:
    """Number of the first rule of the plan each row meets; −1 where the tiers hold alone."""
    found = np.full(len(rows), -1, dtype=np.int64)
    value = (
        customer_tier(rows, tiers)
        if tiers and any(rule.customer_tier for rule in plan.rules)
        else None
    )
    for number, rule in reversed(list(enumerate(plan.rules))):
        found[_meets(rows, rule, value)] = number
    return found


def _meets(rows: pd.DataFrame, rule: RateRule, value: np.ndarray | None) -> np.ndarray:
    met = np.ones(len(rows), dtype=bool)
    for column in ("kind", "product_line", "customer_type", "channel"):
        wanted = getattr(rule, column)
        if wanted:
            met &= rows[column].isin(wanted).to_numpy()
    if rule.customer_tier:
        met &= (
            np.zeros(len(rows), dtype=bool) if value is None else np.isin(value, rule.customer_tier)
        )
    return met


def customer_tier(rows: pd.DataFrame, tiers: TierTable) -> np.ndarray:
    """Name of each row's customer's value tier from the net amount of the twelve months before the
    row's day.
    """
    frame = pd.DataFrame(
        {
            "customer": rows["customer_id"].to_numpy(),
            "date": rows["date"].to_numpy(),
            "amount": rows["amount"].to_numpy(),
            "row": np.arange(len(rows)),
        }
    )
    frame = frame.sort_values(["customer", "date", "row"], kind="stable")
    names = np.empty(len(rows), dtype=object)
    edges = np.array([edge * TICKS for edge in tiers.lower])
    for _, part in frame.groupby("customer", sort=False):
        day = part["date"].to_numpy()
        total = np.r_[0, np.cumsum(part["amount"].to_numpy())]
        before = (
            total[np.searchsorted(day, day, side="left")]
            - total[np.searchsorted(day, day - np.timedelta64(365, "D"), side="left")]
        )
        names[part["row"].to_numpy()] = [
            next((n for n, e in zip(tiers.names, edges, strict=True) if b >= e), tiers.names[-1])
            for b in before
        ]
    return names


def split(rows: pd.DataFrame, plan: CommissionPlan) -> pd.DataFrame:
    """One row per person credited; parts of an amount add up to it to the last tick. Who has no
    owner credits the order's rep.

    A refund takes from each person what the split of the rest of its sale leaves less, so that a
    sale refunded in parts is taken back from each to the last tick.
    """
    rows = rows.assign(rep_id=rows["rep_id"].fillna(UNASSIGNED), part=0)
    if not plan.splits:
        return rows
    parts, row_count = [], len(rows)
    amount, left = rows["amount"].to_numpy(), rows["left"].to_numpy()
    refund = (rows["origin"].to_numpy() >= 0) & (amount < 0)
    given = np.zeros(len(rows), dtype=np.int64)
    share = Decimal(0)
    for number, rule in enumerate(plan.splits):
        share += rule.share
        top, bottom = share.as_integer_ratio()
        part = (exact.times(np.where(refund, left + amount, amount), top) // bottom).astype(
            np.int64
        )
        before = (exact.times(np.where(refund, left, 0), top) // bottom).astype(np.int64)
        upto = part - before
        owner = rows[OWNER[rule.to]].where(rows[OWNER[rule.to]].notna(), rows["rep_id"])
        origin = rows["origin"].to_numpy()
        parts.append(
            rows.assign(
                rep_id=owner,
                amount=upto - given,
                part=number,
                beyond=rows["beyond"] if number == 0 else 0,
                origin=np.where(origin >= 0, origin + number * row_count, -1),
                at=np.arange(row_count),
            )
        )
        given = upto
    all_parts = pd.concat(parts, ignore_index=True)
    order = np.lexsort((all_parts["part"].to_numpy(), all_parts["at"].to_numpy()))
    place = np.empty(len(all_parts), dtype=np.int64)
    place[order] = np.arange(len(all_parts))
    origin = all_parts["origin"].to_numpy()
    all_parts["origin"] = np.where(origin >= 0, place[np.maximum(origin, 0)], -1)
    return all_parts.iloc[order].drop(columns="at").reset_index(drop=True)
