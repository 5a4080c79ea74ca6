"""How the open pipeline moved in a span of days, deal by deal, in one pass."""

from __future__ import annotations

from datetime import date, timedelta

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .days import day_in, day_number, month_in, packed, packed_day
from .deals import Deals, deal_value
from .frames import collect
from .snapshots import newest_before

PARTS = ("opening", "new", "up", "down", "won", "lost", "pushed", "back", "closing")
UNVALUED = "n_unvalued"  # deals of the closing pipeline that carry no amount at all


def moved(deals: Deals, start: date, end: date, book: Book | None = None) -> nw.LazyFrame:
    """One row per deal with its value in every part of the movement between the evening before
    ``start`` and the evening of ``end``.

    The live pipeline on a day: deals created by then, not decided, whose expected day is not past.
    A deal's value is its expected amount (its amount where none is given,
    0 where neither is); what a win brought beyond or below that is ``up`` or ``down``. ``pushed`` =
    the expected day passed and the deal is still open; ``back`` = decided
    in the span after having been past its day before. Decided deals without a closing day are in no
    part.

    book: where it has snapshots, a deal opens the span at the amount and with the planned day that
    the newest snapshot before it shows; a changed amount is ``up`` or ``down`` whether or not the
    deal is decided, and a deal past its day whose day was moved on is ``back``.
    """
    before, now = nw.lit(packed_day(start - timedelta(days=1))), nw.lit(packed_day(end))
    created, closed, due = nw.col("created"), nw.col("closed"), packed("expected_close")
    # what was decided before the span is in no part: dropped first, it is most of the rows
    touched = deals.rows.filter((nw.col("outcome") == "open") | (closed > before))
    touched = _as_begun(touched, book, start - timedelta(days=1))
    rows = touched.select(
        "begun",
        "begun_due",
        "opportunity_id",
        "customer_id",
        "lead_id",
        "rep_id",
        "rep",
        won=nw.col("outcome") == "won",
        decided=nw.col("outcome") != "open",
        created=created,
        closed=closed,
        due=due,
        value=nw.coalesce(deal_value().cast(nw.Float64), nw.lit(0.0)),
        amount=nw.col("amount").cast(nw.Float64),
        unvalued=deal_value().is_null(),
    )
    done = nw.col("decided") & (nw.col("closed") > before) & (nw.col("closed") <= now)
    was = (nw.col("created").is_null() | (nw.col("created") <= before)) & (
        ~nw.col("decided") | (nw.col("closed") > before)
    )
    fresh = ~nw.col("created").is_null() & (nw.col("created") > before) & (nw.col("created") <= now)
    in_date = nw.col("due").is_null()
    rows = rows.with_columns(
        done=done,
        was=was,
        fresh=fresh,
        early=nw.col("begun_due").is_null() | (nw.col("begun_due") > before),
        late=~in_date & (nw.col("due") <= now),
    )
    rows = rows.with_columns(
        final=nw.when(nw.col("won"))
        .then(nw.coalesce("amount", "value"))
        .otherwise(nw.col("value")),
        live=nw.col("was") & nw.col("early"),
        returned=nw.col("was") & ~nw.col("early") & ~nw.col("decided") & ~nw.col("late"),
    )
    rows = rows.filter(
        nw.col("live") | nw.col("fresh") | nw.col("returned") | (nw.col("was") & nw.col("done"))
    )
    here = nw.col("live") | nw.col("fresh") | nw.col("returned")
    value = nw.col("value")
    rows = rows.with_columns(
        change=nw.when(nw.col("live"))
        .then(nw.col("final") - nw.col("begun"))
        .otherwise(nw.when(nw.col("done")).then(nw.col("final") - value).otherwise(nw.lit(0.0)))
    )
    change = nw.col("change")
    part = {
        "opening": (nw.col("live"), nw.col("begun")),
        "new": (nw.col("fresh"), value),
        "back": (
            nw.col("was") & ~nw.col("early") & (nw.col("done") | nw.col("returned")),
            value,
        ),
        "up": (change > 0, change),
        "down": (change < 0, -change),
        "won": (nw.col("done") & nw.col("won"), nw.col("final")),
        "lost": (nw.col("done") & ~nw.col("won"), value),
        "pushed": (here & ~nw.col("decided") & nw.col("late"), value),
        "closing": (here & ~nw.col("decided") & ~nw.col("late"), value),
    }
    conditions = {f"n_{name}": condition for name, (condition, _) in part.items()}
    conditions[UNVALUED] = conditions["n_closing"] & nw.col("unvalued")
    flags = {
        name: nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))
        for name, condition in conditions.items()
    }
    return rows.with_columns(
        **{
            name: nw.when(condition).then(size).otherwise(nw.lit(0.0))
            for name, (condition, size) in part.items()
        },
        **flags,
    )


