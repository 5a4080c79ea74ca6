"""Value tiers: the net amount of the trailing 12 months against edges of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say
from playbook.base.periods import Window
from playbook.base.settings import TierTable
from playbook.data.book import Book
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.value import tier_bars
from playbook.segments.illustrations import illustration, not_set
from playbook.segments.population import CustomerRows, Population, population

ONE_TIER = 0.95  # share of customers in one tier from which the edges hardly separate customers


class TierRows(column.Frame):
    """One row per value tier, the best first."""

    tier = column.text("name of the tier")
    edges = column.text("its range of net amounts, lower edge inclusive")
    customers = column.count("customers in the tier")
    customer_share = column.share("of customers in any tier")
    revenue = column.money("net amount of the tier in the trailing 12 months")
    revenue_share = column.share("of the net amount of all tiers")
    mean = column.money("net amount per customer")


class TieredCustomers(CustomerRows):
    """Customers with an order or refund in the trailing 12 months."""

    tier = column.text("name of the customer's tier")


@dataclass(frozen=True)
class Tiers(Result):
    """Customers by value tier.

    The lowest tier is open below and also holds customers whose refunds exceed their orders.
    Customers without an order or refund in the 12 months belong to no tier; ``silent`` counts those
    of them that ever ordered. unset: settings the edges come from where nobody set them: then they
    are an illustration; short: a sentence where orders do not cover the 12 months whole.
    """

    section: ClassVar[str] = "value-tiers"
    table: Annotated[pd.DataFrame, TierRows]
    customers: Annotated[pd.DataFrame, TieredCustomers]
    silent: int
    edges: TierTable
    window: Window
    as_of: date
    fmt: Formats
    currency: str
    unset: tuple[str, ...] = ()
    short: str = ""

    def figure(self) -> Figure:
        return tier_bars(self.table, self.note, self.fmt)

    @property
    def note(self) -> str:
        return say(
            "customers by net amount in {currency} · {label} · lower edge"
            " inclusive · n = {customers} customers · as of {as_of}",
            currency=self.currency,
            label=self.window.label,
            customers=self.fmt.count(len(self.customers)),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("tier", "tier", weight=1),
            Col("edges", label="Net amount", weight=2),
            Col("customers", "count"),
            Col("customer_share", "share", "of customers"),
            Col("revenue", "money"),
            Col("revenue_share", "share", "of revenue"),
            Col("mean", "money", "Per customer"),
        ]
        total = {
            "tier": "All",
            "customers": self.table["customers"].sum(),
            "revenue": self.table["revenue"].sum(),
        }
        return [
            table(
                self.table, columns, self.fmt, title=say("Value tiers"), note=self.note, total=total
            )
        ]

    def reading(self) -> str:
        if self.customers.empty:
            return say("No customer ordered in the trailing 12 months: every tier is empty.")
        text = [illustration(self.unset), self._best_text()]
        near = pd.DataFrame() if self.unset else self._just_below()
        if len(near):
            text.append(
                say(
                    "{customers} within 10 % below the edge of a higher tier would bring"
                    " {missing} more by reaching it.",
                    customers=plural(len(near), "customer"),
                    missing=self.fmt.money(near["missing"].sum(), compact=True),
                )
            )
        return joined(filter(None, [*text, self._misfit()]), " ")

    def _best_text(self) -> str:
        best, n = self.table[self.table["customers"] > 0].iloc[0], len(self.customers)
        if best["customers"] == n:
            who = (
                say("The only customer is")
                if n == 1
                else say("All {n} customers are", n=self.fmt.count(n))
            )
            return say(
                "{who} in the {tier} tier ({edges}).",
                who=who,
                tier=self.fmt.text(best["tier"], "tier"),
                edges=best["edges"],
            )
        one = best["customers"] == 1
        return say(
            "{customers} of {n} {en_reach} the {tier} tier ({edges}) and"
            " {en_bring} {revenue_share} of the revenue.",
            customers=plural(int(best["customers"]), "customer"),
            n=self.fmt.count(n),
            en_reach="reaches" if one else "reach",
            tier=self.fmt.text(best["tier"], "tier"),
            edges=best["edges"],
            en_bring="brings" if one else "bring",
            revenue_share=self.fmt.share(best["revenue_share"]),
        )

    def _misfit(self) -> str:
        """Edges that would separate the customers, where those of the settings put nearly everybody
        into one tier; else an empty text.
        """
        if (
            len(self.edges.names) != 3
            or self.table["customer_share"].max() < ONE_TIER
            or len(self.customers) < 10
        ):
            return ""
        upper, lower = (
            two_digits(float(self.customers["net_year"].quantile(q))) for q in (0.8, 0.5)
        )
        if not upper > lower > 0:
            return ""  # amounts so alike that no edges would part them
        return say(
            "These edges hardly tell customers apart here; {upper} and {lower}"
            " would make the upper fifth {names} and the upper half {names_2} or"
            " better (setting segments.tiers).",
            upper=self.fmt.money(upper),
            lower=self.fmt.money(lower),
            names=self.fmt.text(self.edges.names[0], "tier"),
            names_2=self.fmt.text(self.edges.names[1], "tier"),
        )

    def _just_below(self) -> pd.DataFrame:
        """Customers within 10 % below the lower edge of a better tier, with the amount missing."""
        edges = np.asarray(self.edges.lower[:-1], dtype=float)
        net = self.customers["net_year"].to_numpy()[:, None]
        missing = np.where((net < edges) & (net >= 0.9 * edges), edges - net, np.nan)
        near = (
            self.customers.assign(missing=np.nanmin(missing, axis=1, initial=np.inf))
            if edges.size
            else self.customers.assign(missing=np.inf)
        )
        return near[np.isfinite(near["missing"])].sort_values(["missing", "customer_id"])

    def headline(self) -> str:
        if self.unset:
            return ""
        parts = [
            say(
                "{tier} {customers} ({revenue_share} of revenue)",
                tier=self.fmt.text(row["tier"], "tier"),
                customers=self.fmt.count(row["customers"]),
                revenue_share=self.fmt.share(row["revenue_share"]),
            )
            for _, row in self.table.iterrows()
            if row["tier"] in self.edges.names
        ]
        return say("Value tiers: {parts}.", parts=joined(parts))

    def kpis(self) -> Sequence[Kpi]:
        n, rows = len(self.customers), self.table.to_dict("records")
        return [
            *(
                Kpi(
                    "tier.customers",
                    "trailing_12m",
                    int(r["customers"]),
                    "count",
                    {"tier": r["tier"]},
                    n=n,
                )
                for r in rows
            ),
            *(
                Kpi(
                    "tier.revenue",
                    "trailing_12m",
                    float(r["revenue"]),
                    self.currency,
                    {"tier": r["tier"]},
                    n=int(r["customers"]),
                )
                for r in rows
            ),
        ]

    def notes(self) -> Sequence[str]:
        silent = (
            say(
                " {customers} without orders in these months belong to no tier.",
                customers=plural(self.silent, "customer"),
            )
            if self.silent
            else ""
        )
        return (
            (
                say(
                    "A customer's tier follows the net amount of its orders in {label};"
                    " a customer exactly on an edge belongs to the higher"
                    " tier.{silent}{word}{short}",
                    label=self.window.label,
                    silent=silent,
                    word=" " if self.short else "",
                    short=self.short,
                )
            ),
        )


@section("value-tiers")
def tiers(book: Book) -> Tiers:
    """Customers by value tier. Needs orders (customer_id, amount, date)."""
    settings = book.settings.segments
    unset = not_set(settings, "tiers")
    return tiered(population(book), settings.tiers, book.currency, unset)


def tiered(
    people: Population, edges: TierTable, currency: str, unset: tuple[str, ...] = ()
) -> Tiers:
    """Value tiers for given edges: those of the settings, or of a slider. unset: see ``Tiers``."""
    named = people.frame[people.frame["customer_id"].notna()]
    bought = named[(named["orders_year"] > 0) | (named["net_year"] != 0)]
    bought = bought.assign(tier=tier_names(bought["net_year"].to_numpy(), edges))
    silent = int(((named["first"].notna()) & ~named.index.isin(bought.index)).sum())
    return Tiers(
        _profile(bought, edges, people.fmt),
        bought,
        silent,
        edges,
        people.year,
        people.as_of,
        people.fmt,
        currency,
        unset,
        people.short_year,
    )


def tier_codes(net: np.ndarray, edges: TierTable) -> np.ndarray:
    """Position of each amount's tier, 0 the best; lower edges inclusive, the last open below.

    Examples
    --------
    >>> edges = TierTable(names=["VIP", "key", "ordinary"], lower=[500_000, 200_000, 0])
    >>> tier_codes(np.array([500_000, 499_999.99, 0, -1]), edges).tolist()
    [0, 1, 2, 2]
    """
    rising = np.asarray(edges.lower[::-1], dtype=float)
    return np.minimum(
        len(rising) - np.searchsorted(rising, net, side="right"), len(rising) - 1
    ).astype(np.int64)


def tier_names(net: np.ndarray, edges: TierTable) -> pd.api.extensions.ExtensionArray:
    """Name of each amount's tier."""
    return pd.array(edges.names, dtype="str").take(tier_codes(net, edges))


