"""Leads: intent by expected purchase, validity."""

import pandas as pd
from small_books import book

from playbook import segments
from playbook.segments.care.lead_grades import grades


def test_intent_by_expected_purchase_with_edges():
    created = pd.Series(pd.to_datetime(["2023-01-31"] * 5))
    expected = pd.Series(
        pd.to_datetime(["2023-02-28", "2023-03-01", "2023-04-30", "2023-05-01", None])
    )
    assert grades(created, expected).tolist() == ["high", "medium", "medium", "low", "low"]


def test_three_leads_of_the_toolbox_and_validity():
    rows = [
        {
            "lead_id": "L1",
            "created": "2023-06-01",
            "expected_purchase": "2023-06-20",
            "budget": 100,
            "decision_maker": True,
            "need": "reporting",
        },
        {
            "lead_id": "L2",
            "created": "2023-06-01",
            "expected_purchase": "2023-08-20",
            "budget": 100,
            "decision_maker": False,
            "need": "later",
        },
        {
            "lead_id": "L3",
            "created": "2023-06-30",
            "expected_purchase": None,
            "budget": None,
            "decision_maker": True,
            "need": "待定",
        },
    ]
    result = segments.leads(book("2023-06", leads=rows))
    assert result.leads.set_index("lead_id")["grade"].to_dict() == {
        "L1": "high",
        "L2": "medium",
        "L3": "low",
    }
    assert result.leads["valid"].tolist() == [True, False, False]
    assert result.gaps.set_index("field").loc["need", "vague"] == 2


def test_what_no_lead_carries_is_not_missing_from_single_ones():
    bare = segments.leads(book("2023-06", leads=[{"lead_id": "L", "created": "2023-06-30"}]))
    assert bare.headline() == "Leads: 1 in 12 months." and bare.gaps.empty
    assert bare.reading() == (
        "The leads carry no purchase plan and no budget and no decision maker: which of them are"
        " valid is not known."
    )
    valid = next(k for k in bare.kpis() if k.name == "lead_valid")
    assert valid.value is None and bare.table["grade"].tolist() == ["unknown"]
    full = {
        "lead_id": "L",
        "created": "2023-06-30",
        "company": "A",
        "channel": "Web",
        "need": "speed",
        "expected_purchase": "2023-07-10",
        "budget": 5,
        "decision_maker": True,
        "rep_id": "r",
    }
    whole = segments.leads(book("2023-06", leads=[full]))
    assert whole.reading().endswith("all known. No record lacks any of them.")
    assert whole.headline() == "Leads: high 1, medium 0, low 0; 100.0 % valid."


def test_the_day_of_creation_decides_the_grade():
    def grade(expected):
        lead = {"lead_id": "L", "created": "2023-01-31", "expected_purchase": expected}
        other = {"lead_id": "anchor", "created": "2023-06-30"}
        found = segments.leads(book("2023-06", leads=[lead, other])).leads
        return found.set_index("lead_id").loc["L", "grade"]

    days = ("2023-02-28", "2023-03-01", "2023-04-30", "2023-05-01")
    assert [grade(day) for day in days] == ["high", "medium", "medium", "low"]
