"""What stands below the conversion from stage to stage."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.base.formats import joined
from playbook.base.language import say


def cohort_notes(share: str, unseen: Sequence[str]) -> list[str]:
    """How the rates are counted.

    share: of 100 advancing deals, those a mature cohort waits for. unseen: stages without days.
    """
    undated = (
        say(
            "The book carries no entry days for {unseen}: deals are counted"
            " there, but the step is measured to the next dated stage.",
            unseen=joined(unseen),
        )
        if unseen
        else ""
    )
    return [
        (
            say(
                "By cohort: of the deals that first entered a stage in a month, the"
                " share that reached the next one or a later one by the as-of date;"
                " a skipped stage counts as passed, a step back keeps the first"
                " clock. By activity: entries to the next stage ÷ entries to this"
                " one in the same months; it may exceed 100 %."
            )
        ),
        (
            say(
                "A cohort is mature once its youngest deal has had as long as"
                " {share} of 100 advancing deals took; young cohorts are shown"
                " hollow and never in a rate.",
                share=share,
            )
        ),
        *([undated] if undated else []),
    ]


def repurchase_note() -> str:
    return say(
        "The repurchase step counts customers, not deals: those whose first"
        " order fell in the month, and whether they ordered again on a later"
        " day."
    )
