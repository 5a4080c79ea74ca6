"""The performance table: target, actual, completion, against last year and last period, member by
member, with the reason in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.formats import Formats, joined
from playbook.base.language import named, say
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import performance as measure
from playbook.data.measures.sales import NOT_GIVEN
from playbook.funnel.dimension_words import dimension_word
from playbook.funnel.figures.money import performance_months
from playbook.funnel.places.causes import Causes
from playbook.page import Col, Figure, Table, table
from playbook.page.tables import DATA

from .chance import off_target
from .loose_targets import loose, loose_targets
from .member_sales import TOTAL, WINDOWS, MemberSales, sales_of_dimension
from .monthly_sales import MonthlySales, monthly_sales, original_target
from .performance_texts import WINDOW_LABELS, furthest, moved_note, uncovered_notes


@dataclass(frozen=True)
class Performance(page.Result):
    """Sales against target, last year and the period before, by dimension and window.

    loose: dimension → sum of its members' targets − the total target, where both are given. spans:
    window → its dates, as a label. targets: whether the book has sales targets. uncovered: window
    → why its last year is not known. unfinished: why the span shown is not whole, else empty.
    original: target of the span shown as the table of targets has it, None where it has none.
    beyond: (dimension, member) off target (off last year without targets) by more than chance
    gives. causes: (dimension, member) → causes found at it, as a phrase.
    """

    table: Annotated[pd.DataFrame, MemberSales]
    monthly: Annotated[pd.DataFrame, MonthlySales]
    loose: dict[str, float]
    window: str
    spans: dict[str, str]
    as_of: date
    currency: str
    fmt: Formats
    targets: bool
    uncovered: dict[str, str] = field(default_factory=dict)
    unfinished: str = ""
    original: float | None = None
    beyond: frozenset[tuple[str, str]] = frozenset()
    causes: dict[tuple[str, str], str] = field(default_factory=dict)
    top: int = 15
    section = "performance"

    @property
    def dimensions(self) -> list[str]:
        return [d for d in dict.fromkeys(self.table.dimension) if d != TOTAL]

    def of(self, dimension: str, window: str = "") -> pd.DataFrame:
        """Members of one dimension, the largest shortfall first (the largest member first without
        targets).
        """
        rows = self.table[
            (self.table.dimension == dimension) & (self.table.window == (window or self.window))
        ]
        by = rows.gap if rows.gap.notna().any() else -rows.actual
        return (
            rows.assign(rank=by)
            .sort_values(["rank", "label"], na_position="last", kind="stable")
            .drop(columns="rank")
            .reset_index(drop=True)
        )

    def total(self, window: str = "") -> dict:
        """The whole book in one window."""
        return self.of(TOTAL, window).iloc[0].to_dict()

    def figure(self) -> Figure | None:
        return performance_months(self.monthly, self.currency, self.fmt, self.as_of)

    def table_of(self, dimension: str, window: str = "") -> Table:
        """One dimension's table, the whole book as its last line."""
        window = window or self.window
        rows = self.of(dimension, window)
        columns = [
            Col("label", "name", dimension_word(dimension).capitalize(), context=DATA),
            Col("target", "money", compact=True),
            Col("actual", "money"),
            Col("completion", "share"),
            Col("gap", "money", "Gap", sign=True, compact=True, context="target"),
            Col("yoy", "share", "On last year", sign=True),
            Col("yoy_daily", "share", "Per working day", sign=True),
            Col("pop", "share", "On period before", sign=True),
            Col("reason", "text", "Reason", weight=5),
        ]
        columns = [
            c
            for c in columns
            if c.key in ("label", "actual", "reason") or rows[c.key].notna().any()
        ]
        total = {**self.total(window), "label": say("Whole book"), "reason": ""}
        note = say(
            "{currency}; {window_labels} {spans}; as of {as_of}",
            currency=self.currency,
            window_labels=say(WINDOW_LABELS[window]),
            spans=self.spans[window],
            as_of=self.fmt.text(self.as_of, "date"),
        )
        return table(
            rows,
            columns,
            self.fmt,
            title=say(
                "{dimension}, {window_labels}",
                dimension=dimension_word(dimension).capitalize(),
                window_labels=say(WINDOW_LABELS[window]),
            ),
            note=note,
            total=total,
            limit=self.top,
        )

    def tables(self) -> list[Table]:
        return [self.table_of(d) for d in self.dimensions]

    def reading(self) -> str:
        fmt, row = self.fmt, self.total()
        text = say(
            "Sales of the {window_labels}: {actual}",
            window_labels=say(WINDOW_LABELS[self.window]),
            actual=fmt.money(row["actual"]),
        )
        if not row["orders"]:
            text += say(", no order")
        if row["completion"] == row["completion"] and row["completion"] is not None:
            text += say(
                ", {completion} of the target ({gap})",
                completion=fmt.share(row["completion"]),
                gap=fmt.money(row["gap"], sign=True),
            )
        if row["yoy"] is not None and row["yoy"] == row["yoy"]:
            text += say(", {yoy} on the same span last year", yoy=fmt.share(row["yoy"], sign=True))
        else:
            if row["pop"] is not None and row["pop"] == row["pop"]:
                text += say(", {pop} on the period before", pop=fmt.share(row["pop"], sign=True))
            text += say("; no growth on last year: {no_growth}", no_growth=self._no_growth(row))
        return text + say(".") + self._worst()

    def _no_growth(self, row: dict) -> str:
        """Why there is no growth on last year."""
        why = self.uncovered.get(self.window, "")
        return why or (
            say("sales a year before were {last_year}", last_year=self.fmt.money(row["last_year"]))
            if row["last_year"] == row["last_year"]
            else say("nothing to compare with")
        )

    def _worst(self) -> str:
        """The member furthest below target, in any dimension but rep."""
        known = self.table.member != NOT_GIVEN
        rows = self.table[_shown(self.table, self.window) & (self.table.gap < 0) & known]
        if rows.empty:
            return self._caused()
        row = rows.sort_values(["gap", "dimension", "label"]).iloc[0]
        sure = (row.dimension, row.member) in self.beyond
        return furthest(row, sure, self.fmt) + self._caused()

    def _caused(self) -> str:
        """The causes found at members below target (below last year without targets)."""
        rows = self.table[_shown(self.table, self.window)]
        off = rows.gap if rows.gap.notna().any() else rows.actual - rows.last_year
        short = rows[off < 0].assign(off=off[off < 0]).sort_values(["off", "label"])
        found = [
            say("{label} ({said})", label=named(r.label), said=said)
            for r in short.itertuples()
            if (said := self.causes.get((r.dimension, r.member)))
        ]
        return say(" A cause is found at {found}.", found=joined(found[:2], "; ")) if found else ""

    def headline(self) -> str:
        fmt, row = self.fmt, self.total()
        parts = [
            say(
                "Sales, {window_labels}: {actual}",
                window_labels=say(WINDOW_LABELS[self.window]),
                actual=fmt.money(row["actual"]),
            )
        ]
        if row["completion"] == row["completion"]:
            parts.append(say("completion {completion}", completion=fmt.share(row["completion"])))
        parts.append(
            say("on last year {yoy}", yoy=fmt.share(row["yoy"], sign=True))
            if row["yoy"] == row["yoy"]
            else say("no growth on last year ({why})", why=self._no_growth(row))
        )
        return joined(parts, "; ")

    def notes(self) -> list[str]:
        notes = [
            say(
                "Last year = the same months a year before; the period before ="
                " equally many months just before. Per working day divides both by"
                " their working days. Reasons are against last year unless they say"
                " otherwise. An order is a distinct order number; it counts once for"
                " each member it has lines of."
            )
        ]
        if self.unfinished:
            notes.append(
                say(
                    "The {window_labels} is not whole: {unfinished}.",
                    window_labels=say(WINDOW_LABELS[self.window]),
                    unfinished=self.unfinished,
                )
            )
        notes += uncovered_notes(self.uncovered)
        notes.append(
            say(
                "A quarter's or year's target without months of its own is spread"
                " over them by last fiscal year's sales, evenly where that year is"
                " not whole."
            )
            if self.targets
            else say("The book has no sales targets: completion and gap stay empty.")
        )
        notes += moved_note(self.total()["target"], self.original, self.fmt)
        return notes + [
            loose_targets(d, self.total()["target"], off, self.fmt)
            for d, off in self.loose.items()
            if abs(off) >= 1
        ]


