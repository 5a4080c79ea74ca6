"""What the company planned: targets, objectives, strategies, tasks, meetings, market, channel costs."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from .days import LAST, MONTHS, month_name, month_start, quarter_name, to_date
from .parameters import CHANNELS, INDUSTRIES, PRODUCTS, REGIONS, TYPES, Company
from .people import Team

GROWTH = (0.15, 0.20, 0.30)          # planned growth of 2021, 2022, 2023; the case's annual goal is the last
CURVE = (0.068, 0.066, 0.092, 0.078, 0.080, 0.096, 0.078, 0.078, 0.094, 0.082, 0.084, 0.104)


def split(total: int, weights: np.ndarray) -> list[int]:
    """Whole cents by largest remainder: the parts sum to ``total``; ties go to the earlier part."""
    shares = np.asarray(weights, dtype=float) / np.sum(weights) * total
    parts = np.floor(shares).astype(int)
    order = np.argsort(-(shares - parts), kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return parts.tolist()


def targets_table(c: Company, team: Team, orders: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Table ``targets``: sales for the company and by region, product line, customer type and rep; orders and new customers for the company
    and by region; years, quarters and months. Parts sum to the whole in every direction, to the cent."""
    o = orders.assign(year=[d.year for d in orders.date], customer_type=orders.customer_id.map(customers.set_index("customer_id").customer_type))
    rows: list[dict] = []
    for i, year in enumerate((2021, 2022, 2023)):
        base = o[o.year == year - 1] if i else o[o.year == year]
        total = int(base.amount.sum() * (1 + GROWTH[i]) / (1 if i else 1.12)) // 10_000 * 10_000 * 100
        rows += _curve(year, "sales", total, {}, "sales director", 100)
        for dimension, members in (("region", REGIONS), ("product_line", PRODUCTS), ("customer_type", TYPES)):
            weights = base.groupby(dimension).amount.sum().reindex(members).to_numpy(dtype=float)
            monthly = [split(part, weights) for part in split(total, CURVE)]
            for k, member in enumerate(members):
                rows += _months(year, "sales", [m[k] for m in monthly], {dimension: member}, f"manager {member}" if dimension == "region" else "sales director", 100)
        rows += _rep_targets(team, year, total, base)
        for metric, share in (("orders", len(base[base.kind != "refund"])), ("new_customers", int((base.kind == "new").sum()))):
            whole = int(share * (1 + GROWTH[i] * 0.7))
            weights = base.groupby("region").amount.sum().reindex(REGIONS).to_numpy(dtype=float)
            rows += _curve(year, metric, whole, {}, "sales director", 1)
            monthly = [split(part, weights) for part in split(whole, CURVE)]
            for k, region in enumerate(REGIONS):
                rows += _months(year, metric, [m[k] for m in monthly], {"region": region}, f"manager {region}", 1)
    columns = ["period", "metric", "target", "region", "product_line", "customer_type", "rep_id", "team", "owner", "remark"]
    return pd.DataFrame([{name: row.get(name, "") for name in columns} for row in rows])


def _curve(year: int, metric: str, total: int, who: dict, owner: str, unit: int) -> list[dict]:
    return _months(year, metric, split(total, CURVE), who, owner, unit)


def _months(year: int, metric: str, months: list[int], who: dict, owner: str, unit: int) -> list[dict]:
    """Rows of a year, its quarters and its months from twelve monthly parts in the smallest unit."""
    row = lambda period, value: {"period": period, "metric": metric, "target": f"{value / 100:.2f}" if unit == 100 else str(value), **who, "owner": owner}  # noqa: E731
    rows = [row(str(year), sum(months))]
    rows += [row(f"{year}-Q{q + 1}", sum(months[3 * q: 3 * q + 3])) for q in range(4)]
    return rows + [row(f"{year}-{m + 1:02d}", months[m]) for m in range(12)]


