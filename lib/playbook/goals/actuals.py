"""What has been reached of a metric: by window and member, and month by month."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable, did_you_mean
from playbook.base.language import say
from playbook.base.periods import Month, Window
from playbook.base.vocabulary import METRICS
from playbook.data.book import Book
from playbook.data.coverage import Coverage, coverage, sales_coverage
from playbook.data.measures import acquisition, as_given, deal_counts, lead_counts, sales, work
from playbook.data.measures.order_ids import reused
from playbook.data.measures.order_windows import monthly_again
from playbook.data.memo import once
from playbook.methods.forecast import monthly_of

from . import levels
from .order_lines import order_lines

FROM_ORDERS = {"sales": "amount", "orders": "orders", "new_customers": "new_customers"}
FROM_DEALS = {
    "deals.created": "created",
    "deals.won": "won",
    "deals.lost": "lost",
    "won_amount": "amount",
}
COUNTED = {"channel.leads": "leads", "channel.cost": "cost"}
# metric → the table it is counted from and the day its rows begin; sales where it is not here
TABLES = {
    "deals.created": ("opportunities", "created"),
    "deals.won": ("opportunities", "created"),
    "deals.lost": ("opportunities", "created"),
    "won_amount": ("opportunities", "created"),
    "win_rate.narrow": ("opportunities", "created"),
    "win_rate.broad": ("opportunities", "created"),
    "cycle.won_median_days": ("opportunities", "created"),
    "cycle.lost_median_days": ("opportunities", "created"),
    "match_rate": ("opportunities", "created"),
    "objection_rate": ("opportunities", "created"),
    "channel.leads": ("leads", "created"),
    "channel.cost": ("channel_costs", "month"),
}
TRACKED = (*FROM_ORDERS, *FROM_DEALS, *COUNTED, "repurchase_rate", "win_rate.narrow", *levels.OF)


@dataclass(frozen=True)
class Actual:
    """The value of a metric in a span; None, with the reason in ``why``, where it is not known.

    numerator, denominator: the counts of a rate, None for other metrics.
    """

    value: Any
    numerator: float | None = None
    denominator: float | None = None
    why: str = ""


class MemberMonths:
    """Monthly rows sorted by member, for members by the thousand that are asked one by one.

    frame: rows with ``month`` and the dimensions ``by``, in order of months.
    """

    def __init__(self, frame: pd.DataFrame, by: tuple[str, ...]):
        self.frame, self.by = frame, by
        self.numbers = sales.month_numbers_of(frame)
        self._columns: dict[str, np.ndarray] = {}
        self._at: dict[Any, np.ndarray] = {}
        if by:
            found = frame.groupby(list(by) if len(by) > 1 else by[0], sort=False).indices
            self._at = {key if len(by) > 1 else (key,): at for key, at in found.items()}

    def rows(self, member: tuple[str, ...], column: str) -> tuple[np.ndarray, np.ndarray]:
        """Month numbers and values of a column, in order of months; none for a member without
        rows.
        """
        if column not in self._columns:
            self._columns[column] = self.frame[column].to_numpy()
        if not self.by:
            return self.numbers, self._columns[column]
        at = self._at.get(member)
        if at is None:
            return self.numbers[:0], self._columns[column][:0]
        return self.numbers[at], self._columns[column][at]

    def total(self, member: tuple[str, ...], column: str, window: Window) -> Any:
        """Sum of a column over a window of whole months."""
        numbers, values = self.rows(member, column)
        low = Month.of(window.start).number if window.start else -1
        return sales.total_of(values[(numbers >= low) & (numbers <= Month.of(window.end).number)])


class Actuals:
    """What was reached of each metric, for the company and its parts; every query runs once."""

    def __init__(self, book: Book):
        self.book = book
        self._parts: dict[tuple, MemberMonths] = {}
        self._known: dict[str, set[str]] = {}

    @cached_property
    def rows(self) -> nw.LazyFrame:
        """Order lines of the book; ``order_id`` is the key that orders are counted by."""
        return order_lines(self.book)

    def unit(self, metric: str) -> str:
        """Unit of the metric: the currency for money, else as the vocabulary says; count for a
        metric it does not list.
        """
        known = METRICS.get(metric)
        return (
            "number"
            if known is None
            else self.book.currency
            if known.unit == "money"
            else known.unit
        )

    @staticmethod
    def additive(metric: str) -> bool:
        """Whether members and months of the metric may be summed."""
        return metric in FROM_ORDERS or metric in FROM_DEALS or metric in COUNTED

    def actual(self, metric: str, members: Mapping[str, str], window: Window) -> Actual:
        """Value of a metric in a window.

        members: dimension → member, empty for the company.
        """
        if metric not in TRACKED:
            return Actual(
                None,
                why=say(
                    "metric '{metric}' is not tracked here: {did_you_mean}",
                    metric=metric,
                    did_you_mean=did_you_mean(metric, TRACKED),
                ),
            )
        try:
            return self._actual(metric, members, window)
        except NotAvailable as absent:
            return Actual(None, why=absent.reason)

    def _actual(self, metric: str, members: Mapping[str, str], window: Window) -> Actual:
        if metric == "orders":
            return Actual(_one(self._distinct(window, tuple(members)), members, "orders"))
        if metric == "repurchase_rate":
            frame = self._returning(window, tuple(members))
            return _rate(
                _one(frame, members, "returning"),
                _one(frame, members, "customers"),
                say("no buyers in this window"),
            )
        if metric in levels.OF:
            value, k, n = levels.level(
                self.book, metric, members, levels.span_of(self.book, metric, window)
            )
            why = "" if value is not None else say("nothing to measure it on in this span")
            return Actual(value, k, n, why)
        of, key = self._of(metric, members), tuple(members.values())
        if metric == "win_rate.narrow":
            won, lost = (of.total(key, name, window) for name in ("won", "lost"))
            return _rate(won, won + lost, say("no deal closed in this window"))
        return Actual(of.total(key, _column(metric), window))

    def baseline(self, metric: str, members: Mapping[str, str], window: Window) -> Actual:
        """Value of the equal span a year before; None where the data do not reach back that far."""
        span = levels.span_of(self.book, metric, window).year_before()
        if gap := self.coverage(metric).gap(span.start, span.start or span.end, self.book.fmt):
            return Actual(None, why=say("no year before: {gap}", gap=gap))
        additive = self.additive(metric)
        found = self.actual(
            metric, members, Window("" if not additive else window.name, span.start, span.end)
        )
        return (
            found
            if found.value is not None
            else Actual(None, why=say("nothing to measure it on a year before"))
        )

    def coverage(self, metric: str) -> Coverage:
        """Which days the table behind a metric covers."""
        table, day = TABLES.get(metric, ("", ""))
        if day == "created" and not self.book.has(table, day):
            day = "closed"
        return coverage(self.book, table, day) if table else sales_coverage(self.book)

    def history(
        self, metric: str, members: Mapping[str, str], last: Month | None = None
    ) -> pd.Series:
        """Monthly values of an additive metric without holes to ``last`` (default the as-of month);
        empty when nothing is known.
        """
        try:
            of = self._of(metric, members)
        except NotAvailable:
            return pd.Series(dtype=float)
        numbers, values = of.rows(tuple(members.values()), _column(metric))
        return monthly_of(numbers, values, last or self.book.month)

    def learnable(self, metric: str, members: Mapping[str, str]) -> pd.Series:
        """``history`` from the first month that the data cover whole on: what a forecast and a
        season may be learnt from; not to be changed in place.
        """
        return once(
            self.book,
            ("learnable", metric, tuple(members.items())),
            lambda: self._learnable(metric, members),
        )

    def _learnable(self, metric: str, members: Mapping[str, str]) -> pd.Series:
        known, first = self.history(metric, members), self.coverage(metric).first
        if metric == "orders":
            known = known.sub(self._begun_before(members), fill_value=0).reindex(known.index)
        if first is None or first.day == 1:
            return known
        begun = Month.of(first)
        return known[[month > begun for month in known.index]]

    def _begun_before(self, members: Mapping[str, str]) -> pd.Series:
        """Orders of each month that had a line in an earlier month: what is to come of a window is
        the orders that begin in it, added to the distinct ones that are there.
        """
        again = _pick(monthly_again(self.book, tuple(members)), members)
        return again.groupby("month")["orders"].sum().astype(float)

    def members(self, dimension: str) -> set[str]:
        """Members that ever ordered, or are in the table of reps."""
        if dimension not in self._known:
            self._known[dimension] = self._members(dimension)
        return self._known[dimension]

    def _members(self, dimension: str) -> set[str]:
        known = (
            set(self.reps[{"rep": "rep_id"}.get(dimension, dimension)].dropna())
            if dimension in ("rep", "team", "region")
            else set()
        )
        with suppress(NotAvailable):
            known |= set(self.months("sales", (dimension,))[dimension])
        return known

    @cached_property
    def reps(self) -> pd.DataFrame:
        """Salespeople as known; without the table those whom sales name."""
        if self.book.has("reps"):
            return as_given.rep_rows(self.book)
        columns = ["rep_id", "name", "team", "region", "role", "hired", "left"]
        named: set[str] = set()
        with suppress(NotAvailable):
            named = set(self.months("sales", ("rep",))["rep"]) - {sales.NOT_GIVEN}
        rows = [{"rep_id": rep} for rep in sorted(named)]
        return pd.DataFrame(rows, columns=columns).astype(object)

    @cached_property
    def people(self) -> list[dict[str, Any]]:
        """The reps as records."""
        return self.reps.to_dict("records")

    # -- queries, each once

    def _of(self, metric: str, members: Mapping[str, str]) -> MemberMonths:
        """Monthly rows of all members of the dimensions asked for; sorted into them once."""
        key = (metric, tuple(members))
        if key not in self._parts:
            self._parts[key] = MemberMonths(self.months(*key), key[1])
        return self._parts[key]

    def months(self, metric: str, by: tuple[str, ...]) -> pd.DataFrame:
        """Monthly rows of a metric that may be summed, by month and the dimensions ``by``.

        Raises NotAvailable where the book has no table for it.
        """
        if metric in ("orders", "sales") and not reused(self.book).empty:
            return self._once(("orders", by), lambda: sales.by_month(self.rows, by))
        if metric in FROM_ORDERS and metric != "new_customers":
            return sales.monthly(self.book, by)
        if metric == "new_customers":
            return self._once(("new", by), lambda: acquisition.new_customers(self.book, by))
        if metric == "channel.leads":
            return self._once(("leads", by), lambda: lead_counts.leads_by_month(self.book, by))
        if metric == "channel.cost":
            if by:
                raise NotAvailable(
                    {},
                    gives=say("channel cost of a part"),
                    because=say("channel costs belong to months and channels only"),
                )
            return self._once(("cost", by), lambda: work.costs_by_month(self.book))
        return self._once(("deals", by), lambda: deal_counts.deals_by_month(self.book, by))

    def _distinct(self, window: Window, by: tuple[str, ...]) -> pd.DataFrame:
        return self._once(
            ("distinct", window.start, window.end, by),
            lambda: sales.distinct_orders(sales.between(self.rows, window.start, window.end), by),
        )

    def _returning(self, window: Window, by: tuple[str, ...]) -> pd.DataFrame:
        return self._once(
            ("returning", window.start, window.end, by),
            lambda: sales.returning(self.rows, window.start or date(1, 1, 1), window.end, by),
        )

    def _once(self, key: tuple, make: Any) -> pd.DataFrame:
        return once(self.book, ("reached", *key), make)


def _column(metric: str) -> str:
    return {**FROM_ORDERS, **FROM_DEALS, **COUNTED, "win_rate.narrow": "won"}[metric]


def _pick(frame: pd.DataFrame, members: Mapping[str, str]) -> pd.DataFrame:
    for dimension, member in members.items():
        frame = frame[frame[dimension] == member]
    return frame


def _one(frame: pd.DataFrame, members: Mapping[str, str], column: str) -> int:
    values = _pick(frame, members)[column].dropna()
    return int(values.iloc[0]) if len(values) else 0


def _rate(numerator: float, denominator: float, why: str) -> Actual:
    if not denominator:
        return Actual(None, 0, 0, why)
    return Actual(float(numerator) / float(denominator), int(numerator), int(denominator))
