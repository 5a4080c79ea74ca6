"""Who is to be contacted how often, by whom, and when the last contact was: what all sections about
contacts start from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.settings import SegmentSettings
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.data.measures.touches import customer_contacts
from playbook.data.memo import once
from playbook.segments.population import Population, population, rep_labels
from playbook.segments.value.abc import classified
from playbook.segments.value.tiers import tiered

from .lead_grades import GRADES, UNKNOWN, grades_now

YEAR = 365
CLASS_NAMES = ("A", "B", "C")


class ContactSubjects(column.Frame):
    """One row per customer with an ABC class and per open lead."""

    subject = column.text("id of the customer or lead")
    name = column.text("its name")
    owner_id = column.text("rep in charge")
    owner = column.text("that rep's name")
    group = column.text("A, B or C for customers, the intent for leads")
    kind = column.text("customer or lead")
    tier = column.text("value tier; missing for leads")
    promised_days = column.days("promised between two contacts")
    worth = column.money("customers: net amount of 12 months; leads: budget")
    last = column.day("last contact in the trailing 12 months")
    silent_days = column.days("since that contact")


class ContactLog(column.Frame):
    """One row per contact of the trailing 12 months."""

    activity_id = column.text("the contact")
    rep_id = column.text("rep who had it")
    kind = column.text("visit, call, …")
    customer_id = column.text("customer, where there is one")
    lead_id = column.text("lead, where there is one")
    progressed = column.flag("the contact moved the deal; missing where not recorded")
    next_action = column.text("agreed next action")
    next_owner = column.text("who is to do it")
    status = column.text("open or done")
    date = column.day("day of the contact")
    due = column.day("by when the next action is due")
    recorded_at = column.day("when the contact was recorded")
    recorded_after = column.days("from the contact to its record")
    subject = column.text("the customer, or else the lead")


@dataclass(frozen=True)
class Attention:
    """Customers and open leads with the rhythm promised to them, and the contacts they had.

    log: our contacts; requests: contacts that came from customers, which keep no promise of ours;
    people: None where the book has no orders. A contact that names a deal, or a lead that became a
    customer, is a contact with that customer too (``data.measures.touches``).
    """

    subjects: Annotated[pd.DataFrame, ContactSubjects]
    log: Annotated[pd.DataFrame, ContactLog]
    requests: Annotated[pd.DataFrame, ContactLog]
    people: Population | None


def attention(book: Book) -> Attention:
    """Customers by ABC class and open leads by intent, with their last contact; computed once per
    book. Any of orders, leads and activities may be missing.
    """
    return once(book, "attention", lambda: _attention(book))


def _attention(book: Book) -> Attention:
    start = book.as_of - timedelta(days=YEAR - 1)
    every = (
        contacts.log(_touches(book), start, book.as_of)
        if book.has("activities", "date", "kind")
        else ContactLog.make([])
    )
    asked = is_request(every["kind"], book.settings.segments)
    log, requests = every[~asked], every[asked]
    people = population(book) if book.has("orders", "customer_id", "amount") else None
    parts = [part for part in (_customers(book, people), _leads(book)) if part is not None]
    subjects = pd.concat(parts, ignore_index=True) if parts else ContactSubjects.make([])
    last = contacts_of(log).groupby("subject")["date"].max()
    subjects = subjects.assign(last=pd.to_datetime(subjects["subject"].map(last.to_dict())))
    silent = (pd.Timestamp(book.as_of) - subjects["last"]).dt.days
    return Attention(subjects.assign(silent_days=silent), log, requests, people)


def _touches(book: Book) -> nw.LazyFrame:
    """Activities whose customer, and whose lead, are filled by the deal they name."""
    rows = customer_contacts(book)
    if not (book.has("activities", "opportunity_id") and book.has("opportunities", "lead_id")):
        return rows
    names = rows.collect_schema().names()
    deals = book.table("opportunities").select("opportunity_id", lead_of_deal=nw.col("lead_id"))
    found = rows.join(deals, on="opportunity_id", how="left")
    return found.with_columns(lead_id=nw.coalesce("lead_id", "lead_of_deal")).select(*names)


def contacts_of(log: pd.DataFrame) -> pd.DataFrame:
    """The contacts once per customer and once per lead they are with, as ``subject``."""
    sides = [
        log[log[side].notna()].assign(subject=lambda rows, side=side: rows[side])
        for side in ("customer_id", "lead_id")
    ]
    return pd.concat(sides, ignore_index=True)


def is_request(kinds: pd.Series, settings: SegmentSettings) -> pd.Series:
    """Whether each contact came from the customer: its kind is one of the setting request_kinds."""
    names = {kind.casefold() for kind in settings.request_kinds}
    return kinds.astype("str").str.strip().str.casefold().isin(names)


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
    """Leads whose deal is open, or that have none yet and are less than a year old, with their
    intent on the as-of date.
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
    intent = grades_now(book.as_of, frame["created"], frame["expected_purchase"])
    if not book.has("leads", "expected_purchase"):
        intent = np.full(len(frame), UNKNOWN)
    days = book.settings.segments.intent_days
    promised = {**dict(zip(GRADES, days, strict=True)), UNKNOWN: days[-1]}
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


def rhythm_settings(subjects: pd.DataFrame) -> list[str]:
    """The settings of [segments] that say how often these subjects are to be contacted."""
    by_kind = {"customer": "class_days", "lead": "intent_days"}
    return [name for kind, name in by_kind.items() if (subjects["kind"] == kind).any()]


def per_tier(values: list[float], tiers: pd.Series, settings: SegmentSettings) -> np.ndarray:
    """The value of a setting for each customer's tier.

    values: one per tier, best first; tiers beyond the list, and customers in no tier, get the last.
    """
    position = {name: min(i, len(values) - 1) for i, name in enumerate(settings.tiers.names)}
    place, each = pd.factorize(tiers)
    last = len(values) - 1
    found = [values[position.get(tier, last)] for tier in each]
    return np.array([*found, values[last]], dtype=float)[place]  # no tier has place -1


def promised_hours(subjects: pd.DataFrame, settings: SegmentSettings) -> np.ndarray:
    """Hours a week that the contacts promised to each subject take: contacts in its rhythm, and the
    visits and calls of its tier.
    """
    rhythm = 7 / subjects["promised_days"].to_numpy(float) * settings.contact_hours
    visits = per_tier(settings.tier_visits, subjects["tier"], settings) * settings.visit_hours / 52
    calls = per_tier(settings.tier_calls, subjects["tier"], settings) * settings.contact_hours / 52
    return rhythm + np.where(subjects["kind"] == "customer", visits + calls, 0.0)


def spent_hours(log: pd.DataFrame, settings: SegmentSettings) -> pd.Series:
    """Hours of each contact in the log, by the settings: visits and demos count as a visit,
    everything else as a short contact.
    """
    return pd.Series(
        np.where(log["kind"].isin(["visit", "demo"]), settings.visit_hours, settings.contact_hours),
        index=log.index,
    )
