"""Movement in words: who left and joined, what moved them, who came and went.

customers: a frame of ``MovedCustomers``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say

from .flows import GONE, NEW


def best_text(customers: pd.DataFrame, best: Sequence[str], unit: str, fmt: Formats) -> str:
    """How many customers left and joined the best states, with what they brought by then. unit: how
    the names of states are written, "term" or "tier".
    """
    words = [fmt.text(name, unit) for name in best]
    moved = customers[customers["before"] != customers["after"]]
    parts, there = [], set(customers["before"].unique()) | set(customers["after"].unique())
    for name in best:
        out, into = moved[moved["before"] == name], moved[moved["after"] == name]
        if len(out):
            parts.append(
                say(
                    "{customers} left {name} ({net_before} before)",
                    customers=plural(len(out), "customer"),
                    name=fmt.text(name, unit),
                    net_before=fmt.money(out["net_before"].sum(), compact=True),
                )
            )
        if len(into):
            parts.append(
                say(
                    "{customers} joined {name} ({net_after} now)",
                    customers=plural(len(into), "customer"),
                    name=fmt.text(name, unit),
                    net_after=fmt.money(into["net_after"].sum(), compact=True),
                )
            )
    if parts:
        return say("{parts}.", parts=joined(parts, "; "))
    if not there & set(best):
        return say("Nobody is in {best} on either date.", best=joined(words, " or "))
    return say("Nobody left or joined {best}.", best=joined(words, " or "))


def cause_text(customers: pd.DataFrame, before: date, fmt: Formats) -> str:
    """What moved those who moved since ``before``: buying, an order returned, or time passing."""
    moved = customers[(customers["before"] != customers["after"]) & (customers["before"] != NEW)]
    n, bought = len(moved), int(moved["bought"].sum())
    returned = int((moved["returned"] & ~moved["bought"]).sum())
    idle, since = n - bought - returned, fmt.text(before, "date")
    causes = [
        (bought, say("bought since {since}", since=since)),
        (returned, say("had an order returned")),
        (idle, say("did neither") if returned else say("did not")),
    ]
    said = [say("{n} {what}", n=fmt.count(k), what=what) for k, what in causes if k]
    if not n:
        return ""
    if idle == n:
        if n == 1:
            return say("The one who moved has not bought since {since}: time passed.", since=since)
        return say(
            "None of the {n} who moved has bought since {since}: time passed.",
            n=fmt.count(n),
            since=since,
        )
    if n == 1:
        return say("The one who moved {causes}.", causes=causes[0][1] if bought else causes[1][1])
    if bought == n:
        return say("All {n} who moved bought since {since}.", n=fmt.count(n), since=since)
    passed = say("; there time passed, orders grew older or left the window") if idle else ""
    told = (
        say("{clauses} and {last}", clauses=joined(said[:-1]), last=said[-1])
        if len(said) > 1
        else said[0]
    )
    return say("Of the {n} who moved, {said}{passed}.", n=fmt.count(n), said=told, passed=passed)


def ends_text(customers: pd.DataFrame, months: int, fmt: Formats) -> str:
    """Who came, and who has no order left in the window of ``months``."""
    gone, new = customers[customers["after"] == GONE], customers[customers["before"] == NEW]
    parts = []
    if len(new):
        parts.append(
            say(
                "{new_customers} brought {net_after}",
                new_customers=plural(len(new), "new customer"),
                net_after=fmt.money(new["net_after"].sum(), compact=True),
            )
        )
    if len(gone):
        parts.append(
            say(
                "{customers} ({net_before} before) {en_have} no order left in the last {months}",
                customers=plural(len(gone), "customer"),
                net_before=fmt.money(gone["net_before"].sum(), compact=True),
                en_have="has" if len(gone) == 1 else "have",
                months=plural(months, "month"),
            )
        )
    return say("{parts}.", parts=joined(parts, "; ")) if parts else ""
