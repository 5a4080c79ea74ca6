"""Combinations of the five measures as codes of five letters: never, on its date, earlier, or
later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from itertools import combinations

from playbook.base.language import later, say
from playbook.simulator.parameters import Company, Levers

LEVERS = tuple(f.name for f in fields(Levers))
LABELS = {
    "objectives": later("Objectives and key results"),
    "tiers": later("Value tiers and service"),
    "funnel": later("Channels and funnel"),
    "incentives": later("Renewal and referral awards"),
    "enablement": later("Training and mentoring"),
}
SHIFT = 3  # months a measure is moved


def switched(c: Company, on: Iterable[str]) -> Company:
    """The company with only the named measures taken, on their dates."""
    return placed(c, mask_of(on))


def placed(c: Company, code: str) -> Company:
    """The company with each measure as ``code`` has it, one letter per measure in the order of
    ``LEVERS``: 0 never, 1 on its date, e earlier, l later by ``SHIFT`` months.
    """
    return replace(
        c,
        levers=replace(
            c.levers,
            **{
                name: start_of(getattr(c.levers, name), letter)
                for name, letter in zip(LEVERS, code, strict=True)
            },
        ),
    )


def start_of(day: str, letter: str) -> str:
    """First day of a measure under a letter of a code; empty = never.

    >>> start_of("2023-04-01", "e"), start_of("2023-04-01", "l"), start_of("2023-04-01", "0")
    ('2023-01-01', '2023-07-01', '')
    """
    if letter == "0":
        return ""
    year, month, rest = int(day[:4]), int(day[5:7]), day[7:]
    months = year * 12 + month - 1 + {"1": 0, "e": -SHIFT, "l": SHIFT}[letter]
    return f"{months // 12}-{months % 12 + 1:02d}{rest}"


def codes() -> list[str]:
    """All combinations of on and off; then with all on each measure alone earlier or later, and all
    of them.
    """
    every = "1" * len(LEVERS)
    moved = [every[:i] + letter + every[i + 1 :] for i in range(len(LEVERS)) for letter in "el"]
    return (
        [mask_of(on) for size in range(len(LEVERS) + 1) for on in combinations(LEVERS, size)]
        + moved
        + [letter * len(LEVERS) for letter in "el"]
    )


def mask_of(on: Iterable[str]) -> str:
    """Code of the measures named, on their dates; the others never.

    >>> mask_of(["funnel"])
    '00100'
    """
    on = set(on)
    return "".join("1" if name in on else "0" for name in LEVERS)


WHEN = {
    "e": later("{shift} months earlier"),
    "1": later("on its date"),
    "l": later("{shift} months later"),
}


def begins_on(letter: str) -> str:
    """When a measure begins under a letter of a code, as a reader says it."""
    return say(WHEN[letter], shift=SHIFT)
