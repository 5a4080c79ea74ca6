"""Value ahead: who still buys, and how much revenue the next 12 months will bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say, term
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures import customers as measures
from playbook.data.measures import purchases
from playbook.data.measures.order_ids import on_first_day
from playbook.methods.bgnbd import (
    Fit,
    Histories,
    alive,
    expected,
)
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.ahead import holdout_lines
from playbook.segments.population import population

from .ahead_interval import Spread, customer_ranges, spread_of
from .ahead_note import ahead_note
from .buying import GIVES, YEAR, fitted, parameter_table, sizes_of, spend_of
from .contract_value import valued_by_contract
from .forecasts import MODEL, RETURNED, CustomerForecasts
from .holdout import Holdout, held_back, holdout


@dataclass(frozen=True)
class ValueAhead(Result):
    """Value of the next 12 months per customer.

    buying: the fitted BG/NBD model; spend: the fitted Gamma-Gamma model, None where it does not
    fit; holdout: the check against months the model had not seen, None where too little is left;
    refunded: share of the order value refunded so far; left_out: customers without a purchase of
    their own; spread: the interval of the sum; gap: what orders lack up to the as-of date, empty
    where nothing.
    """

    section: ClassVar[str] = "value-ahead"
    table: Annotated[pd.DataFrame, CustomerForecasts]
    buying: Fit
    spend: Fit | None
    holdout: Holdout | None
    refunded: float
    left_out: int
    top: int
    as_of: date
    fmt: Formats
    currency: str
    spread: Spread
    gap: str = ""

    def figure(self) -> Figure | None:
        held = self.holdout
        if held is None or len(held.table) <= 2:  # two points make no line; the table has them
            return None
        return holdout_lines(held.table, held.days, held.start, self.as_of, self.fmt)

    @property
    def note(self) -> str:
        return say(
            "purchase days, in weeks since each customer's first · all data · n"
            " = {n} customers · as of {as_of}",
            n=self.fmt.count(self.buying.n),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def tables(self) -> Sequence[Table]:
        customers = [
            Col("name", weight=2),
            Col("owner", "name", weight=1.5),
            Col("alive", "share", "Still buying"),
            Col("purchases", "number", "Purchases expected"),
            Col("revenue", "money", "Revenue expected"),
            Col("range", label="95 %", align="r"),
            Col("how", "term", label="From"),
        ]
        tables = [
            table(
                self.table.assign(range=self._ranges()),
                customers,
                self.fmt,
                title=say("Most valuable in the next 12 months"),
                note=say(
                    "expected values · 95 %: how often a customer happens to buy and for how much;"
                    " of a contract, without and with its renewal · {note}",
                    note=self.note,
                ),
                limit=self.top,
            ),
            parameter_table(self.buying, self.spend, self.note, self.fmt),
        ]
        return [*tables, *([self.holdout.summary_table(self.fmt)] if self.holdout else [])]

    def _ranges(self) -> list[str]:
        """The interval of each listed customer; empty for the others."""
        pairs = zip(self.table["low"], self.table["high"], strict=True)
        listed = [self.fmt.interval(low, high, "money") for low, high in islice(pairs, self.top)]
        return listed + [""] * (len(self.table) - len(listed))

    def reading(self) -> str:
        n, total = len(self.table), self.table["revenue"].sum()
        first = self.table.head(self.top)
        text = say(
            "The customers known today are expected to bring {total} in the next"
            " 12 months (95 % {interval})",
            total=self.fmt.money(total, compact=True),
            interval=self._interval(),
        )
        if total > 0 and len(first) < n:
            part = self.fmt.share(first["revenue"].sum() / total)
            text += say("; the first {n} of them {part}", n=self.fmt.count(len(first)), part=part)
        parts = [say("{text}.", text=text)]
        if not self.buying.at_limit:
            alive = self.fmt.count(self.table["alive"].sum(), decimals=0)
            parts.append(say("About {alive} of {n} still buy.", alive=alive, n=self.fmt.count(n)))
        if self.holdout:
            parts.append(self.holdout.verdict(self.fmt))
        if self.buying.at_limit:
            parts.append(
                say(
                    "The data do not tell dropping out or different rhythms apart, so"
                    " the model falls back to steady buyers and says nothing about who"
                    " still buys."
                )
            )
        return joined(parts, " ")

    def _interval(self) -> str:
        low, high = (self.fmt.money(v, compact=True) for v in (self.spread.low, self.spread.high))
        return f"{low}–{high}"

    def headline(self) -> str:
        check = (
            say(
                "; held-out months: {off} in all, customer by customer {winner} closer",
                off=self.fmt.share(self.holdout.model / self.holdout.happened - 1, sign=True),
                winner=term(self.holdout.winner),
            )
            if self.holdout and self.holdout.happened
            else ""
        )
        return say(
            "Next 12 months from {known_customers}: {revenue} (95 % {interval}){check}.",
            known_customers=plural(len(self.table), "known customer"),
            revenue=self.fmt.money(self.table["revenue"].sum(), compact=True),
            interval=self._interval(),
            check=check,
        )

    def kpis(self) -> Sequence[Kpi]:
        found = [
            Kpi(
                "clv.parameter",
                "all",
                v,
                "ratio",
                {"parameter": n},
                *self._ends(fit, v, e),
                n=fit.n,
                method="maximum likelihood, ± 1.96 standard errors",
            )
            for fit in (self.buying, self.spend)
            if fit
            for n, v, e in zip(fit.names, fit.values, fit.errors, strict=True)
        ]
        return [
            *found,
            Kpi(
                "clv.parameter",
                "all",
                self.buying.log_likelihood,
                "ratio",
                {"parameter": "log_likelihood"},
                n=self.buying.n,
                method="BG/NBD",
            ),
            Kpi(
                "clv.customers_alive",
                "all",
                None if self.buying.at_limit else float(self.table["alive"].sum()),
                "count",
                n=len(self.table),
                why=say("the model cannot tell who still buys") if self.buying.at_limit else None,
            ),
            Kpi(
                "clv.next_12m",
                "all",
                float(self.table["revenue"].sum()),
                self.currency,
                None,
                self.spread.low,
                self.spread.high,
                n=len(self.table),
                method="95 %: buying, renewing, and the model's error in held-out months",
            ),
        ]

    @staticmethod
    def _ends(fit: Fit, value: float, error: float | None) -> tuple[float | None, float | None]:
        return (
            (None, None)
            if error is None or fit.at_limit
            else (value - 1.96 * error, value + 1.96 * error)
        )

    def notes(self) -> Sequence[str]:
        returned = int((self.table["how"] == RETURNED).sum())
        bound = bool(self.table["how"].isin(["contract", "lapsed contract"]).any())
        return (
            ahead_note(
                self.spend is not None,
                bound,
                returned,
                self.refunded,
                self.left_out,
                self.gap,
                self.spread,
                self.fmt,
            ),
        )


def _histories(book: Book) -> dict[date, pd.DataFrame]:
    """What customers bought to the as-of date and to the days that the model is checked on."""
    orders = on_first_day(book)
    first = purchases.first_purchase(orders, book.as_of)
    days = [] if first is None else held_back(book.as_of, first)[1:]
    return purchases.histories(orders, list(dict.fromkeys([book.as_of, *days])))


@section("value-ahead")
def ahead(book: Book, top: int = 15) -> ValueAhead:
    """Value of the next 12 months per customer; the first ``top`` are listed. Needs orders of at
    least 50 customers, 30 of them repeat buyers.
    """
    book.need("orders", "customer_id", "date", "amount", gives=GIVES)
    known = _histories(book)
    frame = known[book.as_of]
    fit, histories = fitted(frame, book.as_of)
    spend, value = spend_of(frame)
    people = population(book)
    net = (
        measures.totals(book.table("orders"), {"all": book.window("all")}, lines=False)
        .dropna(subset="customer_id")
        .set_index("customer_id")["net_all"]
    )
    back = (frame["customer_id"].map(net) <= 0).to_numpy()
    refunded = _refunded(frame[~back], net)
    still = np.full(len(frame), np.nan) if fit.at_limit else alive(fit, histories)
    rows = frame.drop(columns="squares").assign(
        alive=still, purchases=expected(fit, histories, YEAR)
    )
    rows = rows.assign(
        revenue=np.where(back, 0.0, rows["purchases"] * value * (1 - refunded)),
        how=np.where(back, RETURNED, MODEL),
    )
    rows = valued_by_contract(book, rows)
    held = holdout(book, frame, known)
    sizes = sizes_of(frame, spend)
    spread = spread_of(book, rows, fit, histories, value * (1 - refunded), held, sizes)
    names = people.frame.set_index("customer_id")
    rows = rows.assign(
        name=rows["customer_id"].map(names["name"]), owner=rows["customer_id"].map(names["owner"])
    )
    place = np.lexsort((rows["customer_id"].to_numpy(str), -rows["revenue"].to_numpy(float)))
    rows, first = rows.iloc[place].reset_index(drop=True), place[:top]
    mine = Histories(*(np.asarray(v)[first] for v in (histories.x, histories.t, histories.T)))
    worth = (value * (1 - refunded))[first]
    ranges = customer_ranges(book, rows.head(top), fit, mine, worth, sizes.of(first))
    ranges = ranges.reindex(rows.index)
    rows = rows.assign(low=ranges["low"], high=ranges["high"])
    return ValueAhead(
        rows,
        fit,
        spend,
        held,
        refunded,
        len(people.named) - len(frame),
        top,
        book.as_of,
        book.fmt,
        book.currency,
        spread,
        coverage(book, "orders").gap(frame["first"].min().date(), book.as_of, book.fmt),
    )


def _refunded(frame: pd.DataFrame, net: pd.Series) -> float:
    """Share of the order value that came back as refunds."""
    gross = frame["value"].sum()
    return (
        float(np.clip(1 - frame["customer_id"].map(net).sum() / gross, 0, 1)) if gross > 0 else 0.0
    )
