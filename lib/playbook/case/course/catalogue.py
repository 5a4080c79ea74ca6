"""The indicators of the case: label, unit, direction, definition, and the tables each needs."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.language import later


@dataclass(frozen=True)
class Indicator:
    """One line of the course. ``kind``: sum (of k), ratio (k ÷ n), growth (against a year before),
    median, per (k per n).
    """

    key: str
    label: str
    unit: str
    better: str  # up or down
    meaning: str
    needs: str  # table and columns it is made from


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "sales",
        later("Sales"),
        "money",
        "up",
        later("net amount of orders, refunds negative"),
        later("orders (date, amount)"),
    ),
    Indicator(
        "growth",
        later("Growth on a year before"),
        "share",
        "up",
        later("sales ÷ sales of the same months a year before − 1"),
        later("orders of two years"),
    ),
    Indicator(
        "returning",
        later("Returning customers' share"),
        "share",
        "up",
        later(
            "net sales to customers who had bought in an earlier period (order"
            " or won deal) ÷ all net sales"
        ),
        later("orders of more than a year, or customers (since)"),
    ),
    Indicator(
        "leads",
        later("Leads"),
        "count",
        "up",
        later("leads by the day they came"),
        later("leads (created)"),
    ),
    Indicator(
        "match",
        later("Need-match rate"),
        "share",
        "up",
        later("deals whose need fits ÷ deals judged, by day of creation"),
        later("opportunities (need_match, created)"),
    ),
    Indicator(
        "objection",
        later("Objection rate"),
        "share",
        "down",
        later("deals with an objection noted ÷ deals that entered the last stage before winning"),
        later("opportunities (objection), stage_events"),
    ),
    Indicator(
        "cycle",
        later("Days to a win"),
        "days",
        "down",
        later("median of creation to closing, deals won in the period"),
        later("opportunities (created, closed)"),
    ),
    Indicator(
        "won",
        later("Deals won"),
        "count",
        "up",
        later("deals won by closing day"),
        later("opportunities (outcome, closed)"),
    ),
    Indicator(
        "renewal",
        later("Renewal, large customers"),
        "share",
        "up",
        later("contracts renewed ÷ contracts due"),
        later("contracts (end), customers (customer_type)"),
    ),
    Indicator(
        "churn",
        later("Churn, other customers"),
        "share",
        "down",
        later("contracts not renewed ÷ contracts due"),
        later("contracts (end), customers (customer_type)"),
    ),
    Indicator(
        "per_head",
        later("Sales per head"),
        "money",
        "up",
        later("net sales ÷ mean number of salespeople employed in the period"),
        later("orders, reps (hired, left)"),
    ),
    Indicator(
        "first_deal",
        later("First deal in three months"),
        "share",
        "up",
        later(
            "hires with a win within their first 92 days ÷ hires who stayed that"
            " long, by the day those days were over"
        ),
        later("reps (hired), opportunities (rep_id, closed)"),
    ),
)
BY_KEY = {indicator.key: indicator for indicator in INDICATORS}
# a quarter's value is the sum of its months'
SUMS = ("sales", "leads", "won", "per_head")
RATES = (
    "match",
    "objection",
    "renewal",
    "churn",
    "first_deal",
)  # shares with a count above and below the line
