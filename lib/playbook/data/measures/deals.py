"""Deals counted: how each ended, how far it came and how long that took. One row per deal goes in,
counts come out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.memo import kept, once

from . import few_deals
from .days import day_in, day_number, month_in
from .frames import collect
from .passages import ODD, dated_stages, passages
from .snapshots import deals_as_seen

DIMENSIONS = ("rep", "region", "product_line", "channel", "industry", "customer_type")


# Where a deal's dimension comes from when its own column is empty: first its customer, then its
# lead, then its rep.
_FROM = {
    "region": ("customers", "leads", "reps"),
    "channel": ("leads", "customers"),
    "industry": ("customers", "leads"),
    "customer_type": ("customers",),
    "product_line": (),
    "rep": (),
}


_KEYS = {"customers": "customer_id", "leads": "lead_id", "reps": "rep_id"}


def _from(dimension: str) -> tuple[str, ...]:
    """Where else a dimension may stand; one of the firm's own in any of the three tables."""
    return _FROM.get(dimension, tuple(_KEYS))


@dataclass(frozen=True)
class Deals:
    """Deals made ready to count: ``rows`` one per deal, ``stages`` in order, ``dated`` the stages
    whose entries are known.

    Columns of rows: opportunity_id, outcome, reached (index of the furthest stage), current (index
    of the stage of the last dated entry, also where it is an earlier one; the exported stage where
    no entry is dated; the last stage for a win), since (packed day of that entry, null = unknown),
    moved_back (1 where the last entry is to an earlier stage than one before it), created and
    closed (packed days), amount, expected_amount,
    expected_close, disorder, again, twice, claimed (1 where the recorded entries are odd), r0 … rK
    (packed day a stage or a later one was first reached), s0 … sK (1 where the deal was seen in
    it), and the dimensions.
    """

    rows: nw.LazyFrame
    stages: tuple[str, ...]
    dated: tuple[int, ...]
    as_of: date
    dimensions: dict[str, str]  # dimension → where it comes from, in words
    events: bool
    counted: dict = field(
        default_factory=dict, compare=False, repr=False
    )  # counts already asked for

    @property
    def own(self) -> list[str]:
        """Dimensions of the firm's own among those known."""
        return [d for d in self.dimensions if d not in DIMENSIONS]

    @property
    def last(self) -> int:
        return len(self.stages) - 1


def deal_value() -> nw.Expr:
    """What an open deal is worth: its expected amount, else the amount as exported; null where it
    carries neither.
    """
    return nw.coalesce(nw.col("expected_amount"), nw.col("amount"))


def deals_of(book: Book) -> Deals:
    """The book's deals, ready to count, worked out once per book and day. Dimensions the book knows
    nothing about are left out.

    Raises NotAvailable without opportunities.
    """
    book.need(
        "opportunities",
        "outcome",
        gives=say("win rates, conversion by stage, cycle times and open deals to act on"),
    )
    return once(book, "deals", lambda: _ready(book))


def _ready(book: Book) -> Deals:
    rows, found = with_dimensions(book, dimensions_of(book))
    events = book.table("stage_events") if book.has("stage_events", "stage", "entered_at") else None
    told = book.has("opportunities", "stage")
    ready = kept(book, "deals", lambda: passages(rows, events, book.stages, told=told))
    return Deals(
        ready, tuple(book.stages), dated_stages(book), book.as_of, found, events is not None
    )


def dimensions_of(book: Book) -> list[str]:
    """Dimensions that deals may have: the usual ones, then those of the firm's own."""
    own = [d for d in book.settings.book.dimensions if d not in DIMENSIONS]
    return [*DIMENSIONS, *own]


def with_dimensions(book: Book, dimensions: Sequence[str]) -> tuple[nw.LazyFrame, dict[str, str]]:
    """Deals with each dimension filled from the customer, the lead or the rep where the deal itself
    is silent.
    """
    rows, found = deals_as_seen(book).with_columns(rep=nw.col("rep_id")), dict[str, list[str]]()
    for table in ("customers", "leads", "reps"):
        wanted = [d for d in dimensions if table in _from(d) and book.has(table, d)]
        if wanted and book.has("opportunities", _KEYS[table]):
            other = book.table(table).select(
                _KEYS[table], *(nw.col(d).alias(f"{d}_{table}") for d in wanted)
            )
            rows = rows.join(other, on=_KEYS[table], how="left")
            for d in wanted:
                found.setdefault(d, []).append(table)
    result: dict[str, str] = {}
    for d in dimensions:
        own = d != "customer_type" and book.has("opportunities", "rep_id" if d == "rep" else d)
        tables = [table for table in _from(d) if table in found.get(d, [])]
        parts = ([nw.col(d)] if own else []) + [nw.col(f"{d}_{table}") for table in tables]
        if not parts:
            continue
        rows = rows.with_columns((nw.coalesce(*parts) if len(parts) > 1 else parts[0]).alias(d))
        result[d] = ", then ".join(
            (["the deal"] if own else []) + [f"its {table.rstrip('s')}" for table in tables]
        )
    return rows, result


