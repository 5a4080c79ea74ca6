"""The revenue bridge: from the year before to the trailing 12 months, customer by customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.segments.figures.course import bridge_bars
from playbook.segments.illustrations import not_set
from playbook.segments.population import sums
from playbook.segments.value.tiers import tier_names

GIVES = later("what of last year's revenue was lost, shrank, grew, and what is new")
ALL, NEW, UNNAMED = "All", later("new or back"), later("no customer named")
EVERYBODY = later("customers of the year before")  # in place of tiers that nobody set
PARTS = ("lost", "shrunk", "grown", "back", "new")
SIGN = {"lost": -1, "shrunk": -1, "grown": 1, "back": 1, "new": 1}
LABEL = later(
    {"lost": "Lost", "shrunk": "Shrunk", "grown": "Grown", "back": "Back", "new": "New"},
    context="revenue",
)
HUNDREDTHS = 100


class BridgeTiers(column.Frame):
    """One row per value tier of the year before, then those new or back, sales without a customer,
    and all: start − lost − shrunk + grown + back + new = end, to the hundredth.
    """

    tier = column.text("value tier in the year before; new or back; no customer named; All")
    start = column.money("net amount of the year before")
    lost = column.money("net amount then of customers without an order since")
    shrunk = column.money("what the others brought less than then")
    grown = column.money("what they brought more than then")
    back = column.money("net amount of customers that ordered earlier, but not in the year before")
    new = column.money("net amount of customers whose first order ever lies in the 12 months")
    end = column.money("net amount of the trailing 12 months")
    customers_start = column.count("customers with an order in the year before")
    customers_lost = column.count("of them without an order since")
    customers_new = column.count("customers new or back")
    customers_end = column.count("customers with an order in the trailing 12 months")


@dataclass(frozen=True)
class RevenueBridge(Result):
    """Revenue of the year before (``base``) and of the trailing 12 months (``window``), and what
    lies between.
    """

    section: ClassVar[str] = "revenue-bridge"
    table: Annotated[pd.DataFrame, BridgeTiers]
    base: Window
    window: Window
    as_of: date
    fmt: Formats
    currency: str

    @property
    def total(self) -> pd.Series:
        """The row of all customers."""
        return self.table.iloc[-1]

    @property
    def note(self) -> str:
        return say(
            "net amount in {currency} · {label} to {label_2} · n ="
            " {customers_start} customers then, {customers_end} now · as of"
            " {as_of}",
            currency=self.currency,
            label=self.base.label,
            label_2=self.window.label,
            customers_start=self.fmt.count(self.total["customers_start"]),
            customers_end=self.fmt.count(self.total["customers_end"]),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def figure(self) -> Figure:
        names = [say(LABEL[part], context="revenue") for part in PARTS]
        steps = [SIGN[part] * float(self.total[part]) for part in PARTS]
        return bridge_bars(names, steps, float(self.total["start"]), self.note, self.fmt)

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("tier", "tier", label="Tier then", weight=1.5),
            Col("start", "money", "Year before"),
            *(Col(part, "money", LABEL[part], context="revenue") for part in PARTS),
            Col("end", "money", "12 months"),
            Col("customers_lost", "count", "Customers lost"),
            Col("customers_new", "count", "new or back"),
        ]
        return [
            table(
                self.table.iloc[:-1],
                columns,
                self.fmt,
                title=say("Revenue bridge by value tier of the year before"),
                note=say(
                    "start − lost − shrunk + grown + back + new = end · {note}", note=self.note
                ),
                total=self.total.to_dict(),
            )
        ]

    def reading(self) -> str:
        t, money = self.total, self._money
        if not t["start"] > 0:
            return say(
                "The year before brought {start}: there is nothing to bridge from.",
                start=money(t["start"]),
            )
        less, more = t["lost"] + t["shrunk"], t["grown"] + t["back"] + t["new"]
        return say(
            "Of {start} of the year before, {lost} went with {customers} that"
            " ordered no more and {shrunk} with customers that brought less;"
            " customers that brought more added {grown}, those back {back} and"
            " new ones {new}: {more} against {less}, to {end}.",
            start=money(t["start"]),
            lost=money(t["lost"]),
            customers=plural(int(t["customers_lost"]), "customer"),
            shrunk=money(t["shrunk"]),
            grown=money(t["grown"]),
            back=money(t["back"]),
            new=money(t["new"]),
            more=money(more),
            less=money(less),
            end=money(t["end"]),
        )

    def _money(self, value: float) -> str:
        return self.fmt.money(value, compact=True)

    def headline(self) -> str:
        t = self.total
        if not t["start"] > 0:
            return ""
        parts = joined(
            f"{say(LABEL[part], context='revenue').lower()} {self._money(t[part])}"
            for part in PARTS
        )
        return say(
            "Revenue bridge: {money} to {money_2} ({parts}).",
            money=self._money(t["start"]),
            money_2=self._money(t["end"]),
            parts=parts,
        )

    def notes(self) -> Sequence[str]:
        return (
            say(
                "Each customer's two years are compared; refunds lower the year they"
                " fall in. Lost means no order in the trailing 12 months: with a"
                " refund in them it counts as shrunk."
            ),
        )


@section("revenue-bridge")
def revenue_bridge(book: Book) -> RevenueBridge:
    """Revenue of the year before, lost, shrunk, grown, back, new, and of the trailing 12 months.
    Needs orders (customer_id, amount, date) that cover both years whole.
    """
    book.need("orders", "customer_id", "date", "amount", gives=GIVES)
    window = book.window("trailing_12m")
    base = window.year_before()
    covered = coverage(book, "orders")
    if covered.first is None or covered.first > base.end:
        raise NotAvailable(
            {"orders": ("date",)},
            GIVES,
            say("orders before {start}", start=book.fmt.text(window.start, "date")),
        )
    if gap := covered.gap(base.start, window.end, book.fmt):
        raise NotAvailable({}, GIVES, say("two years to compare are not covered: {gap}", gap=gap))
    return RevenueBridge(
        bridge_rows(sums(book), book, window.start),
        base,
        window,
        book.as_of,
        book.fmt,
        book.currency,
    )


def bridge_rows(grouped: pd.DataFrame, book: Book, begins: date | None) -> pd.DataFrame:
    """A frame of ``BridgeTiers`` from sums per customer: first, orders_base, net_base, orders_year,
    net_year. begins: first day of the later year.
    """
    cents = {
        side: np.rint(grouped[f"net_{side}"].fillna(0.0).to_numpy(float) * HUNDREDTHS).astype(
            np.int64
        )
        for side in ("base", "year")
    }
    before, after = cents["base"], cents["year"]
    named = grouped["customer_id"].notna().to_numpy()
    had, has = ((grouped[f"orders_{s}"] > 0).to_numpy() for s in ("base", "year"))
    fresh = (grouped["first"] >= pd.Timestamp(begins)).to_numpy()
    rest = ~had & (before == 0)  # nothing at all then
    change = after - before
    lost = had & ~has & (after == 0)
    parts = {
        "lost": np.where(lost, before, 0),
        "shrunk": np.where(~rest & ~lost & (change < 0), -change, 0),
        "grown": np.where(~rest & ~lost & (change > 0), change, 0),
        "back": np.where(rest & ~fresh, after, 0),
        "new": np.where(rest & fresh, after, 0),
    }
    frame = pd.DataFrame({"start": before, **parts, "end": after})
    frame = frame.assign(
        customers_start=(had & named).astype(np.int64),
        customers_lost=(had & ~has & named).astype(np.int64),
        customers_new=(~had & has & named).astype(np.int64),
        customers_end=(has & named).astype(np.int64),
    )
    edges = book.settings.segments.tiers
    tiers = np.asarray(tier_names(before / HUNDREDTHS, edges), dtype=object)
    if not_set(book.settings.segments, "tiers"):  # edges that nobody set part nobody
        tiers = np.full(len(before), EVERYBODY, dtype=object)
    tiers = np.where(named, np.where(rest, NEW, tiers), UNNAMED)
    order = [*edges.names, EVERYBODY, NEW, UNNAMED]
    by_tier = frame.groupby(tiers).sum()
    by_tier = by_tier.reindex([name for name in order if name in by_tier.index])
    whole = pd.concat([by_tier, frame.sum().to_frame(ALL).T])
    money = ["start", *PARTS, "end"]
    whole[money] = whole[money] / HUNDREDTHS
    whole = whole.rename_axis("tier").reset_index()
    counts = [name for name in whole if str(name).startswith("customers_")]
    return BridgeTiers.make(whole.astype(dict.fromkeys(counts, "int64")).to_dict("list"))
