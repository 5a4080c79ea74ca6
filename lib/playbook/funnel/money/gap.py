"""Why the period missed: the gap by member, drilled down, and its causes: customers, volume, mix
and price; leads, rates and value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.measures import performance as measure
from playbook.data.measures.deals import deals_of, outcome_counts
from playbook.data.measures.names import member_names
from playbook.funnel.figures.money import gap_bars
from playbook.funnel.steps.conversion import steps_of
from playbook.methods.attribution import PVM_PARTS, price_volume_mix, product_split
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

from .performance import SPAN, Performance
from .performance import performance as perform

REST = "not split by target"


@dataclass(frozen=True)
class Gap(page.Result):
    """The gap of the span and what it is made of. Every table's parts sum to its total.

    members: dimension, member, label, gap, change. drill: level, dimension, member, label, change,
    share (of the level above). pvm: part, amount.
    chain: factor, before, after, amount, unit (None without dated deals). ``base``: target or last
    year.
    """

    members: pd.DataFrame
    drill: pd.DataFrame
    causes: pd.DataFrame
    chain: pd.DataFrame
    total: dict
    base: str
    window: str
    spans: tuple[str, str]
    as_of: date
    currency: str
    fmt: Formats
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
        fmt, when = (
            self.fmt,
            (
                f"{self.currency}; {SPAN[self.window]} {self.spans[0]}; as of"
                f" {self.fmt.text(self.as_of, 'date')}"
            ),
        )
        found = []
        for dimension in dict.fromkeys(self.members.dimension):
            rows = self.members[self.members.dimension == dimension]
            rows = rows.reindex(rows.gap.abs().sort_values(ascending=False, kind="stable").index)
            if dimension == "rep" or len(rows) < 2:
                continue
            columns = [
                Col("label", "text", dimension.replace("_", " ").capitalize()),
                Col("gap", "money", "Gap", sign=True),
                Col("change", "money", "On last year", sign=True),
            ]
            total = {
                "label": "Whole book",
                "gap": rows.gap.sum(),
                "change": rows.change.sum() if rows.change.notna().any() else None,
            }
            found.append(
                table(
                    rows,
                    columns,
                    fmt,
                    title=f"The gap by {dimension.replace('_', ' ')}",
                    note=f"Actual − {self.base}; {when}",
                    total=total,
                )
            )
        if len(self.drill):
            columns = [
                Col("level", "count", "Step"),
                Col("dimension", "text", "By"),
                Col("label", "text", "Member", weight=2),
                Col("change", "money", "Its part", sign=True),
                Col("share", "share", "Of the line above"),
            ]
            found.append(
                table(
                    self.drill,
                    columns,
                    fmt,
                    title="Down to where the change sits",
                    note=(
                        "Change on last year; at each step the dimension whose one member explains"
                        f" most; {when}"
                    ),
                )
            )
        if len(self.causes):
            found.append(
                table(
                    self.causes,
                    [Col("part", "text", "Cause"), Col("amount", "money", "Change", sign=True)],
                    fmt,
                    title="Customers, volume, mix and price",
                    note=f"On {self.spans[1]}; mid-point, nothing left over; {when}",
                    total={"part": "Whole change", "amount": self.causes.amount.sum()},
                )
            )
        if len(self.chain):
            rows = self.chain.assign(
                before=[
                    fmt.text(b, u) for b, u in zip(self.chain.before, self.chain.unit, strict=True)
                ],
                after=[
                    fmt.text(a, u) for a, u in zip(self.chain.after, self.chain.unit, strict=True)
                ],
            )
            columns = [
                Col("factor", "text", "Factor"),
                Col("before", "text", "A year ago", align="r"),
                Col("after", "text", "Now", align="r"),
                Col("amount", "money", "Change", sign=True),
            ]
            found.append(
                table(
                    rows,
                    columns,
                    fmt,
                    title="Deals, rates and value",
                    total={"factor": "Whole change", "amount": self.chain.amount.sum()},
                    note=(
                        "Entries of the span × step rates by activity × average win = won amount;"
                        f" average over all orders of change (Shapley); {when}"
                    ),
                )
            )
        return found

    def reading(self) -> str:
        fmt = self.fmt
        word = "above" if self.size >= 0 else "below"
        text = (
            f"Sales of the {SPAN[self.window]} are {fmt.money(abs(self.size), compact=True)} {word}"
            f" {'target' if self.base == 'target' else 'last year'}."
        )
        side = self.members[(self.members.dimension != "rep") & (self.members.gap < 0)].sort_values(
            ["gap", "label"]
        )
        if len(side):
            low = side.iloc[0]
            text += (
                f" The largest shortfall is {low.label} ({low.dimension.replace('_', ' ')}) with"
                f" {fmt.money(low.gap, compact=True, sign=True)}."
            )
        if len(self.drill):
            path = " → ".join(self.drill.label)
            text += (
                f" The change on last year sits in {path}:"
                f" {fmt.money(self.drill.change.iloc[-1], compact=True, sign=True)}."
            )
        return text + self._causes()

    def _causes(self) -> str:
        """The largest causes of the change on last year, in words."""
        if self.causes.empty:
            return ""
        rows = self.causes.reindex(
            self.causes.amount.abs().sort_values(ascending=False, kind="stable").index
        ).head(2)
        said = " and ".join(
            f"{r.part} {self.fmt.money(r.amount, compact=True, sign=True)}"
            for r in rows.itertuples()
        )
        text = (
            f" Of the {self.fmt.money(self.causes.amount.sum(), compact=True, sign=True)} on last year"
            f" the largest causes are {said}"
        )
        if len(self.chain):
            top = self.chain.loc[self.chain.amount.abs().idxmax()]
            text += (
                f"; in the funnel it is {top.factor} ({self.fmt.text(top.before, top.unit)} →"
                f" {self.fmt.text(top.after, top.unit)})"
            )
        return text + "."

    def headline(self) -> str:
        said = self.reading().split(". ")
        return "Gap: " + said[0].rstrip(".") + (f"; {said[1].rstrip('.')}" if len(said) > 1 else "")

    def notes(self) -> list[str]:
        notes = [
            "New customers had never bought by the end of the same span a year ago; lost ones"
            " bought then and have not in the last 12 months. Volume, mix and price are of all"
            " others."
        ]
        if (self.members.member[self.members.dimension != "rep"] == REST).any():
            notes.append(
                f"'{REST}': the part of the whole target that no member of the dimension carries;"
                " with it the lines add up."
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
                why="no target for this member and none a year ago",
            )
            for r in self.members.to_dict("records")
        ]
        return rows + [
            Kpi("pvm", self.window, float(r["amount"]), self.currency, {"part": r["part"]})
            for r in self.causes.to_dict("records")
        ]

    def changes(self) -> list[page.Change]:
        base = self.total["target"] if self.base == "target" else self.total["last_year"]
        return (
            [page.Change(self.headline().removeprefix("Gap: "), self.size / base)] if base else []
        )


def _num(value) -> float | None:
    return None if value is None or value != value else float(value)


@page.section("gap")
def gap(
    book: Book, *, window: str = "month", performance: Performance | page.Missing | None = None
) -> Gap:
    """The gap of one span, by member, drilled down, and its causes; every part sums to the whole.

    Needs orders, and targets or a year of history before the span.
    """
    book.need(
        "orders",
        "amount",
        "date",
        gives=(
            "why the period missed: by member, by customers, volume, mix and price, and along the"
            " funnel"
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
            "the gap by member and its causes",
            "and there is no year of sales before the span",
        )
    base = "target" if _num(total["gap"]) is not None else "last year"
    now = book.window(window)
    then = now.year_before()
    old = _num(total["last_year"]) is not None
    return Gap(
        _members(found, window, base, total),
        (
            _drill(book, found, now, then)
            if old
            else pd.DataFrame(columns=["level", "dimension", "member", "label", "change", "share"])
        ),
        _pvm(book, now, then) if old else pd.DataFrame(columns=["part", "amount"]),
        (
            _chain(book, now, then)
            if old
            else pd.DataFrame(columns=["factor", "before", "after", "amount", "unit"])
        ),
        total,
        base,
        window,
        (now.label, then.label),
        book.as_of,
        book.currency,
        book.fmt,
    )


def _members(found: Performance, window: str, base: str, total: dict) -> pd.DataFrame:
    """Gap per member; what members' targets leave of the whole target stands in a line of its own."""
    frames = []
    for dimension in found.dimensions:
        rows = found.of(dimension, window)[
            ["dimension", "member", "label", "target", "actual", "gap", "last_year"]
        ]
        if base == "target" and rows.target.notna().sum() == 0:
            continue
        change = rows.actual - rows.last_year
        own = rows.actual - rows.target.fillna(0) if base == "target" else change
        frame = rows.assign(gap=own, change=change)[
            ["dimension", "member", "label", "gap", "change"]
        ]
        whole = total["gap"] if base == "target" else total["actual"] - total["last_year"]
        rest = float(whole - frame.gap.sum())
        if abs(rest) >= 0.005:
            frame = pd.concat(
                [
                    frame,
                    pd.DataFrame(
                        [
                            {
                                "dimension": dimension,
                                "member": REST,
                                "label": REST,
                                "gap": rest,
                                "change": np.nan,
                            }
                        ]
                    ),
                ],
                ignore_index=True,
            )
        frames.append(frame)
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=["dimension", "member", "label", "gap", "change"])
    )


