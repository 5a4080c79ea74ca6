"""Outcomes that hardly move because their measures pull against each other."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import listing
from playbook.base.language import say

from .codes import LABELS
from .wording import OUTCOME, OutcomeFormats

LEFT = 1 / 3  # of the sum of all effects without sign: less is left where measures cancel


def cancelled(effects_of: pd.DataFrame, wording: OutcomeFormats) -> list[str]:
    """One sentence per outcome whose measures pull against each other until little is left.

    effects_of: ``LeverContributions``.
    """
    found = []
    for outcome, effects in effects_of.groupby("outcome", sort=False):
        sure = effects[(effects.low > 0) | (effects.high < 0)]
        up, down = sure[sure.effect > 0], sure[sure.effect < 0]
        if up.empty or down.empty:
            continue
        if abs(sure.effect.sum()) > LEFT * sure.effect.abs().sum():
            continue
        sides = [
            listing(
                [
                    say(
                        "{label} {value}",
                        label=say(LABELS[r.lever]).lower(),
                        value=wording.signed(outcome, r.effect),
                    )
                    for r in side.itertuples()
                ],
                5,
            )
            for side in (up, down)
        ]
        found.append(
            say(
                "{outcome} hardly moves because its measures cancel each other:"
                " {sides} against {sides_2}.",
                outcome=say(OUTCOME[outcome][0]),
                sides=sides[0],
                sides_2=sides[1],
            )
        )
    return found
