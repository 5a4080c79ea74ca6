"""Waiting for sources that come late, up to a limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from playbook.base.errors import Problem
from playbook.base.formats import joined, plural
from playbook.base.language import say
from playbook.base.months import Month

EVERY = 300.0  # [s] between two looks at the sources


@dataclass(frozen=True)
class Late:
    """A table that does not reach the month's end. last: its last day; None = it cannot be read at
    all, with the reason.
    """

    table: str
    last: date | None
    reason: str = ""

    def __str__(self) -> str:
        if self.last is None:
            return f"{self.table} {self.reason or 'has no day'}"
        return say("{table} ends {day}", table=self.table, day=self.last.isoformat())


@dataclass(frozen=True)
class Waited:
    """How the waiting ended: seconds it took, and what was still late at the limit."""

    seconds: float
    late: tuple[Late, ...]

    @property
    def arrived(self) -> bool:
        return not self.late


def closed_month(day: date) -> Month:
    """The last month that is over on a day: on 2023-10-01 it is 2023-09."""
    return Month.of(day) - 1


def wait(
    look: Callable[[], Sequence[Late]],
    limit: float,
    *,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    say: Callable[[Sequence[Late], float], None],
    every: float = EVERY,
) -> Waited:
    """Look at the sources until nothing is late or ``limit`` seconds are over, once at least.

    say: called with what is late and the seconds waited, whenever that list has changed.
    """
    began = clock()
    said: list[str] | None = None
    while True:
        late = tuple(look())
        waited = (clock() - began).total_seconds()
        if not late or waited >= limit:
            return Waited(waited, late)
        if (now := [str(one) for one in late]) != said:
            say(late, waited)
            said = now
        sleep(min(every, limit - waited))


def too_late(month: Month, waited: Waited) -> Problem:
    """What is said when the limit is over."""
    names = joined(str(one) for one in waited.late)
    return Problem(
        found=say(
            "{sources} not up to the end of {month} after {span}: {names}",
            sources=plural(len(waited.late), "source"),
            month=month,
            span=span_text(waited.seconds),
            names=names,
        ),
        expected=say(
            "days up to {day}, or up to the last working day before",
            day=month.end.isoformat(),
        ),
        try_=say(
            "--month {month} runs it on what is there; a longer --wait; covers"
            " in [book] where nothing happened on the last days",
            month=month,
        ),
    )


def waited_in_vain(book: str, month: Month, waited: Waited) -> Problem:
    """What is said of one book of a batch that is left out."""
    mine = tuple(
        Late(one.table.removeprefix(f"{book}: "), one.last, one.reason)
        for one in waited.late
        if one.table.startswith(f"{book}: ")
    )
    return replace(too_late(month, Waited(waited.seconds, mine)), file=book)


def span_text(seconds: float) -> str:
    """Seconds as people write them: ``6 h``, ``1 h 30 min``, ``45 s``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        *([say("{n} h", n=hours)] if hours else []),
        *([say("{n} min", n=minutes)] if minutes else []),
        *([say("{n} s", n=rest)] if rest and not hours and not minutes else []),
    ]
    return joined(parts, " ") or say("{n} s", n=0)
