"""What was begun, decided and done in a week, from the small tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from playbook.base.formats import plural
from playbook.base.language import say
from playbook.data.book import Book

# What was begun in a week and what came of it: table, day, text, word before it
BEGUN = (
    ("key_results", "start", "objective", "objective"),
    ("strategies", "start", "strategy", "strategy"),
    ("tasks", "start", "task", "task"),
    ("meetings", "meeting_date", "action", "agreed"),
)
DONE = (
    ("strategies", "milestone_done", "milestone", "reached"),
    ("tasks", "finished", "item", "finished"),
    ("meetings", "done_on", "action", "done"),
)


def dated_events(book: Book, kinds: Sequence[tuple[str, str, str, str]]) -> list[tuple[date, str]]:
    """(day, what) of everything the small tables say began or was done, in order of day."""
    found: set[tuple[date, str]] = set()
    for name, day, text, word in kinds:
        if book.has(name, day, text):
            rows = book.table(name).select(day, text).collect().to_pandas().dropna()
            found |= {
                (pd.Timestamp(when).date(), say("{word}: {what}", word=word, what=what))
                for when, what in zip(rows[day], rows[text], strict=True)
            }
    return sorted(found)


def staff_changes(people: pd.DataFrame, end: date) -> list[str]:
    """How many joined and how many left in the week."""
    found = []
    for column, word in (("hired", "joined"), ("left", "left")):
        n = (
            int(
                people[column]
                .between(pd.Timestamp(end - timedelta(days=6)), pd.Timestamp(end))
                .sum()
            )
            if len(people)
            else 0
        )
        found += [f"{plural(n, 'person', 'people')} {word}"] if n else []
    return found


def within_week(dated: list[tuple[date, str]], end: date) -> list[str]:
    """Texts of the events dated in the week that ends on ``end``."""
    return [text for day, text in dated if end - timedelta(days=7) < day <= end]
