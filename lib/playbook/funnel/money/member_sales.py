"""Sales of every member against target, last year and the period before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.base.periods import Month, Window, months_between
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import performance as measure
from playbook.data.measures.names import member_names
from playbook.data.measures.plan_frames import sales_targets

from .sales_reason import sales_reason

WINDOWS = ("month", "quarter_to_date", "year_to_date", "trailing_12m")
TOTAL = "all"


class MemberSales(Frame):
    """One row per dimension, member and window; the whole book under the dimension all."""

    dimension = col.text(later("the dimension; all = the whole book"))
    member = col.text(later("the member as the data write it"))
    label = col.text(later("the member as a page names it"))
    window = col.text(later("month, quarter_to_date, year_to_date or trailing_12m"))
    target = col.money(later("target of the window"))
    actual = col.money(later("sales, net of refunds"))
    completion = col.share(later("actual ÷ target"))
    gap = col.money(later("actual − target"))
    last_year = col.money(later("sales of the same months a year before"))
    yoy = col.share(later("actual ÷ last_year − 1"))
    yoy_daily = col.share(later("the same per working day"))
    before = col.money(later("sales of as many months just before"))
    pop = col.share(later("actual ÷ before − 1"))
    orders = col.count(later("distinct orders"))
    orders_year = col.count(later("orders a year before"))
    orders_before = col.count(later("orders in the period before"))
    reason = col.text(later("why it changed: number and size of orders"))


def sales_of_dimension(book: Book, dimension: str | None) -> pd.DataFrame:
    """All windows of one dimension (None = the whole book)."""
    by = [dimension] if dimension else []
    data, again = (
        frame.rename(columns={dimension: "member"}) if dimension else frame.assign(member=TOTAL)
        for frame in (measure.sales_by_month(book, by), measure.orders_again(book, by))
    )
    targets = sales_targets(book, dimension)
    names = member_names(book).get(dimension or "", {})
    rows, spans = [], dict[tuple[str, str], Window]()
    for window in WINDOWS:
        span = book.window(window)
        spans |= {(window, "now"): span, (window, "year"): span.year_before()}
        spans[window, "before"] = span.period_before()
    every = _sums(data, again, spans)
    for window in WINDOWS:
        span = book.window(window)
        members = sorted(set(data.member) | ({m for m in targets if m} if dimension else set()))
        sums = {kind: every[window, kind] for kind in ("now", "year", "before")}
        days = [len(book.calendar.working_days(s.start, s.end)) for s in (span, span.year_before())]
        covered = sales_coverage(book)
        gaps = {
            "year": covered.window_gap(span.year_before(), book.fmt),
            "before": covered.window_gap(span.period_before(), book.fmt),
        }
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
                    gaps,
                )
            )
    frame = pd.DataFrame(rows, columns=MemberSales.names()).astype(
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
    return frame[~quiet | (frame.dimension == TOTAL)]


def _sums(
    data: pd.DataFrame, again: pd.DataFrame, spans: dict[tuple[str, str], Window]
) -> dict[tuple[str, str], dict[str, tuple[float, int]]]:
    """Per span: member → amount and distinct orders of the months inside it. again: what the
    months' orders count twice.
    """
    codes, months = pd.factorize(data.month)
    found: dict[tuple[str, str], dict[str, tuple[float, int]]] = {key: {} for key in spans}
    places, keys = [], []
    for i, span in enumerate(spans.values()):
        inside = np.array([span.start <= m.start and m.end <= span.end for m in months], dtype=bool)
        places.append(np.flatnonzero(inside[codes]) if len(codes) else codes)
        keys.append(np.full(len(places[-1]), i))
    rows = data[["member", "amount", "orders"]].iloc[np.concatenate(places)]
    sums = rows.groupby([np.concatenate(keys), rows.member.to_numpy()])[["amount", "orders"]].sum()
    named, each = list(spans), zip(sums.amount.tolist(), sums.orders.tolist(), strict=True)
    for (i, member), (amount, orders) in zip(sums.index.tolist(), each, strict=True):
        found[named[i]][member] = (float(amount), int(orders))
    for row in again.itertuples():
        for key, span in spans.items():
            if span.start <= row.before.start and row.month.end <= span.end:
                amount, orders = found[key][row.member]
                found[key][row.member] = (amount, orders - int(row.orders))
    return found


def _row(
    book: Book,
    dimension: str,
    member: str,
    label: str,
    window: str,
    sums: dict,
    goal: dict[Month, float] | None,
    days: list[int],
    gaps: dict[str, str],
) -> dict:
    """One member in one window. gaps: why the year or the period before is not covered; empty where
    it is.
    """
    span = book.window(window)
    values = {w: s.get(member, (0.0, 0)) for w, s in sums.items()}
    (actual, orders), (last_year, orders_year), (before, orders_before) = (
        values["now"],
        values["year"],
        values["before"],
    )
    has_year, has_before = not gaps["year"], not gaps["before"]
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
    return row | {"reason": sales_reason(row, book.fmt, gaps["year"])}
