"""Next week's agenda, by hand."""

import datetime as dt

from toy_books import TOML, months

from playbook.goals.agenda.rhythm import rhythm
from playbook.goals.agenda.week import place_of, spread
from playbook.methods.planning import chain

ORDERS = months(2022, 2023, 3, lambda y, m: 100)


def test_twenty_customers_a_quarter_are_five_visits_a_week_three_into_negotiation():
    visits, talks, _ = chain(20, [3 / 5, 20 / 39])
    assert (visits / 13, talks / 13) == (5, 3)


def test_the_week_holds_no_more_than_its_days():
    assert spread(7, 5, 5, None) == [2, 2, 1, 1, 1]
    assert spread(100, 5, 5, None) == [5] * 5
    assert spread(4, 3, 5, 2) == [0, 0, 3, 0, 0] and spread(2, 3, 1, 4) == [2]


def test_overdue_and_due_work_becomes_an_agenda(book):
    activities = "activity_id,date,rep_id,kind,next_action,next_owner,due,status\n" + "\n".join(
        [f"A{i},2023-03-01,R1,call,call again,R1,2023-03-{10 + i},open" for i in range(3)]
        + [
            "B,2023-03-20,R1,call,offer,R2,2023-04-04,open",
            "C,2023-03-20,R1,call,offer,R1,2023-03-25,done",
        ]
    )
    reps = "rep_id,name,left\nR1,Ann,\nR2,Bo,2023-03-30"
    made = rhythm(book("2023-03", orders=ORDERS, activities=activities, reps=reps))
    assert made.people.set_index("rep")["overdue"].to_dict() == {"R1": 3}  # Bo has left
    assert made.agenda["count"].sum() == 3 and made.days[0] == dt.date(2023, 4, 3)


def test_the_days_worked_in_exchange_join_the_week_after_the_holiday(book):
    """Golden Week of 2023: the 7th and 8th of October were worked, then Monday to Friday."""
    activities = (
        "activity_id,date,rep_id,kind,next_action,next_owner,due,status\nA,2023-09-01,R1,call,call"
        " again,R1,2023-09-10,open"
    )
    deals = "opportunity_id,created,stage,outcome,amount,rep_id\n" + "\n".join(
        f"D{i},2023-09-01,intent,open,5,R1" for i in range(2)
    )
    china = TOML.replace("stages", 'holidays = "CN"\nstages')
    made = rhythm(
        book(
            "2023-09",
            toml=china,
            orders=months(2022, 2023, 9, lambda y, m: 100),
            activities=activities,
            opportunities=deals,
            reps="rep_id,name\nR1,Ann",
        )
    )
    assert made.days == tuple(dt.date(2023, 10, d) for d in range(7, 14))
    on = {work: day for day, work in zip(made.agenda["date"], made.agenda["work"], strict=True)}
    assert on["key customers"] == dt.date(2023, 10, 9) and on["proposals"] == dt.date(
        2023, 10, 11
    )  # Monday and Wednesday
    assert place_of(made.days[:2], 4) == 1 and place_of((), None) is None
