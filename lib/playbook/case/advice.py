"""What the case did about each indicator, and whose task it is."""

from __future__ import annotations

from playbook.base.language import later

# What the case did about an indicator, and whose it is.
MEASURES = {
    "renewal": (
        later("Value review with every large customer due; value report 30 days before renewal"),
        later("customer success"),
    ),
    "churn": (
        later("Usage diagnosis and self-service for small and medium customers due"),
        later("customer success"),
    ),
    "match": (
        later(
            "Cut or cap the channels whose leads match least; move the money to those that match"
        ),
        later("marketing"),
    ),
    "objection": (
        later("Value calculator in every negotiation; script library for the commonest objection"),
        later("sales training"),
    ),
    "cycle": (
        later("Take the slowest stage apart: list deals stuck there and decide on each"),
        later("regional managers"),
    ),
    "first_deal": (
        later("A mentor for each hire; real deals rehearsed and reviewed weekly"),
        later("sales training"),
    ),
    "growth": (
        later("Re-plan the rest of the year from what was reached"),
        later("sales director"),
    ),
    "returning": (
        later("Repurchase offers to customers with a deal in the last 30 to 90 days"),
        later("account managers"),
    ),
}
