"""Settings that name a member who is not there yet: its part waits, and the page says so."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from playbook.base.errors import Problem, SettingsProblem
from playbook.base.language import say


def waiting(named: Iterable[str], known: set[str], setting: str, kind: str) -> list[str]:
    """The names that are no member yet: they wait for the member's first row.

    setting: the key that names them; kind: what they are, in words. Raises SettingsProblem for a
    name that looks like a slip for a member nobody names.
    """
    names = list(named)
    unnamed = sorted(known - set(names))
    found = [name for name in names if name not in known]
    slips = [
        Problem(
            found=say("[goals.{setting}] names '{name}'", setting=setting, name=name),
            expected=say("a {kind} of the book, or one that is still to come", kind=kind),
            try_=say("did you mean '{close}'?", close=close[0]),
        )
        for name in found
        if (close := difflib.get_close_matches(name, unnamed, n=1, cutoff=0.6))
    ]
    if slips:
        raise SettingsProblem(slips)
    return found
