"""What a channel costs and brings: its own margin, true new customers, and what is not known."""

import pandas as pd
import pytest

from playbook import funnel
from playbook.funnel.money.move_budget import movable
from toy import toy

TEN_DEALS = {
    "opportunities": """
        opportunity_id,created,stage,outcome,closed,amount,expected_amount,customer_id,rep_id,channel,need_match
        D1,2024-01-02,won,won,2024-01-31,1000,1000,C1,R1,Web,true
        D2,2024-01-05,won,won,2024-03-05,2000,2200,C2,R1,Web,true
        D3,2024-01-10,intent,lost,2024-02-10,,900,,R2,Ads,false
        D4,2024-01-20,negotiation,lost,2024-03-20,,1500,,R2,Ads,true
        D5,2024-02-01,lead,lost,2024-02-20,,700,,R1,Ads,false
        D6,2024-02-03,negotiation,open,,,3000,,R2,Web,true
        D7,2024-02-10,won,won,2024-03-15,4500,4000,C1,R2,Web,true
        D8,2024-03-01,lead,open,,,1200,,R1,Ads,
        D9,2024-03-05,intent,open,,,600,,R2,Ads,false
        D10,2024-03-10,won,won,2024-03-10,800,800,C3,R1,Web,true""",
    "orders": """
        order_id,date,customer_id,amount,rep_id,channel,kind,cost
        S1,2024-01-31,C1,1000,R1,Web,new,400
        S2,2024-03-05,C2,1800,R1,Web,new,800
        S7,2024-03-15,C1,4500,R2,Web,repurchase,1500
        S10,2024-03-10,C3,800,R1,Web,new,300
        S0,2023-03-10,C1,900,R1,Web,new,400
        S00,2023-03-12,C9,700,R2,Ads,new,400
        S99,2024-03-20,C1,400000,R2,Web,renewal,100000""",
    "channel_costs": """
        month,channel,cost
        2024-01,Web,300
        2024-02,Web,300
        2024-03,Web,300
        2024-03,Fair,500""",
}
STAGES = {"book": {"stages": ["lead", "intent", "negotiation", "won"]}}


def ten_deals(**changed):
    return toy(month="2024-03", settings=STAGES, **{**TEN_DEALS, **changed})


def test_ten_deals_by_hand():
    """Cost of January and February 600; C1 bought in 2023, so that C2 and C3 are new: CAC 300. The
    orders of the four wins earned 600 + 1,000 + 3,000 + 500 = 5,100: ROI 8.50.
    """
    rows = funnel.channels(ten_deals()).table.set_index("channel")
    web = rows.loc["Web"]
    assert (web.cost, web.new, web.cac, web.profit, web.roi) == (600, 2, 300, 5100, 8.5)
    assert (web.cac_low, web.cac_high) == pytest.approx((83.046, 2477.18), rel=1e-4)
    assert web.roi_low < 8.5 < web.roi_high
    assert web.payback_low < web.payback < web.payback_high


def test_a_refund_of_a_deals_order_lowers_its_channel():
    orders = TEN_DEALS["orders"] + "\n        S7,2024-03-25,C1,-4500,R2,Web,refund,-1500"
    web = funnel.channels(ten_deals(orders=orders)).table.set_index("channel").loc["Web"]
    assert web.profit == 2100 and web.roi == 3.5


def test_a_channel_appears_in_its_first_month():
    rows = funnel.channels(ten_deals()).table.set_index("channel")
    assert rows.running["Fair"] == 500 and rows.verdict["Fair"] == "too little data"
    assert "younger than a win takes" in rows.why["Fair"]


def test_the_match_comes_from_deals_where_there_are_no_leads():
    rows = funnel.channels(ten_deals()).table.set_index("channel")
    assert (rows.matched["Web"], rows.assessed["Web"]) == (5, 5)
    assert (rows.matched["Ads"], rows.assessed["Ads"]) == (1, 4)
    kpis = {(k.name, k.by["channel"]): k.value for k in funnel.channels(ten_deals()).kpis()}
    assert kpis["match_rate", "Ads"] == 0.25 and kpis["channel.cac", "Web"] == 300


