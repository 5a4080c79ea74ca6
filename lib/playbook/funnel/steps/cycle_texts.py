"""What stands below the cycle."""

from __future__ import annotations

from playbook.base.formats import plural
from playbook.base.language import say


def cycle_notes(undated: int, backwards: int) -> list[str]:
    """Notes below the cycle; deals without days, and closed before they were created."""
    notes = [
        say(
            "Days from creation to closing. The median of closed wins is the"
            " usual figure and is too short, because slow deals are still open;"
            " the curve counts a deal as undecided for as long as it was"
            " watched, and a lost deal as one that can no longer be won."
        )
    ]
    if undated:
        notes.append(
            say(
                "{deals} without the days needed: not in any time on this page.",
                deals=plural(undated, "deal"),
            )
        )
    if backwards:
        notes.append(
            say(
                "{deals} closed before the day of creation: left out of times, counted elsewhere.",
                deals=plural(backwards, "deal"),
            )
        )
    return notes
