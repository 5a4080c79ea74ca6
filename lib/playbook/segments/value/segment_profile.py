"""Customers in segments, and what each segment brings."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats
from playbook.base.language import later, say, term
from playbook.page import Col, Table, table
from playbook.segments.population import SCORED, CustomerRows
from playbook.segments.states import DORMANT, NET_NEGATIVE, OUTSIDE, UNNAMED

from .maps import SegmentMap
from .scores import Thresholds


class SegmentRows(column.Frame):
    """One row per segment in the order of the map, then the states outside it."""

    segment = column.text("segment, or state of customers without scores")
    customers = column.count("customers in it; none where orders name no customer")
    customer_share = column.share("of all customers")
    revenue = column.money("net amount of the RFM window, refunds subtracted")
    revenue_share = column.share("of the net amount of all customers")
    recency_days = column.days("median time since the last order")
    orders = column.number("orders per customer in the RFM window, mean")
    action = column.text("what to do with these customers")
    save = column.flag("revenue is at risk here: the customers are cooling or lapsed")
    outside = column.flag("a state outside the segment map")


class ScoredCustomers(CustomerRows):
    """Customers that ever ordered, with scores and segments."""

    r = column.score("recency, 1 to 5 (5 = most recent); missing without scores")
    f = column.score("frequency, 1 to 5")
    m = column.score("monetary, 1 to 5")
    segment = column.text("segment of the leading map, or the state of customers without scores")
    other = column.text("segment of the other map, or the state")


PROFILE = (
    Col("segment", "term", weight=2),
    Col("customers", "count"),
    Col("customer_share", "share", "of customers"),
    Col("revenue", "money"),
    Col("revenue_share", "share", "of revenue"),
    Col("recency_days", "days", "Median recency"),
    Col("orders", "count", "Orders each", decimals=1),
    Col("action", "term", label="What to do", weight=3),
)


OUTSIDE_ACTION = {
    DORMANT: later("Wake-up mailing only; no visits until it answers"),
    NET_NEGATIVE: later("Find out why nothing was charged or all came back, before selling again"),
    UNNAMED: later(
        "None: sales such as those over the counter, in revenue and in no customer count"
    ),
}


def assign(
    customers: pd.DataFrame, thresholds: Thresholds | None, **maps: SegmentMap
) -> pd.DataFrame:
    """Adds scores r, f, m and, per named map, a column with the segment (the state, for customers
    without scores).
    """
    scored = customers[customers["state"] == SCORED]
    if thresholds is None or scored.empty:
        return customers.assign(
            r=pd.NA, f=pd.NA, m=pd.NA, **{field: customers["state"] for field in maps}
        )
    scores = thresholds.scores(scored)
    columns: dict[str, pd.Series] = {}
    for field, each in maps.items():
        if (same := next((f for f in columns if maps[f] is each), None)) is not None:
            columns[field] = columns[same]
            continue
        names = pd.Series(
            pd.array(each.names, dtype="str").take(
                each.codes(*(scores[axis].to_numpy() for axis in "rfm"))
            ),
            index=scored.index,
        )
        columns[field] = names.reindex(customers.index).fillna(customers["state"])
    return customers.assign(**scores.reindex(customers.index).astype("Int8"), **columns)


def profile_of(customers: pd.DataFrame, segments: SegmentMap, by: str = "segment") -> pd.DataFrame:
    """A frame of ``SegmentRows``; customers add up to all that have a name, revenue to that of all
    orders.

    by: the column of ``customers`` that holds the segment.
    """
    grouped = customers.groupby(by).agg(
        customers=("customer_id", "count"),
        revenue=("net", "sum"),
        recency_days=("recency_days", "median"),
        orders=("orders", "mean"),
    )
    if UNNAMED in grouped.index:  # one row that is no customer
        grouped.loc[UNNAMED, ["recency_days", "orders"]] = None
    names = [*segments.names, *OUTSIDE]
    table = grouped.reindex(names).rename_axis("segment").reset_index()
    table = table.assign(
        customers=table["customers"].fillna(0).astype(int), revenue=table["revenue"].fillna(0.0)
    )
    total, money = table["customers"].sum(), table["revenue"].sum()
    info = {s.name: (s.action, s.save) for s in segments.segments}
    return table.assign(
        customer_share=table["customers"] / total if total else None,
        revenue_share=table["revenue"] / money if money > 0 else None,
        action=[info[n][0] if n in info else OUTSIDE_ACTION[n] for n in names],
        save=[n in info and info[n][1] for n in names],
        outside=[n not in info for n in names],
    )


def members_table(
    customers: pd.DataFrame, segment: str, top: int, note: str, fmt: Formats
) -> Table:
    """Customers of a segment, largest net first. customers: a frame of ``ScoredCustomers``."""
    rows = customers[customers["segment"] == segment].sort_values(
        ["net", "customer_id"], ascending=[False, True]
    )
    columns = [
        Col("name", weight=2),
        Col("owner", "name", weight=1.5),
        Col("last", "date", "Last order"),
        Col("orders", "count", "Orders"),
        Col("net", "money", "Net amount"),
        Col("score", label="R F M"),
    ]
    scores = zip(*(rows[axis] for axis in "rfm"), strict=True)
    rows = rows.assign(
        score=["–" if pd.isna(r) else f"{int(r)} {int(f)} {int(m)}" for r, f, m in scores]
    )
    return table(
        rows,
        columns,
        fmt,
        title=say("Customers in “{segment}”", segment=term(segment)),
        note=note,
        limit=top,
    )
