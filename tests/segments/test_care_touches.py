"""A contact counts for the customer it names, and for the customer of the deal or lead it names."""

import pytest
from small_books import book, order

from playbook import segments
from playbook.segments.care.attention import attention

ORDERS = [
    order("a", "2022-06-20", 400, 1, rep_id="r"),
    order("a", "2023-06-05", 600_000, 2, rep_id="r"),
]
DEALS = [
    {
        "opportunity_id": "d",
        "lead_id": "L",
        "customer_id": "a",
        "created": "2023-04-01",
        "stage": "lead",
        "outcome": "open",
    }
]
LEADS = [
    {"lead_id": "L", "created": "2023-04-01", "company": "A", "converted_opportunity_id": "d"},
    {"lead_id": "other", "created": "2023-06-30"},
]


def visits(**named):
    return [
        {
            "activity_id": f"v{i}",
            "date": f"2023-06-{day}",
            "rep_id": "r",
            "kind": "visit",
            "progressed": False,
            **named,
        }
        for i, day in enumerate((10, 20, 28))
    ]


@pytest.mark.parametrize(
    "named", [{"customer_id": "a"}, {"opportunity_id": "d"}, {"lead_id": "L"}], ids=str
)
def test_a_visit_counts_for_the_customer_however_it_is_logged(named):
    toml = "[segments]\ntier_visits = [4, 2, 0]\nclass_days = [3.5, 7, 30]\n"
    here = book(
        "2023-06",
        toml=toml,
        orders=ORDERS,
        opportunities=DEALS,
        leads=LEADS,
        activities=visits(**named),
    )
    subjects = attention(here).subjects.set_index("subject")
    assert subjects.loc["a", "silent_days"] == 2
    kept = segments.follow_up(here).table.set_index("group")
    assert kept.loc["A", ["kept", "never"]].tolist() == [1, 0]
    plan = segments.relationship(here).plan.set_index("customer_id")
    assert plan.loc["a", "made"] == 3 and str(plan.loc["a", "last_visit"])[:10] == "2023-06-28"
    stalled = segments.follow_up(here).stalled
    assert stalled["touches"].tolist() == [3]  # once: for the open lead, else for the customer
    assert stalled["subject"].tolist() == ["a" if "customer_id" in named else "L"]


def test_an_open_lead_keeps_the_contacts_of_its_deal():
    here = book(
        "2023-06",
        orders=ORDERS,
        opportunities=DEALS,
        leads=LEADS,
        activities=visits(opportunity_id="d"),
    )
    subjects = attention(here).subjects.set_index("subject")
    assert subjects.loc[["a", "L"], "silent_days"].tolist() == [2, 2]
    assert subjects.loc["other", "last"] is not None and subjects["last"].isna().sum() == 1


def test_the_next_visit_is_due_a_fair_share_of_the_year_after_the_last():
    toml = "[segments]\ntier_visits = [4, 2, 0]\n"
    here = book("2023-06", toml=toml, orders=ORDERS, activities=visits(customer_id="a"))
    plan = segments.relationship(here).plan.set_index("customer_id")
    assert str(plan.loc["a", "next"]) == "2023-09-27"  # 91 days after 28 June
    never = segments.relationship(
        book("2023-06", toml=toml, orders=ORDERS, activities=visits(customer_id="b"))
    )
    assert str(never.plan.set_index("customer_id").loc["a", "next"]) == "2023-07-07"
    assert never.headline() == (
        "Relationship plan: 1 of 1 customer visited less often than promised."
    )
