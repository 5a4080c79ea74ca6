"""The work that waits, by name: follow-ups, customers to see, proposals, leads, lost deals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, day, money, number, text
from playbook.base.formats import is_missing, joined, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import sales, work
from playbook.data.measures.names import customer_names, member_names
from playbook.data.measures.week_work import (
    customer_silence,
    lost_deal_rows,
    open_deal_rows,
    waiting_lead_rows,
)

from .statuses import statuses_known

NEW_DAYS = 91  # age up to which a lead is a new one


class WeekItems(Frame):
    """One row per piece of work, in the order it is to be done."""

    rep = text("the person's key")
    name = text("the person's name")
    date = day("day of the week it is laid on; missing where the week holds no more")
    work = text("kind of work: key customers, new leads, follow-ups, proposals or failed cases")
    customer = text("customer's or lead's name, else its key; empty where the work names none")
    deal = text("key of the deal, or empty")
    worth = money("worth of the deal, else sales of the trailing 12 months; missing where unknown")
    age = number("days overdue, since last seen, in the stage, or since it arose; missing: unknown")
    due = day("when it is due; missing where it has no day")
    why = text("why it waits, in words")


def week_items(book: Book, days: tuple[date, ...], reps: set[str]) -> pd.DataFrame:
    """Everything that waits for people who are here, as ``WeekItems``.

    Follow-ups: the longest overdue first, then by due day. Key customers: those with an open deal,
    and those not seen for longer than the cadence of their value class allows ([segments]
    class_days: of those who bring 80 %, 95 %, all of the sales), by open worth and sales.
    Proposals: open deals in the last stage before the win, failed cases: deals lost last month; the
    largest first. New leads: of the last 13 weeks, without a deal or in the first stage.

    days: working days of the week; reps: keys of the people who are here, empty = all. No day of
    the week is set yet: ``week.placed`` does.
    """
    deals = open_deal_rows(book) if book.has("opportunities", "outcome") else None
    rows = [
        *_follow_ups(book, days),
        *_customers(book, deals),
        *_leads(book, deals),
        *_proposals(book, deals),
        *_lost(book, deals is not None),
    ]
    mine = [
        row
        for row in rows
        if not is_missing(row["rep"])
        and row["rep"] != sales.NOT_GIVEN
        and (not reps or row["rep"] in reps)
    ]
    ids = {row["customer"] for row in mine if row["customer"]}
    names, people = customer_names(book, ids, ids), member_names(book).get("rep", {})
    for row in mine:
        row["customer"] = names.get(row["customer"], row["customer"])
        row |= {"name": people.get(row["rep"], row["rep"]), "date": None}
    return WeekItems.make(mine)


def _follow_ups(book: Book, days: tuple[date, ...]) -> Iterable[dict[str, Any]]:
    if not book.has("activities", "due"):
        return
    found = work.open_actions(book, days[-1])
    known = statuses_known(book)
    for row in found.sort_values(["due", "activity_id"], kind="stable").to_dict("records"):
        late = (book.as_of - row["due"]).days + 1  # due on the day itself is overdue at its end
        if late > 0 and not known:
            continue  # whether an action due by then was done is not known
        who = next((row[k] for k in ("customer_id", "lead_id") if not is_missing(row[k])), "")
        yield _item(
            row["owner"],
            "follow-ups",
            who,
            row["opportunity_id"],
            None,
            max(0, late),
            row["due"],
            "" if is_missing(row["next_action"]) else str(row["next_action"]),
        )


def _customers(book: Book, deals: pd.DataFrame | None) -> Iterable[dict[str, Any]]:
    """Customers to see, by what is open with them and what they bought."""
    found: dict[tuple[Any, str], dict[str, Any]] = {}
    first, last = book.stages[0], book.stages[-2]
    for row in [] if deals is None else deals.to_dict("records"):
        nameless = is_missing(row["customer_id"])
        if nameless and row["stage"] in (first, last):
            continue  # without a customer: it stands among the new leads, or the proposals
        who = row["opportunity_id"] if nameless else row["customer_id"]
        one = found.setdefault((row["rep"], who), {"open": 0.0, "n": 0, "deal": ""})
        one["open"] += 0.0 if is_missing(row["value"]) else row["value"]
        one["n"] += 1
        one["deal"] = one["deal"] or row["opportunity_id"]
        one.setdefault("days", row["days"])
        one["nameless"] = nameless
    quiet = customer_silence(book) if book.has("orders", "customer_id") else None
    if quiet is not None and len(quiet):
        late = quiet["days"].to_numpy() > _cadence(
            quiet["amount"], book.settings.segments.class_days
        )
        columns = [quiet[name].tolist() for name in ("rep", "customer_id", "amount", "days")]
        for rep, customer, amount, days, is_late in zip(*columns, late.tolist(), strict=True):
            key = (rep, customer)
            if is_late or key in found:
                found.setdefault(key, {"open": 0.0, "n": 0, "deal": ""}).update(
                    sales=amount, days=days, late=is_late
                )
    seen = book.has("activities", "date")
    order = sorted(
        found.items(), key=lambda item: (-item[1]["open"] - item[1].get("sales", 0.0), item[0][1])
    )
    for (rep, who), one in order:
        deals_ = plural(one["n"], "open deal") if one["n"] else ""
        silent = _silent(seen, one["days"]) if one.get("late") else ""
        yield _item(
            rep,
            "key customers",
            "" if one.get("nameless") else who,
            one["deal"],
            one["open"] + one.get("sales", 0.0) or None,
            one.get("days"),
            None,
            joined(filter(None, (deals_, silent))),
        )


def _cadence(amounts: pd.Series, class_days: list[float]) -> np.ndarray:
    """Days between contacts by value class: A to the customer that crosses 80 % of the sales, B to
    95 %, C the rest. amounts: largest first.
    """
    before = (amounts.cumsum() - amounts) / amounts.sum()
    return np.select([before < 0.8, before < 0.95], class_days[:2], class_days[2])


def _leads(book: Book, deals: pd.DataFrame | None) -> Iterable[dict[str, Any]]:
    if book.has("leads", "created"):
        since = book.as_of - timedelta(days=NEW_DAYS)
        for row in waiting_lead_rows(book, since).to_dict("records"):
            yield _item(
                row["rep"],
                "new leads",
                row["lead_id"],
                "",
                None,
                row["days"],
                None,
                say("no deal yet"),
            )
    first = book.stages[0]
    if deals is None or first == book.stages[-2]:
        return
    fresh = deals[(deals["stage"] == first) & (deals["days"] <= NEW_DAYS)]
    for row in fresh.sort_values(["days", "opportunity_id"], kind="stable").to_dict("records"):
        yield _deal_item(row, "new leads", _in_stage(first, row["days"]))


def _proposals(book: Book, deals: pd.DataFrame | None) -> Iterable[dict[str, Any]]:
    last = book.stages[-2]
    for row in [] if deals is None else deals.to_dict("records"):
        if row["stage"] == last:
            yield _deal_item(row, "proposals", _in_stage(last, row["days"]))


def _lost(book: Book, known: bool) -> Iterable[dict[str, Any]]:
    if not known or not book.has("opportunities", "closed"):
        return
    for row in lost_deal_rows(book).to_dict("records"):
        yield _deal_item(
            row,
            "failed cases",
            say("lost", context="deal")
            if is_missing(row["reason"])
            else say("lost: {reason}", reason=row["reason"]),
        )


def _silent(logged: bool, days: int) -> str:
    """How long a customer is silent. logged: the book has contacts, else only orders are known."""
    if logged:
        return say("not seen for {days} days", days=days)
    return say("no order for {days} days", days=days)


def _in_stage(stage: str, days: Any) -> str:
    """Where a deal stands, and since when where that is known."""
    if is_missing(days):
        return say("in {stage}", stage=stage)
    return say("in {stage} for {days} days", stage=stage, days=int(days))


def _deal_item(row: dict[str, Any], kind: str, why: str) -> dict[str, Any]:
    deal, days = row["opportunity_id"], row["days"]
    return _item(row["rep"], kind, row["customer_id"], deal, row["value"], days, None, why)


def _item(
    rep: Any, kind: str, who: Any, deal: Any, worth: Any, age: Any, due: date | None, why: str
) -> dict[str, Any]:
    return {
        "rep": rep,
        "work": kind,
        "customer": "" if is_missing(who) else str(who),
        "deal": "" if is_missing(deal) else str(deal),
        "worth": None if is_missing(worth) else worth,
        "age": None if is_missing(age) else int(age),
        "due": due,
        "why": why,
    }
