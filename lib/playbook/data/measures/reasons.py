"""Why deals are lost, whether leads matched a need, and which objections came up: counts by
month.
"""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .days import month_in
from .deals import Deals
from .frames import collect
from .order_ids import with_order


def loss_counts(deals: Deals) -> pd.DataFrame:
    """Lost deals by closing month (number), reason as written (null = none given) and furthest
    stage: n, expected (nan where none carries an amount) [currency].
    """
    lost = deals.rows.filter(nw.col("outcome") == "lost").select(
        month=month_in(nw.col("closed")),
        reason=nw.col("lost_reason"),
        stage=nw.col("reached"),
        expected=nw.coalesce("expected_amount", "amount").cast(nw.Float64),
    )
    lost = lost.with_columns(
        priced=nw.when(~nw.col("expected").is_null()).then(nw.lit(1)).otherwise(nw.lit(0))
    )
    counts = collect(
        lost.group_by("month", "reason", "stage").agg(
            n=nw.len(), expected=nw.col("expected").sum(), priced=nw.col("priced").sum()
        ),
        sort=["month", "reason", "stage"],
    )
    return counts.assign(expected=counts.expected.where(counts.priced > 0)).drop(columns="priced")


def match_counts(deals: Deals) -> pd.DataFrame:
    """Deals by month of creation, channel and need match (true, false; unassessed left out): n,
    won.
    """
    columns = {"channel": nw.col("channel") if "channel" in deals.dimensions else nw.lit("all")}
    rows = deals.rows.filter(~nw.col("need_match").is_null()).select(
        month=month_in(nw.col("created")),
        match=nw.col("need_match"),
        won=nw.when(nw.col("outcome") == "won").then(nw.lit(1)).otherwise(nw.lit(0)),
        decided=nw.when(nw.col("outcome") != "open").then(nw.lit(1)).otherwise(nw.lit(0)),
        **columns,
    )
    return collect(
        rows.group_by("month", "channel", "match").agg(
            n=nw.len(), won=nw.col("won").sum(), decided=nw.col("decided").sum()
        ),
        sort=["month", "channel", "match"],
    )


def objection_counts(deals: Deals, stage: int) -> pd.DataFrame:
    """Deals that reached ``stage`` by month of reaching it and objection (null = none on record):
    n, won, lost, priced (lost ones with an amount), amount (expected of these) [currency].
    """
    amount = nw.coalesce("expected_amount", "amount").cast(nw.Float64)
    rows = deals.rows.filter(nw.col("reached") >= stage).select(
        month=month_in(nw.col(f"r{stage}")),
        objection=nw.col("objection"),
        won=nw.when(nw.col("outcome") == "won").then(nw.lit(1)).otherwise(nw.lit(0)),
        lost=nw.when(nw.col("outcome") == "lost").then(nw.lit(1)).otherwise(nw.lit(0)),
        amount=nw.when((nw.col("outcome") == "lost") & ~amount.is_null())
        .then(amount)
        .otherwise(nw.lit(0.0)),
        priced=nw.when((nw.col("outcome") == "lost") & ~amount.is_null())
        .then(nw.lit(1))
        .otherwise(nw.lit(0)),
    )
    return collect(
        rows.group_by("month", "objection").agg(
            n=nw.len(),
            won=nw.col("won").sum(),
            lost=nw.col("lost").sum(),
            priced=nw.col("priced").sum(),
            amount=nw.col("amount").sum(),
        ),
        sort=["month", "objection"],
    )


def priced_orders(book: Book) -> pd.DataFrame:
    """Orders with a list amount, one row per order and day: what the ladder is held against.

    Returns order (the key that orders are counted by), order_id, customer_id, rep_id, kind, date,
    list, amount [currency]; not grouped further, because the ladder looks at each deal. Lines of
    several reps or kinds have a row each.
    Only orders of the last 24 months with a positive list amount.
    """
    rows = with_order(book, _priced(book)).select(
        "order",
        "order_id",
        "customer_id",
        "rep_id",
        "kind",
        "opportunity_id",
        "date",
        list=nw.col("list_amount").cast(nw.Float64),
        amount=nw.col("amount").cast(nw.Float64),
    )
    keys = ["order", "order_id", "customer_id", "rep_id", "kind", "date"]
    grouped = rows.group_by(*keys).agg(list=nw.col("list").sum(), amount=nw.col("amount").sum())
    return collect(grouped, sort=["order_id", "date", "customer_id", "rep_id", "kind"])


def _priced(book: Book) -> nw.LazyFrame:
    """Rows of orders of the last 24 months with a list amount; refunds are none."""
    return book.table("orders").filter(
        (nw.col("list_amount") > 0)
        & (nw.col("amount") > 0)
        & ~(nw.col("kind") == "refund").fill_null(False)
        & (nw.col("date").cast(nw.Date) >= (book.month - 23).start)
    )


