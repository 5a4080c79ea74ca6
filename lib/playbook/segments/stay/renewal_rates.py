"""Contracts renewed of those due: by value tier and customer type, by window, by quarter."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats
from playbook.base.language import named, say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures import customer_list
from playbook.methods.intervals import wilson
from playbook.page import Col, Table, table
from playbook.page.tables import DATA
from playbook.segments.population import sums
from playbook.segments.value.tiers import tier_names

FEWEST = 30  # contracts due over all quarters from which a group has quarters of its own


class RenewalRates(column.Frame):
    """Renewal of the contracts that were due."""

    due = column.count("contracts whose last day lies in the period")
    renewed = column.count("of them renewed, as known by the as-of date")
    rate = column.share("renewed of due", low="low", high="high")
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")
    value = column.money("yearly value of the contracts due")
    value_lost = column.money("of it not renewed")


class RenewalGroups(RenewalRates):
    """One row per value tier, then per customer type, then all; trailing 12 months."""

    by = column.text("tier or customer_type; empty for all")
    group = column.text("name of the tier or type, or All")


class RenewalWindows(RenewalRates):
    """One row per window; all contracts."""

    window = column.text("key of the window")
    label = column.text("the window in words")
    before = column.share("rate of the same window a year before")
    change = column.points("rate minus the rate a year before")


class RenewalQuarters(RenewalRates):
    """One row per group and complete calendar quarter."""

    group = column.text("customer type with enough contracts, or All")
    quarter = column.text("calendar quarter, such as 2023-Q3")


WINDOWS = ("month", "quarter_to_date", "year_to_date", "trailing_12m")


QUARTERS = 8


def contracts_due(contracts: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Contracts whose last day lies in the window, without those that may still be followed."""
    due = (contracts["end"] <= pd.Timestamp(window.end)) & ~contracts["open"]
    return contracts[
        due if window.start is None else due & (contracts["end"] >= pd.Timestamp(window.start))
    ]


def renewal_rate(due: pd.DataFrame) -> dict[str, Any]:
    """The columns of ``RenewalRates`` for contracts due; rate and interval None without any."""
    k, n = int(due["renewed"].sum()), len(due)
    low, high = wilson(k, n)
    return {
        "due": n,
        "renewed": k,
        "rate": k / n if n else None,
        "low": low,
        "high": high,
        "value": float(due["annual_value"].sum()),
        "value_lost": float(due.loc[~due["renewed"], "annual_value"].sum()),
    }


def rates_by(due: pd.DataFrame, dimension: str, groups: pd.Series | None) -> list[dict[str, Any]]:
    """Rows of ``RenewalGroups``, one per category that occurs; none without groups."""
    if groups is None:
        return []
    return [
        {"by": dimension, "group": name, **renewal_rate(due[groups == name])}
        for name in dict.fromkeys(groups.cat.categories)
        if (groups == name).any()
    ]


def tier_of(book: Book, due: pd.DataFrame, window: Window) -> pd.Series | None:
    """Tier of each contract's customer by the 12 months before the window; None where orders do not
    cover them.
    """
    if not book.has("orders", "customer_id", "amount"):
        return None
    before = window.year_before()
    if window.start is None or not coverage(book, "orders").covers(before.start, before.end):
        return None
    edges = book.settings.segments.tiers
    net = sums(book).dropna(subset="customer_id").set_index("customer_id")["net_base"]
    names = np.asarray(tier_names(due["customer_id"].map(net).fillna(0.0).to_numpy(float), edges))
    return pd.Series(pd.Categorical(names, categories=edges.names), index=due.index)


def type_of(book: Book, due: pd.DataFrame) -> pd.Series | None:
    """Customer type of each contract's customer; None without types."""
    if not book.has("customers", "customer_type"):
        return None
    kinds = customer_list.who(book.table("customers")).set_index("customer_id")["customer_type"]
    return due["customer_id"].map(kinds).astype("category")


