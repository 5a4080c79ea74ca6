"""Who is honoured: champion, star and benchmark case, each with its evidence."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import listing, plural
from playbook.base.periods import Month, Window
from playbook.data.measures import people
from playbook.pay.credit import UNASSIGNED
from playbook.pay.history import History, money
from playbook.pay.lines import within

REFUND_FLOOR = 0.1  # who had more than this share of the period's sales refunded is not honoured


def most_credited(past: History, honour: str, period: str, window: Window) -> dict | None:
    """Most credited in the window, above the quality floor."""
    rows = within(past.orders, window.start, window.end)
    rows = rows[rows["rep_id"].notna() & (rows["rep_id"] != UNASSIGNED)]
    sums = (
        rows.assign(sold=rows["amount"].clip(lower=0), back=-rows["amount"].clip(upper=0))
        .groupby("rep_id")[["amount", "sold", "back"]]
        .sum()
    )
    able = sums[(sums["amount"] > 0) & (sums["back"] <= REFUND_FLOOR * sums["sold"])]
    if not len(able):
        return None
    top = able["amount"].max()
    winners = sorted(able.index[able["amount"] == top])
    orders = (
        rows[rows["rep_id"].isin(winners) & (rows["amount"] > 0)]
        .groupby("rep_id")["order_id"]
        .nunique()
    )
    passed = [
        past.name(r) for r in sums.index[(sums["amount"] > top) & ~sums.index.isin(able.index)]
    ]
    evidence = f"{past.book.fmt.money(money(top))} from {plural(int(orders.max()), 'order')}" + (
        f"; passed over for refunds: {listing(passed)}" if passed else ""
    )
    return {
        "honour": honour,
        "period": period,
        "winners": listing([past.name(w) for w in winners], most=5),
        "evidence": evidence,
        "ties": len(winners) > 1,
    }


def benchmark(past: History, window: Window) -> dict | None:
    """The won deal others can learn most from."""
    book, f = past.book, past.book.fmt
    if not book.has("opportunities", "closed", "amount"):
        return None
    deals = people.won_deals(book, window.start, window.end).dropna(subset=["amount"])
    met = deals[deals["objection"].notna() & (deals["objection"] != "")]
    pool = met if len(met) else deals
    if not len(pool):
        return None
    deal = pool.sort_values(["amount", "opportunity_id"], ascending=[False, True]).iloc[0]
    days = (
        (pd.Timestamp(deal.closed) - pd.Timestamp(deal.created)).days
        if pd.notna(deal.created)
        else None
    )
    evidence = (
        f"{f.money(deal.amount)} from"
        f" {deal.customer_id if isinstance(deal.customer_id, str) else 'a customer not named'}"
        + (f" after {plural(days, 'day')}" if days is not None else "")
    )
    evidence += f", objection met: {deal.objection}" if len(met) else ""
    return {
        "honour": "Benchmark case",
        "period": f.text(str(Month.of(book.as_of)), "month"),
        "winners": (
            f"{past.name(deal.rep_id) if isinstance(deal.rep_id, str) else '–'}, deal"
            f" {deal.opportunity_id}"
        ),
        "evidence": evidence,
        "ties": False,
    }
