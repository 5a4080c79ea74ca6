"""The language commands speak on the terminal, whatever language the books they open are in:
``--language`` before the command, else ``PLAYBOOK_LANGUAGE``, else the terminal's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from playbook.base import language as base

OPTION = "--language"
_spoken: str | None = None  # None: as the process speaks


def asked_before(arguments: Sequence[str]) -> str:
    """What ``--language`` before the command asks for; empty where it is not there.

    >>> asked_before(["--language", "zh", "report"]), asked_before(["report", "--language", "zh"])
    ('zh', '')
    """
    for i, argument in enumerate(arguments):
        if argument.startswith(f"{OPTION}="):
            return argument.partition("=")[2]
        if argument == OPTION:
            return next(iter(arguments[i + 1 :]), "")
        if not argument.startswith("-"):
            return ""
    return ""


def choose(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """The language of what the commands say; the first of the three ways that names one of ours."""
    for asked in (asked_before(arguments), environment.get(base.VARIABLE, "")):
        if asked in base.LANGUAGES:
            return asked
    return base.language_of_terminal(environment)


def speak_here(language: str | None) -> None:
    """From now on commands say what they say in ``language``; None: as the process speaks. Problems
    found before a book is opened are said in it too.
    """
    global _spoken
    _spoken = language
    if language is not None:
        base.use_language(language)


def spoken() -> str:
    """The language of the commands."""
    return base.language() if _spoken is None else _spoken


def say(text: str, /, *, context: str = "", **places: Any) -> str:
    """``base.language.say`` in the language of the terminal."""
    with base.speaking(spoken()):
        return base.say(text, context=context, **places)


def term(value: Any) -> str:
    """``base.language.term`` in the language of the terminal."""
    return say(str(value))


def plural(n: float, one: str, many: str = "") -> str:
    """``base.formats.plural`` in the language of the terminal."""
    with base.speaking(spoken()):
        return base.counted(n, one, many)


def joined(parts: Iterable[Any], by: str = ", ") -> str:
    """``base.formats.joined`` in the language of the terminal."""
    from playbook.base.formats import joined as joined_as_spoken

    with base.speaking(spoken()):
        return joined_as_spoken(parts, by)
