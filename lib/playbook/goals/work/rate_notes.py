"""How sure a learnt rate is, and which way it may be off."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.methods.planning import needed_for

from .rates import Learnt


def rate_notes(
    learnt: Learnt | None, rate: float, deals: int, probability: float, few: int, fmt: Formats
) -> list[str]:
    """What to keep in mind about the entries needed.

    learnt: where the rates come from, None where one is given; rate: from the first stage to a
    deal; few: deals below which a rate is a rough guess.
    """
    low = learnt.rate.interval[0] if learnt else None
    cautious = needed_for(deals, low, probability) if low else None
    said = [
        (
            say(
                "The number for a probability takes the rate as known; its interval"
                " says how far it may be off. At the low end of the interval"
                " {cautious} would be needed.",
                cautious=fmt.count(cautious),
            )
            if cautious
            else say("The rate is the one chosen; nothing is learnt from the book.")
        )
    ]
    if learnt is None:
        return said
    biased = _biased(learnt, rate, deals, probability, fmt)
    thin = (
        [
            say(
                "The rate is learnt from {deals} only: take the numbers as a rough guess.",
                deals=plural(learnt.rate.n, "deal"),
            )
        ]
        if learnt.rate.n < few
        else []
    )
    return [*said, *([biased] if biased else []), *thin]


def _biased(learnt: Learnt, rate: float, deals: int, probability: float, fmt: Formats) -> str:
    """What the decided deals alone would say."""
    if not learnt.by_cohort:
        return say(
            "The book dates no entry to a stage, or has no deals old enough:"
            " there is one step, the deals won of those decided. Among young"
            " deals the quick ones decide first, so the rate may be off to"
            " either side."
        )
    naive = learnt.decided.value
    if not naive:
        return ""
    return say(
        "The rates follow the same deals all the way, old enough for nine in"
        " ten wins to have come. The deals decided so far alone would say"
        " {naive} to won ({naive_2}), so {needed_for} entries.",
        naive=fmt.share(naive),
        naive_2=fmt.text(naive - rate, "pp"),
        needed_for=fmt.count(needed_for(deals, naive, probability)),
    )


def leads_sentence(leads: pd.DataFrame, sure: str, fmt: Formats) -> str:
    """The work in leads, the valid ones of them where they are known; empty where the book cannot
    tell. leads: ``StageNeeds``; sure: the probability asked for.
    """
    if leads.empty:
        return ""
    places = {
        "expected": fmt.count(leads["expected"].iloc[0]),
        "sure": fmt.count(leads["sure"].iloc[0]),
        "probability": sure,
    }
    if len(leads) == 1:
        return say(" In leads that is {expected}, or {sure} for {probability}.", **places)
    return say(
        " In leads that is {expected}, or {sure} for {probability} ({valid} of them valid).",
        valid=fmt.count(leads["sure"].iloc[1]),
        **places,
    )
