"""What was begun, decided and done in a week, from the small tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from playbook.base.formats import plural
from playbook.base.language import later, say
from playbook.data.book import Book

AGREED = later("agreed")
# What was begun in a week and what came of it: table, day, text, word before it
BEGUN = (
    ("key_results", "start", "objective", later("objective")),
    ("strategies", "start", "strategy", later("strategy")),
    ("tasks", "start", "task", later("task")),
    ("meetings", "meeting_date", "action", AGREED),
)
DONE = (
    ("strategies", "milestone_done", "milestone", later("reached")),
    ("tasks", "finished", "item", later("finished")),
    ("meetings", "done_on", "action", later("done")),
)


@dataclass(frozen=True)
class Event:
    """Something begun or done on a day: a word of ours and its name in the data."""

    day: date
    word: str
    what: str

    @property
    def text(self) -> str:
        """The event in the language of the page."""
        return say("{word}: {what}", word=say(self.word), what=self.what)


def dated_events(book: Book, kinds: Sequence[tuple[str, str, str, str]]) -> list[Event]:
    """Everything the small tables say began or was done, in order of day, word and name."""
    found: set[Event] = set()
    for name, day, text, word in kinds:
        if book.has(name, day, text):
            rows = book.table(name).select(day, text).collect().to_pandas().dropna()
            found |= {
                Event(pd.Timestamp(when).date(), word, str(what))
                for when, what in zip(rows[day], rows[text], strict=True)
            }
    return sorted(found, key=lambda one: (one.day, f"{one.word}: {one.what}"))


def staff_changes(people: pd.DataFrame, end: date) -> list[str]:
    """How many joined and how many left in the week."""
    found = []
    for column in ("hired", "left"):
        n = (
            int(
                people[column]
                .between(pd.Timestamp(end - timedelta(days=6)), pd.Timestamp(end))
                .sum()
            )
            if len(people)
            else 0
        )
        if not n:
            continue
        people_said = plural(n, "person", "people")
        found.append(
            say("{people} joined", people=people_said)
            if column == "hired"
            else say("{people} left", people=people_said)
        )
    return found


def within_week(dated: Sequence[Event], end: date) -> list[Event]:
    """The events dated in the week that ends on ``end``."""
    return [event for event in dated if end - timedelta(days=7) < event.day <= end]