def two_digits(value: float) -> float:
    """``value`` rounded to two significant digits, as a person would choose an edge.

    Examples
    --------
    >>> two_digits(12_803.0)
    13000.0
    """
    return float(f"{value:.1e}")


def _profile(bought: pd.DataFrame, edges: TierTable, fmt: Formats) -> pd.DataFrame:
    names = list(edges.names)
    grouped = bought.groupby("tier").agg(
        customers=("net_year", "size"), revenue=("net_year", "sum")
    )
    table = grouped.reindex(names).fillna(0.0).rename_axis("tier").reset_index()
    n, money = table["customers"].sum(), table["revenue"].sum()
    mean = table["revenue"] / table["customers"].where(table["customers"] > 0)
    return table.assign(
        customers=table["customers"].astype(int),
        edges=_edge_labels(names, edges, fmt),
        mean=mean,
        customer_share=table["customers"] / n if n else None,
        revenue_share=table["revenue"] / money if money > 0 else None,
    )


def _edge_labels(names: Sequence[str], edges: TierTable, fmt: Formats) -> list[str]:
    """``≥ ¥500,000``, ``¥200,000 to under ¥500,000``, ``under ¥200,000``."""
    labels = []
    for i in range(len(names)):
        if i == 0:
            labels.append(f"≥ {fmt.money(edges.lower[0])}" if len(names) > 1 else say("any amount"))
        elif i == len(names) - 1:
            labels.append(say("under {lower}", lower=fmt.money(edges.lower[i - 1])))
        else:
            labels.append(
                say(
                    "{lower} to under {lower_2}",
                    lower=fmt.money(edges.lower[i]),
                    lower_2=fmt.money(edges.lower[i - 1]),
                )
            )
    return labels