def _drill(
    book: Book, found: Performance, now: Window, then: Window, most: int = 3
) -> pd.DataFrame:
    """From the whole change downwards: at each step the dimension and member that explain most of
    the line above, in its direction.
    """
    dims = [d for d in found.dimensions if d != "rep"] + (
        ["rep"] if "rep" in found.dimensions else []
    )
    cells = measure.cube(book, dims)
    sign = [1.0 if _inside(m, now) else -1.0 if _inside(m, then) else 0.0 for m in cells.month]
    cells = cells.assign(change=cells.amount * sign)[np.array(sign) != 0]
    names, rows, above = member_names(book), [], float(cells.change.sum())
    while dims and len(rows) < most and above:
        sums = [(d, cells.groupby(d).change.sum()) for d in dims]
        best = max(sums, key=lambda pair: pair[1].max() if above > 0 else -pair[1].min())
        dimension, parts = best
        member = parts.idxmax() if above > 0 else parts.idxmin()
        change = float(parts[member])
        if abs(change) < 0.2 * abs(above) or change * above <= 0:
            break
        rows.append(
            {
                "level": len(rows) + 1,
                "dimension": dimension.replace("_", " "),
                "member": member,
                "label": names.get(dimension, {}).get(member, member),
                "change": change,
                "share": change / above,
            }
        )
        cells, dims, above = (
            cells[cells[dimension] == member],
            [d for d in dims if d != dimension],
            change,
        )
    return pd.DataFrame(rows, columns=["level", "dimension", "member", "label", "change", "share"])


