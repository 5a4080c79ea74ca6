"""Need scores of leads, and what is promised to customers by value tier."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .days import LAST, day_number, to_date
from .parameters import Company
from .people import Team

NEEDS = (
    ("reporting", 1.0),
    ("integration", 1.0),
    ("security", 0.8),
    ("cost", 1.2),
    ("support", 0.6),
)


def fit_scores_table(c: Company, team: Team, deals: pd.DataFrame) -> pd.DataFrame:
    """Table ``fit_scores``: five needs of each lead since October 2022, when scoring began; leads
    that match score higher.
    """
    rng = c.rng("fit")
    rows = []
    for d in deals[(deals.lead_id != "") & (deals.day >= day_number("2022-10-01"))].itertuples():
        level = rng.normal(3.9 if d.match else 2.2, 0.5)
        power = ("high", "medium", "low")[min(2, int(rng.random() * (2.2 if d.match else 3.6)))]
        for need, weight in NEEDS:
            score = int(np.clip(round(level + rng.normal(0, 0.8)), 1, 5))
            rows.append(
                {
                    "subject_id": d.lead_id,
                    "need": need,
                    "score": score,
                    "weight": weight,
                    "buying_power": power,
                    "scored_by": team.id(d.rep),
                    "scored_at": to_date(min(d.day + 1, LAST)),
                }
            )
    return pd.DataFrame(rows)


# action, frequency, days within which it was last done
CARE = {
    "strategic": (
        ("value review on site 价值回顾", "quarterly", 120),
        ("satisfaction survey", "half-yearly", 230),
    ),
    "growth": (("industry case pack 行业案例包", "half-yearly", 230),),
    "basic": (("self-service check 自助体检", "yearly", 380),),
}
ASKED = {
    "strategic": 0.5,
    "growth": 0.35,
    "basic": 0.33,
}  # share of a tier whose satisfaction was asked


def care_plan_table(
    c: Company, team: Team, customers: pd.DataFrame, tier: np.ndarray
) -> pd.DataFrame:
    """Table ``care_plan``: what is promised to customers by value tier; of the basic ones only a
    third has a plan, the third that was asked.
    """
    rng = c.rng("care")
    rows = []
    for p, name in zip(customers.itertuples(), tier, strict=True):
        asked = rng.random() < ASKED[name]
        if name == "basic" and not asked:
            continue
        for action, frequency, within in CARE[name]:
            ago = int(rng.random() * within)
            rows.append(
                {
                    "customer_id": p.id,
                    "action": action,
                    "frequency": frequency,
                    "owner": team.id(team.on(p.rep, LAST)),
                    "last_done": (
                        to_date(LAST - ago) if rng.random() < 0.9 and LAST - ago > p.since else ""
                    ),
                    "satisfaction": (
                        f"{np.clip(rng.normal(88 if name == 'strategic' else 84, 7), 55, 100):.0f}"
                        if asked
                        else ""
                    ),
                    "note": "",
                }
            )
    return pd.DataFrame(rows)