def _rep_targets(team: Team, year: int, total: int, base: pd.DataFrame) -> list[dict]:
    """Quarterly targets of the reps there at the quarter's start; newcomers carry half. They sum to the company's quarter."""
    sold = base.groupby("rep_id").amount.sum()
    months, rows = split(total, CURVE), []
    for quarter in range(4):
        first = month_start((year - 2021) * 12 + 3 * quarter)
        there = [i for i in range(len(team)) if team.hired[i] <= first < team.left[i] and not team.manager[i]]
        weights = np.array([0.5 if team.hired[i] > first - 180 else 0.6 + 0.4 * float(sold.get(team.id(i), 0)) / max(float(sold.mean()), 1) for i in there])
        parts = split(sum(months[3 * quarter: 3 * quarter + 3]), weights)
        rows += [{"period": f"{year}-Q{quarter + 1}", "metric": "sales", "target": f"{part / 100:.2f}", "rep_id": team.id(i), "owner": team.name[i]}
                 for i, part in zip(there, parts, strict=True)]
    return rows


def channel_costs_table(c: Company, leads: pd.DataFrame) -> pd.DataFrame:
    """Table ``channel_costs``: a fixed sum a month while the channel runs, and a cost per lead."""
    month = np.array([f"{d.year}-{d.month:02d}" for d in leads.created])
    rng = c.rng("costs")
    rows = []
    for m in range(MONTHS):
        for spec in CHANNELS:
            n = int(((leads.channel == spec.name).to_numpy() & (month == month_name(m))).sum())
            noise = 0.95 + 0.1 * rng.random()
            if n:
                rows.append({"month": to_date(month_start(m)), "channel": spec.name, "cost": round(spec.fixed_cost + spec.cost_per_lead * n * noise)})
    return pd.DataFrame(rows)


