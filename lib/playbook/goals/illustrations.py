"""Yardsticks that nobody set: examples, which no headline, action or verdict rests on."""

from __future__ import annotations

from playbook.base.language import say
from playbook.base.settings import GoalSettings


def is_set(settings: GoalSettings, name: str) -> bool:
    """Whether the book sets a yardstick of [goals] itself; its default is only an example."""
    return name in settings.model_fields_set


def example(text: str, settings: GoalSettings, name: str) -> str:
    """A yardstick in words, marked as an example where nobody set it."""
    return (
        text
        if is_set(settings, name)
        else say("example: {text} (nobody set [goals] {name})", text=text, name=name)
    )
