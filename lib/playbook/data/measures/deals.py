"""Deals counted: when each reached each stage, how it ended, and how long that took. One row per
deal goes in, counts come out.

A day is carried as one whole number that also holds its month (``month × 100,000 + days since
1970``): the earliest of several
days keeps its month without a second pass over the rows, and the arithmetic is the same on every
engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import narwhals as nw
import pandas as pd

from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.memo import kept, once

from .frames import collect

EPOCH = datetime(1970, 1, 1)
PACK = 100_000
ODD = ("disorder", "again", "twice", "claimed")
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
    def last(self) -> int:
        return len(self.stages) - 1


def packed(column: str) -> nw.Expr:
    """A day or time column as month × 100,000 + days since 1970."""
    moment = nw.col(column).cast(nw.Datetime)
    # a floor of a product, not //: on a database that is a nest of conditions, paid for in every
    # row
    days = (((moment - nw.lit(EPOCH)).dt.total_minutes() + 0.5) * (1 / 1440)).floor()
    # Whole numbers as doubles: exact far beyond any date, and a missing day stays missing on every
    # engine.
    return (
        moment.dt.year().cast(nw.Float64) * 12 + moment.dt.month().cast(nw.Float64) - 1
    ) * PACK + days


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH.date()).days


def packed_day(day: date) -> float:
    """A day as ``packed`` writes it."""
    return float(Month.of(day).number * PACK + day_number(day))


def day_of(number: float) -> date:
    """The calendar day of a day number."""
    return EPOCH.date() + timedelta(days=int(number))


def deal_value() -> nw.Expr:
    """What an open deal is worth: its expected amount, else the amount as exported; null where it
    carries neither.
    """
    return nw.coalesce(nw.col("expected_amount"), nw.col("amount"))


# -- one row per deal


def deals_of(book: Book) -> Deals:
    """The book's deals, ready to count, worked out once per book and day. Dimensions the book knows
    nothing about are left out.

    Raises NotAvailable without opportunities.
    """
    book.need(
        "opportunities",
        "outcome",
        gives="win rates, conversion by stage, cycle times and open deals to act on",
    )
    return once(book, "deals", lambda: _ready(book))


def _ready(book: Book) -> Deals:
    rows, found = with_dimensions(book, DIMENSIONS)
    events = book.table("stage_events") if book.has("stage_events", "stage", "entered_at") else None
    ready = kept(book, "deals", lambda: passages(rows, events, book.stages))
    return Deals(ready, tuple(book.stages), _dated(book), book.as_of, found, events is not None)


def with_dimensions(book: Book, dimensions: Sequence[str]) -> tuple[nw.LazyFrame, dict[str, str]]:
    """Deals with each dimension filled from the customer, the lead or the rep where the deal itself
    is silent.
    """
    rows, found = book.table("opportunities").with_columns(rep=nw.col("rep_id")), {}
    for table in ("customers", "leads", "reps"):
        wanted = [d for d in dimensions if table in _FROM[d] and book.has(table, d)]
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
        tables = [table for table in _FROM[d] if table in found.get(d, [])]
        parts = ([nw.col(d)] if own else []) + [nw.col(f"{d}_{table}") for table in tables]
        if not parts:
            continue
        rows = rows.with_columns((nw.coalesce(*parts) if len(parts) > 1 else parts[0]).alias(d))
        result[d] = ", then ".join(
            (["the deal"] if own else []) + [f"its {table.rstrip('s')}" for table in tables]
        )
    return rows, result


def _dated(book: Book) -> tuple[int, ...]:
    """Stages whose entries carry a day somewhere: those with events; the first by creation, the
    last by closing.
    """
    stages, dated = book.stages, set()
    if book.has("stage_events", "stage", "entered_at"):
        seen = set(
            collect(book.table("stage_events").group_by("stage").agg(n=nw.len()), sort=["stage"])[
                "stage"
            ]
        )
        dated |= {i for i, stage in enumerate(stages) if stage in seen}
    if book.has("opportunities", "created") and (
        not dated or 0 in dated or _created_before_events(book)
    ):
        dated.add(0)
    if book.has("opportunities", "closed"):
        dated.add(len(stages) - 1)
    return tuple(sorted(dated))


def _created_before_events(book: Book) -> bool:
    """Whether creation is a moment of its own, or only repeats the first stage entry."""
    first = (
        book.table("stage_events").group_by("opportunity_id").agg(first=nw.col("entered_at").min())
    )
    both = (
        book.table("opportunities")
        .select("opportunity_id", "created")
        .join(first, on="opportunity_id")
    )
    early = both.filter(nw.col("created").cast(nw.Date) < nw.col("first").cast(nw.Date))
    return bool(len(early.head(1).collect().to_pandas()))


def passages(
    rows: nw.LazyFrame, events: nw.LazyFrame | None, stages: Sequence[str]
) -> nw.LazyFrame:
    """When each deal first reached each stage or a later one.

    A skipped stage counts as passed on the day a later one was reached; a backward move keeps the
    first clock, and ``current`` and ``since`` say where the deal stands. Entries to what is no stage
    of the book (lost) are outcomes, not steps. The outcome decides
    who won: an entry to the last stage of a deal that is not won is not a win; a win without such
    an entry is one on its closing day.
    """
    last = len(stages) - 1
    rows = rows.with_columns(created=packed("created"), closed=packed("closed"))
    rows = (
        rows.join(_entries(events, stages), on="opportunity_id", how="left")
        if events is not None
        else rows.with_columns(
            **{f"e{i}": nw.lit(None, dtype=nw.Float64) for i in range(last + 1)},
            entries=nw.lit(None, dtype=nw.Float64),
            wins=nw.lit(None, dtype=nw.Float64),
            newest=nw.lit(None, dtype=nw.Float64),
        )
    )
    won = nw.col("outcome") == "won"
    close_win = nw.when(won).then(nw.coalesce(nw.col("closed"), nw.col(f"e{last}")))
    rows = rows.with_columns(claim=_flag(nw.col("wins") > 0), **{f"e{last}": close_win})
    rows = _standing(rows, stages)
    seen = {f"s{i}": _flag(~nw.col(f"e{i}").is_null()) for i in range(last + 1)}
    rows = rows.with_columns(reached=_furthest(stages), **seen)
    reach = {
        f"r{i}": nw.min_horizontal(
            *(["created"] if i == 0 else []), *(f"e{j}" for j in range(i, last + 1))
        )
        for i in range(last + 1)
    }
    later = nw.min_horizontal(*(f"e{j}" for j in range(1, last + 1)))
    first = (nw.col("s0") == 1) | (
        ~nw.col("created").is_null() & (later.is_null() | (nw.col("created") < later))
    )
    rows = rows.with_columns(**reach, s0=_flag(first))
    return rows.with_columns(**_odd(last)).drop(
        [*(f"e{i}" for i in range(last + 1)), "entries", "wins", "claim", "newest"]
    )


def _odd(last: int) -> dict[str, nw.Expr]:
    """What is odd about a deal's recorded entries, 1 or 0: a stage first entered after a later one
    or after the win (disorder), a stage entered again (again), more than one win
    (twice)."""
    falls = [_flag(nw.col(f"e{i}") > nw.col(f"r{i + 1}")) for i in range(last)]
    return {
        "disorder": nw.max_horizontal(*falls),
        "again": _flag(
            nw.col("entries")
            > nw.sum_horizontal(
                *(_flag(~nw.col(f"e{i}").is_null()) for i in range(last)), nw.col("claim")
            )
        ),
        "twice": _flag(nw.col("wins") > 1),
        "claimed": _flag((nw.col("claim") == 1) & (nw.col("outcome") != "won")),
    }


def _entries(events: nw.LazyFrame, stages: Sequence[str]) -> nw.LazyFrame:
    """First entry of each deal to each stage, one column per stage."""
    events = events.filter(nw.col("stage").is_in(list(stages)))
    day = nw.col("entered_at").cast(nw.Date)  # days are compared, and half as wide as moments
    wide = events.select(
        "opportunity_id",
        newest=_moment(stages),
        **{f"e{i}": nw.when(nw.col("stage") == stage).then(day) for i, stage in enumerate(stages)},
    )
    first = wide.group_by("opportunity_id").agg(
        *(nw.col(f"e{i}").min() for i in range(len(stages))),
        entries=nw.len(),
        newest=nw.col("newest").max(),
        wins=nw.col(f"e{len(stages) - 1}").count(),
    )
    return first.with_columns(**{f"e{i}": packed(f"e{i}") for i in range(len(stages))})


def _moment(stages: Sequence[str]) -> nw.Expr:
    """An entry to a stage before the last one as one number that grows with its time, then with its
    stage: packed day × 1440 + minute of the day, × 100 + index of the stage. Null for a win.
    """
    minutes = (nw.col("entered_at").cast(nw.Datetime) - nw.lit(EPOCH)).dt.total_minutes()
    days = ((minutes + 0.5) * (1 / 1440)).floor()
    index = nw.lit(None, dtype=nw.Float64)
    for i, stage in enumerate(stages[:-1]):
        index = nw.when(nw.col("stage") == stage).then(nw.lit(float(i))).otherwise(index)
    return (packed("entered_at") * 1440 + (minutes - days * 1440)) * 100 + index


def _standing(rows: nw.LazyFrame, stages: Sequence[str]) -> nw.LazyFrame:
    """Adds where each deal stands: current, since, moved_back (see ``Deals``)."""
    last = len(stages) - 1
    moment = ((nw.col("newest") + 0.5) * (1 / 100)).floor()
    entered = nw.col("newest") - moment * 100
    exported = nw.lit(None, dtype=nw.Float64)
    for i, stage in enumerate(stages[:-1]):
        exported = nw.when(nw.col("stage") == stage).then(nw.lit(float(i))).otherwise(exported)
    furthest = nw.lit(0.0)
    for i in range(1, last):
        furthest = nw.when(~nw.col(f"e{i}").is_null()).then(nw.lit(float(i))).otherwise(furthest)
    won = nw.col("outcome") == "won"
    rows = rows.with_columns(
        current=nw.when(won)
        .then(nw.lit(float(last)))
        .otherwise(nw.coalesce(entered, exported, nw.lit(0.0))),
        since=nw.when(won)
        .then(nw.coalesce(nw.col("closed"), nw.col(f"e{last}")))
        .otherwise(((moment + 0.5) * (1 / 1440)).floor()),
        moved_back=_flag(~won & (entered < furthest)),
    )
    begun = ~won & nw.col("since").is_null() & (nw.col("current") == 0)
    return rows.with_columns(
        since=nw.when(begun).then(nw.col("created")).otherwise(nw.col("since"))
    )


def _furthest(stages: Sequence[str]) -> nw.Expr:
    """Index of the furthest stage: by events, by the current stage, by the outcome; only a won deal
    reaches the last one.
    """
    last = len(stages) - 1
    parts = []
    for i in range(last):
        there = (nw.col("stage") == stages[i]) | ~nw.col(f"e{i}").is_null()
        parts.append(nw.when(there).then(nw.lit(i)).otherwise(nw.lit(0)))
    parts.append(nw.when(nw.col("outcome") == "won").then(nw.lit(last)).otherwise(nw.lit(0)))
    return nw.max_horizontal(*parts)


# -- counts


def month_in(packed_days: nw.Expr) -> nw.Expr:
    """The month number of packed days."""
    return ((packed_days + 0.5) * (1 / PACK)).floor()


def day_in(packed_days: nw.Expr) -> nw.Expr:
    """The days since 1970 of packed days."""
    return packed_days - month_in(packed_days) * PACK


def _day(column: str) -> nw.Expr:
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
        deals.counted[key] = _step_counts(deals, k, to, by, days)
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
        .then(_day(f"r{to}"))
        .otherwise(nw.when(nw.col("outcome") == "lost").then(_day("closed")).otherwise(today))
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
        days=end - _day(f"r{k}") if days else nw.lit(None, dtype=nw.Float64),
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
        deals.counted[key] = _outcome_counts(deals, by, days)
    return deals.counted[key]


def _outcome_counts(deals: Deals, by: str | None, days: bool) -> pd.DataFrame:
    end = (
        nw.when(nw.col("outcome") == "open")
        .then(nw.lit(day_number(deals.as_of)))
        .otherwise(_day("closed"))
    )
    rows = deals.rows.select(
        *([nw.col(by).alias("member")] if by else []),
        "outcome",
        "amount",
        created_month=_month("created"),
        closed_month=_month("closed"),
        days=end - _day("created") if days else nw.lit(None, dtype=nw.Float64),
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


def open_deals(
    deals: Deals, limits: dict[int, float], most: int, soon: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Open deals past their stage's limit [days], past their expected closing day, or expected
    within ``soon`` days.

    Returns
    -------
    counts per stage the deals are in (current, stuck, overdue, soon, n) over all of them, and the
    ``most`` largest: opportunity_id, customer_id, lead_id, rep_id, moved_back, expected_close,
    current, expected, days (in the current stage), stuck, overdue, soon.
    """
    today = day_number(deals.as_of)
    limit = nw.lit(None, dtype=nw.Float64)
    for i, days in limits.items():
        limit = nw.when(nw.col("current") == i).then(nw.lit(float(days))).otherwise(limit)
    rows = deals.rows.filter(nw.col("outcome") == "open").select(
        "opportunity_id",
        "customer_id",
        "lead_id",
        "rep_id",
        "moved_back",
        "expected_close",
        current=nw.col("current").cast(nw.Int64),
        expected=deal_value(),
        days=nw.lit(today) - _day("since"),
        limit=limit,
        late=nw.lit(today) - _day_from("expected_close"),
    )
    rows = rows.with_columns(
        stuck=_flag(nw.col("days") > nw.col("limit")),
        overdue=_flag(nw.col("late") >= 0),
        soon=_flag((nw.col("late") < 0) & (nw.col("late") >= -soon)),
    )
    flags = ["current", "stuck", "overdue", "soon"]
    counts = collect(rows.group_by(*flags).agg(n=nw.len()), sort=flags)
    chosen = rows.filter((nw.col("stuck") == 1) | (nw.col("overdue") == 1) | (nw.col("soon") == 1))
    chosen = chosen.with_columns(
        size=nw.coalesce(nw.col("expected").cast(nw.Float64), nw.lit(0.0)),
        age=nw.coalesce(nw.col("days"), nw.lit(0)),
    )
    chosen = chosen.sort("size", "age", "opportunity_id", descending=[True, True, False]).head(most)
    return counts, collect(chosen.drop("limit"), sort=["opportunity_id"])


def _flag(condition: nw.Expr) -> nw.Expr:
    """1 where true, else 0, in a byte."""
    return nw.when(condition).then(nw.lit(1, dtype=nw.Int8)).otherwise(nw.lit(0, dtype=nw.Int8))


def _day_from(column: str) -> nw.Expr:
    return day_in(packed(column))
