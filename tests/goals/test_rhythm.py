"""Next week's agenda, by hand."""

import datetime as dt

import pandas as pd
from toy_books import TOML, months

from playbook.data.measures import names
from playbook.goals.agenda.items import _cadence
from playbook.goals.agenda.rhythm import rhythm
from playbook.goals.agenda.week import place_of, spread
from playbook.goals.plan.quotas import people

ORDERS = months(2022, 2023, 3, lambda y, m: 100)


def test_the_week_holds_no_more_than_its_days():
    assert spread(7, 5, 5, None) == [2, 2, 1, 1, 1]
    assert spread(100, 5, 5, None) == [5] * 5
    assert spread(4, 3, 5, 2) == [0, 0, 3, 1, 0] and spread(2, 3, 1, 4) == [2]
    assert spread(20, 3, 5, 2) == [0, 0, 3, 3, 3] and spread(9, 3, 5, 4) == [0, 0, 0, 0, 3]


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
    deals = "opportunity_id,created,stage,outcome,amount,rep_id,customer_id\n" + "\n".join(
        f"D{i},2023-09-01,intent,open,5,R1,K{i}" for i in range(2)
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


DEALS = """opportunity_id,created,stage,outcome,closed,amount,rep_id,customer_id,lost_reason
D1,2023-03-01,intent,open,,500,R1,C1,
D2,2023-03-10,intent,open,,900,R1,,
D3,2023-03-20,lead,open,,100,R1,,
D4,2023-02-01,lead,lost,2023-03-25,70,R1,C2,price
D5,2023-02-01,lead,lost,2023-02-25,80,R1,C2,price
D6,2023-03-01,intent,open,,50,R2,C2,"""
BOUGHT = """order_id,date,customer_id,amount,rep_id
O1,2022-06-05,C1,1000,R1
O2,2022-07-05,C3,300,R1
O3,2023-03-30,C4,200,R1
O4,2022-12-05,C5,100,R9
O5,2023-03-05,,400,R1"""
WHO = "rep_id,name,left\nR1,Ann,\nR2,Bo,\nR9,Cy,2023-01-31"
NAMES = "customer_id,name\nC1,Acme\nC2,Best\nC3,Core\nC4,Dome\nC5,Echo"


def test_the_agenda_names_customers_and_deals_from_cadence_and_pipeline(book):
    """C1 (1,000 of 1,600 sales) and C3 (to 81 %) are of class A: 3.5 days; C4 of class C was seen
    yesterday. C5's seller has left. Without activities the last order is when a customer was seen.
    """
    toy = book("2023-03", opportunities=DEALS, orders=BOUGHT, reps=WHO, customers=NAMES)
    made = rhythm(toy)
    rows = [
        (r["name"], r["work"], r["customer"], r["deal"], r["worth"], r["why"])
        for r in made.items.to_dict("records")
    ]
    assert rows == [
        ("Ann", "key customers", "Acme", "D1", 1500.0, "1 open deal, no order for 299 days"),
        ("Ann", "key customers", "Core", "", 300.0, "no order for 269 days"),
        ("Bo", "key customers", "Best", "D6", 50.0, "1 open deal"),
        ("Ann", "new leads", "", "D3", 100.0, "in lead for 11 days"),
        ("Ann", "proposals", "", "D2", 900.0, "in intent"),
        ("Ann", "proposals", "Acme", "D1", 500.0, "in intent"),
        ("Bo", "proposals", "Best", "D6", 50.0, "in intent"),
        ("Ann", "failed cases", "Best", "D4", 70.0, "lost: price"),
    ]
    monday = made.items[made.items["work"] == "key customers"]["date"]
    assert set(monday) == {dt.date(2023, 4, 3)}
    assert made.backlog.empty and not made.logged
    assert made.reading() == (
        "3 Apr 2023 – 7 Apr 2023: 3 customers to see, 3 deals to propose, 1 new lead and 1 failed"
        " case to review for 2 people; no follow-ups are logged."
    )
    assert "Load" not in made.tables()[0].head and "Echo" not in str(made.worksheets())


def test_what_the_week_does_not_hold_is_backlog_with_its_age(book):
    """Two a day, five days: ten of twelve follow-ups; the two due last stay over, a day late and
    due on the fourth of April.
    """
    acts = "activity_id,date,rep_id,kind,customer_id,next_action,due,status\n" + "\n".join(
        f"A{i},2023-03-01,R1,call,C1,call {i},2023-03-{20 + i if i < 11 else 31},open"
        for i in range(12)
    )
    toml = TOML + '[goals.agenda]\n"follow-ups" = 2\n'
    toy = book("2023-03", toml=toml, activities=acts, orders=BOUGHT, reps=WHO, customers=NAMES)
    made = rhythm(toy)
    left = made.items[made.items["date"].isna()]
    assert list(zip(left["why"], left["age"], strict=True)) == [("call 10", 2), ("call 11", 1)]
    assert left["customer"].tolist() == ["Acme", "Acme"]
    row = made.backlog.iloc[0]
    assert (row["name"], row["work"], row["count"], row["oldest"]) == ("Ann", "follow-ups", 2, 2)
    assert made.reading().endswith(
        "1 person has more than the week holds. 2 pieces of work stay over as backlog; the oldest"
        " (follow-ups, Ann) is 2 days old."
    )
    sheet = made.worksheets()[0]
    assert sum(row[1] is None for row in sheet.rows) == 2 and len(sheet.rows) == 12
    enough = rhythm(
        book("2023-03", toml=toml.replace("= 2", "= 3"), activities=acts, orders=BOUGHT, reps=WHO)
    )
    assert enough.backlog.empty and "backlog" not in enough.reading()


def test_a_quota_says_how_many_deals_a_week_it_asks(book):
    """A quarter of 2,600 by one person; all sales through won deals of 100: 26 deals, 2 a week."""
    won = "opportunity_id,created,stage,outcome,closed,amount,rep_id\n" + "\n".join(
        f"W{m},2022-{m:02d}-01,won,won,2022-{m:02d}-10,100,R1" for m in range(1, 13)
    )
    toy = book(
        "2022-12",
        opportunities=won,
        reps="rep_id,name\nR1,Ann",
        targets="period,metric,target\n2022,sales,1\n2023-Q1,sales,2600",
    )
    made = rhythm(toy, people(toy, 10400))
    asked = made.people.set_index("name").loc["Ann", "asked"]
    quota = people(toy, 10400).table["quota"].iloc[0] / 100
    assert asked == quota / 100 / 13


def test_nobody_named_anywhere_is_one_line(book):
    made = rhythm(book("2023-03", orders=ORDERS))
    assert made.status == "not available"
    assert made.reason == "no activity, deal, lead or sale names who is to do it"


def test_names_of_thousands_are_read_without_telling_the_engine_each(book, monkeypatch):
    toy = book("2023-03", orders=BOUGHT, customers=NAMES)
    told = names.customer_names(toy, {"C2", "C4", "C9"})
    assert told == {"C2": "Best", "C4": "Dome"}
    monkeypatch.setattr(names, "FEW", 2)
    monkeypatch.setattr(names.nw.Expr, "is_in", None)
    assert names.customer_names(toy, {"C2", "C4", "C9"}) == told


def test_the_sheet_of_a_hundred_thousand_pieces_makes_no_record_of_each(book, monkeypatch):
    made = rhythm(book("2023-03", opportunities=DEALS, orders=BOUGHT, reps=WHO, customers=NAMES))
    monkeypatch.setattr(pd.DataFrame, "to_dict", None)
    (sheet,) = made.worksheets()
    assert len(sheet.rows) == 8 and sheet.rows[0][0] == "Ann" and None in sheet.rows[0]


def test_the_cadence_of_a_customer_follows_its_value_class():
    """Of 100: the first two bring 80 % (A), the third to 95 % (B), the last is of class C."""
    found = _cadence(pd.Series([50.0, 30.0, 15.0, 5.0]), [1.0, 2.0, 3.0])
    assert found.tolist() == [1.0, 1.0, 2.0, 3.0]


def test_customers_to_see_are_counted_once_and_deals_without_one_are_proposals(book):
    """Two people look after Ada; two deals name no customer: one is proposed, one a new lead."""
    deals = (
        "opportunity_id,created,stage,outcome,amount,customer_id,rep_id\n"
        "D1,2023-03-01,intent,open,5,Ada,R1\nD2,2023-03-01,intent,open,5,Ada,R2\n"
        "D3,2023-03-01,intent,open,5,,R1\nD4,2023-03-20,lead,open,5,,R2\n"
    )
    made = rhythm(
        book(
            "2023-03",
            toml=TOML.replace('"negotiation", ', ""),
            opportunities=deals,
            reps="rep_id,name\nR1,Ann\nR2,Bo",
        )
    )
    assert made.headline() == (
        "Agenda of 3 Apr 2023 – 7 Apr 2023: 1 customer to see, 3 deals to propose and 1 new lead"
        " for 2 people; no follow-ups are logged."
    )
    assert made.people.set_index("rep")["customers"].to_dict() == {"R1": 1, "R2": 1}
