"""Work behind the sales: deals and leads by month, and how many contacts each rep makes a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.periods import Month
from playbook.data.book import Book

from .deals import with_dimensions
from .frames import collect
from .pipeline import open_sums
from .sales import NOT_GIVEN
from .touches import customer_contacts


def deal_rows(book: Book, by: Sequence[str] = ()) -> nw.LazyFrame:
    """Deals with the asked dimensions filled (region, product_line, customer_type, rep, channel,
    team).
    """
    book.need("opportunities", "outcome", gives="deals won against their target")
    rows, _ = with_dimensions(book, [*{*(d for d in by if d != "team"), "rep"}])
    if "team" in by:
        if not book.has("reps", "team"):
            raise NotAvailable({"reps": ("team",)}, gives="deals by team")
        rows = rows.join(
            book.table("reps").select("team", rep=nw.col("rep_id")), on="rep", how="left"
        )
    have = set(rows.collect_schema().names())
    return rows.with_columns(
        is_deal=nw.lit(True),
        **{
            d: nw.coalesce(nw.col(d), nw.lit(NOT_GIVEN)) if d in have else nw.lit(NOT_GIVEN)
            for d in by
        },
    )


def deals_by_month(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """Deals created, won and lost and the amount won, by month and member: month [Month], *by,
    created, won, lost, amount.
    """
    rows = deal_rows(book, by)
    born = rows.filter(~nw.col("created").is_null()).with_columns(
        month=nw.col("created").cast(nw.Date).dt.truncate("1mo")
    )
    ended = rows.filter(
        nw.col("outcome").is_in(["won", "lost"]) & ~nw.col("closed").is_null()
    ).with_columns(
        month=nw.col("closed").cast(nw.Date).dt.truncate("1mo"), is_won=(nw.col("outcome") == "won")
    )
    created = collect(born.group_by("month", *by).agg(created=nw.len()), sort=["month", *by])
    closed = collect(
        ended.group_by("month", *by).agg(
            won=nw.col("is_won").cast(nw.Int64).sum(),
            lost=(~nw.col("is_won")).cast(nw.Int64).sum(),
            amount=nw.when(nw.col("is_won")).then(nw.col("amount")).sum(),
        ),
        sort=["month", *by],
    )
    frame = created.merge(closed, on=["month", *by], how="outer").sort_values(
        ["month", *by], kind="stable", ignore_index=True
    )
    frame["month"] = [Month.of(day) for day in frame["month"]]
    numbers = ["created", "won", "lost", "amount"]
    return frame.assign(**frame[numbers].fillna(0))


def leads_by_month(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """Leads by month of creation and member (channel, region, rep): month [Month], *by, leads, won
    (those whose deal is won by now).
    """
    book.need("leads", "created", gives="leads needed by channel")
    rows = book.table("leads").with_columns(
        rep=nw.col("rep_id"), month=nw.col("created").cast(nw.Date).dt.truncate("1mo")
    )
    won = nw.lit(0)
    if book.has("opportunities", "outcome"):
        deals = book.table("opportunities").filter(nw.col("outcome") == "won")
        if book.has("leads", "converted_opportunity_id"):
            key, other = (
                "converted_opportunity_id",
                deals.select(converted_opportunity_id=nw.col("opportunity_id")).unique(),
            )
        else:
            key, other = (
                "lead_id",
                deals.filter(~nw.col("lead_id").is_null()).select("lead_id").unique(),
            )
        rows = rows.join(other.with_columns(hit=nw.lit(1)), on=key, how="left")
        won = nw.coalesce(nw.col("hit"), nw.lit(0))
    rows = rows.with_columns(**{d: nw.coalesce(nw.col(d), nw.lit(NOT_GIVEN)) for d in by}, won=won)
    frame = collect(
        rows.group_by("month", *by).agg(leads=nw.len(), won=nw.col("won").sum()),
        sort=["month", *by],
    )
    frame["month"] = [Month.of(day) for day in frame["month"]]
    return frame


def lead_flow(book: Book) -> pd.DataFrame:
    """Leads by month of creation: month [Month], leads, valid (purchase plan, budget and decision
    maker all known), opened (valid ones a deal came from), won (valid ones whose deal is won).
    """
    valid = (
        ~nw.col("expected_purchase").is_null()
        & (nw.coalesce(nw.col("budget").cast(nw.Float64), nw.lit(0.0)) > 0)
        & nw.coalesce(nw.col("decision_maker"), nw.lit(False))
    )
    rows = book.table("leads").with_columns(
        month=nw.col("created").cast(nw.Date).dt.truncate("1mo"),
        valid=nw.when(valid).then(nw.lit(1)).otherwise(nw.lit(0)),
    )
    by_lead = not book.has("leads", "converted_opportunity_id")
    key = "lead_id" if by_lead else "converted_opportunity_id"
    deals = book.table("opportunities").with_columns(
        hit=nw.when(nw.col("outcome") == "won").then(nw.lit(1)).otherwise(nw.lit(0))
    )
    deals = deals.select(
        **{key: nw.col("lead_id" if by_lead else "opportunity_id")}, hit=nw.col("hit")
    ).filter(~nw.col(key).is_null())
    rows = rows.join(
        deals.group_by(key).agg(hit=nw.col("hit").max()), on=key, how="left"
    ).with_columns(
        opened=nw.when(nw.col("hit").is_null()).then(nw.lit(0)).otherwise(nw.col("valid")),
        won=nw.coalesce(nw.col("hit"), nw.lit(0)) * nw.col("valid"),
    )
    frame = collect(
        rows.group_by("month").agg(
            leads=nw.len(),
            valid=nw.col("valid").sum(),
            opened=nw.col("opened").sum(),
            won=nw.col("won").sum(),
        ),
        sort=["month"],
    )
    return frame.assign(month=[Month.of(day) for day in frame["month"]])


def costs_by_month(book: Book) -> pd.DataFrame:
    """Cost of all channels by month: month [Month], cost [currency]."""
    book.need("channel_costs", "month", "cost", gives="channel cost against its target")
    rows = book.table("channel_costs").with_columns(
        month=nw.col("month").cast(nw.Date).dt.truncate("1mo")
    )
    frame = collect(rows.group_by("month").agg(cost=nw.col("cost").sum()), sort=["month"])
    return frame.assign(month=[Month.of(day) for day in frame["month"]])


def contacts(
    book: Book, start: date, end: date, by: Sequence[str] = ("rep_id", "kind")
) -> pd.DataFrame:
    """Contacts between start and end, both inclusive: *by, contacts, days (distinct days with
    one).
    """
    book.need(
        "activities", "rep_id", gives="capacity and rhythm from the contacts the team really makes"
    )
    rows = customer_contacts(book).filter((nw.col("date") >= start) & (nw.col("date") <= end))
    rows = rows.with_columns(**{d: nw.coalesce(nw.col(d), nw.lit(NOT_GIVEN)) for d in by})
    return collect(
        rows.group_by(*by).agg(contacts=nw.len(), days=nw.col("date").n_unique()), sort=list(by)
    )


def target_rows(book: Book) -> pd.DataFrame:
    """The targets as given: period, metric, target, region, product_line, customer_type, rep, team,
    owner, remark ('' where empty), in a fixed order.
    """
    book.need(
        "targets",
        "period",
        "metric",
        "target",
        gives="completion, pace, projection and the chance of reaching each target",
    )
    keys = ["region", "product_line", "customer_type", "rep", "team"]
    rows = (
        book.table("targets")
        .with_columns(rep=nw.col("rep_id"))
        .select("period", "metric", "target", *keys, "owner", "remark")
    )
    frame = collect(rows, sort=["period", "metric", *keys])
    texts = [*keys, "owner", "remark"]
    return frame.assign(
        **{name: frame[name].fillna("").astype(str) for name in texts},
        target=frame["target"].astype(float),
    )


def rep_rows(book: Book) -> pd.DataFrame:
    """Salespeople as known: rep_id, name, team, region, role, hired, left."""
    book.need("reps", "rep_id", gives="targets per person")
    return collect(
        book.table("reps").select("rep_id", "name", "team", "region", "role", "hired", "left"),
        sort=["rep_id"],
    )


def market_rows(book: Book) -> pd.DataFrame:
    """The market as given: year, industry, size, our_share."""
    book.need("market", "year", "industry", "size", gives="the room the market leaves")
    return collect(
        book.table("market").select("year", "industry", "size", "our_share"),
        sort=["year", "industry"],
    )


def open_pipeline(book: Book) -> pd.DataFrame:
    """All open deals per rep: rep, deals, expected [currency], unpriced [deals without amount]."""
    return open_sums(book, ["rep"]).rename(columns={"amount": "expected"})


def key_results(book: Book) -> pd.DataFrame:
    """Key results as known: objective, key_result, metric, unit, baseline, target, owner, start,
    due, weight, direction, parent, level.
    """
    columns = [
        "objective",
        "key_result",
        "metric",
        "unit",
        "baseline",
        "target",
        "owner",
        "start",
        "due",
        "weight",
        "direction",
        "parent",
        "level",
    ]
    return _days(
        collect(book.table("key_results").select(*columns), sort=["objective", "key_result"]),
        "start",
        "due",
    )


def check_ins(book: Book) -> pd.DataFrame:
    """Check-ins as known, oldest first per key result: key_result, date, value, confidence, note;
    no rows without the table.
    """
    columns = ["key_result", "date", "value", "confidence", "note"]
    if not book.has("check_ins"):
        return pd.DataFrame(columns=columns)
    return _days(
        collect(book.table("check_ins").select(*columns), sort=["key_result", "date"]), "date"
    )


def strategy_rows(book: Book) -> pd.DataFrame:
    """Strategies as known, one row per milestone: strategy, goal, lever, budget, spent, start, due,
    owner, expected, indicator, milestone, milestone_due, milestone_done.
    """
    book.need(
        "strategies", "strategy", "goal", gives="strategies against their milestones and budgets"
    )
    columns = [
        "strategy",
        "goal",
        "lever",
        "budget",
        "spent",
        "start",
        "due",
        "owner",
        "expected",
        "indicator",
        "milestone",
        "milestone_due",
        "milestone_done",
    ]
    return _days(
        collect(
            book.table("strategies").select(*columns),
            sort=["strategy", "milestone_due", "milestone"],
        ),
        "start",
        "due",
        "milestone_due",
        "milestone_done",
    )


def _days(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Day columns as plain dates, None where missing."""
    return frame.assign(
        **{
            c: pd.Series(
                [None if pd.isna(d) else _plain(d) for d in frame[c]],
                index=frame.index,
                dtype=object,
            )
            for c in columns
        }
    )


