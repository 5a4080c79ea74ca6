"""Movement in words: who left and joined, what moved them, who came and went.

customers: a frame of ``MovedCustomers``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from playbook.base.formats import Formats, listing, plural

from .flows import GONE, NEW


def best_text(customers: pd.DataFrame, best: Sequence[str], fmt: Formats) -> str:
    """How many customers left and joined the best states, with what they brought by then."""
    moved = customers[customers["before"] != customers["after"]]
    parts, there = [], set(customers["before"]) | set(customers["after"])
    for name in best:
        out, into = moved[moved["before"] == name], moved[moved["after"] == name]
        if len(out):
            parts.append(
                f"{plural(len(out), 'customer')} left {name}"
                f" ({fmt.money(out['net_before'].sum(), compact=True)} before)"
            )
        if len(into):
            parts.append(
                f"{plural(len(into), 'customer')} joined {name}"
                f" ({fmt.money(into['net_after'].sum(), compact=True)} now)"
            )
    if parts:
        return f"{'; '.join(parts)}."
    if not there & set(best):
        return f"Nobody is in {' or '.join(best)} on either date."
    return f"Nobody left or joined {' or '.join(best)}."


def cause_text(customers: pd.DataFrame, before: date, fmt: Formats) -> str:
    """What moved those who moved since ``before``: buying, an order returned, or time passing."""
    moved = customers[(customers["before"] != customers["after"]) & (customers["before"] != NEW)]
    n, bought = len(moved), int(moved["bought"].sum())
    returned = int((moved["returned"] & ~moved["bought"]).sum())
    idle, since = n - bought - returned, fmt.text(before, "date")
    causes = [
        (bought, f"bought since {since}"),
        (returned, "had an order returned"),
        (idle, "did neither" if returned else "did not"),
    ]
    said = [f"{fmt.count(k)} {what}" for k, what in causes if k]
    if not n:
        return ""
    if idle == n:
        who = "The one who moved has" if n == 1 else f"None of the {fmt.count(n)} who moved"
        return f"{who} {'not ' if n == 1 else 'has '}bought since {since}: time passed."
    if n == 1:
        return f"The one who moved {causes[0][1] if bought else causes[1][1]}."
    if bought == n:
        return f"All {fmt.count(n)} who moved bought since {since}."
    passed = "; there time passed, orders grew older or left the window" if idle else ""
    return f"Of the {fmt.count(n)} who moved, {listing(said)}{passed}."


def ends_text(customers: pd.DataFrame, months: int, fmt: Formats) -> str:
    """Who came, and who has no order left in the window of ``months``."""
    gone, new = customers[customers["after"] == GONE], customers[customers["before"] == NEW]
    parts = []
    if len(new):
        parts.append(
            f"{plural(len(new), 'new customer')} brought"
            f" {fmt.money(new['net_after'].sum(), compact=True)}"
        )
    if len(gone):
        parts.append(
            f"{plural(len(gone), 'customer')}"
            f" ({fmt.money(gone['net_before'].sum(), compact=True)} before)"
            f" {'has' if len(gone) == 1 else 'have'} no order left in the last"
            f" {plural(months, 'month')}"
        )
    return f"{'; '.join(parts)}." if parts else ""
