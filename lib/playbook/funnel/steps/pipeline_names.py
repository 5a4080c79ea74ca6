"""What is called pipeline: three figures of open deals, each by its own name."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import plural
from playbook.base.language import say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures.pipeline import AHEAD, UNDATED, by_planned, created_sums, later_export


def pipeline_names(book: Book, window: Window) -> tuple[str, ...]:
    """The three figures that are called pipeline, each by its own name, and a note on amounts that
    are newer than the day.
    """
    fmt = book.fmt

    def amount(rows: pd.DataFrame) -> str:
        deals = plural(int(rows.deals.sum()), "deal")
        return say(
            "{amount} ({deals})",
            amount=fmt.money(float(rows.amount.sum()), compact=True),
            deals=deals,
        )

    parts = by_planned(book)
    ahead = parts[parts.planned == AHEAD]
    dated = bool((parts.planned != UNDATED).any())
    created = created_sums(book, window.start or window.end, window.end)
    if dated:
        text = say(
            "Three figures are called pipeline: all open deals {amount}, those"
            " of them with an expected day to come {amount_2}, and deals created"
            " in the month, whatever became of them, {amount_3}. Closing counts"
            " the open deals whose expected day is not past or not given.",
            amount=amount(parts),
            amount_2=amount(ahead),
            amount_3=amount(created),
        )
    else:
        text = say(
            "Two figures are called pipeline: all open deals {amount}, which is"
            " the closing one, for no open deal carries an expected day, and"
            " deals created in the month, whatever became of them, {amount_2}.",
            amount=amount(parts),
            amount_2=amount(created),
        )
    return tuple(part for part in (text, later_export(book)) if part)
