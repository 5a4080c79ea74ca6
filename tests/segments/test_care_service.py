"""Answering, solving and referrals against the plan, worked by hand."""

import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.data.measures import purchases
from playbook.segments.care.attention import attention

TIERS = (
    '[segments]\ntiers = { names = ["VIP", "key", "ordinary"], lower = [100, 50, 0]'
    " }\ntier_response_hours = [2, 4, 24]\ntier_solving_hours = [24, 48, 72]\n"
)
ORDERS = [
    order("v", "2023-05-05", 200, 1, channel="Website"),
    order("k", "2023-05-05", 60, 2, channel=" REFERRAL "),
    order("o", "2023-05-05", 10, 3, channel="转介绍"),
    order("v", "2022-05-05", 200, 4, channel="Referral"),
]


def said(number, customer, kind, moment, progressed=None, **more):
    return {
        "activity_id": f"a{number}",
        "date": moment[:10],
        "rep_id": "r1",
        "kind": kind,
        "customer_id": customer,
        "recorded_at": moment,
        "progressed": progressed,
        "status": "done",
        **more,
    }


ASKED = [
    said(1, "v", "Request", "2023-06-01 10:00:00"),
    said(2, "v", "message", "2023-06-01 12:00:00", False),
    said(3, "v", "call", "2023-06-02 10:00:00", True),  # answered at 2 h, solved at 24 h: in time
    said(4, "v", "request", "2023-06-10 10:00:00"),
    said(5, "v", "call", "2023-06-10 12:00:01", True),  # answered a second late, solved
    said(6, "k", "投诉", "2023-06-12 09:00:00"),  # never answered
    said(7, "o", "request", "2023-06-30 20:00:00"),  # promise not run out yet
    said(8, "k", "call", "2023-06-11 09:00:00", True),  # before the request: no answer
]


@pytest.fixture(scope="module")
def served():
    leads = [
        {"lead_id": f"L{i}", "created": "2023-03-01", "channel": channel}
        for i, channel in enumerate(["Referral", "转介绍", "Website", "Referral"])
    ]
    deals = [
        {
            "opportunity_id": f"d{i}",
            "lead_id": f"L{i}",
            "created": "2023-03-01",
            "stage": stage,
            "outcome": outcome,
            "closed": closed,
        }
        for i, stage, outcome, closed in (
            (0, "won", "won", "2023-04-01"),
            (1, "lead", "lost", "2023-04-01"),
            (2, "won", "won", "2023-04-01"),
        )
    ]
    return book(
        "2023-06",
        toml=TIERS,
        orders=ORDERS,
        activities=ASKED,
        leads=leads,
        opportunities=deals,
    )


def test_requests_are_answered_and_solved_within_the_hours_of_the_tier(served):
    table = segments.relationship(served).service.set_index("tier")
    assert table.loc[
        "VIP", ["requests", "answered_due", "answered_kept", "solved_due", "solved_kept"]
    ].tolist() == [2, 2, 1, 2, 2]
    assert table.loc["VIP", "answered_hours"] == pytest.approx(2 + 1 / 7200, abs=1e-3)
    assert table.loc["key", ["requests", "answered_due", "answered_kept"]].tolist() == [
        1,
        1,
        0,
    ] and pd.isna(table.loc["key", "answered_hours"])
    assert table.loc["ordinary", ["requests", "answered_due"]].tolist() == [1, 0]
    assert table.loc[
        "All", ["requests", "answered_due", "answered_kept", "solved_kept"]
    ].tolist() == [4, 3, 1, 2]
    kpis = {(k.name, str(k.by)): k for k in segments.relationship(served).kpis()}
    assert (
        kpis["service.answered_in_time", "None"].numerator,
        kpis["service.answered_in_time", "None"].denominator,
    ) == (1, 3)
    assert kpis["service.answered_in_time", "{'tier': 'ordinary'}"].why


def test_a_request_is_no_contact_of_ours(served):
    silent = {
        row["subject"]: row["silent_days"] for row in attention(served).subjects.to_dict("records")
    }
    assert (
        silent["v"] == 20 and silent["k"] == 19 and pd.isna(silent["o"])
    )  # o only asked: nobody has called


def test_a_book_without_requests_says_that_the_times_are_not_measured():
    result = segments.relationship(
        book(
            "2023-06",
            toml=TIERS,
            orders=ORDERS,
            activities=[said(1, "v", "call", "2023-06-01 10:00:00", True)],
        )
    )
    assert (
        result.service.empty and "promised, not measured" in result.notes()[0] and result.blocks()
    )


def test_referrals_asked_and_come(served):
    row = segments.relationship(served).referrals.iloc[0]
    assert row[["asked", "leads", "decided", "won", "revenue"]].tolist() == [
        3,
        3,
        2,
        1,
        70,
    ]  # VIP 2 + key 1; orders of two channels' spellings, last year's left out
    assert purchases.channel_sales(served.table("orders"), served.window("all"), {"referral"}) == (
        260.0,
        2,
    )


def test_an_action_due_later_is_neither_done_nor_failed_yet():
    rows = [
        said(1, "v", "call", "2023-06-01 10:00:00", True, due="2023-07-05"),
        said(2, "v", "call", "2023-06-02 10:00:00", True, due="2023-06-05"),
    ]
    here = book("2023-06", orders=ORDERS, activities=rows)
    assert here.relation("activities").project("activity_id, status").order(
        "activity_id"
    ).fetchall() == [("a1", None), ("a2", "done")]
