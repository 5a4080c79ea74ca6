"""A month's target on its ten-day thirds, weeks and working days."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from playbook.base import contracts
from playbook.base.contracts import Frame, count
from playbook.base.periods import Calendar, Month
from playbook.base.settings import GoalSettings
from playbook.data.measures.plan_curves import day_weights, third_of
from playbook.methods.apportionment import split


class PlanDays(Frame):
    """One row per working day of a month."""

    date = contracts.day("the day")
    third = count("ten-day third of the month, 1 to 3")
    week = contracts.day("Monday of its week")
    units = count("target of the day in minor units")


def by_day(units: int, month: Month, settings: GoalSettings, calendar: Calendar) -> pd.DataFrame:
    """A month's target in minor units on its working days; they sum to ``units``."""
    weights = day_weights(month, settings, calendar)
    thirds = np.array([third_of(day) for day, _ in weights])
    shares = np.array([weight for _, weight in weights])
    per_third = split(units, [shares[thirds == t].sum() for t in range(3)])
    values = np.zeros(len(weights), dtype=np.int64)
    for t in range(3):
        if (thirds == t).any():
            values[thirds == t] = split(int(per_third[t]), shares[thirds == t])
    dates = [day for day, _ in weights]
    return PlanDays.make(
        {
            "date": dates,
            "third": thirds + 1,
            "week": [day - timedelta(days=day.weekday()) for day in dates],
            "units": values,
        }
    )
