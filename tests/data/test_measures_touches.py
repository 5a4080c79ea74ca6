"""Whose contact an activity is: the customer named, the deal's, or that of its lead."""

from datetime import date

import pytest

from playbook.base.errors import NotAvailable
from playbook.data.measures.credits import first_responses
from playbook.data.measures.frames import collect
from playbook.data.measures.touches import customer_contacts
from playbook.data.measures.work import contacts
from toy import toy

ACTIVITIES = """
    activity_id date       rep_id kind  customer_id lead_id opportunity_id
    A1          2023-03-01 R1     visit C1          .       .
    A2          2023-03-02 R1     visit .           .       D2
    A3          2023-03-03 R1     call  .           L3      .
    A4          2023-03-04 R2     call  .           L4      .
    A5          2023-03-05 R2     call  .           L5      .
    A6          2023-03-06 R2     call  .           .       .
"""
DEALS = """
    opportunity_id created    stage outcome customer_id lead_id
    D2             2023-01-10 lead  open    C2          L2
    D3             2023-01-12 lead  open    C3          L3
    D4             2023-01-12 lead  open    C4          .
"""
LEADS = """
    lead_id created    converted_opportunity_id
    L2      2023-01-01 D2
    L3      2023-01-01 .
    L4      2023-01-01 D4
    L5      2023-01-01 .
"""


@pytest.fixture
def book():
    return toy(month="2023-03", opportunities=DEALS, leads=LEADS, activities=ACTIVITIES)


def test_an_activity_is_of_the_customer_of_its_deal_or_of_its_lead(book):
    rows = collect(customer_contacts(book), sort=["activity_id"]).set_index("activity_id")
    assert rows.customer_id.dropna().to_dict() == {"A1": "C1", "A2": "C2", "A3": "C3", "A4": "C4"}
    assert rows.lead_id.dropna().to_dict() == {"A2": "L2", "A3": "L3", "A4": "L4", "A5": "L5"}


def test_contacts_by_customer_and_by_rep(book):
    span = (date(2023, 3, 1), date(2023, 3, 31))
    found = contacts(book, *span, by=("customer_id",)).set_index("customer_id")
    assert found.contacts.to_dict() == {"C1": 1, "C2": 1, "C3": 1, "C4": 1, "not given": 2}
    assert contacts(book, *span, by=("rep_id",)).contacts.tolist() == [3, 3]


def test_a_call_on_the_deal_answers_its_lead(book):
    found = first_responses(book.table("leads"), customer_contacts(book)).set_index("lead_id")
    assert found.days.to_dict() == {"L2": 60, "L3": 61, "L4": 62, "L5": 63}


def test_without_deals_activities_stand_as_given_and_without_activities_it_is_said():
    alone = toy(
        month="2023-03",
        orders="order_id date customer_id amount\nO1 2023-03-01 C1 5",
        activities=ACTIVITIES.replace("D2", ". "),
    )
    rows = collect(customer_contacts(alone), sort=["activity_id"])
    assert rows.customer_id.dropna().tolist() == ["C1"]
    with pytest.raises(NotAvailable):
        customer_contacts(toy(month="2023-03"))
