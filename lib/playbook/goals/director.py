"""What goal setting gives the short editions: sales against plan, the year ahead, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import acquisition, sales
from playbook.data.measures.plan import plan_of
from playbook.methods import forecast as forecasts
from playbook.methods.intervals import counts_p
from playbook.page import Result, section
from playbook.page.contribution import Contribution, ShortEditions, against, bare
from playbook.page.panels import Column, Line, Rows, Sheet, Spark, Tile, bars, dot, variance, words

from .track.likelihood import Likelihood
from .track.tracking import Tracking

MONTHS = 13
DOUBT = 0.01  # counts, rates and means differ "beyond chance" from here on
DIMENSIONS = ("region", "product_line", "customer_type", "channel")


@section("short-editions")
def director(
    book: Book, tracking: Tracking, likelihood: Likelihood, objectives: Result
) -> ShortEditions:
    """Tiles of sales, orders and new customers, the page on the year and the page on goals.

    Raises NotAvailable for a book without sales.
    """
    book.need("orders", "amount", "date", gives="the month's sales on one page")
    months = _Months(book)
    tiles = [*months.tiles(), *_year_to_date(book, months)]
    sheets = [s for s in (_year(book, tracking, likelihood, months), _goals(tracking)) if s]
    ahead = months.ahead()
    return ShortEditions(
        Contribution(
            tiles=tuple(tiles),
            sheets=tuple(sheets),
            title=tuple(filter(None, (months.title(), _chance(tracking, likelihood)))),
            happened=_happened(book, months, tracking),
            checks=tuple(_checks(book, tracking, likelihood)),
            forecasts=tuple(ahead),
        )
    )


def stand_in(book: Book) -> bool:
    """Whether won deals stand in for orders, so that sales are amounts won."""
    return "orders" not in book.read.staged


class _Months:
    """Sales, orders and new customers by month, their plan and a year before, up to the report
    month; missing where the data or the plan do not reach.
    """

    def __init__(self, book: Book):
        self.book, self.fmt = book, book.fmt
        self.last = book.month
        self.covered = sales_coverage(book)
        frame = sales.monthly(book).set_index("month")
        new = acquisition.new_customers(book).set_index("month").new_customers
        self.values = {
            "sales": frame["amount"].astype(float),
            "orders": frame["orders"].astype(float),
            "new_customers": new.astype(float),
        }
        try:
            plan = plan_of(book)
            self.plans = {m: plan.months(m) for m in self.values if (m, ()) in plan.subjects()}
        except NotAvailable:
            self.plans = {}

    def value(self, metric: str, month: Month) -> float | None:
        """The month's figure; 0 for a covered month without any, None outside the data."""
        if self.covered.gap(month.start, month.end, self.fmt):
            return None
        return float(self.values[metric].get(month, 0.0))

    def plan(self, metric: str, month: Month) -> float | None:
        return self.plans.get(metric, {}).get(month)

    def spark(self, metric: str, values: Sequence[float | None] | None = None) -> Spark:
        span = [self.last - i for i in range(MONTHS - 1, -1, -1)]
        actual = tuple(values or (self.value(metric, m) for m in span))
        plan = tuple(self.plan(metric, m) for m in span) if metric in self.plans else ()
        return Spark(actual, plan, forecast=self.next_month(metric))

    def next_month(self, metric: str, by: pd.DataFrame | None = None) -> Any:
        """(middle, low, high) of the next month; None without enough whole months."""
        whole = self.covered.months()
        series = self.values[metric] if by is None else by
        last = self.last if self.value(metric, self.last) is not None else None
        if last is None or not whole:
            return None
        frame = pd.DataFrame({"month": list(series.index), "value": series.to_numpy()})
        history = forecasts.monthly(frame[frame.month <= last], "value", last)
        history = history[history.index.isin(whole)]
        made = forecasts.forecast(history, 1)
        if made is None:
            return None
        low, middle, high = forecasts.band(made.totals)
        return middle, low, high

    def deltas(self, metric: str, counted: bool) -> tuple:
        now, fmt = self.value(metric, self.last), self.fmt
        plan = self.plan(metric, self.last)
        year, before = (self.value(metric, self.last - n) for n in (12, 1))

        def chance(base: float | None) -> bool:
            small = counted and base is not None and now is not None and max(now, base) < 50
            return small and counts_p(round(now or 0), round(base or 0)) > DOUBT

        rows = [
            against("ΔPY", now, year, fmt, chance=chance(year)),
            against("ΔPM", now, before, fmt, chance=chance(before)),
        ]
        if metric in self.plans:
            rows.insert(0, against("ΔPL", now, plan, fmt, missing="no plan"))
        return tuple(rows)

    def tiles(self) -> list[Tile]:
        fmt, standing = self.fmt, stand_in(self.book)
        names = (
            ("Won, month", "Deals won", "Average deal won", "New customers")
            if standing
            else ("Sales, month", "Orders", "Average order", "New customers")
        )
        now = self.value("sales", self.last)
        orders = self.value("orders", self.last)
        made = [
            self._tile("sales", names[0], fmt.money(now, compact=True), False, 1),
            self._tile("orders", names[1], fmt.count(orders), True, 3),
            self._tile(
                "new_customers",
                names[3],
                fmt.count(self.value("new_customers", self.last)),
                True,
                5,
            ),
        ]
        if orders and now is not None:
            made.insert(2, self._average(names[2], now / orders))
        return made

    def _tile(self, metric: str, label: str, value: str, counted: bool, rank: int) -> Tile:
        spark = self.spark(metric)
        foot = ""
        if spark.forecast is not None:
            write = self.fmt.count if counted else lambda v: bare(self.fmt, v)
            mid, low, high = (round(v) if counted else v for v in spark.forecast)
            month = self.fmt.text(str(self.last + 1), "month").split(" ")[0]
            foot = f"FC {month} {write(mid)} [{write(low)}–{write(high)}]"
        return Tile(metric, label, value, self.deltas(metric, counted), spark, foot, rank)

    def _average(self, label: str, value: float) -> Tile:
        span = [self.last - i for i in range(MONTHS - 1, -1, -1)]
        values = []
        for month in span:
            amount, orders = self.value("sales", month), self.value("orders", month)
            values.append(amount / orders if amount is not None and orders else None)
        usual = usual_range(values)
        inside = usual is not None and all(
            v is None or usual[0] <= v <= usual[1] for v in (values[-1], values[-2], values[0])
        )
        deltas = (
            against("ΔPY", value, values[0], self.fmt, chance=inside),
            against("ΔPM", value, values[-2], self.fmt, chance=inside),
        )
        foot = (
            f"usual {bare(self.fmt, usual[0])}–{bare(self.fmt, usual[1])}"
            if usual
            else f"n = {plural(int(self.value('orders', self.last) or 0), 'order')}"
        )
        return Tile(
            "average_order",
            label,
            self.fmt.money(value, compact=True),
            deltas,
            Spark(tuple(values), usual=usual, columns=False),
            foot,
            4,
        )

    def title(self) -> str:
        now, plan = self.value("sales", self.last), self.plan("sales", self.last)
        year, fmt = self.value("sales", self.last - 12), self.fmt
        if now is None:
            gap = self.covered.gap(self.last.start, self.last.end, fmt)
            return f"The month is not whole: {gap}"
        base, word = (plan, "plan") if plan else (year, "last year")
        what = "Won" if stand_in(self.book) else "Sales"
        if not base:
            return f"{what} {fmt.money(now, compact=True)}"
        size = now / base - 1
        if abs(size) < 0.005:
            return f"{what} {fmt.money(now, compact=True)}, as {'planned' if plan else word}"
        way = "above" if size >= 0 else "below"
        amount, share = fmt.money(now, compact=True), fmt.share(abs(size), decimals=0)
        return f"{what} {amount}, {share} {way} {word}"

    def ahead(self) -> list[dict[str, Any]]:
        """Next month's forecast of the company and of each member, for the pack after this."""
        month = str(self.last + 1)
        found = []
        company = self.next_month("sales")
        if company is not None:
            found.append(_ahead(month, "", "", company))
        for dimension in DIMENSIONS:
            if not self.book.has(*_column(dimension)):
                continue
            frame = sales.monthly(self.book, [dimension])
            for member, rows in frame.groupby(dimension):
                series = rows.set_index("month")["amount"].astype(float)
                made = self.next_month("sales", series)
                if made is not None:
                    found.append(_ahead(month, dimension, str(member), made))
        return found