def two_margins(month: str = "2024-10", cost: bool = True, **settings):
    """Ads and Web: ten wins of 1,000 a month each; an order of Ads costs 950, one of Web 50."""
    deals, orders, costs = [], [], []
    for i in range(400):
        m, channel, won = i % 10 + 1, "Ads" if i < 200 else "Web", i % 200 < 100
        name, closed = f"D{i}", f"2024-{m:02d}-20"
        row = dict(opportunity_id=name, created=f"2024-{m:02d}-05", closed=closed, channel=channel)
        row |= dict(stage="won" if won else "lead", outcome="won" if won else "lost")
        deals.append(row | dict(amount=1000 if won else None, customer_id=name if won else None))
        if won:
            order = dict(order_id=name, date=closed, customer_id=name, amount=1000, channel=channel)
            orders.append(order | ({"cost": 950 if i < 200 else 50} if cost else {}))
    costs = [
        dict(month=f"2024-{m:02d}", channel=c, cost=1000)
        for m in range(1, 11)
        for c in ("Ads", "Web")
    ]
    funnel_ = {"channel_lag_months": 1, **settings}
    return toy(
        month=month,
        settings={"book": {"stages": ["lead", "offer", "won"]}, "funnel": funnel_},
        opportunities=deals,
        orders=orders,
        channel_costs=costs,
    )


def test_each_channel_has_its_own_margin():
    """100 wins each over 9,000 of cost: 100 · 50 ÷ 9,000 and 100 · 950 ÷ 9,000."""
    found = funnel.channels(two_margins())
    rows = found.table.set_index("channel")
    assert rows.roi["Ads"] == pytest.approx(5 / 9) and rows.roi["Web"] == pytest.approx(95 / 9)
    assert (rows.verdict["Ads"], rows.verdict["Web"]) == ("cut", "keep")
    moved = found.moves.iloc[
        0
    ]  # 12,000 a year; the next unit brings half of what it does on average
    assert moved.brings == pytest.approx(12000 * 95 / 9 / 2)
    assert moved.loses == pytest.approx(12000 * 5 / 9)
    assert found.headline() == "Channels: keep Web; cut Ads"
    # both cost the same for a customer: neither is called cheaper
    assert "A new customer costs" not in found.reading()


def test_no_verdict_rests_on_a_margin_that_nobody_gave():
    found = funnel.channels(two_margins(cost=False))
    assert set(found.table.verdict) == {"no margin given"} and found.headline() == ""
    assert len(found.moves) == 0 and movable(found.table).empty
    assert all(k.value is None for k in found.kpis() if k.name == "channel.roi")
    given = funnel.channels(two_margins(cost=False, margin=0.05))
    assert given.table.roi.tolist() == pytest.approx([5 / 9] * 2)
    assert given.headline() == "Channels: cut Ads and Web (at an assumed margin)"
    assert "assumed margin" in given.reading()


def test_below_cost_at_any_margin_is_cut_without_one():
    book = two_margins(cost=False)
    costs = [dict(month=f"2024-{m:02d}", channel="Ads", cost=20000) for m in range(1, 11)]
    tables = {"opportunities": book.table("opportunities"), "orders": book.table("orders")}
    frames = {name: t.to_native().df() for name, t in tables.items()}
    found = funnel.channels(
        toy(
            month="2024-10",
            settings={"book": {"stages": ["lead", "offer", "won"]}},
            channel_costs=costs,
            **frames,
        )
    )
    assert found.table.set_index("channel").verdict["Ads"] == "cut"


def test_customers_are_worth_nothing_known_where_the_year_before_is_not_covered():
    found = funnel.channels(two_margins())
    assert found.table.ltv.isna().all() and found.table.ltv_cac.isna().all()
    assert "No customer value: churn needs the year before, and orders begin on 1 Jan 2024." in (
        found.notes()
    )


