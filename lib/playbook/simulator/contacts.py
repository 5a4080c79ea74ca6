"""What salespeople did and noted: contacts, need scores, care plan, training, awards."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import requests
from .days import LAST, MONTHS, day_number, month_start, to_date, workday
from .parameters import Company
from .people import Team

KINDS = ("call", "email", "visit", "demo", "proposal", "message")
BY_STAGE = ((0, 1, 5), (2, 0, 3), (4, 2, 0), (1, 2, 5))
WORDS = {
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
    c: Company, team: Team, deals: pd.DataFrame, people: pd.DataFrame, tier: np.ndarray
) -> pd.DataFrame:
    """Table ``activities``: contacts on deals while they are open, care visits to customers, and
    what customers asked for with the answers.
    """
    rng = c.rng("contacts")
    rows = _deal_contacts(rng, team, deals, people) + _care_visits(rng, team, people)
    rows.sort(key=lambda r: (r["day"], r["opportunity_id"], r["customer_id"], r["kind"]))
    for row in rows:
        row["recorded_at"] = (
            f"{to_date(min(row['day'] + int(3 * rng.random() ** 3), LAST))}"
            f" 18:{int(60 * rng.random()):02d}:00"
        )
        row["due"], row["status"] = _due(rng, row["day"], row)
    rows += requests.contacts(c, team, people, tier)
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


def _due(rng: np.random.Generator, day: int, row: dict) -> tuple[object, str]:
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
    rng: np.random.Generator, team: Team, deals: pd.DataFrame, people: pd.DataFrame
) -> list[dict]:
    rows, owners = [], list(people.itertuples())
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


def _contact(rng: np.random.Generator, team: Team, d, owner, stage: int, day: int, k: int) -> dict:
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
        "summary": WORDS[kind],
        "feedback": FEEDBACK[int(rng.random() * 6)],
        "objection": objection,
        "progressed": "true" if d.stage_reached > stage and rng.random() < 0.8 else "false",
        "next_action": "" if finished else NEXT[int(rng.random() * 6)],
        "next_owner": "" if finished else rep,
    }


def _care_visits(rng: np.random.Generator, team: Team, people: pd.DataFrame) -> list[dict]:
    """Two or three contacts a year with large customers, one with some of the others."""
    rows = []
    for p in people.itertuples():
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


def care_plan_table(c: Company, team: Team, people: pd.DataFrame, tier: np.ndarray) -> pd.DataFrame:
    """Table ``care_plan``: what is promised to customers by value tier; of the basic ones only a
    third has a plan, the third that was asked.
    """
    rng = c.rng("care")
    rows = []
    for p, name in zip(people.itertuples(), tier, strict=True):
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
    """Table ``awards``: the month's champion by sales; other awards follow from the plan's rules."""
    month = np.array([(d.year - 2021) * 12 + d.month - 1 for d in orders.date])
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
