"""Answering and solving: hours from a customer's request to the first contact after it, and to the
first that moved something, against the promise.
"""

from __future__ import annotations

import pandas as pd

from playbook.base.settings import SegmentSettings
from playbook.methods.intervals import wilson

from .attention import per_tier

ALL = "All"
KINDS = ("answered", "solved")


def waits(log: pd.DataFrame, requests: pd.DataFrame) -> pd.DataFrame:
    """The requests with hours until answered and until solved, missing while open.

    Answered: the first contact with the customer recorded from the request's own time on. Solved:
    the first of those marked as
    progress. Both need a time of recording; requests without one are left out.
    """
    timed = requests[requests["recorded_at"].notna() & requests["customer_id"].notna()]
    ours = log[log["recorded_at"].notna() & log["customer_id"].notna()]
    hours = {
        "answered": _until(timed, ours),
        "solved": _until(
            timed, ours[ours["progressed"].astype("boolean").fillna(False).astype(bool)]
        ),
    }
    return timed.assign(**hours)


def _until(requests: pd.DataFrame, contacts: pd.DataFrame) -> pd.Series:
    """Hours from each request to the first of the customer's contacts not before it."""
    if requests.empty or contacts.empty:
        return pd.Series(float("nan"), index=requests.index)
    left = requests.assign(place=requests.index).sort_values(["recorded_at", "place"])
    right = (
        contacts[["customer_id", "recorded_at"]]
        .assign(then=contacts["recorded_at"])
        .sort_values("recorded_at")
    )
    met = pd.merge_asof(
        left, right, on="recorded_at", by="customer_id", direction="forward"
    ).set_index("place")
    return ((met["then"] - met["recorded_at"]).dt.total_seconds() / 3600).reindex(requests.index)


def by_tier(
    found: pd.DataFrame, tiers: pd.Series, settings: SegmentSettings, now: pd.Timestamp
) -> pd.DataFrame:
    """One row per tier, then all: requests, and for answering and solving the promise, those due,
    kept in time with interval, median hours.

    tiers: customer_id → tier; customers in none are promised what the last tier is. now: end of the
    as-of date. A request counts as due when its
    promise has run out by then, met or not; the median takes open ones as longer than all others.
    """
    tier = found["customer_id"].map(tiers).fillna(settings.tiers.names[-1])
    promised = {
        "answered": per_tier(settings.tier_response_hours, tier, settings),
        "solved": per_tier(settings.tier_solving_hours, tier, settings),
    }
    age = (now - found["recorded_at"]).dt.total_seconds() / 3600
    rows = []
    for name in [*settings.tiers.names, ALL]:
        of = pd.Series(True, index=found.index) if name == ALL else tier == name
        row: dict = {"tier": name, "requests": int(of.sum())}
        for kind in KINDS:
            limit = pd.Series(promised[kind], index=found.index)
            due = of & (age >= limit)
            row |= _kept(kind, found.loc[due, kind], limit[due])
            row[f"{kind}_promise"] = (
                None
                if name == ALL
                else float(
                    per_tier(
                        (
                            settings.tier_response_hours
                            if kind == "answered"
                            else settings.tier_solving_hours
                        ),
                        pd.Series([name]),
                        settings,
                    )[0]
                )
            )
        rows.append(row)
    return pd.DataFrame(rows)


def _kept(kind: str, hours: pd.Series, limit: pd.Series) -> dict:
    k, n = int((hours <= limit).sum()), len(hours)
    low, high = wilson(k, n)
    median = hours.fillna(float("inf")).median() if n else None
    return {
        f"{kind}_due": n,
        f"{kind}_kept": k,
        kind: k / n if n else None,
        f"{kind}_low": low,
        f"{kind}_high": high,
        f"{kind}_hours": None if median is None or median == float("inf") else float(median),
    }
