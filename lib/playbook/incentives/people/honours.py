"""Who is honoured: champion, star and benchmark case, each with its evidence."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import listing, plural
from playbook.base.language import say, term
from playbook.base.periods import Month, Window
from playbook.data.measures import people
from playbook.data.measures.order_ids import order_keys
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
    sold = rows[rows["rep_id"].isin(winners) & (rows["amount"] > 0)]
    orders = sold.assign(order=order_keys(past.book, sold)).groupby("rep_id")["order"].nunique()
    passed = [
        past.name(r) for r in sums.index[(sums["amount"] > top) & ~sums.index.isin(able.index)]
    ]
    places = {
        "top": past.book.fmt.money(money(top)),
        "orders": plural(int(orders.max()), "order"),
    }
    evidence = (
        say(
            "{top} from {orders}; passed over for refunds: {passed}",
            passed=listing(passed),
            **places,
        )
        if passed
        else say("{top} from {orders}", **places)
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
    who = deal.customer_id if isinstance(deal.customer_id, str) else say("a customer not named")
    places = {"amount": f.money(deal.amount), "customer": who}
    evidence = (
        say("{amount} from {customer} after {days}", days=plural(days, "day"), **places)
        if days is not None
        else say("{amount} from {customer}", **places)
    )
    if len(met):
        evidence = say(
            "{deal}, objection met: {objection}", deal=evidence, objection=term(deal.objection)
        )
    return {
        "honour": say("Benchmark case"),
        "period": f.text(str(Month.of(book.as_of)), "month"),
        "winners": (
            say(
                "{name}, deal {number}",
                name=past.name(deal.rep_id) if isinstance(deal.rep_id, str) else "–",
                number=deal.opportunity_id,
            )
        ),
        "evidence": evidence,
        "ties": False,
    }
