"""What nobody gave is an illustration: it reaches no headline, no action and no verdict; and nobody
is named by luck.
"""

import numpy as np
import pandas as pd
import pytest

from playbook import incentives
from small_company import small_book
from toy import toy

GIVE = "No commission plan is given"
PLAN = (
    '[[commission_plans]]\nname = "plan"\nstarts = 2022-01-01\naccumulate = "month"\n'
    "tiers = [{ lower = 0, upper = 500, rate = 0.05 }, { lower = 500, rate = 0.08 }]\n"
)
OTHER = (
    '[[commission_plans]]\nname = "dear"\nstarts = 2022-01-01\ncompare_only = true\n'
    'accumulate = "month"\ntiers = [{ lower = 0, rate = 0.06 }]\n'
)
MONTHS = [f"{year}-{month:02d}" for year in (2022, 2023) for month in range(1, 13)]


def months(cost: str = "", reps: tuple[str, ...] = ("R1", "R2")) -> str:
    """Ten orders of 100 a month for two years, each with its cost, five of each rep."""
    rows = [
        f"{month}{i},{month}-{i + 10},C1,100,{cost},{reps[i % len(reps)]}"
        for month in MONTHS
        for i in range(10)
    ]
    return "order_id,date,customer_id,amount,cost,rep_id\n" + "\n".join(rows) + "\n"


def test_a_years_profit_is_worked_out_from_the_orders_own_cost():
    """12,000 a year at a margin of 2 % is 240; 500 at 5 % a month for each of two reps is 600 a
    year: −360, not the 7,800 of an assumed margin.
    """
    made = small_book(PLAN, month="2023-12", orders=months("98"))
    found = incentives.simulation(made, years=20)
    first = found.table.iloc[0]
    assert (first["p50"], first["profit"]) == (600, pytest.approx(-360))
    assert (found.margin.share, found.margin.known) == (pytest.approx(0.02), True)
    assert "gross profit by the cost of each order, 2.0 % of the amount" in str(found.tables()[0])


def test_an_assumed_margin_reaches_no_headline_and_no_verdict():
    made = small_book(PLAN + OTHER, month="2023-12", orders=months())
    found = incentives.simulation(made, years=20)
    assert found.headline() == "Pay of a middle simulated year: plan ¥600, dear ¥720"
    assert "Whether plan dear earns its pay back is not said" in found.reading()
    assert [kpi.name for kpi in found.kpis()] == [] and found.actions() == []
    assert "middle year (assumed margin)" in str(found.tables()[0])
    chosen = incentives.decisions(incentives.comparison(made), found)
    assert "Gross profit" not in str(chosen.choice) and "budget" not in str(chosen.choice)


def test_a_margin_and_a_budget_that_the_settings_name_are_used():
    text = "[funnel]\nmargin = 0.5\n[incentives]\nbudget_uplift = 0.0\neffort = 0.0\n"
    found = incentives.simulation(
        small_book(text + PLAN + OTHER, month="2023-12", orders=months()), years=20
    )
    assert found.headline() == (
        "Pay of a middle simulated year: plan ¥600, dear ¥720; years over the pay budget: plan"
        " 0.0 %, dear 100.0 %; break-even uplift 2.27 %"
    )  # 0.44 x 12,000 (1 + u) = 0.45 x 12,000
    assert [kpi.name for kpi in found.kpis()] == [
        "pay.overspend",
        "pay.overspend",
        "pay.break_even_uplift",
    ]


def test_a_book_without_plans_says_what_to_give():
    made = small_book("", month="2023-12", orders=months("98"))
    results = [
        incentives.comparison(made),
        incentives.curve(made),
        incentives.simulation(made, years=20),
        incentives.audit(made),
    ]
    for one in results[:3]:
        assert one.headline().startswith(GIVE) and one.reading().startswith(GIVE)
        assert not one.kpis()
    assert results[3].headline().startswith("Bunching: no plan is given, no edge judged")
    assert len(results[3].edges) == 0
    assert incentives.decisions(*results).status != "ok"


