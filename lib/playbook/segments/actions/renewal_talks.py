"""Renewals to talk about: a value report before a contract ends, and contracts that lapsed."""

from __future__ import annotations

import pandas as pd

from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.segments.known import is_newest
from playbook.segments.running_contracts import contracts_of, under_contract
from playbook.segments.workdays import workday_before

from .events import due_on, of_customers

REPORT = later("Yearly value report, then the renewal talk")
LAPSED = later("Contract lapsed: renew it or hear why not")
TRIAL = later("Trial ends: win it as a contract")


def renewal_talks(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """One event per contract with an end: due ``notice_days`` before it, done when the contract is
    renewed, or when it has ended and its customer goes on under another one.
    """
    contracts, _ = contracts_of(book)
    today = pd.Timestamp(book.as_of)
    days = pd.Timedelta(days=book.settings.segments.notice_days)
    kept = pd.Timedelta(days=book.settings.segments.actions_days)
    rows = contracts[contracts["end"].notna() & (contracts["end"] >= today - kept)]
    newest = is_newest(book)  # a status carries no day: it is that of the export
    rows = rows[(rows["status"] != "cancelled") | (not newest)].reset_index(drop=True)
    trial = (rows["status"] == "trial") & newest
    lapsed = rows["end"] <= today
    other = lapsed & under_contract(book, rows["customer_id"])
    signed = rows["renewed_on"].where(rows["renewed_on"].notna(), rows["end"]).clip(upper=today)
    made = rows.assign(
        due=due_on(rows["end"] - days, workday_before, book),
        action=[
            LAPSED if over else TRIAL if tried else REPORT
            for over, tried in zip(lapsed, trial, strict=True)
        ],
        reason=[
            say("contract ended {date}", date=book.fmt.text(end.date(), "date"))
            if over
            else say("contract ends {date}", date=book.fmt.text(end.date(), "date"))
            for over, end in zip(lapsed, rows["end"], strict=True)
        ],
        worth=rows["annual_value"].astype(float),
        done_on=signed.where(rows["renewed"] | other),
    )
    return of_customers(book, made, people, "renewal", "contract_id", REPORT)