def _plain(day: date) -> date:
    return day.date() if hasattr(day, "date") else day


def open_actions(book: Book, until: date) -> pd.DataFrame:
    """Agreed next actions not done yet and due by ``until``: owner (the next owner, else the rep),
    due, next_action, customer_id, lead_id, opportunity_id.

    What became of an action due after the as-of date is not known yet: it is still to be done.
    """
    book.need("activities", "due", gives="each person's follow-ups of the week")
    rows = book.table("activities").filter(
        (nw.col("due") <= until)
        & (
            (nw.col("status") == "open")
            | (nw.col("status").is_null() & (nw.col("due") > book.as_of))
        )
    )
    rows = rows.with_columns(owner=nw.coalesce(nw.col("next_owner"), nw.col("rep_id")))
    columns = [
        "owner",
        "due",
        "next_action",
        "customer_id",
        "lead_id",
        "opportunity_id",
        "activity_id",
    ]
    return _days(collect(rows.select(*columns), sort=["owner", "due", "activity_id"]), "due")


def open_by_stage(book: Book) -> pd.DataFrame:
    """All open deals per rep and stage they are in: rep, stage, deals, expected [currency],
    unpriced [deals without amount].
    """
    return open_sums(book, ["rep", "stage"]).rename(columns={"amount": "expected"})


def lost_since(book: Book, start: date) -> pd.DataFrame:
    """Deals lost from ``start`` on, per rep: rep, lost."""
    rows = deal_rows(book, ("rep",)).filter(
        (nw.col("outcome") == "lost") & (nw.col("closed").cast(nw.Date) >= start)
    )
    return collect(rows.group_by("rep").agg(lost=nw.len()), sort=["rep"])


def strategic_customers(book: Book) -> pd.DataFrame:
    """Customers with their strategic flag: customer_id, strategic."""
    return collect(book.table("customers").select("customer_id", "strategic"), sort=["customer_id"])


def waiting_leads(book: Book) -> int:
    """Leads that no deal has come from yet."""
    rows = book.table("leads").filter(nw.col("converted_opportunity_id").is_null())
    return int(collect(rows.select(n=nw.len()))["n"].iloc[0])