def test_a_plan_made_from_the_firms_own_is_not_chosen_between():
    made = small_book(PLAN, month="2023-12", orders=months("98"))
    compared = incentives.comparison(made)
    assert compared.headline() == "Twelve months: plan ¥600 (5.00 % of revenue)"
    assert {kpi.by["plan"] for kpi in compared.kpis()} == {"plan"}
    assert incentives.decisions(compared, incentives.curve(made)).status != "ok"


def test_costs_belong_to_the_plan_by_name():
    found = incentives.comparison(small_book(PLAN + OTHER, month="2023-12", orders=months("98")))
    assert [found.costs_of(one)["payout"] for one in (found.current, found.other)] == [600, 720]
    assert found.difference == 120


def test_a_rep_hired_after_the_first_sales_keeps_the_name_and_is_no_new_hire():
    orders = "order_id,date,customer_id,amount,rep_id\n" + "".join(
        f"{month},{month}-15,C1,100,{'R0' if number % 2 else 'R1'}\n"
        for number, month in enumerate(MONTHS)
    )
    reps = "rep_id,name,region,hired\nR0,Ann,East,2024-03-01\nR1,Bob,West,2022-02-01\n"
    made = small_book(
        PLAN, month="2023-12", orders=orders, reps=reps, customers="customer_id\nC1\n"
    )
    assert set(incentives.comparison(made).table["rep"]) == {"Ann", "Bob"}
    hires = incentives.ramp(made)
    assert hires.status != "ok" or "R0" not in set(hires.hires["rep_id"])


def test_a_misspelt_name_in_a_rule_is_named_with_the_nearest():
    rule = 'rules = [{ name = "r", customer_type = ["large", "smal"], times = 1.2 }]\n'
    notes = incentives.statements(small_book(PLAN.replace("2022", "2020") + rule)).notes()
    assert (
        "Rule 'r' of plan 'plan' names what no order has: customer_type 'smal' (did you mean"
        " 'small'?)." in notes
    )


def team(gap: float, seed: int) -> object:
    """Forty deals each of twelve reps through one step: all at 50 %, one at 50 % − gap."""
    rng = np.random.default_rng(seed)
    deals, events = [], []
    for rep in range(12):
        for number in range(40):
            name, day = f"D{rep}-{number}", f"2023-{1 + number % 12:02d}-10"
            won = rng.random() < 0.5 - (gap if rep == 0 else 0)
            deals.append(
                {
                    "opportunity_id": name,
                    "created": day,
                    "stage": "won" if won else "lead",
                    "outcome": "won" if won else "lost",
                    "closed": day,
                    "amount": "100",
                    "rep_id": f"R{rep}",
                    "customer_id": f"C{rep}",
                }
            )
            events.append({"opportunity_id": name, "stage": "lead", "entered_at": day})
            if won:
                events.append({"opportunity_id": name, "stage": "won", "entered_at": day})
    return toy(
        opportunities=pd.DataFrame(deals),
        stage_events=pd.DataFrame(events),
        month="2023-12",
        settings={"book": {"stages": ["lead", "won"]}},
    )


def test_no_rep_is_named_by_luck_and_a_planted_gap_is():
    """Twelve alike reps, four times: by 95 % intervals most such teams would name somebody."""
    assert sum(len(incentives.skill_gaps(team(0.0, seed)).table) for seed in range(4)) == 0
    found = incentives.skill_gaps(team(0.4, 1)).table
    assert found["rep_id"].tolist() == ["R0"]


def test_what_nobody_sold_is_no_reps_quarter():
    orders = "order_id,date,customer_id,amount,rep_id\n" + "".join(
        f"O{m},2023-{m:02d}-10,C1,100,{'R1' if m < 4 else ''}\n" for m in range(1, 13)
    )
    for rows, totals in ((orders, [100, 100, 100]), (orders.replace("R1", ""), [])):
        made = incentives.curve(small_book(PLAN, month="2023-12", orders=rows, customers=""))
        assert list(made.totals) == totals
