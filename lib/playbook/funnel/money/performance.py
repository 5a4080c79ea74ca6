"""The performance table: target, actual, completion, against last year and last period, member by
member, with the reason in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from playbook import page
from playbook.base.formats import Formats, plural
from playbook.base.periods import Month, Window, months_between
from playbook.data.book import Book
from playbook.data.measures import performance as measure
from playbook.data.measures.names import member_names
from playbook.funnel.figures.money import performance_months
from playbook.page import Col, Figure, Table, table

WINDOWS = ("month", "quarter_to_date", "year_to_date", "trailing_12m")
SPAN = {
    "month": "report month",
    "quarter_to_date": "quarter to date",
    "year_to_date": "year to date",
    "trailing_12m": "last 12 months",
}
TOTAL = "all"
COLUMNS = [
    "dimension",
    "member",
    "label",
    "window",
    "target",
    "actual",
    "completion",
    "gap",
    "last_year",
    "yoy",
    "yoy_daily",
    "before",
    "pop",
    "orders",
    "orders_year",
    "orders_before",
    "reason",
]


@dataclass(frozen=True)
class Performance(page.Result):
    """Target against actual by dimension and window.

    table: dimension (``all`` = whole book), member, label, window, target, actual, gap, last_year,
    before [currency], completion, yoy, yoy_daily (per working day), pop
    [share], orders, orders_year [orders], reason. monthly: month, actual, target, last_year.
    """

    table: pd.DataFrame
    monthly: pd.DataFrame
    loose: dict[
        str, float
    ]  # dimension → sum of members' targets − total target, where both are given
    window: str
    spans: dict[str, str]
    as_of: date
    currency: str
    fmt: Formats
    targets: bool
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
            Col("label", "text", dimension.replace("_", " ").capitalize()),
            Col("target", "money", compact=True),
            Col("actual", "money"),
            Col("completion", "share"),
            Col("gap", "money", "Gap", sign=True, compact=True),
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
        total = {**self.total(window), "label": "Whole book", "reason": ""}
        note = (
            f"{self.currency}; {SPAN[window]} {self.spans[window]}; as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )
        return table(
            rows,
            columns,
            self.fmt,
            title=f"{dimension.replace('_', ' ').capitalize()}, {SPAN[window]}",
            note=note,
            total=total,
            limit=self.top,
        )

    def tables(self) -> list[Table]:
        return [self.table_of(d) for d in self.dimensions]

    def reading(self) -> str:
        fmt, row = self.fmt, self.total()
        text = f"Sales of the {SPAN[self.window]}: {fmt.money(row['actual'])}"
        if row["completion"] == row["completion"] and row["completion"] is not None:
            text += (
                f", {fmt.share(row['completion'])} of the target"
                f" ({fmt.money(row['gap'], sign=True)})"
            )
        if row["yoy"] is not None and row["yoy"] == row["yoy"]:
            text += f", {fmt.share(row['yoy'], sign=True)} on the same span last year"
        elif row["pop"] is not None and row["pop"] == row["pop"]:
            text += (
                f", {fmt.share(row['pop'], sign=True)} on the period before; no last year to"
                " compare with"
            )
        return text + "." + self._worst()

    def _worst(self) -> str:
        """The member furthest below target, in any dimension but rep."""
        rows = self.table[
            (self.table.window == self.window)
            & (~self.table.dimension.isin([TOTAL, "rep"]))
            & (self.table.gap < 0)
        ]
        if rows.empty:
            return ""
        row = rows.sort_values(["gap", "dimension", "label"]).iloc[0]
        return (
            f" Furthest below target: {row.label} ({row.dimension.replace('_', ' ')}),"
            f" {self.fmt.money(row.gap, sign=True)}; {row.reason}."
        )

    def headline(self) -> str:
        fmt, row = self.fmt, self.total()
        return (
            f"Sales, {SPAN[self.window]}: {fmt.money(row['actual'])}; completion"
            f" {fmt.share(row['completion'])}; on last year {fmt.share(row['yoy'], sign=True)}"
        )

    def notes(self) -> list[str]:
        notes = [
            "Last year = the same months a year before; the period before = equally many months"
            " just before. Per working day divides both by their working days. Reasons are against"
            " last year unless they say otherwise."
        ]
        notes.append(
            "A quarter's or year's target without months of its own is spread over them by last"
            " fiscal year's sales, evenly where that year is not whole."
            if self.targets
            else "The book has no sales targets: completion and gap stay empty."
        )
        notes += [
            f"The targets by {d.replace('_', ' ')} sum to {self.fmt.money(off, sign=True)} against"
            " the target of the whole book; gaps by member are measured against their own targets."
            for d, off in self.loose.items()
            if abs(off) >= 1
        ]
        return notes


@page.section("performance")
def performance(book: Book, *, window: str = "month", top: int = 15) -> Performance:
    """Sales against target, last year and last period, for the whole book and by region, product
    line, customer type, rep and channel.

    window: one of month, quarter_to_date, year_to_date, trailing_12m; all four are computed, this
    one is shown. Needs orders.
    """
    book.need(
        "orders",
        "amount",
        "date",
        gives=(
            "sales against target, last year and last period by region, product line, customer"
            " type, rep and channel"
        ),
    )
    curve = season(book)
    frames = [_block(book, None, curve)] + [
        _block(book, d, curve) for d in measure.known_dimensions(book)
    ]
    found = pd.concat(frames, ignore_index=True)
    return Performance(
        found,
        _monthly(book, curve),
        _loose(found, window),
        window,
        {w: book.window(w).label for w in WINDOWS},
        book.as_of,
        book.currency,
        book.fmt,
        bool(found.target.notna().any()),
        top,
    )


def season(book: Book) -> dict[int, float]:
    """Weights of the calendar months from the last whole fiscal year with sales in every month;
    even without one.
    """
    monthly = measure.sales_by_month(book).set_index("month").amount
    first, _ = book.fiscal_year
    year = months_between(first - 12, first - 1)
    if all(m in monthly.index and monthly[m] > 0 for m in year):
        return {m.month: float(monthly[m]) for m in year}
    return {}


def _block(book: Book, dimension: str | None, curve: dict[int, float]) -> pd.DataFrame:
    """All windows of one dimension (None = the whole book)."""
    data = measure.sales_by_month(book, [dimension] if dimension else [])
    data = data.rename(columns={dimension: "member"}) if dimension else data.assign(member=TOTAL)
    targets = measure.sales_targets(book, dimension).monthly(curve)
    names = member_names(book).get(dimension or "", {})
    rows = []
    for window in WINDOWS:
        span = book.window(window)
        members = sorted(set(data.member) | ({m for m in targets if m} if dimension else set()))
        sums = {
            w: _sums(data, s)
            for w, s in (
                ("now", span),
                ("year", span.year_before()),
                ("before", span.period_before()),
            )
        }
        days = [len(book.calendar.working_days(s.start, s.end)) for s in (span, span.year_before())]
        first = min(data.month) if len(data) else None
        for member in members:
            goal = targets.get(member if dimension else None)
            rows.append(
                _row(
                    book,
                    dimension or TOTAL,
                    member,
                    names.get(member, member),
                    window,
                    sums,
                    goal,
                    days,
                    first,
                )
            )
    frame = pd.DataFrame(rows, columns=COLUMNS).astype(
        {
            c: float
            for c in (
                "target",
                "gap",
                "completion",
                "last_year",
                "yoy",
                "yoy_daily",
                "before",
                "pop",
            )
        }
    )
    quiet = (
        frame.target.isna()
        & (frame.actual == 0)
        & frame.last_year.fillna(0).eq(0)
        & frame.before.fillna(0).eq(0)
    )
    return frame[~quiet]


def _sums(data: pd.DataFrame, span: Window) -> pd.DataFrame:
    inside = data[[span.start <= m.start and m.end <= span.end for m in data.month]]
    return inside.groupby("member")[["amount", "orders"]].sum()


def _row(
    book: Book,
    dimension: str,
    member: str,
    label: str,
    window: str,
    sums: dict,
    goal: dict[Month, float] | None,
    days: list[int],
    first: Month | None,
) -> dict:
    """One member in one window."""
    span = book.window(window)
    values = {
        w: (float(s.amount[member]), int(s.orders[member])) if member in s.index else (0.0, 0)
        for w, s in sums.items()
    }
    (actual, orders), (last_year, orders_year), (before, orders_before) = (
        values["now"],
        values["year"],
        values["before"],
    )
    has_year, has_before = (
        first is not None and first.start <= s.start
        for s in (span.year_before(), span.period_before())
    )
    months = months_between(Month.of(span.start), Month.of(span.end))
    target = sum(goal[m] for m in months) if goal and all(m in goal for m in months) else None
    yoy = actual / last_year - 1 if has_year and last_year > 0 else None
    daily = (
        (actual / days[0]) / (last_year / days[1]) - 1 if yoy is not None and all(days) else None
    )
    row = {
        "dimension": dimension,
        "member": member,
        "label": label,
        "window": window,
        "target": target,
        "actual": actual,
        "completion": actual / target if target else None,
        "gap": None if target is None else actual - target,
        "last_year": last_year if has_year else None,
        "yoy": yoy,
        "yoy_daily": daily,
        "before": before if has_before else None,
        "pop": actual / before - 1 if has_before and before > 0 else None,
        "orders": orders,
        "orders_year": orders_year if has_year else None,
        "orders_before": orders_before if has_before else None,
    }
    return row | {"reason": _reason(row, book.fmt)}


def _reason(row: dict, fmt: Formats) -> str:
    """Why the member stands where it does, from orders and average order against last year, or the
    period before where there is no last year.

    The split is mid-point: orders × average order leaves nothing over.
    """
    if row["target"] == 0:
        return "target is zero: no completion"
    side = "last_year" if row["last_year"] is not None else "before"
    then, orders, base = (
        ("a year ago" if side == "last_year" else "in the period before"),
        row["orders"],
        row["orders_year" if side == "last_year" else "orders_before"],
    )
    if row[side] is None:
        return "nothing earlier to compare with"
    if not orders and not base:
        return f"no orders now or {then}"
    if not base:
        return f"new: {plural(orders, 'order')}, none {then}"
    if not orders:
        return f"no orders, {plural(base, 'order')} {then}"
    size, old = row["actual"] / orders, row[side] / base
    volume, value = (orders - base) * (size + old) / 2, (size - old) * (orders + base) / 2
    parts = [
        (
            abs(volume),
            (
                f"as many orders ({fmt.count(orders)})"
                if orders == base
                else (
                    f"{'more' if volume > 0 else 'fewer'} orders ({fmt.count(base)} →"
                    f" {fmt.count(orders)}) {fmt.money(volume, compact=True, sign=True)}"
                )
            ),
        ),
        (
            abs(value),
            (
                f"average order {fmt.money(old, compact=True)} → {fmt.money(size, compact=True)}"
                f" {fmt.money(value, compact=True, sign=True)}"
            ),
        ),
    ]
    return ("" if side == "last_year" else "on the period before ") + ", ".join(
        text for _, text in sorted(parts, key=lambda p: -p[0])
    )


def _monthly(book: Book, curve: dict[int, float]) -> pd.DataFrame:
    """The last 13 months: actual, target, same month last year."""
    sums = measure.sales_by_month(book).set_index("month").amount
    goal = measure.sales_targets(book).monthly(curve).get(None, {})
    months = [
        m for m in months_between(book.month - 12, book.month) if len(sums) and m >= min(sums.index)
    ]
    return pd.DataFrame(
        [
            {
                "month": str(m),
                "actual": float(sums.get(m, 0.0)),
                "target": goal.get(m),
                "last_year": float(sums[m - 12]) if m - 12 in sums.index else None,
            }
            for m in months
        ],
        columns=["month", "actual", "target", "last_year"],
    ).astype({"target": float, "last_year": float})


def _loose(frame: pd.DataFrame, window: str) -> dict[str, float]:
    """By how much a dimension's targets fail to sum to the whole book's, where both are given."""
    rows = frame[frame.window == window]
    whole = rows[rows.dimension == TOTAL].target.sum()
    if not whole:
        return {}
    sums = rows[rows.dimension != TOTAL].dropna(subset=["target"]).groupby("dimension").target.sum()
    return {d: float(s - whole) for d, s in sums.items()}