def usual_range(values: Sequence[float | None]) -> tuple[float, float] | None:
    """Mean ± 2.66 mean moving ranges of the twelve months before; None under six of them.

    The limits of individuals charts (Shewhart; Wheeler, Understanding Variation, 1993); a lower
    limit below nought is nought where no value was below it.
    """
    past = [v for v in values[:-1] if v is not None]
    if len(past) < 6:
        return None
    mean = sum(past) / len(past)
    moves = [abs(b - a) for a, b in pairwise(past)]
    reach = 2.66 * sum(moves) / len(moves)
    low = mean - reach
    return (max(low, 0.0) if min(past) >= 0 else low, mean + reach)


def _ahead(month: str, dimension: str, member: str, made: Any) -> dict[str, Any]:
    middle, low, high = made
    return {
        "month": month,
        "dimension": dimension,
        "member": member,
        "middle": float(middle),
        "low": float(low),
        "high": float(high),
    }


def _column(dimension: str) -> tuple[str, str]:
    table = "customers" if dimension in ("region", "customer_type") else "orders"
    return table, dimension


def _year_to_date(book: Book, months: _Months) -> list[Tile]:
    fmt, year = book.fmt, book.window("year_to_date")
    first = Month.of(year.start)
    span = [first + i for i in range(book.month - first + 1)]

    def total(metric: str, back: int = 0) -> float | None:
        values = [months.value(metric, m - back) for m in span]
        return None if any(v is None for v in values) else sum(v or 0.0 for v in values)

    now = total("sales")
    if now is None:
        return []
    plans = [months.plan("sales", m) for m in span]
    plan = None if not plans or any(v is None for v in plans) else sum(v or 0.0 for v in plans)
    running, so_far = [], 0.0
    for month in span:
        so_far += months.value("sales", month) or 0.0
        running.append(so_far)
    before, sum_before = [], 0.0
    for month in span:
        value = months.value("sales", month - 12)
        sum_before = sum_before + value if value is not None else float("nan")
        before.append(sum_before if sum_before == sum_before else None)
    deltas = [against("ΔPY", now, total("sales", 12), fmt)]
    if months.plans:
        deltas.insert(0, against("ΔPL", now, plan, fmt, missing="no plan"))
    label = "Won, year to date" if stand_in(book) else "Sales, year to date"
    spark = Spark(tuple(running), before=tuple(before), columns=False) if len(span) > 1 else None
    foot = f"since {fmt.text(year.start, 'date')}"
    return [Tile("sales_year", label, fmt.money(now, compact=True), tuple(deltas), spark, foot, 2)]


