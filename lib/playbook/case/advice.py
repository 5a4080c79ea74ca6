"""What the case did about each indicator, and whose task it is."""

from __future__ import annotations

# What the case did about an indicator, and whose it is.
MEASURES = {
    "renewal": (
        "Value review with every large customer due; value report 30 days before renewal",
        "customer success",
    ),
    "churn": (
        "Usage diagnosis and self-service for small and medium customers due",
        "customer success",
    ),
    "match": (
        "Cut or cap the channels whose leads match least; move the money to those that match",
        "marketing",
    ),
    "objection": (
        "Value calculator in every negotiation; script library for the commonest objection",
        "sales training",
    ),
    "cycle": (
        "Take the slowest stage apart: list deals stuck there and decide on each",
        "regional managers",
    ),
    "first_deal": (
        "A mentor for each hire; real deals rehearsed and reviewed weekly",
        "sales training",
    ),
    "growth": ("Re-plan the rest of the year from what was reached", "sales director"),
    "returning": (
        "Repurchase offers to customers with a deal in the last 30 to 90 days",
        "account managers",
    ),
}
