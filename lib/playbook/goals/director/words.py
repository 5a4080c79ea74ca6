"""The brief's sentences on sales and the year, and how far the data can be trusted."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import joined, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.goals.track.likelihood import Likelihood
from playbook.goals.track.tracking import Tracking
from playbook.page.contribution import bare

from .months import MONTHS, Months, stand_in, usual_range

MORE = later(
    {
        "orders": "orders – sales net of refunds and buying again",
        "targets": "targets – the plan and the chance of the year",
        "opportunities": "opportunities – win rate, pipeline and where deals stop",
        "contracts": "contracts – renewals",
        "reps": "reps – people and pay",
    }
)


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
    share = tracking.fmt.chance(row.chance)
    if 0.4 <= row.chance <= 0.6:
        return say("the year is an even bet ({share})", share=share)
    return say("the year has a chance of {share}", share=share)


def happened(book: Book, months: Months, tracking: Tracking) -> str:
    fmt, now = book.fmt, months.value("sales", book.month)
    if now is None:
        return ""
    what = say("Won deals") if stand_in(book) else say("Sales")
    parts = []
    plan, year = months.plan("sales", book.month), months.value("sales", book.month - 12)
    before = months.value("sales", book.month - 1)
    if not plan and not year and before:
        parts.append(
            say("{now} on last month", now=fmt.share(now / before - 1, sign=True, decimals=0))
        )
    if plan:
        parts.append(
            say(
                "{now} ({now_2}) on plan",
                now=fmt.money(now - plan, compact=True, sign=True),
                now_2=fmt.share(now / plan - 1, sign=True, decimals=0),
            )
        )
    if year:
        parts.append(
            say("{now} on last year", now=fmt.share(now / year - 1, sign=True, decimals=0))
        )
    text = say("{what} came to **{now}**", what=what, now=fmt.money(now, compact=True))
    if len(parts) > 1:
        text += say(", {on_plan} and {on_year}.", on_plan=parts[0], on_year=parts[1])
    else:
        text += say(", {part}.", part=parts[0]) if parts else say(".")
    past = [months.value("sales", book.month - i) for i in range(MONTHS - 1, -1, -1)]
    usual = usual_range(past)
    if usual is not None:
        known = sum(value is not None for value in past[:-1])
        low, high = (fmt.money(end, compact=True) for end in usual)
        span = {"low": low, "high": high, "n": fmt.count(known)}
        if now > usual[1]:
            text += say(
                " That is above the usual range of the {n} months before ({low} to {high}).",
                **span,
            )
        elif now < usual[0]:
            text += say(
                " That is below the usual range of the {n} months before ({low} to {high}).",
                **span,
            )
        else:
            text += say(
                " That is inside the usual range of the {n} months before ({low} to {high}).",
                **span,
            )
    row = company_row(tracking)
    if row is not None and row.middle == row.middle and row.middle is not None:
        text += say(
            " The year heads for **{middle}** [{low}–{high}] against {target}.",
            middle=fmt.money(row.middle, compact=True),
            low=bare(fmt, row.low),
            high=bare(fmt, row.high),
            target=fmt.money(row.target, compact=True),
        )
    return text


def more(book: Book) -> str:
    """Which tables would add what to the page; empty for a book that has them."""
    absent = [say(text) for table, text in MORE.items() if table not in book.read.staged]
    if not absent:
        return ""
    return say("What further tables would add: {tables}.", tables=joined(absent, "; "))


def checks(book: Book, tracking: Tracking, likelihood: Likelihood) -> list[tuple[bool, str]]:
    fmt = book.fmt
    read = len(book.facts().warnings)
    found = [(read == 0, say("no warning on the data") if not read else plural(read, "warning"))]
    last = sales_coverage(book).last
    gap = sales_coverage(book).gap(book.month.start, book.month.end, fmt)
    day = fmt.text(last, "date") if last else ""
    if stand_in(book):
        known = say("won deals to {last}", last=day) if last else say("no won deals")
    else:
        known = say("orders to {last}", last=day) if last else say("no orders")
    found.append((not gap, known))
    if likelihood.status == "ok" and likelihood.tried.n:
        inside, n = likelihood.tried.held, likelihood.tried.n
        held = inside / n
        found.append(
            (
                held >= 0.7,
                say(
                    "80 % intervals held {held:.0f} % ({inside} of {n})",
                    held=held * 100,
                    inside=inside,
                    n=n,
                ),
            )
        )
    return found