def _company(tracking: Tracking, window: str = "year_to_date") -> Any:
    if tracking.status != "ok":
        return None
    rows = tracking.table
    rows = rows[(rows.metric == "sales") & (rows.window == window) & (rows.members.map(len) == 0)]
    return rows.iloc[0] if len(rows) else None


def _chance(tracking: Tracking, likelihood: Likelihood) -> str:
    row = _company(tracking)
    if row is None or row.chance is None or row.chance != row.chance:
        return ""
    share = percent(row.chance)
    if 0.4 <= row.chance <= 0.6:
        return f"the year is an even bet ({share})"
    return f"the year has a chance of {share}"


def percent(chance: float) -> str:
    """A chance as whole per cent; beyond 1 and 99 it is only bounded."""
    if chance < 0.01:
        return "< 1 %"
    return "> 99 %" if chance > 0.99 else f"{chance * 100:.0f} %"


def _happened(book: Book, months: _Months, tracking: Tracking) -> str:
    fmt, now = book.fmt, months.value("sales", book.month)
    if now is None:
        return ""
    what = "Won deals" if stand_in(book) else "Sales"
    parts = []
    plan, year = months.plan("sales", book.month), months.value("sales", book.month - 12)
    if plan:
        parts.append(
            f"{fmt.money(now - plan, compact=True, sign=True)}"
            f" ({fmt.share(now / plan - 1, sign=True, decimals=0)}) on plan"
        )
    if year:
        parts.append(f"{fmt.share(now / year - 1, sign=True, decimals=0)} on last year")
    text = f"{what} came to **{fmt.money(now, compact=True)}**"
    text += f", {' and '.join(parts)}." if parts else "."
    usual = usual_range([months.value("sales", book.month - i) for i in range(MONTHS - 1, -1, -1)])
    if usual is not None:
        span = f"{bare(fmt, usual[0])} to {bare(fmt, usual[1])}"
        word = "above" if now > usual[1] else "below" if now < usual[0] else "inside"
        text += f" That is {word} the usual range of the twelve months before ({span})."
    row = _company(tracking)
    if row is not None and row.middle == row.middle and row.middle is not None:
        text += (
            f" The year heads for **{fmt.money(row.middle, compact=True)}**"
            f" [{bare(fmt, row.low)}–{bare(fmt, row.high)}]"
            f" against {fmt.money(row.target, compact=True)}."
        )
    return text


