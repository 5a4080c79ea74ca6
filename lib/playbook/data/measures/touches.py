"""Contacts with a customer: the one definition every chapter asks.

An activity is a contact with a customer when it names the customer, one of the customer's deals, or
a lead that became the customer.
"""

from __future__ import annotations

import narwhals as nw

from playbook.data.book import Book
from playbook.data.memo import kept


def customer_contacts(book: Book) -> nw.LazyFrame:
    """Activities as known on the as-of date, whose ``customer_id`` is filled by the deal or the
    lead they name, and whose ``lead_id`` by the deal; all other columns as given. Raises
    NotAvailable without activities.
    """
    return kept(book, "contacts", lambda: _contacts(book))


def _contacts(book: Book) -> nw.LazyFrame:
    rows = book.table("activities")
    names = rows.collect_schema().names()
    customer, lead = ["customer_id"], ["lead_id"]
    if not book.has("opportunities"):
        return rows
    deals = book.table("opportunities").select(
        "opportunity_id", customer_of_deal=nw.col("customer_id"), lead_of_deal=nw.col("lead_id")
    )
    if book.has("activities", "opportunity_id"):
        rows = rows.join(deals, on="opportunity_id", how="left")
        customer.append("customer_of_deal")
        lead.append("lead_of_deal")
    known = _customers_of_leads(book, deals) if book.has("activities", "lead_id") else None
    if known is not None:
        rows = rows.join(known, on="lead_id", how="left")
        customer.append("customer_of_lead")
    return rows.with_columns(customer_id=nw.coalesce(*customer), lead_id=nw.coalesce(*lead)).select(
        *names
    )


def _customers_of_leads(book: Book, deals: nw.LazyFrame) -> nw.LazyFrame | None:
    """lead_id → customer_of_lead, by the deal that names the lead or the deal the lead names."""
    parts = []
    if book.has("opportunities", "lead_id"):
        parts.append(deals.select("customer_of_deal", lead_id=nw.col("lead_of_deal")))
    if book.has("leads", "converted_opportunity_id"):
        leads = book.table("leads").select(
            "lead_id", opportunity_id=nw.col("converted_opportunity_id")
        )
        named = leads.join(
            deals.select("opportunity_id", "customer_of_deal"), on="opportunity_id", how="inner"
        )
        parts.append(named.select("customer_of_deal", "lead_id"))
    if not parts:
        return None
    every = (parts[0] if len(parts) == 1 else nw.concat(parts)).filter(
        ~nw.col("lead_id").is_null(), ~nw.col("customer_of_deal").is_null()
    )
    return every.group_by("lead_id").agg(customer_of_lead=nw.col("customer_of_deal").min())
