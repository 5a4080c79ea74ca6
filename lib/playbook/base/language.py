"""The language texts are said in. English stands in the code; other languages come from catalogues
(``playbook/locale``, GNU gettext), which ``make messages`` keeps.

A text is a whole message with named places: ``say("{won} of {all} deals were won", won=…, all=…)``.
Texts written before the language is known (constants of modules and classes) are marked with
``later`` and said where they are shown. English costs nothing: no catalogue is read or asked.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeVar, overload

from .agreement import filled

T = TypeVar("T")

LANGUAGES: Final = ("en", "zh")
VARIABLE: Final = "PLAYBOOK_LANGUAGE"  # a run in another language than its book's
CATALOGUES: Final = Path(__file__).resolve().parent.parent / "locale"
ENGLISH_ONLY: Final = "en_"  # places of English grammar (is/are), which other languages leave out


class Said(str):
    """A text in another language that remembers its English: what is numbered or told apart by its
    words (``english``) is so in every language.
    """

    __slots__ = ("_english",)
    _english: str | Callable[[], str]

    def __new__(cls, text: str, english: str | Callable[[], str]) -> Said:
        """english: the text, or what gives it when it is asked for."""
        made = super().__new__(cls, text)
        made._english = english
        return made

    @property
    def english(self) -> str:
        """What the same text is in English."""
        if not isinstance(self._english, str):
            with speaking("en"):
                self._english = self._english()
        return self._english

    def __reduce__(self) -> tuple[type[Said], tuple[str, str]]:
        return Said, (str(self), self.english)


class Words:
    """The catalogues of one language, asked as one."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogues = [_read(path) for path in _files(language)]
        self._found: dict[tuple[str, str, str], str] = {}

    def find(self, text: str, context: str = "", many: str = "") -> str:
        """The translation of a message; ``text`` itself where there is none."""
        key = (text, context, many)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look(*key)
        return found

    def _look(self, text: str, context: str, many: str) -> str:
        if not text:  # gettext's name for the header
            return text
        for each in self._catalogues:
            if many:
                found = each.ngettext(text, many, 2)
                if found != many:
                    return found
            else:
                found = each.pgettext(context, text) if context else each.gettext(text)
                if found != text:
                    return found
        return many or text


class _Following:
    """Stands where no language is held: the process's own applies."""


_FOLLOWING = _Following()
_process: Words | None = None
_held: ContextVar[Words | _Following | None] = ContextVar("language", default=_FOLLOWING)


def _files(language: str) -> list[Path]:
    return sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.mo"))


