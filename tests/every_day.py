"""A company where something happens on every day, so that a window longer or shorter by one day, a
threshold reached or passed, changes a number.

Rows follow from the number of the day, 0 = 1 July 2022 to 730 = 30 June 2024: sums can be worked
out. Every table of the contract is given, and every feature of pay is in one of its plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from playbook.data.book import Book

FIRST, DAYS = date(2022, 7, 1), 731
LINES = ("Suite", "Help", "Data")
CHANNELS = ("Web", "Fair", "Referral", "Ads")
INDUSTRIES = ("Finance", "Retail", "Public")
TYPES = ("large", "small", "small")
SEGMENTS = ("north", "south")
STAGES = ("lead", "intent", "negotiation", "won")
DISCOUNTS = (0, 0.05, 0.1, 0.2, 0.25)
REPS = ("R1", "R2", "R3", "R4", "R5", "R6")
Rows = list[dict[str, Any]]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def sold(d: int) -> int:
    """Amount of the order of day d at list price: 20 to 1,000 in steps of 20, all in 50 days."""
    return 20 * (1 + 7 * d % 50)


def bought(d: int) -> int:
    """Customer of day d: 0 to 19 all the time, 20 to 29 since the second year, 30 to 39 in the
    first year only.
    """
    k = (d * d + d // 7) % 30
    return k if k < 20 or d >= 365 else k + 10


def rep_of(d: int) -> str:
    """R3 sells until 31 May 2024 (700), R6 from 15 April 2024 (654) on, else R2 and R5 for them."""
    rep = REPS[(d + d // 6) % 6]
    if rep == "R3" and d > 700:
        return "R2"
    return "R5" if rep == "R6" and d < 654 else rep


def region_of(rep: str) -> str:
    return "East" if rep in REPS[:3] else "West"


def customers() -> Rows:
    first: dict[int, int] = {}
    for d in range(DAYS):
        first.setdefault(bought(d), d)
    return [
        {
            "customer_id": f"C{k:02}",
            "name": f"Firm {k:02}",
            "industry": INDUSTRIES[k % 3],
            "region": ("East", "West")[k % 2],
            "customer_type": TYPES[k % 3],
            "size_employees": 25 * (k + 1),
            "since": day(first.get(k, 100)),  # some never bought
            "channel": CHANNELS[k % 4],
            "rep_id": REPS[k % 5] if k % 11 else None,
            "strategic": k % 8 == 0,
        }
        for k in range(40)
    ]


def orders() -> Iterator[dict[str, Any]]:
    for d in range(DAYS):
        rep, full = rep_of(d), sold(d)
        amount = full * (1 - DISCOUNTS[d % 5])
        paid = d % 45 + 15
        yield {
            "order_id": f"O{d:03}",
            "date": day(d),
            "customer_id": f"C{bought(d):02}",
            "amount": amount,
            "rep_id": rep,
            "region": region_of(rep),
            "team": {"East": "A", "West": "B"}[region_of(rep)],
            "product_line": LINES[d % 3],
            "channel": CHANNELS[d % 4],
            "kind": (None, "renewal", None, "upgrade", None, None)[d % 6],
            "quantity": 1 + d % 4,
            "months": (12, 24, 36)[d % 3],
            "list_amount": full,
            "cost": 0.4 * full if d % 9 else None,
            "paid_amount": amount if d + paid < DAYS else None,
            "paid_date": day(d + paid) if d + paid < DAYS else None,
            "opportunity_id": f"D{d - 20:03}" if d % 3 == 2 and d >= 20 else None,
            "currency": "USD" if d % 13 == 5 else "EUR",
            "segment": SEGMENTS[d // 2 % 2],
        }
        if d % 31 == 30:  # the order of ten days before comes back in part
            was = sold(d - 10) * (1 - DISCOUNTS[(d - 10) % 5])
            yield {
                "order_id": f"O{d - 10:03}",
                "date": day(d),
                "customer_id": f"C{bought(d - 10):02}",
                "amount": -was / 2,
                "rep_id": rep_of(d - 10),
                "region": region_of(rep_of(d - 10)),
                "team": {"East": "A", "West": "B"}[region_of(rep_of(d - 10))],
                "product_line": LINES[(d - 10) % 3],
                "channel": CHANNELS[(d - 10) % 4],
                "kind": "refund",
                "currency": "USD" if (d - 10) % 13 == 5 else "EUR",
                "segment": SEGMENTS[(d - 10) // 2 % 2],
            }


def course(d: int) -> list[int]:
    """Days on which the deal of day d enters its stages: intent and negotiation after 0 to 9 and
    0 to 16 days more; the last is the day of closing, after 0 to 40 more.
    """
    steps = [d, d + 3 * d % 10, d + 3 * d % 10 + 5 * d % 17]
    return [*steps, steps[2] + 11 * d % 41]


def fate(d: int) -> tuple[str, int]:
    """What becomes of the deal of day d (of seven: three are won, three lost, one stays open), and
    how many stages it enters below the last.
    """
    made = "won" if d % 7 in (0, 2, 5) else "open" if d % 7 == 6 else "lost"
    return made, 3 if made == "won" else 1 + d % 3


def opportunities() -> Rows:
    found = []
    for d in range(DAYS):
        rep, (made, passed), when = rep_of(d), fate(d), course(d)
        done = made != "open" and when[3] < DAYS
        outcome = made if done else "open"
        at = [s for s, w in zip(STAGES[:passed], when, strict=False) if w < DAYS]
        amount = 20 * (1 + 11 * d % 50)
        found.append(
            {
                "opportunity_id": f"D{d:03}",
                "created": day(d),
                "stage": "won" if outcome == "won" else at[-1],
                "outcome": outcome,
                "closed": day(when[3]) if done else None,
                "amount": amount * (1 - DISCOUNTS[d % 5]) if outcome == "won" else None,
                "expected_amount": amount if d % 17 else None,
                "expected_close": day(when[3] + d % 9 - 4) if d % 19 else None,
                "customer_id": f"C{bought(d):02}" if d % 4 else None,
                "lead_id": f"L{d - d % 6:03}" if d % 6 == 1 else None,
                "rep_id": rep if d % 23 else None,
                "region": region_of(rep),
                "product_line": LINES[d % 3],
                "industry": INDUSTRIES[d % 3],
                "channel": CHANNELS[d % 4],
                "need_match": (True, True, False, None)[d % 4],
                "objection": ("price", "time", None, "need")[d // 2 % 4],
                "lost_reason": ("price", "rival", None, "time")[d // 3 % 4]
                if outcome == "lost"
                else None,
                "discount": DISCOUNTS[d % 5] if d % 8 else None,
                "probability": (d % 11) / 10,
                "forecast_category": ("commit", "best case", "pipeline")[d % 3],
                "currency": "USD" if d % 13 == 7 else "EUR",
                "segment": SEGMENTS[d // 2 % 2],
            }
        )
    return found


def stage_events() -> Rows:
    found = []
    for d in range(DAYS):
        (made, passed), when = fate(d), course(d)
        entered = list(zip(STAGES[:passed], when, strict=False))
        entered += [("won", when[3])] if made == "won" else []
        if d % 37 == 36 and passed == 3:
            entered.append(("intent", when[2]))  # back, on the same day
        found += [
            {"opportunity_id": f"D{d:03}", "stage": stage, "entered_at": day(at)}
            for stage, at in entered
            if at < DAYS and not (made == "won" and stage == "won" and when[3] >= DAYS)
        ]
    return found


def ends() -> list[int]:
    """Last days of the months but the last one."""
    return [d for d in range(DAYS - 1) if day(d + 1).day == 1]


def snapshots() -> Rows:
    found = []
    for end in ends()[-9:]:
        for d in range(max(0, end - 120), end + 1):
            (made, passed), when = fate(d), course(d)
            if made != "open" and when[3] <= end:
                continue
            at = [s for s, w in zip(STAGES[:passed], when, strict=False) if w <= end]
            found.append(
                {
                    "snapshot_date": day(end),
                    "opportunity_id": f"D{d:03}",
                    "stage": at[-1],
                    "amount": 20 * (1 + 11 * d % 50) + 20 * ((d + end) % 3),
                    "expected_close": day(when[3] + d % 5),
                    "probability": (d % 11) / 10,
                    "forecast_category": ("commit", "best case", "pipeline")[d % 3],
                    "rep_id": rep_of(d),
                }
            )
    return found


def changes() -> Rows:
    return [
        {
            "opportunity_id": f"D{d:03}",
            "field": ("expected_close", "amount")[d % 2],
            "from": (str(day(course(d)[3] - 10)), str(200 + d))[d % 2],
            "to": (str(day(course(d)[3])), str(180 + 20 * (d % 3)))[d % 2],
            "changed_at": day(course(d)[2]),
        }
        for d in range(0, DAYS, 3)
        if course(d)[2] < DAYS
    ]


def leads() -> Rows:
    return [
        {
            "lead_id": f"L{d:03}",
            "created": day(d),
            "channel": CHANNELS[d % 4],
            "company": f"Firm {bought(d):02}",
            "industry": INDUSTRIES[d % 3],
            "size_employees": (8, 40, 120, 300, None)[d % 5],
            "annual_revenue": 10_000 * (d % 7),
            "region": ("East", "West")[d % 2],
            "rep_id": rep_of(d) if d % 10 else None,
            "need": ("planning", "reports", None)[d % 3],
            "expected_purchase": day(d + 7 * d % 100) if d % 9 else None,
            "budget": 100 * (d % 7) or None,
            "decision_maker": (True, False, None, True)[d % 4],
            "converted_opportunity_id": f"D{d + 1:03}" if d % 6 == 0 and d + 1 < DAYS else None,
        }
        for d in range(DAYS)
    ]


def activities() -> Rows:
    kinds = ("call", "visit", "demo", "email", "proposal", "request", "complaint")
    return [
        {
            "activity_id": f"A{d:03}{part}",
            "date": day(d),
            "rep_id": rep_of(d + part),
            "kind": kinds[(d + 3 * part) % 7],
            "customer_id": f"C{bought(d + part * 5):02}" if (d + part) % 3 else None,
            "lead_id": f"L{max(0, d - d % 30):03}" if (d + part) % 3 == 0 else None,
            "opportunity_id": f"D{max(0, d - 6 - 15 * part):03}" if d % 5 else None,
            "summary": ("too dear", "compared with rivals", "asked for the plan")[d % 3],
            "feedback": ("good", "open")[d % 2],
            "objection": ("price", None, "time", "need")[d % 4],
            "progressed": (True, False, None)[(d + part) % 3],
            "next_action": ("call", "send an offer", None)[d % 3],
            "next_owner": rep_of(d),
            "due": day(d + d % 12) if d % 3 < 2 else None,
            "status": ("done", "open", "failed", None)[d % 4],
            "recorded_at": f"{day(d + d % 4)} 10:{d % 60:02}",
        }
        for d in range(0, DAYS - 4)
        for part in ((0, 1) if d > 300 else (0,))
    ]


def contracts() -> Rows:
    """Each customer up to 29 has contracts of 200 to 260 days one after another; the next one
    starts 58 to 62 days after the end of the one before, or names it.
    """
    found = []
    for k in range(0, 30):
        start, number = 11 * k % 300, 0
        while start < DAYS:
            end = start + 200 + 2 * k
            gap = (58, 59, 60, 61, 62, 0)[(k + number) % 6]
            follows = end + gap < DAYS and (k + number) % 7 < 5
            named = follows and k % 4 == 0
            found.append(
                {
                    "contract_id": f"K{k:02}{number}",
                    "customer_id": f"C{k:02}",
                    "start": day(start),
                    "end": day(end) if k != 13 else None,
                    "annual_value": 120 * (1 + (k + 3 * number) % 9),
                    "renewed_by": f"K{k:02}{number + 1}" if named else None,
                    "renewed_on": day(min(end, DAYS - 1)) if named else None,
                    "product_line": LINES[k % 3],
                    "rep_id": REPS[k % 5],
                    "status": "active",
                    "billing": ("monthly", "quarterly", "yearly")[k % 3],
                    "currency": "USD" if k % 10 == 9 else "EUR",
                }
            )
            if not follows or k == 13:
                break
            start, number = end + gap, number + 1
    return found


def payments() -> Rows:
    return [
        {
            "payment_id": f"P{d:03}",
            "date": day(d + 20 + d % 3),
            "amount": 10.5 * (1 + d % 8),
            "order_id": f"O{d:03}",
            "customer_id": f"C{bought(d):02}",
        }
        for d in range(300, DAYS - 30, 4)
    ]


def cases() -> Rows:
    return [
        {
            "case_id": f"T{d:03}",
            "customer_id": f"C{bought(d + 3):02}",
            "opened": f"{day(d)} 09:00",
            "answered": f"{day(d)} {9 + d % 9:02}:00" if d % 8 else None,
            "solved": f"{day(d + d % 4)} {9 + d % 9:02}:00" if d % 6 and d + 4 < DAYS else None,
            "kind": ("question", "complaint", "fault")[d % 3],
            "satisfaction": 1 + d % 5 if d % 6 else None,
            "rep_id": rep_of(d),
        }
        for d in range(0, DAYS, 2)
    ]


def months() -> list[str]:
    return [f"{y}-{m:02}" for y, m in [(2022, m) for m in range(7, 13)]] + [
        f"{y}-{m:02}" for y in (2023, 2024) for m in range(1, 13) if (y, m) < (2024, 7)
    ]


def targets() -> Rows:
    found: Rows = [{"period": "2023", "metric": "sales", "target": 130_000}]
    found += [{"period": "2024", "metric": "sales", "target": 165_000}]
    found += [
        {"period": f"2024-{m:02}", "metric": "sales", "target": 12_500 + 250 * m}
        for m in range(1, 13)
    ]
    found += [{"period": f"2023-Q{q}", "metric": "sales", "target": 32_500} for q in (1, 2, 3, 4)]
    found += [{"period": f"2024-Q{q}", "metric": "sales", "target": 41_250} for q in (1, 2, 3, 4)]
    for region in ("East", "West"):
        found.append({"period": "2024", "metric": "sales", "target": 82_500, "region": region})
    for line in LINES:
        found.append({"period": "2024", "metric": "sales", "target": 55_000, "product_line": line})
    for quarter in ("2024-Q1", "2024-Q2"):
        for i, rep in enumerate(REPS):
            found.append(
                {"period": quarter, "metric": "sales", "target": 6_000 + 300 * i, "rep_id": rep}
            )
    found.append({"period": "2024", "metric": "customers", "target": 25, "owner": "R1"})
    found.append({"period": "2024-Q2", "metric": "new_customers", "target": 3, "owner": "R2"})
    found.append(
        {"period": "2024-Q2", "metric": "sales", "target": 9_000, "customer_type": "large"}
    )
    found.append({"period": "2024-Q2", "metric": "sales", "target": 20_000, "team": "A"})
    return found


def reps() -> Rows:
    found: Rows = [
        {"rep_id": "M0", "name": "Mia", "team": "A", "region": "East", "role": "director"},
        {"rep_id": "M1", "name": "Max", "team": "B", "region": "West", "role": "manager"},
    ]
    found[0] |= {"hired": "2019-01-01", "base_pay": 900}
    found[1] |= {"hired": "2020-01-01", "base_pay": 700, "manager_id": "M0"}
    names = ("Ann", "Bob", "Cai", "Dee", "Eve", "Fay")
    hired = ("2021-01-01", "2022-12-31", "2023-02-01", "2021-06-15", "2022-07-01", "2024-04-15")
    for i, rep in enumerate(REPS):
        found.append(
            {
                "rep_id": rep,
                "name": names[i],
                "team": "A" if i < 3 else "B",
                "region": region_of(rep),
                "role": "seller",
                "manager_id": "M0" if i < 3 else "M1",
                "mentor_id": {2: "R1", 5: "R4"}.get(i),
                "hired": hired[i],
                "left": "2024-05-31" if rep == "R3" else None,
                "base_pay": 300 + 20 * i,
            }
        )
    return found


def training() -> Rows:
    return [
        {
            "rep_id": rep,
            "course": course_,
            "date": when,
            "pre_score": 40 + 5 * i + at,
            "post_score": 60 + 7 * i - at,
            "max_score": 100,
            "attendance": 1 - i / 10,
            "interactions": i,
            "satisfaction": 5 - i % 3,
            "control": i == 4,
        }
        for at, (course_, when) in enumerate(
            [("Product", "2023-09-15"), ("Negotiation", "2024-02-01"), ("Product", "2024-06-10")]
        )
        for i, rep in enumerate(REPS[:5])
    ]


def key_results() -> Rows:
    rows = [
        ("Grow", "Sales of the half", "sales", 60_000, 82_000, "2024-06-30", 2, "up", None),
        ("Grow", "New customers", "new_customers", 0, 6, "2024-06-30", 1, "up", None),
        ("Grow", "Win rate", "win_rate", 0.4, 0.5, "2024-09-30", 1, "up", None),
        ("Keep", "Complaints", None, 30, 20, "2024-06-29", 1, "down", "Grow"),
        ("Keep", "Visits", None, 0, 50, "2024-07-01", 0, "up", "Grow"),
    ]
    return [
        {
            "objective": o,
            "key_result": k,
            "metric": m,
            "baseline": b,
            "target": t,
            "due": due,
            "weight": w,
            "direction": way,
            "parent": parent,
            "owner": ("R1", "R2", "R4")[i % 3],
            "start": "2024-01-01",
            "level": ("company", "team", "person")[i % 3],
        }
        for i, (o, k, m, b, t, due, w, way, parent) in enumerate(rows)
    ]


def tables() -> dict[str, pd.DataFrame]:
    """Every table of the contract, by name."""
    made: dict[str, Any] = {
        "customers": customers(),
        "orders": list(orders()),
        "opportunities": opportunities(),
        "stage_events": stage_events(),
        "snapshots": snapshots(),
        "changes": changes(),
        "leads": leads(),
        "activities": activities(),
        "contracts": contracts(),
        "payments": payments(),
        "cases": cases(),
        "targets": targets(),
        "reps": reps(),
        "training": training(),
        "key_results": key_results(),
        "fit_scores": [
            {
                "subject_id": f"L{d:03}" if d % 2 else f"C{bought(d):02}",
                "need": ("planning", "reports", "service")[d % 3],
                "score": 1 + d % 5,
                "weight": 1 + d % 2,
                "buying_power": ("high", "medium", "low")[d % 3],
                "scored_by": rep_of(d),
                "scored_at": day(d),
            }
            for d in range(660, DAYS)
            if d % 2 or bought(d) not in {bought(e) for e in range(660, d)}
        ],
        "channel_costs": [
            {"month": month, "channel": channel, "cost": 300 + 50 * i + 10 * (n % 7)}
            for n, month in enumerate(months())
            for i, channel in enumerate(CHANNELS[:3])
            if not (channel == "Fair" and n % 3)
        ],
        "market": [
            {
                "year": year,
                "industry": ind,
                "size": 900_000 + 50_000 * i,
                "our_share": 0.05 + i / 50,
            }
            for year in (2023, 2024)
            for i, ind in enumerate(INDUSTRIES)
        ],
        "rates": [
            {"month": month, "currency": "USD", "rate": round(0.9 + n / 100, 2)}
            for n, month in enumerate([*months(), "2024-07"])
        ],
        "deal_splits": [
            {"opportunity_id": f"D{d:03}", "rep_id": rep, "share": share, "kind": kind}
            for d in range(600, 700, 9)
            for rep, share, kind in (
                ("R1", 0.6, "split"),
                ("R4", 0.4, "split"),
                ("R5", 0.1, "overlay"),
            )
        ],
        "assignments": [
            {
                "subject": "rep",
                "subject_id": "R2",
                "role": "team",
                "value": "B",
                "to": "2023-06-30",
            },
            {
                "subject": "rep",
                "subject_id": "R2",
                "role": "team",
                "value": "A",
                "from": "2023-07-01",
            },
            {
                "subject": "customer",
                "subject_id": "C04",
                "role": "owner",
                "value": "R5",
                "from": "2024-01-01",
            },
        ],
        "awards": [
            {"date": day(d), "rep_id": REPS[n % 5], "award": "champion", "amount": 25 + n}
            for n, d in enumerate(ends()[-8:])
        ],
        "care_plan": [
            {
                "customer_id": f"C{k:02}",
                "action": ("visit", "call", "review")[k % 3],
                "frequency": ("weekly", "monthly", "quarterly", "half-yearly", "yearly")[k % 5],
                "owner": REPS[k % 5],
                "last_done": day(DAYS - 1 - 13 * k),
                "satisfaction": 60 + k,
            }
            for k in range(0, 30, 2)
        ],
        "check_ins": [
            {"key_result": kr, "date": when, "value": value, "confidence": sure}
            for kr, when, value, sure in (
                ("Sales of the half", "2024-03-31", 39_000, 0.5),
                ("Sales of the half", "2024-06-16", 76_000, 0.7),
                ("New customers", "2024-06-30", 6, 1.0),
                ("Win rate", "2024-06-17", 0.45, 0.2),
                ("Complaints", "2024-03-31", 26, 0.6),
                ("Complaints", "2024-06-16", 22, 0.7),
                ("Visits", "2024-05-31", 30, 0.5),
                ("Visits", "2024-06-15", 41, 0.3),
            )
        ],
        "strategies": [
            {
                "strategy": name,
                "goal": "sales",
                "lever": lever,
                "budget": budget,
                "spent": spent,
                "start": start,
                "due": due,
                "owner": owner,
                "indicator": indicator,
                "milestone": f"{name} {step}",
                "milestone_due": mdue,
                "milestone_done": mdone,
            }
            for name, lever, budget, spent, start, due, owner, indicator, step, mdue, mdone in (
                ("Fairs", "channel", 900, 900, "2023-10-01", "2024-06-30", "R1", "match_rate", 1)
                + ("2024-01-31", "2024-02-01"),
                ("Fairs", "channel", 900, 900, "2023-10-01", "2024-06-30", "R1", "match_rate", 2)
                + ("2024-06-30", None),
                ("Lower price", "price", 500, 620, "2024-04-01", "2024-09-30", "R4", "win_rate", 1)
                + ("2024-06-29", None),
                ("New suite", "product", None, 100, "2024-05-01", "2024-12-31", "M0", "sales", 1)
                + ("2024-05-31", "2024-05-31"),
            )
        ],
        "tasks": [
            {
                "task": f"Task {n % 3}",
                "item": f"Item {n}",
                "target": 10,
                "done": n,
                "owner": REPS[n % 5],
                "start": day(640 + 3 * n),
                "due": day(724 + n),
                "finished": day(722 + n) if n % 4 == 0 and n < 9 else None,
            }
            for n in range(12)
        ],
        "meetings": [
            {
                "meeting_date": day(700 + 7 * (n // 3)),
                "topic": "Review",
                "action": f"Step {n}",
                "owner": REPS[n % 5],
                "due": day(722 + n),
                "done_on": day(721 + n) if n % 3 == 0 and n < 10 else None,
                "decision": "agreed",
            }
            for n in range(12)
        ],
        "pay_adjustments": [
            {
                "adjustment_id": f"ADJ{n}",
                "rep_id": REPS[n],
                "month": "2024-06",
                "amount": (-40, 60, 15)[n],
                "reason": "credited twice",
                "approved_by": "M0" if n < 2 else None,
                "decided_at": "2024-06-20" if n < 2 else None,
            }
            for n in range(3)
        ],
    }
    return {name: pd.DataFrame(rows).astype(object) for name, rows in made.items()}


SETTINGS: dict[str, Any] = {
    "book": {
        "name": "every-day",
        "title": "Every Day Ltd",
        "currency": "EUR",
        "language": "en",
        "fiscal_year_start": 1,
        "stages": list(STAGES),
        "dimensions": ["segment"],
    },
    "goals": {
        "stale_days": 14,
        "most_strategies": 2,
        "largest_share": 0.05,
        "strategic_industries": ["Finance"],
        "reserve_leads": 20,
        "adjustments": [
            {
                "date": "2024-04-02",
                "period": "2024",
                "target": 175_000,
                "reason": "a good first quarter",
                "by": "Mia",
            }
        ],
        "held": {"region": {"East": 90_000}},
        "size_bands": {"large": 500, "medium": 200, "small": 0},
        "pins": {"R1": 9_000},
        "potential": {"East": 80_000},
    },
    "segments": {
        "tiers": {"names": ["strategic", "growth", "basic"], "lower": [6000, 3000, 0]},
        "tier_visits": [4, 2, 1],
        "tier_calls": [2, 2, 2],
        "visit_hours": 2.0,
        "selling_hours": 10.0,
    },
    "funnel": {
        "min_group": 10,
        "ladder": {
            "rungs": [
                {"lower": 0, "discount": 0.05},
                {"lower": 300, "discount": 0.1},
                {"lower": 700, "free_months": 3, "paid_months": 12},
            ],
            "renewal": 0.1,
            "stacking": "add",
            "floor": 0.25,
        },
        "scripts": [
            {
                "objection": "price",
                "words": ["dear"],
                "say": "Compare: {ownership}",
                "used": ["offer"],
            },
            {"objection": "time", "say": "Start small.", "used": ["plan"]},
        ],
        "customer_return": {
            "customer": "Firm 01",
            "items": [
                {"item": "scrap", "cost": 1000, "saved": 0.25},
                {"item": "hours", "cost": 600, "saved": 0.5},
            ],
            "price": 500,
            "fee": 100,
            "years": 3,
        },
        "ownership": [
            {"name": "ours", "price": 600, "life": 3, "running": 50},
            {"name": "theirs", "price": 400, "life": 2, "running": 120},
        ],
    },
    "case": {"company": True, "measures_from": "2023-10-01"},
    "pilot": {
        "by": "rep",
        "groups": ["R1", "R4"],
        "starts": "2024-03-01",
        "months": 3,
        "cost": 500,
    },
    "incentives": {
        "plan": "now",
        "compare_with": "before",
        "courses": {"lead→intent": "Product", "negotiation→won": "Negotiation"},
        "cultures": [
            {"name": "bold", "effort": 1.5, "spread": 1.2, "assumption": "answers more"},
            {"name": "calm", "effort": 0.5, "hold": 0.9, "assumption": "answers less"},
        ],
        "levels": [
            {"name": "base", "at": 0.8, "gives": "pay"},
            {"name": "sprint", "at": 1.0, "gives": "bonus"},
        ],
    },
    "commission_plans": [
        {
            "name": "now",
            "starts": "2024-01-01",
            "replaces": "before",
            "accumulate": "quarter",
            "tiers_of": "quota",
            "tiers": [
                {"lower": 0, "upper": 0.8, "rate": 0.05},
                {"lower": 0.8, "upper": 1.0, "rate": 0.08},
                {"lower": 1.0, "rate": 0.12},
            ],
            "ramp": [0.25, 0.5, 0.75],
            "cap": 900,
            "rules": [
                {"name": "long", "least_months": 36, "points": 0.01},
                {"name": "renewals", "kind": ["renewal"], "times": 1.2},
            ],
            "splits": [{"to": "order", "share": 0.75}, {"to": "customer", "share": 0.25}],
            "manager_rate": 0.01,
            "manager_rates": [0.005],
            "booking_share": 0.5,
            "attainment": {
                "target_pay": 400,
                "levels": [{"at": 0.8, "pays": 0.5}, {"at": 1.0, "pays": 1.0}],
                "between": "interpolated",
                "above": 1.5,
            },
            "awards": [
                {"name": "mentor", "event": "first_deal", "to": ["mentor"], "amount": 50},
                {
                    "name": "referral",
                    "event": "referral",
                    "channel": "Referral",
                    "to": ["rep"],
                    "amount": 10,
                },
                {"name": "visits", "event": "most_visits", "amount": 30, "at_least": 3},
                {"name": "champion", "event": "by_hand", "amount": 20},
            ],
        },
        {
            "name": "before",
            "starts": "2021-01-01",
            "mode": "whole",
            "accumulate": "month",
            "tiers": [
                {"lower": 0, "upper": 1000, "rate": 0.05},
                {"lower": 1000, "rate": 0.07},
            ],
        },
    ],
}


@cache
def every_day() -> Book:
    """The book, June 2024."""
    return Book.from_frames(month="2024-06", settings=SETTINGS, **tables())