def test_nobody_left_is_the_longest_life_not_an_unknown_one():
    """Twelve customers buy in both years: churn 0, LTV = monthly profit · 60 months."""
    orders = [
        dict(order_id=f"{y}-{m}-{c}", date=f"{y}-{m:02d}-10", customer_id=f"C{c}", amount=100)
        | dict(cost=40, channel="Web")
        for y in (2022, 2023)
        for m in range(1, 13)
        for c in range(12)
    ]
    deals = [
        dict(opportunity_id=f"D{i}", created="2023-01-01", closed="2023-02-01", outcome="won")
        | dict(stage="won", channel="Web", amount=100)
        for i in range(40)
    ]
    costs = [
        dict(month=f"{y}-{m:02d}", channel="Web", cost=50)
        for y in (2022, 2023)
        for m in range(1, 13)
    ]
    book = toy(
        month="2023-12",
        settings={"book": {"stages": ["lead", "won"]}},
        orders=orders,
        opportunities=deals,
        channel_costs=costs,
    )
    web = funnel.channels(book).table.set_index("channel").loc["Web"]
    assert (web.monthly, web.churn, web.ltv) == (60, 0, 3600)


def unknown_channel(margin: float = 0.5):
    """Costs of a channel called Events; its leads are called events show."""
    leads, deals = [], []
    for m in range(1, 13):
        for channel in ("ads", "mail", "events show"):
            for k in range(8):
                name = f"{channel}{m}-{k}"
                won = k % 2 == 0
                leads.append(dict(lead_id=name, created=f"2022-{m:02d}-02", channel=channel))
                row = dict(opportunity_id=name, lead_id=name, created=f"2022-{m:02d}-02")
                row |= dict(closed=f"2022-{m:02d}-20", channel=channel, amount=1000)
                won_ = dict(outcome="won" if won else "lost", stage="won" if won else "lead")
                deals.append(row | won_)
    costs = [
        dict(month=f"{y}-{m:02d}", channel=c, cost=cost)
        for y in (2021, 2022)
        for m in range(1, 13)
        for c, cost in (("ads", 600), ("mail", 9000), ("Events", 2000))
    ]
    return toy(
        month="2022-12",
        settings={"book": {"stages": ["lead", "won"]}, "funnel": {"margin": margin}},
        leads=leads,
        opportunities=deals,
        channel_costs=costs,
    )


def test_a_channel_without_leads_is_unknown_not_worthless():
    found = funnel.channels(unknown_channel())
    rows = found.table.set_index("channel")
    assert rows.verdict["Events"] == "cost without leads" and pd.isna(rows.roi["Events"])
    assert (rows.verdict["ads"], rows.verdict["mail"]) == ("keep", "cut")
    assert set(found.moves.source) == {"mail"} and set(found.moves.to) == {"ads"}
    assert "unknown, no lead names them: Events" in found.reading()
    assert list(movable(found.table).channel) == ["ads", "mail"]
    with pytest.raises(ValueError, match="Events brings is not known; expected one of ads, mail"):
        funnel.move(found, "Events", "ads", 0.5)
    assert pd.isna(rows.new["ads"]) and pd.isna(rows.cac["ads"])  # nobody names a customer


def test_budget_of_an_unknown_channel_is_on_no_slider(live):
    funnel.move_budget(funnel.channels(unknown_channel()))
    controls, _ = live()
    assert list(controls["Take from"].options) == ["ads", "mail"]


def test_the_action_is_worth_what_is_spent_beyond_what_comes_back():
    book = two_margins()
    actions = funnel.review(book, funnel.channels(book)).actions
    assert [a.what for a in actions] == ["Stop or rework the channel Ads"]
    assert actions[0].worth == pytest.approx(12000 * (1 - 5 / 9))