def _as_begun(rows: nw.LazyFrame, book: Book | None, day: date) -> nw.LazyFrame:
    """Adds begun and begun_due: value and planned day (packed) as the newest snapshot up to a day
    shows them, else as they are.
    """
    value = nw.coalesce(deal_value().cast(nw.Float64), nw.lit(0.0))
    if book is None or not book.has("snapshots"):
        return rows.with_columns(begun=value, begun_due=packed("expected_close"))
    seen = newest_before(book, day).select("opportunity_id", "seen_amount", "seen_close")
    return rows.join(seen, on="opportunity_id", how="left").with_columns(
        begun=nw.coalesce(nw.col("seen_amount").cast(nw.Float64), value),
        begun_due=nw.coalesce(packed("seen_close"), packed("expected_close")),
    )


def movement_sums(rows: nw.LazyFrame) -> pd.DataFrame:
    """Value and number of deals in each part, and how many of the closing ones carry no amount, per
    rep (null = nobody named).
    """
    names = [*PARTS, *(f"n_{part}" for part in PARTS), UNVALUED]
    return collect(rows.group_by("rep").agg(*(nw.col(name).sum() for name in names)), sort=["rep"])


def largest_in(rows: nw.LazyFrame, part: str, most: int) -> pd.DataFrame:
    """The largest deals of one part: opportunity_id, customer_id, lead_id, rep_id, value."""
    chosen = rows.filter(nw.col(f"n_{part}") == 1).select(
        "opportunity_id", "customer_id", "lead_id", "rep_id", value=nw.col(part)
    )
    return collect(
        chosen.sort("value", "opportunity_id", descending=[True, False]).head(most),
        sort=["opportunity_id"],
    )


def against_their_day(deals: Deals, since: int) -> pd.DataFrame:
    """Decided deals closed from month number ``since`` on that carried an expected day: rep,
    outcome, late [days after it, ≤ 0 = in time], n.
    """
    done = deals.rows.filter(
        (nw.col("outcome") != "open")
        & ~nw.col("expected_close").is_null()
        & (month_in(nw.col("closed")) >= since)
    )
    rows = done.select(
        "rep", "outcome", late=day_in(nw.col("closed")) - day_in(packed("expected_close"))
    )
    return collect(
        rows.group_by("rep", "outcome", "late").agg(n=nw.len()), sort=["rep", "outcome", "late"]
    )


def open_past_their_day(deals: Deals) -> pd.DataFrame:
    """Open deals whose expected day is over on the evening of the as-of date: rep, n, amount
    (expected) [currency], open (all open deals with an expected day).
    """
    there = deals.rows.filter((nw.col("outcome") == "open") & ~nw.col("expected_close").is_null())
    past = day_in(packed("expected_close")) <= day_number(deals.as_of)
    value = nw.coalesce(deal_value().cast(nw.Float64), nw.lit(0.0))
    rows = there.select(
        "rep",
        past=nw.when(past).then(nw.lit(1)).otherwise(nw.lit(0)),
        amount=nw.when(past).then(value).otherwise(nw.lit(0.0)),
    )
    return collect(
        rows.group_by("rep").agg(
            n=nw.col("past").sum(), amount=nw.col("amount").sum(), open=nw.len()
        ),
        sort=["rep"],
    )
