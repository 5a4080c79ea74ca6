"""What salespeople did and noted: contacts on deals, and visits to customers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from . import requests
from .days import LAST, to_date, workday
from .parameters import Company
from .people import Team

KINDS = ("call", "email", "visit", "demo", "proposal", "message")
BY_STAGE = ((0, 1, 5), (2, 0, 3), (4, 2, 0), (1, 2, 5))
SUMMARIES = {
    "call": "talked through the need",
    "email": "sent material and answered questions",
    "visit": "met the team on site 上门拜访",
    "demo": "showed the product on their own data",
    "proposal": "went through offer and price",
    "message": "short follow-up by message",
}
FEEDBACK = (
    "interested, wants to see figures",
    "waiting for budget",
    "asked for a reference",
    "has to consult colleagues 需内部讨论",
    "positive",
    "no clear answer",
)
NEXT = (
    "send ROI calculation",
    "agree a demo",
    "call again",
    "send the offer",
    "meet the decision maker",
    "collect open questions",
)


def activities_table(
    c: Company, team: Team, deals: pd.DataFrame, customers: pd.DataFrame, tier: np.ndarray
) -> pd.DataFrame:
    """Table ``activities``: contacts on deals while they are open, care visits to customers, and
    what customers asked for with the answers.
    """
    rng = c.rng("contacts")
    rows = _deal_contacts(rng, team, deals, customers) + _care_visits(rng, team, customers)
    rows.sort(key=lambda r: (r["day"], r["opportunity_id"], r["customer_id"], r["kind"]))
    for row in rows:
        row["recorded_at"] = (
            f"{to_date(min(row['day'] + int(3 * rng.random() ** 3), LAST))}"
            f" 18:{int(60 * rng.random()):02d}:00"
        )
        row["due"], row["status"] = _due(rng, row["day"], row)
    rows += requests.contacts(c, team, customers, tier)
    rows.sort(
        key=lambda r: (r["day"], r["opportunity_id"], r["customer_id"], r["recorded_at"], r["kind"])
    )
    for i, row in enumerate(rows):
        row["activity_id"], row["date"] = f"A{i + 1:05d}", to_date(row["day"])
    names = [
        "activity_id",
        "date",
        "rep_id",
        "kind",
        "customer_id",
        "lead_id",
        "opportunity_id",
        "summary",
        "feedback",
        "objection",
        "progressed",
        "next_action",
        "next_owner",
        "due",
        "status",
        "recorded_at",
    ]
    return pd.DataFrame(rows)[names]


def _due(rng: np.random.Generator, day: int, row: dict[str, Any]) -> tuple[object, str]:
    """When the next action is due, and how it stands on the last day: few are left open past their
    day.
    """
    wait = int(3 + 18 * rng.random())
    if not row["next_action"]:
        return "", "done"
    if day + wait > LAST:
        return to_date(workday(day + wait)), "open"
    u, recent = rng.random(), day > LAST - 75
    return to_date(workday(day + wait)), (
        "open" if recent and u < 0.16 else "failed" if u > 0.96 else "done"
    )


def _deal_contacts(
    rng: np.random.Generator, team: Team, deals: pd.DataFrame, customers: pd.DataFrame
) -> list[dict[str, Any]]:
    rows, owners = [], list(customers.itertuples())
    for d in deals.itertuples():
        owner = owners[d.customer] if d.customer >= 0 else None
        days = [x for x in (d.day, d.intent_day, d.negotiation_day) if x >= 0 or x == d.day][
            : d.stage_reached + 1 if d.stage_reached < 3 else 3
        ]
        last = min(d.closed, LAST)
        for stage, entered in enumerate(days):
            until = days[stage + 1] if stage + 1 < len(days) else last
            for k in range(1 + int(rng.random() < (0.1, 0.35, 0.75)[stage])):
                day = workday(
                    int(entered)
                    + int(rng.random() * max(until - entered, 1) * (0.4 if k == 0 else 1))
                )
                if 0 <= day <= last:
                    rows.append(_contact(rng, team, d, owner, stage, day, k))
    return rows


def _contact(
    rng: np.random.Generator, team: Team, d: Any, owner: Any, stage: int, day: int, k: int
) -> dict[str, Any]:
    kind = KINDS[BY_STAGE[stage][int(rng.random() * 3)]]
    rep = team.id(team.on(d.rep, day))
    objection = d.objection_word if stage == 2 and k == 0 else ""
    known = owner is not None and owner.since <= day
    finished = d.closed <= LAST and day >= d.closed - 2
    return {
        "day": day,
        "rep_id": rep,
        "kind": kind,
        "customer_id": owner.id if known else "",
        "lead_id": d.lead_id,
        "opportunity_id": d.id,
        "summary": SUMMARIES[kind],
        "feedback": FEEDBACK[int(rng.random() * 6)],
        "objection": objection,
        "progressed": "true" if d.stage_reached > stage and rng.random() < 0.8 else "false",
        "next_action": "" if finished else NEXT[int(rng.random() * 6)],
        "next_owner": "" if finished else rep,
    }


def _care_visits(
    rng: np.random.Generator, team: Team, customers: pd.DataFrame
) -> list[dict[str, Any]]:
    """Two or three contacts a year with large customers, one with some of the others."""
    rows = []
    for p in customers.itertuples():
        start = max(p.since, 0)
        for _ in range(int(rng.poisson((LAST - start) / 365 * (2.2, 0.7, 0.2)[p.type]))):
            day = workday(int(start) + 10 + int(rng.random() * max(LAST - start - 10, 1)))
            if day > LAST or day < 0:
                continue
            kind = "visit" if p.type == 0 else "call"
            rep = team.id(team.on(p.rep, day))
            rows.append(
                {
                    "day": day,
                    "rep_id": rep,
                    "kind": kind,
                    "customer_id": p.id,
                    "lead_id": "",
                    "opportunity_id": "",
                    "summary": "value review 价值回顾" if p.type == 0 else "asked how things go",
                    "feedback": FEEDBACK[int(rng.random() * 6)],
                    "objection": "",
                    "progressed": "true" if rng.random() < 0.5 else "false",
                    "next_action": NEXT[int(rng.random() * 6)],
                    "next_owner": rep,
                }
            )
    return rows
