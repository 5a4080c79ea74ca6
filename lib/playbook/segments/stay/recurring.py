"""Recurring revenue of the trailing 12 months, from contracts: the bridge and what of it stays."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.recurring import MrrBridge, mrr_bridge
from playbook.page import Col, Table, table

PARTS = (
    ("new", later("New customers"), 1),
    ("expansion", later("Expansion"), 1),
    ("contraction", later("Contraction"), -1),
    ("churn", later("Churn", context="recurring revenue"), -1),
)
CONTEXT = {"churn": "recurring revenue"}


def yearly_bridge(book: Book) -> MrrBridge | None:
    """Recurring revenue from the evening before the trailing 12 months to the as-of date; None
    where no contract was paid for then, or contracts are known only from a later day.
    """
    if not book.has("contracts", "customer_id", "start", "annual_value"):
        return None
    window = book.window("trailing_12m")
    known = coverage(book, "contracts", "start")
    if known.first is None or window.start is None or known.first >= window.start:
        return None
    found = mrr_bridge(book, window.start - timedelta(days=1), window.end)
    return found if found.paying else None


def bridge_table(bridge: MrrBridge, note: str, fmt: Formats) -> Table:
    """The bridge as rows that add up: open + new + expansion − contraction − churn = close."""

    def opened(day: date) -> str:
        return say("Recurring revenue a month on {day}", day=fmt.text(day, "date"))

    rows = [
        {"part": opened(bridge.start), "amount": bridge.total("open")},
        *(
            {
                "part": say(label, context=CONTEXT.get(part, "")),
                "amount": sign * bridge.total(part) or 0.0,
            }
            for part, label, sign in PARTS
        ),
        {"part": opened(bridge.end), "amount": bridge.total("close")},
    ]
    columns = [
        Col("part", "term", label="Recurring revenue", weight=3),
        Col("amount", "money", "a month"),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say("Recurring revenue from contracts, trailing 12 months"),
        note=say("a twelfth of the yearly value on each day a contract runs · {note}", note=note),
    )


def bridge_text(bridge: MrrBridge, fmt: Formats) -> str:
    """Net and gross revenue retention and customers lost, by contracts."""
    waiting = bridge.total("awaiting")
    late = (
        say(
            " (of the revenue lost {waiting} a month may still be renewed)",
            waiting=fmt.money(waiting, compact=True),
        )
        if waiting
        else ""
    )
    return say(
        "By contracts, {customers} paid on {start}; {nrr} of that is paid"
        " now, {grr} without what any pays more; {lost} of them no longer"
        " pay{late}.",
        customers=plural(bridge.paying, "customer"),
        start=fmt.text(bridge.start, "date"),
        nrr=fmt.share(bridge.nrr),
        grr=fmt.share(bridge.grr),
        lost=fmt.count(bridge.lost),
        late=late,
    )
