"""Which amounts a plan looks at, and when: what was booked, or what was paid."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import say
from playbook.base.settings.plans import CommissionPlan


def on_basis(lines: pd.DataFrame, plan: CommissionPlan) -> pd.DataFrame:
    """Bookings: amounts on their order day. Cash: ``paid_lines``.

    Raises DataProblem for payments dated before the order they pay for.
    """
    if plan.basis == "bookings":
        return lines.reset_index(drop=True)
    _refuse_early(lines[lines["paid_date"] < lines["date"]], plan)
    return paid_lines(lines)


def paid_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """What was paid on the day it was paid; refunds without a payment on their own day, as far as
    something had been paid. Cost and pieces count in proportion to what was paid.
    """
    back = (lines["amount"] < 0) & lines["paid_date"].isna()
    paid = lines[lines["paid_date"].notna() | back].copy()
    booked = back[paid.index]
    asked = paid["amount"].to_numpy()
    paid["amount"] = np.where(
        booked,
        paid["amount"],
        np.where(paid["amount"] < 0, -paid["paid_amount"].abs(), paid["paid_amount"]),
    )
    paid["date"] = paid["paid_date"].where(~booked, paid["date"])
    paid = (
        paid.assign(back=paid["amount"] < 0, booked=booked, asked=asked)
        .sort_values(["date", "order_id", "back"], kind="stable")
        .reset_index(drop=True)
    )
    if booked.any():
        paid["amount"] = _no_more_than_paid(paid, set(lines.loc[lines["amount"] > 0, "order_id"]))
    return _in_proportion(paid).drop(columns=["back", "booked", "asked"])


def _in_proportion(paid: pd.DataFrame) -> pd.DataFrame:
    """Cost and pieces of what was paid: a half that is paid costs half of what all of it does."""
    amount, asked = paid["amount"].to_numpy(), paid["asked"].to_numpy()
    part = np.flatnonzero((amount != asked) & (asked != 0))
    if len(part) and "cost" in paid:
        known = part[paid["cost"].notna().to_numpy()[part]]
        cost = paid["cost"].to_numpy(dtype=object)
        for at in known:
            cost[at] = round(Fraction(int(cost[at]) * int(amount[at]), int(asked[at])))
        paid = paid.assign(cost=pd.array(cost, dtype=paid["cost"].dtype))
    if len(part) and "quantity" in paid:
        pieces = paid["quantity"].to_numpy(dtype=float).copy()
        pieces[part] *= amount[part] / asked[part]
        paid = paid.assign(quantity=pieces)
    return paid


def _refuse_early(early: pd.DataFrame, plan: CommissionPlan) -> None:
    if len(early):
        raise DataProblem(
            Problem(
                found=say("{n} orders paid before the day of closing", n=len(early)),
                expected=say("paid_date on or after the order's date"),
                try_=say("correct the dates, or pay plan '{name}' on bookings", name=plan.name),
                table="orders",
                column="paid_date",
                count=len(early),
                rows=tuple(
                    say(
                        "{order_id}: closed {date:%Y-%m-%d}, paid {paid_date:%Y-%m-%d}",
                        order_id=r.order_id,
                        date=r.date,
                        paid_date=r.paid_date,
                    )
                    for r in early.head(3).itertuples()
                ),
            )
        )


def _no_more_than_paid(paid: pd.DataFrame, sold: set[str]) -> np.ndarray:
    """Amounts with refunds that have no payment of their own cut to what their order had been paid
    by then: what never came in is not taken back.

    A refund of an order the book does not hold stands as it is.
    """
    amount = paid["amount"].to_numpy().copy()
    held: dict[str, int] = {}
    asked = set(paid.loc[paid["booked"], "order_id"]) & sold
    for i in np.flatnonzero(paid["order_id"].isin(asked).to_numpy()):
        order = paid["order_id"].iat[i]
        if paid["booked"].iat[i]:
            amount[i] = -min(-amount[i], max(held.get(order, 0), 0))
        held[order] = held.get(order, 0) + amount[i]
    return amount
