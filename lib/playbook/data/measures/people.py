"""Small frames about people: who they are, their quotas, courses and tasks."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.periods import Window
from playbook.data.book import Book

from . import sales
from .frames import collect

REP_COLUMNS = (
    "rep_id",
    "name",
    "team",
    "region",
    "role",
    "manager_id",
    "mentor_id",
    "hired",
    "left",
    "base_pay",
)


def reps(book: Book) -> pd.DataFrame:
    """One row per rep: ``REP_COLUMNS``, days as datetime64[s]; empty when the book has no reps."""
    if not book.has("reps"):
        return pd.DataFrame(
            {
                column: pd.Series(
                    dtype="datetime64[s]" if column in ("hired", "left") else "object"
                )
                for column in REP_COLUMNS
            }
        )
    frame = collect(book.table("reps").select(*REP_COLUMNS), sort=["rep_id"])
    for day in ("hired", "left"):
        frame[day] = pd.to_datetime(frame[day]).astype("datetime64[s]")
    return frame


def names(people: pd.DataFrame) -> dict[str, str]:
    """Rep id → the name a page prints; the id where no name is known."""
    return {
        r.rep_id: r.name if isinstance(r.name, str) and r.name else r.rep_id
        for r in people[["rep_id", "name"]].itertuples(index=False)
    }


def first_wins(book: Book) -> pd.Series:
    """Rep id → day of the first won deal; where a book has no deals, of the first sale that is not
    a renewal.
    """
    if book.has("opportunities", "closed", "rep_id"):
        rows = (
            book.table("opportunities")
            .filter(
                nw.col("outcome") == "won", ~nw.col("rep_id").is_null(), ~nw.col("closed").is_null()
            )
            .select("rep_id", nw.col("closed").alias("day"))
        )
    else:
        orders = book.table("orders").filter(nw.col("amount") > 0, ~nw.col("rep_id").is_null())
        rows = orders.filter(nw.col("kind").is_null() | (nw.col("kind") != "renewal")).select(
            "rep_id", nw.col("date").alias("day")
        )
    first = collect(rows.group_by("rep_id").agg(nw.col("day").min()), sort=["rep_id"])
    return pd.to_datetime(first.set_index("rep_id")["day"]).astype("datetime64[s]")


def early_first_deals(hires: pd.DataFrame, within: int, as_of: date) -> pd.DataFrame:
    """Hires who stayed ``within`` days, by the day these were over: rep_id, over, early (won their
    first deal in that time). The one answer to "how many sell early?" of every chapter.

    hires: rep_id, hired, left, and the day of the first deal in ``first`` (missing = none yet).
    """
    over = hires["hired"] + pd.Timedelta(days=within)
    stayed = (over <= pd.Timestamp(as_of)) & (hires["left"].isna() | (hires["left"] >= over))
    early = (hires["first"] >= hires["hired"]) & (hires["first"] <= over)
    found = pd.DataFrame({"rep_id": hires["rep_id"], "over": over, "early": early})
    return found[stayed].reset_index(drop=True)


def top_sellers(
    book: Book, window: Window, *, most: int | None = None, aboard: date | None = None
) -> list[str]:
    """Reps with the largest net sales in the window, largest first; ties at the edge all count.

    most: how many; None = ``[incentives] top_share`` of the reps with sales. aboard: only reps who
    had been hired before that day and had not left before it (attrition: the first day of the span
    in which they may leave). Reps whose hiring is unknown count unless ``aboard`` is asked for.
    """
    rows = sales.between(sales.order_rows(book), window.start, window.end)
    frame = collect(rows.group_by("rep").agg(amount=nw.col("amount").sum()), sort=["rep"])
    amounts = frame.set_index("rep")["amount"].astype(float).drop(sales.NOT_GIVEN, errors="ignore")
    if aboard is not None:
        known, day = reps(book), pd.Timestamp(aboard)
        there = (known["hired"] < day) & (known["left"].isna() | (known["left"] >= day))
        amounts = amounts[amounts.index.isin(known.loc[there, "rep_id"])]
    amounts = amounts[amounts > 0].sort_values(ascending=False, kind="stable")
    if amounts.empty or most == 0:
        return []
    count = most or max(1, round(book.settings.incentives.top_share * len(amounts)))
    edge = amounts.iloc[min(count, len(amounts)) - 1]
    return list(amounts[amounts >= edge].index)


def new_hires(book: Book, window: Window) -> pd.DataFrame:
    """Reps hired in the window, both days inclusive: ``REP_COLUMNS``. A rep whose hiring day is not
    believed (sales long before it) is none.
    """
    return _dated_in(reps(book), "hired", window)


def leavers(book: Book, window: Window) -> pd.DataFrame:
    """Reps who left in the window, both days inclusive: ``REP_COLUMNS``."""
    return _dated_in(reps(book), "left", window)


def _dated_in(people: pd.DataFrame, column: str, window: Window) -> pd.DataFrame:
    inside = people[column] <= pd.Timestamp(window.end)
    if window.start is not None:
        inside &= people[column] >= pd.Timestamp(window.start)
    return people[inside].reset_index(drop=True)


def training(book: Book) -> pd.DataFrame:
    """One row per person and course: rep_id, course, date, pre_score, post_score, max_score (100
    where not given), attendance, satisfaction, control (False where not given).
    """
    rows = book.table("training").select(
        "rep_id",
        "course",
        "date",
        "pre_score",
        "post_score",
        "max_score",
        "attendance",
        "satisfaction",
        "control",
    )
    frame = collect(rows, sort=["course", "date", "rep_id"])
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    frame["max_score"] = frame["max_score"].astype(float).fillna(100.0)
    return frame.assign(control=frame["control"].astype("boolean").fillna(False).astype(bool))


def tasks(book: Book) -> pd.DataFrame:
    """One row per sub-task: task, item, target, done, unit, owner, start, due, finished, acceptor,
    remark; days as datetime64[s].
    """
    frame = collect(
        book.table("tasks").select(
            "task",
            "item",
            "target",
            "done",
            "unit",
            "owner",
            "start",
            "due",
            "finished",
            "acceptor",
            "remark",
        ),
        sort=["due", "task", "item", "owner"],
    )
    for day in ("start", "due", "finished"):
        frame[day] = pd.to_datetime(frame[day]).astype("datetime64[s]")
    return frame


def steps(book: Book, since) -> pd.DataFrame:
    """Deals first entering each stage since a day, and those of them that reached a later one:
    rep_id, stage [number], entered [count], advanced [count].

    Skipped stages count as passed; the rep is the deal's.
    """
    order = {stage: number for number, stage in enumerate(book.stages)}
    events = (
        book.table("stage_events")
        .filter(nw.col("stage").is_in(book.stages))
        .with_columns(
            nw.col("stage")
            .replace_strict(list(order), list(order.values()), default=-1, return_dtype=nw.Int64)
            .alias("number"),
            nw.col("entered_at").cast(nw.Date).alias("day"),
        )
    )
    reached = events.group_by("opportunity_id").agg(nw.col("number").max().alias("last"))
    first = events.group_by("opportunity_id", "number").agg(nw.col("day").min())
    deals = (
        book.table("opportunities")
        .filter(nw.col("outcome") != "open", ~nw.col("rep_id").is_null())
        .select("opportunity_id", "rep_id")
    )
    rows = (
        first.filter(nw.col("day") >= nw.lit(since))
        .join(reached, on="opportunity_id", how="inner")
        .join(deals, on="opportunity_id", how="inner")
    )
    counted = (
        rows.with_columns((nw.col("last") > nw.col("number")).cast(nw.Int64).alias("on"))
        .group_by("rep_id", "number")
        .agg(nw.len().alias("entered"), nw.col("on").sum().alias("advanced"))
    )
    return collect(counted, sort=["rep_id", "number"]).rename(columns={"number": "stage"})


def won_deals(book: Book, start, end) -> pd.DataFrame:
    """Won deals closed in a span: opportunity_id, rep_id, customer_id, created, closed, amount,
    objection.
    """
    rows = book.table("opportunities").filter(
        nw.col("outcome") == "won",
        nw.col("closed") >= nw.lit(start),
        nw.col("closed") <= nw.lit(end),
    )
    return collect(
        rows.select(
            "opportunity_id", "rep_id", "customer_id", "created", "closed", "amount", "objection"
        ),
        sort=["closed", "opportunity_id"],
    )
