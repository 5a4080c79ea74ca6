"""Every figure and sentence of a company where something happens on every day; the main ones
worked out again from the rows, day by day.
"""

from collections import Counter
from datetime import timedelta

import pandas as pd
import pytest

from every_day import CHANNELS, DAYS, course, day, every_day, fate, leads, orders, tables
from figures import figures
from inprocess import shown_by
from playbook import funnel, goals, segments
from playbook.base.params import NOTEBOOKS
from reviewed import compare

YEAR = 365  # number of 1 July 2023, the first day of the trailing twelve months
RATE = {(row["month"], row["currency"]): row["rate"] for _, row in tables()["rates"].iterrows()}


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_every_figure_and_sentence(request, chapter):
    compare(figures(shown_by(chapter, every_day(), drawn=False)), f"every-day-{chapter}", request)


def in_euro(row: dict, column: str = "amount") -> float:
    """At the rate of the row's own month."""
    return row[column] * RATE.get((f"{row['date']:%Y-%m}", row["currency"]), 1.0)


def lately() -> list[dict]:
    """Order rows of the trailing twelve months."""
    return [row for row in orders() if row["date"] >= day(YEAR)]


def test_sales_of_the_month_and_the_year():
    months: Counter = Counter()
    for row in orders():
        months[f"{row['date']:%Y-%m}"] += in_euro(row)
    found = goals.sales_overview(every_day())
    kpis = {(k.name, k.window): k.value for k in found.kpis() if not k.by}
    assert float(kpis["sales", "month"]) == pytest.approx(months["2024-06"], abs=0.01)
    year = sum(amount for month, amount in months.items() if month >= "2023-07")
    assert float(kpis["sales", "trailing_12m"]) == pytest.approx(year, abs=0.01)


def test_deals_decided_in_the_year():
    """By their closing day, the first and the last day of the window included."""
    ended = Counter(
        fate(d)[0] for d in range(DAYS) if fate(d)[0] != "open" and YEAR <= course(d)[3] < DAYS
    )
    row = funnel.win_rate(every_day()).table.set_index("window").loc["trailing_12m"]
    assert (row.won, row.lost) == (ended["won"], ended["lost"])
    created = [fate(d)[0] == "won" and course(d)[3] < DAYS for d in range(YEAR, DAYS)]
    assert row.created == len(created) and row.broad == pytest.approx(sum(created) / len(created))


def test_what_discounts_leak():
    """Rungs by list amount in euro, 300 and 700 on their upper side; a renewal may have 10 points
    more, nothing more than 25 %.
    """
    beyond, leak, priced = Counter(), Counter(), Counter()
    for row in lately():
        if row["kind"] == "refund":
            continue
        full = in_euro(row, "list_amount")
        rung = 2 if full >= 700 else 1 if full >= 300 else 0
        allowed = (0.05, 0.10, 3 / 15)[rung] + (0.10 if row["kind"] == "renewal" else 0)
        over = 1 - row["amount"] / row["list_amount"] - min(allowed, 0.25)
        priced[rung] += 1
        beyond[rung] += over > 1e-9
        leak[rung] += full * max(over, 0)
    rows = funnel.price_ladder(every_day()).table
    assert rows.deals.tolist() == [priced[rung] for rung in range(3)]
    assert rows.leak.tolist() == pytest.approx([leak[rung] for rung in range(3)], abs=0.05)
    assert rows.rate.tolist() == pytest.approx([beyond[r] / priced[r] for r in range(3)])


def test_value_tiers_of_the_year():
    """Net of refunds; 6,000 and 3,000 belong to the tier above."""
    net: Counter = Counter()
    for row in lately():
        net[row["customer_id"]] += in_euro(row)
    bought = {row["customer_id"] for row in lately() if row["kind"] != "refund"}
    found = segments.tiers(every_day())
    assert found.table.customers.tolist() == [
        sum(net[c] >= 6000 for c in net),
        sum(3000 <= net[c] < 6000 for c in net),
        sum(net[c] < 3000 for c in net),
    ]
    best = sum(amount for amount in net.values() if amount >= 6000)
    assert found.table.revenue[0] == pytest.approx(best, abs=0.01)
    everybody = {row["customer_id"] for row in orders()}
    assert len(bought | set(net)) + found.silent == len(everybody)


def test_leads_by_what_they_expect():
    """High: the purchase lies within a calendar month of the lead's day, its last day included;
    medium: within three.
    """
    graded, valid = Counter(), Counter()
    for lead in leads()[YEAR:]:
        wants, came = lead["expected_purchase"], pd.Timestamp(lead["created"])
        grade = "low"
        for months, name in ((3, "medium"), (1, "high")):
            if wants and pd.Timestamp(wants) <= came + pd.DateOffset(months=months):
                grade = name
        graded[grade] += 1
        valid[grade] += bool(wants and lead["budget"] and lead["decision_maker"])
    rows = segments.leads(every_day()).table
    assert dict(zip(rows.grade, rows.leads, strict=True)) == graded
    assert dict(zip(rows.grade, rows.valid, strict=True)) == valid


def test_leads_and_wins_by_channel():
    """One lead a day, by turns: 366 days from 1 July 2023, whose number is 1 of 4."""
    came = Counter(CHANNELS[d % 4] for d in range(YEAR, DAYS))
    rows = funnel.channels(every_day()).table.set_index("channel")
    assert rows.leads.to_dict() == came
    assert day(YEAR) + timedelta(days=DAYS - YEAR - 1) == every_day().as_of
