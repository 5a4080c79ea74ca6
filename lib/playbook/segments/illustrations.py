"""Promises, hours and edges that nobody set: examples, which no headline and no action rests on."""

from __future__ import annotations

from playbook.base.formats import listing
from playbook.base.language import say
from playbook.base.settings import SegmentSettings


def not_set(settings: SegmentSettings, *names: str) -> tuple[str, ...]:
    """Those of the named settings of [segments] that the book leaves at their default."""
    return tuple(name for name in names if name not in settings.model_fields_set)


def illustration(unset: tuple[str, ...]) -> str:
    """A sentence that says what is an illustration and what to give; empty where all is set."""
    if not unset:
        return ""
    return say(
        "Illustration: nobody set {unset}; these are examples. Set them in"
        " [segments] to measure against your own.",
        unset=listing(list(unset), most=len(unset)),
    )
