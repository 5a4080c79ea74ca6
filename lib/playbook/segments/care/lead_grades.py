"""How urgent a lead is, whether it is valid, and how its deal ended."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.language import later
from playbook.data.book import Book
from playbook.data.measures import contacts

GRADES = later(("high", "medium", "low"))
UNKNOWN = "unknown"  # the grade where leads carry no day of expected purchase at all


def grades(created: pd.Series, expected: pd.Series) -> np.ndarray:
    """Intent of each lead: high when the purchase is expected within one calendar month of
    ``created``, medium within three, low later, without a date, or where the date lies before the
    lead existed.
    """
    real = expected >= created
    months = [real & (expected <= created + pd.DateOffset(months=k)) for k in (1, 3)]
    return np.select(months, GRADES[:2], GRADES[2])


def grades_now(today: date, created: pd.Series, expected: pd.Series) -> np.ndarray:
    """The same as of a day: a date that passed within the last month still asks for haste, one
    longer past or before the lead existed does not.
    """
    day = pd.Timestamp(today)
    real = (expected >= created) & (expected >= day - pd.DateOffset(months=1))
    start = pd.Series(day, index=expected.index)
    return grades(start, expected.clip(lower=day).where(real))


def valid(frame: pd.DataFrame) -> pd.Series:
    """Whether purchase plan, budget and decision maker of each lead are all known; a purchase
    expected before the lead existed is no plan.
    """
    return (
        (frame["expected_purchase"] >= frame["created"])
        & (frame["budget"].fillna(0) > 0)
        & frame["decision_maker"].astype("boolean").fillna(False).astype(bool)
    )


def deal_outcomes(book: Book) -> pd.Series:
    """lead_id → outcome of its deal (won, lost, open), of the last where it has several; leads
    without a deal are absent.
    """
    if not book.has("opportunities", "lead_id"):
        return pd.Series(dtype="str")
    deals = contacts.outcomes(book.table("opportunities")).dropna(subset="lead_id")
    return deals.drop_duplicates("lead_id", keep="last").set_index("lead_id")["outcome"]
