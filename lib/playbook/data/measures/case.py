"""A company's course, month by month: the counts behind the indicators of the replayed case. Each
returns numerators and denominators
per month, so that a quarter is their sum and never a mean of rates."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.base.periods import Month, months_between
from playbook.data.book import Book

from . import acquisition, people, renewal, sales
from .days import PACK, day_of
from .deals import Deals, deals_of
from .frames import collect


def sales_parts(book: Book, length: int) -> pd.DataFrame:
    """Net sales by period of ``length`` months (1 or 3), new and returning customers apart.

    Returns period (first month of the period as a Month), amount, returning [currency]. A customer
    is new in the period of its first
    order; the day ``customers.since`` counts as first when it is earlier, so customers of before
    the data are not new.
    """
    rows = sales.order_rows(book)
    firsts = acquisition.first_purchases(book)
    if book.has("customers", "since"):
        since = book.table("customers").select("customer_id", since=nw.col("since").cast(nw.Date))
        firsts = firsts.join(since, on="customer_id", how="left").with_columns(
            first=nw.min_horizontal("first", "since")
        )
    rows = rows.join(firsts.select("customer_id", "first"), on="customer_id", how="left")
    rows = rows.with_columns(period=_period("date", length), began=_period("first", length))
    again = nw.when(nw.col("began") < nw.col("period")).then(nw.col("amount"))
    grouped = (
        rows.with_columns(again=again)
        .group_by("period")
        .agg(amount=nw.col("amount").sum(), returning=nw.col("again").sum())
    )
    frame = collect(grouped, sort=["period"])
    frame["period"] = [Month.from_number(p) for p in frame["period"]]
    return frame.assign(
        amount=frame["amount"].astype(float), returning=frame["returning"].astype(float).fillna(0.0)
    )


def _period(column: str, length: int) -> nw.Expr:
    """First month of the period a day lies in, as months since year 0."""
    month = (
        nw.col(column).dt.year().cast(nw.Int64) * 12 + nw.col(column).dt.month().cast(nw.Int64) - 1
    )
    return month - month % length


def leads_by_month(book: Book) -> pd.DataFrame:
    """Leads by the month they came: month, n."""
    grouped = (
        book.table("leads")
        .with_columns(month=_period("created", 1))
        .group_by("month")
        .agg(n=nw.len())
    )
    frame = collect(grouped, sort=["month"])
    return frame.assign(month=[Month.from_number(m) for m in frame["month"]])


def matched_by_month(deals: Deals) -> pd.DataFrame:
    """Deals whose need was judged, by month of creation: month, k (match), n."""
    judged = deals.rows.filter(~nw.col("need_match").is_null() & ~nw.col("created").is_null())
    match = nw.when(nw.col("need_match")).then(nw.lit(1)).otherwise(nw.lit(0))
    return _rates(judged, "created", match)


def objections_by_month(deals: Deals) -> pd.DataFrame:
    """Deals that entered the last stage before winning, by month of entry: month, k (an objection
    is noted), n.
    """
    stage = deals.last - 1
    there = deals.rows.filter((nw.col("reached") >= stage) & ~nw.col(f"r{stage}").is_null())
    noted = nw.when(nw.col("objection").is_null()).then(nw.lit(0)).otherwise(nw.lit(1))
    return _rates(there, f"r{stage}", noted)


def _rates(rows: nw.LazyFrame, day: str, hit: nw.Expr) -> pd.DataFrame:
    frame = collect(
        rows.with_columns(month=nw.col(day) // PACK, hit=hit)
        .group_by("month")
        .agg(k=nw.col("hit").sum(), n=nw.len()),
        sort=["month"],
    )
    return frame.assign(month=[Month.from_number(m) for m in frame["month"]])


def renewals_by_month(book: Book, *, large: bool) -> pd.DataFrame:
    """Contracts due by month, of large customers or of the others: month, k (renewed), n. Without
    customer types all count as large. A contract that a follower may still renew is not due yet.
    """
    rows = renewal.contracts(book)
    rows = rows[~rows["open"]]
    if book.has("customers", "customer_type"):
        kinds = collect(
            book.table("customers").select("customer_id", "customer_type"), sort=["customer_id"]
        ).set_index("customer_id")["customer_type"]
        rows = rows[(rows["customer_id"].map(kinds) == "large") == large]
    due = rows[(rows["end"] >= rows["start"]) & (rows["end"] <= pd.Timestamp(book.as_of))]
    frame = (
        due.assign(month=[Month(e.year, e.month) for e in due["end"]])
        .groupby("month", as_index=False)
        .agg(k=("renewed", "sum"), n=("renewed", "size"))
    )
    return frame.sort_values("month").reset_index(drop=True)


def daily(book: Book) -> dict[str, pd.DataFrame]:
    """Counts by day, so that any earlier day can be looked back from: what was not yet known on it
    is a later row.

    sales: day, amount. match, objection: day (of creation, of entering the last stage before
    winning), k, n. cycle: day (of winning), days, n.
    large, others: day (contracts end), known (day the renewal was known; NaT never), n.
    """
    found: dict[str, pd.DataFrame] = {}
    if book.has("orders", "amount"):
        found["sales"] = collect(
            sales.order_rows(book)
            .with_columns(day=nw.col("date").cast(nw.Date))
            .group_by("day")
            .agg(amount=nw.col("amount").sum()),
            sort=["day"],
        )
    if book.has("opportunities"):
        found |= _daily_deals(book, deals_of(book))
    if book.has("contracts", "end"):
        found |= _daily_contracts(book)
    for frame in found.values():
        frame["day"] = pd.to_datetime(frame["day"]).astype("datetime64[s]")
    return {name: frame for name, frame in found.items() if len(frame)}


def _daily_deals(book: Book, deals: Deals) -> dict[str, pd.DataFrame]:
    found = {}
    rows, last = deals.rows, deals.last - 1
    one, none = nw.lit(1), nw.lit(0)
    if book.has("opportunities", "created", "closed"):
        won = book.table("opportunities").filter(
            nw.col("outcome") == "won", ~nw.col("created").is_null(), ~nw.col("closed").is_null()
        )
        pairs = collect(
            won.select(nw.col("created", "closed").cast(nw.Datetime("us")))
            .group_by("closed", "created")
            .agg(n=nw.len()),
            sort=["closed", "created"],
        )
        days = (pairs["closed"] - pairs["created"]).dt.days
        found["cycle"] = pd.DataFrame({"day": pairs["closed"], "days": days, "n": pairs["n"]})[
            days >= 0
        ]
    if book.has("opportunities", "need_match", "created"):
        judged = rows.filter(
            ~nw.col("need_match").is_null(), ~nw.col("created").is_null()
        ).with_columns(hit=nw.when(nw.col("need_match")).then(one).otherwise(none))
        found["match"] = _by_day(judged, "created")
    if book.has("opportunities", "objection") and deals.last >= 2 and last in deals.dated:
        there = rows.filter(nw.col("reached") >= last, ~nw.col(f"r{last}").is_null())
        noted = (
            nw.when(~nw.col("objection").is_null() & (nw.col("objection") != ""))
            .then(one)
            .otherwise(none)
        )
        found["objection"] = _by_day(there.with_columns(hit=noted), f"r{last}")
    return found


def _by_day(rows: nw.LazyFrame, packed: str) -> pd.DataFrame:
    """Hits and rows by day, from a packed day."""
    frame = collect(
        rows.with_columns(day=nw.col(packed))
        .group_by("day")
        .agg(k=nw.col("hit").sum(), n=nw.len()),
        sort=["day"],
    )
    return frame.assign(day=[day_of(d % PACK) for d in frame["day"]])


def _daily_contracts(book: Book) -> dict[str, pd.DataFrame]:
    rows = renewal.contracts(book)
    rows = rows[(rows["end"] >= rows["start"]) & ~rows["open"]]
    large = pd.Series(True, index=rows.index)
    if book.has("customers", "customer_type"):
        kinds = collect(
            book.table("customers").select("customer_id", "customer_type"), sort=["customer_id"]
        ).set_index("customer_id")["customer_type"]
        large = rows["customer_id"].map(kinds) == "large"
    starts = rows["successor"].map(
        renewal.contracts(book).set_index("contract_id")["start"].to_dict()
    )
    followed = pd.to_datetime(starts).where(rows["how"] == "following")
    known = rows["renewed_on"].fillna(followed).fillna(rows["end"])  # else told at its end
    known = known.astype("datetime64[s]")
    rows = rows.assign(day=rows["end"], known=known.where(rows["renewed"]))
    grouped = {
        name: rows[part].groupby(["day", "known"], dropna=False).size().rename("n").reset_index()
        for name, part in (("large", large), ("others", ~large))
    }
    return {name: frame for name, frame in grouped.items() if len(frame)}


def heads_by_month(reps: pd.DataFrame, first: Month, last: Month) -> pd.DataFrame:
    """Mean number of people employed over the days of each month: month, days (person-days), length
    (days of the month).
    """
    hired = reps["hired"].to_numpy()
    left = reps["left"].fillna(pd.Timestamp("2262-01-01")).to_numpy().astype("datetime64[s]")
    rows = []
    for month in months_between(first, last):
        span = pd.date_range(month.start, month.end, unit="s").to_numpy()
        there = ((hired[None, :] <= span[:, None]) & (left[None, :] >= span[:, None])).sum()
        rows.append({"month": month, "days": int(there), "length": len(span)})
    return pd.DataFrame(rows)


def first_deals_by_month(book: Book, reps: pd.DataFrame, within: int) -> pd.DataFrame:
    """Hires who stayed ``within`` days, by the month those days were over: month, k (won in that
    time), n.
    """
    first = pd.to_datetime(reps["rep_id"].map(people.first_wins(book).to_dict()))
    stayed = people.early_first_deals(reps.assign(first=first), within, book.as_of)
    frame = pd.DataFrame(
        {
            "month": [Month(d.year, d.month) for d in stayed["over"]],
            "k": stayed["early"].astype(int).to_numpy(),
        }
    )
    return (
        frame.groupby("month", as_index=False)
        .agg(k=("k", "sum"), n=("k", "size"))
        .sort_values("month")
        .reset_index(drop=True)
    )
