"""The simulated company's orders: of won deals and renewals, with refunds and payments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .contracts import Ledger
from .days import LAST, to_date, workday
from .parameters import CHANNELS, EXISTING, PRODUCTS, REGIONS, Company
from .people import Team


def orders_table(
    c: Company, team: Team, customers: pd.DataFrame, deals: pd.DataFrame, ledger: Ledger
) -> pd.DataFrame:
    """Table ``orders``: one row per won deal and per renewal, and a negative row with the same
    number per refund.
    """
    owners = list(customers.itertuples())
    rows = [
        _deal_order(team, owners[d.customer], d) for d in deals[deals.outcome == "won"].itertuples()
    ]
    rows += [
        _renewal_order(team, owners[r["customer"]], r)
        for r in ledger.renewals[ledger.renewals.day >= 0].to_dict("records")
    ]
    rows.sort(key=lambda r: (r["date"], r["customer_id"], r["opportunity_id"]))
    for i, row in enumerate(rows):
        row["order_id"] = f"S{i + 1:05d}"
    rows += _refunds(c, rows)
    for row in rows:
        _payment(row)
    frame = (
        pd.DataFrame(rows).sort_values(["date", "order_id"], kind="stable").reset_index(drop=True)
    )
    frame["date"] = [to_date(d) for d in frame.date]
    return frame[
        [
            "order_id",
            "date",
            "customer_id",
            "amount",
            "rep_id",
            "region",
            "product_line",
            "channel",
            "kind",
            "quantity",
            "list_amount",
            "cost",
            "paid_amount",
            "paid_date",
            "opportunity_id",
        ]
    ]


def _deal_order(team: Team, owner: Any, d: Any) -> dict[str, Any]:
    return {
        "date": d.closed,
        "customer_id": owner.id,
        "amount": d.amount,
        "rep_id": team.id(d.rep_now),
        "region": REGIONS[d.region],
        "product_line": PRODUCTS[d.product],
        "channel": CHANNELS[d.channel].name if d.channel >= 0 else EXISTING,
        "kind": d.kind,
        "quantity": 1,
        "list_amount": d.list,
        "cost": round(d.list * (0.22 + 0.08 * d.u_late)),
        "opportunity_id": d.id,
        "u_refund": d.u_refund,
        "u_late": d.u_late,
    }


def _renewal_order(team: Team, owner: Any, r: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": r["day"],
        "customer_id": owner.id,
        "amount": r["list"] * (100 - r["discount"]) // 100,
        "rep_id": team.id(team.on(owner.rep, r["day"])),
        "region": REGIONS[owner.region],
        "product_line": PRODUCTS[owner.product],
        "channel": EXISTING,
        "kind": "renewal",
        "quantity": 1,
        "list_amount": r["list"],
        "cost": round(r["list"] * (0.18 + 0.06 * r["v"])),
        "opportunity_id": "",
        "u_refund": r["u"],
        "u_late": r["v"],
    }


def refunds(
    c: Company, day: np.ndarray, amount: np.ndarray, u: np.ndarray, late: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Orders given back, half or all, some weeks later and not after the last day: (row of the
    order, day, amount below 0).
    """
    wait = 20 + np.floor(late * 60).astype(int)
    back = np.flatnonzero((u < c.refund_share) & (day + wait <= LAST))
    return (
        back,
        workday(day[back] + wait[back]),
        -np.round(amount[back] * np.where(late[back] < 0.3, 1.0, 0.5)).astype(int),
    )


def _refunds(c: Company, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    column = lambda name: np.array([row[name] for row in rows])  # noqa: E731
    made = []
    for k, day, amount in zip(
        *refunds(c, column("date"), column("amount"), column("u_refund"), column("u_late")),
        strict=True,
    ):
        row = rows[k]
        made.append(
            {
                **row,
                "date": int(day),
                "amount": int(amount),
                "list_amount": -round(row["list_amount"] * (1.0 if row["u_late"] < 0.3 else 0.5)),
                "cost": 0,
                "quantity": -1,
                "kind": "refund",
            }
        )
    return made


def _payment(row: dict[str, Any]) -> None:
    """Paid 10 to 75 days after the order; a few pay seven tenths at first; what would come after
    the last day is not yet paid.
    """
    if row["kind"] == "refund":
        row["paid_amount"], row["paid_date"] = row["amount"], to_date(row["date"])
        return
    day = row["date"] + 10 + int(65 * row["u_late"])
    share = 0.7 if row["u_late"] > 0.92 else 1.0
    paid = day <= LAST
    row["paid_amount"] = round(row["amount"] * share) if paid else None
    row["paid_date"] = to_date(day) if paid else None


def value_tiers(customers: pd.DataFrame, orders: pd.DataFrame) -> np.ndarray:
    """Each customer's value tier on the last day: net sales of the last 365 days."""
    year = (
        orders[[d > to_date(LAST - 365) for d in orders.date]].groupby("customer_id").amount.sum()
    )
    worth = customers.id.map(year).fillna(0).to_numpy()
    return np.select([worth >= 500_000, worth >= 100_000], ["strategic", "growth"], "basic")
