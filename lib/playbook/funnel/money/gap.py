"""Why the period ended above or below its target: the gap by member, drilled down, and its causes
among customers and along the funnel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined
from playbook.base.language import named, say, term
from playbook.data.book import Book
from playbook.data.measures.acquisition import short_history
from playbook.data.measures.sales import NOT_GIVEN
from playbook.funnel.dimension_words import dimension_word
from playbook.funnel.figures.money import gap_bars
from playbook.page import Figure, Table
from playbook.page.kpi import Kpi

from .gap_causes import (
    ORDER_SIZE,
    PRICE,
    FunnelFactors,
    SalesCauses,
    causes_sentence,
    causes_table,
    factors_table,
    funnel_factors,
    gap_causes,
)
from .gap_members import (
    REST,
    DrillDown,
    GapByMember,
    drill_down,
    drill_table,
    gap_members,
    members_tables,
)
from .longer_spans import LongerSpans, longer_sentence, longer_spans, longer_table
from .performance import WINDOW_LABELS, Performance
from .performance import performance as perform


@dataclass(frozen=True)
class Gap(page.Result):
    """The gap of one span of time and what it is made of; the parts of every table add up.

    longer: members that moved otherwise than the rest over three and twelve months. base: what the
    gap is measured against, target or last year. spans: the span and the same a year
    before, as labels. total: the whole book's row of MemberSales. beyond: (dimension, member) of
    shortfalls beyond chance. history: a caveat where the data begin shortly before.
    """

    members: Annotated[pd.DataFrame, GapByMember]
    drill: Annotated[pd.DataFrame, DrillDown]
    causes: Annotated[pd.DataFrame, SalesCauses]
    factors: Annotated[pd.DataFrame, FunnelFactors]
    longer: Annotated[pd.DataFrame, LongerSpans]
    total: dict
    base: str
    window: str
    spans: tuple[str, str]
    as_of: date
    currency: str
    fmt: Formats
    beyond: frozenset[tuple[str, str]] = frozenset()
    history: str = ""
    top: int = 12
    section = "gap"

    def figure(self) -> Figure | None:
        return gap_bars(self.causes, self.members, self.total, self.currency, self.spans, self.fmt)

    @property
    def size(self) -> float:
        """The gap: actual − target, or − last year without targets."""
        return float(
            self.total["gap"]
            if self.base == "target"
            else self.total["actual"] - self.total["last_year"]
        )

    def tables(self) -> list[Table]:
        when = say(
            "{currency}; {window_labels} {spans}; as of {as_of}",
            currency=self.currency,
            window_labels=say(WINDOW_LABELS[self.window]),
            spans=self.spans[0],
            as_of=self.fmt.text(self.as_of, "date"),
        )
        return [
            *members_tables(self.members, self.base, when, self.fmt),
            *([drill_table(self.drill, when, self.fmt)] if len(self.drill) else []),
            *(
                [causes_table(self.causes, self.spans[1], when, self.fmt)]
                if len(self.causes)
                else []
            ),
            *([factors_table(self.factors, when, self.fmt)] if len(self.factors) else []),
            *(
                [longer_table(self.longer, self.fmt.text(self.as_of, "date"), self.fmt)]
                if len(self.longer)
                else []
            ),
        ]

    def reading(self) -> str:
        return joined(self._sentences(), " ")

    def headline(self) -> str:
        return self._short() if self.size >= 0 else say("Gap: {said}", said=self._short())

    def _short(self) -> str:
        """The first two sentences as one."""
        first, *rest = (s.rstrip(".。") for s in self._sentences()[:2])
        return joined([first, *(s[:1].lower() + s[1:] for s in rest)], "; ")

    def _sentences(self) -> list[str]:
        fmt = self.fmt
        said = {
            "window": say(WINDOW_LABELS[self.window]),
            "base": say("target") if self.base == "target" else say("last year"),
        }
        size = fmt.money(abs(self.size), compact=True)
        found = [
            say("Sales of the {window} are exactly on {base}.", **said)
            if not self.size
            else say("Sales of the {window} are {size} above {base}.", size=size, **said)
            if self.size > 0
            else say("Sales of the {window} are {size} below {base}.", size=size, **said)
        ]
        side = self.members[
            (self.members.dimension != "rep")
            & (self.members.gap < 0)
            & ~self.members.member.isin([REST, NOT_GIVEN])
        ].sort_values(["gap", "label"])
        if len(side):
            low = side.iloc[0]
            said = {
                "label": named(low.label),
                "dimension": dimension_word(low.dimension),
                "gap": fmt.money(low.gap, compact=True, sign=True),
            }
            found.append(
                say("The largest shortfall is {label} ({dimension}) with {gap}.", **said)
                if (low.dimension, low.member) in self.beyond
                else say(
                    "The largest shortfall is {label} ({dimension}) with {gap}, no more than chance"
                    " may bring in such a span.",
                    **said,
                )
            )
        if len(self.drill):
            path = " → ".join(named(label) for label in self.drill.label)
            found.append(
                say(
                    "The change on last year sits in {path}: {change}.",
                    path=path,
                    change=fmt.money(self.drill.change.iloc[-1], compact=True, sign=True),
                )
            )
        lately = longer_sentence(self.longer, fmt)
        return [
            *found,
            *causes_sentence(self.causes, self.factors, fmt),
            *([lately] * bool(lately)),
        ]

    def notes(self) -> list[str]:
        if self.causes.empty:
            return []
        last = self.causes.part.iloc[-1]
        units = {
            PRICE: say("Volume is money at list prices, price what was paid against them."),
            ORDER_SIZE: (
                say(
                    "No list prices are given: what is neither the number of orders nor"
                    " their mix is the size of an order."
                )
            ),
        }.get(last) or say(
            "No list prices are given: the amount per unit also moves with what was sold."
        )
        notes = [
            say(
                "New customers first bought after the end of the same span a year"
                " ago; lost ones bought then and have not in the last 12 months."
                " Volume, mix and {last} are of all others. {units}",
                last=term(last),
                units=units,
            )
        ]
        if self.history:
            notes.append(self.history)
        if (self.members.member[self.members.dimension != "rep"] == REST).any():
            notes.append(
                say(
                    "'{rest}': the part of the whole target that no member of the"
                    " dimension carries; with it the lines add up.",
                    rest=say(REST),
                )
            )
        return notes

    def kpis(self) -> list[Kpi]:
        rows = [Kpi("gap", self.window, self.size, self.currency)]
        rows += [
            Kpi(
                "gap",
                self.window,
                _num(r["gap"]),
                self.currency,
                {r["dimension"]: r["member"]},
                why=say("no target for this member and none a year ago"),
            )
            for r in self.members.to_dict("records")
        ]
        return rows + [
            Kpi("pvm", self.window, float(r["amount"]), self.currency, {"part": r["part"]})
            for r in self.causes.to_dict("records")
        ]

    def changes(self) -> list[page.Change]:
        base = self.total["target"] if self.base == "target" else self.total["last_year"]
        return [page.Change(self._short(), self.size / base)] if base else []


def _num(value) -> float | None:
    return None if value is None or value != value else float(value)


@page.section("gap")
def gap(
    book: Book, *, window: str = "month", performance: Performance | page.Missing | None = None
) -> Gap:
    """The gap of one span, by member, drilled down, and its causes; the parts add up to it.

    Needs orders, and targets or a year of history before the span.
    """
    book.need(
        "orders",
        "amount",
        "date",
        gives=(
            say(
                "why the period ended above or below its target: by member, by"
                " customers, volume, mix and price, and along the funnel"
            )
        ),
    )
    found = (
        performance
        if isinstance(performance, Performance) and performance.window == window
        else perform(book, window=window)
    )
    total = found.total(window)
    if _num(total["gap"]) is None and _num(total["last_year"]) is None:
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            say("the gap by member and its causes"),
            say("and there is no year of sales before the span"),
        )
    base = "target" if _num(total["gap"]) is not None else "last year"
    now = book.window(window)
    then = now.year_before()
    old = _num(total["last_year"]) is not None
    return Gap(
        gap_members(found, window, base, total),
        drill_down(book, found, now, then) if old else DrillDown.make([]),
        gap_causes(book, now, then) if old else SalesCauses.make([]),
        funnel_factors(book, now, then) if old else FunnelFactors.make([]),
        longer_spans(book, found.dimensions),
        total,
        base,
        window,
        (now.label, then.label),
        book.as_of,
        book.currency,
        book.fmt,
        found.beyond,
        short_history(book, now.start) if old and now.start else "",
    )
