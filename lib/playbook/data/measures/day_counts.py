"""What happened on each day: contacts, leads, deals opened and decided, entries to stages."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .customers import is_order
from .days import day_in, day_number, packed
from .deals import Deals
from .frames import collect
from .order_ids import several_lines, with_order

AGAIN = "orders again"  # counted on an earlier day of the same seven
KINDS = ("visit", "proposal")  # contacts that are counted by themselves beside all of them


def day_counts(deals: Deals | None, book: Book, first: date, last: date) -> pd.DataFrame:
    """Rows what, day (days since 1970), n and amount [currency] from first to last, inclusive.

    what: contacts, visits, proposals, leads, orders (with a line on the day), orders again
    (those that had a line on an earlier day of the same seven days, counted back from ``last``: the
    orders of a week are the sum of its days less these), sales (order rows with their net amount;
    all of them where the book has orders of its own), deals opened, deals won (with their amount),
    deals lost, and one ``entered …`` per dated stage between the first and the win. Days on which
    nothing of a kind happened have no row.
    """
    low, high, parts = day_number(first), day_number(last), dict[str, nw.LazyFrame]()

    def count(rows: nw.LazyFrame, what: str, amount: nw.Expr | None = None) -> None:
        rows = rows.filter((nw.col("day") >= low) & (nw.col("day") <= high))
        money = nw.lit(0.0) if amount is None else amount
        parts[what] = rows.select(nw.lit(what).alias("what"), "day", money=money)

    if book.has("activities", "date"):
        acts = book.table("activities").with_columns(day=day_in(packed("date")))
        count(acts, "contacts")
        for kind in KINDS if book.has("activities", "kind") else ():
            count(acts.filter(nw.col("kind") == kind), f"{kind}s")
    if book.has("leads", "created"):
        count(book.table("leads").with_columns(day=day_in(packed("created"))), "leads")
    if "orders" in book.read.staged and book.has("orders", "date", "amount"):
        for what, rows, money in _orders(book, low, high):
            count(rows, what, money)
    if deals is not None:
        count(deals.rows.with_columns(day=day_in(nw.col("created"))), "deals opened")
        for k in deals.dated[1:-1] if deals.events else ():
            entered = deals.rows.with_columns(day=day_in(nw.col(f"r{k}")))
            count(entered, f"entered {deals.stages[k]}")
        closed = deals.rows.with_columns(day=day_in(nw.col("closed")))
        for outcome in ("won", "lost"):
            money = nw.col("amount").cast(nw.Float64) if outcome == "won" else None
            count(closed.filter(nw.col("outcome") == outcome), f"deals {outcome}", money)
    if not parts:
        return pd.DataFrame(columns=["what", "day", "n", "amount"])
    every = nw.concat(list(parts.values())).group_by("what", "day")  # one question, not a dozen
    found = collect(every.agg(n=nw.len(), amount=nw.col("money").sum()), sort=["what", "day"])
    place = {what: i for i, what in enumerate(parts)}
    found = found.sort_values("what", key=lambda w: w.map(place), kind="stable", ignore_index=True)
    return found[["what", "day", "n", "amount"]].astype({"day": int, "amount": float})


def _orders(book: Book, low: int, high: int) -> list[tuple[str, nw.LazyFrame, nw.Expr | None]]:
    """Orders on each day they have a line, those counted before in the week, and order rows with
    their net amount.
    """
    rows = with_order(book, book.table("orders")).with_columns(day=day_in(packed("date")))
    rows = rows.filter((nw.col("day") >= low) & (nw.col("day") <= high))
    sales = ("sales", rows, nw.col("amount").cast(nw.Float64))
    bought = rows.filter(is_order())
    if not several_lines(book):
        return [("orders", bought, None), sales]
    each = bought.select("order", "day").unique()
    weeks = each.with_columns(week=(nw.lit(high) - nw.col("day")) // 7)
    first = weeks.group_by("order", "week").agg(first=nw.col("day").min())
    again = weeks.join(first, on=["order", "week"], how="inner").filter(
        nw.col("day") > nw.col("first")
    )
    return [("orders", each, None), (AGAIN, again, None), sales]


def contacts_on(book: Book, day: date) -> pd.DataFrame:
    """Contacts of one day: rep_id, customer_id, lead_id, opportunity_id, objection, feedback,
    progressed, next_action; by id.
    """
    columns = [
        "activity_id",
        "rep_id",
        "customer_id",
        "lead_id",
        "opportunity_id",
        "objection",
        "feedback",
        "progressed",
        "next_action",
    ]
    rows = book.table("activities").filter(nw.col("date").cast(nw.Date) == day)
    return collect(rows.select(*columns), sort=["activity_id"])


def decided_between(deals: Deals, first: date, last: date) -> pd.DataFrame:
    """Deals decided from first to last, inclusive: opportunity_id, customer_id, lead_id, rep_id,
    outcome, value (amount of a won, expected amount of a lost one) [currency], reason, stage (index
    of the furthest); by outcome, the largest first.
    """
    day = day_in(nw.col("closed"))
    rows = deals.rows.filter(
        (nw.col("outcome") != "open") & (day >= day_number(first)) & (day <= day_number(last))
    )
    won = nw.col("outcome") == "won"
    expected = nw.coalesce("expected_amount", "amount").cast(nw.Float64)
    found = collect(
        rows.select(
            "opportunity_id",
            "customer_id",
            "lead_id",
            "rep_id",
            "outcome",
            value=nw.when(won).then(nw.col("amount").cast(nw.Float64)).otherwise(expected),
            reason=nw.col("lost_reason"),
            stage=nw.col("reached").cast(nw.Int64),
        ),
        sort=["opportunity_id"],
    )
    return found.sort_values(
        ["outcome", "value", "opportunity_id"],
        ascending=[False, False, True],
        na_position="last",
        kind="stable",
        ignore_index=True,
    )
