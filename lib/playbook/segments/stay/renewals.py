"""Contracts: renewed of those due, by tier and type, quarter by quarter, and renewal by renewal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures import customers as measures
from playbook.methods.intervals import Rate, wilson
from playbook.page import Change, Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.contracts import quarter_lines
from playbook.segments.figures.retention import renewal_dots
from playbook.segments.population import sums
from playbook.segments.value.tiers import tier_names

GIVES = "the renewal rate of contracts that were due, by tier, and the revenue at stake next"
WINDOWS = ("month", "quarter_to_date", "year_to_date", "trailing_12m")
AHEAD = 60  # days ahead in which a contract is called due next
QUARTERS = 8
FEWEST = 30  # contracts due over all quarters from which a group has quarters of its own


@dataclass(frozen=True)
class Renewals(Result):
    """``table``: renewal of contracts due in the trailing 12 months, one row per group (tier, then
    customer type), then all.
    ``windows``: the total per window. ``quarters``: one row per group and calendar quarter.
    ``terms``: survival by number of renewals. ``next_due``: contracts that end soon, unrenewed.
    ``wrong``: contracts that end before they start, left out.
    """

    section: ClassVar[str] = "renewals"
    table: pd.DataFrame
    windows: pd.DataFrame
    quarters: pd.DataFrame
    terms: pd.DataFrame
    next_due: pd.DataFrame
    wrong: int
    window: Window
    as_of: date
    fmt: Formats
    currency: str

    def figure(self) -> Figure | None:
        return renewal_dots(self.table, self.note, self.fmt) if self.table["due"].sum() else None

    def quarter_figure(self) -> Figure | None:
        """The renewal rate quarter by quarter, per group."""
        return (
            quarter_lines(self.quarters, self.as_of, self.fmt)
            if self.quarters["due"].sum()
            else None
        )

    @property
    def note(self) -> str:
        return (
            f"contracts whose end lies in {self.window.label} · n ="
            f" {self.fmt.count(self.table['due'].iloc[-1])} contracts · Wilson 95 % · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("group", label="Group", weight=1.5),
            Col("due", "count", "Due"),
            Col("renewed", "count", "Renewed"),
            Col("rate", "share", "Renewal rate", low="low", high="high"),
            Col("value", "money", "Yearly value due"),
            Col("value_lost", "money", "of it not renewed"),
        ]
        spans = [
            Col("label", label="Window", weight=2),
            Col("due", "count", "Due"),
            Col("renewed", "count", "Renewed"),
            Col("rate", "share", "Renewal rate", low="low", high="high"),
            Col("before", "share", "A year before"),
            Col("change", "pp", "Change"),
        ]
        terms = [
            Col("term", "count", "Renewal number"),
            Col("due", "count", "Contracts due"),
            Col("renewed", "count", "Renewed"),
            Col("rate", "share", "Renewed of due", low="low", high="high"),
            Col("survival", "share", "Still there of all who began"),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title="Contracts renewed of those due, trailing 12 months",
                note=self.note,
            ),
            table(
                self.windows,
                spans,
                self.fmt,
                title="Renewal rate by window",
                note=(
                    "contracts by the day they end · Wilson 95 % · as of"
                    f" {self.fmt.text(self.as_of, 'date')}"
                ),
            ),
            self._quarter_table(),
            table(
                self.terms,
                terms,
                self.fmt,
                title="Renewal by renewal",
                note=(
                    "product of the renewal rates of each renewal (Kaplan-Meier by renewal number),"
                    " all data; running contracts leave the count when they have not come due"
                ),
            ),
        ]

    def _quarter_table(self) -> Table:
        """Quarters in rows, groups in columns: the rate with its interval and the contracts due."""
        fmt = self.fmt
        texts = [
            {
                "quarter": r["quarter"],
                "group": r["group"],
                "text": (
                    f"{fmt.share(r['rate'])} [{fmt.interval(r['low'], r['high'], 'share')}] of"
                    f" {fmt.count(r['due'])}"
                    if r["due"]
                    else fmt.share(None)
                ),
            }
            for r in self.quarters.to_dict("records")
        ]
        groups = list(dict.fromkeys(self.quarters["group"]))
        wide = (
            pd.DataFrame(texts)
            .pivot(index="quarter", columns="group", values="text")[groups]
            .reset_index()
            if texts
            else pd.DataFrame(columns=["quarter"])
        )
        return table(
            wide,
            [Col("quarter", label="Quarter"), *(Col(g, label=g, weight=1.5) for g in groups)],
            fmt,
            title="Renewal rate quarter by quarter",
            note=(
                "contracts by the calendar quarter their last day lies in, with the number due ·"
                f" Wilson 95 % · as of {fmt.text(self.as_of, 'date')}"
            ),
        )

    @property
    def total(self) -> pd.Series:
        return self.table.iloc[-1]

    def _quarter_text(self) -> str:
        """The lowest and the newest quarter of each group that has quarters of its own."""
        told = []
        for group, of in self.quarters[
            (self.quarters["due"] > 0) & (self.quarters["group"] != "All")
        ].groupby("group", sort=False):
            low, now = of.loc[of["rate"].astype(float).idxmin()], of.iloc[-1]
            ends = [
                f"{self.fmt.share(r['rate'], decimals=0)} in {r['quarter']}"
                f" ({self.fmt.interval(r['low'], r['high'], 'share')})"
                for r in ([low] if low["quarter"] == now["quarter"] else [low, now])
            ]
            told.append(f"{group} {' and '.join(ends)}")
        return f" Lowest and newest quarter: {'; '.join(told)}." if told else ""

    def reading(self) -> str:
        t = self.total
        if not t["due"]:
            return "No contract was due in the trailing 12 months."
        text = (
            f"{self.fmt.rate(t['renewed'], t['due'])} of the contracts due were renewed (95 %"
            f" {self.fmt.interval(t['low'], t['high'], 'share')});"
            f" {self.fmt.money(t['value_lost'], compact=True)} of yearly value was not. "
        )
        text += (
            f"{plural(len(self.next_due), 'contract')} worth"
            f" {self.fmt.money(self.next_due['annual_value'].sum(), compact=True)} a year"
            f" {'ends' if len(self.next_due) == 1 else 'end'} in the next {AHEAD} days."
        )
        text += self._quarter_text()
        return text + (
            f" {plural(self.wrong, 'contract')} that end before they start are left out."
            if self.wrong
            else ""
        )

    def headline(self) -> str:
        t = self.total
        return (
            f"Renewals: {self.fmt.rate(t['renewed'], t['due'])} of contracts due in 12 months."
            if t["due"]
            else "Renewals: no contract was due in 12 months."
        )

    def kpis(self) -> Sequence[Kpi]:
        why = "no contract was due"
        groups = [
            Kpi.rate(
                "renewal_rate",
                "trailing_12m",
                Rate(r["renewed"], r["due"]),
                {r["by"]: r["group"]},
                why,
            )
            for r in self.table.iloc[:-1].to_dict("records")
        ]
        return [
            *(
                Kpi.rate("renewal_rate", r["window"], Rate(r["renewed"], r["due"]), None, why)
                for r in self.windows.to_dict("records")
            ),
            *groups,
        ]

    def changes(self) -> Sequence[Change]:
        row = self.windows[self.windows["window"] == "quarter_to_date"].iloc[0]
        if pd.isna(row["change"]):
            return []
        return [
            Change(
                f"Renewal rate of the quarter {self.fmt.share(row['rate'])}"
                f" ({self.fmt.text(row['change'], 'pp')} on a year before)",
                float(row["change"]),
            )
        ]

    def notes(self) -> Sequence[str]:
        return (
            (
                "A contract is due on its last day; it counts as renewed when a following contract"
                " is known by the as-of date, so contracts that ended in the last days may still be"
                " renewed. Tiers follow what the customer brought in the trailing 12 months before"
                " the window."
            ),
        )


@section("renewals")
def renewals(book: Book) -> Renewals:
    """Renewal of contracts that were due. Needs contracts (customer_id, end, annual_value)."""
    book.need("contracts", "customer_id", "start", "end", "annual_value", gives=GIVES)
    every = measures.contracts(book.table("contracts"))
    right = every[every["end"] >= every["start"]]
    window = book.window("trailing_12m")
    due = _due(right, window)
    groups = [
        *_by(due, "tier", _tier_of(book, due, window)),
        *_by(due, "customer_type", _type_of(book, due)),
    ]
    soon = right[
        (right["end"] > pd.Timestamp(book.as_of))
        & (right["end"] <= pd.Timestamp(book.as_of) + pd.Timedelta(days=AHEAD))
        & ~right["renewed"]
    ]
    if right.empty:
        raise NotAvailable(
            {"contracts": ("start", "end")}, GIVES, "every contract ends before it starts"
        )
    return Renewals(
        pd.DataFrame([*groups, {"by": "", "group": "All", **_rate(due)}]),
        _windows(right, book),
        _quarters(right, book),
        survival(right, book.as_of),
        soon.sort_values(["end", "contract_id"]),
        len(every) - len(right),
        window,
        book.as_of,
        book.fmt,
        book.currency,
    )


def _due(contracts: pd.DataFrame, window: Window) -> pd.DataFrame:
    after = contracts["end"] <= pd.Timestamp(window.end)
    return contracts[
        after if window.start is None else after & (contracts["end"] >= pd.Timestamp(window.start))
    ]


def _rate(due: pd.DataFrame) -> dict:
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


def _by(due: pd.DataFrame, dimension: str, groups: pd.Series | None) -> list[dict]:
    if groups is None:
        return []
    return [
        {"by": dimension, "group": name, **_rate(due[groups == name])}
        for name in dict.fromkeys(groups.cat.categories)
        if (groups == name).any()
    ]


def _tier_of(book: Book, due: pd.DataFrame, window: Window) -> pd.Series | None:
    """Tier by what the customer brought in the 12 months before the window; without orders no tier."""
    if not book.has("orders", "customer_id", "amount"):
        return None
    edges = book.settings.segments.tiers
    net = sums(book).dropna(subset="customer_id").set_index("customer_id")["net_base"]
    names = np.asarray(tier_names(due["customer_id"].map(net).fillna(0.0).to_numpy(float), edges))
    return pd.Series(pd.Categorical(names, categories=edges.names), index=due.index)


def _type_of(book: Book, due: pd.DataFrame) -> pd.Series | None:
    if not book.has("customers", "customer_type"):
        return None
    kinds = measures.who(book.table("customers")).set_index("customer_id")["customer_type"]
    return due["customer_id"].map(kinds).astype("category")


def _windows(contracts: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Rate per window beside the equal window a year before."""
    rows = []
    for name in WINDOWS:
        window = book.window(name)
        now, then = _rate(_due(contracts, window)), _rate(_due(contracts, window.year_before()))
        change = None if now["rate"] is None or then["rate"] is None else now["rate"] - then["rate"]
        rows.append(
            {"window": name, "label": window.label, **now, "before": then["rate"], "change": change}
        )
    return pd.DataFrame(rows)


