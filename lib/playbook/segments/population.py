"""The customers of a book on its as-of date, one row each in exactly one state, with the columns
that the sections of this chapter share.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats
from playbook.base.language import later
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures import customer_list
from playbook.data.measures import customers as measures
from playbook.data.measures.order_ids import reused, several_lines, with_order
from playbook.data.memo import once, recall, remember

from .known import is_newest, short_window
from .states import DORMANT, NET_NEGATIVE, NEVER, UNNAMED

SCORED = "scored"
NOBODY, TO_ASSIGN = "–", later("to assign")  # labels where no rep is known, or the rep has left
SUMS = later("customer sums")
WEEK = 7  # days by which the as-of date is moved to see how firm the segments are
GIVES = later("who the valuable customers are, who is cooling and what each group brings")


class CustomerRows(column.Frame):
    """One row per customer."""

    customer_id = column.text("the customer; missing for the orders that name none")
    name = column.text("the customer's name, its id where no name is known")
    first = column.day("first order ever")
    last = column.day("last order in the RFM window")
    recency_days = column.days("from the last order in the RFM window to the as-of date")
    orders = column.count("orders in the RFM window")
    net = column.money("net amount of the RFM window, refunds subtracted")
    gap_days = column.days("mean time between the customer's own orders in the RFM window")
    orders_year = column.count("orders in the trailing 12 months")
    net_year = column.money("net amount of the trailing 12 months, refunds subtracted")
    state = column.text("scored, or why the customer has no scores")
    owner_id = column.text(
        "rep in charge: the customer's own, else that of the newest order (for an earlier month the"
        " other way round); missing where the rep has left"
    )
    owner = column.text("that rep's name; “to assign” where the rep has left")
    rep_id = column.text("rep in the customer list")
    industry = column.text("industry in the customer list")
    region = column.text("region in the customer list")
    customer_type = column.text("type in the customer list")
    strategic = column.flag("marked as strategic in the customer list")
    since = column.day("customer since, by the customer list")


@dataclass(frozen=True)
class Population:
    """Everyone in the customer list or in the orders, sorted by customer_id.

    The orders that name no customer together make the last row. covered_from: the day from which
    orders are covered; short_window, short_year: sentences where they do not fill the RFM window,
    or the trailing 12 months.
    """

    frame: Annotated[pd.DataFrame, CustomerRows]
    as_of: date
    window: Window
    year: Window
    fmt: Formats
    covered_from: date | None = None
    short_window: str = ""
    short_year: str = ""

    @property
    def scored(self) -> pd.DataFrame:
        """Customers who get scores: with an order and a positive net amount in the window."""
        return self.frame[self.frame["state"] == SCORED]

    @property
    def named(self) -> pd.DataFrame:
        """Customers known by id that ever ordered."""
        return self.frame[~self.frame["state"].isin([UNNAMED, NEVER])]

    @property
    def active(self) -> int:
        """Customers with at least one order in the window."""
        return int((self.named["orders"] > 0).sum())

    @property
    def observed_days(self) -> int:
        """Days of the RFM window that orders cover; at least 30."""
        start = max(filter(None, (self.window.start, self.covered_from)), default=self.as_of)
        return max((self.as_of - start).days + 1, 30)


def population(book: Book) -> Population:
    """The customers on the book's as-of date; computed once per book.

    Raises NotAvailable without orders (customer_id, amount, date).
    """
    return once(book, "population", lambda: _population(book))


def sums(book: Book, base: bool = True) -> pd.DataFrame:
    """Orders and net amount per customer as known on the book's as-of date.

    Columns: customer_id, first, and orders_*, net_*, last_* for the windows ``rfm``, ``year`` and,
    with ``base``, ``base`` (the year before). Other sections compare with a week and a month
    earlier; those days are computed in the same pass over the orders, without ``base``.
    """
    if recall(book, (SUMS, base)) is None:
        for day, frame in _one_pass(book).items():
            remember(book.at(day), (SUMS, False), frame)
            if day == book.as_of:
                remember(book, (SUMS, True), frame)
    return recall(book, (SUMS, base))


def _one_pass(book: Book) -> dict[date, pd.DataFrame]:
    days = dict.fromkeys([book.as_of, book.as_of - timedelta(days=WEEK), (book.month - 1).end])
    spans = {
        f"{name}_{i}": book.at(day).window(window)
        for i, day in enumerate(days)
        for name, window in (("rfm", "rfm_window"), ("year", "trailing_12m"))
    }
    base = book.window("trailing_12m").year_before()
    every = measures.totals(
        orders_of(book),
        {**spans, "base": base},
        last=[name for name in spans if name.startswith("rfm")],
        lines=lines_of(book),
    )
    return {day: _on(every, i, day) for i, day in enumerate(days)}


def orders_of(book: Book) -> nw.LazyFrame:
    """The orders with an ``order_id`` that counts orders right, also where the book's ids restart
    (``data.measures.order_ids``).
    """
    rows = book.table("orders")
    if reused(book).empty:
        return rows
    columns = rows.collect_schema().names()
    return with_order(book, rows).with_columns(order_id=nw.col("order")).select(*columns)


def lines_of(book: Book) -> bool | None:
    """Whether an order has several lines in ``orders_of``: never where the book's orders have one
    each; None = to be looked up.
    """
    return None if several_lines(book) else False


def _on(every: pd.DataFrame, i: int, day: date) -> pd.DataFrame:
    """The sums as known on day ``i``: customers with a row by then, windows of that day only."""
    known = every[every["seen"] <= pd.Timestamp(day)] if i else every
    names = {
        f"{kind}_{window}_{i}": f"{kind}_{window}"
        for window in ("rfm", "year")
        for kind in ("orders", "net", "last")
        if (window, kind) != ("year", "last")
    }
    base = ["orders_base", "net_base"] if i == 0 else []
    frame = known[["customer_id", "first", *names, *base]].rename(columns=names)
    return frame.assign(
        first=frame["first"].where(frame["first"] <= pd.Timestamp(day))
    ).reset_index(drop=True)


def _population(book: Book) -> Population:
    book.need("orders", "customer_id", "amount", "date", gives=GIVES)
    window, year = book.window("rfm_window"), book.window("trailing_12m")
    grouped = sums(book, base=False).drop(columns=["orders_base", "net_base"], errors="ignore")
    frame = with_states(grouped, book.as_of).merge(
        _who(book), on="customer_id", how="outer", sort=False
    )
    frame = _people(book, _filled(frame)).assign(gap_days=lambda each: usual_gap(each, window))
    return Population(
        frame.sort_values("customer_id", na_position="last", kind="stable").reset_index(drop=True),
        book.as_of,
        window,
        year,
        book.fmt,
        coverage(book, "orders").first,
        short_window(book, window),
        short_window(book, year),
    )


def with_states(grouped: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Adds recency and state to the sums per customer. Whole columns only, so that it stays fast
    for millions of customers.
    """
    frame = (
        grouped.assign(**measured(grouped, as_of), net_year=grouped["net_year"].fillna(0.0))
        .rename(columns={"last_rfm": "last"})
        .drop(columns=["orders_rfm", "net_rfm"])
    )
    named = frame["customer_id"].notna()
    state = np.select(
        [~named, is_scored(frame), frame["orders"] > 0], [UNNAMED, SCORED, NET_NEGATIVE], DORMANT
    )
    return frame.assign(state=state)


