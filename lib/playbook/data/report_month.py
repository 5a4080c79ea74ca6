"""The month a report is about."""

from __future__ import annotations

from datetime import date

from playbook.base.errors import DataProblem, ParameterProblem, Problem
from playbook.base.language import say
from playbook.base.periods import Month

from .read import Read
from .tables import DATED, EVENT_TABLES


def choose_month(read: Read, month: str) -> Month:
    """The report month: the one asked for if the data reach it, else the last month closed in the
    data.
    """
    first, last = data_span(read)
    closed = max(
        Month.of(last) if last == Month.of(last).end else Month.of(last) - 1, Month.of(first)
    )
    if not month:
        return closed
    wanted = Month.parse(month)
    if wanted > Month.of(last) or wanted < Month.of(first):
        raise ParameterProblem(
            Problem(
                found=say("month {wanted} lies before the data begin", wanted=wanted)
                if wanted < Month.of(first)
                else say("month {wanted} lies after the data end", wanted=wanted),
                expected=say(
                    "a month from {first} to {last}", first=Month.of(first), last=Month.of(last)
                ),
                try_=say("--month {closed}, the last closed month in the data", closed=closed),
            )
        )
    return wanted


def data_span(read: Read) -> tuple[date, date]:
    """First and last day of an order, deal, stage entry, lead or contact, slips left out; in a book
    without any, of whatever else it holds.
    """
    known: list[tuple[date, date]] = []
    for tables in (EVENT_TABLES, DATED):
        spans = [read.span(table) for table in tables if table in read.given]
        known = known or [(a, b) for a, b in spans if a is not None and b is not None]
    if not known:
        raise DataProblem(
            Problem(
                found=say("no day in any table"),
                expected=say("orders or deals with days, to tell the report month"),
                try_=say("fill date in orders, or created or closed in opportunities"),
            )
        )
    return min(first for first, _ in known), max(last for _, last in known)