def _read(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


@cache
def _words_of(language: str) -> Words | None:
    return None if language == "en" else Words(language)


def known(language: str) -> str:
    """``zh_CN.UTF-8`` → ``zh``; English where the language is none of ours.

    >>> known("zh-Hans"), known("C"), known("en_GB.UTF-8")
    ('zh', 'en', 'en')
    """
    short = language.replace("-", "_").split("_")[0].split(".")[0].lower()
    return short if short in LANGUAGES else "en"


def use_language(language: str) -> None:
    """From now on the process speaks ``language``; opening a book calls this with the book's."""
    global _process
    _process = _words_of(known(language))


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Texts inside are said in ``language``, whatever the process speaks; None: in the process's
    own again.
    """
    token = _held.set(_FOLLOWING if language is None else _words_of(known(language)))
    try:
        yield
    finally:
        _held.reset(token)


def _words() -> Words | None:
    held = _held.get()
    return _process if isinstance(held, _Following) else held


def language() -> str:
    """The language spoken here: ``en`` or ``zh``."""
    words = _words()
    return "en" if words is None else words.language


def language_of_run(of_book: str) -> str:
    """The language a run was asked for (``--language``), else the book's own."""
    asked = os.environ.get(VARIABLE, "")
    return asked if asked in LANGUAGES else of_book


def language_of_terminal(environment: Mapping[str, str] = os.environ) -> str:
    """What the terminal speaks, by the variables that say so, first one set first."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return known(environment[name])
    return "en"


def say(text: str, /, *, context: str = "", **places: Any) -> str:
    """The message in the language spoken, its named places filled as ``str.format`` does.

    text: the English message: a literal, or a constant marked with ``later``. context: tells apart
    two meanings of one English text. Places keep their format (``{share:.1f}``); braces in a value
    are safe. Places that begin with ``en_`` carry English grammar only.
    """
    words = _words()
    if words is None:
        return filled(text, places) if places else text
    if isinstance(text, Said) and not places:  # said before
        return text
    found = words.find(text, context)
    if found is text and not places:
        return text
    if not places:
        return Said(found, text)
    return Said(found.format(**places), partial(_in_english, text, places))


def _in_english(text: str, places: Mapping[str, Any]) -> str:
    return filled(text, {name: english(value) for name, value in places.items()})


def term(value: Any) -> str:
    """The word for a constant of ours that a variable holds (a state, a segment, a stage of
    attention); any other text stays as it is. Never for names from data.
    """
    return say(str(value))


def named(value: Any) -> str:
    """A name of the data as it stands; what we say in place of one (``STAND_INS``) in the language
    spoken.
    """
    text = str(value)
    if text in STAND_INS:
        return say(text)
    if text.startswith(FORMER) and text.endswith(")"):  # whose rep has left
        return say("to assign (was {name})", name=text.removeprefix(FORMER)[:-1])
    if text.endswith(AGAIN):
        return say("{name}→repurchase", name=text.removesuffix(AGAIN))
    if text.endswith(MARGINAL):
        return say("{name} (marginal)", name=text.removesuffix(MARGINAL))
    if text.endswith(WHOLE_AMOUNT):
        return say("{name} (whole-amount)", name=text.removesuffix(WHOLE_AMOUNT))
    return text


def counted(n: float, one: str, many: str = "") -> str:
    """``1 deal``, ``2 deals``, ``2单``: a number with its noun, or with its measure word."""
    many = many or one + "s"
    words, size = _words(), f"{n:,}"
    text = f"{size} {one if n == 1 else many}"
    if words is None:
        return text
    found = words.find("{n} " + one, many="{n} " + many)
    return Said(found.format(n=size), text)


@overload
def later(text: str, /, *, context: str = "") -> str: ...
@overload
def later(text: T, /, *, context: str = "") -> T: ...
def later(text: Any, /, *, context: str = "") -> Any:
    """Marks a constant, or the values of a literal dict, list or tuple, for translation; gives it
    back as it is. It is said where it is shown: ``say(NAME)``, ``term(value)``, a ``Col``'s label.
    """
    return text


def nouns(one: str, many: str = "") -> tuple[str, str]:
    """Marks a noun that ``counted`` gets from a variable: ``counted(n, *nouns("deal"))``."""
    return one, many or one + "s"


def english(text: T) -> T:
    """The English of a text that was said; anything else as it is."""
    return text.english if isinstance(text, Said) else text  # type: ignore[return-value]


FORMER: Final = "to assign (was "
AGAIN: Final = "→repurchase"  # ends the name of the step from a first order to the next
# End the name of a plan that is another one paid the other way.
MARGINAL: Final = " (marginal)"
WHOLE_AMOUNT: Final = " (whole-amount)"
# What stands where the data has no name, or for all of them.
STAND_INS: Final = later(
    (
        "All",
        "all",
        "Other",
        "other",
        "others",
        "unknown",
        "not known",
        "none",
        "to assign",
        "Total",
        "new or back",
        "no customer named",
        "customers of the year before",
        "no order this year",
        "nobody named",
        "agree in the meeting",
        "not named",
        "Whole book",
        "none on record",
        "no reason given",
        "not given",
        "not split by target",
        "Illustration (marginal)",
        "Illustration (whole-amount)",
    )
)
