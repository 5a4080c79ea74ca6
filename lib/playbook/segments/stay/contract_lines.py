"""Lines of contracts: a first contract followed through its renewals, and how the line ends."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.segments.running_contracts import NEVER_ENDS, ends_of


class ContractLines(column.Frame):
    """One row per line of renewals, by the id of its first contract."""

    contract_id = column.text("the first contract of the line")
    customer_id = column.text("its customer")
    start = column.day("first day of the first contract")
    end = column.day("last day of the last contract; missing where it runs on without an end")
    renewals = column.count("renewals in the line")
    days = column.days("watched: to the line's end, or to the as-of date while it runs")
    cause = column.count("0 still running, 1 the customer left, 2 moved to another contract")


GRACE = (
    60  # days after a contract's end in which another one of the customer still counts as going on
)


LEFT, MOVED = (
    1,
    2,
)  # how a line of renewals ends: nothing follows, or another contract of the customer does


MOST_RENEWALS = 100  # a longer chain renews itself in a circle


def lines(contracts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """A frame of ``ContractLines``.

    contracts: with successor, renewed and open of ``data.measures.renewal``. A contract renewed by
    one that is not in the table does not end its line: the line counts as running and is watched to
    that contract's last day. Neither does one that ended so recently that another may still follow.
    """
    contracts = contracts.assign(end=ends_of(contracts))
    known = contracts.set_index("contract_id")
    after = known["successor"].where(
        known["successor"].isin(known.index) & (known["successor"] != known.index)
    )
    first = known.index.difference(pd.Index(after.dropna().unique()))
    last, renewals = pd.Series(first, index=first), pd.Series(0, index=first)
    for _ in range(MOST_RENEWALS):
        following = last.map(after.to_dict())
        if following.isna().all():
            break
        renewals += following.notna()
        last = following.where(following.notna(), last)
    found = pd.DataFrame(
        {
            "contract_id": first,
            "customer_id": known.loc[first, "customer_id"].to_numpy(),
            "start": known.loc[first, "start"].to_numpy(),
            "end": known.loc[last, "end"].to_numpy(),
            "renewed": (known["renewed"] | known["open"]).loc[last].to_numpy(),
            "last": last.to_numpy(),
            "renewals": renewals.to_numpy(),
        }
    )
    today = pd.Timestamp(as_of)
    ended = (found["end"] <= today) & ~found["renewed"]
    days = (found["end"].where(ended, found["end"].clip(upper=today)) - found["start"]).dt.days
    cause = np.where(ended, np.where(_goes_on(found, contracts), MOVED, LEFT), 0)
    return found.assign(
        days=days.clip(lower=0),
        cause=cause,
        end=found["end"].where(found["end"] < NEVER_ENDS),
    ).drop(columns=["renewed", "last"])


def _goes_on(found: pd.DataFrame, contracts: pd.DataFrame) -> np.ndarray:
    """Whether each line's customer has another contract that runs beyond the line's end and begins
    at most GRACE days after it.
    """
    pairs = (
        found[["customer_id", "end", "contract_id"]]
        .rename(columns={"contract_id": "line", "end": "ended"})
        .merge(contracts[["customer_id", "start", "end"]], on="customer_id")
    )
    other = pairs[
        (pairs["end"] > pairs["ended"])
        & (pairs["start"] <= pairs["ended"] + pd.Timedelta(days=GRACE))
    ]
    return found["contract_id"].isin(set(other["line"])).to_numpy()
