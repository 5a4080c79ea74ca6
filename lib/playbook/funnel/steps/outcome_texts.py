"""What stands below the outcomes."""

from __future__ import annotations

from playbook.base.formats import plural
from playbook.base.language import say


def outcome_notes(undated: int, created_unknown: int) -> list[str]:
    """Notes below the outcomes; deals without closing and creation date."""
    notes = [
        (
            say(
                "Won ÷ decided counts deals by the month they closed and leaves open"
                " ones out; won ÷ created follows each month's new deals, the open"
                " ones included, so it rises as they close."
            )
        ),
        (
            say(
                "For ranking, the rate of a small group lies nearer to that of all,"
                " as far as its number of deals leaves room for luck. Above or below"
                " the rest is said only of what stands out among all reps, regions,"
                " product lines and channels: where all won alike, in 1 company of"
                " 100 anybody would be named."
            )
        ),
    ]
    if undated:
        notes.append(
            say(
                "{decided_deals} without closing date: counted in all data only.",
                decided_deals=plural(undated, "decided deal"),
            )
        )
    if created_unknown:
        notes.append(
            say(
                "{deals} without creation date: counted in all data only, left out of times.",
                deals=plural(created_unknown, "deal"),
            )
        )
    return notes
