"""The price ladder held against every deal: what was given, what was allowed, what leaked, and
whether discounts bunch at the quarter's end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.periods import Month
from playbook.base.settings import PriceLadder
from playbook.data.book import Book
from playbook.data.measures.names import customer_names, member_names
from playbook.data.measures.reasons import discounted_deals, priced_orders
from playbook.methods.intervals import Rate
from playbook.page import Col, Table, table
from playbook.page.kpi import Kpi

CENT = 0.005  # a discount rounded to the cent is not beyond the ladder
LAST_DAYS = 7  # days before a quarter's end compared with the rest
WINDOWS = ("month", "trailing_12m")


def free_months_discount(free: float, paid: float) -> float:
    """What m free months on n paid ones amount to.

    Examples
    --------
    >>> free_months_discount(3, 12)
    0.2
    """
    return free / (paid + free)


def allowed(amounts, renewal, ladder: PriceLadder) -> np.ndarray:
    """Largest discount of each deal [share]: its rung's, joined with the renewal's as the ladder
    says, never above the floor.

    amounts: list amounts [currency], each on the rung whose lower edge it reaches. renewal: bools.
    """
    edges = np.array([rung.lower for rung in ladder.rungs])
    rungs = np.array([rung.allowed for rung in ladder.rungs])
    own = rungs[np.searchsorted(edges, np.asarray(amounts, dtype=float), side="right") - 1]
    extra = np.where(np.asarray(renewal, dtype=bool), ladder.renewal, 0.0)
    joined = {
        "largest": np.maximum(own, extra),
        "add": own + extra,
        "multiply": 1 - (1 - own) * (1 - extra),
    }[ladder.stacking]
    return np.minimum(joined, ladder.floor)


@dataclass(frozen=True)
class Ladder(page.Result):
    """Deals against the ladder, last 12 months.

    table: rung (from, allowed), deals, beyond, given (share of list), leak [currency]. worst:
    order_id, customer, owner, list, discount, allowed, leak.
    by_rep: label, deals, beyond, rate, leak. windows: window, leak, beyond, deals. bunching: when
    (last days, rest), deals, discount, beyond.
    """

    table: pd.DataFrame
    worst: pd.DataFrame
    by_rep: pd.DataFrame
    windows: pd.DataFrame
    bunching: pd.DataFrame
    stacking: str
    own: bool  # whether the book sets a ladder of its own
    as_of: date
    currency: str
    fmt: Formats
    section = "price-ladder"

    def tables(self) -> list[Table]:
        fmt, day = self.fmt, self.fmt.text(self.as_of, "date")
        columns = [
            Col("lower", "money", "List amount from"),
            Col("allowed", "share", "Allowed"),
            Col("deals", "count"),
            Col("given", "share", "Given on average"),
            Col("beyond", "count", "Beyond the ladder"),
            Col("rate", "share", "Share beyond", low="low", high="high"),
            Col("leak", "money", "Leaked"),
        ]
        note = (
            f"{self.currency}; orders of the last 12 months with a list amount; renewals may have"
            f" more; Wilson 95 %; as of {day}"
        )
        total = {
            "lower": None,
            "deals": self.table.deals.sum(),
            "beyond": self.table.beyond.sum(),
            "leak": self.table.leak.sum(),
        }
        found = [
            table(
                self.table,
                columns,
                fmt,
                title="Discounts against the price ladder",
                note=note,
                total=total,
            )
        ]
        columns = [
            Col("when", "text", "Signed"),
            Col("deals", "count"),
            Col("given", "share", "Discount on average"),
            Col("beyond", "share", "Beyond the ladder", low="low", high="high"),
        ]
        found.append(
            table(
                self.bunching,
                columns,
                fmt,
                title="Discounts and the quarter's end",
                note=f"Orders of the last 24 months; Wilson 95 %; as of {day}",
            )
        )
        if len(self.worst):
            columns = [
                Col("order_id", "text", "Order"),
                Col("customer", "text", "Customer", weight=2),
                Col("owner", "text", "Owner"),
                Col("list", "money", "List"),
                Col("discount", "share", "Given"),
                Col("allowed", "share", "Allowed"),
                Col("leak", "money", "Leaked"),
            ]
            found.append(
                table(
                    self.worst,
                    columns,
                    fmt,
                    title="Largest discounts beyond the ladder",
                    note=f"{self.currency}; last 12 months; as of {day}",
                    limit=10,
                )
            )
        return found

    def reading(self) -> str:
        fmt, year = self.fmt, self.windows.set_index("window").loc["trailing_12m"]
        text = (
            f"In the last 12 months {fmt.rate(year.beyond, year.deals)} of the priced orders were"
            f" given more than the ladder allows; that leaked {fmt.money(year.leak, compact=True)}."
        )
        if len(self.bunching) == 2 and self.bunching.deals.min() > 0:
            end, rest = self.bunching.iloc[0], self.bunching.iloc[1]
            apart = end.low > rest.high or end.high < rest.low
            text += (
                f" In the last {LAST_DAYS} days of a quarter {fmt.share(end.beyond)} went beyond"
                f" it, on other days {fmt.share(rest.beyond)}"
                + ("." if apart else ", a difference within chance.")
            )
        if len(self.by_rep):
            top = self.by_rep.iloc[0]
            text += (
                f" Most leaked with {top.label}: {fmt.money(top.leak, compact=True)} in"
                f" {fmt.rate(top.beyond, top.deals)}."
            )
        return text

    def headline(self) -> str:
        year = self.windows.set_index("window").loc["trailing_12m"]
        return (
            f"Price ladder: {self.fmt.rate(year.beyond, year.deals)} of orders beyond it, leak"
            f" {self.fmt.money(year.leak, compact=True)} in 12 months"
        )

    def notes(self) -> list[str]:
        how = {
            "largest": "the larger of the two counts",
            "add": "the two add up",
            "multiply": "one is taken after the other",
        }[self.stacking]
        given = (
            []
            if self.own
            else [
                "The book sets no price ladder of its own: the usual one stands in for it"
                " (settings, funnel.ladder)."
            ]
        )
        return [
            *given,
            (
                "Leak = list amount × (discount given − discount allowed), where it is above. m"
                " free months on n paid are m ÷ (n + m). Where a rung and the renewal's discount"
                f" meet, {how}."
            ),
        ]

    def kpis(self) -> list[Kpi]:
        return [
            Kpi(
                "discount.leakage",
                r["window"],
                float(r["leak"]),
                self.currency,
                numerator=int(r["beyond"]),
                denominator=int(r["deals"]),
                n=int(r["deals"]),
            )
            for r in self.windows.to_dict("records")
        ]


@page.section("price-ladder")
def price_ladder(book: Book) -> Ladder:
    """Every order with a list amount (or won deal with a discount) against the price ladder of the
    settings.
    """
    gives = (
        "discounts beyond the price ladder, in money, by deal and rep, and whether they bunch at"
        " the quarter's end"
    )
    if book.has("orders", "list_amount"):
        rows = priced_orders(book)
    elif book.has("opportunities", "discount", "amount"):
        rows = discounted_deals(book)
    else:
        raise NotAvailable({"orders": ("list_amount",)}, gives)
    if rows.empty:
        raise NotAvailable({}, gives, "no priced order in the last 24 months")
    ladder = book.settings.funnel.ladder
    rows = _checked(rows, ladder)
    first = book.window("trailing_12m").start
    year = rows[rows.day >= pd.Timestamp(first)]
    month = rows[rows.day >= pd.Timestamp(book.month.start)]
    windows = pd.DataFrame(
        [
            {
                "window": w,
                "leak": part.leak.sum(),
                "beyond": int((part.leak > 0).sum()),
                "deals": len(part),
            }
            for w, part in zip(WINDOWS, (month, year), strict=True)
        ]
    )
    return Ladder(
        _rungs(year, ladder),
        _worst(year, book),
        _by_rep(year, book),
        windows,
        _bunching(rows),
        ladder.stacking,
        "ladder" in book.settings.funnel.model_fields_set,
        book.as_of,
        book.currency,
        book.fmt,
    )


def _checked(rows: pd.DataFrame, ladder: PriceLadder) -> pd.DataFrame:
    """Adds day, discount, allowed, rung and leak."""
    renewal = (rows.kind == "renewal").fillna(False).to_numpy(bool)
    may = allowed(rows.list, renewal, ladder)
    discount = 1 - rows.amount / rows.list
    leak = (rows.list * (discount - may)).where(
        discount * rows.list - may * rows.list > np.maximum(2 * CENT, CENT * rows.list * 0.1), 0.0
    )
    rung = np.searchsorted([r.lower for r in ladder.rungs], rows.list.to_numpy(), side="right") - 1
    return rows.assign(
        day=pd.to_datetime(rows.date), discount=discount, allowed=may, rung=rung, leak=leak
    )


def _rungs(rows: pd.DataFrame, ladder: PriceLadder) -> pd.DataFrame:
    found = []
    for i, rung in enumerate(ladder.rungs):
        part = rows[rows.rung == i]
        rate = Rate(int((part.leak > 0).sum()), len(part))
        given = float((part.list * part.discount).sum() / part.list.sum()) if len(part) else None
        found.append(
            {
                "lower": rung.lower,
                "allowed": rung.allowed,
                "deals": len(part),
                "given": given,
                "beyond": rate.numerator,
                "rate": rate.value,
                "low": rate.interval[0],
                "high": rate.interval[1],
                "leak": part.leak.sum(),
            }
        )
    return pd.DataFrame(found)


def _worst(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    found = (
        rows[rows.leak > 0]
        .sort_values(["leak", "order_id"], ascending=[False, True], kind="stable")
        .head(50)
    )
    names, companies = (
        member_names(book).get("rep", {}),
        customer_names(book, set(found.customer_id.dropna())),
    )
    return found.assign(
        customer=[companies.get(c, c) for c in found.customer_id],
        owner=[names.get(r, r) if isinstance(r, str) else "nobody named" for r in found.rep_id],
    ).reset_index(drop=True)


def _by_rep(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    names = member_names(book).get("rep", {})
    sums = (
        rows.assign(beyond=rows.leak > 0)
        .groupby("rep_id")
        .agg(deals=("leak", "size"), beyond=("beyond", "sum"), leak=("leak", "sum"))
        .reset_index()
    )
    sums = sums.assign(label=[names.get(r, r) for r in sums.rep_id])
    return (
        sums[sums.leak > 0]
        .sort_values(["leak", "label"], ascending=[False, True], kind="stable")
        .reset_index(drop=True)
    )


def _bunching(rows: pd.DataFrame) -> pd.DataFrame:
    """The last days of calendar quarters against all other days."""
    ends = [Month(d.year, (d.month + 2) // 3 * 3).end for d in rows.day]
    late = np.array(
        [(end - d.date()).days < LAST_DAYS for end, d in zip(ends, rows.day, strict=True)],
        dtype=bool,
    )
    found = []
    for word, part in (
        (f"last {LAST_DAYS} days of a quarter", rows[late]),
        ("other days", rows[~late]),
    ):
        rate = Rate(int((part.leak > 0).sum()), len(part))
        found.append(
            {
                "when": word,
                "deals": len(part),
                "given": (
                    float((part.list * part.discount).sum() / part.list.sum())
                    if len(part)
                    else None
                ),
                "beyond": rate.value,
                "low": rate.interval[0],
                "high": rate.interval[1],
            }
        )
    return pd.DataFrame(found)
