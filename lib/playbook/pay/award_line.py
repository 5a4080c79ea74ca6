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


PLAN_LINES = ("manager", "guarantee", "guarantee kept", "draw", "draw recovered")  # no awards
