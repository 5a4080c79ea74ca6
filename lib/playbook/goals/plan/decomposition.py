"""One yearly figure taken to regions, lines, customer types and months, exact to the minor unit,
with the proof printed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import Problem, SettingsProblem, did_you_mean
from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.goals.actuals import Reached
from playbook.goals.figures import decomposition_months
from playbook.methods.apportionment import bounded, from_units, split, to_units
from playbook.methods.raking import fit
from playbook.page import Col, Figure, Result, Table, Worksheet, section, table
from playbook.page.blocks import Cell

from .phasing import Curve, curve_of
from .shares import DIMENSIONS, LABEL, member_weights
from .targets import Plan
from .year import Whole, whole_of, year_curve

COLUMNS, ROWS = 6, 12  # members shown beside each other, and below each other
TINY = 1e-6  # weight of a cell without history, so that a margin can still be met


def few(table: pd.DataFrame, most: int = COLUMNS) -> pd.DataFrame:
    """The largest ``most`` rows in their own order and the sum of the others: a page holds only so
    many columns.
    """
    if len(table) <= most + 1:
        return table
    large = table.sum(axis=1).sort_values(ascending=False, kind="stable").index[:most]
    kept = table.loc[[member for member in table.index if member in set(large)]]
    rest = table.drop(index=large).sum(axis=0).to_frame(f"{len(table) - most} others").T
    return pd.concat([kept, rest]).rename_axis(table.index.name)


@dataclass(frozen=True)
class Decomposition(Result):
    """Splits of one whole.

    table: dimension, member, weight [share], units [minor units], actual [currency, trailing 12
    months], lift, orders, size
    cross: first dimension × months, minor units; both margins hold. grid: first × second dimension,
    minor units, or empty.
    """

    section: ClassVar[str] = "decomposition"
    fmt: Formats
    as_of: date
    whole: Whole
    table: pd.DataFrame
    sources: dict[str, str]
    curve: Curve
    cross: pd.DataFrame
    grid: pd.DataFrame
    names: dict[str, dict[str, str]]

    @property
    def digits(self) -> int:
        return self.fmt.minor_digits

    @property
    def units(self) -> int:
        """The whole in minor units."""
        return to_units(self.whole.amount, self.digits)

    def figure(self) -> Figure:
        """The year by month, stacked by member of the first dimension."""
        due = pd.Series(self.curve.shares, index=list(self.curve.months))
        return decomposition_months(
            self.cross,
            due,
            self.whole.amount,
            self.whole.name,
            self.curve.source,
            self.fmt,
            self.as_of,
        )

    def tables(self) -> list[Table]:
        return [
            *(self._members(d) for d in self.sources),
            *self._months(),
            *self._grid(),
            self._proof(),
        ]

    def _members(self, dimension: str) -> Table:
        rows = self.table[self.table["dimension"] == dimension]
        frame = rows.assign(target=[from_units(u, self.digits) for u in rows["units"]])
        total = {
            "member": "All",
            "weight": 1.0,
            "target": from_units(self.units, self.digits),
            "actual": float(rows["actual"].sum()),
            "orders": int(rows["orders"].sum()),
        }
        return table(
            frame,
            limit=ROWS + 3,
            columns=[
                Col("member", label=LABEL[dimension]),
                Col("weight", "share", "Share"),
                Col("target", "money.exact", f"Target {self.whole.name}"),
                Col("actual", "money", "Trailing 12 months"),
                Col("lift", "share", "Lift asked", sign=True),
                Col("size", "money", "Average order"),
                Col("orders", "count", "Orders needed"),
            ],
            fmt=self.fmt,
            title=f"{self.whole.name} by {LABEL[dimension].lower()}",
            total=total,
            note=(
                f"shares: {self.sources[dimension]} · orders needed: target ÷ average order,"
                f" rounded up · as of {self.fmt.text(self.as_of, 'date')}"
            ),
        )

    def _months(self) -> list[Table]:
        if self.cross.empty:
            return []
        shown = few(self.cross)
        head = ("Month", "Share", *map(str, shown.index), "All")
        rows = tuple(
            self._month_row(shown, month, share)
            for month, share in zip(self.curve.months, self.curve.shares, strict=True)
        )
        quarters = tuple(
            self._sum_row(shown, f"Q{q + 1}", self.curve.months[3 * q : 3 * q + 3])
            for q in range(len(self.curve.months) // 3)
        )
        foot = (*quarters, self._sum_row(shown, "Year", self.curve.months))
        return [
            Table(
                f"{self.whole.name} by month and {LABEL[self.cross.index.name].lower()}",
                head,
                rows,
                "l" + "r" * (len(head) - 1),
                f"money in {self.fmt.currency}, exact in its minor unit, shown in whole units ·"
                f" curve: {self.curve.source}",
                foot,
            )
        ]

    def _month_row(self, shown: pd.DataFrame, month: Month, share: float) -> tuple[Cell, ...]:
        return (
            Cell(self.fmt.text(month, "month")),
            Cell(self.fmt.share(share)),
            *self._amounts(shown[month]),
        )

    def _sum_row(self, shown: pd.DataFrame, name: str, months: Sequence[Month]) -> tuple[Cell, ...]:
        share = sum(
            s for m, s in zip(self.curve.months, self.curve.shares, strict=True) if m in months
        )
        return (
            Cell(name),
            Cell(self.fmt.share(share)),
            *self._amounts(shown[list(months)].sum(axis=1)),
        )

    def _amounts(self, units: pd.Series) -> list[Cell]:
        return [Cell(self.fmt.money(from_units(u, self.digits))) for u in [*units, units.sum()]]

    def _grid(self) -> list[Table]:
        if self.grid.empty:
            return []
        first, second = self.grid.index.name, self.grid.columns.name
        shown = few(few(self.grid.T).T, ROWS)
        head = (LABEL[first], *map(str, shown.columns), "All")
        rows = tuple(
            (Cell(str(member)), *self._amounts(units)) for member, units in shown.iterrows()
        )
        return [
            Table(
                f"{self.whole.name} by {LABEL[first].lower()} and {LABEL[second].lower()}",
                head,
                rows,
                "l" + "r" * (len(head) - 1),
                "both margins above hold exactly; the inside is the history fitted to them",
                ((Cell("All"), *self._amounts(shown.sum(axis=0))),),
            )
        ]

    def _proof(self) -> Table:
        rows = tuple(
            (
                Cell(name),
                Cell(self.fmt.count(n)),
                self._money(parts),
                self._money(whole),
                self._money(off),
            )
            for name, n, parts, whole, off in self._proved()
        )
        return Table(
            "Proof: the parts sum to the whole",
            ("Split", "Parts", "Sum of parts", "Whole", "Largest difference"),
            rows,
            "lrrrr",
            "whole numbers of the currency's minor unit, largest remainder, ties to the part named"
            " first",
        )

    def _proved(self) -> list[tuple[str, int, int, int, int]]:
        """The sums with those of one kind in one line: every region by month, every line by region."""
        found: dict[str, tuple[int, int, int, int]] = {}
        for name, n, parts, whole in self.sums():
            head, _, tail = name.rpartition(" by ")
            kind = self.cross.index.name if tail == "month" else self.grid.columns.name
            key = name if head == "year" else f"each {LABEL[kind].lower()} by {tail}"
            have = found.get(key, (0, 0, 0, 0))
            found[key] = (
                have[0] + n,
                have[1] + parts,
                have[2] + whole,
                max(have[3], abs(parts - whole)),
            )
        return [(name, *values) for name, values in found.items()]

    def _money(self, units: int) -> Cell:
        return Cell(self.fmt.text(from_units(units, self.digits), "money.exact"))

    def sums(self) -> list[tuple[str, int, int, int]]:
        """(split, parts, sum of parts, whole) of every split on the page, in minor units."""
        found = [
            (f"year by {LABEL[d].lower()}", len(rows), int(rows["units"].sum()), self.units)
            for d, rows in self.table.groupby("dimension", sort=False)
        ]
        if self.cross.index.name == "company":
            return [
                ("year by month", self.cross.shape[1], int(self.cross.to_numpy().sum()), self.units)
            ]
        if not self.cross.empty:
            own = self.table[self.table["dimension"] == self.cross.index.name].set_index("member")[
                "units"
            ]
            found += [
                ("year by month", self.cross.shape[1], int(self.cross.to_numpy().sum()), self.units)
            ]
            found += [
                (
                    f"{member} by month",
                    self.cross.shape[1],
                    int(self.cross.loc[member].sum()),
                    int(own[member]),
                )
                for member in self.cross.index
            ]
        if not self.grid.empty:
            own = self.table[self.table["dimension"] == self.grid.columns.name].set_index("member")[
                "units"
            ]
            found += [
                (
                    f"{member} by {LABEL[self.grid.index.name].lower()}",
                    self.grid.shape[0],
                    int(self.grid[member].sum()),
                    int(own[member]),
                )
                for member in self.grid
            ]
        return found

    def reading(self) -> str:
        said = f"{self.fmt.money(self.whole.amount)} for {self.whole.name} ({self.whole.source})"
        exact = (
            "Every split sums to its whole exactly"
            if all(parts == whole for _, _, parts, whole in self.sums())
            else "A split does not sum to its whole"
        )
        lifts = self.table[self.table["lift"].notna()]
        text = (
            f"{said} is split"
            f" {listing([f'by {LABEL[d].lower()}' for d in self.sources] + ['by month'], 4)}."
            f" {exact}."
        )
        if len(lifts) and lifts["lift"].max() - lifts["lift"].min() < 0.0005:
            text += (
                f" Each part is asked for {self.fmt.share(lifts['lift'].iloc[0], sign=True)} on its"
                " trailing 12 months."
            )
        elif len(lifts):
            most = lifts.sort_values(
                ["lift", "member"], ascending=[False, True], kind="stable"
            ).iloc[0]
            text += (
                f" The largest lift is asked of {most['member']}:"
                f" {self.fmt.share(most['lift'], sign=True)} on its trailing 12 months."
            )
        return text

    def worksheets(self) -> list[Worksheet]:
        """The year by member and month, every member, exact."""
        if self.cross.empty:
            return []
        columns = (
            ("member", LABEL[self.cross.index.name], "text"),
            *((str(m), str(m), "money.exact") for m in self.cross.columns),
            ("all", "Year", "money.exact"),
        )
        rows = tuple(
            (
                str(member),
                *(from_units(u, self.digits) for u in units),
                from_units(int(units.sum()), self.digits),
            )
            for member, units in self.cross.iterrows()
        )
        return [Worksheet(f"Plan {self.whole.name} by month", columns, rows)]

    def headline(self) -> str:
        wrong = sum(parts != whole for _, _, parts, whole in self.sums())
        return (
            f"Decomposition of {self.fmt.money(self.whole.amount)} for {self.whole.name}:"
            f" {plural(len(self.sums()), 'sum')} checked, {wrong} off."
        )

    def notes(self) -> list[str]:
        return (
            []
            if self.whole.given
            else [
                f"No company target for {self.whole.name} is in the book: the split uses"
                f" {self.whole.source}. Name your own with the parameter year_target."
            ]
        )


@section("decomposition")
def decomposition(book: Book, year_target: float = 0.0) -> Decomposition:
    """The year's figure by region, product line and customer type (where the book knows them) and
    by month.
    """
    book.need(
        "orders", "amount", gives="the year split to regions, lines, customer types and months"
    )
    met = Reached(book)
    whole = whole_of(book, year_target, met)
    plan = Plan(book) if book.has("targets", "period", "metric", "target") else None
    units = to_units(whole.amount, book.fmt.minor_digits)
    frames, sources = [], {}
    for dimension in DIMENSIONS:
        frame, source = member_weights(book, met, plan, dimension, whole)
        if len(frame) > 1:
            frames.append(_split_members(frame, dimension, units, book))
            fixed = book.settings.goals.held.get(dimension)
            sources[dimension] = (
                f"{source}; held fixed: {listing(sorted(fixed), 4)}" if fixed else source
            )
    parts = (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(
            columns=["dimension", "member", "weight", "units", "actual", "lift", "orders", "size"]
        )
    )
    curve = year_curve(book, plan, met, whole)
    return Decomposition(
        book.fmt,
        book.as_of,
        whole,
        parts,
        sources,
        curve,
        _cross(parts, curve, units, book, met, plan),
        _grid(parts, book, met),
        {},
    )


def _split_members(frame: pd.DataFrame, dimension: str, units: int, book: Book) -> pd.DataFrame:
    weights = frame["weight"].to_numpy(dtype=float)
    weights = weights if weights.sum() > 0 else np.ones(len(frame))
    parts = _held(units, weights, list(frame["member"]), dimension, book)
    weights = parts if units and book.settings.goals.held.get(dimension) else weights
    target = parts / 10**book.fmt.minor_digits
    size = [
        a / n if n and a > 0 else None
        for a, n in zip(frame["actual"], frame["orders"], strict=True)
    ]
    return pd.DataFrame(
        {
            "dimension": dimension,
            "member": frame["member"],
            "weight": weights / weights.sum(),
            "units": parts,
            "actual": frame["actual"],
            "lift": [
                t / a - 1 if a > 0 else None for t, a in zip(target, frame["actual"], strict=True)
            ],
            "orders": [deals_for(t, s) for t, s in zip(target, size, strict=True)],
            "size": size,
        }
    )


def _held(
    units: int, weights: np.ndarray, members: list[str], dimension: str, book: Book
) -> np.ndarray:
    """The whole by weight, parts the settings hold fixed left where they are; unknown members and
    amounts that cannot all hold are refused.
    """
    held = book.settings.goals.held.get(dimension, {})
    if strange := [member for member in held if member not in members]:
        raise SettingsProblem(
            [
                Problem(
                    found=f"[goals.held.{dimension}] names '{member}'",
                    expected=f"a {LABEL[dimension].lower()} of the plan",
                    try_=did_you_mean(member, members),
                )
                for member in strange
            ]
        )
    if not held:
        return split(units, weights)
    low = np.array(
        [to_units(held[m], book.fmt.minor_digits) if m in held else 0 for m in members],
        dtype=np.int64,
    )
    high = np.where([m in held for m in members], low, max(units, int(low.max())))
    return bounded(
        units,
        weights,
        low,
        high,
        members,
        lambda u: book.fmt.text(from_units(u, book.fmt.minor_digits), "money.exact"),
    )


def resplit(made: Decomposition, amount: float, shares: Mapping[str, float]) -> Decomposition:
    """The first dimension and the months at another figure, some members held at a share of it and
    the others sharing the rest by their weights.

    The other dimensions are left out: their weights say nothing about the change.
    """
    dimension = next(iter(made.sources))
    mine = made.table[made.table["dimension"] == dimension].reset_index(drop=True)
    weights = mine["weight"].to_numpy(dtype=float).copy()
    held = np.array([member in shares for member in mine["member"]])
    free = weights[~held].sum()
    weights[~held] *= max(0.0, 1 - sum(shares.values())) / free if free else 0.0
    weights[held] = [shares[member] for member in mine.loc[held, "member"]]
    units = to_units(round(amount, made.digits), made.digits)
    parts = split(units, weights)
    target = parts / 10**made.digits
    mine = mine.assign(
        weight=weights / weights.sum(),
        units=parts,
        lift=[t / a - 1 if a > 0 else None for t, a in zip(target, mine["actual"], strict=True)],
        orders=[deals_for(t, s) for t, s in zip(target, mine["size"], strict=True)],
    )
    cross = fit(
        np.maximum(made.cross.to_numpy(dtype=float), TINY),
        [parts, split(units, made.curve.shares)],
        [LABEL[dimension].lower(), "month"],
    )
    return replace(
        made,
        whole=replace(made.whole, amount=amount, source="the figure chosen"),
        table=mine,
        sources={dimension: "the shares chosen, the others by their weights"},
        cross=pd.DataFrame(cross, index=made.cross.index, columns=made.cross.columns),
        grid=made.grid.iloc[:0, :0],
    )


def deals_for(amount: float, size: float | None) -> int:
    """Whole deals of an average size that bring the amount: 5,000,000 at 500,000 → 10. 0 where the
    size is not known.
    """
    return 0 if is_missing(size) or not size else math.ceil(amount / size - 1e-9)


def _cross(
    parts: pd.DataFrame, curve: Curve, units: int, book: Book, met: Reached, plan: Plan | None
) -> pd.DataFrame:
    """First dimension × month: the member's yearly figure and the company's month both hold;
    inside, each member's own seasonality.
    """
    if parts.empty:
        return pd.DataFrame(
            [split(units, curve.shares)],
            index=pd.Index(["Company"], name="company"),
            columns=list(curve.months),
        )
    dimension = parts["dimension"].iloc[0]
    mine = parts[parts["dimension"] == dimension]
    own = [_member_curve(book, plan, met, dimension, m, curve).shares for m in mine["member"]]
    seed = np.maximum(np.array(own), TINY)
    rows, columns = mine["units"].to_numpy(), split(units, curve.shares)
    return pd.DataFrame(
        fit(seed, [rows, columns], [LABEL[dimension].lower(), "month"]),
        index=pd.Index(mine["member"], name=dimension),
        columns=list(curve.months),
    )


def _member_curve(
    book: Book, plan: Plan | None, met: Reached, dimension: str, member: str, curve: Curve
) -> Curve:
    """The member's own curve in the plan, else its seasonality."""
    history = met.history("sales", {dimension: member})
    target = (
        plan.get("sales", ((dimension, member),), curve.months[0], curve.months[-1])
        if plan
        else None
    )
    if plan and target and target.target > 0:
        return plan.curve(target, history)
    return curve_of(curve.months[0], curve.months[-1], history, book.settings.goals, book.calendar)


def _grid(parts: pd.DataFrame, book: Book, met: Reached) -> pd.DataFrame:
    """The first two dimensions crossed, both margins held; empty with fewer than two."""
    dimensions = list(dict.fromkeys(parts["dimension"]))[:2]
    if len(dimensions) < 2:
        return pd.DataFrame()
    first, second = dimensions
    inside = sales.in_window(met._months("sales", (first, second)), book.window("trailing_12m"))
    seed = inside.assign(value=inside["amount"].astype(float)).pivot_table(
        index=first, columns=second, values="value", aggfunc="sum"
    )
    margins = [parts[parts["dimension"] == d].set_index("member")["units"] for d in dimensions]
    seed = (
        seed.reindex(index=margins[0].index, columns=margins[1].index).fillna(0.0).clip(lower=0.0)
        + TINY
    )
    return pd.DataFrame(
        fit(
            seed.to_numpy(), [m.to_numpy() for m in margins], [LABEL[d].lower() for d in dimensions]
        ),
        index=pd.Index(margins[0].index, name=first),
        columns=pd.Index(margins[1].index, name=second),
    )
