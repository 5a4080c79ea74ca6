"""Which groups to pilot: those that moved most like the others, matched pairs, and how many people
or deals are needed where single ones are drawn by lot.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, share, text
from playbook.base.formats import Formats, listing
from playbook.base.language import say
from playbook.methods import pilot_design
from playbook.page import Col, Table, table

MOST = 20  # choices of groups kept


class PilotGroups(Frame):
    """One row per group that sold in every month."""

    member = text("the group: a team, region or product line")
    label = text("its name on the page")


class PilotChoices(Frame):
    """One row per choice of groups, the one most like the others first."""

    groups = text("the groups that would be piloted")
    gap = share("root mean square gap of their joint monthly sales path to the others'")


class PilotPairs(Frame):
    """One row per matched pair, the closest first; each group once."""

    first = text("one group of the pair")
    second = text("the other")
    gap = share("gap of their monthly sales paths")


def choices_of(paths: np.ndarray, labels: list[str], take: int) -> pd.DataFrame:
    """Choices of ``take`` groups by how alike their path was to the others'.

    paths: groups × months, each relative to its own mean.
    """
    return PilotChoices.make(
        {"groups": listing([labels[i] for i in chosen], 9), "gap": gap}
        for gap, chosen in pilot_design.closest(paths, take)[:MOST]
    )


def pairs_of(paths: np.ndarray, labels: list[str]) -> tuple[pd.DataFrame, list[tuple[int, int]]]:
    """Matched pairs, as a frame and as group numbers."""
    found = pilot_design.matched(paths)
    frame = PilotPairs.make(
        {"first": labels[i], "second": labels[j], "gap": gap} for gap, i, j in found
    )
    return frame, [(i, j) for _, i, j in found]


def choices_table(choices: pd.DataFrame, fmt: Formats) -> Table:
    """The five choices of groups most like the others."""
    return table(
        choices,
        [
            Col("groups", label="Pilot in", weight=2),
            Col("gap", "share", "Gap to the others before"),
        ],
        fmt,
        title=say("Groups that moved most like the others"),
        limit=5,
        note=(
            say(
                "root mean square gap of their joint monthly sales path to the"
                " others' over twelve months, each relative to its own mean"
            )
        ),
    )


def pairs_table(pairs: pd.DataFrame, fmt: Formats) -> Table:
    """The matched pairs."""
    return table(
        pairs,
        [
            Col("first", label="One of these starts", weight=1.4),
            Col("second", label="the other waits", weight=1.4),
            Col("gap", "share", "Gap of their paths"),
        ],
        fmt,
        title=say("Matched pairs"),
        note=say("closest pairs first, each group once; draw in each pair by lot who starts"),
    )


def sizes_table(fmt: Formats) -> Table:
    """People or deals per group needed to tell two shares apart."""
    sizes = pd.DataFrame(
        [
            {"what": what, "before": a, "after": b, "n": pilot_design.per_group(a, b)}
            for what, a, b in (
                (say("First deal in three months, as in the case"), 0.30, 0.55),
                (say("Win rate, a fifth better"), 0.20, 0.24),
            )
        ]
    )
    return table(
        sizes,
        [
            Col("what", label="To tell apart", weight=2),
            Col("before", "share", "From", context="rate"),
            Col("after", "share", "To"),
            Col("n", "count", "People or deals per group"),
        ],
        fmt,
        title=say("When single people or deals are drawn instead of groups"),
        note=(
            say(
                "two illustrations, not rates of this book; 80 % power, 5 %"
                " two-sided, normal approximation"
            )
        ),
    )
