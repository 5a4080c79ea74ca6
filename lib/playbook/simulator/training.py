"""Courses with tests before and after, and awards."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.months import Month

from .days import FIRST, MONTHS, day_number, month_start, to_date, workday
from .parameters import Company
from .people import Team


def training_table(c: Company, team: Team) -> pd.DataFrame:
    """Table ``training``: three courses since April 2023 with tests before and after; those who had
    to wait are the control group.
    """
    rng = c.rng("training")
    rows = []
    for course, month, effect in (
        ("Product knowledge", "2023-04", 17.0),
        ("Case dissection 案例解剖课", "2023-06", 12.0),
        ("Finance customers in three questions", "2023-08", 9.0),
    ):
        day = workday(day_number(month) + 13)
        for rep in range(len(team)):
            if team.manager[rep] or not team.hired[rep] < day < team.left[rep]:
                continue
            waits = rng.random() < 0.3
            before = float(np.clip(rng.normal(60, 9), 25, 95))
            after = float(np.clip(before + rng.normal(2.5 if waits else effect, 6), 20, 100))
            rows.append(
                {
                    "rep_id": team.id(rep),
                    "course": course,
                    "date": to_date(day),
                    "pre_score": f"{before:.0f}",
                    "post_score": f"{after:.0f}",
                    "max_score": 100,
                    "attendance": "" if waits else f"{np.clip(rng.normal(0.9, 0.1), 0.4, 1):.2f}",
                    "interactions": "" if waits else int(rng.poisson(5)),
                    "satisfaction": "" if waits else f"{np.clip(rng.normal(4.2, 0.5), 1, 5):.1f}",
                    "control": "true" if waits else "false",
                }
            )
    return pd.DataFrame(rows)


def awards_table(c: Company, orders: pd.DataFrame) -> pd.DataFrame:
    """Table ``awards``: the month's champion by sales; others follow from the plan's rules."""
    month = np.array([Month.of(d) - FIRST for d in orders.date])
    rows = []
    for m in range(MONTHS):
        sold = orders[month == m].groupby("rep_id").amount.sum().sort_index()
        end = to_date(month_start(m + 1) - 1)
        rows.append(
            {
                "date": end,
                "rep_id": sold.idxmax(),
                "award": "champion of the month 月度销冠",
                "amount": 2000,
                "note": "",
            }
        )
    return pd.DataFrame(sorted(rows, key=lambda r: (r["date"], r["rep_id"], r["award"], r["note"])))
