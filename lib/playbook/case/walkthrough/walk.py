"""The walk-through: week by week what was known on its last day, what the method said, what was
decided, what happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base.contracts import Frame, count, day, text
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, listing, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.people import reps as people_of
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.blocks import Cell

from .events import AGREED, BEGUN, DONE, dated_events, staff_changes, within_week
from .weeks import TRACKS, WEEKS_BEFORE, WeeklyTracks, tracks, week_ends
from .wording import known_that_day, method_says, signals_turned, weeks_later

WEEKS = 39
FEWEST_TRACKS = 3  # indicators a strip of pictures is drawn for
LATER = 13  # weeks after which the outcome is looked at
HEAD = (
    later("Week to"),
    later("Known that day"),
    later("The method said"),
    later("Decided or begun"),
    later("What happened that week"),
    later("Thirteen weeks later"),
)


class WalkWeeks(Frame):
    """One row per week in which something was known, the earliest first."""

    end = day("last day of the week")
    label = text("that day as text")
    known = text("the indicators as they stood on that day")
    said = text("which stood out of line, with what the method asks for")
    signal = text("keys of the indicators out of line, separated by spaces")
    turned = text("which came out of line in the week, and which came back; empty for none")
    decided = text("what was decided or begun in the week")
    happened = text("who joined or left, and what was finished")
    later = text("the indicators out of line as they stood thirteen weeks later")
    alarms = count("indicators out of line")
    begun = count("objectives, strategies and tasks begun")
    began = text("their names; empty for none")


@dataclass(frozen=True)
class WalkThrough(Result):
    """The weeks of a walk-through, and the indicators they were made from."""

    section: ClassVar[str] = "walk-through"
    weeks: Annotated[pd.DataFrame, WalkWeeks]
    tracks: Annotated[pd.DataFrame, WeeklyTracks]
    measures_from: date | None
    as_of: date
    fmt: Formats

    def figure(self) -> Figure | None:
        from playbook.case.figures.walk import strip

        if self.tracks.key.nunique() < FEWEST_TRACKS:
            return None  # a row or two tells less than the table
        return strip(
            self.weeks,
            self.tracks,
            {track.key: say(track.label) for track in TRACKS},
            self.fmt,
            measures_from=self.measures_from,
            as_of=self.as_of,
        )

    def tables(self) -> Sequence[Table]:
        from playbook.case.figures.player import PathLabel, pictures

        rows = tuple(
            tuple(Cell(text) for text in row)
            for row in self.weeks[
                ["label", "known", "said", "decided", "happened", "later"]
            ].itertuples(index=False)
        )
        note = say(
            "each week from rows dated up to its last day; rates and days look"
            " back 91 days, growth is against the same weekdays a year before;"
            " out of line: the whole 95 % interval on the wrong side of the 364"
            " days before, growth below nought, sales against plan below the"
            " amber line · as of {as_of}",
            as_of=self.fmt.text(self.as_of, "date"),
        )
        player = Table(
            say("Week by week"),
            tuple(say(head) for head in HEAD),
            rows,
            "llllll",
            note,
            stepped=True,
            folded=True,
            pictures=pictures(
                self.weeks,
                self.tracks,
                [PathLabel(track.key, say(track.label), track.unit) for track in TRACKS],
                self.fmt,
                weeks_before=WEEKS_BEFORE,
                measures_from=self.measures_from,
            ),
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
            title=say("Weeks in which something turned"),
            note=(
                say(
                    "{rows} of {weeks}: a signal came or went, or an objective, strategy"
                    " or task began · as of {as_of}",
                    rows=len(rows),
                    weeks=plural(len(self.weeks), "week"),
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
        )

    @property
    def unjudged(self) -> bool:
        """Whether no indicator of any week has a year before to be held against."""
        return bool(self.tracks.base[self.tracks.end.isin(self.weeks.end)].isna().all())

    def reading(self) -> str:
        loud = self.weeks[self.weeks.alarms > 0]
        if self.unjudged:
            return say(
                "In none of the {weeks} can an indicator be held against the year before: the data"
                " do not reach so far back.",
                weeks=plural(len(self.weeks), "week"),
            )
        if loud.empty:
            return say(
                "In none of the {weeks} did an indicator stand out of line.",
                weeks=plural(len(self.weeks), "week"),
            )
        worst = self.weeks.sort_values(
            ["alarms", "end"], ascending=[False, True], kind="stable"
        ).iloc[0]
        text = say(
            "In {n} of {weeks} an indicator stood out of line; most in the week"
            " to {label} ({indicators}).",
            n=len(loud),
            weeks=plural(len(self.weeks), "week"),
            label=worst.label,
            indicators=plural(int(worst.alarms), "indicator"),
        )
        if self.measures_from is not None:
            early = loud[loud.end < self.measures_from]
            text += (
                say(
                    " {n} of them lie before the measures began, the first in the week to {label}.",
                    n=len(early),
                    label=early.iloc[0].label,
                )
                if len(early)
                else say(" 0 of them lie before the measures began.")
            )
        return text

    def headline(self) -> str:
        loud = int((self.weeks.alarms > 0).sum())
        weeks, label = plural(len(self.weeks), "week"), self.weeks.label.iloc[-1]
        if self.unjudged:
            return say("Walk-through: {weeks} to {label}.", weeks=weeks, label=label)
        if not loud:
            return say(
                "Walk-through: {weeks} to {label}; none with an indicator out of line.",
                weeks=weeks,
                label=label,
            )
        return say(
            "Walk-through: {weeks} to {label}; {n} with an indicator out of line.",
            weeks=weeks,
            label=label,
            n=loud,
        )


@section("walk-through")
def walk(book: Book) -> WalkThrough:
    """The last 39 weeks, one step each: nine months. Nothing dated after a week's last day enters
    what was known and said of it.
    """
    every = week_ends(book.as_of, WEEKS + WEEKS_BEFORE)
    ends, found = every[WEEKS_BEFORE:], tracks(book, every)
    begun, done, people = dated_events(book, BEGUN), dated_events(book, DONE), people_of(book)
    rows: list[dict[str, Any]] = []
    before: set[str] = set()
    for i, end in enumerate(ends):
        known = found[found.end == end]
        if known.empty:
            continue
        alarms = known[known.alarm]
        later = found[found.end == ends[i + LATER]] if i + LATER < len(ends) else None
        new = within_week(begun, end)
        came = [
            *staff_changes(people, end),
            *(event.text for event in within_week(done, end)),
        ]
        started = [event.text for event in new if event.word != AGREED]
        rows.append(
            {
                "end": end,
                "label": book.fmt.text(end, "date"),
                "known": joined(
                    (known_that_day(r, book.fmt) for r in known.to_dict("records")), "; "
                ),
                "said": method_says(known, book.fmt),
                "signal": " ".join(alarms.key),
                "turned": signals_turned(known, before, book.fmt),
                "decided": listing([event.text for event in new], 5)
                if new
                else say("nothing recorded"),
                "happened": listing(came, 5) if came else say("nothing recorded"),
                "later": weeks_later(known, alarms, later, book.fmt),
                "alarms": len(alarms),
                "begun": len(started),
                "began": listing(started, 4) if started else "",
            }
        )
        before = set(alarms.key)
    if not rows:
        raise NotAvailable(
            {},
            say(
                "the last nine months week by week: what was known, what the method said, what came"
            ),
            say("has no indicator in any of the last 39 weeks"),
        )
    start = book.settings.case.measures_from
    return WalkThrough(
        WalkWeeks.make(rows),
        found,
        start if start is not None and start <= book.as_of else None,
        book.as_of,
        book.fmt,
    )
