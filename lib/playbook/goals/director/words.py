"""The brief's sentences on sales and the year, and how far the data can be trusted."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import plural
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.goals.track.likelihood import Likelihood
from playbook.goals.track.tracking import Tracking
from playbook.page.contribution import bare

from .months import MONTHS, Months, stand_in, usual_range


def company_row(tracking: Tracking, window: str = "year_to_date") -> Any:
    if tracking.status != "ok":
        return None
    rows = tracking.table
    rows = rows[(rows.metric == "sales") & (rows.window == window) & (rows.members.map(len) == 0)]
    return rows.iloc[0] if len(rows) else None


def chance_words(tracking: Tracking, likelihood: Likelihood) -> str:
    row = company_row(tracking)
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


def happened(book: Book, months: Months, tracking: Tracking) -> str:
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
    row = company_row(tracking)
    if row is not None and row.middle == row.middle and row.middle is not None:
        text += (
            f" The year heads for **{fmt.money(row.middle, compact=True)}**"
            f" [{bare(fmt, row.low)}–{bare(fmt, row.high)}]"
            f" against {fmt.money(row.target, compact=True)}."
        )
    return text


def checks(book: Book, tracking: Tracking, likelihood: Likelihood) -> list[tuple[bool, str]]:
    fmt = book.fmt
    read = len(book.facts().warnings)
    found = [(read == 0, "no warning on the data" if not read else plural(read, "warning"))]
    last = sales_coverage(book).last
    gap = sales_coverage(book).gap(book.month.start, book.month.end, fmt)
    what = "won deals" if stand_in(book) else "orders"
    found.append((not gap, f"{what} to {fmt.text(last, 'date')}" if last else f"no {what}"))
    if likelihood.status == "ok" and likelihood.tried.n:
        inside, n = likelihood.tried.held, likelihood.tried.n
        held = inside / n
        found.append((held >= 0.7, f"80 % intervals held {held * 100:.0f} % ({inside} of {n})"))
    return found