def _checks(book: Book, tracking: Tracking, likelihood: Likelihood) -> list[tuple[bool, str]]:
    fmt = book.fmt
    read = len(book.facts().warnings)
    found = [(read == 0, "no warning on the data" if not read else plural(read, "warning"))]
    last = sales_coverage(book).last
    gap = sales_coverage(book).gap(book.month.start, book.month.end, fmt)
    what = "won deals" if stand_in(book) else "orders"
    found.append((not gap, f"{what} to {fmt.text(last, 'date')}" if last else f"no {what}"))
    if likelihood.status == "ok" and len(likelihood.tested.frame):
        inside, n = likelihood.tested.inside, len(likelihood.tested.frame)
        held = inside / n
        found.append((held >= 0.7, f"80 % intervals held {held * 100:.0f} % ({inside} of {n})"))
    return found


def _year(book: Book, tracking: Tracking, likelihood: Likelihood, months: _Months) -> Sheet | None:
    row, fmt = _company(tracking), book.fmt
    if row is None or row.middle is None or row.middle != row.middle:
        return None
    rows = tracking.table
    shown = rows[
        (rows.metric == "sales")
        & (rows.window == "year_to_date")
        & rows.kind.isin([d.replace("_", " ") for d in DIMENSIONS])
        & rows.middle.notna()
    ]
    lines = [_year_line(row, fmt, "total"), *_year_lines(shown, fmt)]
    columns = (
        Column("", width=1.5),
        Column("AC + FC, PL outlined", "bars", 4.2),
        Column("PL", "num", 0.9, right=True),
        Column("FC", "num", 0.9, right=True),
        Column("80 % interval", "num", 1.4, right=True),
        Column("FC − PL", "delta", 2.2),
        Column("chance", "num", 0.8, right=True),
    )
    gap = row.middle - row.target
    title = (
        f"The year heads for {fmt.money(row.middle, compact=True)},"
        f" {fmt.money(abs(gap), compact=True)} {'above' if gap >= 0 else 'below'} its plan:"
        f" a chance of {percent(row.chance)}"
    )
    moved = (
        f" · plan in force {fmt.money(row.target, compact=True)}, set as"
        f" {fmt.money(row.original, compact=True)}"
        if row.original == row.original and row.original and abs(row.original - row.target) >= 1
        else f" · plan {fmt.money(row.target, compact=True)}"
    )
    panels = [
        Rows(
            "Each part against its own plan of the year",
            f"sales to date and forecast to {fmt.text(likelihood.planned.last.end, 'date')}"
            if likelihood.status == "ok"
            else "sales to date and forecast to the year's end",
            columns,
            tuple(lines),
            foot="Forecasts of the parts are made one by one; whisker: 80 % of simulated paths.",
            name="year",
        )
    ]
    path = _path(tracking, fmt)
    if path is not None:
        panels.append(path)
    lines_ = _lines(likelihood, fmt)
    if lines_ is not None:
        panels.append(lines_)
    return Sheet(
        "forecast",
        title,
        f"Sales, {book.currency}, net of refunds · year {row.period}{moved} · as of"
        f" {fmt.text(book.as_of, 'date')}",
        "Will we make it, and from where?",
        tuple(panels),
    )


def _year_lines(rows: pd.DataFrame, fmt: Formats) -> list[Line]:
    made = []
    for kind in dict.fromkeys(rows.kind):
        part = rows[rows.kind == kind].sort_values("target", ascending=False)
        for i, row in enumerate(part.head(7).itertuples()):
            made.append(_year_line(row, fmt, "rule" if i == 0 else ""))
    return made


def _year_line(row: Any, fmt: Formats, style: Any) -> Line:
    gap = row.middle - row.target
    tone: Any = "good" if row.chance > 0.9 else "bad" if row.chance < 0.1 else ""
    sure = "chance" if 0.1 <= row.chance <= 0.9 else "good" if gap >= 0 else "bad"
    return Line(
        (
            words("All" if row.kind == "company" else row.label),
            bars(
                row.actual,
                bare(fmt, row.middle),
                plan=row.target,
                forecast=(row.middle, row.low, row.high),
            ),
            words(bare(fmt, row.target)),
            words(bare(fmt, row.middle), "strong"),
            words(f"[{bare(fmt, row.low)}–{bare(fmt, row.high)}]", "muted"),
            variance(gap, bare(fmt, gap, sign=True), sure),
            words(percent(row.chance), tone),
        ),
        style,
    )


