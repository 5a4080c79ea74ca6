"""Whether a pilot may have reached groups that waited: through customers that buy from both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, share, text
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.frames import collect
from playbook.methods.permutation import permuted_slope
from playbook.page import Col, Table, table

FEW = 0.02  # share of customers in common below which nothing can have passed through them


class PilotSpill(Frame):
    """One row per group that waited, the most customers in common first."""

    member = text("the group that waited")
    common = share("customers of the year before who also bought from a piloted group")
    change = share("change of its sales from the span before to the pilot's")


def spill_over(
    book: Book,
    by: str,
    members: Sequence[str],
    chosen: Sequence[int],
    first: Month,
    change: np.ndarray,
) -> pd.DataFrame:
    """``PilotSpill`` of a pilot.

    members: groups; chosen: numbers of the piloted ones; first: its first month; change: log change
    of every group's sales.
    """
    rows = sales.between(sales.order_rows(book), (first - 12).start, (first - 1).end)
    pairs = collect(rows.select("customer_id", by).unique(), sort=["customer_id", by])
    pairs = pairs[pairs["customer_id"].notna()]
    piloted = {members[i] for i in chosen}
    reached = set(pairs.loc[pairs[by].isin(piloted), "customer_id"])
    found: list[dict[str, Any]] = []
    for number, member in enumerate(members):
        if number in chosen:
            continue
        own = pairs.loc[pairs[by] == member, "customer_id"]
        found.append(
            {
                "member": member,
                "common": float(own.isin(reached).mean()) if len(own) else 0.0,
                "change": float(np.expm1(change[number])),
            }
        )
    found.sort(key=lambda row: (-row["common"], row["member"]))
    return PilotSpill.make(found)


def spill_sentence(spill: pd.DataFrame, fmt: Formats) -> str:
    """What the waiting groups say about spill-over."""
    most = float(spill["common"].max()) if len(spill) else 0.0
    if most < FEW:
        return say(
            "Spill-over through customers: none to speak of, the groups that"
            " waited share no more than {most} of their customers with the"
            " piloted ones.",
            most=fmt.share(most),
        )
    p = permuted_slope(spill["common"].to_numpy(), np.log1p(spill["change"].to_numpy()))
    if p is None:
        return say(
            "Spill-over through customers: up to {most} in common; too few"
            " groups waited to see whether those moved otherwise.",
            most=fmt.share(most),
        )
    said = (
        say("groups with more customers in common did not move otherwise")
        if p > 0.05
        else say(
            "groups with more customers in common moved otherwise: the pilot may"
            " have reached them, and the effect is not what it seems"
        )
    )
    return say(
        "Spill-over through customers: up to {most} in common; {said} (p = {p}).",
        most=fmt.share(most),
        said=said,
        p=fmt.text(p, "p"),
    )


def spill_table(spill: pd.DataFrame, fmt: Formats) -> Table:
    """The groups that waited, by how many customers they share with the piloted ones."""
    return table(
        spill,
        [
            Col("member", label="Group that waited", weight=2),
            Col("common", "share", "Customers in common"),
            Col("change", "share", "Change of sales", sign=True),
        ],
        fmt,
        title=say("Could the pilot have reached those who waited?"),
        limit=10,
        note=(
            say(
                "customers in common: of the group's customers in the year before,"
                " those who also bought from a piloted group"
            )
        ),
    )
