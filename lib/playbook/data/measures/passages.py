"""When each deal first reached each stage, where it stands now, what is odd about its entries."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from playbook.data.book import Book
from playbook.engines.limits import collected

from .days import earliest, epoch, flag, packed
from .frames import collect

ODD = ("disorder", "again", "twice", "claimed")


def passages(
    rows: nw.LazyFrame, events: nw.LazyFrame | None, stages: Sequence[str], *, told: bool = True
) -> nw.LazyFrame:
    """When each deal first reached each stage or a later one.

    A skipped stage counts as passed on the day a later one was reached; a backward move keeps the
    first clock, and ``current`` and ``since`` say where the deal stands. Entries to what is no
    stage of the book (lost) are outcomes, not steps. The outcome decides who won: an entry to the
    last stage of a deal that is not won is not a win; a win without such an entry is one on its
    closing day.

    told: whether the deals tell their stage. An open deal that does not, in a book where others do
    and no entry is recorded, may stand anywhere: since when is not known.
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
    rows = rows.with_columns(claim=flag(nw.col("wins") > 0), **{f"e{last}": close_win})
    rows = _standing(rows, stages, anywhere=told and events is None)
    seen = {f"s{i}": flag(~nw.col(f"e{i}").is_null()) for i in range(last + 1)}
    rows = rows.with_columns(reached=_furthest(stages), **seen)
    reach = {
        f"r{i}": earliest(
            *([nw.col("created")] if i == 0 else []),
            *(nw.col(f"e{j}") for j in range(i, last + 1)),
        )
        for i in range(last + 1)
    }
    later = earliest(*(nw.col(f"e{j}") for j in range(1, last + 1)))
    first = (nw.col("s0") == 1) | (
        ~nw.col("created").is_null() & (later.is_null() | (nw.col("created") < later))
    )
    rows = rows.with_columns(**reach, s0=flag(first))
    return rows.with_columns(**_odd(last)).drop(
        [*(f"e{i}" for i in range(last + 1)), "entries", "wins", "claim", "newest"]
    )


def _odd(last: int) -> dict[str, nw.Expr]:
    """What is odd about a deal's recorded entries, 1 or 0: a stage first entered after a later one
    or after the win (disorder), a stage entered again (again), more than one win
    (twice)."""
    falls = [flag(nw.col(f"e{i}") > nw.col(f"r{i + 1}")) for i in range(last)]
    return {
        "disorder": nw.max_horizontal(*falls) if last > 1 else falls[0],
        "again": flag(
            nw.col("entries")
            > nw.sum_horizontal(
                *(flag(~nw.col(f"e{i}").is_null()) for i in range(last)), nw.col("claim")
            )
        ),
        "twice": flag(nw.col("wins") > 1),
        "claimed": flag((nw.col("claim") == 1) & (nw.col("outcome") != "won")),
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
    minutes = (nw.col("entered_at").cast(nw.Datetime) - epoch()).dt.total_minutes()
    days = ((minutes + 0.5) * (1 / 1440)).floor()
    index = nw.lit(None, dtype=nw.Float64)
    for i, stage in enumerate(stages[:-1]):
        index = nw.when(nw.col("stage") == stage).then(nw.lit(float(i))).otherwise(index)
    return (packed("entered_at") * 1440 + (minutes - days * 1440)) * 100 + index


def _standing(rows: nw.LazyFrame, stages: Sequence[str], *, anywhere: bool) -> nw.LazyFrame:
    """Adds where each deal stands: current, since, moved_back (see ``Deals``).

    anywhere: a deal whose stage is not given may be in any, not in the first since its creation.
    """
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
        moved_back=flag(~won & (entered < furthest)),
    )
    begun = ~won & nw.col("since").is_null() & (nw.col("current") == 0)
    if anywhere:
        begun &= ~nw.col("stage").is_null()
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


def dated_stages(book: Book) -> tuple[int, ...]:
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
    return bool(len(collected(early.head(1))))
