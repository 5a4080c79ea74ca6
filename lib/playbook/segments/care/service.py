"""Service: customers' requests answered and solved within the hours promised to their tier."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say
from playbook.base.settings import SegmentSettings
from playbook.data.book import Book
from playbook.methods.intervals import wilson
from playbook.page import Col, Table, table

from .attention import Attention, per_tier

ALL = "All"
KINDS = ("answered", "solved")


class ServiceTiers(column.Frame):
    """One row per value tier, then All. A request is due once its promise has run out."""

    tier = column.text("tier of the customer, or All")
    requests = column.count("requests of the trailing 12 months")
    answered_promise = column.number("hours in which the tier is promised an answer")
    answered_due = column.count("requests whose promised answer was due by the as-of date")
    answered_kept = column.count("of them answered in time")
    answered = column.share("answered in time", low="answered_low", high="answered_high")
    answered_low = column.share("lower end of the Wilson 95 % interval")
    answered_high = column.share("upper end")
    answered_hours = column.number("median hours to the answer; missing where half are unanswered")
    solved_promise = column.number("hours in which the tier is promised a solution")
    solved_due = column.count("requests whose promised solution was due by the as-of date")
    solved_kept = column.count("of them solved in time")
    solved = column.share("solved in time", low="solved_low", high="solved_high")
    solved_low = column.share("lower end of the Wilson 95 % interval")
    solved_high = column.share("upper end")
    solved_hours = column.number("median hours to the solution; missing where half are unsolved")


def waits(log: pd.DataFrame, requests: pd.DataFrame) -> pd.DataFrame:
    """The requests with the hours until ``answered`` and until ``solved``, missing while open.

    Answered: the first contact with the customer recorded at the time of the request or later.
    Solved: the first of those marked as progress. Requests and contacts without a time of recording
    are left out.
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
    """Hours from each request to the customer's first contact at that time or later."""
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


def service_by_tier(
    found: pd.DataFrame, tiers: pd.Series, settings: SegmentSettings, now: pd.Timestamp
) -> pd.DataFrame:
    """A frame of ``ServiceTiers`` from the requests of ``waits``.

    tiers: customer_id → tier; customers in none are promised what the last tier is; now: end of the
    as-of date. The median counts open requests as longer than all others.
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
        row: dict[str, Any] = {"tier": name, "requests": int(of.sum())}
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
    return ServiceTiers.make(rows)


def _kept(kind: str, hours: pd.Series, limit: pd.Series) -> dict[str, Any]:
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


def service(found: Attention, tiers: pd.Series, book: Book) -> tuple[pd.DataFrame, int]:
    """A frame of ``ServiceTiers``, empty where no request has a time, and the number of requests
    without one.

    tiers: customer_id → tier.
    """
    timed = waits(found.log, found.requests)
    if timed.empty:
        return ServiceTiers.make([]), len(found.requests)
    now = pd.Timestamp(book.as_of) + pd.Timedelta(days=1)
    rows = service_by_tier(timed, tiers, book.settings.segments, now)
    return rows, len(found.requests) - len(timed)


def service_table(service: pd.DataFrame, untimed: int, as_of: date, fmt: Formats) -> Table:
    """Requests answered and solved in time. service: a frame of ``ServiceTiers``; untimed: requests
    without a time of recording.
    """
    columns = [
        Col("tier", "tier"),
        Col("requests", "count"),
        Col("answered_promise", "number", "Answer within [h]", decimals=0),
        Col("answered", "share", "in time", low="answered_low", high="answered_high"),
        Col("answered_hours", "number", "Median [h]", decimals=1),
        Col("solved_promise", "number", "Solve within [h]", decimals=0),
        Col("solved", "share", "in time", low="solved_low", high="solved_high"),
        Col("solved_hours", "number", "Median [h]", decimals=1),
    ]
    left = (
        say(
            " · {requests} without a time of recording left out",
            requests=plural(untimed, "request"),
        )
        if untimed
        else ""
    )
    return table(
        service,
        columns,
        fmt,
        title=say("Answering and solving, promised and kept"),
        note=(
            say(
                "requests of customers in the trailing 12 months, clock hours by the"
                " times of recording · Wilson 95 %{left} · as of {as_of}",
                left=left,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def service_text(service: pd.DataFrame, fmt: Formats) -> str:
    """Requests answered and solved in time. service: a frame of ``ServiceTiers``."""
    if not len(service):
        return ""
    t = service.iloc[-1]
    said = [
        f"{fmt.rate(t[f'{kind}_kept'], t[f'{kind}_due'])} {kind}"
        for kind in ("answered", "solved")
        if t[f"{kind}_due"]
    ]
    return (
        say(
            "Of the requests whose promise has run out, {said} within the hours promised.",
            said=joined(said, " and "),
        )
        if said
        else ""
    )
