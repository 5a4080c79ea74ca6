"""Every line, piece and word of pay under plans that between them use every feature."""

from __future__ import annotations

import zlib

import pandas as pd
from every_plan import PLANS, every_plan

from playbook.incentives.plans.statement_lines import statement_lines
from playbook.pay.history import history
from playbook.pay.total import total_pay
from reviewed import compare


def told(plan: str) -> list[str]:
    """One line per person, item and month of the plan's own days: how many lines, their amount and
    pay; then a checksum of how each line of the year came about.
    """
    past = history(every_plan(), plan)
    made = total_pay(past, past.chosen.current, dated=True)
    lines = made.lines.assign(month=made.lines["date"].dt.strftime("%Y-%m"))
    keys = ["rep_id", "item", "component", "month"]
    found = [
        f"{' '.join(map(str, key))}: {len(part)}, {part['amount'].sum() / 10_000:g}"
        f" → {part['pay'].sum() / 100:g}, bound {sorted(set(part['bound'].astype(str)))}"
        for key, part in lines.groupby(keys, sort=True)
        if key[-1] >= "2024-01"
    ]
    words = statement_lines(past, made, past.chosen.current, past.book.window("year_to_date"))
    text = "\n".join(
        f"{row.rep_id} {row.date} {row.pay} {row.how} {row.pieces} {row.other} {row.quota}"
        for row in words.itertuples(index=False)
    )
    found.append(f"words: {len(words)} {zlib.crc32(text.encode()):08x}")
    return [f"## {plan}", *found, *made.notes]


def test_every_line_of_pay(request):
    lines = [line for plan in PLANS for line in told(plan)]
    compare("\n".join(lines) + "\n", "every-plan", request)


def test_a_quarter_worked_by_hand():
    """Ann's first quarter under 'rules': 6,545.16 fill the bands to 485.42, half of the 1,382 of
    large customers at 8 % goes, 1 % of the 875.16 of long contracts and half of the 450 of a
    strategic customer at 8 % come, and 3 % of 1,812 beside the bands: 511.25, × 0.9 for a margin
    below 55 %. Under 'measures' 8,357.16 reach the quota of 6,000: half of 900.
    """
    quarter = pd.Timestamp("2024-01-01")
    assert _paid("rules", "R1", "", quarter) == 460_13
    assert _paid("measures", "R1", "attainment: sales", quarter) == 450_00
    assert _paid("whole year", "R5", "", pd.Timestamp("2024-01-01"), months=6) == 1_500_00
    # Cai left on 31 May: at the quarter's end nobody is there to be paid for it
    assert _paid("measures", "R3", "attainment", pd.Timestamp("2024-04-01")) == 0


def _paid(plan: str, rep: str, item: str, start: pd.Timestamp, months: int = 3) -> int:
    """What months pay one person for orders under a plan [cents]."""
    past = history(every_plan(), plan)
    lines = total_pay(past, past.chosen.current, dated=True).lines
    lines = lines[(lines["rep_id"] == rep) & (lines["source"] != "award")]
    lines = lines[lines["item"].str.startswith(item)]
    days = (lines["date"] >= start) & (lines["date"] < start + pd.DateOffset(months=months))
    return int(lines.loc[days, "pay"].sum())
