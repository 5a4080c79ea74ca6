"""A company's course as numbers: each indicator of the case per month and per quarter, from any
book's tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import case as measures
from playbook.data.measures.deals import Deals, deals_of, month_of, outcome_counts
from playbook.data.measures.people import reps as people_of

TOP_SELLERS = 20


@dataclass(frozen=True)
class Indicator:
    """One line of the course. ``kind``: sum (of k), ratio (k ÷ n), growth (against a year before),
    median, per (k per n).
    """

    key: str
    label: str
    unit: str
    better: str  # up or down
    meaning: str
    needs: str  # table and columns it is made from


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "sales",
        "Sales",
        "money",
        "up",
        "net amount of orders, refunds negative",
        "orders (date, amount)",
    ),
    Indicator(
        "growth",
        "Growth on a year before",
        "share",
        "up",
        "sales ÷ sales of the same months a year before − 1",
        "orders of two years",
    ),
    Indicator(
        "returning",
        "Returning customers' share",
        "share",
        "up",
        "net sales to customers who had ordered in an earlier period ÷ all net sales",
        "orders of more than a year, or customers (since)",
    ),
    Indicator("leads", "Leads", "count", "up", "leads by the day they came", "leads (created)"),
    Indicator(
        "match",
        "Need-match rate",
        "share",
        "up",
        "deals whose need fits ÷ deals judged, by day of creation",
        "opportunities (need_match, created)",
    ),
    Indicator(
        "objection",
        "Objection rate",
        "share",
        "down",
        "deals with an objection noted ÷ deals that entered the last stage before winning",
        "opportunities (objection), stage_events",
    ),
    Indicator(
        "cycle",
        "Days to a win",
        "days",
        "down",
        "median of creation to closing, deals won in the period",
        "opportunities (created, closed)",
    ),
    Indicator(
        "won",
        "Deals won",
        "count",
        "up",
        "deals won by closing day",
        "opportunities (outcome, closed)",
    ),
    Indicator(
        "renewal",
        "Renewal, large customers",
        "share",
        "up",
        "contracts renewed ÷ contracts due",
        "contracts (end, renewed_by), customers (customer_type)",
    ),
    Indicator(
        "churn",
        "Churn, other customers",
        "share",
        "down",
        "contracts not renewed ÷ contracts due",
        "contracts (end, renewed_by), customers (customer_type)",
    ),
    Indicator(
        "per_head",
        "Sales per head",
        "money",
        "up",
        "net sales ÷ mean number of salespeople employed in the period",
        "orders, reps (hired, left)",
    ),
    Indicator(
        "first_deal",
        "First deal in three months",
        "share",
        "up",
        "hires with a win within their first 92 days ÷ hires who stayed that long, by the day those"
        " days were over",
        "reps (hired), opportunities (rep_id, closed)",
    ),
)
BY_KEY = {indicator.key: indicator for indicator in INDICATORS}


@dataclass(frozen=True)
class Course:
    """``monthly``, ``quarterly``: indicator, period (YYYY-MM or YYYY-Qn), value, k, n; only periods
    that are over on the as-of date.

    ``heads``: mean head count by period. ``absent``: indicator → what it would need.
    """

    monthly: pd.DataFrame
    quarterly: pd.DataFrame
    heads: dict[str, float]
    absent: dict[str, str] = field(default_factory=dict)

    def value(self, key: str, quarter: str) -> dict | None:
        """Row of one indicator in one quarter; None when it has none."""
        rows = self.quarterly[
            (self.quarterly.indicator == key) & (self.quarterly.period == quarter)
        ]
        return rows.iloc[0].to_dict() if len(rows) and pd.notna(rows.iloc[0].value) else None


def course_of(book: Book) -> Course:
    """Every indicator the book's tables give. Calendar quarters, whole ones only."""
    counts, absent = _counts(book)
    monthly, quarterly, heads = [], [], {}
    for length, frames in ((1, monthly), (3, quarterly)):
        for key, frame in counts.items():
            frame = (
                frame
                if isinstance(frame, dict)
                else dict.fromkeys((1, 3), frame.rename(columns={"month": "period"}))
            )
            frames.append(_periods(frame[length], key, length, frame[1].period.min(), book.as_of))
        frames += _derived(frames, heads, absent)
    return Course(_sorted(monthly), _sorted(quarterly), heads, absent)


