"""Why deals are lost, whether leads matched a need, and which objections came up: counts by month."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .deals import PACK, Deals
from .frames import collect


def loss_counts(deals: Deals) -> pd.DataFrame:
    """Lost deals by closing month (number), reason as written (null = none given) and furthest stage: n, expected [currency]."""
    lost = deals.rows.filter(nw.col("outcome") == "lost").select(month=nw.col("closed") // PACK, reason=nw.col("lost_reason"), stage=nw.col("reached"),
                                                                 expected=nw.coalesce("expected_amount", "amount").cast(nw.Float64))
    return collect(lost.group_by("month", "reason", "stage").agg(n=nw.len(), expected=nw.col("expected").sum()), sort=["month", "reason", "stage"])


def match_counts(deals: Deals) -> pd.DataFrame:
    """Deals by month of creation, channel and need match (true, false; unassessed left out): n, won."""
    columns = {"channel": nw.col("channel") if "channel" in deals.dimensions else nw.lit("all")}
    rows = deals.rows.filter(~nw.col("need_match").is_null()).select(month=nw.col("created") // PACK, match=nw.col("need_match"), won=nw.when(nw.col("outcome") == "won").then(nw.lit(1)).otherwise(nw.lit(0)),
                                                                     decided=nw.when(nw.col("outcome") != "open").then(nw.lit(1)).otherwise(nw.lit(0)), **columns)
    return collect(rows.group_by("month", "channel", "match").agg(n=nw.len(), won=nw.col("won").sum(), decided=nw.col("decided").sum()), sort=["month", "channel", "match"])


def objection_counts(deals: Deals, stage: int) -> pd.DataFrame:
    """Deals that reached ``stage`` by month of reaching it and objection (null = none): n, won, lost."""
    rows = deals.rows.filter(nw.col("reached") >= stage).select(month=nw.col(f"r{stage}") // PACK, objection=nw.col("objection"), won=nw.when(nw.col("outcome") == "won").then(nw.lit(1)).otherwise(nw.lit(0)),
                                                                lost=nw.when(nw.col("outcome") == "lost").then(nw.lit(1)).otherwise(nw.lit(0)))
    return collect(rows.group_by("month", "objection").agg(n=nw.len(), won=nw.col("won").sum(), lost=nw.col("lost").sum()), sort=["month", "objection"])


def priced_orders(book: Book) -> pd.DataFrame:
    """Orders with a list amount, one row each: what the ladder is held against.

    Returns order_id, customer_id, rep_id, kind, date, list, amount [currency]; not grouped further, because the ladder looks at each deal.
    Only orders of the last 24 months with a positive list amount.
    """
    first = book.month - 23
    rows = book.table("orders").filter((nw.col("list_amount") > 0) & (nw.col("amount") > 0) & (nw.col("date").cast(nw.Date) >= first.start))
    rows = rows.select("order_id", "customer_id", "rep_id", "kind", "opportunity_id", "date", list=nw.col("list_amount").cast(nw.Float64), amount=nw.col("amount").cast(nw.Float64))
    grouped = rows.group_by("order_id", "customer_id", "rep_id", "kind", "date").agg(list=nw.col("list").sum(), amount=nw.col("amount").sum())
    return collect(grouped, sort=["order_id", "date"])


def discounted_deals(book: Book) -> pd.DataFrame:
    """Won deals with a discount share and an amount, of the last 24 months: opportunity_id as order_id, customer_id, rep_id, date, list, amount; for books whose orders carry no list amount."""
    rows = book.table("opportunities").filter((nw.col("outcome") == "won") & ~nw.col("discount").is_null() & (nw.col("discount") < 1) & (nw.col("amount") > 0) & (nw.col("closed") >= (book.month - 23).start))
    rows = rows.select("customer_id", "rep_id", order_id=nw.col("opportunity_id"), date=nw.col("closed"), amount=nw.col("amount").cast(nw.Float64), list=nw.col("amount").cast(nw.Float64) / (1 - nw.col("discount")))
    return collect(rows, sort=["order_id"]).assign(kind=None)


def negotiation_activities(book: Book) -> pd.DataFrame:
    """Contacts of deals by kind: how many deals had one, and how many of those decided were won: kind, deals, won, decided, objections."""
    acts = book.table("activities").filter(~nw.col("opportunity_id").is_null()).select("opportunity_id", "kind", objected=nw.when(~nw.col("objection").is_null()).then(nw.lit(1)).otherwise(nw.lit(0)))
    one = acts.group_by("opportunity_id", "kind").agg(objected=nw.col("objected").max())
    deals = book.table("opportunities").select("opportunity_id", won=nw.when(nw.col("outcome") == "won").then(nw.lit(1)).otherwise(nw.lit(0)),
                                               decided=nw.when(nw.col("outcome") != "open").then(nw.lit(1)).otherwise(nw.lit(0)))
    both = one.join(deals, on="opportunity_id")
    return collect(both.group_by("kind").agg(deals=nw.len(), won=nw.col("won").sum(), decided=nw.col("decided").sum(), objections=nw.col("objected").sum()), sort=["kind"])
