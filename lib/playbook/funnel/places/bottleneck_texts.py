"""What stands below the worth of steps and places."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.base.formats import joined
from playbook.base.language import say
from playbook.funnel.dimension_words import dimension_word


def bottleneck_notes(small: int, left_out: Sequence[str]) -> list[str]:
    """How worth and places are found; small: fewest deals of a quarter, left_out: dimensions."""
    return [
        (
            say(
                "Worth = deals entering in 12 months × (best quarter's rate less"
                " luck − rate now) × chance to win afterwards × average win. The"
                " best quarter is the firm's own, among mature quarters with {small}"
                " deals or more that began after the first deal was decided. The"
                " best of several is the best partly by luck: every sample behind"
                " the interval chooses its best quarter anew. A step is called the"
                " bottleneck only when quarters that are all alike would hardly show"
                " such a gap (1 in 20 over all steps).",
                small=small,
            )
        ),
        (
            say(
                "What a place could be expected to pass comes from a model of the"
                " step: the company's common course month by month, and the level of"
                " every region, product line, channel, industry, customer group and"
                " person. A place is a member whose level lies below the middle one"
                " of its peers, or a member, or a pair of members, that fell behind"
                " what its parts explain, from some month on. The surest is named"
                " first and taken into the model, so what only holds it is not named"
                " again; luck is judged by redrawing every deal from the model."
            )
        ),
        *_unsearched(left_out),
    ]


def _unsearched(left_out: Sequence[str]) -> list[str]:
    names = joined((dimension_word(d) for d in left_out), " and ")
    return (
        [
            say(
                "Not searched: {names}, known less often of the deals that stopped"
                " than of those that passed, so that rates by it would flatter, or"
                " of more members than can be told apart.",
                names=names,
            )
        ]
        if left_out
        else []
    )
