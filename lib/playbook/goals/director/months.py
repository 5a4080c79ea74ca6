"""Sales, orders and new customers month by month, and the tiles made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

from playbook.base.errors import NotAvailable
from playbook.base.formats import plural
from playbook.base.language import later, say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import acquisition, sales
from playbook.data.measures.plan import plan_of
from playbook.goals.actuals import Actuals
from playbook.goals.outlook import outlook, there_before
from playbook.methods.forecast import band
from playbook.methods.intervals import counts_p
from playbook.page.contribution import against, bare
from playbook.page.panels import Spark, Tile

MONTHS = 13
DOUBT = 0.01  # counts differ "beyond chance" from here on
AS = later(
    {
        "plan": "{what}, as planned",
        "last year": "{what}, as last year",
        "last month": "{what}, as last month",
    }
)
ABOVE = later(
    {
        "plan": "{what}, {share} above plan",
        "last year": "{what}, {share} above last year",
        "last month": "{what}, {share} above last month",
    }
)
BELOW = later(
    {
        "plan": "{what}, {share} below plan",
        "last year": "{what}, {share} below last year",
        "last month": "{what}, {share} below last month",
    }
)
DIMENSIONS = ("region", "product_line", "customer_type", "channel")


def stand_in(book: Book) -> bool:
    """Whether won deals stand in for orders, so that sales are amounts won."""
    return "orders" not in book.read.staged


class Months:
    """Sales, orders and new customers by month, their plan and a year before, up to the report
    month; missing where the data or the plan do not reach.
    """

    def __init__(self, book: Book):
        self.book, self.fmt = book, book.fmt
        self.last = book.month
        self.covered = sales_coverage(book)
        self.actuals = Actuals(book)
        frame = sales.monthly(book).set_index("month")
        self.values = {
            "sales": frame["amount"].astype(float),
            "orders": frame["orders"].astype(float),
        }
        with suppress(NotAvailable):  # sales that name no customer have no new ones
            new = acquisition.new_customers(book).set_index("month").new_customers
            self.values["new_customers"] = new.astype(float)
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

    def next_month(
        self, metric: str, members: Mapping[str, str] | None = None
    ) -> tuple[float, float, float] | None:
        """(middle, low, high) of the next month by the chapter's own forecast; None without one."""
        if self.value(metric, self.last) is None:
            return None
        made = outlook(self.actuals, metric, members or {}, 1)
        if made is None:
            return None
        low, middle, high = band(made.totals)
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
            rows.insert(0, against("ΔPL", now, plan, fmt, missing=say("no plan")))
        return tuple(rows)

    def tiles(self) -> list[Tile]:
        fmt, standing = self.fmt, stand_in(self.book)
        names = (
            (say("Won, month"), say("Deals won"), say("Average deal won"), say("New customers"))
            if standing
            else (say("Sales, month"), say("Orders"), say("Average order"), say("New customers"))
        )
        now = self.value("sales", self.last)
        orders = self.value("orders", self.last)
        made = [
            self._tile("sales", names[0], fmt.money(now, compact=True), False, 1),
            self._tile("orders", names[1], fmt.count(orders), True, 3),
        ]
        if "new_customers" in self.values:
            new = fmt.count(self.value("new_customers", self.last))
            made.append(self._tile("new_customers", names[3], new, True, 5))
        if orders and now is not None:
            made.insert(2, self._average(names[2], now / orders))
        return made

    def _tile(self, metric: str, label: str, value: str, counted: bool, rank: int) -> Tile:
        spark = self.spark(metric)
        foot = say("no FC: first month holds most") if there_before(self.actuals, metric) else ""
        if not any(spark.actual):  # what never was has no forecast either
            spark = replace(spark, forecast=None)
            foot = foot or say("none in {months} months", months=MONTHS)
        if spark.forecast is not None:
            write = self.fmt.count if counted else lambda v: bare(self.fmt, v)
            mid, low, high = (round(v) if counted else v for v in spark.forecast)
            month = self.fmt.text(str(self.last + 1), "month").split(" ")[0].rpartition("年")[2]
            foot = say(
                "FC {month} {middle} [{low}–{high}]",
                month=month,
                middle=write(mid),
                low=write(low),
                high=write(high),
            )
        return Tile(metric, label, value, self.deltas(metric, counted), spark, foot, rank)

    def _average(self, label: str, value: float) -> Tile:
        span = [self.last - i for i in range(MONTHS - 1, -1, -1)]
        values = []
        for month in span:
            amount, orders = self.value("sales", month), self.value("orders", month)
            values.append(amount / orders if amount is not None and orders else None)
        usual = usual_range(values)
        # without a usual range nothing is known to be beyond chance
        inside = usual is None or all(
            v is None or usual[0] <= v <= usual[1] for v in (values[-1], values[-2], values[0])
        )
        deltas = (
            against("ΔPY", value, values[0], self.fmt, chance=inside),
            against("ΔPM", value, values[-2], self.fmt, chance=inside),
        )
        foot = (
            say("usual {low}–{high}", low=bare(self.fmt, usual[0]), high=bare(self.fmt, usual[1]))
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
        year, before = (self.value("sales", self.last - n) for n in (12, 1))
        fmt = self.fmt
        if now is None:
            gap = self.covered.gap(self.last.start, self.last.end, fmt)
            return say("The month is not whole: {gap}", gap=gap)
        base, word = next(
            ((b, w) for b, w in ((plan, "plan"), (year, "last year"), (before, "last month")) if b),
            (None, ""),
        )
        amount = fmt.money(now, compact=True)
        what = (
            say("Won {amount}", amount=amount)
            if stand_in(self.book)
            else say("Sales {amount}", amount=amount)
        )
        if not base:
            return what
        size = now / base - 1
        if abs(size) < 0.005:
            return say(AS[word], what=what)
        share = fmt.share(abs(size), decimals=0)
        return say(ABOVE[word] if size >= 0 else BELOW[word], what=what, share=share)

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
            for member in sorted(frame[dimension].dropna().unique()):
                made = self.next_month("sales", {dimension: str(member)})
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


def year_to_date(book: Book, months: Months) -> list[Tile]:
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
        deltas.insert(0, against("ΔPL", now, plan, fmt, missing=say("no plan")))
    label = say("Won, year to date") if stand_in(book) else say("Sales, year to date")
    spark = Spark(tuple(running), before=tuple(before), columns=False) if len(span) > 1 else None
    foot = say("since {start}", start=fmt.text(year.start, "date"))
    return [Tile("sales_year", label, fmt.money(now, compact=True), tuple(deltas), spark, foot, 2)]
