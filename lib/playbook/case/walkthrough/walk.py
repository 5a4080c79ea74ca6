"""The walk-through: week by week what was known on its last day, what the method said, what was
decided, what happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import pandas as pd

from playbook.base.formats import Formats, listing, plural
from playbook.case.actions import MEASURES
from playbook.data.book import Book
from playbook.data.measures.people import reps as people_of
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.blocks import Cell

from .weeks import BEFORE, BY_KEY, TRACKS, told, tracks, week_ends

WEEKS = 39
FEWEST = 3  # indicators a strip of pictures is drawn for
LATER = 13  # weeks after which the outcome is looked at
HEAD = (
    "Week to",
    "Known that day",
    "The method said",
    "Decided or begun",
    "What happened that week",
    "Thirteen weeks later",
)
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


@dataclass(frozen=True)
class Walk(Result):
    """weeks: end, label, known, said, decided, happened, later (texts made from the tables), alarms
    [count]. tracks: as ``weeks.tracks`` gives them.
    """

    section: ClassVar[str] = "walk-through"
    weeks: pd.DataFrame
    tracks: pd.DataFrame
    measures_from: date | None
    as_of: date
    fmt: Formats

    def figure(self) -> Figure | None:
        from playbook.case.figures.walk import strip

        return (
            strip(self) if len(self.weeks) and self.tracks.key.nunique() >= FEWEST else None
        )  # a row or two tells less than the table

    def tables(self) -> Sequence[Table]:
        if self.weeks.empty:
            return []
        from .pictures import pictures

        rows = tuple(
            tuple(Cell(text) for text in row)
            for row in self.weeks[
                ["label", "known", "said", "decided", "happened", "later"]
            ].itertuples(index=False)
        )
        note = (
            "each week from rows dated up to its last day; rates and days look back 91 days,"
            " growth is against the same weekdays a year before; out of line: the whole 95 %"
            " interval on the wrong side of the 364 days before, sales against plan below the"
            f" amber line · as of {self.fmt.text(self.as_of, 'date')}"
        )
        player = Table(
            "Week by week",
            HEAD,
            rows,
            "llllll",
            note,
            stepped=True,
            folded=True,
            pictures=pictures(self),
        )
        return [t for t in (player, self._turns()) if t.rows]

    def _turns(self) -> Table:
        """The weeks in which an indicator came out of line or back, or something began."""
        rows = self.weeks[(self.weeks.turned != "") | (self.weeks.begun > 0)]
        rows = rows.assign(turned=rows.turned.replace("", "–"), began=rows.began.replace("", "–"))
        return table(
            rows,
            [
                Col("label", label="Week to"),
                Col("turned", label="What turned", weight=2.4),
                Col("alarms", "count", "Out of line"),
                Col("began", label="Begun", weight=2),
            ],
            self.fmt,
            title="Weeks in which something turned",
            note=(
                f"{len(rows)} of {plural(len(self.weeks), 'week')}: a signal came or went, or an"
                f" objective, strategy or task began · as of {self.fmt.text(self.as_of, 'date')}"
            ),
        )

    def reading(self) -> str:
        if self.weeks.empty:
            return ""
        loud = self.weeks[self.weeks.alarms > 0]
        if loud.empty:
            return (
                f"In none of the {plural(len(self.weeks), 'week')} did an indicator stand out of"
                " line."
            )
        worst = self.weeks.sort_values(
            ["alarms", "end"], ascending=[False, True], kind="stable"
        ).iloc[0]
        text = (
            f"In {len(loud)} of {plural(len(self.weeks), 'week')} an indicator stood out of line;"
            f" most in the week to {worst.label} ({plural(int(worst.alarms), 'indicator')})."
        )
        if self.measures_from is not None:
            early = loud[loud.end < self.measures_from]
            text += f" {len(early)} of them lie before the measures began" + (
                f", the first in the week to {early.iloc[0].label}." if len(early) else "."
            )
        return text

    def headline(self) -> str:
        if self.weeks.empty:
            return ""
        return (
            f"Walk-through: {plural(len(self.weeks), 'week')} to {self.weeks.label.iloc[-1]}; in"
            f" {int((self.weeks.alarms > 0).sum())} an indicator stood out of line."
        )


@section("walk-through")
def walk(book: Book) -> Walk:
    """The last 39 weeks, one step each: nine months. Nothing dated after a week's last day enters
    what was known and said of it.
    """
    every = week_ends(book.as_of, WEEKS + BEFORE)
    ends, found = every[BEFORE:], tracks(book, every)
    begun, done, people = _dated(book, BEGUN), _dated(book, DONE), people_of(book)
    rows: list[dict] = []
    before: set[str] = set()
    for i, end in enumerate(ends):
        known = found[found.end == end]
        if known.empty:
            continue
        alarms = known[known.alarm]
        later = found[found.end == ends[i + LATER]] if i + LATER < len(ends) else None
        new = _within(begun, end)
        started = [text for text in new if not text.startswith("agreed")]
        rows.append(
            {
                "end": end,
                "label": book.fmt.text(end, "date"),
                "known": "; ".join(told(r, book.fmt) for r in known.to_dict("records")),
                "said": _said(alarms, book.fmt),
                "signal": " ".join(alarms.key),
                "turned": _turned(known, before, book.fmt),
                "decided": listing(new, 5) if new else "nothing recorded",
                "happened": (
                    listing([*_people(people, end), *_within(done, end)], 5)
                    if _people(people, end) or _within(done, end)
                    else "nothing recorded"
                ),
                "later": _later(known, alarms, later, book.fmt),
                "alarms": len(alarms),
                "begun": len(started),
                "began": listing(started, 4) if started else "",
            }
        )
        before = set(alarms.key)
    start = book.settings.case.measures_from
    frame = pd.DataFrame(
        rows,
        columns=[
            "end",
            "label",
            "known",
            "said",
            "signal",
            "turned",
            "decided",
            "happened",
            "later",
            "alarms",
            "begun",
            "began",
        ],
    )
    return Walk(
        frame,
        found,
        start if start is not None and start <= book.as_of else None,
        book.as_of,
        book.fmt,
    )


def _signal(r, fmt: Formats) -> str:
    track = BY_KEY[r.key]
    against = (
        "of plan"
        if r.key == "pace"
        else (
            ""
            if r.key == "growth"
            else f"against {fmt.text(r.base, track.unit, decimals=0)} in the year before"
        )
    )
    return f"{track.label} {fmt.text(r.value, track.unit, decimals=0)} {against}".strip()


def _turned(known: pd.DataFrame, before: set[str], fmt: Formats) -> str:
    """Indicators that came out of line in the week, and those back in it."""
    out = [_signal(r, fmt) for r in known.itertuples() if r.alarm and r.key not in before]
    back = [
        f"{BY_KEY[r.key].label} {fmt.text(r.value, BY_KEY[r.key].unit, decimals=0)}"
        for r in known.itertuples()
        if not r.alarm and r.key in before
    ]
    return "; ".join(
        filter(
            None,
            (
                "out of line: " + ", ".join(out) if out else "",
                "back: " + ", ".join(back) if back else "",
            ),
        )
    )


def _said(alarms: pd.DataFrame, fmt: Formats) -> str:
    """Each indicator out of line with what the playbook asks for."""
    if alarms.empty:
        return "Nothing out of line."
    parts = []
    for r in alarms.itertuples():
        advice = MEASURES.get("growth" if r.key == "pace" else r.key)
        parts.append(
            _signal(r, fmt)
            + (f": {advice[0][:1].lower()}{advice[0][1:]} ({advice[1]})." if advice else ".")
        )
    return " ".join(parts)


def _later(
    known: pd.DataFrame, alarms: pd.DataFrame, later: pd.DataFrame | None, fmt: Formats
) -> str:
    """The indicators out of line (else growth) thirteen weeks on."""
    if later is None:
        return "not over yet"
    keys = (
        alarms.key.tolist()
        or [key for key in ("growth", "match", "cycle") if key in set(known.key)][:1]
    )
    after = later.set_index("key")
    return (
        "; ".join(
            f"{BY_KEY[key].label[:1].lower()}{BY_KEY[key].label[1:]}"
            f" {fmt.text(after.value[key], BY_KEY[key].unit, decimals=0)}"
            for key in keys
            if key in after.index
        )
        or "–"
    )


def _dated(book: Book, kinds: Sequence[tuple[str, str, str, str]]) -> list[tuple[date, str]]:
    """(day, what) of everything the small tables say began or was done, in order of day."""
    found: set[tuple[date, str]] = set()
    for name, day, text, word in kinds:
        if book.has(name, day, text):
            rows = book.table(name).select(day, text).collect().to_pandas().dropna()
            found |= {
                (pd.Timestamp(when).date(), f"{word}: {what}")
                for when, what in zip(rows[day], rows[text], strict=True)
            }
    return sorted(found)


def _people(people: pd.DataFrame, end: date) -> list[str]:
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


def _within(dated: list[tuple[date, str]], end: date) -> list[str]:
    return [text for day, text in dated if end - timedelta(days=7) < day <= end]


__all__ = ["TRACKS", "Walk", "walk"]