def _quarters(contracts: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Rate of the last complete quarters that have contracts due, for each customer type with
    enough of them and for all.
    """
    due = contracts[contracts["end"] <= pd.Timestamp(book.as_of)]
    due = due.assign(quarter=due["end"].dt.to_period("Q"))
    last = pd.Period(pd.Timestamp(book.as_of), "Q")
    last = last if last.end_time.date() <= book.as_of else last - 1
    first = max(last - (QUARTERS - 1), due["quarter"].min()) if len(due) else last
    kinds = _type_of(book, due)
    names = (
        []
        if kinds is None
        else [name for name in kinds.cat.categories if (kinds == name).sum() >= FEWEST]
    )
    groups = [(name, due[kinds == name]) for name in names] + [("All", due)]
    rows = [
        {"group": name, "quarter": f"{q.year}-Q{q.quarter}", **_rate(of[of["quarter"] == q])}
        for name, of in groups
        for q in pd.period_range(first, last, freq="Q")
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "group",
            "quarter",
            "due",
            "renewed",
            "rate",
            "low",
            "high",
            "value",
            "value_lost",
        ],
    )


def survival(contracts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Kaplan-Meier by renewal number: of the customers' k-th contracts that came due by ``as_of``,
    the share renewed.

    A customer's contracts are numbered by start within customer and product line. Returns term,
    due, renewed, rate, low, high, survival.
    """
    due = contracts.assign(term=renewal_number(contracts))[contracts["end"] <= pd.Timestamp(as_of)]
    grouped = due.groupby("term", as_index=False).agg(
        due=("renewed", "size"), renewed=("renewed", "sum")
    )
    low, high = wilson(grouped["renewed"].to_numpy(), grouped["due"].to_numpy())
    rate = grouped["renewed"] / grouped["due"]
    return grouped.assign(rate=rate, low=low, high=high, survival=rate.cumprod())


def renewal_number(contracts: pd.DataFrame) -> pd.Series:
    """1 for a customer's first contract of a product line, 2 for the second, …; by start, then id."""
    ordered = contracts.assign(line=contracts["product_line"].fillna("")).sort_values(
        ["customer_id", "line", "start", "contract_id"]
    )
    return (ordered.groupby(["customer_id", "line"]).cumcount() + 1).reindex(contracts.index)


def renewal_chance(contracts: pd.DataFrame, as_of: date) -> pd.Series:
    """Chance that each contract is renewed: the rate seen at its renewal number; with fewer than
    FEWEST due there, that of the trailing year; 0 where nothing ever came due.
    """
    year = contracts[
        (contracts["end"] <= pd.Timestamp(as_of))
        & (contracts["end"] > pd.Timestamp(as_of) - pd.Timedelta(days=365))
    ]
    seen = survival(contracts, as_of).query("due >= @FEWEST").set_index("term")["rate"]
    return (
        renewal_number(contracts)
        .map(seen.to_dict())
        .astype(float)
        .fillna(float(year["renewed"].mean()) if len(year) else 0.0)
    )


def under_contract(book: Book, customer_ids: pd.Series) -> pd.Series:
    """Whether each customer has a contract that runs beyond the as-of date; nobody has where there
    are no contracts.
    """
    if not book.has("contracts", "customer_id", "start", "end"):
        return pd.Series(False, index=customer_ids.index)
    contracts = measures.contracts(book.table("contracts"))
    running = contracts[
        (contracts["end"] > pd.Timestamp(book.as_of)) & (contracts["end"] >= contracts["start"])
    ]
    return customer_ids.isin(set(running["customer_id"]))
