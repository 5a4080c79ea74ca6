"""What of a target's period has passed, who owns it, and whether its member is known."""

from __future__ import annotations

from playbook.base.errors import did_you_mean
from playbook.base.formats import is_missing
from playbook.base.language import say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures.targets import Target
from playbook.goals.actuals import Actuals
from playbook.goals.labels import LEFT, kind_label


def window_of(book: Book, target: Target) -> Window:
    """What of the target's period has passed."""
    return Window(
        target.window,
        target.period.first.start,
        min(target.period.last.end, book.as_of),
        book.settings.book.language,
    )


def unknown_member(target: Target, reached: Actuals) -> str:
    """Why a target can have no actual: its member is nowhere in orders or reps. Empty when all are
    known.
    """
    for key, member in target.members:
        known = reached.members(key)
        if known and member not in known:
            return say(
                "no {kind} '{member}' in orders or reps; {did_you_mean}",
                kind=kind_label(key.replace("_", " ")),
                member=member,
                did_you_mean=did_you_mean(member, known),
            )
    return ""


def owner_of(target: Target, reached: Actuals) -> str:
    """Owner as given, else the rep the target is for, by name; "(has left)" is added where so."""
    owner = target.owner or dict(target.members).get("rep", "")
    for rep in reached.people:
        if owner and owner in (rep["rep_id"], rep["name"]):
            name = owner if is_missing(rep["name"]) else rep["name"]
            return f"{name}{LEFT}" if not is_missing(rep["left"]) else name
    return owner
