"""Deals won and lost in a day or a week, as a page lists them."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, listing
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.day_counts import decided_between
from playbook.data.measures.deals import Deals, deals_of
from playbook.funnel.deal_lists import with_names
from playbook.page import Col, Table, table

from .words import outcome_word

ROWS = 8
SIZES = later({"won": "{n} won", "lost": "{n} lost"})


class DayDecisions(Frame):
    """One row per deal decided on the day or in the week, won ones first, the largest first."""

    opportunity_id = col.text(later("the deal"))
    customer = col.text(later("the customer as a page names it"))
    owner = col.text(later("the rep as a page names it"))
    outcome = col.text(later("won or lost"))
    value = col.money(later("amount of a won, expected amount of a lost one"))
    reason = col.text(later("why it was lost, as written"))
    stage = col.text(later("the furthest stage it came to"))


def decisions_table(rows: pd.DataFrame, title: str, fmt: Formats) -> list[Table]:
    """Won and lost deals, for the page; nothing without any."""
    if rows.empty:
        return []
    shown = pd.concat([rows[rows.outcome == o].head(ROWS // 2) for o in ("won", "lost")])
    columns = [
        Col("said", "text", "Outcome"),
        Col("opportunity_id", "text", "Deal"),
        Col("customer", "name", "Customer", weight=2),
        Col("owner", "name", "Owner"),
        Col("value", "money", "Amount"),
        Col("stage", "text", "Came to"),
        Col("reason", "text", "Reason"),
    ]
    sizes = {o: int((rows.outcome == o).sum()) for o in ("won", "lost")}
    note = say(
        "The largest of {items}",
        items=listing([say(text, n=fmt.count(sizes[o])) for o, text in SIZES.items() if sizes[o]]),
    )
    shown = shown.assign(said=[outcome_word(outcome) for outcome in shown.outcome])
    return [table(shown, columns, fmt, title=title, note=note)]


def deals_or_none(book: Book) -> Deals | None:
    """The book's deals; None where it has none."""
    return deals_of(book) if book.has("opportunities", "outcome") else None


def decisions(deals: Deals | None, book: Book, first: date, last: date) -> pd.DataFrame:
    """DayDecisions from first to last, inclusive; empty without deals."""
    if deals is None:
        return DayDecisions.make([])
    rows = with_names(decided_between(deals, first, last), book)
    if rows.empty:
        return DayDecisions.make([])
    return rows.assign(stage=[deals.stages[k] for k in rows.stage])[DayDecisions.names()]
