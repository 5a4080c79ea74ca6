"""The sentences about sales against target and last year."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import Formats, listing
from playbook.base.language import later, named, say
from playbook.funnel.dimension_words import dimension_word

WINDOW_LABELS = {
    "month": later("report month"),
    "quarter_to_date": later("quarter to date"),
    "year_to_date": later("year to date"),
    "trailing_12m": later("last 12 months"),
}


def furthest(row: Any, sure: bool, fmt: Formats) -> str:
    """The member furthest below its target. row: of MemberSales. sure: beyond chance."""
    said = {
        "label": named(row.label),
        "dimension": dimension_word(row.dimension),
        "gap": fmt.money(row.gap, sign=True),
        "reason": row.reason,
    }
    if sure:
        return say(" Furthest below target: {label} ({dimension}), {gap}; {reason}.", **said)
    return say(
        " Furthest below target: {label} ({dimension}), {gap}, no more than chance may bring in"
        " such a span; {reason}.",
        **said,
    )


def uncovered_notes(uncovered: dict[str, str]) -> list[str]:
    """Notes on windows whose last year is not known. uncovered: window → why, empty where it is."""
    found: dict[str, list[str]] = {}
    for window, why in uncovered.items():
        if why:
            found.setdefault(why, []).append(say(WINDOW_LABELS[window]))
    return [
        say(
            "No comparison with last year of {windows}: {why}.",
            windows=listing(windows, len(windows)),
            why=why,
        )
        for why, windows in found.items()
    ]


def moved_note(target: float, original: float | None, fmt: Formats) -> list[str]:
    """A note where the target in force is another than the one first set."""
    if original is None or target != target or abs(original - target) < 1:
        return []
    return [
        say(
            "The target in force, {target}, was moved since it was set: originally {original}.",
            target=fmt.money(target),
            original=fmt.money(original),
        )
    ]
