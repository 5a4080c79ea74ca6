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
