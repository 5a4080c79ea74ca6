"""Stage entries that cannot be read as they stand, and how they are counted."""

from __future__ import annotations

from playbook.base.formats import plural
from playbook.base.language import later, say

ODD_NOTES = later(
    {
        "disorder": "{deals} first entered a stage after a later one: the earlier day counts for"
        " both.",
        "again": "{deals} entered a stage more than once, or moved back: the first entry counts in"
        " a rate, the last one says where a deal stands.",
        "twice": "{deals} {en_have} more than one win: each is one deal, won on its closing day.",
        "claimed": "{deals} entered the last stage and {en_are} not won: the outcome decides.",
    }
)


def odd_notes(odd: dict[str, int]) -> list[str]:
    """A sentence for each kind of oddity that occurs.

    odd: kind of oddity (``odd_counts``) → deals.
    """
    return [
        say(
            ODD_NOTES[name],
            deals=plural(n, "deal"),
            en_have="has" if n == 1 else "have",
            en_are="is" if n == 1 else "are",
        )
        for name, n in odd.items()
        if n
    ]
