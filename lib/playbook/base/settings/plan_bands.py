"""What a plan is refused for: bands with a gap or an overlap, no date."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from playbook.base.language import later, say

from .plan_parts import Band

NO_DATE = later(
    "plan '{plan}' has no date, and no one knows when it holds: give the first day it is in force,"
    " starts = 2023-01-01"
)


def partition(tiers: Sequence[Band], where: str) -> None:
    """Raise ValueError unless the bands start at 0, follow each other without gap or overlap and
    leave nothing above unsaid.
    """
    bands = sorted(tiers, key=lambda band: band.lower)
    for band in bands:
        if band.upper is not None and band.upper <= band.lower:
            ends: dict[str, Any] = {"where": where, "lower": band.lower, "upper": band.upper}
            raise ValueError(
                say("{where}: the band from {lower} ends at {upper}, where it starts", **ends)
                if band.upper == band.lower
                else say("{where}: the band from {lower} ends at {upper}, before it starts", **ends)
            )
    if bands and bands[0].lower != 0:
        raise ValueError(
            say(
                "{where}: the first band starts at {lower}, not at 0, and below it nothing would"
                " be paid",
                where=where,
                lower=bands[0].lower,
            )
        )
    for low, high in itertools.pairwise(bands):
        if low.upper is None or low.upper > high.lower:
            raise ValueError(
                say(
                    "{where}: the band from {lower} overlaps the band from {next}",
                    where=where,
                    lower=low.lower,
                    next=high.lower,
                )
            )
        if low.upper < high.lower:
            raise ValueError(
                say(
                    "{where}: nothing is said between {upper} and {lower}; a deal there would"
                    " pay nothing",
                    where=where,
                    upper=low.upper,
                    lower=high.lower,
                )
            )
    if bands and bands[0].retroactive:
        raise ValueError(
            say("{where}: the first band has nothing below it to reach back to", where=where)
        )
    if bands and bands[-1].upper is not None:
        raise ValueError(
            say(
                "{where}: nothing is said above {upper}; leave the last upper out",
                where=where,
                upper=bands[-1].upper,
            )
        )
