"""What customers asked for between visits: the request, the answer, the contact that solved it,
with the hour of each.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from .days import LAST, day_number, to_date, workday
from .parameters import Company
from .people import Team

FIRST = "2022-01-01"
ASKED = (
    "asked for a report",
    "login does not work",
    "question on the invoice 发票问题",
    "wants training for new users",
    "import fails since the update",
)
# by value tier: requests a customer and year; median hours to the answer and to the solution; share
# late, share never answered
PACE = {
    "strategic": (0.80, 1.1, 11.0, 0.12, 0.02),
    "growth": (0.26, 4.0, 24.0, 0.15, 0.04),
    "basic": (0.055, 9.0, 40.0, 0.18, 0.07),
}
SOLVED = 0.76
OLD = 60  # an answer that has not come after so many days will not come


def contacts(
    c: Company, team: Team, customers: pd.DataFrame, tier: np.ndarray
) -> list[dict[str, Any]]:
    """Rows of ``activities`` (day, rep_id, kind, …, recorded_at): kind ``request`` from the
    customer, then message or call by its rep.
    """
    rng = c.rng("requests")
    rows: list[dict[str, Any]] = []
    for p, name in zip(customers.itertuples(), tier, strict=True):
        first = max(p.since + 5, day_number(FIRST))
        for _ in range(int(rng.poisson(max(LAST - first, 0) / 365 * PACE[name][0]))):
            day = workday(first + int(rng.random() * (LAST - first)))
            if day >= first:
                rows += _one(rng, team, p, name, day)
    return [row for row in rows if row["day"] <= LAST]


def _one(rng: np.random.Generator, team: Team, p: Any, tier: str, day: int) -> list[dict[str, Any]]:
    """One request with what followed it."""
    _, answer, solution, late, never = PACE[tier]
    came = datetime.combine(to_date(day), time(9)) + timedelta(hours=9 * rng.random())
    wait = float(
        np.clip(
            answer * np.exp(0.45 * rng.normal()) * (4.0 if rng.random() < late else 1.0), 0.5, 30
        )
    )
    done = float(np.clip(solution * np.exp(0.5 * rng.normal()), 4, 80))
    silent, solved, kind, what = (
        rng.random() < never,
        rng.random() < SOLVED,
        "message" if rng.random() < 0.6 else "call",
        ASKED[int(rng.random() * len(ASKED))],
    )
    answered = _awake(came + timedelta(hours=wait))
    finished = max(_awake(came + timedelta(hours=done)), answered + timedelta(minutes=20))
    status = "done" if not silent else "failed" if day < LAST - OLD else "open"
    rows = [_row(team, p, "request", came, what, "", status)]
    if not silent:
        rows.append(_row(team, p, kind, answered, "answered: " + what, "false", "done"))
        if solved:
            rows.append(_row(team, p, "call", finished, "solved: " + what, "true", "done"))
    return rows


def _awake(when: datetime) -> datetime:
    """Nobody answers at night: moved to the evening before or the morning after."""
    hour = when.hour + when.minute / 60
    if hour >= 21:
        return when - timedelta(hours=hour - 20.5)
    return when + timedelta(hours=8 - hour * 7 / 8) if hour < 8 else when


def _row(
    team: Team, p: Any, kind: str, when: datetime, what: str, progressed: str, status: str
) -> dict[str, Any]:
    day = (when.date() - to_date(0)).days
    return {
        "day": day,
        "rep_id": team.id(team.on(p.rep, min(day, LAST))),
        "kind": kind,
        "customer_id": p.id,
        "lead_id": "",
        "opportunity_id": "",
        "summary": what,
        "feedback": "",
        "objection": "",
        "progressed": progressed,
        "next_action": "",
        "next_owner": "",
        "due": "",
        "status": status,
        "recorded_at": f"{when:%Y-%m-%d %H:%M}:00",
    }
