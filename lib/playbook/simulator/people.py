"""The sales force: hires, leavers, mentors, and who may take a lead on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .days import LAST, day_number, to_date
from .names import person_names
from .parameters import REGION_SHARE, REGIONS, Company

NEVER = LAST + 10_000
SUCCESS_REGIONS = (
    0,
    0,
    1,
    1,
    2,
    3,
    4,
)  # customer-success people: two in the largest regions, one in each other
SUCCESS_HIRED = np.array([-640, -410, -720, -350, -530, -480, -610])


@dataclass(frozen=True)
class Team:
    """Salespeople by number: region index, first and last day, skill (0 = average), who takes over
    when they leave.
    """

    region: np.ndarray
    hired: np.ndarray
    left: np.ndarray
    skill: np.ndarray
    manager: np.ndarray  # bool
    mentor: np.ndarray  # number, −1 = none
    successor: np.ndarray
    name: list[str]

    def __len__(self) -> int:
        return len(self.hired)

    def id(self, number: int) -> str:
        """Identifier of a person in the tables; empty for nobody (−1)."""
        return f"R{number + 1:03d}" if number >= 0 else ""

    def on(self, rep: int, day: int) -> int:
        """Who holds the accounts of ``rep`` on ``day``."""
        while self.left[rep] < day:
            rep = int(self.successor[rep])
        return rep


def build_team(c: Company) -> Team:
    """Everyone who ever sold for the company."""
    rng = c.rng("people", c.people_draw)
    hired, regions, managers = _joiners(c, rng)
    n = len(hired)
    skill = np.where(managers, 0.0, rng.normal(0, 1, n).round(3))
    left = _leaving(c, rng, hired, managers, skill)
    mentor = _mentors(c, rng, hired, regions, managers, left, skill)
    return Team(
        regions,
        hired,
        left,
        skill,
        managers,
        mentor,
        _successors(hired, left, regions, managers),
        person_names(rng, n),
    )


def _joiners(c: Company, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    quota = np.floor(np.array(REGION_SHARE) * (c.first_team - 5) + 0.5).astype(int)
    quota[0] += c.first_team - 5 - quota.sum()
    regions = list(range(5)) + [r for r in range(5) for _ in range(quota[r])]
    hired = [-int(400 + 1200 * u) for u in rng.random(5)] + [
        -int(30 + 1400 * u) for u in rng.random(c.first_team - 5)
    ]
    turn = [0, 1, 2, 0, 3, 1, 4, 0, 2, 1]
    for month, k in c.hires:
        for _ in range(k):
            regions.append(turn[(len(regions) - c.first_team) % len(turn)])
            hired.append(day_number(month) + int(rng.integers(0, 18)))
    managers = np.zeros(len(hired), dtype=bool)
    managers[:5] = True
    return np.array(hired), np.array(regions), managers


def _leaving(
    c: Company, rng: np.random.Generator, hired: np.ndarray, managers: np.ndarray, skill: np.ndarray
) -> np.ndarray:
    """Last days. "top" picks among the strongest long-serving, "new" among the last hires, "other"
    among the weaker of one or two years.
    """
    left = np.full(len(hired), NEVER)
    for month, kind, k in c.leavers:
        day = day_number(month)
        stays = (left == NEVER) & ~managers & (hired < day)
        old, settled = (
            np.flatnonzero(stays & (hired < day - 400)),
            np.flatnonzero(stays & (hired > day - 800) & (hired < day - 200)),
        )
        pool = {
            "top": old[np.argsort(-skill[old], kind="stable")][:5],
            "other": settled[np.argsort(skill[settled], kind="stable")][
                : max(k + 1, len(settled) // 2)
            ],
            "new": np.flatnonzero(stays & (hired > day - 200) & (hired < day - 92)),
        }[kind]
        for rep in rng.permutation(pool)[:k]:
            left[rep] = day + int(rng.integers(2, 27))
    return left


def _mentors(
    c: Company,
    rng: np.random.Generator,
    hired: np.ndarray,
    regions: np.ndarray,
    managers: np.ndarray,
    left: np.ndarray,
    skill: np.ndarray,
) -> np.ndarray:
    """An experienced colleague of the region: for a third of the hires before the enablement
    measure, for all after it.
    """
    mentor = np.full(len(hired), -1)
    for rep in range(c.first_team, len(hired)):
        wanted = 1.0 if c.levers.phase("enablement", hired[rep] + 1) > 0 else 0.33
        pool = np.flatnonzero(
            (regions == regions[rep])
            & ~managers
            & (hired < hired[rep] - 365)
            & (left > hired[rep] + 120)
        )
        if rng.random() < wanted and len(pool):
            mentor[rep] = pool[np.argsort(-skill[pool], kind="stable")][
                int(rng.integers(0, min(4, len(pool))))
            ]
    return mentor


def _successors(
    hired: np.ndarray, left: np.ndarray, regions: np.ndarray, managers: np.ndarray
) -> np.ndarray:
    """For each leaver a colleague of the region who stays longest, shared round; else the region's
    manager.
    """
    successor, load = np.full(len(hired), -1), np.zeros(len(hired))
    for rep in np.flatnonzero(left < NEVER):
        pool = np.flatnonzero(
            (regions == regions[rep]) & ~managers & (hired < left[rep] - 90) & (left > LAST)
        )
        pool = pool if len(pool) else np.flatnonzero((regions == regions[rep]) & managers)
        pick = pool[np.argmin(load[pool])]
        load[pick] += 1
        successor[rep] = pick
    return successor


def assign(
    c: Company, team: Team, day: np.ndarray, region: np.ndarray, large: np.ndarray, u: np.ndarray
) -> np.ndarray:
    """The rep of each new lead: active sellers of the region by load; large companies only to those
    past their first half year.
    """
    reps = np.empty(len(day), dtype=int)
    load_new = c.newcomer_load + (c.newcomer_load_mentored - c.newcomer_load) * c.levers.phase(
        "enablement", day
    )
    for number in range(len(REGION_SHARE)):
        leads, sellers = (
            np.flatnonzero(region == number),
            np.flatnonzero((team.region == number) & ~team.manager),
        )
        tenure = day[leads][:, None] - team.hired[sellers]
        able = (
            (tenure >= 5)
            & (team.left[sellers] > day[leads][:, None] + 15)
            & ~(large[leads][:, None] & (tenure < 180))
        )
        weight = (
            np.where(tenure < 100, load_new[leads][:, None], 1.0)
            * able
            * np.exp(0.35 * team.skill[sellers])
        )
        total = np.cumsum(weight, axis=1)
        pick = (total <= (u[leads] * total[:, -1])[:, None]).sum(axis=1)
        manager = np.flatnonzero((team.region == number) & team.manager)[
            0
        ]  # takes the lead when nobody else can
        reps[leads] = np.where(
            total[:, -1] > 0, sellers[np.minimum(pick, len(sellers) - 1)], manager
        )
    return reps


def reps_table(c: Company, team: Team) -> pd.DataFrame:
    """Table ``reps``."""
    rng = c.rng("pay")
    rows = []
    for i in range(len(team)):
        region = REGIONS[team.region[i]]
        pay = 18_000 if team.manager[i] else 8_000 + 500 * int(rng.integers(0, 9))
        rows.append(
            {
                "rep_id": team.id(i),
                "name": team.name[i],
                "team": f"{region} {'AB'[i % 2]}",
                "region": region,
                "role": "regional manager" if team.manager[i] else "account executive",
                "manager_id": "" if team.manager[i] else team.id(int(team.region[i])),
                "mentor_id": team.id(int(team.mentor[i])),
                "hired": to_date(team.hired[i]),
                "left": to_date(team.left[i]) if team.left[i] <= LAST else None,
                "base_pay": pay,
            }
        )
    return pd.DataFrame(
        rows
        + [
            _success(team, k, name)
            for k, name in enumerate(
                person_names(c.rng("customer success"), 200)[: len(SUCCESS_REGIONS)]
            )
        ]
    )


def _success(team: Team, k: int, name: str) -> dict[str, Any]:
    """A person of customer success: keeps customers and brings referrals, has no deals."""
    return {
        "rep_id": team.id(len(team) + k),
        "name": name,
        "team": "Customer success",
        "region": REGIONS[SUCCESS_REGIONS[k]],
        "role": "customer success",
        "manager_id": team.id(SUCCESS_REGIONS[k]),
        "mentor_id": "",
        "hired": to_date(SUCCESS_HIRED[k]),
        "left": None,
        "base_pay": 9_000,
    }


def success_of(team: Team, region: int, turn: int) -> str:
    """Id of the person of customer success for a region's customer or lead; two share theirs by
    turns.
    """
    mine = [k for k, r in enumerate(SUCCESS_REGIONS) if r == region]
    return team.id(len(team) + mine[turn % len(mine)])
