"""What the company agreed to do: strategies, tasks, actions of its review meetings."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from .days import LAST, MONTHS, month_start, to_date
from .parameters import REGIONS, Company


def strategies_table() -> pd.DataFrame:
    """Table ``strategies``: the core strategies of 2023, one row per milestone; in August three run
    at once.
    """
    core = (
        (
            "Association salons 数字化转型沙龙",
            "better leads from industry associations in six months",
            "channel",
            500_000,
            462_000,
            "2023-04-01",
            "2023-09-30",
            "marketing lead",
            ("1 event specialist", 6, 6, "person-months"),
            ("hall and catering for six salons, 600 industry reports", 600, 560, "reports"),
            "to 70 %",
            "match_rate",
            (
                ("Contract with two associations", "2023-04-30", "2023-04-26"),
                ("First three salons held", "2023-06-30", "2023-06-28"),
                ("Salons in all five regions", "2023-09-30", "2023-09-22"),
            ),
        ),
        (
            "Trial with guided start 引导试用",
            "more of the decided deals are won",
            "promotion",
            200_000,
            171_500,
            "2023-05-01",
            "2023-08-31",
            "product lead",
            ("2 trial consultants", 8, 9.5, "person-months"),
            ("trial guide, 200 trial accounts", 200, 200, "trial accounts"),
            "to 33 %",
            "win_rate.narrow",
            (
                ("Trial guide ready", "2023-05-31", "2023-06-05"),
                ("200 trials started", "2023-07-31", "2023-07-27"),
                ("Win rate reviewed", "2023-08-31", ""),
            ),
        ),
        (
            "Customers bring customers 老客户转介绍",
            "new customers through referrals by the year's end",
            "promotion",
            300_000,
            84_000,
            "2023-08-01",
            "2023-12-31",
            "customer success lead",
            ("3 customer success managers, half their time", 7.5, None, "person-months"),
            ("referral cards, 500 thank-you gifts", 500, 140, "gifts"),
            "30 new customers",
            "new_customers",
            (
                ("Referral award agreed", "2023-08-31", "2023-08-21"),
                ("Every strategic customer asked", "2023-11-30", ""),
            ),
        ),
    )
    names = [
        "strategy",
        "goal",
        "lever",
        "budget",
        "spent",
        "start",
        "due",
        "owner",
        *("people", "people_planned", "people_used", "people_unit"),
        *("material", "material_planned", "material_used", "material_unit"),
        "expected",
        "indicator",
        "milestone",
        "milestone_due",
        "milestone_done",
    ]
    return pd.DataFrame(
        [
            (*row[:8], *row[8], *row[9], *row[10:-1], *milestone)
            for row in core
            for milestone in row[-1]
        ],
        columns=names,
    )


def tasks_table() -> pd.DataFrame:
    """Table ``tasks``: the programme of 2023 cut into pieces with owner, dates, acceptance."""
    plan = (
        (
            "Needs survey of large customers",
            "Visits held",
            40,
            42,
            "visits",
            "2023-04-03",
            "2023-06-16",
        ),
        (
            "Needs survey of large customers",
            "Reports accepted",
            40,
            40,
            "reports",
            "2023-05-08",
            "2023-06-30",
        ),
        (
            "Usage diagnosis of small customers",
            "Diagnoses",
            100,
            93,
            "diagnoses",
            "2023-04-10",
            "2023-06-30",
        ),
        (
            "Close low-quality channels",
            "Contracts ended",
            2,
            2,
            "contracts",
            "2023-03-20",
            "2023-04-01",
        ),
        ("Association salons", "Salons held", 6, 8, "salons", "2023-04-10", "2023-08-31"),
        ("ROI calculator", "Version in use", 1, 1, "tools", "2023-04-03", "2023-05-12"),
        (
            "Objection library 异议处理话术库",
            "Entries written",
            20,
            25,
            "entries",
            "2023-04-17",
            "2023-06-09",
        ),
        ("Weekly case dissection", "Sessions held", 24, 23, "sessions", "2023-04-07", "2023-09-29"),
        (
            "Self-service platform",
            "Templates published",
            30,
            22,
            "templates",
            "2023-05-01",
            "2023-08-31",
        ),
        (
            "Annual value reports",
            "Reports sent 30 days before renewal",
            60,
            51,
            "reports",
            "2023-06-01",
            "2023-09-30",
        ),
        (
            "Customer data clean-up",
            "Accounts checked",
            800,
            610,
            "accounts",
            "2023-07-03",
            "2023-09-15",
        ),
        ("谈单宝典 Handbook of closing", "Chapters", 10, 7, "chapters", "2023-07-10", "2023-10-31"),
    )
    owners = ("customer success lead", "head of training", "marketing lead", "product lead")
    rows = []
    for i, (task, item, target, done, unit, start, due) in enumerate(plan):
        late = timedelta(days=3 if done < target else -2)
        finished = date.fromisoformat(due) + late
        over = finished <= to_date(LAST) and done >= 0.9 * target
        rows.append(
            {
                "task": task,
                "item": item,
                "target": target,
                "done": done,
                "unit": unit,
                "owner": owners[i % 4],
                "start": start,
                "due": due,
                "finished": finished if over else "",
                "acceptor": "sales director",
                "remark": "" if done >= target else "behind plan",
            }
        )
    return pd.DataFrame(rows)


def meetings_table(c: Company) -> pd.DataFrame:
    """Table ``meetings``: the monthly review since 2022, two or three actions each; most are done
    in time.
    """
    rng = c.rng("meetings")
    pool = (
        ("Result", "Call every lost deal of the month and record the reason"),
        ("Problem", "Review stuck negotiations with the regional manager"),
        ("Highlight", "Write up the best case of the month 标杆案例"),
        ("Problem", "Check need match of trade-fair leads"),
        ("Lesson", "Rehearse the demo for Integration with the North team"),
        ("Problem", "Visit large customers due for renewal within 60 days"),
        ("Result", "Settle overdue payments"),
        ("Lesson", "Give each new seller a mentor"),
        ("Problem", "Collect three customer references"),
    )
    rows = []
    for month in range(12, MONTHS):
        day = to_date(month_start(month + 1) + 4) if month + 1 < MONTHS else to_date(LAST - 1)
        while day.weekday() > 4:
            day += timedelta(days=1 if day < to_date(LAST - 2) else -1)
        for k in rng.permutation(len(pool))[: 2 + int(rng.random() < 0.5)]:
            due = day + timedelta(days=14 + int(rng.integers(0, 14)))
            done = due + timedelta(days=int(rng.integers(-8, 7)))
            finished = rng.random() < 0.85 and done <= to_date(LAST)
            rows.append(
                {
                    "meeting_date": day,
                    "topic": pool[k][0],
                    "action": pool[k][1],
                    "owner": f"manager {REGIONS[int(rng.integers(0, 5))]}",
                    "due": due,
                    "done_on": done if finished else "",
                    "decision": "agreed" if rng.random() < 0.8 else "agreed, budget to be checked",
                }
            )
    return pd.DataFrame(rows)
