"""How sure a learnt rate is, and which way it may be off."""

from __future__ import annotations

from playbook.base.formats import Formats, plural
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
            "The number for a probability takes the rate as known; its interval says how far"
            f" it may be off. At the low end of the interval {fmt.count(cautious)} would"
            " be needed."
            if cautious
            else "The rate is the one chosen; nothing is learnt from the book."
        )
    ]
    if learnt is None:
        return said
    biased = _biased(learnt, rate, deals, probability, fmt)
    thin = (
        [
            f"The rate is learnt from {plural(learnt.rate.n, 'deal')} only: take the numbers as a"
            " rough guess."
        ]
        if learnt.rate.n < few
        else []
    )
    return [*said, *([biased] if biased else []), *thin]


def _biased(learnt: Learnt, rate: float, deals: int, probability: float, fmt: Formats) -> str:
    """What the decided deals alone would say."""
    if not learnt.by_cohort:
        return (
            "The book dates no entry to a stage, or has no deals old enough: there is one step,"
            " the deals won of those decided. Among young deals the quick ones decide first, so"
            " the rate may be off to either side."
        )
    naive = learnt.decided.value
    if not naive:
        return ""
    return (
        "The rates follow the same deals all the way, old enough for nine in ten wins to have"
        f" come. The deals decided so far alone would say {fmt.share(naive)} to won"
        f" ({fmt.text(naive - rate, 'pp')}), so"
        f" {fmt.count(needed_for(deals, naive, probability))} entries."
    )