def _counts(book: Book) -> tuple[dict, dict[str, str]]:
    """Month counts per indicator (period, k, n), and the indicators whose tables are not there."""
    found: dict = {}
    if book.has("orders"):
        parts = {length: measures.sales_parts(book, length) for length in (1, 3)}
        found["sales"] = {
            length: p.rename(columns={"amount": "k"})[["period", "k"]].assign(n=np.nan)
            for length, p in parts.items()
        }
        known = _known_from(book, parts[1])
        found["returning"] = {
            length: p[p.period >= known].rename(columns={"returning": "k", "amount": "n"})
            for length, p in parts.items()
        }
    if book.has("leads", "created"):
        found["leads"] = measures.leads_by_month(book).rename(columns={"n": "k"}).assign(n=np.nan)
    if book.has("opportunities"):
        found |= _deal_counts(book, deals_of(book))
    if book.has("contracts", "end"):
        found["renewal"] = measures.renewals_by_month(book, large=True)
        if book.has("customers", "customer_type"):
            churn = measures.renewals_by_month(book, large=False)
            found["churn"] = churn.assign(k=churn.n - churn.k)
    people = people_of(book)
    if len(people) and people.hired.notna().any():
        found |= _people_counts(book, people[people.hired.notna()])
    found = {
        key: frame
        for key, frame in found.items()
        if len(frame[1] if isinstance(frame, dict) else frame)
    }
    absent = {
        i.key: f"needs {i.needs}"
        for i in INDICATORS
        if i.key not in found and i.key not in ("growth", "per_head")
    }
    return found, absent


def _known_from(book: Book, months: pd.DataFrame) -> Month:
    """First month in which a returning customer can be told from a new one: a year into the data,
    or its start where customers.since reaches further back.
    """
    begun = months.period.min() if len(months) else Month.of(book.as_of)
    return begun if book.has("customers", "since") else begun + 12


def _deal_counts(book: Book, deals: Deals) -> dict:
    found: dict = {}
    closed = outcome_counts(deals, days=True)
    won = closed[(closed.outcome == "won") & closed.closed.notna()].assign(
        month=lambda f: [month_of(m) for m in f.closed]
    )
    if len(won):
        found["won"] = (
            won.groupby("month", as_index=False).n.sum().rename(columns={"n": "k"}).assign(n=np.nan)
        )
        if won.days.notna().any():
            found["cycle"] = won[won.days.notna()][["month", "days", "n"]]
    if book.has("opportunities", "need_match", "created"):
        found["match"] = measures.matched_by_month(deals)
    if book.has("opportunities", "objection") and deals.last >= 2 and deals.last - 1 in deals.dated:
        found["objection"] = measures.objections_by_month(deals)
    return found


def _people_counts(book: Book, people: pd.DataFrame) -> dict:
    first = max(Month.of(people.hired.min().date()), Month.of(book.as_of) - 47)
    found = {
        "heads": (
            measures.heads_by_month(people, first, Month.of(book.as_of)).rename(
                columns={"days": "k", "length": "n"}
            )
        )
    }
    if book.has("opportunities", "rep_id", "closed") or book.has("orders", "rep_id"):
        found["first_deal"] = measures.first_deals_by_month(
            book, people, book.settings.incentives.ramp_days
        )
    return found


