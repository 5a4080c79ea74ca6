"""Agreed actions that are overdue, and customers and leads where contacts lead nowhere."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as column
from playbook.base.language import say
from playbook.data.book import Book
from playbook.segments.known import is_newest
from playbook.segments.population import in_charge, rep_labels

from .attention import ContactLog, ContactSubjects


class OverdueActions(ContactLog):
    """One row per agreed action past its due day, the most valuable subject first."""

    name = column.text("name of the customer or lead")
    owner_id = column.text("who is to do it, else the rep of the contact")
    owner = column.text("that person's name")
    late = column.days("past the due day")
    worth = column.money("customers: net amount of 12 months; leads: budget")


class StalledSubjects(ContactSubjects):
    """One row per subject whose newest contacts, TOUCHES or more in a row, moved nothing."""

    touches = column.count("newest contacts in a row without progress")
    first = column.day("first of them")
    third = column.day("the one that made them TOUCHES")


TOUCHES = 3


def overdue_gap(book: Book) -> str:
    """Why overdue actions cannot be told, as words that follow "because"; empty when they can."""
    lacking = [name for name in ("status", "due") if not book.has("activities", name)]
    if lacking:
        return say("the contacts carry no {lacking}", lacking=" and no ".join(lacking))
    if not is_newest(book):
        return say(
            "the status of an agreed action carries no day and is that of the"
            " export: which were open on {as_of} is not known",
            as_of=book.fmt.text(book.as_of, "date"),
        )
    return ""


def overdue_actions(book: Book, log: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """A frame of ``OverdueActions`` from one of ``ContactLog``; empty where ``overdue_gap`` says
    that they cannot be told.

    names: indexed by subject, with name and worth.
    """
    today = pd.Timestamp(book.as_of)
    late = log[(log["status"] == "open") & (log["due"] < today)]
    late = late[:0] if overdue_gap(book) else late
    owner = late["next_owner"].where(late["next_owner"].notna(), late["rep_id"])
    labels = rep_labels(book, owner)
    rows = late.assign(
        name=late["subject"].map(names["name"]).fillna(late["subject"]).fillna("–"),
        owner_id=owner.where(in_charge(labels)),
        owner=labels,
        late=(today - late["due"]).dt.days,
        worth=pd.to_numeric(late["subject"].map(names["worth"])),
    )
    return rows.sort_values(
        ["worth", "late", "activity_id"], ascending=[False, False, True], na_position="last"
    ).reset_index(drop=True)


def upcoming_actions(book: Book, log: pd.DataFrame) -> pd.DataFrame:
    """Agreed actions due on the as-of date or later, of ``ContactLog`` with owner_id and owner.
    Whether one is done before its day is not known.
    """
    ahead = log[log["next_action"].notna() & (log["due"] >= pd.Timestamp(book.as_of))]
    ahead = ahead[~ahead["status"].isin(["done", "failed"])]
    owner = ahead["next_owner"].where(ahead["next_owner"].notna(), ahead["rep_id"])
    labels = rep_labels(book, owner)
    return ahead.assign(owner_id=owner.where(in_charge(labels)), owner=labels)


def stalled_subjects(log: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """A frame of ``StalledSubjects``: subjects still to be contacted whose newest contacts are all
    marked as without progress. A contact with an open lead counts for it alone.
    """
    known = set(subjects["subject"])
    every = log.assign(subject=log["lead_id"].where(log["lead_id"].isin(known), log["customer_id"]))
    marked = every[every["progressed"].notna() & every["subject"].isin(known)].sort_values(
        ["subject", "date", "activity_id"], ascending=[True, False, False]
    )
    moved = marked["progressed"].astype(bool)
    since = (
        moved.groupby(marked["subject"]).cumsum() == 0
    )  # newest contacts up to the last one that moved something
    streak = marked[since]
    touches = streak.groupby("subject").size()
    oldest = streak.iloc[::-1].groupby("subject")["date"]
    names = subjects["subject"]
    third = oldest.nth(TOUCHES - 1)
    rows = subjects.assign(
        touches=names.map(touches.to_dict()).fillna(0).astype(int),
        first=pd.to_datetime(names.map(oldest.first().to_dict())),
        third=pd.to_datetime(
            names.map(dict(zip(streak.loc[third.index, "subject"], third, strict=True)))
        ),
    )
    rows = rows[rows["touches"] >= TOUCHES]
    return rows.sort_values(
        ["worth", "touches", "subject"], ascending=[False, False, True], na_position="last"
    ).reset_index(drop=True)
