"""The agenda and the actions: nothing empty, nothing that contradicts another line."""

import pandas as pd

from playbook import funnel
from toy import toy

SETTINGS = {"book": {"stages": ["lead", "won"]}}


def wins_only(n: int = 60, opened: int = 160):
    """A company that records no losses and no amounts: wins, and deals that stay open."""
    deals = [
        dict(opportunity_id=f"W{i}", created=f"2022-{i % 6 + 1:02d}-02", outcome="won", stage="won")
        | dict(closed=f"2022-{i % 6 + 1:02d}-20")
        for i in range(n)
    ]
    deals += [
        dict(
            opportunity_id=f"O{i}", created=f"2022-{i % 4 + 1:02d}-02", outcome="open", stage="lead"
        )
        for i in range(opened)
    ]
    deals.append(deals[0] | dict(opportunity_id="W", closed="2022-07-20"))
    return toy(month="2022-07", settings=SETTINGS, opportunities=deals)


def test_stuck_deals_without_amounts_call_for_an_action():
    book = wins_only()
    stuck, wins = funnel.stuck_deals(book), funnel.win_rate(book)
    found = funnel.review(book, stuck, wins)
    assert stuck.stuck > 0 and "Nothing on this page" not in found.reading()
    assert found.reading().startswith("1 action proposed.")
    assert found.actions[0].what.startswith("Go through the open deals that are stuck or overdue")
    assert found.actions[0].why == f"{stuck.stuck} stuck, {stuck.overdue} overdue" + (
        "" if stuck.priced else ", none with an amount to rank them by"
    )


def test_deals_to_be_closed_are_never_beside_nothing_calls_for_an_action():
    """No entry to a stage carries a day, so no deal is stuck, and none has an expected day; two are
    older than any was when it was won.
    """
    won = dict(outcome="won", stage="won", created="2022-01-02", closed="2022-02-01")
    deals = [won | dict(opportunity_id=f"W{i}") for i in range(3)]
    deals += [won | dict(opportunity_id="L", outcome="lost", stage="lost")]
    deals += [won | dict(opportunity_id="W", created="2022-07-01", closed="2022-07-20")]
    deals += [
        dict(opportunity_id=f"O{i}", created="2022-01-02", outcome="open", stage="lead")
        for i in range(2)
    ]
    settings = {"book": {"stages": ["lead", "talk", "won"]}}
    book = toy(month="2022-07", settings=settings, opportunities=deals)
    stuck = funnel.stuck_deals(book)
    assert (stuck.stuck, stuck.overdue, stuck.dead) == (0, 0, 2) and "close them" in stuck.reading()
    found = funnel.review(book, stuck)
    assert found.reading() == "1 action proposed."
    assert found.actions[0].why == "2 deals are older than any was when it was won"


def test_a_rep_whose_deals_stay_longer_beyond_chance_is_to_be_spoken_with():
    """Deals of A leave a stage after 30 days, those of B, C and D after 10."""
    deals, events = [], []
    for i in range(160):
        deal, day = f"D{i:03d}", pd.Timestamp("2022-01-03") + pd.Timedelta(days=2 * i)
        rep, outcome = "ABCD"[i % 4], "won" if i % 8 < 4 else "lost"
        left = day + pd.Timedelta(days=30 + i % 3 if rep == "A" else 10 + i % 3)
        deals.append(
            dict(opportunity_id=deal, rep_id=rep, created=day, closed=left, outcome=outcome)
            | dict(stage=outcome)
        )
        events.append(dict(opportunity_id=deal, stage="lead", entered_at=day))
        if outcome == "won":
            events.append(dict(opportunity_id=deal, stage="won", entered_at=left))
    book = toy(month="2022-12", settings=SETTINGS, opportunities=deals, stage_events=events)
    cycle = funnel.cycle(book)
    assert cycle.slow.member.tolist() == ["A"]
    (action,) = funnel.review(book, cycle).actions
    assert action.what == "Go through the deals of A in lead: find what they wait for"
    assert action.why.startswith("they leave it ") and action.worth is None
    alike = toy(
        month="2022-12",
        settings=SETTINGS,
        opportunities=[d | dict(rep_id="ABCD"[i // 4 % 4]) for i, d in enumerate(deals)],
        stage_events=events,
    )
    assert funnel.review(alike, funnel.cycle(alike)).actions == ()


def test_a_win_rate_is_no_lesson():
    book = wins_only()
    found = funnel.review(book, funnel.win_rate(book))
    assert "100" not in " ".join(found.agenda.text) and "Lesson" not in set(found.agenda["item"])


def test_nothing_to_say_is_said_only_without_a_problem():
    book = toy()
    quiet = funnel.review(book, funnel.performance(book))
    assert quiet.reading() == "Nothing on this page calls for an action."
    assert set(quiet.agenda["item"]) <= {"Result"}


def test_follow_up_states_and_how_many_were_done_by_their_day():
    meetings = """
        meeting_date,topic,action,owner,due,done_on
        2023-01-10,m,on time,Ann,2023-01-20,2023-01-20
        2023-01-10,m,late,Ann,2023-01-20,2023-01-22
        2023-01-10,m,never,Ann,2023-01-20,
        2023-03-10,m,to come,Ann,2023-04-20,
        2023-03-10,m,later,Ann,2023-03-20,2023-04-02"""
    found = funnel.review(
        toy(
            month="2023-03",
            meetings=meetings,
            orders="order_id,date,customer_id,amount\nO,2023-01-02,C,5\nP,2023-04-02,C,5",
        )
    )
    states = found.follow_up.set_index("action").state.to_dict()
    assert states == {
        "never": "overdue by 70 days",
        "later": "overdue by 11 days",
        "to come": "open",
    }
    assert found.done_rate == (1, 4)
    assert "25.0 % (1 of 4) were done by their day; 2 are overdue." in found.reading()
