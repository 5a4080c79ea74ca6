"""What is said of deals that are older than any that got on."""

from __future__ import annotations

from playbook.base.formats import plural
from playbook.base.language import say


def dead_sentence(dead: int, timed: bool, losses: bool) -> str:
    """Deals older than any that ever got on, and what to make of it."""
    older = (
        say(
            " {deals} {en_have} stood longer than any that ever advanced",
            deals=plural(dead, "deal"),
            en_have="has" if dead == 1 else "have",
        )
        if timed
        else say(
            " {deals} {en_are} older than any was when it was won",
            deals=plural(dead, "deal"),
            en_are="is" if dead == 1 else "are",
        )
    )
    if losses:
        return say(
            "{older}: close {en_them}, or the pipeline promises what will not come.",
            older=older,
            en_them="it" if dead == 1 else "them",
        )
    return say("{older}; some may be lost already: no loss is recorded.", older=older)
