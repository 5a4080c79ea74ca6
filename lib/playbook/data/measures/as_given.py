"""Tables read as the firm gives them: targets, people, the market, key results, strategies."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.language import say
from playbook.data.book import Book

from .frames import collect


def target_rows(book: Book) -> pd.DataFrame:
    """The targets as given: period, metric, target, region, product_line, customer_type, rep, team,
    owner, remark ('' where empty), in a fixed order.
    """
    book.need(
        "targets",
        "period",
        "metric",
        "target",
        gives=say("completion, pace, projection and the chance of reaching each target"),
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
    book.need("reps", "rep_id", gives=say("targets per person"))
    return collect(
        book.table("reps").select("rep_id", "name", "team", "region", "role", "hired", "left"),
        sort=["rep_id"],
    )


def market_rows(book: Book) -> pd.DataFrame:
    """The market as given: year, industry, size, our_share."""
    book.need("market", "year", "industry", "size", gives=say("the room the market leaves"))
    return collect(
        book.table("market").select("year", "industry", "size", "our_share"),
        sort=["year", "industry"],
    )


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
    return plain_days(
        collect(book.table("key_results").select(*columns), sort=["objective", "key_result"]),
        "start",
        "due",
    )


def key_result_names(book: Book) -> set[str]:
    """Names of all key results of the table, those that begin after the as-of date as well."""
    if "key_results" not in book.read.given:
        return set()
    found = book.read.connection.execute(
        "SELECT DISTINCT key_result FROM book.key_results"
    ).fetchall()
    return {str(name) for (name,) in found}


def check_ins(book: Book) -> pd.DataFrame:
    """Check-ins as known, oldest first per key result: key_result, date, value, confidence, note;
    no rows without the table.
    """
    columns = ["key_result", "date", "value", "confidence", "note"]
    if not book.has("check_ins"):
        return pd.DataFrame(columns=columns)
    return plain_days(
        collect(book.table("check_ins").select(*columns), sort=["key_result", "date"]), "date"
    )


def strategy_rows(book: Book) -> pd.DataFrame:
    """Strategies as known, one row per milestone: strategy, goal, lever, budget, spent, start, due,
    owner, people, material, planned and used of both with their unit (people_planned, people_used,
    people_unit, material_planned …), expected, indicator, milestone, milestone_due, milestone_done.
    """
    book.need(
        "strategies",
        "strategy",
        "goal",
        gives=say("strategies against their milestones and budgets"),
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
        *("people", "people_planned", "people_used", "people_unit"),
        *("material", "material_planned", "material_used", "material_unit"),
        "expected",
        "indicator",
        "milestone",
        "milestone_due",
        "milestone_done",
    ]
    return plain_days(
        collect(
            book.table("strategies").select(*columns),
            sort=["strategy", "milestone_due", "milestone"],
        ),
        "start",
        "due",
        "milestone_due",
        "milestone_done",
    )


def plain_days(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
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


def customer_industries(book: Book) -> dict[str, str]:
    """customer_id → industry, of customers that carry one."""
    rows = collect(book.table("customers").select("customer_id", "industry"), sort=["customer_id"])
    return dict(rows.dropna().to_numpy())