def _path(tracking: Tracking, fmt: Formats) -> Rows | None:
    """The year month by month: cumulated plan, actual or forecast."""
    year = tracking.year
    if year is None or year.empty:
        return None
    lines = []
    for row in year.itertuples():
        done = row.actual == row.actual and row.actual is not None
        value = row.actual if done else row.middle
        if value is None or value != value:
            continue
        gap = value - row.plan if row.plan == row.plan else None
        tone: Any = "muted" if gap is None else "good" if gap >= 0 else "bad"
        lines.append(
            Line(
                (
                    words(fmt.text(row.month, "month")),
                    bars(
                        row.actual if done else None,
                        bare(fmt, value),
                        plan=row.plan,
                        forecast=None if done else (row.middle, row.low, row.high),
                    ),
                    variance(gap, "–" if gap is None else bare(fmt, gap, sign=True), tone),
                )
            )
        )
    if not lines:
        return None
    return Rows(
        "The year month by month",
        "sales summed since the year began, against the plan to the same month",
        (
            Column("", width=1.0),
            Column("AC or FC, PL outlined", "bars", 3.2),
            Column("ΔPL", "delta", 1.9),
        ),
        tuple(lines),
        wide=0.56,
        name="path",
    )


def _lines(likelihood: Likelihood, fmt: Formats) -> Rows | None:
    if likelihood.status != "ok" or likelihood.lines.empty:
        return None
    low = float(likelihood.lines.amount.min())
    rows = [
        Line(
            (
                words(str(r.line)),
                words(fmt.share(r.probability, decimals=0)),
                dot(r.amount, None, None, bare(fmt, r.amount)),
            )
        )
        for r in likelihood.lines.itertuples()
    ]
    planned = float(likelihood.planned.amount)
    rows.append(
        Line(
            (
                words("plan"),
                words(percent(likelihood.chance)),
                dot(planned, None, None, bare(fmt, planned)),
            ),
            "rule",
        )
    )
    high = max(float(likelihood.lines.amount.max()), planned)
    low = min(low, planned)
    room = (high - low) * 0.1 or 1.0
    return Rows(
        "What the year can bring",
        "amounts reached with a given chance",
        (
            Column("", width=1.4),
            Column("chance", "num", 0.8, right=True),
            Column("amount of the year", "dot", 2.4, scale=(low - room, high + room), mark=planned),
        ),
        tuple(rows),
        wide=0.44,
        name="lines",
    )


def _goals(tracking: Tracking) -> Sheet | None:
    """Key results and targets of the year, red first."""
    if tracking.status != "ok" or tracking.table.empty:
        return None
    fmt = tracking.fmt
    rows = tracking.table
    rows = rows[(rows.window == "year_to_date") & (rows.kind != "rep")]
    rows = rows.assign(rank=rows.status.map({"red": 0, "amber": 1, "green": 2}).fillna(3))
    rows = rows.sort_values(["rank", "metric"], kind="stable").head(34)
    if rows.empty:
        return None
    counts = rows.status.value_counts()
    red, amber, green = (int(counts.get(s, 0)) for s in ("red", "amber", "green"))
    n = red + amber + green
    if not n:
        return None
    lines = []
    tones = {"red": "bad", "amber": "warn", "green": "good"}
    for r in rows.itertuples():
        unit = r.unit
        lines.append(
            Line(
                (
                    words(
                        {"red": "red", "amber": "amber", "green": "green"}.get(r.status, "–"),
                        tones.get(r.status, "muted"),
                    ),
                    words(f"{str(r.metric).replace('_', ' ')}, {r.label}"),
                    words(fmt.text(r.actual, unit, compact=unit == fmt.currency)),
                    words(fmt.text(r.target, unit, compact=unit == fmt.currency)),
                    words(fmt.share(r.completion), "strong"),
                    words(fmt.share(r.due) if r.additive else "–", "muted"),
                    words(
                        percent(r.chance) if r.chance == r.chance and r.chance is not None else "–"
                    ),
                )
            )
        )
    worst = f"{red} of {n} targets red" if red else f"no target red, {amber} of {n} amber"
    return Sheet(
        "goals",
        f"Goals of the year: {worst}, {green} green",
        f"Targets in force of the year, red first · n = {n} shown ·"
        f" as of {fmt.text(tracking.as_of, 'date')}",
        "Are we on course?",
        (
            Rows(
                "Targets of the year, red first",
                "completion against the share of the plan due by now; chance by the forecast",
                (
                    Column("", width=0.6),
                    Column("Target", width=3.0),
                    Column("AC", "num", 1.0, right=True),
                    Column("PL", "num", 1.0, right=True),
                    Column("Completion", "num", 1.0, right=True),
                    Column("Due", "num", 0.8, right=True),
                    Column("Chance", "num", 0.8, right=True),
                ),
                tuple(lines),
                name="targets",
            ),
        ),
    )
