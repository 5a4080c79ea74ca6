"""Words for what the meeting's sections count and judge: names of indicators, of what happened on a
day, and of alerts.
"""

from __future__ import annotations

from playbook.base.formats import Formats, plural
from playbook.base.language import later, nouns, say, term

BY_ACTIVITY = " by activity"  # ends the name of an indicator that is a step between two stages
ENTERED = "entered "  # begins what is counted of a stage
INDICATORS = later(
    (
        "leads",
        "visits",
        "contacts",
        "match rate",
        "won of decided",
        "sales",
        "average order",
        "new customers",
        "CAC, three months",
        "LTV",
        "LTV ÷ CAC",
        "gross profit per buyer",
    )
)
FAMILIES = later(("process", "conversion", "customer"))
BETTER, WORSE, UNUSUAL, AS_USUAL, NO_VALUE, TOO_LITTLE = later(
    ("better", "worse", "unusual", "as usual", "no value", "too little history")
)
MORE, LESS = later(("more than usual", "less than usual"))
OUTCOMES = later(("won", "lost"), context="deal")
WON = "deals won"
COUNTED = {
    "contacts": nouns("contact"),
    "visits": nouns("visit"),
    "proposals": nouns("proposal"),
    "leads": nouns("lead"),
    "orders": nouns("order"),
    "deals opened": nouns("deal opened", "deals opened"),
    WON: nouns("deal won", "deals won"),
    "deals lost": nouns("deal lost", "deals lost"),
}
WHAT = later(
    (
        "contacts",
        "visits",
        "proposals",
        "leads",
        "orders",
        "deals opened",
        "deals won",
        "deals lost",
        "sales",
        "amount won",
    )
)


def indicator_word(indicator: str) -> str:
    """An indicator as the page says it; the stages of a step keep their names."""
    if indicator.endswith(BY_ACTIVITY):
        return say("{name} by activity", name=indicator.removesuffix(BY_ACTIVITY))
    return term(indicator)


def outcome_word(outcome: str) -> str:
    """How a deal ended, as the page says it."""
    return say(outcome, context="deal") if outcome in OUTCOMES else outcome


def what_word(what: str) -> str:
    """What is counted as the page says it."""
    if what.startswith(ENTERED):
        return say("entered {stage}", stage=what.removeprefix(ENTERED))
    return term(what)


def counted_word(n: int, what: str, fmt: Formats) -> str:
    """``1 deal won``, ``2 deals won``, ``3 entered proposal``."""
    if what in COUNTED:
        return plural(n, *COUNTED[what])
    if what.startswith(ENTERED):
        stage = what.removeprefix(ENTERED)
        return say("{n} entered {stage}", n=fmt.count(n), stage=stage)
    return f"{fmt.count(n)} {term(what)}"