def _periods(frame: pd.DataFrame, key: str, length: int, begun: Month, as_of: date) -> pd.DataFrame:
    """Counts per period of ``length`` months with the indicator's value: periods that are over and
    do not begin before the data do.
    """
    if frame.empty:
        return pd.DataFrame(columns=["first", "k", "n", "value", "indicator", "period"])
    first = [p - (p.month - 1) % length for p in frame.period]
    frame = frame.assign(first=first)[
        [f + (length - 1) <= Month.of(as_of) and f >= begun for f in first]
    ]
    if key == "cycle":
        groups = frame.groupby("first", sort=True)
        rows = [
            {"first": p, "k": np.nan, "n": float(g.n.sum()), "value": _median(g)} for p, g in groups
        ]
        out = pd.DataFrame(rows, columns=["first", "k", "n", "value"])
    else:
        out = frame.groupby("first", as_index=False)[["k", "n"]].sum(min_count=1)
        share = out.k.astype(float) / out.n.astype(float).replace(0, np.nan)
        out["value"] = out.k.astype(float) if key in ("sales", "leads", "won") else share
    return out.assign(indicator=key, period=[_name(p, length) for p in out["first"]])


def _median(group: pd.DataFrame) -> float:
    return float(np.median(np.repeat(group.days.astype(float), group.n.astype(int))))


def _name(first: Month, length: int) -> str:
    return str(first) if length == 1 else f"{first.year}-Q{(first.month - 1) // 3 + 1}"


def _derived(
    frames: list[pd.DataFrame], heads: dict[str, float], absent: dict[str, str]
) -> list[pd.DataFrame]:
    """Growth on the same period a year before, and sales per head."""
    by_key = {frame.indicator.iloc[0]: frame for frame in frames if len(frame)}
    made = []
    if "sales" in by_key:
        sold = by_key["sales"].set_index("first")
        begun = min(sold.index)
        base = [sold.value.get(p - 12) if p - 12 >= begun else None for p in sold.index]
        growth = [
            v / b - 1 if b and b > 0 else np.nan for v, b in zip(sold.value, base, strict=True)
        ]
        made.append(
            sold.reset_index().assign(
                indicator="growth",
                value=growth,
                n=[np.nan if b is None else float(b) for b in base],
            )
        )
    else:
        absent |= {
            "growth": f"needs {BY_KEY['growth'].needs}",
            "sales": f"needs {BY_KEY['sales'].needs}",
        }
    if "heads" in by_key and "sales" in by_key:
        crowd = by_key["heads"].set_index("period").value
        heads.update({str(period): float(value) for period, value in crowd.items()})
        sold = by_key["sales"]
        there = sold.period.map(crowd)
        made.append(
            sold.assign(indicator="per_head", n=there, value=sold.value / there.where(there > 0))
        )
    else:
        absent["per_head"] = f"needs {BY_KEY['per_head'].needs}"
    return made


def _sorted(frames: list[pd.DataFrame]) -> pd.DataFrame:
    order = {indicator.key: i for i, indicator in enumerate(INDICATORS)}
    every = (
        pd.concat([f for f in frames if len(f)], ignore_index=True)
        if any(len(f) for f in frames)
        else pd.DataFrame(columns=["indicator", "period", "value", "k", "n"])
    )
    every = every[every.indicator.isin(order)]
    return (
        every.assign(rank=every.indicator.map(order))
        .sort_values(["rank", "period"], kind="stable")[["indicator", "period", "value", "k", "n"]]
        .reset_index(drop=True)
    )


def top_attrition(
    book: Book, first: Month, last: Month, most: int = TOP_SELLERS
) -> tuple[int, int] | None:
    """(leavers, sellers) among the ``most`` best sellers of the twelve months before ``first`` who
    were still there on its first day.
    """
    people = people_of(book)
    if not book.has("orders") or not len(people) or people.hired.isna().all():
        return None
    there = people[
        (people.hired <= pd.Timestamp(first.start))
        & (people.left.isna() | (people.left >= pd.Timestamp(first.start)))
    ]
    ranked = [
        rep
        for rep in measures.best_sellers(book, first - 12, first - 1, len(people))
        if rep in set(there.rep_id)
    ][:most]
    gone = there[there.rep_id.isin(ranked) & (there.left <= pd.Timestamp(last.end))]
    return len(gone), len(ranked)