def rates_by_window(contracts: pd.DataFrame, book: Book) -> pd.DataFrame:
    """A frame of ``RenewalWindows``: each window beside the same one a year before, where the
    ends of contracts are known back to it.
    """
    rows, covered = [], coverage(book, "contracts", "end")
    for name in WINDOWS:
        window = book.window(name)
        earlier = window.year_before()
        now, then = (
            renewal_rate(contracts_due(contracts, window)),
            renewal_rate(contracts_due(contracts, earlier)),
        )
        if covered.first is None or earlier.start is None or earlier.start < covered.first:
            then["rate"] = None
        change = None if now["rate"] is None or then["rate"] is None else now["rate"] - then["rate"]
        rows.append(
            {"window": name, "label": window.label, **now, "before": then["rate"], "change": change}
        )
    return RenewalWindows.make(rows)


def window_table(windows: pd.DataFrame, day: str, fmt: Formats) -> Table:
    """The rate by window. windows: a frame of ``RenewalWindows``; day: the as-of date in words."""
    columns = [
        Col("label", "term", label="Window", weight=2),
        Col("due", "count", "Due"),
        Col("renewed", "count", "Renewed"),
        Col("rate", "share", "Renewal rate", low="low", high="high"),
        Col("before", "share", "A year before"),
        Col("change", "pp", "Change"),
    ]
    return table(
        windows,
        columns,
        fmt,
        title=say("Renewal rate by window"),
        note=say("contracts by the day they end · Wilson 95 % · {day}", day=day),
    )


def rates_by_quarter(contracts: pd.DataFrame, book: Book) -> pd.DataFrame:
    """A frame of ``RenewalQuarters``: the last complete quarters, at most QUARTERS, for each
    customer type with at least FEWEST contracts due and for all.
    """
    due = contracts[(contracts["end"] <= pd.Timestamp(book.as_of)) & ~contracts["open"]]
    due = due.assign(quarter=due["end"].dt.to_period("Q"))
    last = pd.Period(pd.Timestamp(book.as_of), "Q")
    last = last if last.end_time.date() <= book.as_of else last - 1
    first = max(last - (QUARTERS - 1), due["quarter"].min()) if len(due) else last
    kinds = type_of(book, due)
    names = (
        []
        if kinds is None
        else [name for name in kinds.cat.categories if (kinds == name).sum() >= FEWEST]
    )
    groups = [(name, due[kinds == name]) for name in names] + [("All", due)]
    rows = [
        {"group": name, "quarter": f"{q.year}-Q{q.quarter}", **renewal_rate(of[of["quarter"] == q])}
        for name, of in groups
        for q in pd.period_range(first, last, freq="Q")
    ]
    return RenewalQuarters.make(rows)


def quarter_table(quarters: pd.DataFrame, as_of: date, fmt: Formats) -> Table:
    """Quarters in rows, groups in columns: the rate with its interval and the contracts due.

    quarters: a frame of ``RenewalQuarters``.
    """
    texts = [
        {
            "quarter": r["quarter"],
            "group": r["group"],
            "text": (
                say(
                    "{rate} [{low}] of {due}",
                    rate=fmt.share(r["rate"]),
                    low=fmt.interval(r["low"], r["high"], "share"),
                    due=fmt.count(r["due"]),
                )
                if r["due"]
                else fmt.share(None)
            ),
        }
        for r in quarters.to_dict("records")
    ]
    groups = list(dict.fromkeys(quarters["group"]))
    wide = (
        pd.DataFrame(texts)
        .pivot(index="quarter", columns="group", values="text")[groups]
        .reset_index()
        if texts
        else pd.DataFrame(columns=["quarter"])
    )
    return table(
        wide,
        [
            Col("quarter", label="Quarter"),
            *(Col(g, label=named(g), weight=1.5, context=DATA) for g in groups),
        ],
        fmt,
        title=say("Renewal rate quarter by quarter"),
        note=(
            say(
                "contracts by the calendar quarter their last day lies in, with the"
                " number due · Wilson 95 % · as of {as_of}",
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
