"""One line of pay that is not a share of an amount."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import pandas as pd


class AwardLine(NamedTuple):
    """What somebody is paid for an event. pay: [currency]. why: the rule and the evidence. amount:
    credit the pay was worked out from [ten-thousandths of a currency unit], 0 for most. earned: of
    a
    line that takes an award back, the day it had been earned; none for the others.
    """

    rep_id: str
    date: pd.Timestamp
    order_id: str | None
    customer_id: str | None
    item: str
    pay: Decimal
    why: str
    amount: int = 0
    earned: pd.Timestamp | None = None


COMPONENT = {  # lines of a plan that are no awards, and what part of the pay they belong to
    "manager": "manager",
    "guarantee": "guarantee",
    "guarantee kept": "guarantee",
    "draw": "draw",
    "draw recovered": "draw",
    "draw written off": "draw",
    "held until paid": "ledger",
    "released by payment": "ledger",
    "cap held": "ledger",
    "cap released": "ledger",
    "negative carried": "ledger",
    "carried taken back": "ledger",
}
PLAN_LINES = tuple(COMPONENT)
