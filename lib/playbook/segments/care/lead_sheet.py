"""The blank sheet on which new leads are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook.base.language import say
from playbook.page import Worksheet

SHEET = (
    ("lead_id", "lead_id", "text"),
    ("created", "created", "date"),
    ("channel", "channel", "text"),
    ("company", "company", "text"),
    ("industry", "industry", "text"),
    ("size_employees", "size_employees", "count"),
    ("annual_revenue", "annual_revenue", "money"),
    ("region", "region", "text"),
    ("rep_id", "rep_id", "text"),
    ("need", "need", "text"),
    ("expected_purchase", "expected_purchase", "date"),
    ("budget", "budget", "money"),
    ("decision_maker", "decision_maker", "text"),
    ("contact_name", "contact_name", "text"),
    ("phone", "phone", "text"),
    ("email", "email", "text"),
)


def lead_sheet(words: Mapping[str, Sequence[str]]) -> Worksheet:
    """The columns of the table leads, with drop-downs and no room for vague answers: days, amounts
    and a sentence where those are asked for.

    words: field of a lead → the words the book knows for it.
    """
    return Worksheet(
        say("Lead sheet"),
        SHEET,
        (),
        {**words, "decision_maker": ("yes", "no")},
        {"created": "day", "expected_purchase": "day", "budget": "amount", "need": "words"},
    )
