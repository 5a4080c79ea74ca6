"""States without a day, windows that the data do not fill, and what nobody set."""

import pytest
from small_books import book, order

from playbook import segments
from playbook.page import Missing
from playbook.segments.known import is_newest, short_window
from playbook.segments.population import population

LATER = {
    "orders": [
        order("a", "2023-03-05", 100, 1, rep_id="then"),
        order("b", "2023-06-05", 50, 2, rep_id="then"),
    ],
    "customers": [
        {"customer_id": "a", "rep_id": "now"},
        {"customer_id": "b", "rep_id": "now"},
    ],
    "leads": [{"lead_id": "anchor", "created": "2023-06-30"}],
}


def test_the_rep_in_the_customer_list_is_that_of_the_newest_month_only():
    newest, earlier = book("2023-06", **LATER), book("2023-04", **LATER)
    assert (is_newest(newest), is_newest(earlier)) == (True, False)
    owner = {
        m: population(b).frame.set_index("customer_id").loc["a", "owner_id"]
        for m, b in ((6, newest), (4, earlier))
    }
    assert owner == {6: "now", 4: "then"}


def test_who_left_owns_nothing():
    reps = [
        {"rep_id": "gone", "name": "Ann", "hired": "2020-01-01", "left": "2023-05-01"},
        {"rep_id": "r", "name": "Bo"},
    ]
    orders = [
        order("a", "2023-06-29", 100, 1, rep_id="gone"),
        order("b", "2023-06-29", 90, 2, rep_id="r"),
    ]
    here = book("2023-06", orders=orders, reps=reps)
    frame = population(here).frame.set_index("customer_id")
    assert frame.loc["a", "owner"] == "to assign (was Ann)"
    assert frame["owner_id"].isna().tolist() == [True, False]
    found = segments.actions(here)
    assert found.reading().startswith("2 actions for 1 owner (1 with nobody in charge)")
    assert segments.capacity(here).table["owner"].tolist() == ["Bo"]


def test_an_order_id_that_restarts_counts_as_several_orders():
    rows = [order("a", day, 10, "1") for day in ("2021-08-05", "2023-01-05")]
    rows += [order("a", "2023-01-05", 5, "1"), order("b", "2023-02-01", 7, "2")]
    here = book("2023-06", orders=rows)
    assert population(here).frame.set_index("customer_id")["orders"].to_dict() == {"a": 2, "b": 1}


def test_a_window_that_orders_do_not_fill_is_said():
    rows = [order("a", f"2023-{m:02d}-{d:02d}", 10, f"{m}{d}") for m in (4, 5, 6) for d in (2, 29)]
    here = book("2023-06", orders=rows)
    said = "Here orders begin on 1 Apr 2023: 3 of the 12 months of 1 Jul 2022 – 30 Jun 2023 are"
    assert short_window(here, here.window("trailing_12m")).startswith(said)
    for result in (segments.tiers(here), segments.abc(here)):
        assert said in result.notes()[0]
    assert "3 of the 24 months" in segments.rfm(here).notes()[0]
    full = book("2023-06", toml="[book]\nname='t'\ncovers.orders=[2020-01-01]\n", orders=rows)
    assert short_window(full, full.window("trailing_12m")) == ""


def test_overdue_actions_of_an_earlier_month_are_not_known():
    log = [
        {
            "activity_id": "x",
            "date": "2023-03-01",
            "rep_id": "r",
            "kind": "call",
            "customer_id": "a",
            "next_action": "send offer",
            "due": "2023-03-20",
            "status": "open",
        }
    ]
    newest = segments.follow_up(book("2023-06", **LATER, activities=log))
    assert newest.headline().startswith("Follow-up: 1 agreed action overdue")
    earlier = segments.follow_up(book("2023-04", **LATER, activities=log))
    kpi = next(k for k in earlier.kpis() if k.name == "follow_up.overdue")
    assert kpi.value is None and "carries no day" in kpi.why
    assert "overdue" not in earlier.headline() and not earlier.worksheets()
    assert "were open on 30 Apr 2023 is not known" in earlier.reading()
    listed = segments.actions(book("2023-04", **LATER, activities=log))
    assert not (listed.table["kind"] == "follow-up").any()
    assert "Overdue agreed actions are not listed" in listed.notes()[0]


def test_contacts_without_status_or_progress_say_so():
    log = [
        {
            "activity_id": "x",
            "date": "2023-06-01",
            "kind": "call",
            "rep_id": "r",
            "customer_id": "a",
        }
    ]
    found = segments.follow_up(book("2023-06", **LATER, activities=log))
    assert "the contacts carry no status and no due" in found.reading()
    assert "Contacts do not record progress" in found.reading()
    assert found.headline() == "" and found.checks.empty


PROMISES = (
    "class_days = [3.5, 7, 30]\nintent_days = [7, 14, 30]\ntier_visits = [4, 2, 0]\n"
    "tier_calls = [0, 0, 2]\nvisit_hours = 3\ncontact_hours = 0.5\nselling_hours = 20\n"
    'tiers = { names = ["VIP", "key", "ordinary"], lower = [500000, 200000, 0] }\n'
)


def test_what_nobody_set_is_an_illustration_and_no_headline():
    tables = {
        "orders": [order("a", "2023-06-01", 600_000, 1, rep_id="r")],
        "activities": [
            {
                "activity_id": "x",
                "date": "2023-06-01",
                "rep_id": "r",
                "kind": "visit",
                "customer_id": "a",
                "progressed": True,
            }
        ],
    }
    names = ("tiers", "tier_movement", "follow_up", "relationship", "capacity")
    unset = {n: getattr(segments, n)(book("2023-06", **tables)) for n in names}
    given = {
        n: getattr(segments, n)(book("2023-06", toml=f"[segments]\n{PROMISES}", **tables))
        for n in names
    }
    for name in ("tiers", "capacity", "relationship"):
        assert unset[name].headline() == "" and "Illustration: nobody set" in unset[name].reading()
    assert "rhythm" not in unset["follow_up"].headline()
    assert isinstance(unset["tier_movement"], Missing)  # no order by the month before
    assert not unset["relationship"].worksheets() and given["relationship"].worksheets()
    assert given["capacity"].headline() == (
        "Capacity: the contact plan needs 6 % of the team's hours; 0 reps over-committed."
    )
    assert given["tiers"].headline().startswith("Value tiers: VIP 1 (100.0 % of revenue)")
    assert "rhythm kept for" in given["follow_up"].headline()
    assert not any("Illustration" in given[n].reading() for n in ("tiers", "capacity", "follow_up"))


@pytest.mark.parametrize("channel", [True, False])
def test_leads_with_channels_where_orders_have_none(channel):
    more = {"channel": "Referral"} if channel else {}
    tables = {
        "orders": [order("a", "2023-06-01", 9, 1, **more)],
        "leads": [{"lead_id": "L", "created": "2023-06-30", "channel": "Referral"}],
        "activities": [
            {
                "activity_id": "x",
                "date": "2023-06-01",
                "rep_id": "r",
                "kind": "call",
                "customer_id": "a",
            }
        ],
    }
    found = segments.relationship(book("2023-06", **tables))
    kpi = next(k for k in found.kpis() if k.name == "referral.revenue")
    assert (kpi.value, kpi.why) == ((9.0, None) if channel else (None, "orders carry no channel"))
    assert "1 lead came by referral and 0 of them are won." in found.reading()
