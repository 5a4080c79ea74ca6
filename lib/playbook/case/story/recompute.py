"""Each published figure of the case recomputed from a book's tables, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.periods import Month, Period, Window
from playbook.case.course.catalogue import BY_KEY
from playbook.case.course.periods import Course
from playbook.data.book import Book
from playbook.data.measures import case as measures
from playbook.data.measures import sales
from playbook.data.measures.people import reps as people_of
from playbook.data.measures.people import top_sellers

from .published import Claim

TOP_SELLERS = 20  # best sellers whose attrition is counted
# Figures that are no indicator: what is counted, in which tables
OTHER = {
    "attrition": (
        later("leavers among the {top} best sellers of the twelve months before, by net sales"),
        later("orders (rep_id, amount), reps (hired, left)"),
    ),
    "goal": (
        later("the company's sales target of the year ÷ sales of the year before − 1"),
        later("targets (period, target), orders (date, amount)"),
    ),
}
# Key → the measures that count it
CALLS = {
    "growth": "case.sales_parts",
    "returning": "case.sales_parts",
    "leads": "case.leads_by_month",
    "match": "case.matched_by_month",
    "objection": "case.objections_by_month",
    "cycle": "deals.outcome_counts",
    "renewal": "case.renewals_by_month",
    "churn": "case.renewals_by_month",
    "per_head": "case.sales_parts, case.heads_by_month",
    "first_deal": "case.first_deals_by_month",
    "attrition": "people.top_sellers",
    "goal": "sales.by_month",
}


@dataclass(frozen=True)
class Recomputed:
    """A figure from a book's tables: its value with what was counted (k of n), or for a ratio its
    two sums as text; else why there is none.
    """

    value: float | None = None
    k: float | None = None
    n: float | None = None
    parts: str = ""
    why: str = ""


def known(claim: Claim, row: Any, fmt: Formats) -> dict[str, str]:
    """Where a figure comes from: what was counted, in which tables, over which span, the counts or
    sums, and the function that counts it.

    row: the figure's line of ``CheckedClaims``.
    """
    kind, *rest = claim.how.split(":")
    key = {"attrition": "attrition", "goal": "goal", "first": "first_deal"}.get(kind, rest[0])
    counted, tables = (BY_KEY[key].meaning, BY_KEY[key].needs) if key in BY_KEY else OTHER[key]
    n = (
        say("{k} of {n}", k=fmt.count(row.k), n=fmt.count(row.n))
        if pd.notna(row.k) and pd.notna(row.n)
        else f"n = {fmt.count(row.n)}"
        if pd.notna(row.n)
        else row.parts
    )
    return {
        "counted": say(counted, top=TOP_SELLERS),
        "tables": say(tables),
        "span": _span(kind, rest),
        "n": n,
        "call": CALLS[key],
    }


def _span(kind: str, rest: list[str]) -> str:
    """The span of a figure in words: one period, one against another, or first to last."""
    if kind == "change":
        _, before, after = rest
        return say("{after} against {before}", after=after, before=before)
    if kind == "value" or len(rest) == 1:
        return rest[-1]
    return say("{before} to {after}", before=rest[0], after=rest[-1])


def recompute(claim: Claim, book: Book, course: Course) -> Recomputed:
    """The figure from the book's tables, or why there is none."""
    kind, *rest = claim.how.split(":")
    last = rest[-1]
    year = book.settings.book
    goal = kind == "goal"  # of a fiscal year, known when it begins
    end = (
        Period.parse(last, year.fiscal_year_start, year.fiscal_year_name).first
        if goal
        else Period.parse(last).last
    )
    if end > book.month:
        return Recomputed(why=say("lies after the report month"))
    return {
        "value": _value,
        "change": _change,
        "attrition": _attrition,
        "first": _first,
        "goal": _goal,
    }[kind](book, course, *rest)


def _value(book: Book, course: Course, key: str, quarter: str) -> Recomputed:
    row = course.value(key, quarter)
    if row is None:
        return Recomputed(why=course.absent.get(key, say("nothing to count in that quarter")))
    counted = BY_KEY[key].unit == "share" and key not in ("growth", "returning")
    parts = (
        f"{book.fmt.money(row['k'], compact=True)} ÷ {book.fmt.money(row['n'], compact=True)}"
        if key in ("growth", "returning") and pd.notna(row["n"])
        else ""
    )
    return Recomputed(
        float(row["value"]),
        float(row["k"]) if counted else None,
        float(row["n"]) if counted or key == "cycle" else None,
        parts,
    )


def _change(book: Book, course: Course, key: str, before: str, after: str) -> Recomputed:
    first, last = course.value(key, before), course.value(key, after)
    if first is None or last is None:
        return Recomputed(
            why=course.absent.get(key, say("nothing to count in one of the quarters"))
        )
    unit = BY_KEY[key].unit
    sums = (book.fmt.text(r["value"], unit, compact=unit == "money") for r in (last, first))
    return Recomputed(float(last["value"] / first["value"] - 1), parts=" ÷ ".join(sums))


def _attrition(book: Book, course: Course, first: str, last: str) -> Recomputed:
    found = top_attrition(book, Month.parse(first), Month.parse(last))
    if found is None or not found[1]:
        return Recomputed(why=say("needs orders and reps (hired, left)"))
    return Recomputed(found[0] / found[1], found[0], found[1])


def _first(book: Book, course: Course, first: str, last: str) -> Recomputed:
    people = people_of(book)
    if not len(people):
        return Recomputed(why=course.absent.get("first_deal", say("needs reps (hired)")))
    rows = measures.first_deals_by_month(book, people, book.settings.incentives.ramp_days)
    inside = rows[(rows.month >= Month.parse(first)) & (rows.month <= Month.parse(last))]
    k, n = int(inside.k.sum()), int(inside.n.sum())
    return (
        Recomputed(k / n, k, n)
        if n
        else Recomputed(why=say("no hire's first months were over in that span"))
    )


def _goal(book: Book, course: Course, year: str) -> Recomputed:
    import narwhals as nw

    if not book.has("targets") or not book.has("orders"):
        return Recomputed(why=say("needs targets and orders"))
    empty = [
        nw.col(c).is_null() for c in ("region", "product_line", "customer_type", "rep_id", "team")
    ]
    target = (
        book.table("targets")
        .filter(nw.col("period") == year, nw.col("metric") == "sales", *empty)
        .select("target")
        .collect()
        .to_pandas()
    )
    sold = sales.monthly(book)
    named = book.settings.book
    span = Period.parse(year, named.fiscal_year_start, named.fiscal_year_name)
    before = {month - 12 for month in span.months}
    base = float(sum(a for m, a in zip(sold.month, sold.amount, strict=True) if m in before))
    if not len(target) or not base:
        return Recomputed(why=say("no target of the company for that year"))
    planned = float(target.target.iloc[0])
    sums = (book.fmt.money(amount, compact=True) for amount in (planned, base))
    return Recomputed(planned / base - 1, parts=" ÷ ".join(sums))


def top_attrition(
    book: Book, first: Month, last: Month, most: int = TOP_SELLERS
) -> tuple[int, int] | None:
    """(leavers, sellers) among the ``most`` best sellers (with ties) of the twelve months before
    ``first`` who were still there on its first day.
    """
    people = people_of(book)
    if not book.has("orders") or not len(people) or people.hired.isna().all():
        return None
    before = Window("before", (first - 12).start, (first - 1).end)
    ranked = top_sellers(book, before, most=most, aboard=first.start)
    gone = people[people.rep_id.isin(ranked) & (people.left <= pd.Timestamp(last.end))]
    return len(gone), len(ranked)
