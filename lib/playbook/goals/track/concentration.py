"""How much sales lean on their largest customers and industries."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base import contracts
from playbook.base.contracts import (
    Frame,
    count,
    money,
    number,
    score,
    text,
)


class Concentration(Frame):
    """One row per dimension: how much of the trailing 12 months' sales its largest members hold."""

    dimension = text("customer or industry")
    members = count("members with positive sales")
    largest = text("the largest member, the first by name where several are of one size")
    equal = count("members as large as the largest")
    amount = money("sales of the largest member")
    share = contracts.share("share of the largest member")
    five = contracts.share("share of the five largest members")
    hhi = score("Herfindahl-Hirschman index: sum of the squared shares")
    evenly = number("1 ÷ hhi: the number of equal members the sales are worth")


class LargestMembers(Frame):
    """One row per dimension and member, largest first."""

    dimension = text("customer or industry")
    member = text("the member; a customer by its name where the book knows it")
    sales = money("sales of the trailing 12 months")
    share = contracts.share("share of the dimension's positive sales")


# HHI from which competition law calls a market highly concentrated; used here as a plain yardstick
CONCENTRATED = 0.25


def _positive(amounts: pd.Series) -> pd.Series:
    """Members with positive sales, largest first, names deciding ties."""
    positive = amounts[amounts > 0]
    kept = pd.DataFrame(
        {"member": [str(m) for m in positive.index], "amount": positive.to_numpy(dtype=float)}
    )
    return kept.sort_values(["amount", "member"], ascending=[False, True], kind="stable").set_index(
        "member"
    )["amount"]


def spread_of(dimension: str, amounts: pd.Series) -> dict[str, Any] | None:
    """Concentration over the members of a dimension as a row of ``Concentration``; None without
    positive sales. amounts: sales by member.
    """
    kept = _positive(amounts)
    if kept.empty:
        return None
    shares = kept / kept.sum()
    hhi = float((shares**2).sum())
    return {
        "dimension": dimension,
        "members": len(kept),
        "largest": str(kept.index[0]),
        "equal": int((kept == kept.iloc[0]).sum()),
        "amount": float(kept.iloc[0]),
        "share": float(shares.iloc[0]),
        "five": float(shares.head(5).sum()),
        "hhi": hhi,
        "evenly": 1 / hhi,
    }


def largest_of(dimension: str, amounts: pd.Series, most: int = 10) -> pd.DataFrame:
    """The largest members as ``LargestMembers``, at most ``most``."""
    kept = _positive(amounts)
    return LargestMembers.make(
        {
            "dimension": [dimension] * len(kept.index[:most]),
            "member": [str(m) for m in kept.index[:most]],
            "sales": kept.to_numpy()[:most],
            "share": (kept / kept.sum()).to_numpy()[:most],
        }
    )
