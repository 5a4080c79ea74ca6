"""What all questions of attention share: who is to be contacted how often, by whom, and when they
last were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from playbook.base.settings import SegmentSettings
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.data.memo import once
from playbook.segments.population import Population, population, rep_labels
from playbook.segments.value.abc import classified
from playbook.segments.value.tiers import tiered

from .leads import grades

YEAR = 365
CLASS_NAMES = ("A", "B", "C")
LOG = [
    "activity_id",
    "rep_id",
    "kind",
    "customer_id",
    "lead_id",
    "progressed",
    "next_action",
    "next_owner",
    "status",
    "date",
    "due",
    "recorded_at",
    "recorded_after",
    "subject",
]


@dataclass(frozen=True)
class Attention:
    """``subjects``: one row per customer with an ABC class and per open lead: subject, name,
    owner_id, owner, group (A, B, C or intent),
    kind (customer, lead), tier, promised_days [days between contacts], worth [currency], last [day
    of the last contact], silent_days [days].
    ``log``: our contacts of the trailing 12 months; ``requests``: those that came from customers,
    which are no contact kept.
    """

    subjects: pd.DataFrame
    log: pd.DataFrame
    requests: pd.DataFrame
    people: Population | None


def attention(book: Book) -> Attention:
    """Customers by ABC class and open leads by intent, with their last contact. Any of orders,
    leads and activities may be missing.
    """
    return once(book, "attention", lambda: _attention(book))


def _attention(book: Book) -> Attention:
    start = book.as_of - timedelta(days=YEAR - 1)
    every = (
        contacts.log(book.table("activities"), start, book.as_of)
        if book.has("activities", "date", "kind")
        else pd.DataFrame(columns=LOG)
    )
    asked = is_request(every["kind"], book.settings.segments)
    log, requests = every[~asked], every[asked]
    people = population(book) if book.has("orders", "customer_id", "amount") else None
    parts = [part for part in (_customers(book, people), _leads(book)) if part is not None]
    columns = [
        "subject",
        "name",
        "owner_id",
        "owner",
        "group",
        "kind",
        "tier",
        "promised_days",
        "worth",
    ]
    subjects = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    last = log.groupby("subject")["date"].max()
    subjects = subjects.assign(last=pd.to_datetime(subjects["subject"].map(last.to_dict())))
    silent = (pd.Timestamp(book.as_of) - subjects["last"]).dt.days
    return Attention(subjects.assign(silent_days=silent), log, requests, people)


def is_request(kinds: pd.Series, settings: SegmentSettings) -> pd.Series:
    """Whether each contact came from the customer, by the words of the settings."""
    words = {word.casefold() for word in settings.request_kinds}
    return kinds.astype("str").str.strip().str.casefold().isin(words)


def _customers(book: Book, people: Population | None) -> pd.DataFrame | None:
    if people is None:
        return None
    settings = book.settings.segments
    ranked = classified(
        people, tuple(settings.abc_value), tuple(settings.abc_heads), book.currency
    ).customers
    tiers = tiered(people, settings.tiers, book.currency).customers.set_index("customer_id")["tier"]
    return pd.DataFrame(
        {
            "subject": ranked["customer_id"],
            "name": ranked["name"],
            "owner_id": ranked["owner_id"],
            "owner": ranked["owner"],
            "group": ranked["class_value"],
            "kind": "customer",
            "tier": ranked["customer_id"].map(tiers),
            "promised_days": (
                ranked["class_value"].map(dict(zip(CLASS_NAMES, settings.class_days, strict=True)))
            ),
            "worth": ranked["net_year"],
        }
    )


def _leads(book: Book) -> pd.DataFrame | None:
    """Leads whose deal is open, or that have none yet and are less than a year old; intent as of
    today.
    """
    if not book.has("leads", "lead_id", "created"):
        return None
    frame = contacts.leads(book.table("leads"))
    deals = (
        contacts.outcomes(book.table("opportunities"))
        .dropna(subset="lead_id")
        .drop_duplicates("lead_id", keep="last")
        .set_index("lead_id")
        if book.has("opportunities", "lead_id")
        else None
    )
    outcome = (
        frame["lead_id"].map(deals["outcome"])
        if deals is not None
        else pd.Series(pd.NA, index=frame.index, dtype="object")
    )
    young = frame["created"] > pd.Timestamp(book.as_of) - pd.Timedelta(days=YEAR)
    frame = frame[(outcome == "open") | (outcome.isna() & young)]
    intent = grades(
        pd.Series(pd.Timestamp(book.as_of), index=frame.index), frame["expected_purchase"]
    )
    promised = dict(zip(("high", "medium", "low"), book.settings.segments.intent_days, strict=True))
    return pd.DataFrame(
        {
            "subject": frame["lead_id"],
            "name": frame["company"].where(frame["company"].notna(), frame["lead_id"]),
            "owner_id": frame["rep_id"],
            "owner": rep_labels(book, frame["rep_id"]),
            "group": [f"{grade} intent" for grade in intent],
            "kind": "lead",
            "tier": None,
            "promised_days": [promised[grade] for grade in intent],
            "worth": frame["budget"],
        }
    )


def per_tier(values: list[float], tiers: pd.Series, settings: SegmentSettings) -> np.ndarray:
    """The setting's value for each tier, best first; tiers beyond the list, and customers in none,
    get the last.
    """
    position = {name: min(i, len(values) - 1) for i, name in enumerate(settings.tiers.names)}
    return np.array([values[position.get(tier, len(values) - 1)] for tier in tiers], dtype=float)


def promised_hours(subjects: pd.DataFrame, settings: SegmentSettings) -> np.ndarray:
    """Hours a week each subject's plan takes: contacts in its rhythm, and the visits and calls of
    its tier.
    """
    rhythm = 7 / subjects["promised_days"].to_numpy(float) * settings.contact_hours
    visits = per_tier(settings.tier_visits, subjects["tier"], settings) * settings.visit_hours / 52
    calls = per_tier(settings.tier_calls, subjects["tier"], settings) * settings.contact_hours / 52
    return rhythm + np.where(subjects["kind"] == "customer", visits + calls, 0.0)


def spent_hours(log: pd.DataFrame, settings: SegmentSettings) -> pd.Series:
    """Hours each contact of the log took: visits and demos count as a visit, everything else as a
    short contact.
    """
    return pd.Series(
        np.where(log["kind"].isin(["visit", "demo"]), settings.visit_hours, settings.contact_hours),
        index=log.index,
    )
