"""Awards for a first: a referred customer's first order, a new hire's first deal."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import listing, plural
from playbook.base.language import say
from playbook.base.settings.plan_parts import Award

from .award_line import AwardLine
from .credit import UNASSIGNED
from .history import History


def receivers(award: Award, past: History, **people_: str | None) -> list[str]:
    """Who an award goes to: each person once, in the order the plan names them. people_: rep,
    customer_owner and lead_owner of the event.
    """
    found = {**people_, "mentor": past.mentors.get(people_.get("rep"))}
    return list(
        dict.fromkeys(
            v
            for v in (found.get(who) for who in award.to)
            if isinstance(v, str) and v != UNASSIGNED
        )
    )


def referral(past: History, award: Award) -> tuple[list[AwardLine], str]:
    """The first order of each customer who came through the referral channel, paid to every role
    the plan names; taken back when the order is refunded and no other of the customer stands.
    """
    sales = past.orders[past.orders["amount"] > 0].drop_duplicates("customer_id")
    came = sales[sales["channel"] == award.channel]
    back = refunded_firsts(past.orders, came)
    rows = []
    for first in came.itertuples(index=False):
        for row, refund in back.get(first.order_id, ((first, None),)):
            why = say(
                "first order of {customer_id}, who came by {channel}",
                customer_id=row.customer_id,
                channel=award.channel,
            )
            who = receivers(
                award,
                past,
                rep=row.rep_id,
                customer_owner=row.customer_rep,
                lead_owner=row.lead_rep,
            )
            rows += [_line(one, row, award, why) for one in who]
            rows += [_taken_back(one, row, refund, award) for one in who if refund is not None]
    if len(came):
        return rows, ""
    known = sorted(set(sales["channel"].dropna()))
    return (
        rows,
        say(
            "Award '{name}': no customer's first order came through channel '{channel}'",
            name=award.name,
            channel=award.channel,
        )
        + (
            say(" (channels of first orders: {known}).", known=listing(known))
            if known
            else say("; no order has a channel.")
        ),
    )


def _line(who: str, row, award: Award, why: str) -> AwardLine:
    return AwardLine(who, row.date, row.order_id, row.customer_id, award.name, award.amount, why)


def _taken_back(who: str, row, refund, award: Award) -> AwardLine:
    """The award taken back with the refund of what earned it."""
    return AwardLine(
        who,
        refund.date,
        row.order_id,
        row.customer_id,
        award.name,
        -award.amount,
        say(
            "taken back: order {order_id} of {date:%Y-%m-%d}, which had earned"
            " it, was refunded in full",
            order_id=row.order_id,
            date=row.date,
        ),
        earned=row.date,
    )


def refunded_firsts(
    orders: pd.DataFrame, first: pd.DataFrame, key: str = "customer_id"
) -> dict[str, list[tuple]]:
    """Of the first orders that a refund took back in full: first order id → (sale that carries the
    award, refund that took it back or None) in the order of days.

    The award stays while another order of the same ``key`` stands, and is earned again by the next.
    orders: credited lines sorted by date. first: their rows that are somebody's first.
    """
    ids = set(first["order_id"])
    refunded = orders[(orders["amount"] < 0) & orders["order_id"].isin(ids)]
    if not len(refunded):
        return {}
    asked = first[first["order_id"].isin(set(refunded["order_id"]))]
    starts = dict(zip(asked[key], asked["order_id"], strict=True))
    mine = orders[orders[key].isin(starts) | orders["order_id"].isin(set(asked["order_id"]))]
    owner = dict(
        zip(mine["order_id"][mine["amount"] > 0], mine[key][mine["amount"] > 0], strict=True)
    )
    found = {}
    for who, part in mine.groupby(mine["order_id"].map(owner), sort=False):
        if who in starts:
            held = _carriers(part, starts[who])
            if len(held) > 1 or held[0][1] is not None:
                found[starts[who]] = held
    return found


def _carriers(rows: pd.DataFrame, first: str) -> list[tuple]:
    """(sale, refund that took the award back or None) of one customer's or rep's lines."""
    stands: dict[str, int] = {}
    held: list[list] = []
    began = False
    for row in rows.itertuples(index=False):
        began = began or row.order_id == first
        if not began:
            continue
        stands[row.order_id] = stands.get(row.order_id, 0) + row.amount
        open_ = held[-1] if held and held[-1][1] is None else None
        if row.amount > 0 and open_ is None:
            held.append([row, None])
        elif row.amount < 0 and open_ is not None and not any(v > 0 for v in stands.values()):
            open_[1] = row
    return [tuple(one) for one in held]


def first_deals(past: History) -> pd.DataFrame:
    """First sale, renewals apart, of each rep hired since the data begin: rep_id, hired, date,
    order_id, customer_id, days.
    """
    sales = first_sales(past)
    hires = past.people.dropna(subset=["hired"])[["rep_id", "hired", "mentor_id"]]
    first = sales[["rep_id", "date", "order_id", "customer_id"]].merge(hires, on="rep_id")
    first = first[(first["hired"] >= past.orders["date"].min()) & (first["date"] >= first["hired"])]
    return (
        first.assign(days=(first["date"] - first["hired"]).dt.days)
        .sort_values(["date", "rep_id"])
        .reset_index(drop=True)
    )


def first_sales(past: History) -> pd.DataFrame:
    """Each rep's first sale that is not a renewal."""
    return _own_sales(past)[lambda rows: rows["amount"] > 0].drop_duplicates("rep_id")


def _own_sales(past: History) -> pd.DataFrame:
    """Sales with a rep that are not renewals, and all refunds."""
    new = past.orders["rep_id"].notna() & (past.orders["kind"] != "renewal").fillna(True)
    return past.orders[new | (past.orders["amount"] < 0)]


def first_deal(past: History, award: Award) -> tuple[list[AwardLine], str]:
    """The first deal of a new hire, paid to the mentor or whoever the plan names; taken back when
    it is refunded and no other deal of the hire stands.
    """
    found = first_deals(past)
    back = refunded_firsts(_own_sales(past), found, "rep_id")
    rows = []
    for first in found.itertuples(index=False):
        for row, refund in back.get(first.order_id, ((first, None),)):
            days = (row.date - first.hired).days
            if award.within_days and days > award.within_days:
                continue
            who = receivers(award, past, rep=first.rep_id)
            why = say(
                "first deal of {name}, {days} after hiring",
                name=past.name(first.rep_id),
                days=plural(days, "day"),
            )
            rows += [_line(one, row, award, why) for one in who]
            rows += [_taken_back(one, row, refund, award) for one in who if refund is not None]
    return (
        rows,
        (
            ""
            if past.people["hired"].notna().any()
            else (
                say(
                    "Award '{name}' cannot be judged: it needs reps with the day they were hired.",
                    name=award.name,
                )
            )
        ),
    )
