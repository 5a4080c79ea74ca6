"""The indicators of the case: label, unit, direction, definition, and the tables each needs."""

from __future__ import annotations

from dataclasses import dataclass


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
        "Sales",
        "money",
        "up",
        "net amount of orders, refunds negative",
        "orders (date, amount)",
    ),
    Indicator(
        "growth",
        "Growth on a year before",
        "share",
        "up",
        "sales ÷ sales of the same months a year before − 1",
        "orders of two years",
    ),
    Indicator(
        "returning",
        "Returning customers' share",
        "share",
        "up",
        "net sales to customers who had bought in an earlier period (order or won deal) ÷ all net"
        " sales",
        "orders of more than a year, or customers (since)",
    ),
    Indicator("leads", "Leads", "count", "up", "leads by the day they came", "leads (created)"),
    Indicator(
        "match",
        "Need-match rate",
        "share",
        "up",
        "deals whose need fits ÷ deals judged, by day of creation",
        "opportunities (need_match, created)",
    ),
    Indicator(
        "objection",
        "Objection rate",
        "share",
        "down",
        "deals with an objection noted ÷ deals that entered the last stage before winning",
        "opportunities (objection), stage_events",
    ),
    Indicator(
        "cycle",
        "Days to a win",
        "days",
        "down",
        "median of creation to closing, deals won in the period",
        "opportunities (created, closed)",
    ),
    Indicator(
        "won",
        "Deals won",
        "count",
        "up",
        "deals won by closing day",
        "opportunities (outcome, closed)",
    ),
    Indicator(
        "renewal",
        "Renewal, large customers",
        "share",
        "up",
        "contracts renewed ÷ contracts due",
        "contracts (end), customers (customer_type)",
    ),
    Indicator(
        "churn",
        "Churn, other customers",
        "share",
        "down",
        "contracts not renewed ÷ contracts due",
        "contracts (end), customers (customer_type)",
    ),
    Indicator(
        "per_head",
        "Sales per head",
        "money",
        "up",
        "net sales ÷ mean number of salespeople employed in the period",
        "orders, reps (hired, left)",
    ),
    Indicator(
        "first_deal",
        "First deal in three months",
        "share",
        "up",
        "hires with a win within their first 92 days ÷ hires who stayed that long, by the day those"
        " days were over",
        "reps (hired), opportunities (rep_id, closed)",
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
