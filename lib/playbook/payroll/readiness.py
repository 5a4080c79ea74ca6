"""Whether a month can be closed: not closed yet, the next in order, and over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from playbook.base.errors import ParameterProblem, Problem
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.report_month import data_span

from .frozen import ClosedMonth

WEEKEND = timedelta(days=5)  # silence at a month's end that a weekend with a holiday explains


def refuse_closing(book: Book, before: Sequence[ClosedMonth], *, finished: bool = False) -> None:
    """Raise ParameterProblem, with every reason, when the book's month cannot be closed."""
    found = [
        *_closed_or_out_of_order(book, before),
        *_other_ledger(book, before),
        *([] if finished else _not_over(book)),
    ]
    if found:
        raise ParameterProblem(found)


def _closed_or_out_of_order(book: Book, before: Sequence[ClosedMonth]) -> list[Problem]:
    month, starts = book.month, book.settings.payroll.starts
    if not before:
        if not starts or Month.parse(starts) == month:
            return []
        return [
            Problem(
                found=say("{month} cannot be closed first", month=month),
                expected=say("{starts}, the first month by [payroll] starts", starts=starts),
                try_=say("--month {starts}", starts=starts),
            )
        ]
    first, last = before[0].month, before[-1].month
    if month == last + 1:
        return []
    if first <= month <= last:
        return [
            Problem(
                found=say("{month} is closed already", month=month),
                expected=say("the month after the last closed one, {last}", last=last + 1),
                try_=say(
                    "a closed month never changes; what comes late is paid with the next"
                    " close: --month {last}",
                    last=last + 1,
                ),
            )
        ]
    if month < first:
        return [
            Problem(
                found=say(
                    "{month} lies before {first}, the first closed month", month=month, first=first
                ),
                expected=say("the month after the last closed one, {last}", last=last + 1),
                try_=say(
                    "--month {last}; what was earned before {first} counts as paid",
                    last=last + 1,
                    first=first,
                ),
            )
        ]
    return [
        Problem(
            found=say("{month} cannot be closed before {last}", month=month, last=last + 1),
            expected=say("months closed one after the other"),
            try_=say("--month {last} first", last=last + 1),
        )
    ]


def _other_ledger(book: Book, before: Sequence[ClosedMonth]) -> list[Problem]:
    """Closed months of another book, currency or beginning."""
    if not before:
        return []
    record, settings = before[-1].record, book.settings
    made, starts = [], settings.payroll.starts
    for what, frozen, now in (
        (say("book"), record["book"], settings.book.name),
        (say("currency"), record["currency"], book.currency),
        (say("first month"), record["starts"], starts or record["starts"]),
    ):
        if frozen != now:
            made.append(
                Problem(
                    found=say(
                        "closed months of {what} {frozen}, settings of {now}",
                        what=what,
                        frozen=frozen,
                        now=now,
                    ),
                    expected=say("the same {what}", what=what),
                    try_=say("another [payroll] folder, or the settings as they were"),
                )
            )
    return made


def _not_over(book: Book) -> list[Problem]:
    """The data must go to the month's last days, or the settings say that they cover it: pay is
    not closed on the guess that a silent week had no sales.
    """
    month, (_, last) = book.month, data_span(book.read)
    if last >= month.end:
        return []
    covered = sales_coverage(book)
    gap = covered.gap(month.start, month.end, book.fmt)
    if not gap and (covered.stated or month.end - last <= WEEKEND):
        return []
    return [
        Problem(
            found=say(
                "{month} is not over in the data: {gap}",
                month=month,
                gap=gap or say("they end on {last}", last=last),
            ),
            expected=say("data to {end}", end=month.end),
            try_=(
                say(
                    "wait for the whole month; or, where nothing more is to come, close"
                    " it with --finished"
                )
            ),
        )
    ]