def market_table(orders: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Table ``market``: size per industry, growing 15 % a year; our share where the year is over."""
    industry = orders.customer_id.map(customers.set_index("customer_id").industry)
    sold = orders.assign(industry=industry, year=[d.year for d in orders.date]).pivot_table(index="industry", columns="year", values="amount", aggfunc="sum")
    rows = []
    for i, name in enumerate(INDUSTRIES):
        for year in (2021, 2022, 2023):
            size = round(float(sold.loc[name, 2021]) / (0.035 + 0.006 * i) * 1.15 ** (year - 2021) / 1e5) * 100_000
            rows.append({"year": year, "industry": name, "size": size, "our_share": f"{sold.loc[name, year] / size:.4f}" if year < 2023 else ""})
    return pd.DataFrame(rows)


O1, O2, O3 = "提升大客户续约率 Raise large-customer renewal", "激活中小客户复购 Win repeat business of small and medium customers", "新人成长 New sellers close their first deal sooner"
KEY_RESULTS = (
    # objective, key result, metric, unit, baseline, target, owner, start, due, weight, direction, parent, level
    (O1, "Large-customer renewal rate to 85 %", "renewal_rate", "share", 0.68, 0.85, "sales director", "2023-04-01", "2023-09-30", 2, "up", "", "company"),
    (O1, "Needs survey done with all large customers", "large customers surveyed", "share", 0, 1, "customer success lead", "2023-04-01", "2023-06-30", 1, "up", "", "company"),
    (O1, "Customised service package launched", "packages launched", "count", 0, 1, "product lead", "2023-04-01", "2023-09-30", 1, "up", "", "company"),
    (O2, "100 usage diagnoses with small and medium customers", "diagnoses", "count", 0, 100, "customer success lead", "2023-04-01", "2023-06-30", 1, "up", "", "company"),
    (O2, "Self-service platform live", "platforms live", "count", 0, 1, "product lead", "2023-04-01", "2023-09-30", 1, "up", "", "company"),
    (O2, "Churn of small and medium customers below 30 %", "churn_rate", "share", 0.40, 0.30, "sales director", "2023-04-01", "2023-09-30", 2, "down", "", "company"),
    (O3, "First deal within three months for 55 % of hires", "ramp.first_deal_3m", "share", 0.30, 0.55, "head of training", "2023-04-01", "2023-09-30", 1, "up", "", "company"),
    *((f"{region}: keep and grow our large customers", f"{region}: quarterly value review with every strategic customer", "reviews held", "share", 0, 1,
       f"manager {region}", "2023-04-01", "2023-09-30", 1, "up", O1, "team") for region in REGIONS),
)
_PACE = {"Needs survey done with all large customers": 1.0, "Customised service package launched": 1.0, "100 usage diagnoses with small and medium customers": 0.93,
         "Self-service platform live": 1.0}


def key_results_table() -> pd.DataFrame:
    """Table ``key_results``: the case's objectives and key results, and one per region under the first."""
    names = ["objective", "key_result", "metric", "unit", "baseline", "target", "owner", "start", "due", "weight", "direction", "parent", "level"]
    return pd.DataFrame(KEY_RESULTS, columns=names)


def check_ins_table(c: Company, contracts: pd.DataFrame, customers: pd.DataFrame, ramp: float) -> pd.DataFrame:
    """Table ``check_ins``, every Friday from April 2023. Renewal and churn are read off the contracts due so far since April."""
    kind = contracts.customer_id.map(customers.set_index("customer_id").customer_type)
    rows = []
    for row in KEY_RESULTS:
        start, due = date.fromisoformat(row[7]), date.fromisoformat(row[8])
        friday = start + timedelta(days=(4 - start.weekday()) % 7)
        while friday <= due:
            elapsed = (friday - start).days / (due - start).days
            value = _value(row, friday, elapsed, contracts, kind, ramp)
            rows.append({"key_result": row[1], "date": friday, "value": f"{value:.4f}".rstrip("0").rstrip("."), "confidence": f"{0.5 + 0.4 * min(1, elapsed):.2f}",
                         "note": "ahead" if elapsed and value >= row[5] else ""})
            friday += timedelta(days=7)
    return pd.DataFrame(rows)


def _value(row: tuple, day: date, elapsed: float, contracts: pd.DataFrame, kind: pd.Series, ramp: float) -> float:
    if row[2] in ("renewal_rate", "churn_rate"):
        wanted = (kind == "large") if row[2] == "renewal_rate" else (kind != "large")
        due = contracts[wanted & (contracts.end >= day - timedelta(days=91)) & (contracts.end <= day)]
        rate = float((due.renewed_by != "").mean())
        return rate if row[2] == "renewal_rate" else 1 - rate
    if row[2] == "ramp.first_deal_3m":
        return row[4] + (ramp - row[4]) * elapsed
    if row[3] == "count" and row[5] == 1:
        return float(elapsed > 0.8)
    return min(row[5], round(row[5] * _PACE.get(row[1], 0.9) * min(1.0, elapsed * 1.02), 2 if row[3] == "share" else 0))


def strategies_table() -> pd.DataFrame:
    """Table ``strategies``: two core strategies of 2023, one row per milestone."""
    core = (("Association salons 数字化转型沙龙", "30 new customers from industry associations in six months", "channel", 500_000, 462_000, "2023-04-01", "2023-09-30", "marketing lead",
             "match rate of leads to 70 %", "match_rate",
             (("Contract with two associations", "2023-04-30", "2023-04-26"), ("First three salons held", "2023-06-30", "2023-06-28"), ("30 new customers", "2023-09-30", "2023-09-22"))),
            ("Trial with guided start 引导试用", "trial conversion of at least 20 %", "promotion", 200_000, 171_500, "2023-05-01", "2023-08-31", "product lead",
             "trial conversion ≥ 20 %", "conversion",
             (("Trial guide ready", "2023-05-31", "2023-06-05"), ("200 trials started", "2023-07-31", "2023-07-27"), ("20 % converted", "2023-08-31", ""))))
    names = ["strategy", "goal", "lever", "budget", "spent", "start", "due", "owner", "expected", "indicator", "milestone", "milestone_due", "milestone_done"]
    return pd.DataFrame([(*row[:-1], *milestone) for row in core for milestone in row[-1]], columns=names)


def tasks_table(c: Company) -> pd.DataFrame:
    """Table ``tasks``: the programme of 2023 cut into pieces with owner, dates, acceptance."""
    plan = (("Needs survey of large customers", "Visits held", 40, 42, "visits", "2023-04-03", "2023-06-16"), ("Needs survey of large customers", "Reports accepted", 40, 40, "reports", "2023-05-08", "2023-06-30"),
            ("Usage diagnosis of small customers", "Diagnoses", 100, 93, "diagnoses", "2023-04-10", "2023-06-30"), ("Close low-quality channels", "Contracts ended", 2, 2, "contracts", "2023-03-20", "2023-04-01"),
            ("Association salons", "Salons held", 6, 8, "salons", "2023-04-10", "2023-08-31"), ("ROI calculator", "Version in use", 1, 1, "tools", "2023-04-03", "2023-05-12"),
            ("Objection library 异议处理话术库", "Entries written", 20, 25, "entries", "2023-04-17", "2023-06-09"), ("Weekly case dissection", "Sessions held", 24, 23, "sessions", "2023-04-07", "2023-09-29"),
            ("Self-service platform", "Templates published", 30, 22, "templates", "2023-05-01", "2023-08-31"), ("Annual value reports", "Reports sent 30 days before renewal", 60, 51, "reports", "2023-06-01", "2023-09-30"),
            ("Customer data clean-up", "Accounts checked", 800, 610, "accounts", "2023-07-03", "2023-09-15"), ("谈单宝典 Handbook of closing", "Chapters", 10, 7, "chapters", "2023-07-10", "2023-10-31"))
    owners = ("customer success lead", "head of training", "marketing lead", "product lead")
    rows = []
    for i, (task, item, target, done, unit, start, due) in enumerate(plan):
        late = timedelta(days=3 if done < target else -2)
        finished = date.fromisoformat(due) + late
        over = finished <= to_date(LAST) and done >= 0.9 * target
        rows.append({"task": task, "item": item, "target": target, "done": done, "unit": unit, "owner": owners[i % 4], "start": start, "due": due,
                     "finished": finished if over else "", "acceptor": "sales director", "remark": "" if done >= target else "behind plan"})
    return pd.DataFrame(rows)


def meetings_table(c: Company, orders: pd.DataFrame) -> pd.DataFrame:
    """Table ``meetings``: the monthly review since 2022, two or three actions each; most are done in time."""
    rng = c.rng("meetings")
    pool = (("Result", "Call every lost deal of the month and record the reason"), ("Problem", "Review stuck negotiations with the regional manager"), ("Highlight", "Write up the best case of the month 标杆案例"),
            ("Problem", "Check need match of trade-fair leads"), ("Lesson", "Rehearse the demo for Integration with the North team"), ("Problem", "Visit large customers due for renewal within 60 days"),
            ("Result", "Settle overdue payments"), ("Lesson", "Give each new seller a mentor"), ("Problem", "Collect three customer references"))
    rows = []
    for month in range(12, MONTHS):
        day = to_date(month_start(month + 1) + 4) if month + 1 < MONTHS else to_date(LAST - 1)
        while day.weekday() > 4:
            day += timedelta(days=1 if day < to_date(LAST - 2) else -1)
        for k in rng.permutation(len(pool))[: 2 + int(rng.random() < 0.5)]:
            due = day + timedelta(days=14 + int(rng.integers(0, 14)))
            done = due + timedelta(days=int(rng.integers(-8, 7)))
            finished = rng.random() < 0.85 and done <= to_date(LAST)
            rows.append({"meeting_date": day, "topic": pool[k][0], "action": pool[k][1], "owner": f"manager {REGIONS[int(rng.integers(0, 5))]}", "due": due,
                         "done_on": done if finished else "", "decision": "agreed" if rng.random() < 0.8 else "agreed, budget to be checked"})
    return pd.DataFrame(rows)


__all__ = ["quarter_name", "split"]
