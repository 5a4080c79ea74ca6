"""Customers followed from one date to another: their state on both, the flows between states, and
what each state lost and won.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from playbook.base import contracts as column
from playbook.base.language import later

NEW, GONE = later("new"), later("gone")


class MovedCustomers(column.Frame):
    """One row per customer known on either date."""

    customer_id = column.text("the customer")
    name = column.text("its name")
    owner = column.text("rep in charge")
    before = column.text("state on the earlier date; “new” where it had not ordered by then")
    after = column.text("state on the later date; “gone” where no order is left in the window")
    net_before = column.money("net amount of the window on the earlier date")
    net_after = column.money("net amount of the window on the later date")
    bought = column.flag("ordered between the two dates")
    returned = column.flag("had a refund between the two dates")


class MovementFlows(column.Frame):
    """One row per pair of states that occurs."""

    before = column.text("state on the earlier date")
    after = column.text("state on the later date")
    customers = column.count("customers that went this way, or stayed")
    net_before = column.money("what they brought on the earlier date")
    net_after = column.money("what they bring on the later date")


class StateBalance(column.Frame):
    """One row per state: start − left + joined = end, in customers and in money."""

    state = column.text("segment or tier, or new, gone and the like")
    start = column.count("customers on the earlier date")
    left = column.count("of them in another state on the later date")
    joined = column.count("customers from another state")
    end = column.count("customers on the later date")
    net_start = column.money("net amount on the earlier date")
    net_left = column.money("of it, of customers who left; their earlier amount")
    net_joined = column.money("of customers who joined; their later amount")
    net_stayed = column.money("change of the amount of customers who stayed")
    net_end = column.money("net amount on the later date")


def follow(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """A frame of ``MovedCustomers`` from the two dates.

    before, after: indexed by customer_id, with segment (the state), net, name, owner, idle
    (whether the customer has no order left in the window), and of ``after`` bought and returned
    (whether it ordered, or got a refund, since the earlier date). Idle now though not
    before = gone; not there before = new.
    """
    joined = before.add_suffix("_before").join(after.add_suffix("_after"), how="outer")
    was, now = joined["segment_before"].fillna(NEW), joined["segment_after"]
    left = joined["idle_after"].astype(bool) & ~joined["idle_before"].astype("boolean").fillna(
        True
    ).astype(bool)
    columns = {
        "name": joined["name_after"],
        "owner": joined["owner_after"],
        "before": was,
        "after": now.where(~left, GONE),
        "net_before": joined["net_before"].fillna(0.0),
        "net_after": joined["net_after"].fillna(0.0),
        **{
            name: joined[f"{name}_after"].astype("boolean").fillna(False).astype(bool)
            for name in ("bought", "returned")
        },
    }
    return pd.DataFrame(columns).rename_axis("customer_id").reset_index()


def flows_of(customers: pd.DataFrame) -> pd.DataFrame:
    """A frame of ``MovementFlows`` from one of ``MovedCustomers``."""
    return customers.groupby(["before", "after"], as_index=False).agg(
        customers=("customer_id", "size"),
        net_before=("net_before", "sum"),
        net_after=("net_after", "sum"),
    )


def balance(customers: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """A frame of ``StateBalance`` from one of ``MovedCustomers``, states in the given order."""
    stays = customers["before"] == customers["after"]
    out, into, stay = (
        customers[~stays].groupby("before"),
        customers[~stays].groupby("after"),
        customers[stays].groupby("before"),
    )
    all_before, all_after = customers.groupby("before"), customers.groupby("after")
    columns = {
        "start": all_before.size(),
        "left": out.size(),
        "joined": into.size(),
        "end": all_after.size(),
        "net_start": all_before["net_before"].sum(),
        "net_left": out["net_before"].sum(),
        "net_joined": into["net_after"].sum(),
        "net_stayed": stay["net_after"].sum() - stay["net_before"].sum(),
        "net_end": all_after["net_after"].sum(),
    }
    return pd.DataFrame(columns).reindex(list(order)).fillna(0).rename_axis("state").reset_index()