def priced_lines(book: Book) -> pd.DataFrame:
    """The same orders by product line: order, date, product_line (null = none given), list, amount
    [currency].
    """
    lines = with_order(book, _priced(book)).select(
        "order",
        "date",
        "product_line",
        list=nw.col("list_amount").cast(nw.Float64),
        amount=nw.col("amount").cast(nw.Float64),
    )
    keys = ["order", "date", "product_line"]
    sums = {name: nw.col(name).sum() for name in ("list", "amount")}
    return collect(lines.group_by(*keys).agg(**sums), sort=keys)


def discount_counts(deals: Deals, edges: list[float]) -> pd.DataFrame:
    """Decided deals by closing month (number), outcome and band of discount: n, amount (of the won)
    [currency], priced (won deals that carry one).

    band: null = no discount on record, 0 = none given, i = from the i-th edge before (0 for the
    first) to below the next; the last has no upper edge.
    """
    share = nw.col("discount").cast(nw.Float64)
    band = nw.when(share > 0).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    for i, edge in enumerate(edges):
        band = nw.when(share >= edge - 1e-9).then(nw.lit(i + 2.0)).otherwise(band)
    won = nw.col("outcome") == "won"
    rows = deals.rows.filter(nw.col("outcome") != "open").select(
        "outcome",
        month=month_in(nw.col("closed")),
        band=nw.when(~share.is_null()).then(band),
        amount=nw.when(won).then(nw.col("amount").cast(nw.Float64)),
        priced=nw.when(won & ~nw.col("amount").is_null()).then(nw.lit(1)).otherwise(nw.lit(0)),
    )
    keys = ["month", "outcome", "band"]
    return collect(
        rows.group_by(*keys).agg(
            n=nw.len(), amount=nw.col("amount").sum(), priced=nw.col("priced").sum()
        ),
        sort=keys,
    )


def discounted_deals(book: Book) -> pd.DataFrame:
    """Won deals with a discount share and an amount, of the last 24 months: opportunity_id as
    order_id, customer_id, rep_id, product_line, date, list, amount; for books whose orders carry no
    list amount.
    """
    rows = book.table("opportunities").filter(
        (nw.col("outcome") == "won")
        & ~nw.col("discount").is_null()
        & (nw.col("discount") < 1)
        & (nw.col("amount") > 0)
        & (nw.col("closed") >= (book.month - 23).start)
    )
    rows = rows.select(
        "customer_id",
        "rep_id",
        "product_line",
        order_id=nw.col("opportunity_id"),
        date=nw.col("closed"),
        amount=nw.col("amount").cast(nw.Float64),
        list=nw.col("amount").cast(nw.Float64) / (1 - nw.col("discount")),
    )
    found = collect(rows, sort=["order_id"])
    return found.assign(kind=None, order=found.order_id)


def micro_counts(deals: Deals, book: Book, stage: int, evidence: dict[str, str]) -> pd.DataFrame:
    """Deals that reached ``stage`` since the start of the last 12 months, by outcome and by which
    micro-steps are on record (1 or 0 per step, −1 where a match was never assessed; in order step0,
    step1 …).

    evidence: step → need_match, objection, won, or a kind of contact.
    """
    since = book.month - 11
    rows = deals.rows.filter(
        (nw.col("reached") >= stage) & (month_in(nw.col(f"r{stage}")) >= since.number)
    )
    rows = rows.select("opportunity_id", "outcome", "need_match", "objection")
    kinds = sorted(
        {kind for kind in evidence.values() if kind not in ("need_match", "objection", "won")}
    )
    if kinds and book.has("activities", "opportunity_id", "kind"):
        acts = book.table("activities").filter(
            nw.col("kind").is_in(kinds) & ~nw.col("opportunity_id").is_null()
        )
        seen = acts.with_columns(
            **{
                f"k{i}": nw.when(nw.col("kind") == kind).then(nw.lit(1)).otherwise(nw.lit(0))
                for i, kind in enumerate(kinds)
            }
        )
        rows = rows.join(
            seen.group_by("opportunity_id").agg(
                *(nw.col(f"k{i}").max() for i in range(len(kinds)))
            ),
            on="opportunity_id",
            how="left",
        )
    else:
        rows = rows.with_columns(**{f"k{i}": nw.lit(0) for i in range(len(kinds))})
    shown = {
        "need_match": nw.col("need_match"),
        "objection": ~nw.col("objection").is_null(),
        "won": nw.col("outcome") == "won",
    }
    flags = [
        nw.when(shown[kind] if kind in shown else nw.col(f"k{kinds.index(kind)}") == 1)
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
        for kind in evidence.values()
    ]
    steps = {
        f"step{i}": (
            nw.when(nw.col("need_match").is_null()).then(nw.lit(-1)).otherwise(flag)
            if kind == "need_match"
            else flag
        )
        for i, (flag, kind) in enumerate(zip(flags, evidence.values(), strict=True))
    }
    keys = ["outcome", *steps]
    return collect(rows.select("outcome", **steps).group_by(*keys).agg(n=nw.len()), sort=keys)
