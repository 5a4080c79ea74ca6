"""Promises that ask for an action: agreed next steps, contacts that lead nowhere, visits and calls
promised to value tiers, and the care plan.
"""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base.action_ids import action_id
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.frames import collect
from playbook.segments.care.attention import attention
from playbook.segments.care.known_actions import overdue_of, stalled_of
from playbook.segments.care.open_actions import upcoming_actions
from playbook.segments.care.visit_plan import plan_of
from playbook.segments.illustrations import not_set
from playbook.segments.known import is_newest
from playbook.segments.population import NOBODY, in_charge, rep_labels
from playbook.segments.workdays import workday, working_day

from .events import CustomerEvents, due_on, none, of_customers

CHANGE_IN = 10  # working days in which an approach that led nowhere is to be changed
APPROACH = later("Change the approach: another contact, another offer, or stop")
# how often the care plan asks for an action, by its own words [days]
FREQUENCY = {
    "weekly": 7,
    "monthly": 30,
    "every two months": 61,
    "quarterly": 91,
    "half-yearly": 182,
    "yearly": 365,
    "annual": 365,
    "annually": 365,
    "每周": 7,
    "每月": 30,
    "每季度": 91,
    "每季": 91,
    "每半年": 182,
    "每年": 365,
}


def follow_ups(book: Book) -> pd.DataFrame:
    """Agreed next steps: those to come, and those past their day that are still open."""
    late, ahead = overdue_of(book), upcoming_actions(book, attention(book).log)
    names = ahead["subject"].map(_names(book))
    ahead = ahead.assign(name=names.where(names.notna(), ahead["subject"]))
    shared = ["activity_id", "subject", "name", "owner_id", "owner", "next_action", "due", "date"]
    rows = pd.concat(
        [late[[*shared, "worth"]], ahead[shared].assign(worth=np.nan)], ignore_index=True
    )
    if rows.empty:
        return none()
    return CustomerEvents.make(
        {
            "id": [action_id("follow-up", value) for value in rows["activity_id"]],
            "kind": "follow-up",
            "owner_id": rows["owner_id"],
            "owner": rows["owner"],
            "customer_id": rows["subject"],
            "name": rows["name"].fillna(NOBODY),
            "action": [
                say("Agreed: {step}", step=step)
                for step in rows["next_action"].fillna(say("next step"))
            ],
            "reason": [
                say("agreed {date}", date=book.fmt.text(day.date(), "date")) for day in rows["date"]
            ],
            "due": [day.date() for day in rows["due"]],
            "worth": pd.to_numeric(rows["worth"], errors="coerce"),
            "done_on": pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]"),
        }
    )


def _names(book: Book) -> dict[str, str]:
    """Customer, or lead still to be contacted → its name."""
    found = attention(book)
    names = dict(zip(found.subjects["subject"], found.subjects["name"], strict=True))
    if found.people is None:
        return names
    people = found.people.frame
    return dict(zip(people["customer_id"], people["name"], strict=True)) | names


def approaches(book: Book) -> pd.DataFrame:
    """Customers and leads whose newest contacts, three or more in a row, moved nothing."""
    rows = stalled_of(book)
    if rows.empty:
        return none()
    days = {day: working_day(day.date(), CHANGE_IN, book.calendar) for day in rows["third"]}
    return CustomerEvents.make(
        {
            "id": [
                action_id("change of approach", *pair)
                for pair in zip(rows["subject"], rows["first"].dt.date, strict=True)
            ],
            "kind": "change of approach",
            "owner_id": rows["owner_id"].where(in_charge(rows["owner"])),
            "owner": rows["owner"],
            "customer_id": rows["subject"],
            "name": rows["name"],
            "action": APPROACH,
            "reason": [say("{n} contacts without progress", n=n) for n in rows["touches"]],
            "due": [days[day] for day in rows["third"]],
            "worth": pd.to_numeric(rows["worth"], errors="coerce"),
            "done_on": pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]"),
        }
    )


