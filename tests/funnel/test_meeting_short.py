"""The reviews of the day and the week, and lessons that hold."""

from datetime import date

import pandas as pd
import pytest

from playbook import funnel
from playbook.base.formats import Formats
from playbook.funnel.meeting.lessons import lessons
from toy import toy

SETTINGS = {"book": {"stages": ["lead", "won"]}}
DEALS = """
    opportunity_id created    closed     outcome stage amount expected_amount lost_reason
    D1             2024-03-01 2024-03-28 won     won   500    .               .
    D2             2024-03-01 2024-03-28 lost    lead  .      900             Price
    D3             2024-03-01 2024-03-24 lost    lead  .      100             price
    D4             2024-03-01 2024-03-26 lost    lead  .      200             timing
    D5             2024-03-30 .          open    lead  .      50              .
"""
CONTACTS = """
    activity_id,date,rep_id,kind,opportunity_id,customer_id,objection,feedback,progressed,next_action
    A1,2024-03-28,R,call,D1,C1,,fine,true,
    A2,2024-03-28,R,visit,D2,C2,Price,too dear,false,call again
    A3,2024-03-28,R,call,,C9,,wants a reference,false,send one
    A4,2024-03-20,R,call,D3,C3,timing,,false,
"""


@pytest.fixture(scope="module")
def book():
    return toy(month="2024-03", settings=SETTINGS, opportunities=DEALS, activities=CONTACTS)


def test_the_day_is_the_last_one_with_work_in_it(book):
    """On 30 March a deal was opened and nobody was spoken to: the day is the 28th."""
    found = funnel.day_review(book)
    assert found.day == date(2024, 3, 28)
    assert found.counts == {"contacts": 3, "visits": 1, "deals won": 1, "deals lost": 1}
    assert found.decided.opportunity_id.tolist() == ["D1", "D2"]
    (row,) = found.questions.to_dict("records")  # the contact that did not get on has no objection
    assert (row["met"], row["opportunity_id"]) == ("price", "D2")
    assert row["tomorrow"].startswith("Agree that the price is higher")
    assert found.reading() == (
        "28 Mar 2024: 3 contacts, 1 visit, 1 deal won and 1 deal lost. 1 contact met an objection;"
        " most often: price (1)."
    )
    assert found.notes() == ["No contact and no decision is on record for the 3 days after it."]


def test_a_day_without_objections_lists_what_did_not_get_on():
    contacts = CONTACTS.replace("A2,2024-03-28", "A2,2024-03-27")
    found = funnel.day_review(
        toy(month="2024-03", settings=SETTINGS, opportunities=DEALS, activities=contacts)
    )
    (row,) = found.questions.to_dict("records")
    assert (row["met"], row["tomorrow"]) == ("wants a reference", "send one")
    assert "1 contact did not get on; most often: wants a reference (1)." in found.reading()


def test_the_week_by_hand(book):
    """25 to 31 March: 3 contacts, 1 won with 500, 2 lost (D3 was the week before), 1 opened."""
    found = funnel.week_review(book)
    rows = found.table.set_index("what").now
    assert rows.to_dict() == {
        "contacts": 3,
        "visits": 1,
        "deals opened": 1,
        "deals won": 1,
        "amount won": 500,
        "deals lost": 2,
    }
    assert set(found.table.reading) == {"too little history"} and found.weeks == 4
    assert found.decided.opportunity_id.tolist() == ["D1", "D2", "D4"]
    assert found.reading() == "In the week 1 deal was won and 2 deals were lost."


def test_losses_that_nobody_records_are_not_none():
    rows = "\n".join(line for line in DEALS.splitlines() if " lost " not in line)
    found = funnel.week_review(toy(month="2024-03", settings=SETTINGS, opportunities=rows))
    assert found.reading() == "In the week 1 deal was won; what was lost is not recorded."
    assert "lost" not in found.tables()[1].note


def weeks(last: int, each: int = 10):
    """Orders: ``each`` or one more or less a week for twelve weeks, ``last`` in the last one."""
    rows = []
    for week in range(13):
        n = last if week == 0 else each + week % 3 - 1
        day = date(2024, 3, 31) - pd.Timedelta(days=7 * week + 3)
        rows += [
            dict(order_id=f"O{week}-{i}", date=day, customer_id=f"C{i}", amount=10)
            for i in range(n)
        ]
    rows.append(dict(order_id="first", date="2023-12-01", customer_id="C", amount=10))
    return toy(month="2024-03", settings=SETTINGS, orders=rows)


def test_a_week_outside_its_range_is_told_and_a_usual_one_is_not():
    found = funnel.week_review(weeks(60))
    assert found.table.reading.tolist() == ["more than usual", "more than usual"]
    assert "Outside the usual range: orders (more than usual)" in found.reading()
    usual = funnel.week_review(weeks(10))
    assert usual.reading() == "Nothing counted lies outside the usual range."
    assert usual.table["mean"].tolist() == [10, 100]


def test_a_book_of_orders_has_both_reviews():
    found = funnel.day_review(weeks(10))
    assert found.counts == {"orders": 10} and found.tables() == []
    assert found.reading() == "28 Mar 2024: 10 orders."


def matched(yes: tuple[int, int], no: tuple[int, int]):
    """Deals won of so many that match a need, and of so many that do not."""
    rows = []
    for match, (won, n) in ((True, yes), (False, no)):
        for i in range(n):
            outcome = "won" if i < won else "lost"
            rows.append(
                dict(opportunity_id=f"{match}{i}", created="2024-01-02", closed="2024-01-20")
                | dict(outcome=outcome, need_match=match, stage="won" if i < won else "lead")
            )
    return toy(month="2024-01", settings=SETTINGS, opportunities=rows)


def learnt(book):
    found = (funnel.reasons(book), funnel.negotiation(book), funnel.objections(book))
    return lessons({type(r): r for r in found}, Formats("EUR"))


def test_a_lesson_says_what_to_do_and_the_comparison():
    assert learnt(matched((30, 40), (4, 40))) == [
        "Ask for the need before the visit: of the deals that match one 75.0 % (30 of 40) were won,"
        " of the others 10.0 % (4 of 40)."
    ]


def test_what_chance_may_explain_is_no_lesson():
    assert learnt(matched((22, 40), (18, 40))) == []


def test_a_match_that_goes_with_fewer_wins_is_no_advice_to_ask_for_it():
    assert learnt(matched((4, 40), (30, 40))) == []


def test_the_week_against_what_the_plan_asks_of_its_days():
    """2,100 for March's 21 working days: 500 for the five to 31 March, and 250 were sold. Days of
    a month without a target have none.
    """
    sold = "order_id date customer_id amount\nO1 2024-03-04 C1 900\nO2 2024-03-27 C1 250\n"
    asked = "period metric target\n2024-03 sales 2100\n"
    made = toy(month="2024-03", settings=SETTINGS, orders=sold, targets=asked)
    found = funnel.week_review(made)
    row = found.table.set_index("what").loc["sales"]
    assert (row.now, row.target, row.of_target) == (250, 500, 0.5)
    assert "Sales: 50 % of the" in found.reading().replace("\u202f", " ").replace("\xa0", " ")
    assert found.table.set_index("what").loc["orders"].isna().target
    none = toy(month="2024-03", settings=SETTINGS, orders=sold)
    assert "Of target" not in str(funnel.week_review(none).tables())
