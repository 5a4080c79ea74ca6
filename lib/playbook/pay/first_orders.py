"""Awards for a first: a referred customer's first order, a new hire's first deal."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import listing, plural
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
    the plan names.
    """
    sales = past.orders[past.orders["amount"] > 0].drop_duplicates("customer_id")
    came = sales[sales["channel"] == award.channel]
    rows = [
        AwardLine(
            who,
            r.date,
            r.order_id,
            r.customer_id,
            award.name,
            award.amount,
            f"first order of {r.customer_id}, who came by {award.channel}",
        )
        for r in came.itertuples(index=False)
        for who in receivers(
            award, past, rep=r.rep_id, customer_owner=r.customer_rep, lead_owner=r.lead_rep
        )
    ]
    if len(came):
        return rows, ""
    known = sorted(set(sales["channel"].dropna()))
    return (
        rows,
        f"Award '{award.name}': no customer's first order came through channel '{award.channel}'"
        + (
            f" (channels of first orders: {listing(known)})."
            if known
            else "; no order has a channel."
        ),
    )


def first_deals(past: History) -> pd.DataFrame:
    """First sale, renewals apart, of each rep hired since the data begin: rep_id, hired, date,
    order_id, customer_id, days.
    """
    sold = (
        (past.orders["amount"] > 0)
        & past.orders["rep_id"].notna()
        & (past.orders["kind"] != "renewal").fillna(True)
    )
    sales = past.orders[sold].drop_duplicates("rep_id")
    hires = past.people.dropna(subset=["hired"])[["rep_id", "hired", "mentor_id"]]
    first = sales[["rep_id", "date", "order_id", "customer_id"]].merge(hires, on="rep_id")
    first = first[(first["hired"] >= past.orders["date"].min()) & (first["date"] >= first["hired"])]
    return (
        first.assign(days=(first["date"] - first["hired"]).dt.days)
        .sort_values(["date", "rep_id"])
        .reset_index(drop=True)
    )


def first_deal(past: History, award: Award) -> tuple[list[AwardLine], str]:
    """The first deal of a new hire, paid to the mentor or whoever the plan names."""
    found = first_deals(past)
    if award.within_days:
        found = found[found["days"] <= award.within_days]
    rows = [
        AwardLine(
            who,
            r.date,
            r.order_id,
            r.customer_id,
            award.name,
            award.amount,
            f"first deal of {past.name(r.rep_id)}, {plural(int(r.days), 'day')} after hiring",
        )
        for r in found.itertuples(index=False)
        for who in receivers(award, past, rep=r.rep_id)
    ]
    return (
        rows,
        (
            ""
            if past.people["hired"].notna().any()
            else (
                f"Award '{award.name}' cannot be judged: it needs reps with the day they were"
                " hired."
            )
        ),
    )
