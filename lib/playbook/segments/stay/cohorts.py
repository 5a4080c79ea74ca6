"""Cohort retention: the share of each period's new customers that orders in each later period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import later, nouns, say, term
from playbook.data.book import Book
from playbook.data.coverage import Coverage, coverage
from playbook.data.measures import purchases
from playbook.data.measures.order_ids import on_first_day
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.segments.figures.cohorts import triangle

GIVES = later("how many of each period's new customers come back, period by period")
PERIODS = {"Q": (later("quarter"), 3), "M": (later("month"), 1)}
UNITS = {"Q": "q", "M": "mo"}
COUNTED = {"quarter": nouns("quarter"), "month": nouns("month")}

FEWEST = 30  # customers followed, below which no sentence is made of a share


class CohortAges(column.Frame):
    """One row per cohort and age; complete periods only."""

    cohort = column.text("period of the first order: 2023Q1 or 2023-01")
    age = column.count("periods after the first order")
    customers = column.count("customers in the cohort")
    back = column.count("of them with an order in that period")
    share = column.share("back of customers")


@dataclass(frozen=True)
class Cohorts(Result):
    """The retention triangle.

    unit: quarter or month; left_truncated: the first cohort, which holds everyone who was a
    customer before the data begin; empty where the customer list says since when; caveat: a
    sentence on what the data lack.
    """

    section: ClassVar[str] = "cohort-retention"
    table: Annotated[pd.DataFrame, CohortAges]
    unit: str
    left_truncated: str
    as_of: date
    fmt: Formats
    caveat: str = ""

    def figure(self) -> Figure:
        return triangle(self.table, self.pooled(), self.unit, self.note, self.fmt)

    @property
    def note(self) -> str:
        return say(
            "share of the cohort's customers with an order in the {unit} · n ="
            " {sizes} customers · complete {unit}s only · as of {as_of}",
            unit=term(self.unit),
            sizes=self.fmt.count(self.sizes.sum()),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    @property
    def sizes(self) -> pd.Series:
        """cohort → customers in it."""
        return self.table.drop_duplicates("cohort").set_index("cohort")["customers"]

    def pooled(self) -> pd.DataFrame:
        """All cohorts but ``left_truncated`` together, per age: back of exposed customers as a
        share with its Wilson 95 % interval (low, high), and the number of cohorts.
        """
        fair = self.table[(self.table["cohort"] != self.left_truncated) & (self.table["age"] > 0)]
        grouped = fair.groupby("age", as_index=False).agg(
            back=("back", "sum"), exposed=("customers", "sum"), cohorts=("cohort", "size")
        )
        low, high = (
            zip(
                *(
                    Rate(k, n).interval
                    for k, n in grouped[["back", "exposed"]].itertuples(index=False)
                ),
                strict=True,
            )
            if len(grouped)
            else ((), ())
        )
        return grouped.assign(share=grouped["back"] / grouped["exposed"], low=low, high=high)

    def tables(self) -> Sequence[Table]:
        if not (self.pooled()["exposed"] >= FEWEST).any():
            return []  # rates of a handful of customers
        columns = [
            Col(
                "age",
                "count",
                say("{unit}s after the first order", unit=term(self.unit).capitalize()),
            ),
            Col("share", "share", "Ordered again", low="low", high="high"),
            Col("back", "count", "Customers back"),
            Col("exposed", "count", "of"),
            Col("cohorts", "count", "Cohorts"),
        ]
        return [
            table(
                self.pooled(),
                columns,
                self.fmt,
                title=say("All cohorts together"),
                note=(
                    say(
                        "Wilson 95 % · {word}{note}",
                        word=say("without the first cohort · ") if self.left_truncated else "",
                        note=self.note,
                    )
                ),
                limit=12,
            )
        ]

    def reading(self) -> str:
        pooled = self.pooled().query(f"exposed >= {FEWEST}")
        if pooled.empty:
            return say(
                "Too few customers are known to have begun in a complete {unit} and"
                " to have been followed since to say how many come back (at least"
                " {fewest} are needed).",
                unit=term(self.unit),
                fewest=FEWEST,
            )
        year = pooled[pooled["age"] == 12 // PERIODS["Q" if self.unit == "quarter" else "M"][1]]
        row = (year if len(year) else pooled.tail(1)).iloc[0]
        return say(
            "{age} after the first order {back} of the customers order in that"
            " {unit} (95 % {low}).",
            age=plural(int(row["age"]), *COUNTED[self.unit]),
            back=self.fmt.rate(row["back"], row["exposed"]),
            unit=term(self.unit),
            low=self.fmt.interval(row["low"], row["high"], "share"),
        )

    def headline(self) -> str:
        enough = (self.pooled()["exposed"] >= FEWEST).any()
        return say("Cohorts: {reading}", reading=self.reading()) if enough else ""

    def notes(self) -> Sequence[str]:
        first = (
            say(
                "The first cohort ({left_truncated}) holds everyone who was already"
                " a customer when the data begin, so it is shown but left out of the"
                " pooled line.",
                left_truncated=self.left_truncated,
            )
            if self.left_truncated
            else (
                say(
                    "Customers older than their first order here, by their own record,"
                    " are in no cohort."
                )
            )
        )
        late = (
            say(
                " Cohorts of the first twelve months of data may hold older"
                " customers who buy seldom."
            )
            if self.left_truncated
            else ""
        )
        caveat = f" {self.caveat}" if self.caveat else ""
        return (
            say(
                "A customer belongs to the {unit} of its first order in the data."
                " {first}{late}{caveat}",
                unit=term(self.unit),
                first=first,
                late=late,
                caveat=caveat,
            ),
        )


@section("cohort-retention")
def cohorts(book: Book) -> Cohorts:
    """Retention triangle by quarter, or by month where the orders span less than six quarters.
    Needs orders (customer_id, amount, date).
    """
    book.need("orders", "customer_id", "date", "amount", gives=GIVES)
    orders = on_first_day(book)
    listed = book.table("customers") if book.has("customers", "since") else None
    began = purchases.first_month(orders, book.as_of, listed)
    if began is None:
        raise NotAvailable({}, GIVES, say("there is no order by a named customer yet"))
    covered = coverage(book, "orders")
    end = min(book.as_of, covered.last or book.as_of)
    freq = "Q" if (pd.Timestamp(end) - began).days / 30.44 >= 18 else "M"
    counts = purchases.cohort_counts(orders, book.as_of, f"1{UNITS[freq]}", listed)
    return Cohorts(
        _without_holes(triangle_of(counts, freq, end), covered, freq),
        PERIODS[freq][0],
        "" if listed is not None else str(began.to_period(freq)),
        book.as_of,
        book.fmt,
        _caveat(covered, book),
    )


def _without_holes(table: pd.DataFrame, covered: Coverage, freq: str) -> pd.DataFrame:
    """A frame of ``CohortAges`` without the periods in which months are missing from the data:
    whoever did not come back then cannot be told.
    """
    lacking = {pd.Period(month.start, freq) for month in covered.holes}
    if not lacking:
        return table
    begun = pd.PeriodIndex(table["cohort"].str.replace("Q", "-Q"), freq=freq)
    reached = [start + int(age) for start, age in zip(begun, table["age"], strict=True)]
    kept = [
        period not in lacking and start not in lacking
        for period, start in zip(reached, begun, strict=True)
    ]
    return table[kept].reset_index(drop=True)


def _caveat(covered: Coverage, book: Book) -> str:
    """What the orders lack; empty where they are whole up to the as-of date."""
    if covered.last is None:
        return ""
    gap = covered.gap(covered.first, book.as_of, book.fmt)
    return say("Here {gap}: periods that it touches are left out.", gap=gap) if gap else ""


def triangle_of(counts: pd.DataFrame, freq: str, as_of: date) -> pd.DataFrame:
    """A frame of ``CohortAges`` from the customers of each cohort who ordered in each period.

    counts: cohort and period (any days in them), customers; freq: Q or M. Periods still running on
    ``as_of`` are left out.
    """
    last = pd.Period(pd.Timestamp(as_of), freq)
    if last.end_time.date() > as_of:
        last -= 1
    places = {name: counts[name].dt.to_period(freq).array.asi8 for name in ("cohort", "period")}
    seen = counts.assign(**places)
    seen = seen[seen["period"] <= last.ordinal]
    back = seen.set_index(["cohort", "period"])["customers"]
    # whoever is in a cohort ordered in its first period
    sizes = seen[seen["cohort"] == seen["period"]].set_index("cohort")["customers"]
    grid = pd.MultiIndex.from_tuples(
        [(c, p) for c in sizes.index for p in range(c, last.ordinal + 1)],
        names=["cohort", "period"],
    )
    long = back.reindex(grid, fill_value=0).rename("back").reset_index()
    long = long.assign(age=long["period"] - long["cohort"], customers=long["cohort"].map(sizes))
    return long.assign(
        share=long["back"] / long["customers"],
        cohort=[str(pd.Period(ordinal=c, freq=freq)) for c in long["cohort"]],
    )[["cohort", "age", "customers", "back", "share"]]
