"""The blank sheet on which new leads are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook.base.language import later, say
from playbook.page import Worksheet

SHEET = (
    ("lead_id", later("lead_id"), "text"),
    ("created", "created", "date"),
    ("channel", later("channel"), "text"),
    ("company", later("company"), "text"),
    ("industry", later("industry"), "text"),
    ("size_employees", later("size_employees"), "count"),
    ("annual_revenue", later("annual_revenue"), "money"),
    ("region", later("region"), "text"),
    ("rep_id", later("rep_id"), "text"),
    ("need", "need", "text"),
    ("expected_purchase", "expected_purchase", "date"),
    ("budget", "budget", "money"),
    ("decision_maker", "decision_maker", "text"),
    ("contact_name", later("contact_name"), "text"),
    ("phone", later("phone"), "text"),
    ("email", later("email"), "text"),
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