@page.section("performance")
def performance(
    book: Book,
    *,
    window: str = "month",
    top: int = 15,
    causes: Causes | page.Missing | None = None,
) -> Performance:
    """Sales against target, last year and last period, for the whole book and by region, product
    line, customer type, rep and channel.

    window: one of month, quarter_to_date, year_to_date, trailing_12m; all four are computed, this
    one is shown. causes: the result of that section; what it found at a member below target is
    told. Needs orders.
    """
    book.need(
        "orders",
        "amount",
        "date",
        gives=(
            say(
                "sales against target, last year and last period by region, product"
                " line, customer type, rep and channel"
            )
        ),
    )
    frames = [sales_of_dimension(book, None)] + [
        sales_of_dimension(book, d) for d in measure.known_dimensions(book)
    ]
    found, covered = pd.concat(frames, ignore_index=True), sales_coverage(book)
    return Performance(
        found,
        monthly_sales(book),
        loose(found, window),
        window,
        {w: book.window(w).label for w in WINDOWS},
        book.as_of,
        book.currency,
        book.fmt,
        bool(found.target.notna().any()),
        {w: covered.window_gap(book.window(w).year_before(), book.fmt) for w in WINDOWS},
        covered.window_gap(book.window(window), book.fmt),
        original_target(book, window),
        frozenset(off_target(book, found[_shown(found, window)], book.window(window))),
        _at_members(causes),
        top,
    )


def _at_members(causes: Causes | page.Missing | None) -> dict[tuple[str, str], str]:
    if not isinstance(causes, Causes):
        return {}
    members = dict.fromkeys(
        (d, m) for by in causes.table.by for d, m in by.items()
    )  # dearest first
    return {member: causes.at(*member) for member in members}


def _shown(frame: pd.DataFrame, window: str) -> pd.Series:
    """Rows of members, the reps aside, in the window shown."""
    return (frame.window == window) & ~frame.dimension.isin([TOTAL, "rep"])
