"""The agenda and the actions: nothing empty, nothing that contradicts another line."""

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