def promised_contacts(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """The next visit and the next call that a value tier is promised, where the firm set tiers and
    promises; done by the visit or call, from which the next one counts.
    """
    if not_set(book.settings.segments, "tiers", "tier_visits", "tier_calls"):
        return none()
    plan = plan_of(book)
    parts = []
    for kind, due, last, what in (
        ("care visit", "visit_due", "last_visit", say("Visit promised to the tier")),
        ("care call", "call_due", "last_call", say("Call promised to the tier")),
    ):
        rows = plan[plan[due].notna()]
        rows = rows.assign(
            key=[f"{c} {d}" for c, d in zip(rows["customer_id"], rows[last].dt.date, strict=True)],
            due=due_on(rows[due], workday, book),
            reason=[
                say(
                    "{tier}; last {date}",
                    tier=book.fmt.text(tier, "tier"),
                    date=book.fmt.text(day.date(), "date"),
                )
                if day == day
                else say("{tier}; none in 12 months", tier=book.fmt.text(tier, "tier"))
                for tier, day in zip(rows["tier"], rows[last], strict=True)
            ],
            worth=rows["net_year"],
            done_on=pd.NaT,
        )
        parts.append(of_customers(book, rows, people, kind, "key", what))
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else none()


def care_actions(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """The next round of each action of the care plan: its frequency after it was last done."""
    if not book.has("care_plan", "frequency", "last_done"):
        return none()
    rows = collect(
        book.table("care_plan").select(
            "customer_id",
            "action",
            "frequency",
            "owner",
            last_done=nw.col("last_done").cast(nw.Datetime("us")),
        ),
        sort=["customer_id", "action"],
    )
    every = rows["frequency"].astype("str").str.strip().str.casefold().map(FREQUENCY)
    rows = rows[rows["last_done"].notna() & every.notna()].assign(every=every)
    if rows.empty:
        return none()
    rows = rows.assign(day=rows["last_done"] + pd.to_timedelta(rows["every"], unit="D"))
    rows = rows.assign(
        key=[
            f"{c}\x1f{a}\x1f{d}"
            for c, a, d in zip(
                rows["customer_id"], rows["action"], rows["last_done"].dt.date, strict=True
            )
        ],
        due=due_on(rows["day"], workday, book),
        action=[say("Care plan: {action}", action=action) for action in rows["action"]],
        reason=[
            say("{often}; last {date}", often=often, date=book.fmt.text(day.date(), "date"))
            for often, day in zip(rows["frequency"], rows["last_done"], strict=True)
        ],
        worth=rows["customer_id"].map(people.set_index("customer_id")["net_year"]),
        done_on=pd.NaT,
    ).reset_index(drop=True)
    made = of_customers(book, rows, people, "care plan", "key", "")
    labels = rep_labels(book, rows["owner"]).where(rows["owner"].notna(), made["owner"])
    made["owner"] = labels
    made["owner_id"] = made["owner_id"].where(rows["owner"].isna(), rows["owner"])
    made["owner_id"] = made["owner_id"].where(in_charge(labels))
    return made


def care_gap(book: Book) -> str:
    """What of the care plan cannot be timed; empty where all can."""
    if not book.has("care_plan"):
        return ""
    rows = collect(book.table("care_plan").select("frequency", "last_done", "customer_id"))
    odd = rows["frequency"].astype("str").str.strip().str.casefold().map(FREQUENCY).isna()
    untimed = int((rows["last_done"].isna() | odd).sum())
    when = "" if is_newest(book) else say(", as known by then,")
    if not untimed:
        return ""
    return say(
        " {untimed} of {rows} rows of the care plan{when} say not when they"
        " were last done, or not how often: no day follows from them.",
        untimed=book.fmt.count(untimed),
        rows=book.fmt.count(len(rows)),
        when=when,
    )
