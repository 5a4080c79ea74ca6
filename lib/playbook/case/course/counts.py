"""Counts per indicator and month, taken from the tables a book has."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import case as measures
from playbook.data.measures.deals import Deals, deals_of, outcome_counts
from playbook.data.measures.people import reps as people_of

from .catalogue import INDICATORS

# counts by month, or by length of the period in months where they do not add up over months
Counts = pd.DataFrame | dict[int, pd.DataFrame]


def counts_by_indicator(book: Book) -> tuple[dict[str, Counts], dict[str, str]]:
    """Counts per indicator (month or period, k, n; the cycle: month, days, n), and what the
    indicators need whose tables are not there."""
    found: dict[str, Counts] = {}
    if book.has("orders"):
        parts = {length: measures.sales_parts(book, length) for length in (1, 3)}
        found["sales"] = {
            length: p.rename(columns={"amount": "k"})[["period", "k"]].assign(n=np.nan)
            for length, p in parts.items()
        }
        known = _known_from(book)
        found["returning"] = {
            length: p[p.period >= known].rename(columns={"returning": "k", "amount": "n"})
            for length, p in parts.items()
        }
    if book.has("leads", "created"):
        found["leads"] = measures.leads_by_month(book).rename(columns={"n": "k"}).assign(n=np.nan)
    if book.has("opportunities"):
        found |= _deal_counts(book, deals_of(book))
    if book.has("contracts", "end"):
        found["renewal"] = measures.renewals_by_month(book, large=True)
        if book.has("customers", "customer_type"):
            churn = measures.renewals_by_month(book, large=False)
            found["churn"] = churn.assign(k=churn.n - churn.k)
    people = people_of(book)
    if len(people) and people.hired.notna().any():
        found |= _people_counts(book, people[people.hired.notna()])
    found = {
        key: frame
        for key, frame in found.items()
        if len(frame[1] if isinstance(frame, dict) else frame)
    }
    absent = {
        i.key: say("needs {needs}", needs=say(i.needs))
        for i in INDICATORS
        if i.key not in found and i.key not in ("growth", "per_head")
    }
    return found, absent


def _known_from(book: Book) -> Month:
    """First month in which returning customers are known from new ones: a year into the data, or
    its start where customers.since reaches further back.
    """
    covered = sales_coverage(book).months()
    begun = covered[0] if covered else Month.of(book.as_of)
    return begun if book.has("customers", "since") else begun + 12


def _deal_counts(book: Book, deals: Deals) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    closed = outcome_counts(deals, days=True)
    won = closed[(closed.outcome == "won") & closed.closed.notna()].assign(
        month=lambda f: [Month.from_number(m) for m in f.closed]
    )
    if len(won):
        found["won"] = (
            won.groupby("month", as_index=False).n.sum().rename(columns={"n": "k"}).assign(n=np.nan)
        )
        if won.days.notna().any():
            found["cycle"] = won[won.days.notna()][["month", "days", "n"]]
    if book.has("opportunities", "need_match", "created"):
        found["match"] = measures.matched_by_month(deals)
    if book.has("opportunities", "objection") and deals.last >= 2 and deals.last - 1 in deals.dated:
        found["objection"] = measures.objections_by_month(deals)
    return found


def _people_counts(book: Book, people: pd.DataFrame) -> dict[str, Counts]:
    first = max(Month.of(people.hired.min().date()), Month.of(book.as_of) - 47)
    found: dict[str, Counts] = {
        "heads": (
            measures.heads_by_month(people, first, Month.of(book.as_of)).rename(
                columns={"days": "k", "length": "n"}
            )
        )
    }
    if book.has("opportunities", "rep_id", "closed") or book.has("orders", "rep_id"):
        found["first_deal"] = measures.first_deals_by_month(
            book, people, book.settings.incentives.ramp_days
        )
    return found