def _inside(month: Month, span: Window) -> bool:
    return span.start <= month.start and month.end <= span.end


def _pvm(book: Book, now: Window, then: Window) -> pd.DataFrame:
    parts = price_volume_mix(measure.customer_cells(book, now, then))
    return pd.DataFrame({"part": list(PVM_PARTS), "amount": [parts[p] for p in PVM_PARTS]})


def _chain(book: Book, now: Window, then: Window) -> pd.DataFrame:
    """Won amount as entries × step rates × average win, both years, and sales without a deal beside
    it; sums to the change of sales.
    """
    columns = ["factor", "before", "after", "amount", "unit"]
    if not book.has("opportunities", "outcome", "amount", "closed"):
        return pd.DataFrame(columns=columns)
    deals = deals_of(book)
    steps = steps_of(deals, book)
    spans = (then, now)
    entries = (
        [[_entries(steps[0], s), *(_ends(step, s) for step in steps)] for s in spans]
        if steps
        else []
    )
    won = [_won_amount(deals, book, s) for s in spans]
    sales = [_sales(book, s) for s in spans]
    if not entries or any(min(e) == 0 for e in entries) or any(w <= 0 for w in won):
        return pd.DataFrame(columns=columns)
    factors = [
        [e[0], *(b / a for a, b in pairwise(e)), w / e[-1]]
        for e, w in zip(entries, won, strict=True)
    ]
    parts = product_split(*factors)
    names = [f"deals entering {steps[0].start}", *(step.name for step in steps), "average win"]
    units = ["count", *("share" for _ in steps), "money"]
    rows = [(n, b, a, p, u) for n, b, a, p, u in zip(names, *factors, parts, units, strict=True)]
    other = [s - w for s, w in zip(sales, won, strict=True)]
    rows.append(("sales without a deal, refunds", other[0], other[1], other[1] - other[0], "money"))
    return pd.DataFrame(rows, columns=columns)


def _months(span: Window) -> tuple[int, int]:
    return Month.of(span.start).number, Month.of(span.end).number


def _entries(step, span: Window) -> float:
    first, last = _months(span)
    counts = step.counts
    return float(counts.n[(counts.month >= first) & (counts.month <= last)].sum())


def _ends(step, span: Window) -> float:
    first, last = _months(span)
    return float(step.entries[(step.entries.index >= first) & (step.entries.index <= last)].sum())


def _won_amount(deals, book: Book, span: Window) -> float:
    counts = outcome_counts(deals)
    first, last = _months(span)
    return float(
        counts.amount[
            (counts.outcome == "won") & (counts.closed >= first) & (counts.closed <= last)
        ].sum()
    )


def _sales(book: Book, span: Window) -> float:
    rows = measure.sales_by_month(book)
    return float(rows.amount[[_inside(m, span) for m in rows.month]].sum())
