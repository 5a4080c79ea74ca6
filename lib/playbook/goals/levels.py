"""Metrics whose months and members may not be summed: rates and medians, each with its counts.

Annual rates (attrition, churn, retention) are measured over the trailing 12 months when the target
is for a year: the leavers of nine months are no yearly rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import is_missing
from playbook.base.language import later, say
from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.measures import as_given, reasons, renewal, sales
from playbook.data.measures.deals import deals_of, outcome_counts

Level = tuple[float | None, float | None, float | None]  # value, numerator, denominator
ANNUAL = ("attrition_rate", "churn_rate", "retention")
ONE = later("measured for the company, or for one member of a dimension its table knows")


def level(book: Book, metric: str, members: Mapping[str, str], span: Window) -> Level:
    """Value, numerator and denominator of a metric in a span; (None, 0, 0) where nothing was
    counted.

    members: one dimension → member at most. Raises NotAvailable where the book cannot tell.
    """
    if len(members) > 1:
        raise NotAvailable({}, gives=metric, because=ONE)
    return OF[metric](book, metric, members, span)


def span_of(book: Book, metric: str, span: Window) -> Window:
    """The span a metric is measured over: the trailing 12 months for an annual rate of a year, else
    the target's own.
    """
    return book.window("trailing_12m") if metric in ANNUAL and span.name == "year_to_date" else span


def _share(k: float, n: float) -> Level:
    return (float(k) / float(n) if n else None, float(k), float(n))


def _numbers(span: Window) -> tuple[int, int]:
    return Month.of(span.start).number, Month.of(span.end).number  # type: ignore[arg-type]


def _of_deals(book: Book, members: Mapping[str, str], *, days: bool = False) -> pd.DataFrame:
    """Deals by month of creation and closing and by outcome, of the member."""
    deals = deals_of(book)
    for dimension in members:
        if dimension not in deals.dimensions:
            raise NotAvailable(
                {"opportunities": (dimension,)},
                gives=say("the figure by {dimension}", dimension=dimension.replace("_", " ")),
            )
    counts = outcome_counts(deals, by=next(iter(members), None), days=days)
    return counts[counts["member"] == next(iter(members.values()))] if members else counts


def _win_rate(book: Book, metric: str, members: Mapping[str, str], span: Window) -> Level:
    """Won ÷ created, of the deals created in the span."""
    first, last = _numbers(span)
    counts = _of_deals(book, members)
    inside = counts[counts["created"].between(first, last)]
    return _share(inside.loc[inside["outcome"] == "won", "n"].sum(), inside["n"].sum())


def _cycle(book: Book, metric: str, members: Mapping[str, str], span: Window) -> Level:
    """Median days from creation to closing of the deals won (lost) in the span."""
    first, last = _numbers(span)
    counts = _of_deals(book, members, days=True)
    kind = metric.removeprefix("cycle.").split("_")[0]
    rows = counts[
        counts["closed"].between(first, last) & (counts["outcome"] == kind) & (counts["days"] >= 0)
    ]
    days = np.repeat(rows["days"].to_numpy(dtype=float), rows["n"].to_numpy(dtype=int))
    return (float(np.median(days)), None, float(len(days))) if len(days) else (None, 0, 0)


def _company_only(members: Mapping[str, str], table: str) -> None:
    if members:
        raise NotAvailable(
            {},
            gives=say("the figure of a part"),
            because=say("from {table} it is measured for the company only", table=table),
        )


def _match(book: Book, metric: str, members: Mapping[str, str], span: Window) -> Level:
    _company_only(members, "opportunities")
    book.need("opportunities", "need_match", gives=say("the match rate"))
    first, last = _numbers(span)
    counts = reasons.match_counts(deals_of(book))
    inside = counts[counts["month"].between(first, last)]
    return _share(inside.loc[inside["match"].astype(bool), "n"].sum(), inside["n"].sum())


def _objection(book: Book, metric: str, members: Mapping[str, str], span: Window) -> Level:
    _company_only(members, "opportunities")
    book.need("opportunities", "objection", gives=say("the objection rate"))
    deals = deals_of(book)
    first, last = _numbers(span)
    counts = reasons.objection_counts(
        deals, max([k for k in deals.dated if k < deals.last], default=deals.last - 1)
    )
    inside = counts[counts["month"].between(first, last)]
    return _share(inside.loc[inside["objection"].notna(), "n"].sum(), inside["n"].sum())


def _renewal(book: Book, metric: str, members: Mapping[str, str], span: Window) -> Level:
    """Contracts renewed ÷ contracts whose last day lies in the span and whose fate is known."""
    if set(members) - {"rep", "product_line"}:
        raise NotAvailable(
            {},
            gives=say("the renewal rate of a part"),
            because=say("contracts tell of products and reps, not of this"),
        )
    book.need("contracts", "customer_id", "start", "end", gives=say("the renewal rate"))
    rows = renewal.contracts(book)
    rows = rows[
        ~rows["open"]
        & (rows["end"] >= rows["start"])
        & (rows["end"] >= pd.Timestamp(span.start))
        & (rows["end"] <= pd.Timestamp(span.end))
    ]
    for dimension, member in members.items():
        rows = rows[rows[{"rep": "rep_id"}.get(dimension, dimension)] == member]
    return _share(rows["renewed"].sum(), len(rows))


def _attrition(book: Book, metric: str, members: Mapping[str, str], span: Window) -> Level:
    """Leavers ÷ average head-count, the mean of the head-counts on the span's first day and on its
    month ends.
    """
    if set(members) - {"region", "team"}:
        raise NotAvailable(
            {},
            gives=say("attrition of a part"),
            because=say("people belong to regions and teams, not to this"),
        )
    book.need("reps", "hired", gives=say("attrition"))
    people = [
        rep
        for rep in as_given.rep_rows(book).to_dict("records")
        if not is_missing(rep["hired"]) and all(rep[d] == m for d, m in members.items())
    ]
    start, end = pd.Timestamp(span.start), pd.Timestamp(span.end)
    days = [start, *pd.date_range(start, end, freq="ME")]
    stays = [
        (
            pd.Timestamp(rep["hired"]),
            pd.Timestamp.max if is_missing(rep["left"]) else pd.Timestamp(rep["left"]),
        )
        for rep in people
    ]
    heads = float(np.mean([sum(hired <= day < left for hired, left in stays) for day in days]))
    return _share(sum(start <= left <= end and hired <= end for hired, left in stays), heads)


def _retention(book: Book, metric: str, members: Mapping[str, str], span: Window) -> Level:
    """Of the customers active in the equal span before, those who ordered again in this one (churn:
    who did not).
    """
    rows = sales.order_rows(book)
    before = span.period_before()
    was, now = (set(sales.active(rows, w.start, w.end, members)) for w in (before, span))  # type: ignore[arg-type]
    stayed = len(was & now)
    return _share(len(was) - stayed if metric == "churn_rate" else stayed, len(was))


OF: dict[str, Callable[[Book, str, Mapping[str, str], Window], Level]] = {
    "win_rate.broad": _win_rate,
    "cycle.won_median_days": _cycle,
    "cycle.lost_median_days": _cycle,
    "match_rate": _match,
    "objection_rate": _objection,
    "renewal_rate": _renewal,
    "attrition_rate": _attrition,
    "retention": _retention,
    "churn_rate": _retention,
}
