"""Terms of the trade as the pages use them, each explained in one sentence: shown where the term
stands (on hover, and in the glossary of every pack).
"""

from __future__ import annotations

from functools import cache

from .language import english, language, later, say

TERMS: dict[str, str] = {
    "Actual": "what has come so far, net of refunds, as known on the as-of date",
    "Attainment": "credited amount of a period ÷ the quota of the same period",
    "Average order": "net amount ÷ distinct orders of the same span",
    "CAC": "customer acquisition cost: spend of a channel ÷ its new customers",
    "Chance": "share of simulated paths, or of comparable cases, in which the figure is reached",
    "Churn": "customers lost ÷ customers at the start; 1 − retention",
    "Completion": "actual ÷ target; a target of nought has none",
    "Cost of sales": "pay ÷ net sales of the same span",
    "Coverage": "which days a table really covers; nothing is compared with days outside it",
    "Days to win": "days from creation of a deal to its closing day as won; median, open deals"
    " censored where said",
    "Due by now": "the part of a target due by the as-of date on the plan's own curve",
    "GRR": "gross revenue retention: recurring revenue kept of that at the start, growth left out",
    "Gini": "inequality from 0 (all the same) to 1 (one has all)",
    "Growth": "against the equal span a year before; a dash where that year is not covered",
    "HHI": "Herfindahl–Hirschman index: the sum of squared shares, 1 where one has all",
    "Hires": "people who began in the span",
    "LTV": "lifetime value: expected gross profit of a new customer over the time it stays",
    "LTV ÷ CAC": "lifetime value of a new customer ÷ what winning one costs",
    "Leakage": "discount given beyond what the price ladder allows",
    "Load": "hours promised ÷ hours there are",
    "MRR": "monthly recurring revenue: a year's value of running contracts ÷ 12",
    "NRR": "net revenue retention: recurring revenue of the customers at the start, a year on, ÷"
    " theirs at the start",
    "Narrow": "won ÷ decided, by closing day",
    "New customers": "first order or first won deal ever, whichever is earlier, in the span",
    "On last year": "against the equal calendar span a year before",
    "On period before": "against equally many months just before",
    "Orders": "distinct order numbers, refunds not counted",
    "Pace": "actual ÷ the part of the target due by now",
    "Payback": "months of gross profit that repay the cost of winning a customer",
    "Quota": "a person's share of the target in force",
    "RFM": "recency, frequency and monetary value of a customer's orders, scored and grouped",
    "ROI": "gross profit of the wins ÷ what was spent for them",
    "Recency": "days since the last order",
    "Renewed": "followed by a contract of the same customer within the days the settings name",
    "Retention": "customers of the year before who bought again ÷ those customers",
    "Returning": "buyers of the span who had ordered before it ÷ all its buyers",
    "Stuck": "longer in its stage than the deals that got on, up to the percentile named",
    "Target": "the target in force on the as-of date; what it was set as stands beside it",
    "Target in force": "the newest target agreed by the as-of date, its parts moved with it",
    "Tier": "group of customers by what they bought in twelve months",
    "Usual range": "where the next value lies unless something changed",
    "Velocity a day": "open deals × win rate × average win ÷ days to win",
    "Win rate": "won ÷ decided deals, by closing day; needs losses on record",
    "Won ÷ created": "won ÷ deals created in the span, however young",
    "Won ÷ decided": "won ÷ (won + lost), by closing day",
    "Worth": "the money an action is about, as its section computes it; not summed over actions",
}
# Tables of the contract, and their columns that the stamp adds up, as a page calls them.
TABLES = later(
    (
        "customers",
        "orders",
        "opportunities",
        "stage events",
        "leads",
        "fit scores",
        "activities",
        "channel costs",
        "targets",
        "reps",
        "contracts",
        "key results",
        "check ins",
        "strategies",
        "care plan",
        "tasks",
        "meetings",
        "training",
        "market",
        "awards",
        "assignments",
        "payments",
        "snapshots",
        "changes",
        "cases",
        "rates",
        "deal splits",
        "pay adjustments",
        "action log",
        "amount",
        "cost",
        "annual value",
        "spent",
    ),
    context="table",
)
_BY_CASE = {term.casefold(): meaning for term, meaning in TERMS.items()}


def meaning_of(term: str) -> str:
    """The explanation of a term as it stands in a head or label; empty where there is none.

    >>> meaning_of("won ÷ decided")
    'won ÷ (won + lost), by closing day'
    """
    name = english(term).strip().casefold()
    found = _BY_CASE.get(name) or _said(language()).get(name, "")
    return say(found) if found else ""


@cache
def _said(spoken: str) -> dict[str, str]:
    """Term as said in the language → its English meaning."""
    return {say(term).casefold(): meaning for term, meaning in TERMS.items()}


def table_name(name: str) -> str:
    """A table of the contract, or a column of amounts, as a page calls it.

    >>> table_name("stage_events")
    'stage events'
    """
    return say(name.replace("_", " "), context="table")