def whole_day(column: str) -> nw.Expr:
    """Days since 1970 of a column of packed days."""
    return day_in(nw.col(column))


def _month(column: str) -> nw.Expr:
    return month_in(nw.col(column))


def step_counts(
    deals: Deals, k: int, to: int, *, by: str | Sequence[str] | None = None, days: bool = True
) -> pd.DataFrame:
    """Deals that reached stage ``k``, by month of first entry, by what became of them on the way to
    stage ``to``, and by days.

    Returns
    -------
    (member, or the columns of a list ``by``,) month (number, null = undated), status (advanced,
    lost, open), days (null = unknown), seen (1 = recorded in the stage),
    n [deals], won [deals], amount (won) and square (of each won amount) [currency]. ``days``: to
    stage ``to``, to the loss, or to the as-of date.
    """
    key = ("step", k, to, by if isinstance(by, str) else tuple(by or ()), days)
    if key not in deals.counted:
        some = few_deals.few(deals)
        deals.counted[key] = (
            _step_counts(deals, k, to, by, days)
            if some is None
            else few_deals.step_counts(deals, some, k, to, by, days)
        )
    return deals.counted[key]


def _step_counts(
    deals: Deals, k: int, to: int, by: str | Sequence[str] | None, days: bool
) -> pd.DataFrame:
    today = nw.lit(day_number(deals.as_of))
    # An open or lost deal may have entered stages between k and ``to`` that carry no days: it is
    # still on the way.
    status = (
        nw.when(nw.col("reached") >= to)
        .then(nw.lit("advanced"))
        .otherwise(
            nw.when(nw.col("outcome") == "lost").then(nw.lit("lost")).otherwise(nw.lit("open"))
        )
    )
    end = (
        nw.when(nw.col("reached") >= to)
        .then(whole_day(f"r{to}"))
        .otherwise(nw.when(nw.col("outcome") == "lost").then(whole_day("closed")).otherwise(today))
    )
    named = (
        [nw.col(by).alias("member")]
        if isinstance(by, str)
        else [nw.col(column) for column in by or ()]
    )
    paid = nw.when(nw.col("outcome") == "won").then(nw.col("amount").cast(nw.Float64))
    rows = deals.rows.filter(nw.col("reached") >= k).select(
        *named,
        month=_month(f"r{k}"),
        status=status,
        days=end - whole_day(f"r{k}") if days else nw.lit(None, dtype=nw.Float64),
        seen=nw.col(f"s{k}"),
        won=nw.when(nw.col("outcome") == "won").then(nw.lit(1)).otherwise(nw.lit(0)),
        amount=paid,
        square=paid * paid,
    )
    keys = [*(["member"] if isinstance(by, str) else by or []), "month", "status", "days", "seen"]
    sums = {name: nw.col(name).sum() for name in ("won", "amount", "square")}
    return collect(rows.group_by(*keys).agg(n=nw.len(), **sums), sort=keys)


def odd_counts(deals: Deals) -> dict[str, int]:
    """Deals whose recorded entries are odd: disorder, again, twice, claimed (see ``passages``)."""
    if not deals.events:
        return dict.fromkeys(ODD, 0)
    sums = collect(deals.rows.select(*(nw.col(name).sum() for name in ODD)), sort=[ODD[0]])
    return {name: int(sums[name].fillna(0).iloc[0]) for name in ODD}


def outcome_counts(deals: Deals, *, by: str | None = None, days: bool = False) -> pd.DataFrame:
    """Deals by month of creation, month of closing and outcome.

    Returns
    -------
    (member,) created, closed (month numbers, null = unknown), outcome, (days from creation to
    closing or to the as-of date), n [deals],
    amount, expected [currency], amounts, expecteds [deals that carry one].
    """
    key = ("outcome", by, days)
    if key not in deals.counted:
        some = few_deals.few(deals)
        deals.counted[key] = (
            _outcome_counts(deals, by, days)
            if some is None
            else few_deals.outcome_counts(deals, some, by, days)
        )
    return deals.counted[key]


def _outcome_counts(deals: Deals, by: str | None, days: bool) -> pd.DataFrame:
    end = (
        nw.when(nw.col("outcome") == "open")
        .then(nw.lit(day_number(deals.as_of)))
        .otherwise(whole_day("closed"))
    )
    rows = deals.rows.select(
        *([nw.col(by).alias("member")] if by else []),
        "outcome",
        "amount",
        created_month=_month("created"),
        closed_month=_month("closed"),
        days=end - whole_day("created") if days else nw.lit(None, dtype=nw.Float64),
        expected=nw.when(nw.col("outcome") == "open").then(deal_value()),
    )
    keys = [*(["member"] if by else []), "created_month", "closed_month", "outcome", "days"]
    counts = rows.group_by(*keys).agg(
        n=nw.len(),
        amount=nw.col("amount").sum(),
        expected=nw.col("expected").sum(),
        amounts=nw.col("amount").count(),
        expecteds=nw.col("expected").count(),
    )
    return collect(counts, sort=keys).rename(
        columns={"created_month": "created", "closed_month": "closed"}
    )
