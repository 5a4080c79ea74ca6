"""The open actions and stalled subjects of a book, worked out once for all who list them."""

from __future__ import annotations

import pandas as pd

from playbook.data.book import Book
from playbook.data.measures import contacts, customer_list
from playbook.data.memo import once

from .attention import Attention, attention
from .open_actions import overdue_actions, stalled_subjects


def overdue_of(book: Book) -> pd.DataFrame:
    """``OverdueActions`` of the book; worked out once."""
    return once(
        book,
        "overdue_actions",
        lambda: overdue_actions(book, attention(book).log, _named(book, attention(book))),
    )


def stalled_of(book: Book) -> pd.DataFrame:
    """``StalledSubjects`` of the book; worked out once."""
    return once(
        book,
        "stalled",
        lambda: stalled_subjects(attention(book).log, attention(book).subjects),
    )


def _named(book: Book, found: Attention) -> pd.DataFrame:
    """subject → name and worth of those to be contacted and of every other customer and lead, with
    whom an agreed action may still be open.
    """
    parts = [found.subjects[["subject", "name", "worth"]]]
    if found.people is not None:
        parts.append(
            found.people.frame[["customer_id", "name", "net_year"]].set_axis(
                ["subject", "name", "worth"], axis=1
            )
        )
    elif book.has("customers"):
        parts.append(
            customer_list.who(book.table("customers"))[["customer_id", "name"]].set_axis(
                ["subject", "name"], axis=1
            )
        )
    if book.has("leads", "lead_id", "company"):
        parts.append(
            contacts.leads(book.table("leads"))[["lead_id", "company", "budget"]].set_axis(
                ["subject", "name", "worth"], axis=1
            )
        )
    return (
        pd.concat(parts, ignore_index=True)
        .dropna(subset="subject")
        .drop_duplicates("subject")
        .set_index("subject")
    )