def measured(grouped: pd.DataFrame, as_of: date) -> dict[str, pd.Series]:
    """The three scored quantities of the RFM window: recency_days, orders and net [currency]."""
    return {
        "orders": grouped["orders_rfm"],
        "net": grouped["net_rfm"].fillna(0.0),
        "recency_days": (pd.Timestamp(as_of) - grouped["last_rfm"]).dt.days.astype(float),
    }


def is_scored(frame: pd.DataFrame) -> pd.Series:
    """Whether each customer gets scores: with an order and a positive net amount in the window."""
    return frame["customer_id"].notna() & (frame["orders"] > 0) & (frame["net"] > 0)


def usual_gap(frame: pd.DataFrame, window: Window) -> pd.Series:
    """Mean days between a customer's orders in the window, at least 1; missing where there are
    fewer than two orders to compare.
    """
    start = pd.Timestamp(window.start)
    inside = frame["first"] >= start
    spans = frame["orders"] - inside
    days = (frame["last"] - frame["first"].where(inside, start)).dt.days
    return (days / spans.where(spans > 0)).clip(lower=1)


def _filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Zeros and the state ``never ordered`` for listed customers without any order."""
    numbers = ["orders", "net", "orders_year", "net_year"]
    frame = frame.assign(**{name: frame[name].fillna(0) for name in numbers})
    return frame.assign(state=frame["state"].fillna(NEVER).astype(str))


def _who(book: Book) -> pd.DataFrame:
    if book.has("customers"):
        return customer_list.who(book.table("customers"))
    return pd.DataFrame(
        {
            name: pd.Series(dtype="str")
            for name in (
                "customer_id",
                "name",
                "industry",
                "region",
                "customer_type",
                "rep_id",
                "strategic",
                "since",
            )
        }
    )


def _people(book: Book, frame: pd.DataFrame) -> pd.DataFrame:
    """Adds names (the id where none is given) and owners: the customer's own rep, else the rep of
    the newest order. The customer list carries no day, so for an earlier month than the newest the
    order goes first. A rep who has left is in charge of nothing.
    """
    owner = frame["rep_id"]
    unknown = owner.isna() & frame["customer_id"].notna()
    if book.has("orders", "rep_id") and not (is_newest(book) and not unknown.any()):
        last = customer_list.last_rep(book.table("orders")).set_index("customer_id")["rep_id"]
        sold = frame["customer_id"].map(last)
        first, then = (owner, sold) if is_newest(book) else (sold, owner)
        owner = first.where(first.notna(), then)
    named = frame["name"].where(frame["name"].notna(), frame["customer_id"]).fillna(UNNAMED)
    labels = rep_labels(book, owner)
    return frame.assign(name=named, owner_id=owner.where(in_charge(labels)), owner=labels)


def in_charge(labels: pd.Series) -> pd.Series:
    """Whether each label of ``rep_labels`` names somebody who is there to act."""
    return ~labels.astype("str").str.startswith((NOBODY, TO_ASSIGN))


def rep_labels(book: Book, rep_ids: pd.Series) -> pd.Series:
    """What the page calls each rep: the name, or the id where there is none; “to assign (was …)”
    for a rep who has left; a dash for no rep.
    """
    if not book.has("reps"):
        return rep_ids.fillna(NOBODY).astype(str)
    reps = customer_list.rep_names(book.table("reps")).set_index("rep_id")
    name = reps["name"].where(reps["name"].notna(), reps.index.to_series())
    label = name.where(reps["left"].isna(), f"{TO_ASSIGN} (was " + name.astype(str) + ")")
    return rep_ids.map(label).where(lambda found: found.notna(), rep_ids).fillna(NOBODY).astype(str)
