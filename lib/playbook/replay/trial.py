"""Pilots: planning one from the book's history before any result, and judging one that ran."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.kpi import Kpi
from playbook.base.periods import Month, months_between
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.names import member_names
from playbook.page import Col, Figure, Result, Table, section, table

from . import pilot

LENGTHS = (1, 2, 3, 6)
HISTORY = 24
FEWEST = 4
OUTCOMES = (("amount", "Sales", "primary"), ("orders", "Orders", "second"), ("customers", "Buyers", "second"))


@dataclass(frozen=True)
class PilotPlan(Result):
    """groups: member, label, mean monthly sales, steadiness (coefficient of variation). choices: groups, gap (smallest first). power: months, detectable (sales), orders (the same for orders), enough."""

    section: ClassVar[str] = "pilot-plan"
    groups: pd.DataFrame
    choices: pd.DataFrame
    power: pd.DataFrame
    by: str
    take: int
    wanted: float
    as_of: date
    fmt: Formats

    def figure(self) -> Figure | None:
        from .figures import power_bars
        return power_bars(self) if self.power.detectable.notna().any() else None

    def tables(self) -> Sequence[Table]:
        day = self.fmt.text(self.as_of, "date")
        power = table(self.power, [Col("months", "count", "Months before and after"), Col("detectable", "share", "Smallest effect on sales seen"), Col("orders", "share", "Smallest effect on orders seen"), Col("enough", label="Sales enough for the effect wanted")],
                      self.fmt, title="What a pilot can show, before any result",
                      note=f"with 80 % power; {self.take} of {len(self.groups)} groups; smallest p {self.fmt.text(self.smallest, 'number', decimals=3)} (1 in {round(1 / self.smallest)}); "
                           f"effect wanted {self.fmt.share(self.wanted)} of sales; from {HISTORY} months of history · as of {day}")
        choices = table(self.choices, [Col("names", label="Pilot in", weight=2), Col("gap", "share", "Gap to the others before")], self.fmt, title="Groups that moved most like the others", limit=5,
                        note="root mean square gap of the pair's monthly sales path to the others', each relative to its own mean")
        sizes = pd.DataFrame([{"what": what, "before": a, "after": b, "n": pilot.per_group(a, b)} for what, a, b in (("First deal in three months, as in the case", 0.30, 0.55), ("Win rate, a fifth better", 0.20, 0.24))])
        shares = table(sizes, [Col("what", label="To tell apart", weight=2), Col("before", "share", "From"), Col("after", "share", "To"), Col("n", "count", "People or deals per group")], self.fmt,
                       title="When the outcome is a share", note="80 % power, 5 % two-sided, normal approximation")
        return [power, choices, shares]

    @property
    def smallest(self) -> float:
        return pilot.smallest_p(len(self.groups), self.take)

    @property
    def months(self) -> int | None:
        """Shortest length that shows the effect wanted."""
        rows = self.power[self.power.detectable.notna() & (self.power.detectable <= self.wanted)]
        return int(rows.months.iloc[0]) if len(rows) else None

    def reading(self) -> str:
        best = self.choices.iloc[0].names
        seen = self.power[self.power.detectable.notna()]
        if seen.empty:
            return f"The history is too short to say what a pilot could show; {best} moved most like the others."
        text = f"Pilot in {best}, which moved most like the others. "
        if self.months:
            return text + f"{plural(self.months, 'month')} would show an effect of {self.fmt.share(self.wanted)} with 80 % power."
        last = seen.iloc[-1]
        return text + (f"Even {plural(int(last.months), 'month')} would only show effects of {self.fmt.share(last.detectable)} or more; an effect of {self.fmt.share(self.wanted)} needs more groups, a steadier outcome, or a longer pilot. "
                       f"The number of orders shows {self.fmt.share(last.orders)} or more.")

    def headline(self) -> str:
        rows = self.power[(self.power.months == 3) & self.power.detectable.notna()]
        return f"Pilot of 3 months in {self.take} of {len(self.groups)} groups would show effects of {self.fmt.share(rows.detectable.iloc[0])} or more." if len(rows) else ""

    def kpis(self) -> Sequence[Kpi]:
        return [Kpi("pilot.power", "all", None if is_missing(r.detectable) else float(r.detectable), "share", {"months": str(int(r.months))}, n=len(self.groups),
                    method="80 % power, from contrasts no pilot caused", why="the history is too short" if is_missing(r.detectable) else None) for r in self.power.itertuples()]


@section("pilot-plan")
def pilot_plan(book: Book) -> PilotPlan:
    """Which groups to pilot, for how long, and what could be seen. Groups: ``[pilot] by``, else the first of team, region, product line with enough."""
    by, frame = _groups(book)
    settings = book.settings.pilot
    take = min(settings.take, frame.shape[0] // 2)
    names = member_names(book, by) if by in ("rep",) else {}
    label = [names.get(m, m) for m in frame.index]
    values = frame.to_numpy()
    groups = pd.DataFrame({"member": frame.index, "label": label, "mean": values.mean(axis=1), "spread": values.std(axis=1) / values.mean(axis=1)})
    found = pilot.closest(values[:, -12:], take)
    choices = pd.DataFrame([{"names": listing([label[i] for i in chosen], 9), "gap": gap} for gap, chosen in found[:20]])
    counts = _monthly(book, by, "orders").reindex(frame.index).to_numpy()
    seen = [pilot.detectable(values, take, months) for months in LENGTHS]
    second = [pilot.detectable(counts, take, months) for months in LENGTHS]
    power = pd.DataFrame({"months": LENGTHS, "detectable": [np.nan if d is None else d for d in seen], "orders": [np.nan if d is None else d for d in second], "enough": ["–" if d is None else "yes" if d <= settings.wanted else "no" for d in seen]})
    return PilotPlan(groups, choices, power, by, take, settings.wanted, book.as_of, book.fmt)


def _groups(book: Book) -> tuple[str, pd.DataFrame]:
    """Dimension, and monthly sales of its members with sales in every month (members × months)."""
    gives = "which groups to pilot, for how long, and the smallest effect that could be seen"
    book.need("orders", "amount", gives=gives)
    for by in dict.fromkeys((book.settings.pilot.by, "team", "region", "product_line")):
        frame = _monthly(book, by, "amount")
        if frame.shape[0] >= FEWEST and frame.shape[1] >= 4:
            return by, frame
    raise NotAvailable({}, gives, f"needs at least {FEWEST} teams, regions or product lines with sales in every month")


def _monthly(book: Book, by: str, column: str) -> pd.DataFrame:
    """Members × the last months of the history; members with a month without sales are left out."""
    rows = sales.monthly(book, [by])
    last = Month.of(book.as_of)
    first = max(min(rows.month), last - (HISTORY - 1)) if len(rows) else last
    wide = rows.assign(value=rows[column].astype(float)).pivot(index=by, columns="month", values="value").reindex(columns=months_between(first, last))
    wide = wide[wide.notna().all(axis=1) & (wide > 0).all(axis=1)]
    return wide[wide.index != sales.NOT_GIVEN].sort_index()


@dataclass(frozen=True)
class PilotEffect(Result):
    """table: outcome, role, effect, low, high [share], p, adjusted, verdict. paths: month, pilot, others (relative to before)."""

    section: ClassVar[str] = "pilot-effect"
    table: pd.DataFrame
    paths: pd.DataFrame
    chosen: tuple[str, ...]
    groups: int
    starts: date
    months: int
    trend: tuple[float, float]
    rule: str
    why: str
    as_of: date
    fmt: Formats

    def figure(self) -> Figure:
        from .figures import pilot_paths
        return pilot_paths(self)

    def tables(self) -> Sequence[Table]:
        columns = [Col("outcome"), Col("role"), Col("effect", "share", "Effect", sign=True), Col("range", label="95 % interval"), Col("p", "number", "p", decimals=3), Col("adjusted", "number", "p, adjusted", decimals=3)]
        shown = self.table.assign(range=[self._range(r) for r in self.table.itertuples()])
        note = (f"pilot in {listing(list(self.chosen), 9)} of {self.groups} groups; {plural(self.months, 'month')} from {self.fmt.text(self.starts, 'date')} against as many before; difference in differences of log "
                f"changes, p by randomisation over all choices of groups, adjusted for the second outcomes (Holm) · as of {self.fmt.text(self.as_of, 'date')}")
        return [table(shown, columns, self.fmt, title="What the pilot did", note=note)]

    def _range(self, row: Any) -> str:
        if is_missing(row.low) and is_missing(row.high):
            return "no bound: too few groups"
        return f"{self.fmt.text(row.low, 'share', sign=True)} to {self.fmt.text(row.high, 'share', sign=True)}"

    def reading(self) -> str:
        first = self.table.iloc[0]
        gap, p = self.trend
        return (f"Sales of the piloted groups changed by {self.fmt.text(first.effect, 'share', sign=True)} beside the others' (p = {self.fmt.text(first.p, 'number', decimals=3)}). "
                f"Before the pilot their trends differed by {self.fmt.text(gap, 'share', sign=True)} a month (p = {self.fmt.text(p, 'number', decimals=3)}). Decision by the rule: {self.rule}, because {self.why}.")

    def headline(self) -> str:
        return f"Pilot: {self.rule}; effect on sales {self.fmt.text(self.table.effect.iloc[0], 'share', sign=True)} (p = {self.fmt.text(self.table.p.iloc[0], 'number', decimals=3)})."

    def kpis(self) -> Sequence[Kpi]:
        number = lambda v: None if is_missing(v) else float(v)  # noqa: E731
        return [Kpi("pilot.effect", "all", number(r.effect), "share", {"outcome": r.outcome.lower()}, number(r.low), number(r.high), n=self.groups, method="difference in differences, randomisation interval 95 %",
                    why="no sales before" if is_missing(r.effect) else None) for r in self.table.itertuples()]


@section("pilot-effect")
def pilot_effect(book: Book) -> PilotEffect:
    """Effect of the pilot named in the settings (``[pilot] groups, starts``) on sales, orders and buyers."""
    gives = "the effect of the pilot with its interval, and whether to roll out, extend or stop"
    settings = book.settings.pilot
    if not settings.groups or settings.starts is None:
        raise NotAvailable({}, gives, "needs the pilot's groups and first day in the settings ([pilot] groups, starts)")
    book.need("orders", "amount", gives=gives)
    first = Month.of(settings.starts)
    months = min(settings.months, Month.of(book.as_of) - first + 1)
    frames = {column: _monthly(book, settings.by, column) for column, *_ in OUTCOMES}
    frame = frames["amount"]
    missing = [g for g in settings.groups if g not in frame.index]
    if months < 1 or missing or frame.shape[0] < FEWEST or first - months < frame.columns[0]:
        raise NotAvailable({}, gives, f"has no month of the pilot yet, no equal span before it, fewer than {FEWEST} groups, or no sales in every month for {listing(missing or ['its groups'])}")
    rows = [_outcome(frames[column], settings.groups, first, months, label, role) for column, label, role in OUTCOMES]
    result = pd.DataFrame(rows)
    result["adjusted"] = [result.p.iloc[0], *pilot.holm(result.p.iloc[1:].tolist())]
    chosen = [frame.index.get_loc(g) for g in settings.groups]
    before = frame.loc[:, [m for m in frame.columns if m < first]]
    rule, why = _decide(result.iloc[0], settings, float(frame.iloc[chosen].loc[:, [m for m in frame.columns if first - months <= m < first]].to_numpy().sum()), book.fmt)
    return PilotEffect(result, _paths(frame, chosen, first, months), tuple(settings.groups), frame.shape[0], settings.starts, months, pilot.trend_gap(before.to_numpy()[:, -12:], chosen), rule, why,
                       book.as_of, book.fmt)


def _outcome(frame: pd.DataFrame, groups: Sequence[str], first: Month, months: int, label: str, role: str) -> dict:
    span = frame.loc[:, months_between(first - months, first + (months - 1))].to_numpy()
    change = pilot.changes(span, months)
    chosen = [frame.index.get_loc(g) for g in groups]
    low, high = pilot.interval(change, chosen)
    return {"outcome": label, "role": role, "effect": pilot.relative(pilot.contrast(change, chosen)), "low": pilot.relative(low), "high": pilot.relative(high), "p": pilot.p_value(change, chosen)}


def _paths(frame: pd.DataFrame, chosen: list[int], first: Month, months: int) -> pd.DataFrame:
    """Monthly path of pilot and others, each group relative to its mean in the span before."""
    base = frame.loc[:, months_between(first - months, first - 1)].mean(axis=1)
    relative = frame.div(base, axis=0)
    inside = np.zeros(len(frame), dtype=bool)
    inside[chosen] = True
    shown = [m for m in frame.columns if m <= first + (months - 1)][-12 - months:]
    return pd.DataFrame({"month": [str(m) for m in shown], "pilot": relative[inside][shown].mean().to_numpy(), "others": relative[~inside][shown].mean().to_numpy()})


def _decide(primary: pd.Series, settings, base: float, fmt: Formats) -> tuple[str, str]:
    """go, extend or stop: by the interval of the primary outcome, the effect wanted and the cost."""
    gain = float(primary.effect) * base
    if not is_missing(primary.low) and primary.low > 0 and gain >= settings.cost:
        return "go", f"the interval lies above zero and the gain of {fmt.money(gain)} covers the cost"
    if not is_missing(primary.high) and primary.high < settings.wanted:
        return "stop", f"an effect of {fmt.share(settings.wanted)} or more is ruled out"
    return "extend", f"the interval holds both no effect and the {fmt.share(settings.wanted)} wanted"
