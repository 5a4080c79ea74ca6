"""Contracts as this chapter reads them, and who is under contract."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import joined, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import renewal


def contracts_of(book: Book) -> tuple[pd.DataFrame, int]:
    """The contracts of ``data.measures.renewal`` that end on or after their first day or run on
    without an end, and the number of those left out because they end before it.
    """
    every = renewal.contracts(book)
    wrong = every["end"] < every["start"]
    return every[~wrong], int(wrong.sum())


def left_out(wrong: int) -> str:
    """A sentence on the contracts left out; empty without any. wrong: their number."""
    if not wrong:
        return ""
    return say(
        "{contracts} that {en_end} left out.",
        contracts=plural(wrong, "contract"),
        en_end="ends before it starts is" if wrong == 1 else "end before they start are",
    )


NEVER_ENDS = pd.Timestamp("2200-01-01")  # stands in for the end of a contract that runs on


def ends_of(contracts: pd.DataFrame) -> pd.Series:
    """The last day of each contract, NEVER_ENDS for one that runs on without an end."""
    return contracts["end"].fillna(NEVER_ENDS)


def how_renewed(contracts: pd.DataFrame, days: int) -> str:
    """A sentence where renewals are inferred from contracts that follow; empty where they are given
    or there is none.
    """
    n, k = renewal.inferred(contracts), renewal.upgraded(contracts)
    follow = (
        say(
            "The contracts do not name what renewed them: {n:,} count as renewed"
            " because another contract of the customer begins within {days} days"
            " of the end.",
            n=n,
            days=days,
        )
        if n
        else ""
    )
    upgrade = (
        say(
            "{contracts} {en_count} as renewed by an upgrade in mid-term:"
            " another of the customer, worth no less, began before the end and"
            " goes on.",
            contracts=plural(k, "contract"),
            en_count="counts" if k == 1 else "count",
        )
        if k
        else ""
    )
    return joined(filter(None, (follow, upgrade)), " ")


def under_contract(book: Book, customer_ids: pd.Series) -> pd.Series:
    """Whether each customer has a contract that runs beyond the as-of date; False for all where the
    book has no contracts.
    """
    if not book.has("contracts", "customer_id", "start"):
        return pd.Series(False, index=customer_ids.index)
    contracts, _ = contracts_of(book)
    runs = contracts["end"].isna() | (contracts["end"] > pd.Timestamp(book.as_of))
    running = contracts[runs & ~renewal.stopped(book, contracts)]
    return customer_ids.isin(set(running["customer_id"]))
